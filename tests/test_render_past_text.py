from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from past_samples import (
    BASIS,
    BLAME,
    BURNDOWN,
    CUT,
    DATED,
    DAYS,
    FORECAST,
    ITEMS,
    LOG,
    NOW,
    REFUSED,
    added,
    change,
    diff_item,
    diff_view,
    hostile_blame,
    hostile_diff,
    hostile_log,
    log_view,
    revision,
)
from plantrack.core.change import ChangeKind, Reason
from plantrack.core.clean import width
from plantrack.core.forecast import Backtest, Basis, Forecast
from plantrack.core.model import Count, State
from plantrack.core.past_view import (
    BlameView,
    BurndownView,
    DiffDocument,
    End,
    ForecastView,
    Logged,
)
from plantrack.core.series import Amounts, Delta, fold
from plantrack.render import past_words, rows
from plantrack.render.screen import Screen
from plantrack.render.text import blame, burndown, diff, forecast, log
from view_samples import PAYLOADS

PIPE = Screen()
NARROW = Screen(width=48)
TERMINAL = Screen(width=100)
ASCII = Screen(width=80, encoding="ascii")


# --- log ------------------------------------------------------------------------------------------


def test_a_log_shows_what_is_not_committed_first() -> None:
    assert log.log(LOG, PIPE, NOW) == (
        "not committed  now\n"
        "  ticked  k3f9  docs/0002-berths.md:21  Snap every stay\n"
        "  cut     c3d4  docs/0002-berths.md:30  Snap every stay\n"
        "\n"
        "c0ffeec0  3 d ago  Ada Example  Move stays\n"
        "  reworded      a1b2  docs/0002-berths.md:21  Snap every stay now\n"
        "                                              was: Snap every stay\n"
        "  added         n022  docs/0002-berths.md:22  Step 22\n"
        "  arrived done  n023  docs/0002-berths.md:23  Step 23\n"
    )


def test_a_log_of_nothing_says_so() -> None:
    shown = log.log(log_view(), PIPE, NOW)
    assert shown == "no history yet: nothing was ever written into a plan here\n"


def test_a_log_narrowed_to_nothing_does_not_deny_the_history() -> None:
    shown = log.log(replace(log_view(), is_narrowed=True), PIPE, NOW)
    assert shown == "no change fits what was asked for\n"


def test_a_log_that_was_cut_says_how_to_see_more() -> None:
    shown = log.log(log_view(*LOG.entries, has_more=True), PIPE, NOW)
    more = "there are older changes: --limit N shows more, --since and --until pick a time\n"
    assert shown.endswith(f"\n\n{more}")


def test_no_line_of_a_log_is_wider_than_its_terminal() -> None:
    shown = log.log(log_view(*LOG.entries, has_more=True), NARROW, NOW)
    assert max(map(width, shown.splitlines())) <= 48


def test_a_terminal_is_told_each_document_once() -> None:
    other = change(path="docs/0001-tides.md", id="z9y8")
    entry = Logged(revision(), (other, change(), CUT))
    assert log.log(log_view(entry), Screen(width=60), NOW) == (
        "c0ffeec0  3 d ago  Ada Example  Move stays\n"
        "  docs/0001-tides.md\n"
        "    ticked  z9y8  21  Snap every stay\n"
        "  docs/0002-berths.md\n"
        "    ticked  k3f9  21  Snap every stay\n"
        "    cut     c3d4  30  Snap every stay\n"
    )


def test_a_terminal_is_told_the_only_document_before_all() -> None:
    assert log.log(LOG, Screen(width=60), NOW) == (
        "docs/0002-berths.md\n"
        "\n"
        "not committed  now\n"
        "  ticked  k3f9  21  Snap every stay\n"
        "  cut     c3d4  30  Snap every stay\n"
        "\n"
        "c0ffeec0  3 d ago  Ada Example  Move stays\n"
        "  reworded      a1b2  21  Snap every stay now\n"
        "                          was: Snap every stay\n"
        "  added         n022  22  Step 22\n"
        "  arrived done  n023  23  Step 23\n"
    )


TICKED_ANEW = (
    change(text_after="Snap it", text_before="Snap every stay"),
    change(ChangeKind.REWORDED, text_after="Snap it", text_before="Snap every stay"),
)


