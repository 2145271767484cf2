"""What a user calls a time to the time it names."""

# Theory of operation
#
# 1. Understood are a date (2026-03-10), a year, month or week (2026, 2026-03, 2026-W11), a date
#    with a time (2026-03-10 14:30, or as RFC 3339 has it), today, yesterday, a day of the week,
#    this or last week, month and year, and how long ago something was (2 weeks ago, or 2w).
# 2. A day, week, month or year is named as a whole: since it begins with its beginning, until it
#    ends with its end. "ago" in days or more names a day, too; in hours or less it names a moment.
# 3. A day of the week is the latest one, today not excepted; "last" leaves today out. Weeks start
#    on Monday.
# 4. Where no zone is said, it is that of the user. Days are those of their calendar; hours pass as
#    they do, also on a day on which the clocks change.
# 5. What would last beyond the year 9999 ends with the calendar.

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FORMS = "2026-03-10, “2026-03-10 14:30”, yesterday, “last monday”, “2 weeks ago”, 2w or 3mo"

_COUNTS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_AGO = re.compile(rf"(\d{{1,5}}|an?|{_COUNTS})\s*([a-z]+?)s?(?:\s+ago)?")
_SECONDS = {
    "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
}  # fmt: skip
_DAYS = {"d": 1, "day": 1, "w": 7, "wk": 7, "week": 7}
_MONTHS = {"mo": 1, "month": 1, "y": 12, "yr": 12, "year": 12}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"(last )?([a-z]{3,})")
_WHOLE = re.compile(r"(this|last) (week|month|year)")
_YEAR_OR_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?")
_WEEK = re.compile(r"\d{4}-?W\d\d")
_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A named time."""

    start: datetime  # inclusive
    end: datetime  # exclusive


def parse(text: str, now: datetime) -> Span | None:
    """Read a time; `now` gives the zone where none is said. None: it is none."""
    words = " ".join(text.lower().split())
    try:
        return (
            _named(words, now)
            or _weekday(words, now)
            or _whole(words, now)
            or _ago(words, now)
            or _written(words.upper(), now)
        )
    except (ValueError, OverflowError):
        return None


# --- in words -------------------------------------------------------------------------------------


def _named(words: str, now: datetime) -> Span | None:
    if words == "now":
        return Span(now, now)
    days = {"today": 0, "yesterday": 1}.get(words)
    return None if days is None else _days(_before(now, days), now)


def _weekday(words: str, now: datetime) -> Span | None:
    found = _WEEKDAY.fullmatch(words)
    wanted = [n for n, name in enumerate(_WEEKDAYS) if found and name.startswith(found[2])]
    if not found or not wanted:
        return None
    today = _DAYS_A_WEEK if found[1] else 0
    return _days(_before(now, (now.weekday() - wanted[0]) % _DAYS_A_WEEK or today), now)


def _whole(words: str, now: datetime) -> Span | None:
    found = _WHOLE.fullmatch(words)
    if found is None:
        return None
    back = int(found[1] == "last")
    if found[2] == "week":
        monday = _before(now, now.weekday() + back * _DAYS_A_WEEK)
        return _days(monday, now, _DAYS_A_WEEK)
    if found[2] == "month":
        return _months(_shifted(now.date(), -back), now)
    return _months(date(now.year - back, 1, 1), now, _MONTHS_A_YEAR)


def _ago(words: str, now: datetime) -> Span | None:
    found = _AGO.fullmatch(words)
    if found is None:
        return None
    count, unit = _count(found[1]), found[2]
    if unit in _SECONDS:
        passed = timedelta(seconds=count * _SECONDS[unit])
        then = (now.astimezone(UTC) - passed).astimezone(now.tzinfo)
        return Span(then, then)
    if unit in _DAYS:
        return _days(_before(now, count * _DAYS[unit]), now)
    if unit in _MONTHS:
        return _days(_shifted(now.date(), -count * _MONTHS[unit]), now)
    return None


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    return 1 if word.startswith("a") else _COUNTS.split("|").index(word) + 1


# --- in figures -----------------------------------------------------------------------------------


def _written(text: str, now: datetime) -> Span:
    if found := _YEAR_OR_MONTH.fullmatch(text):
        first = date(int(found[1]), int(found[2] or 1), 1)
        return _months(first, now, 1 if found[2] else _MONTHS_A_YEAR)
    then = datetime.fromisoformat(text)
    if _WEEK.fullmatch(text):
        return _days(then.date(), now, _DAYS_A_WEEK)
    if len(text) <= len("2026-W11-2") and ":" not in text:
        return _days(then.date(), now)
    moment = then if then.tzinfo else then.replace(tzinfo=now.tzinfo)
    return Span(moment, moment)


# --- the calendar ---------------------------------------------------------------------------------


def _before(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days)


def _shifted(day: date, months: int) -> date:
    """Go some months on, to the last day of a month that is too short."""
    number = _number(day) + months
    first = _first_day(number)
    length = _first_day(number + 1) - first
    return date.fromordinal(first + min(day.day, length) - 1)


def _days(first: date, now: datetime, count: int = 1) -> Span:
    return _span(first.toordinal(), first.toordinal() + count, now)


def _months(within: date, now: datetime, count: int = 1) -> Span:
    number = _number(within)
    return _span(_first_day(number), _first_day(number + count), now)


def _span(first: int, after: int, now: datetime) -> Span:
    """Name the days from one ordinal to another, exclusive."""
    return Span(_midnight(first, now), _midnight(after, now))


def _midnight(ordinal: int, now: datetime) -> datetime:
    if ordinal > date.max.toordinal():
        return datetime.max.replace(tzinfo=now.tzinfo)
    day = date.fromordinal(ordinal)
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _number(day: date) -> int:
    """Count months, from January of the year 0."""
    return day.year * _MONTHS_A_YEAR + day.month - 1


def _first_day(number: int) -> int:
    """Give the ordinal of the first day of a month; of those after the last, the next after all."""
    year, month = divmod(number, _MONTHS_A_YEAR)
    if year > date.max.year:
        return date.max.toordinal() + 1
    return date(year, month + 1, 1).toordinal()
