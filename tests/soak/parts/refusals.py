"""A system call fails, in a memory that is made, written, migrated or read."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import story
from plantrack.store.connection import APPLICATION_ID
from plantrack.store.schema import migrations
from plantrack.store.trouble import WORDS
from soak.faults import Faulty, Order, Outcome, library
from soak.part import Asked, Part, Row, held, skipped, tell

CASES = 130  # of each kind
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
ENDS = (0, 2, 3, 5)  # exit codes that tell of the world, not of a mistake of ours
CAUSES = (*WORDS.values(), "could not be read for a moment")
QUESTION = ("status", "--json")
TIMES = ("last_change", "milliseconds", "generated", "now")


@dataclass(slots=True)
class _Case:
    """One memory and what happens to it; the class itself: it is written."""

    top: Path
    chance: Random
    edits: int = 0

    name = "written"

    @property
    def memory(self) -> Path:
        return self.top / ".plan-history"

    def prepare(self) -> None:
        """Bring the place to where the command has something to do."""
        document = min(self.top.glob("docs/design/*.md"))
        self.edits += 1
        with document.open("a") as file:
            file.write(f"- [{self.chance.choice(' x')}] One thing more, the {self.edits}th\n")
        if self.chance.random() < 0.3:
            _git(self.top, "commit", "--quiet", "--all", "--message", "More")


class _Made(_Case):
    name = "made"

    def prepare(self) -> None:
        shutil.rmtree(self.memory, ignore_errors=True)


class _Migrated(_Case):
    name = "migrated"

    def prepare(self) -> None:
        for path in self.memory.glob("plans.db*"):
            path.unlink()
        with closing(sqlite3.connect(self.memory / "plans.db")) as connection:
            connection.executescript(";".join(migrations()[0]))
            connection.executescript(
                f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1"
            )


class _Read(_Case):
    name = "read"

    def prepare(self) -> None:
        pass


@dataclass(slots=True)
class _Trial:
    faulty: Faulty
    case: _Case
    seed: int
    failures: list[str] = field(default_factory=list)
    silent: int = 0  # calls whose failing did not matter

    def run(self, most: int) -> int:
        """Let calls fail one by one, and count them."""
        self.case.prepare()
        whole = self._ask()
        assert whole.code == 0, whole.err
        numbers = range(1, whole.counted + 1)
        chosen = sorted(self.case.chance.sample(numbers, min(most, len(numbers))))
        for turn, number in enumerate(chosen):
            self.case.prepare()
            kept = self._kept()
            order = Order([], number, ERRORS[turn % 3], goes_on=turn % 2 == 1)
            got = self._ask(order)
            found = [*_wrong(got, order.error), *self._after(got, order.error, kept)]
            how = f"{errno.errorcode[order.error]}{' from then on' if order.goes_on else ''}"
            where = f"{self.case.name}: {got.failed} (call {number}) with {how}, seed {self.seed}"
            self.failures += [f"{where}: {one}" for one in found]
        return len(chosen)

    def _ask(self, order: Order | None = None, *question: str) -> Outcome:
        arguments = ["-C", str(self.case.top), *(question or QUESTION)]
        order = order or Order([])
        return self.faulty.run(Order(arguments, order.number, order.error, order.goes_on))

    def _kept(self) -> list[Any]:
        """Read what git cannot tell again: what was seen first, and when."""
        path = self.case.memory / "plans.db"
        if not path.exists() or self.case.name == "migrated":
            return []
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT commit_id, item, state, seen FROM observation")
            return sorted(rows.fetchall())

    def _after(self, got: Outcome, error: int, kept: list[Any]) -> Iterator[str]:
        """Look at what is there when nothing fails any more."""
        clean = self._ask()
        if clean.code != 0 or clean.err:
            yield f"afterwards: {clean.code} {clean.err}"
        elif (
            got.code == 0
            and not _is_told(got)
            and not _is_hidden(got, error)
            and _shown(got.out) != _shown(clean.out)
        ):
            yield "another answer, and no word about it"
        if list(self.case.memory.glob("*damaged*")):
            yield "what could not be read for a moment was taken for damaged"
        checked = self._ask(None, "db", "check")
        if checked.code != 0:
            yield f"db check: {checked.out} {checked.err}"
        if not set(kept) <= set(self._kept()):
            yield "what was seen before is not known any more"


def run(asked: Asked) -> Iterator[Row]:
    """Let calls fail in each kind of memory."""
    made = library("cc", asked.folder)
    if made is None:
        yield skipped("R9", "no C compiler that makes what is preloaded")
        return
    top = asked.folder / "story"
    story.build(top)
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"XDG_STATE_HOME": str(asked.folder / "state"), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    with Faulty(made, top, environment) as faulty:
        for kind in (_Made, _Case, _Migrated, _Read):
            tell(f"{asked.part}: a memory that is {kind.name}")
            trial = _Trial(faulty, kind(top, asked.chance(kind.name)), asked.seed)
            done = trial.run(asked.count(CASES))
            yield held(
                "R9",
                f"a memory is {kind.name}: {done} calls fail with ENOSPC, EIO or EACCES",
                f"{len(trial.failures)} unexplained",
                trial.failures,
            )


def _wrong(got: Outcome, error: int) -> Iterator[str]:
    """Hold an answer against what may be said."""
    if got.code not in ENDS or "Traceback" in got.err or "mistake in plantrack" in got.err:
        yield f"ended with {got.code}: {got.err}{got.out[:200]}"
    elif got.code and not any(word in got.err for word in (os.strerror(error), *CAUSES)):
        yield f"ended with {got.code} and no cause: {got.err}"
    elif got.code and len(got.err.splitlines()) < 2:
        yield f"ended with {got.code} and no advice: {got.err}"


def _is_told(got: Outcome) -> bool:
    """Tell whether an answer says that something could not be read."""
    return bool(got.err) or "unreadable" in got.out or "history-gap" in got.out


def _is_hidden(got: Outcome, error: int) -> bool:
    """Tell whether the repository was hidden: who may not look into it is in none, as with git."""
    return error == errno.EACCES and got.failed.partition(" ")[2].startswith("/.git")


def _shown(out: str) -> object:
    """Give an answer without its times."""

    def without(value: object) -> object:
        if isinstance(value, dict):
            return {key: without(one) for key, one in value.items() if key not in TIMES}
        return [without(one) for one in value] if isinstance(value, list) else value

    return without(json.loads(out))


def _git(top: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=top, capture_output=True, check=True)


PART = Part("refusals", "R9", "system calls fail while the memory is used", 50.0, run)
