from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from conftest import Repo
from plantrack import agent_tools
from plantrack.agent_tools import Answer, call
from plantrack.commands import Options
from plantrack.render import tool_json
from view_samples import PAYLOADS

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PLAN = """\
# Design: Berths

**Status:** In progress

## Implementation Plan

- [x] Milestone 1: Grid
  - [x] Draw the berths
- [ ] Milestone 2: Drag
  - [x] Pick up a stay
  - [ ] Snap to the half hour

    As on the quay.
    - [ ] Round it
  - [ ] Show a conflict
"""
OTHER = "# Vessels\n\n## Implementation Plan\n\n- [x] Import\n"


@pytest.fixture
def harbour(make_repo: Callable[..., Repo]) -> Repo:
    return make_repo({"docs/0001-berths.md": PLAN}, {"docs/0002-vessels.md": OTHER})


def asked(repo: Repo, name: str, **arguments: object) -> Answer:
    return call(Options(str(repo.path)), name, arguments, now=NOW)


def told(repo: Repo, name: str, **arguments: object) -> dict[str, Any]:
    answer = asked(repo, name, **arguments)
    assert not answer.is_error, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    assert set(found["data_not_instructions"]) >= {"label", "text", "title"}
    return found


# --- what is answered -----------------------------------------------------------------------------


def test_the_next_task_is_that_of_the_command(harbour: Repo) -> None:
    found = told(harbour, "next_task")
    assert found["schema"] == "plantrack.next/1"
    assert found["next"]["text"] == "Round it"
    assert [one["title"] for one in found["next"]["done_steps"]] == []
    assert told(harbour, "next_task", document="0002")["because"] == "complete"


def test_where_all_plans_stand_comes_in_a_row_each(harbour: Repo) -> None:
    found = told(harbour, "plan_status")
    assert found["steps"] == {"done": 3, "total": 5, "dropped": 0}
    assert found["left_out"] == 0
    first, second = found["plans"]
    assert first == {
        "path": "docs/0001-berths.md",
        "family": "active",
        "steps": "2/4",
        "milestones": "1/2",
        "now_at": "Milestone 2: Drag",
    }
    assert second["path"] == "docs/0002-vessels.md"


def test_where_one_plan_stands_comes_with_its_items(harbour: Repo) -> None:
    found = told(harbour, "plan_status", document="0001")
    assert [(one["line"], one["depth"], one["state"]) for one in found["items"]] == [
        (7, 0, "done"),
        (8, 1, "done"),
        (9, 0, "todo"),
        (10, 1, "done"),
        (11, 1, "todo"),
        (14, 2, "todo"),
        (15, 1, "todo"),
    ]
    assert found["next"] == found["items"][5]["id"]


def test_a_document_without_a_plan_is_told_from_one_that_cannot_be_read(harbour: Repo) -> None:
    harbour.write({"README.md": "# Harbour\n", "docs/0001-berths.md": PLAN.encode("utf-16")})
    answer = asked(harbour, "plan_status", document="README.md")
    assert answer.is_error
    assert answer.text.splitlines() == [
        "README.md has no Implementation Plan",
        "What to do: plan_status lists the plans",
    ]
    answer = asked(harbour, "plan_status", document="0001")
    assert answer.is_error
    assert answer.text.splitlines() == [
        "docs/0001-berths.md: the file is UTF-16; save it as UTF-8",
        "What to do: save it as UTF-8, then repeat the command",
    ]


def test_a_folder_is_no_item(harbour: Repo) -> None:
    answer = asked(harbour, "get_item", item="docs/")
    assert answer.is_error
    assert "“docs/” stands for 2 documents, not for an item" in answer.text


def test_an_item_comes_in_full_with_what_stands_around_it(harbour: Repo) -> None:
    key = told(harbour, "plan_status", document="0001")["items"][4]["id"]
    found = told(harbour, "get_item", item=key)
    assert found["text"] == "Snap to the half hour"
    assert found["notes"] == "As on the quay."
    assert [one["text"] for one in found["above"]] == ["Milestone 2: Drag"]
    assert [one["text"] for one in found["below"]] == ["Round it"]
    assert told(harbour, "get_item", item="0001#M2")["state"] == "todo"


def test_an_item_is_ticked_and_what_follows_is_told(harbour: Repo) -> None:
    following = told(harbour, "next_task")["next"]
    found = told(
        harbour, "complete_item", item=following["id"], expected_text="Round", note="by hand"
    )
    assert found["ticked"] == [
        {"id": following["id"], "path": "docs/0001-berths.md", "line": 14, "was_done": False}
    ]
    assert [one["text"] for one in found["nothing_open_below"]] == ["Snap to the half hour"]
    assert found["next"]["action"] in ("close", "do")
    text = (harbour.path / "docs/0001-berths.md").read_text()
    assert text == PLAN.replace("[ ] Round", "[x] Round")
    again = told(harbour, "complete_item", item=following["id"], expected_text="Round it")
    assert again["ticked"][0]["was_done"] is True


