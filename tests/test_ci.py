from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack import guidance
from plantrack.core.block import CLOSING, OPENING

PLAN = """\
# Design: Berths

**Status:** In progress

## Implementation Plan

- [ ] Milestone 1: Grid
  - [x] Draw it
  - [ ] Snap to it
"""
CONTRADICTORY = PLAN.replace("[ ] Milestone", "[x] Milestone")
NOTHING = "0" * 40
SLOW = "PLANTRACK_SLOW"
PRE_COMMIT = "asks pre-commit, which no target installs: .venv/bin/pip install pre-commit"

slow = pytest.mark.skipif(SLOW not in os.environ, reason=f"installs from the network: set {SLOW}=1")


def read(name: str) -> Any:  # noqa: ANN401 -- what a YAML file holds
    yaml = pytest.importorskip("ruamel.yaml")
    return yaml.YAML(typ="safe").load((PROJECT_ROOT / name).read_text())


class Done(NamedTuple):
    code: int
    out: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture
def job(tmp_path: Path) -> Callable[..., Done]:
    """Return `job(step, folder, **env)`: what the script of a step does, with what it writes."""
    home = tmp_path / "runner" / "plantrack" / "bin"
    home.mkdir(parents=True)
    program = home / "plantrack"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m plantrack "$@"\n')
    program.chmod(0o755)

    def run(step: str, folder: Path, **environment: str) -> Done:
        (found,) = [one for one in read("action.yml")["runs"]["steps"] if one["name"] == step]
        output, summary = tmp_path / "output", tmp_path / "summary"
        output.write_text("")
        summary.write_text("")
        usual = {
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT_ROOT / "src"),
            "RUNNER_TEMP": str(tmp_path / "runner"),
            "HOME": os.environ["HOME"],
        }
        asked = dict.fromkeys(found["env"], "")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]],
            cwd=folder,
            env=usual | asked | {"PLANTRACK_DIRECTORY": "."} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        said = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Done(done.returncode, done.stdout + done.stderr, said, summary.read_text())

    return run


# --- what is written down -------------------------------------------------------------------------


def test_the_action_is_what_its_schema_describes() -> None:
    pytest.importorskip("check_jsonschema")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.github-actions", PROJECT_ROOT / "action.yml"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_from_outside_is_part_of_a_script() -> None:
    steps = read("action.yml")["runs"]["steps"]
    assert len(steps) == 3
    for step in steps:
        assert "${{" not in step["run"]
        assert all(re.fullmatch(r"\$\{\{ [\w.| -]+ \}\}", one) for one in step["env"].values())
        variables = set(re.findall(r"\$\{?(PLANTRACK_\w+)", step["run"]))
        assert variables == set(step["env"])


def test_the_hooks_are_commands_there_are() -> None:
    hooks = read(".pre-commit-hooks.yaml")
    assert [hook["id"] for hook in hooks] == ["plantrack-check", "plantrack-agents-check"]
    assert [hook["entry"] for hook in hooks] == ["plantrack check", "plantrack agents check"]
    for hook in hooks:
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False


def test_what_to_put_for_a_placeholder_is_said_before_it_is_used() -> None:
    page = (PROJECT_ROOT / "docs/ci.md").read_text()
    for name in ("OWNER", "REVISION"):
        assert 0 < page.index(f"`{name}") < page.index("```")
    project = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text())["project"]
    assert "urls" not in project  # where there is an address, the examples are to name it


def test_pre_commit_takes_the_hooks() -> None:
    pytest.importorskip("pre_commit", reason=PRE_COMMIT)
    command = [sys.executable, "-m", "pre_commit", "validate-manifest"]
    subprocess.run([*command, PROJECT_ROOT / ".pre-commit-hooks.yaml"], check=True)


# --- the scripts of the action --------------------------------------------------------------------


def test_what_differs_is_told_in_the_summary(
    make_repo: Callable[..., Repo], job: Callable[..., Done]
) -> None:
    repo = make_repo({"a.md": PLAN}, {"a.md": PLAN.replace("[ ] Snap", "[x] Snap")})
    done = job("Compare plans", repo.path, PLANTRACK_BASE="HEAD~1")
    assert done.code == 0, done.out
    assert done.outputs["differs"] == "true"
    assert "Snap to it" in done.summary
    assert Path(done.outputs["comment-file"]).read_text() == done.summary


def test_nothing_may_differ(make_repo: Callable[..., Repo], job: Callable[..., Done]) -> None:
    repo = make_repo({"a.md": PLAN}, {"b.txt": "x"})
    done = job("Compare plans", repo.path, PLANTRACK_BASE="HEAD~1")
    assert (done.code, done.outputs["differs"]) == (0, "false")


