"""A git work tree to the files that belong to it, with a walk beside git's own."""

# Theory of operation
#
# 1. The walk enters folders that hold a file of the repository, and any other one only after git
#    said that it is not ignored. Ignored trees cost nothing, and a folder that is still empty is
#    known, so that its first file is noticed.
# 2. git's own list of ignored folders is of no use here: it names a folder in which every file
#    happens to be ignored like one that is ignored itself.

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plantrack.repo import git
from plantrack.repo.files import out_of_sight
from plantrack.repo.wanted import is_document_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from plantrack.repo.values import Place
    from plantrack.repo.walk import Trail

MAX_ROUNDS = 64  # of asking: one for each level of folders that hold no file of the repository


def members(place: Place, trail: Trail) -> frozenset[str]:
    """Name every file of the repository that is called like a document, and walk its folders."""
    names = _names(place)
    trail.own = _folders_above(names)
    _walk(place, trail)
    return frozenset(filter(is_document_name, names))


def is_tracked(place: Place, path: str) -> bool:
    """Tell whether git tracks `path` (relative to the main worktree's top) or anything below it."""
    if place.git_dir is None or git.program() is None:
        return False
    return bool(git.run(place, "ls-files", "-z", "--cached", "--", path))


def not_gone(place: Place, missing: Collection[str]) -> frozenset[str]:
    """Choose the missing files that nobody removed, as far as can be told.

    They stand where nothing can be looked for, or are meant not to be in the work tree.
    """
    return out_of_sight(place, missing) | kept_out(place).intersection(missing)


def kept_out(place: Place) -> frozenset[str]:
    """Name the tracked files that are meant not to be in the work tree (a sparse checkout)."""
    if place.git_dir is None or git.program() is None:
        return frozenset()
    output = git.run(place, "ls-files", "-z", "-t", "--cached")
    marked = os.fsdecode(output).split("\0")
    return frozenset(entry[2:] for entry in marked if entry.startswith("S "))


def _names(place: Place) -> list[str]:
    """List tracked files, links and submodules, and untracked ones that are not ignored."""
    output = git.run(
        place,
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    )
    # A repository inside this one is named with a slash at the end, and is not ours.
    return [name for name in os.fsdecode(output).split("\0") if name and name[-1] != "/"]


def _folders_above(names: Iterable[str]) -> set[str]:
    """Collect every folder that holds one of the files at any depth; "" is the top."""
    above = {""}
    for folder in {name.rpartition("/")[0] for name in names}:
        at = folder
        while at not in above:
            above.add(at)
            at = at.rpartition("/")[0]
    return above


def _walk(place: Place, trail: Trail) -> None:
    pending = [""]
    for _ in range(MAX_ROUNDS):
        unknown: list[str] = []
        while pending:
            for child in trail.read(pending.pop()):
                (pending if child in trail.own else unknown).append(child)
        if not unknown:
            return
        ignored = _ignored(place, unknown)
        pending = [folder for folder in unknown if folder not in ignored]


def _ignored(place: Place, folders: Sequence[str]) -> frozenset[str]:
    # "./" in front: a name that begins with a colon would be taken for more than a name.
    feed = b"".join(b"./" + os.fsencode(folder) + b"\0" for folder in folders)
    # 1: none is ignored. 128: a folder became a link meanwhile, and the folder above it shows that.
    output = git.run(
        place, "check-ignore", "--no-index", "-z", "--stdin", feed=feed, accepted=(0, 1, 128)
    )
    return frozenset(name.removeprefix("./") for name in os.fsdecode(output).split("\0"))
