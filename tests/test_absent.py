from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.__main__ import main
from sync_samples import Here

PLAN = """\
# Design: Lock gates

**Status:** In Progress

## Implementation Plan

- [ ] Milestone 1: Motors
  - [x] Order them
  - [ ] Fit them
"""
PATH = "docs/0001-gates.md"
OTHER = "docs/0002-sluices.md"
LIMIT = "max_document_kib = 1\n"

Told = Callable[..., tuple[str, str]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """Run a command in this process; return what it printed, and what it said on stderr."""

    def run(*arguments: str, code: int = 0) -> tuple[str, str]:
        capsys.readouterr()
        assert main(arguments) == code, capsys.readouterr()
        printed = capsys.readouterr()
        return printed.out, printed.err

    return run


@pytest.fixture
def locks(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, told: Told) -> Repo:
    """Two plans, committed and remembered; entered."""
    repo = make_repo({PATH: PLAN, OTHER: PLAN.replace("Lock gates", "Sluices")})
    monkeypatch.chdir(repo.path)
    told("sync")
    return repo


@pytest.fixture
def unread(locks: Repo) -> Repo:
    """The same, one of them saved in an encoding that is not read."""
    locks.write({PATH: PLAN.encode("utf-16")})
    return locks


def step(told: Told) -> str:
    """Return the id of the step that is open in the first plan, as `log` shows it."""
    out, _ = told("log", PATH)
    return next(line.split()[1] for line in out.splitlines() if "Fit them" in line)


# --- a document that is there ---------------------------------------------------------------------


@pytest.mark.usefixtures("unread")
def test_a_document_that_cannot_be_read_takes_nothing_out_of_the_plans(told: Told) -> None:
    out, _ = told("diff", "--exit-code")
    assert "no plan differs" in out
    assert "finalised" not in told("log")[0]
    head, *days = csv.reader(told("burndown", "--csv")[0].splitlines())
    assert dict(zip(head, days[-1], strict=True))["open"] == "2"


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    "command",
    [
        ("blame", "0001"),
        ("tick", "0001#Milestone 1"),
        ("untick", "0001#Milestone 1"),
        ("expand", "0001#Milestone 1", "--step", "Grease them"),
    ],
)
def test_who_asks_about_an_unreadable_document_hears_why_and_what_to_do(
    told: Told, command: tuple[str, ...]
) -> None:
    out, err = told(*command, code=3)
    assert not out
    what, todo = err.splitlines()
    assert what == f"plantrack: {PATH}: the file is UTF-16; save it as UTF-8"
    assert todo == "save it as UTF-8, then repeat the command"


def test_an_item_of_an_unreadable_document_is_not_said_to_be_gone(locks: Repo, told: Told) -> None:
    item = step(told)
    locks.write({PATH: PLAN.encode("utf-16")})
    _, err = told("tick", item, code=3)
    assert f"item {item} was last seen in {PATH}" in err
    assert "save it as UTF-8" in err
    assert "any more" not in err


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("command", ["log", "burndown", "forecast"])
def test_what_is_told_of_an_unreadable_document_is_said_to_be_old(told: Told, command: str) -> None:
    said = f"plantrack: {PATH} is told of as it was last read: the file is UTF-16"
    assert said in told(command)[1]
    assert said in told(command, PATH)[1]
    assert said not in told(command, OTHER)[1]


@pytest.mark.usefixtures("unread")
def test_the_log_of_an_item_admits_what_of_its_own_document_cannot_be_read(told: Told) -> None:
    assert "as it was last read" in told("log", step(told))[1]
    out, _ = told("log", OTHER)
    other = next(line.split()[1] for line in out.splitlines() if "Fit them" in line)
    assert not told("log", other)[1]


@pytest.mark.usefixtures("unread")
def test_a_diff_of_two_commits_needs_no_document_on_disk(told: Told) -> None:
    assert "as it was last read" in told("diff")[1]
    assert not told("diff", "HEAD..HEAD")[1]


@pytest.mark.usefixtures("unread")
def test_nothing_is_next_in_an_unreadable_document_because_it_cannot_be_read(told: Told) -> None:
    out, _ = told("next", "0001")
    assert out == f"Nothing is next: {PATH}: the file is UTF-16; save it as UTF-8\n"


@pytest.mark.usefixtures("unread")
def test_the_status_of_an_unreadable_document_says_that_it_held_a_plan(told: Told) -> None:
    out, _ = told("status", "0001")
    assert f"{PATH} held a plan and cannot be read now" in out
    assert "any more" not in out


@pytest.mark.usefixtures("unread")
def test_an_unreadable_document_is_explained_and_checked_by_what_is_odd_about_it(
    told: Told,
) -> None:
    assert "the file is UTF-16; save it as UTF-8" in told("explain", "0001")[0]
    assert "the file is UTF-16; save it as UTF-8" in told("check", "0001", code=1)[0]
    assert "the file is UTF-16; save it as UTF-8" in told("check", code=1)[0]


def test_a_document_that_became_too_large_is_told_of_with_its_limit(
    locks: Repo, told: Told
) -> None:
    item = step(told)
    locks.write({"plantrack.toml": LIMIT, PATH: PLAN + "more\n" * 300})
    _, err = told("tick", item, code=3)
    assert "than the 1 KiB a document may have" in err
    assert "or raise max_document_kib in the configuration" in err
    assert "or raise max_document_kib" in told("explain", PATH, code=3)[1]


def test_where_no_plan_can_be_read_next_says_so(locks: Repo, told: Told) -> None:
    locks.write({"plantrack.toml": LIMIT, PATH: "more\n" * 300, OTHER: "more\n" * 300})
    out, _ = told("next")
    assert "2 could not be read: plantrack status says which and why" in out


