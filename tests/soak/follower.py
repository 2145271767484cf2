"""Batches of a watcher to a model of the documents, as whoever shows them would keep it."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from plantrack.watch import Batch, Ground, Pace, Watcher

SKIPPED = frozenset({".git", ".plan-history", "node_modules"})
Model = dict[str, bytes]  # what stands in each document, by path


def takes(path: str) -> bool:
    """Tell a document by its name."""
    return path.endswith(".md")


def enters(folder: str) -> bool:
    """Tell whether documents may be in a folder."""
    return folder.rpartition("/")[2] not in SKIPPED


def walk(top: Path) -> Iterator[tuple[str, list[str]]]:
    """Name the folders, each with its documents, from the top downward."""
    for folder, folders, files in os.walk(top):
        folders[:] = filter(enters, folders)
        inside = os.path.relpath(folder, top)
        yield ("" if inside == "." else inside), sorted(filter(takes, files))


def rescan(top: Path) -> Model:
    """Read every document."""
    found = {}
    for folder, names in walk(top):
        for name in names:
            data = read(top, f"{folder}/{name}" if folder else name)
            if data is not None:
                found[f"{folder}/{name}" if folder else name] = data
    return found


def read(top: Path, path: str) -> bytes | None:
    """Read one document; None: it is not there."""
    try:
        return (top / path).read_bytes()
    except OSError:
        return None


def ground(top: Path, folders: tuple[str, ...] | None = None) -> Ground:
    """Make the ground of a folder, with the folders that hold documents first."""
    if folders is None:
        found = list(walk(top))
        folders = tuple(folder for folder, _ in sorted(found, key=lambda one: not one[1]))
    git = str(top / ".git") if (top / ".git").is_dir() else None
    return Ground(str(top), git, git, folders, takes, enters)


@dataclass(slots=True)
class Follower:
    """A model that is kept by what a watcher says, and only by that."""

    top: Path
    watcher: Watcher
    model: Model = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    looking_s: float = 0.0  # of processor time that looking has taken

    @classmethod
    def at(cls, top: Path, pace: Pace | None = None, *, polls: bool = False) -> Follower:
        """Begin to watch a folder, and read it for the first time."""
        follower = cls(top, Watcher(ground(top), pace, polls=polls))
        follower.step(0)
        follower.batches.clear()
        return follower

    def step(self, at_most_s: float) -> Batch | None:
        """Wait for a batch, not for ever, and do what it says."""
        due = self.watcher.due()
        patience = at_most_s if due is None else min(due, at_most_s)
        select.select([self.watcher], [], [], patience)
        batch = self.watcher.take()
        if batch is not None:
            self.batches.append(batch)
            began = time.thread_time()
            self._look(batch)
            self.looking_s += time.thread_time() - began
        return batch

    def settle(self, quiet_s: float, until: float) -> bool:
        """Follow until nothing was said for a while; False: it never was silent until then."""
        silent_since = time.monotonic()
        while (now := time.monotonic()) - silent_since < quiet_s:
            if now > until:
                return False
            if self.step(quiet_s / 4) is not None:
                silent_since = time.monotonic()
        return True

    def _look(self, batch: Batch) -> None:
        if batch.is_whole:
            self.model = rescan(self.top)
            self.watcher.follow(ground(self.top))
            return
        for path in batch.paths:
            data = read(self.top, path)
            if data is None:
                self.model.pop(path, None)
            else:
                self.model[path] = data
