"""Versions of a plan to where their items stand, and in which state that counts."""

# Theory of operation
#
# 1. An item stands under the item above it; groups are looked through.
# 2. What is open in a document whose Status says the work is over will not be done. It counts as
#    dropped, as what is open when a document becomes a stub does.
# 3. An item moved when it stands under another one, or past siblings that kept their order.
# 4. Nodes that were taken over from the version before are the same objects: nothing below them is
#    compared.

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from plantrack.core import status
from plantrack.core.model import Kind, Plan, State
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from plantrack.core.model import Node

    Placed = tuple[Node, str]  # a node, and the id of the item it stands under; "": none
    Marked = tuple[int, int, Node, Node]  # position, that of the item above, before and after


def outermost(plan: Plan) -> list[Node]:
    """Give the outermost nodes of all sections."""
    return [node for section in plan.sections for node in section.nodes]


def placed(plan: Plan, ids: Sequence[str]) -> dict[str, Placed]:
    """Find every item of a version by its id, in document order, in the state that counts."""
    found: dict[str, Placed] = {}
    _place(_valid(plan), "", iter(ids), found)
    return found


def changed_marks(old: Plan, new: Plan) -> list[Marked] | None:
    """Find the items whose marks changed; None: they differ in words, kind or place, too."""
    changed: list[Marked] = []
    return None if _compare(_valid(old), _valid(new), (-1, 0), changed) < 0 else changed


def reads_the_same(node: Node, other: Node) -> bool:
    """Tell whether two nodes differ in nothing but their lines, and what is below them."""
    return node is other or (
        _has_its_place(node, other)
        and node.state is other.state
        and node.optional is other.optional
        and bool(node.children) is bool(other.children)
    )


def moved(before: Mapping[str, Placed], after: Mapping[str, Placed]) -> set[str]:
    """Find the items that stand under another parent, or past siblings that kept their order."""
    kept = [item for item in after if item in before]
    found = {item for item in kept if before[item][1] != after[item][1]}
    stayed = [item for item in kept if item not in found]
    order = {item: place for place, item in enumerate(before)}
    if all(order[one] < order[following] for one, following in pairwise(stayed)):
        return found  # mostly
    siblings: dict[str, list[str]] = {}
    for item in stayed:
        siblings.setdefault(after[item][1], []).append(item)
    for items in siblings.values():
        keep = _longest_rising([order[item] for item in items])
        found.update(item for place, item in enumerate(items) if place not in keep)
    return found


def _place(nodes: Sequence[Node], above: str, ids: Iterator[str], found: dict[str, Placed]) -> None:
    for node in nodes:
        item = next(ids)
        is_group = node.kind is Kind.GROUP
        if not is_group:
            found[item] = node, above
        if node.children:
            _place(node.children, above if is_group else item, ids, found)


def _valid(plan: Plan) -> list[Node]:
    """Give the outermost nodes of a plan with the states that count."""
    nodes = outermost(plan)
    return list(map(_frozen, nodes)) if status.is_over(plan.status) else nodes


def _frozen(node: Node) -> Node:
    children = tuple(map(_frozen, node.children))
    if node.state in OPEN and not node.optional:
        return node._replace(state=State.DROPPED, children=children)
    return node._replace(children=children) if children else node


def _compare(
    olds: Sequence[Node], news: Sequence[Node], at: tuple[int, int], changed: list[Marked]
) -> int:
    """Compare siblings; `at` is the position of what they stand under, and that of the first.

    Gives the position of the node that follows; -1: they differ in more than marks.
    """
    parent, index = at
    if len(olds) != len(news):
        return -1
    for node, other in zip(olds, news, strict=True):
        if node is other:  # taken over from the version before, with all below it
            index += _count(node) if node.children else 1
            continue
        if not _has_its_place(node, other):
            return -1
        is_group = other.kind is Kind.GROUP
        if not is_group and not (node.state is other.state and node.optional is other.optional):
            changed.append((index, parent, node, other))
        if not (node.children or other.children):
            index += 1
            continue
        inner = parent if is_group else index
        index = _compare(node.children, other.children, (inner, index + 1), changed)
        if index < 0:
            return -1
    return index


def _count(node: Node) -> int:
    return 1 + sum(map(_count, node.children)) if node.children else 1


def _has_its_place(node: Node, other: Node) -> bool:
    """Tell whether two nodes have words and kind in common."""
    return (
        node.text == other.text
        and node.label == other.label
        and node.kind is other.kind
        and (node.mark is None) is (other.mark is None)
    )


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """Return the positions of a longest rising subsequence."""
    tails: list[int] = []
    back: list[int] = []
    for place, number in enumerate(numbers):
        low = bisect_left(tails, number, key=numbers.__getitem__)
        back.append(tails[low - 1] if low else -1)
        tails[low : low + 1] = [place]
    keep = set()
    place = tails[-1] if tails else -1
    while place >= 0:
        keep.add(place)
        place = back[place]
    return keep
