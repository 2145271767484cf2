"""A day series to one SVG file: burn-up, burndown and what changed each week, on one time axis."""

# Theory of operation
#
# 1. The file stands alone: no script, no font, no other file. It follows the reader's light or dark
#    theme where the viewer knows it, and is light elsewhere.
# 2. A day is a strip as wide as any other day, its level is that at its end: lines are steps.
# 3. Dashes, hatching and dots tell the series apart; colour only repeats it.
# 4. The same series gives the same bytes.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.clean import clean, cut
from plantrack.core.series import together
from plantrack.core.series import weeks as weeks_of
from plantrack.render import chart_axes as axes
from plantrack.render.screen import wrap
from plantrack.render.svg_style import PATTERNS, STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from plantrack.core.forecast import Forecast
    from plantrack.core.series import Day, Week
    from plantrack.render.chart_axes import Band, Span

WIDTH = 960  # pixels, as all that follows
HEIGHT = 846

_LEFT, _RIGHT = 64, 932  # of every plot
_BURNUP_TOP, _BURNDOWN_TOP, _WEEKLY_TOP = 140, 404, 668
_PLOT_HEIGHT, _WEEKLY_HEIGHT = 186, 126
_LEGEND_START = 160
_CHAR_WIDTH = 7  # nearly; fonts differ
_NAME_WIDTH = 40  # of "today", with room around it
_LINE_CHARS, _TITLE_CHARS = 125, 80
_MAX_DAY_TICKS, _MAX_VALUE_TICKS, _MAX_WEEKLY_TICKS = 12, 5, 3
_LABELS = 'aria-labelledby="plantrack-title" aria-describedby="plantrack-desc"'
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """One series in a legend: its name and what it is drawn with."""

    name: str
    box: str = ""  # classes of a rectangle; "": none
    line: str = ""  # classes of its line; "": none


_SCOPE = _Entry("scope", line="line scope")
_DONE = _Entry("done", "area done", "line done-line")
_OPEN = _Entry("open", "area open", "line open-line")
_DROPPED = _Entry("dropped", "dropped")
_FORECAST = _Entry("forecast, 50 to 85%", "band")
_ADDED_OPEN = _Entry("added open", "added")
_ADDED_DONE = _Entry("added done", "added hollow")
_TICKED = _Entry("ticked", "done")
_REMOVED = _Entry("removed", "removed dropped")


def charts(
    days: Sequence[Day], *, title: str, forecast: Forecast | None = None, unit: str = "steps"
) -> str:
    """Draw the charts of a series that holds at least a day; the title may be any text."""
    time = _Time(axes.span(days, forecast), axes.band(days, forecast))
    summary = _summary(days[-1], forecast, unit)
    lines = wrap(summary, _LINE_CHARS)
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img" {_LABELS}>',
        f'<title id="plantrack-title">{_safe(title)}</title>',
        f'<desc id="plantrack-desc">{_safe(summary)}</desc>',
        f"<style>{STYLE}</style>",
        PATTERNS,
        f'<rect class="page" {size}/>',
        _text(24, 36, cut(title, _TITLE_CHARS), "head"),
        *(_text(24, 58 + 16 * number, line) for number, line in enumerate(lines)),
        *_burnup(days, time),
        *_burndown(days, time),
        *_weekly(weeks_of(days), time),
        "</svg>",
    )
    return "\n".join(parts) + "\n"


def _summary(now: Day, forecast: Forecast | None, unit: str) -> str:
    levels = f"{now.done} done, {now.open} open, {now.dropped} dropped of {now.scope} {unit}"
    told = axes.promises(forecast) if forecast is not None else ()
    return "; ".join((f"{now.day}: {levels}", *told))


# --- the panels -----------------------------------------------------------------------------------


def _burnup(days: Sequence[Day], time: _Time) -> Iterator[str]:
    """Draw what is done, what was dropped and the scope."""
    panel = _panel(_BURNUP_TOP, days)
    now = days[-1]
    done = [day.done for day in days]
    scope = [day.scope for day in days]
    wanted = [day.scope - day.dropped for day in days]
    entries = [_DONE, _SCOPE]
    yield from _grid(panel, time)
    if wanted != scope:
        entries.append(_DROPPED)
        yield _path(_DROPPED.box, _ribbon(scope, wanted, panel, time))
    if time.band is not None:
        entries.append(_FORECAST)
        yield _path(_FORECAST.box, _wedge((now.done, now.done + now.open), panel, time))
    yield _path(_DONE.box, _ribbon(done, [0] * len(days), panel, time))
    yield _path(_DONE.line, _steps(done, panel, time))
    yield _path(_SCOPE.line, _steps(scope, panel, time))
    yield from _head("Burn-up", entries, panel)


