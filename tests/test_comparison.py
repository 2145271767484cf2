from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import changes, comparison
from plantrack.core.change import ChangeKind, Reason, Tracked
from plantrack.core.dialect import Rules, origin
from plantrack.core.ids import assign
from plantrack.core.model import Count, Kind, Plan, State
from plantrack.core.parse import read_plan
from plantrack.core.past_view import DiffItem

PATH = "docs/0001-a.md"


BOXES = st.tuples(
    st.sampled_from(["", "  "]),
    st.sampled_from(" x~"),
    st.sampled_from(["Milestone 1: Grid", "Draw the berths", "Snap stays", "Print", "Print all"]),
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Draw a plan of some boxes, some of them alike."""
    boxes = draw(st.lists(BOXES, max_size=8))
    lines = [f"{indent}- [{mark}] {text}" for indent, mark, text in boxes]
    return "\n".join(["## Implementation Plan", "", *lines, ""])


def plan(text: str) -> Plan:
    return read_plan(text, origin(PATH), Rules())


def tracked(text: str) -> Tracked:
    found = plan(text)
    return Tracked(found, assign(found, PATH))


def items_of(before: str | None, after: str | None) -> tuple[DiffItem, ...]:
    """Compare two versions of a document; None: it is not there."""
    old = None if before is None else tracked(before)
    step = changes.step(old, None if after is None else plan(after), PATH)
    return comparison.compare(old, step.tracked, step.changes)


def compared(before: str, after: str) -> list[tuple[str, tuple[ChangeKind, ...], Reason]]:
    return [
        (one.text_after or one.text_before or "", one.kinds, one.reason)
        for one in items_of(before, after)
    ]


PLAN = """\
## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw the berths
  - [ ] Snap every stay to the half hour
- [ ] Milestone 2: Print the board on paper
"""


def test_the_same_plan_differs_in_nothing() -> None:
    assert {kinds for _, kinds, _ in compared(PLAN, PLAN)} == {()}


def test_what_happened_is_named_the_weightiest_first() -> None:
    after = PLAN.replace("[ ] Snap every stay to the half", "[x] Snap every stay to the quarter")
    assert ("Snap every stay to the quarter hour", (ChangeKind.TICKED, ChangeKind.REWORDED),
            Reason.NONE) in compared(PLAN, after)  # fmt: skip


def test_removed_items_come_first_with_their_reason() -> None:
    first, *rest = compared(PLAN, PLAN.replace("- [ ] Milestone 2: Print the board on paper\n", ""))
    assert first == (
        "Milestone 2: Print the board on paper",
        (ChangeKind.REMOVED,),
        Reason.CUT,
    )
    assert {kinds for _, kinds, _ in rest} == {()}


def test_a_mark_is_told_from_a_tick() -> None:
    (_, (kind,), _) = compared(PLAN, PLAN.replace("[ ] Draw", "[~] Draw"))[1]
    assert kind is ChangeKind.MARKED


DRAW = "  - [ ] Draw the berths\n"


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (DRAW.replace("[ ]", "[x]"), DRAW, (ChangeKind.UNTICKED,)),
        (DRAW.replace("[ ]", "[x]"), DRAW.replace("[ ]", "[~]"), (ChangeKind.UNTICKED,)),
        (DRAW, "  - [ ] ~~Draw the berths~~\n", (ChangeKind.MARKED,)),
        (DRAW, DRAW.replace("[ ]", "[ ]*"), (ChangeKind.MARKED,)),
        (DRAW, DRAW.replace("[ ]", "[x]*"), (ChangeKind.TICKED,)),
        (DRAW, DRAW + "    - [ ] Left\n    - [ ] Right\n", (ChangeKind.EXPANDED,)),
        (
            DRAW + "    - [ ] Left\n    - [ ] Right\n",
            DRAW.replace("[ ]", "[x]"),
            (ChangeKind.TICKED, ChangeKind.COLLAPSED),
        ),
    ],
)
def test_what_happened_to_an_item_is_named(
    old: str, new: str, kinds: tuple[ChangeKind, ...]
) -> None:
    found = compared(PLAN.replace(DRAW, old), PLAN.replace(DRAW, new))
    assert [kinds for text, kinds, _ in found if "Draw" in text] == [kinds]


def test_an_item_that_passed_its_siblings_was_moved() -> None:
    head = "## Implementation Plan\n\n- [ ] Milestone 1: Grid\n"
    others = "  - [ ] Snap every stay\n  - [ ] Print the board\n"
    before, after = f"{head}{DRAW}{others}", f"{head}{others}{DRAW}"
    kinds = {text: kinds for text, kinds, _ in compared(before, after)}
    assert kinds.pop("Draw the berths") == (ChangeKind.MOVED,)
    assert set(kinds.values()) == {()}


def test_added_items_say_how_they_came() -> None:
    main = "Draw the berths with their numbers and the names of their owners"
    before = PLAN.replace("Draw the berths", f"{main}, and paint every bollard bright red")
    after = PLAN.replace("Draw the berths", main) + "  - [x] Buy paper\n  - [ ] Fold it\n"
    after = after.replace("  - [ ] Snap", "  - [ ] Paint every bollard bright red\n  - [ ] Snap")
    reasons = {
        text: reason
        for text, kinds, reason in compared(before, after)
        if kinds == (ChangeKind.ADDED,)
    }
    assert reasons == {
        "Paint every bollard bright red": Reason.SPLIT,
        "Buy paper": Reason.ARRIVED_DONE,
        "Fold it": Reason.OPEN,
    }


def test_removed_items_say_why_they_went() -> None:
    stub = "# Berths\n\n**Status:** Implemented\n"
    for after, reason in ((None, Reason.DOCUMENT_REMOVED), (stub, Reason.FINALISED)):
        items = items_of(PLAN, after)
        assert {item.kinds for item in items} == {(ChangeKind.REMOVED,)}
        assert {item.reason for item in items} == {reason}
        assert [item.line_before for item in items] == [3, 4, 5, 6]
        assert {item.line_after for item in items} == {None}


def test_a_removal_that_nothing_tells_of_is_a_cut() -> None:
    """As when the two versions stand on different branches."""
    (item, *_) = comparison.compare(tracked(PLAN), None, ())
    assert (item.kinds, item.reason) == ((ChangeKind.REMOVED,), Reason.CUT)


def test_a_document_that_is_new_is_added_item_by_item() -> None:
    items = items_of(None, PLAN)
    assert {item.kinds for item in items} == {(ChangeKind.ADDED,)}
    assert [item.line_after for item in items] == [3, 4, 5, 6]
    assert [item.id for item in items] == list(tracked(PLAN).ids)


def test_what_was_undone_on_the_way_did_not_happen() -> None:
    old = plan(PLAN)
    first = Tracked(old, assign(old, PATH))
    there = changes.step(first, plan(PLAN.replace("[ ] Draw", "[x] Draw")), PATH)
    back = changes.step(there.tracked, old, PATH)
    items = comparison.compare(first, back.tracked, (*there.changes, *back.changes))
    assert {item.kinds for item in items} == {()}


@pytest.mark.parametrize(
    "between",
    [
        DRAW + "    - [ ] Left\n    - [ ] Right\n",
        DRAW.replace("Draw the berths", "Draw all the berths of the harbour"),
        DRAW.replace("[ ]", "[x]*"),
    ],
)
def test_nothing_that_was_taken_back_is_told(between: str) -> None:
    first = tracked(PLAN)
    there = changes.step(first, plan(PLAN.replace(DRAW, between)), PATH)
    gone = {left.item: left for left in there.gone}
    back = changes.step(there.tracked, first.plan, PATH, gone=gone)
    assert there.changes
    items = comparison.compare(first, back.tracked, (*there.changes, *back.changes))
    assert {item.kinds for item in items} == {()}


def test_an_item_that_went_twice_went_for_the_last_reason() -> None:
    first = tracked(PLAN)
    cut = changes.step(first, plan(PLAN.replace(DRAW, "")), PATH)
    gone = {left.item: left for left in cut.gone}
    back = changes.step(cut.tracked, first.plan, PATH, gone=gone)
    end = changes.step(back.tracked, None, PATH)
    items = comparison.compare(first, None, (*cut.changes, *back.changes, *end.changes))
    assert {item.reason for item in items} == {Reason.DOCUMENT_REMOVED}


def test_headings_that_only_group_are_no_items() -> None:
    hull = "### Hull\n\n- [ ] Milestone 1: Plank\n  - [ ] Saw\n\n"
    rig = "### Rig\n\n- [ ] Milestone 2: Mast\n  - [ ] Fell\n"
    text = f"## Implementation Plan\n\n{hull}{rig}"
    assert [node.kind for node in plan(text).walk()].count(Kind.GROUP) == 2
    shown = [item.text_after for item in items_of(None, text)]
    assert shown == ["Milestone 1: Plank", "Saw", "Milestone 2: Mast", "Fell"]


def test_a_document_that_is_not_there_has_no_items() -> None:
    assert comparison.compare(None, None, ()) == ()
    assert comparison.leaves(None) == Count(0, 0, 0)


@given(documents(), documents())
def test_every_item_of_both_versions_is_told_of_once(before: str, after: str) -> None:
    items = items_of(before, after)
    assert len({item.id for item in items}) == len(items)
    for item in items:
        assert (item.line_before is None) is (ChangeKind.ADDED in item.kinds)
        assert (item.line_after is None) is (ChangeKind.REMOVED in item.kinds)
        assert len(set(item.kinds)) == len(item.kinds)


@given(documents(), documents())
def test_what_is_told_of_an_item_is_what_its_two_sides_say(before: str, after: str) -> None:
    for item in items_of(before, after):
        if item.line_before is None or item.line_after is None:
            continue
        was, now = item.state_before is State.DONE, item.state_after is State.DONE
        assert (ChangeKind.TICKED in item.kinds) is (now and not was)
        assert (ChangeKind.UNTICKED in item.kinds) is (was and not now)
        if item.state_before is not item.state_after:
            assert item.kinds
        if ChangeKind.REWORDED in item.kinds:
            assert item.text_before != item.text_after


@given(documents(), documents())
def test_removed_items_come_first_and_the_rest_in_document_order(before: str, after: str) -> None:
    lines = [item.line_after for item in items_of(before, after)]
    kept = [line for line in lines if line is not None]
    assert lines == [None] * (len(lines) - len(kept)) + sorted(kept)


@given(documents())
def test_leaves_are_counted_as_anywhere(text: str) -> None:
    found = tracked(text)
    states = [node.state for node in found.plan.walk() if node.is_leaf and not node.optional]
    done, dropped = states.count(State.DONE), states.count(State.DROPPED)
    assert comparison.leaves(found) == Count(done, len(states) - dropped, dropped)