@pytest.mark.parametrize(
    ("base", "code", "said"),
    [
        ("", 0, "nothing to compare with"),
        (NOTHING, 0, "nothing to compare with"),
        ("1" * 40, 0, "not in this clone"),
        ("$(touch owned)", 0, "not in this clone"),
        ("--output=owned", 2, "no commit"),
        ("HEAD~1..HEAD", 2, "no commit"),
        ("'; touch owned; '", 0, "not in this clone"),
    ],
)
def test_what_is_no_commit_is_compared_with_nothing(
    base: str, code: int, said: str, make_repo: Callable[..., Repo], job: Callable[..., Done]
) -> None:
    repo = make_repo({"a.md": PLAN})
    done = job("Compare plans", repo.path, PLANTRACK_BASE=base)
    assert (done.code, done.outputs, done.summary) == (code, {}, "")
    assert said in done.out
    assert not (repo.path / "owned").exists()


def test_a_long_comment_is_cut_between_lines(
    make_repo: Callable[..., Repo], job: Callable[..., Done]
) -> None:
    steps = "".join(f"  - [ ] {number} {'é' * 200}\n" for number in range(400))
    repo = make_repo({"a.md": PLAN}, {"a.md": PLAN + steps})
    done = job("Compare plans", repo.path, PLANTRACK_BASE="HEAD~1")
    comment = Path(done.outputs["comment-file"]).read_bytes()
    assert len(comment) < 60_100
    assert comment.decode().endswith("\n(cut: there is more)\n")
    assert len(done.summary.encode()) > 60_100


@pytest.mark.parametrize(
    ("fails", "plan", "expected"),
    [
        ("true", CONTRADICTORY, (1, {"findings": "true"})),
        ("false", CONTRADICTORY, (0, {"findings": "true"})),
        ("true", PLAN, (0, {"findings": "false"})),
    ],
)
def test_findings_are_annotated(
    fails: str,
    plan: str,
    expected: tuple[int, dict[str, str]],
    make_repo: Callable[..., Repo],
    job: Callable[..., Done],
) -> None:
    repo = make_repo({"docs/a.md": plan})
    done = job("Check plans", repo.path, PLANTRACK_FAILS=fails)
    assert (done.code, done.outputs) == expected, done.out
    assert bool(re.search(r"^::(error|warning) ", done.out, re.MULTILINE)) == (plan != PLAN)


def test_a_folder_that_is_none_fails_the_job(tmp_path: Path, job: Callable[..., Done]) -> None:
    folder = "$(touch owned)"
    done = job("Check plans", tmp_path, PLANTRACK_FAILS="false", PLANTRACK_DIRECTORY=folder)
    assert (done.code, done.outputs) == (3, {})
    assert not (tmp_path / "owned").exists()


def test_what_is_installed_is_not_installed_again(tmp_path: Path, job: Callable[..., Done]) -> None:
    done = job("Install plantrack", tmp_path, PLANTRACK_PYTHON="no-such-python")
    assert done.code == 0, done.out
    assert done.out.startswith("plantrack ")


@slow
def test_the_action_installs_plantrack_from_its_own_checkout(
    tmp_path: Path, job: Callable[..., Done]
) -> None:
    shutil.rmtree(tmp_path / "runner")
    (tmp_path / "runner").mkdir()
    done = job(
        "Install plantrack",
        tmp_path,
        PLANTRACK_PYTHON=sys.executable,
        PLANTRACK_SOURCE=str(PROJECT_ROOT),
        PYTHONPATH="",
    )
    assert done.code == 0, done.out
    assert done.out.startswith("plantrack ")


# --- pre-commit, for real -------------------------------------------------------------------------


@slow
@pytest.mark.timeout(600)
def test_pre_commit_runs_the_hooks(make_repo: Callable[..., Repo], tmp_path: Path) -> None:
    pytest.importorskip("pre_commit", reason=PRE_COMMIT)
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__")
    shutil.copytree(PROJECT_ROOT, source, ignore=ignored)
    Repo(source).git("init", "--quiet")
    Repo(source).git("add", "--all")
    Repo(source).git("commit", "--quiet", "--message", "All")
    block = f"{OPENING}\n{guidance.text('block.md')}{CLOSING}\n"
    repo = make_repo({"docs/a.md": PLAN, "AGENTS.md": block})

    def hooked() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "try-repo", str(source), "--all-files"]
        return subprocess.run(command, cwd=repo.path, capture_output=True, text=True, check=False)

    done = hooked()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Passed") == 2
    repo.write({"docs/a.md": CONTRADICTORY, "AGENTS.md": block.replace("Plans", "Old")})
    done = hooked()
    assert done.returncode == 1
    assert done.stdout.count("Failed") == 2
    assert "AGENTS.md: out of date" in done.stdout
