"""The block structure of a document, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.model import Finding


class Heading(NamedTuple):
    """A heading of the document itself, not one inside a list or quote."""

    level: int  # 1 to 6
    text: str  # as written, without its # or underline
    line: int  # 1-based


class ListItem(NamedTuple):
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


class Span(NamedTuple):
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


def moved(outline: Outline, by: int) -> Outline:
    """Give the outline of the same text `by` lines further down."""
    if not by:
        return outline
    return Outline(
        tuple(Heading(one.level, one.text, one.line + by) for one in outline.headings),
        tuple(_moved_item(item, by) for item in outline.items),
        tuple(Span(one.first + by, one.last + by, one.reason) for one in outline.spans),
        tuple(one._replace(line=one.line + by) for one in outline.findings),
    )


def _moved_item(item: ListItem, by: int) -> ListItem:
    children = tuple(_moved_item(child, by) for child in item.children)
    return ListItem(item.line + by, item.end + by, item.text, children)


_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+$")


def atx_heading(source: str, line: int) -> Heading:
    """Read a heading from its line without indent: `## Title ##`."""
    body = source.lstrip("#")
    level = len(source) - len(body)
    stripped = body.strip(" \t")
    if stripped.endswith("#"):
        stripped = _CLOSING_HASHES.sub("", stripped).rstrip(" \t")
    return Heading(level, stripped, line)


_BLOCK_TAGS = (
    "address article aside base basefont blockquote body caption center col colgroup dd details "
    "dialog dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 "
    "h6 head header hr html iframe legend li link main menu menuitem meta nav noframes ol "
    "optgroup option p param section source summary table tbody td tfoot th thead title tr "
    "track ul"
)
_VALUE = r"""(?:[^ \t\n"'=<>`]+|'[^'\n]*'|"[^"\n]*")"""
_ATTRIBUTE = rf"[ \t]+[A-Za-z_:][A-Za-z0-9_.:-]*(?:[ \t]*=[ \t]*{_VALUE})?"
_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_PRE_TAGS = r"(?i:pre|script|style|textarea)"

# what begins an HTML block: a tag of a block, up to a blank line; any tag that stands alone, up to
# a blank line and never inside a paragraph; what has an end of its own
HTML_BLOCK = re.compile(rf"(?i) {{0,3}}</?(?:{_BLOCK_TAGS.replace(' ', '|')})(?=[ \t\n>]|/>)")
HTML_TAG = re.compile(rf" {{0,3}}<(?:{_NAME}(?:{_ATTRIBUTE})*[ \t]*/?|/{_NAME}[ \t]*)>[ \t]*\n")
LONG_HTML = re.compile(
    rf" {{0,3}}<(?P<kind>!--|\?|!\[CDATA\[|![A-Z]|{_PRE_TAGS}(?=[ \t\n>]))",
)
_LONG_ENDS = {
    "!--": re.compile("-->"),
    "?": re.compile(r"\?>"),
    "![CDATA[": re.compile("]]>"),
}
_DECLARED = re.compile(">")
_PRE_END = re.compile(rf"</{_PRE_TAGS}>")


def end_of_long_html(match: re.Match[str]) -> re.Pattern[str]:
    """Return what ends the block that a match of `LONG_HTML` begins; up to the end of its line."""
    kind = match.group("kind")
    return _LONG_ENDS.get(kind) or (_DECLARED if kind.startswith("!") else _PRE_END)
