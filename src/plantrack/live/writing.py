"""What git writes into a work tree, and whether it is through with it."""

# Theory of operation
#
# 1. Git writes files first, then its index, then HEAD. Only then they agree.
# 2. While it holds its lock, which it does for all of the first two, there is no sense in reading.
#    A lock that stays was left behind.
# 3. Once index and HEAD have rested for a while it is through. If they never do, because somebody
#    asks git all the time, what is there is taken for good after a longer while.

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.repo import files

if TYPE_CHECKING:
    from plantrack.repo import Head, Place

RESTS_S = 0.1  # that git has to write nothing
RESTLESS_S = 2.0  # after which it is looked at even so
LOCKED_S = 30.0  # after which a lock is taken for one that was left behind


class Writing:
    """What git wrote last."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._last: tuple[Head, object] | None = None
        self._known: tuple[Head, object] | None = None  # at the last comparison
        self._locked_since: float | None = None  # None: it is not
        self._since = 0.0  # when the last one was seen first
        self._restless_since = 0.0  # when the first one after the known one was seen

    def is_locked(self, place: Place) -> bool:
        """Tell whether git holds the lock of its index."""
        lock = f"{place.git_dir}/index.lock"
        now = monotonic()
        if place.git_dir is None or files.control_stamp(lock) is None:
            self._locked_since = None
            return False
        if self._locked_since is None:
            self._locked_since = now
        return now - self._locked_since < LOCKED_S

    @property
    def commit(self) -> str | None:
        """Give the commit that HEAD was at."""
        return self._last[0].commit if self._last else None

    def glance(self, place: Place) -> bool:
        """Look at what is written; tell whether it is as known, or has been at rest for a while."""
        index = f"{place.git_dir}/index" if place.git_dir is not None else ""
        found = repo.read_head(place), files.control_stamp(index)
        now = monotonic()
        if found == self._known:
            self._restless_since = now
        if found != self._last:
            self._last, self._since = found, now
        is_long = now - self._since >= RESTS_S or now - self._restless_since >= RESTLESS_S
        return is_long or found == self._known

    def compared(self) -> None:
        """Take what was seen last for known."""
        self._known = self._last