def _burndown(days: Sequence[Day], time: _Time) -> Iterator[str]:
    """Draw what is open, under the scope."""
    panel = _panel(_BURNDOWN_TOP, days)
    left = [day.open for day in days]
    entries = [_OPEN, _SCOPE]
    yield from _grid(panel, time)
    if time.band is not None:
        entries.append(_FORECAST)
        yield _path(_FORECAST.box, _wedge((days[-1].open, 0), panel, time))
    yield _path(_OPEN.box, _ribbon(left, [0] * len(days), panel, time))
    yield _path(_OPEN.line, _steps(left, panel, time))
    yield _path(_SCOPE.line, _steps([day.scope for day in days], panel, time))
    yield from _head("Burndown", entries, panel)


def _weekly(weeks: Sequence[Week], time: _Time) -> Iterator[str]:
    """Draw what came and was ticked each week upwards, what was removed downwards."""
    up = max(max(week.added, week.ticked) for week in weeks)
    down = max(week.removed for week in weeks)
    step = axes.value_ticks(max(up, down), _MAX_WEEKLY_TICKS)[1]
    low, high = -(-down // step) * step, max(-(-up // step), 1) * step
    panel = _Panel(_WEEKLY_TOP, _WEEKLY_TOP + _WEEKLY_HEIGHT, tuple(range(-low, high + 1, step)))
    yield from _grid(panel, time)
    for week in weeks:
        bars = tuple(_bars(week, panel, time))
        if bars:
            yield f"<g><title>{_safe(_told(week))}</title>{''.join(bars)}</g>"
    yield from _head("Changes per week", (_ADDED_OPEN, _ADDED_DONE, _TICKED, _REMOVED), panel)
    why = axes.reasons(axes.losses(together(week.amounts for week in weeks)))
    if why:
        yield _text(_LEFT, panel.bottom + 40, f"removed: {why}")


def _told(week: Week) -> str:
    counts = (
        ("added", week.added),
        ("of these done on arrival", week.arrived_done),
        ("ticked", week.ticked),
        ("unticked", week.unticked),
    )
    told = [f"{count} {what}" for what, count in counts if count]
    if week.removed:
        told.append(f"{week.removed} removed ({axes.reasons(axes.losses(week.amounts))})")
    return f"week of {week.monday}: {', '.join(told)}"


def _bars(week: Week, panel: _Panel, time: _Time) -> Iterator[str]:
    """Draw one week: added and ticked beside each other, removed below."""
    start, end = time.x(time.span.place(week.until) + 1 - week.days), time.x_after(week.until)
    gap = min((end - start) / 8, 2.0)
    middle = (start + end) / 2
    whole, left, right = (start + gap, end - gap), (start + gap, middle), (middle, end - gap)
    stacked = (
        (left, (0, week.arrived_done), _ADDED_DONE.box),
        (left, (week.arrived_done, week.added), _ADDED_OPEN.box),
        (right, (0, week.ticked), _TICKED.box),
        (whole, (-week.removed, 0), _REMOVED.box),
    )
    for (x0, x1), (low, high), kind in stacked:
        if high > low:
            y = panel.y(high)
            yield (
                f'<rect class="{kind}" x="{_number(x0)}" y="{_number(y)}"'
                f' width="{_number(x1 - x0)}" height="{_number(panel.y(low) - y)}"/>'
            )


# --- places ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Time:
    """Days to places from left to right, the same in every panel."""

    span: Span
    band: Band | None

    def x(self, place: int) -> float:
        """Find where a day starts, given by its number; days not shown are at the edges."""
        shown = min(max(place, 0), self.span.days)
        return _LEFT + shown * (_RIGHT - _LEFT) / self.span.days

    def x_after(self, day: date) -> float:
        """Find where a day ends."""
        return self.x(self.span.place(day) + 1)


@dataclass(frozen=True, slots=True)
class _Panel:
    """Levels to places from bottom to top, in one of the charts."""

    top: float
    bottom: float
    ticks: tuple[int, ...]

    def y(self, level: float) -> float:
        """Find the place of a level."""
        low, high = self.ticks[0], self.ticks[-1]
        return self.bottom - (level - low) * (self.bottom - self.top) / (high - low)


def _panel(top: float, days: Sequence[Day]) -> _Panel:
    most = max(max(day.scope, day.done, day.open) for day in days)
    return _Panel(top, top + _PLOT_HEIGHT, axes.value_ticks(most, _MAX_VALUE_TICKS))


# --- shapes ---------------------------------------------------------------------------------------


def _steps(levels: Sequence[int], panel: _Panel, time: _Time) -> str:
    """Draw a line that is level all day and rises or falls between two days."""
    turns = "".join(
        f"H{_number(time.x(place))}V{_number(panel.y(levels[place]))}"
        for place in range(1, len(levels))
        if levels[place] != levels[place - 1]
    )
    start = f"M{_number(time.x(0))} {_number(panel.y(levels[0]))}"
    return f"{start}{turns}H{_number(time.x(len(levels)))}"


def _ribbon(upper: Sequence[int], lower: Sequence[int], panel: _Panel, time: _Time) -> str:
    """Draw the area between two step lines."""
    turns = "".join(
        f"H{_number(time.x(place))}V{_number(panel.y(lower[place - 1]))}"
        for place in range(len(lower) - 1, 0, -1)
        if lower[place] != lower[place - 1]
    )
    back = f"V{_number(panel.y(lower[-1]))}{turns}H{_number(time.x(0))}Z"
    return _steps(upper, panel, time) + back


def _wedge(heading: tuple[int, int], panel: _Panel, time: _Time) -> str:
    """Draw where the forecast runs, from the first of two levels to the second."""
    assert time.band is not None
    start, end = heading
    late = min(time.band.late or time.span.last, time.span.last)
    soon = min(time.band.soon, late)
    corners = []
    for day, edge in ((time.span.today, 0), (soon, 0), (late, 0), (late, 1)):
        level = end + (start - end) * time.band.left(day)[edge]
        corners.append(f"{_number(time.x_after(day))} {_number(panel.y(level))}")
    return f"M{'L'.join(corners)}Z"


def _path(kind: str, shape: str) -> str:
    return f'<path class="{kind}" d="{shape}"/>'


# --- frames and words -----------------------------------------------------------------------------


def _grid(panel: _Panel, time: _Time) -> Iterator[str]:
    """Draw the axes, their names, and the days a forecast speaks of."""
    for tick in panel.ticks:
        y = _number(panel.y(tick))
        kind = "grid" if tick else "base"
        yield _path(kind, f"M{_LEFT} {y}H{_RIGHT}")
        yield _text(_LEFT - 8, panel.y(tick) + 4, axes.value_label(abs(tick)), "value")
    for named in axes.day_ticks(time.span, _MAX_DAY_TICKS):
        x = time.x(time.span.place(named.day))
        yield _path("grid", f"M{_number(x)} {_number(panel.top)}V{_number(panel.bottom)}")
        yield _text(x, panel.bottom + 17, named.label, "day")
    if time.band is None:
        return
    ends = (("85%", time.band.late), ("50%", time.band.soon), ("today", time.span.today))
    taken: list[float] = []
    for name, day in ends:
        if day is None or day > time.span.last:
            continue
        x = time.x_after(day)
        yield _path("mark", f"M{_number(x)} {_number(panel.top)}V{_number(panel.bottom)}")
        if all(abs(x - other) > _NAME_WIDTH for other in taken):
            taken.append(x)
            yield _text(x, panel.top - 5, name, "day")


def _head(name: str, entries: Sequence[_Entry], panel: _Panel) -> Iterator[str]:
    """Name a panel and show how its series look."""
    y = panel.top - 26
    yield _text(_LEFT, y, name, "name")
    x = _LEFT + _LEGEND_START
    for entry in entries:
        if entry.box:
            yield f'<rect class="{entry.box}" x="{x}" y="{y - 10}" width="24" height="12"/>'
        if entry.line:
            yield _path(entry.line, f"M{x} {y - 10 if entry.box else y - 4}H{x + 24}")
        yield _text(x + 30, y, entry.name)
        x += 50 + _CHAR_WIDTH * len(entry.name)


def _text(x: float, y: float, text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{_number(x)}" y="{_number(y)}">{_safe(text)}</text>'


def _number(value: float) -> str:
    """Write a place in as few characters as a tenth of a pixel needs."""
    return f"{value:.1f}".removesuffix(".0")


def _safe(text: str) -> str:
    """Make any text one that may stand in XML, on one line."""
    return clean(text).translate(_ENTITIES)
