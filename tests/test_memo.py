"""Versions of a document read one upon the other come to what each comes to by itself."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import chunks, dialect, markdown, parse
from plantrack.core.memo import Memo, remembered
from plantrack.core.model import Plan
from strategies import any_text, design_docs

RULES = dialect.Rules()
ORIGIN = dialect.origin("docs/a.md")
DOCUMENT = """\
# Tides

## Implementation Plan

- [ ] **Milestone 1: Gauges**
  - [ ] Read them
  - [x] Store what was read

    With a note.
- [ ] **Milestone 2: Tables**
  - [ ] Print them
"""


def plan_of(text: str, memo: Memo | None = None) -> Plan:
    parsed, _ = markdown.decode(text.encode())
    return parse.read_plan(parsed, ORIGIN, RULES, memo)


def edited(text: str, chance: random.Random) -> str:
    """Leave out, double, move or change a line or two."""
    lines = text.split("\n")
    for _ in range(chance.randrange(3)):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(5):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case 2:
                lines[at], lines[to] = lines[to], lines[at]
            case 3:
                lines[at] += chance.choice(("x", " [ ]", "```", "  ", "**"))
            case _:
                lines.insert(at, chance.choice(("", "- [ ] new", "```", "# Next Steps", "text")))
    return "\n".join(lines)


@pytest.mark.parametrize("text", ["-\n<A>\n- [ ] a\n", "text\n<A>\n- [ ] a\n- [ ] b\n"])
def test_a_box_in_what_may_be_html_is_no_place_to_cut(text: str) -> None:
    assert plan_of(text, Memo()) == plan_of(text)


@given(st.one_of(any_text(), design_docs()), st.randoms(use_true_random=False))
def test_versions_read_one_upon_the_other_are_what_they_are(
    text: str, chance: random.Random
) -> None:
    memo = Memo()
    for _ in range(4):
        assert plan_of(text, memo) == plan_of(text)
        text = edited(text, chance)


def test_a_milestone_that_did_not_change_is_the_same_object() -> None:
    memo = Memo()
    first, second = plan_of(DOCUMENT, memo).sections[0].nodes
    after = plan_of(DOCUMENT.replace("Print them", "Print them all"), memo).sections[0].nodes
    assert after[0] is first
    assert after[1] is not second


def test_what_moved_has_its_new_line() -> None:
    memo = Memo()
    before = plan_of(DOCUMENT, memo).sections[0].nodes
    text = DOCUMENT.replace("# Tides\n", "# Tides\n\nOf the northern coast.\n")
    after = plan_of(text, memo).sections[0].nodes
    assert [node.line for node in after] == [node.line + 2 for node in before]
    assert plan_of(text, memo).sections[0].nodes == plan_of(text).sections[0].nodes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("```\n# a\n# b\n", "\n# a\n# b\n", id="a fence is taken away"),
        pytest.param("```\n# a\n# b\n", "text\n# a\n# b\n", id="text for a fence"),
        pytest.param("x\n# a\n# b\n", "```\n# a\n# b\n", id="a fence is opened"),
        pytest.param("# a\n- [ ] b\n# c\n", "# a\n\n- [ ] b\n# c\n", id="a line more"),
        pytest.param("# a\n\n- [ ] b\n# c\n", "# a\n# c\n", id="a box less"),
        pytest.param("# a\n# b\n", "# a\n# b\n", id="nothing"),
        pytest.param("# a\n# b\n", "", id="all"),
    ],
)
def test_a_version_is_cut_as_it_would_be_from_nothing(before: str, after: str) -> None:
    memo = Memo()
    chunks.cut(markdown.split_lines(before), memo)
    memo.turn()
    lines = markdown.split_lines(after)
    assert chunks.cut(lines, memo) == chunks.cut(lines, Memo())


@pytest.mark.parametrize("turns", [1, 2])
def test_a_memo_keeps_what_the_last_version_came_to(turns: int) -> None:
    memo = Memo()
    made = memo.get("key", lambda: [1])
    for _ in range(turns):
        memo.turn()
    again = memo.get("key", lambda: [1])
    assert (again is made) is (turns == 1)


def test_a_memo_tells_equal_objects_apart() -> None:
    memo = Memo()
    one, other = [1], [1]
    assert memo.of(one, lambda: "one") == "one"
    assert memo.of(other, lambda: "other") == "other"
    assert memo.of(one, lambda: "another") == "one"


def test_short_texts_are_remembered_and_long_ones_are_not() -> None:
    asked = []

    @remembered(2)
    def length(text: str, *, more: int = 0) -> int:
        asked.append(text)
        return len(text) + more

    long = "x" * 5_000
    answers = [length(text, more=1) for text in ("a", long, "a", long, "a")]
    assert answers == [2, 5_001, 2, 5_001, 2]
    assert asked == ["a", long, long]
