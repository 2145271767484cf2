from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.cli import main
from plantrack.repo import git
from plantrack.sync import audit
from sync_samples import Here, plan

MakeRepo = Callable[..., Repo]


@pytest.fixture
def quay(make_repo: MakeRepo) -> Here:
    repo = make_repo({"a.md": plan("  "), "b.md": plan(" ", "B")}, {"a.md": plan("x ")})
    here = Here(repo.path)
    here.refresh()
    return here


def asked(here: Here) -> list[str]:
    with here.open() as store:
        return [one.message for one in audit.against_git(here.place, store)]


def alter(here: Here, statement: str) -> None:
    with closing(sqlite3.connect(here.path / ".plan-history" / "plans.db")) as connection:
        assert connection.execute(statement).rowcount > 0
        connection.commit()


def test_what_git_tells_as_well_is_in_order(quay: Here) -> None:
    assert asked(quay) == []
    (quay.path / "a.md").write_text(plan("xx"))  # not committed
    Repo(quay.path).git("commit", "--quiet", "--allow-empty", "--message", "Not read yet")
    assert asked(quay) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE revision SET time = time + 1 WHERE depth = 1", "git tells another time of"),
        ("UPDATE revision SET commit_id = 'f' || commit_id WHERE depth = 1", "is not on the line"),
        (
            "UPDATE document_version SET blob = 'f' || blob WHERE path = 'a.md' AND changes = 1",
            "git tells other bytes of",
        ),
    ],
)
def test_what_git_tells_otherwise_is_damage(
    quay: Here, capsys: pytest.CaptureFixture[str], statement: str, words: str
) -> None:
    alter(quay, statement)
    (found,) = asked(quay)
    assert found.startswith("a.md: ")
    assert words in found
    capsys.readouterr()
    assert main(["-C", str(quay.path), "db", "check", "--json"]) == 5
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["code"], finding["message"]) == (audit.CODE, found)
    assert main(["-C", str(quay.path), "sync", "--rebuild"]) == 0
    assert asked(quay) == []


def test_a_line_whose_end_is_gone_is_not_compared(quay: Here) -> None:
    repo = Repo(quay.path)
    repo.git("commit", "--quiet", "--amend", "--message", "Otherwise")
    repo.git("reflog", "expire", "--expire=all", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    assert asked(quay) == []


def test_outside_git_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(plan(" "))
    here = Here(tmp_path)
    assert asked(here) == []
    here.refresh()
    assert asked(here) == []


def test_without_git_nothing_is_asked(quay: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "program", lambda: None)
    assert asked(quay) == []


def test_of_a_commit_that_git_cannot_read_no_bytes_are_asked(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("  ")}, {"a.md": plan("x ")}, {"a.md": plan("xx")})
    here = Here(repo.path)
    here.refresh()
    tree = repo.git("rev-parse", "HEAD~1^{tree}").strip()
    (repo.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    assert asked(here) == []


@pytest.mark.no_cover  # as above, thousands of times
@pytest.mark.parametrize("name", ["donner", "openspec", "superpowers", "twotruths"])
def test_git_tells_nothing_otherwise_of_a_real_history(
    remembered: Callable[[str], Path], name: str
) -> None:
    assert asked(Here(remembered(name))) == []
