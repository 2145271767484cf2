from __future__ import annotations

import io
import os
import select
import signal
import sys
import termios
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from plantrack.core.board_view import Size
from plantrack.dashboard.terminal import Gone, Terminal, can_be_live

SIGNALS = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGTSTP,
    signal.SIGCONT,
    signal.SIGWINCH,
)
ENTERED = "\x1b[?1049h"
LEFT = "\x1b[?1049l"
ENOUGH_S = 20

# Shows its size and what was typed, as long as nobody types q.
PROGRAM = """
import os, select
from plantrack.dashboard.terminal import Terminal
typed = ""
with Terminal(0, 1) as terminal:
    while "q" not in typed:
        size = terminal.size
        lines = [f"{size.columns}x{size.lines} [{typed}] by {os.getpid()}."]
        lines += ["~"] * (size.lines - 1)
        terminal.draw(lines, size.columns)
        ready = select.select([0, terminal], [], [])[0]
        if terminal in ready:
            terminal.heed()
        if 0 in ready:
            typed += terminal.read().decode()
print("well left")
"""


@dataclass(slots=True)
class Pty:
    """A terminal whose other end is ours."""

    ours: int
    theirs: int

    def written(self) -> str:
        """Give what was written to it and not read yet."""
        data = b""
        while select.select([self.ours], [], [], 0)[0]:
            data += os.read(self.ours, 1 << 16)
        return data.decode()

    @property
    def modes(self) -> object:
        return termios.tcgetattr(self.theirs)


@pytest.fixture
def pty(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pty]:
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (5, 20))
    found = Pty(ours, theirs)
    yield found
    for end in (found.ours, found.theirs):
        if end >= 0:
            os.close(end)


@pytest.fixture(autouse=True)
def _signals_as_they_were() -> Iterator[None]:
    before = [signal.getsignal(one) for one in SIGNALS]
    yield
    assert [signal.getsignal(one) for one in SIGNALS] == before
    assert signal.set_wakeup_fd(-1) == -1


def entered(pty: Pty) -> Terminal:
    return Terminal(pty.theirs, pty.theirs)


# --- what is put back -----------------------------------------------------------------------------


def test_a_terminal_is_as_it_was_when_it_is_left(pty: Pty) -> None:
    before = pty.modes
    with entered(pty) as terminal:
        terminal.draw(["one"] * 5, 20)
        assert pty.modes != before
    assert pty.modes == before
    written = pty.written()
    assert written.startswith(f"{ENTERED}\x1b[H\x1b[?25l\x1b[?7l")
    assert written.endswith(f"\x1b[?7h\x1b[?25h{LEFT}")


def test_it_is_put_back_when_something_fails(pty: Pty) -> None:
    before = pty.modes
    with pytest.raises(ZeroDivisionError), entered(pty):
        raise ZeroDivisionError
    assert pty.modes == before
    assert pty.written().endswith(LEFT)


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"])
def test_it_is_put_back_when_the_program_is_ended(pty: Pty, ending: str) -> None:
    def work() -> None:
        with entered(pty) as terminal:
            terminal.draw(["one"] * 5, 20)
            os.kill(os.getpid(), signal.Signals[ending])
            select.select([], [], [], ENOUGH_S)

    before = pty.modes
    with pytest.raises(KeyboardInterrupt):
        work()
    assert pty.modes == before
    assert pty.written().endswith(LEFT)


def test_who_ends_the_program_at_once_is_heard_with_the_first_frame(pty: Pty) -> None:
    def work() -> None:
        with entered(pty) as terminal:
            os.kill(os.getpid(), signal.SIGTERM)
            terminal.draw(["one"] * 5, 20)

    before = pty.modes
    with pytest.raises(KeyboardInterrupt):
        work()
    assert pty.modes == before
    assert "one" not in pty.written()


