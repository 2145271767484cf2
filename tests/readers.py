"""A Markdown document to what three readers take for task items and headings in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

from plantrack.core import boxes, dialect, markdown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.outline import Outline

Tasks = frozenset[tuple[int, bool]]  # (1-based line of the marker, whether it is ticked)
Headings = tuple[tuple[int, int], ...]  # (1-based line, level), those in no list or quote


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader makes of a document."""

    tasks: Tasks
    headings: Headings


# the box stands on the line of its marker, which begins the line: so GitHub has it
_TASK_LINE = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\][ \t]")


# --- ours ---------------------------------------------------------------------------------------


def ours(lines: list[str]) -> Reading:
    return our_reading(markdown.read_whole_outline(lines), lines)


def our_reading(outline: Outline, lines: Sequence[str]) -> Reading:
    tops = boxes.read_boxes(outline.items, lines, dialect.Rules())
    tasks = frozenset(
        (box.line, box.mark.raw != " ")
        for top in tops
        for box in top.walk()
        # marks and stars that GitHub does not know are ours
        if box.mark.raw in {" ", "x", "X"} and not box.mark.optional
    )
    return Reading(tasks, tuple((heading.line, heading.level) for heading in outline.headings))


# --- markdown-it-py -----------------------------------------------------------------------------

_MARKDOWN_IT = MarkdownIt("commonmark", {"maxNesting": 100})
_MARKDOWN_IT.core.ruler.enableOnly(["normalize", "block"])  # nothing inline is asked for


def markdown_it(lines: list[str]) -> Reading:
    tokens = _MARKDOWN_IT.parse("\n".join(lines) + "\n")
    tasks = set()
    headings = []
    quotes = 0
    for index, token in enumerate(tokens):
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.map is None:
            continue
        line = token.map[0]
        if token.type == "heading_open" and token.level == 0:
            headings.append((line + 1, int(token.tag[1])))
        begins_item = [before.type for before in tokens[max(index - 2, 0) : index]] == [
            "list_item_open",
            "paragraph_open",
        ]
        if token.type == "inline" and begins_item and not quotes:
            item = tokens[index - 2].map
            box = _TASK_LINE.match(lines[line])
            if box and item and item[0] == line and token.content.startswith(f"[{box[1]}]"):
                tasks.add((line + 1, box[1] != " "))
    return Reading(frozenset(tasks), tuple(headings))


# --- cmark-gfm ----------------------------------------------------------------------------------

_TAG = re.compile(
    r'<(?P<end>/)?(?P<tag>li|blockquote|h[1-6]|input)\b(?: data-sourcepos="(?P<line>\d+):)?'
    r"(?P<rest>[^>]*)>"
)


def cmark_gfm(lines: list[str]) -> Reading:
    """Read task items off the HTML that GitHub's own parser makes; raw HTML is left out of it."""
    html = cmarkgfm.github_flavored_markdown_to_html(
        "\n".join(lines) + "\n", options=Options.CMARK_OPT_SOURCEPOS
    )
    tasks = set()
    headings = []
    around: list[int] = []  # lines of the list items and quotes that are open
    for tag in _TAG.finditer(html):
        line = int(tag["line"] or 0)
        if tag["tag"] in {"li", "blockquote"}:
            if tag["end"]:
                around.pop()
            else:
                around.append(line)
        elif tag["tag"] == "input":
            tasks.add((around[-1], "checked" in tag["rest"]))
        elif not tag["end"] and not around:
            headings.append((line, int(tag["tag"][1])))
    return Reading(frozenset(tasks), tuple(headings))


def mentions_ticked_box(line: str) -> bool:
    """Tell whether cmark-gfm shows a box of this line as ticked: any [x] in it will do."""
    return "[x]" in line.lower()
