from __future__ import annotations

import json

import pytest

import described
from past_samples import (
    BLAME,
    BURNDOWN,
    DATED,
    FORECAST,
    ITEMS,
    LOG,
    REFUSED,
    diff_view,
    hostile_blame,
    hostile_diff,
    hostile_log,
    log_view,
)
from plantrack.core.forecast import Backtest, Forecast
from plantrack.core.past_view import BlameView, BurndownView, ForecastView
from plantrack.render import past_json, past_parts
from plantrack.render.screen import Screen
from view_samples import PAYLOADS

PIPE = Screen()
EMPTY = Forecast(None, None, "no forecast: there is no history", None)
ANSWERS = {
    "diff": past_json.diff(diff_view(*ITEMS), PIPE),
    "diff of nothing": past_json.diff(diff_view(documents=()), PIPE),
    "log": past_json.log(LOG, PIPE),
    "log of nothing": past_json.log(log_view(has_more=True), PIPE),
    "blame": past_json.blame(BLAME, PIPE),
    "blame of nothing": past_json.blame(BlameView("a.md", "", ()), PIPE),
    "burndown": past_json.burndown(BURNDOWN, PIPE),
    "burndown of nothing": past_json.burndown(BurndownView("milestones", (), (), None), PIPE),
    "burndown with dates": past_json.burndown(
        BurndownView("leaves", ("a.md",), BURNDOWN.days, DATED), PIPE
    ),
    "forecast": past_json.forecast(FORECAST, PIPE),
    "forecast refused": past_json.forecast(
        ForecastView("leaves", (), REFUSED, Backtest(0, 0, 0, 0)), PIPE
    ),
    "forecast of nothing": past_json.forecast(
        ForecastView("leaves", (), EMPTY, Backtest(0, 0, 0, 0)), PIPE
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_what_its_schema_says(name: str) -> None:
    described.hold(json.loads(ANSWERS[name]), name.partition(" ")[0], no_more=True)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_names_its_schema_and_is_one_ascii_line(name: str) -> None:
    answer = ANSWERS[name]
    assert json.loads(answer)["schema"] == f"plantrack.{name.partition(' ')[0]}/1"
    assert answer.isascii()
    assert answer.count("\n") == 1


def test_what_is_not_committed_says_so() -> None:
    first, *_, last = json.loads(ANSWERS["log"])["changes"]
    assert (first["uncommitted"], first["commit"]) == (True, None)
    assert (last["uncommitted"], last["time"]) == (False, "2026-03-07T12:00:00Z")


def test_an_item_names_the_weightiest_kind_and_the_others_beside_it() -> None:
    items = json.loads(ANSWERS["diff"])["documents"][0]["items"]
    assert [(item["kind"], item["also"]) for item in items] == [
        ("removed", []),
        ("ticked", ["reworded"]),
        ("added", []),
        ("same", []),
    ]


def test_the_work_tree_is_no_commit_and_has_no_name() -> None:
    found = json.loads(ANSWERS["diff"])
    assert (found["from"], found["to"], found["to_commit"]) == ("main", None, None)


def test_the_levels_of_a_day_add_up() -> None:
    for day in json.loads(ANSWERS["burndown"])["days"]:
        assert day["open"] == day["scope"] - day["done"] - day["dropped"]
        assert day["removed"] == sum(day["removed_by"].values())


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_reaches_the_screen(payload: str) -> None:
    text = PAYLOADS[payload]
    for answer in (
        past_json.log(hostile_log(text), PIPE),
        past_json.diff(hostile_diff(text), PIPE),
        past_json.blame(hostile_blame(text), PIPE),
    ):
        assert answer[:-1].isprintable()
        assert answer.isascii()
        json.loads(answer)


def test_a_text_is_cut_to_its_limit() -> None:
    found = json.loads(past_json.log(hostile_log("x" * 10_000), PIPE))
    assert len(found["changes"][0]["text_before"]) == past_parts.MAX_CHARS
