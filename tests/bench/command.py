"""Arguments to a table of measurements; the exit code is 0 unless something crashed."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import profiling, stage, table
from bench.rows import BENCHES
from bench.spawn import Command
from bench.stage import Stage
from bench.table import Result
from bench.trial import Bench, Skipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it."""
    asked = _parser().parse_args(arguments)
    if asked.list:
        rows = [bench.at(stage.FULL) for bench in BENCHES]
        print("\n".join(f"{row.name:18}{row.title}" for row in rows))
        return 0
    chosen = [bench for bench in BENCHES if not asked.only or bench.row.name in asked.only]
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
        machine = table.this_machine(" ".join(ready.entry))
        results = [measure(ready, bench) for bench in chosen]
    if asked.json:
        asked.json.write_text(json.dumps(table.as_json(results, machine), indent=2) + "\n")
    print(table.render(results, machine), end="")
    if asked.quick:
        print("".join(f"warning: {warning}\n" for warning in table.warnings(results)), end="")
        return 0
    return int(any(result.crashed for result in results))


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
        traceback.print_exc()
        last = str(error).strip().splitlines()[-1:] or [type(error).__name__]
        return Result(row, None, crashed=True, notes=(f"crashed: {last[0]}",))


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
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="small, few repeats, warnings, always exit 0")
    add("--only", action="append", choices=names, metavar="ROW", help="measure this row")
    add("--list", action="store_true", help="list the rows")
    add("--profile", choices=names, metavar="ROW", help="tell where a row's time goes")
    add("--json", type=Path, metavar="FILE", help="write every figure there")
    add("--keep", type=Path, metavar="FOLDER", help="plant there, or use what an earlier run did")
    add("--entry", choices=("auto", "script", "module"), default="auto", help="what is started")
    return parser


def _bench(name: str) -> Bench:
    return next(bench for bench in BENCHES if bench.row.name == name)
