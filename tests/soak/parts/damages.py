"""Databases that are damaged, foreign, newer or on a full disk, against one that is made afresh."""

from __future__ import annotations

import io
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from plantrack.__main__ import main
from plantrack.store.connection import VERSION
from soak.part import Asked, Part, Row, held, tell
from store_samples import database_of
from sync_samples import Here
from test_store_damage import DAMAGED, REFUSED, run_sql

OVERWRITES = 300
REFUSING = ("not touched", "not used")
DISK_MB = 1
MB = 1 << 20


@dataclass(slots=True)
class _Ground:
    """A repository, the memory it has, and what is told of it."""

    top: Path
    sound: Path  # a copy of the folder of its memory
    told: dict[str, Any]
    failures: list[str] = field(default_factory=list)
    made_anew: int = 0
    refused: int = 0

    @classmethod
    def planted(cls, folder: Path) -> _Ground:
        top = folder / "repo"
        (top / "docs").mkdir(parents=True)
        _git(top, "init", "--quiet")
        for turn in range(3):
            for name in "ab":
                boxes = "".join(f"- [{'x' if n < turn else ' '}] Part {n}\n" for n in range(20))
                text = f"# {name}\n\n## Implementation Plan\n\n{boxes}"
                (top / "docs" / f"{name}.md").write_text(text)
            _git(top, "add", ".")
            _git(top, "commit", "--quiet", "--message", f"Turn {turn}")
        _ask(top)
        sound = folder / "sound"
        shutil.copytree(database_of(top).parent, sound)
        return cls(top, sound, _told(top))

    def try_out(self, name: str, harm: Callable[[Path], object]) -> None:
        """Harm a sound memory, ask, and hold what is told against what is so."""
        path = database_of(self.top)
        shutil.rmtree(path.parent)
        shutil.copytree(self.sound, path.parent)
        harm(path)
        harmed = path.read_bytes()
        code, err = _ask(self.top)
        aside = list(path.parent.glob("plans.db.damaged-*"))
        if code == 5 and any(words in err for words in REFUSING):
            self.refused += 1
            found = ["it was touched"] * (path.read_bytes() != harmed)
        elif code != 0:
            found = [f"ended with {code}: {err}"]
        else:
            self.made_anew += bool(aside)
            kept = [one.read_bytes() for one in aside]
            found = ["the original is not kept"] * (bool(kept) and harmed not in kept)
            found += ["nothing was said"] * (bool(aside) and "damaged" not in err)
            told = _told(self.top)
            found += [f"{what} differ" for what in told if told[what] != self.told[what]]
        self.failures += [f"{name}: {one}" for one in found]


# --- forms ----------------------------------------------------------------------------------------