def test_what_one_revision_did_to_an_item_is_one_row() -> None:
    shown = log.log(log_view(Logged(revision(), TICKED_ANEW)), PIPE, NOW)
    assert shown.splitlines()[1:] == [
        "  ticked  k3f9  docs/0002-berths.md:21  Snap it",
        "                                        was: Snap every stay",
    ]


def test_the_same_id_in_two_documents_is_two_rows() -> None:
    entry = Logged(revision(), (change(), change(path="b.md")))
    assert log.log(log_view(entry), PIPE, NOW).count("ticked") == 2


LONG = "word " * 60


@pytest.mark.parametrize(("screen", "lines"), [(Screen(width=60), 4), (PIPE, 1)])
def test_of_the_life_of_one_item_more_is_shown(screen: Screen, lines: int) -> None:
    entry = Logged(revision(), (change(text_after=LONG),))
    assert log.log(log_view(entry), screen, NOW).count("word  ") == 0
    assert (
        sum("word" in line for line in log.log(log_view(entry), screen, NOW).splitlines()) == lines
    )


def test_everything_is_told_of_one_item_when_it_is_asked_for() -> None:
    entry = Logged(revision(), (change(text_after=LONG),))
    assert log.log(log_view(entry), Screen(width=60, verbose=True), NOW).count("word") == 60


def test_the_time_is_absolute_when_everything_is_asked_for() -> None:
    shown = log.log(LOG, Screen(verbose=True), NOW)
    assert "c0ffeec0  2026-03-07 12:00 +0000  Ada Example" in shown


def test_when_a_change_was_seen_first_is_told_when_everything_is_asked_for() -> None:
    early = NOW - timedelta(days=3, hours=1)
    ticked = change(seen=early, text_before="Snap", text_after="Snap all")
    reworded = change(ChangeKind.REWORDED, seen=early)
    view = log_view(Logged(revision(), (ticked, reworded, change(id="other", seen=None))))
    told = [line.strip() for line in log.log(view, Screen(verbose=True), NOW).splitlines()]
    assert [line for line in told if line.startswith(("was", "seen"))] == [
        "was: Snap",
        "seen: 2026-03-07 11:00 +0000",
    ]
    assert "seen:" not in log.log(view, PIPE, NOW)


def many(count: int) -> Logged:
    return Logged(revision(), tuple(added(number) for number in range(1, count + 1)))


@pytest.mark.parametrize(("count", "shown"), [(5, 5), (6, 4)])
def test_many_alike_are_folded_on_a_terminal(count: int, shown: int) -> None:
    assert log.log(log_view(many(count)), TERMINAL, NOW).count("\n  added") == shown


def test_a_fold_counts_what_it_hides() -> None:
    shown = log.log(log_view(many(40)), TERMINAL, NOW)
    assert "  37 more (-v shows them)\n" in shown


def test_a_fold_tells_how_much_was_open_when_it_went() -> None:
    gone = [
        change(
            ChangeKind.REMOVED,
            id=f"n{number:03}",
            reason=Reason.FINALISED,
            state_before=State.TODO if number < 3 else State.DONE,
            state_after=None,
            text_after=None,
        )
        for number in range(1, 9)
    ]
    shown = log.log(log_view(Logged(revision(), tuple(gone))), TERMINAL, NOW)
    assert "  5 more (-v shows them); 2 of the 8 were open\n" in shown


def test_a_pipe_gets_every_change() -> None:
    assert log.log(log_view(many(40)), PIPE, NOW).count("\n  added") == 40


def test_a_folder_outside_git_names_no_commit() -> None:
    entry = Logged(revision(commit=None, author="", subject="", time=None), (added(1),))
    assert log.log(log_view(entry), PIPE, NOW).startswith("seen\n  added")


# --- diff -----------------------------------------------------------------------------------------


def test_a_diff_shows_a_row_an_item() -> None:
    assert diff.diff(diff_view(*ITEMS), PIPE) == (
        "main (c0ffeec0) to work tree\n"
        "1 ticked, 1 arrived done, 1 finalised in 1 document\n"
        "\n"
        "docs/0002-berths.md  1/4 to 3/4 steps\n"
        "  finalised     [ ]  c3d4    -20  Snap every stay\n"
        "  ticked        [x]  k3f9  20>21  Snap all\n"
        "                                  was: Snap every stay\n"
        "  arrived done  [x]  n022     22  Show it\n"
        "                [ ]  s4m3     23  Snap every stay\n"
    )


