"""What is measured: every row, what it is held against, and how both are run."""

from __future__ import annotations

import shutil

from bench import inside, live_rows, past_rows, saves, watch_rows
from bench.pairs import Figure, in_turns, measured
from bench.spawn import Command, Memory, peak_memory, timed
from bench.stage import Stage
from bench.table import Row, Target, Unit
from bench.trial import Bench, Trial, cold, donner, fewer, warm

CHUNKS = 10  # of a scan's documents: each is one pair


# --- nothing has changed --------------------------------------------------------------------------


def _warm_next(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.many)
    return warm(stage, stage.plantrack(top, "next"), stage.python(top))


def _warm_status(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.many)
    return warm(stage, stage.plantrack(top, "status"), stage.python(top))


def _warm_status_on_a_terminal(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.few)
    ours = stage.plantrack(top, "status", terminal=True)
    return warm(stage, ours, stage.python(top, terminal=True))


def _warm_refresh(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.vast)
    status = stage.git(top, "status", "--porcelain")
    stage.tell("reading every document once")
    inside.settle(top)

    def ours() -> float:
        return inside.timed(lambda: inside.refresh(top))

    pairs = fewer(stage, 2)
    return Trial(
        lambda: in_turns(ours, lambda: timed(status), pairs=pairs, warm_up=2),
        lambda: inside.refresh(top),
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
    top = donner(stage)
    log = stage.git(top, "log", "--raw", "-z", "--first-parent", "--no-abbrev", "--format=%H %ct")
    return cold(stage.plantrack(top, "next"), log, pairs=fewer(stage, 4))


def _cold_donner_files(stage: Stage) -> Trial:
    """Measure the same files where there is no past to be read."""
    top = stage.folder / "donner-files"
    if not top.exists():
        leave_out = shutil.ignore_patterns(".git", inside.MEMORY)
        shutil.copytree(donner(stage), top, ignore=leave_out)
    return cold(stage.plantrack(top, "next"), stage.python(top), pairs=fewer(stage, 4))


def _cold_scan(stage: Stage) -> Trial:
    """Measure all that is done with documents that were never seen, but for their past."""
    tree = stage.tree(stage.scale.vast)
    paths = inside.document_paths(tree)
    top = tree.parent / "documents"
    for path in paths if not top.exists() else ():
        copy = top / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(tree / path, copy)
    ours, renderer = stage.plantrack(top, "next"), inside.renderer(top, paths)

    def from_nothing() -> float:
        inside.forget(top)
        return timed(ours)

    return Trial(
        lambda: in_turns(
            from_nothing, lambda: inside.timed(renderer), pairs=stage.scale.fewest, warm_up=1
        ),
        ours,
        reset=lambda: inside.forget(top),
        notes=lambda: ("two processes share the work; cmarkgfm is one",),
    )


def _cold_donner_memory(stage: Stage) -> Trial:
    top = donner(stage)
    return _cold_memory(stage.plantrack(top, "next"), stage.python(top), pairs=fewer(stage, 10))


def _cold_vast_memory(stage: Stage) -> Trial:
    top = stage.tree(stage.scale.vast)
    return _cold_memory(stage.plantrack(top, "next"), stage.python(top), pairs=1)


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


# --- all of it ------------------------------------------------------------------------------------

_PYTHON = "python -c pass"
_GIT_LOG = "git log --raw"

BENCHES = (
    Bench(
        Row("next", "next, {many} documents, nothing changed", _PYTHON, Target(2.5)),
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
        Row("scan", "first next, {vast} documents of 10 KB without git", "cmarkgfm", Target(2.5)),
        _cold_scan,
    ),
    Bench(
        Row("donner", "first next, donner", _GIT_LOG, Target(1.5, of_ratio=False)),
        _cold_donner,
    ),
    Bench(
        Row(
            "donner-files",
            "first next, donner's files without git",
            _PYTHON,
            Target(1, of_ratio=False),
        ),
        _cold_donner_files,
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
    *saves.BENCHES,
    *past_rows.BENCHES,
    *live_rows.BENCHES,
    *watch_rows.BENCHES,
)
