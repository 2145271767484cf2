"""A document is cut at the headings that are certain, and only as long as they are."""

from __future__ import annotations

import pytest
from hypothesis import given

from plantrack.core import chunks, markdown
from plantrack.core.outline import Heading
from strategies import any_text


def cut_at(text: str) -> list[int]:
    """Return the lines of the headings a text is cut at."""
    parts = chunks.cut(markdown.split_lines(text))
    return [part.heading.line for part in parts if part.heading]


def last_is_certain(text: str) -> bool:
    return chunks.cut(markdown.split_lines(text))[-1].certain


def test_a_chunk_is_a_heading_and_what_follows_it() -> None:
    first, second, third = chunks.cut(["a", "# b #", "", "c", "##", "d"])
    assert (first.heading, first.text, first.line) == (None, "a\n", 1)
    assert (second.heading, second.text, second.line) == (Heading(1, "b", 2), "\nc\n", 3)
    assert (third.heading, third.text, third.line) == (Heading(2, "", 5), "d\n", 6)
    assert first.certain
    assert second.certain
    assert third.certain


def test_a_heading_in_the_last_line_has_an_empty_chunk() -> None:
    _, last = chunks.cut(["a", "# b"])
    assert (last.heading, last.text, last.line) == (Heading(1, "b", 2), "", 3)


@given(any_text())
def test_chunks_leave_no_gap(text: str) -> None:
    lines = markdown.split_lines(text)
    parts = chunks.cut(lines)
    headings = 0
    for part in parts:
        headings += part.heading is not None
        assert part.heading is None or part.line == part.heading.line + 1
    assert sum(part.text.count("\n") for part in parts) + headings == max(len(lines), 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        # fences in the first column
        ("```\n# a\n```\n# b\n", [4]),
        ("~~~~ x\n# a\n~~~\n# b\n   ~~~~~\n# c\n", [6]),
        ("```\n# a\n    ```\n# b\n", []),
        ("```\n# a\n``` x\n# b\n", []),
        ("``` a`b\n# c\n", [2]),
        ("~~~ a`b\n# c\n~~~\n# d\n", [4]),
        # what looks like one, further on in a line
        ("a ``` b\n# c\n", [2]),
        ("# a ```\n# b ~~~\n```\n# c\n```\n# d\n", [1, 2, 6]),
        # fences in quotes
        ("> ```\n# a\n", [2]),
        ("- > ```\n# a\n", [2]),
        # fences on the line of a marker
        ("- ```\n  # a\n  ```\n# b\n", [4]),
        ("- ```\n# a\n", [2]),
        ("- ```\n  a\n ```\n# b\n", []),
        ("1. ```\n   a\n   ```\n# b\n", [4]),
        ("- - ```\n  - a\n# b\n", [3]),
        ("-     ```\n# a\n", [2]),
        ("a\n\n2. ```\n   a\n   ```\n# b\n", [6]),
        # indented fences
        ("  ```\n  # a\n  ```\n# b\n", [4]),
        ("\t```\n\t# a\n\t```\n# b\n", [4]),
        ("    ```\n    a\n# b\n", [3]),
        ("    ``` a`b\n# c\n", [2]),
        ("   ```\n    a\n", []),
        # comments
        ("<!-- a -->\n# b\n", [2]),
        ("<!--\n# a\n--> b\n# c\n", [4]),
        ("<!--\n# a\n", []),
        ("<!-->\n# a\n", [2]),
        # tags of blocks, and lone ones
        ("<div>\n# a\n\n# b\n", [4]),
        ("<details>\n# a\n \t\n# b\n", [4]),
        ("</div>\n# a\n", []),
        ("<b>\n# a\n\n# b\n", [4]),
        ("a\n\n<b c=d>\n# e\n\n# f\n", [6]),
        ("a\n<b>\nc\n\n# d\n", [5]),
        ("<b> c\n# d\n", [2]),
        ("<b\nc>\n# d\n", [3]),
        ("<1>\n# a\n", [2]),
        # no heading in the first column
        (" # a\n", []),
        ("#a\n", []),
        ("a\n===\n", []),
        ("> # a\n", []),
        ("- # a\n", []),
        ("    # a\n", []),
        ("\\# a\n", []),
    ],
)
def test_cuts_are_made_where_no_fence_or_tag_is_open(text: str, lines: list[int]) -> None:
    assert cut_at(text) == lines


@pytest.mark.parametrize(
    "text",
    [
        # whether the fence is in a list, and ends with it, depends on what stands around it
        "  ```\na\n# b\n",
        "   ```\n  a\n   ```\n# b\n",
        "  ```\n    ```\n# a\n",
        "    ```\n  a\n# b\n",
        "\t~~~\n <!--\n# a\n",
        # a number that is not 1 begins no item inside a paragraph
        "a\n2. ```\n   ```\n# b\n",
        # other HTML has ends of its own
        "<pre>\n# a\n",
        "<script>\n# a\n",
        "<?\n# a\n",
        "<!A\n# b\n",
        "<![CDATA[\n# a\n",
        # an indented comment may stand in a list
        "  <!-- a -->\n# b\n",
        # a lone tag behind text begins no block, behind a heading it does
        "a\n<b>\n# c\n",
        "a\n<b>\n```\n\n# c\n```\n",
        "a\n<b>\n<!--\n\n# c\n",
        "  <div>\n# a\n",
    ],
)
def test_no_cut_is_made_from_where_a_heading_is_uncertain(text: str) -> None:
    assert not last_is_certain("# first\n\n" + text)
    assert cut_at("# first\n\n" + text) == [1]


def test_what_stands_before_the_uncertain_is_certain() -> None:
    first, second, third = chunks.cut(["a", "# b", "c", "# d", "<pre>", "# e"])
    assert first.certain
    assert second.certain
    assert not third.certain
