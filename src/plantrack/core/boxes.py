"""List items to task boxes with their text, mark and notes."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plantrack.core import dialect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.core.dialect import Rules
    from plantrack.core.memo import Memo
    from plantrack.core.model import Kind, Node
    from plantrack.core.outline import ListItem

BOX_LIKE = re.compile(
    r"^\s*(?:>\s*)*(?:<!--\s*)?(?:[-*+]|\d+[.)])\s+\[[^\]\n]{1,12}\](?:\\?\*)?(?:\s|$)",
)
TASK_LINE = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[")


@dataclass(frozen=True, slots=True)
class Box:
    """One task item before its part in the plan is known."""

    line: int  # 1-based
    text: str  # first paragraph on one line, without box and mark
    mark: dialect.Mark
    notes: str  # what else stands under it besides boxes, dedented
    has_bullets: bool  # plain list items stand under it
    children: tuple[Box, ...]
    # Nodes that were made of it, by what else they depend on: a box that is taken over from the
    # last version brings them along.
    nodes: dict[tuple[Kind, bool, bool], Node] = field(
        default_factory=dict, compare=False, repr=False
    )

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
        return tuple(_boxes(items, lines, rules))

    def of(item: ListItem) -> tuple[Box, ...]:
        return memo.of(item, lambda: tuple(_boxes((item,), lines, rules)))

    # The lines of an item that was taken over are what they were.
    return tuple(box for item in items for box in of(item))


def joined(text: str) -> str:
    """Join the lines of a paragraph by single blanks; a hard break's backslash goes."""
    parts = [part.strip() for part in text.split("\n")]
    unbroken = [part.removesuffix("\\").rstrip() for part in parts[:-1]]
    return " ".join(part for part in (*unbroken, parts[-1]) if part)


def _boxes(items: Iterable[ListItem], lines: Sequence[str], rules: Rules) -> Iterator[Box]:
    for item in items:
        read = dialect.read_mark(item.text, rules)
        # the box must stand on the marker's own line, as GitHub has it
        if read is None or not TASK_LINE.match(lines[item.line - 1]):
            yield from _boxes(item.children, lines, rules)
            continue
        mark, rest = read
        children = tuple(_boxes(item.children, lines, rules))
        yield Box(
            line=item.line,
            text=joined(rest),
            mark=mark,
            notes=_notes(item, children, lines),
            has_bullets=any(child.text and child.text[0] != "[" for child in item.children),
            children=children,
        )


def _notes(item: ListItem, boxes: tuple[Box, ...], lines: Sequence[str]) -> str:
    first = item.line + item.text.count("\n") + 1
    if first > item.end:
        return ""
    taken: set[int] = set()
    lines_of_boxes = {box.line for box in boxes}
    for nested in item.walk():
        if nested.line in lines_of_boxes:
            taken.update(range(nested.line, nested.end + 1))
    kept = [
        lines[line - 1].expandtabs(4)
        for line in range(first, min(item.end, len(lines)) + 1)
        if line not in taken
    ]
    return textwrap.dedent("\n".join(kept)).strip("\n")
