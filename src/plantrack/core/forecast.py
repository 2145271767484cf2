"""A day series to the dates by which its open work is likely to be done, or why none can be told."""

# Theory of operation
#
# 1. What is asked: on which day will nothing be open? The answer is two dates, kept in half of the
#    runs and in 85 of a hundred, and what they rest on.
# 2. A run starts with what is open and lives through one drawn week after the other. A drawn week
#    is one that was observed, with the work finished in it and the open work that came or left
#    undone in it: busy weeks are also those in which plans grow, so the two stay together.
# 3. Observed are the last twelve whole weeks, Monday to Sunday, from the first one in which
#    something was finished: a plan that waits to be started has no pace yet. The day a series
#    starts on brings the plan itself; that is no growth.
# 4. An open milestone without steps is one open leaf, but will be as many as others became. Each run
#    draws from the sizes seen so far; what expansions brought in the observed weeks is left out of
#    their growth, or it would count twice.
# 5. Chance is drawn from a hash of the place it is used in. The same series has the same dates, and
#    tomorrow's dates differ by what happened, not by luck.
# 6. Fewer than five completions, or completions in fewer than three of the observed weeks, are not
#    a pace. Runs of which more than half do not end within five years have no date. Both are said.

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import shake_128
from operator import add, sub
from typing import TYPE_CHECKING

from plantrack.core.series import weeks as weeks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.series import Day, Week

MIN_COMPLETIONS = 5
MIN_WEEKS = 3  # observed ones with a completion
MAX_WEEKS = 12  # observed ones a run draws from
HORIZON_YEARS = 5
RUNS = 10_000

_LIKELY, _SURE = 50, 85  # percent of the runs
_DAYS_A_WEEK = 7
_BYTE = 256
_MAX_DRAWS = 12  # sizes drawn a run; more milestones than that share them, which errs to wide
_WORLDS = 50
_STRIDES = (1,) * 26 + (4,) * 26 + (13,) * 10  # weeks; together the horizon
_BACKTEST_RUNS = 1_000
_BACKTEST_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast rests on."""

    asked: date  # at the end of this day
    open: int
    completions: int  # in the observed weeks and the one under way; less what was unticked
    days: int  # from the first of these weeks to the day it was asked on
    weeks: int  # observed: whole ones
    active_weeks: int  # of these: with a completion
    finished: int  # in the observed weeks
    grown: int  # open work that came, less what left undone, in the observed weeks
    unexpanded: int  # open milestones without steps
    expected: int  # leaves these will become beside the one each counts as, by the median size
    sizes: tuple[int, int, int] | None  # of expanded milestones: quartiles; None: there are none

    @property
    def share(self) -> int:
        """Tell how much of the work ahead is expected rather than written down, in percent."""
        ahead = self.open + self.expected
        return self.expected * 100 // ahead if ahead else 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nothing is likely to be open any more, or why that cannot be told."""

    p50: date | None  # as likely before as after; None: refused
    p85: date | None  # kept in 85 of 100 runs; None: refused, or beyond the horizon
    refusal: str  # a sentence; "" when there is a date
    basis: Basis | None  # None: there is no history at all


@dataclass(frozen=True, slots=True)
class Backtest:
    """How forecasts asked on earlier days of the same history turned out."""

    asked: int  # ends of weeks on which something was open
    answered: int  # of these: with a date for 85 %
    judged: int  # of these: that date is not later than the last day of the history
    held: int  # of these: nothing was open by then


def forecast(days: Sequence[Day], *, sizes: Sequence[int] = (), runs: int = RUNS) -> Forecast:
    """Ask at the end of the last day of a series when nothing will be open.

    `sizes` are the steps each expanded milestone of this repository got, in any order; each at least
    1.
    """
    return _forecast(weeks_of(days), tuple(sorted(sizes)), runs)


def backtest(days: Sequence[Day], *, sizes: Sequence[int] = ()) -> Backtest:
    """Ask at the end of each of the last 52 weeks what would have been answered, and judge it.

    Milestones are taken to become as many steps as is known today, not only as was known then.
    """
    every = weeks_of(days)
    ordered = tuple(sorted(sizes))
    finished_on = [day.day for day in days if day.open <= 0]
    asked = answered = judged = held = 0
    for count in range(max(1, len(every) - _BACKTEST_WEEKS), len(every)):
        week = every[count - 1]
        if week.open <= 0:
            continue
        asked += 1
        promised = _forecast(every[:count], ordered, _BACKTEST_RUNS).p85
        if promised is None:
            continue
        answered += 1
        if promised <= days[-1].day:
            place = bisect_right(finished_on, week.until)
            judged += 1
            held += place < len(finished_on) and finished_on[place] <= promised
    return Backtest(asked, answered, judged, held)


