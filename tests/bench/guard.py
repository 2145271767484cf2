"""The instructions that the hot path takes to whether it became slower."""

# Theory of operation
#
# 1. valgrind counts instructions. The same work takes the same number of them, however busy the
#    machine is, so that what no clock tells apart is seen.
# 2. How many there are depends on how Python and SQLite were built. They are held against those of
#    `python -c pass`, counted in the same run; and a baseline has ratios for each build, which is
#    known again by its versions and by what `pass` takes.
# 3. Python is started without its site, because what an environment brings along would count.
# 4. What is called in a process is counted by doing it several times, less doing it once: imports
#    and what is only done the first time drop out.

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import mistune

from bench import inside
from bench.spawn import Failed
from bench.stage import PROJECT, Stage
from bench.table import Json, columns
from bench.trees import Size
from bench.trial import Skipped

BASELINE = Path(__file__).with_name("guard.json")
SCHEMA = "plantrack.guard/1"
TOLERANCE = 0.02  # what differs less is the same; the same work differs by a thousandth
TIMES = 6

_SIZE = Size(100, 500)
# A site is not there to find what is installed; looking through it counts, so few do.
_PATHS = (PROJECT / "src",)
_ALL_PATHS = (*_PATHS, PROJECT / "tests", Path(mistune.__file__).parents[1])
_SAME_BUILD = 0.03  # of what pass takes
_BUILD = (
    "import platform, sqlite3; "
    "print(platform.python_implementation(), *platform.python_version_tuple()[:2], "
    "sqlite3.sqlite_version)"
)
_REFS = re.compile(r"I\s+refs:\s+([\d,]+)")


@dataclass(frozen=True, slots=True)
class Counts:
    """What one interpreter took for each path."""

    build: str  # versions of Python and SQLite
    nothing: int  # instructions of python -c pass
    ratios: Mapping[str, float]  # to that, by path

    def is_same_build(self, other: Counts) -> bool:
        """Tell whether both were counted with one build of Python."""
        near = abs(self.nothing / other.nothing - 1) <= _SAME_BUILD
        return self.build == other.build and near


@dataclass(frozen=True, slots=True)
class Finding:
    """One path, held against the baseline."""

    path: str
    ratio: float
    expected: float | None  # None: the baseline does not know this path

    @property
    def change(self) -> float:
        """Give the share by which it differs: 0.1 is a tenth more."""
        return 0.0 if self.expected is None else self.ratio / self.expected - 1

    @property
    def verdict(self) -> str:
        """Say in a word what is to be done about it."""
        if self.expected is None:
            return "new"
        if abs(self.change) <= TOLERANCE:
            return "ok"
        return "slower" if self.change > 0 else "quicker"


def count(stage: Stage, python: str) -> Counts:
    """Count every path with an interpreter.

    Raises Skipped where nothing can be counted, Failed when a path does not do its work.
    """
    if shutil.which("valgrind") is None:
        raise Skipped("valgrind is missing (on Debian: apt-get install valgrind)")
    top = stage.tree(_SIZE)
    inside.settle(top)
    runs = Runs(stage, python, top)
    try:
        nothing = runs.count("-c", "pass")
    except Failed as error:
        raise Skipped(f"valgrind counts nothing here: {error}") from error
    totals: dict[str, float] = {
        "next": runs.count("-m", "plantrack", "next"),
        "status": runs.count("-m", "plantrack", "status"),
    }
    for path in ("refresh", "parse"):
        one, more = (
            runs.count("-m", "bench.counted", path, str(top), n, paths=_ALL_PATHS)
            for n in ("1", f"{TIMES}")
        )
        totals[path] = (more - one) / (TIMES - 1)
    return Counts(runs.build(), nothing, {path: one / nothing for path, one in totals.items()})


