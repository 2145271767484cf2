from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.clean import width
from plantrack.core.forecast import Basis, Forecast, Spread
from plantrack.core.series import Amounts, Day, Delta, fold, weeks
from plantrack.render import chart_axes as axes
from plantrack.render.chart import COLOURS, Canvas, burndown, burnup, changes, spark
from plantrack.render.chart_axes import Span
from plantrack.render.chart_plot import Layer, Plot, sample

FIRST = date(2025, 11, 12)  # a Wednesday
DAY = timedelta(days=1)
DRAWERS = pytest.mark.parametrize("draw", [burndown, burnup])
Draw = Callable[..., tuple[str, ...]]


def series(*changes: tuple[int, dict[str, int]], days: int) -> tuple[Day, ...]:
    deltas = [Delta(FIRST + day * DAY, Amounts(**amounts)) for day, amounts in changes]
    return fold(deltas, until=FIRST + (days - 1) * DAY)


TICKS = {6: 2, 9: 3, 13: 1, 20: 4, 22: 2, 34: 3, 37: 1, 44: 2, 58: 3, 62: 2, 65: 5, 71: 2, 79: 1}
PLAN = series(
    (0, {"added": 38, "arrived_done": 6}),
    *((day, {"ticked": count}) for day, count in {**TICKS, 83: 3, 86: 2}.items()),
    (15, {"added": 9}),
    (47, {"added": 14, "arrived_done": 3}),
    (60, {"cut_open": 4, "given_up": 2}),
    (74, {"dropped_at_finalisation": 6, "dropped_at_rewrite": 1}),
    (80, {"unticked": 1}),
    days=89,
)

AHEAD = Forecast(date(2026, 2, 15), date(2026, 3, 24), "", None)


def promised(late: date | None, *, unexpanded: int = 0, spread: Spread | None = None) -> Forecast:
    basis = Basis(
        asked=PLAN[-1].day,
        open=4,
        completions=30,
        days=84,
        weeks=12,
        active_weeks=9,
        finished=30,
        grown=0,
        unexpanded=unexpanded,
        expected=unexpanded * 4 if spread else 0,
        spread=spread,
    )
    return Forecast(PLAN[-1].day + 20 * DAY, late, "", basis)


# --- how it looks ---------------------------------------------------------------------------------


def test_a_burndown_in_braille_at_60_by_15() -> None:
    shown = "\n".join(burndown(PLAN, Canvas(60, 15), forecast=AHEAD))
    assert (
        shown
        == """\
Burndown: 4 of 57 steps open, 2025-11-12 to 2026-02-08
⣿⣿⣿ open  ⠒⠒⠒ scope
⢕⢕⢕ forecast: 50% by 2026-02-15, 85% by 2026-03-24
60 ┤                    ⡏⠉⠉ ⠉⢱⣀ ⣀⣀⣀ ⣀⣀⣀ ⣀⡀
   │                    ⡇
   │      ⢰ ⠒⠒⠒ ⠒⠒⠒ ⠒⠒⠒ ⠃
40 ┤⣀⣀⣀ ⣀⣀⣸
   │⣀⣀⡀   ⢰⣶⡆           ⣤⣤⣤⣤⡄
   │⣿⣿⣿⣿⣤⣄⣸⣿⣿⣷⣶⣶⣶⣶⣆⡀    ⣿⣿⣿⣿⣿⡇
20 ┤⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣷⣶⣿⣿⣿⣿⣿⣿⣷⡆
   │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣤⡄
   │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣧⣤⣄⣤
   │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣷⡖ ⠄⢄⢄⢄⢄⢄⢀⢀⢀⢀⢀⢀⢀⢀⢀⢀
 0 └────────┬────────────┬───────────────┬───────┬─────────┬
           Dec         2026            today    Mar      85%"""
    )


def test_a_burn_up_in_ascii_at_60_by_15() -> None:
    shown = "\n".join(burnup(PLAN, Canvas(60, 15, braille=False), forecast=AHEAD))
    assert (
        shown
        == """\
Burn-up: 44 of 57 steps done, 2025-11-12 to 2026-02-08
### done  === scope  ... dropped (9)  ::: forecast
60 +                    =====
   |                    |    ============               :::
   |                    |                :::::::::::::::
   |      ==============|              ##
40 +======|                    ##########
   |                          ###########
   |                    #################
20 +              #######################
   |        #############################
   |    #################################
   |#####################################
 0 +--------+------------+---------------+-------+---------+
           Dec         2026            today    Mar      85%"""
    )


