from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.clocks import EARLIEST_S, clocks, fit

B = 1_767_268_800  # 2026-01-01, noon
DAY_S = 86_400
WILD = 4_102_444_800  # 2100
TIMES = st.one_of(
    st.integers(B, B + 40 * DAY_S), st.sampled_from((0, 1, EARLIEST_S - 1, EARLIEST_S, WILD))
)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((), ()),
        ((B,), (B,)),
        ((B, B, B + 5), (B, B, B + 5)),
        # A single wild time moves no other.
        ((B, WILD, B + 5, B + 9), (B, B + 5, B + 5, B + 9)),
        ((B, 0, B + 5), (B, B, B + 5)),
        ((B, EARLIEST_S, B + 5), (B, B, B + 5)),
        ((B, WILD, WILD - 1, 0, B + 5), (B, B + 5, B + 5, B + 5, B + 5)),
        # At the beginning and at the end there is one neighbour.
        ((WILD, B, B + 5), (B, B, B + 5)),
        ((0, B, B + 5), (B, B, B + 5)),
        ((1, 0, B), (B, B, B)),
        ((B, B + 5, 0), (B, B + 5, B + 5)),
        ((B, B + 5, B + 3, 0), (B, B + 3, B + 3, B + 3)),
        # Nobody has contradicted the last one yet.
        ((B, B + 5, WILD), (B, B + 5, WILD)),
        # Of two that contradict each other, the earlier, but for the first two; else the majority.
        ((B, B + 9, B + 3, B + 20), (B, B + 3, B + 3, B + 20)),
        ((B + 9, B), (B + 9, B + 9)),
        ((B + 9, B, B + 20), (B + 9, B + 9, B + 20)),
        ((B + 9, B, B + 3), (B, B, B + 3)),
        ((WILD, WILD, B), (WILD, WILD, WILD)),
        ((WILD, WILD, B, B, B), (B, B, B, B, B)),
        # Nobody knew the time.
        ((7, 3, 9), (7, 7, 9)),
    ],
)
def test_times_that_fit_one_another_are_believed(
    times: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert clocks(times) == expected


@given(st.lists(TIMES, max_size=12))
def test_what_revisions_count_for_never_falls_and_is_no_new_time(times: list[int]) -> None:
    found = clocks(times)
    assert len(found) == len(times)
    assert all(one <= other for one, other in pairwise(found))
    assert set(found) <= set(times)
    assert clocks(found) == found


@given(st.lists(TIMES, min_size=1, max_size=12))
def test_times_that_never_fall_are_all_believed(times: list[int]) -> None:
    dated = sorted(time for time in times if time >= EARLIEST_S)
    assert clocks(dated) == tuple(dated)


@given(st.lists(TIMES, max_size=9), st.integers(0, 9), st.sampled_from((0, WILD)))
def test_one_wild_time_among_good_ones_moves_none_of_them(
    times: list[int], place: int, wild: int
) -> None:
    good = sorted(time for time in times if EARLIEST_S < time < WILD)
    at = min(place, len(good) - 1)
    if len(good) < 2:  # one against one
        return
    found = clocks([*good[:at], wild, *good[at:]])
    assert [*found[:at], *found[at + 1 :]] == good


@given(st.lists(TIMES, max_size=9), st.lists(TIMES, max_size=4))
def test_what_fits_may_be_put_on_without_looking_back(times: list[int], more: list[int]) -> None:
    before = clocks(times)
    if fit(before[-1] if before else EARLIEST_S, more):
        assert clocks([*times, *more]) == (*before, *more)
    elif before and before[-1] >= EARLIEST_S:
        assert clocks([*times, *more]) != (*before, *more)