def test_a_terminal_is_told_where_an_item_is_and_else_where_it_was() -> None:
    lines = diff.diff(diff_view(*ITEMS), TERMINAL).splitlines()
    assert lines[4] == "  finalised     [ ]  c3d4  20  Snap every stay"
    assert lines[5] == "  ticked        [x]  k3f9  21  Snap all"


GONE = tuple(replace(ITEMS[0], id=f"g{number:03}") for number in range(40))


@pytest.mark.parametrize(
    ("screen", "rows"), [(TERMINAL, 4), (PIPE, 40), (Screen(width=80, verbose=True), 40)]
)
def test_a_finished_document_is_folded_on_a_terminal(screen: Screen, rows: int) -> None:
    shown = diff.diff(diff_view(*GONE), screen)
    assert shown.count("\n  finalised") == rows
    assert ("37 more (-v shows them); 40 of the 40 were open" in shown) is (rows == 4)


def test_a_path_too_long_for_the_terminal_keeps_its_ends() -> None:
    path = f"docs/{'deep/' * 20}0002-berths.md"
    document = replace(diff_view().documents[0], path_before=path, path_after=path)
    line = diff.diff(diff_view(documents=(document,)), NARROW).splitlines()[3]
    assert line.startswith("docs/")
    assert line.endswith("berths.md  1/4 to 3/4 steps")
    assert width(line) == 48


def test_a_diff_of_nothing_says_so() -> None:
    shown = diff.diff(diff_view(documents=(), before=End("HEAD", None)), PIPE)
    assert shown == "HEAD (no commit yet) to work tree\nno plan differs\n"


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (None, "b.md", "b.md (new)"),
        ("a.md", None, "a.md (no plan now)"),
        ("a.md", "b.md", "a.md to b.md"),
        ("a.md", "a.md", "a.md"),
    ],
)
def test_a_document_is_named_by_where_it_stood_and_stands(
    before: str | None, after: str | None, name: str
) -> None:
    document = DiffDocument(before, after, "", Count(1, 4, 0), Count(1, 2, 0), ())
    assert diff.name(document) == name
    shown = diff.diff(diff_view(documents=(document,)), PIPE)
    told = "nothing but names in 1 document" if document.differs else "no plan differs"
    assert shown.endswith(f"{told}\n\n{name}  1/4 to 1/2 steps\n")


def test_a_document_that_is_gone_is_told_from_one_whose_plan_is() -> None:
    item = replace(ITEMS[0], reason=Reason.DOCUMENT_REMOVED)
    document = DiffDocument("a.md", None, "", Count(1, 4, 0), Count(0, 0, 0), (item,))
    assert diff.name(document) == "a.md (removed)"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Count(1, 4, 0), Count(2, 4, 0), "1/4 to 2/4 steps"),
        (Count(1, 4, 0), Count(1, 4, 0), "1/4 steps"),
        (Count(0, 0, 0), Count(1, 4, 0), "1/4 steps"),
        (Count(1, 4, 0), Count(0, 0, 0), "1/4 steps"),
        (Count(0, 0, 0), Count(0, 0, 0), "0/0 steps"),
    ],
)
def test_progress_is_told_of_the_ends_that_have_any(before: Count, after: Count, told: str) -> None:
    assert diff.progress(DiffDocument("a.md", "a.md", "", before, after, ())) == told


@pytest.mark.parametrize(
    ("kind", "reason", "after", "word"),
    [
        (ChangeKind.ADDED, Reason.OPEN, State.TODO, "added"),
        (ChangeKind.ADDED, Reason.ARRIVED_DONE, State.DONE, "arrived done"),
        (ChangeKind.ADDED, Reason.SPLIT, State.TODO, "split off"),
        (ChangeKind.ADDED, Reason.RESTORED, State.TODO, "restored"),
        (ChangeKind.REMOVED, Reason.CUT, None, "cut"),
        (ChangeKind.REMOVED, Reason.REWRITTEN, None, "rewritten"),
        (ChangeKind.REMOVED, Reason.DOCUMENT_REMOVED, None, "removed"),
        (ChangeKind.MARKED, Reason.NONE, State.DOING, "started"),
        (ChangeKind.MARKED, Reason.NONE, State.DROPPED, "dropped"),
        (ChangeKind.MARKED, Reason.NONE, State.TODO, "marked"),
        (ChangeKind.UNTICKED, Reason.NONE, State.TODO, "unticked"),
    ],
)
def test_what_happened_is_said_in_a_word(
    kind: ChangeKind, reason: Reason, after: State | None, word: str
) -> None:
    item = diff_item(kind, reason=reason, state_after=after)
    assert past_words.item_happened(item) == past_words.happened(kind, reason, after) == word


