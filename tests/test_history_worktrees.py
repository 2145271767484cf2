"""Worktrees of one repository: they share what was read, and each has its own line."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import Repo
from history_samples import assert_books_balance, ids, known, pending, told
from sync_samples import Here

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]
GAUGES, BERTHS, PILOTS = "Read the gauges", "Paint the berth board", "Call every pilot"


def checklist(*tasks: str, title: str = "Tides") -> str:
    """Write a design doc with these tasks, each "x words" or "words"."""
    boxes = "\n".join(f"- [x] {t[2:]}" if t.startswith("x ") else f"- [ ] {t}" for t in tasks)
    return f"# {title}\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}\n"


@pytest.fixture
def both(make_repo: MakeRepo, tmp_path: Path) -> tuple[Repo, Repo]:
    """Make a repository whose two worktrees went different ways from the first commit on."""
    main = make_repo({"a.md": checklist(GAUGES, BERTHS)})
    main.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    side.commit({"a.md": checklist(GAUGES, f"x {BERTHS}")})
    side.commit({"b.md": checklist(PILOTS, title="Pilots")})
    main.commit({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    return main, side


def read_rows(repo: Repo, statement: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(repo.path / ".plan-history" / "plans.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_whichever_worktree_is_read_first_both_are_right(
    both: tuple[Repo, Repo], order: tuple[int, int]
) -> None:
    heres = [Here(repo.path) for repo in both]
    alone = []
    for here in heres:
        here.refresh()
        alone.append(known(here))
        shutil.rmtree(both[0].path / ".plan-history")
    for number in order:
        heres[number].refresh()
    assert [known(here) for here in heres] == alone
    assert [told(here)[2:] for here in heres] == [
        [("ticked", "", GAUGES)],
        [("ticked", "", BERTHS), ("added", "open", PILOTS)],
    ]
    assert ids(heres[0], "a.md") == ids(heres[1], "a.md")
    assert read_rows(both[0], "SELECT count(*) FROM revision") == [(4,)]  # the first one once


@pytest.mark.parametrize("rebuilt", [0, 1])
def test_what_one_worktree_read_anew_the_other_takes_at_its_next_command(
    both: tuple[Repo, Repo], rebuilt: int
) -> None:
    heres = [Here(repo.path) for repo in both]
    for here in heres:
        here.rest()
    before = [known(here) for here in heres]
    heres[rebuilt].refresh(rebuild=True)
    heres[1 - rebuilt].refresh()  # nothing changed there
    assert [known(here) for here in heres] == before
    bases = read_rows(both[0], "SELECT count(*), count(DISTINCT basis) FROM line, basis")
    assert bases == [(2, 1)]  # nothing of the old reading is left
    assert heres[1 - rebuilt].refresh().read == 0


def test_a_worktree_that_is_never_asked_again_keeps_what_was_read_of_it(
    both: tuple[Repo, Repo],
) -> None:
    main, side = (Here(repo.path) for repo in both)
    main.refresh()
    side.refresh()
    before = known(side)
    main.refresh(rebuild=True)
    with side.open() as store:
        assert store.check() == ()
        assert store.snapshot() is not None
    assert known(side) == before


def test_an_item_ticked_in_one_worktree_is_open_in_the_other(both: tuple[Repo, Repo]) -> None:
    main, side = (Here(repo.path) for repo in both)
    main.refresh()
    both[1].write({"b.md": checklist(f"x {PILOTS}", title="Pilots")})
    side.refresh()
    both[0].git("checkout", "--quiet", "side", "--", "b.md")
    both[0].commit({})
    main.refresh()
    assert pending(side) == [("ticked", "", PILOTS)]
    assert pending(main) == []
    assert dict(ids(main, "b.md")) == dict(ids(side, "b.md"))
    assert [row.leaves_done for row in main.rows().values()] == [1, 0]
    assert_books_balance(main)
    assert_books_balance(side)


def test_a_worktree_on_no_branch_and_one_without_a_commit_are_read(
    both: tuple[Repo, Repo],
) -> None:
    main, side = both
    main.git("checkout", "--quiet", "--detach", "HEAD~1")
    side.git("checkout", "--quiet", "--orphan", "empty")
    heres = [Here(repo.path) for repo in both]
    for here in (*heres, *heres):
        here.refresh()
    assert [len(told(here)) for here in heres] == [2, 0]
    assert [len(pending(here)) for here in heres] == [0, 3]
    side.git("rm", "-rfq", ".")
    side.commit({"c.md": checklist(PILOTS)})
    heres[1].refresh()
    assert (told(heres[1]), pending(heres[1])) == ([("added", "open", PILOTS)], [])


def test_a_worktree_on_commits_that_another_one_read_is_told_of_their_gaps(
    both: tuple[Repo, Repo], tmp_path: Path
) -> None:
    main = both[0]
    lost = main.git("rev-parse", "HEAD:a.md").strip()
    main.commit({"a.md": checklist(f"x {GAUGES}", f"x {BERTHS}")})
    (main.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    main.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    told_of = []
    for path in (main.path, tmp_path / "other"):
        here = Here(path)
        here.refresh()
        here.refresh()
        with here.open() as store:
            told_of.append([(one.code, one.message) for one in store.findings("")])
    assert [code for code, _ in told_of[0]] == ["history-gap"]
    assert told_of[1] == told_of[0]