def test_a_burn_up_in_braille_at_80_by_24() -> None:
    shown = "\n".join(burnup(PLAN, Canvas(80, 24), forecast=AHEAD))
    assert (
        shown
        == """\
Burn-up: 44 of 57 steps done, 2025-11-12 to 2026-02-08
⣿⣿⣿ done  ⠒⠒⠒ scope  ⢂⢂⢂ dropped (9)  ⢕⢕⢕ forecast
60 ┤                           ⡆⠉⠉⠉ ⠉⠉⢱
   │                           ⡇      ⢘⢀⢒⢒⢒⢀⢒⢒⢒⢀⢒⢒⢒⢀⢒⢒⢒
   │                           ⡇              ⢀⢂⢂⢂⢂⢂⢂⢂⢂
50 ┤                           ⡇              ⢀⢂⢂⢂⢂⢂⢂⢂⢂
   │         ⡤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤⠇                         ⢀⢔⢔⢔⢔⢔⢔⢔⢔⢔⢔⠔⠔⠔⠔⠔⠐⠐⠐⠐⠐⠁⠁
   │         ⡇                                       ⢠⣤⠐⠑⠑⠁⠁⠁⠁⠁⠁
   │         ⡇                                     ⢰⣶⣾⣿
40 ┤⠤⠤⠤ ⠤⠤⠤ ⠤⠇                           ⢀⣀⣀⣀⣶⣶⣶⣶⣾⣶⣾⣿⣿⣿
   │                                     ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │                                   ⢠⣤⣼⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
30 ┤                                 ⢰⣶⣾⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │                           ⣶⣶⣶⣶⣶⣶⣾⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │                     ⢀⣀⣀⣀⣰⣶⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
20 ┤                   ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │           ⢀⣀⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │           ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
10 ┤     ⢠⣤⣼⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │   ⢠⣤⣼⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
   │⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿
 0 └──────────┬─────────────────┬─────────────────────┬───────────┬────────────┬
             Dec              2026                  today        Mar         85%"""
    )


def test_the_changes_of_each_week_with_the_reasons_of_what_was_removed() -> None:
    shown = "\n".join(changes(weeks(PLAN), Canvas(60, 9)))
    assert (
        shown
        == """\
week of     added  arrived done  ticked  unticked  removed
2026-02-02                            5
2026-01-26                            1         1
2026-01-19                            2                  7
  removed: 6 finalised, 1 rewritten
2026-01-12                            7
2026-01-05                            3                  4
  removed: cut
2025-12-29     14             3"""
    )


# --- what must hold at any size -------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn) -> tuple[Day, ...]:
    """Draw a series whose levels are plausible and whose length and size are anything."""
    size = draw(st.integers(0, 10**7))
    found = [(0, {"added": size})]
    left = size
    for day in sorted(draw(st.sets(st.integers(1, 400), max_size=12))):
        ticked = draw(st.integers(0, left))
        given_up = draw(st.integers(0, left - ticked))
        left -= ticked + given_up
        found.append((day, {"ticked": ticked, "given_up": given_up}))
    return series(*found, days=found[-1][0] + draw(st.integers(1, 5000)))


@DRAWERS
@given(days=histories(), across=st.integers(1, 220), down=st.integers(1, 70), braille=st.booleans())
def test_a_chart_never_leaves_its_canvas(
    draw: Draw, days: tuple[Day, ...], across: int, down: int, *, braille: bool
) -> None:
    later = replace(promised(None), p50=days[-1].day + 20 * DAY)
    lines = draw(days, Canvas(across, down, braille=braille), forecast=later)
    assert all(width(line) <= max(across, 8) for line in lines)
    plotted = any(re.match(" *0 [└+]", line) for line in lines)
    assert len(lines) == down or not plotted


@DRAWERS
@pytest.mark.parametrize(("across", "down"), [(60, 15), (80, 24), (200, 60)])
@pytest.mark.parametrize("braille", [True, False])
def test_a_chart_fills_its_canvas(draw: Draw, across: int, down: int, *, braille: bool) -> None:
    lines = draw(PLAN, Canvas(across, down, braille=braille), forecast=AHEAD)
    assert len(lines) == down
    assert max(map(len, lines)) == across
    assert all(line == line.rstrip() for line in lines)


@DRAWERS
def test_without_braille_a_chart_is_ascii(draw: Draw) -> None:
    canvas = Canvas(80, 24, braille=False)
    assert "\n".join(draw(PLAN, canvas, forecast=AHEAD)).isascii()
    assert "\n".join(changes(weeks(PLAN), canvas)).isascii()


