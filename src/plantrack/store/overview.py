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

    Gather = Callable[[str, str, tuple[object, ...]], list[tuple[Any, ...]]]

FIRST_S, LAST_S = -62_135_596_800, 253_402_300_799  # the years 1 to 9999


def overview(gather: Gather, top: str) -> tuple[tuple[Any, ...], ...]:
    """Give the columns of an OverviewRow, with every document in them, by path."""
    rows = gather(
        f"""
        path, family, action,
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
        CASE WHEN last_change BETWEEN {FIRST_S:d} AND {LAST_S:d} THEN last_change END,
        planned, duplicate_of
        """,
        """
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
        """,
        (to_text(top),),
    )
    rows.sort()  # by path, as SQLite does: UTF-8 sorts as its characters do
    found = tuple(zip(*rows, strict=True)) or ((),) * len(OverviewRow.__annotations__)
    paths, *others, shown = found
    # Names that are no UTF-8 are rare: looking for one is cheaper than reading each.
    if ESCAPED in "".join([*paths, *filter(None, shown)]):
        paths = tuple(map(from_text, paths))
        shown = tuple(one and from_text(one) for one in shown)
    return (paths, *others, shown)
