"""A worktree to as little of each document as a row of a table shows."""

# Theory of operation
#
# 1. Who is shown a row wants one thing of a pointer, which depends on what it asks for. The
#    statement chooses it, so that long texts nobody shows are never made into strings.
# 2. Moments that no calendar has, as a hostile commit may claim, are as good as not known.

from __future__ import annotations

from plantrack.store.listing import ESCAPED, from_text, to_text
from plantrack.store.rows import OverviewRow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]

FIRST_S, LAST_S = -62_135_596_800, 253_402_300_799  # the years 1 to 9999


def overview(read: Read, top: str) -> tuple[OverviewRow, ...]:
    """Give every document, by path."""
    rows = read(
        """
        SELECT path, family, action,
            CASE WHEN milestone_item IS NULL THEN '' ELSE milestone_label END,
            CASE
                WHEN action = 'none' THEN reason
                WHEN action = 'finish' THEN status_text
                WHEN milestone_item IS NULL THEN text
                ELSE milestone_title
            END,
            leaves_done, leaves_total, leaves_dropped,
            milestones_done, milestones_total, milestones_dropped,
            unboxed, optional_open, frozen, has_checklist, boxes_outside, left_behind,
            CASE WHEN last_change BETWEEN ? AND ? THEN last_change END,
            planned, duplicate_of
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
        ORDER BY path
        """,
        (FIRST_S, LAST_S, to_text(top)),
    )
    # Names that are no UTF-8 are rare, and stand together.
    if any(row[0].startswith(ESCAPED) or (row[-1] or "").startswith(ESCAPED) for row in rows):
        rows = [(from_text(row[0]), *row[1:-1], row[-1] and from_text(row[-1])) for row in rows]
    return tuple(map(OverviewRow, rows))
