from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Repo
from plantrack import config
from plantrack.store import balance
from plantrack.store.accounts import Account, Balance
from plantrack.sync import history
from sync_samples import Here

MakeRepo = Callable[..., Repo]

BOARD = """\
# Berth board

**Status:** {status}

## Implementation Plan

{plan}
"""
NOTHING = Account()


def board(*lines: str, status: str = "In Progress") -> str:
    """Write a design doc with these lines as its plan."""
    return BOARD.format(plan="\n".join(lines), status=status)


def balances(here: Here) -> tuple[Balance, ...]:
    """Add the books of a place up, as they are on disk."""
    return balance.read(str(database(here)))


def books(here: Here) -> Balance:
    """Give the books of the only work tree; no document of it is wrong."""
    (found,) = balances(here)
    assert found.wrong == ()
    assert all(account.is_balanced for account in found.accounts)
    return found


def database(here: Here) -> Path:
    return here.path / ".plan-history" / "plans.db"


def alter(here: Here, statement: str) -> None:
    """Change the database as somebody does who does not know it."""
    with closing(sqlite3.connect(database(here))) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()


# --- what is added up -----------------------------------------------------------------------------


def test_what_came_less_what_went_is_what_is_there(make_repo: MakeRepo) -> None:
    """A milestone with three steps; one is ticked, one is cut, and one comes in ticked."""
    repo = make_repo(
        {"a.md": board("- [ ] Milestone 1: Draw", "  - [ ] Quay", "  - [ ] Ships", "  - [ ] Sky")},
        {"a.md": board("- [ ] Milestone 1: Draw", "  - [x] Quay", "  - [ ] Ships")},
        {
            "a.md": board(
                "- [ ] Milestone 1: Draw", "  - [x] Quay", "  - [ ] Ships", "  - [x] Buoys"
            )
        },
    )
    here = Here(repo.path)
    here.refresh()
    found = books(here)
    assert (found.top, found.documents) == (str(repo.path), 1)
    items, leaves, milestones = found.accounts
    assert items == Account(
        added=5, removed=1, present=4, ticked=1, unticked=0, arrived_done=1, removed_done=0, done=2
    )
    assert leaves == Account(
        added=4, removed=1, present=3, ticked=1, unticked=0, arrived_done=1, removed_done=0, done=2
    )
    assert milestones == Account(added=1, present=1)


@pytest.mark.parametrize(
    "stub",
    [
        board("It is done.", status="Implemented"),
        "# Berth board\n\n**Status:** Implemented\n\nSee the manual.\n",
    ],
    ids=["with its heading", "without a plan"],
)
def test_what_a_finished_document_takes_along_has_gone(make_repo: MakeRepo, stub: str) -> None:
    """A burndown goes on counting it; in the plans it is no more."""
    repo = make_repo(
        {"a.md": board("- [x] Milestone 1: Draw", "  - [x] Quay", "  - [ ] Ships")},
        {"a.md": stub},
    )
    here = Here(repo.path)
    here.refresh()
    items, leaves, milestones = books(here).accounts
    assert items == Account(added=3, removed=3, arrived_done=2, removed_done=2)
    assert leaves == Account(added=2, removed=2, arrived_done=1, removed_done=1)
    assert milestones == Account(added=1, removed=1, arrived_done=1, removed_done=1)


def test_what_comes_back_is_there_again(make_repo: MakeRepo) -> None:
    plan = board("- [x] Draw the quay", "- [ ] Draw the ships", "- [~] ~~Draw the sky~~")
    repo = make_repo({"a.md": plan}, {"a.md": None}, {"a.md": plan.replace("[ ]", "[x]")})
    here = Here(repo.path)
    here.refresh()
    items, leaves, milestones = books(here).accounts
    assert items == Account(added=6, removed=3, present=3, arrived_done=3, removed_done=1, done=2)
    assert (leaves.present, leaves.done, milestones) == (3, 2, NOTHING)


