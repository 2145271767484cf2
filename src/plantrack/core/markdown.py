"""Markdown bytes to text, and text to its headings and list items."""

# Theory of operation
#
# 1. A document is cut at its headings, and only the chunks that can hold a box, or that are asked
#    for, are parsed. Parsing it in one piece must give the same.
# 2. Lines are numbered from 1 and end at \n, \r\n or \r only.
# 3. Where versions of a document follow one upon the other, it is cut at its outermost boxes as
#    well, and a chunk that stood in the last version is not parsed again.

from __future__ import annotations

import codecs
import re
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol

from plantrack.core.blocks import read_blocks
from plantrack.core.chunks import Chunk, cut
from plantrack.core.model import Finding
from plantrack.core.outline import Heading, ListItem, Outline, Span, moved
from plantrack.core.plain import read_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from plantrack.core.memo import Memo

    class _Read(Protocol):
        def __call__(self, chunk: Chunk, *, whole: bool) -> Outline | None: ...


def decode(data: bytes) -> tuple[str, tuple[Finding, ...]]:
    """Read bytes as UTF-8, byte order mark or not; what is no UTF-8 is replaced and named.

    NUL characters become U+FFFD, as CommonMark has it.
    """
    findings = []
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        findings.append(Finding("", 0, "not-utf-8", "the file is UTF-16; save it as UTF-8"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = _line_of(data[: error.start].decode("utf-8", "replace"))
        message = "bytes that are no UTF-8 were replaced"
        findings.append(Finding("", line, "not-utf-8", message))
        text = data.decode("utf-8-sig", "replace")
    if "\0" in text:
        line = _line_of(text[: text.index("\0")])
        findings.append(Finding("", line, "nul-bytes", "NUL characters were replaced"))
        text = text.replace("\0", "\ufffd")
    return text, tuple(findings)


def split_lines(text: str) -> list[str]:
    r"""Part a text at \n, \r\n and \r; a last line break opens no line of its own."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def read_outline(
    lines: Sequence[str],
    wanted: Callable[[str], bool] | None = None,
    memo: Memo | None = None,
) -> Outline:
    """Read headings, boxes and what surrounds them.

    Sections whose heading text is `wanted` are read with all their list items; what stands under
    another heading only when it can hold a box. Never raises: what is too deep or too laborious is
    a finding.
    """
    return _collect(
        cut(lines, memo), wanted or (lambda _: False), _remembering(memo) if memo else _read
    )


def read_whole_outline(lines: Sequence[str]) -> Outline:
    """Read everything in one piece: slower than `read_outline`, which must agree with it."""
    text = "\n".join(lines) + "\n"
    return _collect([Chunk(None, text, 1, certain=False)], lambda _: True, _judge)


def _line_of(before: str) -> int:
    return before.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1


# It begins with the line break before, which is looked for much faster than a beginning.
_BOX = re.compile(
    r"\n(?:[^\S\n]|>)*(?:<!--[^\S\n]*)?(?:(?:[-*+]|\d+[.)])[^\S\n]+)+\[[^\]\n]{1,12}\]"
)
_HEADING = re.compile(
    r"\n(?: {1,3}#{1,6}(?:[ \t]|$)"  # one that is indented
    r"|(?<=[^\n]\n) {0,3}(?:=+|-+)[ \t]*$)",  # one that is underlined
    re.MULTILINE,
)


def _read(chunk: Chunk, *, whole: bool) -> Outline | None:
    """Parse a chunk; None: it need not be parsed, unless all of it is asked for."""
    if whole or not chunk.certain or _may_hold("\n" + chunk.text):
        return read_plain(chunk.text, chunk.line) or read_blocks(chunk.text, chunk.line)
    return None


def _may_hold(text: str) -> bool:
    """Tell whether a box can stand in a text, or a heading."""
    has_box = "[" in text and _BOX.search(text) is not None
    return has_box or _HEADING.search(text) is not None


def _judge(chunk: Chunk, *, whole: bool) -> Outline | None:  # noqa: ARG001 - as _read
    return read_blocks(chunk.text, chunk.line)


def _remembering(memo: Memo) -> _Read:
    """Read chunks as the last version had them, as far as it had."""

    def read(chunk: Chunk, *, whole: bool) -> Outline | None:
        text, line = chunk.text, chunk.line
        whole = whole or not chunk.certain
        found = memo.find((text, whole))
        if found is None:
            found = _read(chunk._replace(line=1), whole=whole) or _NOTHING
            memo.keep((text, whole), found)
        if found is _NOTHING:
            return None
        there: Outline | None = memo.find((text, whole, line))
        if there is None:
            there = moved(found, line - 1)
            memo.keep((text, whole, line), there)
        return there

    return read


_NOTHING = Outline((), (), ())  # of a chunk that need not be parsed


def _collect(chunks: Sequence[Chunk], wanted: Callable[[str], bool], read: _Read) -> Outline:
    headings: list[Heading] = []
    items: list[ListItem] = []
    spans: list[Span] = []
    findings: list[Finding] = []
    inside = 0  # level of the wanted section that is open; 0: none is
    for chunk in chunks:
        if chunk.heading:
            headings.append(chunk.heading)
            inside = _wanted_level(chunk.heading, inside, wanted)
        part = read(chunk, whole=bool(inside))
        if part is None:
            continue
        for heading in part.headings:
            inside = _wanted_level(heading, inside, wanted)
        headings.extend(part.headings)
        items.extend(part.items)
        spans.extend(part.spans)
        findings.extend(part.findings)
    return Outline(
        tuple(sorted(headings, key=_LINE)),
        tuple(sorted(items, key=_LINE)),
        tuple(sorted(spans, key=_FIRST)),
        tuple(findings),
    )


_LINE = attrgetter("line")
_FIRST = attrgetter("first")


def _wanted_level(heading: Heading, inside: int, wanted: Callable[[str], bool]) -> int:
    if inside and heading.level > inside:
        return inside
    return heading.level if wanted(heading.text) else 0
