from __future__ import annotations

import pytest

from past_samples import (
    BASIS,
    BLAME,
    BURNDOWN,
    DATED,
    DAYS,
    FORECAST,
    ITEMS,
    LOG,
    NOW,
    REFUSED,
    added,
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
from plantrack.core.forecast import Backtest, Forecast
from plantrack.core.model import Count, State
from plantrack.core.past_view import (
    BlameView,
    BurndownView,
    DiffDocument,
    End,
    ForecastView,
    Logged,
)
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
        "c0ffeec0f  3 d ago  Ada Example  Move stays\n"
        "  reworded      a1b2  docs/0002-berths.md:21  Snap every stay now\n"
        "                                              was: Snap every stay\n"
        "  added         n022  docs/0002-berths.md:22  Step 22\n"
        "  arrived done  n023  docs/0002-berths.md:23  Step 23\n"
    )


def test_a_log_of_nothing_says_so() -> None:
    assert log.log(log_view(), PIPE, NOW) == "no change to any plan\n"


def test_a_log_that_was_cut_says_how_to_see_more() -> None:
    shown = log.log(log_view(*LOG.entries, has_more=True), PIPE, NOW)
    assert shown.endswith("\nthere are older changes: --limit N shows more\n")


def test_the_time_is_absolute_when_everything_is_asked_for() -> None:
    shown = log.log(LOG, Screen(verbose=True), NOW)
    assert "c0ffeec0f  2026-03-07 12:00 +0000  Ada Example" in shown


def many(count: int) -> Logged:
    return Logged(revision(), tuple(added(number) for number in range(1, count + 1)))


@pytest.mark.parametrize(("count", "shown"), [(5, 5), (6, 4)])
def test_many_alike_are_folded_on_a_terminal(count: int, shown: int) -> None:
    assert log.log(log_view(many(count)), TERMINAL, NOW).count("\n  added") == shown


def test_a_fold_counts_what_it_hides() -> None:
    shown = log.log(log_view(many(40)), TERMINAL, NOW)
    assert "37 more in docs/0002-berths.md (-v shows them)" in shown


def test_a_pipe_gets_every_change() -> None:
    assert log.log(log_view(many(40)), PIPE, NOW).count("\n  added") == 40


def test_a_folder_outside_git_names_no_commit() -> None:
    entry = Logged(revision(commit=None, author="", subject="", time=None), (added(1),))
    assert log.log(log_view(entry), PIPE, NOW).startswith("seen\n  added")


# --- diff -----------------------------------------------------------------------------------------


def test_a_diff_shows_a_row_an_item() -> None:
    assert diff.diff(diff_view(*ITEMS), PIPE) == (
        "main (c0ffeec0f) to work tree\n"
        "\n"
        "docs/0002-berths.md  1/4 to 3/4 steps\n"
        "  finalised          [ ]  c3d4    -20  Snap every stay\n"
        "  ticked + reworded  [x]  k3f9  20>21  Snap all\n"
        "                                       was: Snap every stay\n"
        "  arrived done       [x]  n022     22  Show it\n"
        "                     [ ]  s4m3     23  Snap every stay\n"
    )


def test_a_diff_of_nothing_says_so() -> None:
    shown = diff.diff(diff_view(documents=(), before=End("HEAD", None)), PIPE)
    assert shown == "HEAD (no commit yet) to work tree\nno plan differs\n"


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [
        (None, "b.md", "b.md (new)"),
        ("a.md", None, "a.md (removed)"),
        ("a.md", "b.md", "a.md to b.md"),
        ("a.md", "a.md", "a.md"),
    ],
)
def test_a_document_is_named_by_where_it_stood_and_stands(
    before: str | None, after: str | None, name: str
) -> None:
    document = DiffDocument(before, after, "", Count(0, 0, 0), Count(1, 2, 0), ())
    assert diff.name(document) == name
    assert diff.progress(document) == "0/0 to 1/2 steps"
    assert f"{name}  0/0 to 1/2 steps\n" in diff.diff(diff_view(documents=(document,)), PIPE)


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
        "line  id    added                            ticked\n"
        "  19  n019  c0ffeec0f  3 d ago  Ada Example                      [ ]  Milestone 2: Move\n"
        "  20  n020  c0ffeec0f  3 d ago  Ada Example  not committed  now  [x]    Snap every stay\n"
        "  21  n021  c0ffeec0f  3 d ago  Ada Example  arrived done        [x]    Snap every stay\n"
        "  22  n022                                                              Snap every stay\n"
    )


