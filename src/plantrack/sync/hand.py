"""A second process of our own, and what is said to it and by it."""

# Theory of operation
#
# 1. It is started anew, never forked: this process may have threads and an open database. It
#    imports from where this process does, and from no folder it happens to stand in: that may be
#    anybody's repository.
# 2. It listens all the time, whatever it is doing. So nobody waits for it to listen, and it hears
#    that this process has ended, however that ended, and ends as well.
# 3. The terminal interrupts both processes; this one ends the other.
# 4. What many versions of a plan have in common goes over once, see parcel.

from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from plantrack.sync import parcel
from plantrack.sync.garbage import ALLOCATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SILENCE_S = 60.0  # then it is given up
_HEAD_BYTES = 8  # the length of what follows

_CHUNK_BYTES = 1 << 18
_PIPE_BYTES = 1 << 20  # of answers that wait until they are wanted
_BEGIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.path[:] = sys.argv[2:]
from importlib import import_module
from plantrack.sync import hand
module, _, name = sys.argv[1].partition(":")
hand.serve(getattr(import_module(module), name))
"""


class Lost(Exception):
    """The other process has ended, or cannot be started, or is silent."""


class Hand:
    """Another process that answers one question after the other; to be closed.

    Every method but `close` raises Lost when it answers no more.
    """

    def __init__(self, work: Callable[[Any], Callable[[Any], Any]], about: object) -> None:
        """Start it; `work`, a function of a module, is given `about` and answers all questions."""
        name = f"{work.__module__}:{work.__qualname__}"
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own Python, with words of ours
                [sys.executable or "", "-P", "-c", _BEGIN, name, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError as error:
            raise Lost from error
        assert self._process.stdout is not None
        self._answers = self._process.stdout.fileno()
        _widen(self._answers)
        self._heard = bytearray()
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        try:
            self.ask(about)
        except Lost:
            self.close()
            raise

    def ask(self, question: object) -> None:
        """Ask something; answers come in the order of the questions."""
        assert self._process.stdin is not None
        try:
            _write(self._process.stdin.fileno(), parcel.dump(question))
        except OSError as error:
            raise Lost from error

    def answers(self, *, wait: bool) -> Iterator[Any]:
        """Yield what has been answered by now; `wait`: for one at least."""
        while self._poll.poll(SILENCE_S * 1000 if wait else 0):
            chunk = os.read(self._answers, _CHUNK_BYTES)
            if not chunk:
                raise Lost
            self._heard += chunk
            for data in _whole(self._heard):
                wait = False
                yield parcel.load(data)
        if wait:
            raise Lost

    def close(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        with self._process:
            pass


def serve(work: Callable[[Any], Callable[[Any], Any]]) -> None:
    """Answer what is asked on stdin, on stdout, until nobody listens any more."""
    import gc
    from queue import SimpleQueue
    from threading import Thread

    gc.set_threshold(ALLOCATIONS)
    questions: SimpleQueue[Any] = SimpleQueue()

    def listen() -> None:
        heard = bytearray()
        while chunk := os.read(0, _CHUNK_BYTES):
            heard += chunk
            for data in _whole(heard):
                questions.put(parcel.load(data))
        os._exit(0)

    Thread(target=listen, daemon=True).start()
    answer = work(questions.get())
    while True:
        _write(1, parcel.dump(answer(questions.get())))


def _widen(pipe: int) -> None:
    """Let a pipe hold more, where that can be chosen: else who writes waits for who reads."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _whole(heard: bytearray) -> Iterator[bytes]:
    """Take off what was heard as a whole."""
    while len(heard) >= _HEAD_BYTES:
        end = _HEAD_BYTES + int.from_bytes(heard[:_HEAD_BYTES], "big")
        if len(heard) < end:
            return
        data = bytes(heard[_HEAD_BYTES:end])
        del heard[:end]
        yield data


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(len(data).to_bytes(_HEAD_BYTES, "big") + data)
    while rest:
        rest = rest[os.write(handle, rest) :]
