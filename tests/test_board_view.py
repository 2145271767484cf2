from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given

from board_samples import BERTHS, CHANGES, FINDINGS, LOGIN, MOORING, TIDES, board, choices, views
from past_samples import UNCOMMITTED, change, revision
from plantrack.core.board_view import (
    BoardView,
    Choice,
    Filter,
    Severity,
    Sort,
    beside,
    by_code,
    flashes,
    gravest_first,
    latest,
    listed,
    opened,
    selected,
    severity,
)
from plantrack.core.change import ChangeKind
from plantrack.core.model import Count, Finding
from plantrack.core.past_view import Logged
from view_samples import NOW, doc, pointer, ref

PROSE = "docs/0005-prose.md"


def paths(choice: Choice, view: BoardView | None = None) -> list[str]:
    return [one.path for one in listed(view or board(), choice)]


# --- which documents ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Filter.WORK, [BERTHS, TIDES, MOORING]),
        (Filter.ALL, [BERTHS, TIDES, MOORING, LOGIN, PROSE]),
        (Filter.FINDINGS, [BERTHS]),
        (Filter.CHANGED, [BERTHS, TIDES]),
    ],
)
def test_a_filter_chooses_documents(wanted: Filter, expected: list[str]) -> None:
    assert paths(Choice(filter=wanted)) == expected


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.WORK, [BERTHS, TIDES, MOORING, LOGIN, PROSE]),
        (Sort.CHANGED, [TIDES, BERTHS, LOGIN, PROSE, MOORING]),
        (Sort.PROGRESS, [LOGIN, TIDES, BERTHS, MOORING, PROSE]),
        (Sort.PATH, [LOGIN, BERTHS, TIDES, MOORING, PROSE]),
    ],
)
def test_documents_are_sorted(sort: Sort, expected: list[str]) -> None:
    assert paths(Choice(filter=Filter.ALL, sort=sort)) == expected


def test_of_two_as_near_to_done_the_one_with_less_left_comes_first() -> None:
    long, short = doc("a.md", leaves=Count(5, 10, 0)), doc("b.md", leaves=Count(1, 2, 0))
    assert paths(Choice(sort=Sort.PROGRESS), board((long, short))) == ["b.md", "a.md"]


def test_a_document_that_never_changed_comes_last() -> None:
    never, once = doc("a.md", last_change=None), doc("b.md")
    assert paths(Choice(sort=Sort.CHANGED), board((never, once))) == ["b.md", "a.md"]


@pytest.mark.parametrize("search", ["TIDES", "0003", "潮位", "m3 "])
def test_a_search_finds_paths_titles_and_milestones(search: str) -> None:
    assert paths(Choice(search=search)) == [TIDES]


def test_what_is_being_typed_filters_already() -> None:
    assert paths(Choice(search="tides", typed="nowhere")) == []
    assert paths(Choice(search="tides", typed="0002")) == [BERTHS]
    assert paths(Choice(search="tides", typed="")) == [BERTHS, TIDES, MOORING]


# --- which one ------------------------------------------------------------------------------------


def test_a_selection_goes_by_its_path() -> None:
    found = selected(board(), Choice(selected=TIDES, sort=Sort.PATH))
    assert found is not None
    assert found.path == TIDES


def test_nothing_is_selected_that_is_not_listed() -> None:
    assert selected(board(), Choice(selected=LOGIN)) is None
    assert selected(board(), Choice()) is None


@pytest.mark.parametrize(
    ("before", "steps", "after"),
    [
        ("", 1, BERTHS),
        ("", -1, MOORING),
        ("", 0, ""),
        ("gone.md", 3, BERTHS),
        (BERTHS, 1, TIDES),
        (TIDES, -1, BERTHS),
        (BERTHS, -1, BERTHS),
        (BERTHS, 99, MOORING),
    ],
)
def test_steps_lead_along_the_list_and_stop_at_its_ends(
    before: str, steps: int, after: str
) -> None:
    assert beside(board(), Choice(selected=before), steps) == after


def test_no_step_leads_anywhere_in_an_empty_list() -> None:
    assert beside(board(), Choice(search="nowhere", selected=TIDES), 1) == ""


@given(view=views(), choice=choices())
def test_a_step_always_leads_to_what_is_listed(view: BoardView, choice: Choice) -> None:
    shown = [one.path for one in listed(view, choice)]
    for steps in (-1, 1):
        path = beside(view, choice, steps)
        assert path in shown or (path == "" and not shown)
        if path:
            assert selected(view, replace(choice, selected=path)) is not None


def test_with_nothing_selected_the_document_of_the_next_task_is_opened() -> None:
    view = board()
    assert opened(view, Choice()) is view.opened
    assert opened(view, Choice(selected=BERTHS)) is view.opened
    assert opened(view, Choice(selected=TIDES)) is None
    assert opened(board(opened=None), Choice()) is None


def test_what_just_changed_is_known_by_its_path_or_the_beginning_of_its_id() -> None:
    choice = Choice(flashing=frozenset({BERTHS, "k3f9z"}))
    assert flashes(choice, BERTHS)
    assert flashes(choice, "k3f9")
    assert not flashes(choice, "k3f8")
    assert not flashes(choice, "")
    assert not flashes(choice, "docs")  # the beginning of a path is none of an id
    assert not flashes(choice, "docs/0002")


# --- what happened --------------------------------------------------------------------------------


def test_what_is_not_committed_comes_first_and_newest_seen_first() -> None:
    found = [(one.changes[0].id, one.time) for one in latest(CHANGES)]
    assert found[:4] == [
        ("c3d4", NOW),  # nobody saw it come: its file was written then
        ("n020", NOW - timedelta(minutes=4)),
        ("t9t9", NOW - timedelta(minutes=90)),
        ("r1r1", NOW - timedelta(days=3)),
    ]


def test_what_happened_to_one_item_is_told_once() -> None:
    twice = (change(ChangeKind.TICKED), change(ChangeKind.REWORDED), change(id="x2x2"))
    assert [len(one.changes) for one in latest((Logged(revision(), twice),))] == [2, 1]


def test_a_moment_no_calendar_has_is_the_oldest() -> None:
    lost = Logged(replace(UNCOMMITTED, time=None), (change(), change(id="x2x2", seen=NOW)))
    assert [one.time for one in latest((lost,))] == [NOW, None]


# --- what needs a look ----------------------------------------------------------------------------


def test_the_gravest_findings_come_first() -> None:
    assert [one.code for one in FINDINGS] == [
        "swallowed-box",
        "frozen",
        "git-busy",
        "ticked-parent",
        "stale-next-steps",
    ]
    assert severity("swallowed-box") is Severity.GRAVE
    assert severity("something-new") is Severity.WARNING
    assert severity("stale-next-steps") is Severity.HINT


def test_findings_of_a_kind_stand_together() -> None:
    found = gravest_first(Finding(path, 1, code, "") for path in "ab" for code in ("y", "x"))
    assert [[one.path for one in group] for group in by_code(found)] == [["a", "b"], ["a", "b"]]


def test_a_document_without_a_pointer_is_not_in_work() -> None:
    bare = doc("a.md", pointer=None)
    labelled = doc("b.md", pointer=pointer(milestone=ref(1, "M1", "Dig")))
    assert paths(Choice(), board((bare, labelled))) == ["b.md"]
