"""A revision to how a line that ends there differs from the one a worktree is on."""

# Theory of operation
#
# 1. A line is one chain of revisions, so two of them differ from where they part. What lies beyond
#    is taken off, and put on.
# 2. What a revision counts for depends on its whole line. Where the end of a line contradicts what
#    earlier ones count for, these are taken off as well, and put on once more.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.clocks import EARLIEST_S, clocks, fit

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    Placed = tuple[int, int, int]  # serial of a revision, its depth, its time or clock


def part(
    connection: sqlite3.Connection, worktree: int, revision: int | None
) -> tuple[int, list[Placed]]:
    """Find the depth where the lines part, and what lies beyond it with its time, in order."""
    entered: list[Placed] = []
    while revision is not None:
        ((parent, depth, time),) = connection.execute(
            "SELECT parent, depth, time FROM revision WHERE serial = ?", (revision,)
        ).fetchall()
        known = connection.execute(
            "SELECT 1 FROM line_revision WHERE worktree = ? AND depth = ? AND revision = ?",
            (worktree, depth, revision),
        ).fetchall()
        if known:
            return depth, entered[::-1]
        entered.append((revision, depth, time))
        revision = parent
    return -1, entered[::-1]


def clocked(
    connection: sqlite3.Connection, worktree: int, common: int, entered: Sequence[Placed]
) -> tuple[int, Sequence[Placed]]:
    """Find the depth up to which all count for what they did, and what lies beyond with clocks.

    The line is kept up to the depth `common`, and goes on with `entered`.
    """
    ((last, end),) = connection.execute(
        """
        SELECT coalesce(max(CASE WHEN depth = ?2 THEN clock END), ?3), max(depth)
        FROM line_revision
        WHERE worktree = ?1 AND depth >= ?2
        """,
        (worktree, common, EARLIEST_S),
    ).fetchall()
    times = [time for _, _, time in entered]
    if end in (None, common) and fit(last, times):
        return common, entered
    kept = connection.execute(
        """
        SELECT serial, line_revision.depth, time, clock
        FROM line_revision JOIN revision ON revision.serial = line_revision.revision
        WHERE worktree = ? AND line_revision.depth <= ?
        ORDER BY line_revision.depth
        """,
        (worktree, common),
    ).fetchall()
    found = clocks([*(time for _, _, time, _ in kept), *times])
    changed = (at for at, (*_, clock) in enumerate(kept) if found[at] != clock)
    at = next(changed, len(kept))
    placed = [(serial, depth) for serial, depth, *_ in (*kept, *entered)]
    depth = placed[at][1] - 1 if at < len(kept) else common
    return depth, [(*one, clock) for one, clock in zip(placed[at:], found[at:], strict=True)]
