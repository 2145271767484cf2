"""Boxes that are to be ticked or opened, and what that means for those above and below them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core import dialect, edit, marking
from plantrack.core.marking import Intent, Objection
from plantrack.core.model import Plan, State
from strategies import plans, read

HEADED = """\
# Berths

## Implementation Plan

### Milestone 1: Dig

- [x] Ask
- [ ] Lay
  - [x] First
  - [ ] Second
"""
NESTED = """\
# Berths

## Implementation Plan

- [ ] Milestone 1: Dig
  - [x] Ask
  - [ ] Lay
    - [x] First
    - [ ] Second
  - [ ]* Sing
- [x] Milestone 2: Fill
  - [x] Carry
  - [ ] ~~Sort~~
- [~] Milestone 3: Pave
"""
DIG, ASK, LAY, FIRST, SECOND, SING, FILL, CARRY, SORT, PAVE = range(10)


def intend(places: list[int], text: str = NESTED, *, ticks: bool = True, **how: bool) -> object:
    return marking.intend(read(text), places, ticks=ticks, **how)


def test_a_step_is_ticked() -> None:
    assert intend([PAVE]) == Intent(ticks=True, changed=(PAVE,))
    assert Intent(ticks=True).mark == "x"


def test_what_is_ticked_already_stays() -> None:
    assert intend([ASK, PAVE, ASK]) == Intent(ticks=True, changed=(PAVE,), unchanged=(ASK,))


def test_the_last_step_leads_to_the_boxes_over_it_the_inner_one_first() -> None:
    assert intend([SECOND]) == Intent(ticks=True, changed=(SECOND,), over=(LAY, DIG))


def test_what_has_nothing_open_below_it_is_closed_if_wanted() -> None:
    assert intend([SECOND], closes=True) == Intent(ticks=True, changed=(DIG, LAY, SECOND))


def test_a_box_with_an_open_step_is_not_ticked() -> None:
    assert intend([DIG]) == Objection(DIG, is_heading=False, open=(SECOND,))
    assert intend([DIG, LAY]) == Objection(DIG, is_heading=False, open=(SECOND,))


def test_it_is_together_with_its_steps() -> None:
    assert intend([DIG, SECOND]) == Intent(ticks=True, changed=(DIG, SECOND), over=(LAY,))


def test_it_is_when_somebody_insists() -> None:
    assert intend([DIG], forces=True) == Intent(ticks=True, changed=(DIG,))


def test_a_heading_has_no_box() -> None:
    lay_second = (4,)
    assert intend([0], HEADED) == Objection(0, is_heading=True, open=lay_second)
    assert intend([0], HEADED, ticks=False) == Objection(0, is_heading=True, open=lay_second)


def test_a_heading_is_not_to_be_ticked_after_its_last_step() -> None:
    assert intend([4], HEADED) == Intent(ticks=True, changed=(4,), over=(2,))


def test_opening_a_step_names_what_stays_ticked_over_it() -> None:
    assert intend([CARRY], ticks=False) == Intent(ticks=False, changed=(CARRY,), over=(FILL,))
    assert Intent(ticks=False).mark == " "


def test_any_mark_gives_way_to_a_blank() -> None:
    assert intend([PAVE, DIG], ticks=False) == Intent(
        ticks=False, changed=(PAVE,), unchanged=(DIG,)
    )


def test_a_struck_milestone_is_not_to_be_ticked() -> None:
    text = NESTED.replace("Milestone 1: Dig", "~~Milestone 1: Dig~~")
    assert intend([SECOND], text) == Intent(ticks=True, changed=(SECOND,))


def test_parents_of_several_sections_are_their_own() -> None:
    text = f"{NESTED}\n## Migration Plan\n\n- [ ] Milestone 1: Move\n  - [ ] Pack\n"
    assert marking.parents(read(text)) == (None, 0, 0, 2, 2, 0, None, 6, 6, None, None, 10)


@settings(max_examples=60)
@given(plans(), st.data())
def test_ticking_leaves_no_contradiction_that_was_not_there(
    plan: Plan, data: st.DataObject
) -> None:
    nodes = tuple(plan.walk())
    if not nodes:
        return
    places = data.draw(st.sets(st.integers(0, len(nodes) - 1), min_size=1, max_size=3))
    intent = marking.intend(plan, places, ticks=True, closes=True)
    if isinstance(intent, Objection):
        assert intent.place in places
        assert all(nodes[place].is_leaf for place in intent.open)
        return
    assert {*intent.changed, *intent.unchanged} >= places
    ticked = {*intent.changed, *(p for p, node in enumerate(nodes) if node.mark in edit.TICKS)}
    for place in intent.changed:
        below = sum(1 for _ in nodes[place].walk())
        for at in range(place + 1, place + below):
            node = nodes[at]
            is_open = node.is_leaf and not node.optional and at not in ticked
            assert not is_open or node.state is State.DROPPED


def test_what_is_intended_comes_out() -> None:
    document = edit.read(NESTED.encode(), dialect.origin("plan.md"), dialect.Rules())
    intent = marking.intend(document.plan, [SECOND], ticks=True, closes=True)
    assert isinstance(intent, Intent)
    marks = {document.nodes[place].line: intent.mark for place in intent.changed}
    after = edit.with_marks(document, marks)
    assert after.nodes[DIG].state is State.DONE


@pytest.mark.parametrize("place", [ASK, FILL])
def test_closing_what_is_closed_changes_nothing(place: int) -> None:
    assert intend([place], closes=True, forces=True) == Intent(ticks=True, unchanged=(place,))