def test_changes_that_are_not_committed_are_in_the_books(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": board("- [ ] Draw the quay", "- [x] Draw the ships")})
    here = Here(repo.path)
    repo.write({
        "a.md": board("- [x] Draw the quay", "- [ ] Paint the fence"),
        "b.md": board("- [x] Sound the horn"),
    })  # fmt: skip
    here.refresh()
    found = books(here)
    assert found.documents == 2
    items, leaves, _ = found.accounts
    assert items == leaves == Account(
        added=4, removed=1, present=3, ticked=1, unticked=0, arrived_done=2, removed_done=1, done=2
    )  # fmt: skip


def test_a_file_that_moved_and_is_not_committed_keeps_its_books(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": board("- [ ] Draw the quay", "- [x] Draw the ships")})
    here = Here(repo.path)
    repo.git("mv", "docs/a.md", "docs/b.md")
    here.refresh()
    items, leaves, _ = books(here).accounts
    assert items == leaves == Account(added=2, present=2, arrived_done=1, done=1)


def test_optional_work_counts_once_it_is_done(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": board("- [ ]* Draw the quay", "- [ ] Draw the ships")},
        {"a.md": board("- [x]* Draw the quay", "- [ ] Draw the ships")},
    )
    here = Here(repo.path)
    here.refresh()
    items, leaves, _ = books(here).accounts
    assert (items.present, items.done) == (2, 1)
    assert (leaves.present, leaves.done) == (2, 1)


def test_a_folder_outside_git_has_books_too(tmp_path: Path) -> None:
    here = Here(tmp_path / "harbour")
    here.path.mkdir()
    for marks in ("  ", "x ", "xx"):
        tasks = (f"- [{mark}] Draw part {place}" for place, mark in enumerate(marks))
        (here.path / "a.md").write_text(board(*tasks))
        here.refresh()
    items, leaves, _ = books(here).accounts
    assert items == leaves == Account(added=2, present=2, ticked=2, done=2)


def test_every_work_tree_has_its_own_books(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": board("- [ ] Draw the quay")}, name="first")
    repo.git("worktree", "add", "--quiet", "-b", "other", str(repo.path.parent / "second"))
    first, second = Here(repo.path), Here(repo.path.parent / "second")
    (second.path / "a.md").write_text(board("- [x] Draw the quay", "- [ ] Draw the ships"))
    first.refresh()
    second.refresh()
    ours, theirs = balances(first)
    assert [ours.top, theirs.top] == [str(first.path), str(second.path)]
    assert [ours.accounts[0].present, theirs.accounts[0].present] == [1, 2]
    assert ours.wrong == theirs.wrong == ()


def test_a_document_that_cannot_be_read_is_left_out(make_repo: MakeRepo) -> None:
    repo = make_repo({
        "plantrack.toml": "max_document_kib = 1\n",
        "a.md": board("- [ ] Draw the quay"),
        "b.md": board("- [x] Sound the horn"),
    })  # fmt: skip
    here = Here(repo.path)
    repo.write({"b.md": board("- [x] Sound the horn", "words " * 300)})
    here.refresh()
    found = books(here)
    assert found.documents == 1
    assert found.accounts[0] == Account(added=1, present=1)
    with here.open() as store:
        assert store.check() == ()


def test_a_history_whose_work_tree_was_not_recorded_is_not_compared(make_repo: MakeRepo) -> None:
    """As if somebody had stopped the reading there."""
    repo = make_repo({"a.md": board("- [ ] Draw the quay")})
    here = Here(repo.path)
    for _ in range(2):
        with here.open() as store:
            history.catch_up(here.place, store, config.load(str(repo.path)), day=20_000)
            assert store.check() == ()
        (found,) = balances(here)
        assert found == Balance(str(repo.path), 0, (), ())
        here.refresh()
        assert books(here).documents == 1
        repo.commit({"a.md": board("- [x] Draw the quay")})


def test_while_git_is_at_work_nothing_is_compared(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": board("- [ ] Draw the quay")})
    here = Here(repo.path)
    here.refresh()
    (repo.path / ".git" / "MERGE_HEAD").write_text(repo.git("rev-parse", "HEAD"))
    repo.write({"a.md": board("- [x] Draw the quay")})
    here.refresh()
    assert [found.accounts for found in balances(here)] == [()]


def test_without_a_database_there_are_no_books(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(b"no database" * 100)
    assert balance.read(None) == ()
    assert balance.read(str(tmp_path / "none.db")) == ()
    assert balance.read(str(tmp_path / "noise")) == ()


def test_no_past_means_no_books(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"a.md": board("- [ ] Draw the quay")}).path)
    with here.open():
        pass
    assert balances(here) == ()


# --- what is wrong --------------------------------------------------------------------------------


@pytest.fixture
def changed(make_repo: MakeRepo) -> Here:
    """Give a place with one change that is committed and one that is not."""
    plan = board("- [ ] Draw the quay", "- [ ] Draw the ships", "- [ ] Draw the sky")
    repo = make_repo({"a.md": plan}, {"a.md": plan.replace("[ ] Draw the q", "[x] Draw the q")})
    repo.write({"a.md": board("- [x] Draw the quay", "- [x] Draw the ships", "- [ ] Paint it")})
    here = Here(repo.path)
    here.refresh()
    assert [found.wrong for found in balances(here)] == [()]
    return here


WRONG = {
    "a removal that is not committed is missing": (
        "DELETE FROM overlay WHERE kind = 'removed'",
        "a.md: items: 4 came and 0 went, but 3 are there",
    ),
    "a tick that is not committed is missing": (
        "DELETE FROM overlay WHERE kind = 'ticked'",
        "a.md: items: 1 should be done, but 2 are",
    ),
    "an item is another": (
        "UPDATE item SET id = 'another' WHERE position = 0",
        "a.md: items that are in no books: 1",
    ),
    "an item is open that was ticked": (
        "UPDATE item SET state = 'todo' WHERE position = 0",
        "a.md: items: 2 should be done, but 1 are",
    ),
    "a change is missing": (
        "DELETE FROM change WHERE kind = 'added' AND place = 1",
        "a.md: items that are in no books: 1",
    ),
    "the sums of a document are others": (
        "UPDATE document SET leaves_done = 3",
        "a.md: leaves: 2 should be done, but 3 are",
    ),
    "the sums of a day are others": (
        "UPDATE document_day SET added = added + 1 WHERE day = '2026-01-01' AND unit = 'leaves'",
        "a.md: leaves: 5 came and 1 went, but 3 are there",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "told"), WRONG.values(), ids=WRONG)
def test_what_does_not_balance_is_told_by_document(
    changed: Here, statement: str, told: str
) -> None:
    alter(changed, statement)
    (found,) = balances(changed)
    assert told in found.wrong


def test_a_document_without_a_name_is_told_by_its_id(changed: Here) -> None:
    alter(changed, "DELETE FROM tip")
    alter(changed, "DELETE FROM overlay")
    (found,) = balances(changed)
    assert any(line.split(":")[0].isalnum() for line in found.wrong)


def test_the_check_tells_it_and_reading_anew_mends_it(changed: Here) -> None:
    """Nothing in the past contradicts itself: the last change of all is gone without a trace."""
    alter(changed, "DELETE FROM overlay WHERE kind = 'added'")
    with changed.open() as store:
        assert store.notices == ()
        found = store.check()
    assert {one.code for one in found} == {"database-unbalanced"}
    assert "a.md: items that are in no books: 1" in [one.message for one in found]
    changed.refresh(rebuild=True)
    with changed.open() as store:
        assert store.check() == ()
    assert books(changed).documents == 1


def test_what_a_sparse_checkout_leaves_out_is_in_no_books(make_repo: MakeRepo) -> None:
    same = board("- [ ] Quay", "- [x] Ships")
    repo = make_repo({"a.md": same, "other/b.md": same, "other/c.md": board("- [ ] Sky")})
    here = Here(repo.path)
    here.refresh()
    assert books(here).documents == 3
    repo.git("sparse-checkout", "set", "docs")
    here.refresh()
    assert books(here).documents == 1
    (repo.path / "a.md").rename(repo.path / "d.md")
    here.refresh()
    assert books(here).documents == 1