@DRAWERS
def test_colour_only_repeats_what_the_chart_says_without(draw: Draw) -> None:
    plain = draw(PLAN, Canvas(80, 24), forecast=AHEAD)
    painted = draw(PLAN, Canvas(80, 24, inks=COLOURS), forecast=AHEAD)
    assert "\x1b" not in "".join(plain)
    assert "\x1b[33m" in "".join(painted)
    assert tuple(re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in painted) == plain


def test_every_colour_is_taken_back_on_its_line() -> None:
    for line in burnup(PLAN, Canvas(80, 24, inks=COLOURS), forecast=AHEAD):
        assert line.count("\x1b[0m") * 2 == line.count("\x1b")


# --- odd histories --------------------------------------------------------------------------------


@DRAWERS
def test_an_empty_series_is_no_picture(draw: Draw) -> None:
    assert draw((), Canvas(60, 15)) == ()
    assert changes((), Canvas(60, 15)) == ()


def test_one_day_fills_the_whole_width() -> None:
    lines = burndown(series((0, {"added": 4}), days=1), Canvas(30, 9, braille=False))
    assert lines == (
        "Burndown: 4 of 4 steps open,",
        "2025-11-12",
        "### open  === scope",
        "4 +===========================",
        "  |###########################",
        "2 +###########################",
        "  |###########################",
        "0 ++--------------------------",
        "   12 Nov",
    )


def test_a_flat_series_shows_its_scope_line_over_the_area() -> None:
    lines = burndown(series((0, {"added": 8}), days=60), Canvas(60, 12))
    top = next(line for line in lines if "8 ┤" in line)
    # dashes, one row of air, and the area; in the gaps of the line there is more air
    assert re.fullmatch(" *8 ┤(⣭⣭⣭⣤)+⣭?⣭?⣭?", top)


def test_a_plan_that_was_cut_to_nothing_has_an_axis_all_the_same() -> None:
    lines = burnup(series((0, {"added": 3}), (5, {"cut_open": 3}), days=9), Canvas(40, 12))
    assert lines[0] == "Burn-up: 0 of 0 steps done, 2025-11-12"
    assert any(line.startswith("0 └") for line in lines)


def test_huge_values_have_short_names() -> None:
    days = series((0, {"added": 7_654_321}), (20, {"ticked": 4_000_000}), days=40)
    shown = "\n".join(burnup(days, Canvas(80, 24)))
    assert "\n7M ┤" in shown
    assert "4000000 of 7654321" in shown


def test_a_level_far_below_the_top_is_still_seen() -> None:
    days = series((0, {"added": 5000}), (9, {"ticked": 4999}), days=30)
    lines = burndown(days, Canvas(60, 15, braille=False))
    assert lines[-3].endswith("#")


@DRAWERS
def test_a_canvas_too_small_for_a_plot_gets_the_words(draw: Draw) -> None:
    lines = draw(PLAN, Canvas(14, 12), forecast=AHEAD)
    assert "└" not in "".join(lines)
    assert "2025-11-12" in " ".join(lines)


def test_milestones_are_called_milestones() -> None:
    assert burnup(PLAN, Canvas(80, 24), unit="milestones")[0].startswith(
        "Burn-up: 44 of 57 milestones done"
    )


def test_nothing_is_said_of_dropped_work_where_there_is_none() -> None:
    shown = "\n".join(burnup(series((0, {"added": 3}), days=9), Canvas(60, 15)))
    assert "dropped" not in shown


def test_levels_below_nothing_do_not_break_the_picture() -> None:
    """A tick that was recorded before its item was."""
    days = series((0, {"ticked": 2}), (3, {"added": 2}), days=9)
    assert days[0].open == -2
    assert len(burndown(days, Canvas(60, 15))) == 15


# --- the forecast ---------------------------------------------------------------------------------


@DRAWERS
def test_a_refusal_is_said_once_instead_of_a_band(draw: Draw) -> None:
    refused = Forecast(None, None, "no forecast: 2 completions in 60 days", None)
    lines = draw(PLAN, Canvas(80, 24), forecast=refused)
    assert ("no forecast: 2 completions in 60 days" in lines[1]) is (draw is burndown)
    assert "today" not in lines[-1]
    assert len(lines) == 24


def test_the_dates_are_said_once() -> None:
    assert "2026-03-24" in "".join(burndown(PLAN, Canvas(80, 24), forecast=AHEAD))
    shown = burnup(PLAN, Canvas(80, 24), forecast=AHEAD)
    assert "2026-03-24" not in "".join(shown)
    assert shown[1].endswith("⢕⢕⢕ forecast")


