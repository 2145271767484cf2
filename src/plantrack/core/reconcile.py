"""Two versions of a plan to the pairs of items that are the same piece of work."""

# Theory of operation
#
# 1. A reader's judgement is the truth: an item that was ticked and reworded in one go is the same
#    piece of work; another task in the same place is not. Labels and lines mean nothing, the lead
#    phrase means much, and so does what an item stands under.
# 2. What is equal from the top down, and texts that are equal and unique on both sides, are
#    anchors. Repeated texts follow their parent.
# 3. What is left is scored pair by pair: likeness of characters, of rare words and names in code,
#    and how much of the shorter text stands in the longer one; raised by an equal lead, by one text
#    going on with the other, by a common parent and the same anchors around; lowered by distance
#    and by turning done work open again. Parents are also as alike as what stands under them.
# 4. A pair that beats its rivals clearly is worth more. Pairs are taken greedily from the highest,
#    each item once; further rounds profit from what was paired before.
# 5. In doubt two items are different: a wrong pair corrupts two histories, a missed one only
#    shortens one.
# 6. The same two versions give the same pairs on every machine: what is added up in any order are
#    whole numbers, and ties are settled by place.
# 7. Only texts that share a word that is not everywhere are compared, and of these the most
#    promising: the cost grows with the document, not with its square.

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from plantrack.core.likeness import Text, alike, folded_plain, weigh
from plantrack.core.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plantrack.core.model import Node, Plan

Paired = tuple[tuple[int, int], ...]  # positions of the same item in two versions

_ACCEPT = 0.44  # score from which two items are taken for one
_LEAST = 0.14  # likeness without which no circumstance makes a pair
_PARENT = 0.12
_GAP = 0.08  # both stand between the same anchors
_DISTANCE = 0.16
_TICKED = 0.05
_REOPENED = 0.20
_DONE_TWICE, _LOW = 0.04, 0.45  # both done, little alike: two finished things rather than one
_OTHER_LEVEL = 0.12  # outermost on one side, under something on the other
_OTHER_KIND = 0.20  # a heading on one side, a box on the other
_CHILDREN, _SOME = 0.45, 0.20  # all children alike, less what having some takes away
_MARGIN, _MOST = 0.45, 0.40  # for what a pair is ahead of its rivals, up to so much
_ROUNDS = 3
_COMMON = 128  # a word in more of the items left brings no candidates
_CANDIDATES = 8  # that one item is compared with


def match(old: Plan, new: Plan) -> Paired:
    """Pair the nodes of two versions, as positions in their `walk()`, in order of the new one."""
    pairs = _Pairs(_side(old), _side(new))
    _anchor(pairs)
    if likeness := _likeness(pairs):
        for _ in range(_ROUNDS):
            if not _pair_by_score(pairs, likeness):
                break
            _anchor_under_parents(pairs)
        _anchor_under_parents(pairs, uneven=True)
    found = enumerate(pairs.new.partners)
    return tuple((partner, index) for index, partner in found if partner >= 0)


