"""Commits to the paths of all files they touched, documents or not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plantrack.repo import git
from plantrack.repo.changes import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.repo.values import Place


def touched(place: Place, commits: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the paths each commit touched against its first parent; some cannot be read.

    Raises PlaceError when git cannot be started or does not answer in time.
    """
    return dict(_told(place, commits, ()))


def added(place: Place, commits: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the paths each commit added; raises like `touched`."""
    return dict(_told(place, commits, ("--diff-filter=A",)))


def files_of(place: Place, commit: str) -> tuple[str, ...]:
    """Name every file of a commit; raises PlaceError when it cannot be read."""
    output = git.run(place, "ls-tree", "-rz", "--name-only", "--full-tree", commit)
    return tuple(name for name in os.fsdecode(output).split("\0") if name)


def _told(
    place: Place, commits: Sequence[str], options: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not commits:
        return
    feed = "".join(f"{commit}\n" for commit in commits).encode()
    output = git.run(place, *PLAIN, *options, feed=feed, accepted=(0, 128))
    wanted = frozenset(commits)
    commit, paths = "", list[str]()
    records = iter(output.split(b"\0"))
    for record in records:
        if record.startswith(b":"):
            paths.append(os.fsdecode(next(records, b"")))
        elif (name := record.decode("ascii", "replace")) in wanted:
            if commit:
                yield commit, tuple(paths)
            commit, paths = name, []
    if commit:
        yield commit, tuple(paths)
