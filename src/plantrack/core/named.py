"""A step's words to the headings of its document and the files they name."""

# Theory of operation
#
# 1. A heading is named by a link to its anchor, by its number ("§4.2", "section 4.2"), or by its
#    words: of two words or more wherever they stand together, of one word only in quotes or beside
#    "section" or "see".
# 2. What may be a file is what a link leads to, what stands in code, and words with a slash or an
#    ending. Whether there is such a file is for others to say.
# 3. Headings are those that begin with "#" outside fences and comments: what is shown for
#    orientation needs no more. Nothing here costs more than a look at each line.

from __future__ import annotations

import re

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import NamedTuple
else:
    from plantrack.light import NamedTuple

MOST_FILES = 40  # names that are looked for
_MOST_CHARS = 20_000  # of a step and its notes that are read
_MOST_NAME = 300  # characters of a path


class Heading(NamedTuple):
    """A heading of the document."""

    line: int  # 1-based
    level: int  # 1 to 6
    text: str  # as written, without its signs


_LINES = re.compile(r"\r\n|\n|\r")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]#+)?[ \t]*$")


def headings(text: str) -> tuple[Heading, ...]:
    """Find the headings of a document, in order."""
    found = []
    fence = ""
    is_comment = False
    for number, line in enumerate(_LINES.split(text), 1):
        opening = _FENCE.match(line)
        if fence:
            if opening and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif is_comment or line.lstrip().startswith("<!--"):
            is_comment = "-->" not in line
        elif opening:
            fence = opening.group(1)
        elif match := _HEADING.match(line):
            found.append(Heading(number, len(match.group(1)), match.group(2).strip()))
    return tuple(found)


_ANCHOR = re.compile(r"\]\(#([^)\s]+)")
_SECTION = re.compile(r"(?i)(?:§\s*|\bsections?\s+)(\d+(?:\.\d+)*)")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)[.)]?\s+(.*)$")
_NO_WORD = re.compile(r"[^\w]+")
_NO_SLUG = re.compile(r"[^\w\- ]")
_QUOTED = re.compile(r"[“\"‘']([^”\"’']+)[”\"’']")
_BESIDE = "(?:see|section|under)(?: the)? {0}|{0} section"


def named_headings(words: str, among: Sequence[Heading]) -> tuple[Heading, ...]:
    """Choose the headings that a text names, in the order of the document.

    The first heading of the first level is the document's title, and no section.
    """
    words = words[:_MOST_CHARS]
    anchors = set(_ANCHOR.findall(words.lower()))
    numbers = set(_SECTION.findall(words))
    said = _folded(words)
    quoted = {_folded(one) for one in _QUOTED.findall(words)}
    title = next((one for one in among if one.level == 1), None)
    return tuple(
        one
        for one in among
        if one is not title and _is_named(one.text, said, quoted, anchors, numbers)
    )


def _is_named(
    heading: str, said: str, quoted: set[str], anchors: set[str], numbers: set[str]
) -> bool:
    if anchors and _slug(heading) in anchors:
        return True
    match = _NUMBERED.match(heading)
    if match and match.group(1) in numbers:
        return True
    words = _folded(match.group(2) if match else heading)
    if not words.strip():
        return False
    if words in quoted:
        return True
    if " " in words.strip():
        return words in said
    return words in said and bool(re.search(_BESIDE.format(words.strip()), said))


def _folded(text: str) -> str:
    """Leave nothing of a text but its words in small letters, each with a blank on either side."""
    return f" {_NO_WORD.sub(' ', text).strip().lower()} "


def _slug(heading: str) -> str:
    """Name a heading as links into a page do."""
    return _NO_SLUG.sub("", heading.lower()).strip().replace(" ", "-")


_TARGET = re.compile(r"\]\(<?([^)\s>]+)")
_CODE = re.compile(r"`+([^`]+)`+")
_BARE = re.compile(
    r"(?<![\w./@:-])[\w.@+-]*(?:/[\w.@+-]+)+/?|(?<![\w./@:-])[\w@+-][\w.@+-]*\.\w{1,10}\b"
)
_PLACE = re.compile(r"(?:[#?].*|:\d+(?:[-:]\d+)?)$")
_WHERE = re.compile(r"[\s,;()\[\]{}\"']+")


def named_files(words: str) -> tuple[str, ...]:
    """Find what may be the path of a file or folder in a text, in order, each once.

    Paths are as written, without a line number or anchor; none leads out by being absolute.
    """
    found = dict.fromkeys(filter(_is_path, map(_without_place, _candidates(words[:_MOST_CHARS]))))
    return tuple(found)[:MOST_FILES]


def _candidates(words: str) -> Iterator[str]:
    yield from _TARGET.findall(words)
    for code in _CODE.findall(words):
        yield from _WHERE.split(code)
    yield from _BARE.findall(_CODE.sub(" ", _TARGET.sub(" ", words)))


def _without_place(name: str) -> str:
    return _PLACE.sub("", name.strip()).rstrip(".,:;!")


def _is_path(name: str) -> bool:
    if not name or len(name) > _MOST_NAME or "\0" in name or "://" in name:
        return False
    return not name.startswith(("/", "~", "-", "mailto:")) and any(map(str.isalnum, name))
