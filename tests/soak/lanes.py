"""Parts to their rows, some at a time, each in a process of its own."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path

from soak.part import Part, Row, Verdict
from soak.table import Told

Run = Callable[[Part], list[Told]]


def run(chosen: Sequence[Part], run_one: Run, folder: Path, *, jobs: int) -> list[Told]:
    """Run parts, and give their rows in the order of the parts.

    The longest begin first. Those that take the time of others come at last, one by one.
    """
    crowd = sorted((one for one in chosen if not one.is_timed), key=lambda one: -one.seconds)
    timed = [one for one in chosen if one.is_timed]
    _in_lanes(crowd, run_one, folder, jobs)
    _in_lanes(timed, run_one, folder, 1)
    return [row for part in chosen for row in _rows(part, folder)]


def _in_lanes(waiting: list[Part], run_one: Run, folder: Path, jobs: int) -> None:
    waiting, running = list(waiting), set[int]()
    while waiting or running:
        while waiting and len(running) < jobs:
            running.add(_fork(waiting.pop(0), run_one, folder))
        child, _ = os.wait()
        running.discard(child)


def _fork(part: Part, run_one: Run, folder: Path) -> int:
    child = os.fork()
    if child == 0:
        try:
            _file(part, folder).write_bytes(pickle.dumps(run_one(part)))
        finally:
            os._exit(0)
    return child


def _rows(part: Part, folder: Path) -> list[Told]:
    try:
        told: list[Told] = pickle.loads(_file(part, folder).read_bytes())  # noqa: S301 - our own
    except (OSError, EOFError):
        row = Row(part.promises, part.about, "", Verdict.CRASHED, ("its process ended",))
        return [Told(part.name, 0, row)]
    return told


def _file(part: Part, folder: Path) -> Path:
    return folder / f"{part.name}.rows"
