"""The dashboard as people have it: on terminals, with keys, beside other programs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from conftest import Repo
from plantrack.core.clean import width
from test_dashboard_loop import slow_git

ENOUGH_S = 20
LEFT = "\x1b[?1049l"
CTRL_L = "\x0c"

BERTHS = """\
# Design: Berths

**Status:** In Progress

## Implementation Plan

- [x] **Milestone 1: Grid**
  - [x] Draw the quay
- [ ] **Milestone 2: Drag**
  - [ ] Snap every stay to the half hour
  - [ ] Refuse a drop that is in the way
"""
TIDES = """\
# Design: Tides

**Status:** In Progress

## Implementation Plan

- [ ] **Milestone 1: 港湾の潮汐 と 船**
  - [ ] 潮汐表を読み込む 🚢 e\u0301te\u0301 und zo\u0308gern
  - [ ] Pre\u0301dire la mare\u0301e haute
"""
DONE = """\
# Design: Signs

**Status:** Implemented

## Implementation Plan

- [x] **Milestone 1: Signs**
  - [x] Paint them
"""
FILES = {"docs/berths.md": BERTHS, "docs/tides.md": TIDES, "docs/signs.md": DONE}
NEXT = "Snap every stay to the half hour"


@dataclass(slots=True)
class Board:
    """A repository with a dashboard on it."""

    repo: Repo
    terminal: pexpect.spawn

    def sees(self, *words: str) -> None:
        """Wait until each of the words was written, in this order."""
        for word in words:
            self.terminal.expect_exact(word)

    def press(self, keys: str) -> None:
        self.terminal.send(keys)

    def paint(self) -> str:
        """Have everything written once more; give it."""
        self.terminal.expect(r".+|$", timeout=0)  # what was written before is of no interest
        self.press(CTRL_L)
        self.terminal.expect_exact("\x1b[1;1H")
        self.terminal.expect_exact("\x1b[?2026l")
        before = self.terminal.before
        assert isinstance(before, str)
        return before

    def edit(
        self, old: str, new: str, *, path: str = "docs/berths.md", beside: bool = False
    ) -> None:
        """Replace a text in a document, in place or by another file."""
        file = self.repo.path / path
        text = file.read_text()
        assert old in text
        target = file.with_name(".berths.md.swp") if beside else file
        target.write_text(text.replace(old, new))
        if beside:
            target.replace(file)

    def leaves(self, code: int) -> None:
        """Wait until it has ended, with the terminal as it was."""
        self.sees(LEFT)
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        assert self.terminal.exitstatus == code


@pytest.fixture
def board(make_repo: Callable[..., Repo]) -> Iterator[Callable[..., Board]]:
    """Return `board(LC_ALL="C")`: a dashboard that shows where everything is.

    `board(shows="reading…")` waits for that instead.
    """
    started: list[pexpect.spawn] = []

    def start(*arguments: str, shows: str = "help", **settings: str) -> Board:
        repo = make_repo(FILES)
        terminal = pexpect.spawn(
            sys.executable,
            ["-m", "plantrack", "watch", *arguments],
            cwd=str(repo.path),
            env=environment(**settings),
            dimensions=(24, 80),
            encoding="utf-8",
            timeout=ENOUGH_S,
        )
        started.append(terminal)
        found = Board(repo, terminal)
        found.sees("\x1b[?1049h", shows, "\x1b[?2026l")
        return found

    yield start
    for terminal in started:
        terminal.close(force=True)


def environment(**settings: str) -> dict[str, str]:
    found = {**os.environ, "TERM": "xterm-256color", **settings}
    found["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    return found


def plantrack(repo: Repo, *arguments: str) -> str:
    """Run another command in the same repository; what it says on stderr is a failure."""
    command = [sys.executable, "-m", "plantrack", *arguments]
    done = subprocess.run(
        command, cwd=repo.path, env=environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


# --- what is seen ---------------------------------------------------------------------------------


def test_a_save_is_seen_whichever_way_an_editor_makes_it(board: Callable[..., Board]) -> None:
    shown = board()
    shown.edit("Snap every stay", "Snap each stay")
    shown.sees("Snap each stay")
    shown.edit("Snap each stay", "Snap all stays", beside=True)
    shown.sees("Snap all stays")
    shown.edit("- [ ] Snap", "- [x] Snap")
    shown.sees("Refuse a drop")
    shown.repo.write({"docs/signals.md": BERTHS.replace("Berths", "Signals")})
    shown.sees("signals")
    shown.press("q")
    shown.leaves(0)


def test_other_commands_run_beside_it(board: Callable[..., Board]) -> None:
    shown = board()
    for number in range(4):
        shown.edit("the half hour", f"the half hour {number}")
        assert f"half hour {number}" in plantrack(shown.repo, "next")
        plantrack(shown.repo, "sync")
        shown.sees(f"half hour {number}")
        shown.edit(f"the half hour {number}", "the half hour")
    plantrack(shown.repo, "tick", "--yes")
    shown.sees("Refuse a drop")
    plantrack(shown.repo, "undo")
    shown.sees("Snap every stay")
    shown.press("q")
    shown.leaves(0)


def test_what_happens_in_a_pause_is_shown_when_it_is_over(board: Callable[..., Board]) -> None:
    shown = board()
    shown.press("p")
    shown.sees("paused")
    shown.edit("Snap every stay", "Snap each stay")
    time.sleep(0.5)
    assert "Snap each stay" not in shown.paint()
    shown.press("p")
    shown.sees("Snap each stay")


def test_a_folder_that_vanishes_is_waited_for(board: Callable[..., Board]) -> None:
    shown = board()
    aside = shown.repo.path.with_name("aside")
    shown.repo.path.rename(aside)
    time.sleep(1)
    assert shown.paint()  # it is there still, whatever it says
    aside.rename(shown.repo.path)
    shown.edit("Snap every stay", "Snap each stay")
    shown.sees("Snap each stay")
    shown.press("q")
    shown.leaves(0)


def test_keys_walk_through_every_page(board: Callable[..., Board]) -> None:
    shown = board()
    shown.press("\x1b[B")
    shown.sees("→")
    shown.press("\r")
    shown.sees("Draw the quay", " back")
    shown.press("\x1b[C")
    shown.sees("潮汐表を読み込む")
    shown.press("\x1b")
    shown.sees("In work")
    shown.press("?")
    shown.sees("Help")
    shown.press("G\x1b[5~g\x1b")
    shown.sees("In work")
    shown.press("/tid")
    shown.sees("/tid")
    shown.press("\x7f\x7f\x15sig\x1b")
    shown.press("f")
    shown.sees("signs")
    shown.press("suujk\x1b[6~r\x1b[2~\x1bOP")
    assert "signs" in shown.paint()
    shown.press("q")
    shown.leaves(0)


def test_what_is_pasted_commands_nothing(board: Callable[..., Board]) -> None:
    shown = board()
    shown.press("quit this quickly, please\n")
    shown.press("?")
    shown.sees("Help")


# --- how it ends ----------------------------------------------------------------------------------


def test_the_keyboard_ends_it_and_so_does_a_signal(board: Callable[..., Board]) -> None:
    shown = board()
    shown.terminal.sendcontrol("c")
    shown.leaves(130)


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGHUP", "SIGQUIT"])
def test_a_signal_ends_it_as_the_keyboard_does(board: Callable[..., Board], ending: str) -> None:
    shown = board()
    shown.terminal.kill(signal.Signals[ending])
    shown.leaves(130)


def test_a_terminal_that_is_gone_ends_it(make_repo: Callable[..., Repo]) -> None:
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    started = subprocess.Popen(
        [sys.executable, "-m", "plantrack", "watch"],
        cwd=make_repo(FILES).path,
        env=environment(),
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    os.close(theirs)
    written = b""
    while NEXT.encode() not in written:
        written += os.read(ours, 1 << 16)
    os.close(ours)
    assert started.communicate(timeout=ENOUGH_S)[1] == b""
    assert started.returncode == 130


def test_a_terminal_is_left_as_it_was_found(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo(FILES)
    for keys, code in (("q", 0), ("\x03", 130)):
        asked = f"stty -g; {sys.executable} -m plantrack watch; echo code $?; stty -g"
        shell = pexpect.spawn(
            "/bin/sh",
            ["-c", asked],
            cwd=str(repo.path),
            env=environment(),
            encoding="utf-8",
            timeout=ENOUGH_S,
        )
        shell.expect(r"([0-9a-f:]+)\r\n")
        before = shell.match[1]
        shell.expect_exact(NEXT)
        shell.send(keys)
        shell.expect_exact(LEFT)
        if code == 0:  # a shell that was interrupted asks nothing more
            shell.expect_exact(f"code {code}")
            shell.expect(r"([0-9a-f:]+)\r\n")
            assert shell.match[1] == before
        shell.expect(pexpect.EOF)


# --- while something takes long -------------------------------------------------------------------


@pytest.fixture
def hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the file that keeps git, as long as it is there, from telling plantrack of the past."""
    found = tmp_path / "hold"
    slow_git(tmp_path / "bin", found)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    yield found
    found.unlink(missing_ok=True)


