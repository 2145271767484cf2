"""Parts of a document to whole ones of a wanted size, to be a nuisance with."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from strategies import DESIGN_DOC

HEAD = "# Design: Mooring\n\n**Status:** Draft\n\n## Implementation Plan\n\n"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One way to be a nuisance."""

    name: str
    make: Callable[[int], str]  # from a size in characters
    path: str = DESIGN_DOC
    encoding: str = "utf-8"

    def data(self, size: int) -> bytes:
        """Make the bytes of a file of about this size; UTF-8 may hold lone surrogates."""
        return self.make(size).encode(self.encoding, "surrogatepass")


def again(part: str, *, before: str = HEAD, after: str = "") -> Callable[[int], str]:
    """Repeat a part until the size is reached."""
    return lambda size: before + part * (size // len(part)) + after


def counted(part: str, *, before: str = HEAD) -> Callable[[int], str]:
    """Repeat a part in which "%" stands for a number that counts up."""

    def make(size: int) -> str:
        numbered = (part.replace("%", str(number)) for number in itertools.count(1))
        return before + "".join(until(numbered, size))

    return make


def lines_of(part: str, *, begin: str = "- [ ] ", step: int = 4000) -> Callable[[int], str]:
    """Fill lines of almost the length that is read with a part, in one paragraph."""
    line = part * (step // len(part))
    return lambda size: HEAD + begin + "\n  ".join([line] * (size // step + 1)) + "\n"


def growing(
    make: Callable[[int], str], *, before: str = HEAD, after: str = ""
) -> Callable[[int], str]:
    """Join make(1), make(2), … up to the size."""
    return lambda size: before + "".join(until(map(make, itertools.count(1)), size)) + after


def shrinking(make: Callable[[int], str], *, before: str = HEAD) -> Callable[[int], str]:
    def whole(size: int) -> str:
        parts = list(until(map(make, itertools.count(1)), size))
        return before + "".join(reversed(parts)) + "\n"

    return whole


def until(parts: Iterable[str], size: int) -> Iterator[str]:
    total = 0
    for part in parts:
        total += len(part)
        if total > size:
            return
        yield part