def _forecast(weeks: Sequence[Week], sizes: tuple[int, ...], runs: int) -> Forecast:
    if not weeks:
        return Forecast(None, None, "no forecast: there is no history", None)
    observed = _observed(weeks)
    basis = _basis(weeks, observed, sizes)
    refusal = _unfit(basis)
    if refusal:
        return Forecast(None, None, refusal, basis)
    nets = [week.finished - week.growth + week.expanded for week in observed]
    ends = _ends(_starts(basis, sizes, runs), nets)
    p50 = _date(basis.asked, ends, -(-runs * _LIKELY // 100))
    if p50 is None:
        return Forecast(None, None, _endless(basis), basis)
    return Forecast(p50, _date(basis.asked, ends, -(-runs * _SURE // 100)), "", basis)


# --- what it rests on -----------------------------------------------------------------------------


def _observed(weeks: Sequence[Week]) -> Sequence[Week]:
    """Choose the weeks that are drawn from, oldest first."""
    for place, week in enumerate(weeks):
        if week.finished > 0:
            start = max(place, 1)  # the plan itself comes in the first
            return [week for week in weeks[start:] if week.days == _DAYS_A_WEEK][-MAX_WEEKS:]
    return ()


def _basis(weeks: Sequence[Week], observed: Sequence[Week], sizes: tuple[int, ...]) -> Basis:
    now = weeks[-1]
    under_way = now.days < _DAYS_A_WEEK
    recent = weeks[-MAX_WEEKS - under_way :]
    last = len(sizes) - 1
    spread = (sizes[last // 4], sizes[last // 2], sizes[last - last // 4]) if sizes else None
    return Basis(
        asked=now.until,
        open=now.open,
        completions=max(sum(week.finished for week in recent), 0),
        days=sum(week.days for week in recent),
        weeks=len(observed),
        active_weeks=sum(week.finished > 0 for week in observed),
        finished=sum(week.finished for week in observed),
        grown=sum(week.growth - week.expanded for week in observed),
        unexpanded=now.unexpanded,
        expected=now.unexpanded * (spread[1] - 1) if spread else 0,
        sizes=spread,
    )


def _unfit(basis: Basis) -> str:
    """Say why no run is worth its while; "" when they are."""
    said = f"{basis.completions} completion{'' if basis.completions == 1 else 's'}"
    over = f"in {basis.days} day{'' if basis.days == 1 else 's'}"
    if basis.open <= 0:
        return "no forecast: nothing is open"
    if basis.completions < MIN_COMPLETIONS:
        return f"no forecast: {said} {over} ({MIN_COMPLETIONS} are needed)"
    if basis.active_weeks < MIN_WEEKS:
        weeks = f"{basis.active_weeks} whole week{'' if basis.active_weeks == 1 else 's'}"
        return f"no forecast: {said} {over}, but in {weeks} only ({MIN_WEEKS} are needed)"
    return ""


def _endless(basis: Basis) -> str:
    done, grown = (f"{count / basis.weeks:.1f}" for count in (basis.finished, basis.grown))
    if basis.grown >= basis.finished:
        why = f"the plan grows as fast as work is done ({grown} against {done} a week)"
    elif basis.grown > 0:
        why = f"work is done too slowly ({done} a week, the plan grows by {grown})"
    else:
        why = f"work is done too slowly ({done} a week)"
    return f"no forecast: {why}: most runs do not end within {HORIZON_YEARS} years"


# --- the runs -------------------------------------------------------------------------------------


def _starts(basis: Basis, sizes: tuple[int, ...], runs: int) -> list[int]:
    """Give what each run has to do: what is open, its milestones drawn to their sizes."""
    left = [basis.open] * runs
    draws = min(basis.unexpanded, _MAX_DRAWS) if sizes else 0
    for draw in range(draws):
        share = len(range(draw, basis.unexpanded, draws))
        pool = _pool([(size - 1) * share for size in sizes])
        left = list(map(add, left, _drawn(pool, f"size {draw}", runs)))
    return left


def _ends(starts: Sequence[int], nets: Sequence[int]) -> list[int]:
    """Count the runs that end within each coming stride."""
    ends = [0] * len(_STRIDES)
    for world in range(_WORLDS):
        known = list(_drawn(_pool(nets), f"world {world}", len(nets) - 1))
        left = starts[world::_WORLDS]
        length = 0
        for place, stride in enumerate(_STRIDES):
            if stride != length:
                length = stride
                pool = _pool(known) if length == 1 else _long_pool(known, world, length)
            here = f"world {world} stride {place}"
            still = [rest for rest in map(sub, left, _drawn(pool, here, len(left))) if rest > 0]
            ends[place] += len(left) - len(still)
            left = still
            if not left:
                break
    return ends


def _pool(values: Sequence[int]) -> list[int]:
    """Spread values over all bytes, as evenly as it goes."""
    return [values[byte % len(values)] for byte in range(_BYTE)]


def _long_pool(nets: Sequence[int], world: int, weeks: int) -> list[int]:
    """Make a pool of what some weeks on end may add up to."""
    draws = list(_drawn(_pool(nets), f"world {world} weeks {weeks}", _BYTE * weeks))
    return [sum(draws[place::_BYTE]) for place in range(_BYTE)]


def _drawn(pool: Sequence[int], place: str, count: int) -> Iterator[int]:
    """Draw from a pool; the same place gives the same draws, on every machine."""
    return map(pool.__getitem__, shake_128(place.encode()).digest(count))


def _date(asked: date, ends: Sequence[int], needed: int) -> date | None:
    """Find when so many runs have ended; within a stride they end at an even pace."""
    weeks = 0
    for stride, now in zip(_STRIDES, ends, strict=True):
        if now >= needed:
            days = -(-_DAYS_A_WEEK * stride * needed // now)
            return asked + timedelta(days=_DAYS_A_WEEK * weeks + days)
        needed -= now
        weeks += stride
    return None
