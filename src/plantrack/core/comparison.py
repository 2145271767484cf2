"""Two versions of a document whose items are known to what differs, item by item."""

# Theory of operation
#
# 1. Which items are the same was decided before: here an id is an identity. What happened on the
#    way from one version to the other comes in as changes, in order; it tells why an item went, and
#    whether one was moved. Whatever the two versions themselves can tell is taken from them.
# 2. What was undone on the way did not happen: an item that was ticked and unticked is the same.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core import progress
from plantrack.core.change import ChangeKind, Reason
from plantrack.core.model import Count, Kind, State
from plantrack.core.past_view import DiffItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.core.change import Change, Tracked
    from plantrack.core.model import Node

    Nodes = Mapping[str, Node]  # by id, in document order


@dataclass(frozen=True, slots=True)
class Ends:
    """What is compared, each end by the name it was asked for with and its commit."""

    before: tuple[str, str | None]  # None: there is no commit yet
    after: tuple[str, str | None]  # likewise; name "": the work tree


@dataclass(frozen=True, slots=True)
class Side:
    """One document in one revision."""

    path: str
    title: str
    tracked: Tracked


@dataclass(frozen=True, slots=True)
class Pair:
    """One document in both revisions, and what led from one to the other."""

    before: Side | None
    after: Side | None
    changes: tuple[Change, ...]  # oldest first


@dataclass(frozen=True, slots=True)
class Sides:
    """Every document that may differ."""

    ends: Ends
    pairs: tuple[Pair, ...]
    by_history: bool  # ids are those of the history


def compare(
    before: Tracked | None, after: Tracked | None, changes: Iterable[Change]
) -> tuple[DiffItem, ...]:
    """List every item of either version: the removed ones first, then in document order.

    Ids are given in full. `changes` lead from one version to the other, oldest first; None is a
    document that is not there.
    """
    olds, news = _nodes(before), _nodes(after)
    told: dict[str, list[Change]] = {}
    for change in changes:
        told.setdefault(change.item, []).append(change)
    removed = [
        _removed(item, node, told.get(item, ())) for item, node in olds.items() if item not in news
    ]
    rest = [
        _added(item, node, told.get(item, ()))
        if item not in olds
        else _kept(item, olds[item], node, told.get(item, ()))
        for item, node in news.items()
    ]
    return (*removed, *rest)


def leaves(version: Tracked | None) -> Count:
    """Count the leaves of a version."""
    if version is None:
        return Count(0, 0, 0)
    outermost = (node for section in version.plan.sections for node in section.nodes)
    return progress.tally(outermost).leaves


def _nodes(version: Tracked | None) -> Nodes:
    if version is None:
        return {}
    pairs = zip(version.ids, version.plan.walk(), strict=True)
    return {item: node for item, node in pairs if node.kind is not Kind.GROUP}


def _removed(item: str, node: Node, changes: Sequence[Change]) -> DiffItem:
    reasons = [change.reason for change in changes if change.kind is ChangeKind.REMOVED]
    reason = reasons[-1] if reasons else Reason.CUT
    return _item(item, (ChangeKind.REMOVED,), reason, (node, None))


def _added(item: str, node: Node, changes: Sequence[Change]) -> DiffItem:
    reasons = {change.reason for change in changes if change.kind is ChangeKind.ADDED}
    if node.state is State.DONE:
        reason = Reason.ARRIVED_DONE
    else:
        reason = Reason.SPLIT if Reason.SPLIT in reasons else Reason.OPEN
    return _item(item, (ChangeKind.ADDED,), reason, (None, node))


def _kept(item: str, old: Node, new: Node, changes: Sequence[Change]) -> DiffItem:
    kinds = tuple(_kinds(old, new, {change.kind for change in changes}))
    return _item(item, kinds, Reason.NONE, (old, new))


def _kinds(old: Node, new: Node, told: set[ChangeKind]) -> Iterator[ChangeKind]:
    """Name what happened to an item, the weightiest first."""
    if new.state is State.DONE is not old.state:
        yield ChangeKind.TICKED
    elif old.state is State.DONE is not new.state:
        yield ChangeKind.UNTICKED
    elif old.state is not new.state or old.optional is not new.optional:
        yield ChangeKind.MARKED
    if ChangeKind.EXPANDED in told and old.is_leaf and not new.is_leaf:
        yield ChangeKind.EXPANDED
    if ChangeKind.COLLAPSED in told and new.is_leaf and not old.is_leaf:
        yield ChangeKind.COLLAPSED
    if ChangeKind.REWORDED in told and old.text != new.text:
        yield ChangeKind.REWORDED
    if ChangeKind.MOVED in told:
        yield ChangeKind.MOVED


def _item(
    item: str,
    kinds: tuple[ChangeKind, ...],
    reason: Reason,
    versions: tuple[Node | None, Node | None],
) -> DiffItem:
    old, new = versions
    return DiffItem(
        id=item,
        kinds=kinds,
        reason=reason,
        line_before=old.line if old else None,
        line_after=new.line if new else None,
        state_before=old.state if old else None,
        state_after=new.state if new else None,
        text_before=old.text if old else None,
        text_after=new.text if new else None,
    )
