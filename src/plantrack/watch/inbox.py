"""Hints from any thread to one reader, who is woken when there is something to read sooner."""

from __future__ import annotations

import contextlib
import os
import threading
import time

from plantrack.watch.pace import Clockwork, Ripe
from plantrack.watch.sift import Hint
from plantrack.watch.values import Batch, Pace

MOST_PATHS = 10_000  # beyond, looking at everything is no more work than looking at each


class Inbox:
    """Hints until they are ripe, and a pipe that is readable when the reader should look."""

    def __init__(self, pace: Pace, period_s: float) -> None:
        """Open the pipe; the first batch, a whole one, is due at once."""
        self._lock = threading.Lock()
        self._clock = Clockwork(pace, period_s, time.monotonic())
        self._paths: set[str] = set()
        self._is_whole = False
        self._in_git = False
        self._is_open = True
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def fileno(self) -> int:
        """Give the end of the pipe to wait for."""
        return self._read

    def put(self, hint: Hint) -> None:
        """Take a hint, from any thread; wake the reader if that makes something ripe sooner."""
        with self._lock:
            if not self._is_open:
                return
            is_full = len(self._paths) >= MOST_PATHS
            if hint.path and not is_full:
                self._paths.add(hint.path)
            self._is_whole |= hint.is_whole or is_full
            self._in_git |= hint.in_git
            # A storm wakes the reader once: each further event only puts off what is due.
            if self._clock.note(time.monotonic(), is_complete=hint.is_complete):
                with contextlib.suppress(BlockingIOError):  # full: nobody could be more awake
                    os.write(self._write, b"\0")

    def due(self) -> float | None:
        """Give the seconds until there is a batch without a further event; None: never."""
        with self._lock:
            return self._clock.due(time.monotonic()) if self._is_open else None

    def take(self) -> Batch | None:
        """Hand out what is ripe, and empty the pipe."""
        with self._lock:
            if not self._is_open:
                return None
            with contextlib.suppress(BlockingIOError):
                os.read(self._read, 4096)
            now = time.monotonic()
            ripe = self._clock.strike(now)
            if ripe is Ripe.NOTHING:
                return None
            is_whole = self._is_whole or ripe is Ripe.ALL
            if is_whole:
                self._clock.swept(now)
            batch = Batch(frozenset(self._paths), is_whole, self._in_git)
            self._paths, self._is_whole, self._in_git = set(), False, False
            return batch

    def hasten(self, period_s: float) -> None:
        """Hand out whole batches so often from now on."""
        with self._lock:
            self._clock.hasten(time.monotonic(), period_s)

    def close(self) -> None:
        """Close the pipe; what comes in later is dropped. May be called again."""
        with self._lock:
            if self._is_open:
                self._is_open = False
                os.close(self._read)
                os.close(self._write)
