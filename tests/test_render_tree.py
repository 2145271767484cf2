from __future__ import annotations

import re
from datetime import timedelta

import pytest

from plantrack.core.clean import width
from plantrack.core.model import Count, Finding, Kind, State
from plantrack.render.screen import Screen
from plantrack.render.text import tree
from view_samples import NOW, doc, node, nothing, ref, section

PIPE = Screen()
PLAN = section(
    node(
        12,
        "Grid",
        node(13, "Draw the berths", state=State.DONE),
        label="Milestone 1",
        mark="x",
        state=State.DONE,
    ),
    node(
        19,
        "Drag to move a stay",
        node(20, "Pick up a stay", state=State.DOING, mark="~"),
        node(
            21,
            "Snap every stay to the half hour and to the **berth** below",
            node(23, "Berth"),
        ),
        node(24, "Print", optional=True),
        node(25, "Old way", state=State.DROPPED),
        node(26, "Wait for the grid", mark="?"),
        label="Milestone 2",
    ),
    node(30, "Later", label="3", mark=None, kind=Kind.MILESTONE),
    unboxed=(ref(17, "Milestone 1b", "Named only"), ref(40, "Milestone 9", "At the end")),
)
BERTHS = doc(
    sections=(PLAN,),
    flags=(
        Finding("", 19, "ticked-parent", "Milestone 2 is ticked, but 1 step below it is open"),
        Finding("", 0, "not-utf-8", "invalid bytes"),
    ),
    left_behind=(ref(5, "Milestone 0", "Ask"),),
    boxes_outside=2,
    optional_open=1,
    leaves=Count(4, 9, 1),
)


def test_a_pipe_gets_the_plan_as_it_stands() -> None:
    assert tree.document(BERTHS, PIPE, NOW).splitlines() == [
        "Berth Board",
        "docs/0002-berths.md",
        "Status: In progress",
        "design doc · nested · active · changed 3 d ago",
        "████████░░░░░░░░░░░░ 44%  1/3 milestones, 4/9 steps, +1 optional, 1 dropped",
        "",
        "  10        Implementation Plan",
        "  12  n012  [x] Milestone 1: Grid  1/1",
        "  13  n013    [x] Draw the berths",
        "  17        Milestone 1b: Named only (no boxes)",
        "  19  n019  [ ] Milestone 2: Drag to move a stay  0/5",
        "  20  n020    [~] Pick up a stay  doing",
        "→ 21  n021    [ ] Snap every stay to the half hour and to the berth below  0/1",
        "  23  n023      [ ] Berth",
        "  24  n024    [ ]* Print  optional",
        "  25  n025    [ ] Old way  dropped",
        "  26  n026    [?] Wait for the grid",
        "  30  n030  3 Later",
        "  40        Milestone 9: At the end (no boxes)",
        "",
        "Next",
        "    21  do: first open step of Milestone 2 (first open milestone)",
        "",
        "Left behind",
        "     5  Milestone 0: Ask",
        "",
        "Remarks",
        "    19  Milestone 2 is ticked, but 1 step below it is open",
        "        invalid bytes",
        "        2 boxes outside the plan; plantrack explain names each",
    ]


def test_a_terminal_gets_a_line_for_each_node() -> None:
    assert tree.document(BERTHS, Screen(width=40, encoding="ascii"), NOW).splitlines()[3:18] == [
        "design doc | nested | active | changed 3",
        "d ago",
        "########............ 44%",
        "1/3 milestones, 4/9 steps, +1 optional,",
        "1 dropped",
        "",
        "  10        Implementation Plan",
        "  12  n012  [x] Milestone 1: Grid  1/1",
        "  13  n013    [x] Draw the berths",
        "  17        Milestone 1b: Named only ...",
        "  19  n019  [ ] Milestone 2: Dra...  0/5",
        "  20  n020    [~] Pick up a stay  doing",
        "> 21  n021    [ ] Snap every sta...  0/1",
        "  23  n023      [ ] Berth",
        "  24  n024    [ ]* Print  optional",
    ]


