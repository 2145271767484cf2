"""Long readings in real processes: many at once, killed, interrupted, watched on a terminal."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from conftest import Repo
from fast_history import write_history
from history_samples import Known, assert_books_balance, known
from plantrack import sync
from plantrack.sync import history
from sync_samples import Here

COMMITS = 240
LIMIT_S = 60

# Most is done in other processes; what is done here, other tests have covered with less to read.
_unmeasured = pytest.mark.no_cover

# The command line itself, with transactions so small that this line takes many of them, and with
# a rest behind each for who wants to stop it on the way.
SYNC = """
import sys
import time
from plantrack import __main__, console
from plantrack.sync import history
history.BATCH, rest_s = int(sys.argv[1]), float(sys.argv[2])
console._PROGRESS_AFTER_S = console._PROGRESS_EVERY_S = 0.0
show = console.Progress.__call__
console.Progress.__call__ = lambda *told: (show(*told), time.sleep(rest_s))
sys.exit(__main__.main(sys.argv[3:]))
"""


def tasks(number: int) -> str:
    """Write a design doc with a dozen tasks."""
    chance = random.Random(number)  # noqa: S311 -- the same words every time
    boxes = "".join(f"- [ ] Do {chance.randrange(10**9)} as part {at}\n" for at in range(12))
    return f"# Work {number}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Make a repository of many small commits over five documents, checked out."""
    path = tmp_path / "repo"
    write_history(path, {f"docs/{n:04}-work.md": tasks(n) for n in range(5)}, commits=COMMITS)
    repo = Repo(path)
    repo.git("reset", "--quiet", "--hard")
    return repo


