# ruff: noqa: E501, ANN401 -- a table for a pipe is as wide as it is; samples take any change

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from plantrack.core.clean import width
from plantrack.core.model import Action, Count, Family, Finding
from plantrack.core.view import DocView, Overview, Unplanned
from plantrack.render import terminal
from plantrack.render.screen import Screen
from plantrack.render.text import table
from view_samples import NOW, doc, finished, nothing, overview, pointer, ref
from view_samples import status_view as whole_view

PIPE = Screen()


def status_view(*docs: DocView, **changes: Any) -> Overview:
    return overview(whole_view(*docs, **changes))


HARBOUR = status_view(
    doc(flags=(Finding("", 3, "ticked-parent", "m"),), left_behind=(ref(),)),
    doc(
        "docs/0003-vessels.md",
        family=Family.DRAFT,
        milestones=Count(0, 0, 0),
        last_change=None,
        pointer=pointer(milestone=None),
    ),
    finished(leaves=Count(7, 9, 0), frozen=2),
    doc(
        "docs/0009-ideas.md",
        has_checklist=False,
        milestones=Count(0, 0, 0),
        leaves=Count(0, 0, 0),
        pointer=nothing("no checklist"),
    ),
    unplanned=(Unplanned("docs/runbook.md", 8), Unplanned("docs/release.md", 23)),
    skipped=(
        Finding("docs/big.md", 0, "large", "larger than 1 MiB"),
        Finding("", 0, "x", "no git"),
    ),
    duplicates=(("copy.md", "docs/0002-berths.md"),),
)


def lines(view: Overview, screen: Screen, *, every: bool = False) -> list[str]:
    if screen.width is None:
        return table.status(view, screen, NOW).splitlines()
    return terminal.status(view, screen, NOW, every=every).splitlines()


# --- a pipe ---------------------------------------------------------------------------------------


def test_a_pipe_gets_every_document_uncut_in_aligned_columns() -> None:
    assert lines(HARBOUR, PIPE) == [
        "DOCUMENT              STATUS  STEPS  DONE  MILESTONES  CHANGED  REMARKS                         NOW AT",
        "docs/0002-berths.md   active    4/9   44%         1/3      3 d  1 contradiction, 1 left behind  Milestone 2: Drag to move a stay",
        "docs/0003-vessels.md  draft     4/9   44%           -        -  -                               Snap every stay to the half hour",
        "docs/0009-ideas.md    active      -     -           -      3 d  -                               no checklist",
        "docs/0001-login.md    done      7/9   77%         2/2      3 d  2 frozen                        complete",
        "",
        "no plan    docs/runbook.md: 8 boxes, no plan section",
        "           docs/release.md: 23 boxes, no plan section",
        "identical  copy.md is shown as docs/0002-berths.md",
        "skipped    docs/big.md: larger than 1 MiB",
        "           this place: no git",
        "total      3/5 milestones, 15/27 steps (55%) in 4 documents; 2 open ones frozen",
        "lately     last change 3 d ago: 0002-berths",
    ]


def test_a_pipe_gets_times_in_full_when_asked() -> None:
    assert "2026-03-07 12:00 +0000" in lines(HARBOUR, Screen(verbose=True))[1]


def test_a_pipe_gets_what_it_can_show_of_every_text() -> None:
    odd = doc("docs/\x1b[2J.md", pointer=pointer(milestone=ref(9, "", "Zoom — jetzt")))
    assert lines(status_view(odd), PIPE)[1].startswith("docs/\\x1b[2J.md  active ")
    assert lines(status_view(odd), PIPE)[1].endswith("  Zoom — jetzt")
    assert lines(status_view(odd), Screen(encoding="ascii"))[1].endswith("  Zoom -- jetzt")


def test_finishing_a_document_never_lowers_the_totals() -> None:
    open_still = status_view(doc(), doc("b.md", leaves=Count(6, 7, 0)))
    now_done = status_view(doc(), finished("b.md", milestones=Count(1, 3, 0)))
    assert table.totals(open_still) == "2/6 milestones, 10/16 steps (62%) in 2 documents"
    assert table.totals(now_done) == "2/6 milestones, 11/16 steps (68%) in 2 documents"


@pytest.mark.parametrize(
    ("per_week", "told"),
    [
        (2.25, "2.2 steps a week in the last 4 weeks; last change 3 d ago: 0002-berths"),
        (0.0, "nothing finished in the last 4 weeks; last change 3 d ago: 0002-berths"),
        (-0.5, "nothing finished in the last 4 weeks; last change 3 d ago: 0002-berths"),
        (None, "last change 3 d ago: 0002-berths"),
    ],
)
def test_the_pace_and_the_last_change_are_told(per_week: float | None, told: str) -> None:
    view = status_view(doc(), doc("docs/0001.md", last_change=NOW - timedelta(days=9)))
    assert list(table.lately(view._replace(per_week=per_week), NOW)) == [told]


