from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from conftest import Repo
from fast_history import write_history
from history_samples import assert_books_balance, known
from plantrack import repo as repository
from plantrack.core import reconcile
from plantrack.core.dialect import Rules
from plantrack.repo import revisions
from plantrack.sync import ahead, hand, history
from plantrack.sync.ahead import read_ahead
from plantrack.sync.hand import Lost
from plantrack.sync.versions import Seen, Versions
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]

KIB_512 = 512 * 1024
COMMITS = 160
BIRTHS = 4  # documents


@pytest.fixture
def line(tmp_path: Path) -> Repo:
    """Make a repository of small commits over some documents, checked out."""
    texts = {f"docs/{n}.md": plan(" " * (4 + n), title=f"Work {n}") for n in range(BIRTHS)}
    write_history(tmp_path / "repo", texts, commits=COMMITS)
    repo = Repo(tmp_path / "repo")
    repo.git("reset", "--quiet", "--hard")
    return repo


def children(pid: int) -> frozenset[int]:
    """Find the processes that a process has started (Linux)."""
    try:
        return frozenset(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return frozenset()


def is_ours(pid: int) -> bool:
    """Tell whether this is a second process of ours, and alive."""
    try:
        return b"plantrack.sync" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Reader:
    """Reads the whole line of a repository, alone or with another process."""

    def __init__(self, repo: Repo) -> None:
        place = repository.find_place(str(repo.path))
        self.about = place, Rules(), KIB_512
        told = revisions.read_line(place, head=repository.read_head(place).commit)
        self.pairs = [(one.path, one.blob) for each in told for one in each.files if one.blob]

    def alone(self) -> list[Seen]:
        with self._versions() as versions:
            return list(versions.read(self.pairs))

    def together(self) -> list[Seen]:
        """Read them as `alone` does; what they were compared with is left out."""
        return [one._replace(before="", paired=()) for one in self.compared()]

    def compared(self) -> list[Seen]:
        with self._versions() as versions:
            return list(read_ahead(versions, self.about, self.pairs))

    def _versions(self) -> Versions:
        place, rules, max_bytes = self.about
        return Versions(place, rules, lambda keys: (None,) * len(keys), max_bytes=max_bytes)


@pytest.mark.parametrize(("stretch", "load", "in_a_row"), [(1000, 24, 64), (30, 5, 3), (7, 1, 1)])
def test_two_processes_read_what_one_does(
    line: Repo, monkeypatch: pytest.MonkeyPatch, stretch: int, load: int, in_a_row: int
) -> None:
    monkeypatch.setattr(ahead, "STRETCH", stretch)
    monkeypatch.setattr(ahead, "LOAD", load)
    monkeypatch.setattr(ahead, "IN_A_ROW", in_a_row)
    reader = Reader(line)
    assert len(reader.pairs) == COMMITS
    assert reader.together() == reader.alone()


def test_what_has_no_boxes_or_is_too_long_or_missing_is_told_as_well(make_repo: MakeRepo) -> None:
    repo = make_repo()
    repo.commit({"a.md": plan(), "prose.md": "Only words.\n", "long.md": "x" * (KIB_512 + 1)})
    repo.commit({"a.md": "No boxes any more.\n"})
    lost = repo.commit({"b.md": plan("  "), "lost.md": plan("xx")})
    blob = repo.git("rev-parse", f"{lost}:lost.md").strip()
    reader = Reader(repo)
    (repo.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = dict(zip(reader.pairs, reader.together(), strict=True))
    assert list(found.values()) == reader.alone()
    said = {(path, seen.holds_boxes, seen.plan is None): seen for (path, _), seen in found.items()}
    assert said.keys() == {
        ("a.md", True, False),
        ("a.md", False, False),  # its boxes are gone: that is a version of the plan
        ("b.md", True, False),
        ("long.md", False, True),
        ("lost.md", False, True),
        ("prose.md", False, True),
    }
    assert said["long.md", False, True].missing == ""
    assert "not in this clone" in (said["lost.md", False, True].missing or "")


def test_versions_the_other_process_reads_come_with_what_they_have_in_common(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo()
    for words in ("", "tide tables", "tide tables of the outer harbour", "berths", "moorings"):
        text = plan(f"x{' ' * (1 + len(words))}", title="Work")
        repo.commit({"a.md": text.replace("Do", f"Do the {words} and"), "b.md": f"{text}\n{words}"})
    reader = Reader(repo)
    seen, plan_by_pair, compared = reader.compared(), {}, 0
    assert len(seen) == len(reader.pairs) == 10
    for (path, blob), one in zip(reader.pairs, seen, strict=True):
        assert one.plan is not None
        plan_by_pair[path, blob] = one.plan
        if one.before:
            compared += 1
            assert one.paired == reconcile.match(plan_by_pair[path, one.before], one.plan)
    assert compared == 8  # all but the first ones: each of them has another number of items


class Watched(hand.Hand):
    """Another process that is lost after some answers."""

    left = 0  # answers

    def answers(self, *, wait: bool) -> Iterator[Any]:
        for answer in super().answers(wait=wait):
            if Watched.left == 0:
                raise Lost
            Watched.left -= 1
            yield answer


@pytest.mark.parametrize("answers", [0, 1, 3])
def test_what_the_other_process_leaves_undone_is_done_here(
    line: Repo, monkeypatch: pytest.MonkeyPatch, answers: int
) -> None:
    monkeypatch.setattr(ahead, "LOAD", 6)
    monkeypatch.setattr(ahead, "Hand", Watched)
    monkeypatch.setattr(Watched, "left", answers)
    reader = Reader(line)
    assert reader.together() == reader.alone()
    assert Watched.left == 0


def test_where_there_is_no_other_process_everything_is_done_here(
    line: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    reader = Reader(line)
    assert reader.together() == reader.alone()


class Slow(hand.Hand):
    """Another process of which nothing is heard before this one waits for it."""

    waits = 0

    def answers(self, *, wait: bool) -> Iterator[Any]:
        Slow.waits += wait
        yield from super().answers(wait=True) if wait else ()


def test_it_waits_for_the_other_process_only_when_nothing_else_is_to_be_done(
    line: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "Hand", Slow)
    reader = Reader(line)
    assert reader.together() == reader.alone()
    assert Slow.waits > 0


def test_a_path_of_ours_that_is_long_is_ceded_to_a_process_without_work(
    line: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sequence[tuple[str, str]]] = []

    class Noted(hand.Hand):
        def ask(self, question: Any) -> None:  # noqa: ANN401 - as Hand
            if isinstance(question, list):
                asked.append(question)
            super().ask(question)

        def answers(self, *, wait: bool) -> Iterator[Any]:
            del wait  # it keeps pace, however quick this process is
            return super().answers(wait=True)

    monkeypatch.setattr(ahead, "Hand", Noted)
    monkeypatch.setattr(ahead, "LOADS", 1)
    monkeypatch.setattr(ahead, "LOAD", 1)
    monkeypatch.setattr(ahead, "IN_A_ROW", 8)
    monkeypatch.setattr(ahead, "STRETCH", 40)
    reader = Reader(line)
    assert reader.together() == reader.alone()
    assert len({path for question in asked for path, _ in question}) > 1


def test_a_reading_that_is_broken_off_ends_the_other_process(line: Repo) -> None:
    reader = Reader(line)
    place, rules, max_bytes = reader.about
    before = children(os.getpid())
    with Versions(place, rules, lambda keys: (None,) * len(keys), max_bytes=max_bytes) as versions:
        reading = read_ahead(versions, reader.about, reader.pairs)
        next(reading)
        assert children(os.getpid()) > before
        reading.close()
    assert children(os.getpid()) == before


SYNC = """
import sys
from plantrack import __main__
from plantrack.sync import history
history.BATCH, history.MANY, history.processors = 5, 1, lambda: 2
sys.exit(__main__.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_when_the_first_one_is_stopped(line: Repo, how: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SYNC, "-C", str(line.path), "sync"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    others: frozenset[int] = frozenset()
    while not others and process.poll() is None:
        time.sleep(0.005)
        others = frozenset(filter(is_ours, children(process.pid)))
    assert others  # it was there
    process.send_signal(how)
    _, words = process.communicate(timeout=60)
    assert words == ("plantrack: interrupted\n" if how is signal.SIGINT else "")
    until = time.monotonic() + 30
    while any(map(is_ours, others)) and time.monotonic() < until:
        time.sleep(0.005)
    assert not any(map(is_ours, others))


def test_a_history_is_the_same_whoever_reads_it(
    line: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here(line.path)
    here.refresh()
    alone = known(here)
    monkeypatch.setattr(history, "MANY", 10)
    monkeypatch.setattr(history, "processors", lambda: 2)
    here.refresh(rebuild=True)
    assert_books_balance(here)
    assert known(here) == alone
