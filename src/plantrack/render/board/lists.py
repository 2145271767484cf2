"""Documents in work and latest changes to rows of a board, each as wide as its column."""

# Theory of operation
#
# 1. A row is one line. What a narrow column has no room for goes in a fixed order, the least asked
#    for first; a document's name loses its folders before it loses its middle.
# 2. What a colour says, a sign says too: selected, just changed, not committed.
# 3. Of what one revision did to one document, many of a kind are one row.

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, assert_never

from plantrack.core.board_view import Filter, Sort, flashes, latest, listed
from plantrack.core.clean import width
from plantrack.render import past_words, words
from plantrack.render.board.layout import Panel, heading
from plantrack.render.screen import pad, wrap
from plantrack.render.text.log import NO_HISTORY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.board_view import BoardView, Choice, Latest
    from plantrack.core.view import DocView
    from plantrack.render.screen import Screen

_TITLES = {
    Filter.WORK: "In work",
    Filter.ALL: "Documents",
    Filter.FINDINGS: "With findings",
    Filter.CHANGED: "Not committed",
}
_SIGN_CELLS = 3
_GAP = "  "
_BARS = ((90, 16), (68, 10), (44, 6))  # from so many cells of a column on: cells of a bar
_AGED_CELLS = 52  # a narrower row tells no time
_PLACED_CELLS = 46  # a narrower one no document of a change
_SIGNED_CELLS = 84  # a narrower one no author
_AGE_CELLS = 6  # always, so that nothing moves when something gets older
_MIN_NAME, _MIN_HERE = 16, 12
_MOST_WHO = 18
_MOST_ALIKE = 3
_SHOWN_ALIKE = 2  # when there are more


# --- documents ------------------------------------------------------------------------------------


def documents(view: BoardView, choice: Choice, screen: Screen, now: datetime) -> Panel:
    """List the documents that are chosen, a row each, around the selected one."""
    docs = listed(view, choice)

    def draw(lines: int) -> Iterator[str]:
        yield heading(_TITLES[choice.filter], screen, fact=_fact(view, choice, len(docs)))
        if not docs:
            yield from wrap(screen.say(_why_none(choice)), screen.width)
            return
        start, end = _window(docs, choice, lines - 1)
        yield from _Rows(view, choice, screen, now).of(docs[start:end])
        if end - start < len(docs):
            more = f"{len(docs) - (end - start)} more"
            yield screen.paint(screen.fit(f"{' ' * _SIGN_CELLS}{more}", screen.width), "faint")

    return Panel(draw, least=3, enough=min(len(docs) + 1, 7), most=max(len(docs), 2) + 1)


def _fact(view: BoardView, choice: Choice, count: int) -> str:
    search = choice.search if choice.typed is None else choice.typed
    facts = [f"{count} of {len(view.documents)}"]
    facts += [f"by {choice.sort}"] if choice.sort is not Sort.WORK else []
    facts += [f"/{search}"] if search else []
    return ", ".join(facts)


def _why_none(choice: Choice) -> str:
    search = choice.search if choice.typed is None else choice.typed
    if search:
        return f"Nothing here says “{search}”."
    match choice.filter:
        case Filter.WORK | Filter.ALL:  # of all, something is always listed
            return "Nothing is in work."
        case Filter.FINDINGS:
            return "No plan needs a look."
        case Filter.CHANGED:
            return "Every change in a plan is committed."
        case _ as never:
            assert_never(never)


