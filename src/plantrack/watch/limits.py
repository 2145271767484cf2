"""What a system gives to programs that listen for changes, and what listening to a place takes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import NamedTuple

from plantrack.watch.cover import cover
from plantrack.watch.ear import git_folders
from plantrack.watch.reach import MOUNTS, far
from plantrack.watch.values import Ground

LIMITS = "/proc/sys/fs/inotify"


class Needed(NamedTuple):
    """What listening takes."""

    watches: int
    left: int  # folders too many


def needed(top: str, git_dir: str | None, common_dir: str | None, folders: Sequence[str]) -> Needed:
    """Count the watches for the folders of a place, git's own among them."""
    chosen = cover(folders)
    ground = Ground(top, git_dir, common_dir, chosen.folders, bool)
    return Needed(len(chosen.folders) + sum(map(os.path.isdir, git_folders(ground))), chosen.left)


def way() -> str:
    """Name what tells of changes on this system."""
    return "inotify" if sys.platform == "linux" else sys.platform


def most(name: str) -> int | None:
    """Read a limit of inotify's; None: this system has none, or does not tell."""
    try:
        with open(f"{LIMITS}/{name}", encoding="ascii") as file:
            return int(file.read())
    except (OSError, ValueError):
        return None


def far_from(top: str, folders: Sequence[str]) -> str:
    """Name the type of a file system here that does not tell of every change; "": none."""
    return far(mounts(), top, frozenset(folders))


def mounts() -> str:
    """Read the table of mounts; "": another system, or a closed one."""
    try:
        with open(MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""
