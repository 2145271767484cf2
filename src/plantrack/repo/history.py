"""Document paths to when they were last committed."""

# Theory of operation
#
# 1. The past is the first-parent line of HEAD, newest first. A merge is one step of it and touched
#    whatever differs from its first parent.
# 2. A renamed file is a new path that was added: that touched it.
# 3. Only paths that HEAD holds are looked for. Each of them was added somewhere on the line, so the
#    stream is left when the last one was met, and never goes on for a path it cannot hold.
# 4. Where the line breaks off (a clone without older trees, a damaged object), what was met until
#    then stands.

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING

from plantrack.repo import git
from plantrack.repo.place import read_head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.repo.values import Place

MAX_PATHSPECS = 64  # git compares each entry of each tree with each of them

_LOG = (
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--no-renames",
    "--raw",
    "-z",
    "--no-abbrev",
    "--format=%ct",
    "--encoding=UTF-8",
    # What follows takes back what a configuration may have switched on.
    "--no-color",
    "--no-ext-diff",
    "--no-follow",
    "--no-mailmap",
    "--no-relative",
    "--no-show-signature",
    "--no-textconv",
    "--ignore-submodules=all",
    "-O/dev/null",
)


def last_commits(place: Place, paths: Sequence[str]) -> dict[str, int]:
    """Return, by path, the committer time (Unix seconds) of the newest commit that touched it.

    A path that HEAD does not hold is absent, and all are outside git and before the first commit.
    Raises PlaceError when git refuses to read the repository.
    """
    sought = set(head_blobs(place, paths))
    time_by_path: dict[str, int] = {}
    if not sought:
        return time_by_path
    with closing(git.stream(place, *_LOG, "HEAD", "--", *pathspecs(sought))) as chunks:
        for time_s, path in _touched(_records(chunks)):
            if path in sought:
                sought.remove(path)
                time_by_path[path] = time_s
                if not sought:
                    break
    return time_by_path


def head_blobs(place: Place, paths: Sequence[str]) -> dict[str, str]:
    """Return, by path, the object name of what HEAD holds there; what it does not hold is absent.

    Empty outside git, without a git program and before the first commit.
    Raises PlaceError when git refuses to read the repository.
    """
    if not paths or place.git_dir is None or git.program() is None:
        return {}
    if read_head(place).commit is None:
        return {}
    output = git.run(place, "ls-tree", "-rz", "HEAD", "--", *pathspecs(paths))
    asked = set(paths)
    blob_by_path: dict[str, str] = {}
    for entry in os.fsdecode(output).split("\0")[:-1]:
        facts, _, path = entry.partition("\t")
        if path in asked:
            blob_by_path[path] = facts.rpartition(" ")[2]
    return blob_by_path


def pathspecs(paths: Iterable[str]) -> list[str]:
    """Name few folders, and files of the top folder, that together hold all of the paths."""
    folders = {path.rpartition("/")[0] for path in paths}
    loose = sorted(path for path in paths if "/" not in path)
    folders.discard("")
    depth = max((folder.count("/") for folder in folders), default=0) + 1
    while True:
        outer = _outermost(folders)
        if len(outer) + len(loose) <= MAX_PATHSPECS:
            return outer + loose
        if depth == 1:
            return ["."]
        depth -= 1
        folders = {"/".join(folder.split("/")[:depth]) for folder in folders}


def _outermost(folders: Iterable[str]) -> list[str]:
    """Leave out the folders that stand in another one of them."""
    kept: list[str] = []
    for folder in sorted(folders, key=lambda folder: folder.split("/")):
        if not kept or not folder.startswith(kept[-1] + "/"):
            kept.append(folder)
    return kept


def _records(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Split a stream at its NULs; what follows the last one was cut off and is dropped."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole


def _touched(records: Iterator[bytes]) -> Iterator[tuple[int, str]]:
    """Yield (committer time, path) of a raw log: a time, then pairs of change and path."""
    time_s = 0
    for record in records:
        if not record.lstrip(b"\n").startswith(b":"):
            if not record.isdigit():
                return  # no answer of the kind that was asked for
            time_s = int(record)
            continue
        path = next(records, None)
        if path is not None:
            yield time_s, os.fsdecode(path)
