"""Arguments to a table of promises; the exit code is 0 when all of them were kept."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom

from bench.table import this_machine
from soak import lanes, parts, table
from soak.part import Asked, Part, Row, Verdict, tell
from soak.table import Outcome, Told

SHORT = 0.1  # of the whole
JOBS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Put the promises that were asked for to the test, and tell what came of each."""
    found = parts.found()
    options = _parser(found).parse_args(arguments)
    if options.list:
        sys.stdout.write("".join(map(_listed, found)))
        return 0
    chosen = [one for one in found if one.name in (options.only or [part.name for part in found])]
    seed = SystemRandom().randrange(1 << 32) if options.seed is None else options.seed
    share = _share(options, chosen)
    tell(f"seed {seed}, {share:.0%} of the whole")
    machine = this_machine(sys.executable)
    began = time.monotonic()
    with ExitStack() as stack:
        folder = options.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = folder.resolve() / "home"
        home.mkdir(parents=True, exist_ok=True)
        alone(home)

        def run_one(part: Part) -> list[Told]:
            tell(f"{part.name}: {part.about}")
            own = _folder(folder, part)
            return list(_rows(part, Asked(part.name, seed, share, own, options)))

        if options.jobs == 1 or len(chosen) == 1:
            told = [row for part in chosen for row in run_one(part)]
        else:
            told = lanes.run(chosen, run_one, folder.resolve(), jobs=options.jobs)
    outcome = Outcome(seed, share, time.monotonic() - began, tuple(told))
    sys.stdout.write(table.render(outcome, machine))
    if options.json:
        options.json.write_text(json.dumps(table.as_json(outcome, machine), indent=2) + "\n")
    return int(not outcome.is_kept)


def alone(home: Path) -> None:
    """Hear nothing of the settings of whoever runs this, and write nothing among their files."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_"))]:
        del os.environ[name]
    os.environ.update(HOME=str(home), GIT_CONFIG_NOSYSTEM="1", LC_ALL="C.UTF-8", TZ="UTC")
    time.tzset()


def _share(options: argparse.Namespace, chosen: Sequence[Part]) -> float:
    """Tell how much of each part is wanted, or fits into the time there is."""
    if options.seconds is None:
        return SHORT if options.short else 1.0
    return float(options.seconds) / seconds_of(chosen, options.jobs)


def seconds_of(chosen: Sequence[Part], jobs: int) -> float:
    """Say how long the whole of some parts takes, about."""
    timed = sum(part.seconds for part in chosen if part.is_timed)
    lanes_s = sum(part.seconds for part in chosen if not part.is_timed) / jobs
    return timed + max([lanes_s, *(part.seconds for part in chosen)])


def _folder(folder: Path, part: Part) -> Path:
    own = folder.resolve() / part.name
    if own.exists() and not part.reuses:
        shutil.rmtree(own)
    own.mkdir(parents=True, exist_ok=True)
    return own


def _rows(part: Part, asked: Asked) -> Iterator[Told]:
    """Run a part; a crash is a row as well, and the parts after it are run."""
    began = time.monotonic()
    try:
        for row in part.run(asked):
            now = time.monotonic()
            yield Told(part.name, now - began, row)
            began = now
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        traceback.print_exc()
        words = f"{type(error).__name__}: {error}"
        row = Row(part.promises, part.about, "", Verdict.CRASHED, (words,))
        yield Told(part.name, time.monotonic() - began, row)


def _listed(part: Part) -> str:
    return f"{part.name:10} {part.promises:12} {part.seconds:4.0f} s  {part.about}\n"


def _parser(found: Sequence[Part]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    add = parser.add_argument
    names = [part.name for part in found]
    add("--only", action="append", choices=names, metavar="NAME", help="this part; may be repeated")
    add("--list", action="store_true", help="name the parts")
    add("--seconds", type=float, help="do as much as fits into so long (the whole)")
    add("--short", action="store_true", help="a tenth of everything")
    add("--jobs", type=int, default=JOBS, help=f"parts at a time ({JOBS})")
    add("--seed", type=int, help="what chance brings; one of its own is printed")
    add("--json", type=Path, metavar="FILE", help="write the table and all notes there as well")
    add("--keep", type=Path, metavar="FOLDER", help="work there, and leave what was made")
    for part in found:
        if part.add_options is not None:
            part.add_options(parser)
    return parser
