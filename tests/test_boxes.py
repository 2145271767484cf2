"""List items that are boxes, with text, mark and notes."""

from __future__ import annotations

import pytest
from hypothesis import given

from plantrack.core import boxes, markdown
from plantrack.core.boxes import Box
from plantrack.core.dialect import Rules
from plantrack.core.outline import ListItem
from strategies import any_text


def read(text: str) -> list[Box]:
    lines = markdown.split_lines(text)
    outline = markdown.read_whole_outline(lines)
    return [box for top in boxes.read_boxes(outline.items, lines, Rules()) for box in top.walk()]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- [ ] a\n", [(1, "a")]),
        ("- [x]\ta\n", [(1, "a")]),
        ("- [ ]   a\n", [(1, "a")]),
        ("- [ ] \n", [(1, "")]),
        ("- [ ]\n", []),
        ("- [ ]\n  a\n", []),
        ("-\n  [ ] a\n", []),
        ("- - [ ] a\n", []),
        ("- a [ ] b\n", []),
        ("- # [ ] a\n", []),
        ("- [ ] a\n  ===\n", []),
        ("- **[ ] a**\n", []),
        ("- [ ] a\n  b\nc\n", [(1, "a b c")]),
        ("- [ ] a\\\n  b  \n  c\\\n", [(1, "a b c\\")]),
        ("- [ ] a\n\n  b\n", [(1, "a")]),
        ("* [ ] a\n+ [x] b\n1. [X] c\n2) [ ] d\n", [(1, "a"), (2, "b"), (3, "c"), (4, "d")]),
        ("- a\n  - [ ] b\n    - c\n      - [ ] d\n", [(2, "b"), (4, "d")]),
        ("- [ ] a\n    1. [ ] b\n", [(1, "a"), (2, "b")]),
        ("- [ ] a\n      1. [ ] b\n", [(1, "a 1. [ ] b")]),
        ("- [ ] a\n 2. [ ] b\n", [(1, "a"), (2, "b")]),
        ("- [ ] a\n   2. [ ] b\n", [(1, "a 2. [ ] b")]),
        ("- [ ] a\n  -\n", []),
    ],
)
def test_a_box_is_a_list_item_that_begins_with_a_mark(
    text: str, found: list[tuple[int, str]]
) -> None:
    assert [(box.line, box.text) for box in read(text)] == found


def test_plain_items_between_boxes_are_transparent() -> None:
    (top,) = [box for box in read("- [ ] a\n  - b\n    - [ ] c\n") if box.line == 1]
    assert [box.line for box in top.children] == [3]


@pytest.mark.parametrize(
    ("text", "has_bullets"),
    [
        ("- [ ] a\n  - b\n", True),
        ("- [ ] a\n  1. b\n", True),
        ("- [ ] a\n  - [ ] b\n", False),
        ("- [ ] a\n  - [P] b\n", False),
        ("- [ ] a\n\n  -\n", False),
        ("- [ ] a\n\n  b\n", False),
        ("- [ ] a\n", False),
    ],
)
def test_plain_bullets_under_a_box_are_known(text: str, *, has_bullets: bool) -> None:
    assert read(text)[0].has_bullets is has_bullets


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("- [ ] a\n", ""),
        ("- [ ] a\n  b\n", ""),
        ("- [ ] a\n\n  b\n  c\n", "b\nc"),
        ("- [ ] a\n  b\n\n\n  c\n\n  d\n\n\n", "c\n\nd"),
        ("- [ ] a\n  - b\n    - c\n", "- b\n  - c"),
        ("- [ ] a\n  - [x] b\n  - c\n", "- c"),
        ("- [ ] a\n  ```sh\n  b\n    c\n  ```\n", "```sh\nb\n  c\n```"),
        ("- [ ] a\n\n\tb\n\n\t\tc\n", "b\n\n    c"),
        ("- [ ] a\n  > b\n  - [ ] c\n\n    d\n\n  e\n", "> b\n\ne"),
        ("- [ ] a\n\n  b\n- [ ] c\n", "b"),
        ("- [ ] a\n  - b\n    - [ ] c\n      d\n    e\n", "- b"),
        ("> - [ ] a\n\n1. [ ] b\n\n       c\n", "    c".strip()),
    ],
)
def test_notes_are_what_else_stands_under_a_box(text: str, notes: str) -> None:
    assert read(text)[0].notes == notes


@pytest.mark.parametrize(
    ("text", "one_line"),
    [
        ("a", "a"),
        ("a\nb", "a b"),
        (" a \n  b ", "a b"),
        ("a\\\nb", "a b"),
        ("a \\\nb\\", "a b\\"),
        ("a\n\nb", "a b"),
        ("\\\na", "a"),
        ("", ""),
    ],
)
def test_lines_of_a_paragraph_are_joined_by_one_blank(text: str, one_line: str) -> None:
    assert boxes.joined(text) == one_line


@pytest.mark.parametrize(
    "line",
    [
        "- [ ] a",
        "* [x]",
        "+ [done] a",
        "1. [ ] a",
        "12345678901) [ ] a",
        "  \t- [ ]* a",
        "- [ ]\\* a",
        "> > - [ ] a",
        "<!-- - [ ] a -->",
        "> <!-- 1. [x] a",
        "-\xa0[ ]\xa0a",
        "- [twelve chars] a",
    ],
)
def test_box_like_lines(line: str) -> None:
    assert boxes.BOX_LIKE.match(line)


@pytest.mark.parametrize(
    "line",
    [
        "[ ] a",
        "-[ ] a",
        "- [] a",
        "- [ ]a",
        "- [x](a)",
        "- - [ ] a",
        "| - [ ] a",
        "- [thirteen chars] a",
    ],
)
def test_lines_that_are_not_box_like(line: str) -> None:
    assert not boxes.BOX_LIKE.match(line)


@given(any_text())
def test_every_box_stands_on_a_box_like_line(text: str) -> None:
    lines = markdown.split_lines(text)
    assert all(boxes.BOX_LIKE.match(lines[box.line - 1]) for box in read(text))


def test_notes_never_run_over_the_end_of_the_document() -> None:
    item = ListItem(1, 9, "[ ] a", ())
    (box,) = boxes.read_boxes([item], ["- [ ] a", "", "  b"], Rules())
    assert box.notes == "b"