def test_what_is_wrong_is_told_with_how_to_mend_it(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo({"a.md": PLAN.replace("[ ] Milestone", "[x] Milestone")})
    found = told(repo, "check_plans")
    first = found["findings"][0]
    assert (first["path"], first["line"]) == ("a.md", 9)
    assert found["remedies"][first["code"]]
    assert found["errors"] + found["warnings"] > 0
    assert told(repo, "check_plans", document="a")["findings"] == found["findings"]


# --- what goes wrong ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("next", {}, "call one of next_task, plan_status"),
        ("next_task", {"doc": "0001"}, "it takes document"),
        ("next_task", {"document": 1}, "document of next_task is no text"),
        ("get_item", {}, "get_item needs item"),
        ("get_item", {"item": ""}, "Its id, or an address"),
        ("get_item", {"item": "zzzz"}, "What to do: plan_status DOC lists the items"),
        ("next_task", {"document": "0009"}, "no document fits"),
        ("next_task", {"document": "\x1b[2J\u202e"}, "\\x1b[2J\\u202e"),
        ("complete_item", {"item": "0001#M2"}, "complete_item needs expected_text"),
        ("complete_item", {"item": "0001#M2", "expected_text": "Milestone 9"}, "nothing was"),
        ("complete_item", {"item": "0001#M2", "expected_text": "Milestone 2"}, "open"),
    ],
)
def test_an_error_says_what_to_do(
    name: str, arguments: dict[str, object], said: str, harbour: Repo
) -> None:
    answer = asked(harbour, name, **arguments)
    assert answer.is_error
    assert said in answer.text
    assert "\nWhat to do: " in answer.text
    assert answer.text.replace("\n", "").isprintable()
    assert (harbour.path / "docs/0001-berths.md").read_text() == PLAN


def test_a_place_that_is_gone_is_an_answer(harbour: Repo) -> None:
    answer = call(Options(str(harbour.path / "gone")), "next_task", None, now=NOW)
    assert answer.is_error
    assert "What to do:" in answer.text


def test_what_the_system_refuses_is_an_answer(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **_options: object) -> None:
        raise OSError(28, "No space left on device", "plans.db")

    monkeypatch.setattr(agent_tools, "Memory", full)
    answer = asked(harbour, "next_task")
    assert answer == Answer(
        "plans.db: No space left on device\nWhat to do: ask the user to look at it", is_error=True
    )


# --- what it costs --------------------------------------------------------------------------------


def test_a_large_plan_is_told_of_as_far_as_it_is_open(make_repo: Callable[..., Repo]) -> None:
    done = "".join(f"- [x] Milestone {n}: Done\n" + "  - [x] Step\n" * 20 for n in range(1, 21))
    left = "- [ ] Milestone 21: Open\n" + "".join(f"  - [ ] Step {n}\n" for n in range(40))
    repo = make_repo({"plan.md": f"# Plan\n\n## Implementation Plan\n\n{done}{left}"})
    found = told(repo, "plan_status", document="plan")
    assert {one["state"] for one in found["items"]} == {"done", "todo"}
    assert len(found["items"]) == 61
    assert found["left_out"] == 400


def test_no_answer_is_longer_than_its_budget(make_repo: Callable[..., Repo]) -> None:
    steps = "".join(f"  - [ ] {'long ' * 100}{n}\n" for n in range(300))
    many = {f"docs/{n:04}.md": f"# {n}\n\n## Implementation Plan\n\n- [ ] a\n" for n in range(90)}
    plan = f"# Plan\n\n## Implementation Plan\n\n- [ ] Milestone 1: {'x' * 3000}\n{steps}"
    repo = make_repo(many | {"plan.md": plan})
    for name, arguments in (
        ("next_task", {"document": "plan"}),
        ("plan_status", {"document": "plan"}),
        ("plan_status", {}),
        ("get_item", {"item": "plan#M1"}),
    ):
        answer = asked(repo, name, **arguments)
        assert len(answer.text) <= tool_json.BUDGET_CHARS + 100, name
        assert not answer.is_error
    assert told(repo, "plan_status")["left_out"] > 0
    assert told(repo, "get_item", item="plan#M1")["truncated"] is True


@pytest.mark.no_cover  # each payload, through the lines that other tests run once
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_of_a_document_is_more_than_data(name: str, make_repo: Callable[..., Repo]) -> None:
    text = PAYLOADS[name].encode("utf-8", "replace").decode()
    repo = make_repo({"a.md": f"# T\n\n## Implementation Plan\n\n- [ ] Milestone 1: {text}\n"})
    for tool in ("next_task", "plan_status"):
        answer = asked(repo, tool)
        assert answer.text.isascii()
        assert answer.text.replace("\n", "").isprintable()
