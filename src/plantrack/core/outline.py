"""The block structure of a document, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.model import Finding


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the document itself, not one inside a list or quote."""

    level: int  # 1 to 6
    text: str  # as written, without its # or underline
    line: int  # 1-based


@dataclass(frozen=True, slots=True)
class ListItem:
    """One list item with the items nested in it, of whatever list."""

    line: int  # 1-based, of its marker
    end: int  # 1-based, last line of its content
    text: str  # first paragraph, one line a source line, dedented; "" when it begins otherwise
    children: tuple[ListItem, ...]

    def walk(self) -> Iterator[ListItem]:
        """Yield this item and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Span:
    """Lines that hold no list items, and why."""

    first: int  # 1-based
    last: int  # 1-based, inclusive
    reason: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What the block structure of a document gives, in document order."""

    headings: tuple[Heading, ...]
    items: tuple[ListItem, ...]  # outermost ones; those of chunks that were not parsed are missing
    spans: tuple[Span, ...]
    findings: tuple[Finding, ...] = ()


_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+$")


def atx_heading(source: str, line: int) -> Heading:
    """Read a heading from its line without indent: `## Title ##`."""
    body = source.lstrip("#")
    level = len(source) - len(body)
    stripped = body.strip(" \t")
    if stripped.endswith("#"):
        stripped = _CLOSING_HASHES.sub("", stripped).rstrip(" \t")
    return Heading(level, stripped, line)
