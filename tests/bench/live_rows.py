"""What is measured of the live screen: how long after a save it shows what was saved."""

# Theory of operation
#
# 1. The dashboard runs as people run it, on a terminal of our own. A save rewords the step that is
#    next, which every frame shows, by a number: the frame that holds the number is the one.
# 2. The reference is the least that anybody could do: watchdog alone, from write to callback.
# 3. Saves come at uneven times, so that sweeps, second frames and ends of flashes meet some of
#    them. Every other one is made in place, the rest by a rename, as editors do either.

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep

from watchdog.events import FileModifiedEvent, FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bench import inside
from bench.pairs import Measured, in_turns
from bench.prose import Pen
from bench.spawn import Command, Failed
from bench.stage import Stage
from bench.table import Row, Target
from bench.trees import Size
from bench.trial import Bench, Trial

DOCUMENTS = Size(40, 200)
LINES, COLUMNS = 40, 120
SAVES_A_PAIR = 7  # of those that take milliseconds: rare slow ones are looked for

_ENOUGH_S = 20.0
_SETTLING_S = 1.0  # until nothing is left to do


def _save_to_frame(stage: Stage) -> Trial:
    top = stage.tree(DOCUMENTS)
    inside.settle(top)
    step = Step.next(stage, top)
    pen = Pen("saves")
    said: list[str] = []

    def measure() -> Measured:
        command = stage.plantrack(top, "watch")
        with step.kept(), shown(command) as board, watched(stage.folder) as reference:
            board.until(step.word.encode())
            sleep(_SETTLING_S)
            said.append(f"at rest it took {board.busy(stage.scale.pairs):.2%} of a core")

            def ours() -> float:
                sleep(pen.chance.uniform(0.2, 0.6))
                step.reword()
                began = perf_counter()
                step.save()
                return board.until(step.word.encode()) - began

            found = in_turns(ours, reference, pairs=stage.scale.pairs * SAVES_A_PAIR, warm_up=5)
            said.append(f"99 of 100 came within {found.rare * 1000:.1f} ms")
            return found

    return Trial(measure, measure, notes=lambda: tuple(said))


# --- what is saved --------------------------------------------------------------------------------


@dataclass(slots=True)
class Step:
    """The step that is next, in its document."""

    path: Path
    line: int  # from 0
    word: str  # its first
    number: int = 0
    _lines: list[str] = field(default_factory=list)

    @classmethod
    def next(cls, stage: Stage, top: Path) -> Step:
        """Ask plantrack which it is."""
        command = stage.plantrack(top, "next", "--json")
        done = subprocess.run(
            command.argv, cwd=top, env=command.environment, capture_output=True, check=True
        )
        found = json.loads(done.stdout)["next"]
        path = top / found["path"]
        lines = path.read_text().split("\n")
        return cls(path, found["line"] - 1, found["text"].split()[0], _lines=lines)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Leave the document as it was."""
        text = self.path.read_text()
        try:
            yield
        finally:
            self.path.write_text(text)

    def reword(self) -> None:
        """Give it another first word."""
        self.number += 1
        self.word = f"Save{self.number:04}"
        self._lines[self.line] = re.sub(
            r"^(\s*[-*+] \[.\] )(Save\d+ )?", rf"\g<1>{self.word} ", self._lines[self.line]
        )

    def save(self) -> None:
        """Write the document as an editor does."""
        text = "\n".join(self._lines)
        if self.number % 2:
            self.path.write_text(text)
            return
        beside = self.path.with_name(f".{self.path.name}.tmp")
        beside.write_text(text)
        beside.replace(self.path)


# --- what shows it --------------------------------------------------------------------------------


@dataclass(slots=True)
class Shown:
    """A program on a terminal of our own."""

    pid: int
    terminal: int  # our end

    def until(self, word: bytes) -> float:
        """Read until a word was written; give the time when it was. Raises Failed."""
        seen = b""
        while word not in seen:
            if not select.select([self.terminal], [], [], _ENOUGH_S)[0]:
                message = f"{word.decode()} was not shown: {seen[-2000:]!r}"
                raise Failed(message)
            seen = seen[-len(word) :] + os.read(self.terminal, 1 << 16)
        return perf_counter()

    def busy(self, seconds: float) -> float:
        """Watch it for a while; give its share of one core (Linux; elsewhere 0)."""
        before = self._nanoseconds()
        end = perf_counter() + seconds
        while (left := end - perf_counter()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                os.read(self.terminal, 1 << 16)
        return (self._nanoseconds() - before) / 1e9 / seconds

    def _nanoseconds(self) -> int:
        """Add up the processor time of its threads."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks)


@contextmanager
def shown(command: Command) -> Iterator[Shown]:
    """Run a program on a terminal, and end it."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (LINES, COLUMNS))
    started = subprocess.Popen(
        command.argv,
        cwd=command.folder,
        env=command.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Shown(started.pid, ours)
    finally:
        started.send_signal(signal.SIGTERM)
        threading.Thread(target=_drain, args=(ours,), daemon=True).start()
        started.wait(_ENOUGH_S)


def _drain(terminal: int) -> None:
    try:
        while os.read(terminal, 1 << 16):
            pass
    except OSError:  # the end of a terminal on Linux
        pass
    os.close(terminal)


@contextmanager
def watched(folder: Path) -> Iterator[Callable[[], float]]:
    """Watch a folder with nothing but watchdog; give what measures a write until its callback."""
    folder = folder / "watched"
    folder.mkdir(exist_ok=True)
    path = folder / "file.md"
    called = threading.Event()
    at: list[float] = []

    class Handler(FileSystemEventHandler):
        def on_modified(self, event: FileSystemEvent) -> None:
            if isinstance(event, FileModifiedEvent):
                at.append(perf_counter())
                called.set()

    def figure() -> float:
        sleep(0.05)
        called.clear()
        at.clear()
        began = perf_counter()
        path.write_text(f"{began}\n")
        if not called.wait(_ENOUGH_S):
            message = "watchdog did not call back"
            raise Failed(message)
        return at[0] - began

    path.write_text("\n")
    observer = Observer()
    observer.schedule(Handler(), str(folder), recursive=True)
    observer.start()
    try:
        yield figure
    finally:
        observer.stop()
        observer.join()


BENCHES = (
    Bench(
        Row(
            "save-to-frame",
            f"save to frame, {DOCUMENTS.documents} documents",
            "watchdog alone",
            Target(15, rare=0.05),
        ),
        _save_to_frame,
    ),
)
