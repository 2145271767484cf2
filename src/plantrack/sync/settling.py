"""What documents lost since they were recorded to what of it is not to be believed yet."""

# Theory of operation
#
# 1. A file that is saved in place is empty for a moment and half written for another, and some
#    editors move it away before they write it. What is read then says that items were removed:
#    outside git that would be told for ever, and in git it would be forgotten when they were seen.
# 2. So a document that has fewer items than were recorded, cannot be read or is gone is doubted as
#    long as its file is young; where it is gone, the folder that held it.
# 3. What stands as HEAD has it is no save under way. After a switch nothing is doubted.
# 4. A file is shorter a moment before its times tell of it. So one that seems old is looked at
#    twice, and for a while where it has the times it was recorded with: then it cannot have other
#    bytes for long.
# 5. A command waits until all that it doubts is quiet: once for all documents, never for long. Then
#    it believes what it finds. Who asks again anyway takes such documents as they were recorded.

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, NamedTuple

from plantrack import repo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from plantrack.repo import Place, Stamp

    Times = tuple[int, ...]  # the numbers of a Stamp

QUIET_S = 0.1  # without a write: then a save is over
YOUNG_S = 0.5  # since a write: until then somebody who asks again need not believe a loss
PATIENCE_S = 0.5  # that a command waits in all

_GLANCE_S = 0.005  # between two looks
_ODD_S = 0.2  # that a file may have other bytes and the same times
_MANY = 50  # files that are looked at: where more change, they do so together
_SKEW_NS = 1_000_000_000  # a time that far ahead comes from another clock
_SECOND_NS = 1_000_000_000


class Doubt(NamedTuple):
    """Which losses are doubted, and what becomes of them."""

    age_s: float  # of a file, below which a loss is doubted; 0: every loss is believed
    keeps: bool  # such documents stay as they were recorded; False: nothing is recorded


def doubt(*, waits: bool, until: float | None) -> Doubt:
    """Say what is doubted by who `waits` until a time of the monotonic clock; None: not yet."""
    if not waits:
        return Doubt(YOUNG_S, keeps=True)
    is_patient = until is None or time.monotonic() < until
    return Doubt(QUIET_S if is_patient else 0, keeps=False)


def young(
    place: Place, paths: Iterable[str], age_s: float, *, read_ns: int | None = None
) -> tuple[str, ...]:
    """Choose the paths at which something was written less than that before, or removed.

    Before `read_ns`, Unix time at which they were read; None: before now. It may be long ago, where
    others keep the machine busy.
    """
    now_ns = time.time_ns()  # noqa: TID251 -- compared with file times, never shown or kept
    since_ns = (now_ns if read_ns is None else read_ns) - int(age_s * _SECOND_NS)
    times = ((path, _written_ns(place.top, path)) for path in paths if age_s)
    return tuple(path for path, time_ns in times if since_ns < time_ns < now_ns + _SKEW_NS)


def stirring(place: Place, read: Mapping[str, Stamp], known: Mapping[str, Times]) -> list[str]:
    """Choose the paths at which something else stands in a moment than was `read` just now.

    `known` are the stamps that were recorded.
    """
    if not read:
        return []
    is_odd = any(path in known and stamp[2:] == known[path][2:] for path, stamp in read.items())
    until = time.monotonic() + (_ODD_S if is_odd else _GLANCE_S)
    while True:
        time.sleep(_GLANCE_S)
        found = [path for path, stamp in read.items() if _differs(place, path, stamp)]
        if found or time.monotonic() >= until:
            return found


def _differs(place: Place, path: str, before: Stamp) -> bool:
    now = repo.stamp(place, path)
    return now is None or now[1:] != before[1:]  # its mtime may not be trusted yet


def wait(place: Place, paths: Sequence[str], until: float | None) -> float:
    """Wait until nothing was written for a while, or something is; give when patience ends.

    That is `until`, a time of the monotonic clock; None: it begins now.
    """
    if until is None:
        until = time.monotonic() + PATIENCE_S
    some = paths[:_MANY]
    before = [_written_ns(place.top, path) for path in some]
    while time.monotonic() < until and young(place, some, QUIET_S):
        time.sleep(_GLANCE_S)
        if [_written_ns(place.top, path) for path in some] != before:
            break
    return until


def _written_ns(top: str, path: str) -> int:
    """Give when a file was written, or where it is gone the nearest folder that is there."""
    try:
        return os.lstat(f"{top}/{path}").st_ctime_ns
    except OSError:
        pass
    while path:
        path = path.rpartition("/")[0]
        try:
            return os.stat(f"{top}/{path}").st_ctime_ns
        except OSError:
            continue
    return 0
