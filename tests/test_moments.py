from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.moments import FORMS, Span, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 30, 9, 30, tzinfo=BERLIN)  # a Monday, the day after the clocks changed
DAY = timedelta(days=1)
EAST, WEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
WORDS = (
    *("now", "today", "yesterday", "monday", "last sunday", "this week", "last week", "this month"),
    *("last month", "this year", "last year", "30s", "an hour ago", "a day ago", "2w", "1mo"),
    *("a year ago", "2026", "2026-03", "2026-W11", "2026-03-10", "2026-03-10 14:30"),
    *("0001", "0001-01", "0001-01-01", "0001-W01", "0001-01-01 00:00", "9999", "9999-12"),
    *("9999-W52", "9999-12-31", "9999-12-31 23:59"),
)


def read(text: str, now: datetime = NOW) -> Span:
    found = parse(text, now)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-03-10", "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("20260310", "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("2026-W11-2", "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("2026-W11", "2026-03-09T00:00:00+01:00", "2026-03-16T00:00:00+01:00"),
        ("2026w11", "2026-03-09T00:00:00+01:00", "2026-03-16T00:00:00+01:00"),
        ("2026-03", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"),
        ("2025-12", "2025-12-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
        ("2025", "2025-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
        ("2026-03-10 14:30", "2026-03-10T14:30:00+01:00", "2026-03-10T14:30:00+01:00"),
        ("2026-03-10T14:30:00Z", "2026-03-10T14:30:00+00:00", "2026-03-10T14:30:00+00:00"),
        ("2026-03-10t14:30:00z", "2026-03-10T14:30:00+00:00", "2026-03-10T14:30:00+00:00"),
        ("today", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"),
        ("Yesterday", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("now", "2026-03-30T09:30:00+02:00", "2026-03-30T09:30:00+02:00"),
        ("monday", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"),
        ("last  Monday", "2026-03-23T00:00:00+01:00", "2026-03-24T00:00:00+01:00"),
        ("last sunday", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("tue", "2026-03-24T00:00:00+01:00", "2026-03-25T00:00:00+01:00"),
        ("thurs", "2026-03-26T00:00:00+01:00", "2026-03-27T00:00:00+01:00"),
        ("this week", "2026-03-30T00:00:00+02:00", "2026-04-06T00:00:00+02:00"),
        ("last week", "2026-03-23T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("this month", "2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00"),
        ("last month", "2026-02-01T00:00:00+01:00", "2026-03-01T00:00:00+01:00"),
        ("this year", "2026-01-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"),
        ("last year", "2025-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
        ("2 weeks ago", "2026-03-16T00:00:00+01:00", "2026-03-17T00:00:00+01:00"),
        ("two weeks ago", "2026-03-16T00:00:00+01:00", "2026-03-17T00:00:00+01:00"),
        ("2w", "2026-03-16T00:00:00+01:00", "2026-03-17T00:00:00+01:00"),
        ("a week ago", "2026-03-23T00:00:00+01:00", "2026-03-24T00:00:00+01:00"),
        ("3 days", "2026-03-27T00:00:00+01:00", "2026-03-28T00:00:00+01:00"),
        ("0 days ago", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"),
        ("1 month ago", "2026-02-28T00:00:00+01:00", "2026-03-01T00:00:00+01:00"),
        ("3mo", "2025-12-30T00:00:00+01:00", "2025-12-31T00:00:00+01:00"),
        ("twelve months ago", "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"),
        ("1y", "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"),
        ("2 hours ago", "2026-03-30T07:30:00+02:00", "2026-03-30T07:30:00+02:00"),
        ("an hour ago", "2026-03-30T08:30:00+02:00", "2026-03-30T08:30:00+02:00"),
        ("3 hrs", "2026-03-30T06:30:00+02:00", "2026-03-30T06:30:00+02:00"),
        ("15 min", "2026-03-30T09:15:00+02:00", "2026-03-30T09:15:00+02:00"),
        ("90s ago", "2026-03-30T09:28:30+02:00", "2026-03-30T09:28:30+02:00"),
    ],
)
def test_a_time_is_read(text: str, start: str, end: str) -> None:
    found = read(text)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "last", "march", "moon", "su", "last mo", "this decade", "last 2 weeks"),
        *("2026-13-01", "2026-02-30", "2026-13", "2026-00", "2026-W54", "0000", "0000-01"),
        *("weeks ago", "2 parsecs ago", "-1 day", "3m", "99999 years", "99999 months"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse(text, NOW) is None


def test_every_form_that_is_offered_is_understood() -> None:
    said = FORMS.replace(" or ", ", ").split(", ")
    assert len(said) == 7
    for form in said:
        assert read(form.strip("“”")).start < NOW


def test_hours_pass_although_the_clocks_change() -> None:
    """At 3:30 on the day on which 2:00 became 3:00, it was 0:30 two hours ago."""
    now = datetime(2026, 3, 29, 3, 30, tzinfo=BERLIN)
    assert read("2 hours ago", now).start == datetime(2026, 3, 29, 0, 30, tzinfo=BERLIN)
    assert read("120 min", now).start == read("2 hours ago", now).start
    second = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1)
    assert read("1 hour ago", second).start.isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_time_without_a_zone_is_one_of_the_user() -> None:
    assert read("2026-03-10 14:30").start == datetime(2026, 3, 10, 14, 30, tzinfo=BERLIN)
    assert read("2026-03-10 14:30", NOW.astimezone(WEST)).start.tzinfo is WEST


# --- properties -----------------------------------------------------------------------------------


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    found = parse(text, NOW)
    assert found is None or found.start <= found.end


@pytest.mark.parametrize("zone", [UTC, BERLIN, EAST, WEST])
@pytest.mark.parametrize("day", [date.min, date.min + DAY, date.max - DAY, date.max])
def test_no_end_of_the_calendar_is_an_error(day: date, zone: tzinfo) -> None:
    for text, hour in product(WORDS, (0, 23)):
        found = parse(text, datetime(day.year, day.month, day.day, hour, 59, tzinfo=zone))
        assert found is None or found.start.timestamp() <= found.end.timestamp()


def test_the_last_day_of_the_calendar_ends_with_it() -> None:
    found = read("9999-12-31")
    assert found.start == datetime(9999, 12, 31, tzinfo=BERLIN)
    assert found.end == datetime.max.replace(tzinfo=BERLIN)
    assert read("9999").end == read("9999-12").end == read("9999-W52").end == found.end


@given(st.dates(date(1971, 1, 1), date(9000, 1, 1)))
def test_a_day_is_a_day_long_give_or_take_the_clocks_change(day: date) -> None:
    found = read(str(day))
    length = found.end.astimezone(UTC) - found.start.astimezone(UTC)
    assert abs(length - DAY) <= timedelta(hours=1)
    assert found.start.date() == day


@given(st.dates(date(1971, 1, 1), date(9000, 1, 1)))
def test_a_month_is_its_days_and_a_year_its_months(day: date) -> None:
    month, year = read(f"{day:%Y-%m}"), read(f"{day:%Y}")
    assert year.start <= month.start <= read(str(day)).start < month.end <= year.end
    assert (month.start.day, month.end.day, month.end.month) == (1, 1, day.month % 12 + 1)
    assert month.end == read(f"{month.end:%Y-%m}").start


@given(st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1)), st.integers(0, 6))  # noqa: DTZ001
def test_a_day_of_the_week_is_the_latest_one(naive: datetime, place: int) -> None:
    now = naive.replace(tzinfo=UTC)
    name = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")[place]
    plain, last = read(name, now).start, read(f"last {name}", now).start
    assert plain.weekday() == last.weekday() == place
    assert timedelta(0) <= now - plain < 7 * DAY
    assert DAY <= read("today", now).start - last <= 7 * DAY
    assert (last == plain) is (now.weekday() != place)


@given(st.dates(date(1971, 1, 1), date(9000, 1, 1)), st.integers(0, 800))
def test_months_ago_is_the_same_day_of_the_month_or_its_last(day: date, count: int) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    then = read(f"{count} months ago", now).start.date()
    assert (then.year - day.year) * 12 + then.month - day.month == -count
    assert then.day == day.day or (then.day < day.day and (then + DAY).day == 1)
