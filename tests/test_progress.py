"""Sums: leaves are counted once, what is dropped or optional stands outside the denominator."""

from __future__ import annotations

from hypothesis import given

from plantrack.core import progress
from plantrack.core.model import Count, Kind, Node, Plan, State
from plantrack.core.progress import NOTHING, OPEN
from plantrack.core.terms import add
from strategies import plans


def box(state: State, *children: Node, kind: Kind = Kind.STEP, optional: bool = False) -> Node:
    return Node(kind, 1, "a", "", "a", state, "x", optional=optional, children=children)


def test_nothing_adds_up_to_nothing() -> None:
    assert progress.tally([]) == NOTHING


def test_a_leaf_counts_once_and_a_parent_beside_it_never() -> None:
    tree = box(State.TODO, box(State.DONE), box(State.DOING), kind=Kind.MILESTONE)
    sums = progress.tally([tree])
    assert sums.leaves == Count(1, 2, 0)
    assert sums.milestones == Count(0, 1, 0)
    assert (sums.open, sums.optional_open) == (1, 0)


def test_a_milestone_without_steps_is_one_leaf() -> None:
    sums = progress.tally([box(State.DONE, kind=Kind.MILESTONE)])
    assert sums.leaves == sums.milestones == Count(1, 1, 0)


def test_what_is_dropped_leaves_the_denominator() -> None:
    sums = progress.tally([box(State.DROPPED), box(State.TODO)])
    assert sums.leaves == Count(0, 1, 1)
    assert sums.open == 1


def test_what_is_optional_enters_it_only_when_done() -> None:
    sums = progress.tally(
        [box(State.DONE, optional=True), box(State.TODO, optional=True, kind=Kind.MILESTONE)]
    )
    assert sums.leaves == Count(1, 1, 0)
    assert sums.milestones == Count(0, 0, 0)
    assert (sums.open, sums.optional_open) == (0, 1)


@given(plans())
def test_sections_add_up_to_their_plan(plan: Plan) -> None:
    whole = progress.tally([node for section in plan.sections for node in section.nodes])
    parts = [progress.tally(section.nodes) for section in plan.sections]
    assert whole.leaves == add(part.leaves for part in parts)
    assert whole.milestones == add(part.milestones for part in parts)
    assert whole.optional_open == sum(part.optional_open for part in parts)
    assert whole.open == sum(part.open for part in parts)


@given(plans())
def test_every_leaf_is_counted_in_exactly_one_way(plan: Plan) -> None:
    leaves = [node for node in plan.walk() if node.is_leaf]
    sums = progress.tally([node for section in plan.sections for node in section.nodes])
    assert sums.leaves.total + sums.leaves.dropped + sums.optional_open == len(leaves)
    assert sums.leaves.total == sums.leaves.done + sums.open
    assert sums.open + sums.optional_open == sum(leaf.state in OPEN for leaf in leaves)
    assert sums.leaves.dropped == sum(leaf.state is State.DROPPED for leaf in leaves)


@given(plans())
def test_no_more_is_done_than_there_is(plan: Plan) -> None:
    for node in plan.walk():
        sums = progress.tally([node])
        assert 0 <= sums.leaves.done <= sums.leaves.total
        assert 0 <= sums.milestones.done <= sums.milestones.total