def test_blame_leaves_authors_off_a_narrow_terminal() -> None:
    assert "Ada" not in blame.blame(BLAME, NARROW, NOW)
    assert "Ada" in blame.blame(BLAME, TERMINAL, NOW)


def test_blame_of_a_document_without_a_checklist_says_so() -> None:
    assert blame.blame(BlameView("a.md", "", ()), PIPE, NOW) == "a.md\nno checklist\n"


# --- burndown and forecast ------------------------------------------------------------------------


def test_a_burndown_is_two_charts_and_what_changed() -> None:
    lines = burndown.burndown(BURNDOWN, PIPE, 80).splitlines()
    assert lines[0] == "Burndown: 1 of 5 steps open, 2026-03-01 to 2026-03-10"
    assert "Burn-up: 3 of 5 steps done, 2026-03-01 to 2026-03-10" in lines
    assert lines[-3].split() == ["2026-03-09", "1:", "finalised", "1"]
    assert lines[-2].split() == ["2026-03-02", "2", "1:", "cut", "1"]
    assert max(map(width, lines)) <= 80


def test_a_burndown_without_colour_has_no_escapes_and_with_it_has() -> None:
    assert "\x1b" not in burndown.burndown(BURNDOWN, Screen(width=80), 80)
    assert "\x1b[" in burndown.burndown(BURNDOWN, Screen(width=80, colour=True), 80)


def test_a_burndown_on_ascii_is_ascii() -> None:
    assert burndown.burndown(BURNDOWN, ASCII, 80).isascii()


def test_a_burndown_of_milestones_says_so() -> None:
    view = BurndownView("milestones", (), DAYS, DATED)
    assert "1 of 5 milestones open" in burndown.burndown(view, PIPE, 80)


def test_a_burndown_without_history_says_so() -> None:
    assert burndown.burndown(BurndownView("leaves", (), (), None), PIPE, 80).startswith(
        "no history"
    )


def test_a_forecast_shows_its_dates_and_what_they_rest_on() -> None:
    assert forecast.forecast(FORECAST, PIPE) == (
        "done by 2026-05-01 (50%), by 2026-06-09 (85%)\n"
        "open      12 steps at the end of 2026-03-10\n"
        "rests on  9 completions in 80 days; 11 whole weeks observed, 6 of them with a completion:"
        " 8 done, -1 written into plans\n"
        "expected  2 open milestones without steps; 5 milestones here got 4 (mostly 2 to 6) steps"
        " when expanded: 33% of the work ahead is expected rather than written down\n"
        "backtest  asked on 30 earlier weeks, answered 20 times; 10 of 11 dates that have come"
        " held (85% should)\n"
    )


def test_a_refused_forecast_says_why() -> None:
    view = ForecastView("leaves", (), REFUSED, Backtest(4, 2, 0, 0))
    lines = forecast.forecast(view, PIPE).splitlines()
    assert lines[0] == "no forecast: 2 completions in 60 days (5 are needed)"
    assert lines[-1].endswith("answered 2 times; no 85% date has come yet")


def test_a_forecast_without_history_is_one_line() -> None:
    empty = Forecast(None, None, "no forecast: there is no history", None)
    view = ForecastView("leaves", (), empty, Backtest(0, 0, 0, 0))
    assert forecast.forecast(view, PIPE) == "no forecast: there is no history\n"


def test_a_date_beyond_the_horizon_is_not_named() -> None:
    view = ForecastView("leaves", (), Forecast(DATED.p50, None, "", BASIS), Backtest(0, 0, 0, 0))
    assert "not within 5 years (85%)" in forecast.forecast(view, PIPE)


def test_milestones_nobody_expanded_yet_are_told_of() -> None:
    from dataclasses import replace

    basis = replace(BASIS, spread=None, weeks=0, grown=3)
    view = ForecastView("leaves", (), replace(DATED, basis=basis), Backtest(0, 0, 0, 0))
    assert "no milestone here has shown how many" in forecast.forecast(view, PIPE)


def test_days_as_csv_have_a_head_and_a_row_each() -> None:
    lines = rows.days(DAYS).splitlines()
    assert lines[0] == "day,scope,done,open,dropped,added,removed,ticked,unticked,arrived_done"
    assert lines[4] == "2026-03-04,5,3,2,0,0,1,2,0,0"
    assert len(lines) == 1 + len(DAYS)


def test_csv_defuses_what_a_spreadsheet_would_run() -> None:
    found = list(rows.as_csv(("a", "b", "c"), [("=1+1", None, True), ("-x", -1, False)]))
    assert found == ["a,b,c\n", "'=1+1,,true\n", "'-x,-1,false\n"]


# --- hostile texts --------------------------------------------------------------------------------


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
