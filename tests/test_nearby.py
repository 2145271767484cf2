from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack import views
from plantrack.__main__ import main
from plantrack.commands import Memory, Options
from plantrack.render import next_json
from plantrack.render.screen import Screen

BYTES_A_TOKEN = 3.5
NOW = datetime(2027, 1, 1, tzinfo=UTC)
PLAN = """\
# Design: Berths

## Data model

## Implementation Plan

- [x] Milestone 1: Grid
- [ ] Milestone 2: Drag
  - [x] Draw
    - [x] every line
  - [x] Snap
  - [ ] Move as the Data Model has it, in `src/board.py`

    Mind [the map](../maps/) and `src/gone.py`.
  - [ ] Undo
"""
FILES = {"docs/0001.md": PLAN, "src/board.py": "pass", "maps/a.svg": "<svg/>"}


def asked(folder: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["-C", str(folder), *words]) == 0
    return capsys.readouterr().out


def test_a_program_gets_what_it_needs_beside_the_task(
    make_repo: Callable[..., Repo], capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(asked(make_repo(FILES).path, "next", "--json", capsys=capsys))["next"]
    assert found["text"] == "Move as the Data Model has it, in `src/board.py`"
    assert [one["title"] for one in found["done_steps"]] == ["Draw", "Snap"]
    assert found["sections"] == [{"line": 3, "heading": "Data model"}]
    assert found["paths"] == ["maps/", "src/board.py"]
    assert found["command"].startswith(f"plantrack tick {found['id']} --expect 'Move as the")
    assert found["truncated"] is False


@pytest.mark.parametrize(
    ("plan", "command"),
    [
        ("- [ ] Milestone 1: Grid\n", "plantrack expand {}"),
        (
            "- [ ] Milestone 1: Grid\n  - [x] Draw\n",
            "plantrack tick {} --expect 'Milestone 1: Grid'",
        ),
        ("- [x] Milestone 1: Grid\n  - [ ] Draw\n", "plantrack status a.md"),
        ("- [x] Milestone 1: Grid\n", "plantrack status a.md"),
    ],
)
def test_the_command_notes_what_is_asked_for(
    plan: str,
    command: str,
    make_repo: Callable[..., Repo],
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = f"# Plan\n\n**Status:** Draft\n\n## Implementation Plan\n\n{plan}"
    found = json.loads(asked(make_repo({"a.md": text}).path, "next", "--json", capsys=capsys))
    following = found["next"]
    assert following["command"] == command.format(following["id"])


def test_nothing_is_beside_nothing(
    make_repo: Callable[..., Repo], capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# Plan\n\n## Implementation Plan\n\n- [x] Grid\n"
    found = json.loads(asked(make_repo({"a.md": text}).path, "next", "a", "--json", capsys=capsys))
    assert found["next"]["action"] == "none"
    assert "paths" not in found["next"]


def test_a_document_that_is_gone_when_it_is_read_names_no_headings(
    make_repo: Callable[..., Repo], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is larger than what may be read, and remembered from when it was not."""
    repo = make_repo(FILES)
    asked(repo.path, "next", "--json", capsys=capsys)
    (repo.path / "plantrack.toml").write_text("max_document_kib = 1")
    (repo.path / "docs/0001.md").write_text(PLAN + "x" * 2000)
    found = json.loads(asked(repo.path, "next", "--json", capsys=capsys))
    assert found["next"] is None or found["next"]["sections"] == []


# --- what it costs --------------------------------------------------------------------------------


def costs(folder: Path) -> Iterator[float]:
    """Ask for the next task of each document; give what the answers cost."""
    with Memory(Options(str(folder)), NOW) as memory:
        memory.refresh()
        for row in memory.store.documents():
            view = views.next_tasks(memory.store, (row.path,))
            yield len(next_json.next_task(memory.beside(view), Screen())) / BYTES_A_TOKEN


def test_an_agent_reads_less_than_800_tokens_before_each_step_of_the_samples(
    make_repo: Callable[..., Repo],
) -> None:
    folder = PROJECT_ROOT / "sample_docs"
    files = {
        str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.md"))
    }
    found = list(costs(make_repo(files).path))
    assert len(found) > 20
    assert max(found) <= 800


@pytest.mark.parametrize("name", ["donner", "openspec", "superpowers", "twotruths"])
def test_an_agent_reads_less_than_800_tokens_before_each_step_of_a_real_plan(
    name: str, remembered: Callable[[str], Path]
) -> None:
    found = list(costs(remembered(name)))
    assert found
    assert max(found) <= 800
