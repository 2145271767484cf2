"""What was measured to the table people read and the JSON machines read."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bench.pairs import Measured

SCHEMA = "plantrack.bench/1"

Json = dict[str, object]


class Unit(StrEnum):
    """What a figure is counted in."""

    SECONDS = "s"
    MEMORY = "MB"


@dataclass(frozen=True, slots=True)
class Target:
    """What a row must not exceed; the limits have the row's unit, or are ratios."""

    limit: float
    of_ratio: bool = True  # False: of our own figure
    goal: float | None = None  # what it should come down to; None: the limit is that
    most: float | None = None  # of our own figure, besides a ratio; None: whatever it is
    rare: float | None = None  # of our own figures, what 99 of 100 must not exceed; None: likewise


@dataclass(frozen=True, slots=True)
class Row:
    """One path through the program and what it is held against."""

    name: str
    title: str
    reference: str
    target: Target
    unit: Unit = Unit.SECONDS


class Verdict(StrEnum):
    """What came of a row."""

    OK = "ok"
    OVER = "over"
    SKIPPED = "skipped"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Result:
    """One row, measured or not."""

    row: Row
    measured: Measured | None  # None: skipped or crashed
    crashed: bool = False
    notes: tuple[str, ...] = ()  # or why there is no figure

    @property
    def verdict(self) -> Verdict:
        """Hold the figure against the target."""
        if self.measured is None:
            return Verdict.CRASHED if self.crashed else Verdict.SKIPPED
        target = self.row.target
        figure = self.measured.ratio if target.of_ratio else self.measured.ours
        is_slow = target.most is not None and self.measured.ours > target.most
        is_slow |= target.rare is not None and self.measured.rare > target.rare
        return Verdict.OVER if figure > target.limit or is_slow else Verdict.OK


@dataclass(frozen=True, slots=True)
class Machine:
    """Where all this was measured."""

    cores: int  # that this process may use
    load: float  # processes that wanted one over the last minute, when the run began
    system: str
    python: str
    sqlite: str
    git: str
    entry: str  # how plantrack was started


def this_machine(entry: str) -> Machine:
    """Look around."""
    git = subprocess.run(["git", "version"], capture_output=True, text=True, check=True).stdout
    return Machine(
        cores=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        load=os.getloadavg()[0],
        system=f"{platform.system()} {platform.machine()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=sqlite3.sqlite_version,
        git=git.split()[2],
        entry=entry,
    )


def render(results: Sequence[Result], machine: Machine) -> str:
    """Draw the table, what there is to say about its rows, and the machine, a line each."""
    head = ("row", "ours", "reference", "ratio", "half of them", "target", "verdict")
    lines = columns([head, *map(_cells, results)])
    notes = [f"{result.row.name}: {note}" for result in results for note in result.notes]
    return "\n".join([*lines, "", *notes, *machine_lines(machine)]) + "\n"


def columns(cells: Sequence[tuple[str, ...]]) -> list[str]:
    """Draw rows below one another, a line each; the first is the head."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return lines


def as_json(results: Iterable[Result], machine: Machine) -> Json:
    """Give everything that is in the table, in seconds or MB, and every single pair."""
    there = {name: getattr(machine, name) for name in Machine.__slots__}
    return {"schema": SCHEMA, "machine": there, "rows": [_row_as_json(one) for one in results]}


def warnings(results: Iterable[Result]) -> list[str]:
    """Say which rows are over their targets or crashed, a line each."""
    return [
        "{0}: {1}, ratio {3}, target {5}: {6}".format(*_cells(result))
        for result in results
        if result.verdict in {Verdict.OVER, Verdict.CRASHED}
    ]


def machine_lines(machine: Machine) -> tuple[str, ...]:
    """Say where this was measured, a line each."""
    where = f"{machine.cores} cores, load {machine.load:.1f}, {machine.system}"
    what = f"{machine.python}, SQLite {machine.sqlite}, git {machine.git}"
    lines = f"machine: {where}, {what}", f"started as: {machine.entry}"
    busy = "others kept the machine busy: believe ratios more than figures, and neither too much"
    return (*lines, busy) if machine.load > machine.cores else lines


def figure(value: float, unit: Unit) -> str:
    """Write a figure as people read it."""
    if unit is Unit.MEMORY:
        return f"{value:.0f} MB"
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def _cells(result: Result) -> tuple[str, ...]:
    row, one = result.row, result.measured
    if one is None:
        figures = ("-", row.reference, "-", "-")
    else:
        low, high = one.spread
        figures = (
            figure(one.ours, row.unit),
            f"{figure(one.reference, row.unit)} {row.reference}",
            _ratio(one.ratio),
            f"{_ratio(low)} - {_ratio(high)}",
        )
    return (row.title, *figures, _target(row), result.verdict)


def _ratio(value: float) -> str:
    if value < 0.1:
        return f"{value:.4f}"
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def _target(row: Row) -> str:
    target = row.target
    unit = "x" if target.of_ratio else f" {row.unit}"
    goal = "" if target.goal is None else f" (later {target.goal:g}{unit})"
    most = "" if target.most is None else f", {target.most:g} {row.unit}"
    rare = "" if target.rare is None else f", 99 of 100 {target.rare:g} {row.unit}"
    return f"<= {target.limit:g}{unit}{goal}{most}{rare}"


def _row_as_json(result: Result) -> Json:
    row, one = result.row, result.measured
    figures: Json = {"ours": None, "reference": None, "ratio": None, "spread": None, "pairs": []}
    if one is not None:
        figures = {
            "ours": one.ours,
            "reference": one.reference,
            "ratio": one.ratio,
            "spread": list(one.spread),
            "pairs": [[pair.ours, pair.reference] for pair in one.pairs],
        }
    return {
        "name": row.name,
        "title": row.title,
        "reference_name": row.reference,
        "unit": row.unit,
        "target": {
            "limit": row.target.limit,
            "of": "ratio" if row.target.of_ratio else "ours",
            "goal": row.target.goal,
            "most": row.target.most,
            "rare": row.target.rare,
        },
        **figures,
        "verdict": result.verdict,
        "notes": list(result.notes),
    }