def test_the_last_change_names_what_tells_its_document_from_others() -> None:
    view = status_view(doc("a/tasks.md"), doc("b/tasks.md", last_change=NOW))
    assert list(table.lately(view, NOW)) == ["last change now: b/tasks"]


def test_the_file_of_a_stub_is_no_change_of_a_plan() -> None:
    stub = doc("stub.md", has_checklist=False, last_change=NOW)
    assert list(table.lately(status_view(stub, doc()), NOW)) == ["last change 3 d ago: 0002-berths"]
    assert list(table.lately(status_view(stub, doc(last_change=None)), NOW)) == []


def test_a_plan_that_is_gone_is_told_from_one_that_never_was() -> None:
    view = status_view()._replace(former=("docs/a plan.md",))
    assert table.status(view, PIPE, NOW, named=("docs/a plan.md",)) == (
        "docs/a plan.md holds no plan any more; plantrack log 'docs/a plan.md' tells what became"
        " of it\n"
    )


def test_what_has_left_the_documents_is_still_added_up() -> None:
    view = status_view(doc(), doc("b.md", leaves=Count(6, 7, 0)))
    gone = view._replace(ever=(Count(15, 21, 1), Count(3, 8, 0)))
    told = "3/8 milestones, 15/21 steps (71%), with those whose plan is gone"
    assert list(table.ever(gone)) == [told]
    assert f"ever    {told}" in lines(gone, PIPE)
    assert list(table.ever(view._replace(ever=(Count(15, 21, 1), Count(0, 0, 0))))) == [
        "15/21 steps (71%), with those whose plan is gone"
    ]


def test_where_nothing_has_left_there_is_nothing_to_add() -> None:
    view = status_view(doc())
    assert list(table.ever(view)) == []
    assert list(table.ever(view._replace(ever=(view.leaves, view.milestones)))) == []
    given_up = view.leaves._replace(dropped=9)
    assert list(table.ever(view._replace(ever=(given_up, view.milestones)))) == []


def test_a_repository_of_stubs_has_nothing_to_count() -> None:
    stub = doc(has_checklist=False, leaves=Count(0, 0, 0), milestones=Count(0, 0, 0))
    assert table.totals(status_view(stub)) == "nothing to count in 1 document"


def test_plans_without_milestones_have_no_total_of_them() -> None:
    flat = doc(milestones=Count(0, 0, 0))
    assert table.totals(status_view(flat)) == "4/9 steps (44%) in 1 document"


@pytest.mark.parametrize("screen", [PIPE, Screen(width=80)])
def test_without_any_plan_a_plan_is_explained(screen: Screen) -> None:
    skipped = (Finding("docs/big.md", 0, "large", "larger than 1 MiB"),)
    found = table.status(status_view(skipped=skipped), screen, NOW).splitlines()
    assert found[0] == "No document here holds a plan."
    assert "  ## Implementation Plan" in found
    assert found[-1] == "docs/big.md: larger than 1 MiB"


@pytest.mark.parametrize(
    ("named", "told"),
    [(("a.md",), "No plan in a.md."), (("a.md", "b.md"), "No plan in a.md and 1 more.")],
)
def test_documents_without_a_plan_are_named(named: tuple[str, ...], told: str) -> None:
    found = table.status(status_view(), PIPE, NOW, named=named).splitlines()
    assert found[0] == told
    assert "  ## Implementation Plan" in found


@pytest.mark.parametrize("screen", [PIPE, Screen(width=80)])
def test_boxes_without_a_plan_are_named_even_alone(screen: Screen) -> None:
    found = lines(status_view(unplanned=(Unplanned("docs/runbook.md", 8),)), screen)
    assert len(found) == 1
    assert found[0].startswith("no plan  ")
    assert "8 boxes" in found[0]


# --- a terminal -----------------------------------------------------------------------------------


def test_a_terminal_of_sixty_cells_gets_what_matters_most() -> None:
    assert lines(HARBOUR, Screen(width=60)) == [
        "document              progress  steps  now at              !",
        "active (1)",
        "docs/0002-berths.md   ███░░░░░    4/9  Milestone 2: Drag…  !",
        "",
        "draft (1)",
        "docs/0003-vessels.md  ███░░░░░    4/9  Snap every stay t…",
        "",
        "!             worth a look: plantrack status DOC tells why",
        "finished      1 document, 7/9 steps, 2 open ones frozen by a",
        "              Status that says the work is over (--all shows",
        "              them)",
        "no checklist  1 document: 0009-ideas",
        "no plan       2 documents hold 31 boxes but no plan section:",
        "              release, runbook",
        "identical     copy.md is shown as docs/0002-berths.md",
        "skipped       docs/big.md: larger than 1 MiB",
        "              this place: no git",
        "total         3/5 milestones, 15/27 steps (55%) in 4",
        "              documents; 2 open ones frozen",
        "lately        last change 3 d ago: 0002-berths",
    ]


