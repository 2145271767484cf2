"""Every command on repositories that name programs: none of them is run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import acting
import canaries
import every_command
from canaries import TRICKS
from conftest import Repo

# What these run, other tests have covered.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]
PLAN = "# A\n\n## Implementation Plan\n\n- [ ] Milestone 1\n- [ ] Milestone 2\n"
PLANS = (
    {"docs/plain.md": PLAN, "docs/a.md": PLAN + "- [ ] b\n"},
    {
        "docs/plain.md": PLAN.replace("[ ]", "[x]", 1),
        "docs/a.md": None,
        "docs/c.md": PLAN + "- b\n",
    },
)
SHADOWS = ("json", "sqlite3", "subprocess", "typer", "typing", "mistune", "copy", "datetime", "org")


def assert_silent(canary: Path, words: list[str]) -> None:
    shown = acting.run(words)
    assert shown.code in acting.CODES, (words, shown)
    assert not (canary.parent / "sang").exists(), words


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    return canaries.make(tmp_path)


def test_no_command_runs_what_a_repository_names(
    make_repo: MakeRepo, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo(*PLANS)
    here = [trick for trick in TRICKS.values() if not trick.missing]
    canaries.hostile(repo, canaries.together(here), canary)
    monkeypatch.chdir(repo.path)
    for name, value in canaries.environment(canary).items():
        monkeypatch.setenv(name, value)
    for words in (["export", "-o", "changes.ndjson"], *every_command.lines()):
        assert_silent(canary, words)


def test_no_command_fetches_what_a_repository_promises(
    make_repo: MakeRepo, canary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo(*PLANS)
    lacking = [trick for trick in TRICKS.values() if trick.missing]
    canaries.hostile(repo, canaries.together(lacking), canary)
    monkeypatch.chdir(repo.path)
    for command in every_command.commands():
        assert_silent(canary, command.plain(every_command.USUAL))


def test_a_repository_of_all_tricks_would_sing(make_repo: MakeRepo, canary: Path) -> None:
    repo = make_repo(*PLANS)
    here = [trick for trick in TRICKS.values() if not trick.missing]
    canaries.hostile(repo, canaries.together(here), canary)
    subprocess.run(["git", "status"], cwd=repo.path, capture_output=True, check=False)
    assert (canary.parent / "sang").exists()


def test_modules_that_lie_in_a_repository_are_not_imported(
    make_repo: MakeRepo, canary: Path
) -> None:
    """Python looks for modules in the folder it stands in, when a module is run by name."""
    repo = make_repo(*PLANS)
    text = f"open({str(canary.parent / 'sang')!r}, 'w').write(__name__)\nraise SystemExit(9)\n"
    repo.write({f"{name}.py": text for name in SHADOWS})
    for words in (["status"], ["log", "--json"]):
        command = [sys.executable, "-m", "plantrack", *words]
        done = subprocess.run(command, cwd=repo.path, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    assert not (canary.parent / "sang").exists()
    subprocess.run([sys.executable, "-c", "import org"], cwd=repo.path, check=False)
    assert (canary.parent / "sang").exists()
