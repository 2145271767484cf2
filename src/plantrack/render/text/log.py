"""What changed in the plans to text, newest first, one revision after the other."""

# Theory of operation
#
# 1. A revision is told once, what it did to each item below it: a row an item. A pipe gets every
#    one of them, with its path and line.
# 2. A screen is told each document once, and spared the many of a kind that one revision did to it:
#    a few are shown and the rest is counted, unless everything is asked for.
# 3. Of the life of a single item more is told: its texts are what is looked for.
# 4. When a work tree had a change first is told only when everything is asked for.

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from plantrack.core.model import State
from plantrack.render import past_words, words
from plantrack.render.screen import wrap
from plantrack.render.text.rows import Row, laid_out, spared

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.past_view import ChangeView, Logged, LogView, RevisionView
    from plantrack.render.screen import Screen

NO_HISTORY = "no history yet: nothing was ever written into a plan here"
NOTHING_FITS = "no change fits what was asked for"

_RIGHT = frozenset({2})
_INDENT = 2
_MIN_CELLS = 16
_MOST_LINES = 4  # of a text in the life of one item


def log(view: LogView, screen: Screen, now: datetime) -> str:
    """Show revisions with their changes."""
    if not view.entries:
        return f"{NOTHING_FITS if view.is_narrowed else NO_HISTORY}\n"
    changes = [change for entry in view.entries for change in entry.changes]
    paths = tuple(dict.fromkeys(change.path for change in changes))
    shape = _Shape(
        named=paths if screen.width is not None and len(paths) == 1 else (),
        most=_MOST_LINES if len({change.id for change in changes}) == 1 else 1,
    )
    lines: list[str] = []
    for path in shape.named:
        lines += [screen.paint(screen.fit_middle(path, screen.width), "ref"), ""]
    for entry in view.entries:
        lines += [*_entry(entry, screen, now, shape), ""]
    if view.has_more:
        more = "there are older changes: --limit N shows more, --since and --until pick a time"
        lines += (screen.paint(line, "faint") for line in wrap(more, screen.width))
    else:
        lines.pop()
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is the same for all revisions of a log."""

    named: tuple[str, ...]  # the one document all of it is about, named once; () there are more
    most: int  # lines of a text


def _entry(entry: Logged, screen: Screen, now: datetime, shape: _Shape) -> Iterator[str]:
    yield _head(entry.revision, screen, now)
    if screen.width is None:
        told = [_row(one, screen, now) for one in entry.by_item]
        yield from laid_out(told, screen, indent=_INDENT)
        return
    rows = list(_rows(entry, screen, now, shape.named))
    indent = _INDENT if shape.named else 2 * _INDENT
    yield from laid_out(rows, screen, indent=indent, right=_RIGHT, most=shape.most)


def _head(revision: RevisionView, screen: Screen, now: datetime) -> str:
    name = past_words.revision(revision)
    style = "warn" if revision.is_present else "ref"
    facts = [_when(revision, screen, now), past_words.who(revision.author), revision.subject]
    said = "  ".join(fact for fact in facts if fact)
    room = None if screen.width is None else max(screen.width - len(name) - 2, _MIN_CELLS)
    return f"{screen.paint(name, style)}  {screen.paint(screen.fit(said, room), 'strong')}".rstrip()


def _when(revision: RevisionView, screen: Screen, now: datetime) -> str:
    """Say when a revision was made, or that it is none."""
    if screen.verbose:
        return words.moment(revision.time, now)
    return words.since(revision.time, now)


def _rows(entry: Logged, screen: Screen, now: datetime, named: Sequence[str]) -> Iterator[Row]:
    """Give the rows of a revision; documents that were not `named` yet open with their names."""
    room = None if screen.width is None else max(screen.width - _INDENT, _MIN_CELLS)
    for path, group in groupby(entry.by_item, key=lambda changes: changes[0].path):
        first, *others = spared([_row(changes, screen, now) for changes in group], screen)
        if path not in named:
            name = screen.paint(screen.fit_middle(path, room), "ref")
            first = replace(first, above=(f"{' ' * _INDENT}{name}",))
        yield from (first, *others)


def _row(changes: Sequence[ChangeView], screen: Screen, now: datetime) -> Row:
    last = changes[-1]
    word = past_words.all_happened(changes)
    was = past_words.all_was(changes)
    below = [f"was: {was}"] if was else []
    below += (f"note: {note}" for note in past_words.notes(changes))
    if screen.verbose:
        seen = dict.fromkeys(one.seen for one in changes if one.seen is not None)
        below += (f"seen: {words.moment(one, now)}" for one in seen)
    place = f"{screen.say(last.path)}:{last.line}" if screen.width is None else str(last.line)
    return Row(
        (word, last.id, place),
        past_words.text(last.text_before, last.text_after),
        past_words.style(word),
        below=tuple(below),
        was_open=last.state_after is None and last.state_before in (State.TODO, State.DOING),
    )