@dataclass(frozen=True, slots=True)
class _Side:
    """One version, its nodes in the order of `walk()`."""

    nodes: list[Node]
    parents: list[int]  # -1: outermost
    children: list[list[int]]  # last come the outermost nodes, those of "parent" -1
    texts: list[str]  # without label, folded
    partners: list[int]  # in the other version; -1: none yet

    def left(self) -> list[int]:
        return [index for index, partner in enumerate(self.partners) if partner < 0]

    def is_box(self, index: int) -> bool:
        return self.nodes[index].mark is not None


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Two versions and what has been paired so far."""

    old: _Side
    new: _Side

    def take(self, old: int, new: int) -> None:
        self.old.partners[old] = new
        self.new.partners[new] = old

    def same_parent(self, old: int, new: int) -> bool:
        above, there = self.old.parents[old], self.new.parents[new]
        return above == there if above < 0 else self.old.partners[above] == there


def _side(plan: Plan) -> _Side:
    side = _Side([], [], [], [], [])
    outermost: list[int] = []
    for section in plan.sections:
        _gather(section.nodes, -1, outermost, side)
    side.children.append(outermost)
    side.texts.extend(folded_plain(node.title) for node in side.nodes)
    side.partners.extend([-1] * len(side.nodes))
    return side


def _gather(found: Iterable[Node], parent: int, siblings: list[int], side: _Side) -> None:
    """Add nodes and all below them to a side; their positions are noted among their siblings."""
    for node in found:
        index = len(side.nodes)
        siblings.append(index)
        side.nodes.append(node)
        side.parents.append(parent)
        below: list[int] = []
        side.children.append(below)
        if node.children:
            _gather(node.children, index, below, side)


# --- anchors ------------------------------------------------------------------------------------


def _anchor(pairs: _Pairs) -> None:
    """Pair equal texts: from the top down, then the unique ones, then those under one parent."""
    old, new = pairs.old, pairs.new
    count = _common_beginning(old, new)
    old.partners[:count] = new.partners[:count] = range(count)
    olds, news = _by_text(old, old.left()), _by_text(new, new.left())
    for key, same in olds.items():
        others = news.get(key, ())
        if len(same) == len(others) == 1:
            pairs.take(same[0], others[0])
    _anchor_under_parents(pairs)


def _common_beginning(old: _Side, new: _Side) -> int:
    """Count the nodes up to the first that differ in words, in place or in having a box."""
    pairs = zip(old.nodes, new.nodes, old.texts, new.texts, old.parents, new.parents, strict=False)
    for index, (node, other, text, reads, parent, above) in enumerate(pairs):
        is_same = node is other or (text == reads and (node.mark is None) is (other.mark is None))
        if not is_same or parent != above:
            return index
    return min(len(old.nodes), len(new.nodes))


def _anchor_under_parents(pairs: _Pairs, *, uneven: bool = False) -> None:
    """Pair equal texts under paired parents, in order; `uneven`: also where some came or went."""
    old, new = pairs.old, pairs.new
    for parent in sorted({old.parents[one] for one in old.left()}):  # outer ones first
        there = old.partners[parent] if parent >= 0 else -1
        if parent >= 0 > there:
            continue
        olds = _by_text(old, [one for one in old.children[parent] if old.partners[one] < 0])
        news = _by_text(new, [one for one in new.children[there] if new.partners[one] < 0])
        for key, same in olds.items():
            others = news.get(key, [])
            if uneven or len(same) == len(others):
                for one, other in zip(same, others, strict=False):
                    pairs.take(one, other)


def _by_text(side: _Side, indexes: Iterable[int]) -> dict[tuple[str, bool], list[int]]:
    found: dict[tuple[str, bool], list[int]] = {}
    for index in indexes:
        found.setdefault((side.texts[index], side.is_box(index)), []).append(index)
    return found


# --- likeness -----------------------------------------------------------------------------------

_Likeness = dict[int, dict[int, float]]  # by old and new position, both in order; 0 to 1


def _likeness(pairs: _Pairs) -> _Likeness:
    """Compare what is left of both versions, as far as it may be the same."""
    old, new = pairs.old, pairs.new
    olds, news = old.left(), new.left()
    if not olds or not news:
        return {}
    left = [*(old.texts[index] for index in olds), *(new.texts[index] for index in news)]
    weights = weigh(left, (*old.texts, *new.texts))
    texts = {index: Text(new.nodes[index], new.texts[index], weights) for index in news}
    places_by_word: dict[str, list[int]] = {}
    for index, text in texts.items():
        for word in text.words.distinct:
            places_by_word.setdefault(word, []).append(index)
    found: _Likeness = {}
    for index in olds:
        text = Text(old.nodes[index], old.texts[index], weights)
        shared: Counter[int] = Counter()
        for word in text.words.distinct:
            places = places_by_word.get(word, ())
            if len(places) <= _COMMON:
                for place in places:
                    shared[place] += weights[word] ** 2
        ranked = sorted(shared, key=lambda place: (-shared[place] / texts[place].norm, place))
        best = sorted(ranked[:_CANDIDATES])
        found[index] = {place: alike(text, texts[place], weights) for place in best}
    return found


# --- scores -------------------------------------------------------------------------------------


def _pair_by_score(pairs: _Pairs, likeness: _Likeness) -> bool:
    """Pair what is alike enough, best first; tell whether anything was paired."""
    scores = _scores(pairs, likeness)
    by_old, by_new = _ranked(scores, 0), _ranked(scores, 1)
    weighed = []
    for (old, new), score in scores.items():
        # a row begins with the score itself or with what beats it
        rival = max(row[row[0] == score] for row in (by_old[old], by_new[new]))
        total = score + _MARGIN * min(score - rival, _MOST)
        if total >= _ACCEPT and likeness[old].get(new, 1.0) > _LEAST:
            weighed.append((-total, abs(old - new), old, new))
    taken = False
    for _, _, old, new in sorted(weighed):
        if pairs.old.partners[old] < 0 and pairs.new.partners[new] < 0:
            pairs.take(old, new)
            taken = True
    return taken


def _ranked(scores: Mapping[tuple[int, int], float], side: int) -> dict[int, list[float]]:
    """Give the scores of each item on one side, best first; no rival counts as 0."""
    rows: dict[int, list[float]] = {}
    for pair, score in scores.items():
        rows.setdefault(pair[side], [0.0]).append(score)
    return {index: sorted(row, reverse=True) for index, row in rows.items()}


def _scores(pairs: _Pairs, likeness: _Likeness) -> dict[tuple[int, int], float]:
    """Score what is not paired yet, in order."""
    old, new = pairs.old, pairs.new
    stand_old, stand_new = _stand(old, old.partners), _stand(new, range(len(new.nodes)))
    scores = {}
    for one, (gap, place) in stand_old.items():
        for other, like in (_invited(pairs, one) | likeness[one]).items():
            if other not in stand_new:
                continue
            gap_new, place_new = stand_new[other]
            score = like - _DISTANCE * abs(place - place_new)
            score += _PARENT * pairs.same_parent(one, other)
            score -= _OTHER_LEVEL * ((old.parents[one] < 0) is not (new.parents[other] < 0))
            score += _GAP * (gap == gap_new)
            score += _by_state(old.nodes[one].state, new.nodes[other].state, like)
            score -= _OTHER_KIND * (old.is_box(one) is not new.is_box(other))
            if old.children[one] and new.children[other]:
                score += _by_children(pairs, likeness, one, other)
            scores[one, other] = score
    return scores


def _invited(pairs: _Pairs, one: int) -> dict[int, float]:
    """Give what the children of an item stand under now: it may be the same, however it reads."""
    partners = [pairs.old.partners[child] for child in pairs.old.children[one]]
    above = [pairs.new.parents[partner] for partner in partners if partner >= 0]
    return {parent: 0.0 for parent in above if parent >= 0}


def _by_state(old: State, new: State, like: float) -> float:
    if old is not State.DONE:
        return _TICKED if new is State.DONE else 0.0
    if new is State.DONE:
        return -_DONE_TWICE if like < _LOW else 0.0
    return -_REOPENED


def _by_children(pairs: _Pairs, likeness: _Likeness, one: int, other: int) -> float:
    """Weigh how many children of two parents are the same, or alike as long as that is open."""
    old, new = pairs.old, pairs.new
    share = 0.0
    for child in old.children[one]:
        if (partner := old.partners[child]) >= 0:
            share += new.parents[partner] == other
            continue
        row = likeness[child].items()
        free = (x for place, x in row if new.parents[place] == other and new.partners[place] < 0)
        share += max(free, default=0.0)
    return _CHILDREN * 2 * share / (len(old.children[one]) + len(new.children[other])) - _SOME


def _stand(side: _Side, names: Sequence[int]) -> dict[int, tuple[tuple[int, int], float]]:
    """Give for each unpaired item the `names` of the anchors around it, and its place, 0 to 1."""
    end = len(side.nodes)
    anchors = [-1, *(index for index, partner in enumerate(side.partners) if partner >= 0), end]
    found = {}
    for rank, (last, following) in enumerate(pairwise(anchors)):
        if following == last + 1:  # mostly
            continue
        gap = names[last] if last >= 0 else -1, names[following] if following < end else -1
        for index in range(last + 1, following):
            place = rank + (index - last) / (following - last)
            found[index] = gap, place / (len(anchors) - 1)
    return found
