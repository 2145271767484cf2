"""Views to tables laid out for a terminal."""

# Theory of operation
#
# 1. Every width is decided here, and every cell cut to it: a row is one line, always. A narrow
#    terminal loses columns in a fixed order, the least asked for first; names lose their folders
#    before they lose their middle.
# 2. The words are those of the plain table; only the layout differs.
# 3. A cell is painted with the blanks that fill it, and the head with the gaps between its words.

from __future__ import annotations

from plantrack.core.clean import width
from plantrack.render import words
from plantrack.render.screen import pad
from plantrack.render.text import table as plain

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from plantrack.core.view import Overview, Standing
    from plantrack.render.screen import Screen

    _Group = tuple[str, Sequence[Standing]]  # its name, its documents in order

_FOLDED = (words.FINISHED, words.NO_CHECKLIST)
_ALARM = "!"
_GAP = 2
_MIN_CELLS = 48  # a narrower terminal wraps, and still shows everything
_ROOMY_CELLS = 72  # from here on: when the plan last changed
_AIRY_CELLS = 94  # and percent, beside a longer bar
_BROAD_CELLS = 106  # and milestones
_WIDE_CELLS = 124  # and remarks in words
_VAST_CELLS = 150  # and a longer bar


def status(view: Overview, screen: Screen, now: datetime, *, every: bool = False) -> str:
    """Show the documents something is next in, a row each, then the sums; `every`: all of them."""
    groups = words.grouped(view.documents)
    shown = [entry for entry in groups if every or entry[0] not in _FOLDED]
    lines = []
    notes: tuple[tuple[str, str], ...] = ()
    if shown:
        columns = _columns(shown, screen, now)
        lines += [line.rstrip() for line in _table(shown, columns, screen)]
        if any(column.title == _ALARM for column in columns):
            notes = ((_ALARM, "worth a look: plantrack status DOC tells why"),)
    lines += plain.summary(view, screen, now, every=every, notes=notes)
    return "\n".join(lines) + "\n"


class _Column:
    """A column of the status table: its cells, cut already, are filled up and painted here."""

    __slots__ = ("cells", "head", "rows", "title")

    def __init__(  # noqa: PLR0913 - each is a word where it is called
        self,
        head: str,
        texts: Iterable[str],
        screen: Screen,
        *,
        style: str = "",
        right: bool = False,
        least: int = 0,
    ) -> None:
        """Make it as wide as its widest cell, and `least` cells wide."""
        shown = tuple(texts)
        self.title = head
        self.cells = max(least, width(head), *map(width, shown))
        fill = self._lead if right else self._pad
        self.head = fill(head)
        self.rows = [screen.paint(fill(text), style) for text in shown]

    def _pad(self, text: str) -> str:
        return pad(text, self.cells)

    def _lead(self, text: str) -> str:
        return " " * (self.cells - width(text)) + text


def _columns(groups: Sequence[_Group], screen: Screen, now: datetime) -> list[_Column]:
    """Choose the columns this screen has room for; the two that are cut share what is left."""
    docs = [doc for _, members in groups for doc in members]
    cells = max(screen.width or 80, _MIN_CELLS)
    middle = [_bars(docs, screen, cells)]

    def add(head: str, texts: Iterable[str], style: str = "") -> None:
        middle.append(_Column(head, texts, screen, style=style, right=True))

    add("steps", (words.ratio_of(doc.leaves_done, doc.leaves_total) for doc in docs))
    if cells >= _BROAD_CELLS:
        add(
            "milestones",
            (words.ratio_of(doc.milestones_done, doc.milestones_total) for doc in docs),
        )
    if cells >= _ROOMY_CELLS:
        times = plain.Times(words.day if screen.verbose else words.ago, now)
        add("changed", (times[doc.last_change] for doc in docs), "faint")
    left = cells - sum(column.cells + _GAP for column in middle)
    remarks = _remarks(docs, screen, left // 3 if cells >= _WIDE_CELLS else 1)
    left -= sum(column.cells + _GAP for column in remarks)
    room = left * 5 // 9
    paths = words.document_names([doc.path for doc in docs], room)
    names = _Column(
        "document",
        (screen.fit_middle(path, room) for path in paths),
        screen,
        style="strong",
        least=max(len(_heading(group)) for group in groups),
    )
    here = (screen.fit(words.stands(doc), left - names.cells - _GAP) for doc in docs)
    return [names, *middle, _Column("now at", here, screen), *remarks]


def _bars(docs: Sequence[Standing], screen: Screen, cells: int) -> _Column:
    length = 16 if cells >= _VAST_CELLS else 10 if cells >= _AIRY_CELLS else 8
    bars = [screen.bar(doc.leaves_done, doc.leaves_total, length) for doc in docs]
    shares = [f" {words.share(doc.leaves_done, doc.leaves_total):>4}" for doc in docs]
    if cells < _AIRY_CELLS:
        shares = [""] * len(docs)
    bare = [
        f"{full}{empty}{share}" if doc.leaves_total else ""
        for doc, (full, empty), share in zip(docs, bars, shares, strict=True)
    ]
    column = _Column("progress", bare, screen)
    for place, (full, empty) in enumerate(bars):
        if bare[place]:
            painted = screen.paint(full, "good") + screen.paint(empty, "faint")
            column.rows[place] = painted + column.rows[place][length:]
    return column


def _remarks(docs: Sequence[Standing], screen: Screen, cells: int) -> list[_Column]:
    """Show remarks in words, or where there is no room for them that there are any."""
    said = [", ".join(words.remarks(doc, outside=False)) for doc in docs]
    if not any(said):
        return []
    if cells > 1:
        fitting = (screen.fit(one, cells) for one in said)
        return [_Column("remarks", fitting, screen, style="warn")]
    alarms = [
        _ALARM if words.warned(doc.codes, doc.frozen, doc.left_behind) else "" for doc in docs
    ]
    return [_Column(_ALARM, alarms, screen, style="warn")] if any(alarms) else []


def _heading(group: _Group) -> str:
    name, members = group
    return f"{name} ({len(members)})"


def _table(groups: Sequence[_Group], columns: Sequence[_Column], screen: Screen) -> Iterator[str]:
    """Yield the lines of the table; blanks may be left at their ends."""
    gap = " " * _GAP
    heads = [screen.paint(column.head, "faint") for column in columns]
    yield screen.paint(gap, "faint").join(heads)
    rows = map(gap.join, zip(*(column.rows for column in columns), strict=True))
    for group in groups:
        yield screen.paint(pad(_heading(group), columns[0].cells), "faint")
        for _ in group[1]:
            yield next(rows)
        yield ""
