from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.clean import clean
from plantrack.core.forecast import Forecast, forecast
from plantrack.core.series import Amounts, Day, Delta, fold
from plantrack.render.svg import HEIGHT, WIDTH, charts

FIRST = date(2026, 1, 5)  # a Monday
DAY = timedelta(days=1)
SPACE = "{http://www.w3.org/2000/svg}"


def series(*changes: tuple[int, dict[str, int]], days: int) -> tuple[Day, ...]:
    deltas = [Delta(FIRST + day * DAY, Amounts(**amounts)) for day, amounts in changes]
    return fold(deltas, until=FIRST + (days - 1) * DAY)


PLAN = series(
    (0, {"added": 60, "arrived_done": 4}),
    *((7 * week, {"ticked": 3, "added": week % 2}) for week in range(1, 10)),
    (20, {"cut_open": 2, "given_up": 1}),
    (33, {"dropped_at_finalisation": 5, "dropped_at_rewrite": 2}),
    (40, {"unticked": 1}),
    days=70,
)


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 -- we wrote it ourselves


def shapes(text: str, kind: str) -> list[str]:
    """Give the paths of a kind, in the order they are drawn; those of a legend come last."""
    paths = [one for one in parsed(text).iter(f"{SPACE}path") if one.get("class") == kind]
    return [one.get("d", "") for one in paths]


def words(text: str) -> list[str]:
    return [one.text or "" for one in parsed(text).iter(f"{SPACE}text")]


def test_the_file_is_xml_of_a_fixed_size_with_title_and_description() -> None:
    root = parsed(charts(PLAN, title="All plans", forecast=forecast(PLAN)))
    assert root.tag == f"{SPACE}svg"
    assert (root.get("width"), root.get("height")) == (str(WIDTH), str(HEIGHT))
    assert root.findtext(f"{SPACE}title") == "All plans"
    description = root.findtext(f"{SPACE}desc") or ""
    assert description.startswith("2026-03-15: 30 done, 25 open, 8 dropped of 63 steps; forecast")


def test_title_and_description_are_what_is_read_aloud() -> None:
    root = parsed(charts(PLAN, title="All plans"))
    assert root.get("role") == "img"
    by_id = {one.get("id"): one.tag.removeprefix(SPACE) for one in root.iter() if one.get("id")}
    assert by_id[root.get("aria-labelledby")] == "title"
    assert by_id[root.get("aria-describedby")] == "desc"


def test_nothing_in_the_file_runs_or_is_fetched() -> None:
    text = charts(PLAN, title="All plans", forecast=forecast(PLAN))
    tags = {one.tag.removeprefix(SPACE) for one in parsed(text).iter()}
    assert tags == {
        *("svg", "title", "desc", "style", "defs", "pattern", "path", "circle"),
        *("rect", "text", "g"),
    }
    assert text.count("http") == 1  # the name space
    assert text.count("url(") == text.count("url(#plantrack-")


def test_the_same_series_gives_the_same_bytes() -> None:
    found = {charts(PLAN, title="All plans", forecast=forecast(PLAN)) for _ in range(2)}
    assert len(found) == 1


def test_light_and_dark_colour_the_same_things() -> None:
    style = parsed(charts(PLAN, title="")).findtext(f"{SPACE}style") or ""
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")
    coloured, again = (
        {
            name
            for names in re.findall(r"^(.+) \{.*#[0-9a-f]{6}", part, re.MULTILINE)
            for name in names.split(", ")
        }
        for part in (light, dark)
    )
    assert coloured == again > {".page", "text", ".scope"}


@given(st.text())
def test_any_title_is_shown_as_text(title: str) -> None:
    root = parsed(charts(PLAN, title=title))
    assert (root.findtext(f"{SPACE}title") or "") == clean(title)


def test_hostile_titles_neither_close_a_tag_nor_hide_anything() -> None:
    text = charts(PLAN, title="</title><script>x</script>&\x1b[2J\u202e\x00")
    assert "<script" not in text
    assert "&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;&amp;\\x1b[2J\\u202e\\x00" in text


def test_a_long_title_is_cut_where_it_is_shown_only() -> None:
    root = parsed(charts(PLAN, title="plan " * 40))
    assert len(root.findtext(f"{SPACE}title") or "") == 200
    shown = [one.text or "" for one in root.iter(f"{SPACE}text") if one.get("class") == "head"]
    assert len(shown[0]) == 80


# --- lines ----------------------------------------------------------------------------------------


def test_lines_are_steps_at_the_start_of_the_day_they_change_on() -> None:
    """Four days: 10 open, 10, 6, 6; the plot is 868 wide from 64, and 186 high down to 590."""
    days = series((0, {"added": 10}), (2, {"ticked": 4}), days=4)
    text = charts(days, title="")
    assert shapes(text, "line open-line")[0] == "M64 404H498V478.4H932"
    assert shapes(text, "area open")[0] == "M64 404H498V478.4H932V590H64Z"
    assert shapes(text, "line scope")[0] == "M64 140H932"
    assert shapes(text, "line done-line")[0] == "M64 326H498V251.6H932"


