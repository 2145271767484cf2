"""A row's own side to where its time goes: imports and calls."""

from __future__ import annotations

import cProfile
import io
import pstats
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.spawn import Command, run
from bench.stage import Stage

TOP = 25
RUNS = 7  # of each, the quickest counts


@dataclass(frozen=True, slots=True)
class Import:
    """What importing one module took, in microseconds."""

    name: str
    own_us: int
    with_others_us: int  # with everything it was the first to import


def of_command(stage: Stage, command: Command, reset: Callable[[], None]) -> str:
    """Profile a command's imports and calls."""
    return "\n".join([_imports_of(stage, command, reset), _calls_of(stage, command, reset)])


def of_function(work: Callable[[], object]) -> str:
    """Profile a function's calls."""
    profile = cProfile.Profile()
    profile.runcall(work)
    return _described(pstats.Stats(profile, stream=io.StringIO()))


def read_imports(said: str) -> list[Import]:
    """Read what `-X importtime` prints, in its order."""
    found = []
    for line in said.splitlines():
        words = line.removeprefix("import time:").split("|")
        if line.startswith("import time:") and words[0].strip().isdigit():
            found.append(Import(words[2].strip(), int(words[0]), int(words[1])))
    return found


def _imports_of(stage: Stage, command: Command, reset: Callable[[], None]) -> str:
    """List the imports that cost most; those that Python does by itself are left out."""
    known = {one.name for one in read_imports(_importing(stage, command, ("-c", "pass")))}
    best: dict[str, Import] = {}
    for _ in range(RUNS):
        reset()
        for one in read_imports(_importing(stage, command, _script(command))):
            before = best.get(one.name)
            if one.name not in known and (before is None or one.own_us < before.own_us):
                best[one.name] = one
    ranked = sorted(best.values(), key=lambda one: one.own_us, reverse=True)
    total = sum(one.own_us for one in ranked)
    lines = [f"imports: {len(ranked)}, {total / 1000:.1f} ms (with -X importtime, best of {RUNS})"]
    lines += ["     own  with others  module"]
    lines += [
        f"{one.own_us / 1000:8.2f}  {one.with_others_us / 1000:11.2f}  {one.name}"
        for one in ranked[:TOP]
    ]
    return "\n".join(lines) + "\n"


def _importing(stage: Stage, command: Command, script: tuple[str, ...]) -> str:
    argv = (sys.executable, "-X", "importtime", *script)
    return run(replace(command, argv=argv, environment=stage.environment())).talk


def _calls_of(stage: Stage, command: Command, reset: Callable[[], None]) -> str:
    reset()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "calls"
        argv = (sys.executable, "-m", "cProfile", "-o", str(out), *_script(command))
        run(replace(command, argv=argv, environment=stage.environment()))
        return _described(pstats.Stats(str(out), stream=io.StringIO()))


def _script(command: Command) -> tuple[str, ...]:
    """Give what Python is told to run: a command is `python …`, or a script of Python's."""
    if command.argv[0] == sys.executable:
        return command.argv[1:]
    return command.argv


def _described(stats: pstats.Stats) -> str:
    stats.strip_dirs().sort_stats("tottime").print_stats(TOP)
    stats.sort_stats("cumtime").print_stats(TOP)
    stream = stats.stream  # type: ignore[attr-defined]
    assert isinstance(stream, io.StringIO)
    return "\n".join(line for line in stream.getvalue().splitlines() if line.strip())
