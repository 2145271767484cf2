"""A document's lines to chunks that can be parsed by themselves."""

# Theory of operation
#
# 1. A heading that starts in the first column, outside fences and HTML, ends every container, and
#    so does a box there. Text cut there gives the same blocks as text parsed in one piece.
# 2. Whether a fence or an HTML block is open can depend on the list around it. Where that decides
#    whether a line is a heading, no cut is made from there on.

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core.outline import HTML_BLOCK, HTML_TAG, Heading, atx_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.memo import Memo


class Chunk(NamedTuple):
    """One heading, or one outermost box, with what follows it up to the next one."""

    heading: Heading | None  # the heading that opens it; None: the beginning, or a box
    text: str  # what follows the heading, up to the next one
    line: int  # 1-based, of the first line of text
    certain: bool  # no other heading can hide in it but indented or underlined ones


class Cut(NamedTuple):
    """One text in parts."""

    text: str
    offsets: list[int]  # where its chunks begin, without the first
    certain_to: int  # offset up to which headings are certain
    chunks: list[Chunk]


def cut(lines: Sequence[str], memo: Memo | None = None) -> list[Chunk]:
    """Part a document at the headings that are certain, in order and without a gap.

    With what the last version came to, also at boxes in the first column.
    """
    text = "\n".join(lines) + "\n"
    if memo is None:
        return _cut(text, _Known(_HEADINGS)).chunks
    last = memo.find(Cut)
    found = _cut(text, _compared(last, text) if last else _Known(_HEADINGS_AND_BOXES))
    memo.keep(Cut, found)
    return found.chunks


# --- what the last version says -----------------------------------------------------------------


class _Known(NamedTuple):
    """What is known of a text before it is cut."""

    notable: re.Pattern[str]
    last: Cut = Cut("", [], 0, [])
    first: int = 0  # so many offsets of the last version are those of this one
    moved: int = 0  # so far have the offsets behind what changed moved
    end: int = 0  # offset from which on the text is that of the last version; 0: none is


def _compared(last: Cut, text: str) -> _Known:
    """Find out what a text has in common with the last one, at its beginning and at its end.

    Cutting goes on from one cut to the next and looks at nothing before. So cuts before what
    changed are what they were, and from the first one behind it on, all that follow.
    """
    before = last.text
    same = _common(before, text, min(len(before), len(text)), at_end=False)
    first = bisect_left(last.offsets, same)
    while first and before.index("\n", last.offsets[first - 1]) >= same:
        first -= 1
    rest = _common(before, text, min(len(before), len(text)) - same, at_end=True)
    moved = len(text) - len(before)
    return _Known(_HEADINGS_AND_BOXES, last, first, moved, len(text) - rest)


