"""The lock file beside a database: one writer at a time, and how its last writer left the file."""

# Theory of operation
#
# 1. Whoever creates, migrates, writes or checkpoints the database holds an exclusive lock on this
#    file. The kernel hands it on in turn and takes it back from the dead. Readers never wait.
# 2. The file also bears a trace: inode, size and time of the database as its last writer left them.
#    Under rule 1 nothing else changes the database, so while the trace fits, a reader may trust it
#    without looking further; otherwise it was copied, restored, overwritten or checked out, or a
#    writer was killed, and it is examined before it is used.
# 3. The lock file is never deleted: two processes could then hold two locks of one name.

from __future__ import annotations

import os
import sys

from plantrack.errors import DatabaseError
from plantrack.store.rows import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

PATIENCE_S = 30.0
TRACE_BYTES = 96  # always written whole, so that a reader sees the old one or the new one
PRIVATE = 0
for _name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # as far as there are
    PRIVATE |= getattr(os, _name, 0)


class Trace(Row):
    """How the last writer left a database file."""

    __slots__ = ()

    inode: int
    size: int
    mtime_ns: int
    cookie: int  # SQLite's schema version, counted up by every change of the schema

    @classmethod
    def of(cls, found: os.stat_result, cookie: int) -> Self:
        """Make the trace of a file as it is."""
        return cls((found.st_ino, found.st_size, found.st_mtime_ns, cookie))

    def fits(self, found: os.stat_result) -> bool:
        """Tell whether a file is as it was left."""
        return self[:3] == (found.st_ino, found.st_size, found.st_mtime_ns)


class Latch:
    """The lock of one database; a context manager that its holder may enter again.

    Entering raises OSError where there can be no lock file, and DatabaseError when another process
    keeps the lock for longer than `patience_s`.
    """

    def __init__(self, path: str, patience_s: float = PATIENCE_S) -> None:
        """Name the lock file; nothing is opened."""
        self.path = path
        self._patience_s = patience_s
        self._descriptor = -1
        self._depth = 0

    def __enter__(self) -> Self:
        """Wait for the lock and take it."""
        if self._depth == 0:
            self._descriptor = self._take()
        self._depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        self._depth -= 1
        if self._depth == 0:
            os.close(self._descriptor)

    def trace(self) -> Trace | None:
        """Read the trace, with or without the lock; None: there is none that makes sense."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | PRIVATE)
        except OSError:
            return None
        try:
            words = os.read(descriptor, TRACE_BYTES).split()
            return Trace(map(int, words)) if len(words) == len(Trace.__annotations__) else None
        except (OSError, ValueError):
            return None
        finally:
            os.close(descriptor)

    def leave(self, trace: Trace) -> None:
        """Write the trace; only under the lock."""
        line = " ".join(map(str, trace)).encode().ljust(TRACE_BYTES - 1) + b"\n"
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, line)

    def _take(self) -> int:
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | PRIVATE, 0o666)
            try:
                self._wait(descriptor)
                if _is_at(self.path, descriptor):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            # Somebody removed the folder while we waited: this lock protects nothing.
            os.close(descriptor)

    def _wait(self, descriptor: int) -> None:
        if not lock(descriptor, patience_s=self._patience_s):
            message = f"database lock {self.path}: another process has held it for too long"
            raise DatabaseError(
                f"{message}; nothing was recorded",
                "end or resume the other plantrack process (it may be suspended), then try again",
            )


def _is_at(path: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    FAR = 1 << 30  # the byte that is locked: a locked byte cannot be read, and the trace must be

    def lock(descriptor: int, *, patience_s: float) -> bool:
        """Lock a file until it is closed; False: another process kept it for too long."""
        import msvcrt
        import time

        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            os.lseek(descriptor, FAR, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            except OSError:
                time.sleep(0.005)
            else:
                return True
        return False

else:

    def lock(descriptor: int, *, patience_s: float) -> bool:
        """Lock a file until it is closed; False: another process kept it for too long."""
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _queue(descriptor, patience_s)
        return True

    def _queue(descriptor: int, patience_s: float) -> bool:
        # Asking again and again is not fair: only who blocks in the kernel gets a turn. Blocking
        # cannot be given a time limit, so a thread does it, on a descriptor of its own that shares
        # the lock; if it is not wanted any more, it gives the lock back at once.
        import fcntl
        import threading

        shared = os.dup(descriptor)
        outcome: list[str] = []
        guard = threading.Lock()

        def block() -> None:
            try:
                fcntl.flock(shared, fcntl.LOCK_EX)
                with guard:
                    if outcome:
                        fcntl.flock(shared, fcntl.LOCK_UN)
                    outcome.append("taken")
            finally:
                os.close(shared)

        waiter = threading.Thread(target=block, daemon=True)
        waiter.start()
        waiter.join(patience_s)
        with guard:
            outcome.append("over")
            return outcome[0] == "taken"
