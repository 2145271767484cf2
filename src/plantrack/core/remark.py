"""A plan whose document had boxes ticked, and nothing else, to the plan it is now."""

# Theory of operation
#
# 1. Most versions of a document differ from the one before in marks alone. Then everything that was
#    read stays what it is, but for the marks of some boxes and the states that follow from them.
# 2. Only blank and ticked boxes are told so. A change of any other mark is a change of the text.
# 3. Where a mark says more than the state of its own box, there is no answer, and the document is
#    parsed: a struck parent, texts that may quote a box, a status that depends on what is open. The
#    mark of a box that is not of the plan says nothing.
# 4. Marks are as long as each other. So versions are compared in place, by halves: what is equal,
#    and that is nearly all, is not looked at.

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from plantrack.core import status
from plantrack.core.forest import derived_state
from plantrack.core.model import Family, Node, Plan, State, Status
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    _Place = tuple[int, ...]  # of a node: its section, then its position at each depth

_MAX_MARKS = 100  # that change at once; more are told sooner by parsing
_FEW = 32  # bytes that are compared one by one
_MARKS = frozenset(b" xX")
_BOX = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[")
_QUOTED = re.compile(r"\[[ xX]\]")


@dataclass(frozen=True, slots=True)
class Told:
    """One version of a document, and what versions with other marks have in common with it."""

    data: bytes
    plan: Plan
    frame: Frame


def read(data: bytes, plan: Plan) -> Told:
    """Take a version that was parsed."""
    return Told(data, plan, Frame(data, plan))


def remark(told: Told, data: bytes) -> Told | None:
    """Give the version that comes next; None: it has to be parsed."""
    before, plan, frame = told.data, told.plan, told.frame
    if len(before) != len(data):
        return None
    if before == data:
        return told
    mark_by_line = _changed_marks(before, data)
    if not mark_by_line or not frame.is_plain:
        return None
    placed = {
        frame.places[line]: mark for line, mark in mark_by_line.items() if line in frame.places
    }
    if len(placed) < len(mark_by_line) and frame.quotes_boxes:
        return None
    found = _marked(plan, placed) if placed else plan
    if not frame.is_settled and _is_open(found) is not _is_open(plan):
        return None
    return Told(data, found, frame)


class Frame:
    """What stays as it is while only marks change, each part found when it is first needed."""

    def __init__(self, data: bytes, plan: Plan) -> None:
        """Look at a version with its plan."""
        self._data = data
        self._plan = plan

    @cached_property
    def is_plain(self) -> bool:
        """Tell whether a changed mark changes the state of its own box, and headings, alone."""
        data = self._data
        if data.count(b"\r") != data.count(b"\r\n") or b"\0" in data:
            return False  # the lines, or the marks, cannot be told from other bytes
        return not any(
            node.children and (node.struck or node.state is State.DROPPED)
            for node in self._plan.walk()
        )

    @cached_property
    def places(self) -> dict[int, _Place]:
        """Give the place of each box of the plan by its line."""
        found: dict[int, _Place] = {}
        for number, section in enumerate(self._plan.sections):
            _find_places(section.nodes, (number,), found)
        return found

    @cached_property
    def quotes_boxes(self) -> bool:
        """Tell whether a mark that is no node's may stand in something that was read."""
        plan = self._plan
        texts = [text for node in plan.walk() for text in (node.text, node.notes)]
        texts += [plan.status.text, *(bullet.text for bullet in plan.next_steps)]
        return any(_QUOTED.search(text) for text in texts)

    @cached_property
    def is_settled(self) -> bool:
        """Tell whether the Status is what it is, whatever is open."""
        found: Status = self._plan.status
        if found.family not in {Family.DONE, Family.ACTIVE}:
            return True
        over = replace(found, family=Family.DONE)
        return status.weigh(over, open_leaves=True, archived=False).family is Family.DONE


def _find_places(nodes: Sequence[Node], above: _Place, found: dict[int, _Place]) -> None:
    for position, node in enumerate(nodes):
        place = (*above, position)
        if node.mark is not None:
            found[node.line] = place
        _find_places(node.children, place, found)


# --- what changed -------------------------------------------------------------------------------


def _changed_marks(before: bytes, after: bytes) -> dict[int, str] | None:
    """Give the new marks by their 1-based line; None: something else changed too."""
    spots = _differences(before, after)
    if spots is None:
        return None
    marks: dict[int, str] = {}
    line, at = 1, 0
    for spot in spots:
        line += after.count(b"\n", at, spot)
        at = spot
        if before[spot] not in _MARKS or after[spot] not in _MARKS:
            return None
        start = after.rfind(b"\n", 0, spot) + 1
        if not _BOX.fullmatch(after, start, spot) or after[spot + 1 : spot + 2] != b"]":
            return None
        marks[line] = chr(after[spot])
    return marks


def _differences(before: bytes, after: bytes) -> list[int] | None:
    """Find where two texts of one length differ, in order; None: in too many places."""
    found: list[int] = []
    parts = [(0, len(before))]
    while parts:
        start, end = parts.pop()
        if before[start:end] == after[start:end]:
            continue
        if end - start <= _FEW:
            found += [spot for spot in range(start, end) if before[spot] != after[spot]]
            if len(found) > _MAX_MARKS:
                return None
            continue
        middle = (start + end) // 2
        parts += (middle, end), (start, middle)
    return found


# --- the plan with its new marks ----------------------------------------------------------------


def _marked(plan: Plan, mark_by_place: dict[_Place, str]) -> Plan:
    sections = list(plan.sections)
    for place, mark in mark_by_place.items():
        section = sections[place[0]]
        nodes = _with_mark(section.nodes, place, 1, mark)
        sections[place[0]] = replace(section, nodes=nodes)
    return replace(plan, sections=tuple(sections))


def _with_mark(nodes: tuple[Node, ...], place: _Place, depth: int, mark: str) -> tuple[Node, ...]:
    """Rebuild the nodes on the way to a place; all others are the same objects."""
    position = place[depth]
    node = nodes[position]
    if depth + 1 < len(place):
        found = node._replace(children=_with_mark(node.children, place, depth + 1, mark))
        if node.mark is None:
            found = found._replace(state=derived_state(found))
    else:
        state = State.TODO if mark == " " else State.DONE
        if node.struck and state is not State.DONE:
            state = State.DROPPED
        found = node._replace(mark=mark, state=state)
    return (*nodes[:position], found, *nodes[position + 1 :])


def _is_open(plan: Plan) -> bool:
    return any(node.is_leaf and node.state in OPEN and not node.optional for node in plan.walk())
