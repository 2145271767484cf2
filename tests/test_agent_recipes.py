from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import PROJECT_ROOT, Repo

AGENTS = (PROJECT_ROOT / "docs" / "agents.md").read_text("utf-8")
CI = (PROJECT_ROOT / "docs" / "ci.md").read_text("utf-8")
PLAN = """\
# Berths

## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw it
  - [ ] $(touch owned); `touch owned` 'Snap' to it --help
- [ ] Milestone 2: Drag
"""


def block(text: str, language: str, word: str) -> str:
    """Find the one block of a page in this language that holds a word."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (only,) = [one for one in found if word in one]
    return str(only)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder of programs: plantrack itself, and stand-ins for what a recipe starts besides."""
    folder = tmp_path / "bin"
    folder.mkdir()
    run = f'exec {sys.executable} -P -m plantrack "$@"'
    for name, line in (("plantrack", run), ("make", "exit 0"), ("agent", "cat >> ../heard")):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return folder


def started(repo: Repo, programs: Path, *command: str) -> subprocess.CompletedProcess[str]:
    names = {
        f"GIT_{role}_{key}": "ada" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")
    }
    path = f"{programs}:{os.environ['PATH']}"
    environment = os.environ | names | {"PATH": path, "PYTHONPATH": str(PROJECT_ROOT / "src")}
    return subprocess.run(
        command, cwd=repo.path, env=environment, capture_output=True, text=True, check=False
    )


def test_the_loop_hands_out_every_step_and_stops_where_a_person_decides(
    make_repo: Callable[..., Repo], programs: Path, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": PLAN})
    script = tmp_path / "work"
    script.write_text(block(AGENTS, "python", "# recipe: work"))
    done = started(repo, programs, sys.executable, str(script), "agent")
    assert done.returncode == 0, done.stderr
    text = (repo.path / "a.md").read_text()
    assert text == PLAN.replace("[ ]", "[x]", 3)
    heard = [json.loads(line) for line in (tmp_path / "heard").read_text().splitlines()]
    assert [one["next"]["line"] for one in heard] == [6, 7]
    assert repo.git("log", "--format=%s").splitlines()[:2] == [
        "Milestone 1: Grid",
        "$(touch owned); `touch owned` 'Snap' to it --help",
    ]
    assert not (repo.path / "owned").exists()


def test_the_hook_for_a_session_runs_a_command_there_is(
    make_repo: Callable[..., Repo], programs: Path
) -> None:
    hook = json.loads(block(AGENTS, "json", "SessionStart"))
    (command,) = [one["command"] for one in hook["hooks"]["SessionStart"][0]["hooks"]]
    done = started(make_repo({"a.md": PLAN}), programs, "sh", "-c", command)
    assert done.returncode == 0
    assert done.stdout.startswith("Plans in 1 document")


def test_the_workflow_is_what_its_schema_describes(tmp_path: Path) -> None:
    pytest.importorskip("check_jsonschema")
    path = tmp_path / "plans.yml"
    path.write_text(block(CI, "yaml", "workflows/plans.yml"))
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_the_tables_name_what_the_action_takes_and_gives() -> None:
    yaml = pytest.importorskip("ruamel.yaml")
    action = yaml.YAML(typ="safe").load((PROJECT_ROOT / "action.yml").read_text())
    inputs, outputs = CI.split("| input |")[1].split("| output |")
    assert re.findall(r"^\| `([\w-]+)`", inputs, re.MULTILINE) == list(action["inputs"])
    assert set(re.findall(r"^\| `([\w-]+)`", outputs, re.MULTILINE)) == set(action["outputs"])
    hooks = yaml.YAML(typ="safe").load(block(CI, "yaml", "repos:"))["repos"][0]["hooks"]
    known = yaml.YAML(typ="safe").load((PROJECT_ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [one["id"] for one in hooks] == [one["id"] for one in known]


def test_the_commands_for_any_runner_work(make_repo: Callable[..., Repo], programs: Path) -> None:
    repo = make_repo({"a.md": PLAN}, {"a.md": PLAN.replace("[ ] Draw", "[x] Draw")})
    script = "set -e; BASE=HEAD~1\n" + block(CI, "sh", "# recipe: elsewhere")
    done = started(repo, programs, "sh", "-c", script)
    assert done.returncode == 0, done.stderr
    assert "Draw it" in (repo.path / "plans.md").read_text()
    assert json.loads((repo.path / "plans.sarif").read_text())["version"] == "2.1.0"
