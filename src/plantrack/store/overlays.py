"""What a work tree has against its line into the tables, inside the caller's transaction."""

# Theory of operation
#
# 1. The overlay is no history: each recording replaces it, so that a branch switch, a stash or a
#    discarded edit leaves nothing behind.
# 2. What the work tree had first, and when, is kept for as long as it has it. While git is in the
#    middle of something, nothing is noted and nothing is dropped.
# 3. Outside git there is no line but the log of what each look found. It goes on here.

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plantrack.store import lines
from plantrack.store.contents import storable
from plantrack.store.listing import to_text
from plantrack.store.trouble import Overtaken

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from plantrack.core.change import Change, Facet
    from plantrack.store.chronicle import Overlay, OverlayStep

    Fields = tuple[Any, ...]

_NO_FACET: Fields = (None,) * 9
_INSERT = "INSERT INTO overlay VALUES (" + ", ".join("?" * 34) + ")"


def record(connection: sqlite3.Connection, top: str, worktree: int, overlay: Overlay) -> None:
    """Replace the overlay of a worktree, and go on with its log.

    Raises Overtaken when the line moved since the work tree was compared with it.
    """
    line = lines.current(connection, top)
    if (line.moves if line else 0) != (overlay.line.moves if overlay.line else 0):
        raise Overtaken(
            f"the history of {top} was brought up to date by another process; nothing was recorded",
            "run the command again",
        )
    if overlay.log is not None:
        lines.extend(connection, top, overlay.log, overlay.revisions, overlay.zone)
    connection.execute("DELETE FROM overlay WHERE worktree = ?", (worktree,))
    rows = list(_rows(worktree, overlay.steps))
    connection.executemany(_INSERT, rows)
    if overlay.is_calm:
        _look(connection, worktree, overlay.now)
    connection.executemany(
        "DELETE FROM named WHERE worktree = ? AND path = ?",
        [(worktree, to_text(path)) for path, _ in overlay.named],
    )
    connection.executemany(
        "INSERT INTO named (worktree, path, layout) VALUES (?, ?, ?)",
        [(worktree, to_text(path), layout) for path, layout in overlay.named if layout is not None],
    )


def _look(connection: sqlite3.Connection, worktree: int, now: int) -> None:
    """Note the states that are new to the overlay, and drop those that are not in it any more."""
    connection.execute(
        """
        DELETE FROM sighting
        WHERE worktree = ?1
            AND NOT EXISTS (
                SELECT 1
                FROM overlay
                WHERE worktree = ?1
                    AND overlay.item = sighting.item
                    AND state_after = sighting.state
                    AND state_before IS NOT state_after
            )
        """,
        (worktree,),
    )
    connection.execute(
        """
        INSERT OR IGNORE INTO sighting (worktree, item, state, seen)
        SELECT worktree, item, state_after, ?2
        FROM overlay
        WHERE worktree = ?1 AND state_after IS NOT NULL AND state_before IS NOT state_after
        """,
        (worktree, now),
    )


def _rows(worktree: int, steps: Iterable[OverlayStep]) -> Iterator[Fields]:
    place = 0
    for one in steps:
        document = one.step.document
        before = one.step.path_before
        for change in one.step.changes:
            yield storable((
                worktree, place, document.id, to_text(document.path),
                None if before is None else to_text(before), one.time, *_change(change),
            ))  # fmt: skip
            place += 1


def _change(change: Change) -> Fields:
    return (
        change.item,
        change.kind.value,
        change.reason.value,
        *_facet(change.before),
        *_facet(change.after),
        *change.leaves,
        *change.milestones,
        change.origin,
    )


def _facet(facet: Facet | None) -> Fields:
    if facet is None:
        return _NO_FACET
    return (
        facet.line,
        facet.kind.value,
        facet.label,
        facet.text,
        facet.state.value,
        int(facet.optional),
        int(facet.leaf),
        int(facet.box),
        facet.parent,
    )
