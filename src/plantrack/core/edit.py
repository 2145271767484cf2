"""A document's bytes and new marks to other bytes, of which nothing else differs."""

# Theory of operation
#
# 1. A document is bytes here: byte order mark, line ends and whatever stands between the boxes are
#    never taken apart, so they cannot come out otherwise. What is no UTF-8 is not edited, because
#    nobody could say which of its characters would change.
# 2. A box is found by its line, and only where its brackets hold the mark that the plan was read
#    with. What stands between the brackets is replaced as a whole, be it a blank, an emoji or a
#    word; a star after them stays.
# 3. The result is read again. Unless it gives the same items, in the same lines, with other marks
#    exactly where they were wanted, it is thrown away.

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core import dialect, inline, parse
from plantrack.core.boxes import TASK_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from plantrack.core.dialect import Origin, Rules
    from plantrack.core.model import Node, Plan

TICKED = "x"
OPEN = " "
TICKS = frozenset({"x", "X"})
BLANKS = frozenset({" ", "\u00a0"})

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\n|\r")


class Refused(Exception):
    """An edit that is not made; its text is a clause that gives the reason."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document that can be edited."""

    data: bytes
    origin: Origin
    rules: Rules
    plan: Plan
    nodes: tuple[Node, ...]  # in the order of Plan.walk()


def read(data: bytes, origin: Origin, rules: Rules) -> Document:
    """Read a document in order to edit it; raises Refused for what is no UTF-8 text."""
    plan = parse.read_plan(text_of(data), origin, rules)
    return Document(data, origin, rules, plan, tuple(plan.walk()))


def text_of(data: bytes) -> str:
    """Decode a document; raises Refused where that would replace anything."""
    if b"\0" in data:
        raise Refused("it holds NUL bytes: it is no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(data, 0, error.start)) + 1
        raise Refused(f"line {line} is not UTF-8: save the file as UTF-8 first") from error


def with_marks(document: Document, mark_by_line: Mapping[int, str]) -> Document:
    """Put other marks into boxes of the plan, which are named by their lines.

    Raises Refused when a line holds no box of the plan, or when anything but these marks would
    differ in what is read of the result.
    """
    mark_of = {node.line: node.mark for node in document.nodes if node.mark is not None}
    spans = lines(document.data)
    data = document.data
    for line in sorted(mark_by_line, reverse=True):
        if line not in mark_of or line > len(spans):
            raise Refused(f"line {line} holds no box of the plan")
        start, end = span_of_mark(data, spans[line - 1], document.rules)
        if data[start:end].decode() != mark_of[line]:
            raise Refused(f"the box in line {line} cannot be told from its text")
        data = data[:start] + mark_by_line[line].encode() + data[end:]
    after = read(data, document.origin, document.rules)
    if _boxes(after, {}) != _boxes(document, mark_by_line):
        raise Refused("the plan would read otherwise than with these marks alone")
    return after


def lines(data: bytes) -> list[tuple[int, int]]:
    """Give where each line begins and ends, in bytes, without its line end; line 1 is first.

    A last line end opens no line of its own, and a byte order mark stands before the first line.
    """
    start = len(_BOM) if data.startswith(_BOM) else 0
    found = []
    for end in _LINE_END.finditer(data):
        found.append((start, end.start()))
        start = end.end()
    if start < len(data):
        found.append((start, len(data)))
    return found


def span_of_mark(data: bytes, line: tuple[int, int], rules: Rules) -> tuple[int, int]:
    """Find what stands between the brackets of the box that a line begins with, in bytes."""
    start, end = line
    text = data[start:end].decode()
    opening = TASK_LINE.match(text)
    read_as = dialect.read_mark(text[opening.end() - 1 :], rules) if opening else None
    if opening is None or read_as is None:
        raise Refused("what was read as a box does not begin its line")
    first = start + len(text[: opening.end()].encode())
    return first, first + len(read_as[0].raw.encode())


def reads_as(node: Node, expected: str) -> bool:
    """Tell whether an item's words begin as expected, with its label or without.

    Emphasis may be left off, and any white space is as good as any other.
    """
    wanted = " ".join(expected.split())
    said = (node.text, inline.plain(node.text), node.title, inline.plain(node.title))
    return bool(wanted) and any(" ".join(one.split()).startswith(wanted) for one in said)


def line_text(document: Document, line: int) -> str:
    """Give a line as it is written, without its line end."""
    start, end = lines(document.data)[line - 1]
    return document.data[start:end].decode()


def _boxes(document: Document, mark_by_line: Mapping[int, str]) -> Sequence[tuple[object, ...]]:
    """Give all that was read but states, as if some boxes had other marks."""
    return [
        (
            node.line,
            node.kind,
            node.text,
            mark_by_line.get(node.line, node.mark) if node.mark is not None else None,
            node.notes,
            len(node.children),
        )
        for node in document.nodes
    ]
