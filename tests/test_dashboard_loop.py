"""The dashboard in this process, with somebody at the other end of its terminal."""

from __future__ import annotations

import gc
import os
import re
import select
import shutil
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from conftest import Repo
from plantrack import dashboard
from plantrack.arguments import now
from plantrack.commands import Options
from plantrack.core.effects import Unit
from plantrack.core.feed import Changed, Trouble
from plantrack.dashboard.appointments import Appointments, Call
from plantrack.dashboard.terminal import Gone, Terminal
from plantrack.errors import NotFound
from plantrack.live import Live, Pulse
from plantrack.views.board import Board

ENOUGH_S = 20
PLAN = """\
# Design: Berths

**Status:** In Progress

## Implementation Plan

- [ ] **Milestone 1: Drag**
  - [ ] Snap every stay to the half hour
  - [ ] Refuse a drop that is in the way
"""
FILES = {"docs/berths.md": PLAN, "docs/tides.md": PLAN.replace("Berths", "Tides")}

Step = tuple[str, str | Callable[[], object]]  # a word to wait for; then keys to press, or a deed


class Driver(threading.Thread):
    """Waits for words, presses keys and does deeds; quits at the end."""

    def __init__(self, terminal: int, steps: Sequence[Step]) -> None:
        super().__init__(daemon=True)
        self.missed = ""
        self._terminal = terminal
        self._steps = (*steps, ("", "q"))
        self._seen = ""

    def run(self) -> None:
        for word, deed in self._steps:
            if not self._sees(word):
                self.missed = f"{word!r} never came: {self._seen!r}"
                os.write(self._terminal, b"\x1b\x1bq")
                return
            if isinstance(deed, str):
                os.write(self._terminal, deed.encode())
            else:
                deed()
        self._sees("never")  # a terminal that is not read holds up who writes to it

    def _sees(self, word: str) -> bool:
        while word not in self._seen:
            if not select.select([self._terminal], [], [], ENOUGH_S)[0]:
                return False
            try:
                data = os.read(self._terminal, 1 << 16)
            except OSError:  # the other end is closed
                return False
            self._seen += re.sub(r"\x1b\[[\d;]*m", "", data.decode(errors="replace"))
        self._seen = self._seen[self._seen.index(word) + len(word) :]
        return True


EMPTY = Pulse((), is_fresh=False, trouble="")  # of who has nothing to tell but what others do


@dataclass(slots=True)
class Here:
    """A repository, and a dashboard on it that runs in this process."""

    repo: Repo
    monkeypatch: pytest.MonkeyPatch
    clock: Callable[[], datetime] = now
    note: str = ""  # that is told with every pulse
    others: tuple[int, ...] = ()
    names: tuple[str, ...] = ()  # of the documents that are watched; all
    heard: list[Pulse] = field(default_factory=list)

    def save(self, old: str, new: str) -> Callable[[], object]:
        """Give the deed of replacing a text in a document."""

        def deed() -> None:
            path = self.repo.path / "docs/berths.md"
            path.write_text(path.read_text().replace(old, new))

        return deed

    def runs(self, *steps: Step) -> int:
        """Let somebody take the steps; give the exit code."""
        ours, theirs = os.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        driver = Driver(ours, steps)
        with ExitStack() as stack:
            stack.callback(os.close, ours)
            stack.callback(driver.join, ENOUGH_S)
            with os.fdopen(theirs, "w", encoding="utf-8") as terminal, self._live() as live:
                self.monkeypatch.setattr(sys, "stdin", terminal)
                self.monkeypatch.setattr(sys, "stdout", terminal)
                driver.start()
                code = dashboard.run(
                    live, clock=self.clock, unit=Unit.LEAVES, told=self._told, others=self.others
                )
        assert not driver.missed, driver.missed
        return code

    def _live(self) -> Live:
        return Live(Options(str(self.repo.path)), self.names, clock=now)

    def _told(self, pulse: Pulse) -> str:
        self.heard.append(pulse)
        if pulse == EMPTY:
            for other in self.others:
                return os.read(other, 100).decode()
        return self.note


