"""A document's lines to chunks that can be parsed by themselves."""

# Theory of operation
#
# 1. A heading that starts in the first column, outside fences and HTML, ends every container. Text
#    cut there gives the same blocks as text parsed in one piece.
# 2. Whether a fence or an HTML block is open can depend on the list around it. Where that decides
#    whether a line is a heading, no cut is made from there on.

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core import blocks
from plantrack.core.outline import Heading, atx_heading

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Chunk:
    """One heading with what follows it, up to the next one."""

    heading: Heading | None  # the heading it stands under; None: the beginning of the document
    text: str  # what follows the heading, up to the next one
    line: int  # 1-based, of the first line of text
    certain: bool  # no other heading can hide in it but indented or underlined ones


def cut(lines: Sequence[str]) -> list[Chunk]:
    """Part a document at the headings that are certain, in order and without a gap."""
    text = "\n".join(lines) + "\n"
    cuts, certain_to = _cuts(text)
    chunks = []
    heading: Heading | None = None
    start, line = 0, 1
    for end_of_body in [*cuts, len(text)]:
        body = text[start:end_of_body]
        chunks.append(Chunk(heading, body, line, certain=end_of_body <= certain_to))
        if end_of_body == len(text):
            break
        line += body.count("\n") + 1
        end = text.index("\n", end_of_body)
        heading = atx_heading(text[end_of_body:end], line - 1)
        start = end + 1
    return chunks


_NOTABLE = re.compile(
    r"^(?:(?P<atx>#{1,6})(?=[ \t\n])"
    r"|(?P<indent>[ \t]*)(?P<marker>(?:>[ \t]*|(?:[-*+]|\d{1,9}[.)])[ \t]+)*)"
    r"(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)"
    r"|(?P<html> {0,3}<(?:!--|[?!/a-zA-Z])))",
    re.MULTILINE,
)
_LONG_HTML = re.compile(r"(?i) {0,3}<(?:!|\?|(?:pre|script|style|textarea)(?=[\s>]))")
_STRUCTURE = re.compile(r"^(?:#{1,6}[ \t\n]| *(?:`{3}|~{3}))", re.MULTILINE)
_CODE_INDENT = 4
_FIRST_COLUMN = re.compile(r"^\S", re.MULTILINE)
_BLANK = re.compile(r"^[ \t]*\n", re.MULTILINE)


def _cuts(text: str) -> tuple[list[int], int]:
    """Find the offsets of headings that are certain, and the offset up to which that is so."""
    cuts: list[int] = []
    position = 0
    while match := _NOTABLE.search(text, position):
        position = match.end()
        if match.group("atx"):
            cuts.append(match.start())
            continue
        after = _skip_fence(text, match) if match.group("fence") else _skip_html(text, match)
        if after is None:
            return cuts, match.start()
        position = after
    return cuts, len(text)


def _skip_fence(text: str, match: re.Match[str]) -> int | None:
    """Return the offset behind a fence; None when what is in it depends on what is around it."""
    fence = match.group("fence")
    if fence[0] == "`" and "`" in match.group("info"):
        return match.end()
    indent, marker = match.group("indent"), match.group("marker")
    if ">" in marker:
        return match.end()
    contained = bool(marker) or len(indent.expandtabs(4)) >= _CODE_INDENT
    leading = r"[ \t]*" if indent or marker else r" {0,3}"
    closing = re.compile(rf"^{leading}{fence[0]}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
    close = closing.search(text, match.end())
    end = close.end() if close else len(text)
    if not indent and not marker:
        return end
    left = _FIRST_COLUMN.search(text, match.end(), end)
    if left is None:
        return end
    return left.start() if contained else None


def _skip_html(text: str, match: re.Match[str]) -> int | None:
    """Return the offset behind an HTML block; None when it is not certain where it ends."""
    start = match.start()
    if _LONG_HTML.match(text, start):
        if not text.startswith("<!--", start):
            return None
        close = text.find("-->", match.end())
        return len(text) if close < 0 else text.find("\n", close) + 1
    is_block = blocks.HTML_BLOCK.match(text, start) is not None
    if not is_block and not blocks.HTML_TAG.match(text, start):
        return match.end()
    blank = _BLANK.search(text, match.end())
    end = blank.end() if blank else len(text)
    after_blank = start == 0 or text.startswith("\n\n", start - 2)
    if match.group("html")[0] == "<" and (is_block or after_blank):
        return end
    return None if _STRUCTURE.search(text, match.end(), end) else match.end()
