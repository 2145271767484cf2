"""A plan to the one next task under the two-layer convention, with its reason."""

# Theory of operation
#
# 1. Plans are worked from the top, but not strictly. `frontier` says in which order the open
#    milestones of a section are tried.
# 2. A finished plan whose Status does not say so is brought to an end; a Status that says the work
#    is over ends the plan whatever is open.
# 3. Inside the current milestone the first open required leaf is the task. A milestone that has
#    only its own box is broken into steps first; one whose steps are all done is closed.
# 4. An author's own word wins: a leaf marked as in progress is the task, wherever it stands.
# 5. Milestones that say they are deferred are tried last; leaves under a ticked parent contradict
#    it and are settled only when nothing else is left.
# 6. A plan without milestones is worked the same way, each task standing for a milestone.
#
# Every command that names a next task calls `next_task`; there is no second opinion.

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from plantrack.core import dialect, labels, status
from plantrack.core.beside import dressed
from plantrack.core.frontier import (
    Front,
    Order,
    Unit,
    Units,
    find_front,
    has_open_work,
    is_deferred,
    is_open,
    is_started,
    is_ticked,
    name_of,
    ranked,
    ref_to,
    shortened,
    unit_word,
    units_by_section,
)
from plantrack.core.model import Action, Family, Kind, Node, Plan, Pointer, Ref, State
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Order", "next_task"]


def next_task(plan: Plan, *, order: Order = Order.FRONTIER) -> Pointer:
    """Name the next task of a plan; of its sections, the first with work left answers."""
    over = _why_over(plan)
    if over:
        return _nothing(over)
    units = units_by_section(plan)
    if not units:
        why = "no checklist: the plan section holds no boxes" if plan.sections else "no plan"
        return _nothing(why)
    for section in units:
        pointer = _doing(section) or _current(section, order, plan)
        if pointer:
            return dressed(pointer, section, plan, order)
    for section in units:
        pointer = _settle(section) or _tidy(section)
        if pointer:
            return dressed(pointer, section, plan, order)
    return _complete(plan, units)


def _why_over(plan: Plan) -> str:
    if not status.is_over(plan.status):
        return ""
    left = sum(leaf.state in OPEN for s in plan.sections for n in s.nodes for leaf in n.leaves())
    boxes = f"; {left} open box{'es' if left != 1 else ''} left in the plan" if left else ""
    if plan.status.frozen_by:
        return f"{plan.status.frozen_by}{boxes}"
    word = "done" if plan.status.family is Family.DONE else "no longer pursued"
    return f"the Status says the work is {word}{boxes}"


def _current(units: Units, order: Order, plan: Plan) -> Pointer | None:
    front = find_front(units, order)
    for place in ranked(units, front, order):
        pointer = _work_in(units[place], plan)
        if pointer:
            why = _why_current(units, place, front)
            return replace(pointer, reason=f"{pointer.reason}{why}")
    return None


def _why_current(units: Units, place: int, front: Front) -> str:
    node = units[place].node
    said = front.reason(units, place)
    if said:
        why = said
    elif is_started(node) and front.place < 0:
        why = f"first {unit_word(units)} that was started"
    else:
        why = f"first open {unit_word(units)}"
    return f" ({why})" if not is_deferred(node) else f" ({why}; it says it is deferred)"


def _work_in(unit: Unit, plan: Plan) -> Pointer | None:
    """Find what is to be done in one open unit; None: only contradictions are left in it."""
    milestone = _milestone_ref(unit)
    for ref, node, above in unit.refs():
        if not (node.is_leaf and node.state in OPEN) or node.optional:
            continue
        if any(map(is_ticked, above)):
            continue
        if node is unit.node:
            return _whole(unit, ref, plan)
        reason = f"first open step of {name_of(unit.node)}"
        return Pointer(Action.DO, reason, ref, milestone, node.notes)
    if has_open_work(unit.node):
        return None
    return _close(unit, milestone)