@pytest.mark.parametrize(
    ("cells", "head"),
    [
        (71, "document progress steps now at !"),
        (72, "document progress steps changed now at !"),
        (94, "document progress steps changed now at !"),
        (106, "document progress steps milestones changed now at !"),
        (124, "document progress steps milestones changed now at remarks"),
        (200, "document progress steps milestones changed now at remarks"),
    ],
)
def test_a_wider_terminal_gets_more_columns(cells: int, head: str) -> None:
    assert re.sub(" +", " ", lines(HARBOUR, Screen(width=cells))[0]) == head


def test_a_roomier_terminal_gets_percent_and_a_longer_bar() -> None:
    assert " ███░░░░░    4/9      3 d " in lines(HARBOUR, Screen(width=93))[2]
    assert " ████░░░░░░  44%    4/9      3 d " in lines(HARBOUR, Screen(width=94))[2]


def test_a_terminal_gets_days_when_everything_is_asked_for() -> None:
    assert " 2026-03-07 " in lines(HARBOUR, Screen(width=80, verbose=True))[2]


def test_a_wide_terminal_gets_whole_rows() -> None:
    assert lines(HARBOUR, Screen(width=160))[2] == (
        "docs/0002-berths.md   ███████░░░░░░░░░  44%    4/9         1/3      3 d"
        "  Milestone 2: Drag to move a stay  1 contradiction, 1 left behind"
    )


def test_every_document_gets_a_row_when_asked() -> None:
    found = lines(HARBOUR, Screen(width=80, encoding="ascii"), every=True)
    assert [line for line in found if "docs/0009" in line or "docs/0001" in line] == [
        "docs/0009-ideas.md                         3 d  no checklist",
        "docs/0001-login.md    ######..    7/9      3 d  complete                       !",
    ]
    assert "no checklist (1)" in found
    assert "finished (1)" in found


def test_only_finished_documents_leave_the_sums() -> None:
    assert lines(status_view(finished()), Screen(width=80)) == [
        "finished  1 document, 7/7 steps (--all shows them)",
        "total     2/2 milestones, 7/7 steps (100%) in 1 document",
        "lately    last change 3 d ago: 0001-login",
    ]


def test_a_stub_whose_work_is_over_is_finished() -> None:
    stub = finished(has_checklist=False, leaves=Count(0, 0, 0))
    assert lines(status_view(stub, doc()), Screen(width=80))[-3] == (
        "finished  1 document (--all shows them)"
    )


def test_many_documents_without_a_plan_are_counted_and_the_largest_named() -> None:
    unplanned = tuple(Unplanned(f"docs/{number}.md", number) for number in range(5, 10))
    found = lines(status_view(doc(), unplanned=unplanned), Screen(width=120))
    assert found[-3] == (
        "no plan  5 documents hold 35 boxes but no plan section: 9, 8, 7 and 2 more"
    )


def test_names_lose_their_folders_before_they_lose_their_middle() -> None:
    paths = [f"docs/design_docs/00{number}-a_document_about_berths.md" for number in (1, 2)]
    view = status_view(*map(doc, paths))
    assert "00-" not in lines(view, Screen(width=140))[2]
    assert lines(view, Screen(width=140))[2].startswith("docs/design_docs/001-a_document_about")
    assert lines(view, Screen(width=100))[2].startswith("001-a_document_about_berths.md  ")
    assert lines(view, Screen(width=60))[2].startswith("001-a_docum…bout_berths  ")


@pytest.mark.parametrize("cells", [20, 48, 60, 72, 80, 94, 106, 120, 124, 150, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_no_row_is_wider_than_the_terminal(cells: int, encoding: str) -> None:
    busy = status_view(
        *(
            doc(
                f"docs/{'long/' * number}000{number}-{'漢字' * number}.md",
                title="T" * 99,
                pointer=pointer(milestone=ref(1, "Milestone 7", "drag " * 30)),
                flags=(Finding("", 1, "lost-indent", ""),) * number,
                leaves=Count(number, 12_345, number),
                last_change=NOW - timedelta(days=100 * number),
            )
            for number in range(1, 9)
        )
    )
    found = lines(busy, Screen(width=cells, encoding=encoding), every=True)
    table_end = found.index("")
    assert table_end == 1 + 1 + 8
    assert max(map(width, found[:table_end])) <= max(cells, 48)
    assert max(map(width, found[table_end:])) <= max(cells, 30)


def test_colour_adds_nothing_but_colour() -> None:
    coloured = "\n".join(lines(HARBOUR, Screen(width=130, colour=True), every=True))
    assert set(re.findall(r"\x1b\[([\d;]*)m", coloured)) == {"0", "1", "2", "32", "33"}
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert [line.rstrip() for line in bare.split("\n")] == lines(
        HARBOUR, Screen(width=130), every=True
    )


def test_an_action_that_is_no_work_is_named_before_the_milestone() -> None:
    closing = doc(pointer=pointer(action=Action.CLOSE))
    assert "  close Milestone 2: " in lines(status_view(closing), Screen(width=80))[2]


def test_the_environment_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    before = lines(HARBOUR, Screen(width=80))
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "33")
    monkeypatch.setenv("TERM", "dumb")
    assert lines(HARBOUR, Screen(width=80)) == before
