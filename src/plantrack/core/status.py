"""A document's first lines to its Status and the family it belongs to."""

# Theory of operation
#
# 1. The Status field stands before the first heading after the title, outside fences. Its value
#    runs to the next "**Key:**" line or blank line.
# 2. Its leading words give the family. A clause that does not begin with a known word counts by the
#    last known word in it ("Revived and implemented").
# 3. A block quote under the title that begins Historical, Superseded, Removed or Done overrides
#    a missing, draft, active or unknown field: people stamp old documents that way.
# 4. "Done, but" is active while work is left: a done word with a qualifier counts as active when
#    the plan holds an open leaf.

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from plantrack.core.memo import remembered
from plantrack.core.model import Family, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FAMILY_WORDS: tuple[tuple[str, Family], ...] = (
    # longer phrases before the words they begin with
    ("implementation in progress", Family.ACTIVE),
    ("developer reference", Family.REFERENCE),
    ("feature-complete", Family.DONE),
    ("feature complete", Family.DONE),
    ("not started", Family.DRAFT),
    ("on hold", Family.DRAFT),
    ("in progress", Family.ACTIVE),
    ("in-progress", Family.ACTIVE),
    ("root cause", Family.ACTIVE),
    ("draft", Family.DRAFT),
    ("design", Family.DRAFT),
    ("proposed", Family.DRAFT),
    ("planned", Family.DRAFT),
    ("planning", Family.DRAFT),
    ("analysis", Family.DRAFT),
    ("prototype", Family.DRAFT),
    ("paused", Family.DRAFT),
    ("deferred", Family.DRAFT),
    ("implementing", Family.ACTIVE),
    ("active", Family.ACTIVE),
    ("wip", Family.ACTIVE),
    ("ready", Family.ACTIVE),
    ("approved", Family.ACTIVE),
    ("accepted", Family.ACTIVE),
    ("partially", Family.ACTIVE),
    ("partial", Family.ACTIVE),
    ("mostly", Family.ACTIVE),
    ("blocked", Family.ACTIVE),
    ("implemented", Family.DONE),
    ("shipped", Family.DONE),
    ("completed", Family.DONE),
    ("complete", Family.DONE),
    ("done", Family.DONE),
    ("fixed", Family.DONE),
    ("landed", Family.DONE),
    ("released", Family.DONE),
    ("superseded", Family.DEAD),
    ("removed", Family.DEAD),
    ("rejected", Family.DEAD),
    ("historical", Family.DEAD),
    ("abandoned", Family.DEAD),
    ("withdrawn", Family.DEAD),
    ("stale", Family.DEAD),
    ("obsolete", Family.DEAD),
    ("reference", Family.REFERENCE),
    ("living", Family.REFERENCE),
    ("retrospective", Family.REFERENCE),
)
_MAX_VALUE_LINES = 40  # a field without an end is cut here

_FIELD = re.compile(
    r"^(?:>\s*)?(?:[-*+]\s+)?(?P<bold>\*\*|__)?status(?:(?P<close>\*\*|__)\s*:|\s*:(?P<after>\*\*|__)?)"
    r"[ \t]*(?P<value>.*)$",
    re.IGNORECASE,
)
_MENTION = "tatu"  # in any field, whatever its case: an s may be a long one
_NEXT_FIELD = re.compile(
    r"^(?:>\s*)?(?:[-*+]\s+)?(?:\*\*|__)[A-Za-z][^*:]{0,40}(?::(?:\*\*|__)|(?:\*\*|__)\s*:|:)|^#"
)
_PLAIN_FIELD = re.compile(r"^(?:>\s*)?[A-Z][A-Za-z ]{1,20}:\s")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def read_status(
    lines: Sequence[str],
    first: int,
    front: Iterable[tuple[str, str, int]] = (),
    words: Sequence[tuple[str, Family]] = (),
) -> Status:
    """Read the Status of a document from its `lines`, which begin at line `first`.

    `lines` are those before the first heading after the title; `front` is the front matter as (key,
    value, line). `words` are tried before the built-in family words.
    """
    text, line = "", 0
    if found := field(lines):
        text, line = found[1], first + found[0]
    for key, value, at in front:
        if not text and key.lower() == "status":
            text, line = value, at
    family = family_of(text, words)
    if family in {Family.UNKNOWN, Family.DRAFT, Family.ACTIVE}:
        for index, stamped, stamp in _stamps(lines):
            if not text:
                text, line = stamp, first + index
            family = stamped
            break
    return Status(text, family, line, _frozen_by(text))


def field(lines: Sequence[str]) -> tuple[int, str] | None:
    """Return the position, from 0, and the value of the first Status field among some lines."""
    may_have = _MENTION in "\n".join(lines).lower()
    return next(_fields(lines), None) if may_have else None


