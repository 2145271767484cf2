"""What was recorded of single days to the levels of every day, and to weeks."""

# Theory of operation
#
# 1. An amount counts one way in which work came into the plan, changed there or left it. Levels are
#    sums of amounts and of nothing else, so that the two can never disagree.
# 2. Scope is what is in the plan or ever was, less what was cut out of it while it lived. Nothing
#    but a cut makes it smaller.
# 3. When a document is finalised, rewritten or removed, what was done in it stays done and what was
#    open becomes dropped: the scope stays.
# 4. Open is scope less done less dropped, on every day.
# 5. The unit is the caller's: leaves, or milestones. A milestone that gets its first steps hands
#    its place to one of them; the others are added and, to tell them apart, expanded.

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DAYS_A_WEEK = 7


class Amounts(NamedTuple):
    """What happened over some time, counted in the unit of the series; nothing is negative."""

    added: int = 0  # came into the plan, in whatever state
    arrived_done: int = 0  # of these: ticked when first seen
    arrived_dropped: int = 0  # of these: dropped when first seen
    expanded: int = 0  # of these: the open first steps of a milestone, all but one
    ticked: int = 0  # became done
    unticked: int = 0  # is not done any more
    given_up: int = 0  # became dropped by its own mark
    taken_up: int = 0  # was dropped, is not any more: by its mark, or its document came back
    cut_open: int = 0  # was open, is taken out of a living plan
    cut_done: int = 0  # likewise, was done
    cut_dropped: int = 0  # likewise, was dropped
    dropped_at_finalisation: int = 0  # was open when its document was said to be finished or dead
    dropped_at_rewrite: int = 0  # was open when its whole plan was replaced
    dropped_with_document: int = 0  # was open when its document was removed

    @property
    def cut(self) -> int:
        """Count what was taken out of a living plan, in whatever state."""
        return self.cut_open + self.cut_done + self.cut_dropped

    @property
    def removed(self) -> int:
        """Count what was cut and what was still open when its document or plan ended."""
        ended = self.dropped_at_finalisation + self.dropped_at_rewrite + self.dropped_with_document
        return self.cut + ended

    @property
    def finished(self) -> int:
        """Count the work done on the plan: ticks less what was unticked; may be negative."""
        return self.ticked - self.unticked

    @property
    def growth(self) -> int:
        """Count open work written into the plan, less what was cut or replaced while open.

        Work that was given up or whose document ended is no part of it: that is a decision about
        the plan, and says nothing about how fast plans grow.
        """
        written = self.added - self.arrived_done - self.arrived_dropped
        return written - self.cut_open - self.dropped_at_rewrite

    @property
    def rise(self) -> tuple[int, int, int]:
        """Tell how far scope, done and dropped rose."""
        # by position, all at once: a burndown asks this of every day
        (
            added,
            arrived_done,
            arrived_dropped,
            _,
            ticked,
            unticked,
            given_up,
            taken_up,
            cut_open,
            cut_done,
            cut_dropped,
            finalised,
            rewritten,
            removed,
        ) = self
        return (
            added - cut_open - cut_done - cut_dropped,
            arrived_done + ticked - unticked - cut_done,
            arrived_dropped + given_up - taken_up - cut_dropped + finalised + rewritten + removed,
        )


class Delta(NamedTuple):
    """What the changes recorded for one day add up to.

    Days never fall along the line of history, or levels would fall below nothing.
    """

    day: date  # in the user's time zone
    amounts: Amounts
    unexpanded_change: int = 0  # more open milestones without steps; negative: fewer


class Period:
    """Some time: what happened in it."""

    __slots__ = ()

    if TYPE_CHECKING:

        @property
        def amounts(self) -> Amounts:
            """Give all of it: a field of whatever is a period."""

    @property
    def added(self) -> int:
        """Count what came into the plan."""
        return self.amounts.added

    @property
    def arrived_done(self) -> int:
        """Count what of this was ticked when first seen."""
        return self.amounts.arrived_done

    @property
    def ticked(self) -> int:
        """Count what became done."""
        return self.amounts.ticked

    @property
    def unticked(self) -> int:
        """Count what is not done any more."""
        return self.amounts.unticked

    @property
    def removed(self) -> int:
        """Count what was cut and what was still open when its document or plan ended."""
        return self.amounts.removed


