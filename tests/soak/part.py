"""What a part of the soak is asked, and what it answers: values alone."""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path


class Verdict(StrEnum):
    """What came of a promise."""

    KEPT = "kept"
    BROKEN = "broken"
    SKIPPED = "skipped"  # this machine has not what it takes
    CRASHED = "crashed"  # the part itself failed


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, put to the test."""

    promise: str  # R4; several: "R4 R6"
    done: str  # what was done, and how often
    figure: str  # what came of it, in numbers
    verdict: Verdict
    notes: tuple[str, ...] = ()  # lines to stand below the table: failures first, with their cases


@dataclass(frozen=True, slots=True)
class Asked:
    """How much of a part is wanted."""

    part: str  # its name
    seed: int  # of the whole run: with it, everything is done once more as it was
    share: float  # of the whole form: 1 is all of it, 0.1 a short one, 10 a night
    folder: Path  # of this part alone, real, empty unless the part reuses it
    options: argparse.Namespace  # those that the part added

    def count(self, whole: int, *, least: int = 1) -> int:
        """Give the share of a number of times; never none."""
        return max(least, ceil(whole * self.share))

    def seconds(self, whole: float, *, least: float = 0.5) -> float:
        """Give the share of a time."""
        return max(least, whole * self.share)

    def chance(self, *about: object) -> random.Random:
        """Give chance that is the same for the same seed, part and words."""
        words = "/".join(map(str, (self.seed, self.part, *about)))
        return random.Random(words)  # noqa: S311 - it has to be the same again


@dataclass(frozen=True, slots=True)
class Part:
    """Something that is done for long enough to be believed."""

    name: str  # one word: `--only NAME`
    promises: str  # as in Row, all of them
    about: str  # a line in the list
    seconds: float  # that the whole form takes on two cores, about
    run: Callable[[Asked], Iterable[Row]]  # rows may come one by one
    add_options: Callable[[argparse.ArgumentParser], None] | None = None  # of its own, if any
    is_timed: bool = False  # nothing else is to run meanwhile
    reuses: bool = False  # what an earlier run with --keep left in its folder


def ask(part: Part, folder: Path, *, share: float, seed: int) -> Asked:
    """Ask for a share of a part as the command does when no option of its own is given."""
    parser = argparse.ArgumentParser()
    if part.add_options is not None:
        part.add_options(parser)
    return Asked(part.name, seed, share, folder, parser.parse_args([]))


def held(promise: str, done: str, figure: str, failures: Iterable[str] = ()) -> Row:
    """Make the row of a promise that is kept if there are no failures."""
    notes = tuple(failures)
    return Row(promise, done, figure, Verdict.BROKEN if notes else Verdict.KEPT, notes)


def skipped(promise: str, reason: str) -> Row:
    """Make the row of a promise that cannot be tried here."""
    return Row(promise, reason, "", Verdict.SKIPPED)


def tell(what: str) -> None:
    """Say what is being done, while it takes its time."""
    sys.stderr.write(f"... {what}\n")
    sys.stderr.flush()
