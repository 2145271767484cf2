"""Which paths are measured at sizes ten times apart, and how each is."""

# Theory of operation
#
# 1. Each path has the same generator at every size: files, commits and changes grow together with
#    what is counted.
# 2. The sizes take turns, so that noise meets all of them; and processor time is what is told,
#    because others who keep the machine busy change it least.
# 3. What starts a process has its start in its time, as people have: its exponent says how the wait
#    grows. What is called in this process has none.

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench import inside, million
from bench.growth import TIMES, Growth, Sized
from bench.pairs import Figure
from bench.spawn import run
from bench.stage import Stage
from bench.trial import fewer

_OPEN, _TICKED = b"- [ ]", b"- [x]"


def _command(word: str) -> Callable[[Stage], Sized]:
    def prepare(stage: Stage) -> Sized:
        def figure(top: Path) -> Figure:
            inside.settle(top)
            asked = stage.plantrack(top, word)
            return lambda: run(asked).busy

        return _trees(stage, figure, rounds=_often(stage), warm_up=2)

    return prepare


def _refresh(stage: Stage) -> Sized:
    def figure(top: Path) -> Figure:
        inside.settle(top)
        return lambda: inside.worked(lambda: inside.refresh(top))

    return _trees(stage, figure, rounds=_often(stage), warm_up=2)


def _save(stage: Stage) -> Sized:
    """Measure the refresh after one box was ticked; then the document is as it was."""

    def figure(top: Path) -> Figure:
        inside.settle(top)
        file = _one_with_an_open_box(top)
        data = file.read_bytes()

        def save() -> float:
            file.write_bytes(data.replace(_OPEN, _TICKED, 1))
            try:
                return inside.worked(lambda: inside.refresh(top))
            finally:
                file.write_bytes(data)
                inside.refresh(top)

        return save

    return _trees(stage, figure, rounds=_often(stage), warm_up=1)


def _parse(stage: Stage) -> Sized:
    def figure(top: Path) -> Figure:
        paths = inside.document_paths(top)
        inside.renderer(top, paths)()  # the files are in memory from now on
        read = inside.reader(top, paths)
        return lambda: inside.worked(read)

    return _trees(stage, figure, rounds=stage.scale.fewest)


def _history(stage: Stage) -> Sized:
    lengths = [stage.scale.long.part(times) for times in TIMES]

    def figure(top: Path) -> Figure:
        asked = stage.plantrack(top, "sync")

        def from_nothing() -> float:
            inside.forget(top)
            return run(asked).busy

        return from_nothing

    figures = tuple(figure(stage.history(length)) for length in lengths)
    return Sized(tuple(length.commits for length in lengths), figures, stage.scale.fewest)


def _burndown(stage: Stage) -> Sized:
    sizes = tuple(stage.scale.grown // times for times in TIMES)

    def figure(changes: int) -> Figure:
        stage.tell(f"planting {changes:,} changes")
        top = million.plant(stage.folder, changes)

        def add_up() -> float:
            with million.opened(top) as (store, _):
                return inside.worked(lambda: million.from_rollups(store))

        return add_up

    return Sized(sizes, tuple(map(figure, sizes)), _often(stage), 1)


def _often(stage: Stage) -> int:
    return max(3, fewer(stage, 3))


def _trees(
    stage: Stage, figure: Callable[[Path], Figure], *, rounds: int, warm_up: int = 0
) -> Sized:
    sizes = [stage.scale.vast.part(times) for times in TIMES]
    figures = tuple(figure(stage.tree(size)) for size in sizes)
    return Sized(tuple(size.documents for size in sizes), figures, rounds, warm_up)


def _one_with_an_open_box(top: Path) -> Path:
    files = (top / path for path in inside.document_paths(top))
    return next(file for file in files if _OPEN in file.read_bytes())


GROWTHS = (
    Growth("growth-next", "next, nothing changed", "documents", _command("next")),
    Growth("growth-status", "status, nothing changed", "documents", _command("status")),
    Growth("growth-refresh", "refresh, nothing changed", "documents", _refresh),
    Growth("growth-save", "refresh, one box ticked", "documents", _save),
    Growth("growth-parse", "read and parse", "documents", _parse),
    Growth("growth-history", "history from nothing", "commits", _history),
    Growth("growth-burndown", "burndown's days", "changes", _burndown),
)
