"""Events at given times to the moments at which they are handed out: pure clockwork."""

# Theory of operation
#
# 1. Somebody who saves one file must see it at once: the first event after `quiet_s` without any
#    is ripe when it is complete. One that must be followed by another (a file was begun, or is
#    gone for the moment) waits `torn_s` for that.
# 2. Whatever comes while it is not quiet is a storm: it is ripe after `quiet_s` without events,
#    and after `most_s` in any case. So a storm is two batches and one more for each `most_s`.
# 3. Where that wait for the other half was in vain, a file was seen half written. The event that
#    completes it is ripe at once, storm or not: one more batch, once after quiet.
# 4. Every `period_s` everything is ripe, events or none: that finds what no event told of.
# 5. Times are monotonic. One that stands still while the machine sleeps makes no difference: the
#    period goes on where it stopped. One that goes on makes the sweep due on waking.

from __future__ import annotations

from enum import Enum
from math import inf

from plantrack.watch.values import Pace


class Ripe(Enum):
    """What is to be handed out."""

    NOTHING = "nothing"
    HINTS = "hints"  # what came in
    ALL = "all"  # what came in, and whatever was missed


class Clockwork:
    """When to hand out what came in. `now` never runs backward from one call to the next."""

    __slots__ = (
        "_first",
        "_is_complete",
        "_is_leading",
        "_is_torn",
        "_last",
        "_pace",
        "_sweep_at",
        "period_s",
    )

    def __init__(self, pace: Pace, period_s: float, now: float) -> None:
        """Start with everything due at once: nobody knows what was before."""
        self.period_s = period_s  # from one whole batch to the next
        self._pace = pace
        self._sweep_at = now
        self._first: float | None = None  # of the events that wait; None: none does
        self._last = -inf  # of all events
        self._is_leading = False  # it was quiet before the first
        self._is_complete = False
        self._is_torn = False  # what was handed out after quiet was not complete

    def note(self, now: float, *, is_complete: bool) -> bool:
        """Take an event; tell whether something is due sooner than it was before."""
        before = self._ripe_at()
        if self._first is None:
            self._first = now
            self._is_leading = now - self._last >= self._pace.quiet_s
            self._is_complete = False
            self._is_torn = self._is_torn and not self._is_leading
        elif before <= now:
            return False  # ripe already, and stays so: a busy reader has not come for it yet
        self._is_complete |= is_complete
        self._last = now
        return self._ripe_at() < before

    def due(self, now: float) -> float | None:
        """Give the seconds until something is ripe without a further event; None: never."""
        at = min(self._ripe_at(), self._sweep_at)
        return None if at == inf else max(0.0, at - now)

    def strike(self, now: float) -> Ripe:
        """Tell what is ripe; it counts as handed out."""
        if self._sweep_at <= now:
            self._hand_out()
            self.swept(now)
            return Ripe.ALL
        if self._ripe_at() <= now:
            self._hand_out()
            return Ripe.HINTS
        return Ripe.NOTHING

    def swept(self, now: float) -> None:
        """Begin the period anew: everything was handed out for another reason."""
        self._sweep_at = now + self.period_s

    def hasten(self, now: float, period_s: float) -> None:
        """Change the period; the next whole batch is due when the shorter of both is over."""
        self._sweep_at = min(self._sweep_at, now + period_s)
        self.period_s = period_s

    def _hand_out(self) -> None:
        if self._first is not None:
            self._is_torn = self._is_leading and not self._is_complete
        self._first = None

    def _ripe_at(self) -> float:
        if self._first is None:
            return inf
        if self._is_torn and self._is_complete:
            return self._first
        if not self._is_leading:
            return min(self._last + self._pace.quiet_s, self._first + self._pace.most_s)
        return self._first if self._is_complete else self._first + self._pace.torn_s
