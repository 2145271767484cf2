"""The command of a user that is run for each change: the only other process besides git."""

# Theory of operation
#
# 1. A command is a program with its arguments, as they were given. What stands in a document goes
#    to its stdin, as JSON, and nowhere else: neither a shell nor an environment ever sees it.
# 2. One runs at a time, in the order of what was sent. Sending never waits: a thread of its own
#    does. What goes wrong comes back as notes.
# 3. Notes are told once for each kind of failure, so that a command that always fails does not bury
#    what is watched.

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from tempfile import TemporaryFile
from threading import Condition, RLock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Self

from plantrack.core.clean import clean
from plantrack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

MOST_WAITING = 1000  # changes; what comes on top of them is counted and left out
LONG_S = 60.0  # after which a run is said to take long
PATIENCE_S = 2.0  # for what still runs when all is over

_GLANCE_S = 0.05  # between two looks at a process that is to end
_DRAIN_BYTES = 4096
_MOST_CHARS = 200  # of what a command said last


class Errand:
    """Runs one command after the other; a context manager.

    `fileno()` is readable when there are notes.
    """

    def __init__(self, command: Sequence[str], *, is_quiet: bool = False) -> None:
        """Name the command; what it prints goes to stderr.

        With `is_quiet` it goes nowhere but for its last line, which is told when the command fails.
        Raises UsageError when there is no such program.
        """
        self._command = [_found(command), *command[1:]]
        self._name = command[0]
        self._is_quiet = is_quiet
        self._waiting: deque[str] = deque()
        self._notes: deque[str] = deque()
        self._told: set[str] = set()
        self._is_closing = False
        self._left_out = 0  # changes, since all was delivered
        self._is_busy = False
        self._process: subprocess.Popen[bytes] | None = None
        self._changed = Condition(RLock())
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)
        os.set_blocking(self._writing, False)
        self._thread = Thread(target=self._work, name="plantrack-errand", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def fileno(self) -> int:
        """Name the descriptor that is readable when there are notes."""
        return self._reading

    def send(self, text: str) -> None:
        """Let the command run with this on its stdin, after all that was sent before."""
        with self._changed:
            if len(self._waiting) < MOST_WAITING:
                self._waiting.append(text)
                self._changed.notify_all()
            else:
                self._left_out += 1

    def notes(self) -> tuple[str, ...]:
        """Tell what went wrong since the last question, a line each."""
        with self._changed:
            if self._reading >= 0:
                with contextlib.suppress(BlockingIOError):
                    while os.read(self._reading, _DRAIN_BYTES):
                        pass
            notes = tuple(self._notes)
            self._notes.clear()
        return notes

    def close(self, patience_s: float = PATIENCE_S) -> None:
        """Wait so long for what waits and runs, then end it; a second time does nothing."""
        if self._reading < 0:
            return
        end = monotonic() + patience_s
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting and not self._is_busy, patience_s)
            self._waiting.clear()
            self._is_closing = True
            self._changed.notify_all()
        for number in (signal.SIGTERM, signal.SIGKILL):
            self._thread.join(max(end - monotonic(), _GLANCE_S))
            if self._thread.is_alive():
                self._end(number)
                end = monotonic() + patience_s
        self._thread.join()
        os.close(self._reading)
        os.close(self._writing)
        self._reading = self._writing = -1

    def _end(self, number: int) -> None:
        """End the process with all that it started."""
        with self._changed:
            if self._process is not None:
                with contextlib.suppress(OSError):
                    os.killpg(self._process.pid, number)

    # --- in the thread ---------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()
                if self._left_out and not self._waiting:
                    count, self._left_out = self._left_out, 0
                    self._note("", f"{self._name} is too slow: {count} changes were left out")
                self._changed.wait_for(lambda: bool(self._waiting) or self._is_closing)
                if self._is_closing:
                    return
                text = self._waiting.popleft()
                self._is_busy = True
            try:
                self._run(text.encode("utf-8", "backslashreplace"))
            except OSError as error:
                self._note("start", f"{self._name} cannot be run: {error.strerror or error}")

    def _run(self, data: bytes) -> None:
        with TemporaryFile() if self._is_quiet else contextlib.nullcontext() as kept:
            output = kept or _stderr()
            process = subprocess.Popen(  # noqa: S603 -- the user's own command, without a shell
                self._command,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,  # an interrupt of ours is not theirs
            )
            with self._changed:
                self._process = process
            try:
                process.communicate(data, timeout=LONG_S)
            except subprocess.TimeoutExpired:
                self._note("long", f"{self._name} runs for {LONG_S:.0f} s: newer changes wait")
                process.communicate()
            with self._changed:
                self._process = None
            if process.returncode and not self._is_closing:
                said = _last_line(kept) if kept else ""
                words = ": ".join(filter(None, (_ended(process.returncode), said)))
                self._note("failed", f"{self._name} failed: {words}")

    # --- notes -----------------------------------------------------------------------------------

    def _note(self, kind: str, text: str) -> None:
        """Leave a note, of each kind once; "": each time."""
        with self._changed:
            if kind in self._told or self._writing < 0:
                return
            self._told.update({kind} - {""})
            self._notes.append(clean(f"--on-change: {text}"))
            with contextlib.suppress(BlockingIOError):
                os.write(self._writing, b"\0")


def _found(command: Sequence[str]) -> str:
    """Find the program of a command, once and for all: where we stand may change its meaning."""
    path = shutil.which(command[0]) if command else None
    if path is None:
        name = command[0] if command else "nothing"
        raise UsageError(
            f"--on-change: {name} is no program that can be run",
            'name a program and its arguments: --on-change "notify-send Plan"; for more than that, '
            "write a script and name it",
        )
    return os.path.abspath(path)


def _stderr() -> int:
    try:
        return sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):  # closed by whoever started us
        return subprocess.DEVNULL


def _ended(code: int) -> str:
    if code > 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"ended by {signal.Signals(-code).name}"
    return f"ended by signal {-code}"


def _last_line(file: IO[bytes]) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(file.tell() - _DRAIN_BYTES, 0))
    lines = file.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:_MOST_CHARS]
