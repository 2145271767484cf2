from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from any_plan import plans
from plantrack.core.model import Family, Kind, Node, Plan, Section, Shape, State, Status
from plantrack.core.pack import FORMAT, dump_plan, load_plan
from store_samples import plan

NOTHING = Plan("", "", Status("", Family.UNKNOWN, 0))


@given(plans())
@example(NOTHING)
@example(plan("A plan as people write them"))
def test_a_plan_comes_back_as_it_was(found: Plan) -> None:
    assert load_plan(dump_plan(found)) == found


@given(plans())
def test_a_stored_plan_is_one_line_of_ascii(found: Plan) -> None:
    text = dump_plan(found)
    assert text.isascii()
    assert len(text.splitlines()) == 1


def test_half_a_surrogate_pair_survives() -> None:
    found = Plan("caf\udce9", "", Status("", Family.UNKNOWN, 0))
    assert load_plan(dump_plan(found)) == found


def test_a_plan_nested_far_deeper_than_markdown_allows_survives() -> None:
    node = Node(Kind.STEP, 1, "leaf", "", "leaf", State.TODO, " ")
    for _ in range(100):
        node = Node(Kind.STEP, 1, "above", "", "above", State.TODO, " ", children=(node,))
    section = Section("Plan", 1, 1, Shape.NESTED, implicit=False, nodes=(node,))
    found = Plan("", "", Status("", Family.UNKNOWN, 0), (section,))
    assert load_plan(dump_plan(found)) == found


def damaged() -> dict[str, str]:
    fields = json.loads(dump_plan(plan("A plan")))
    status, sections = fields[3], fields[4]
    return {
        "nothing": "",
        "no JSON": "[1, 2",
        "null": "null",
        "a number": "7",
        "a string as long as a plan has fields": '"123456789"',
        "too few fields": json.dumps(fields[:-1]),
        "another format": json.dumps([FORMAT + 1, *fields[1:]]),
        "an unknown family": json.dumps([*fields[:3], [status[0], "?", *status[2:]], *fields[4:]]),
        "an unknown shape": json.dumps(
            [*fields[:4], [[*sections[0][:3], "?", *sections[0][4:]]], *fields[5:]]
        ),
        "an unknown kind": json.dumps(fields).replace('"milestone"', '"?"'),
        "a node with a field too few": json.dumps(fields).replace('"milestone", 4,', "4,"),
        "sections that are no list": json.dumps([*fields[:4], 7, *fields[5:]]),
        "nested without end": "[" * 100_000,
    }


@pytest.mark.parametrize("text", damaged().values(), ids=damaged())
def test_text_that_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_plan(text)


@given(st.text())
def test_any_text_is_a_plan_or_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_plan(text)
