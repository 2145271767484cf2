from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import described
from conftest import Repo
from plantrack import __version__, cli, commands, console, views
from plantrack.__main__ import main
from plantrack.core.model import Finding
from plantrack.store import Renewed, Store

PLAN = """\
# Design: Berth Board

**Status:** In progress

## Implementation Plan

- [x] Milestone 1: Grid
  - [x] Draw the berths
- [ ] Milestone 2: Drag
  - [x] Pick up a stay
  - [ ] Snap to the half hour
  - [ ] Show a conflict
"""
SECOND = PLAN.replace("Berth Board", "Vessels").replace("[ ] Snap", "[x] Snap")
COMMANDS: tuple[list[str], ...] = (
    [],
    ["status"],
    ["next"],
    ["explain"],
    ["sync"],
    ["doctor"],
    ["db"],
    ["db", "path"],
    ["db", "check"],
    ["agents"],
    ["agents", "install"],
    ["agents", "check"],
    ["agents", "remove"],
    ["agents", "skill"],
    ["mcp"],
    ["prime"],
)


@pytest.fixture
def harbour(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository of two plans, entered."""
    repo = make_repo({"docs/0001-berths.md": PLAN}, {"docs/0002-vessels.md": SECOND})
    monkeypatch.chdir(repo.path)
    return repo


def run(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:  # noqa: ANN401
    command = [sys.executable, "-m", "plantrack", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_help_fits_eighty_columns_and_is_plain(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage: plantrack")
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
    assert "..." not in re.sub(r"(ARGS|DOC|FILE)\]\.\.\.", "", shown)


def test_help_teaches_counting_exit_codes_and_examples(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])
    shown = capsys.readouterr().out
    assert "How boxes are counted:" in shown
    assert re.search(r"5 +the database cannot be used", shown)
    assert "plantrack next --json" in shown


@pytest.mark.parametrize(("words", "like"), [([], ["--help"]), (["db"], ["db", "--help"])])
def test_nothing_to_do_shows_help(
    words: list[str], like: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert main(like) == 0
    assert capsys.readouterr().out == shown


def test_the_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"plantrack {__version__}\n"


# --- usage ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["nonsense"], "nonsense"),
        (["next", "--bogus"], "--bogus"),
        (["next", "--limit", "0"], "--limit"),
        (["next", "--limit", "many"], "--limit"),
        (["next", "--order", "random"], "--order"),
        (["explain"], "DOC"),
        (["next", "a", "b"], "b"),
        (["-C"], "-C"),
        (["status", "--json", "--json=1"], "--json"),
        (["\x1b[31mred"], "\\x1b[31mred"),
        (["next", "--\x9b31m\u202e"], "\\x9b31m\\u202e"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_in_two_lines(
    words: list[str], what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    told, remedy = shown.err.splitlines()
    assert told.startswith("plantrack: ")
    assert what in told
    assert remedy.startswith("see plantrack")
    assert remedy.endswith("--help")


@pytest.mark.parametrize(
    ("words", "told", "remedy"),
    [
        (
            ["--json", "status"],
            "--json is an option of status: it follows the name",
            "write plantrack status --json",
        ),
        (["--bogus", "status"], "No such option: --bogus", "see plantrack status --help"),
        (["--since", "2w"], "No such option: --since", "see plantrack --help"),
        (["burndown", "--svg"], "Option '--svg' requires an argument", "see plantrack burndown"),
    ],
)
def test_a_mistake_on_the_command_line_names_the_command_that_was_meant(
    words: list[str], told: str, remedy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert told in first
    assert second.startswith(remedy)


# --- answers --------------------------------------------------------------------------------------


def test_next_names_the_task(harbour: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next"]) == 0
    shown = capsys.readouterr()
    assert "do  Show a conflict" in shown.out
    assert "docs/0002-vessels.md:12" in shown.out
    assert "docs/0001-berths.md:11" in shown.out
    assert shown.err == ""
    assert harbour.git("status", "--porcelain") == ""


def test_next_of_one_document(harbour: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next", "0001"]) == 0
    shown = capsys.readouterr().out
    assert "do  Snap to the half hour" in shown
    assert "vessels" not in shown
    assert harbour.path.name in str(harbour.path)


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("words", "others"),
    [
        ([], 1),
        (["--limit", "1"], 0),
        (["-n", "2"], 1),
        (["--all"], 1),
        (["--order", "document"], 1),
    ],
)
def test_next_lists_as_many_as_asked(
    words: list[str], others: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["next", "--json", *words]) == 0
    assert len(json.loads(capsys.readouterr().out)["others"]) == others


@pytest.mark.usefixtures("harbour")
def test_status_shows_a_row_a_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"docs/0001-berths.md +active +2/4 +50% +1/2", shown)
    assert re.search(r"docs/0002-vessels.md +active +3/4 +75% +1/2", shown)
    assert "total   2/4 milestones, 5/8 steps (62%) in 2 documents" in shown


@pytest.mark.usefixtures("harbour")
def test_status_of_one_document_is_its_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "berths"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"→ 11  \w{4,} +\[ \] Snap to the half hour", shown)


@pytest.mark.usefixtures("harbour")
def test_status_of_a_folder_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "docs"]) == 0
    assert capsys.readouterr().out.count("docs/000") == 2


@pytest.mark.usefixtures("harbour")
def test_status_of_several_documents_names_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "0001", "berths", "0002"]) == 0
    assert capsys.readouterr().out.count("docs/000") == 2


@pytest.mark.usefixtures("harbour")
def test_explain_shows_sums_that_reconcile(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "0001"]) == 0
    shown = capsys.readouterr().out
    assert "6 box-like lines = 4 leaves + 2 parents + 0 optional + 0 not counted" in shown


@pytest.mark.usefixtures("harbour")
def test_sync_says_what_it_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync"]) == 0
    assert re.match(
        r"2 documents read, 0 unchanged; 2 documents with a plan", capsys.readouterr().out
    )
    assert main(["sync", "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["schema"], again["documents"]) == ("plantrack.sync/1", 2)
    assert main(["sync", "--rebuild", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["read"] == 2


def test_db_says_where_the_memory_is(harbour: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "path"]) == 0
    path = harbour.path / ".plan-history" / "plans.db"
    assert capsys.readouterr().out == f"{path}\n"
    assert path.is_file()


@pytest.mark.usefixtures("harbour")
def test_db_check_finds_a_new_database_sound(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sync"])
    capsys.readouterr()
    assert main(["db", "check"]) == 0
    assert capsys.readouterr().out.endswith("\nsound\n")
    assert main(["db", "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sound"] is True


@pytest.mark.usefixtures("harbour")
def test_db_check_returns_5_for_damage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = (Finding("plans.db", 0, "damaged", "row 3 is missing"),)
    monkeypatch.setattr(Store, "check", lambda _: findings)
    assert main(["db", "check"]) == 5
    assert capsys.readouterr().out.endswith("\ndamaged: row 3 is missing\n")


def test_a_subfolder_speaks_of_the_whole_repository(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["status"])
    above = capsys.readouterr().out
    monkeypatch.chdir(harbour.path / "docs")
    assert main(["status"]) == 0
    assert capsys.readouterr().out == above
    assert main(["explain", "0001-berths.md"]) == 0


def test_another_folder_can_be_asked(
    harbour: Repo,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["next"], ["next", "0001"], ["explain", "0001"]):
        assert main(["-C", str(harbour.path), *words]) == 0
    assert "docs/0001-berths.md" in capsys.readouterr().out


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("words", [["-v", "status", "0001"], ["status", "0001", "--verbose"]])
def test_verbose_may_stand_before_and_behind_the_command(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    assert re.search(r"ago \(\d{4}-\d\d-\d\d \d\d:\d\d \+0000\)", capsys.readouterr().out)


def test_times_are_told_in_the_time_zone_that_was_configured(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"plantrack.toml": 'timezone = "Asia/Tokyo"\n'})
    assert main(["status", "-v"]) == 0
    assert " +0900 " in capsys.readouterr().out


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    "words",
    [
        ["status"],
        ["status", "0001"],
        ["next"],
        ["next", "0002"],
        ["explain", "0001"],
        ["sync"],
        ["db", "check"],
    ],
    ids=" ".join,
)
def test_real_answers_are_what_their_schemas_describe(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    described.hold(answer, words[0])


def test_a_database_replaced_under_a_question_is_asked_again(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["next"])
    expected = capsys.readouterr().out
    answer = views.next_tasks
    failures = [Renewed("the database was replaced", "ask again")]

    def once_replaced(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        if failures:
            shutil.rmtree(harbour.path / ".plan-history")
            raise failures.pop()
        return answer(*arguments, **options)

    monkeypatch.setattr(views, "next_tasks", once_replaced)
    assert main(["next"]) == 0
    assert capsys.readouterr().out == expected


def test_a_memory_without_a_file_has_no_path(harbour: Repo) -> None:
    (harbour.path / ".plan-history").write_text("in the way")
    environment = os.environ | {"XDG_STATE_HOME": "/dev/null"}
    done = run("db", "path", cwd=harbour.path, env=environment)
    assert (done.returncode, done.stdout) == (5, "")
    assert "no database file" in done.stderr
    assert run("next", cwd=harbour.path, env=environment).returncode == 0


# --- what is not there ----------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("command", ["status", "next", "explain"])
@pytest.mark.parametrize("name", ["0009", "nowhere/plan.md", "\x1b[2J"])
def test_an_unknown_document_is_not_found(
    command: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, name]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    told, remedy = shown.err.splitlines()
    assert told.startswith("plantrack: ")
    assert remedy
    assert "\x1b" not in shown.err


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("command", ["status", "next", "explain"])
def test_an_ambiguous_name_lists_the_candidates(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "000"]) == 1
    told = capsys.readouterr().err
    assert "name one: 0001-berths, 0002-vessels\n" in told


@pytest.mark.usefixtures("harbour")
def test_a_folder_is_no_document_to_explain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "docs"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == "plantrack: “docs” stands for 2 documents"
    assert second.startswith("name one: docs/0001-berths.md, ")


@pytest.mark.parametrize("words", [["status"], ["next"]])
def test_a_repository_without_plans_is_told_what_a_plan_is(
    words: list[str],
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(make_repo({"README.md": "# Hello\n"}).path)
    assert main(words) == 0
    assert "- [ ] Milestone 1:" in capsys.readouterr().out


def test_a_document_with_boxes_but_no_plan_says_so(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"docs/runbook.md": "# Runbook\n\n" + "- [ ] turn it off and on\n" * 6})
    assert main(["status", "runbook"]) == 0
    assert capsys.readouterr().out == "no plan  docs/runbook.md: 6 boxes, no plan section\n"


@pytest.mark.parametrize("words", [["status", "notes"], ["next", "notes"], ["explain", "notes"]])
def test_a_document_without_a_plan_says_so(
    words: list[str], harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"docs/notes.md": "# Notes\n"})
    assert main(words) == 0
    assert "docs/notes.md" in capsys.readouterr().out


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["next"], ["status", "x"], ["sync"]])
def test_a_folder_that_is_not_there_cannot_be_read(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["-C", "/no/such\x1b[31m/place", *words]) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 2
    assert "\\x1b[31m" in shown.err


@pytest.mark.parametrize("words", [["next"], ["status", "0001"], ["explain", "0001"]])
def test_a_configuration_that_is_not_understood_is_a_mistake_of_usage(
    words: list[str], harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"plantrack.toml": "plan_heading = []\n"})
    assert main(words) == 2
    told, remedy = capsys.readouterr().err.splitlines()
    assert "plan_heading" in told
    assert "plan_headings" in remedy


@pytest.mark.parametrize("words", [["next"], ["db", "path"], ["status", "0001"]])
def test_a_database_of_somebody_else_is_refused(
    words: list[str], harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = harbour.path / ".plan-history"
    folder.mkdir()
    with sqlite3.connect(folder / "plans.db") as database:
        database.execute("CREATE TABLE theirs (x)")
        database.execute("PRAGMA application_id = 7")
    database.close()
    assert main(words) == 5
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 2


def test_notices_of_the_memory_are_talk(harbour: Repo) -> None:
    """Where the usual folder cannot be made, the memory is kept elsewhere, and one line says so."""
    (harbour.path / ".plan-history").write_text("in the way")
    done = run("next", cwd=harbour.path)
    assert done.returncode == 0
    assert "do  Show a conflict" in done.stdout
    assert re.fullmatch(r"plantrack: .+\.plan-history.+\n", done.stderr)


def _break(*_: object, **__: object) -> int:
    raise ZeroDivisionError("no \x1b[31mluck")


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("words", [["next"], ["next", "0001"]])
def test_a_mistake_of_ours_is_told_in_two_lines(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "next_task", _break)
    assert main(words) == console.OUR_MISTAKE
    told, remedy = capsys.readouterr().err.splitlines()
    assert told == r"plantrack: a mistake in plantrack itself: ZeroDivisionError: no \x1b[31mluck"
    assert "--debug" in remedy


@pytest.mark.usefixtures("harbour")
def test_a_traceback_is_shown_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(commands, "next_task", _break)
    assert main(["--debug", "next"]) == console.OUR_MISTAKE
    told = capsys.readouterr().err
    assert told.startswith("Traceback (most recent call last):\n")
    assert "\x1b" not in told
    assert main(["--debug", "status", "0009"]) == 1
    assert "NotFound" in capsys.readouterr().err


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("words", [["next"], ["next", "0001"]])
def test_an_interruption_returns_130(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "next_task", interrupted)
    assert main(words) == 130
    assert capsys.readouterr().err == "plantrack: interrupted\n"


# --- completion -----------------------------------------------------------------------------------


def completed(cwd: Path, *words: str) -> list[str]:
    environment = os.environ | {
        "_PLANTRACK_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("plantrack", *words)),
        "COMP_CWORD": str(len(words)),
    }
    return run(cwd=cwd, env=environment).stdout.split()


def test_a_shell_completes_remembered_documents(harbour: Repo) -> None:
    run("sync", cwd=harbour.path)
    assert completed(harbour.path, "next", "0001") == ["0001-berths"]
    assert completed(harbour.path, "explain", "docs/0002") == ["docs/0002-vessels.md"]
    assert len(completed(harbour.path, "status", "docs/0001-berths.md", "d")) == 2
    assert completed(harbour.path.parent, "-C", harbour.path.name, "next", "0001") == [
        "0001-berths"
    ]


def test_a_shell_is_told_nothing_where_nothing_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "plantrack.toml").write_text("broken = [")
    assert completed(tmp_path, "next", "0") == []


def test_a_name_that_would_act_on_a_terminal_is_not_completed(harbour: Repo) -> None:
    harbour.write({"docs/0003-\x1b[31m.md": PLAN})
    run("sync", cwd=harbour.path)
    assert completed(harbour.path, "next", "0003") == []


def test_commands_are_completed(tmp_path: Path) -> None:
    assert {"status", "next", "explain", "sync", "db"} <= set(completed(tmp_path, ""))
    assert cli.PROGRAM == "plantrack"
