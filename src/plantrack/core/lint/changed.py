"""Two versions of a document to the lines of the later one that are new or were changed."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from plantrack.core.markdown import split_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_PAIRS = 4_000_000  # of lines that are compared; beyond, their order is not looked at


def changed_lines(before: str, after: str) -> frozenset[int]:
    """Find the lines of `after`, from 1, that are not, in this order, in `before`.

    Where lines went and none came, the line that follows them counts as changed.
    """
    old, new = split_lines(before), split_lines(after)
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    old, new = old[first : len(old) - last], new[first : len(new) - last]
    if not new:
        return frozenset({first + 1}) if old else frozenset()
    if len(old) * len(new) > _MOST_PAIRS:
        return frozenset(_unknown(old, new, first + 1))
    found: set[int] = set()
    for kind, _, _, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "delete":
            found.add(first + start + 1)
        elif kind != "equal":
            found.update(range(first + start + 1, first + end + 1))
    return frozenset(found)


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """Count the lines at the beginning that are the same."""
    count = 0
    for before, after in zip(old, new, strict=False):
        if before != after:
            break
        count += 1
    return count


def _unknown(old: Sequence[str], new: Sequence[str], first: int) -> list[int]:
    left = Counter(old)
    found = []
    for line, text in enumerate(new, start=first):
        if left[text]:
            left[text] -= 1
        else:
            found.append(line)
    return found
