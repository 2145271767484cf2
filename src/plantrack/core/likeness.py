"""Two texts of items to how alike they are."""

# Theory of operation
#
# 1. Texts are compared folded: case, blanks, emphasis and closing punctuation say nothing.
# 2. Likeness is made of three: words in common, weighed by how rare they are in both versions,
#    with names in code somewhat more; groups of three characters; how much of the shorter text
#    stands in the longer one. An equal lead, and a text that goes on with the other, raise it.
# 3. What is added up in any order are whole numbers: the last digit is the same everywhere.

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core import inline
from plantrack.core.memo import remembered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plantrack.core.model import Node

_WORDS, _GRAMS, _CONTAINED = 0.35, 0.34, 0.31  # shares of the three likenesses
_FEW_WORDS = 3  # of the shorter text: fewer say little by being contained
_SAME_LEAD = 0.62  # likeness granted to an equal lead or first clause
_CONTINUED = 0.70  # likeness granted when one text is the beginning of the other
_FIRST_CHARACTERS = 300  # of a long text tell what it is about


@remembered(1 << 13)
def folded(text: str) -> str:
    """Fold a text for comparison: case, blanks, emphasis and closing punctuation do not count."""
    return folded_plain(inline.plain(text))


@remembered(1 << 14)
def folded_plain(plain: str) -> str:
    """Fold a text that has lost its emphasis already."""
    return " ".join(plain.split()).strip(" .;:,—–-").lower()


def weigh(wanted: Iterable[str], texts: Sequence[str]) -> Mapping[str, int]:
    """Weigh the words of `wanted` by their rarity in `texts`, and names in code somewhat more."""
    asked = frozenset().union(*(_words(text).distinct for text in wanted))
    found = [*map(_words, texts)]
    counts = Counter(chain.from_iterable(words.distinct & asked for words in found))
    named = frozenset().union(*(words.named for words in found if words.named))
    # whole numbers: the last digit of a logarithm is not the same on every machine
    rarity = {n: round(math.log2(1 + len(texts) / n) * 64) for n in set(counts.values())}
    weights = {word: rarity[count] for word, count in counts.items()}
    return weights | {word: weights[word] * 13 // 10 for word in named & asked}


class _Words(NamedTuple):
    length: int  # in words
    distinct: frozenset[str]
    named: frozenset[str]  # those in code


_SIGN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # where no blanks are written, one is a word
_WORD = re.compile(rf"[{_SIGN}]|[^\W_{_SIGN}]+(?:[.:_-]+[^\W_{_SIGN}]+)*")


@remembered(1 << 13)
def _words(text: str) -> _Words:
    in_order = _WORD.findall(text)
    named = [word for code in inline.CODE_SPAN.finditer(text) for word in _WORD.findall(code[0])]
    return _Words(len(in_order), frozenset(in_order), frozenset(named))


@remembered(1 << 10)
def _grams(text: str) -> frozenset[str]:
    around = f" {text[:_FIRST_CHARACTERS]} "
    return frozenset(map("".join, zip(around, around[1:], around[2:], strict=False)))


class Text:
    """The text of one item, prepared for comparison."""

    __slots__ = ("folded", "lead", "norm", "total", "words")

    def __init__(self, node: Node, folded: str, weights: Mapping[str, int]) -> None:
        """Take a node with its folded title; `weights` know every word of it."""
        self.lead = _lead(node.text, node.label)
        self.folded = folded
        self.words = _words(self.folded)
        own = [weights[word] for word in self.words.distinct]
        self.total = sum(own)
        self.norm = math.sqrt(sum(weight * weight for weight in own))


def alike(old: Text, new: Text, weights: Mapping[str, int]) -> float:
    """Tell how alike two texts with a word in common are, 0 to 1."""
    if old.folded == new.folded:
        return 1.0
    shared = [weights[word] for word in old.words.distinct & new.words.distinct]
    by_word = sum(weight * weight for weight in shared) / (old.norm * new.norm)
    grams, others = _grams(old.folded), _grams(new.folded)
    by_gram = len(grams & others) / math.sqrt(len(grams) * len(others))
    contained = sum(shared) / min(old.total, new.total)
    contained *= min(old.words.length, new.words.length, _FEW_WORDS) / _FEW_WORDS
    like = _WORDS * by_word + _GRAMS * by_gram + _CONTAINED * contained
    if old.lead and old.lead == new.lead:
        like = max(like, _SAME_LEAD)
    if _goes_on(old.folded, new.folded) or _goes_on(new.folded, old.folded):
        like = max(like, _CONTINUED)
    return like


_MIN_LEAD = 8  # characters: shorter ones are the lead of many things


def _goes_on(text: str, longer: str) -> bool:
    """Tell whether a text is the beginning of another, up to the end of a word."""
    is_word_cut = longer[len(text) : len(text) + 1].isalnum()
    return len(text) >= _MIN_LEAD and longer.startswith(text) and not is_word_cut


_SYMBOLS = re.compile(r"^[^\w`*~\[(\"'<]+")  # dashes, dots and pictures before the first word


@remembered(1 << 13)
def _lead(text: str, label: str) -> str:
    """Return the folded lead behind the label; "" when it is too short to mean anything."""
    before, _, after = text.partition(label) if label else ("", "", text)
    if before.count("**") % 2:  # the label stands in bold, and maybe the lead with it
        inside, _, rest = after.partition("**")
        after = inside if _WORD.search(inside) else rest
    lead = folded(inline.lead(_SYMBOLS.sub("", after)))
    return lead if len(lead) >= _MIN_LEAD else ""
