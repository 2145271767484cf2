"""A repository to the file in it that git would wait for, for ever."""

# Theory of operation
#
# 1. git opens what it reads without asking what it is: where a FIFO stands, it waits for a writer
#    that never comes. Its files are many, so they are looked through only when git is slow.
# 2. These are its own files, those its configuration names, and the patterns and attributes that
#    stand in the work tree. Beyond so many entries nothing is looked at any more: then git has a
#    reason to be slow.

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plantrack.errors import PlaceError
from plantrack.repo.files import read_small, waits
from plantrack.repo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.repo.values import Place

MOST_ENTRIES = 200_000

_CONTROLS = (".gitignore", ".gitattributes", ".gitmodules")
_MOST_INCLUDES = 64
_MAX_BYTES = 1024 * 1024


def refuse(place: Place) -> None:
    """Raise PlaceError when there is such a file."""
    for path in _paths(place):
        if waits(path):
            message = f"{path} is no regular file, and git would wait for it for ever"
            raise PlaceError(f"{message}: nothing was read", "remove it")


def _paths(place: Place) -> Iterator[str]:
    homes = dict.fromkeys(filter(None, (place.git_dir, place.common_dir)))
    yield from (f"{home}/{name}" for home in homes for name in ("config", "config.worktree"))
    for home in homes:
        yield from _named(f"{home}/config", [])
        yield from _named(f"{home}/config.worktree", [])
    left = MOST_ENTRIES
    for folder in (*homes, place.top):
        for here, folders, names in os.walk(folder):
            found = names
            if folder == place.top:
                folders[:] = [name for name in folders if name != ".git"]
                found = [name for name in _CONTROLS if name in names]
            yield from (f"{here}/{name}" for name in found)
            left -= len(found) + 1
            if left < 0:
                return


def _named(path: str, seen: list[str]) -> Iterator[str]:
    """Name what a configuration file has git read, other configuration files with theirs."""
    if path in seen or len(seen) >= _MOST_INCLUDES:
        return
    seen.append(path)
    data = read_small(path, max_bytes=_MAX_BYTES) or b""
    for section, _, name, value in settings(data.decode("utf-8", "surrogateescape")):
        is_include = section in ("include", "includeif") and name == "path"
        if (
            not value
            or "\0" in value
            or not (is_include or (section, name) == ("core", "excludesfile"))
        ):
            continue
        target = os.path.join(os.path.dirname(path), os.path.expanduser(value))
        yield target
        if is_include:
            yield from _named(target, seen)
