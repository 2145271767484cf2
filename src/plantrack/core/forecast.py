"""A day series to the dates by which its open work is likely done, or why none can be told."""

# Theory of operation
#
# 1. What is asked: by the end of which day will nothing be open? The answer is two dates, kept in
#    half of the runs and in 85 of 100, and what they rest on.
# 2. A run starts with what is open and lives through one drawn week after the other. A drawn week
#    is one that was observed, with the work finished in it and the work it added: weeks in which
#    much is done are also those in which plans grow, so the two stay together.
# 3. Observed are the last twelve whole weeks, Monday to Sunday, from the first one in which
#    something was finished: a plan that waits to be started has no pace yet. The week a series
#    starts in brings the plan itself; that is no growth.
# 4. A dozen weeks are a small sample, and the true pace may be another than theirs. So runs live in
#    worlds: each world knows a sample of the sample, one week short, and its runs draw from that.
#    Simulated projects kept their dates for 85 % in 72 to 89 of 100 cases without this, in 77 to
#    92 with it. Of those that work in a few rare bursts fewer did: the weeks that allow an answer
#    are their lucky ones. A backtest says how it is here.
# 5. An open milestone without steps is one open leaf, but will be as many as others became. Each
#    run draws from the sizes seen so far; what expansions brought in the observed weeks is left
#    out of their growth, or it would count twice.
# 6. A run that ends in a week ends in it as work is done in weeks here: on the day by which its
#    part of the observed ticks was reached. If runs ended evenly over the week, projects that work
#    on Sundays would keep their dates in 0 to 89 of 100 cases; so they keep them as often as any.
# 7. Chance is a hash of the place it is used in. The same series has the same dates everywhere, and
#    tomorrow's dates differ by what happened, not by luck. For the same end worlds are chosen
#    evenly from many, slow to fast: with any fifty a date swings by months.
# 8. Fewer than five completions, or completions in fewer than three of the observed weeks, are no
#    pace. Runs of which more than half do not end within five years have no date. Both are said.

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from hashlib import shake_128
from itertools import accumulate, takewhile
from operator import add, sub
from typing import TYPE_CHECKING

from plantrack.core.series import weeks as weeks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.series import Day, Week

MIN_COMPLETIONS = 5
MIN_WEEKS = 3  # observed ones with a completion
MAX_WEEKS = 12  # observed ones, the newest
HORIZON_YEARS = 5
RUNS = 10_000

_LIKELY, _SURE = 50, 85  # percent of the runs
_DAYS_A_WEEK = 7
_BYTE = 256
_WORLDS = 50
_SAMPLES_A_WORLD = 20  # so that it is no luck which samples are taken
_LONGER = 4  # times as many weeks in the next longer stride
_STRIDES = (1,) * 26 + (4,) * 15 + (16,) * 11  # weeks; together the horizon
_MAX_DRAWS = 12  # sizes drawn a run; more milestones than that share them, which errs to wide
_BACKTEST_RUNS = 1_000
_BACKTEST_WEEKS = 52


@dataclass(frozen=True, slots=True)
class Spread:
    """How many steps milestones got when they were expanded."""

    milestones: int  # it was seen on; at least 1
    low: int  # a quarter of them got fewer
    median: int
    high: int  # a quarter of them got more


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
    grown: int  # open work added less cut in the observed weeks, without expansions
    unexpanded: int  # open milestones without steps
    expected: int  # leaves these will become beside the one each counts as, by the median size
    spread: Spread | None  # of the sizes of expanded milestones; None: there are none

    @property
    def share(self) -> int:
        """Tell how much of the work ahead is expected rather than written down, in percent."""
        return self.expected * 100 // (self.open + self.expected) if self.expected else 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """When nothing is likely to be open any more, or why that cannot be told."""

    p50: date | None  # as likely before as after; None: refused
    p85: date | None  # kept in 85 of 100 runs; None: refused, or beyond the horizon
    refusal: str  # why there is no date, plain words; "" when there is one
    basis: Basis | None  # None: there is no history at all


@dataclass(frozen=True, slots=True)
class Backtest:
    """How forecasts asked on earlier days of the same history turned out."""

    asked: int  # ends of weeks on which something was open
    answered: int  # of these: with a date for 85 %
    judged: int  # of these: that date is not later than the last day of the history
    held: int  # of these: nothing was open by then


def forecast(days: Sequence[Day], *, sizes: Sequence[int] = (), runs: int = RUNS) -> Forecast:
    """Ask at the end of the last day of a whole series when nothing will be open.

    `sizes` are the steps each expanded milestone of the repository got, at least 1, in any order.
    """
    found = _forecast(weeks_of(days), tuple(sorted(sizes)), runs)
    if not days or days[-1].open > 0:
        return found
    *_, emptied = takewhile(lambda day: day.open <= 0, reversed(days))
    return replace(found, refusal=f"no forecast: nothing has been open since {emptied.day}")