@pytest.mark.parametrize(
    ("kinds", "before", "after", "word", "was"),
    [
        ((ChangeKind.TICKED, ChangeKind.REWORDED), "a", "b", "ticked", "a"),
        ((ChangeKind.REWORDED,), "a", "b", "reworded", "a"),
        ((ChangeKind.REWORDED,), "a", "**a**", "reworded", ""),
        ((ChangeKind.TICKED, ChangeKind.REWORDED), "a", "**a**", "ticked, reworded", ""),
        ((ChangeKind.TICKED, ChangeKind.MOVED), "a", "a", "ticked, moved", ""),
    ],
)
def test_a_rewording_is_told_by_the_old_text_where_there_is_one(
    kinds: tuple[ChangeKind, ...], before: str, after: str, word: str, was: str
) -> None:
    item = diff_item(*kinds, text_before=before, text_after=after)
    assert (past_words.item_happened(item), past_words.item_was(item)) == (word, was)


def test_what_happened_is_summed_up_with_the_good_news_first() -> None:
    told = ["cut", "ticked", "ticked, moved", "", "added"]
    assert past_words.summary(told) == "2 ticked, 1 added, 1 moved, 1 cut"
    assert past_words.summary([""]) == ""


def test_an_author_is_named_without_mail() -> None:
    assert past_words.who("Ada Example <ada@example.org>") == "Ada Example"
    assert past_words.who("<ada@example.org>") == "ada@example.org"
    assert past_words.who("Ada") == "Ada"


def test_a_commit_named_by_its_own_id_is_not_named_twice() -> None:
    assert past_words.end("c0ffee", "c0ffeec0ffee") == "c0ffee"


# --- blame ----------------------------------------------------------------------------------------


def test_blame_says_who_added_and_ticked_each_item() -> None:
    assert blame.blame(BLAME, PIPE, NOW) == (
        "Berths\n"
        "docs/0002-berths.md\n"
        "\n"
        "line  id    added                       ticked\n"
        "  19  n019  c0ffeec0  3 d  Ada Example                  [ ]  Milestone 2: Move\n"
        "  20  n020  c0ffeec0  3 d  Ada Example  work tree  now  [x]    Snap every stay\n"
        "  21  n021  c0ffeec0  3 d  Ada Example  arrived done    [x]    Snap every stay\n"
        "  22  n022                                                     Snap every stay\n"
    )


def test_blame_names_days_when_everything_is_asked_for() -> None:
    assert "  c0ffeec0  2026-03-07  Ada" in blame.blame(BLAME, Screen(verbose=True), NOW)


def test_blame_leaves_times_off_a_very_narrow_terminal() -> None:
    shown = blame.blame(BLAME, Screen(width=71), NOW).splitlines()
    assert shown[5] == "  20  n020  c0ffeec0  work tree  now  [x]    Snap every stay"
    assert "3 d" in blame.blame(BLAME, Screen(width=72), NOW)


def test_blame_leaves_authors_off_a_narrow_terminal() -> None:
    assert "Ada" not in blame.blame(BLAME, TERMINAL, NOW)
    assert "Ada" in blame.blame(BLAME, Screen(width=120), NOW)


def test_blame_of_a_document_without_a_checklist_says_so() -> None:
    assert blame.blame(BlameView("a.md", "", ()), PIPE, NOW) == "a.md\nno checklist\n"


# --- burndown and forecast ------------------------------------------------------------------------


def test_a_burndown_is_two_charts_and_what_changed() -> None:
    lines = burndown.burndown(BURNDOWN, PIPE, 80).splitlines()
    assert lines[0] == "Burndown: 1 of 5 steps open, 2026-03-01 to 2026-03-10"
    assert "Burn-up: 3 of 5 steps done, 2026-03-01 to 2026-03-10" in lines
    assert lines[-3].split() == ["2026-03-09", "1", "finalised"]
    assert lines[-2].split() == ["2026-03-02", "2", "1", "cut"]
    assert max(map(width, lines)) <= 80


