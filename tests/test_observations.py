"""When a work tree had something first, and what becomes of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import Repo
from history_samples import assert_books_balance, pending, told
from plantrack.store.chronicle import Entry
from plantrack.sync import settling
from sync_samples import NOW, Here

MakeRepo = Callable[..., Repo]

GAUGES, BERTHS, PILOTS = "Read the gauges", "Paint the berth board", "Call every pilot"
OPEN = [("added", "open", GAUGES), ("added", "open", BERTHS), ("added", "open", PILOTS)]


def checklist(*done: str) -> str:
    """Write a design doc in which these tasks are done."""
    boxes = "\n".join(f"- [{'x' if t in done else ' '}] {t}" for t in (GAUGES, BERTHS, PILOTS))
    return f"# Tides\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


def look(repo: Repo, minute: int) -> Here:
    """Refresh so many minutes after the first look."""
    here = Here(repo.path)
    here.refresh(now=NOW + timedelta(minutes=minute))
    return here


def edit(repo: Repo, minute: int, *done: str) -> Here:
    repo.write({"a.md": checklist(*done)})
    return look(repo, minute)


def commit(repo: Repo, minute: int, *arguments: str) -> None:
    when = NOW + timedelta(minutes=minute)
    repo.git("commit", "--quiet", "--all", "--message", "Later", *arguments, when=when)


def minutes(entries: tuple[Entry, ...]) -> dict[str, int | None]:
    """Give the minute at which each tick was seen first, by text."""
    found = {}
    for one in entries:
        if one.change.kind == "ticked":
            assert one.change.after is not None
            seen = None if one.seen is None else (one.seen - int(NOW.timestamp())) // 60
            found[one.change.after.text] = seen
    return found


def committed(here: Here) -> dict[str, int | None]:
    with here.open() as store:
        return minutes(store.past.changes())


def uncommitted(here: Here) -> dict[str, int | None]:
    with here.open() as store:
        return minutes(store.past.overlay())


@pytest.fixture
def repo(make_repo: MakeRepo) -> Repo:
    """Make a repository with three open tasks, looked at once."""
    repo = make_repo({"a.md": checklist(), "b.md": "# Notes\n"})
    look(repo, 0)
    return repo


def test_each_of_several_changes_of_one_commit_keeps_both_of_its_times(repo: Repo) -> None:
    edit(repo, 1, GAUGES)
    here = edit(repo, 2, GAUGES, BERTHS)
    look(repo, 3)
    assert uncommitted(here) == {GAUGES: 1, BERTHS: 2}
    commit(repo, 5)
    look(repo, 6)
    assert committed(here) == {GAUGES: 1, BERTHS: 2}
    assert uncommitted(here) == {}
    with here.open() as store:
        times = {one.revision.time for one in store.past.changes() if one.change.kind == "ticked"}
    assert times == {int(NOW.timestamp()) + 300}


def test_what_is_committed_later_is_still_seen_when_it_was(repo: Repo) -> None:
    edit(repo, 1, GAUGES)
    edit(repo, 2, GAUGES, BERTHS)
    repo.write({"a.md": checklist(GAUGES)})
    commit(repo, 3)
    repo.write({"a.md": checklist(GAUGES, BERTHS)})
    here = look(repo, 4)
    assert committed(here) == {GAUGES: 1}
    assert uncommitted(here) == {BERTHS: 2}


def test_a_stash_takes_the_sight_away_and_gives_it_back_as_a_new_one(repo: Repo) -> None:
    here = edit(repo, 1, GAUGES)
    repo.git("stash", "--quiet")
    look(repo, 2)
    assert (pending(here), told(here)) == ([], OPEN)
    repo.git("stash", "pop", "--quiet")
    look(repo, 3)
    assert uncommitted(here) == {GAUGES: 3}


def test_a_stash_nobody_looked_at_changes_nothing(repo: Repo) -> None:
    here = edit(repo, 1, GAUGES)
    repo.git("stash", "--quiet")
    repo.git("stash", "pop", "--quiet")
    look(repo, 2)
    assert uncommitted(here) == {GAUGES: 1}


def test_an_edit_that_goes_along_to_another_branch_and_back_was_seen_when_it_was(
    repo: Repo,
) -> None:
    repo.git("switch", "--quiet", "--create", "other")
    repo.commit({"b.md": "# More notes\n"})
    repo.git("switch", "--quiet", "main")
    here = edit(repo, 1, GAUGES)
    for minute, branch in ((2, "other"), (3, "main")):
        repo.git("switch", "--quiet", branch)
        look(repo, minute)
        assert uncommitted(here) == {GAUGES: 1}
        assert told(here) == OPEN
    commit(repo, 4)
    look(repo, 5)
    assert committed(here) == {GAUGES: 1}


def test_a_branch_that_is_left_and_taken_up_again_tells_what_it_told(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "other")
    here = edit(repo, 1, GAUGES)
    commit(repo, 2)
    look(repo, 3)
    repo.git("switch", "--quiet", "main")
    look(repo, 4)
    assert (committed(here), uncommitted(here), told(here)) == ({}, {}, OPEN)
    repo.git("switch", "--quiet", "other")
    look(repo, 5)
    assert committed(here) == {GAUGES: 1}


def test_an_amended_commit_has_the_times_of_both(repo: Repo) -> None:
    edit(repo, 1, GAUGES)
    commit(repo, 2)
    look(repo, 3)
    here = edit(repo, 4, GAUGES, BERTHS)
    commit(repo, 5, "--amend")
    look(repo, 6)
    assert committed(here) == {GAUGES: 1, BERTHS: 4}
    assert_books_balance(here)


@pytest.mark.parametrize("is_watched", [True, False])
def test_a_rebased_commit_keeps_the_times_of_the_one_it_replaces(
    repo: Repo, *, is_watched: bool
) -> None:
    repo.git("switch", "--quiet", "--create", "side")
    edit(repo, 1, GAUGES)
    commit(repo, 2)
    edit(repo, 3, GAUGES, BERTHS)
    commit(repo, 4)
    here = look(repo, 5)
    repo.git("switch", "--quiet", "main")
    repo.commit({"b.md": "# Other notes\n"})
    repo.git("switch", "--quiet", "side")
    while_rebasing = f"cd {repo.path} && git diff --quiet"
    later = NOW + timedelta(minutes=9)
    if is_watched:  # stopped half-way, and looked at
        repo.git("-c", "sequence.editor=sed -i 1s/pick/edit/", "rebase", "-qi", "main", when=later)
        assert Here(repo.path).refresh(now=later).is_calm is False
        assert committed(here) == {GAUGES: 1, BERTHS: 3}
        repo.git("rebase", "--continue", when=later)
    else:
        repo.git("rebase", "--quiet", "--exec", while_rebasing, "main", when=later)
    look(repo, 10)
    assert (committed(here), uncommitted(here)) == ({GAUGES: 1, BERTHS: 3}, {})
    assert told(here)[:3] == OPEN
    assert_books_balance(here)


def test_commits_that_become_one_leave_it_their_times(repo: Repo) -> None:
    base = repo.git("rev-parse", "HEAD").strip()
    for minute, done in ((1, (GAUGES,)), (3, (GAUGES, BERTHS))):
        edit(repo, minute, *done)
        commit(repo, minute + 1)
    here = look(repo, 5)
    repo.git("reset", "--quiet", "--soft", base)
    commit(repo, 6)
    look(repo, 7)
    assert committed(here) == {GAUGES: 1, BERTHS: 3}


def test_each_worktree_has_seen_what_it_had(repo: Repo, tmp_path: Path) -> None:
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    look(side, 0)
    here = edit(repo, 1, GAUGES)
    there = edit(side, 2, GAUGES, BERTHS)
    assert (uncommitted(here), uncommitted(there)) == ({GAUGES: 1}, {GAUGES: 2, BERTHS: 2})
    commit(side, 3)
    look(side, 4)
    look(repo, 4)
    assert (uncommitted(here), committed(here)) == ({GAUGES: 1}, {})
    commit(repo, 5)
    look(repo, 6)
    assert committed(here) == {GAUGES: 1}
    assert committed(there) == {GAUGES: 2, BERTHS: 2}


def test_what_a_pull_brings_was_not_seen_here(repo: Repo, tmp_path: Path) -> None:
    here = edit(repo, 1, GAUGES)
    commit(repo, 2)
    look(repo, 3)
    repo.git("clone", "--quiet", str(repo.path), str(tmp_path / "clone"))
    clone = Repo(tmp_path / "clone")
    edit(clone, 4, GAUGES, BERTHS)
    commit(clone, 5)
    assert committed(look(clone, 6)) == {GAUGES: None, BERTHS: 4}
    repo.git("pull", "--quiet", str(clone.path), "main")
    look(repo, 7)
    assert committed(here) == {GAUGES: 1, BERTHS: None}


def test_a_save_under_way_does_not_take_the_sight_away(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "YOUNG_S", 3_600)
    here = edit(repo, 1, GAUGES)
    repo.write({"a.md": ""})
    here.refresh(now=NOW + timedelta(minutes=2), waits=False)
    assert uncommitted(here) == {GAUGES: 1}
    edit(repo, 3, GAUGES, BERTHS)
    assert uncommitted(here) == {GAUGES: 1, BERTHS: 3}


def test_what_git_begins_while_files_are_read_is_not_noted(repo: Repo) -> None:
    here = edit(repo, 1, GAUGES)
    lock = repo.path / ".git/index.lock"
    repo.write({"a.md": checklist(BERTHS)})
    view = here.refresh(progress=lambda *_: lock.touch())
    assert (view.is_calm, uncommitted(here)) == (False, {BERTHS: None})
    lock.unlink()
    look(repo, 3)
    assert uncommitted(here) == {BERTHS: 3}


def test_what_is_not_committed_after_all_was_seen_when_it_was(repo: Repo) -> None:
    here = edit(repo, 1, GAUGES)
    commit(repo, 2)
    look(repo, 3)
    repo.git("reset", "--quiet", "--soft", "HEAD~")
    look(repo, 4)
    assert uncommitted(here) == {GAUGES: 1}
