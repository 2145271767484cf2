from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.watch.pace import Clockwork, Ripe
from plantrack.watch.values import Pace

PACE = Pace(quiet_s=100, most_s=1000, torn_s=10, sweep_s=inf)


def quiet_clock(now: float = 0, period_s: float = inf) -> Clockwork:
    clock = Clockwork(PACE, period_s, now)
    assert clock.strike(now) is Ripe.ALL
    return clock


def test_everything_is_due_at_once_in_the_beginning() -> None:
    clock = Clockwork(PACE, inf, 5)
    assert clock.due(5) == 0
    assert clock.strike(5) is Ripe.ALL
    assert clock.strike(5) is Ripe.NOTHING


def test_nothing_is_due_where_nothing_is_swept_and_nothing_came() -> None:
    assert quiet_clock().due(7) is None


def test_one_complete_event_is_ripe_at_once() -> None:
    clock = quiet_clock()
    assert clock.note(50, is_complete=True)
    assert clock.due(50) == 0
    assert clock.strike(50) is Ripe.HINTS
    assert clock.due(50) is None


def test_a_torn_event_waits_for_its_other_half() -> None:
    clock = quiet_clock()
    assert clock.note(50, is_complete=False)
    assert clock.due(50) == 10
    assert clock.strike(59) is Ripe.NOTHING
    assert clock.note(59, is_complete=True)
    assert clock.strike(59) is Ripe.HINTS


def test_a_torn_event_does_not_wait_for_ever() -> None:
    clock = quiet_clock()
    for moment in range(50, 60):
        clock.note(moment, is_complete=False)
    assert clock.strike(60) is Ripe.HINTS


def test_what_completes_a_file_that_was_seen_half_written_is_ripe_at_once() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=False)
    assert clock.strike(10) is Ripe.HINTS
    assert clock.note(20, is_complete=False)  # more of it: only its end counts
    assert clock.due(20) == 100
    assert clock.note(30, is_complete=True)
    assert clock.strike(30) is Ripe.HINTS


def test_a_sweep_may_be_what_sees_a_file_half_written() -> None:
    clock = quiet_clock(0, period_s=55)
    clock.note(50, is_complete=False)
    assert clock.strike(55) is Ripe.ALL
    clock.note(57, is_complete=True)
    assert clock.strike(57) is Ripe.HINTS


def test_only_the_first_to_be_complete_is_let_through_a_storm() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=False)
    clock.strike(10)
    clock.note(20, is_complete=True)
    assert clock.strike(20) is Ripe.HINTS
    clock.note(25, is_complete=True)
    assert clock.due(25) == 100


def test_what_was_half_written_before_a_quiet_time_is_no_matter_after_it() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=False)
    clock.strike(10)
    clock.note(200, is_complete=True)
    assert clock.strike(200) is Ripe.HINTS
    clock.note(210, is_complete=True)
    assert clock.due(210) == 100


def test_a_storm_waits_until_it_is_over() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=True)
    assert clock.strike(0) is Ripe.HINTS
    assert clock.note(20, is_complete=True)  # something is due again
    assert not clock.note(40, is_complete=True)  # later than it was: nobody is woken
    assert clock.due(40) == 100
    assert clock.strike(139) is Ripe.NOTHING
    assert clock.strike(140) is Ripe.HINTS


def test_a_storm_that_does_not_end_is_told_of_all_the_same() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=True)
    assert clock.strike(0) is Ripe.HINTS
    taken = []
    for moment in range(10, 2500, 10):
        clock.note(moment, is_complete=True)
        if clock.strike(moment) is Ripe.HINTS:
            taken.append(moment)
    assert taken == [1010, 2020]


def test_what_is_ripe_stays_ripe_while_the_reader_is_busy() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=True)
    clock.strike(0)
    clock.note(20, is_complete=False)
    assert clock.due(120) == 0
    assert not clock.note(130, is_complete=False)
    assert clock.due(130) == 0
    assert clock.strike(130) is Ripe.HINTS


def test_after_quiet_the_next_event_is_ripe_at_once_again() -> None:
    clock = quiet_clock()
    clock.note(0, is_complete=True)
    clock.strike(0)
    clock.note(100, is_complete=True)
    assert clock.due(100) == 0


def test_a_sweep_is_due_in_every_period() -> None:
    clock = quiet_clock(0, period_s=5000)
    assert clock.due(1000) == 4000
    assert clock.strike(4999) is Ripe.NOTHING
    assert clock.strike(5000) is Ripe.ALL
    assert clock.due(5000) == 5000


def test_a_sweep_hands_out_what_waits() -> None:
    clock = quiet_clock(0, period_s=55)
    clock.note(50, is_complete=False)
    assert clock.strike(55) is Ripe.ALL
    assert clock.strike(60) is Ripe.NOTHING


def test_after_a_long_sleep_one_sweep_is_due_and_not_one_for_each_period() -> None:
    clock = quiet_clock(0, period_s=5000)
    assert clock.due(1_000_000) == 0
    assert clock.strike(1_000_000) is Ripe.ALL
    assert clock.strike(1_000_001) is Ripe.NOTHING