def quit_by(key: str) -> Callable[[Board], None]:
    return lambda shown: shown.press(key)


def killed_by(number: signal.Signals) -> Callable[[Board], None]:
    return lambda shown: shown.terminal.kill(number)


@pytest.mark.parametrize(
    ("leave", "code", "is_first"),
    [
        pytest.param(quit_by("q"), 0, False, id="q-a commit"),
        pytest.param(quit_by("q"), 0, True, id="q-everything"),
        pytest.param(quit_by("\x03"), 130, True, id="Ctrl-C-everything"),
        pytest.param(killed_by(signal.SIGTERM), 130, False, id="SIGTERM-a commit"),
        pytest.param(killed_by(signal.SIGHUP), 130, True, id="SIGHUP-everything"),
    ],
)
def test_who_leaves_while_something_is_read_leaves_a_sound_memory(
    board: Callable[..., Board],
    hold: Path,
    leave: Callable[[Board], None],
    *,
    code: int,
    is_first: bool,
) -> None:
    """No lock is left, and whoever comes next goes on."""
    if is_first:
        hold.touch()
        shown = board(shows="reading…")
    else:
        shown = board()
        hold.touch()
        shown.repo.commit({"docs/berths.md": BERTHS.replace("[ ] Snap", "[x] Snap")}, "Snap")
        shown.sees("reading…")
    leave(shown)
    shown.leaves(code)
    assert hold.exists()
    hold.unlink()
    done = "Snap" if is_first else "Refuse a drop"
    assert done in plantrack(shown.repo, "next")
    assert "sound" in plantrack(shown.repo, "db", "check")


