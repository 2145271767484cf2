"""Things measured in turns to what they say together, and how far it can be trusted."""

from __future__ import annotations

import gc
import math
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

Figure = Callable[[], float]  # one measurement: seconds, or MB


@dataclass(frozen=True, slots=True)
class Pair:
    """One measurement of each, right after one another."""

    ours: float
    reference: float

    @property
    def ratio(self) -> float:
        """Tell how many times the reference ours is."""
        return self.ours / self.reference


@dataclass(frozen=True, slots=True)
class Measured:
    """What all pairs say together."""

    pairs: tuple[Pair, ...]  # in the order they were measured; at least one

    @property
    def ours(self) -> float:
        """Give the median of our own figures."""
        return statistics.median(pair.ours for pair in self.pairs)

    @property
    def reference(self) -> float:
        """Give the median of the reference's figures."""
        return statistics.median(pair.reference for pair in self.pairs)

    @property
    def ratio(self) -> float:
        """Give the median of the pairs' ratios."""
        return statistics.median(pair.ratio for pair in self.pairs)

    @property
    def rare(self) -> float:
        """Give what 99 of 100 of our own figures do not exceed."""
        figures = sorted(pair.ours for pair in self.pairs)
        return figures[math.ceil(len(figures) * 0.99) - 1]

    @property
    def spread(self) -> tuple[float, float]:
        """Give the quartiles of the pairs' ratios: half of them lie between."""
        return quartiles([pair.ratio for pair in self.pairs])


def in_turns(ours: Figure, reference: Figure, *, pairs: int, warm_up: int = 0) -> Measured:
    """Measure ours, reference, ours, reference …; the first `warm_up` pairs do not count."""
    return measured(((ours, reference) for _ in range(warm_up + pairs)), warm_up=warm_up)


def measured(figures: Iterable[tuple[Figure, Figure]], *, warm_up: int = 0) -> Measured:
    """Measure each pair's ours, then its reference; the first `warm_up` pairs do not count."""
    pairs = []
    with _steady():
        for ours, reference in figures:
            pairs.append(Pair(ours(), reference()))
            gc.collect()
    return Measured(tuple(pairs[warm_up:]))


def in_rounds(
    figures: Sequence[Figure], *, rounds: int, warm_up: int = 0
) -> tuple[tuple[float, ...], ...]:
    """Measure each in turn, again and again; give round by round what came, in their order."""
    found = []
    with _steady():
        for _ in range(warm_up + rounds):
            found.append(tuple(figure() for figure in figures))
            gc.collect()
    return tuple(found[warm_up:])


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """Give the bounds that half of them lie between."""
    if len(values) == 1:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


@contextmanager
def _steady() -> Iterator[None]:
    gc.collect()
    gc.freeze()  # what the benchmark holds is not looked through again in somebody's time
    try:
        yield
    finally:
        gc.unfreeze()
