from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import changes, comparison
from plantrack.core.change import ChangeKind, Reason, Tracked
from plantrack.core.dialect import Rules, origin
from plantrack.core.ids import assign
from plantrack.core.model import Plan
from plantrack.core.parse import read_plan

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


def compared(before: str, after: str) -> list[tuple[str, tuple[ChangeKind, ...], Reason]]:
    old = plan(before)
    step = changes.step(Tracked(old, assign(old, PATH)), plan(after), PATH)
    items = comparison.compare(Tracked(old, assign(old, PATH)), step.tracked, step.changes)
    return [(one.text_after or one.text_before or "", one.kinds, one.reason) for one in items]


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


def test_what_was_undone_on_the_way_did_not_happen() -> None:
    old = plan(PLAN)
    first = Tracked(old, assign(old, PATH))
    there = changes.step(first, plan(PLAN.replace("[ ] Draw", "[x] Draw")), PATH)
    back = changes.step(there.tracked, old, PATH)
    items = comparison.compare(first, back.tracked, (*there.changes, *back.changes))
    assert {item.kinds for item in items} == {()}


def test_a_document_that_is_not_there_has_no_items() -> None:
    assert comparison.compare(None, None, ()) == ()
    assert comparison.leaves(None).total == 0


@given(documents(), documents())
def test_every_item_of_both_versions_is_told_of_once(before: str, after: str) -> None:
    old = plan(before)
    first = Tracked(old, assign(old, PATH))
    step = changes.step(first, plan(after), PATH)
    items = comparison.compare(first, step.tracked, step.changes)
    assert len({item.id for item in items}) == len(items)
    for item in items:
        assert (item.line_before is None) is (ChangeKind.ADDED in item.kinds)
        assert (item.line_after is None) is (ChangeKind.REMOVED in item.kinds)
        assert len(set(item.kinds)) == len(item.kinds)


@given(documents())
def test_leaves_are_counted_as_anywhere(text: str) -> None:
    found = plan(text)
    count = comparison.leaves(Tracked(found, assign(found, PATH)))
    assert 0 <= count.done <= count.total
