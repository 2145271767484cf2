"""A plan told by its marks is the plan that parsing gives."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import PROJECT_ROOT
from plantrack.core import dialect, markdown, parse, remark
from plantrack.core.model import Plan
from strategies import design_docs

SAMPLES = sorted((PROJECT_ROOT / "sample_docs").rglob("*.md"))
MARK = re.compile(r"(?<=\[)[ xX](?=\])")


def read(text: str, path: str = "docs/a.md") -> Plan:
    parsed, _ = markdown.decode(text.encode())
    return parse.read_plan(parsed, dialect.origin(path), dialect.Rules())


def remarked(before: str, after: str, path: str = "docs/a.md") -> Plan | None:
    told = remark.remark(remark.read(before.encode(), read(before, path)), after.encode())
    return told.plan if told else None


def shaken(text: str, chance: random.Random) -> str:
    """Set every mark anew, most of them as they were."""
    return MARK.sub(lambda mark: chance.choice((*(mark.group(),) * 3, " ", "x")), text)


@given(design_docs(), st.randoms(use_true_random=False))
def test_a_plan_told_by_its_marks_is_the_one_that_is_parsed(
    text: str, chance: random.Random
) -> None:
    told = remark.read(text.encode(), read(text))
    for _ in range(3):
        text = shaken(text, chance)
        told = remark.remark(told, text.encode()) or remark.read(text.encode(), read(text))
        assert told.plan == read(text)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.as_posix()[-40:])
def test_a_sample_told_by_its_marks_is_the_one_that_is_parsed(sample: Path) -> None:
    path, chance = sample.relative_to(PROJECT_ROOT / "sample_docs").as_posix(), random.Random(1)  # noqa: S311
    before = sample.read_text()
    for _ in range(20):
        after = shaken(before, chance)
        told = remarked(before, after, path)
        assert told is None or told == read(after, path)
        before = after


PLAN = "# Tides\n\n**Status:** {}\n\n## Implementation Plan\n\n{}\n"


def test_a_tick_is_told_by_its_mark() -> None:
    before = PLAN.format("Draft", "- [ ] Milestone 1: Read\n  - [ ] Gauges\n  - [ ] Tables")
    after = before.replace("[ ] Gauges", "[x] Gauges")
    assert remarked(before, after) == read(after) != read(before)


def test_what_did_not_change_is_the_same_object() -> None:
    text = PLAN.format("Draft", "- [ ] Gauges\n- [ ] Tables")
    told = remark.read(text.encode(), read(text))
    assert remark.remark(told, text.encode()) is told
    after = remark.remark(told, text.replace("[ ] G", "[x] G").encode())
    assert after is not None
    assert after.plan.sections[0].nodes[1] is told.plan.sections[0].nodes[1]


def test_a_struck_task_is_dropped_until_it_is_ticked() -> None:
    before = PLAN.format("Draft", "- [x] ~~Gauges~~\n- [ ] Tables")
    after = before.replace("[x] ~~G", "[ ] ~~G")
    assert remarked(before, after) == read(after) != read(before)


def test_a_tick_outside_the_plan_changes_nothing() -> None:
    before = PLAN.format("Draft", "- [ ] Gauges\n\n## Verification\n\n- [ ] Look")
    after = before.replace("[ ] Look", "[x] Look")
    assert remarked(before, after) == read(after) == read(before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            PLAN.format("Draft", "- [ ] Gauges"), PLAN.format("Draft", "- [x] Tables"), id="words"
        ),
        pytest.param(
            PLAN.format("Draft", "- [ ] ~~Gauges~~\n  - [ ] Read"),
            PLAN.format("Draft", "- [x] ~~Gauges~~\n  - [ ] Read"),
            id="a struck parent",
        ),
        pytest.param(
            PLAN.format("Draft", "- [ ] Gauges\n\n  ```\n  - [ ] quoted\n  ```"),
            PLAN.format("Draft", "- [ ] Gauges\n\n  ```\n  - [x] quoted\n  ```"),
            id="a quoted box",
        ),
        pytest.param(
            PLAN.format("Implemented, except M2", "- [ ] Gauges"),
            PLAN.format("Implemented, except M2", "- [x] Gauges"),
            id="a status that depends on it",
        ),
    ],
)
def test_where_a_mark_says_more_the_document_is_parsed(before: str, after: str) -> None:
    assert remarked(before, after) is None


@pytest.mark.parametrize("text", ["- [ ] a\r- [ ] b", "- [ ] a\0"])
def test_lines_that_cannot_be_told_are_parsed(text: str) -> None:
    before = PLAN.format("Draft", text)
    assert remarked(before, before.replace("[ ] a", "[x] a")) is None


def test_many_marks_at_once_are_parsed() -> None:
    before = PLAN.format("Draft", "- [ ] Gauges\n" * 200)
    assert remarked(before, before.replace("[ ]", "[x]")) is None
