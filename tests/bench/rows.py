"""What is measured: every row, what it is held against, and how both are run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench import inside, trees
from bench.pairs import Figure, Measured, in_turns, measured
from bench.spawn import Command, Memory, peak_memory, run, timed
from bench.stage import CORPUS, Scale, Stage
from bench.table import Row, Target, Unit

DONNER = "donner.bundle"
CHUNKS = 10  # of a scan's documents: each is one pair


class Skipped(Exception):
    """A row cannot be measured here."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A row, ready to be measured."""

    measure: Callable[[], Measured]
    subject: Command | Callable[[], object]  # what a profile looks into
    reset: Callable[[], None] = lambda: None  # what has to be done before it is run once more
    notes: Callable[[], tuple[str, ...]] = tuple  # known when it was measured


@dataclass(frozen=True, slots=True)
class Bench:
    """A row and how to get it ready; that may raise Skipped."""

    row: Row  # its title still has to be told the scale
    prepare: Callable[[Stage], Trial]

    def at(self, scale: Scale) -> Row:
        """Give the row as it is at a scale."""
        sizes = {
            "many": scale.many.documents,
            "few": scale.few.documents,
            "vast": scale.vast.documents,
            "files": scale.vast.files,
        }
        words = {name: f"{count:,}" for name, count in sizes.items()}
        return replace(self.row, title=self.row.title.format(**words))


# --- nothing has changed --------------------------------------------------------------------------


def _warm_next(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.many)
    return _warm(stage, stage.plantrack(top, "next"), stage.python(top))


def _warm_status(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.many)
    return _warm(stage, stage.plantrack(top, "status"), stage.python(top))


def _warm_status_on_a_terminal(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.few)
    ours = stage.plantrack(top, "status", terminal=True)
    return _warm(stage, ours, stage.python(top, terminal=True))


def _warm_refresh(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.vast)
    status = stage.git(top, "status", "--porcelain")
    stage.tell("reading every document once")
    inside.settle(top)

    def ours() -> float:
        return inside.timed(lambda: inside.refresh(top))

    pairs = _fewer(stage, 2)
    return Trial(
        lambda: in_turns(ours, lambda: timed(status), pairs=pairs, warm_up=2),
        lambda: inside.refresh(top),
    )


def _warm(stage: Stage, ours: Command, reference: Command) -> Trial:
    stage.tell("reading every document once")
    inside.settle(ours.folder)
    ours_busy: list[float] = []
    reference_busy: list[float] = []

    def figure(command: Command, busy: list[float]) -> float:
        ended = run(command)
        busy.append(ended.busy)
        return ended.seconds

    def notes() -> tuple[str, ...]:
        # The clock counts what others do to a busy machine; this counts less of it.
        figures = median(ours_busy), median(reference_busy)
        milliseconds = " and ".join(f"{figure * 1000:.1f} ms" for figure in figures)
        return (f"{milliseconds} of processor time, ratio {figures[0] / figures[1]:.2f}",)

    return Trial(
        lambda: in_turns(
            lambda: figure(ours, ours_busy),
            lambda: figure(reference, reference_busy),
            pairs=stage.scale.pairs,
            warm_up=3,
        ),
        ours,
        notes=notes,
    )


# --- nothing is remembered ------------------------------------------------------------------------


def _cold_parse(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.vast)
    paths = inside.document_paths(top)
    renderer = inside.renderer(top, paths)
    renderer()  # the files are in memory from now on, for both
    chunks = [paths[start::CHUNKS] for start in range(CHUNKS)]
    inside.reader(top, chunks[0][:20])()
    size = sum((top / path).stat().st_size for path in paths)

    def figures(chunk: tuple[str, ...]) -> tuple[Figure, Figure]:
        ours, reference = inside.reader(top, chunk), inside.renderer(top, chunk)
        return lambda: inside.timed(ours), lambda: inside.timed(reference)

    return Trial(
        lambda: measured(figures(chunk) for chunk in chunks),
        inside.reader(top, chunks[0]),
        notes=lambda: (f"figures are for a tenth of {len(paths):,} documents, {size:,} bytes",),
    )


