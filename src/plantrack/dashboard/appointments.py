"""What is to be done later, and when: to how long may be waited, and what is due."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection


class Call(StrEnum):
    """What the dashboard does without being asked."""

    KEYS = "keys"  # no more bytes came: an escape was the key
    FLASH = "flash"  # something has flashed long enough
    NOTE = "note"  # a note was there long enough
    AGES = "ages"  # what is shown as an age is older
    WHOLE = "whole"  # what takes its time is made anew


class Appointments:
    """At most one appointment of a kind; times are seconds of one clock that only goes forward."""

    def __init__(self) -> None:
        """Begin without any."""
        self._at: dict[Call, float] = {}
        self._first_at: dict[Call, float] = {}  # of those that were postponed, before they were

    def make(self, call: Call, at: float) -> None:
        """Have something done at a time, in place of an earlier appointment for it."""
        self._at[call] = at

    def postpone(self, call: Call, at: float, *, at_most_s: float) -> None:
        """Have something done at a time, however often it is put off by no more than so much."""
        first = self._first_at.setdefault(call, at)
        self._at[call] = min(at, first + at_most_s)

    def wait_s(self, now: float) -> float | None:
        """Tell how long nothing is due; None: for ever."""
        return max(min(self._at.values()) - now, 0.0) if self._at else None

    def due(self, now: float, among: Collection[Call] = tuple(Call)) -> frozenset[Call]:
        """Give what is due of these, each once."""
        found = frozenset(call for call, at in self._at.items() if at <= now and call in among)
        for call in found:
            del self._at[call]
            self._first_at.pop(call, None)
        return found
