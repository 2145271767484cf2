"""Documents people wrote to inputs a search can begin with: small ones, and versions of one."""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from fuzz.promises import BETWEEN
from strategies import PATHS

PROJECT_ROOT = Path(__file__).resolve().parents[2]
_MOST = 1_000  # bytes of one version: a search in longer ones is slow
_DOCUMENTS = 60  # of each history, and
_VERSIONS = 60  # of one and the next of a document
_PLAN = re.compile(rb"(?im)^#+ .*(?:plan|phase|milestone|task|work breakdown)")
_TELLING = {name: at for at, path in enumerate(PATHS) for name in [path.rsplit("/", 2)[-2]]}


def plant(name: str, folder: Path, bundles: Path) -> int:
    """Write the inputs of one promise; tell how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    found = documents(bundles) if name == "parse" else versions(bundles)
    count = 0
    for count, data in enumerate(found, 1):
        (folder / f"seed-{count:04}").write_bytes(data)
    return count


def documents(bundles: Path) -> Iterator[bytes]:
    """Cut one piece out of every document of the samples, and of the last commit of histories."""
    for sample in _samples():
        yield _marked(sample.as_posix(), _piece(sample.read_bytes()))
    for bundle in sorted(bundles.glob("*.bundle")):
        newest = sorted(_history(bundle).items())
        for path, blobs in newest[:: max(1, len(newest) // _DOCUMENTS)]:
            data = _read(bundle, blobs[:1])
            yield _marked(path, _piece(data[0]))


def versions(bundles: Path) -> Iterator[bytes]:
    """Join pieces of two versions of a document that follow one upon the other."""
    for sample in _samples():
        data = _piece(sample.read_bytes())
        yield _marked(sample.as_posix(), data + BETWEEN + data.replace(b"- [ ]", b"- [x]", 2))
    for bundle in sorted(bundles.glob("*.bundle")):
        pairs = [
            (path, pair)
            for path, blobs in _history(bundle).items()
            for pair in pairwise(reversed(blobs))
        ]
        for path, pair in pairs[:: max(1, len(pairs) // _VERSIONS)]:
            old, new = map(_piece, _read(bundle, pair))
            yield _marked(path, old + BETWEEN + new)


def _samples() -> list[Path]:
    return sorted((PROJECT_ROOT / "sample_docs").rglob("*.md"))


def _piece(data: bytes) -> bytes:
    """Take the beginning, and what stands under the first heading that speaks of a plan."""
    if len(data) <= _MOST:
        return data
    head = data[: _MOST // 5].rpartition(b"\n")[0] + b"\n"
    plan = _PLAN.search(data, len(head))
    start = plan.start() if plan else len(head)
    return head + b"\n" + data[start : start + _MOST].rpartition(b"\n")[0] + b"\n"


def _marked(path: str, data: bytes) -> bytes:
    """Say what kind of path a document had, where that decides how it is read."""
    at = next((at for name, at in _TELLING.items() if f"/{name}/" in f"/{path}"), 0)
    return f"@{at}\n".encode() + data if at else data


def _history(bundle: Path) -> dict[str, list[str]]:
    """List the versions of every Markdown file, newest first."""
    clone = _clone(bundle)
    log = _git(clone, "log", "--raw", "--no-abbrev", "--no-renames", "--format=", "-z")
    blobs: dict[str, list[str]] = {}
    fields = log.decode("utf-8", "replace").split("\0")
    for entry, path in pairwise(fields):
        if entry.strip().startswith(":") and path.endswith(".md"):
            blob = entry.split()[3]
            if set(blob) != {"0"}:
                blobs.setdefault(path, []).append(blob)
    return blobs


def _read(bundle: Path, blobs: Iterable[str]) -> list[bytes]:
    return [_git(_clone(bundle), "cat-file", "blob", blob) for blob in blobs]


_CLONES: dict[Path, Path] = {}


def _clone(bundle: Path) -> Path:
    if bundle not in _CLONES:
        folder = Path(tempfile.mkdtemp())
        subprocess.run(["git", "clone", "--bare", "--quiet", bundle, folder], check=True)
        _CLONES[bundle] = folder
    return _CLONES[bundle]


def _git(clone: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", "-C", clone, *arguments], capture_output=True, check=True)
    return done.stdout