def test_what_was_swept_for_another_reason_is_not_swept_again_so_soon() -> None:
    clock = quiet_clock(0, period_s=5000)
    clock.swept(4000)
    assert clock.due(4000) == 5000


def test_a_shorter_period_holds_from_the_sweep_that_is_being_waited_for() -> None:
    clock = quiet_clock(0, period_s=5000)
    clock.hasten(1000, 2000)
    assert clock.due(1000) == 2000
    assert clock.strike(3000) is Ripe.ALL
    assert clock.due(3000) == 2000


@pytest.mark.parametrize("period_s", [2000, 5000])
def test_a_period_is_never_put_off_by_changing_it(period_s: float) -> None:
    clock = quiet_clock(0, period_s=3000)
    clock.hasten(2900, period_s)
    assert clock.due(2900) == 100


# --- whatever comes -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Handed:
    """A batch that was no sweep."""

    moment: float
    first: int  # number of the first event in it
    is_complete: bool
    is_torn: bool  # it came after quiet, and is not complete


@dataclass(frozen=True, slots=True)
class Run:
    """A reader that always wakes when it is due, and what it got."""

    events: tuple[float, ...]
    batches: tuple[Handed, ...]
    waits: tuple[float, ...]  # of each event, from when it came until it was handed out
    wakes: int  # how often somebody who waits had to be woken


def live(gaps: list[tuple[int, bool]], period_s: float = inf) -> Run:
    clock = quiet_clock(0, period_s)
    now, wakes = 0.0, 0
    events: list[float] = []
    batches: list[Handed] = []
    waits: list[float] = []

    def handed() -> Handed:
        first = len(waits)
        is_complete = any(complete for _, complete in gaps[first : len(events)])
        is_leading = not first or gaps[first][0] >= PACE.quiet_s
        return Handed(now, first, is_complete, is_leading and not is_complete)

    def strike_until(end: float) -> None:
        nonlocal now
        while (due := clock.due(now)) is not None and now + due <= end:
            now += due
            ripe = clock.strike(now)
            assert ripe is not Ripe.NOTHING  # what due() says is kept
            waiting = events[len(waits) :]
            if ripe is Ripe.HINTS:
                assert waiting  # nothing is handed out for no reason
                batches.append(handed())
            waits.extend(now - came for came in waiting)

    for gap, is_complete in gaps:
        came = now + gap if not events else events[-1] + gap
        strike_until(came)
        now = came
        events.append(came)
        wakes += clock.note(came, is_complete=is_complete)
    strike_until(now + 2 * PACE.most_s)
    return Run(tuple(events), tuple(batches), tuple(waits), wakes)


GAPS = st.lists(
    st.tuples(st.one_of(st.integers(0, 30), st.integers(0, 3000)), st.booleans()), max_size=60
)


@given(GAPS)
def test_no_event_is_lost_or_waits_longer_than_the_most(gaps: list[tuple[int, bool]]) -> None:
    ran = live(gaps)
    assert len(ran.waits) == len(gaps)
    assert all(wait <= PACE.most_s for wait in ran.waits)


@given(GAPS, st.integers(1, 4000))
def test_no_event_waits_longer_where_there_are_sweeps(
    gaps: list[tuple[int, bool]], period_s: int
) -> None:
    ran = live(gaps, period_s)
    assert len(ran.waits) == len(gaps)
    assert all(wait <= PACE.most_s for wait in ran.waits)


@given(GAPS)
def test_an_event_after_quiet_waits_for_its_other_half_at_most(
    gaps: list[tuple[int, bool]],
) -> None:
    ran = live(gaps)
    for number, (gap, is_complete) in enumerate(gaps):
        if gap >= PACE.quiet_s:
            most = 0 if is_complete else PACE.torn_s
            assert ran.waits[number] <= most


@given(st.lists(st.tuples(st.integers(0, 99), st.booleans()), min_size=1, max_size=200))
def test_a_storm_is_two_batches_and_one_more_for_each_longest_wait_or_half_written_file(
    gaps: list[tuple[int, bool]],
) -> None:
    ran = live(gaps)
    length = ran.events[-1] - ran.events[0]
    assert len(ran.batches) <= 2 + ran.batches[0].is_torn + length // PACE.most_s


@given(GAPS)
def test_what_came_in_a_storm_keeps_its_distance_from_the_batch_before(
    gaps: list[tuple[int, bool]],
) -> None:
    ran = live(gaps)
    for earlier, later in pairwise(ran.batches):
        began = ran.events[later.first]
        if began - ran.events[later.first - 1] < PACE.quiet_s:
            is_rest = earlier.is_torn and later.is_complete
            assert later.moment - earlier.moment >= (0 if is_rest else PACE.quiet_s)
        else:
            assert later.moment - began <= PACE.torn_s


@given(GAPS)
def test_the_reader_is_woken_at_most_twice_for_a_batch(gaps: list[tuple[int, bool]]) -> None:
    """Once because something came, and once more when it was complete sooner than expected."""
    ran = live(gaps)
    assert ran.wakes <= 2 * max(1, len(ran.batches))
