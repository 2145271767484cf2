"""A file's bytes to the same with our marked block in it, or without."""

# Theory of operation
#
# 1. The block stands between two markers, each on a line of its own. What stands outside of them
#    is never changed but for the empty line that parts the block from what was there before.
# 2. A block that is there is replaced where it stands; a new one goes to the end. Its lines end as
#    the file's first line does. A file whose last line has no end gets a block that has none.
# 3. So taking the block out again gives the file as it was, byte for byte. A file that held nothing
#    keeps an empty first line while the block is in it; one that begins with the block was made
#    for it, and None says that it can go.
# 4. One opening marker and one closing marker after it, or none: with anything else it cannot be
#    told what is ours, and nothing is done.

from __future__ import annotations

import re
from enum import StrEnum

OPENING = "<!-- plantrack:begin -->"
CLOSING = "<!-- plantrack:end -->"

_LINE_END = re.compile(rb"\r\n|\n|\r")
_MARKER = re.compile(rb"<!--[ \t]*plantrack:(begin|end)\b[^\n\r]*?-->")


class Standing(StrEnum):
    """How a file stands to the block it should hold."""

    CURRENT = "current"
    OUTDATED = "outdated"
    MISSING = "missing"


class Damaged(ValueError):
    """The markers are not one pair; its text says what is wrong, with line numbers."""


def standing(data: bytes, text: str) -> Standing:
    """Tell whether a file holds this block; raises Damaged."""
    found = _find(data)
    if found is None:
        return Standing.MISSING
    first, last = found
    is_same = data[first:last] == _block(text, _end_of_lines(data[first:last]))
    return Standing.CURRENT if is_same else Standing.OUTDATED


def installed(data: bytes | None, text: str) -> bytes:
    """Give a file (None: there is none) with this block in it; raises Damaged.

    `text` is what stands between the markers: lines, each with its end.
    """
    if data is None:
        return _block(text, b"\n") + b"\n"
    found = _find(data)
    if found is not None:
        first, last = found
        return data[:first] + _block(text, _end_of_lines(data[first:last])) + data[last:]
    end = _end_of_lines(data)
    block = _block(text, end)
    if not data or data.endswith((b"\n", end)):
        return data + end + block + end
    return data + end + end + block


def removed(data: bytes) -> bytes | None:
    """Give a file without its block; None: it was nothing else. Raises Damaged."""
    found = _find(data)
    if found is None:
        return data
    first, last = found
    end = _end_of_lines(data[first:last])
    before, after = data[:first], data[last:]
    if not after and before.endswith(end + end):
        return before.removesuffix(end + end)
    after = after.removeprefix(end)
    if not before:
        return after or None
    if before == end or before.endswith((end + end, b"\n" + end)):
        before = before.removesuffix(end)
    return before + after


def _block(text: str, end: bytes) -> bytes:
    lines = (OPENING, *text.removesuffix("\n").split("\n"), CLOSING)
    return end.join(line.encode() for line in lines)


def _end_of_lines(data: bytes) -> bytes:
    match = _LINE_END.search(data)
    return match.group() if match else b"\n"


def _find(data: bytes) -> tuple[int, int] | None:
    """Find where the block begins and ends; None: there is none."""
    markers = list(_MARKER.finditer(data))
    if not markers:
        return None
    kinds = [match.group(1) for match in markers]
    places = ", ".join(str(1 + len(_LINE_END.findall(data[: one.start()]))) for one in markers)
    lines = f"line{'s' if len(markers) > 1 else ''} {places}"
    if kinds != [b"begin", b"end"]:
        said = " and ".join(filter(None, (_many(kinds, b"begin"), _many(kinds, b"end"))))
        order = ", in that order" if len(kinds) == 2 else ""  # noqa: PLR2004 -- a pair
        raise Damaged(f"one opening and one closing marker are expected{order}: {said} at {lines}")
    if not all(_is_alone(match, data) for match in markers):
        raise Damaged(f"a marker does not stand on a line of its own: {lines}")
    return markers[0].start(), markers[1].end()


def _many(kinds: list[bytes], kind: bytes) -> str:
    count = kinds.count(kind)
    return f"{count} “{kind.decode()}”" if count else ""


def _is_alone(match: re.Match[bytes], data: bytes) -> bool:
    before, after = data[: match.start()], data[match.end() :]
    starts = not before or before.endswith((b"\n", b"\r", b"\xef\xbb\xbf"))
    return starts and (not after or after.startswith((b"\n", b"\r")))
