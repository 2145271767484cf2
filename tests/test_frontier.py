"""The order in which the milestones of a section are tried."""

from __future__ import annotations

import pytest
from hypothesis import given

from plantrack.core import frontier
from plantrack.core.frontier import Order, Units
from plantrack.core.model import Kind, Plan, State
from strategies import plans, read

MARKS = {"x": "- [x] M{}: a", "_": "- [ ] M{}: a", "s": "- [ ] M{}: a\n  - [x] b\n  - [ ] c"}
MARKS |= {"d": "- [ ] M{}: a (deferred)", "o": "- [ ]* M{}: a", "c": "- [x] M{}: a\n  - [ ] b"}
MARKS |= {"/": "- [ ] ~~M{}: a~~"}


def units(marks: str) -> Units:
    """Make milestones: x ticked, _ open, s started, d deferred, o optional, c contradictory, /."""
    lines = [MARKS[mark].format(n) for n, mark in enumerate(marks, 1)]
    (found,) = frontier.units_by_section(read("# A\n\n## Milestones\n" + "\n".join(lines) + "\n"))
    return found


@pytest.mark.parametrize(
    ("marks", "place", "accepted"),
    [
        ("__", -1, False),
        ("x_", 0, True),
        ("_x", 1, False),
        ("xx_x_", 3, True),
        ("_xx_", 2, True),
        ("__xx", 3, False),
        ("__xxx", 4, True),
        ("c_", -1, False),
        ("oox", 2, True),
        ("//x", 2, True),
        ("xx", 1, True),
    ],
)
def test_the_frontier_is_the_last_finished_one_if_more_are_finished_than_left(
    marks: str, place: int, *, accepted: bool
) -> None:
    front = frontier.find_front(units(marks), Order.FRONTIER)
    assert (front.place, front.accepted) == (place, accepted)
    assert not frontier.find_front(units(marks), Order.DOCUMENT).accepted


@pytest.mark.parametrize(
    ("marks", "order"),
    [
        ("___", [0, 1, 2]),
        ("x__", [1, 2]),
        ("_xx_", [3, 0]),
        ("_x_", [0, 2]),
        ("__s", [2, 0, 1]),
        ("_s_s", [1, 3, 0, 2]),
        ("_xs", [0, 2]),
        ("d_", [1, 0]),
        ("dx_", [2, 0]),
        ("xd", [1]),
        ("o/x_", [3]),
        ("x", []),
    ],
)
def test_open_milestones_are_tried_in_this_order(marks: str, order: list[int]) -> None:
    found = units(marks)
    front = frontier.find_front(found, Order.FRONTIER)
    assert frontier.ranked(found, front, Order.FRONTIER) == order


def test_document_order_only_defers() -> None:
    found = units("_ds_xx_")
    front = frontier.find_front(found, Order.DOCUMENT)
    assert frontier.ranked(found, front, Order.DOCUMENT) == [0, 2, 3, 6, 1]


@given(plans())
def test_units_are_the_nodes_of_their_index_and_cover_every_leaf(plan: Plan) -> None:
    nodes = list(plan.walk())
    found = [unit for section in frontier.units_by_section(plan) for unit in section]
    leaves = 0
    for unit in found:
        assert nodes[unit.index] == unit.node
        assert unit.node.kind is not Kind.GROUP
        for ref, node, above in unit.refs():
            assert nodes[ref.index] is node or nodes[ref.index] == node
            assert all(node in parent.children for parent in above[-1:])
            leaves += node.is_leaf
    assert leaves == sum(node.is_leaf for node in nodes)


def test_a_unit_knows_the_heading_it_stands_under() -> None:
    text = "# A\n\n## Milestones\n### B\n- [ ] M1: a\n### C\n- [ ] M2: b\n"
    (found,) = frontier.units_by_section(read(text))
    assert [unit.heading for unit in found] == ["B", "C"]
    (found,) = frontier.units_by_section(read("# A\n\n## Milestones\n- [ ] a\n"))
    assert [unit.heading for unit in found] == ["Milestones"]


@pytest.mark.parametrize(
    "text",
    [
        "M1: Pave (deferred)",
        "M1: Pave — deferred to May",
        "M1: Pave: stretch goal",
        "M1: Pave - optional",
        "M1: Deferred paving",
        "Optional: pave",
        "**Pave (out of scope)** it all",
        "(Stretch) pave",
    ],
)
def test_a_title_may_say_that_it_is_deferred(text: str) -> None:
    (node,) = read(f"# A\n\n## Milestones\n- [ ] {text}\n").walk()
    assert frontier.is_deferred(node)


@pytest.mark.parametrize(
    "text",
    [
        "M1: Pave",
        "M1: Pave the deferred road",
        "M1: Pave. Deferred: paint",
        "M1: Pave `(deferred)`",
        "M1: Pave an optional road",
        "M1: Deferredly pave",
        "**Pave** it (deferred)",
        "Non-optional paving",
    ],
)
def test_other_titles_do_not(text: str) -> None:
    (node,) = read(f"# A\n\n## Milestones\n- [ ] {text}\n").walk()
    assert not frontier.is_deferred(node)


def test_a_node_is_named_by_its_label_else_by_its_lead() -> None:
    long = "a" * 80
    nodes = list(
        read(f"# A\n\n## Milestones\n- [ ] M1: a\n- [ ] **B c** d. e\n- [ ] {long}\n").walk()
    )
    assert [frontier.name_of(node) for node in nodes] == ["M1", "“B c”", f"“{'a' * 59}…”"]


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("**M1: Dig** the trench", "Dig"),
        ("M1: Dig the trench. Then fill it.", "Dig the trench"),
        ("T001 [P] [US1] Dig. Then fill.", "Dig"),
        ("**Dig:** the trench", "Dig"),
        ("M1", "M1"),
        (". Dig", ". Dig"),
    ],
)
def test_a_headline_is_a_title_without_what_explains_it(text: str, headline: str) -> None:
    (node,) = read(f"# A\n\n## Milestones\n- [ ] {text}\n").walk()
    assert frontier.headline(node) == headline


def test_started_ticked_and_finished_are_told_from_leaves_and_boxes() -> None:
    _, ticked, started, contrary = (unit.node for unit in units("_xsc"))
    assert [frontier.is_started(node) for node in (ticked, started, contrary)] == [
        True,
        True,
        False,
    ]
    assert [frontier.is_ticked(node) for node in (ticked, started, contrary)] == [True, False, True]
    assert [frontier.is_finished(node) for node in (ticked, contrary)] == [True, False]
    assert contrary.state is State.DONE
    assert frontier.has_open_work(contrary)
