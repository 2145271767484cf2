"""Views of the past to Markdown: what is pasted into a report or a pull request."""

# Theory of operation
#
# 1. Texts come out of other people's documents, and what they become is shown by whoever it is
#    pasted to. So every sign that Markdown or HTML gives a meaning is escaped; nothing links,
#    mentions or embeds anything.
# 2. Nothing is cut: the reader folds.

from __future__ import annotations

from plantrack.core.clean import clean
from plantrack.render import past_words, words
from plantrack.render.text import diff as plain_diff

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from plantrack.core.past_view import (
        ChangeView,
        DiffDocument,
        DiffItem,
        DiffView,
        Logged,
        LogView,
    )

_ESCAPED = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_{}[]()+!|~$^"}
    | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
    # What a host makes of these after Markdown is through, no backslash prevents.
    | {"@": "@<!-- -->", "#": "\\#<!-- -->"}
)
_LINKS = ("://", ":<!-- -->//"), ("www.", "www<!-- -->.")


def diff(view: DiffView) -> str:
    """Show what differs as a list a document, ready for a pull request."""
    lines = [f"**Plan changes**, {escaped(plain_diff.heading(view))}"]
    if not view.documents:
        lines += ["", "No plan differs."]
    for document in view.documents:
        lines += ["", *_document(document)]
    return "\n".join(lines) + "\n"


def log(view: LogView, now: datetime) -> str:
    """Report what changed, newest first, a list a revision."""
    lines = ["**Plan changes**"]
    if not view.entries:
        lines += ["", "No plan changed."]
    for entry in view.entries:
        lines += ["", *_entry(entry, now)]
    if view.has_more:
        lines += ["", "There are older changes."]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Write any text so that Markdown shows it as it is, on one line."""
    found = clean(text).translate(_ESCAPED)
    for sign, broken in _LINKS:
        found = found.replace(sign, broken)
    return found


def _document(document: DiffDocument) -> Iterator[str]:
    name = escaped(plain_diff.name(document))
    yield f"**{name}**: {plain_diff.progress(document)}"
    yield ""
    yield from map(_item, document.items)


def _item(item: DiffItem) -> str:
    word = past_words.item_happened(item) or "same"
    before = words.plain(item.text_before or "")
    after = words.plain(item.text_after or "")
    if item.text_after is None:
        return f"- {word}: <del>{escaped(before)}</del>"
    was = f" (was: {escaped(before)})" if item.text_before is not None and before != after else ""
    return f"- {word}: {escaped(after)}{was}"


def _entry(entry: Logged, now: datetime) -> Iterator[str]:
    revision = entry.revision
    when = words.moment(revision.time, now)[: len("2026-01-01 12:00")]
    facts = [past_words.revision(revision), when, past_words.who(revision.author), revision.subject]
    yield ", ".join(
        f"**{escaped(fact)}**" if not place else escaped(fact)
        for place, fact in enumerate(facts)
        if fact
    )
    yield ""
    for change in entry.changes:
        yield _change(change)


def _change(change: ChangeView) -> str:
    word = past_words.happened(change.kind, change.reason, change.state_after)
    text = escaped(past_words.text(change.text_before, change.text_after))
    place = escaped(f"{change.path}:{change.line}")
    return f"- {word}: {text} ({place})"
