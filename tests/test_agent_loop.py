from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from agent_loop import Agent, plan_of
from conftest import Repo
from plantrack.__main__ import main

MILESTONES, STEPS = 6, 5
PATH = "docs/0001-quay.md"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def plantrack(*words: str) -> str:
        code = main(list(words))
        told = capsys.readouterr()
        assert code == 0, (words, told.err)
        return told.out

    return plantrack


@pytest.mark.no_cover  # the lines of other tests, a hundred times
def test_an_agent_finishes_a_plan_of_thirty_steps_and_history_tells_the_story(
    make_repo: Callable[..., Repo],
    run: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    repo = make_repo({PATH: plan_of(MILESTONES)})
    monkeypatch.chdir(repo.path)
    agent = Agent(repo, run, STEPS)
    first = repo.git("rev-parse", "HEAD").strip()
    assert agent.work() == "every plan is finished"
    assert agent.did == {"expand": 6, "do": 30, "close": 6, "finish": 1}
    assert max(agent.said) / 3.5 <= 800
    assert repo.git("status", "--porcelain") == ""

    def answer(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(run(*words, "--json"))
        return found

    told = ("log", "blame", "burndown", "diff")
    asked = (("log",), ("blame", "0001"), ("burndown",), ("diff", f"{first}..HEAD"))
    before = {name: answer(*words) for name, words in zip(told, asked, strict=True)}
    _log_tells_it(before["log"])
    _burndown_tells_it(before["burndown"])
    _diff_tells_it(before["diff"])
    assert all(item["ticked"] for item in before["blame"]["items"])
    assert repo.git("diff", "--stat", first, "--", PATH).count("+") >= 1
    run("sync", "--rebuild")
    after = {name: answer(*words) for name, words in zip(told, asked, strict=True)}
    assert after == before, "what was seen while it happened is what git tells afterwards"


def _log_tells_it(log: dict[str, Any]) -> None:
    changes = log["changes"]
    kinds = Counter(change["kind"] for change in changes)
    assert kinds == {"added": 36, "expanded": 6, "ticked": 36}
    assert {change["commit"] for change in changes} != {None}
    assert None not in {change["commit"] for change in changes}
    assert [change["text_after"] for change in reversed(changes) if change["kind"] == "ticked"] == [
        text
        for milestone in range(1, MILESTONES + 1)
        for text in (
            *(f"Build piece {milestone}.{step} as planned" for step in range(1, STEPS + 1)),
            f"Milestone {milestone}: Part {milestone} of the Quay",
        )
    ]


def _burndown_tells_it(burndown: dict[str, Any]) -> None:
    """A milestone without steps is a leaf; five steps in its place are four leaves more."""
    days = burndown["days"]
    assert (days[0]["scope"], days[0]["done"], days[0]["open"]) == (6, 0, 6)
    last = days[-1]
    assert (last["scope"], last["done"], last["open"], last["dropped"]) == (30, 30, 0, 0)
    assert sum(day["ticked"] for day in days) == 30
    assert max(day["ticked"] for day in days) == 1
    done = [day["done"] for day in days]
    assert done == sorted(done)
    assert all(day["done"] + day["open"] == day["scope"] for day in days)


def _diff_tells_it(diff: dict[str, Any]) -> None:
    (document,) = diff["documents"]
    items = document["items"]
    assert len(items) == 36
    assert {item["state_after"] for item in items} == {"done"}
    assert Counter(item["line_before"] is None for item in items) == {True: 30, False: 6}