class _Day(NamedTuple):
    day: date
    scope: int
    done: int
    open: int
    dropped: int
    unexpanded: int  # open milestones without steps: each is one leaf as yet
    amounts: Amounts


class Day(_Day, Period):
    """One calendar day: what happened, and the levels at its end."""

    __slots__ = ()


class _Week(NamedTuple):
    monday: date  # it starts on, also where the series starts later
    until: date  # last day covered
    days: int  # covered, 1 to 7
    ticks: tuple[int, ...]  # what became done on each of its seven days, from Monday
    scope: int
    done: int
    open: int
    dropped: int
    unexpanded: int  # as of a day
    amounts: Amounts


class Week(_Week, Period):
    """One calendar week, as far as it is covered: what happened, and the levels at its end."""

    __slots__ = ()


_NOTHING = Amounts()


def together(parts: Iterable[Amounts]) -> Amounts:
    """Add amounts up."""
    found = list(parts)
    if len(found) == 1:
        return found[0]
    return Amounts._make(map(sum, zip(*found, strict=True))) if found else _NOTHING


def fold(deltas: Iterable[Delta], *, until: date, since: date | None = None) -> tuple[Day, ...]:
    """Give every day from the first change, or `since` if that is later, to `until`; oldest first.

    Days without a change repeat the last levels. Changes before `since` are in the levels, changes
    after `until` in nothing; no change by then, no days. Deltas may come in any order.
    """
    by_day: dict[int, list[Delta]] = {}
    for delta in deltas:
        by_day.setdefault(delta.day.toordinal(), []).append(delta)
    start = min(by_day, default=until.toordinal() + 1)
    first = max(start, since.toordinal() if since else start)
    scope = done = dropped = unexpanded = 0
    series = []
    ordinals = *sorted(one for one in by_day if one < first), *range(first, until.toordinal() + 1)
    for ordinal in ordinals:
        amounts = _NOTHING
        if ordinal in by_day:
            changes = by_day[ordinal]
            amounts = (
                changes[0].amounts
                if len(changes) == 1
                else together(one.amounts for one in changes)
            )
            rise = amounts.rise
            scope, done, dropped = scope + rise[0], done + rise[1], dropped + rise[2]
            for delta in changes:
                unexpanded += delta.unexpanded_change
        if ordinal >= first:
            day, left = date.fromordinal(ordinal), scope - done - dropped
            series.append(Day(day, scope, done, left, dropped, unexpanded, amounts))
    return tuple(series)


def weeks(series: Sequence[Day]) -> tuple[Week, ...]:
    """Add days up to calendar weeks, oldest first; the first and the last may be in part."""
    return tuple(
        _week(monday, tuple(days))
        for monday, days in groupby(series, key=lambda day: _monday(day.day))
    )


def _week(monday: int, days: Sequence[Day]) -> Week:
    last = days[-1]
    busy = [day for day in days if day.amounts is not _NOTHING]
    ticks = [0] * _DAYS_A_WEEK
    for day in busy:
        ticks[day.day.toordinal() - monday] = day.ticked
    return Week(
        monday=date.fromordinal(monday),
        until=last.day,
        days=len(days),
        ticks=tuple(ticks),
        scope=last.scope,
        done=last.done,
        open=last.open,
        dropped=last.dropped,
        unexpanded=last.unexpanded,
        amounts=together(day.amounts for day in busy),
    )


def _monday(day: date) -> int:
    """Give the ordinal of the Monday on or before a day; day 1 was a Monday."""
    ordinal = day.toordinal()
    return ordinal - (ordinal - 1) % _DAYS_A_WEEK
