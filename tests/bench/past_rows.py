"""What is measured of the past: reading it, reading it again, adding it up."""

from __future__ import annotations

from dataclasses import replace

from bench import inside, million
from bench.pairs import Measured, in_turns
from bench.spawn import Command, run
from bench.stage import Stage
from bench.table import Row, Target
from bench.trial import Bench, Skipped, Trial, cold, donner, fewer, warm


def _donner(stage: Stage) -> Trial:
    top = donner(stage)
    # By pattern: naming each of them would take git longer.
    log = stage.git(top, "log", "-p", "--first-parent", "--", "*.md", "*.markdown", silent=True)
    return cold(stage.plantrack(top, "sync"), log, pairs=fewer(stage, 4))


def _long(stage: Stage) -> Trial:
    top = stage.history(stage.scale.long)
    log = stage.git(top, "log", "-p", "--", "docs", silent=True)
    return cold(stage.plantrack(top, "sync"), log, pairs=stage.scale.fewest)


def _again(stage: Stage) -> Trial:
    top = stage.history(stage.scale.long)
    ours = stage.plantrack(top, "sync")
    trial = warm(stage, ours, stage.python(top))
    calls = git_calls(stage, ours)

    def notes() -> tuple[str, ...]:
        return (*trial.notes(), f"git was started {calls} times")

    return replace(trial, notes=notes)


def git_calls(stage: Stage, command: Command) -> int:
    """Count how often a command starts git, by a git of our own that is found first."""
    folder = stage.folder / "counting"
    folder.mkdir(exist_ok=True)
    log, script = folder / "calls", folder / "git"
    real = stage.git(command.folder).argv[0]
    script.write_text(f'#!/bin/sh\necho >> "{log}"\nexec "{real}" "$@"\n')
    script.chmod(0o755)
    log.write_text("")
    path = f"{folder}:{command.environment['PATH']}"
    run(replace(command, environment={**command.environment, "PATH": path}))
    return len(log.read_text().splitlines())


def _million(stage: Stage) -> Trial:
    if not stage.scale.changes:
        message = "a database of this size is left out of a quick run"
        raise Skipped(message)
    stage.tell(f"planting {stage.scale.changes:,} changes")
    top = million.plant(stage.folder, stage.scale.changes)
    seen: list[float] = []

    def measure() -> Measured:
        with million.opened(top) as (store, raw):
            seen.append(inside.timed(lambda: million.burndown(store)))
            return in_turns(
                lambda: inside.timed(lambda: million.from_rollups(store)),
                lambda: inside.timed(lambda: million.from_changes(raw, top)),
                pairs=fewer(stage, 2),
                warm_up=2,
            )

    def whole() -> None:
        with million.opened(top) as (store, _):
            million.burndown(store)

    def notes() -> tuple[str, ...]:
        return (f"all that the command shows, its forecast too, took {seen[-1]:.2f} s",)

    return Trial(measure, whole, notes=notes)


_GIT_LOG = "git log -p"

BENCHES = (
    Bench(
        Row(
            "history-donner",
            "history from nothing, donner",
            f"{_GIT_LOG} --first-parent",
            Target(3.5, most=1.5),
        ),
        _donner,
    ),
    Bench(
        Row(
            "history-big",
            "history from nothing, {commits} commits over {held} documents",
            _GIT_LOG,
            Target(2),
        ),
        _long,
    ),
    Bench(
        Row(
            "history-again",
            "sync, {commits} commits, nothing new",
            "python -c pass",
            Target(4),
        ),
        _again,
    ),
    Bench(
        Row(
            "burndown-million",
            "burndown of {changes} changes",
            "GROUP BY over all of them",
            Target(0.01),
        ),
        _million,
    ),
)
