"""Views to tables laid out by rich, for a terminal."""

# Theory of operation
#
# 1. rich is given nothing but Text, so that no document can speak its markup.
# 2. Every width is decided here, and every cell cut to it: a row is one line, always. A narrow
#    terminal loses columns in a fixed order, the least asked for first; names lose their folders
#    before they lose their middle.
# 3. The words are those of the plain table; only the layout differs.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from plantrack.core.clean import width
from plantrack.render import words
from plantrack.render.text import table as plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from plantrack.core.view import DocView, StatusView
    from plantrack.render.screen import Screen

    _Group = tuple[str, Sequence[DocView]]  # its name, its documents in order

_RICH = {"strong": "bold", "faint": "dim", "good": "green", "warn": "yellow"}
_FOLDED = (words.FINISHED, words.NO_CHECKLIST)
_ALARM = "!"
_GAP = 2
_MIN_CELLS = 48  # a narrower terminal wraps, and still shows everything
_ROOMY_CELLS = 72  # from here on: when the plan last changed
_AIRY_CELLS = 94  # and percent, beside a longer bar
_BROAD_CELLS = 106  # and milestones
_WIDE_CELLS = 124  # and remarks in words
_VAST_CELLS = 150  # and a longer bar


def status(view: StatusView, screen: Screen, now: datetime, *, every: bool = False) -> str:
    """Show the documents something is next in, a row each, then the sums; `every`: all of them."""
    groups = words.grouped(view.documents)
    shown = [entry for entry in groups if every or entry[0] not in _FOLDED]
    lines = []
    notes: tuple[tuple[str, str], ...] = ()
    if shown:
        columns = _columns(shown, screen, now)
        lines.append(_printed(_table(shown, columns), columns, screen))
        if any(column.head == _ALARM for column in columns):
            notes = ((_ALARM, "worth a look: plantrack status DOC tells why"),)
    lines += plain.summary(view, screen, now, every=every, notes=notes)
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the status table."""

    head: str
    texts: tuple[Text, ...]  # one a document, cut already
    right: bool = False
    least: int = 0

    @property
    def cells(self) -> int:
        """Tell how wide the column is."""
        return max(self.least, width(self.head), *(width(text.plain) for text in self.texts))


def _columns(groups: Sequence[_Group], screen: Screen, now: datetime) -> list[_Column]:
    """Choose the columns this screen has room for; the two that are cut share what is left."""
    docs = [doc for _, members in groups for doc in members]
    cells = max(screen.width or 80, _MIN_CELLS)
    middle = [
        _bars(docs, screen, cells),
        _column("steps", map(words.ratio, (doc.leaves for doc in docs)), right=True),
    ]
    if cells >= _BROAD_CELLS:
        ratios = map(words.ratio, (doc.milestones for doc in docs))
        middle.append(_column("milestones", ratios, right=True))
    if cells >= _ROOMY_CELLS:
        when = words.day if screen.verbose else words.ago
        times = (when(doc.last_change, now) for doc in docs)
        middle.append(_column("changed", times, style="faint", right=True))
    left = cells - sum(column.cells + _GAP for column in middle)
    remarks = _remarks(docs, screen, left // 3 if cells >= _WIDE_CELLS else 1)
    left -= sum(column.cells + _GAP for column in remarks)
    room = left * 5 // 9
    paths = words.document_names([doc.path for doc in docs], room)
    names = _column("document", (screen.fit_middle(path, room) for path in paths), style="strong")
    names = _Column(names.head, names.texts, least=max(len(_heading(group)) for group in groups))
    here = (screen.fit(words.here(doc), left - names.cells - _GAP) for doc in docs)
    return [names, *middle, _column("now at", here), *remarks]


def _bars(docs: Sequence[DocView], screen: Screen, cells: int) -> _Column:
    length = 16 if cells >= _VAST_CELLS else 10 if cells >= _AIRY_CELLS else 8
    texts = []
    for doc in docs:
        full, empty = screen.bar(doc.leaves.done, doc.leaves.total, length)
        text = Text.assemble((full, _RICH["good"]), (empty, _RICH["faint"]))
        if not doc.leaves.total:
            text = Text("")
        elif cells >= _AIRY_CELLS:
            text.append(f" {words.percent(doc.leaves):>4}")
        texts.append(text)
    return _Column("progress", tuple(texts))


def _remarks(docs: Sequence[DocView], screen: Screen, cells: int) -> list[_Column]:
    """Show remarks in words, or where there is no room for them that there are any."""
    said = [", ".join((*words.warnings(doc), *words.beside(doc))) for doc in docs]
    if not any(said):
        return []
    if cells > 1:
        return [_column("remarks", (screen.fit(one, cells) for one in said), style="warn")]
    alarms = [_ALARM if words.warnings(doc) else "" for doc in docs]
    return [_column(_ALARM, alarms, style="warn")] if any(alarms) else []


def _column(head: str, texts: Iterable[str], *, style: str = "", right: bool = False) -> _Column:
    return _Column(head, tuple(Text(text, _RICH.get(style, "")) for text in texts), right)


def _heading(group: _Group) -> str:
    name, members = group
    return f"{name} ({len(members)})"


def _table(groups: Sequence[_Group], columns: Sequence[_Column]) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style=_RICH["faint"])
    for column in columns:
        table.add_column(
            Text(column.head),
            width=column.cells,
            justify="right" if column.right else "left",
            no_wrap=True,
        )
    row = 0
    for group in groups:
        table.add_row(Text(_heading(group), _RICH["faint"]))
        for _ in group[1]:
            table.add_row(*(column.texts[row] for column in columns))
            row += 1
        table.add_row()
    return table


def _printed(table: Table, columns: Sequence[_Column], screen: Screen) -> str:
    """Let rich lay the table out as wide as it is, whatever the environment says."""
    console = Console(
        width=sum(column.cells + _GAP for column in columns),
        color_system="standard" if screen.colour else None,
        force_terminal=True,
        no_color=not screen.colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().split("\n")[:-1])
