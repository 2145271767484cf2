"""A day series and its forecast to what every chart of them shares: axes, levels, words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from plantrack.core.forecast import HORIZON_YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.forecast import Basis, Forecast
    from plantrack.core.series import Amounts, Day

_DAY = timedelta(days=1)
_DAYS_A_WEEK = 7
_MIN_AHEAD_DAYS = 28
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_A_YEAR = len(_MONTHS)
_MAX_NAMED_DAYS = 14  # in a longer span no single days are named
_MAX_NAMED_WEEKS = 18  # likewise weeks
_WEEKS_APART = (1, 2)
_MONTHS_APART = (1, 2, 3, 6)
_YEARS_APART = (1, 2, 5, 10, 20, 50, 100, 1000)
_THOUSAND = 1_000
_MILLION = 1_000_000


# --- what is shown --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """The days a chart shows: what was, then, from the day after `today`, what may come."""

    first: date
    today: date
    last: date

    @property
    def days(self) -> int:
        """Count the days shown."""
        return (self.last - self.first).days + 1

    def place(self, day: date) -> int:
        """Count the days from the first one shown to another."""
        return (day - self.first).days

    def day(self, place: int) -> date:
        """Give the day of a number."""
        return self.first + place * _DAY


@dataclass(frozen=True, slots=True)
class Band:
    """Where a forecast runs: from what is open today to nothing, soon or late."""

    today: date
    soon: date  # half of the runs have ended
    late: date | None  # 85 of 100 have; None: not within the horizon

    def left(self, day: date) -> tuple[float, float]:
        """Give the least and the most that is left after a day, as parts of what is open today."""
        return self._left(day, self.soon), self._left(day, self.late)

    def _left(self, day: date, end: date | None) -> float:
        return max(1 - (day - self.today) / (end - self.today), 0.0) if end else 1.0


def span(days: Sequence[Day], forecast: Forecast | None) -> Span:
    """Choose the days to show; the future takes no more room than the past, or four weeks."""
    first, today = days[0].day, days[-1].day
    if forecast is None or forecast.p50 is None:
        return Span(first, today, today)
    ahead = max((today - first).days, _MIN_AHEAD_DAYS) * _DAY
    return Span(first, today, min(forecast.p85 or date.max, today + ahead))


def band(days: Sequence[Day], forecast: Forecast | None) -> Band | None:
    """Give the band of a forecast; None where there is no date."""
    if forecast is None or forecast.p50 is None:
        return None
    return Band(days[-1].day, forecast.p50, forecast.p85)


# --- the axes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """A day with a name."""

    day: date
    label: str


def value_ticks(top: int, most: int) -> tuple[int, ...]:
    """Give round values from 0 to `top` or just above it, in at most so many equal steps."""
    step = 1
    while step * most < top:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return tuple(range(0, max(-(-top // step), 1) * step + 1, step))


def inner_ticks(top: int, most: int) -> tuple[int, ...]:
    """Give the same values, those above `top` left out unless that leaves nothing but 0."""
    ticks = value_ticks(top, most)
    return tuple(tick for tick in ticks if tick <= top) if ticks[1] <= top else ticks


def value_label(value: int) -> str:
    """Write a round value in few characters."""
    if value >= _MILLION:
        return f"{value / _MILLION:g}M"
    return f"{value / _THOUSAND:g}k" if value >= 10 * _THOUSAND else str(value)


def day_ticks(shown: Span, most: int) -> tuple[Tick, ...]:
    """Name days at equal distances in the calendar: as many as are shown, but at most so many."""
    for ticks in _candidates(shown):
        if len(ticks) <= most:
            return ticks
    return ()


def _candidates(shown: Span) -> Iterator[tuple[Tick, ...]]:
    """Give ticks that are days, weeks, months, years apart, ever fewer."""
    if shown.days <= _MAX_NAMED_DAYS:
        yield tuple(_by_day(shown, 1))
    if shown.days <= _MAX_NAMED_WEEKS * _DAYS_A_WEEK:
        for weeks in _WEEKS_APART:
            yield tuple(_by_day(shown, weeks * _DAYS_A_WEEK))
    for months in _MONTHS_APART:
        yield tuple(_by_month(shown, months))
    for years in _YEARS_APART:
        yield tuple(_by_month(shown, years * _MONTHS_A_YEAR))


def _by_day(shown: Span, apart: int) -> Iterator[Tick]:
    # Day 1 was a Monday, so that weeks are named by their Mondays.
    first = shown.first.toordinal()
    for ordinal in range(first + (1 - first) % apart, shown.last.toordinal() + 1, apart):
        day = date.fromordinal(ordinal)
        yield Tick(day, f"{day.day} {_MONTHS[day.month - 1]}")


def _by_month(shown: Span, apart: int) -> Iterator[Tick]:
    first = shown.first.year * _MONTHS_A_YEAR + shown.first.month - 1 + (shown.first.day > 1)
    last = shown.last.year * _MONTHS_A_YEAR + shown.last.month - 1
    for number in range(first + -first % apart, last + 1, apart):
        year, month = divmod(number, _MONTHS_A_YEAR)
        yield Tick(date(year, month + 1, 1), _MONTHS[month] if month else str(year))


# --- words ----------------------------------------------------------------------------------------


def dates(shown: Span) -> str:
    """Say from when to when things happened."""
    return " to ".join(dict.fromkeys((str(shown.first), str(shown.today))))


def promises(forecast: Forecast) -> tuple[str, ...]:
    """Say the dates of a forecast or why there is none, then what else it rests on, if anything."""
    if forecast.p50 is None:
        return (forecast.refusal,)
    late = f"by {forecast.p85}" if forecast.p85 else f"not within {HORIZON_YEARS} years"
    dates = f"forecast: 50% by {forecast.p50}, 85% {late}"
    assumed = _assumed(forecast.basis) if forecast.basis is not None else ""
    return (dates, assumed) if assumed else (dates,)


def _assumed(basis: Basis) -> str:
    """Say how much of the work ahead nobody has written down yet."""
    if not basis.unexpanded:
        return ""
    milestones = "1 milestone" if basis.unexpanded == 1 else f"{basis.unexpanded} milestones"
    if basis.spread is None:
        return f"{milestones} without steps taken for one step each"
    size = f"{basis.spread.median} each ({basis.spread.low} to {basis.spread.high})"
    return f"{basis.share}% of that is a guess: {milestones} without steps, taken for {size}"


def losses(amounts: Amounts) -> tuple[tuple[str, int], ...]:
    """Give why and how much left the plan undone or was cut."""
    counts = (
        ("cut", amounts.cut),
        ("finalised", amounts.dropped_at_finalisation),
        ("rewritten", amounts.dropped_at_rewrite),
        ("with their document", amounts.dropped_with_document),
    )
    return tuple((why, count) for why, count in counts if count)


def reasons(found: Sequence[tuple[str, int]]) -> str:
    """Say the same in a few words."""
    return ", ".join(f"{count} {why}" for why, count in found)