def backtest(days: Sequence[Day], *, sizes: Sequence[int] = ()) -> Backtest:
    """Ask at the end of each of the last 52 weeks but this what was answered then, and judge it.

    Milestones are taken to become as many steps as is known today, not only as was known then.
    """
    weeks = weeks_of(days)
    ordered = tuple(sorted(sizes))
    empty_days = [day.day for day in days if day.open <= 0]
    asked = answered = judged = held = 0
    for count in range(max(1, len(weeks) - _BACKTEST_WEEKS), len(weeks)):
        week = weeks[count - 1]
        if week.open <= 0:
            continue
        asked += 1
        promised = _forecast(weeks[:count], ordered, _BACKTEST_RUNS).p85
        if promised is None:
            continue
        answered += 1
        if promised <= days[-1].day:
            place = bisect_right(empty_days, week.until)
            judged += 1
            held += place < len(empty_days) and empty_days[place] <= promised
    return Backtest(asked, answered, judged, held)


def _forecast(weeks: Sequence[Week], sizes: tuple[int, ...], runs: int) -> Forecast:
    if not weeks:
        return Forecast(None, None, "no forecast: there is no history", None)
    observed = _observed(weeks)
    basis = _basis(weeks, observed, sizes)
    refusal = _unfit(basis)
    if refusal:
        return Forecast(None, None, refusal, basis)
    nets = [
        week.amounts.finished - week.amounts.growth + week.amounts.expanded for week in observed
    ]
    ends = _ends(_starts(basis, sizes, runs), nets)
    rhythm = _rhythm(observed, basis.asked)
    p50, p85 = (
        _date(basis.asked, ends, _part(runs, percent), rhythm) for percent in (_LIKELY, _SURE)
    )
    return Forecast(p50, p85, _endless(basis) if p50 is None else "", basis)


# --- what it rests on -----------------------------------------------------------------------------


def _observed(weeks: Sequence[Week]) -> Sequence[Week]:
    """Choose the weeks that are drawn from, oldest first."""
    for place, week in enumerate(weeks):
        if week.amounts.finished > 0:
            later = weeks[max(place, 1) :]
            return [one for one in later if one.days == _DAYS_A_WEEK][-MAX_WEEKS:]
    return ()


def _basis(weeks: Sequence[Week], observed: Sequence[Week], sizes: tuple[int, ...]) -> Basis:
    now = weeks[-1]
    under_way = now.days < _DAYS_A_WEEK
    recent = weeks[-MAX_WEEKS - under_way :]
    spread = _spread(sizes)
    return Basis(
        asked=now.until,
        open=now.open,
        completions=max(sum(week.amounts.finished for week in recent), 0),
        days=sum(week.days for week in recent),
        weeks=len(observed),
        active_weeks=sum(week.amounts.finished > 0 for week in observed),
        finished=sum(week.amounts.finished for week in observed),
        grown=sum(week.amounts.growth - week.amounts.expanded for week in observed),
        unexpanded=now.unexpanded,
        expected=now.unexpanded * (spread.median - 1) if spread else 0,
        spread=spread,
    )


def _rhythm(observed: Sequence[Week], asked: date) -> tuple[int, ...]:
    """Count what was done by the end of each of the seven days that follow the one asked on."""
    by_weekday = [sum(ticks) for ticks in zip(*(week.ticks for week in observed), strict=True)]
    first = (asked.weekday() + 1) % _DAYS_A_WEEK
    return tuple(accumulate(by_weekday[first:] + by_weekday[:first]))


