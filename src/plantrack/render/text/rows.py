"""Rows of a few narrow cells and one text, each cut or wrapped to the screen."""

from __future__ import annotations

from dataclasses import dataclass

from plantrack.core.clean import width
from plantrack.render.screen import pad, wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.render.screen import Screen

_MIN_TEXT_CELLS = 16
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a listing, and what stands below it."""

    cells: tuple[str, ...]  # clean
    text: str  # any text; cut to the screen, or with everything asked for, wrapped
    style: str = ""  # of the first cell
    below: tuple[str, ...] = ()  # any texts, each on a line of its own below the text


def laid_out(
    rows: Sequence[Row], screen: Screen, *, indent: int = 0, right: frozenset[int] = frozenset()
) -> Iterator[str]:
    """Yield the lines of rows, their cells in columns; those in `right` align at their end.

    A column in which no row says anything is left out.
    """
    kept = [place for place in range(len(rows[0].cells)) if any(row.cells[place] for row in rows)]
    widest = [max(width(row.cells[place]) for row in rows) for place in kept]
    hang = indent + sum(widest) + len(_GAP) * len(kept)
    room = None if screen.width is None else max(screen.width - hang, _MIN_TEXT_CELLS)
    for row in rows:
        cells = [
            _lead(row.cells[place], cells) if place in right else pad(row.cells[place], cells)
            for place, cells in zip(kept, widest, strict=True)
        ]
        first, *others = cells or [""]
        start = " " * indent + screen.paint(first, row.style)
        start += "".join(_GAP + screen.paint(cell, "faint") for cell in others) + _GAP
        for number, text in enumerate((row.text, *row.below)):
            style = "faint" if number else ""
            for line in _lines(text, room, screen):
                yield f"{start}{screen.paint(line, style)}".rstrip()
                start = " " * hang


def _lead(text: str, cells: int) -> str:
    return " " * (cells - width(text)) + text


def _lines(text: str, room: int | None, screen: Screen) -> Iterator[str]:
    if screen.verbose:
        yield from wrap(screen.say(text), room)
    else:
        yield screen.fit(text, room)
