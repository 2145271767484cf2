"""A command line to how long it took, how much memory it held, and what it printed."""

# Theory of operation
#
# 1. The clock starts before the process is made and stops when it was waited for.
# 2. Output goes to a pipe, or to a terminal of our own, that is read to its end; what it says on
#    stderr goes to a file, so that nobody has to read two things at once.
# 3. The kernel counts the memory of the process that starts another one as the other one's, until
#    that has replaced it. So memory is measured by a small process that starts the command.

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep

KIB_A_MB = 1024
LINES, COLUMNS = 50, 120  # of the terminal

_CHUNK_BYTES = 1 << 16
_SAMPLING_S = 0.02
_LAUNCHER = """
import os, sys
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(pid, 0)
unit = 1024 if sys.platform == "darwin" else 1
sys.stderr.write(f"\\n{os.waitstatus_to_exitcode(status)} {usage.ru_maxrss // unit}")
"""


_Action = tuple[int, int, int] | tuple[int, int, str, int, int]


class Failed(Exception):
    """A command that is measured did not do its work."""


@dataclass(frozen=True, slots=True)
class Command:
    """What is run, and where."""

    argv: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str]
    terminal: bool = False  # stdin and stdout are one; otherwise stdout is a pipe
    silent: bool = False  # what it prints goes nowhere: reading it would count as its time


@dataclass(frozen=True, slots=True)
class Memory:
    """What a command held at its peak, in MB of 1024 KiB."""

    largest: float  # the largest of its processes
    together: float  # all of them at one moment, shared pages counted once; 0: cannot be told here


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command that ended well did."""

    seconds: float  # by the clock
    busy: float  # seconds of processor time, its children's included
    output: bytes
    talk: str  # what it said on stderr


def timed(command: Command) -> float:
    """Run a command to its end; give the seconds it took. Raises Failed."""
    return run(command).seconds


def run(command: Command) -> Ended:
    """Run a command to its end. Raises Failed."""
    argv = command.argv
    with contextlib.ExitStack() as stack:
        stack.enter_context(contextlib.chdir(command.folder))
        talk = stack.enter_context(tempfile.TemporaryFile())
        ours, theirs = stack.enter_context(_output(command))
        actions: list[_Action] = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, theirs, 1),
            (os.POSIX_SPAWN_DUP2, talk.fileno(), 2),
        ]
        if command.terminal:
            actions[0] = (os.POSIX_SPAWN_DUP2, theirs, 0)
        start = perf_counter()
        pid = os.posix_spawn(argv[0], argv, command.environment, file_actions=actions)
        os.close(theirs)
        output = b"".join(_read(ours))
        _, status, used = os.wait4(pid, 0)
        seconds = perf_counter() - start
        talk.seek(0)
        said = talk.read()
    _check(argv, os.waitstatus_to_exitcode(status), output + said)
    busy = used.ru_utime + used.ru_stime
    return Ended(seconds, busy, output, said.decode(errors="replace"))


def peak_memory(command: Command) -> Memory:
    """Run a command to its end; tell how much memory it held. Raises Failed."""
    argv = (sys.executable, "-I", "-S", "-c", _LAUNCHER, *command.argv)
    with tempfile.TemporaryFile() as talk:
        launched = subprocess.Popen(
            argv,
            cwd=command.folder,
            env=command.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=talk,
        )
        together = 0.0
        while launched.poll() is None:
            together = max(together, sum(map(_proportional_kib, _below(launched.pid))))
            sleep(_SAMPLING_S)
        talk.seek(0)
        said, _, report = talk.read().rpartition(b"\n")
    exit_code, kib = map(int, report.split())
    _check(command.argv, exit_code, said)
    return Memory(kib / KIB_A_MB, together / KIB_A_MB)


@contextlib.contextmanager
def _output(command: Command) -> Iterator[tuple[int, int]]:
    """Open what the command prints into: our end and its end, which is not closed here."""
    if command.terminal:
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (LINES, COLUMNS))
    elif command.silent:
        ours, theirs = os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_WRONLY)
    else:
        ours, theirs = os.pipe()
    try:
        yield ours, theirs
    finally:
        os.close(ours)


def _read(handle: int) -> Iterator[bytes]:
    """Read to the end; a terminal ends with an error on Linux, with nothing elsewhere."""
    with contextlib.suppress(OSError):
        while data := os.read(handle, _CHUNK_BYTES):
            yield data


def _check(argv: tuple[str, ...], exit_code: int, said: bytes) -> None:
    if exit_code != 0:
        message = (
            f"{' '.join(argv)} ended with {exit_code}: {said[-2000:].decode(errors='replace')}"
        )
        raise Failed(message)


def _below(pid: int) -> Iterator[int]:
    """Find the processes that a process started, and those that they did (Linux)."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _proportional_kib(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
