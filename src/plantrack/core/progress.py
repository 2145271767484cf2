"""Nodes to the numbers that are shown of them."""

# Theory of operation
#
# 1. The unit is the leaf: a box with no box inside. A parent is never counted beside its children.
# 2. What was dropped leaves the denominator; what is optional and open never enters it.
# 3. Milestones are counted beside the leaves, each by its own box or, for a heading, by its leaves.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.model import Count, Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plantrack.core.model import Node

OPEN = frozenset({State.TODO, State.DOING})


@dataclass(frozen=True, slots=True)
class Tally:
    """What some nodes and all below them add up to."""

    milestones: Count
    leaves: Count
    open: int  # required leaves still to do
    optional_open: int  # open leaves outside the denominator


NOTHING = Tally(Count(0, 0, 0), Count(0, 0, 0), 0, 0)


def tally(nodes: Iterable[Node]) -> Tally:
    """Add up nodes with everything below them; give the outermost ones only."""
    every = [inner for node in nodes for inner in node.walk()]
    leaves = [node for node in every if node.is_leaf]
    left_open = [leaf for leaf in leaves if leaf.state in OPEN]
    optional_open = sum(leaf.optional for leaf in left_open)
    milestones = [node for node in every if node.kind is Kind.MILESTONE]
    return Tally(
        milestones=_count(milestones),
        leaves=_count(leaves),
        open=len(left_open) - optional_open,
        optional_open=optional_open,
    )


def _count(nodes: Iterable[Node]) -> Count:
    done = total = dropped = 0
    for node in nodes:
        if node.state is State.DROPPED:
            dropped += 1
        elif node.state is State.DONE:
            done += 1
            total += 1
        elif not node.optional:
            total += 1
    return Count(done, total, dropped)
