"""A plan and boxes to be ticked or opened to the marks that change, or to why none does."""

# Theory of operation
#
# 1. What bears the wanted mark already stays as it is. Any other mark, whatever it is, gives way.
# 2. A box over others says that all of them are done. It is not ticked while a required one is
#    open, unless that one is ticked with it, or the contradiction is wanted.
# 3. A heading has no box: it is done when its steps are.
# 4. When the last step under a box is done, that box is next: it is named, or ticked too. A box
#    that stays ticked over one that was opened is named as well.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.edit import BLANKS, OPEN, TICKED, TICKS
from plantrack.core.model import State
from plantrack.core.progress import OPEN as OPEN_STATES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from plantrack.core.model import Node, Plan


@dataclass(frozen=True, slots=True)
class Intent:
    """What ticking or opening some boxes comes to; boxes by their place in Plan.walk()."""

    ticks: bool  # False: opens
    changed: tuple[int, ...] = ()  # in document order
    unchanged: tuple[int, ...] = ()  # asked for, and so already
    over: tuple[int, ...] = ()  # left to be ticked, or still ticked, over what changed; inner first

    @property
    def mark(self) -> str:
        """Give the mark that the changed boxes get."""
        return TICKED if self.ticks else OPEN


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a box is not marked."""

    place: int  # of the box, or heading
    is_heading: bool
    open: tuple[int, ...]  # required leaves below it that are open


def intend(
    plan: Plan, places: Collection[int], *, ticks: bool, closes: bool = False, forces: bool = False
) -> Intent | Objection:
    """Work out what ticking, or opening, the boxes at some places in Plan.walk() comes to.

    With `closes` a box is ticked too when nothing below it is open any more; with `forces` one is
    ticked whatever is open below it.
    """
    nodes = tuple(plan.walk())
    wanted = sorted(set(places))
    for place in wanted:
        if nodes[place].mark is None:
            return Objection(place, is_heading=True, open=_open_below(nodes, place, ()))
    has = TICKS if ticks else BLANKS
    changed = [place for place in wanted if nodes[place].mark not in has]
    if not ticks:
        return Intent(
            ticks=False,
            changed=tuple(changed),
            unchanged=tuple(place for place in wanted if place not in changed),
            over=tuple(_over(plan, changed, lambda place: nodes[place].mark in TICKS)),
        )
    for place in changed if not forces else ():
        left = _open_below(nodes, place, changed)
        if left:
            return Objection(place, is_heading=False, open=left)

    def is_through(place: int) -> bool:
        node = nodes[place]
        is_open = node.mark not in TICKS and node.state is not State.DROPPED
        return is_open and place not in changed and not _open_below(nodes, place, changed)

    over = tuple(_over(plan, changed, is_through))
    unchanged = tuple(place for place in wanted if place not in changed)
    if closes:
        return Intent(ticks=True, changed=tuple(sorted({*changed, *over})), unchanged=unchanged)
    return Intent(ticks=True, changed=tuple(changed), unchanged=unchanged, over=over)


def _over(plan: Plan, changed: Sequence[int], fits: Callable[[int], bool]) -> list[int]:
    """Choose the boxes over some that fit, the inner ones first."""
    above = parents(plan)
    nodes = tuple(plan.walk())
    found: dict[int, None] = {}
    for place in changed:
        at = above[place]
        while at is not None:
            if nodes[at].mark is not None and fits(at):
                found[at] = None
            at = above[at]
    return sorted(found, reverse=True)


def parents(plan: Plan) -> tuple[int | None, ...]:
    """Give for every place in Plan.walk() that of the node above it; None: there is none."""
    found: list[int | None] = []
    for section in plan.sections:
        _note_parents(section.nodes, None, found)
    return tuple(found)


def _note_parents(nodes: Sequence[Node], above: int | None, found: list[int | None]) -> None:
    for node in nodes:
        place = len(found)
        found.append(above)
        _note_parents(node.children, place, found)


def _open_below(nodes: Sequence[Node], place: int, ticked: Collection[int]) -> tuple[int, ...]:
    """Find the required leaves below a node that are open and stay so."""
    return tuple(_open_leaves(nodes, place, ticked))


def _open_leaves(nodes: Sequence[Node], place: int, ticked: Collection[int]) -> Iterator[int]:
    below = sum(1 for _ in nodes[place].walk())
    for at in range(place + 1, place + below):
        node = nodes[at]
        if node.is_leaf and node.state in OPEN_STATES and not node.optional and at not in ticked:
            yield at
