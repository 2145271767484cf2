"""Rows of changes to values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plantrack.core.change import Change, ChangeKind, Facet, Reason, Weight
from plantrack.core.model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Sequence

SIDES = """
    change.line_{side}, change.kind_{side}, {side}.label, {side}.text, change.state_{side},
    change.optional_{side}, change.leaf_{side}, change.box_{side},
    (SELECT id FROM piece WHERE serial = change.parent_{side})
    """
CHANGE = f"""
    piece.id, change.kind, change.reason, {SIDES.format(side="before")},
    {SIDES.format(side="after")}, leaves_scope, leaves_done, leaves_dropped,
    milestones_scope, milestones_done, milestones_dropped,
    (SELECT id FROM piece WHERE serial = change.origin)
    """
WORDED = """
    JOIN piece ON piece.serial = change.piece
    LEFT JOIN wording AS before ON before.serial = change.wording_before
    LEFT JOIN wording AS after ON after.serial = change.wording_after
    """
REVISION = """
    revision.commit_id, revision.depth, revision.time, revision.author_time, line_revision.clock,
    revision.author, revision.subject
    """
REVISION_FIELDS = 7
_FACET_FIELDS = 9


def to_change(fields: Sequence[Any]) -> Change:
    """Read the columns of CHANGE, or those of an overlay in their order."""
    item, kind, reason, *rest = fields
    before, rest = rest[:_FACET_FIELDS], rest[_FACET_FIELDS:]
    after, rest = rest[:_FACET_FIELDS], rest[_FACET_FIELDS:]
    *weights, origin = rest
    return Change(
        ChangeKind(kind),
        Reason(reason),
        item,
        _to_facet(before),
        _to_facet(after),
        Weight(*weights[:3]),
        Weight(*weights[3:]),
        origin or "",
    )


def _to_facet(fields: Sequence[Any]) -> Facet | None:
    line, kind, label, text, state, optional, leaf, box, parent = fields
    if state is None:
        return None
    flags = bool(optional), bool(leaf), bool(box)
    return Facet(Kind(kind), line, label, text, State(state), *flags, parent or "")
