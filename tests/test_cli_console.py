from __future__ import annotations

import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from fcntl import ioctl
from pathlib import Path

import pytest

from conftest import Repo
from plantrack import console
from plantrack.errors import NotFound
from view_samples import PAYLOADS

PLAN = "# Berths\n\n## Implementation Plan\n\n- [x] Milestone 1: Grid\n- [ ] Milestone 2: Drag\n"


class Stream(io.TextIOWrapper):
    """A stream that says what it is, and keeps what it is told."""

    def __init__(self, *, terminal: bool, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def told(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


@pytest.fixture
def stdout(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stream]:
    """Return `stdout(terminal=True, encoding="ascii")`: a new stdout, with colours."""
    monkeypatch.setenv("TERM", "xterm-256color")

    def replace(*, terminal: bool, encoding: str = "utf-8") -> Stream:
        stream = Stream(terminal=terminal, encoding=encoding)
        monkeypatch.setattr(sys, "stdout", stream)
        return stream

    return replace


# --- what stdout is -------------------------------------------------------------------------------


def test_a_pipe_has_no_width_and_no_colour(stdout: Callable[..., Stream]) -> None:
    stdout(terminal=False)
    screen = console.screen(verbose=False)
    assert (screen.width, screen.colour, screen.encoding) == (None, False, "utf-8")


def test_a_terminal_has_both(stdout: Callable[..., Stream]) -> None:
    stdout(terminal=True)
    screen = console.screen(verbose=True)
    assert (screen.width, screen.colour, screen.verbose) == (80, True, True)


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 60), ("200", 200), ("0", 80), ("-5", 80), ("wide", 80), ("", 80)]
)
def test_columns_say_how_wide_a_terminal_is(
    columns: str, width: int, stdout: Callable[..., Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    stdout(terminal=True)
    assert console.screen(verbose=False).width == width
    stdout(terminal=False)
    assert console.screen(verbose=False).width is None


@pytest.mark.parametrize(
    ("settings", "terminal", "colour"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": ""}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
)
def test_colour_is_what_was_asked_for(
    settings: dict[str, str],
    terminal: bool,  # noqa: FBT001 -- a column of the table
    colour: bool,  # noqa: FBT001 -- as above
    stdout: Callable[..., Stream],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdout(terminal=terminal)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert console.screen(verbose=False).colour is colour


@pytest.mark.parametrize(
    ("settings", "terminal", "encoding"),
    [
        ({"LC_ALL": "C"}, True, "ascii"),
        ({"LC_ALL": "", "LC_CTYPE": "POSIX"}, True, "ascii"),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": "C"}, True, "ascii"),
        ({"LC_ALL": "C"}, False, "utf-8"),
        ({"LC_ALL": "C", "PYTHONIOENCODING": "utf-8"}, True, "utf-8"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "C"}, True, "utf-8"),
        ({"LC_ALL": "", "LC_CTYPE": "", "LANG": ""}, True, "utf-8"),
    ],
)
def test_a_terminal_in_the_c_locale_shows_ascii(
    settings: dict[str, str],
    terminal: bool,  # noqa: FBT001 -- a column of the table
    encoding: str,
    stdout: Callable[..., Stream],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdout(terminal=terminal)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert console.screen(verbose=False).encoding == encoding


def test_an_encoding_goes_by_its_own_name(stdout: Callable[..., Stream]) -> None:
    stdout(terminal=False, encoding="latin-1")
    assert console.screen(verbose=False).encoding == "iso8859-1"


@pytest.mark.parametrize("closed", [None, io.TextIOWrapper(io.BytesIO())])
def test_a_closed_stdout_is_no_terminal(
    closed: io.TextIOWrapper | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if closed is not None:
        closed.close()
    monkeypatch.setattr(sys, "stdout", closed)
    screen = console.screen(verbose=False)
    assert (screen.width, screen.encoding) == (None, "utf-8")


# --- writing --------------------------------------------------------------------------------------


def test_what_stdout_has_no_character_for_is_escaped(stdout: Callable[..., Stream]) -> None:
    stream = stdout(terminal=False, encoding="ascii")
    console.write("café → \udce9\n")
    assert stream.told() == "caf\\xe9 \\u2192 \\udce9\n"


def test_any_stream_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    console.write("café\n")
    assert stream.getvalue() == "café\n"


def test_nothing_is_written_where_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    console.write("to nobody")
    console.notice(["to nobody"])
    assert console.guarded(lambda: 7, debug=False) == 7


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_notice_is_one_line_that_does_nothing(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    console.notice([PAYLOADS[name]])
    told = capsys.readouterr().err
    assert told.startswith("plantrack: ")
    assert told.count("\n") == 1
    assert all(char.isprintable() or char in "\n\u00a0" for char in told)


# --- failing --------------------------------------------------------------------------------------


def test_an_error_of_the_users_world_is_two_lines(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise NotFound("no document \x1b[31m", "name another")

    assert console.guarded(work, debug=False) == 1
    assert capsys.readouterr().err == "plantrack: no document \\x1b[31m\nname another\n"


def test_an_error_of_the_system_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        raise PermissionError(13, "Permission denied", "docs/secret.md")

    assert console.guarded(work, debug=False) == 3
    assert capsys.readouterr().err.startswith("plantrack: docs/secret.md: Permission denied\n")


def harbour(make_repo: Callable[..., Repo]) -> Path:
    return make_repo({f"docs/{number:04}.md": PLAN for number in range(40)}).path


def spawn(folder: Path, *words: str, **options: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "plantrack", *words]
    return subprocess.Popen(command, cwd=folder, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("words", [["--help"], ["status", "--json"], ["explain", "0001"], ["next"]])
def test_a_reader_that_has_seen_enough_is_no_error(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    read, write = os.pipe()
    process = spawn(harbour(make_repo), *words, stdout=write, stderr=subprocess.PIPE)
    os.close(read)
    os.close(write)
    _, told = process.communicate(timeout=60)
    assert (process.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
@pytest.mark.parametrize("words", [["--help"], ["status", "--json"], ["explain", "0001"], ["next"]])
def test_a_full_disk_is_told(words: list[str], make_repo: Callable[..., Repo]) -> None:
    with Path("/dev/full").open("wb") as full:
        process = spawn(harbour(make_repo), *words, stdout=full, stderr=subprocess.PIPE)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert told.startswith(b"plantrack: the output: No space left on device\n")
    assert told.count(b"\n") == 2


def test_a_closed_stdout_is_survived(make_repo: Callable[..., Repo]) -> None:
    folder = harbour(make_repo)
    for closing in (">&-", "2>&-", ">&- 2>&-"):
        command = f'"{sys.executable}" -m plantrack status {closing}'
        assert subprocess.run(["sh", "-c", command], cwd=folder, check=False).returncode == 0


# --- progress -------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until its one entry is changed."""
    now = [100.0]
    monkeypatch.setattr(console, "monotonic", lambda: now[0])
    return now


def test_short_work_shows_no_progress(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    progress = console.Progress()
    clock[0] += 0.4
    progress(5, 10)
    progress.close()
    assert stream.told() == ""


def test_long_work_shows_a_bar_and_wipes_it_away(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    progress = console.Progress()
    clock[0] += 0.6
    progress(5, 10)
    progress(6, 10)  # too soon after
    clock[0] += 0.2
    progress(10, 10)
    progress.close()
    first, second, blank, end = stream.told().split("\r")[1:]
    assert first == "reading [############............] 5/10"
    assert second == "reading [########################] 10/10"
    assert (blank, end) == (" " * len(second), "")


def test_a_shorter_bar_leaves_nothing_of_a_longer_one(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = Stream(terminal=True)
    monkeypatch.setattr(sys, "stderr", stream)
    progress = console.Progress()
    for done, total in ((500, 1000), (5, 10)):
        clock[0] += 0.6
        progress(done, total)
    progress.close()
    first, second, blank, end = stream.told().split("\r")[1:]
    assert second == "reading [############............] 5/10".ljust(len(first))
    assert (blank, end) == (" " * len(second.rstrip()), "")


def test_a_log_gets_no_progress(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(terminal=False)
    monkeypatch.setattr(sys, "stderr", stream)
    progress = console.Progress()
    clock[0] += 60
    progress(5, 10)
    progress.close()
    assert stream.told() == ""


# --- a real terminal ------------------------------------------------------------------------------


def on_terminal(folder: Path, cells: int, *words: str, **settings: str) -> str:
    """Run a command on a terminal of its own and return what it wrote there."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, cells, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color"} | settings
    process = spawn(folder, *words, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    written = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how Linux tells that the other end was closed
            break
        if not chunk:
            break
        written += chunk
    os.close(ours)
    assert process.wait(timeout=60) == 0
    return written.decode().replace("\r\n", "\n")


@pytest.mark.parametrize(
    "words",
    [["status"], ["status", "0001"], ["next"], ["explain", "0001"], ["sync"], ["db", "check"]],
    ids=" ".join,
)
def test_every_command_fits_a_real_terminal(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    folder = make_repo({"docs/0001.md": PLAN, "docs/0002.md": PLAN.replace("Drag", "Zoom")}).path
    for cells in (60, 120):
        shown = on_terminal(folder, cells, *words, NO_COLOR="1")
        lines = [line for line in re.split("[\r\n]", shown) if str(folder) not in line]
        assert max(map(len, lines)) <= cells
        assert "\x1b" not in shown


def test_a_real_terminal_gets_colour_and_blocks(make_repo: Callable[..., Repo]) -> None:
    folder = make_repo({"docs/0001.md": PLAN}).path
    shown = on_terminal(folder, 80, "status")
    assert "\x1b[32m████\x1b[0m\x1b[2m░░░░\x1b[0m" in shown
    assert "\x1b" not in on_terminal(folder, 80, "status", TERM="dumb")
    plain = on_terminal(folder, 80, "status", LC_ALL="C", NO_COLOR="1")
    assert "####...." in plain
    assert plain.isascii()