@pytest.mark.parametrize(("lines", "most"), [(24, 23), (30, 29), (40, 39), (80, 47), (5, 23)])
def test_a_burndown_is_seen_at_once_where_that_is_possible(lines: int, most: int) -> None:
    many = fold((Delta(date(2026, 1, 1), Amounts(added=99)), *weekly(20)), until=date(2026, 6, 1))
    view = BurndownView("leaves", (), many, DATED)
    assert len(burndown.burndown(view, PIPE, 80, lines).splitlines()) == most


def weekly(count: int) -> list[Delta]:
    """Tick one a week."""
    return [
        Delta(date(2026, 1, 1) + timedelta(weeks=week), Amounts(ticked=1)) for week in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 open step stands in"), (7, "7 open steps stand")]
)
def test_what_is_counted_as_dropped_though_its_box_is_open_is_told(count: int, told: str) -> None:
    shown = burndown.burndown(replace(BURNDOWN, frozen=count), PIPE, 120)
    assert shown.splitlines()[-1].startswith(told)
    assert told in forecast.forecast(replace(FORECAST, frozen=count), PIPE)


def test_a_burndown_without_colour_has_no_escapes_and_with_it_has() -> None:
    assert "\x1b" not in burndown.burndown(BURNDOWN, Screen(width=80), 80)
    assert "\x1b[" in burndown.burndown(BURNDOWN, Screen(width=80, colour=True), 80)


def test_a_burndown_on_ascii_is_ascii() -> None:
    assert burndown.burndown(BURNDOWN, ASCII, 80).isascii()


def test_nothing_is_said_of_frozen_work_where_there_is_none() -> None:
    assert "over" not in burndown.burndown(BURNDOWN, PIPE, 80)


def test_a_burndown_of_milestones_says_so() -> None:
    view = BurndownView("milestones", (), DAYS, DATED)
    assert "1 of 5 milestones open" in burndown.burndown(view, PIPE, 80)


def test_a_burndown_without_history_says_so() -> None:
    assert burndown.burndown(BurndownView("leaves", (), (), None), PIPE, 80).startswith(
        "no history yet"
    )


def test_a_burndown_that_begins_in_the_future_says_so() -> None:
    shown = burndown.burndown(replace(BURNDOWN, days=()), PIPE, 80)
    assert shown == "nothing to show: no day since then has come yet\n"


def test_a_forecast_shows_its_dates_and_what_they_rest_on() -> None:
    assert forecast.forecast(FORECAST, PIPE) == (
        "done by 2026-05-01 (50%), by 2026-06-09 (85%): in 8 to 13 weeks\n"
        "open      12 steps at the end of 2026-03-10\n"
        "rests on  the last 11 whole weeks: 8 steps done in 6 of them, 1 more cut than written in\n"
        "expected  2 open milestones without steps; 5 milestones here got 4 (mostly 2 to 6) steps"
        " when expanded: 33% of the work ahead is expected rather than written down\n"
        "backtest  asked at the end of 30 earlier weeks: 20 dates; of 11 that have come 10 held"
        " (85% should)\n"
    )


@pytest.mark.parametrize(
    ("basis", "told"),
    [
        (
            replace(BASIS, weeks=1, grown=2),
            "the last week: 8 steps done, 2 more written into plans",
        ),
        (replace(BASIS, grown=0), "the last 11 whole weeks: 8 steps done in 6 of them, no growth"),
        (
            replace(BASIS, finished=0, active_weeks=0),
            "the last 11 whole weeks: nothing done, 1 more cut than written in",
        ),
        (replace(BASIS, weeks=0), "9 completions in 80 days"),
    ],
)
def test_a_forecast_tells_what_was_observed(basis: Basis, told: str) -> None:
    found = replace(DATED, basis=basis)
    assert f"rests on  {told}" in forecast.forecast(replace(FORECAST, forecast=found), PIPE)


def test_milestones_that_all_have_steps_are_no_guess() -> None:
    found = replace(DATED, basis=replace(BASIS, unexpanded=0))
    assert "expected" not in forecast.forecast(replace(FORECAST, forecast=found), PIPE)


