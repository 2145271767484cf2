"""What every way of listening to the file system has in common."""

from __future__ import annotations

import os
from typing import Protocol

from plantrack.watch.values import Ground

_MOST_BRANCH_FOLDERS = 256


class Deaf(Exception):
    """Changes cannot be listened for, or not any longer; the text says why."""


class Ear(Protocol):
    """A way of listening; its hints go to an inbox, from a thread of its own."""

    @property
    def left(self) -> int:
        """Count the folders that matter and are not listened to, because there are too many."""
        ...

    def follow(self, ground: Ground) -> bool:
        """Listen there from now on; tell whether some place is listened to anew. Raises Deaf."""
        ...

    def mend(self, *, thoroughly: bool) -> bool:
        """Listen again where a folder came back; tell whether there was any. Raises Deaf.

        Looks for folders that were replaced unheard only when asked to do it `thoroughly`.
        """
        ...

    def close(self) -> None:
        """Stop the thread and wait for its end."""
        ...


def git_folders(ground: Ground) -> dict[str, str]:
    """Find the folders of git's that say what is checked out: path by absolute path.

    A path here is relative to git's folder, or to the one its worktrees share.
    """
    found = {}
    for home in (ground.git_dir, ground.common_dir):
        if home is not None:
            found[home] = ""
            found[f"{home}/reftable"] = "reftable"
    if ground.common_dir is not None:
        heads = f"{ground.common_dir}/refs/heads"
        for folder, names, _ in os.walk(heads):
            found[folder] = folder[len(ground.common_dir) + 1 :]
            if len(found) > _MOST_BRANCH_FOLDERS:
                break
            names.sort()
    return found


def identity(path: str) -> tuple[int, int] | None:
    """Tell one folder from its successor at the same path; None: there is no folder."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
