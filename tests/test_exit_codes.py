"""Every exit code there is, reached by the program as anybody would, and what it says then."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import acting
from conftest import PROJECT_ROOT, Repo
from plantrack import commands, console, errors
from plantrack.store.connection import APPLICATION_ID, VERSION

PLAN = "# Design: Berths\n\n## Implementation Plan\n\n- [x] Milestone 1: Grid\n- [ ] Milestone 2\n"
TABLE = {0, 1, 2, 3, 4, 5, 70, 130}


@dataclass(frozen=True, slots=True)
class Case:
    """One way to an exit code."""

    code: int
    words: tuple[str, ...]
    named: str = ""  # what the first line speaks of; "": nothing is said
    undone: str = ""  # what it says was not done, or why there was nothing to do
    prepare: Callable[[Path], object] = lambda _: None


def _foreign(top: Path) -> None:
    _database(top, "CREATE TABLE theirs (x)")


def _newer(top: Path) -> None:
    acting.run(["-C", str(top), "sync"])
    _database(
        top, f"PRAGMA user_version = {VERSION + 1}", f"PRAGMA application_id={APPLICATION_ID}"
    )


def _database(top: Path, *statements: str) -> None:
    (top / ".plan-history").mkdir(exist_ok=True)
    connection = sqlite3.connect(top / ".plan-history/plans.db", isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def _write(name: str, text: str) -> Callable[[Path], object]:
    def write(top: Path) -> None:
        (top / name).parent.mkdir(exist_ok=True)
        (top / name).write_text(text)

    return write


CASES = {
    "an answer": Case(0, ("status",)),
    "no difference": Case(0, ("diff", "--exit-code")),
    "nothing wrong": Case(0, ("doctor",)),
    "a difference": Case(1, ("diff", "--exit-code"), prepare=_write("docs/b.md", PLAN)),
    "no such document": Case(1, ("status", "0009"), "0009", "no document"),
    "no such commit": Case(1, ("diff", "nowhere..HEAD"), "nowhere", "no commit"),
    "something is wrong": Case(1, ("doctor",), prepare=_write("plantrack.toml", "x = 1")),
    "no such option": Case(2, ("status", "--bogus"), "--bogus", "No such option"),
    "no such command": Case(2, ("bogus",), "bogus", "No such command"),
    "no time": Case(2, ("log", "--since", "whenever"), "whenever", "is no time"),
    "an unknown setting": Case(
        2, ("next",), "plantrack.toml", "unknown key", _write("plantrack.toml", "includes = []")
    ),
    "a configuration that is no text": Case(
        2, ("status", "-v"), "plantrack.toml", "is not valid TOML", _write("plantrack.toml", "[")
    ),
    "no such folder": Case(3, ("-C", "/no/such/place", "next"), "/no/such/place", "cannot be read"),
    "a file is no folder": Case(
        3, ("-C", "docs/a.md", "log"), "docs/a.md", "is not a folder"
    ),
    "a repository that git cannot read": Case(
        3, ("status",), "TOP", "git cannot read", _write(".git/config", "[core\n")
    ),
    "a picture into a folder": Case(
        4, ("burndown", "--svg", "docs"), "docs", "nothing was written"
    ),
    "an export into nowhere": Case(
        4, ("export", "-o", "nowhere/x.ndjson"), "nowhere/x.ndjson", "could not be written"
    ),
    "a merge into a folder": Case(
        4, ("merge", "docs/a.md", "-o", "docs"), "docs", "nothing was merged"
    ),
    "somebody's database": Case(5, ("next",), "plans.db", "another program", _foreign),
    "a newer database": Case(5, ("log",), "plans.db", "it was not touched", _newer),
    "a database elsewhere": Case(
        5, ("next",), "../../x.db", "nothing was recorded",
        _write("plantrack.toml", 'database = "../../x.db"'),
    ),
}  # fmt: skip


@pytest.fixture
def top(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Path:
    repo = make_repo({"docs/a.md": PLAN}, {"docs/a.md": PLAN.replace("[ ]", "[x]")})
    monkeypatch.chdir(repo.path)
    return repo.path


@pytest.mark.parametrize("name", CASES)
def test_an_exit_code_is_reached_and_says_what_to_do(name: str, top: Path) -> None:
    case = CASES[name]
    case.prepare(top)
    shown = acting.run(case.words)
    assert shown.code == case.code, shown
    if not case.named:
        assert shown.err == ""
        return
    what, remedy = shown.err.splitlines()
    assert what.startswith("plantrack: ")
    assert case.named.replace("TOP", str(top)) in what
    assert case.undone in what
    assert remedy.strip()
    assert remedy not in what


@pytest.mark.no_cover  # the lines of the test above, twice more
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.named])
def test_a_traceback_is_shown_on_demand_alone(name: str, top: Path) -> None:
    case = CASES[name]
    case.prepare(top)
    assert "Traceback" not in acting.run(case.words).err
    shown = acting.run(["--debug", *case.words])
    assert shown.code == case.code
    assert shown.err.startswith("Traceback (most recent call last):\n")


@pytest.mark.usefixtures("top")
def test_a_mistake_of_ours_says_how_to_report_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> int:
        raise ZeroDivisionError("a\x1b[31mb")

    monkeypatch.setattr(commands, "status", broken)
    shown = acting.run(["status"])
    assert shown.code == console.OUR_MISTAKE
    assert shown.err.count("\n") == 2
    assert "--debug" in shown.err
    assert "report" in shown.err


def test_an_interruption_is_an_exit_code_of_its_own(top: Path) -> None:
    command = [sys.executable, "-m", "plantrack", "watch", "--plain"]
    with subprocess.Popen(command, cwd=top, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "watching" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == "plantrack: interrupted\n"


def test_the_table_of_help_and_readme_is_what_is_reached() -> None:
    reached = {case.code for case in CASES.values()} | {console.OUR_MISTAKE, console.INTERRUPTED}
    assert reached == TABLE
    kinds: list[type[errors.PlantrackError]] = [errors.PlantrackError]
    kinds += errors.PlantrackError.__subclasses__()
    assert {kind.exit_code for kind in kinds} | {0, 70, 130} == TABLE
    shown = acting.run(["--help"]).out
    table = shown[shown.index("Exit codes:") : shown.index("Examples:")]
    assert {int(code) for code in re.findall(r"(?<!\S)\d+(?=  )", table)} == TABLE
    readme = (PROJECT_ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (\d+) \|", readme[readme.index("| exit code |") :], re.MULTILINE)
    assert set(map(int, rows)) == TABLE
    assert os.EX_SOFTWARE == console.OUR_MISTAKE