def test_without_a_forecast_the_chart_ends_today() -> None:
    lines = burndown(PLAN, Canvas(80, 24))
    assert "forecast" not in "".join(lines)
    assert "today" not in lines[-1]


def test_a_date_beyond_the_horizon_is_said_and_the_band_stays_open() -> None:
    lines = burndown(PLAN, Canvas(80, 24, braille=False), forecast=promised(None))
    assert "50% by 2026-02-28, 85% not within 5 years" in "\n".join(lines)
    assert lines[-4].endswith("::::")
    assert "85%" not in lines[-1]


def test_the_future_takes_no_more_room_than_the_past() -> None:
    far = promised(PLAN[-1].day + 900 * DAY)
    lines = burndown(PLAN, Canvas(82, 24, braille=False), forecast=far)
    assert 38 <= lines[-1].index("today") <= 42
    assert "85% by 2028-07-27" in lines[1]


@DRAWERS
def test_the_band_touches_the_axis_where_the_dates_are(draw: Draw) -> None:
    lines = draw(PLAN, Canvas(80, 24, braille=False), forecast=promised(FIRST + 120 * DAY))
    assert lines[-1].index("today") < lines[-1].index("50%") < lines[-1].index("85%")
    assert lines[-2][lines[-1].index("50%") + 1] == "+"
    assert lines[-2].endswith("+")


def test_it_is_said_how_much_rests_on_milestones_without_steps() -> None:
    found = promised(FIRST + 120 * DAY, unexpanded=3, spread=Spread(7, 4, 5, 7))
    assert (
        "75% of that is a guess: 3 milestones without steps, taken for 5 each (4 to 7)"
        in burndown(PLAN, Canvas(80, 24), forecast=found)
    )


def test_one_milestone_without_steps_and_nothing_to_go_by_is_said_too() -> None:
    lines = burndown(PLAN, Canvas(80, 24), forecast=promised(FIRST + 120 * DAY, unexpanded=1))
    assert "1 milestone without steps taken for one step each" in lines


# --- the table ------------------------------------------------------------------------------------


def test_the_table_has_no_column_for_what_never_happened() -> None:
    (head, *_) = changes(
        weeks(series((0, {"added": 3}), (9, {"ticked": 1}), days=20)), Canvas(80, 9)
    )
    assert head.split() == ["week", "of", "added", "ticked"]


def test_weeks_without_a_change_are_left_out_of_the_table() -> None:
    lines = changes(weeks(series((0, {"added": 3}), days=100)), Canvas(80, 9))
    assert lines == ("week of     added", "2025-11-10      3")


def test_every_reason_is_named() -> None:
    days = series(
        (0, {"added": 20}),
        (1, {"cut_done": 1, "dropped_at_finalisation": 2, "dropped_at_rewrite": 3}),
        (2, {"dropped_with_document": 4}),
        days=3,
    )
    assert changes(weeks(days), Canvas(90, 9))[1:] == (
        "2025-11-10     20       10  1 cut, 2 finalised, 3 rewritten, 4 with their document",
    )


def test_the_table_keeps_to_its_height_and_shows_at_least_one_week() -> None:
    found = weeks(PLAN)
    assert [len(changes(found, Canvas(80, height))) for height in (0, 1, 2, 3, 9)] == [
        2,
        2,
        2,
        3,
        9,
    ]


def test_a_table_wider_than_its_canvas_is_cut_but_not_its_reasons() -> None:
    lines = changes(weeks(PLAN), Canvas(24, 40))
    assert all(len(line) <= 24 for line in lines)
    assert lines[0] == "week of     added  arriv"
    assert "  removed: 6 finalised," in lines


def test_the_head_of_the_table_may_be_coloured() -> None:
    assert changes(weeks(PLAN), Canvas(80, 5, inks=COLOURS))[0].startswith("\x1b[2mweek of")


# --- axes -----------------------------------------------------------------------------------------


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_values_on_the_axis_are_round_few_and_reach_the_top(top: int, most: int) -> None:
    ticks = axes.value_ticks(top, most)
    step = ticks[1]
    assert ticks == tuple(range(0, ticks[-1] + 1, step))
    assert len(ticks) - 1 <= most
    assert ticks[-1] >= top > ticks[-1] - step or top == 0
    assert str(step).rstrip("0") in ("1", "2", "5")


@pytest.mark.parametrize(
    ("value", "label"),
    [(0, "0"), (500, "500"), (5000, "5000"), (20_000, "20k"), (2_500_000, "2.5M"), (10**7, "10M")],
)
def test_values_are_written_in_few_characters(value: int, label: str) -> None:
    assert axes.value_label(value) == label


