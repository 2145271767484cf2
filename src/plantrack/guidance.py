"""The texts for agents that ship with the program, and the files they are written into."""

# Theory of operation
#
# 1. A block is written into a file that belongs to somebody else: only what stands between our
#    markers is ours. A skill is a file of our own, and is written over only where it says so.
# 2. A file is named from where the user stands and has to lie in the repository. One that several
#    names lead to is handled once, under the first of them.
# 3. A file is written only if it still is what was read.

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from plantrack import repo
from plantrack.core.block import Damaged, Standing, installed, removed, standing
from plantrack.core.model import Finding
from plantrack.errors import UsageError, WriteRefused
from plantrack.repo.replacing import create_document, replace_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.repo import Place, Source

USUAL = ("AGENTS.md", "CLAUDE.md")
MAX_BYTES = 1 << 20

_TAKES_IN = b"@AGENTS.md"
_SKILL_NAME = "name: plantrack"


class Told(NamedTuple):
    """What became of one file, or how it stands."""

    path: str  # from the top folder
    what: str  # in a few words
    is_fine: bool = True


def text(name: str) -> str:
    """Give a text that ships with the program: "block.md" or "SKILL.md"."""
    return resources.files("plantrack").joinpath("guides", name).read_text("utf-8")


# --- the block ------------------------------------------------------------------------------------


def install(place: Place, names: Sequence[str]) -> tuple[Told, ...]:
    """Write the block into files; the usual ones where none is named.

    Nothing is written unless every file can be. Raises WriteRefused and UsageError.
    """
    found = [(path, *_planned(place, path)) for path in _chosen(place, names)]
    return tuple(_written(place, path, source, data) for path, source, data in found)


def check(place: Place, names: Sequence[str]) -> tuple[Told, ...]:
    """Tell how the block stands in files."""
    return tuple(_standing(place, path) for path in _chosen(place, names))


def remove(place: Place, names: Sequence[str]) -> tuple[Told, ...]:
    """Take the block out of files; one that holds nothing else goes.

    Nothing is written unless every file can be. Raises WriteRefused and UsageError.
    """
    found = []
    for path in _chosen(place, names):
        source = _read(place, path)
        found.append((path, source, None if source is None else _without(path, source)))
    return tuple(_taken_out(place, path, source, data) for path, source, data in found)


def _chosen(place: Place, names: Sequence[str]) -> tuple[str, ...]:
    """Give the paths of the files, each file once."""
    if names:
        return _once(place, [_inside(place, name) for name in names])
    there = [name for name in USUAL if os.path.lexists(f"{place.top}/{name}")]
    first = _once(place, there)
    if len(first) > 1:
        return tuple(path for path in first if path == USUAL[0] or not _takes_in(place, path))
    return first or USUAL[:1]


def _once(place: Place, paths: Iterable[str]) -> tuple[str, ...]:
    path_by_file: dict[str, str] = {}
    for path in paths:
        path_by_file.setdefault(os.path.realpath(f"{place.top}/{path}"), path)
    return tuple(path_by_file.values())


def _inside(place: Place, name: str) -> str:
    path = os.path.normpath(os.path.join(place.start, name))
    if not name or "\0" in name or not path.startswith(f"{place.top}/"):
        raise UsageError(
            f"{name or 'an empty name'} is not in the repository {place.top}",
            "name a file of the repository, or another place with -C",
        )
    return path[len(place.top) + 1 :]


def _takes_in(place: Place, path: str) -> bool:
    """Tell whether a file says that AGENTS.md is to be read with it."""
    source = _read(place, path)
    return source is not None and any(
        line.strip() == _TAKES_IN for line in source.data.splitlines()
    )


def _read(place: Place, path: str) -> Source | None:
    """Read a file; None: it is not there. Raises WriteRefused where it cannot be read."""
    if not os.path.lexists(f"{place.top}/{path}"):
        return None
    source = repo.read_document(place, path, max_bytes=MAX_BYTES)
    if isinstance(source, Finding):
        raise WriteRefused(
            f"{path}: {source.message}", "nothing was written; name another file, or mend this one"
        )
    if b"\0" in source.data:
        raise WriteRefused(f"{path} is no text: nothing was written", "name another file")
    return source


def _planned(place: Place, path: str) -> tuple[Source | None, bytes]:
    source = _read(place, path)
    try:
        return source, installed(source and source.data, text("block.md"))
    except Damaged as error:
        raise _damaged(path, error) from error


def _without(path: str, source: Source) -> bytes | None:
    try:
        return removed(source.data)
    except Damaged as error:
        raise _damaged(path, error) from error


def _damaged(path: str, error: Damaged) -> WriteRefused:
    return WriteRefused(
        f"{path}: {error}: nothing was written",
        "put the markers in order, or take them out, by hand",
    )


def _written(place: Place, path: str, source: Source | None, data: bytes) -> Told:
    if source is None:
        create_document(place, path, data)
        return Told(path, "made, with the block")
    if data == source.data:
        return Told(path, "up to date")
    known = standing(source.data, text("block.md"))
    replace_document(place, source, data)
    return Told(path, "block written" if known is Standing.MISSING else "block brought up to date")


def _taken_out(place: Place, path: str, source: Source | None, data: bytes | None) -> Told:
    if source is None:
        return Told(path, "not there")
    if data == source.data:
        return Told(path, "holds no block")
    if data is None and _discarded(place, source):
        return Told(path, "removed: it held nothing but the block")
    replace_document(place, source, data or b"")
    return Told(path, "block taken out")


def _discarded(place: Place, source: Source) -> bool:
    """Remove a file that still is what was read; False: it is a link, or something else by now."""
    now = repo.read_document(place, source.path, max_bytes=MAX_BYTES)
    whole = f"{place.top}/{source.path}"
    if isinstance(now, Finding) or now.data != source.data or os.path.islink(whole):
        return False
    os.unlink(whole)
    return True


def _standing(place: Place, path: str) -> Told:
    try:
        source = _read(place, path)
        if source is None:
            return Told(path, "not there", is_fine=False)
        found = standing(source.data, text("block.md"))
    except WriteRefused as error:
        return Told(path, error.message.removeprefix(f"{path}: "), is_fine=False)
    except Damaged as error:
        return Told(path, str(error), is_fine=False)
    words = {Standing.CURRENT: "up to date", Standing.OUTDATED: "out of date"}
    return Told(path, words.get(found, "holds no block"), is_fine=found is Standing.CURRENT)


# --- the skill ------------------------------------------------------------------------------------


def write_skill(place: Place, folder: str) -> Told:
    """Write the skill into a folder, which is made where it is missing.

    Raises UsageError for a folder outside of the repository, and WriteRefused where something else
    stands in its place.
    """
    path = _inside(place, os.path.join(folder, "SKILL.md"))
    data = text("SKILL.md").encode()
    source = _read(place, path)
    if source is None:
        create_document(place, path, data)
        return Told(path, "written")
    if source.data == data:
        return Told(path, "up to date")
    if _SKILL_NAME not in source.data.decode("utf-8", "replace").splitlines():
        raise WriteRefused(f"{path} is another skill: nothing was written", "name another folder")
    replace_document(place, source, data)
    return Told(path, "brought up to date")
