from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.series import Amounts, Delta, fold, together, weeks

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def delta(day: int, *, unexpanded: int = 0, **amounts: int) -> Delta:
    return Delta(MONDAY + day * DAY, Amounts(**amounts), unexpanded)


# --- a plan that is kept item by item, to compare the sums with -----------------------------------


@dataclass
class Plan:
    """Items with their states; "dropped" also stands for those whose document ended."""

    items: list[str] = field(default_factory=list)
    deltas: list[Delta] = field(default_factory=list)
    levels: list[tuple[int, int, int, int]] = field(default_factory=list)  # a day each, from 0

    def add(self, day: int, state: str) -> None:
        self.items.append(state)
        arrived = {"open": {}, "done": {"arrived_done": 1}, "dropped": {"arrived_dropped": 1}}
        self.deltas.append(delta(day, added=1, **arrived[state]))

    def become(self, day: int, place: int, state: str) -> None:
        before = self.items[place]
        if before == state:
            return
        came = {"done": {"ticked": 1}, "dropped": {"given_up": 1}, "open": {}}[state]
        went = {"done": {"unticked": 1}, "dropped": {"taken_up": 1}, "open": {}}[before]
        self.items[place] = state
        self.deltas.append(delta(day, **came, **went))

    def cut(self, day: int, place: int) -> None:
        self.deltas.append(delta(day, **{f"cut_{self.items.pop(place)}": 1}))

    def end(self, day: int, why: str) -> None:
        count = self.items.count("open")
        self.items = ["dropped" if item == "open" else item for item in self.items]
        self.deltas.append(delta(day, **{why: count}))

    def close_day(self) -> None:
        states = Counter(self.items)
        self.levels.append(
            (len(self.items), states["done"], states["open"], states["dropped"]),
        )