def _whole(unit: Unit, ref: Ref, plan: Plan) -> Pointer:
    """Point at a unit that is one box."""
    node = unit.node
    expandable = node.kind is Kind.MILESTONE and node.label and plan.dialect == dialect.DESIGN_DOC
    if expandable and not labels.is_unit(node.label):
        reason = f"{node.label} has no steps yet: break it into steps, then start"
        return Pointer(Action.EXPAND, reason, ref, ref, node.notes)
    milestone = ref if node.kind is Kind.MILESTONE else None
    return Pointer(Action.DO, "next in the list", ref, milestone, node.notes)


def _close(unit: Unit, milestone: Ref | None) -> Pointer | None:
    """Point at the innermost open box whose leaves are all done; None: there is none."""
    found = None
    for ref, node, _ in unit.refs():
        box_open = node.mark is not None and node.state in OPEN and not node.optional
        if box_open and node.children and not has_open_work(node):
            found = ref, node
            if not any(is_open(n) and n.mark is not None and n.children for n in _below(node)):
                break
    if found is None:
        return None
    ref, node = found
    reason = f"every step of {name_of(node)} is done: tick it"
    return Pointer(Action.CLOSE, reason, ref, milestone, node.notes)


def _below(node: Node) -> Iterator[Node]:
    return (inner for inner in node.walk() if inner is not node)


_CLOSED = re.compile(
    r"(?i)\b(?:already (?:on|in|landed|done|shipped|merged|fixed|implemented)|superseded"
    r"|no longer (?:needed|required)|obsolete)\b",
)


def _doing(units: Units) -> Pointer | None:
    """Point at the first leaf marked as in progress whose text does not say it is closed."""
    for unit in units:
        if not any(node.state is State.DOING for node in unit.node.walk()):
            continue  # that is told sooner than every node is named
        for ref, node, above in unit.refs():
            marked = node.is_leaf and node.state is State.DOING
            if marked and not any(map(is_ticked, above)) and not _CLOSED.search(node.text):
                reason = f"marked in progress [{node.mark}]"
                return Pointer(Action.DO, reason, ref, _milestone_ref(unit), node.notes)
    return None


def _settle(units: Units) -> Pointer | None:
    """Point at the first open leaf under a ticked parent."""
    for unit in units:
        for ref, node, above in unit.refs():
            ticked = next((parent for parent in reversed(above) if is_ticked(parent)), None)
            if node.is_leaf and node.state in OPEN and not node.optional and ticked:
                name = name_of(ticked)
                reason = (
                    f"{name} is ticked but this step is open: tick it, drop it, or reopen {name}"
                )
                return Pointer(Action.SETTLE, reason, ref, _milestone_ref(unit), node.notes)
    return None


def _tidy(units: Units) -> Pointer | None:
    """Point at the first open box inside a finished unit: everything below it is done."""
    return next((p for unit in units if (p := _close(unit, _milestone_ref(unit)))), None)


def _complete(plan: Plan, units: Sequence[Units]) -> Pointer:
    optional = next(
        (
            ref
            for s in units
            for u in s
            for ref, n, _ in u.refs()
            if n.is_leaf and n.optional and n.state in OPEN
        ),
        None,
    )
    beside = f"; optional and still open: {shortened(optional.title)}" if optional else ""
    if plan.status.line and plan.status.family in {Family.DRAFT, Family.ACTIVE}:
        target = Ref(-1, plan.status.line, "", f"Status: {plan.status.text}")
        reason = f"every step is done, but the Status still says “{shortened(plan.status.text)}”"
        return Pointer(Action.FINISH, f"{reason}: the document should say so{beside}", target, None)
    return replace(_nothing(f"complete{beside}"), then=(optional,) if optional else ())


def _nothing(reason: str) -> Pointer:
    return Pointer(Action.NONE, reason, None, None)


def _milestone_ref(unit: Unit) -> Ref | None:
    return ref_to(unit.index, unit.node) if unit.node.kind is Kind.MILESTONE else None