def test_dropped_work_hangs_from_the_scope_line() -> None:
    days = series((0, {"added": 10}), (2, {"given_up": 4}), days=4)
    text = charts(days, title="")
    assert shapes(text, "dropped")[0] == "M64 140H932V214.4H498V140H64Z"
    assert "dropped" in words(text)


def test_nothing_is_drawn_of_dropped_work_where_there_is_none() -> None:
    text = charts(series((0, {"added": 10}), days=4), title="")
    assert "dropped" not in words(text)
    assert shapes(text, "dropped") == []


# --- the forecast ---------------------------------------------------------------------------------


def test_the_band_runs_from_today_to_both_dates() -> None:
    """Twenty days of a plan, then ten to the first date and twenty to the second."""
    days = series((0, {"added": 10}), days=20)
    today = days[-1].day
    text = charts(days, title="", forecast=Forecast(today + 10 * DAY, today + 20 * DAY, "", None))
    assert shapes(text, "band") == [
        "M498 326L715 140L932 140L932 140Z",
        "M498 404L715 590L932 590L932 590Z",
    ]
    assert words(text).count("today") == words(text).count("50%") == words(text).count("85%") == 3


def test_a_band_without_a_second_date_stays_open_at_the_edge() -> None:
    days = series((0, {"added": 10}), days=20)
    text = charts(days, title="", forecast=Forecast(days[-1].day + 14 * DAY, None, "", None))
    assert shapes(text, "band")[1].endswith("L932 590L932 404Z")
    assert "85%" not in words(text)
    assert "85% not within 5 years" in words(text)[1]


def test_names_that_would_lie_on_each_other_give_way_to_the_later_one() -> None:
    days = series((0, {"added": 10}), days=300)
    today = days[-1].day
    text = charts(days, title="", forecast=Forecast(today + 3 * DAY, today + 6 * DAY, "", None))
    assert "85%" in words(text)
    assert "today" not in words(text)
    assert len(shapes(text, "mark")) == 9


def test_a_refusal_is_said_and_nothing_is_drawn() -> None:
    refused = Forecast(None, None, "no forecast: 2 completions in 60 days", None)
    text = charts(PLAN, title="", forecast=refused)
    assert "no forecast: 2 completions in 60 days" in " ".join(words(text))
    assert shapes(text, "band") == []


# --- what changed each week -----------------------------------------------------------------------


def test_each_week_says_what_changed_and_why_something_is_gone() -> None:
    notes = [one.text for one in parsed(charts(PLAN, title="")).iter(f"{SPACE}title")][1:]
    assert notes[0] == "week of 2026-01-05: 60 added, 4 of these done on arrival"
    assert "week of 2026-01-19: 3 ticked, 2 removed (2 cut)" in notes
    assert "week of 2026-02-02: 3 ticked, 7 removed (5 finalised, 2 rewritten)" in notes
    assert "week of 2026-02-09: 1 added, 3 ticked, 1 unticked" in notes
    assert "removed: 2 cut, 5 finalised, 2 rewritten" in words(charts(PLAN, title=""))


def test_where_nothing_was_removed_no_reasons_are_named() -> None:
    days = series((0, {"added": 4}), days=9)
    assert not any(word.startswith("removed:") for word in words(charts(days, title="")))


def test_a_week_without_a_change_has_no_bar() -> None:
    text = charts(series((0, {"added": 3}), days=60), title="")
    assert text.count("<g>") == 1


@pytest.mark.parametrize(
    "days",
    [
        series((0, {"added": 7, "arrived_done": 2}), days=1),
        series((0, {"added": 7}), (0, {"cut_open": 7}), days=3),
        series((0, {"added": 0}), days=1),
        series((0, {"added": 7_654_321}), (3, {"ticked": 4_000_000}), days=9),
        series((0, {"added": 7}), days=6000),
        series((0, {"ticked": 2}), (3, {"added": 2}), days=5),
    ],
    ids=["one day", "cut to nothing", "nothing", "huge", "long", "below nothing"],
)
def test_odd_histories_are_drawn_within_the_page(days: tuple[Day, ...]) -> None:
    root = parsed(charts(days, title="odd"))
    for one in root.iter(f"{SPACE}rect"):
        assert 0 <= float(one.get("x", "0")) <= WIDTH
        assert 0 <= float(one.get("y", "0")) <= HEIGHT
        assert float(one.get("width", "0")) > 0
    for one in root.iter(f"{SPACE}text"):
        assert 0 <= float(one.get("y", "0")) <= HEIGHT
