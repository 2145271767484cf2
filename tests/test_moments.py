from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.moments import parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 30, 9, 30, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-03-10", "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("20260310", "2026-03-10T00:00:00+01:00", "2026-03-11T00:00:00+01:00"),
        ("2026-03-10 14:30", "2026-03-10T14:30:00+01:00", "2026-03-10T14:30:00+01:00"),
        ("2026-03-10T14:30:00Z", "2026-03-10T14:30:00+00:00", "2026-03-10T14:30:00+00:00"),
        ("today", "2026-03-30T00:00:00+02:00", "2026-03-31T00:00:00+02:00"),
        ("Yesterday", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"),
        ("now", "2026-03-30T09:30:00+02:00", "2026-03-30T09:30:00+02:00"),
        ("2 weeks ago", "2026-03-16T00:00:00+01:00", "2026-03-17T00:00:00+01:00"),
        ("2w", "2026-03-16T00:00:00+01:00", "2026-03-17T00:00:00+01:00"),
        ("a week ago", "2026-03-23T00:00:00+01:00", "2026-03-24T00:00:00+01:00"),
        ("3 days", "2026-03-27T00:00:00+01:00", "2026-03-28T00:00:00+01:00"),
        ("1 month ago", "2026-02-28T00:00:00+01:00", "2026-03-01T00:00:00+01:00"),
        ("1y", "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00"),
        ("2 hours ago", "2026-03-30T07:30:00+02:00", "2026-03-30T07:30:00+02:00"),
        ("an hour ago", "2026-03-30T08:30:00+02:00", "2026-03-30T08:30:00+02:00"),
        ("15 min", "2026-03-30T09:15:00+02:00", "2026-03-30T09:15:00+02:00"),
    ],
)
def test_a_time_is_read(text: str, start: str, end: str) -> None:
    found = parse(text, NOW)
    assert found is not None
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2026-13-01", "2026-02-30", "weeks ago", "2 parsecs ago", "-1 day", "99999 years"],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse(text, NOW) is None


@given(st.text(max_size=30))
def test_no_text_is_an_error(text: str) -> None:
    found = parse(text, NOW)
    assert found is None or found.start <= found.end


@given(st.dates(date(1971, 1, 1), date(9000, 1, 1)))
def test_a_day_is_a_day_long_give_or_take_the_clocks_change(day: object) -> None:
    found = parse(str(day), NOW)
    assert found is not None
    length = found.end.astimezone(UTC) - found.start.astimezone(UTC)
    assert abs(length - timedelta(days=1)) <= timedelta(hours=1)
