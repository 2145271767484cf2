from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core.dialect import Rules
from plantrack.core.lint import catalogue
from plantrack.core.lint.fixing import fixed
from plantrack.core.lint.page import Page
from strategies import any_text, design_docs

HEAD = "# Berths\n\n## Implementation Plan\n\n"
PATH = "docs/0001-berths.md"
CODES = tuple(rule.code for rule in catalogue.RULES if rule.is_fixed)


def mended(text: str, *codes: str) -> str:
    return fixed(PATH, text, Rules(), codes or CODES).text


LEFT_ALONE = {
    "a tidy plan": HEAD + "- [ ] A\n  - [ ] B\n",
    "indents of tabs": HEAD + "- [ ] A\n\t\t\t- [ ] B\n",
    "code that quotes a box": HEAD + "Text.\n\n    - [ ] B\n\n- [ ] A\n",
    "instructions that hold a box": "# A\n\n# <instructions>\n- [ ] A\n# </instructions>\n",
    "instructions in code": HEAD + "- [ ] A\n\n```\n# <instructions>\n# </instructions>\n```\n",
    "a phase that is optional": HEAD + "### Phase 1 (Optional)\n\n- [ ] A\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_cannot_be_mended_without_a_guess_is_left_as_it_is(text: str) -> None:
    assert mended(text) == text


def test_only_what_is_asked_for_is_mended() -> None:
    text = HEAD.replace("Plan", "Plan (Required)") + "- [ ] A\n        - [ ] B\n"
    assert mended(text, "swallowed-box") == text.replace("        - ", "  - ")
    assert mended(text, "ticked-parent") == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_the_byte_order_mark_stay(end: str, mark: str) -> None:
    before = "## Goals (Required) {#g}\n\n# <instructions>\n# Go.\n# </instructions>\n\n- A\n\n"
    after = "## Goals {#g}\n\n- A\n\n"
    rest = HEAD + "- [ ] A\n        - [ ] B  \n\n\n  1. C"
    text = mark + (before + rest).replace("\n", end)
    assert mended(text) == mark + (after + rest.replace("        - ", "  - ")).replace("\n", end)


def test_a_first_line_is_mended_behind_the_byte_order_mark() -> None:
    text = "\ufeff# Plan (Required)\n\n## Implementation Plan\n\n- [ ] A\n"
    assert mended(text) == text.replace(" (Required)", "")
    first = "\ufeff# <instructions>\n# </instructions>\n\n# Berths\n"
    assert mended(first) == "# Berths\n"


def test_what_stands_in_an_item_moves_with_it() -> None:
    text = HEAD + (
        "- [ ] Milestone 1: A\n  - [ ] B\n- [ ] C\n  that goes on\n\n  ```sh\n    ls\n  ```\n"
        "- [ ] Milestone 2: D\n- [ ] Milestone 3: E\n"
    )
    moved = HEAD + (
        "- [ ] Milestone 1: A\n  - [ ] B\n  - [ ] C\n    that goes on\n\n"
        "    ```sh\n      ls\n    ```\n"
        "- [ ] Milestone 2: D\n- [ ] Milestone 3: E\n"
    )
    assert mended(text) == moved


def test_boxes_that_were_swallowed_together_keep_their_places_among_each_other() -> None:
    text = HEAD + "- [ ] A\n        - [ ] B\n          - [ ] C\n        - [ ] D\n- [ ] E\n"
    better = HEAD + "- [ ] A\n  - [ ] B\n    - [ ] C\n  - [ ] D\n- [ ] E\n"
    assert mended(text) == better


def test_each_box_that_was_swallowed_goes_into_the_item_that_swallowed_it() -> None:
    text = HEAD + "- [ ] A\n        - [ ] B\n- [ ] C\n  - [ ] D\n- [ ] E\n        - [ ] F\n"
    assert mended(text) == text.replace("        - ", "  - ")
    after = HEAD + "- [ ] A\n  - [ ] B\n\n  More of A.\n        - [ ] C\n"
    assert mended(after) == after.replace("        - ", "  - ")


def test_boxes_that_are_indented_too_little_join_those_that_are_there() -> None:
    text = HEAD + "1. [ ] A\n    - [ ] B\n  - [ ] C\n  - [ ] D\n    more\n2. [ ] E\n"
    better = HEAD + "1. [ ] A\n    - [ ] B\n    - [ ] C\n    - [ ] D\n      more\n2. [ ] E\n"
    assert mended(text) == better


def test_what_was_mended_is_counted_by_code() -> None:
    text = HEAD.replace("Plan", "Plan (Required)") + "1. [ ] A\n - [ ] B\n  - [ ] C\n"
    counts = dict(fixed(PATH, text, Rules(), CODES).counts)
    assert counts == {"template-suffix": 1, "under-indented": 2}


def _boxes(text: str) -> list[tuple[str, str]]:
    page = Page(PATH, text.removeprefix("\ufeff"), Rules())
    every = (box for top in page.boxes for box in top.walk())
    return sorted((box.mark.raw, page.raw[box.line - 1].strip()) for box in every)


@settings(max_examples=40)
@given(design_docs(), st.sampled_from(["\n", "\r\n"]), st.integers(0, 9), st.integers(0, 9))
def test_no_box_is_ever_lost_and_nothing_is_mended_twice(
    text: str, end: str, line: int, blanks: int
) -> None:
    lines = text.split("\n")
    at = line * len(lines) // 10
    lines[at] = " " * blanks + lines[at]
    before = end.join(lines)
    after = mended(before)
    kept = _boxes(after)
    assert all(box in kept for box in _boxes(before))
    assert mended(after) == after


@settings(max_examples=40)
@given(any_text())
def test_any_text_can_be_mended(text: str) -> None:
    mended(text)