def test_a_terminal_gets_texts_in_full_when_asked() -> None:
    found = tree.document(BERTHS, Screen(width=60, verbose=True), NOW).splitlines()
    assert "design doc · nested · active · changed 3 d ago (2026-03-07" in found
    assert "12:00 +0000)" in found
    place = found.index("→ 21  n021    [ ] Snap every stay to the half hour and  0/1")
    assert found[place + 1] == "                  to the berth below"


@pytest.mark.parametrize("cells", [40, 60, 80, 120])
@pytest.mark.parametrize("verbose", [False, True])
def test_nothing_is_wider_than_the_terminal(cells: int, *, verbose: bool) -> None:
    found = tree.document(BERTHS, Screen(width=cells, verbose=verbose), NOW)
    assert max(map(width, found.splitlines())) <= cells


def test_colour_adds_nothing_but_colour() -> None:
    coloured = tree.document(BERTHS, Screen(width=80, colour=True), NOW)
    assert set(re.findall(r"\x1b\[([\d;]*)m", coloured)) == {
        "0",
        "1",
        "2",
        "32",
        "33",
        "36",
        "1;36",
    }
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == tree.document(BERTHS, Screen(width=80), NOW)


def test_a_document_without_a_checklist_has_no_bar() -> None:
    stub = doc(
        title="",
        status_text="",
        has_checklist=False,
        pointer=nothing("no checklist: the plan section holds no boxes"),
        last_change=None,
        sections=(section(heading="", line=1),),
    )
    assert tree.document(stub, PIPE, NOW).splitlines() == [
        "docs/0002-berths.md",
        "no Status",
        "design doc · nested · active",
        "no checklist",
        "",
        "  1        the whole file",
        "",
        "Next",
        "        nothing: no checklist: the plan section holds no boxes",
    ]


def test_a_plan_of_optional_boxes_has_nothing_to_count() -> None:
    optional = doc(leaves=Count(0, 0, 0), optional_open=2, sections=(section(),), pointer=None)
    found = tree.document(optional, PIPE, NOW)
    assert "\nnothing to count, +2 optional\n" in found
    assert "Next" not in found


DATED = doc(
    sections=(
        section(
            node(12, "Draw", state=State.DONE, mark="x", done=NOW - timedelta(days=20)),
            node(13, "Snap"),
            unboxed=(ref(17, "Milestone 9", "Named only"),),
        ),
    ),
    pointer=nothing("complete"),
)


def test_beside_what_is_done_stands_since_when() -> None:
    assert tree.document(DATED, Screen(width=64), NOW).splitlines()[6:10] == [
        "  10             Implementation Plan",
        "  12  n012  2 w  [x] Draw",
        "  13  n013       [ ] Snap",
        "  17             Milestone 9: Named only (no boxes)",
    ]


def test_a_day_is_named_when_everything_is_asked_for() -> None:
    shown = tree.document(DATED, Screen(width=64, verbose=True), NOW)
    assert "  12  n012  2026-02-18  [x] Draw\n" in shown


def test_a_narrow_terminal_keeps_its_room_for_words() -> None:
    assert "  12  n012  [x] Draw\n" in tree.document(DATED, Screen(width=63), NOW)


@pytest.mark.parametrize(
    ("per_week", "told"),
    [(2.0, " · 2.0 steps a week lately\n"), (0.0, "ago\n"), (None, "ago\n")],
)
def test_the_pace_of_a_document_is_told_while_it_has_one(per_week: float | None, told: str) -> None:
    assert (
        tree.document(DATED, PIPE, NOW, per_week=per_week)
        .splitlines(keepends=True)[3]
        .endswith(told)
    )


def test_what_changed_just_now_is_no_moment_ago() -> None:
    assert "changed now\n" in tree.document(doc(last_change=NOW), PIPE, NOW)
