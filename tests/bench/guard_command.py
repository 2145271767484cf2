"""Arguments to a verdict on the hot path; the exit code is 1 where it became slower."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from bench import guard, stage
from bench.command import tell
from bench.stage import Stage
from bench.trial import Skipped


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, compare and tell; or write down what was counted."""
    asked = _parser().parse_args(arguments)
    with ExitStack() as stack:
        folder = asked.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder = folder.resolve()
        folder.mkdir(parents=True, exist_ok=True)
        ready = Stage(folder, stage.QUICK, stage.entry("module"), tell)
        try:
            return _guarded(ready, asked.python, asked.baseline, write=asked.write)
        except Skipped as reason:
            print(f"skipped: {reason}")
            return 0


def _guarded(ready: Stage, python: str, baseline: Path, *, write: bool) -> int:
    counts = guard.count(ready, python)
    before = guard.known(baseline) if baseline.exists() else ()
    if write:
        after = guard.as_json(guard.written(before, counts))
        baseline.write_text(json.dumps(after, indent=2) + "\n", encoding="utf-8")
        before = guard.known(baseline)
    findings = guard.held_against(before, counts)
    print(guard.render(findings, counts), end="")
    if any(one.verdict in {"quicker", "new"} for one in findings):
        print("make guard ARGS=--write holds on to what was gained")
    return int(any(one.verdict == "slower" for one in findings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make guard", description=__doc__)
    add = parser.add_argument
    add("--write", action="store_true", help="write down what is counted as what is expected")
    add("--python", default=sys.executable, metavar="FILE", help="count with this interpreter")
    add("--baseline", type=Path, default=guard.BASELINE, metavar="FILE", help="what is expected")
    add("--keep", type=Path, metavar="FOLDER", help="plant there, or use what an earlier run did")
    return parser
