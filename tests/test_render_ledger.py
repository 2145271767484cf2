from __future__ import annotations

import re

import pytest

from plantrack.core.clean import width
from plantrack.core.terms import Count, Finding
from plantrack.core.view import ExplainLine, SyncView
from plantrack.render.screen import Screen
from plantrack.render.text import ledger, memory
from plantrack.store.recording import Description
from view_samples import explain_view

PIPE = Screen()


def test_a_pipe_gets_every_line_and_sums_that_reconcile() -> None:
    assert ledger.explain(explain_view(), PIPE).splitlines() == [
        "docs/0002-berths.md",
        "design doc · nested",
        "  line 10: “Implementation Plan” is a plan heading",
        "",
        "line  counts as  id    as written",
        "  12  parent     a1b2  - [x] Milestone 1: Grid",
        "  13  leaf       c3d4    - [x] Draw the berths",
        "  14  optional   e5f6      - [ ]* Print it",
        "      not counted: in a fence",
        "  30  -                - [ ] an example",
        "",
        "4 box-like lines = 1 leaf + 1 parent + 1 optional + 1 not counted",
        "  1  in a fence",
        "so 1/1 steps done (100%)",
    ]


def test_a_reason_is_given_once_for_the_lines_it_holds_for() -> None:
    lines = [
        ExplainLine(line, f"- [ ] {line}", None, reason, None)
        for line, reason in ((1, "in a fence"), (2, "in a fence"), (3, "in a quote"))
    ]
    text = ledger.explain(
        explain_view(lines=(*lines, ExplainLine(4, "- [ ] 4", "leaf", None, "k3f9"))), PIPE
    )
    assert text.count("not counted: in a fence") == 1
    assert text.count("not counted: in a quote") == 1


def test_a_terminal_gets_lines_that_fit() -> None:
    assert ledger.explain(explain_view(), Screen(width=40)).splitlines()[2:] == [
        "  line 10: “Implementation Plan” is a",
        "  plan heading",
        "",
        "line  counts as  id    as written",
        "  12  parent     a1b2  - [x] Milestone 1: …",
        "  13  leaf       c3d4    - [x] Draw the be…",
        "  14  optional   e5f6      - [ ]* Print it",
        "      not counted: in a fence",
        "  30  -                - [ ] an example",
        "",
        "4 box-like lines = 1 leaf + 1 parent + 1",
        "optional + 1 not counted",
        "  1  in a fence",
        "so 1/1 steps done (100%)",
    ]


def test_dropped_steps_are_named_beside_the_progress() -> None:
    text = ledger.explain(explain_view(progress=Count(2, 4, 1)), PIPE)
    assert text.endswith("so 2/4 steps done (50%) without 1 dropped\n")


def test_a_document_without_boxes_has_sums_of_nothing() -> None:
    bare = {
        "progress": Count(0, 0, 0),
        "leaves": 0,
        "parents": 0,
        "optional": 0,
        "excluded": {},
        "lines": (),
    }
    text = ledger.explain(explain_view(shape="", dialect="", because=(), **bare), PIPE)
    assert text == (
        "docs/0002-berths.md\n\n"
        "0 box-like lines = 0 leaves + 0 parents + 0 optional + 0 not counted\n"
    )


@pytest.mark.parametrize("cells", [44, 80])
def test_nothing_is_wider_than_the_terminal(cells: int) -> None:
    wide = explain_view(
        path="docs/berths.md",
        lines=(ExplainLine(12_345, "\t" + "漢字 " * 99, None, "because " * 40, None),),
        excluded={"because " * 40: 1},
    )
    text = ledger.explain(wide, Screen(width=cells))
    assert max(map(width, text.splitlines())) <= cells


def test_colour_adds_nothing_but_colour() -> None:
    coloured = ledger.explain(explain_view(), Screen(width=80, colour=True))
    assert set(re.findall(r"\x1b\[([\d;]*)m", coloured)) == {"0", "1", "2", "33"}
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert bare == ledger.explain(explain_view(), Screen(width=80))


# --- the memory -----------------------------------------------------------------------------------

DATABASE = Description(
    path="/work/harbour/.plan-history/plans.db",
    kind="folder",
    notice="",
    bytes=100_000,
    log_bytes=5,
    sqlite="3.40.1",
    format=1,
    tables=(("item", 12),),
    worktrees=(("/work/harbour", 3, 12), ("/work/other", 1, 1)),
)


def test_a_refresh_says_what_it_read() -> None:
    assert memory.sync(SyncView(3, 42, 0, 20, 118), PIPE) == (
        "3 documents read, 42 unchanged; 20 documents with a plan (118 ms)\n"
    )
    assert memory.sync(SyncView(1, 0, 2, 1, 5), PIPE) == (
        "1 document read, 0 unchanged, 2 gone; 1 document with a plan (5 ms)\n"
    )


def test_a_sound_database_says_what_it_holds() -> None:
    assert memory.check(DATABASE, (), PIPE).splitlines() == [
        "/work/harbour/.plan-history/plans.db",
        "98 KiB, format 1, SQLite 3.40.1",
        "/work/harbour: 3 documents, 12 items",
        "/work/other: 1 document, 1 item",
        "sound",
    ]


def test_a_damaged_database_says_what_is_damaged() -> None:
    findings = (Finding("plans.db", 0, "damaged", "row 3 is missing"),)
    assert memory.check(DATABASE, findings, PIPE).endswith("\ndamaged: row 3 is missing\n")
