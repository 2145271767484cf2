"""The one next task: what is pointed at, what stands beside it, and that it leads to the end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from plantrack.core import pointer, status
from plantrack.core.frontier import Order
from plantrack.core.model import Action, Node, Plan, Pointer, Shape, State
from plantrack.core.progress import OPEN
from strategies import design_docs, paths, plans, read

WORK = {Action.DO, Action.EXPAND, Action.SETTLE}


def point(*lines: str, said: str = "Draft", order: Order = Order.FRONTIER) -> Pointer:
    """Point into a plan whose first line is line 1 of `lines`, behind five other lines."""
    head = f"# Design: A\n\n**Status:** {said}\n\n## Milestones\n"
    return pointer.next_task(read(head + "\n".join(lines) + "\n"), order=order)


def place(found: Pointer) -> tuple[str, int | None]:
    """Return the action, and the line of the target counted from the first line of the plan."""
    return found.action.value, found.target.line - 5 if found.target else None


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


# --- which task ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # the first open step of the current milestone
        (["- [ ] M1: a", "  - [x] b", "  - [ ] c"], ("do", 3)),
        (["- [ ] M1: a", "  - [ ] b", "    - [ ] c"], ("do", 3)),
        (["- [ ] M1: a", "  - [ ]* b", "  - [ ] c"], ("do", 3)),
        (["- [ ] M1: a", "  - [x] b", "    - [ ] c", "  - [ ] d"], ("do", 4)),
        # a frontier with as many finished as open before it is refused
        (["- [ ] M1: a", "  - [ ] b", "- [x] M2: c", "- [ ] M3: d"], ("do", 2)),
        (["- [x] M1: a", "- [ ] M2: b", "- [x] M3: c", "- [ ] M4: d"], ("expand", 4)),
        (["- [ ] M1: a", "- [x] M2: b", "- [x] M3: c", "- [ ] M4: d"], ("expand", 4)),
        # what was started comes before what was not, while nothing is finished
        (["- [ ] M1: a", "  - [ ] b", "- [ ] M2: c", "  - [x] d", "  - [ ] e"], ("do", 5)),
        # behind the frontier when nothing is open after it
        (["- [x] M1: a", "- [ ] M2: b", "- [x] M3: c"], ("expand", 2)),
        # deferred last
        (["- [ ] M1: a (deferred)", "- [ ] M2: b"], ("expand", 2)),
        (["- [ ] M1: a (deferred)", "- [x] M2: b"], ("expand", 1)),
        # in progress first
        (["- [ ] M1: a", "  - [ ] b", "- [ ] M2: c", "  - [~] d"], ("do", 4)),
        (["- [ ] M1: a", "  - [ ] b", "- [ ] M2: c", "  - [~] d, already on main"], ("do", 2)),
        (["- [ ] M1: a", "  - [ ] b", "- [x] M2: c", "  - [~] d"], ("do", 2)),
        # one box
        (["- [ ] M1: a"], ("expand", 1)),
        (["- [ ] Step 1: a"], ("do", 1)),
        (["- [ ] T001 a"], ("do", 1)),
        (["- [ ] 1. a"], ("do", 1)),
        (["- [ ] a"], ("do", 1)),
        # a box over finished work
        (["- [ ] M1: a", "  - [x] b"], ("close", 1)),
        (["- [ ] M1: a", "  - [ ] b", "    - [x] c"], ("close", 2)),
        (["- [ ] M1: a", "  - [ ] b", "    - [ ] c", "      - [x] d"], ("close", 3)),
        (["- [ ] M1: a", "  - [ ] b", "    - [x] c", "  - [ ] d", "    - [x] e"], ("close", 2)),
        (["- [x] M1: a", "  - [ ] b", "    - [x] c"], ("close", 2)),
        (["- [ ] M1: a", "  - [x] b", "  - [ ]* c"], ("close", 1)),
        # contradictions when nothing else is left
        (["- [x] M1: a", "  - [ ] b", "- [ ] M2: c"], ("expand", 3)),
        (["- [x] M1: a", "  - [ ] b", "- [x] M2: c"], ("settle", 2)),
        (["- [ ] M1: a", "  - [x] b", "    - [ ] c"], ("settle", 3)),
        (["- [x] M1: a", "  - [x] b", "    - [ ] c"], ("settle", 3)),
        # nothing
        (["- [x] M1: a"], ("finish", -2)),
        (["- [x] M1: a", "- [ ]* M2: b"], ("finish", -2)),
        (["- [ ] ~~M1: a~~"], ("finish", -2)),
        (["text"], ("none", None)),
    ],
)
def test_the_next_task(lines: list[str], expected: tuple[str, int | None]) -> None:
    assert place(point(*lines)) == expected


def test_document_order_takes_the_first_open_milestone() -> None:
    lines = ["- [ ] M1: a", "- [x] M2: b", "- [x] M3: c", "- [ ] M4: d"]
    assert place(point(*lines, order=Order.DOCUMENT)) == ("expand", 1)
    started = ["- [ ] M1: a", "- [ ] M2: c", "  - [x] d", "  - [ ] e"]
    assert place(point(*started, order=Order.DOCUMENT)) == ("expand", 1)


def test_of_several_sections_the_first_with_work_answers() -> None:
    found = point("- [x] M1: a", "## Work Breakdown", "- [ ] M2: b", "## Milestones", "- [ ] M3: c")
    assert place(found) == ("expand", 3)


def test_work_anywhere_comes_before_contradictions() -> None:
    found = point("- [x] M1: a", "  - [ ] b", "## Milestones", "- [ ] M2: c", "  - [ ] d")
    assert place(found) == ("do", 5)


# --- why ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["- [ ] M1: a", "  - [ ] b"], "first open step of M1 (first open milestone)"),
        (["- [ ] a"], "next in the list (first open task)"),
        (
            ["- [ ] M1: a", "  - [x] b", "  - [ ] c"],
            "first open step of M1 (first milestone that was started)",
        ),
        (
            ["- [x] M1: a", "- [ ] M2: b", "  - [ ] c"],
            "first open step of M2 (first open milestone after M1, the last finished one)",
        ),
        (
            ["- [x] M1: a", "- [ ] M2: b", "  - [ ] c", "- [x] M3: d"],
            "first open step of M2 (nothing is open after M3; this one was left behind)",
        ),
        (
            ["- [ ] M1: a (stretch)", "  - [ ] b"],
            "first open step of M1 (first open milestone; it says it is deferred)",
        ),
        (
            ["- [ ] M1: a"],
            "M1 has no steps yet: break it into steps, then start (first open milestone)",
        ),
        (["- [ ] M1: a", "  - [~] b"], "marked in progress [~]"),
        (
            ["- [ ] **Dig** it all", "  - [x] b"],
            "every step of “Dig” is done: tick it (first milestone that was started)",
        ),
        (
            ["- [x] M1: a", "  - [ ] b"],
            "M1 is ticked but this step is open: tick it, drop it, or reopen M1",
        ),
        (
            ["- [x] M1: a", "- [ ]* M2: b"],
            (
                "every step is done, but the Status still says “Draft”: the document should say so"
                "; optional and still open: b"
            ),
        ),
    ],
)
def test_the_reason_is_given_in_plain_words(lines: list[str], words: str) -> None:
    assert point(*lines).reason == words


@pytest.mark.parametrize(
    ("said", "lines", "words"),
    [
        (
            "Shipped",
            ["- [ ] a", "- [ ] b"],
            "the Status says the work is done; 2 open boxes left in the plan",
        ),
        ("Shipped", ["- [x] a"], "the Status says the work is done"),
        (
            "Superseded",
            ["- [ ] a"],
            "the Status says the work is no longer pursued; 1 open box left in the plan",
        ),
        (
            "In progress; checkboxes are stale",
            ["- [ ] a"],
            "its Status says the checkboxes are stale; 1 open box left in the plan",
        ),
        ("Reference", ["- [x] a"], "complete"),
        ("Draft", ["text"], "no checklist: the plan section holds no boxes"),
    ],
)
def test_silence_has_a_reason_too(said: str, lines: list[str], words: str) -> None:
    found = point(*lines, said=said)
    assert (found.action, found.reason, found.target) == (Action.NONE, words, None)


def test_without_a_plan_there_is_none() -> None:
    found = pointer.next_task(read("# A\n\n- [ ] a\n"))
    assert (found.action, found.reason) == (Action.NONE, "no plan")


def test_a_complete_plan_names_the_optional_work_that_is_left() -> None:
    found = point("- [x] M1: a", "- [ ]* M2: b", said="Reference")
    assert found.reason == "complete; optional and still open: b"
    assert [ref.line for ref in found.then] == [7]


def test_the_notes_of_the_target_come_along() -> None:
    assert point("- [ ] M1: a", "  - [ ] b", "", "    how").notes == "how"
    assert point("- [ ] M1: a", "", "  how").notes == "how"


def test_a_milestone_that_is_a_heading_is_named_by_its_line() -> None:
    found = point("### Phase 1: a", "- [ ] b")
    assert found.milestone
    assert (found.milestone.line, found.milestone.label) == (6, "Phase 1")
    assert point("- [ ] a").milestone is None
