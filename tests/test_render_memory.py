from __future__ import annotations

import re

from plantrack.core.model import Finding
from plantrack.core.view import SyncView
from plantrack.render.screen import Screen
from plantrack.render.text import memory
from plantrack.store.accounts import Account, Balance
from plantrack.store.recording import Description

PIPE = Screen()
DATABASE = Description(
    path="/work/harbour/.plan-history/plans.db",
    kind="folder",
    notice="",
    bytes=100_000,
    log_bytes=5,
    sqlite="3.40.1",
    format=2,
    tables=(("item", 12),),
    worktrees=(("/work/harbour", 3, 12), ("/work/other", 1, 1)),
)
BALANCE = Balance(
    "/work/harbour",
    4,
    (
        Account(15, 3, 12, 6, 1, 2, 0, 7),
        Account(1012, 1002, 10, 5, 1, 2, 0, 6),
        Account(3, 1, 2, 1, 0, 0, 0, 1),
    ),
    (),
)


def test_the_books_stand_below_the_work_tree_they_are_of() -> None:
    assert memory.check(DATABASE, (), PIPE, (BALANCE,)).splitlines() == [
        "/work/harbour/.plan-history/plans.db",
        "98 KiB, format 2, SQLite 3.40.1",
        "/work/harbour: 3 documents, 12 items",
        "                       items      leaves  milestones",
        "    added                 15        1012           3",
        "  - removed                3        1002           1",
        "  = present               12          10           2",
        "    ticked                 6           5           1",
        "  - unticked               1           1           0",
        "  + arrived done           2           2           0",
        "  - removed done           0           0           0",
        "  = done                   7           6           1",
        "/work/other: 1 document, 1 item",
        "sound",
    ]


def test_books_that_cannot_be_compared_say_so() -> None:
    text = memory.check(DATABASE, (), PIPE, (Balance("/work/other", 0, (), ()),))
    assert text.splitlines()[-2:] == [
        "  its books are not added up while it is half read, or git is at work in it",
        "sound",
    ]


def test_what_was_mended_is_told_as_such() -> None:
    findings = (
        Finding("plans.db", 0, "database-mended", "it was empty"),
        Finding("plans.db", 0, "database-unbalanced", "a.md: items: 3 should be done, but 2 are"),
    )
    assert memory.check(DATABASE, findings, PIPE).splitlines()[-2:] == [
        "mended: it was empty",
        "damaged: a.md: items: 3 should be done, but 2 are",
    ]


def test_colour_adds_nothing_but_colour() -> None:
    coloured = memory.check(DATABASE, (), Screen(width=80, colour=True), (BALANCE,))
    bare = re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert bare == memory.check(DATABASE, (), Screen(width=80), (BALANCE,))
    strong = re.findall(r"\x1b\[1m *= (\w+)", coloured)
    assert strong == ["present", "done"]


def test_the_books_of_a_folder_with_a_hostile_name_are_shown_beside_it() -> None:
    """The name is made harmless; the books are found by the name as it is."""
    name = "/work/\x1b[31mred"
    database = Description(
        path=None,
        kind="memory",
        notice="",
        bytes=0,
        log_bytes=0,
        sqlite="3.40.1",
        format=2,
        tables=(),
        worktrees=((name, 1, 2),),
    )
    text = memory.check(database, (), PIPE, (Balance(name, 1, BALANCE.accounts, ()),))
    assert "\x1b" not in text
    assert "= present" in text


def test_what_is_not_settled_is_told_below_what_was_read() -> None:
    quiet = SyncView(1, 2, 3, 4, 5)
    told = "1 document read, 2 unchanged, 3 gone; 4 documents with a plan (5 ms)\n"
    assert memory.sync(quiet, PIPE) == told
    assert memory.sync(quiet._replace(unsettled=("a.md", "b.md"), is_calm=False), PIPE) == (
        told
        + "2 documents being written just now: as recorded before\n"
        + "git is at work here: what was seen now is not noted yet\n"
    )
