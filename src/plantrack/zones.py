"""The time zone of the machine, as it was at each moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class Machine(tzinfo):
    """The machine's zone with its changes of the clocks; `astimezone()` knows only one offset."""

    def utcoffset(self, when: datetime | None) -> timedelta | None:
        """Give how far local time is ahead at a local time; None: at no time in particular."""
        if when is None:
            return None
        try:
            return when.replace(tzinfo=None).astimezone().utcoffset()
        except (OverflowError, ValueError, OSError):  # the ends of the calendar
            return timedelta(0)

    def dst(self, when: datetime | None) -> None:
        """Leave open what of the offset is summer time."""

    def tzname(self, when: datetime | None) -> None:
        """Leave the zone without a name."""

    def fromutc(self, when: datetime) -> datetime:
        """Give the local time of a moment."""
        there = when.replace(tzinfo=UTC).astimezone()
        here = there.replace(tzinfo=self)
        # an hour that the clocks show twice
        return here if here.utcoffset() == there.utcoffset() else here.replace(fold=1)
