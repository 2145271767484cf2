"""What changed in the plans to text, newest first, one revision after the other."""

# Theory of operation
#
# 1. A revision is told once, its changes below it. A pipe gets every one of them.
# 2. A screen is spared the many of a kind that one revision did to one document: a few are shown
#    and the rest is counted, unless everything is asked for.

from __future__ import annotations

from itertools import groupby

from plantrack.render import past_words, words
from plantrack.render.text.rows import Row, laid_out

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.past_view import ChangeView, Logged, LogView, RevisionView
    from plantrack.render.screen import Screen

MAX_ALIKE = 5  # changes of a kind, by one revision in one document, shown on a screen
_SHOWN_ALIKE = 3  # when there are more
_RIGHT = frozenset[int]()
_INDENT = 2


def log(view: LogView, screen: Screen, now: datetime) -> str:
    """Show revisions with their changes."""
    if not view.entries:
        return "no change to any plan\n"
    lines: list[str] = []
    for entry in view.entries:
        lines += [_head(entry.revision, screen, now), *_changes(entry, screen), ""]
    if view.has_more:
        lines.append(screen.paint("there are older changes: --limit N shows more", "faint"))
    else:
        lines.pop()
    return "\n".join(lines) + "\n"


def when(revision: RevisionView, screen: Screen, now: datetime) -> str:
    """Say when a revision was made, or that it is none."""
    if screen.verbose:
        return words.moment(revision.time, now)
    ago = words.ago(revision.time, now)
    return ago if ago in ("", "now") else f"{ago} ago"


def _head(revision: RevisionView, screen: Screen, now: datetime) -> str:
    name = past_words.revision(revision)
    style = "warn" if revision.is_present else "ref"
    facts = [when(revision, screen, now), past_words.who(revision.author), revision.subject]
    said = "  ".join(fact for fact in facts if fact)
    room = None if screen.width is None else max(screen.width - len(name) - 2, 16)
    return f"{screen.paint(name, style)}  {screen.paint(screen.fit(said, room), 'strong')}".rstrip()


def _changes(entry: Logged, screen: Screen) -> Iterator[str]:
    rows: list[Row] = []
    for _, group in groupby(entry.changes, key=lambda one: (one.path, _word(one))):
        alike = tuple(group)
        folded = screen.width is not None and not screen.verbose and len(alike) > MAX_ALIKE
        rows += [_row(one, screen) for one in (alike[:_SHOWN_ALIKE] if folded else alike)]
        if folded:
            rows.append(_rest(alike, screen))
    yield from laid_out(rows, screen, indent=_INDENT, right=_RIGHT)


def _word(change: ChangeView) -> str:
    return past_words.happened(change.kind, change.reason, change.state_after)


def _row(change: ChangeView, screen: Screen) -> Row:
    word = _word(change)
    was = past_words.text(change.text_before, None)
    text = past_words.text(change.text_before, change.text_after)
    below = (f"was: {was}",) if change.kind == "reworded" and was != text else ()
    return Row((word, change.id, _place(change, screen)), text, past_words.style(word), below)


def _place(change: ChangeView, screen: Screen) -> str:
    path = change.path
    if screen.width is None:
        return f"{screen.say(path)}:{change.line}"
    cells = max(screen.width // 3 - 6, 12)
    (name,) = words.document_names([path], cells)
    return f"{screen.fit_middle(name, cells)}:{change.line}"


def _rest(alike: Sequence[ChangeView], screen: Screen) -> Row:
    first = alike[0]
    count = len(alike) - _SHOWN_ALIKE
    text = f"{count} more in {screen.say(first.path)} (-v shows them)"
    return Row((_word(first), "", ""), text, past_words.style(_word(first)))