STATES = st.sampled_from(["open", "done", "dropped"])
ENDS = st.sampled_from(["dropped_at_finalisation", "dropped_at_rewrite", "dropped_with_document"])
EVENTS = st.one_of(
    st.tuples(st.just("add"), STATES),
    st.tuples(st.just("become"), st.tuples(st.integers(0, 30), STATES)),
    st.tuples(st.just("cut"), st.integers(0, 30)),
    st.tuples(st.just("end"), ENDS),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan that lives through some days, the first of which brings an item."""
    plan = Plan()
    plan.add(0, "open")
    for day, events in enumerate(draw(st.lists(st.lists(EVENTS, max_size=4), min_size=1))):
        for kind, what in events:
            match kind, what:
                case "add", str(state):
                    plan.add(day, state)
                case "become", (int(place), str(state)) if plan.items:
                    plan.become(day, place % len(plan.items), state)
                case "cut", int(place) if plan.items:
                    plan.cut(day, place % len(plan.items))
                case "end", str(why):
                    plan.end(day, why)
                case _:
                    pass  # nothing is left to change or cut
        plan.close_day()
    return plan


def last_day(plan: Plan) -> date:
    return MONDAY + (len(plan.levels) - 1) * DAY


@given(plans())
def test_the_levels_are_what_counting_the_items_gives(plan: Plan) -> None:
    days = fold(plan.deltas, until=last_day(plan))
    assert [(day.scope, day.done, day.open, day.dropped) for day in days] == plan.levels


@given(plans())
def test_open_is_scope_less_done_less_dropped_on_every_day(plan: Plan) -> None:
    for day in fold(plan.deltas, until=last_day(plan)):
        assert day.open == day.scope - day.done - day.dropped


@given(plans())
def test_done_falls_by_no_more_than_what_was_unticked_or_cut_after_it_was_done(plan: Plan) -> None:
    for before, after in pairwise(fold(plan.deltas, until=last_day(plan))):
        assert after.done >= before.done - after.unticked - after.amounts.cut_done


@given(plans())
def test_scope_falls_by_no_more_than_what_was_cut(plan: Plan) -> None:
    for before, after in pairwise(fold(plan.deltas, until=last_day(plan))):
        assert after.scope >= before.scope - after.amounts.cut


@given(plans(), ENDS)
def test_the_end_of_a_document_leaves_scope_and_done_and_nothing_open(plan: Plan, why: str) -> None:
    before = fold(plan.deltas, until=last_day(plan))[-1]
    plan.end(len(plan.levels), why)
    after = fold(plan.deltas, until=before.day + DAY)[-1]
    assert (after.scope, after.done) == (before.scope, before.done)
    assert (after.open, after.dropped) == (0, before.dropped + before.open)
    assert after.removed == before.open


@given(plans())
def test_amounts_add_up_to_the_difference_of_the_levels(plan: Plan) -> None:
    days = fold(plan.deltas, until=last_day(plan))
    total = together(day.amounts for day in days)
    assert (days[-1].scope, days[-1].done, days[-1].dropped) == total.rise


@given(plans(), st.randoms())
def test_neither_the_order_of_deltas_nor_how_a_day_is_split_matters(
    plan: Plan, chance: Random
) -> None:
    whole = [
        Delta(day, together(one.amounts for one in group))
        for day, group in groupby(plan.deltas, key=lambda one: one.day)
    ]
    shuffled = list(plan.deltas)
    chance.shuffle(shuffled)
    until = last_day(plan)
    assert fold(plan.deltas, until=until) == fold(whole, until=until)
    assert fold(plan.deltas, until=until) == fold(shuffled, until=until)


@given(st.lists(plans(), min_size=1, max_size=3))
def test_the_series_of_all_documents_is_the_sum_of_the_series_of_each(
    documents: list[Plan],
) -> None:
    until = max(map(last_day, documents))
    whole = fold([one for plan in documents for one in plan.deltas], until=until)
    parts = [fold(plan.deltas, until=until) for plan in documents]
    for day, *same_days in zip(whole, *parts, strict=True):
        assert day.scope == sum(one.scope for one in same_days)
        assert day.done == sum(one.done for one in same_days)
        assert day.open == sum(one.open for one in same_days)
        assert day.dropped == sum(one.dropped for one in same_days)
        assert day.amounts == together(one.amounts for one in same_days)


@given(plans(), st.integers(-3, 40))
def test_since_only_leaves_off_the_days_before_it(plan: Plan, start: int) -> None:
    since = MONDAY + start * DAY
    days = fold(plan.deltas, until=last_day(plan))
    later = fold(plan.deltas, until=last_day(plan), since=since)
    assert later == tuple(day for day in days if day.day >= since)


@given(plans())
def test_weeks_hold_every_day_once_and_start_on_mondays(plan: Plan) -> None:
    days = fold(plan.deltas, until=last_day(plan), since=MONDAY + 3 * DAY)
    found = weeks(days)
    assert sum(week.days for week in found) == len(days)
    assert all(week.monday.weekday() == 0 for week in found)
    assert all(later.monday - week.monday == 7 * DAY for week, later in pairwise(found))
    assert all(week.days == 7 for week in found[1:-1])
    assert together(week.amounts for week in found) == together(day.amounts for day in days)
    by_day = {day.day: day for day in days}
    for week in found:
        last = by_day[week.until]
        assert (week.scope, week.done, week.open) == (last.scope, last.done, last.open)
        assert week.until - week.monday < 7 * DAY
        assert week.ticks == tuple(
            by_day[day].ticked if (day := week.monday + n * DAY) in by_day else 0 for n in range(7)
        )


# --- examples -------------------------------------------------------------------------------------


def test_a_day_without_a_change_repeats_the_last_levels() -> None:
    days = fold([delta(0, added=3), delta(3, ticked=1)], until=MONDAY + 4 * DAY)
    assert [(day.day - MONDAY).days for day in days] == [0, 1, 2, 3, 4]
    assert [day.open for day in days] == [3, 3, 3, 2, 2]
    assert [day.ticked for day in days] == [0, 0, 0, 1, 0]


def test_a_series_starts_at_its_first_change_although_since_is_earlier() -> None:
    days = fold([delta(2, added=1)], until=MONDAY + 3 * DAY, since=MONDAY)
    assert [day.day for day in days] == [MONDAY + 2 * DAY, MONDAY + 3 * DAY]


def test_changes_before_since_are_in_the_levels_but_in_no_amount() -> None:
    (day,) = fold(
        [delta(0, added=5), delta(1, ticked=2)], until=MONDAY + 2 * DAY, since=MONDAY + 2 * DAY
    )
    assert (day.scope, day.done, day.open) == (5, 2, 3)
    assert day.amounts == Amounts()


def test_changes_after_until_are_left_out() -> None:
    (day,) = fold([delta(0, added=5), delta(1, ticked=2)], until=MONDAY)
    assert (day.open, day.done) == (5, 0)


def test_there_are_no_days_without_a_change_by_then() -> None:
    assert fold([], until=MONDAY) == ()
    assert fold([delta(1, added=1)], until=MONDAY) == ()
    assert weeks(()) == ()


def test_a_finished_document_never_makes_done_fall() -> None:
    """96 steps, 55 ticked; then the document is folded into a stub."""
    deltas = [delta(0, added=96), delta(5, ticked=55), delta(9, dropped_at_finalisation=41)]
    last = fold(deltas, until=MONDAY + 9 * DAY)[-1]
    assert (last.scope, last.done, last.open, last.dropped) == (96, 55, 0, 41)
    assert last.removed == 41


def test_cut_work_leaves_the_scope_and_is_told_by_what_it_was() -> None:
    deltas = [
        delta(0, added=9, arrived_done=2, arrived_dropped=1),
        delta(1, cut_open=3, cut_done=1, cut_dropped=1),
    ]
    last = fold(deltas, until=MONDAY + DAY)[-1]
    assert (last.scope, last.done, last.open, last.dropped) == (4, 1, 3, 0)
    assert (last.removed, last.amounts.cut) == (5, 5)


def test_what_arrives_done_is_told_apart_from_what_was_ticked() -> None:
    last = fold([delta(0, added=7, arrived_done=4), delta(0, ticked=2)], until=MONDAY)[-1]
    assert (last.done, last.arrived_done, last.ticked) == (6, 4, 2)
    assert last.amounts.finished == 2


def test_growth_is_open_work_written_down_less_what_was_cut_or_replaced() -> None:
    amounts = Amounts(added=20, arrived_done=6, arrived_dropped=1, cut_open=3, dropped_at_rewrite=2)
    assert amounts.growth == 8
    assert Amounts(given_up=4, dropped_at_finalisation=9, dropped_with_document=2).growth == 0


def test_open_milestones_without_steps_are_carried_along() -> None:
    deltas = [delta(0, added=4, unexpanded=3), delta(2, added=5, expanded=5, unexpanded=-1)]
    days = fold(deltas, until=MONDAY + 2 * DAY)
    assert [day.unexpanded for day in days] == [3, 3, 2]
    assert weeks(days)[0].unexpanded == 2


def test_the_first_and_the_last_week_may_be_in_part() -> None:
    """From a Thursday to the Tuesday after next."""
    found = weeks(fold([delta(3, added=2)], until=MONDAY + 15 * DAY))
    assert [(week.monday - MONDAY).days for week in found] == [0, 7, 14]
    assert [week.days for week in found] == [4, 7, 2]
    assert [week.until.weekday() for week in found] == [6, 6, 1]
    assert [week.added for week in found] == [2, 0, 0]


def test_a_day_says_what_came_changed_and_went() -> None:
    (day,) = fold(
        [delta(0, added=9, arrived_done=2, ticked=3, unticked=1, cut_open=1, dropped_at_rewrite=2)],
        until=MONDAY,
    )
    assert (day.added, day.arrived_done, day.ticked, day.unticked, day.removed) == (9, 2, 3, 1, 3)
    assert day.amounts.finished == 2


def test_the_calendar_may_begin_and_end_with_a_series() -> None:
    """The first day of the calendar is a Monday, the last one a Friday."""
    first = fold([Delta(date.min, Amounts(added=2))], until=date.min + DAY)
    assert [week.monday for week in weeks(first)] == [date.min]
    last = fold([Delta(date.max - DAY, Amounts(added=2))], until=date.max)
    assert [(week.until, week.days) for week in weeks(last)] == [(date.max, 2)]
    (end,) = fold([Delta(date.min, Amounts(added=2))], until=date.max, since=date.max)
    assert end.scope == 2