def start(
    repo: Repo,
    *arguments: str,
    batch: int = 5,
    rest_s: float = 0.0,
    stderr: int = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start `plantrack sync` in a process of its own."""
    how = [str(batch), str(rest_s)]
    command = [sys.executable, "-c", SYNC, *how, "-C", str(repo.path), "sync", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)


def finish(processes: Sequence[subprocess.Popen[str]]) -> None:
    """Wait for processes that must come to a good end without a word of complaint."""
    for process in processes:
        _, complaint = process.communicate(timeout=LIMIT_S)
        assert (process.returncode, complaint) == (0, ""), complaint


def read_anew(repo: Repo) -> Known:
    """Read everything into a new memory, in one go."""
    shutil.rmtree(repo.path / ".plan-history")
    here = Here(repo.path)
    here.refresh()
    return known(here)


def read_so_far(repo: Repo) -> int:
    """Count the revisions on the line."""
    path = repo.path / ".plan-history" / "plans.db"
    if not path.exists():
        return 0
    connection = sqlite3.connect(path)
    try:
        ((count,),) = connection.execute("SELECT count(*) FROM line_revision").fetchall()
    except sqlite3.OperationalError:  # it is being made
        return 0
    finally:
        connection.close()
    return int(count)


def stop_at(repo: Repo, count: int, how: signal.Signals) -> tuple[int, str]:
    """Read until so many revisions are recorded, then send a signal; give exit code and words."""
    process = start(repo, rest_s=0.02)
    until = time.monotonic() + LIMIT_S
    while process.poll() is None and read_so_far(repo) < count and time.monotonic() < until:
        time.sleep(0.002)
    process.send_signal(how)
    _, words = process.communicate(timeout=LIMIT_S)
    return process.returncode, words


# --- many at once ---------------------------------------------------------------------------------


@_unmeasured
def test_six_processes_that_start_from_nothing_make_one_memory(repo: Repo) -> None:
    """Each batch is won by one of them; were every loss counted, the others would give up."""
    finish([start(repo, batch=4) for _ in range(6)])
    here = Here(repo.path)
    together = known(here)
    assert_books_balance(here)
    assert read_so_far(repo) == COMMITS
    assert not list((repo.path / ".plan-history").glob("*.damaged*"))
    assert read_anew(repo) == together


@_unmeasured
def test_processes_that_read_anew_at_once_do_not_undo_each_other(repo: Repo) -> None:
    here = Here(repo.path)
    here.refresh()
    before = known(here)
    finish([start(repo, "--rebuild", batch=40) for _ in range(3)])
    assert known(here) == before
    connection = sqlite3.connect(repo.path / ".plan-history" / "plans.db")
    counts = connection.execute("SELECT count(*), count(DISTINCT basis) FROM revision").fetchall()
    connection.close()
    assert counts == [(COMMITS, 1)]


@_unmeasured
def test_commits_made_meanwhile_are_read_by_somebody(repo: Repo) -> None:
    processes = [start(repo, batch=20) for _ in range(2)]
    path = repo.path / "docs/0000-work.md"
    for number in range(24):
        path.write_text(f"{path.read_text()}- [ ] Meanwhile, number {number}\n")
        repo.git("commit", "--quiet", "--all", "--message", "Meanwhile")
        if number % 6 == 3:
            repo.git("reset", "--quiet", "--hard", "HEAD~2")
        if number % 8 == 5:
            repo.git("commit", "--quiet", "--amend", "--message", "Better")
        if number % 8 == 7:
            processes.append(start(repo, batch=20))
    finish(processes)
    here = Here(repo.path)
    here.refresh()
    together = known(here)
    assert_books_balance(here)
    assert read_anew(repo) == together


class Ended(Exception):
    """The process of another reader ends here."""


def test_who_was_overtaken_takes_over_when_the_other_one_is_heard_of_no_more(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 20)
    monkeypatch.setattr(sync, "PATIENCE_S", 0.2)
    here = Here(repo.path)
    steps: list[int] = []

    def end(_: int, __: int) -> None:
        raise Ended

    def meanwhile(_: int, total: int) -> None:
        steps.append(total)
        if len(steps) <= sync.ATTEMPTS + 2:  # more often than anybody would try
            with pytest.raises(Ended):
                here.refresh(progress=end)

    here.refresh(progress=meanwhile)
    assert steps[:2] == [COMMITS, COMMITS - 40]
    together = known(here)
    assert read_anew(repo) == together


# --- broken off -----------------------------------------------------------------------------------


@_unmeasured
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_reading_that_was_stopped_goes_on_where_it_was(repo: Repo, how: signal.Signals) -> None:
    chance = random.Random(how)  # noqa: S311 -- the same moments every time
    for _ in range(3):
        moment = read_so_far(repo) + chance.randrange(1, 50)
        code, words = stop_at(repo, moment, how)
        if how is signal.SIGINT:
            assert (code, words) == (130, "plantrack: interrupted\n")
        else:
            assert (code, words) == (-how, "")
        assert moment <= read_so_far(repo) < COMMITS
    before, folder = read_so_far(repo), repo.path / ".plan-history"
    steps: list[tuple[int, int]] = []
    here = Here(repo.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "BATCH", 5)
        here.refresh(progress=lambda done, total: steps.append((done, total)))
    assert steps[0] == (5, COMMITS - before)  # only what was left
    assert not list(folder.glob("*.damaged*"))
    with here.open() as store:
        assert store.notices == ()
    together = known(here)
    assert_books_balance(here)
    assert read_anew(repo) == together


@_unmeasured
def test_a_memory_that_was_left_half_read_is_no_damaged_one(repo: Repo) -> None:
    stop_at(repo, 50, signal.SIGKILL)
    here = Here(repo.path)
    with here.open() as store:
        assert store.check() == ()
        assert (store.notices, store.snapshot(), store.documents()) == ((), None, ())
    assert read_so_far(repo) >= 50


@_unmeasured
def test_a_rebuild_that_was_stopped_goes_on_with_the_next_command(repo: Repo) -> None:
    here = Here(repo.path)
    here.rest()
    before = known(here)
    process = start(repo, "--rebuild", rest_s=0.02)
    until = time.monotonic() + LIMIT_S
    while not 0 < read_so_far(repo) < COMMITS and time.monotonic() < until:
        assert process.poll() is None
        time.sleep(0.001)
    process.kill()
    process.communicate()
    here.refresh()
    assert known(here) == before


# --- on a terminal --------------------------------------------------------------------------------


def on_terminal(start_with: Callable[[int], subprocess.Popen[str]]) -> bytes:
    """Return what a process writes to a terminal that its stderr is."""
    ours, theirs = os.openpty()
    process = start_with(theirs)
    os.close(theirs)
    shown = b""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        if not select.select([ours], [], [], 0.1)[0]:
            continue
        try:
            chunk = os.read(ours, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    assert process.communicate(timeout=LIMIT_S)[0].startswith("5 documents read")
    return shown


def test_a_long_reading_shows_how_far_it_is_on_terminals_alone(repo: Repo) -> None:
    shown = on_terminal(lambda handle: start(repo, batch=60, stderr=handle))
    states = [state for state in shown.split(b"\r") if state.strip()]
    assert states[0] == b"reading [######..................] 60/240"
    assert states[3] == b"reading [########################] 240/240"
    assert shown.split(b"\r")[-1] == b""  # wiped away at the end
    shutil.rmtree(repo.path / ".plan-history")
    finish([start(repo, batch=60)])  # into a pipe: not a word