@pytest.fixture
def shut(locks: Repo) -> Iterator[Repo]:
    """The same plans in a folder that may not be entered."""
    folder = locks.path / "docs"
    Here(locks.path).rest()
    folder.chmod(0)
    try:
        if os.access(folder, os.R_OK):
            pytest.skip("nothing can be denied to root: run it as somebody else")
        yield locks
    finally:
        folder.chmod(0o755)


def test_the_plans_of_a_folder_that_is_shut_are_not_gone(shut: Repo, told: Told) -> None:
    assert "no plan differs" in told("diff", "--exit-code")[0]
    _, err = told("status", "0001", code=3)
    assert err.startswith("plantrack: docs: this folder cannot be read")
    assert "make it readable again" in err
    out, err = told("log", "0001")
    assert "removed" not in out
    assert f"{PATH} is told of as it was last read: this folder cannot be read" in err
    assert "1 could not be read" in told("next")[0]
    (shut.path / "docs").chmod(0o755)
    assert "1/2 steps" in told("status", "0001")[0]
    assert told("log", "0001")[1] == ""


# --- a document that is gone ----------------------------------------------------------------------


@pytest.fixture
def removed(locks: Repo) -> Repo:
    """The same, one of them deleted and nothing committed."""
    (locks.path / PATH).unlink()
    return locks


@pytest.mark.usefixtures("removed")
@pytest.mark.parametrize("name", ["0001", PATH, "gates"])
def test_a_deletion_that_is_not_committed_is_in_the_log_of_its_document(
    told: Told, name: str
) -> None:
    out, err = told("log", name)
    assert out.startswith("not committed")
    assert "removed" in out
    assert not err


@pytest.mark.usefixtures("removed")
@pytest.mark.parametrize("command", ["status", "next", "explain", "check"])
def test_a_document_that_was_deleted_is_said_to_be_gone(told: Told, command: str) -> None:
    _, err = told(command, "0001", code=1)
    assert err.splitlines() == [
        f"plantrack: {PATH} is not there any more",
        f"plantrack log {PATH} tells what became of it",
    ]


@pytest.mark.usefixtures("removed")
def test_a_name_that_fits_several_deleted_documents_names_one_and_counts_the_rest(
    told: Told, removed: Repo
) -> None:
    (removed.path / OTHER).unlink()
    _, err = told("status", "docs/000", code=1)
    assert f"{PATH} is not there any more (nor 1 other of that name)" in err


def test_an_item_that_went_with_its_document_says_how_to_bring_it_back(
    locks: Repo, told: Told
) -> None:
    item = step(told)
    (locks.path / PATH).unlink()
    _, err = told("tick", item, code=1)
    what, todo = err.splitlines()
    assert what.endswith(f"not in the plans any more: removed in {PATH} (not committed)")
    assert todo.startswith(f"git restore {PATH} brings it back")


def test_an_item_that_was_cut_is_told_of_with_its_commit(locks: Repo, told: Told) -> None:
    item = step(told)
    locks.commit({PATH: PLAN.replace("  - [ ] Fit them\n", "")}, "Cut")
    commit = locks.git("rev-parse", "HEAD").strip()[:8]
    _, err = told("tick", item, code=1)
    what, todo = err.splitlines()
    assert what.endswith(f"item {item} is not in the plans any more: cut in {PATH} ({commit})")
    assert todo == f"plantrack log {item} tells what became of it"


def test_an_item_of_another_branch_is_not_said_to_be_gone(locks: Repo, told: Told) -> None:
    locks.git("checkout", "--quiet", "-b", "side")
    locks.commit({PATH: PLAN + "  - [ ] Grease them\n"}, "One more")
    out, _ = told("log", PATH)
    item = next(line.split()[1] for line in out.splitlines() if "Grease" in line)
    locks.git("checkout", "--quiet", "main")
    _, err = told("tick", item, code=1)
    assert f"item {item} is in no plan of this branch" in err


def test_an_item_that_git_keeps_out_of_the_work_tree_is_not_said_to_be_gone(
    locks: Repo, told: Told
) -> None:
    item = step(told)
    locks.git("update-index", "--skip-worktree", PATH)
    (locks.path / PATH).unlink()
    _, err = told("tick", item, code=1)
    assert f"item {item} stands in {PATH}, which is not in the work tree" in err


def test_a_plan_that_was_taken_out_is_told_from_one_that_cannot_be_read(
    locks: Repo, told: Told
) -> None:
    locks.commit({PATH: "# Design: Lock gates\n"}, "Done")
    _, err = told("blame", PATH, code=1)
    assert err.splitlines() == [
        f"plantrack: {PATH} holds no plan any more",
        f"plantrack log {PATH} tells what became of it",
    ]


def test_a_pipe_in_the_place_of_a_document_is_named(locks: Repo, told: Told) -> None:
    path = Path(locks.path / PATH)
    path.unlink()
    os.mkfifo(path)
    out, _ = told("next", PATH)
    assert "it is a FIFO: not read" in out
    assert "put the document back in its place" in told("blame", PATH, code=3)[1]


def test_what_was_ticked_in_a_document_that_cannot_be_read_now_is_not_taken_back(
    locks: Repo, told: Told
) -> None:
    told("tick", step(told))
    ticked = (locks.path / PATH).read_text("utf-8")
    locks.write({PATH: ticked.encode("utf-16")})
    _, err = told("undo", code=4)
    what, todo = err.splitlines()
    assert f"was last seen in {PATH}" in what
    assert what.endswith("the file is UTF-16; save it as UTF-8; nothing was written")
    assert todo == "save it as UTF-8, then repeat the command"
    locks.write({PATH: ticked})
    told("undo")
    assert (locks.path / PATH).read_text("utf-8") == PLAN
