from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import store_worker
from plantrack.errors import DatabaseError
from plantrack.store.latch import Latch, Trace
from store_samples import database_of, document, open_at, recording

SEED = 20_250_102
KILLS = 30
HANG_S = 60

# Each a process of its own, forked from one that has imported what they need.
FORKING = multiprocessing.get_context("forkserver")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    return folder


class Worker:
    """A process at a task, and what it says, line by line."""

    def __init__(self, *task: object) -> None:
        """Start it."""
        ours, theirs = FORKING.Pipe(duplex=False)
        words = [str(word) for word in task]
        self.process = FORKING.Process(target=store_worker.work, args=(theirs, words), daemon=True)
        self.process.start()
        theirs.close()
        self.said = os.fdopen(os.dup(ours.fileno()))
        ours.close()

    def end(self) -> tuple[list[str], int | None]:
        """Wait until it is done, or dead; give the lines that are left, and how it ended."""
        lines = [line for line in self.said.read().split() if line != "ready"]
        self.said.close()
        self.process.join(HANG_S)
        return lines, self.process.exitcode

    def kill(self) -> None:
        """Leave nothing of it."""
        self.process.kill()
        self.process.join(HANG_S)
        self.said.close()


@pytest.fixture(autouse=True)
def _nursery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process they are forked from find what it is to import."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    FORKING.set_forkserver_preload(["store_worker"])


@contextmanager
def crowd(tasks: list[tuple[object, ...]]) -> Iterator[list[Worker]]:
    """Start workers and wait until each is ready; none outlives the test."""
    workers = [Worker(*task) for task in tasks]
    try:
        for one in workers:
            assert one.said.readline() == "ready\n"
        yield workers
    finally:
        for one in workers:
            one.kill()


def outcome(workers: list[Worker]) -> list[list[str]]:
    """Wait for the workers to end well; give the lines each printed."""
    printed = []
    for one in workers:
        lines, code = one.end()
        assert code == 0, lines  # the traceback is among them
        printed.append(lines)
    return printed


def test_eight_processes_open_a_missing_memory_at_once(tmp_path: Path) -> None:
    rounds = 10
    for turn in range(rounds):
        (tmp_path / f"repo-{turn}").mkdir()
    with crowd([("open_first", tmp_path, rounds)] * 8) as workers:
        for turn in range(rounds):
            (tmp_path / f"go-{turn}").touch()
            time.sleep(0.02)
        assert outcome(workers) == [[str(turn) for turn in range(rounds)]] * 8
    for turn in range(rounds):
        with open_at(tmp_path / f"repo-{turn}") as store:
            assert store.check() == ()
            assert store.plans([("1", "c")]) == ("text",)
        kept = {path.name for path in database_of(tmp_path / f"repo-{turn}").parent.iterdir()}
        assert not [name for name in kept if "damaged" in name or "new" in name]


def test_sixteen_processes_write_and_nothing_is_lost_or_locked(top: Path) -> None:
    with crowd([("write", top, f"worktree-{n}", 20) for n in range(16)]) as workers:
        (top / "go").touch()
        printed = outcome(workers)
    assert [len(lines) for lines in printed] == [20] * 16
    for n in range(16):
        with open_at(top / f"worktree-{n}", top) as store:
            known = store.snapshot()
            assert known is not None
            assert known.generation == 20
            assert [row.title for row in store.documents()] == ["19"]
            keys = [(f"worktree-{n}-{turn}", "c") for turn in range(20)]
            assert store.plans(keys) == ("text",) * 20
    with open_at(top) as store:
        assert store.check() == ()


def test_processes_that_share_a_worktree_do_not_undo_each_other(top: Path) -> None:
    with crowd([("share", top, n, 10) for n in range(4)]) as workers:
        (top / "go").touch()
        outcome(workers)
    with open_at(top) as store:
        known = store.snapshot()
        assert known is not None
        expected = sorted(f"docs/{n}-{turn}.md" for n in range(4) for turn in range(10))
        assert [row.path for row in store.documents()] == expected
        assert sorted(path for path, _ in known.documents) == expected
        assert known.generation == 40
        assert store.check() == ()


def test_a_writer_killed_at_any_moment_loses_nothing_it_acknowledged(top: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    companion = Worker("churn", top, "companion")
    try:
        for turn in range(KILLS):
            victim = Worker("churn", top, "victim")
            victim.said.readline()
            time.sleep(chance.uniform(0, 0.03))
            os.kill(victim.process.pid or 0, signal.SIGKILL)
            lines, code = victim.end()
            assert code == -signal.SIGKILL, lines
            acknowledged = [int(line) for line in lines]
            with open_at(top / "victim", top) as store:
                assert store.notices == (), f"seed {SEED}, kill {turn}"
                known = store.snapshot()
                assert known is not None
                assert known.generation >= max(acknowledged, default=turn)
                expected = [f"docs/{n}.md" for n in range((known.generation - 1) % 7)]
                assert [row.path for row in store.documents()] == expected
        assert companion.process.is_alive(), companion.end()
    finally:
        companion.kill()
    with open_at(top) as store:
        assert store.check() == ()
        assert len(store.describe().worktrees) == 2


# --- one lock -------------------------------------------------------------------------------------


def test_a_lock_that_is_never_given_back_is_an_error_in_time(top: Path) -> None:
    open_at(top).close()
    path = f"{database_of(top)}.lock"
    with Latch(path), pytest.raises(DatabaseError, match="held it for too long") as caught:
        Latch(path, patience_s=0.1).__enter__()
    assert caught.value.exit_code == 5
    with Latch(path, patience_s=0.1):  # whoever gave up does not keep it either
        pass


def test_a_lock_is_handed_on_when_its_holder_is_done(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    first, second = Latch(path), Latch(path)
    script = (
        "import sys; from plantrack.store.latch import Latch\nwith Latch(sys.argv[1]): print(1)"
    )
    with first, first:
        waiting = subprocess.Popen(
            [sys.executable, "-c", script, path],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=0.5)
    assert waiting.communicate(timeout=HANG_S)[0] == "1\n"
    with second:
        pass


def test_a_lock_file_that_was_removed_meanwhile_protects_nothing(top: Path) -> None:
    with open_at(top) as store:
        store.record(recording(document("docs/a.md")))
        Path(f"{database_of(top)}.lock").unlink()
        store.record(recording(document("docs/b.md"), base=1, moment=2))
        assert [row.path for row in store.documents()] == ["docs/b.md"]
        assert store.check() == ()
        assert store.notices == ()


def test_who_waited_for_a_lock_file_that_was_removed_takes_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    held = []

    def wait() -> None:
        with Latch(str(path)) as latch:
            latch.leave(Trace((1, 2, 3, 4)))
            held.append(path.read_bytes())

    waiting = threading.Thread(target=wait)
    with Latch(str(path)):
        waiting.start()
        waiting.join(0.2)
        path.unlink()
    waiting.join(HANG_S)
    assert held == [path.read_bytes()]
    assert Latch(str(path)).trace() == (1, 2, 3, 4)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"1 2", b"a b c d\n", b"1 2 3 4 5\n", b"\xff" * 96]
)
def test_a_trace_that_makes_no_sense_is_no_trace(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "lock").write_bytes(content)
    assert Latch(str(tmp_path / "lock")).trace() is None
