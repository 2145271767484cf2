"""Commands to what came of them when one of their system calls failed.

Run with failing.c preloaded: `faults.py LIBRARY FOLDER`, one order a line of JSON on stdin. The
program is imported once, and each order is carried out by a fork: most of a start is thereby saved.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

SOURCE = Path(__file__).with_name("failing.c")


@dataclass(frozen=True, slots=True)
class Order:
    """A command, and what is to fail in it."""

    arguments: list[str]
    number: int = 0  # of the call that fails, from 1; 0: none
    error: int = 0  # errno
    goes_on: bool = False  # all calls after it fail as well


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an order."""

    code: int  # exit code; negative: ended by that signal
    out: str
    err: str
    counted: int  # calls
    failed: str  # the first that failed; "": none


def library(compiler: str, folder: Path) -> Path | None:
    """Compile what lets calls fail; None: it cannot be done here."""
    made = folder / "failing.so"
    argv = [compiler, "-O1", "-shared", "-fPIC", "-o", str(made), str(SOURCE), "-ldl"]
    done = subprocess.run(argv, capture_output=True, check=False)
    return made if done.returncode == 0 else None


class Faulty:
    """A process that carries out orders; a context manager."""

    def __init__(self, made: Path, top: Path, environment: dict[str, str]) -> None:
        """Let calls fail that concern files below `top`."""
        self._doer = subprocess.Popen(
            [sys.executable, __file__, str(made), str(top)],
            env=environment | {"LD_PRELOAD": str(made), "PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._doer.communicate()

    def run(self, order: Order) -> Outcome:
        """Carry out an order."""
        assert self._doer.stdin is not None
        assert self._doer.stdout is not None
        self._doer.stdin.write(json.dumps(asdict(order)) + "\n")
        self._doer.stdin.flush()
        return Outcome(**json.loads(self._doer.stdout.readline()))


# --- the process ----------------------------------------------------------------------------------


def main(made: str, folder: str) -> None:
    """Carry out orders until there are no more."""
    failing = ctypes.CDLL(made)
    failing.call_failed.restype = ctypes.c_char_p
    os.environ.pop("LD_PRELOAD", None)  # git is to do its work
    _import_everything()
    for line in sys.stdin:
        outcome = _carried_out(Order(**json.loads(line)), failing, folder)
        print(json.dumps(asdict(outcome)), flush=True)  # noqa: T201 - this is how it answers


def _import_everything() -> None:
    import sqlite_utils  # noqa: F401

    import plantrack

    for name in (
        "cli",
        "commands",
        "past_commands",
        "sync.history",
        "sync.scan",
        "views",
        "store.check",
    ):
        __import__(f"{plantrack.__name__}.{name}")


def _carried_out(order: Order, failing: ctypes.CDLL, folder: str) -> Outcome:
    out, err, told = (os.memfd_create(name) for name in ("out", "err", "told"))
    child = os.fork()
    if child == 0:
        os.dup2(out, 1)
        os.dup2(err, 2)
        code = 99
        try:
            code = _run(order, failing, folder)
            found = [failing.calls_counted(), failing.call_failed().decode()]
            os.write(told, json.dumps(found).encode())
        except BaseException:  # noqa: BLE001 - told to whoever ordered it
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    counted, failed = json.loads(_read(told) or '[0, ""]')
    return Outcome(os.waitstatus_to_exitcode(status), _read(out), _read(err), counted, failed)


def _run(order: Order, failing: ctypes.CDLL, folder: str) -> int:
    from plantrack.__main__ import main as plantrack

    failing.fail_below(os.fsencode(folder))
    failing.fail_at(order.number, order.error, int(order.goes_on))
    try:
        return plantrack(order.arguments)
    finally:
        failing.fail_at(0, 0, 0)


def _read(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, encoding="utf-8") as opened:
        return opened.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
