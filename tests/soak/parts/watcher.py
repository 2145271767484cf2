"""Edits, renames and switches in a large tree, and whether a watcher missed any."""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import select
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

from bench import trees
from bench.trees import Size
from plantrack.watch import Pace, Watcher
from soak import mischief
from soak.follower import Follower, ground, rescan
from soak.part import Asked, Part, Row, Verdict, tell

ROUND_S = 5.0  # between two comparisons
QUIET_S = 0.4  # without a batch, after which everything must have been told
PATIENCE_S = 120.0  # for that
KIB_A_MB = 1024
MOST_LOST = 8  # that are named
FILES = 100_000
FILES_LEAST = 5_000
PLANTING_S = 20.0
WHOLE_S = 100.0


@dataclass(slots=True)
class Report:
    """What came of it."""

    started_s: float
    folders: int
    rss_mb: list[float] = field(default_factory=list)  # before, after the start, after each round
    threads: int = 0  # the most there were
    rounds: int = 0
    overflows: int = 0
    lost: list[str] = field(default_factory=list)  # what a comparison found and no event told
    deeds: dict[str, int] = field(default_factory=dict)


class _Overflows(logging.Handler):
    """Counts how often the kernel said that events were lost."""

    def __init__(self, report: Report) -> None:
        super().__init__(logging.WARNING)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().endswith("events were lost"):
            self._report.overflows += 1


def run(asked: Asked) -> Iterator[Row]:
    """Let things be done, and follow them."""
    options = asked.options
    files = options.files or min(FILES, asked.count(FILES, least=FILES_LEAST))
    tell(f"planting {options.documents:,} documents among {files:,} files")
    top = _plant(asked.folder, Size(options.documents, files))
    report, following = _start(top, Pace(sweep_s=options.sweep or inf))
    with following.watcher:
        began, busy = time.monotonic(), time.process_time()
        how = (str(asked.seed), str(options.round))
        _soak(report, following, asked.seconds(WHOLE_S), how)
        seconds, busy = time.monotonic() - began, time.process_time() - busy
        by_events = following.watcher.mode == "events"
    lines = _words(report, following, seconds, busy)
    yield Row(
        "R11",
        f"{sum(report.deeds.values()):,} edits, renames, switches in {files:,} files",
        f"{len(report.lost)} lost in {report.rounds} comparisons",
        Verdict.BROKEN if report.lost or not by_events else Verdict.KEPT,
        (*(() if by_events else ("it did not go by events",)), *report.lost[:MOST_LOST], *lines),
    )


def _plant(folder: Path, size: Size) -> Path:
    """Make a repository with two branches, or bring one that was used before back to order."""
    folder.mkdir(parents=True, exist_ok=True)
    top = trees.plant(folder, size)
    main, other = mischief.BRANCHES
    trees.git(top, "switch", "--quiet", "--force-create", other, "HEAD")
    for path in sorted(rescan(top))[::2]:
        (top / path).write_text("# Another plan\n\n- [ ] a step\n")
    trees.git(top, "commit", "--quiet", "--all", "--message", "Plan otherwise")
    trees.git(top, "switch", "--quiet", "--force", main)
    return top


def _start(top: Path, pace: Pace) -> tuple[Report, Follower]:
    where = ground(top)
    model = rescan(top)
    before = _rss_mb()
    began = time.perf_counter()
    watcher = Watcher(where, pace)
    report = Report(time.perf_counter() - began, len(where.folders), [before, _rss_mb()])
    logging.getLogger("watchdog").addHandler(_Overflows(report))
    return report, Follower(top, watcher, model)


def _soak(report: Report, following: Follower, seconds: float, how: tuple[str, str]) -> None:
    script = [sys.executable, mischief.__file__, str(following.top), *how]
    until = time.monotonic() + seconds
    with subprocess.Popen(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as doer:
        assert doer.stdin is not None
        assert doer.stdout is not None
        while time.monotonic() < until:
            doer.stdin.write(b"\n")
            doer.stdin.flush()
            while not select.select([doer.stdout], [], [], 0)[0]:
                following.step(0.05)
                report.threads = max(report.threads, threading.active_count())
            report.deeds = json.loads(doer.stdout.readline())
            _compare(report, following)
        doer.stdin.close()


def _compare(report: Report, following: Follower) -> None:
    """Wait until nothing more is told, and hold the model against the files."""
    is_settled = following.settle(QUIET_S, time.monotonic() + PATIENCE_S)
    truth = rescan(following.top)
    model = following.model
    wrong = {path for path in truth.keys() | model.keys() if truth.get(path) != model.get(path)}
    report.rounds += 1
    report.rss_mb.append(_rss_mb())
    report.lost += sorted(wrong) + ([] if is_settled else ["it was never silent"])
    following.model = truth
    if wrong:
        tell(f"round {report.rounds}: nobody told of {sorted(wrong)[:5]}")


def _words(report: Report, following: Follower, seconds: float, busy: float) -> tuple[str, ...]:
    batches = following.batches
    before, started, *later = report.rss_mb
    whole = sum(batch.is_whole for batch in batches)
    deeds = ", ".join(f"{count} {name}" for name, count in sorted(report.deeds.items()))
    looking = following.looking_s
    documents = len(following.model)
    share, looking_share = (100 * spent / seconds for spent in (busy - looking, looking))
    return (
        f"start     {report.started_s * 1000:.0f} ms for {report.folders:,} folders",
        f"memory    {before:.0f} MB before, {started:.0f} MB then, {max(later):.0f} MB most",
        f"threads   {report.threads}",
        f"done      {sum(report.deeds.values()):,}: {deeds}",
        f"batches   {len(batches):,}, {whole:,} of them whole; {report.overflows} overflows",
        f"processor {share:.1f} % of a core to watch, {looking_share:.1f} % to read what changed",
        f"compared  {report.rounds} times in {seconds:.0f} s, {documents:,} documents",
    )


def _rss_mb() -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MB
    return pages * os.sysconf("SC_PAGE_SIZE") / KIB_A_MB**2


def _add_options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--files", type=int, help=f"watcher: how many in the tree ({FILES:,}, less in a short form)"
    )
    add("--documents", type=int, default=500, help="watcher: how many of them (500)")
    add("--round", type=float, default=ROUND_S, help="watcher: seconds between comparisons (5)")
    add("--sweep", type=float, help="watcher: look at everything so often (never: events must do)")


PART = Part(
    "watcher", "R11", "a watcher is held against the files", PLANTING_S + WHOLE_S, run,
    add_options=_add_options, reuses=True,
)  # fmt: skip
