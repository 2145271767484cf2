"""The changes of one document in one revision to what they add to the series of a day."""

# Theory of operation
#
# 1. To a series an item is nothing, open, done or dropped, before and after. What an amount counts
#    is a way from one of these to another; so amounts and weights cannot disagree.
# 2. An item that was cut counts as nothing from then on, one that went otherwise as what it left
#    behind.
# 3. A leaf that gets its first steps is counted no longer. Its place goes to one of them, so that
#    breaking work down neither cuts nor adds it; the other way round when it loses the last one.
# 4. Open optional work is nothing. When it is ticked it comes into the plan, but it was there to be
#    seen: it is a tick, and has not arrived done. Likewise when it is unticked.

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from plantrack.core.change import (
    NOTHING,
    Change,
    ChangeKind,
    Facet,
    Reason,
    Weight,
    residue,
    weigh_leaf,
    weigh_milestone,
)
from plantrack.core.model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

OPEN_STATES = (State.TODO, State.DOING)


class Unit(StrEnum):
    """What a series counts."""

    LEAVES = "leaves"
    MILESTONES = "milestones"


class Effect(StrEnum):
    """One way to change a series: the names of the amounts of a day."""

    ADDED = "added"
    ARRIVED_DONE = "arrived_done"
    ARRIVED_DROPPED = "arrived_dropped"
    EXPANDED = "expanded"
    TICKED = "ticked"
    UNTICKED = "unticked"
    GIVEN_UP = "given_up"
    TAKEN_UP = "taken_up"
    CUT_OPEN = "cut_open"
    CUT_DONE = "cut_done"
    CUT_DROPPED = "cut_dropped"
    DROPPED_AT_FINALISATION = "dropped_at_finalisation"
    DROPPED_AT_REWRITE = "dropped_at_rewrite"
    DROPPED_WITH_DOCUMENT = "dropped_with_document"
    UNEXPANDED = "unexpanded_change"


def effects(changes: Sequence[Change], unit: Unit) -> Counter[Effect]:
    """Add up what the changes of one step do; zeros mean nothing."""
    found: Counter[Effect] = Counter()
    ways = _ways(changes, unit)
    if unit is Unit.LEAVES:
        if any(change.kind in _BREAKING for change in changes):
            _hand_over(changes, ways, found)
        bare = 0
        for change in {change.item: change for change in reversed(changes)}.values():  # the first
            bare += _is_bare(change.after) - _is_bare(change.before)
        found[Effect.UNEXPANDED] = bare
    for way, change in ways.values():
        for effect in _AT_WILL.get((*way, change.kind), _TABLE[way]):
            found[_reasoned(effect, change)] += 1
    return found


def sizes(changes: Sequence[Change]) -> dict[str, int]:
    """Count the leaves that came with each milestone that has its first steps, by its id."""
    begun = (ChangeKind.ADDED, ChangeKind.EXPANDED)
    facets = {one.item: one.after for one in changes if one.after and one.kind in begun}
    added = {one.item for one in changes if one.kind is ChangeKind.ADDED}
    found: dict[str, int] = {}
    for item, facet in facets.items():
        if item not in added or not facet.leaf:
            continue
        above = facet.parent
        while above in facets and facets[above].kind is not Kind.MILESTONE:
            above = facets[above].parent
        if above in facets:
            found[above] = found.get(above, 0) + 1
    return found


_NONE, _OPEN, _DONE, _DROPPED = Weight(), Weight(1, 0, 0), Weight(1, 1, 0), Weight(1, 0, 1)
_Way = tuple[Weight, Weight]
_TABLE: Mapping[_Way, tuple[Effect, ...]] = {
    (_NONE, _NONE): (),
    (_NONE, _OPEN): (Effect.ADDED,),
    (_NONE, _DONE): (Effect.ADDED, Effect.ARRIVED_DONE),
    (_NONE, _DROPPED): (Effect.ADDED, Effect.ARRIVED_DROPPED),
    (_OPEN, _NONE): (Effect.CUT_OPEN,),
    (_OPEN, _OPEN): (),
    (_OPEN, _DONE): (Effect.TICKED,),
    (_OPEN, _DROPPED): (Effect.GIVEN_UP,),
    (_DONE, _NONE): (Effect.CUT_DONE,),
    (_DONE, _OPEN): (Effect.UNTICKED,),
    (_DONE, _DONE): (),
    (_DONE, _DROPPED): (Effect.UNTICKED, Effect.GIVEN_UP),
    (_DROPPED, _NONE): (Effect.CUT_DROPPED,),
    (_DROPPED, _OPEN): (Effect.TAKEN_UP,),
    (_DROPPED, _DONE): (Effect.TAKEN_UP, Effect.TICKED),
    (_DROPPED, _DROPPED): (),
}
_AT_WILL: Mapping[tuple[Weight, Weight, ChangeKind], tuple[Effect, ...]] = {
    (_NONE, _DONE, ChangeKind.TICKED): (Effect.ADDED, Effect.TICKED),
    (_DONE, _NONE, ChangeKind.UNTICKED): (Effect.UNTICKED, Effect.CUT_OPEN),
}
_BREAKING = frozenset({ChangeKind.EXPANDED, ChangeKind.COLLAPSED})
_REASONED = {
    Reason.FINALISED: Effect.DROPPED_AT_FINALISATION,
    Reason.REWRITTEN: Effect.DROPPED_AT_REWRITE,
    Reason.DOCUMENT_REMOVED: Effect.DROPPED_WITH_DOCUMENT,
}


