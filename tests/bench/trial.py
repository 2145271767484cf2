"""What a row is made of: something to measure, what has to be done before, how it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench import inside, trees
from bench.pairs import Measured, in_turns
from bench.spawn import Command, run, timed
from bench.stage import CORPUS, Scale, Stage
from bench.table import Row


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

    row: Row  # its words still have to be told the scale
    prepare: Callable[[Stage], Trial]

    def at(self, scale: Scale) -> Row:
        """Give the row as it is at a scale."""
        words = {
            name: f"{count:,}"
            for name, count in {
                "many": scale.many.documents,
                "few": scale.few.documents,
                "vast": scale.vast.documents,
                "files": scale.vast.files,
                "commits": scale.long.commits,
                "held": scale.long.documents,
                "changes": scale.changes,
            }.items()
        }
        title, reference = (text.format(**words) for text in (self.row.title, self.row.reference))
        return replace(self.row, title=title, reference=reference)


def donner(stage: Stage) -> Path:
    """Clone the bundle of the one real repository that is measured; may raise Skipped."""
    bundle = CORPUS / "donner.bundle"
    if not bundle.is_file():
        message = f"{bundle} is missing"
        raise Skipped(message)
    return trees.clone(bundle, stage.folder)


def warm(stage: Stage, ours: Command, reference: Command) -> Trial:
    """Measure a command when nothing has changed since it ran last."""
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


def cold(ours: Command, reference: Command, *, pairs: int) -> Trial:
    """Measure a command from nothing: what is remembered is dropped before each run."""

    def from_nothing() -> float:
        inside.forget(ours.folder)
        return timed(ours)

    return Trial(
        lambda: in_turns(
            from_nothing, lambda: timed(reference), pairs=pairs, warm_up=min(pairs - 1, 1)
        ),
        ours,
        reset=lambda: inside.forget(ours.folder),
    )


def fewer(stage: Stage, times: int) -> int:
    """Give so many times fewer pairs than for what takes milliseconds."""
    return max(stage.scale.fewest, stage.scale.pairs // times)