def test_what_is_ignored_stays_ignored(pty: Pty) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with entered(pty) as terminal:
            terminal.draw(["one"] * 5, 20)
            os.kill(os.getpid(), signal.SIGINT)
            terminal.draw(["two"] * 5, 20)
            assert "two" in pty.written()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_what_is_no_terminal_cannot_be_taken_over(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w+") as file:
        terminal = Terminal(file.fileno(), file.fileno())
        with pytest.raises(Gone), terminal:
            pytest.fail("it was taken over")


def test_a_terminal_that_is_gone_is_said_to_be(pty: Pty) -> None:
    with entered(pty) as terminal:
        os.close(pty.ours)
        pty.ours = -1
        with pytest.raises(Gone):
            terminal.read()
        with pytest.raises(Gone):
            terminal.draw(["one"] * 5, 20)


# --- frames ---------------------------------------------------------------------------------------


def test_only_lines_that_changed_are_written(pty: Pty) -> None:
    with entered(pty) as terminal:
        pty.written()
        terminal.draw(["one", "two", "three"], 20)
        assert pty.written() == (
            "\x1b[?2026h\x1b[1;1Hone\x1b[K\x1b[2;1Htwo\x1b[K\x1b[3;1Hthree\x1b[K\x1b[?2026l"
        )
        terminal.draw(["one", "2", "three"], 20)
        assert pty.written() == "\x1b[?2026h\x1b[2;1H2\x1b[K\x1b[?2026l"
        terminal.draw(["one", "2", "three"], 20)
        assert pty.written() == ""


def test_a_frame_of_another_height_is_written_whole(pty: Pty) -> None:
    with entered(pty) as terminal:
        terminal.draw(["one", "two", "three"], 20)
        pty.written()
        terminal.draw(["one", "two"], 20)
        assert pty.written() == "\x1b[?2026h\x1b[1;1Hone\x1b[K\x1b[2;1Htwo\x1b[K\x1b[?2026l"


def test_a_frame_that_is_forgotten_is_written_whole(pty: Pty) -> None:
    with entered(pty) as terminal:
        terminal.draw(["one", "two"], 20)
        pty.written()
        terminal.forget()
        terminal.draw(["one", "two"], 20)
        assert "one" in pty.written()


@pytest.mark.parametrize(
    ("line", "is_full"),
    [
        ("12345678", True),
        ("1234567", False),
        ("\x1b[1;36m12345678\x1b[0m", True),
        ("\x1b[1;36m1234567\x1b[0m", False),
        ("港港港港", True),
        ("港港港x", False),
        ("e\u0301" * 8, True),
        ("e\u0301" * 7, False),
    ],
)
def test_a_line_that_fills_the_screen_keeps_its_last_cell(
    pty: Pty,
    line: str,
    is_full: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    with entered(pty) as terminal:
        pty.written()
        terminal.draw([line], 8)
        shown = f"\x1b[K{line}" if is_full else f"{line}\x1b[K"
        assert pty.written() == f"\x1b[?2026h\x1b[1;1H{shown}\x1b[?2026l"


def test_what_the_encoding_has_no_character_for_is_escaped(pty: Pty) -> None:
    with Terminal(pty.theirs, pty.theirs, encoding="latin-1") as terminal:
        pty.written()
        terminal.draw(["caf\xe9 港"], 20)
        assert b"caf\xe9 \\u6e2f" in os.read(pty.ours, 4096)


def test_a_terminal_that_takes_nothing_for_a_moment_is_waited_for(pty: Pty) -> None:
    lines = [str(number) * 5000 for number in range(5)]
    os.set_blocking(pty.theirs, False)
    data = b""

    def read() -> None:
        nonlocal data
        while LEFT.encode() not in data:
            data += os.read(pty.ours, 1 << 16)

    with entered(pty) as terminal:
        reader = threading.Thread(target=read)
        threading.Timer(0.2, reader.start).start()
        terminal.draw(lines, 20_000)
    reader.join(ENOUGH_S)
    assert all(line.encode() in data for line in lines)


# --- keys and signals -----------------------------------------------------------------------------


def test_keys_come_as_they_are_pressed_and_are_not_shown(pty: Pty) -> None:
    with entered(pty) as terminal:
        pty.written()
        os.write(pty.ours, b"j\x13\x16\xe6\xb8\xaf")
        assert terminal.read() == b"j\x13\x16\xe6\xb8\xaf"
        assert pty.written() == ""


def test_nothing_typed_is_no_end(pty: Pty) -> None:
    os.set_blocking(pty.theirs, False)
    with entered(pty) as terminal:
        assert terminal.read() == b""


@pytest.mark.parametrize("change", [signal.SIGWINCH, signal.SIGCONT])
def test_another_size_wakes_whoever_waits_and_all_is_written_again(
    pty: Pty, change: signal.Signals
) -> None:
    with entered(pty) as terminal:
        assert terminal.size == Size(20, 5)
        terminal.draw(["one"] * 5, 20)
        termios.tcsetwinsize(pty.theirs, (5, 30))
        os.kill(os.getpid(), change)
        assert select.select([terminal], [], [], ENOUGH_S)[0] == [terminal]
        terminal.heed()
        assert select.select([terminal], [], [], 0)[0] == []
        assert terminal.size == Size(30, 5)
        pty.written()
        terminal.draw(["one"] * 5, 30)
        assert pty.written().count("one") == 5


def test_a_terminal_without_a_size_has_the_usual_one(pty: Pty) -> None:
    termios.tcsetwinsize(pty.theirs, (0, 0))
    assert entered(pty).size == Size(80, 24)
    read, write = os.pipe()
    assert Terminal(read, write).size == Size(80, 24)
    os.close(read)
    os.close(write)


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return not self.closed or super().isatty()


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "dumb", "unknown", ""])
def test_only_two_terminals_that_can_be_addressed_can_be_live(
    term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert can_be_live(Tty(), Tty()) is (term in {"xterm-256color", "linux"})
    assert not can_be_live(io.StringIO(), Tty())
    assert not can_be_live(Tty(), io.StringIO())
    assert not can_be_live(None, Tty())
    closed = Tty()
    closed.close()
    assert not can_be_live(Tty(), closed)


# --- a stop ---------------------------------------------------------------------------------------


def test_a_stop_is_made_with_the_terminal_as_it_was(
    pty: Pty, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would stop these tests too is replaced; how a shell sees it stands below."""
    before = pty.modes
    stopped = []

    def stop(number: int) -> None:
        stopped.append((number, signal.getsignal(number), pty.modes, pty.written()[-8:]))

    monkeypatch.setattr(signal, "raise_signal", stop)
    with entered(pty) as terminal:
        terminal.draw(["one"] * 5, 20)
        os.kill(os.getpid(), signal.SIGTSTP)
        terminal.heed()
        assert stopped == [(signal.SIGTSTP, signal.SIG_DFL, before, LEFT)]
        assert pty.modes != before
        terminal.draw(["one"] * 5, 20)
        assert pty.written().count("one") == 5
    assert pty.modes == before


def test_a_stop_before_the_first_frame_waits_for_it(
    pty: Pty, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[int] = []
    monkeypatch.setattr(signal, "raise_signal", stopped.append)
    with entered(pty) as terminal:
        os.kill(os.getpid(), signal.SIGTSTP)
        assert stopped == []
        terminal.draw(["one"] * 5, 20)
        assert stopped == [signal.SIGTSTP]


def test_who_is_ended_while_stopped_ends_when_going_on(
    pty: Pty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> None:
        with entered(pty) as terminal:
            terminal.draw(["one"] * 5, 20)
            os.kill(os.getpid(), signal.SIGTSTP)
            pytest.fail("it went on")

    monkeypatch.setattr(signal, "raise_signal", lambda _: os.kill(os.getpid(), signal.SIGTERM))
    before = pty.modes
    with pytest.raises(KeyboardInterrupt):
        work()
    assert pty.modes == before


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[pexpect.spawn]:
    """Start a shell that can stop and continue what it started."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "PS1": "$ ", "PS2": "", "HISTFILE": ""}
    found = pexpect.spawn(
        "/bin/bash",
        ["--norc", "--noprofile", "--noediting", "-i"],
        env=environment,
        encoding="utf-8",
        dimensions=(10, 60),
        timeout=ENOUGH_S,
    )
    found.setecho(state=False)
    found.sendline(f"alias program='{sys.executable} {script}'")
    found.sendline("stty -g > before; echo rea''dy")
    found.expect("ready")
    yield found
    found.close(force=True)


def stands_as_before(shell: pexpect.spawn) -> bool:
    """Ask the driver of the terminal for everything it can be told."""
    shell.sendline("stty -g | diff - before && echo sa''me || echo oth''er")
    return bool(shell.expect(["same", "other"]) == 0)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_stop_gives_the_terminal_back_and_going_on_takes_it_again(shell: pexpect.spawn) -> None:
    shell.sendline("program")
    shell.expect_exact("60x10 []")
    shell.send("a")
    shell.expect_exact("[a]")
    shell.send("\x1a")
    shell.expect_exact(LEFT)
    shell.expect("Stopped")
    assert stands_as_before(shell)
    shell.setwinsize(12, 50)
    shell.sendline("fg")
    shell.expect_exact(ENTERED)
    shell.expect_exact("50x12 [a]")
    shell.send("q")
    shell.expect_exact(LEFT)
    shell.expect("well left")
    assert stands_as_before(shell)


def test_a_program_in_the_background_waits_for_the_terminal(shell: pexpect.spawn) -> None:
    shell.sendline("program")
    shell.expect_exact("60x10 []")
    shell.send("\x1a")
    shell.expect("Stopped")
    shell.sendline("bg")
    shell.sendline("sleep 0.3; jobs")
    shell.expect(r"Stopped[^\r\n]*program")
    shell.sendline("fg")
    shell.expect_exact("60x10 []")
    shell.send("q")
    shell.expect("well left")
    assert stands_as_before(shell)


def test_who_is_stopped_unasked_takes_the_terminal_again(shell: pexpect.spawn) -> None:
    shell.sendline("program")
    shell.expect(r"60x10 \[\] by (\d+)\.")
    os.kill(int(shell.match[1]), signal.SIGSTOP)
    shell.expect("Stopped")
    shell.sendline("fg")
    shell.expect_exact("60x10 []")
    shell.send("q")
    shell.expect_exact(LEFT)
    shell.expect("well left")
    assert stands_as_before(shell)


def test_an_interrupt_from_the_keyboard_leaves_nothing_behind(shell: pexpect.spawn) -> None:
    shell.sendline("program")
    shell.expect_exact("60x10 []")
    shell.sendcontrol("c")
    shell.expect_exact(LEFT)
    assert stands_as_before(shell)
