"""Local times are those that the machine showed at each moment."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.zones import Machine

BERLIN = ZoneInfo("Europe/Berlin")


@contextmanager
def in_berlin() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@given(st.datetimes(datetime(1980, 1, 2), datetime(2037, 12, 30)))  # noqa: DTZ001
def test_a_moment_has_the_local_time_it_had(moment: datetime) -> None:
    there = moment.replace(tzinfo=UTC)
    wanted = there.astimezone(BERLIN)
    with in_berlin():
        here = there.astimezone(Machine())
        assert here.replace(tzinfo=None) == wanted.replace(tzinfo=None)
        assert (here.utcoffset(), here.astimezone(UTC)) == (wanted.utcoffset(), there)


def test_an_hour_shown_twice_is_told_apart() -> None:
    with in_berlin():
        first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(Machine())
        second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(Machine())
        assert first.replace(tzinfo=None) == second.replace(tzinfo=None, fold=0)
        assert (first.utcoffset(), second.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))


def test_the_ends_of_the_calendar_have_an_offset() -> None:
    zone = Machine()
    for end in (datetime.min, datetime.max):  # noqa: DTZ901
        assert end.replace(tzinfo=zone).utcoffset() is not None
    assert zone.utcoffset(None) is None


def test_what_is_not_known_of_the_zone_is_left_open() -> None:
    when = datetime(2026, 3, 1, tzinfo=Machine())
    assert (when.dst(), when.tzname()) == (None, None)
