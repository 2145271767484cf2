"""A path through the program at sizes ten times apart to how its work grows with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.pairs import Figure, in_rounds, quartiles
from bench.stage import Stage
from bench.table import Json, Unit, Verdict, columns, figure

TIMES = (100, 10, 1)  # the sizes are so many times smaller than the largest
STEEP = 1.1  # exponent; linear is 1, and the rest is left to noise and to caches that are too small


@dataclass(frozen=True, slots=True)
class Sized:
    """A path, ready to be measured at each size."""

    sizes: tuple[int, ...]  # smallest first
    figures: tuple[Figure, ...]  # in the same order
    rounds: int
    warm_up: int = 0


@dataclass(frozen=True, slots=True)
class Growth:
    """A path that is measured at each size, and how to get it ready; that may raise Skipped."""

    name: str
    title: str
    counted: str  # what there is ten times as much of
    prepare: Callable[[Stage], Sized]


@dataclass(frozen=True, slots=True)
class Grown:
    """What came of it."""

    growth: Growth
    sizes: tuple[int, ...] = ()  # smallest first
    rounds: tuple[tuple[float, ...], ...] = ()  # seconds at each size; none: there are no figures
    crashed: bool = False
    note: str = ""  # why there is no figure

    @property
    def seconds(self) -> tuple[float, ...]:
        """Give the median at each size."""
        return tuple(median(figures) for figures in zip(*self.rounds, strict=True))

    @property
    def exponents(self) -> tuple[float, ...]:
        """Give the power of the size that the time grows with, from each size to the next."""
        return tuple(median(found) for found in zip(*self._slopes(), strict=True))

    @property
    def spreads(self) -> tuple[tuple[float, float], ...]:
        """Give for each exponent the bounds that half of the rounds lie between."""
        return tuple(quartiles(found) for found in zip(*self._slopes(), strict=True))

    @property
    def verdict(self) -> Verdict:
        """Mark what grows faster than its input somewhere."""
        if not self.rounds:
            return Verdict.CRASHED if self.crashed else Verdict.SKIPPED
        return Verdict.OVER if max(self.exponents) > STEEP else Verdict.OK

    def _slopes(self) -> list[tuple[float, ...]]:
        return [slopes(self.sizes, figures) for figures in self.rounds]


def grown(growth: Growth, stage: Stage) -> Grown:
    """Measure a path at every size. Raises Skipped."""
    ready = growth.prepare(stage)
    rounds = in_rounds(ready.figures, rounds=ready.rounds, warm_up=ready.warm_up)
    return Grown(growth, ready.sizes, rounds)


def slopes(sizes: Iterable[int], figures: Iterable[float]) -> tuple[float, ...]:
    """Give the slope between neighbours where both axes are logarithms."""
    points = [(math.log(size), math.log(one)) for size, one in zip(sizes, figures, strict=True)]
    return tuple((above - below) / (far - near) for (near, below), (far, above) in pairwise(points))


def render(found: Iterable[Grown]) -> str:
    """Draw the table, a line each, and below it what there is to say."""
    found = tuple(found)
    head = (
        "growth, in processor time",
        *(f"{times}x" for times in (1, 10, 100)),
        "exponents",
        "half of them",
    )
    drawn = columns([(*head, "verdict"), *map(_cells, found)])
    notes = [f"{one.growth.name}: {one.note}" for one in found if one.note]
    return "\n".join([*drawn, *([""] if notes else []), *notes]) + "\n"


def as_json(found: Iterable[Grown]) -> list[Json]:
    """Give everything that is in the table, in seconds, and every round."""
    return [
        {
            "name": one.growth.name,
            "title": one.growth.title,
            "counted": one.growth.counted,
            "sizes": list(one.sizes),
            "seconds": list(one.seconds),
            "exponents": list(one.exponents),
            "spreads": [list(spread) for spread in one.spreads],
            "rounds": [list(figures) for figures in one.rounds],
            "verdict": one.verdict,
            "note": one.note,
        }
        for one in found
    ]


def warnings(found: Iterable[Grown]) -> list[str]:
    """Say what grows faster than its input or crashed, a line each."""
    return [
        f"{one.growth.name}: exponents {_words(one.exponents) or '-'}: {one.verdict}"
        for one in found
        if one.verdict in {Verdict.OVER, Verdict.CRASHED}
    ]


def _cells(one: Grown) -> tuple[str, ...]:
    sizes = ", ".join(f"{size:,}" for size in one.sizes)
    title = f"{one.growth.title}: {sizes} {one.growth.counted}"
    if not one.rounds:
        return (one.growth.title, "-", "-", "-", "-", "-", one.verdict)
    times = tuple(figure(seconds, Unit.SECONDS) for seconds in one.seconds)
    halves = ", ".join(f"{low:.2f} - {high:.2f}" for low, high in one.spreads)
    return (title, *times, _words(one.exponents), halves, one.verdict)


def _words(exponents: Iterable[float]) -> str:
    return ", ".join(f"{exponent:.2f}" for exponent in exponents)
