"""A document's lines to chunks that can be parsed by themselves."""

# Theory of operation
#
# 1. A heading that starts in the first column, outside fences and HTML, ends every container, and
#    so does a box there. Text cut there gives the same blocks as text parsed in one piece.
# 2. Whether a fence or an HTML block is open can depend on the list around it. Where that decides
#    whether a line is a heading, no cut is made from there on.

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core.outline import HTML_BLOCK, HTML_TAG, Heading, atx_heading

if TYPE_CHECKING:
    from collections.abc import Sequence


class Chunk(NamedTuple):
    """One heading, or one outermost box, with what follows it up to the next one."""

    heading: Heading | None  # the heading that opens it; None: the beginning, or a box
    text: str  # what follows the heading, up to the next one
    line: int  # 1-based, of the first line of text
    certain: bool  # no other heading can hide in it but indented or underlined ones


def cut(lines: Sequence[str], *, at_boxes: bool = False) -> list[Chunk]:
    """Part a document at the headings that are certain, in order and without a gap.

    `at_boxes`: also at boxes in the first column.
    """
    text = "\n".join(lines) + "\n"
    cuts, certain_to = _cuts(text, _NOTABLE_OR_BOX if at_boxes else _NOTABLE)
    chunks = []
    heading: Heading | None = None
    start, line = 0, 1
    for position in cuts:
        body = text[start:position]
        chunks.append(Chunk(heading, body, line, certain=True))
        line += body.count("\n")
        if text[position] != "#":
            heading, start = None, position
            continue
        line += 1
        end = text.index("\n", position)
        heading = atx_heading(text[position:end], line - 1)
        start = end + 1
    chunks.append(Chunk(heading, text[start:], line, certain=certain_to == len(text)))
    return chunks


_NOTABLE = re.compile(
    r"^(?:(?P<atx>#{1,6})(?=[ \t\n])"
    r"|(?P<indent>[ \t]*)(?P<marker>(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
    r"(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)"
    r"|(?P<html> {0,3}<(?:!--|[?!/a-zA-Z])))",
    re.MULTILINE,
)
_NOTABLE_OR_BOX = re.compile(_NOTABLE.pattern + r"|^(?P<box>[-*+] \[)", re.MULTILINE)
_LONG_HTML = re.compile(r"(?i) {0,3}<(?:!|\?|(?:pre|script|style|textarea)(?=[ \t\n>]))")
_STRUCTURE = re.compile(
    r"^(?:#{1,6}[ \t\n]"
    r"|[ \t]*(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3}|~{3}|<[!?/a-zA-Z]))",
    re.MULTILINE,
)
_CODE_INDENT = 4
_TEXT_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<text>[^ \t\n][^\n]*)", re.MULTILINE)
_BLANK = re.compile(r"^[ \t]*\n", re.MULTILINE)


def _cuts(text: str, notable: re.Pattern[str]) -> tuple[list[int], int]:
    """Find the offsets of headings that are certain, and the offset up to which that is so."""
    cuts: list[int] = []
    position = 0
    while match := notable.search(text, position):
        position = match.end()
        if match.lastgroup in {"atx", "box"}:
            cuts.append(match.start())
            continue
        if match.group("html"):
            after = _skip_html(text, match)
        elif match.group("indent") or match.group("marker"):
            after = _skip_inner_fence(text, match)
        else:
            after = _skip_fence(text, match)
        if after is None:
            return cuts, match.start()
        position = after
    return cuts, len(text)


def _is_no_fence(match: re.Match[str]) -> bool:
    return match.group("fence")[0] == "`" and "`" in match.group("info")


def _closing(fence: str) -> str:
    return rf"{fence[0]}{{{len(fence)},}}[ \t]*"


def _skip_fence(text: str, match: re.Match[str]) -> int:
    """Return the offset behind a fence that starts in the first column."""
    if _is_no_fence(match):
        return match.end()
    closing = re.compile(rf"^ {{0,3}}{_closing(match.group('fence'))}$", re.MULTILINE)
    close = closing.search(text, match.end())
    return close.end() if close else len(text)


def _skip_inner_fence(text: str, match: re.Match[str]) -> int | None:
    """Return an offset at which nothing that an indented or listed fence opened is open any more.

    None when that depends on what stands around it: it may be a fence, code or a paragraph's text.
    """
    marker = match.group("marker")
    if ">" in marker or _is_no_fence(match):
        return match.end()
    if _ORDERED.match(marker) and not text.startswith("\n\n", match.start() - 2):
        return None  # in a paragraph it is no list item
    column = len((match.group("indent") + marker).expandtabs(4))
    closing = re.compile(_closing(match.group("fence")))
    for line in _TEXT_LINE.finditer(text, match.end()):
        indent = len(line.group("indent").expandtabs(4))
        if indent == column and closing.fullmatch(line.group("text")):
            return line.end()
        if indent < column:
            left = bool(marker) or (column >= _CODE_INDENT and not indent)
            return line.start() if left else None
    return len(text)


_ORDERED = re.compile(r"(?!1[.)])\d")


def _skip_html(text: str, match: re.Match[str]) -> int | None:
    """Return the offset behind an HTML block; None when it is not certain where it ends."""
    start = match.start()
    if _LONG_HTML.match(text, start):
        if not text.startswith("<!--", start):
            return None
        close = text.find("-->", start)
        return len(text) if close < 0 else text.find("\n", close) + 1
    is_block = HTML_BLOCK.match(text, start) is not None
    if not is_block and not HTML_TAG.match(text, start):
        return match.end()
    blank = _BLANK.search(text, match.end())
    end = blank.end() if blank else len(text)
    after_blank = start == 0 or text.startswith("\n\n", start - 2)
    if match.group("html")[0] == "<" and (is_block or after_blank):
        return end
    return None if _STRUCTURE.search(text, match.end(), end) else match.end()