def labels(days: int, most: int) -> list[str]:
    shown = Span(FIRST, FIRST, FIRST + (days - 1) * DAY)
    return [tick.label for tick in axes.day_ticks(shown, most)]


def test_days_are_named_by_what_is_round_in_the_calendar() -> None:
    assert labels(3, 8) == ["12 Nov", "13 Nov", "14 Nov"]
    assert labels(30, 8) == ["17 Nov", "24 Nov", "1 Dec", "8 Dec"]
    assert labels(100, 7) == ["24 Nov", "8 Dec", "22 Dec", "5 Jan", "19 Jan", "2 Feb", "16 Feb"]
    assert labels(120, 4) == ["Dec", "2026", "Feb", "Mar"]
    assert labels(200, 8) == ["Dec", "2026", "Feb", "Mar", "Apr", "May"]
    assert labels(1000, 8) == ["2026", "Jul", "2027", "Jul", "2028", "Jul"]
    assert labels(9000, 8) == ["2030", "2035", "2040", "2045", "2050"]


@given(st.dates(date(1970, 1, 1), date(2200, 1, 1)), st.integers(1, 90_000), st.integers(1, 20))
def test_named_days_are_shown_ones_in_order_and_few(first: date, count: int, most: int) -> None:
    shown = Span(first, first, first + (count - 1) * DAY)
    found = [tick.day for tick in axes.day_ticks(shown, most)]
    assert len(found) <= most
    assert found == sorted(set(found))
    assert all(first <= day <= shown.last for day in found)


def test_no_day_is_named_where_no_name_has_room() -> None:
    assert axes.day_ticks(Span(date(1990, 5, 1), FIRST, FIRST), 0) == ()


# --- dots -----------------------------------------------------------------------------------------


def test_layers_look_different_from_each_other() -> None:
    for braille in (True, False):
        shown = [sample(layer, braille=braille) for layer in Layer if layer is not Layer.RISE]
        assert len(set(shown)) == len(shown)


def test_what_is_laid_beyond_the_plot_is_cut_off() -> None:
    plot = Plot(2, 1, braille=True)
    plot.lay(0, 3, 9, Layer.WORK)
    plot.lay(1, 7, 9, Layer.WORK)
    plot.lay(2, 2, 1, Layer.WORK)
    assert [[sign for sign, _ in line] for line in plot.lines()] == [["⠁", " "]]


def test_a_later_layer_hides_an_earlier_one() -> None:
    plot = Plot(1, 2, braille=False)
    plot.lay(0, 0, 2, Layer.WORK)
    plot.lay(0, 1, 2, Layer.SCOPE)
    assert list(plot.lines()) == [[("=", Layer.SCOPE)], [("#", Layer.WORK)]]


def test_the_band_keeps_its_place_when_only_the_late_date_is_shown() -> None:
    found = axes.band(PLAN, replace(promised(None), p50=PLAN[-1].day + 10 * DAY))
    assert found is not None
    assert found.left(PLAN[-1].day) == (1.0, 1.0)
    assert found.left(PLAN[-1].day + 5 * DAY) == (0.5, 1.0)
    assert found.left(PLAN[-1].day + 30 * DAY) == (0.0, 1.0)


# --- a line of blocks -----------------------------------------------------------------------------


def test_levels_are_a_line_of_blocks() -> None:
    assert spark((0, 1, 4, 8, 16), 5) == " ▁▂▄█"
    assert spark((0, 1, 4, 8, 16), 5, blocks=False) == " .:=#"


def test_a_block_is_the_last_level_of_its_part() -> None:
    assert spark((8, 8, 0, 8, 8, 0), 2) == "  "
    assert spark((0, 0, 8, 0, 0, 8), 2) == "██"


def test_there_are_no_more_blocks_than_levels_or_room() -> None:
    assert len(spark((1, 2), 50)) == 2
    assert len(spark(range(99), 50)) == 50
    assert spark((), 50) == ""
    assert spark((1, 2), 0) == ""
    assert spark((0, 0), 2) == "  "


def test_a_burndown_may_stand_below_a_title_of_somebody_else() -> None:
    canvas = Canvas(60, 16)
    titled, bare = burndown(PLAN, canvas), burndown(PLAN, canvas, titled=False)
    assert titled[0].startswith("Burndown:")
    assert not any("Burndown" in line for line in bare)
    assert len(titled) == len(bare) == canvas.height
