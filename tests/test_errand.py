from __future__ import annotations

import json
import select
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plantrack import errand
from plantrack.errand import Errand
from plantrack.errors import UsageError

PATIENCE_S = 20.0


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], list[str]]:
    """Return `script(code)`: a command that runs Python code in the folder of the test."""

    def write(code: str) -> list[str]:
        path = tmp_path / "told.py"
        path.write_text(f"import os, sys, time\nos.chdir({str(tmp_path)!r})\n{code}\n")
        return [sys.executable, str(path)]

    return write


@pytest.fixture(autouse=True)
def _leaves_nothing_behind() -> Iterator[None]:
    before = held()
    yield
    assert held() == before


def held() -> tuple[set[str], int]:
    """Name the threads, and count the open descriptors."""
    names = {one.name for one in threading.enumerate()}
    return names, len([*Path("/proc/self/fd").iterdir()])


def notes(one: Errand) -> tuple[str, ...]:
    """Wait for notes."""
    assert select.select([one], [], [], PATIENCE_S)[0]
    return one.notes()


def test_each_change_is_on_the_stdin_of_a_run_of_its_own_in_order(
    script: Callable[[str], list[str]], tmp_path: Path
) -> None:
    command = script("open('out', 'a').write(f'<{sys.stdin.read()}>')")
    with Errand(command) as one:
        for number in range(4):
            one.send(f"{number}\n")
        one.close(PATIENCE_S)
    assert (tmp_path / "out").read_text() == "<0\n><1\n><2\n><3\n>"


def test_runs_never_overlap(script: Callable[[str], list[str]], tmp_path: Path) -> None:
    command = script(
        "out = open('out', 'a', 1)\nout.write('begin ')\ntime.sleep(0.1)\nout.write('end ')"
    )
    with Errand(command) as one:
        for _ in range(3):
            one.send("{}")
        one.close(PATIENCE_S)
    assert (tmp_path / "out").read_text() == "begin end " * 3


def test_arguments_are_as_they_were_given_and_no_shell_reads_anything(
    script: Callable[[str], list[str]], tmp_path: Path
) -> None:
    words = ["$(touch owned)", ";touch owned", "*", "a b", "`touch owned`"]
    command = script("open('out', 'w').write(repr(sys.argv[1:]))")
    with Errand([*command, *words]) as one:
        one.send(json.dumps({"text": "$(touch owned); `touch owned`"}))
        one.close(PATIENCE_S)
    assert (tmp_path / "out").read_text() == repr(words)
    assert not (tmp_path / "owned").exists()


def test_what_is_sent_is_no_part_of_the_environment(
    script: Callable[[str], list[str]], tmp_path: Path
) -> None:
    command = script("open('out', 'w').write(repr(dict(os.environ)))")
    with Errand(command) as one:
        one.send("secret words")
        one.close(PATIENCE_S)
    assert "secret" not in (tmp_path / "out").read_text()


def test_a_command_need_not_read_what_it_is_sent(script: Callable[[str], list[str]]) -> None:
    with Errand(script("sys.stdin.close()")) as one:
        one.send("x" * 1_000_000)
        one.close(PATIENCE_S)


@pytest.mark.parametrize("command", [["no-such-program-anywhere"], ["./nothing.sh"], []])
def test_a_command_that_is_not_there_is_refused(command: list[str]) -> None:
    with pytest.raises(UsageError) as raised:
        Errand(command)
    assert raised.value.exit_code == 2
    assert raised.value.remedy


def test_a_file_that_is_no_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(UsageError):
        Errand([str(path)])


def test_a_program_is_looked_for_where_we_stood_at_first(
    script: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tmp_path / "tell"
    command.write_text(f"#!/bin/sh\nexec {' '.join(script('''open('out', 'w')'''))}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    monkeypatch.chdir(tmp_path)
    with Errand(["./tell"]) as one:
        monkeypatch.chdir("/")
        one.send("{}")
        one.close(PATIENCE_S)
    assert (tmp_path / "out").exists()


def test_a_failure_is_told_once(script: Callable[[str], list[str]]) -> None:
    with Errand(script("sys.exit(3)"), is_quiet=True) as one:
        one.send("{}")
        one.send("{}")
        assert "failed: exit code 3" in "".join(notes(one))
        one.send("{}")
        one.close(PATIENCE_S)
        assert one.notes() == ()


def test_a_quiet_failure_is_told_with_its_last_words(script: Callable[[str], list[str]]) -> None:
    code = "print('first'); sys.stderr.write('no \\x1b[31mbell\\n\\n'); sys.exit(1)"
    with Errand(script(code), is_quiet=True) as one:
        one.send("{}")
        (note,) = notes(one)
    assert note.endswith("failed: exit code 1: no \\x1b[31mbell")


def test_a_command_that_kills_itself_is_told_by_its_signal(
    script: Callable[[str], list[str]],
) -> None:
    with Errand(script("os.kill(os.getpid(), 9)"), is_quiet=True) as one:
        one.send("{}")
        assert "ended by SIGKILL" in "".join(notes(one))


def test_a_program_that_goes_away_is_told(tmp_path: Path) -> None:
    path = tmp_path / "tell"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    with Errand([str(path)]) as one:
        path.unlink()
        one.send("{}")
        assert "cannot be run: No such file" in "".join(notes(one))


def test_a_run_that_takes_long_is_told_and_waited_for(
    script: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand, "LONG_S", 0.05)
    command = script("while not os.path.exists('go'): time.sleep(0.01)\nopen('out', 'a')")
    with Errand(command) as one:
        one.send("{}")
        assert "newer changes wait" in "".join(notes(one))
        (tmp_path / "go").touch()
        one.close(PATIENCE_S)
    assert (tmp_path / "out").exists()


def test_more_than_can_wait_is_counted_and_left_out(
    script: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errand, "MOST_WAITING", 2)
    command = script(
        "open('began', 'w')\nwhile not os.path.exists('go'): time.sleep(0.01)\n"
        "open('out', 'a').write(sys.stdin.read())"
    )
    with Errand(command) as one:
        one.send("a")
        until((tmp_path / "began").exists)
        for text in "bcdef":
            one.send(text)
        (tmp_path / "go").touch()
        assert "3 changes were left out" in "".join(notes(one))
        one.close(PATIENCE_S)
    assert (tmp_path / "out").read_text() == "abc"


def test_what_hangs_is_ended_with_all_it_started(
    script: Callable[[str], list[str]], tmp_path: Path
) -> None:
    hanging = "import time; time.sleep(600)"
    command = script(
        f"import signal, subprocess\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        f"child = subprocess.Popen([sys.executable, '-c', {hanging!r}])\n"
        "open('new', 'w').write(str(child.pid))\nos.rename('new', 'child')\ntime.sleep(600)"
    )
    one = Errand(command)
    one.send("{}")
    one.send("never run")
    until((tmp_path / "child").exists)
    one.close(0.2)
    child = int((tmp_path / "child").read_text())
    until(lambda: not is_running(child))
    one.close()


def test_nothing_sent_is_nothing_run() -> None:
    Errand(["false"]).close()


def until(found: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not found():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_running(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="ascii").rpartition(") ")[2][0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_what_it_prints_goes_nowhere_where_there_is_no_stderr(
    script: Callable[[str], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with Errand(script("print('hello'); open('out', 'w')")) as one:
        one.send("{}")
        one.close(PATIENCE_S)
    assert (tmp_path / "out").exists()
