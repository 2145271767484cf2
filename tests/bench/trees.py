"""A size to a git repository of that size: design docs among other files, committed bit by bit."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

from bench import documents, plans, prose
from bench.prose import Pen

FIRST_COMMIT = datetime(2025, 1, 6, 9, tzinfo=UTC)  # the nth commit is n days later
COMMITS = 40  # after the first, which holds half of the documents, and before the other files
PLANTED = "planted"  # a file beside the repository: it is whole

_FILES_IN_A_FOLDER = 50
_BODIES = 61  # different files; git stores each once, which keeps planting quick


@dataclass(frozen=True, slots=True)
class Size:
    """How large a repository is."""

    documents: int
    files: int  # in all, documents included

    @property
    def name(self) -> str:
        """Name a folder for it."""
        return f"{self.documents}-in-{self.files}"

    def part(self, times: int) -> Size:
        """Give one that is so many times smaller."""
        return Size(max(1, self.documents // times), max(1, self.files // times))


def plant(folder: Path, size: Size, *, seed: int = 0) -> Path:
    """Make the repository in a folder below `folder`, or find the one made before; give its top."""
    top = folder / f"{size.name}-{seed}-{generation()}" / "repository"
    if (top.parent / PLANTED).exists():
        return top
    shutil.rmtree(top, ignore_errors=True)  # half of one
    top.mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch", "main")
    git(top, "config", "gc.auto", "0")
    all_of_them = documents.documents(size.documents, seed=seed)
    written = [_write(top, one.path, one.text) for one in all_of_them]
    others = [_write(top, path, text) for path, text in other_files(size, seed)]
    half = len(written) // 2
    batches = [written[:half], *_cut(written[half:], COMMITS), others]  # quick while it is small
    for days, paths in enumerate(batches):
        _commit(top, paths, FIRST_COMMIT + timedelta(days=days))
    git(top, "repack", "-adq")
    git(top, "update-index", "-q", "--refresh")
    (top.parent / PLANTED).touch()
    return top


def generation() -> str:
    """Condense what a repository depends on besides size and seed: this code."""
    sources = (Path(module.__file__ or "") for module in (documents, plans, prose))
    return f"{crc32(b''.join(source.read_bytes() for source in sources)):08x}"


def other_files(size: Size, seed: int) -> Iterator[tuple[str, str]]:
    """Write the paths and texts of the files that are no documents."""
    pen = Pen(f"{seed}/others")
    bodies = [pen.code() + "\n" + pen.paragraph() for _ in range(_BODIES)]
    for n in range(size.files - size.documents):
        folder = n // _FILES_IN_A_FOLDER
        yield f"services/area-{folder % 97:03d}/src/part-{folder:04d}/m{n}.py", bodies[n % _BODIES]


def clone(bundle: Path, folder: Path) -> Path:
    """Clone a bundle into `folder`, unless that was done before; give the work tree's top."""
    top = folder / bundle.stem
    if not top.exists():
        git(folder, "clone", "--quiet", str(bundle), str(top))
    return top


def git(folder: Path, *arguments: str, said: bytes = b"", when: datetime = FIRST_COMMIT) -> bytes:
    """Run git with a fixed identity and no configuration of the machine's; give what it printed."""
    identity = {"NAME": "Ada Example", "EMAIL": "ada@example.org", "DATE": when.isoformat()}
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_AUTHOR_{key}": value for key, value in identity.items()},
        **{f"GIT_COMMITTER_{key}": value for key, value in identity.items()},
    }
    command = ["git", "-c", "core.compression=0", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, input=said, stdout=-1, check=True)
    return done.stdout


def _write(top: Path, path: str, text: str) -> str:
    place = f"{top}/{path}"
    try:
        file = open(place, "x", encoding="utf-8")  # noqa: PTH123, SIM115 - 100,000 times
    except FileNotFoundError:
        Path(place).parent.mkdir(parents=True)
        file = open(place, "x", encoding="utf-8")  # noqa: PTH123, SIM115
    with file:
        file.write(text)
    return path


def _commit(top: Path, paths: Iterable[str], when: datetime) -> None:
    said = b"".join(path.encode() + b"\0" for path in paths)
    git(top, "update-index", "--add", "-z", "--stdin", said=said)
    git(top, "commit", "--quiet", "--allow-empty", "--message", "Write plans", when=when)


def _cut(paths: list[str], parts: int) -> Iterator[list[str]]:
    size = max(1, -(-len(paths) // parts))
    yield from (paths[start : start + size] for start in range(0, len(paths), size))
