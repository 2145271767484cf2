"""Folders that matter to the folders that are watched."""

# Theory of operation
#
# 1. A folder that matters is watched for what is in it, and every folder above it, up to the top,
#    so that it is seen when it goes and comes back. Nothing else is: a watch on a whole tree tells
#    of every file of it, far more than anybody can listen to.
# 2. Each watch takes memory of the kernel and one of a number that all programs of a user share. At
#    `MOST_FOLDERS` it ends: the folders named first are watched, the others are left to the sweep.

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

MOST_FOLDERS = 20_000  # about 20 MB of the kernel's memory


class Cover(NamedTuple):
    """What is watched of a tree."""

    folders: tuple[str, ...]  # relative to the top, "" first; every folder after those above it
    left: int  # folders that matter and are not among them


def cover(folders: Iterable[str], most: int = MOST_FOLDERS) -> Cover:
    """Choose the folders to watch, at most so many, the top always among them."""
    chosen = {"": None}
    left = 0
    for folder in folders:
        if folder in chosen:
            continue
        missing = _missing(folder, chosen)
        if len(chosen) + len(missing) > most:
            left += 1
        else:
            chosen.update(dict.fromkeys(missing))
    return Cover(tuple(chosen), left)


def _missing(folder: str, chosen: dict[str, None]) -> list[str]:
    """Name the folder and those above it that are not chosen yet, the outermost first."""
    found = []
    while folder not in chosen:
        found.append(folder)
        folder = folder.rpartition("/")[0]
    return found[::-1]
