"""What can happen to an item, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core.model import Kind, State

if TYPE_CHECKING:
    from plantrack.core.model import Node, Plan


class ChangeKind(StrEnum):
    """What happened."""

    ADDED = "added"
    TICKED = "ticked"
    UNTICKED = "unticked"
    MARKED = "marked"  # in progress, dropped, back to todo, or its optional star
    EXPANDED = "expanded"  # it got its first steps
    COLLAPSED = "collapsed"  # it lost its last step
    REWORDED = "reworded"
    MOVED = "moved"  # under another parent, or past its siblings
    REMOVED = "removed"


class Reason(StrEnum):
    """Why or how, where the kind alone does not say it."""

    NONE = ""
    OPEN = "open"  # added as work to do
    ARRIVED_DONE = "arrived done"  # added with its box ticked
    RESTORED = "restored"  # added again after it was gone
    SPLIT = "split"  # added as a part of another item
    DERIVED = "derived"  # a heading, by its leaves
    CUT = "cut"  # taken out of a living plan
    FINALISED = "finalised"  # its document became a stub, or its Status says the work is over
    REWRITTEN = "rewritten"  # the whole plan was replaced
    DOCUMENT_REMOVED = "document removed"


class Facet(NamedTuple):
    """How an item looks in one version of its document."""

    kind: Kind
    line: int  # 1-based
    label: str
    text: str
    state: State
    optional: bool
    leaf: bool  # a box with no box inside
    box: bool  # it has a box of its own; False: a heading
    parent: str  # id, "" outermost

    @property
    def wording(self) -> str:
        """Give the text without its label."""
        _, found, rest = self.text.partition(self.label) if self.label else ("", "", "")
        return rest if found else self.text


class Weight(NamedTuple):
    """What something adds to the day series of one unit."""

    scope: int = 0
    done: int = 0
    dropped: int = 0

    def __add__(self, other: Weight) -> Weight:  # type: ignore[override]
        """Add level by level."""
        return Weight(self[0] + other[0], self[1] + other[1], self[2] + other[2])

    def __sub__(self, other: Weight) -> Weight:
        """Subtract level by level."""
        return Weight(self[0] - other[0], self[1] - other[1], self[2] - other[2])


NOTHING = Weight()


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one item between two versions of its document."""

    kind: ChangeKind
    reason: Reason
    item: str  # full id
    before: Facet | None  # None: it was not there
    after: Facet | None  # None: it is gone
    leaves: Weight  # what it does to the series of leaves
    milestones: Weight  # what it does to the series of milestones
    origin: str = ""  # id of the item it was split from


@dataclass(frozen=True, slots=True)
class Gone:
    """An item that is not in its document any more, and what it left in the series."""

    item: str  # full id
    facet: Facet  # as it was last seen
    leaves: Weight
    milestones: Weight


@dataclass(frozen=True, slots=True)
class Tracked:
    """One version of a document whose items are known."""

    plan: Plan
    ids: tuple[str, ...]  # aligned with plan.walk()


def facet_of(node: Node, parent: str) -> Facet:
    """Look at a node that stands under the item with the id `parent`; "": outermost."""
    box = node.mark is not None
    leaf = box and not node.children
    said = node.kind, node.line, node.label, node.text, node.state, node.optional
    return Facet(*said, leaf, box, parent)


def weigh_leaf(facet: Facet) -> Weight:
    """Weigh an item as a leaf: open optional ones and parents weigh nothing."""
    return _weigh(facet) if facet.leaf else NOTHING


def weigh_milestone(facet: Facet) -> Weight:
    """Weigh an item as a milestone."""
    return _weigh(facet) if facet.kind is Kind.MILESTONE else NOTHING


def residue(weight: Weight) -> Weight:
    """Return what stays of a weight when its item is gone but was not cut: open becomes dropped."""
    return Weight(weight.scope, weight.done, weight.scope - weight.done)


def left_behind(facet: Facet, reason: Reason) -> tuple[Weight, Weight]:
    """Tell what an item that is gone has left in the series of leaves and of milestones."""
    if reason is Reason.CUT:
        return NOTHING, NOTHING
    return residue(weigh_leaf(facet)), residue(weigh_milestone(facet))


_OPEN, _DONE, _DROPPED = Weight(1, 0, 0), Weight(1, 1, 0), Weight(1, 0, 1)


def _weigh(facet: Facet) -> Weight:
    if facet.state is State.DONE:
        return _DONE
    if facet.state is State.DROPPED:
        return _DROPPED
    return NOTHING if facet.optional else _OPEN
