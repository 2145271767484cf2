"""Arguments to a table of measurements; the exit code is 0 unless something crashed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import growth, page, profiling, stage, table
from bench.growth import Grown, Growth
from bench.growth_rows import GROWTHS
from bench.rows import BENCHES
from bench.spawn import Command
from bench.stage import Stage
from bench.table import Json, Machine, Result
from bench.trial import Bench, Skipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it."""
    asked = _parser().parse_args(arguments)
    if asked.list:
        print("\n".join(_listed()))
        return 0
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        scale = stage.QUICK if asked.quick else stage.FULL
        ready = Stage(folder, scale, stage.entry(asked.entry), tell)
        stage.compile_everything()
        if asked.profile:
            print(profile(ready, _bench(asked.profile)))
            return 0
        found = measure_all(ready, asked.only or (), growth_alone=asked.growth)
    print(found.told(), end="")
    if asked.json:
        asked.json.write_text(json.dumps(found.as_json(), indent=2) + "\n")
    if asked.page:
        page.put(asked.page, "bench", page.fenced(found.told()))
    if asked.quick:
        print("".join(f"warning: {warning}\n" for warning in found.warnings()), end="")
        return 0
    return int(found.crashed)


@dataclass(frozen=True, slots=True)
class Found:
    """What a run came to."""

    machine: Machine
    results: tuple[Result, ...]
    grown: tuple[Grown, ...]

    @property
    def crashed(self) -> bool:
        """Tell whether anything crashed."""
        return any(one.crashed for one in self.results) or any(one.crashed for one in self.grown)

    def told(self) -> str:
        """Draw both tables; what was not asked for has none."""
        parts = [table.render(self.results, self.machine)] if self.results else []
        parts += [growth.render(self.grown)] if self.grown else []
        if not self.results:
            parts.append("\n".join(table.machine_lines(self.machine)) + "\n")
        return "\n".join(parts)

    def as_json(self) -> Json:
        """Give all of it."""
        rows = table.as_json(self.results, self.machine)
        return {**rows, "growth": growth.as_json(self.grown)}

    def warnings(self) -> list[str]:
        """Say what should not be, a line each."""
        return [*table.warnings(self.results), *growth.warnings(self.grown)]


def measure_all(ready: Stage, only: Collection[str], *, growth_alone: bool) -> Found:
    """Measure the rows of these names, or all, then those of growth."""
    machine = table.this_machine(" ".join(ready.entry))
    benches = [] if growth_alone else [one for one in BENCHES if not only or one.row.name in only]
    growths = [one for one in GROWTHS if not only or one.name in only]
    results = tuple(measure(ready, bench) for bench in benches)
    return Found(machine, results, tuple(measure_growth(ready, one) for one in growths))


def measure(ready: Stage, bench: Bench) -> Result:
    """Measure one row; what goes wrong is told, and is a result too."""
    row = bench.at(ready.scale)
    tell(f"{row.name}: {row.title}")
    try:
        trial = bench.prepare(ready)
        measured = trial.measure()
        return Result(row, measured, notes=trial.notes())
    except Skipped as reason:
        return Result(row, None, notes=(f"skipped: {reason}",))
    except Exception as error:  # noqa: BLE001 - the other rows are measured all the same
        return Result(row, None, crashed=True, notes=(_crash(error),))


def measure_growth(ready: Stage, asked: Growth) -> Grown:
    """Measure how one path grows; what goes wrong is told, and is a result too."""
    tell(f"{asked.name}: {asked.title}")
    try:
        return growth.grown(asked, ready)
    except Skipped as reason:
        return Grown(asked, note=f"skipped: {reason}")
    except Exception as error:  # noqa: BLE001 - as above
        return Grown(asked, crashed=True, note=_crash(error))


def profile(ready: Stage, bench: Bench) -> str:
    """Tell where one row's time goes."""
    trial = bench.prepare(ready)
    trial.reset()
    if isinstance(trial.subject, Command):
        return profiling.of_command(ready, trial.subject, trial.reset)
    return profiling.of_function(trial.subject)


def tell(what: str) -> None:
    """Say what is being done, while it takes its time."""
    print(f"... {what}", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    names = [bench.row.name for bench in BENCHES]
    every = [*names, *(one.name for one in GROWTHS)]
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="small, few repeats, warnings, always exit 0")
    add("--only", action="append", choices=every, metavar="ROW", help="measure this row")
    add("--growth", action="store_true", help="only how time grows with size")
    add("--list", action="store_true", help="list the rows")
    add("--profile", choices=names, metavar="ROW", help="tell where a row's time goes")
    add("--json", type=Path, metavar="FILE", help="write every figure there")
    add("--page", type=Path, metavar="FILE", help="put the tables into this page")
    add("--keep", type=Path, metavar="FOLDER", help="plant there, or use what an earlier run did")
    add("--entry", choices=("auto", "script", "module"), default="auto", help="what is started")
    return parser


def _listed() -> Iterator[str]:
    for bench in BENCHES:
        yield f"{bench.row.name:18}{bench.at(stage.FULL).title}"
    for one in GROWTHS:
        yield f"{one.name:18}{one.title}, at sizes ten times apart"


def _crash(error: Exception) -> str:
    traceback.print_exc()
    last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
    return f"crashed: {last[0]}"


def _bench(name: str) -> Bench:
    return next(bench for bench in BENCHES if bench.row.name == name)
