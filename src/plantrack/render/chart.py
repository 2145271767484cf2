"""A day series to burndown and burn-up as lines of text, and its weeks to a table of changes."""

# Theory of operation
#
# 1. A column of dots is one day or some; its level is that of its last day: lines are steps.
# 2. The scope line keeps one row of air below it where a row is less than a cell: nothing could be
#    told from it while all of the scope is open, or done.
# 3. A canvas too small for a plot gets the words alone.

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core.clean import cut
from plantrack.render import chart_axes as axes
from plantrack.render.chart_plot import Layer, Plot, sample
from plantrack.render.screen import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from plantrack.core.forecast import Forecast
    from plantrack.core.series import Day, Week
    from plantrack.render.chart_axes import Band, Span

_MIN_CELLS = 12  # of a plot
_MIN_ROWS = 3
_ROWS_A_TICK = 2  # at least
_MAX_TICKS = 8  # above 0
_CELLS_A_TICK = 9
_FRAME_ROWS = 2  # below the plot
_GAP = "  "
_BLOCKS = " ▁▂▃▄▅▆▇█"  # from nothing to all
_ASCII_BLOCKS = " .:-=+*#"
_HEAD = ("week of", "added", "arrived done", "ticked", "unticked", "removed")


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours, as the parameters of a terminal's "select graphic rendition"; "" is none."""

    open: str = ""
    done: str = ""
    scope: str = ""
    dropped: str = ""
    band: str = ""
    frame: str = ""
    title: str = ""


# Of the eight that every theme sets for its own background.
COLOURS = Inks(open="36", done="32", scope="33", dropped="2", band="35", frame="2", title="1")


@dataclass(frozen=True, slots=True)
class Canvas:
    """How much room there is, and what can be shown in it."""

    width: int  # terminal cells
    height: int  # lines
    braille: bool = True  # False: nothing but ASCII
    inks: Inks = field(default_factory=Inks)


def burndown(
    days: Sequence[Day],
    canvas: Canvas,
    *,
    forecast: Forecast | None = None,
    unit: str = "steps",
    titled: bool = True,
) -> tuple[str, ...]:
    """Draw what is open, under the scope: title, legend, plot, axis; () for an empty series.

    The lines fill the canvas; there are more only where it is too low for the words.
    """
    if not days:
        return ()
    now = days[-1]
    picture = _Picture(
        title=f"Burndown: {now.open} of {now.scope} {unit} open" if titled else "",
        names=((Layer.WORK, "open"), (Layer.SCOPE, "scope")),
        ink=canvas.inks.open,
        work=tuple(day.open for day in days),
        scope=tuple(day.scope for day in days),
        hanging=(0,) * len(days),
        heading=(now.open, 0),
    )
    return _drawn(picture, _Time.of(days, forecast), canvas)


def burnup(
    days: Sequence[Day], canvas: Canvas, *, forecast: Forecast | None = None, unit: str = "steps"
) -> tuple[str, ...]:
    """Draw what is done, rising to the scope less what was dropped; otherwise as `burndown`.

    Of a forecast nothing but its band is shown.
    """
    if not days:
        return ()
    now = days[-1]
    dropped = tuple(day.dropped for day in days)
    names = [(Layer.WORK, "done"), (Layer.SCOPE, "scope")]
    if any(dropped):
        names.append((Layer.DROPPED, f"dropped ({now.dropped})"))
    picture = _Picture(
        title=f"Burn-up: {now.done} of {now.scope} {unit} done",
        names=tuple(names),
        ink=canvas.inks.done,
        work=tuple(day.done for day in days),
        scope=tuple(day.scope for day in days),
        hanging=dropped,
        heading=(now.done, now.done + now.open),
    )
    time = _Time.of(days, forecast)
    # The other chart tells the dates, or why there are none.
    return _drawn(picture, replace(time, promises=("forecast",) if time.band else ()), canvas)


def changes(weeks: Sequence[Week], canvas: Canvas) -> tuple[str, ...]:
    """List the weeks in which anything came, went or was ticked, newest first, while there is room.

    What was removed is said with its reasons. () when nothing ever changed.
    """
    eventful = [week for week in reversed(weeks) if any(_counts(week))]
    if not eventful:
        return ()
    table = _table([_HEAD, *(_row(week) for week in eventful[: max(canvas.height - 1, 1)])])
    lines = [_painted(cut(table[0], canvas.width, mark=""), canvas.inks.frame)]
    for row, week in zip(table[1:], eventful, strict=False):
        more = list(_with_reasons(row, axes.losses(week.amounts), canvas.width))
        if len(lines) > 1 and len(lines) + len(more) > canvas.height:
            break
        lines += more
    return tuple(lines)


