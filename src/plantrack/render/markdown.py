"""Views of the past to Markdown: what is pasted into a report or a pull request."""

# Theory of operation
#
# 1. Texts come out of other people's documents, and what they become is shown by whoever it is
#    pasted to. So every sign that Markdown or HTML gives a meaning is escaped; nothing links,
#    mentions or embeds anything. Code alone stays code: nothing in it means anything.
# 2. Nothing is cut: the many changes of one document are there, folded.
# 3. A commit is named as it is, so that the host can link it.

from __future__ import annotations

import re
from itertools import groupby

from plantrack.core.clean import clean
from plantrack.render import past_words, words
from plantrack.render.text import diff as plain_diff
from plantrack.render.text.log import NO_HISTORY, NOTHING_FITS

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.past_view import (
        ChangeView,
        DiffDocument,
        DiffItem,
        DiffView,
        End,
        Logged,
        LogView,
    )

MAX_SHOWN = 8  # changes of one document; more are folded

_HEADING = "### Plan changes"
_TICKS = re.compile(r"`+")
_ESCAPED = str.maketrans({sign: f"\\{sign}" for sign in "\\`*[]~$"})
_EDGES = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # of emphasis; inside of a word it is none
_ENTITIES = str.maketrans({"<": "&lt;", ">": "&gt;", "&": "&amp;"})
# What a host makes of these after Markdown is through, no backslash prevents.
_REFERENCES = (
    (re.compile("@"), "@<!-- -->"),
    (re.compile(r"#(?=\w)"), "#<!-- -->"),
    (re.compile(r"\b(gh)-(?=\d)", re.IGNORECASE), r"\1-<!-- -->"),
    (re.compile("://"), ":<!-- -->//"),
    (re.compile(r"\b(www)\.", re.IGNORECASE), r"\1<!-- -->."),
)


def diff(view: DiffView) -> str:
    """Show what differs as a list a document, ready for a pull request."""
    about = f"{_end(view.before)} to {_end(view.after)}: {plain_diff.summary(view)}"
    lines = [_HEADING, "", about]
    for document in view.documents:
        lines += ["", *_document(document)]
    return "\n".join(lines) + "\n"


def log(view: LogView, now: datetime) -> str:
    """Report what changed, newest first: the sums, then a list a document of each revision."""
    times = [entry.revision.time for entry in view.entries]
    days = sorted({words.day(time, now) for time in times} - {""})
    when = f", {' to '.join(dict.fromkeys((days[0], days[-1])))}" if days else ""
    lines = [f"{_HEADING}{when}", "", _sums(view)]
    for entry in view.entries:
        lines += ["", *_entry(entry, now)]
    if view.has_more:
        lines += ["", "There are older changes."]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Write any text so that Markdown shows it as it is, on one line."""
    found = _EDGES.sub(r"\\_", clean(text).translate(_ESCAPED)).translate(_ENTITIES)
    for pattern, broken in _REFERENCES:
        found = pattern.sub(broken, found)
    return found


def code(text: str) -> str:
    """Write any text as code, on one line."""
    shown = clean(text)
    ticks = "`" * (1 + max(map(len, _TICKS.findall(shown)), default=0))
    gap = " " if "`" in (shown[:1], shown[-1:]) or not shown.strip() else ""
    return f"{ticks}{gap}{shown}{gap}{ticks}"


def prose(text: str) -> str:
    """Write a text of a document: its code as code, all else as it is."""
    shown = clean(text)
    parts = []
    at = 0
    for start, end, ticks in _code_spans(shown):
        parts += [escaped(shown[at:start]), code(shown[start + ticks : end - ticks].strip())]
        at = end
    return "".join((*parts, escaped(shown[at:])))


def _code_spans(text: str) -> Iterator[tuple[int, int, int]]:
    """Find what stands between two runs of as many backticks: start, end, how many."""
    runs = [run.span() for run in _TICKS.finditer(text)]
    closing: list[int | None] = []
    place_by_length: dict[int, int] = {}
    for place in range(len(runs) - 1, -1, -1):
        start, end = runs[place]
        closing.append(place_by_length.get(end - start))
        place_by_length[end - start] = place
    closing.reverse()
    place = 0
    while place < len(runs):
        other = closing[place]
        if other is not None and text[runs[place][1] : runs[other][0]].strip():
            start, end = runs[place]
            yield start, runs[other][1], end - start
            place = other
        place += 1


# --- diff -----------------------------------------------------------------------------------------


def _end(one: End) -> str:
    told = past_words.end(one.name, one.commit)
    return code(one.name) + escaped(told[len(one.name) :]) if one.name else told


def _document(document: DiffDocument) -> Iterator[str]:
    yield from _listed(
        plain_diff.name(document), plain_diff.progress(document), list(map(_item, document.items))
    )


def _item(item: DiffItem) -> str:
    word = past_words.item_happened(item) or "same"
    return _line(word, past_words.item_was(item), item.text_before, item.text_after)


# --- log ------------------------------------------------------------------------------------------


def _sums(view: LogView) -> str:
    told = [past_words.all_happened(one) for entry in view.entries for one in entry.by_item]
    if not told:
        return f"{(NOTHING_FITS if view.is_narrowed else NO_HISTORY).capitalize()}."
    return f"{past_words.summary(told)} in {words.number(len(view.entries), 'revision')}"


def _entry(entry: Logged, now: datetime) -> Iterator[str]:
    revision = entry.revision
    facts = [revision.subject, past_words.who(revision.author), words.day(revision.time, now)]
    told = ", ".join(escaped(fact) for fact in facts if fact)
    yield f"**{past_words.revision(revision)}** {told}".rstrip()
    for path, group in groupby(entry.by_item, key=lambda changes: changes[0].path):
        yield ""
        yield from _listed(path, "", list(map(_changes, group)))


def _changes(changes: Sequence[ChangeView]) -> str:
    word, was = past_words.all_happened(changes), past_words.all_was(changes)
    line = _line(word, was, changes[0].text_before, changes[-1].text_after)
    return line + "".join(f"<br>note: {escaped(note)}" for note in past_words.notes(changes))


# --- both -----------------------------------------------------------------------------------------


def _listed(name: str, about: str, items: Sequence[str]) -> Iterator[str]:
    """Write a list under the name of a document; a long one is folded."""
    if len(items) <= MAX_SHOWN:
        yield f"{code(name)} {about}".rstrip()
        if items:
            yield ""
        yield from items
        return
    shown = f"<code>{clean(name).translate(_ENTITIES)}</code>"
    told = f"{about}, {len(items)} changes" if about else f"{len(items)} changes"
    yield f"<details><summary>{shown} {told}</summary>"
    yield ""
    yield from items
    yield ""
    yield "</details>"


def _line(word: str, was: str, before: str | None, after: str | None) -> str:
    text = prose(past_words.text(before, after))
    if after is None and word != past_words.FINALISED:
        return f"- **{word}** <del>{text}</del>"
    return f"- **{word}** {text}" + (f"<br>was: {prose(was)}" if was else "")
