"""What is measured of watching: how soon it begins, what it holds, how soon it tells."""

# Each start is a process of its own, which tells its own figures: what it imports for watching and
# what that holds count, the interpreter does not.

from __future__ import annotations

import select
import sys
from dataclasses import replace
from math import inf
from pathlib import Path
from time import perf_counter, sleep

from bench.live_rows import watched
from bench.pairs import Measured, in_turns
from bench.spawn import Command, Failed, run
from bench.stage import PROJECT, Stage
from bench.table import Row, Target, Unit
from bench.trial import Bench, Trial, fewer
from plantrack.watch import Pace, Watcher
from soak.follower import ground

_ENOUGH_S = 20.0
_MEASURED = """
import os, sys
from pathlib import Path
from time import perf_counter
from soak.follower import ground
def held():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
top = Path(sys.argv[1])
folders = ground(top).folders
for name in [name for name in sys.modules if name.startswith("plantrack")]:
    del sys.modules[name]
before, began = held(), perf_counter()
{start}
print(perf_counter() - began, held() - before, len(folders))
"""
_OURS = """
from plantrack.watch import Ground, Watcher
git = str(top / ".git")
watcher = Watcher(Ground(str(top), git, git, folders, lambda path: path.endswith(".md")))
assert watcher.mode == "events", watcher.notice
"""
_WATCHDOG = """
from watchdog.events import FileSystemEventHandler
from watchdog.observers import Observer
observer = Observer()
observer.schedule(FileSystemEventHandler(), str(top), recursive=True)
observer.start()
"""


def _start(stage: Stage) -> Trial:
    return _starting(stage, 0)


def _memory(stage: Stage) -> Trial:
    return _starting(stage, 1)


def _starting(stage: Stage, column: int) -> Trial:
    top = stage.tree(stage.scale.vast)
    path = {"PYTHONPATH": f"{PROJECT / 'tests'}:{PROJECT / 'src'}"}
    ours, reference = (
        Command(
            (sys.executable, "-c", _MEASURED.format(start=start), str(top)),
            top,
            {**stage.environment(), **path},
        )
        for start in (_OURS, _WATCHDOG)
    )
    folders: list[int] = []

    def figure(command: Command) -> float:
        said = run(command).output.split()
        folders.append(int(said[2]))
        return float(said[column])

    return Trial(
        lambda: in_turns(
            lambda: figure(ours),
            lambda: figure(reference),
            pairs=fewer(stage, 4),
            warm_up=1,
        ),
        ours,
        notes=lambda: (f"{folders[-1]:,} folders are watched",),
    )


def _latency(stage: Stage) -> Trial:
    folder = stage.folder / "told"
    folder.mkdir(exist_ok=True)
    path, beside = folder / "plan.md", folder / "plan.tmp"
    pace = Pace(sweep_s=inf)
    most: list[float] = []

    def measure(watcher: Watcher) -> float:
        beside.write_text(f"# Plan {perf_counter()}\n")
        sleep(pace.quiet_s * 1.5)
        watcher.take()
        began = perf_counter()
        beside.replace(path)
        while (batch := _batch(watcher)) is None or path.name not in batch:
            if perf_counter() - began > _ENOUGH_S:
                message = "nobody told of the save"
                raise Failed(message)
        most.append(perf_counter() - began)
        return most[-1]

    def whole() -> Measured:
        with Watcher(ground(folder), pace) as watcher, watched(stage.folder) as reference:
            watcher.take()
            return in_turns(
                lambda: measure(watcher), reference, pairs=stage.scale.pairs * 3, warm_up=5
            )

    return Trial(
        whole,
        lambda: _once(folder),
        notes=lambda: (f"the slowest of {len(most)} took {max(most) * 1000:.1f} ms",),
    )


def _batch(watcher: Watcher) -> frozenset[str] | None:
    due = watcher.due()
    select.select([watcher], [], [], _ENOUGH_S if due is None else due)
    batch = watcher.take()
    return None if batch is None else batch.paths


def _once(folder: Path) -> None:
    with Watcher(ground(folder)) as watcher:
        watcher.take()


_WHOLE_TREE = "watchdog, on the tree"
_START = Row("watch-start", "begin to watch, {files} files", _WHOLE_TREE, Target(1, of_ratio=False))

BENCHES = (
    Bench(_START, _start),
    Bench(
        replace(
            _START,
            name="watch-memory",
            title="watching {files} files, memory beyond the interpreter's",
            target=Target(60, of_ratio=False),
            unit=Unit.MEMORY,
        ),
        _memory,
    ),
    Bench(Row("watch-save", "save to batch", "watchdog alone", Target(3)), _latency),
)