def _spread(sizes: tuple[int, ...]) -> Spread | None:
    if not sizes:
        return None
    last = len(sizes) - 1
    return Spread(len(sizes), sizes[last // 4], sizes[last // 2], sizes[last - last // 4])


# --- why not --------------------------------------------------------------------------------------


def _unfit(basis: Basis) -> str:
    """Say why no run is worth its while; "" when they are."""
    if basis.open <= 0:
        return "no forecast: nothing is open"
    seen = f"{_number(basis.completions, 'completion')} in {_number(basis.days, 'day')}"
    if basis.completions < MIN_COMPLETIONS:
        return f"no forecast: {seen} ({MIN_COMPLETIONS} are needed)"
    if basis.active_weeks < MIN_WEEKS:
        spread = f"spread over {_number(basis.active_weeks, 'whole week')}"
        return f"no forecast: {seen}, {spread} ({MIN_WEEKS} are needed)"
    return ""


def _endless(basis: Basis) -> str:
    done, grown = (f"{count / basis.weeks:.1f}" for count in (basis.finished, basis.grown))
    if basis.grown > basis.finished:
        why = f"scope grows faster than work is done ({grown} against {done} a week)"
    elif basis.grown > 0:
        why = f"too little is done ({done} a week, while scope grows by {grown})"
    else:
        why = f"too little is done ({done} a week)"
    return f"no forecast: {why}; most runs do not end within {HORIZON_YEARS} years"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


# --- the runs -------------------------------------------------------------------------------------


def _starts(basis: Basis, sizes: Sequence[int], runs: int) -> list[int]:
    """Give what each run has to do: what is open, its milestones drawn to their sizes."""
    left = [basis.open] * runs
    draws = min(basis.unexpanded, _MAX_DRAWS) if sizes else 0
    for draw in range(draws):
        share = len(range(draw, basis.unexpanded, draws))
        pool = _pool([(size - 1) * share for size in sizes])
        left = list(map(add, left, _drawn(pool, f"size {draw}", runs)))
    return left


def _ends(starts: Sequence[int], nets: Sequence[int]) -> list[int]:
    """Count the runs that end within each coming stride, until enough have ended."""
    worlds = [
        _World(number, sample, starts[number::_WORLDS])
        for number, sample in enumerate(_samples(nets))
    ]
    missing = _part(len(starts), _SURE)
    ends: list[int] = []
    for place in range(len(_STRIDES)):
        ends.append(sum(world.live(place) for world in worlds))
        missing -= ends[-1]
        if missing <= 0:
            break
    return ends


def _samples(nets: Sequence[int]) -> Sequence[Sequence[int]]:
    """Draw what each world knows: of many samples, ordered by their pace, every twentieth."""
    size = len(nets) - 1
    draws = list(_drawn(_pool(nets), "samples", _WORLDS * _SAMPLES_A_WORLD * size))
    samples = [draws[start : start + size] for start in range(0, len(draws), size)]
    return sorted(samples, key=sum)[_SAMPLES_A_WORLD // 2 :: _SAMPLES_A_WORLD]


class _World:
    """Runs that take the same few weeks for all that was observed."""

    def __init__(self, number: int, sample: Sequence[int], starts: Sequence[int]) -> None:
        self.number = number
        self.left = starts
        self.least = min(starts, default=1)  # no run has less left
        self.pool = _pool(sample)
        self.most = max(self.pool)
        self.stride = 1

    def live(self, place: int) -> int:
        """Go on by one stride; give how many runs end in it."""
        if not self.left:
            return 0
        if self.stride < _STRIDES[place]:
            self._lengthen()
        draws = _drawn(self.pool, f"{self.number} {place}", len(self.left))
        self.left = list(map(sub, self.left, draws))
        self.least -= self.most
        if self.least > 0:
            return 0
        before = len(self.left)
        self.left = [rest for rest in self.left if rest > 0]
        self.least = min(self.left, default=1)
        return before - len(self.left)

    def _lengthen(self) -> None:
        """Make a pool of what the next longer strides may add up to."""
        draws = _drawn(self.pool, f"{self.number} by {self.stride}", _BYTE * _LONGER)
        self.pool = list(map(sum, zip(*[draws] * _LONGER, strict=True)))
        self.most = max(self.pool)
        self.stride *= _LONGER


def _pool(values: Sequence[int]) -> list[int]:
    """Spread values over all bytes, as evenly as it goes; of more values than bytes, every nth."""
    return [values[(2 * byte + 1) * len(values) // (2 * _BYTE)] for byte in range(_BYTE)]


def _drawn(pool: Sequence[int], place: str, count: int) -> Iterator[int]:
    """Draw from a pool; the same place gives the same draws, on every machine."""
    return map(pool.__getitem__, shake_128(place.encode()).digest(count))


def _part(runs: int, percent: int) -> int:
    return -(-runs * percent // 100)


def _date(asked: date, ends: Sequence[int], needed: int, rhythm: Sequence[int]) -> date | None:
    """Find when so many runs have ended; within a stride they end at an even pace, week by week."""
    weeks = 0
    for stride, now in zip(_STRIDES, ends, strict=False):
        if now >= needed:
            whole, rest = divmod(needed * stride - 1, now)
            # the part of the last week is (rest + 1) / now
            day = next(n for n, done in enumerate(rhythm) if done * now >= (rest + 1) * rhythm[-1])
            ordinal = asked.toordinal() + _DAYS_A_WEEK * (weeks + whole) + day + 1
            return date.fromordinal(min(ordinal, date.max.toordinal()))  # the calendar has an end
        needed -= now
        weeks += stride
    return None
