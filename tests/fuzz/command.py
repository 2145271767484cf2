"""Arguments to a search; the exit code is 0 when nothing was found."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzz import seeds
from fuzz.promises import PROMISES

TESTS = Path(__file__).resolve().parents[1]
BUNDLES = TESTS.parents[1] / "shared" / "corpus"
ROUND_S = 900  # one of the readers that are asked leaks memory: another process goes on
MOST_BYTES = 1_500  # of an input: longer ones say little more
HANGS_S = 20
MOST_MB = 1_500
_PROGRESS = re.compile(r"(?m)^#(\d+)\s.*?cov: (\d+) ft: (\d+) corp: (\d+)/")


@dataclass(slots=True)
class Report:
    """What came of one search."""

    name: str
    executions: int = 0
    first: tuple[int, int] = (0, 0)  # branches and features that the seeds reach
    last: tuple[int, int] = (0, 0)
    inputs: int = 0  # that are kept, as each reaches something


def main(arguments: Sequence[str] | None = None) -> int:
    """Search, one promise after the other, and say what was found."""
    asked = _parser().parse_args(arguments)
    names = asked.only or list(PROMISES)
    failures = asked.folder / "failures"
    failures.mkdir(parents=True, exist_ok=True)
    for name in names:
        corpus = asked.folder / name
        planted = seeds.plant(name, corpus, BUNDLES)
        sys.stderr.write(f"... {name}: {planted} seeds, {asked.minutes / len(names):g} minutes\n")
        report = _search(Report(name), corpus, failures, 60 * asked.minutes / len(names))
        sys.stdout.write(_words(report))
    found = sorted(path for path in failures.iterdir() if path.suffix != ".txt")
    for path in found:
        sys.stdout.write(f"found: {path}\n")
    if found:
        sys.stdout.write("Put each, as small as it can be, into tests/cases/NAME-of-the-promise\n")
    return int(bool(found))


def _search(report: Report, corpus: Path, failures: Path, seconds: float) -> Report:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        said = _round(report.name, corpus, failures, min(left, ROUND_S))
        steps = [[int(number) for number in found] for found in _PROGRESS.findall(said)]
        if not steps:
            raise SystemExit(said[-2_000:])  # it never began
        if not report.executions:
            report.first = steps[0][1], steps[0][2]
        runs, branches, features, report.inputs = steps[-1]
        report.executions += runs
        report.last = branches, features
    return report


def _round(name: str, corpus: Path, failures: Path, seconds: float) -> str:
    argv = [
        *(sys.executable, "-m", "fuzz.target", name, str(failures), str(corpus)),
        *(f"-max_total_time={max(1, int(seconds))}", f"-max_len={MOST_BYTES}", "-len_control=0"),
        *(f"-timeout={HANGS_S}", f"-rss_limit_mb={MOST_MB}"),
        f"-artifact_prefix={failures}/{name}-",
    ]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        argv, cwd=TESTS, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def _words(report: Report) -> str:
    (branches, features), (more_branches, more_features) = report.first, report.last
    return (
        f"{report.name}: {report.executions:,} inputs tried; branches {branches:,} -> "
        f"{more_branches:,}, features {features:,} -> {more_features:,}; {report.inputs:,} kept\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    add = parser.add_argument
    add("--minutes", type=float, default=10, help="how long, all promises together (10)")
    add("--only", action="append", choices=list(PROMISES), help="search for this; may be repeated")
    add("--folder", type=Path, default=TESTS.parent / ".fuzz", help="what is kept (.fuzz)")
    return parser
