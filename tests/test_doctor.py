from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import pytest

import acting
import described
from conftest import Repo
from plantrack import __version__
from plantrack.checkup import ground, listening, programs
from plantrack.core.checkup import (
    Checkup,
    Choice,
    Ground,
    Listening,
    Memory,
    Program,
    Terminal,
    Trouble,
)
from plantrack.core.model import Finding
from plantrack.render import doctor_json
from plantrack.render.screen import Screen
from plantrack.render.text import doctor as text
from plantrack.repo import git
from plantrack.watch import limits

PLAN = "# Design: Berths\n\n## Implementation Plan\n\n- [x] Milestone 1: Grid\n- [ ] Milestone 2\n"


@pytest.fixture
def harbour(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with a plan, entered."""
    repo = make_repo({"docs/0001-berths.md": PLAN})
    monkeypatch.chdir(repo.path)
    return repo


def told(*words: str, code: int = 0) -> dict[str, Any]:
    """Ask for JSON; what comes is what the schema describes and no more."""
    shown = acting.run([*words, "doctor", "--json"])
    assert (shown.code, shown.err) == (code, ""), shown
    answer = cast("dict[str, Any]", json.loads(shown.out))
    described.hold(answer, "doctor", no_more=True)
    assert acting.run([*words, "doctor", "-v"]).code == code
    assert answer["well"] is (code == 0)
    return answer


def problem(answer: dict[str, Any]) -> dict[str, str]:
    """Give the one problem there is."""
    (one,) = answer["problems"]
    assert one["remedy"]
    return cast("dict[str, str]", one)


# --- a sound one ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_what_is_installed_is_named_with_its_version() -> None:
    versions = {one["name"]: one["version"] for one in told()["programs"]}
    assert versions["plantrack"] == __version__
    assert versions["sqlite"] == sqlite3.sqlite_version
    said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"git version {versions['git']}")
    assert versions["mistune"] == metadata.version("mistune")


def test_nothing_is_made_by_looking(harbour: Repo) -> None:
    before = sorted(harbour.path.rglob("*"))
    answer = told()
    assert answer["database"]["state"] == "none yet"
    assert answer["database"]["path"] == str(harbour.path / ".plan-history/plans.db")
    assert sorted(harbour.path.rglob("*")) == before


def test_a_memory_that_is_there_is_described(harbour: Repo) -> None:
    acting.run(["sync"])
    database = told()["database"]
    assert (database["state"], database["journal"], database["kind"]) == ("sound", "wal", "folder")
    assert database["bytes"] == (harbour.path / ".plan-history/plans.db").stat().st_size
    assert database["why"] == "the usual place, in the main worktree"


@pytest.mark.usefixtures("harbour")
def test_people_are_told_that_all_is_well() -> None:
    shown = acting.run(["doctor"])
    assert shown.out.endswith("\nall is well\n")
    assert "What git is told" not in shown.out
    assert "core.fsmonitor=false" in acting.run(["doctor", "-v"]).out
    assert told()["documents"] == 1


def test_settings_tell_where_they_come_from(harbour: Repo) -> None:
    harbour.write({"plantrack.toml": 'timezone = "Asia/Tokyo"\nmax_line_chars = 4096\n'})
    found = {one["key"]: (one["value"], one["from"]) for one in told()["configuration"]}
    assert found["timezone"] == ('"Asia/Tokyo"', "plantrack.toml")
    assert found["max_line_chars"] == ("4096", "plantrack.toml")
    assert found["max_document_kib"] == ("1024", None)
    harbour.write({"plantrack.toml": None, "pyproject.toml": "[tool.plantrack]\nexclude = ['x']\n"})
    found = {one["key"]: (one["value"], one["from"]) for one in told()["configuration"]}
    assert found["exclude"] == ('["x"]', "pyproject.toml")


def test_every_worktree_is_named(harbour: Repo, tmp_path: Path) -> None:
    harbour.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    both = [str(harbour.path), str(tmp_path / "linked")]
    assert told()["place"]["worktrees"] == both
    assert told("-C", str(tmp_path / "linked"))["place"]["worktrees"] == both


def test_what_is_not_read_is_told_with_the_reason(harbour: Repo) -> None:
    harbour.write(
        {
            "plantrack.toml": 'exclude = ["old/"]\nmax_document_kib = 1\n',
            "old/a.md": PLAN,
            "docs/template.md": PLAN,
            "vendor/x/b.md": PLAN,
            "docs/large.md": "x" * 5000,
        }
    )
    (harbour.path / "docs/away.md").symlink_to("/etc/passwd")
    os.mkfifo(harbour.path / "docs/fifo.md")
    codes = {one["path"]: one["code"] for one in told()["skipped"]}
    assert codes == {
        "old/a.md": "excluded",
        "docs/template.md": "template",
        "vendor/x/b.md": "left-out-folder",
        "docs/large.md": "too-large",
        "docs/away.md": "link-outside",
        "docs/fifo.md": "not-a-file",
    }
    harbour.write({"plantrack.toml": 'include = ["old/**"]\n'})
    skipped = {one["path"]: one["code"] for one in told()["skipped"]}
    assert skipped["docs/0001-berths.md"] == "not-included"


# --- limits ---------------------------------------------------------------------------------------


def test_a_shallow_clone_is_a_remark(harbour: Repo, tmp_path: Path) -> None:
    harbour.commit({"docs/0001-berths.md": PLAN + "- [ ] Milestone 3\n"})
    clone = tmp_path / "clone"
    url = f"file://{harbour.path}"
    subprocess.run(["git", "clone", "-q", "--depth=1", url, clone], check=True)
    answer = told("-C", str(clone))
    assert answer["place"]["is_shallow"] is True
    assert [one["code"] for one in answer["remarks"]] == ["shallow"]


def test_a_place_that_limits_much_says_so() -> None:
    limited = Ground("/a", "/a", "/a/.git", None, None, True, True, "a rebase is under way", ())  # noqa: FBT003
    assert [one.code for one in ground.remarks(limited)] == ["shallow", "partial", "git-busy"]


def test_an_empty_folder_outside_git_is_well(tmp_path: Path) -> None:
    answer = told("-C", str(tmp_path))
    assert [one["code"] for one in answer["remarks"]] == ["no-git"]
    assert answer["documents"] == 0
    assert answer["place"]["git_dir"] is None


def test_limits_of_listening_are_held_against_what_is_needed() -> None:
    few = Listening("inotify", 100, 7, 50, 0, "nfs4")
    assert [one.remedy for one in listening.problems(few)] == [
        "sudo sysctl fs.inotify.max_user_watches=65536",
        "sudo sysctl fs.inotify.max_user_instances=128",
    ]
    assert [one.code for one in listening.remarks(few)] == ["far", "folders"]
    enough = Listening("inotify", 100, 0, 1000, 128, "")
    assert [*listening.problems(enough), *listening.remarks(enough)] == []
    assert list(listening.problems(Listening("darwin", 9, 0, None, None, ""))) == []


def test_a_limit_that_is_not_told_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LIMITS", "/nowhere")
    assert limits.most("max_user_watches") is None


# --- what is wrong --------------------------------------------------------------------------------


def test_a_configuration_that_is_broken_is_a_problem_and_the_rest_is_told(harbour: Repo) -> None:
    harbour.write({"plantrack.toml": "includes = []\n"})
    answer = told(code=1)
    assert problem(answer)["code"] == "configuration"
    assert "did you mean include?" in problem(answer)["remedy"]
    assert answer["documents"] == 1
    assert {one["from"] for one in answer["configuration"]} == {None}


@pytest.mark.parametrize(
    ("data", "state"),
    [(b"", "damaged"), (b"no database at all" * 500, "damaged"), (b"SQLite format 3\0", "damaged")],
)
def test_a_broken_database_is_a_problem_and_stays_where_it_is(
    harbour: Repo, data: bytes, state: str
) -> None:
    harbour.write({".plan-history/plans.db": data})
    answer = told(code=1)
    assert answer["database"]["state"] == state
    assert "sync --rebuild" in problem(answer)["remedy"]
    assert (harbour.path / ".plan-history/plans.db").read_bytes() == data


def test_a_torn_page_is_found(harbour: Repo) -> None:
    acting.run(["sync"])
    path = harbour.path / ".plan-history/plans.db"
    whole = bytearray(path.read_bytes())
    for page in range(2, len(whole) // 4096):
        whole[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(whole)
    assert told(code=1)["database"]["state"] == "damaged"


def test_a_database_of_somebody_else_is_refused(harbour: Repo) -> None:
    (harbour.path / ".plan-history").mkdir()
    with sqlite3.connect(harbour.path / ".plan-history/plans.db") as database:
        database.execute("CREATE TABLE theirs (x)")
    database.close()
    answer = told(code=1)
    assert answer["database"]["state"] == "refused"
    assert problem(answer)["code"] == "database"


def test_a_database_that_came_with_the_repository_is_refused(harbour: Repo) -> None:
    acting.run(["sync"])
    harbour.git("add", "--force", ".plan-history/plans.db")
    assert "git rm -r --cached" in problem(told(code=1))["remedy"]


def test_a_database_that_is_a_link_is_refused(harbour: Repo, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (harbour.path / ".plan-history").symlink_to(tmp_path / "elsewhere")
    assert "symbolic link" in problem(told(code=1))["message"]


def test_a_database_that_leads_out_of_the_repository_is_a_problem(harbour: Repo) -> None:
    harbour.write({"plantrack.toml": 'database = "../../plans.db"\n'})
    answer = told(code=1)
    assert answer["database"] is None
    assert problem(answer)["code"] == "database"
    harbour.write({"plantrack.toml": 'database = "plans.db"\n'})
    assert told()["database"]["why"] == "`database` in plantrack.toml says so"


def test_no_place_for_a_memory_is_a_problem(harbour: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    (harbour.path / ".plan-history").write_text("in the way")
    assert told()["database"]["kind"] == "state"
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    answer = told(code=1)
    assert answer["database"]["kind"] == "memory"
    assert "writable" in problem(answer)["remedy"]


def test_a_folder_that_is_not_there_is_a_problem() -> None:
    answer = told("-C", "/no/such/place", code=1)
    assert problem(answer)["code"] == "place"
    assert (answer["place"], answer["database"], answer["documents"]) == (None, None, None)


def test_a_repository_that_git_refuses_is_a_problem(harbour: Repo) -> None:
    (harbour.path / ".git/config").write_text("[core\n")
    codes = [one["code"] for one in told(code=1)["problems"]]
    assert "documents" in codes


def test_a_system_that_fails_is_a_problem_of_the_place(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: object) -> Ground:
        raise PermissionError(13, "Permission denied", str(harbour.path))

    monkeypatch.setattr(ground, "ground", failing)
    assert "Permission denied" in problem(told(code=1))["message"]


@pytest.mark.usefixtures("harbour")
def test_without_git_there_is_no_past_and_that_is_a_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nothing/here")
    answer = told(code=1)
    assert problem(answer)["code"] == "git"
    assert answer["documents"] == 1


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "echo git version"])
def test_a_git_that_does_not_say_its_version_has_none(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "git").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git.version() == ""
    (tmp_path / "git").write_bytes(b"\x7fELF, but no program")
    assert git.version() == ""


def test_programs_that_are_too_old_or_missing_are_problems() -> None:
    found = [Program(name, "1.0") for name in programs.LIBRARIES[1:]]
    old = [Program("git", "2.25.1.windows.1"), Program("sqlite", "3.30.0"), Program("mistune", "")]
    codes = [one.code for one in programs.problems([*old, *found], in_git=True)]
    assert codes == ["git", "sqlite", "library"]


def test_a_document_that_cannot_be_read_is_a_problem(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(_: str) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("plantrack.repo.document.open_regular", denied)
    assert problem(told(code=1))["message"] == (
        "docs/0001-berths.md: it cannot be read: Permission denied"
    )
    assert harbour.path.is_dir()


# --- media ----------------------------------------------------------------------------------------

FULL = Checkup(
    programs=(Program("plantrack", "1"), Program("git", "")),
    guards=("--no-pager",),
    ground=Ground("/t", "/t", "/t/.git", "main", "c" * 40, True, False, "a rebase", ("/t",)),  # noqa: FBT003
    memory=Memory("folder", "/t/p.db", "so", "sound", 8192, 4096, "wal", 2),
    listening=Listening("inotify", 5, 2, 100, 128, "nfs"),
    configuration=(Choice("include", "[]", ""), Choice("timezone", '"UTC"', "plantrack.toml")),
    documents=3,
    skipped=tuple(Finding(f"docs/{at}.md", 0, "excluded", "said so") for at in range(25)),
    terminal=Terminal(is_terminal=True, width=80, colour=True, encoding="utf-8", kind="xterm"),
    problems=(Trouble("git", "it is not there", "install it"),),
    remarks=(Trouble("shallow", "not all is here", "fetch it"),),
)
EMPTY = Checkup((), (), None, None, None, (), None, (), FULL.terminal, (), ())
BARE = Checkup(
    (),
    (),
    Ground("/t", "/t", None, None, None, False, False, "", ()),  # noqa: FBT003
    Memory("memory", None, "no place", "in memory"),
    Listening("darwin", 5, 0, None, None, ""),
    (),
    0,
    (Finding("", 0, "no-git", "no git"),),
    Terminal(is_terminal=False, width=None, colour=False, encoding="ascii", kind=""),
    (),
    (),
)


def test_a_screen_shows_some_of_what_is_not_read_and_says_how_many_there_are() -> None:
    shown = text.doctor(FULL, Screen(width=80))
    assert "and 5 more: see plantrack doctor -v" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "docs/24.md" in text.doctor(FULL, Screen())
    assert "docs/24.md" in text.doctor(FULL, Screen(width=80, verbose=True))
    ending = ["remark: not all is here", "  fetch it", "problem: it is not there", "  install it"]
    assert shown.splitlines()[-4:] == ending


def test_what_is_not_known_is_left_out() -> None:
    assert text.doctor(EMPTY, Screen()).endswith("all is well\n")
    shown = text.doctor(BARE, Screen(width=60))
    assert "in memory only" in " ".join(shown.split())
    assert json.loads(doctor_json.doctor(BARE, Screen()))["place"]["branch"] is None
    found = Ground("/t", "/t", "/t/.git", None, None, False, False, "", ("/t",))  # noqa: FBT003
    none = Checkup((), (), found, None, None, (), None, (), FULL.terminal, (), ())
    assert "none yet" in text.doctor(none, Screen())
    light = Memory("folder", "/t", "so", "sound", 4096)
    kept = Checkup((), (), None, light, None, (), None, (), FULL.terminal, (), ())
    assert "4 KiB\n" in text.doctor(kept, Screen())


def test_a_repository_that_was_removed_meanwhile_is_told(harbour: Repo, tmp_path: Path) -> None:
    harbour.git("worktree", "add", "-q", "-b", "other", str(tmp_path / "linked"))
    shutil.rmtree(harbour.path / ".git/worktrees")
    answer = told("-C", str(tmp_path / "linked"), code=1)
    assert "repair" in problem(answer)["remedy"]


@pytest.mark.usefixtures("harbour")
def test_a_library_that_has_lost_its_version_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "LIBRARIES", ("no-such-library",))
    assert problem(told(code=1))["code"] == "library"
