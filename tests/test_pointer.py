"""The one next task: what is pointed at, what stands beside it, and that it leads to the end."""

from __future__ import annotations

import re

from hypothesis import given

from plantrack.core import pointer, status
from plantrack.core.frontier import Order
from plantrack.core.model import Action, Node, Plan, Pointer, Shape, State
from plantrack.core.progress import OPEN
from strategies import PATHS, design_docs, paths, plans, read

WORK = {Action.DO, Action.EXPAND, Action.SETTLE}


def doc(*lines: str, status: str = "") -> str:
    field = f"**Status:** {status}\n\n" if status else ""
    return f"# Design: Mooring\n\n{field}## Implementation Plan\n\n" + "\n".join(lines) + "\n"


def point(*lines: str, status: str = "", path: str = PATHS[0]) -> Pointer:
    return pointer.next_task(read(doc(*lines, status=status), path))


def line_of(found: Pointer) -> int | None:
    return found.target.line if found.target else None


def node_at(plan: Plan, index: int) -> Node:
    return list(plan.walk())[index]


@given(plans())
def test_work_is_pointed_at_in_open_leaves_only(plan: Plan) -> None:
    found = pointer.next_task(plan)
    if found.action in WORK:
        assert found.target is not None
        target = node_at(plan, found.target.index)
        assert target.is_leaf
        assert target.state in OPEN


@given(plans())
def test_every_place_a_pointer_names_is_the_node_of_that_line(plan: Plan) -> None:
    nodes = list(plan.walk())
    found = pointer.next_task(plan)
    named = [found.target, found.milestone, *found.alternatives, *found.left_behind, *found.then]
    for ref in named:
        if ref is not None and ref.index >= 0:
            assert nodes[ref.index].line == ref.line
            assert nodes[ref.index].label == ref.label


@given(plans())
def test_a_pointer_is_silent_only_when_nothing_is_left_or_the_work_is_over(plan: Plan) -> None:
    found = pointer.next_task(plan)
    required = [n for n in plan.walk() if n.is_leaf and n.state in OPEN and not n.optional]
    if found.action is Action.NONE and not status.is_over(plan.status):
        assert required == []
    if status.is_over(plan.status):
        assert found.action is Action.NONE


@given(plans())
def test_a_plan_without_checklist_has_no_pointer(plan: Plan) -> None:
    if all(section.shape is Shape.NO_CHECKLIST for section in plan.sections):
        assert pointer.next_task(plan).action is Action.NONE


@given(plans())
def test_what_is_left_behind_is_open_and_stands_before_something_finished(plan: Plan) -> None:
    nodes = list(plan.walk())
    found = pointer.next_task(plan)
    for ref in found.left_behind:
        assert nodes[ref.index].state in OPEN
        assert found.milestone is None or ref.index != found.milestone.index
        assert any(node.state is State.DONE for node in nodes[ref.index :])


@given(plans())
def test_what_comes_then_is_open_and_stands_after_the_target(plan: Plan) -> None:
    found = pointer.next_task(plan)
    if found.action in WORK and found.target:
        assert len(found.then) <= 2
        for ref in found.then:
            assert ref.index > found.target.index
            assert node_at(plan, ref.index).is_leaf
            assert node_at(plan, ref.index).state in OPEN


@given(plans())
def test_close_points_at_a_box_over_finished_work(plan: Plan) -> None:
    found = pointer.next_task(plan)
    if found.action is Action.CLOSE and found.target:
        target = node_at(plan, found.target.index)
        assert target.mark is not None
        assert target.state in OPEN
        assert target.children
        assert not any(n.state in OPEN and not n.optional for n in target.leaves())


@given(plans())
def test_document_order_names_nothing_left_behind(plan: Plan) -> None:
    assert pointer.next_task(plan, order=Order.DOCUMENT).left_behind == ()


@given(design_docs(), paths())
def test_whoever_follows_the_pointer_comes_to_an_end(text: str, path: str) -> None:
    lines = text.splitlines()
    boxes = sum(node.mark is not None for node in read(text, path).walk())
    for _ in range(boxes + 1):
        plan = read("\n".join(lines) + "\n", path)
        found = pointer.next_task(plan)
        if found.target is None or found.action is Action.FINISH:
            break
        at = found.target.line - 1
        ticked = re.sub(r"\[[^\]]+\]", "[x]", lines[at], count=1)
        assert ticked != lines[at], "the pointer asks for what is done"
        lines[at] = ticked
    assert found.action in {Action.NONE, Action.FINISH}
