"""Looks to the quiet moments between them, in which is done what a look would wait for."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

from plantrack import sync

if TYPE_CHECKING:
    from plantrack.store import Store

QUIET_S = 1.0  # without a look, until it is a quiet moment
RESTLESS_S = 60.0  # that looks put it off for at most


class Rest:
    """When the next quiet moment is; there is one after the last look."""

    def __init__(self) -> None:
        """Look for the first one."""
        self._at: float | None = None  # None: nothing was done since the last one
        self._latest = 0.0
        self._is_first = True

    def put_off(self) -> None:
        """Take in that there was a look just now."""
        now = monotonic()
        if self._at is None:
            self._latest = now + RESTLESS_S
        self._at = min(now + QUIET_S, self._latest)

    def due(self) -> float | None:
        """Give the seconds until it is; None: nothing is left to do."""
        return None if self._at is None else max(self._at - monotonic(), 0.0)

    def use(self, store: Store) -> None:
        """Use the moment if it is there: for the database, and once for what a change needs."""
        if self._at is None or self._at > monotonic():
            return
        self._at = None
        store.rest()
        if self._is_first:
            sync.prepare()
            self._is_first = False
