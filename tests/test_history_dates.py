"""Commits with impossible, wrong and odd dates: what they do to days, and to each other."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from history_samples import assert_books_balance, known, told
from plantrack.core.effects import Unit
from sync_samples import Here

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]
DAY_S = 86_400
FIRST_S = int(FIRST_COMMIT.timestamp())
NO_CLOCK, OLD_CLOCK, FUTURE = 0, 1_000_000_000, 4_102_444_800  # 1970, 2001, 2100


def checklist(done: int) -> str:
    """Write a design doc with six tasks, the first so many of them done."""
    boxes = "\n".join(f"- [{'x' if at < done else ' '}] Do part {at}" for at in range(6))
    return f"# Tides\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


def commit(repo: Repo, done: int, when: int, zone: str = "+0000") -> None:
    """Commit the document with so many boxes ticked, at a moment git would not let one write."""
    repo.write({"a.md": checklist(done)})
    repo.git("add", "--all")
    person = f"Ada Example <ada@example.org> {when} {zone}"
    head = repo.git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").strip() if done else ""
    parent = f"parent {head}\n" if head else ""
    tree = repo.git("write-tree").strip()
    text = f"tree {tree}\n{parent}author {person}\ncommitter {person}\n\nNumber {done}\n"
    command = ["git", "hash-object", "-t", "commit", "-w", "--stdin"]
    made = subprocess.run(command, cwd=repo.path, input=text, capture_output=True, text=True,
                          check=True)  # fmt: skip
    repo.git("update-ref", "HEAD", made.stdout.strip())


def dated(make_repo: MakeRepo, moments: list[int]) -> Repo:
    """Make a repository with a commit for each moment, each of which ticks one more box."""
    repo = make_repo()
    for done, when in enumerate(moments):
        commit(repo, done, when)
    return repo


def good(count: int) -> list[int]:
    """Give noons, one day after the other."""
    return [FIRST_S + at * DAY_S for at in range(count)]


def days(here: Here) -> list[tuple[str, int]]:
    """Read the days of the line, each with what was ticked on it."""
    with here.open() as store:
        found = store.past.days(Unit.LEAVES)
    return [(day.day.isoformat()[5:], day.amounts.ticked) for day in found]


@pytest.mark.parametrize(
    ("at", "wild"), [(0, NO_CLOCK), (0, FUTURE), (2, NO_CLOCK), (2, OLD_CLOCK), (2, FUTURE)]
)
def test_a_wild_date_moves_no_other(make_repo: MakeRepo, at: int, wild: int) -> None:
    moments = good(5)
    moments[at] = wild
    here = Here(dated(make_repo, moments).path)
    here.refresh()
    others = [f"01-{number + 1:02}" for number in range(5) if number != at]
    assert [day for day, _ in days(here)] == others
    assert sum(ticked for _, ticked in days(here)) == 4
    assert_books_balance(here)
    assert here.rows()["a.md"].last_change == moments[-1]


def test_the_last_commit_counts_for_its_future_until_another_one_follows(
    make_repo: MakeRepo,
) -> None:
    repo = dated(make_repo, [*good(2), FUTURE])
    here = Here(repo.path)
    here.refresh()
    before = days(here)
    assert before == [("01-01", 0), ("01-02", 1), ("01-01", 1)]
    commit(repo, 3, good(4)[3])
    here.refresh()
    assert days(here) == [("01-01", 0), ("01-02", 1), ("01-04", 2)]
    assert [kind for kind, _, _ in told(here, since=good(3)[2])] == ["ticked"] * 2
    assert [kind for kind, _, _ in told(here, since=good(5)[4])] == []
    assert here.rows()["a.md"].last_change == good(4)[3]
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    here.refresh()
    assert days(here) == before
    assert_books_balance(here)


def test_wild_dates_read_commit_by_commit_are_those_read_in_one_go(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    first, second = good(2)
    repo = dated(make_repo, [first, FUTURE, second, NO_CLOCK, first - DAY_S, OLD_CLOCK])
    steps = Repo(tmp_path / "steps")
    subprocess.run(["git", "clone", "--quiet", repo.path, steps.path], check=True)
    for name in repo.git("rev-list", "--reverse", "HEAD").split():
        steps.git("checkout", "--quiet", name)
        Here(steps.path).refresh()
    by_steps = known(Here(steps.path))
    shutil.rmtree(steps.path / ".plan-history")
    Here(steps.path).refresh()
    assert known(Here(steps.path)) == by_steps


def test_the_zone_of_a_committer_moves_nothing(make_repo: MakeRepo) -> None:
    """All are made at noon, UTC, one day after the other."""
    repo = make_repo()
    for done, zone in enumerate(("+1400", "-1200", "+0545", "+9999")):
        commit(repo, done, good(4)[done], zone)
    here = Here(repo.path)
    here.refresh()
    assert days(here) == [("01-01", 0), ("01-02", 1), ("01-03", 1), ("01-04", 1)]
