"""Two versions of a plan to the pairs of items that are the same piece of work."""

# Theory of operation
#
# 1. A reader's judgement is the truth: an item that was ticked and reworded in one go is the same
#    piece of work; another task in the same place is not. Labels and lines mean nothing, the lead
#    phrase means much, and so does what an item stands under.
# 2. Texts that are equal and unique on both sides are anchors. Repeated texts follow their parent.
# 3. What is left is scored pair by pair: likeness of characters and of rare words, raised by an
#    equal lead, by one text continuing the other, by a common parent and by the same gap between
#    anchors, lowered by distance and by turning done work open again.
# 4. A pair that beats its rivals clearly is worth more. Pairs are taken greedily from the highest,
#    each item once; a second round profits from the parents matched in the first.
# 5. In doubt two items are different: a wrong match corrupts two histories, a missed one only
#    shortens one.

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from plantrack.core import inline
from plantrack.core.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.core.model import Node, Plan

ACCEPT = 0.32  # score from which two items are taken for one
_SAME_LEAD = 0.55  # likeness granted to an equal lead or first clause
_CONTINUED = 0.55  # likeness granted when one text is the beginning of the other
_PARENT = 0.10
_GAP = 0.05
_DISTANCE = 0.10
_REOPENED = 0.20
_DONE_TWICE = 0.10  # both done, little alike: two finished things rather than one
_LOW = 0.45
_MARGIN = 0.5
_OTHER_KIND = 0.15  # a heading on one side, a box on the other
_ROUNDS = 2


def match(old: Plan, new: Plan) -> tuple[tuple[int, int], ...]:
    """Pair the nodes of two versions, as positions in their `walk()`, in order of the new one."""
    olds, news = _things(old), _things(new)
    pairs = _Pairs(olds, news)
    _anchor(pairs)
    for _ in range(_ROUNDS):
        if not _pair_by_score(pairs):
            break
        _anchor_under_parents(pairs)
    return tuple(sorted(pairs.by_old.items(), key=lambda pair: pair[1]))


@dataclass(frozen=True, slots=True)
class _Thing:
    """One node, prepared for comparison."""

    index: int
    parent: int  # -1: outermost
    is_box: bool
    state: State
    text: str  # label-stripped, folded
    lead: str  # its beginning, folded; "" when too short to mean anything
    place: float  # 0 to 1 within the document
    words: tuple[str, ...]


@dataclass(slots=True)
class _Pairs:
    """What has been paired so far."""

    olds: Sequence[_Thing]
    news: Sequence[_Thing]
    by_old: dict[int, int] = field(default_factory=dict)
    by_new: dict[int, int] = field(default_factory=dict)

    def take(self, old: _Thing, new: _Thing) -> None:
        self.by_old[old.index] = new.index
        self.by_new[new.index] = old.index

    def left(self) -> tuple[list[_Thing], list[_Thing]]:
        olds = [thing for thing in self.olds if thing.index not in self.by_old]
        return olds, [thing for thing in self.news if thing.index not in self.by_new]

    def same_parent(self, old: _Thing, new: _Thing) -> bool:
        if old.parent < 0 or new.parent < 0:
            return old.parent == new.parent
        return self.by_old.get(old.parent) == new.parent


def _things(plan: Plan) -> list[_Thing]:
    things: list[_Thing] = []
    nodes: list[tuple[Node, int]] = []

    def visit(found: Iterable[Node], parent: int) -> None:
        for node in found:
            index = len(nodes)
            nodes.append((node, parent))
            visit(node.children, index)

    for section in plan.sections:
        visit(section.nodes, -1)
    for index, (node, parent) in enumerate(nodes):
        text = folded(node.title)
        things.append(
            _Thing(
                index=index,
                parent=parent,
                is_box=node.mark is not None,
                state=node.state,
                text=text,
                lead=_lead_of(node.text, node.label),
                place=index / max(len(nodes) - 1, 1),
                words=tuple(_WORD.findall(text)),
            ),
        )
    return things


_WORD = re.compile(r"[^\W_]+(?:[.:_/-]+[^\W_]+)*")
_SPACE = re.compile(r"\s+")
_MIN_LEAD = 8  # characters


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """Fold a title for comparison: case, blanks, emphasis and closing punctuation do not count."""
    return _SPACE.sub(" ", inline.plain(text)).strip(" .;:,—–-").lower()


_BOLD_REST = re.compile(r"(.+?)(?:\*\*|__)")


@lru_cache(maxsize=1 << 16)
def _lead_of(text: str, label: str) -> str:
    """Return the folded lead behind the label; "" when it is too short to mean anything."""
    after = text.partition(label)[2] if label else text
    opened = after.lstrip(" .:)—–-*_")
    bold = _BOLD_REST.match(opened) if text.lstrip().startswith("**") else None
    lead = folded(bold.group(1) if bold else inline.lead(opened))
    return lead if len(lead) >= _MIN_LEAD else ""


# --- anchors ------------------------------------------------------------------------------------


def _anchor(pairs: _Pairs) -> None:
    """Pair equal texts: first those unique on both sides, then those unique under their parent."""
    olds, news = _by_text(pairs.olds), _by_text(pairs.news)
    for text, same in olds.items():
        others = news.get(text, [])
        if len(same) == len(others) == 1 and same[0].is_box == others[0].is_box:
            pairs.take(same[0], others[0])
    _anchor_under_parents(pairs)


