"""List items to task boxes with their text, mark and notes."""

from __future__ import annotations

import re
import textwrap
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core import dialect, labels

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from plantrack.core.dialect import Rules
    from plantrack.core.memo import Memo
    from plantrack.core.model import Kind, Node
    from plantrack.core.outline import ListItem

    _Nodes = dict[tuple[Kind, bool, bool], Node]

BOX_LIKE = re.compile(
    r"^\s*(?:>\s*)*(?:<!--\s*)?(?:[-*+]|\d+[.)])\s+\[[^\]\n]{1,12}\](?:\\?\*)?(?:\s|$)",
)
TASK_LINE = re.compile(r"^[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+\[")


class Box(NamedTuple):
    """One task item before its part in the plan is known."""

    line: int  # 1-based
    text: str  # first paragraph on one line, without box and mark
    label: str  # that the text begins with, "" where it begins with none
    rest: str  # the text without it
    mark: dialect.Mark
    notes: str  # what else stands under it besides boxes, dedented
    has_bullets: bool  # plain list items stand under it
    children: tuple[Box, ...]
    # Nodes that were made of it, by what else they depend on: a box that is taken over from the
    # last version brings them along. None: no later version takes it over.
    nodes: _Nodes | None

    def walk(self) -> Iterator[Box]:
        """Yield this box and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


def read_boxes(
    items: Iterable[ListItem], lines: Sequence[str], rules: Rules, memo: Memo | None = None
) -> tuple[Box, ...]:
    """Find the outermost boxes among list items; plain items between boxes are transparent."""
    if memo is None:
        return _boxes(items, lines, rules, kept=False)

    def of(item: ListItem) -> tuple[Box, ...]:
        return memo.of(item, lambda: _boxes((item,), lines, rules, kept=True))

    # The lines of an item that was taken over are what they were.
    return tuple(box for item in items for box in of(item))


def gather_lines(boxes: Iterable[Box], lines: list[int]) -> None:
    """Add the lines of boxes and of all below them."""
    for box in boxes:
        lines.append(box.line)
        if box.children:
            gather_lines(box.children, lines)


def joined(text: str) -> str:
    """Join the lines of a paragraph by single blanks; a hard break's backslash goes."""
    if "\n" not in text:
        return text.strip()
    parts = [part.strip() for part in text.split("\n")]
    unbroken = [part.removesuffix("\\").rstrip() for part in parts[:-1]]
    return " ".join(part for part in (*unbroken, parts[-1]) if part)


def _boxes(
    items: Iterable[ListItem], lines: Sequence[str], rules: Rules, *, kept: bool
) -> tuple[Box, ...]:
    found: list[Box] = []
    for item in items:
        read = dialect.read_mark(item.text, rules)
        inside = _boxes(item.children, lines, rules, kept=kept) if item.children else ()
        # the box must stand on the marker's own line, as GitHub has it
        if read is None or not TASK_LINE.match(lines[item.line - 1]):
            found += inside
            continue
        mark, rest = read
        text = joined(rest)
        label, rest = labels.split(text)
        notes = _notes(item, inside, lines) if item.end > item.line else ""
        bullets = bool(item.children) and any(c.text and c.text[0] != "[" for c in item.children)
        nodes: _Nodes | None = {} if kept else None
        found.append(_box((item.line, text, label, rest, mark, notes, bullets, inside, nodes)))
    return tuple(found)


_box: Callable[[tuple[object, ...]], Box] = partial(tuple.__new__, Box)  # as Box(…), but sooner


def _notes(item: ListItem, boxes: tuple[Box, ...], lines: Sequence[str]) -> str:
    first = item.line + item.text.count("\n") + 1
    if first > item.end:
        return ""
    kept: list[str] = []
    for line, end in _places(item.children, {box.line for box in boxes}):
        kept += lines[first - 1 : line - 1]
        first = end + 1
    kept += lines[first - 1 : item.end]
    notes = "\n".join(kept)
    return textwrap.dedent(notes.expandtabs(4)).strip("\n") if notes.strip(" \t\n") else ""


def _places(items: Iterable[ListItem], boxes: Container[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last line of the items that stand in lines of boxes, outermost ones alone."""
    for item in items:
        if item.line in boxes:
            yield item.line, item.end
        else:
            yield from _places(item.children, boxes)
