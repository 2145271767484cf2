"""What a user calls a time to the time it names."""

# Theory of operation
#
# 1. Understood are a date (2026-03-10), a date with a time (2026-03-10 14:30, or as RFC 3339 has
#    it), today, yesterday, and how long ago something was (2 weeks ago, or 2w).
# 2. A day is named as a whole: since a day begins with it, until a day ends with it. "ago" in days
#    or more names a day, too; in minutes and hours it names a moment.
# 3. Where no zone is said, it is that of the user.

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

FORMS = "2026-03-10, “2026-03-10 14:30”, yesterday, “2 weeks ago” or 2w"

_AGO = re.compile(r"(\d{1,5}|an?)\s*(min|[a-z]+?)s?(?:\s+ago)?")
_MINUTES = {"min": 1, "minute": 1, "h": 60, "hour": 60}
_DAYS = {"d": 1, "day": 1, "w": 7, "week": 7}
_MONTHS = {"mo": 1, "month": 1, "y": 12, "year": 12}
_MONTHS_A_YEAR = 12
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A named time."""

    start: datetime  # inclusive
    end: datetime  # exclusive


def parse(text: str, now: datetime) -> Span | None:
    """Read a time; `now` gives the zone where none is said. None: it is none."""
    words = " ".join(text.lower().split())
    try:
        return _named(words, now) or _ago(words, now) or _written(text.strip(), now)
    except (ValueError, OverflowError):
        return None


def _named(words: str, now: datetime) -> Span | None:
    days = {"today": 0, "yesterday": 1}.get(words)
    if words == "now":
        return Span(now, now)
    return None if days is None else _day((now - days * _DAY).date(), now)


def _ago(words: str, now: datetime) -> Span | None:
    found = _AGO.fullmatch(words)
    if found is None:
        return None
    count = int(found[1]) if found[1].isdecimal() else 1
    unit = found[2]
    if unit in _MINUTES:
        then = now - timedelta(minutes=count * _MINUTES[unit])
        return Span(then, then)
    if unit in _DAYS:
        return _day((now - count * _DAYS[unit] * _DAY).date(), now)
    if unit in _MONTHS:
        return _day(_months_before(now.date(), count * _MONTHS[unit]), now)
    return None


def _months_before(day: date, count: int) -> date:
    """Go months back, to the last day of a month that is too short."""
    year, month = divmod(day.year * _MONTHS_A_YEAR + day.month - 1 - count, _MONTHS_A_YEAR)
    first = day.replace(year=year, month=month + 1, day=1)
    last = (first.replace(day=28) + 4 * _DAY).replace(day=1) - _DAY
    return min(first + (day.day - 1) * _DAY, last)


def _written(text: str, now: datetime) -> Span:
    then = datetime.fromisoformat(text)
    if len(text) <= len("2026-W11-2") and ":" not in text:
        return _day(then.date(), now)
    moment = then if then.tzinfo else then.replace(tzinfo=now.tzinfo)
    return Span(moment, moment)


def _day(day: date, now: datetime) -> Span:
    start = datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)
    after = day + _DAY
    return Span(start, datetime(after.year, after.month, after.day, tzinfo=now.tzinfo))
