"""Rows of a few narrow cells and one text, each cut or wrapped to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from plantrack.core.clean import width
from plantrack.render.screen import pad, wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.render.screen import Screen

MAX_ALIKE = 5  # rows that say the same in their first cell, one after the other, on a screen

_SHOWN_ALIKE = 3  # when there are more
_MIN_TEXT_CELLS = 16
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a listing, and what stands below it."""

    cells: tuple[str, ...]  # clean
    text: str  # any text; cut to the screen, or with everything asked for, wrapped
    style: str = ""  # of the first cell
    below: tuple[str, ...] = ()  # any texts, each on a line of its own below the text
    above: tuple[str, ...] = ()  # lines that are ready to be shown, before the row
    was_open: bool = False  # it is gone, and was work to do


def spared(rows: Sequence[Row], screen: Screen) -> Iterator[Row]:
    """Yield rows; of many alike a few and how many more, on a screen not asked for everything."""
    is_whole = screen.width is None or screen.verbose
    for word, group in groupby(rows, key=lambda row: row.cells[0]):
        alike = tuple(group)
        if is_whole or len(alike) <= MAX_ALIKE:
            yield from alike
            continue
        yield from alike[:_SHOWN_ALIKE]
        yield Row((word, *("" for _ in alike[0].cells[1:])), _rest(alike), alike[0].style)


def laid_out(
    rows: Sequence[Row],
    screen: Screen,
    *,
    indent: int = 0,
    right: frozenset[int] = frozenset(),
    most: int = 1,
) -> Iterator[str]:
    """Yield the lines of rows, their cells in columns; those in `right` align at their end.

    A column in which no row says anything is left out. A text has `most` lines on a screen, unless
    everything is asked for.
    """
    kept = [place for place in range(len(rows[0].cells)) if any(row.cells[place] for row in rows)]
    widest = [max(width(row.cells[place]) for row in rows) for place in kept]
    hang = indent + sum(widest) + len(_GAP) * len(kept)
    room = None if screen.width is None else max(screen.width - hang, _MIN_TEXT_CELLS)
    for row in rows:
        yield from row.above
        cells = [
            _lead(row.cells[place], cells) if place in right else pad(row.cells[place], cells)
            for place, cells in zip(kept, widest, strict=True)
        ]
        first, *others = cells or [""]
        start = " " * indent + screen.paint(first, row.style)
        start += "".join(_GAP + screen.paint(cell, "faint") for cell in others) + _GAP
        for number, text in enumerate((row.text, *row.below)):
            style = "faint" if number else ""
            for line in _said(text, room, screen, most):
                yield f"{start}{screen.paint(line, style)}".rstrip()
                start = " " * hang


def _lead(text: str, cells: int) -> str:
    return " " * (cells - width(text)) + text


def _said(text: str, room: int | None, screen: Screen, most: int) -> list[str]:
    if most == 1 and not screen.verbose:
        return [screen.fit(text, room)]
    lines = list(wrap(screen.say(text), room))
    if screen.verbose or len(lines) <= most:
        return lines
    return [*lines[: most - 1], screen.fit(" ".join(lines[most - 1 : most + 1]), room)]


def _rest(alike: Sequence[Row]) -> str:
    told = f"{len(alike) - _SHOWN_ALIKE} more (-v shows them)"
    still = sum(row.was_open for row in alike)
    return f"{told}; {still} of the {len(alike)} were open" if still else told
