"""Lines that begin a heading or an HTML block."""

from __future__ import annotations

import pytest

from plantrack.core import outline
from plantrack.core.outline import Heading, ListItem


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ("# a", 1, "a"),
        ("### a b", 3, "a b"),
        ("#\ta\t", 1, "a"),
        ("# a #", 1, "a"),
        ("# a ## \t", 1, "a"),
        ("# a \\#", 1, "a \\#"),
        ("# a#", 1, "a#"),
        ("# # #", 1, "#"),
        ("## ##", 2, ""),
        ("######", 6, ""),
        ("# \u00a0a", 1, "\u00a0a"),
    ],
)
def test_a_heading_line_gives_level_and_text(line: str, level: int, text: str) -> None:
    assert outline.atx_heading(line, 7) == Heading(level, text, 7)


def test_an_item_is_walked_with_all_below_it_in_order() -> None:
    inner = ListItem(2, 3, "b", (ListItem(3, 3, "c", ()),))
    item = ListItem(1, 4, "a", (inner, ListItem(4, 4, "d", ())))
    assert [found.line for found in item.walk()] == [1, 2, 3, 4]


@pytest.mark.parametrize("line", ["<div>", "  </TABLE>", "<p/>", "<h1 a", "<details\tb>", "</li"])
def test_a_tag_of_a_block_begins_one(line: str) -> None:
    assert outline.HTML_BLOCK.match(line + "\n")


@pytest.mark.parametrize(
    "line", ["<b>", "<divx>", "<div-a>", "    <div>", "< div>", "<p/ >", "div"]
)
def test_other_lines_begin_no_block_by_a_tag(line: str) -> None:
    assert not outline.HTML_BLOCK.match(line + "\n")


@pytest.mark.parametrize(
    "line",
    [
        "<b>",
        "   <a-1/>  ",
        "</b>",
        "</b\t>",
        "<a b>",
        "<a b=c>",
        "<a b = 'c d'>",
        '<a b="c>" />',
        "<a\tb=c\td:e_f.g>",
        "<a b=c/>",
    ],
)
def test_a_tag_may_stand_alone(line: str) -> None:
    assert outline.HTML_TAG.match(line + "\n")


@pytest.mark.parametrize(
    "line",
    [
        "<b> c",
        "<1>",
        "</b c>",
        "<a b='c>",
        "<a b=>",
        "<a 'b'>",
        "<a b=c'd>",
        "<a\nb>",
        "<a",
        "<a b='c'd>",
    ],
)
def test_what_is_no_whole_tag_does_not_stand_alone(line: str) -> None:
    assert not outline.HTML_TAG.match(line + "\n")


@pytest.mark.parametrize(
    ("line", "inside", "end"),
    [
        ("<!-- a", "--", "-->"),
        ("<!-->", "", "-->"),
        ("<?a", "?", "?>"),
        ("<![CDATA[", "]]", "]]>"),
        ("<!DOCTYPE", "a", ">"),
        ("<pre>", "</pre", "</pre>"),
        ("<Script a", "</b>", "</STYLE>"),
        ("<textarea\n", "</>", "</textarea>"),
    ],
)
def test_some_html_goes_on_to_an_end_of_its_own(line: str, inside: str, end: str) -> None:
    match = outline.LONG_HTML.match(line + "\n")
    assert match
    ending = outline.end_of_long_html(match)
    assert not ending.search(inside)
    assert ending.search(inside + end)


@pytest.mark.parametrize("line", ["<!a", "<prefix>", "<b>", "    <!--", "</pre>", "<! A"])
def test_other_html_has_no_end_of_its_own(line: str) -> None:
    assert not outline.LONG_HTML.match(line + "\n")