class Runs:
    """One interpreter, started in a repository."""

    def __init__(self, stage: Stage, python: str, top: Path) -> None:
        self._python = python
        self._top = top
        self._environment = {**stage.environment(), "PYTHONHASHSEED": "0"}

    def count(self, *arguments: str, paths: tuple[Path, ...] = _PATHS) -> int:
        """Count the instructions of a run; one before it has everything compiled and read."""
        self._environment["PYTHONPATH"] = ":".join(map(str, paths))
        self._run(self._python, "-S", *arguments)
        with tempfile.NamedTemporaryFile("r") as log:
            self._run(
                "valgrind",
                "--tool=cachegrind",
                "--cache-sim=no",
                f"--cachegrind-out-file={os.devnull}",
                f"--log-file={log.name}",
                self._python,
                "-S",
                *arguments,
            )
            said = log.read()
        found = _REFS.search(said)
        if found is None:
            raise Failed(f"valgrind counted nothing: {said.strip()[-200:]}")
        return int(found[1].replace(",", ""))

    def build(self) -> str:
        """Name the versions that counts depend on."""
        implementation, major, minor, sqlite = self._run(self._python, "-S", "-c", _BUILD).split()
        return f"{implementation} {major}.{minor}, SQLite {sqlite}"

    def _run(self, *argv: str) -> str:
        try:
            return subprocess.run(
                argv,
                cwd=self._top,
                env=self._environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        except subprocess.CalledProcessError as error:
            last = f"{error.stdout}{error.stderr}".strip()[-500:]
            raise Failed(f"{' '.join(argv)} ended with {error.returncode}: {last}") from error


def known(file: Path = BASELINE) -> tuple[Counts, ...]:
    """Read what was written down, one for each interpreter."""
    said = json.loads(file.read_text(encoding="utf-8"))
    assert said["schema"] == SCHEMA
    return tuple(Counts(one["build"], one["pass"], one["ratios"]) for one in said["known"])


def held_against(baseline: tuple[Counts, ...], counts: Counts) -> tuple[Finding, ...]:
    """Hold counts against what this interpreter took before. Raises Skipped where it is unknown."""
    for one in baseline:
        if one.is_same_build(counts):
            return tuple(
                Finding(path, ratio, one.ratios.get(path)) for path, ratio in counts.ratios.items()
            )
    raise Skipped(
        f"this build of Python is not known ({counts.build}, {counts.nothing:,} instructions for"
        " pass): make guard ARGS=--write has it written down"
    )


def written(baseline: tuple[Counts, ...], counts: Counts) -> tuple[Counts, ...]:
    """Put counts into a baseline; what other interpreters took moves by the same shares."""
    shares: dict[str, float] = {}
    for one in baseline:
        if one.is_same_build(counts):
            shares = {
                path: ratio / one.ratios[path]
                for path, ratio in counts.ratios.items()
                if path in one.ratios
            }
    others = [
        replace(
            one, ratios={path: ratio * shares.get(path, 1) for path, ratio in one.ratios.items()}
        )
        for one in baseline
        if not one.is_same_build(counts)
    ]
    return tuple(sorted([*others, counts], key=lambda one: (one.build, one.nothing)))


def as_json(baseline: tuple[Counts, ...]) -> Json:
    """Give a baseline as it is kept."""
    rounded = [
        {
            "build": one.build,
            "pass": one.nothing,
            "ratios": {path: round(ratio, 4) for path, ratio in one.ratios.items()},
        }
        for one in baseline
    ]
    return {"schema": SCHEMA, "known": rounded}


def render(findings: tuple[Finding, ...], counts: Counts) -> str:
    """Draw the table and name the interpreter."""
    head = ("path", "instructions", "of pass", "baseline", "change", "verdict")
    drawn = columns([head, *(_cells(one, counts) for one in findings)])
    said = f"pass: {counts.nothing:,} instructions with {counts.build}; tolerance {TOLERANCE:.0%}"
    return "\n".join([*drawn, "", said]) + "\n"


def _cells(one: Finding, counts: Counts) -> tuple[str, ...]:
    instructions = f"{one.ratio * counts.nothing:,.0f}"
    expected = "-" if one.expected is None else f"{one.expected:.4f}"
    return (one.path, instructions, f"{one.ratio:.4f}", expected, f"{one.change:+.2%}", one.verdict)
