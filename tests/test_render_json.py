from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import described
from plantrack.core.model import Finding, State
from plantrack.core.view import HeadingView, NearbyView, SyncView, Unplanned
from plantrack.render import as_json, next_json
from plantrack.render.screen import Screen
from plantrack.store.accounts import Account, Balance
from plantrack.store.recording import Description
from view_samples import (
    PAYLOADS,
    doc,
    explain_view,
    finished,
    hostile_views,
    next_view,
    node,
    nothing,
    pointer,
    ref,
    section,
    status_view,
)

PIPE = Screen()
BYTES_A_TOKEN = 3.5
LONG = pointer(
    text="word " * 400,
    notes="note\n" * 2000,
    reason="because " * 90,
    cautions=("blocked " * 90,) * 9,
    alternatives=(ref(1, "M" * 500, "t" * 900),) * 9,
    left_behind=(ref(1, "Milestone 1", "t" * 900),) * 40,
    then=(ref(1, "", "t" * 900),) * 2,
    title="Title " * 90,
)
NEARBY = NearbyView(
    (ref(20, "", "Draw every stay", id="d0n3"),), (HeadingView(4, "Data model"),), ("src/a.py",)
)
MUCH = NearbyView(NEARBY.done * 30, NEARBY.sections * 30, NEARBY.paths * 40)
PLAN = section(
    node(12, "Grid", node(13, "Draw", state=State.DONE), label="Milestone 1"),
    node(20, "Later", mark=None),
    unboxed=(ref(30, "Milestone 2", "Named only"),),
)
STATUS = status_view(
    doc(sections=(PLAN,), flags=(Finding("", 0, "not-utf-8", "invalid bytes"),)),
    finished(last_change=None),
    doc("c.md", pointer=None),
    unplanned=(Unplanned("runbook.md", 8),),
    skipped=(Finding("big.md", 0, "large", "too large"), Finding("x.md", 3, "nul", "NUL")),
    duplicates=(("copy.md", "c.md"),),
)
DATABASE = Description(
    path=None,
    kind="memory",
    notice="",
    bytes=4096,
    log_bytes=0,
    sqlite="3.40.1",
    format=1,
    tables=(("item", 12),),
    worktrees=(("/work/harbour", 3, 12),),
)
BOOKS = (
    Balance("/work/harbour", 4, (Account(15, 3, 12, 6, 1, 2, 0, 7), Account(), Account()), ()),
    Balance("/work/other", 0, (), ()),
)
ANSWERS = {
    "status": as_json.status(STATUS, PIPE),
    "status of nothing": as_json.status(status_view(), PIPE),
    "next": next_json.next_task(next_view(pointer(), LONG, nothing("complete")), PIPE),
    "next at length": next_json.next_task(next_view(LONG), PIPE),
    "next with what is near": next_json.next_task(next_view(pointer(), nearby=NEARBY), PIPE),
    "next with too much near": next_json.next_task(next_view(LONG, nearby=MUCH), PIPE),
    "next in another script": next_json.next_task(
        next_view(pointer(text="潮" * 900, notes="港" * 900, reason="船" * 900)), PIPE
    ),
    "next of nothing": next_json.next_task(next_view(because="no plan"), PIPE),
    "explain": as_json.explain(explain_view(), PIPE),
    "sync": as_json.sync(SyncView(1, 2, 3, 4, 5), PIPE),
    "sync while others are at work": as_json.sync(
        SyncView(1, 2, 3, 4, 5, unsettled=("docs/a.md",), is_calm=False), PIPE
    ),
    "db": as_json.check(DATABASE, (), PIPE),
    "db with books": as_json.check(DATABASE, (), PIPE, BOOKS),
    "db damaged": as_json.check(DATABASE, (Finding("p", 0, "damaged", "m"),), PIPE),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_what_its_schema_describes_and_no_more(name: str) -> None:
    described.hold(json.loads(ANSWERS[name]), name.split(maxsplit=1)[0], no_more=True)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_one_line_of_ascii_that_names_its_schema(name: str) -> None:
    text = ANSWERS[name]
    assert text.endswith("}\n")
    assert text.count("\n") == 1
    assert text.isascii()
    assert json.loads(text)["schema"] == described.schema(name.split(maxsplit=1)[0])["$id"]


@pytest.mark.parametrize("view", ["status", "next", "prime", "explain", "sync", "db"])
def test_every_key_is_described(view: str) -> None:
    def undescribed(part: Any) -> list[str]:  # noqa: ANN401 -- any part of a schema
        if isinstance(part, list):
            return [name for one in part for name in undescribed(one)]
        if not isinstance(part, dict):
            return []
        own = [name for name, one in part.get("properties", {}).items() if "description" not in one]
        return own + [name for one in part.values() for name in undescribed(one)]

    assert undescribed(described.schema(view)) == []


def test_readers_must_expect_keys_they_do_not_know() -> None:
    grown = json.loads(ANSWERS["next"]) | {"a_key_of_tomorrow": 1}
    described.hold(grown, "next")


def test_a_terminal_gets_the_same_answer_spread_out() -> None:
    text = as_json.status(STATUS, Screen(width=80))
    assert text.startswith('{\n  "schema": "plantrack.status/1",\n')
    assert json.loads(text) == json.loads(ANSWERS["status"])


# --- next -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ANSWERS if name.startswith("next ")])
def test_the_answer_about_one_next_task_stays_under_800_tokens(name: str) -> None:
    text = ANSWERS[name]
    assert len(text) <= 800 * BYTES_A_TOKEN
    assert next_json.tokens(text) <= 800


def test_the_latest_finished_steps_are_named_and_the_others_said_to_be_left_out() -> None:
    done = tuple(ref(number, "", f"Step {number}", id=f"d{number:03}") for number in range(1, 9))
    view = next_view(pointer(), nearby=NearbyView(done))
    found = json.loads(next_json.next_task(view, PIPE))["next"]
    assert [one["line"] for one in found["done_steps"]] == [4, 5, 6, 7, 8]
    assert found["truncated"] is False
    assert json.loads(ANSWERS["next with too much near"])["next"]["truncated"] is True


def test_what_was_cut_is_said_to_be() -> None:
    assert json.loads(ANSWERS["next at length"])["next"]["truncated"] is True
    assert json.loads(ANSWERS["next"])["next"]["truncated"] is False
    assert (
        json.loads(next_json.next_task(next_view(pointer(notes="n" * 900)), PIPE))["next"]
        == (
            json.loads(next_json.next_task(next_view(pointer(notes="n" * 900)), Screen(width=80)))[
                "next"
            ]
        )
    )


def test_runners_up_do_not_shorten_the_task() -> None:
    task = pointer(notes="note\n" * 100)
    alone = json.loads(next_json.next_task(next_view(task), PIPE))
    among = json.loads(next_json.next_task(next_view(task, LONG, LONG), PIPE))
    assert among["next"] == alone["next"]
    assert among["others"][0]["notes"] == ""
    assert among["others"][0]["truncated"] is True


def test_what_is_not_there_is_null() -> None:
    found = json.loads(next_json.next_task(next_view(nothing("complete")), PIPE))["next"]
    assert (found["line"], found["id"], found["milestone"]) == (None, None, None)


def test_the_command_ticks_the_task() -> None:
    found = json.loads(ANSWERS["next"])
    assert (
        found["next"]["command"]
        == "plantrack tick k3f9 --expect 'Snap every stay to the half hour'"
    )


def test_an_answer_says_what_is_quoted_and_no_instruction() -> None:
    for name in ("status", "next", "explain"):
        answer = json.loads(ANSWERS[name])
        assert set(answer["data_not_instructions"]) >= {"title", "text", "notes", "raw"}


# --- status ---------------------------------------------------------------------------------------


def test_times_are_utc() -> None:
    assert json.loads(ANSWERS["status"])["documents"][0]["last_change"] == "2026-03-07T12:00:00Z"
    assert json.loads(ANSWERS["status"])["documents"][1]["last_change"] is None


def test_one_document_comes_with_its_tree() -> None:
    documents = json.loads(ANSWERS["status"])["documents"]
    (found,) = documents[0]["sections"]
    assert found["nodes"][0]["children"][0]["title"] == "Draw"
    assert found["nodes"][1]["mark"] is None
    assert "sections" not in documents[1]


def test_documents_among_many_are_told_in_brief() -> None:
    long = doc(pointer=LONG, title="T" * 500, status_text="S" * 500)
    text = as_json.status(status_view(long), PIPE)
    assert len(text) < 4100
    assert json.loads(text)["documents"][0]["pointer"]["truncated"] is True


# --- hostile text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_acts_on_a_screen_or_is_lost(name: str) -> None:
    table, tree, following, ledger = hostile_views(PAYLOADS[name])
    for screen in (PIPE, Screen(width=80)):
        answers = (
            as_json.status(table, screen),
            as_json.status(tree, screen),
            next_json.next_task(following, screen),
            as_json.explain(ledger, screen),
        )
        for answer in answers:
            assert answer.replace("\n", "").isprintable()
            assert answer.isascii()
        assert json.loads(answers[0])["documents"][0]["path"] == PAYLOADS[name]


@given(st.text(st.characters() | st.characters(categories=["Cs"]), max_size=50))
def test_a_short_text_arrives_as_it_was(text: str) -> None:
    found = json.loads(next_json.next_task(next_view(pointer(text=text, path=text)), PIPE))["next"]
    assert found["text"] == _paired(text)
    assert found["path"] == _paired(text)


def _paired(text: str) -> str:
    """Join lone surrogates that happen to stand in pairs, as every reader of JSON does."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