def test_two_dates_in_the_same_week_are_one_distance() -> None:
    found = replace(DATED, p85=DATED.p50)
    assert "(85%): in 8 weeks\n" in forecast.forecast(replace(FORECAST, forecast=found), PIPE)


def test_a_refused_forecast_says_why() -> None:
    view = ForecastView("leaves", (), REFUSED, Backtest(4, 2, 0, 0))
    lines = forecast.forecast(view, PIPE).splitlines()
    assert lines[0] == "no forecast: 2 completions in 60 days (5 are needed)"
    assert lines[-1].endswith("4 earlier weeks: 2 dates, none of which has come yet")


@pytest.mark.parametrize(("held", "told"), [(1, "held"), (0, "did not hold")])
def test_a_single_date_that_has_come_is_told_as_one(held: int, told: str) -> None:
    view = replace(FORECAST, backtest=Backtest(4, 2, 1, held))
    assert forecast.forecast(view, PIPE).endswith(f"2 dates; the one that has come {told}\n")


def test_one_step_is_no_steps() -> None:
    found = replace(DATED, basis=replace(BASIS, open=1, finished=1, active_weeks=1))
    shown = forecast.forecast(replace(FORECAST, forecast=found), PIPE)
    assert "open      1 step at" in shown
    assert ": 1 step done in 1 of them" in shown


def test_a_forecast_that_never_had_a_date_says_so() -> None:
    view = ForecastView("leaves", (), REFUSED, Backtest(4, 0, 0, 0))
    assert forecast.forecast(view, PIPE).endswith("4 earlier weeks: there was never a date\n")


def test_a_forecast_without_history_is_one_line() -> None:
    empty = Forecast(None, None, "no forecast: there is no history", None)
    view = ForecastView("leaves", (), empty, Backtest(0, 0, 0, 0))
    assert forecast.forecast(view, PIPE) == "no forecast: there is no history\n"


def test_a_date_beyond_the_horizon_is_not_named() -> None:
    view = ForecastView("leaves", (), Forecast(DATED.p50, None, "", BASIS), Backtest(0, 0, 0, 0))
    assert "not within 5 years (85%): in 8 weeks at the earliest\n" in forecast.forecast(view, PIPE)


def test_milestones_nobody_expanded_yet_are_told_of() -> None:
    basis = replace(BASIS, spread=None, weeks=0, grown=3)
    view = ForecastView("leaves", (), replace(DATED, basis=basis), Backtest(0, 0, 0, 0))
    assert "no milestone here has shown how many" in forecast.forecast(view, PIPE)


def test_days_as_csv_have_a_head_and_a_row_each() -> None:
    lines = rows.days(DAYS).splitlines()
    assert lines[0] == "day,scope,done,open,dropped,added,removed,ticked,unticked,arrived_done"
    assert lines[4] == "2026-03-04,5,3,2,0,0,1,2,0,0"
    assert len(lines) == 1 + len(DAYS)


def test_a_row_of_ndjson_is_one_object_in_ascii() -> None:
    found = list(rows.as_ndjson(("a", "b"), [("é\x7f", None), ("x", 1)]))
    assert found == ['{"a":"\\u00e9\\u007f","b":null}\n', '{"a":"x","b":1}\n']


def test_csv_defuses_what_a_spreadsheet_would_run() -> None:
    found = list(rows.as_csv(("a", "b", "c"), [("=1+1", None, True), ("-x", -1, False)]))
    assert found == ["a,b,c\n", "'=1+1,,true\n", "'-x,-1,false\n"]


# --- hostile texts --------------------------------------------------------------------------------


@pytest.mark.no_cover  # each payload, through the lines that other tests run once
@pytest.mark.parametrize(
    "screen", [PIPE, TERMINAL, NARROW, ASCII], ids=["pipe", "terminal", "narrow", "ascii"]
)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_reaches_the_screen(payload: str, screen: Screen) -> None:
    text = PAYLOADS[payload]
    for shown in (
        log.log(hostile_log(text), screen, NOW),
        diff.diff(hostile_diff(text), screen),
        blame.blame(hostile_blame(text), screen, NOW),
    ):
        for line in shown.splitlines():
            assert all(sign.isprintable() or sign in "\u0301\u0316\u20dd" for sign in line)
        if screen.encoding == "ascii":
            assert shown.isascii()