def _without_log(path: Path) -> None:
    """Put a copy in place that was made while changes stood in the log alone."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE document SET title = 'other'")
        connection.commit()
        content = path.read_bytes()
    for beside in path.parent.glob("plans.db-*"):
        beside.unlink()
    path.unlink()
    path.write_bytes(content)


def _beside(suffix: str, content: bytes) -> Callable[[Path], object]:
    return lambda path: path.with_name(path.name + suffix).write_bytes(content)


_MORE: dict[str, Callable[[Path], object]] = {
    "a copy without its log": _without_log,
    "a log of nonsense": _beside("-wal", b"no log, this" * 1000),
    "an index of nonsense": _beside("-shm", b"no index, this" * 4000),
    "a journal of nonsense": _beside("-journal", b"no journal, this" * 1000),
    "a lock file of nonsense": _beside(".lock", b"\xff" * 96),
    "a history without its changes": lambda path: run_sql(path, "DELETE FROM change"),
    "a line that ends too early": lambda path: run_sql(
        path, "DELETE FROM line_revision WHERE depth = 2"
    ),
}
_REFUSED: dict[str, Callable[[Path], object]] = {
    name: lambda path, script=script: run_sql(path, script) for name, (script, _) in REFUSED.items()
} | {"a format of long after": lambda path: run_sql(path, f"PRAGMA user_version = {VERSION + 97}")}


def _overwritten(chance: Random) -> Callable[[Path], object]:
    def harm(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for _ in range(chance.randint(1, 4)):
            at, length = chance.randrange(len(content)), chance.choice([1, 1, 8, 200, 4096])
            content[at : at + length] = chance.randbytes(len(content[at : at + length]))
        path.write_bytes(content)

    return harm


def run(asked: Asked) -> Iterator[Row]:
    """Harm a memory in every way, then by chance, then give it no room."""
    ground = _Ground.planted(asked.folder)
    forms = DAMAGED | _MORE | _REFUSED
    names = asked.chance("forms").sample(list(forms), min(len(forms), asked.count(2 * len(forms))))
    for name in names:
        ground.try_out(name, forms[name])
    if ground.refused < len(_REFUSED.keys() & set(names)):
        ground.failures.append(f"no more than {ground.refused} were refused")
    yield held(
        "R10",
        f"{len(names)} forms of bad databases",
        f"{ground.made_anew} made anew, {ground.refused} refused, {len(ground.failures)} wrong",
        ground.failures,
    )
    ground = _Ground(ground.top, ground.sound, ground.told)
    overwrites = asked.count(OVERWRITES)
    for turn in range(overwrites):
        ground.try_out(f"overwrite {turn}, seed {asked.seed}", _overwritten(asked.chance(turn)))
    yield held(
        "R10",
        f"{overwrites} times random bytes over a database",
        f"{ground.made_anew} made anew, {ground.refused} refused, {len(ground.failures)} wrong",
        ground.failures,
    )
    yield _cramped(asked)


# --- no room --------------------------------------------------------------------------------------


def _cramped(asked: Asked) -> Row:
    """Ask on a disk that is too small for the memory, then give it room."""
    tell(f"{asked.part}: a disk of {DISK_MB} MB")
    failures: list[str] = []
    with _small_disk(asked.folder / "disk") as (top, limits, how):
        documents = 12
        for number in range(documents):
            boxes = "".join(f"- [ ] Part {n} of {number}\n" for n in range(300))
            (top / f"{number}.md").write_text(f"# {number}\n\n## Implementation Plan\n\n{boxes}")
        argv = [sys.executable, "-m", "plantrack", "-C", str(top), "status", "--json"]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        for turn in range(3):
            done = subprocess.run(
                argv,
                capture_output=True,
                text=True,
                check=False,
                env=environment,
                preexec_fn=limits,
            )
            failures += _wrong(f"attempt {turn}", done)
        for number in range(2, documents):
            (top / f"{number}.md").unlink()
        code, err = _ask(top)
        failures += [f"with room again: {code} {err}"] * (code != 0)
        shown = Here(top).everything()["listed"]
        failures += [f"{shown} are known in the end"] * (shown != ["0.md", "1.md"])
    return held(
        "R10", f"a disk of {DISK_MB} MB ({how})", f"{len(failures)} wrong", failures
    )  # fmt: skip


def _wrong(which: str, done: subprocess.CompletedProcess[str]) -> Iterator[str]:
    if "Traceback" in done.stderr or done.returncode not in {0, 5}:
        yield f"{which}: ended with {done.returncode}: {done.stderr[-300:]}"
    elif "disk" not in done.stderr:
        yield f"{which}: no word of the disk: {done.stderr[-300:]}"


@contextmanager
def _small_disk(folder: Path) -> Iterator[tuple[Path, Callable[[], None] | None, str]]:
    """Give a folder on a small disk, or what keeps a process from writing files longer than it."""
    folder.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)]
    try:
        is_mounted = subprocess.run(argv, capture_output=True, check=False).returncode == 0
    except OSError:
        is_mounted = False
    if is_mounted:
        try:
            yield folder, None, "a real one"
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_MB * MB // 2, resource.RLIM_INFINITY))

    yield folder, limit, "RLIMIT_FSIZE"


# --- asking ---------------------------------------------------------------------------------------


def _told(top: Path) -> dict[str, Any]:
    """Say all that is known, and all that is exported."""
    with redirect_stdout(io.StringIO()) as printed:
        assert main(["-C", str(top), "export"]) == 0
    return {"export": printed.getvalue(), **Here(top).everything()}


def _ask(top: Path) -> tuple[int, str]:
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as told:
        code = main(["-C", str(top), "sync"])
    return code, told.getvalue()


def _git(top: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=top, capture_output=True, check=True)


PART = Part("damages", "R10", "bad databases are used", 45.0, run)