def _ways(changes: Iterable[Change], unit: Unit) -> dict[str, tuple[_Way, Change]]:
    """Give the way of every item whose place in the series changed, by id."""
    weigh = weigh_leaf if unit is Unit.LEAVES else weigh_milestone
    ways = {}
    for change in changes:
        delta = change.leaves if unit is Unit.LEAVES else change.milestones
        if delta == NOTHING:
            continue
        if change.after is not None:
            after = weigh(change.after)
        else:
            assert change.before is not None  # a change has at least one side
            cut = change.reason is Reason.CUT
            after = NOTHING if cut else residue(weigh(change.before))
        ways[change.item] = (after - delta, after), change
    return ways


def _reasoned(effect: Effect, change: Change) -> Effect:
    if effect is Effect.GIVEN_UP and (change.after is None or change.reason is Reason.FINALISED):
        return _REASONED[change.reason]
    return effect


# --- breaking work down ---------------------------------------------------------------------------


def _hand_over(
    changes: Sequence[Change], ways: dict[str, tuple[_Way, Change]], found: Counter[Effect]
) -> None:
    """Join the way of an item that got its first steps, or lost its last, with that of a step."""
    steps_by_item = _steps(changes)
    for change in changes:
        steps = [item for item in steps_by_item.get(change.item, ()) if item in ways]
        if change.kind is ChangeKind.EXPANDED:
            arrived = [item for item in steps if ways[item][0][0] == NOTHING]
            begun = [item for item in arrived if ways[item][0][1] == _OPEN]
            if change.after is not None and change.after.kind is Kind.MILESTONE and begun:
                found[Effect.EXPANDED] += len(begun) - 1
            _join(change.item, arrived, ways, side=1)
        elif change.kind is ChangeKind.COLLAPSED:
            left = [item for item in steps if ways[item][0][1] == NOTHING]
            _join(change.item, left, ways, side=0)


def _join(
    item: str, steps: Sequence[str], ways: dict[str, tuple[_Way, Change]], *, side: int
) -> None:
    """Let the way of `item`, ended or begun by nothing, go on as that of the step most like it."""
    if item not in ways or not steps or ways[item][0][side] != NOTHING:
        return
    own = ways.pop(item)
    like = own[0][1 - side]
    step = next((one for one in steps if ways[one][0][side] == like), steps[0])
    other = ways.pop(step)
    way = (like, other[0][1]) if side else (other[0][0], like)
    ways[step] = way, own[1]  # the change of an item that is still there: nothing was cut


def _steps(changes: Iterable[Change]) -> dict[str, list[str]]:
    """List what was added below each kept item, or removed from there, at any depth, in order."""
    parents = {
        change.item: facet.parent for change in changes if (facet := _only_side(change)) is not None
    }
    found: dict[str, list[str]] = {}
    kept_by_step: dict[str, str] = {}  # so that no way up is gone twice
    for step, parent in parents.items():
        above = parent
        while above in parents:
            above = kept_by_step.get(above, parents[above])
        kept_by_step[step] = above
        found.setdefault(above, []).append(step)
    return found


def _only_side(change: Change) -> Facet | None:
    if change.before is None:
        return change.after
    return change.before if change.after is None else None


# --- milestones without steps ---------------------------------------------------------------------


def _is_bare(facet: Facet | None) -> bool:
    """Tell whether this is an open milestone without steps."""
    if facet is None or facet.kind is not Kind.MILESTONE or not facet.leaf:
        return False
    return facet.state in OPEN_STATES and not facet.optional