@pytest.fixture
def here(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(dashboard, "FLASH_S", 0.3)
    monkeypatch.setattr(dashboard, "NOTE_S", 0.3)
    with monkeypatch.context() as streams:
        yield Here(make_repo(FILES), streams)


def test_what_changed_flashes_for_a_while(here: Here) -> None:
    code = here.runs(
        ("? help", here.save("- [ ] Snap", "- [x] Snap")),
        ("● docs/berths", ""),
        ("± docs/berths", ""),
    )
    assert code == 0
    events = [event for pulse in here.heard for event in pulse.events]
    assert [event.change.kind for event in events if isinstance(event, Changed)] == ["ticked"]


def test_a_document_that_comes_flashes_too(here: Here) -> None:
    here.runs(
        ("? help", lambda: here.repo.write({"docs/signs.md": PLAN.replace("Berths", "Signs")})),
        ("● docs/signs", ""),
    )


def test_a_note_is_told_and_goes_by_itself(here: Here) -> None:
    here.note = "tell.sh ended with 1"
    here.runs(("tell.sh ended with 1", ""), ("? help", ""))


def test_who_tells_something_between_pulses_is_heard(here: Here) -> None:
    read, write = os.pipe()
    here.others = (read,)
    here.runs(
        ("? help", lambda: os.write(write, b"tell.sh ended with 2")),
        ("tell.sh ended with 2", ""),
    )
    assert here.heard.count(EMPTY) == 1
    os.close(read)
    os.close(write)


def test_an_opened_document_shows_its_next_task(here: Here) -> None:
    steps = "".join(f"  - [x] Done before: {number}\n" for number in range(60))
    here.save("  - [ ] Snap", f"{steps}  - [ ] Snap")()
    here.runs(
        ("? help", "\r"),
        ("Snap every stay", "\x1b[C"),
        ("Tides", "\x1b"),
        ("In work", "?"),
        ("Help", "\x1b[6~\x0c"),
        ("Help", "h"),
        ("In work", ""),
    )


def test_in_a_pause_nothing_is_looked_at(here: Here) -> None:
    here.runs(
        ("? help", "p"),
        ("paused", "r"),
        ("paused: p goes on", here.save("Snap every", "Snap each")),
        ("? help", "p"),
        ("Snap each", "r"),
    )


def test_a_new_day_makes_everything_anew(here: Here) -> None:
    days = iter(range(0, 1_000_000, 30))
    here.clock = lambda: now() + timedelta(days=next(days))
    here.runs(("1 y", "j"), ("→", ""))


def test_a_memory_that_cannot_be_read_is_told_of_and_the_last_view_stays(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise NotFound("the memory is out of reach", "wait")

    here.runs(
        ("? help", lambda: monkeypatch.setattr(Board, "view", fail)),
        ("", "j"),
        ("the memory is out of reach", ""),
        ("? help", ""),
    )


def test_another_place_for_the_memory_is_another_board(here: Here) -> None:
    elsewhere = here.repo.path / "elsewhere"

    def move() -> None:
        here.repo.write({"plantrack.toml": 'database = "elsewhere"\n'})
        end = monotonic() + ENOUGH_S
        while not elsewhere.exists() and monotonic() < end:
            sleep(0.02)

    here.runs(("? help", move), ("", here.save("Snap every", "Snap each")), ("Snap each", ""))
    assert elsewhere.exists()


def test_a_trouble_that_passes_by_is_a_note(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    passing = Pulse((Trouble("the memory was made again", now()),), is_fresh=False, trouble="")
    pulses = iter([passing])
    step = Live.step
    monkeypatch.setattr(Live, "step", lambda live: step(live) or next(pulses, None))
    here.runs(("the memory was made again", ""))


def test_another_size_is_another_frame(here: Here) -> None:
    here.runs(("? help", lambda: os.kill(os.getpid(), signal.SIGWINCH)), ("? help", "\x1b"))


def test_a_selected_document_that_goes_leaves_its_place_to_the_next(here: Here) -> None:
    berths = here.repo.path / "docs/berths.md"
    here.runs(("? help", "j"), ("→", berths.unlink), ("→  docs/tides", ""))


def test_a_terminal_that_is_gone_ends_it(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise Gone

    monkeypatch.setattr(Terminal, "draw", gone)
    assert here.runs() == 130


# --- while something takes long -------------------------------------------------------------------


@dataclass(slots=True)
class Hold:
    """A git that tells plantrack of the past as soon as it may."""

    file: Path

    def begin(self) -> None:
        self.file.touch()

    def end(self) -> None:
        self.file.unlink(missing_ok=True)


@pytest.fixture
def hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    found = Hold(tmp_path / "hold")
    slow_git(tmp_path / "bin", found.file)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    yield found
    found.end()


def slow_git(folder: Path, hold: Path) -> None:
    """Put a git into a folder that waits, when plantrack asks for the past, for a file to go."""
    real = shutil.which("git")
    folder.mkdir()
    wait = f'while [ -e "{hold}" ]; do sleep 0.02; done'
    asked = '*" --no-pager "*" rev-list "*'
    script = f'#!/bin/sh\ncase " $* " in {asked}) {wait} ;; esac\nexec {real} "$@"\n'
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)


def held(here: Here, hold: Hold) -> Callable[[], object]:
    """Give the deed of a commit that takes long to be read."""

    def deed() -> None:
        hold.begin()
        here.repo.commit({"docs/berths.md": PLAN.replace("- [ ] Snap", "- [x] Snap")}, "Snap")

    return deed


def test_keys_are_taken_while_a_commit_is_read(here: Here, hold: Hold) -> None:
    code = here.runs(
        ("? help", held(here, hold)),
        ("reading…", "?"),
        ("Help", "\x1b"),
        ("In work", "/tid"),
        ("/tid", "\r"),
        ("tides", "\x1b"),
        ("berths", "s"),
        ("by last change", hold.end),
        ("1/4 steps", ""),
        ("● live", ""),
    )
    assert code == 0


def test_what_is_saved_while_a_commit_is_read_is_not_lost(here: Here, hold: Hold) -> None:
    def save_and_end() -> None:
        here.save("Refuse a drop", "Refuse each drop")()
        hold.end()

    here.runs(("? help", held(here, hold)), ("reading…", save_and_end), ("Refuse each drop", ""))
    kinds = [
        event.change.kind
        for pulse in here.heard
        for event in pulse.events
        if isinstance(event, Changed)
    ]
    assert kinds == ["ticked", "reworded"]


def test_who_quits_while_a_commit_is_read_leaves_at_once(here: Here, hold: Hold) -> None:
    assert here.runs(("? help", held(here, hold)), ("reading…", "")) == 0
    assert hold.file.exists()
    hold.end()
    assert gc.isenabled()
    here.monkeypatch.undo()
    assert here.runs(("Refuse a drop", "")) == 0


def test_who_quits_while_all_is_read_for_the_first_time_leaves_at_once(
    here: Here, hold: Hold
) -> None:
    hold.begin()
    assert here.runs(("reading…", "?"), ("Help", "")) == 0
    assert hold.file.exists()
    hold.end()
    assert here.runs(("? help", "")) == 0


def test_what_fails_while_all_is_read_for_the_first_time_gives_the_terminal_back(
    here: Here, hold: Hold
) -> None:
    hold.begin()
    here.names = ("nowhere",)
    with pytest.raises(NotFound):
        here.runs(("reading…", hold.end), ("\x1b[?1049l", ""))


def test_a_document_that_is_opened_while_a_commit_is_read_is_shown_then(
    here: Here, hold: Hold
) -> None:
    here.runs(
        ("? help", held(here, hold)),
        ("reading…", "/tid\rj\r"),
        ("it is shown when all is read", hold.end),
        ("● live", ""),
        ("Snap every stay", ""),
    )


def test_a_pause_that_is_asked_for_while_a_commit_is_read_comes_after_it(
    here: Here, hold: Hold
) -> None:
    here.runs(
        ("? help", held(here, hold)),
        ("reading…", "pr"),
        ("paused: p goes on", hold.end),
        ("1/4 steps", here.save("Refuse a drop", "Refuse each drop")),
        ("", "p"),
        ("Refuse each drop", ""),
    )


def test_another_size_and_a_terminal_that_is_gone_are_heeded_while_a_commit_is_read(
    here: Here, hold: Hold
) -> None:
    def gone(*_: object) -> None:
        raise Gone

    def resize() -> None:
        os.kill(os.getpid(), signal.SIGWINCH)

    code = here.runs(
        ("? help", held(here, hold)),
        ("reading…", resize),
        ("? help", "\x0c"),
        ("? help", lambda: here.monkeypatch.setattr(Terminal, "has_input", gone)),
    )
    assert code == 130
    assert hold.file.exists()


@pytest.mark.parametrize("is_dropped", [False, True])
def test_who_clears_up_after_an_interruption_is_not_interrupted_again_at_once(
    here: Here, monkeypatch: pytest.MonkeyPatch, *, is_dropped: bool
) -> None:
    """But who dropped it is: that happens in the middle of some clearing up."""
    monkeypatch.setattr(dashboard, "AGAIN_S", 60.0 if not is_dropped else 0.1)
    step, is_on, cleared = Live.step, threading.Event(), list[bool]()
    is_noticed = threading.Event()

    def interrupted(live: Live) -> Pulse | None:
        if not is_on.is_set():
            return step(live)
        try:
            os.kill(os.getpid(), signal.SIGINT)
            sleep(ENOUGH_S)
        except KeyboardInterrupt:
            is_noticed.set()
            end = monotonic() + (ENOUGH_S if is_dropped else 0.6)  # until words are to be shown
            while monotonic() < end:
                pass
            cleared.append(True)
        raise KeyboardInterrupt

    monkeypatch.setattr(Live, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        here.runs(("? help", is_on.set), ("", "j"), ("", lambda: is_noticed.wait(ENOUGH_S)))
    assert cleared == ([] if is_dropped else [True])


def test_a_view_that_takes_long_is_interrupted_by_keys_too(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once more where a key asked for another one meanwhile."""
    view, held_up = Board.view, threading.Event()

    def slowly(*args: Any, **how: Any) -> Any:  # noqa: ANN401 -- as it is
        found = view(*args, **how)
        while not held_up.wait(0.01):
            pass
        return found

    def slow_down() -> None:
        monkeypatch.setattr(Board, "view", slowly)
        here.save("- [ ] Snap", "- [x] Snap")()

    here.runs(
        ("? help", slow_down),
        ("", "?"),
        ("Help", "\x1b"),
        ("In work", "j"),
        ("→", held_up.set),
        ("Refuse a drop", ""),
    )


# --- appointments ---------------------------------------------------------------------------------


def test_what_is_due_is_given_once_and_until_then_is_waited() -> None:
    appointments = Appointments()
    assert appointments.wait_s(0.0) is None
    appointments.make(Call.FLASH, 2.0)
    appointments.make(Call.AGES, 30.0)
    assert appointments.wait_s(1.5) == 0.5
    assert appointments.due(1.9) == frozenset()
    assert appointments.wait_s(5.0) == 0.0
    assert appointments.due(5.0) == {Call.FLASH}
    assert appointments.wait_s(5.0) == 25.0


def test_what_is_postponed_again_and_again_comes_at_last() -> None:
    appointments = Appointments()
    for tenth in range(30):
        appointments.postpone(Call.WHOLE, tenth / 10 + 0.2, at_most_s=1.0)
    assert appointments.due(1.1) == frozenset()
    assert appointments.due(1.2) == {Call.WHOLE}
    appointments.postpone(Call.WHOLE, 5.0, at_most_s=1.0)
    assert appointments.wait_s(4.0) == 1.0
