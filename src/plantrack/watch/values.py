"""What a watcher is told, and what it tells: plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


def _everywhere(_folder: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Ground:
    """What is watched; paths inside are relative to the top and "/" separated."""

    top: str  # absolute
    git_dir: str | None  # of this work tree, absolute; None: outside git
    common_dir: str | None  # of the repository, absolute; None: outside git
    folders: tuple[str, ...]  # in which documents are or may appear, "" the top; first ones first
    takes: Callable[[str], bool]  # whether a file may be a document, or decides which ones are
    enters: Callable[[str], bool] = _everywhere  # whether documents may be in or below a folder


class Batch(NamedTuple):
    """What may have changed since the batch before; hints, never more."""

    paths: frozenset[str]  # files, relative to the top; not all of them when `is_whole`
    is_whole: bool  # anything may have changed, git's state too
    in_git: bool  # HEAD, the index or a branch was written


class Pace(NamedTuple):
    """How long things are waited for; in seconds."""

    quiet_s: float = 0.1  # without events, until what came in a storm is handed out
    most_s: float = 1.0  # that anything waits for quiet
    torn_s: float = 0.01  # that the first event after quiet waits, when more of it must follow
    sweep_s: float = 5.0  # from one whole batch to the next while events come; inf: none
    poll_s: float = 2.0  # the same where events do not come, or not all of them