def _common(one: str, other: str, most: int, *, at_end: bool) -> int:
    """Count the characters that two texts have in common at the beginning, or at the end."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if at_end:
            first, second = len(one) - middle, len(other) - middle
            is_same = one[first : len(one) - low] == other[second : len(other) - low]
        else:
            is_same = one[low:middle] == other[low:middle]
        low, high = (middle, high) if is_same else (low, middle - 1)
    return low


# --- cutting ------------------------------------------------------------------------------------


def _cut(text: str, known: _Known) -> Cut:
    last = known.last
    offsets, tail, certain_to = _cuts(text, known)
    chunks = last.chunks[: known.first]
    heading: Heading | None = None
    start, line = 0, 1
    if known.first:
        start, line = last.offsets[known.first - 1], last.chunks[known.first].line
        heading, start = last.chunks[known.first].heading, _behind(text, start)
    for offset in offsets[known.first : len(offsets) - tail]:
        body = text[start:offset]
        chunks.append(Chunk(heading, body, line, certain=True))
        line += body.count("\n")
        start, heading = _behind(text, offset), None
        if start > offset:
            heading = atx_heading(text[offset : start - 1], line)
            line += 1
    end = offsets[len(offsets) - tail] if tail else len(text)
    chunks.append(Chunk(heading, text[start:end], line, certain=bool(tail) or certain_to == end))
    if tail:
        kept = last.chunks[-tail:]
        line += chunks[-1].text.count("\n") + (kept[0].heading is not None)
        chunks += _further(kept, line - kept[0].line)
    return Cut(text, offsets, certain_to, chunks)


def _behind(text: str, offset: int) -> int:
    """Give the offset behind the heading of a chunk; that of the chunk where a box begins it."""
    return text.index("\n", offset) + 1 if text[offset] == "#" else offset


def _further(chunks: list[Chunk], by: int) -> list[Chunk]:
    """Move chunks down by some lines."""
    if not by:
        return chunks
    return [
        Chunk(
            heading and Heading(heading.level, heading.text, heading.line + by),
            text,
            line + by,
            certain,
        )
        for heading, text, line, certain in chunks
    ]


_NOTABLE = (
    r"(?:(?P<atx>#{1,6})(?=[ \t\n])"
    r"|(?P<indent>[ \t]*)(?P<marker>(?:>[ \t]*|(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*)"
    r"(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)"
    r"|(?P<html> {0,3}<(?:!--|[?!/a-zA-Z]))"
)
_HEADINGS = re.compile(_NOTABLE + ")")
_HEADINGS_AND_BOXES = re.compile(_NOTABLE + r"|(?P<box>[-*+] \[))")
# Where to look closer. A line break is found much faster than the beginning of a line, and the
# signs of a fence faster than what may stand before them.
_OPENING = r"\n(?=#{1,6}[ \t\n]| {0,3}<(?:!--|[?!/a-zA-Z])"
_BEFORE = {
    _HEADINGS: re.compile(_OPENING + ")"),
    _HEADINGS_AND_BOXES: re.compile(_OPENING + r"|[-*+] \[)"),
}
_SIGNS = ("```", "~~~")
_LONG_HTML = re.compile(r"(?i) {0,3}<(?:!|\?|(?:pre|script|style|textarea)(?=[ \t\n>]))")
_STRUCTURE = re.compile(
    r"^(?:#{1,6}[ \t\n]|[-*+] \["
    r"|[ \t]*(?:>[ \t]*|(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)*(?:`{3}|~{3}|<[!?/a-zA-Z]))",
    re.MULTILINE,
)
_CODE_INDENT = 4
_TEXT_LINE = re.compile(r"^(?P<indent>[ \t]*)(?P<text>[^ \t\n][^\n]*)", re.MULTILINE)
_BLANK = re.compile(r"^[ \t]*\n", re.MULTILINE)


def _cuts(text: str, known: _Known) -> tuple[list[int], int, int]:
    """Find the offsets of headings that are certain, and the offset up to which that is so.

    The second number says how many of the last offsets are those of the last version.
    """
    last = known.last
    cuts = last.offsets[: known.first]
    position = cuts[-1] + 1 if cuts else 0
    ahead = _Ahead(text, known.notable)
    while match := ahead.find(position):
        position = match.end()
        if match.lastgroup in {"atx", "box"}:
            if match.start() >= known.end > 0:
                place = bisect_left(last.offsets, match.start() - known.moved)
                rest = last.offsets[place:]
                if rest and rest[0] == match.start() - known.moved:
                    cuts += [offset + known.moved for offset in rest]
                    return cuts, len(rest), last.certain_to + known.moved
            cuts.append(match.start())
            continue
        if match.group("html"):
            after = _skip_html(text, match)
        elif match.group("indent") or match.group("marker"):
            after = _skip_inner_fence(text, match)
        else:
            after = _skip_fence(text, match)
        if after is None:
            return cuts, 0, match.start()
        position = after
    return cuts, 0, len(text)


class _Ahead:
    """What is notable in a text, line by line; nothing is looked at twice."""

    def __init__(self, text: str, notable: re.Pattern[str]) -> None:
        self._text = text
        self._notable = notable
        self._before = _BEFORE[notable]
        self._opening = -1  # the next line that may be notable, as far as it was looked for
        self._fences = dict.fromkeys(_SIGNS, -1)  # the next line that holds such signs

    def find(self, position: int) -> re.Match[str] | None:
        """Find what is notable at the beginning of a line, from `position` on."""
        if position == 0 and (match := self._notable.match(self._text)):
            return match
        while (start := self._next(position)) < len(self._text):
            if match := self._notable.match(self._text, start):
                return match
            position = start + 1
        return None

    def _next(self, position: int) -> int:
        """Give where the next line begins that is worth a look, from `position` on."""
        if self._opening < position:
            found = self._before.search(self._text, max(position - 1, 0))
            self._opening = found.end() if found else len(self._text)
        for signs, line in self._fences.items():
            if line < position:
                self._fences[signs] = self._line_with(signs, position)
        return min(self._opening, *self._fences.values())

    def _line_with(self, signs: str, position: int) -> int:
        found = self._text.find(signs, position)
        while found >= 0:
            start = self._text.rfind("\n", 0, found) + 1
            if start >= position:
                return start
            found = self._text.find(signs, self._text.find("\n", found))
        return len(self._text)


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


_ORDERED = re.compile(r"(?!1[.)])[0-9]")


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