def test_the_screen_follows_its_size_while_something_is_read(
    board: Callable[..., Board], hold: Path
) -> None:
    hold.touch()
    shown = board(shows="reading…")
    shown.terminal.setwinsize(30, 120)
    shown.sees("reading…", "\x1b[30;1H", "quit")
    hold.unlink()
    shown.sees("live", "\x1b[30;1H", "help")


# --- what a terminal can show ---------------------------------------------------------------------


def test_without_colour_nothing_is_coloured(board: Callable[..., Board]) -> None:
    shown = board(NO_COLOR="1")
    written = shown.paint()
    assert NEXT in written
    assert not re.search(r"\x1b\[[0-9;]*m", written)


def test_with_colour_something_is(board: Callable[..., Board]) -> None:
    assert re.search(r"\x1b\[[0-9;]+m", board().paint())


def test_a_plain_locale_is_shown_nothing_but_ascii(board: Callable[..., Board]) -> None:
    shown = board(LC_ALL="C")
    for keys in ("", "G\r", "?"):
        shown.press(keys)
        written = shown.paint()
        assert written
        assert written.isascii()


def test_a_dumb_terminal_is_told_line_by_line(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo(FILES)
    terminal = pexpect.spawn(
        sys.executable,
        ["-m", "plantrack", "watch"],
        cwd=str(repo.path),
        env=environment(TERM="dumb"),
        encoding="utf-8",
        timeout=ENOUGH_S,
    )
    terminal.expect_exact("watching 3 documents")
    Board(repo, terminal).edit("Snap every stay", "Snap each stay")
    terminal.expect_exact("Snap each stay")
    assert isinstance(terminal.before, str)
    assert "\x1b[?1049h" not in terminal.before
    terminal.close(force=True)


# --- on a terminal that tells what it shows -------------------------------------------------------


@dataclass(slots=True)
class Window:
    """A window of tmux."""

    socket: str

    def tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self.socket, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    def lines(self) -> list[str]:
        """Give what stands there, a text a line."""
        return self.tmux("capture-pane", "-p").split("\n")[:-1]

    def press(self, *keys: str) -> None:
        self.tmux("send-keys", *keys)

    def resize(self, columns: int, lines: int) -> None:
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))

    def shows(self, *words: str, height: int | None = None) -> list[str]:
        """Wait until all the words stand there, on so many lines; give the lines."""
        end = time.monotonic() + ENOUGH_S
        while True:
            lines = self.lines()
            text = "\n".join(lines)
            if all(word in text for word in words) and height in {None, len(lines)}:
                return lines
            assert time.monotonic() < end, f"{words} never came:\n{text}"
            time.sleep(0.05)


