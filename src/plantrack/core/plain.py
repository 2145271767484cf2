"""Markdown that anybody reads the same way to its list items; anything else to nothing."""

# Theory of operation
#
# 1. Most of what is written is plain: paragraphs, list items that each begin with words, fences
#    that are closed. Such text is read here, line by line. Whatever is not recognised beyond doubt
#    makes the whole text somebody else's: `blocks` is the judge of it.
# 2. What is read here comes to exactly what `blocks` makes of it, in a tenth of the time.
# 3. A line belongs to the innermost open item that is not wider than its indent. Words that are
#    indented less go on with a paragraph that is open; after a blank line none is.

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from plantrack.core.outline import ListItem, Outline, Span

if TYPE_CHECKING:
    from collections.abc import Callable

# An item that may go on: columns before its words, line, lines of its lead, and what is nested in
# it so far. The outermost one stands for the whole text.
_Open: TypeAlias = tuple[int, int, list[str], list[ListItem]]

_MAX_OPEN = 12  # items in items; far from where a text is too deep or too laborious
_CODE_INDENT = 4

# Words that begin no other block: not a number of a list, not a sign that stands for a block.
_WORDS = (
    r"(?![0-9]{1,9}[.)][ \t\n])"
    r"(?:[^\W_]|[\[(\"'|\\&!:.,;/?@^{}$%)\]]|`{1,2}(?!`)|\*+[^\s*]|_+[^\s_]|-+[^\s-]|~{1,2}(?!~)"
    r"|\+\S|[^\x00-\x7f\s])[^\n]*"
)
_BLOCK = re.compile(
    rf"(?P<head>[ ]*(?:(?:[-*+]|[0-9]{{1,9}}[.)])[ ]{{1,4}})?+)(?P<words>{_WORDS})\n"
    r"|(?P<blank>[ \t]*\n)"
    r"|(?P<indent>[ ]*)(?P<ticks>(?P<tick>[`~])(?P=tick){2,})(?!(?P=tick))[^\n`]*\n"
    r"(?P<code>(?:[^\n]*\n)*?)(?P<closing>[ ]*)(?P=ticks)(?P=tick)*[ \t]*\n"
    r"|(?P<rule>-{3,}[ \t]*\n)"
)


# what the line before belongs to
_NOTHING, _FENCE, _PARAGRAPH, _LEAD = range(4)  # a lead is the paragraph that an item begins with


def read_plain(text: str, first: int) -> Outline | None:
    """Read a text whose first line is line `first`; None: it is not plain."""
    if "\0" in text:  # which is a sign of its own to `blocks`
        return None
    reading = _Reading(first)
    return reading.outline() if reading.takes(text) else None


class _Reading:
    """One text being read."""

    __slots__ = ("_end", "_last", "_line", "_open", "_spans")

    def __init__(self, first: int) -> None:
        self._line = first
        self._end = first  # the last line that is not blank
        self._last = _NOTHING
        self._open: list[_Open] = [(0, 0, [], [])]
        self._spans: list[Span] = []

    def takes(self, text: str) -> bool:
        """Take a text, block by block; False: it is not plain."""
        match, position, size = _BLOCK.match, 0, len(text)
        while position < size:
            block = match(text, position)
            if block is None:
                return False
            position = block.end()
            head, words = block.group(1, 2)
            if words is None:
                if not self._takes_other(block):
                    return False
                continue
            if mark := head.lstrip(" "):
                if not self._takes_item(head, mark, words):
                    return False
            elif not self._takes_words(head, words):
                return False
            self._end = self._line
            self._line += 1
        return True

    def outline(self) -> Outline:
        """Give what was read."""
        self._close(0)
        return Outline((), tuple(self._open[0][3]), tuple(self._spans))

    def _close(self, indent: int) -> int:
        """Close the items that a line of this indent is outside of; give the width of the next."""
        items, end = self._open, self._end
        width = items[-1][0]
        while width > indent:
            _, line, lead, inside = items.pop()
            width, _, _, around = items[-1]
            around.append(_list_item((line, end, "\n".join(lead), tuple(inside))))
        return width

    def _takes_item(self, head: str, mark: str, words: str) -> bool:
        width = len(head)
        indent = width - len(mark)
        outer = self._open[-1][0]
        if outer > indent:
            outer = self._close(indent)
        elif self._last >= _PARAGRAPH and not _may_interrupt(mark):
            return False
        self._open.append((width, self._line, [words], []))
        self._last = _LEAD
        return indent - outer < _CODE_INDENT and len(self._open) <= _MAX_OPEN

    def _takes_words(self, head: str, words: str) -> bool:
        if self._last == _LEAD:
            width, _, lead, _ = self._open[-1]
            lead.append(head[width:] + words)
            return True
        if self._last == _PARAGRAPH:
            return True
        if self._last == _FENCE and len(head) < self._open[-1][0]:
            return False
        self._last = _PARAGRAPH
        return len(head) - self._close(len(head)) < _CODE_INDENT

    def _takes_other(self, block: re.Match[str]) -> bool:
        kind = block.lastgroup
        if kind == "closing":
            return self._takes_fence(block)
        if kind == "rule":
            if self._last >= _PARAGRAPH and len(self._open) == 1:
                return False  # it underlines a heading
            self._close(0)
            self._end = self._line
        self._last = _NOTHING
        self._line += 1
        return True

    def _takes_fence(self, block: re.Match[str]) -> bool:
        indent, code, closing = block.group("indent", "code", "closing")
        width = self._close(len(indent))
        if len(indent) - width >= _CODE_INDENT:
            return False
        if not 0 <= len(closing) - width < _CODE_INDENT:
            return False
        if width and not _is_inside(code, width):
            return False
        self._end = self._line + code.count("\n") + 1
        self._spans.append(Span(self._line, self._end, "in a code fence"))
        self._line = self._end + 1
        self._last = _FENCE
        return True


# what a call of the class gives, in a third of the time
_list_item: Callable[[tuple[int, int, str, tuple[ListItem, ...]]], ListItem] = partial(
    tuple.__new__, ListItem
)


def _may_interrupt(mark: str) -> bool:
    """Tell whether an item may follow words without a blank line."""
    return mark[1] == " " or int(mark.rstrip(" ")[:-1]) == 1


def _is_inside(code: str, width: int) -> bool:
    """Tell whether all lines of code stand in an item of a width."""
    indent = " " * width
    inside = all(line.startswith(indent) or not line.strip(" ") for line in code.split("\n"))
    return inside and "\t" not in code
