"""A plan whose document had boxes ticked, and nothing else, to the plan it is now."""

# Theory of operation
#
# 1. Most versions of a document differ from the one before in marks alone. What is left when these
#    are masked is the skeleton: the same skeleton gives the same plan but for its marks.
# 2. Only blank and ticked boxes are masked. A change of any other mark is a change of the text.
# 3. Where a mark says more than the state of its own box, there is no answer, and the document is
#    parsed: a struck parent, texts that may quote a box, a status that depends on what is open. The
#    mark of a box that is not of the plan says nothing.

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plantrack.core import status
from plantrack.core.forest import derived_state
from plantrack.core.model import Family, Node, Plan, State, Status
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MARK = re.compile(rb"(?m)^([ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)[ xX](?=\])")
_QUOTED = re.compile(r"\[[ xX]\]")
_MASK = b"\\1\0"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A document's bytes without its marks, and the marks."""

    masked: bytes
    marks: tuple[str, ...]  # " ", "x" or "X", in order


def skeleton(data: bytes) -> Skeleton | None:
    """Mask the marks; None: lines or marks cannot be told from other bytes."""
    if data.count(b"\r") != data.count(b"\r\n") or b"\0" in data:
        return None
    ends = [match.end() for match in _MARK.finditer(data)]
    marks = tuple(chr(data[end - 1]) for end in ends)
    return Skeleton(_MARK.sub(_MASK, data) if ends else data, marks)


def remark(plan: Plan, before: Skeleton, after: Skeleton) -> Plan | None:
    """Give the plan of `after` from that of `before`; None: it has to be parsed."""
    if before.masked != after.masked:
        return None
    changed = [
        place
        for place, (old, new) in enumerate(zip(before.marks, after.marks, strict=True))
        if old != new
    ]
    if not changed:
        return plan
    mark_by_line = {
        line: after.marks[place] for place, line in _lines(before.masked, changed).items()
    }
    nodes = tuple(plan.walk())
    if any(map(_binds, nodes)):
        return None
    lost = mark_by_line.keys() - {node.line for node in nodes if node.mark is not None}
    if lost and _quotes_boxes(plan, nodes):
        return None
    sections = tuple(
        replace(section, nodes=_remarked(section.nodes, mark_by_line)) for section in plan.sections
    )
    found = replace(plan, sections=sections)
    return found if _is_open(found) is _is_open(plan) or _is_settled(plan.status) else None


def _lines(masked: bytes, places: Sequence[int]) -> dict[int, int]:
    """Give the 1-based line of some marks, by their place."""
    wanted = set(places)
    found, line, at = {}, 1, 0
    for place, match in enumerate(_MASKED.finditer(masked)):
        if place in wanted:
            line += masked.count(b"\n", at, match.start())
            at = match.start()
            found[place] = line
    return found


_MASKED = re.compile(rb"(?m)^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[\x00(?=\])")


def _quotes_boxes(plan: Plan, nodes: Sequence[Node]) -> bool:
    """Tell whether a mark that is no node's may stand in something that was read."""
    texts = [text for node in nodes for text in (node.text, node.notes)]
    texts += [plan.status.text, *(bullet.text for bullet in plan.next_steps)]
    return any(_QUOTED.search(text) for text in texts)


def _binds(node: Node) -> bool:
    """Tell whether the mark of a node decides on the states of those below it."""
    return bool(node.children) and (node.struck or node.state is State.DROPPED)


def _remarked(nodes: Sequence[Node], mark_by_line: Mapping[int, str]) -> tuple[Node, ...]:
    return tuple(_with_mark(node, mark_by_line) for node in nodes)


def _with_mark(node: Node, mark_by_line: Mapping[int, str]) -> Node:
    """Rebuild a node when a mark at it or below it changed; else it is the same object."""
    children = node.children
    if children:
        children = _remarked(children, mark_by_line)
        if all(new is old for new, old in zip(children, node.children, strict=True)):
            children = node.children
    mark = node.mark if node.mark is None else mark_by_line.get(node.line, node.mark)
    if mark == node.mark and children is node.children:
        return node
    if node.mark is None:
        found = replace(node, children=children)
        return replace(found, state=derived_state(found))
    if mark == node.mark:
        return replace(node, children=children)
    state = State.TODO if mark == " " else State.DONE
    if node.struck and state is not State.DONE:
        state = State.DROPPED
    return replace(node, mark=mark, state=state, children=children)


def _is_settled(found: Status) -> bool:
    """Tell whether a Status is what it is, whatever is open."""
    if found.family not in {Family.DONE, Family.ACTIVE}:
        return True
    over = replace(found, family=Family.DONE)
    return status.weigh(over, open_leaves=True, archived=False).family is Family.DONE


def _is_open(plan: Plan) -> bool:
    return any(node.is_leaf and node.state in OPEN and not node.optional for node in plan.walk())
