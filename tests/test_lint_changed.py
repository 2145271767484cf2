from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core import lengths
from plantrack.core.lint import changed
from plantrack.core.lint.changed import changed_lines

TEXTS = st.lists(st.sampled_from("abcd")).map("\n".join)


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", set()),
        ("a\nb\nc\n", "a\r\nb\r\nc", set()),
        ("a\nb\nc\n", "a\nx\nc\n", {2}),
        ("a\nc\n", "a\nb\nc\n", {2}),
        ("a\nb\nc\n", "a\nc\n", {2}),
        ("a\nb\nc\nd\ne\n", "a\nc\nd\nx\n", {2, 4}),
        ("", "a\nb\n", {1, 2}),
        ("a\nb\n", "", {1}),
    ],
)
def test_lines_that_came_or_changed_are_numbered(before: str, after: str, lines: set[int]) -> None:
    assert changed_lines(before, after) == lines


def test_where_there_is_too_much_to_compare_the_order_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changed, "_MOST_PAIRS", 3)
    assert changed_lines("a\nb\nb\nc\n", "c\nb\nx\nb\nb\na\n") == {3, 5}


@settings(max_examples=60)
@given(TEXTS, TEXTS)
def test_every_line_that_is_new_is_numbered(before: str, after: str) -> None:
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    found = changed_lines(before, after)
    same = [line for number, line in enumerate(new, start=1) if number not in found]
    assert not Counter(same) - Counter(old)
    assert (not found) == (old == new)


@pytest.mark.parametrize(
    ("text", "found"),
    [("60d", 60), ("1 day", 1), (" 8W ", 56), ("3mo", 90), ("2 months", 60), ("1y", 365)],
)
def test_a_length_of_time_is_read_in_days(text: str, found: int) -> None:
    assert lengths.days(text) == found


@pytest.mark.parametrize("text", ["", "d", "60", "60m", "-3d", "6 0d", "999999d", "3.5d"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    assert lengths.days(text) is None