def _cold_donner(stage: Stage) -> Trial:
    top = _donner(stage)
    log = stage.git(top, "log", "--raw", "-z", "--first-parent", "--no-abbrev", "--format=%H %ct")
    return _cold(stage.plantrack(top, "next"), log, pairs=_fewer(stage, 4))


def _cold_donner_memory(stage: Stage) -> Trial:
    top = _donner(stage)
    return _cold_memory(stage.plantrack(top, "next"), stage.python(top), pairs=_fewer(stage, 10))


def _cold_vast_memory(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.vast)
    return _cold_memory(stage.plantrack(top, "next"), stage.python(top), pairs=1)


def _donner(stage: Stage) -> Path:
    bundle = CORPUS / DONNER
    if not bundle.is_file():
        message = f"{bundle} is missing"
        raise Skipped(message)
    return trees.clone(bundle, stage.folder)


def _cold(ours: Command, reference: Command, *, pairs: int) -> Trial:
    def scan() -> float:
        inside.forget(ours.folder)
        return timed(ours)

    return Trial(
        lambda: in_turns(scan, lambda: timed(reference), pairs=pairs, warm_up=min(pairs - 1, 1)),
        ours,
        reset=lambda: inside.forget(ours.folder),
    )


def _cold_memory(ours: Command, reference: Command, *, pairs: int) -> Trial:
    seen: list[Memory] = []

    def scan() -> float:
        inside.forget(ours.folder)
        seen.append(peak_memory(ours))
        return seen[-1].largest

    def notes() -> tuple[str, ...]:
        most = max(seen, key=lambda memory: memory.together)
        if most.together <= most.largest:  # it was one process, or it cannot be told here
            return ()
        return (f"all of its processes together held {most.together:.0f} MB",)

    return Trial(
        lambda: in_turns(scan, lambda: peak_memory(reference).largest, pairs=pairs),
        ours,
        reset=lambda: inside.forget(ours.folder),
        notes=notes,
    )


def _fewer(stage: Stage, times: int) -> int:
    return max(3, stage.scale.pairs // times)


# --- all of it ------------------------------------------------------------------------------------

_PYTHON = "python -c pass"
_GIT_LOG = "git log --raw"

BENCHES = (
    Bench(
        Row("next", "next, {many} documents, nothing changed", _PYTHON, Target(7, goal=2.5)),
        _warm_next,
    ),
    Bench(
        Row("status", "status, {many} documents, nothing changed", _PYTHON, Target(3)),
        _warm_status,
    ),
    Bench(
        Row("status-terminal", "status, {few} documents, on a terminal", _PYTHON, Target(8)),
        _warm_status_on_a_terminal,
    ),
    Bench(
        Row(
            "refresh",
            "refresh, {vast} documents in {files} files, nothing changed",
            "git status",
            Target(0.15),
        ),
        _warm_refresh,
    ),
    Bench(
        Row("parse", "read and parse, {vast} documents of 10 KB", "cmarkgfm", Target(2.5)),
        _cold_parse,
    ),
    Bench(
        Row("donner", "first next, donner", _GIT_LOG, Target(1.5, of_ratio=False)),
        _cold_donner,
    ),
    Bench(
        Row(
            "donner-memory",
            "first next, donner, peak memory",
            _PYTHON,
            Target(100, of_ratio=False),
            Unit.MEMORY,
        ),
        _cold_donner_memory,
    ),
    Bench(
        Row(
            "scan-memory",
            "first next, {vast} documents, peak memory",
            _PYTHON,
            Target(150, of_ratio=False),
            Unit.MEMORY,
        ),
        _cold_vast_memory,
    ),
)