def spark(levels: Sequence[int], cells: int, *, blocks: bool = True) -> str:
    """Draw levels as a line of blocks, or with ASCII alone; a cell is the last level of its part.

    What is not nothing is at least the lowest block. "" where there is no room or no level.
    """
    signs = _BLOCKS if blocks else _ASCII_BLOCKS
    cells = min(cells, len(levels))
    top = max(levels, default=0)
    ends = (len(levels) * (cell + 1) // cells - 1 for cell in range(cells))
    return "".join(signs[-(-levels[end] * (len(signs) - 1) // max(top, 1))] for end in ends)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Line columns up at their ends, those left off that hold nothing below their head."""
    filled = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in filled]
    first = [head.ljust(widths[0]) for head in filled[0]]
    others = [
        [cell.rjust(cells) for cell in column]
        for column, cells in zip(filled[1:], widths[1:], strict=True)
    ]
    return [_GAP.join(row) for row in zip(first, *others, strict=True)]


def _counts(week: Week) -> tuple[int, ...]:
    return week.added, week.arrived_done, week.ticked, week.unticked, week.removed


def _row(week: Week) -> tuple[str, ...]:
    return (str(week.monday), *(str(count) if count else "" for count in _counts(week)))


def _with_reasons(row: str, losses: Sequence[tuple[str, int]], cells: int) -> Iterator[str]:
    """Put the reasons after a row, or below it where they do not fit."""
    reasons = axes.reasons(losses) if losses[1:] else "".join(why for why, _ in losses)
    whole = f"{row}{_GAP}{reasons}".rstrip()
    if len(whole) <= cells:
        yield whole
        return
    yield cut(row, cells, mark="")
    if reasons:
        yield from wrap(f"{_GAP}removed: {reasons}", cells)


# --- a chart --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Picture:
    """What is peculiar to one of the charts; sequences are aligned with the days."""

    title: str  # "": none
    names: tuple[tuple[Layer, str], ...]  # for the legend
    ink: str  # of the area
    work: tuple[int, ...]  # the area
    scope: tuple[int, ...]
    hanging: tuple[int, ...]  # how far something hangs down from the scope line
    heading: tuple[int, int]  # the levels between which the forecast leads

    @property
    def top(self) -> int:
        """Give the highest level."""
        return max(*self.scope, *self.work, 1)


@dataclass(frozen=True, slots=True)
class _Time:
    """The days both charts share."""

    span: Span
    band: Band | None
    promises: tuple[str, ...]  # what is said of the forecast; () when none was asked for

    @classmethod
    def of(cls, days: Sequence[Day], forecast: Forecast | None) -> _Time:
        promises = axes.promises(forecast) if forecast is not None else ()
        return cls(axes.span(days, forecast), axes.band(days, forecast), promises)


def _drawn(picture: _Picture, time: _Time, canvas: Canvas) -> tuple[str, ...]:
    title = f"{picture.title}, {axes.dates(time.span)}" if picture.title else ""
    lines = wrap(title, canvas.width) if title else ()
    words = [_painted(line, canvas.inks.title) for line in lines]
    words += _legend(picture, time, canvas)
    rows = canvas.height - len(words) - _FRAME_ROWS
    ticks = axes.inner_ticks(picture.top, min(max(rows // _ROWS_A_TICK, 2), _MAX_TICKS))
    top = max(picture.top, ticks[-1])
    labels = [axes.value_label(tick) for tick in ticks]
    margin = max(map(len, labels))
    cells = canvas.width - margin - len(_GAP)
    if cells < _MIN_CELLS or rows < _MIN_ROWS:
        return tuple(words)
    plot = Plot(cells, rows, braille=canvas.braille)
    _lay_past(plot, picture, time.span, top)
    _lay_future(plot, picture, time, top)
    label_by_row = {
        rows - 1 - (_dots(plot, tick, top) - 1) * rows // plot.height: label
        for tick, label in zip(ticks[1:], labels[1:], strict=True)
    }
    named = _named_cells(time, cells)
    body = _body(plot, label_by_row, margin, _inks(picture, canvas), canvas)
    return (*words, *body, *_axis(labels[0], margin, cells, named, canvas))


def _inks(picture: _Picture, canvas: Canvas) -> tuple[str, ...]:
    """Give the ink of each layer."""
    inks = canvas.inks
    return inks.frame, inks.band, inks.dropped, picture.ink, inks.scope, inks.scope


def _legend(picture: _Picture, time: _Time, canvas: Canvas) -> Iterator[str]:
    """Show how each layer looks and what it is; entries share a line while they fit."""
    inks = _inks(picture, canvas)
    entries = list(picture.names)
    layers = (Layer.NOTHING if time.band is None else Layer.BAND, Layer.NOTHING)
    entries += zip(layers, time.promises, strict=False)
    line, used = "", 0
    for layer, name in entries:
        sign = f"{sample(layer, braille=canvas.braille)} " if layer else ""
        parts = list(wrap(name, canvas.width - len(sign)))
        gap = _GAP if line else ""
        if line and used + len(gap + sign + parts[0]) > canvas.width:
            yield line
            line, used, gap = "", 0, ""
        line += gap + _painted(sign, inks[layer]) + parts[0]
        used += len(gap + sign + parts[0])
        for part in parts[1:]:
            yield line
            line, used = " " * len(sign) + part, len(sign + part)
    yield line


# --- what is laid on the plot ---------------------------------------------------------------------


def _lay_past(plot: Plot, picture: _Picture, span: Span, top: int) -> None:
    air = 1 if plot.is_fine else 0
    before = None
    for column in range(plot.width):
        place = _place(plot, column, span)
        if place >= len(picture.work):
            return
        line = max(_dots(plot, picture.scope[place], top) - 1, 0)
        under = max(line - air, 0)
        hung = picture.scope[place] - picture.hanging[place]
        plot.lay(column, _dots(plot, hung, top), under, Layer.DROPPED)
        plot.lay(column, 0, min(_dots(plot, picture.work[place], top), under), Layer.WORK)
        if before is not None and before != line:
            plot.lay(column, min(before, line), max(before, line), Layer.RISE)
        plot.lay(column, line, line + 1, Layer.SCOPE)
        before = line


def _lay_future(plot: Plot, picture: _Picture, time: _Time, top: int) -> None:
    start, end = picture.heading
    for column in range(plot.width):
        place = _place(plot, column, time.span)
        if time.band is None or place < len(picture.work):
            continue
        lefts = time.band.left(time.span.day(place))
        low, high = sorted(_dots(plot, end + (start - end) * left, top) for left in lefts)
        if any(lefts):
            plot.lay(column, min(low, plot.height - 1), max(high, low + 1), Layer.BAND)


def _place(plot: Plot, column: int, span: Span) -> int:
    """Find the day whose level a column shows: the last that falls into it."""
    here, after = (number * span.days // plot.width for number in (column, column + 1))
    return max(here, after - 1)


def _dots(plot: Plot, level: float, top: int) -> int:
    """Give the height of a level; what is not nothing is at least a dot."""
    return min(max(round(level * plot.height / top), level > 0, 0), plot.height)


# --- the frame around it --------------------------------------------------------------------------


def _body(
    plot: Plot, label_by_row: dict[int, str], margin: int, inks: Sequence[str], canvas: Canvas
) -> Iterator[str]:
    tick, rule = "┤│" if canvas.braille else "+|"
    for number, row in enumerate(plot.lines()):
        label = label_by_row.get(number, "")
        edge = f"{label:>{margin}} {tick if label else rule}"
        runs = groupby(row, key=lambda cell: inks[cell[1]])
        shown = (_painted("".join(sign for sign, _ in cells), ink) for ink, cells in runs)
        yield _painted(edge, canvas.inks.frame) + "".join(shown).rstrip()


def _axis(
    zero: str, margin: int, cells: int, named: dict[int, str], canvas: Canvas
) -> Iterator[str]:
    """Draw the line under the plot, a mark for each name that has room, and the names."""
    corner, line, mark = "└─┬" if canvas.braille else "+-+"
    marks, names = [line] * cells, [" "] * cells
    for cell, name in named.items():
        start = min(max(cell - len(name) // 2, 0), cells - len(name))
        around = names[max(start - 1, 0) : start + len(name) + 1]
        if start >= 0 and not "".join(around).strip():
            marks[cell] = mark
            names[start : start + len(name)] = name
    yield _painted(f"{zero:>{margin}} {corner}{''.join(marks)}", canvas.inks.frame)
    yield _painted(f"{'':{margin}}  {''.join(names)}".rstrip(), canvas.inks.frame)


def _named_cells(time: _Time, cells: int) -> dict[int, str]:
    """Name cells under the plot, the most needed first."""
    span, band = time.span, time.band
    names: list[tuple[date, str]] = []
    if band is not None:
        ends = [(band.late, "85%"), (band.soon, "50%")]
        names += [(span.today, "today"), *((day, name) for day, name in ends if day)]
    names += [(tick.day, tick.label) for tick in axes.day_ticks(span, cells // _CELLS_A_TICK)]
    named: dict[int, str] = {}
    for day, name in names:
        if day <= span.last:
            named.setdefault(span.place(day) * cells // span.days, name)
    return named


def _painted(text: str, ink: str) -> str:
    return f"\x1b[{ink}m{text}\x1b[0m" if ink and text.strip() else text
