from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.cli import main

PLAN = """\
# Berth board

**Status:** In Progress

## Implementation Plan

- [{0}] Milestone 1: Draw
  - [{0}] Draw the quay
  - [{1}] Draw the ships
"""
ROW = re.compile(r"^  [-+= ] ([a-z ]+?) +(\d+) +(\d+) +(\d+)$", re.MULTILINE)


@pytest.fixture
def harbour(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Stand in a repository whose memory is up to date."""
    repo = make_repo({"a.md": PLAN.format(" ", " ")}, {"a.md": PLAN.format("x", " ")})
    monkeypatch.chdir(repo.path)
    main(["sync"])
    return repo


def alter(repo: Repo, statement: str) -> None:
    """Change the database as with the shell of SQLite."""
    with closing(sqlite3.connect(repo.path / ".plan-history" / "plans.db")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()


def books_in(text: str) -> dict[str, tuple[int, ...]]:
    """Read the books out of what a check printed: items, leaves and milestones by label."""
    return {label: tuple(map(int, amounts)) for label, *amounts in ROW.findall(text)}


def assert_balanced(books: dict[str, tuple[int, ...]]) -> None:
    """Add up what is printed, as a reader would."""
    for added, removed, present in zip(
        books["added"], books["removed"], books["present"], strict=True
    ):
        assert added - removed == present
    for ticked, unticked, arrived, removed, done in zip(
        *(books[label] for label in ("ticked", "unticked", "arrived done", "removed done", "done")),
        strict=True,
    ):
        assert ticked - unticked + arrived - removed == done


@pytest.mark.usefixtures("harbour")
def test_db_check_prints_books_that_balance(capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["db", "check"]) == 0
    told = capsys.readouterr()
    books = books_in(told.out)
    assert_balanced(books)
    assert (books["present"], books["ticked"], books["done"]) == ((3, 2, 1), (2, 1, 1), (2, 1, 1))
    assert told.out.endswith("\nsound\n")
    assert told.err == ""


@pytest.mark.no_cover  # the same lines as above, a thousand times
@pytest.mark.parametrize("name", ["donner", "openspec", "superpowers", "twotruths"])
def test_the_books_of_a_real_history_are_printed_and_balance(
    remembered: Callable[[str], Path], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of all documents together; a document that does not balance would make the check fail."""
    top = remembered(name)
    capsys.readouterr()
    assert main(["-C", str(top), "db", "check"]) == 0
    books = books_in(capsys.readouterr().out)
    assert min(books["added"]) > 50
    assert_balanced(books)


def test_a_row_deleted_by_hand_is_found_and_mended(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    """Opening the database notices and mends it; the check says so, once."""
    alter(harbour, "DELETE FROM change WHERE kind = 'ticked'")
    capsys.readouterr()
    assert main(["db", "check"]) == 5
    told = capsys.readouterr()
    assert "\nmended: the database was damaged (history of a.md: " in told.out
    assert "sound" not in told.out
    assert told.err == "plantrack: nothing is to be done: the next command reads everything again\n"
    assert main(["db", "check"]) == 0
    main(["sync"])
    capsys.readouterr()
    assert main(["db", "check"]) == 0
    assert_balanced(books_in(capsys.readouterr().out))


def test_books_that_do_not_balance_are_found_and_can_be_mended(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"a.md": PLAN.format("x", "x")})
    main(["sync"])
    alter(harbour, "DELETE FROM overlay")
    capsys.readouterr()
    assert main(["db", "check"]) == 5
    told = capsys.readouterr()
    assert "\ndamaged: a.md: items: 2 should be done, but 3 are\n" in told.out
    assert told.err == (
        "plantrack: run plantrack sync --rebuild, or delete the database:"
        " everything is read again\n"
    )
    assert main(["sync", "--rebuild"]) == 0
    assert main(["db", "check"]) == 0


def test_a_program_is_told_of_what_was_mended(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    alter(harbour, "DELETE FROM tip")
    capsys.readouterr()
    assert main(["db", "check", "--json"]) == 5
    answer = json.loads(capsys.readouterr().out)
    assert answer["sound"] is False
    assert [one["code"] for one in answer["findings"]] == ["database-mended"]


@pytest.mark.usefixtures("harbour")
def test_a_program_is_given_the_books_that_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["db", "check"])
    printed = books_in(capsys.readouterr().out.rpartition("documents read")[2])
    assert main(["db", "check", "--json"]) == 0
    (books,) = json.loads(capsys.readouterr().out)["books"]
    units = [books[unit] for unit in ("items", "leaves", "milestones")]
    for label, amounts in printed.items():
        assert tuple(unit[label.replace(" ", "_")] for unit in units) == amounts


def test_a_memory_that_is_kept_elsewhere_is_no_damage(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (harbour.path / ".plan-history").iterdir():
        path.unlink()
    (harbour.path / ".plan-history").rmdir()
    (harbour.path / ".plan-history").write_text("in the way")
    capsys.readouterr()
    assert main(["db", "check"]) == 0
    told = capsys.readouterr()
    assert told.out.endswith("\nsound\n")
    assert told.err.count("the memory is kept in") == 1