def _anchor_under_parents(pairs: _Pairs) -> None:
    olds, news = pairs.left()
    by_text = _by_text(news)
    for old in olds:  # outer items come first, so that inner ones find their parents paired
        same = [new for new in by_text.get(old.text, []) if new.index not in pairs.by_new]
        under = [new for new in same if pairs.same_parent(old, new) and new.is_box == old.is_box]
        if under:
            pairs.take(old, min(under, key=lambda new: abs(new.place - old.place)))


def _by_text(things: Iterable[_Thing]) -> dict[str, list[_Thing]]:
    found: dict[str, list[_Thing]] = defaultdict(list)
    for thing in things:
        found[thing.text].append(thing)
    return found


# --- scores -------------------------------------------------------------------------------------


def _pair_by_score(pairs: _Pairs) -> bool:
    """Pair what is alike enough, best first; tell whether anything was paired."""
    olds, news = pairs.left()
    if not olds or not news:
        return False
    alike = _Likeness(pairs.olds, pairs.news)
    gaps_old, gaps_new = _gaps(pairs.olds, pairs.by_old), _gaps(pairs.news, pairs.by_new)
    scores: dict[tuple[int, int], float] = {}
    likeness: dict[tuple[int, int], float] = {}
    for old in olds:
        for new in news:
            like = alike.of(old, new)
            key = old.index, new.index
            likeness[key] = like
            score = like - _DISTANCE * abs(old.place - new.place)
            score += _PARENT * pairs.same_parent(old, new)
            same_gap = pairs.by_old.get(gaps_old[old.index], -1) == gaps_new[new.index]
            score += _GAP * same_gap
            if old.state is State.DONE:
                score -= _REOPENED if new.state is not State.DONE else _DONE_TWICE * (like < _LOW)
            score -= _OTHER_KIND * (old.is_box != new.is_box)
            scores[key] = score
    return _take_best(pairs, scores, likeness)


def _take_best(
    pairs: _Pairs,
    scores: dict[tuple[int, int], float],
    likeness: dict[tuple[int, int], float],
) -> bool:
    best_old: dict[int, list[float]] = defaultdict(list)
    best_new: dict[int, list[float]] = defaultdict(list)
    for (old, new), score in scores.items():
        best_old[old].append(score)
        best_new[new].append(score)
    for ranked in (*best_old.values(), *best_new.values()):
        ranked.sort(reverse=True)
    weighed = []
    for (old, new), score in scores.items():
        rival = max(_rival(best_old[old], score), _rival(best_new[new], score), 0.0)
        total = score + _MARGIN * min(score - rival, 0.4)
        if total >= ACCEPT and likeness[old, new] > _LEAST:
            weighed.append((total, -abs(old - new), old, new))
    taken = False
    for _, _, old, new in sorted(weighed, reverse=True):
        if old not in pairs.by_old and new not in pairs.by_new:
            pairs.take(pairs.olds[old], pairs.news[new])
            taken = True
    return taken


_LEAST = 0.18  # likeness without which no circumstance makes a pair


def _rival(ranked: list[float], score: float) -> float:
    """Return the best score of a row besides `score` itself."""
    if ranked[0] != score:
        return ranked[0]
    return ranked[1] if len(ranked) > 1 else 0.0


def _gaps(things: Sequence[_Thing], paired: dict[int, int]) -> list[int]:
    """Return for each item the last paired item before it; -1: none."""
    gaps = []
    last = -1
    for thing in things:
        gaps.append(last)
        if thing.index in paired:
            last = thing.index
    return gaps


class _Likeness:
    """How alike two texts are, 0 to 1, rare words counting more than common ones."""

    def __init__(self, olds: Sequence[_Thing], news: Sequence[_Thing]) -> None:
        seen = Counter(word for things in (olds, news) for t in things for word in set(t.words))
        total = len(olds) + len(news)
        self._weights = {word: math.log(1 + total / count) for word, count in seen.items()}
        self._vectors: dict[str, tuple[dict[str, float], Counter[str], float, float]] = {}

    def of(self, old: _Thing, new: _Thing) -> float:
        if old.text == new.text:
            return 1.0
        words_a, grams_a, norm_a, size_a = self._vector(old)
        words_b, grams_b, norm_b, size_b = self._vector(new)
        if len(words_b) < len(words_a):
            words_a, words_b = words_b, words_a
        if len(grams_b) < len(grams_a):
            grams_a, grams_b = grams_b, grams_a
        by_word = sum(w * words_b[k] for k, w in words_a.items() if k in words_b)
        by_gram = sum(n * grams_b[k] for k, n in grams_a.items() if k in grams_b)
        like = by_word / (norm_a * norm_b) / 2 + by_gram / (size_a * size_b) / 2
        if old.lead and old.lead == new.lead:
            like = max(like, _SAME_LEAD)
        shorter, longer = sorted((old.text, new.text), key=len)
        if len(shorter) >= _MIN_LEAD and longer.startswith(shorter):
            like = max(like, _CONTINUED)
        return like

    def _vector(self, thing: _Thing) -> tuple[dict[str, float], Counter[str], float, float]:
        found = self._vectors.get(thing.text)
        if found is None:
            counts = Counter(thing.words)
            words = {word: count * self._weights[word] for word, count in counts.items()}
            text = f" {thing.text} "
            grams = Counter(text[at : at + 3] for at in range(len(text) - 2))
            norm = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
            size = math.sqrt(sum(count * count for count in grams.values())) or 1.0
            found = self._vectors[thing.text] = (words, grams, norm, size)
        return found