@remembered(1 << 10)
def family_of(text: str, words: Sequence[tuple[str, Family]] = ()) -> Family:
    """Read the family off a Status value; code spans and link targets are not read."""
    clause = _clause(_REVIVED.split(text)[-1])
    table = [*((word.lower(), family) for word, family in words), *FAMILY_WORDS]
    if re.match(r"phase\s+\w+\b", clause):
        return Family.ACTIVE
    if re.match(r"not\s+(?!started)", clause):
        return Family.DRAFT
    leading = next((pair for pair in table if _begins(clause, pair[0])), None)
    if leading and " and " not in clause:
        return leading[1]
    if leading and leading[0] in {"partial", "partially", "mostly", "living", "root cause"}:
        return leading[1]
    last = _last_family(clause, table)
    return last or Family.UNKNOWN


def weigh(status: Status, *, open_leaves: bool, archived: bool) -> Status:
    """Settle a Status with what the plan and the path say."""
    if archived:
        return replace(status, family=Family.DONE, frozen_by="it stands in an archive folder")
    if status.family is Family.DONE and open_leaves and _QUALIFIER.search(_readable(status.text)):
        return replace(status, family=Family.ACTIVE)
    return status


def is_over(status: Status) -> bool:
    """Tell whether open boxes under this Status are frozen."""
    return status.family in {Family.DONE, Family.DEAD} or status.frozen_by != ""


_REVIVED = re.compile(r"(?i)\brevived\b")  # what was said before that is over
_QUALIFIER = re.compile(
    r"(?i)\b(?:gaps?|remain(?:s|ing|der)?|not started|not yet|follow-?ups?|except|excluding"
    r"|(?:phases?|milestones?|waves?|stages?|sprints?)\s+\d|M\d)",
)
_STALE_BOXES = re.compile(
    r"(?i)\bcheck(?:box(?:es)?|lists?)\b[^.]{0,60}"
    r"\b(?:stale|outdated|out of date|historical|not maintained)\b",
)


def _frozen_by(text: str) -> str:
    return "its Status says the checkboxes are stale" if _STALE_BOXES.search(text) else ""


def _fields(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    fence = ""
    for index, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark:
            if not fence:
                fence = mark.group(1)
            elif mark.group(1).startswith(fence):
                fence = ""
        match = None if fence else _FIELD.match(line.strip())
        if match:
            value = match.group("value")
            if match.group("bold") and not (match.group("close") or match.group("after")):
                value = value.replace(match.group("bold"), "", 1)
            yield index, _value(value, lines[index + 1 : index + _MAX_VALUE_LINES])


def _value(first: str, following: Sequence[str]) -> str:
    parts = [first]
    for line in following:
        text = line.strip()
        if not text.lstrip("> ") or _NEXT_FIELD.match(text) or _PLAIN_FIELD.match(text):
            break
        parts.append(text.removeprefix(">").strip())
    return " ".join(part.strip().removesuffix("\\").rstrip() for part in parts).strip()


_STAMP = re.compile(r"(?i)^(historical|superseded|removed|done)\b")


def _stamps(lines: Sequence[str]) -> Iterator[tuple[int, Family, str]]:
    inside = False
    for index, line in enumerate(lines):
        text = line.strip()
        if not text.startswith(">"):
            inside = False
            continue
        words = _words(text.lstrip("> "))
        begins, inside = not inside, True
        if re.match(r"^\[!\w+\]", text.lstrip("> ")):
            inside = False  # an alert's own line; the quote begins below it
            continue
        match = _STAMP.match(words) if begins else None
        if match:
            done = match.group(1).lower() == "done"
            yield index, Family.DONE if done else Family.DEAD, text.lstrip("> ").strip()


_LINK = re.compile(r"\[([^\[\]]*)\]\([^)]{0,500}\)")
_CODE = re.compile(r"(?<!`)(`{1,8})(?!`)[^`]+\1(?!`)")


def _readable(text: str) -> str:
    return _CODE.sub(" ", _LINK.sub(r"\1", text))


def _words(text: str) -> str:
    readable = re.sub(r"\*\*|__|~~|[*_]", "", _readable(text))
    return re.sub(r"^[^\w]+", "", readable)


def _clause(text: str) -> str:
    words = _words(text).lower()
    return re.split(r"[.,;:(—–]|\s-\s|\s{2,}", words, maxsplit=1)[0].strip()


def _begins(clause: str, phrase: str) -> bool:
    return clause.startswith(phrase) and not clause[len(phrase) : len(phrase) + 1].isalnum()


def _last_family(clause: str, table: Sequence[tuple[str, Family]]) -> Family | None:
    best, found = -1, None
    for phrase, family in table:
        for match in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", clause):
            if match.end() > best:
                best, found = match.end(), family
    return found