@pytest.fixture
def window(
    make_repo: Callable[..., Repo], tmp_path: Path
) -> Iterator[Callable[[int, int], Window]]:
    """Return `window(80, 24)`: a dashboard in a window of so many columns and lines."""
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux to ask what a terminal shows")
    found = Window(f"plantrack-{os.getpid()}")

    def start(columns: int, lines: int) -> Window:
        repo = make_repo(FILES)
        settings = ("-x", str(columns), "-y", str(lines))
        command = f"exec {sys.executable} -m plantrack watch 2> {tmp_path}/errors"
        shell = ("env", *_words(environment()), "sh", "-c", f"cd {repo.path}; {command}")
        found.tmux("new-session", "-d", *settings, *shell)
        return found

    yield start
    subprocess.run(["tmux", "-L", found.socket, "kill-server"], capture_output=True, check=False)
    errors = tmp_path / "errors"
    assert not errors.exists() or not errors.read_text()


def _words(settings: dict[str, str]) -> Sequence[str]:
    kept = ("HOME", "LC_ALL", "PATH", "PYTHONPATH", "TERM", "TZ")
    return [f"{name}={settings[name]}" for name in kept if name in settings]


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40), (200, 60)])
def test_a_frame_fills_the_screen_and_stays_on_it(
    window: Callable[[int, int], Window], columns: int, lines: int
) -> None:
    shown = window(columns, lines).shows("Next", NEXT, "berths", "tides", "? help", height=lines)
    assert all(width(line) <= columns for line in shown)
    assert shown[0].startswith("repo")
    assert "quit" in shown[-1]


def test_a_frame_follows_the_size_of_its_window(window: Callable[[int, int], Window]) -> None:
    shown = window(80, 24)
    shown.shows(NEXT, "? help", height=24)
    shown.resize(120, 40)
    shown.shows(NEXT, "? help", height=40)
    for columns, lines in ((30, 8), (10, 3), (2, 2), (1, 1), (200, 2), (5, 60)):
        shown.resize(columns, lines)
        time.sleep(0.05)
    shown.resize(80, 24)
    again = shown.shows(NEXT, "? help", height=24)
    assert all(width(line) <= 80 for line in again)
    assert again[0].startswith("repo")


def test_wide_and_combining_characters_keep_every_column_in_its_place(
    window: Callable[[int, int], Window],
) -> None:
    shown = window(120, 40)
    shown.press("j", "j")
    lines = shown.shows("→", "? help", "港湾の潮汐", "│")
    edges = {width(line[: line.index("│")]) for line in lines if "│" in line}
    assert len(edges) == 1, "\n".join(lines)
    shown.press("Enter")
    shown.shows("潮汐表を読み込む 🚢 été und zögern", "Prédire la marée haute", "esc back")