def _window(docs: Sequence[DocView], choice: Choice, lines: int) -> tuple[int, int]:
    """Choose what is shown of a list that may be longer: the selected one is among it."""
    if len(docs) <= lines:
        return 0, len(docs)
    room = max(lines - 1, 1)
    place = next((at for at, doc in enumerate(docs) if doc.path == choice.selected), 0)
    start = min(max(place - room // 2, 0), len(docs) - room)
    return start, start + room


class _Rows:
    """Rows of documents, with the columns there is room for."""

    def __init__(self, view: BoardView, choice: Choice, screen: Screen, now: datetime) -> None:
        self._view = view
        self._choice = choice
        self._screen = screen
        self._now = now
        self._cells = screen.width or 0

    def of(self, docs: Sequence[DocView]) -> Iterator[str]:
        ages = [self._age(doc) for doc in docs]
        ratios = [words.ratio(doc.leaves) for doc in docs]
        alarms = ["!" if words.warnings(doc) else "" for doc in docs]
        tail = sum(max(map(len, column)) + 2 for column in (ratios, ages, alarms) if any(column))
        bar = next((cells for least, cells in _BARS if self._cells >= least), 0)
        left = max(self._cells - _SIGN_CELLS - tail - (bar + 2 if bar else 0), 1)
        names = self._names(docs, left)
        widest = max(map(width, names))
        for doc, name, age, ratio, alarm in zip(docs, names, ages, ratios, alarms, strict=True):
            style = self._style(doc)
            line = self._signs(doc) + self._screen.paint(name, style) + " " * (widest - width(name))
            line += self._bar(doc, bar)
            line += f"{_GAP}{ratio:>{max(map(len, ratios))}}" if any(ratios) else ""
            line += f"{_GAP}{self._screen.paint(age, 'faint')}" if any(ages) else ""
            if any(alarms):
                line += f"{_GAP}{self._screen.paint(alarm, 'warn') or ' '}"
            room = left - widest - 2
            here = self._screen.fit(words.here(doc), room) if room >= _MIN_HERE else ""
            yield f"{line}{_GAP}{here}".rstrip()

    def _age(self, doc: DocView) -> str:
        if self._cells < _AGED_CELLS:
            return ""
        return f"{words.ago(doc.last_change, self._now):>{_AGE_CELLS}}"

    def _names(self, docs: Sequence[DocView], left: int) -> list[str]:
        room = max(left * 4 // 9, _MIN_NAME)
        room = room if left - room - len(_GAP) >= _MIN_HERE else left
        # Named among all, so that scrolling does not rename them.
        names = _names(tuple(doc.path for doc in self._view.documents), room)
        return [self._screen.fit_middle(names[doc.path], room) for doc in docs]

    def _signs(self, doc: DocView) -> str:
        screen = self._screen
        is_selected = doc.path == self._choice.selected
        state = " "
        if flashes(self._choice, doc.path):
            state = screen.flash
        elif doc.path in self._view.uncommitted:
            state = screen.changed
        return screen.paint(f"{screen.arrow if is_selected else ' '}{state}", "here") + " "

    def _style(self, doc: DocView) -> str:
        if flashes(self._choice, doc.path):
            return "flash"
        return "here" if doc.path == self._choice.selected else ""

    def _bar(self, doc: DocView, cells: int) -> str:
        if not cells or not doc.leaves.total:
            return " " * (cells + 2 if cells else 0)
        full, empty = self._screen.bar(doc.leaves.done, doc.leaves.total, cells)
        return f"{_GAP}{self._screen.paint(full, 'good')}{self._screen.paint(empty, 'faint')}"


@lru_cache(maxsize=4)
def _names(paths: tuple[str, ...], cells: int) -> dict[str, str]:
    """Name documents, by path; remembered, since frames follow one another."""
    return dict(zip(paths, words.document_names(paths, cells), strict=True))


# --- changes --------------------------------------------------------------------------------------


def changes(
    view: BoardView, choice: Choice, screen: Screen, now: datetime, *, path: str = ""
) -> Panel:
    """List what changed last, newest first; of one document, or with "" of all."""
    found = [one for one in latest(view.changes) if path in ("", one.changes[0].path)]
    parts = list(_parts(found))

    def draw(lines: int) -> Iterator[str]:
        yield heading("Latest changes", screen)
        if parts[: lines - 1]:
            rows = [_Row(part, choice, screen, now) for part in parts[: lines - 1]]
            yield from _laid_out(rows, screen, is_of_one=bool(path))
        else:
            told = _nothing_yet(view, now, path)
            yield from (screen.paint(line, "faint") for line in wrap(told, screen.width))

    return Panel(draw, least=3, enough=min(len(parts) + 1, 6), most=max(len(parts), 2) + 1)


def _nothing_yet(view: BoardView, now: datetime, path: str) -> str:
    if view.watched_since is not None:
        return f"nothing changed yet; watching since {words.since(view.watched_since, now)}"
    return "nothing of it is among the latest changes" if path else NO_HISTORY


def _parts(found: Sequence[Latest]) -> Iterator[tuple[Latest, ...]]:
    """Put together what is told in one row: an item, or many of a kind."""
    for _, group in groupby(found, key=_kind):
        alike = tuple(group)
        if len(alike) <= _MOST_ALIKE:
            yield from ((one,) for one in alike)
        else:
            yield from ((one,) for one in alike[:_SHOWN_ALIKE])
            yield alike[_SHOWN_ALIKE:]


def _kind(one: Latest) -> tuple[object, str, str]:
    return one.revision, one.changes[0].path, past_words.all_happened(one.changes)


class _Row:
    """One row of the latest changes, as its cells."""

    def __init__(
        self, part: tuple[Latest, ...], choice: Choice, screen: Screen, now: datetime
    ) -> None:
        first = part[0]
        change = first.changes[-1]
        self.path = change.path
        self.age = words.ago(first.time, now)
        self.word = past_words.all_happened(first.changes)
        text = past_words.text(change.text_before, change.text_after)
        self.text = f"{len(part)} more" if part[1:] else text
        self.is_more = bool(part[1:])
        self.flashes = any(flashes(choice, change.id) for one in part for change in one.changes)
        revision = first.revision
        self.is_present = revision.is_present
        who = past_words.UNCOMMITTED if revision.is_present else past_words.who(revision.author)
        self.who = screen.fit(who, _MOST_WHO)


def _laid_out(rows: Sequence[_Row], screen: Screen, *, is_of_one: bool) -> Iterator[str]:
    cells = screen.width or 0
    ages = max(_AGE_CELLS, *(len(row.age) for row in rows))
    told = min(max(len(row.word) for row in rows), max(cells // 4, 8))
    whose = max(width(row.who) for row in rows) if cells >= _SIGNED_CELLS else 0
    left = cells - 2 - ages - 2 - told - 2 - (whose + 2 if whose else 0)
    names: Sequence[str] = [""] * len(rows)
    if cells >= _PLACED_CELLS and not is_of_one:
        room = left // 3
        paths = dict.fromkeys(row.path for row in rows)
        short = dict(zip(paths, words.document_names(tuple(paths), room), strict=True))
        names = [screen.fit_middle(short[row.path], room) for row in rows]
    named = max(map(width, names))
    left -= named + 2 if named else 0
    for row, name in zip(rows, names, strict=True):
        sign = screen.flash if row.flashes else screen.changed if row.is_present else " "
        text = screen.fit(row.text, max(left, 1))
        line = screen.paint(sign, "here") + " " + screen.paint(f"{row.age:>{ages}}", "faint")
        word = screen.fit(row.word, told)
        line += f"  {screen.paint(word, past_words.style(row.word))}{' ' * (told - width(word))}"
        line += f"  {screen.paint(pad(name, named), 'ref')}" if named else ""
        style = "flash" if row.flashes else "faint" if row.is_more else ""
        line += f"  {screen.paint(text, style)}"
        if whose:
            line += " " * (max(left, 1) - width(text)) + f"  {screen.paint(row.who, 'faint')}"
        yield line.rstrip()
