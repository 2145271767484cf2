"""Boards made by hand: everything at once, as the dashboard shows it."""

# ruff: noqa: ANN401 -- a sample may be changed in every field

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from past_samples import CUT, DATED, DAYS, REFUSED, UNCOMMITTED, added, change, revision
from plantrack.core.board_view import (
    BoardView,
    Choice,
    Filter,
    LiveState,
    Mode,
    Opened,
    Page,
    Size,
    Sort,
    gravest_first,
    unread,
)
from plantrack.core.change import ChangeKind
from plantrack.core.effects import Unit
from plantrack.core.model import Count, Finding, State
from plantrack.core.past_view import BurndownView, Logged
from plantrack.core.series import Amounts, Delta, fold
from plantrack.core.terms import add
from plantrack.core.view import DocView, Repository
from view_samples import NOW, PAYLOADS, doc, finished, node, nothing, pointer, ref, section

BERTHS = "docs/0002-berths.md"
TIDES = "docs/0003-tides.md"
MOORING = "docs/0004-mooring_and_the_long_night.md"
LOGIN = "docs/0001-login.md"
LIVE = LiveState(Mode.EVENTS)

PLAN = section(
    node(
        12,
        "Grid",
        node(13, "Draw the berths", id="d13x", state=State.DONE, done=NOW - timedelta(days=20)),
        label="Milestone 1",
        mark="x",
        state=State.DONE,
    ),
    node(
        19,
        "Drag to move a stay",
        node(20, "Pick up a stay", state=State.DONE, done=NOW - timedelta(minutes=4)),
        node(21, "Snap every stay to the half hour", id="k3f9"),
        node(22, "Show a conflict before the drop", id="m4n5"),
        node(23, "泊位を選ぶ — e\u0301tape par e\u0301tape", id="w1de"),
        label="Milestone 2",
        id="a1b2",
    ),
    node(30, "Print the week", label="Milestone 3"),
)
WHOLE_SERIES = fold(
    (
        Delta(date(2025, 11, 3), Amounts(added=20)),
        *(
            Delta(date(2025, 11, 10) + timedelta(weeks=week), Amounts(added=week % 3, ticked=1))
            for week in range(17)
        ),
    ),
    until=NOW.date(),
)
BURNDOWN = BurndownView("leaves", (), WHOLE_SERIES, DATED)
NEXT = pointer(
    notes="Ask the harbour master first.\nHe knows the tides.",
    left_behind=(ref(5, "Milestone 0", "Ask"),),
    then=(
        ref(22, "", "Show a conflict before the drop", id="m4n5"),
        ref(23, "", "泊位を選ぶ — e\u0301tape par e\u0301tape", id="w1de"),
    ),
)
CHANGES = (
    Logged(
        UNCOMMITTED,
        (
            change(id="n020", line=20, seen=NOW - timedelta(minutes=4)),
            change(id="t9t9", path=TIDES, seen=NOW - timedelta(minutes=90), text_after="Wide 潮位"),
            CUT,
        ),
    ),
    Logged(
        revision(),
        (change(ChangeKind.REWORDED, id="r1r1", text_after="Read the **gauges** again"),),
    ),
    Logged(
        revision(time=NOW - timedelta(days=40), author="Björn Ω <b@example.org>", commit="f" * 40),
        tuple(added(number) for number in range(20, 29)),
    ),
)
FINDINGS = gravest_first(
    (
        Finding(TIDES, 3, "frozen", "5 open boxes frozen: the Status says “Shipped”"),
        Finding(BERTHS, 19, "ticked-parent", "Milestone 2 is ticked, but 1 step below it is open"),
        Finding(BERTHS, 44, "swallowed-box", "this box is read as a part of the text above it"),
        Finding(TIDES, 71, "stale-next-steps", "Next Steps names only what is finished"),
        Finding("", 0, "git-busy", "a rebase is under way: what is seen now may change"),
    )
)


UNREAD = unread(Repository("/work/harbour", "c0ffee" * 6 + "c0ff", "main"))


def documents() -> tuple[DocView, ...]:
    return (
        doc(BERTHS, pointer=NEXT, flags=FINDINGS[:1], left_behind=NEXT.left_behind),
        doc(
            TIDES,
            title="Tides",
            leaves=Count(27, 28, 0),
            last_change=NOW - timedelta(minutes=90),
            pointer=pointer(path=TIDES, milestone=ref(9, "M3", "潮位 curves"), action="close"),
        ),
        doc(MOORING, leaves=Count(0, 14, 2), last_change=NOW - timedelta(days=80)),
        finished(LOGIN),
        doc("docs/0005-prose.md", has_checklist=False, leaves=Count(0, 0, 0), pointer=None),
    )


def board(docs: Iterable[DocView] | None = None, **changes: Any) -> BoardView:
    """Make a busy board: all of its parts have something to show."""
    found = documents() if docs is None else tuple(docs)
    usual: dict[str, Any] = {
        "repository": Repository("/work/harbour", "c0ffee" * 6 + "c0ff", "main"),
        "uncommitted": frozenset({BERTHS, TIDES}),
        "next": NEXT,
        "because": "",
        "documents": found,
        "burndown": BURNDOWN,
        "changes": CHANGES,
        "findings": FINDINGS,
        "milestones": add(one.milestones for one in found),
        "leaves": add(one.leaves for one in found),
        "per_week": 5.25,
        "opened": Opened(
            doc(BERTHS, pointer=NEXT, sections=(PLAN,), flags=FINDINGS[:2]), BURNDOWN, 2.0
        ),
    }
    return BoardView(**usual | changes)


EMPTY = board(
    (),
    uncommitted=frozenset(),
    next=None,
    because="no document has an Implementation Plan",
    burndown=BurndownView("leaves", (), (), None),
    changes=(),
    findings=(),
    per_week=None,
    opened=None,
)
FINISHED = board(
    (finished(LOGIN),),
    uncommitted=frozenset(),
    next=None,
    because="every plan is finished",
    burndown=BurndownView("leaves", (), DAYS, REFUSED),
    changes=CHANGES[1:],
    findings=(),
    opened=None,
)
UNVERSIONED = board(
    repository=Repository("/work/harbour", None, None),
    uncommitted=frozenset(),
    changes=(),
    findings=(),
    burndown=BurndownView("leaves", (), DAYS[-1:], REFUSED),
    per_week=None,
    watched_since=NOW - timedelta(minutes=12),
)


def hostile(text: str) -> BoardView:
    """Put a text wherever a document, a path, an author, a branch or a folder can put one."""
    name = ref(7, text, text, id="h0h0")
    bad = pointer(
        path=text,
        reason=text,
        text=text,
        title=text,
        notes=text,
        milestone=name,
        cautions=(text,),
        alternatives=(name,),
        left_behind=(name,) * 9,
        then=(name,),
    )
    finding = Finding(text, 3, "ticked-parent", text)
    plan = section(
        node(11, text, node(12, text, mark=text), label=text, text=text),
        heading=text,
        unboxed=(name,),
    )
    tree = doc(text, title=text, pointer=bad, status_text=text, flags=(finding,), sections=(plan,))
    changed = (
        change(path=text, label=text, text_before=text, text_after=text, id="h0h0"),
        change(ChangeKind.REWORDED, path=text, text_before=text, text_after=text + "!"),
    )
    return board(
        (tree, doc(text + "2", title=text, pointer=bad)),
        repository=Repository("/work/" + text, "c0ffee", text),
        uncommitted=frozenset({text}),
        next=bad,
        changes=(
            Logged(UNCOMMITTED, changed),
            Logged(revision(author=text, subject=text), changed),
        ),
        findings=(finding, finding),
        burndown=BurndownView("leaves", (text,), DAYS, REFUSED),
        opened=Opened(tree, None, None),
    )


# --- at random ------------------------------------------------------------------------------------


def texts() -> SearchStrategy[str]:
    """Make texts of any characters, some of them wide, some combining, some hostile."""
    odd = st.text(alphabet="aé潮\u0301\u200b\x1b🚧️👩‍🚀e_/. \n…", max_size=40)
    return st.one_of(st.text(max_size=30), odd, st.sampled_from(list(PAYLOADS.values())))


def views() -> SearchStrategy[BoardView]:
    """Choose or make a view; some hold texts that no screen may obey."""
    made = st.sampled_from(
        (board(), EMPTY, FINISHED, UNVERSIONED, UNREAD, board(findings=(), opened=None))
    )
    nowhere = st.just(board((doc(pointer=nothing("complete")),), next=None, because="all done"))
    return st.one_of(made, nowhere, texts().map(hostile))


def choices() -> SearchStrategy[Choice]:
    """Make what somebody may want to see."""
    paths = st.sampled_from(("", BERTHS, TIDES, MOORING, LOGIN, "gone.md"))
    return st.builds(
        Choice,
        page=st.sampled_from(list(Page)),
        selected=paths,
        sort=st.sampled_from(list(Sort)),
        filter=st.sampled_from(list(Filter)),
        search=st.one_of(st.just(""), texts()),
        typed=st.one_of(st.none(), texts()),
        unit=st.sampled_from(list(Unit)),
        is_paused=st.booleans(),
        scroll=st.integers(-2, 80),
        flashing=st.frozensets(st.sampled_from((BERTHS, TIDES, "n020", "k3f9", "t9t9abc"))),
        note=st.one_of(st.just(""), texts()),
    )


def sizes() -> SearchStrategy[Size]:
    """Make screens, tiny ones more often than there are."""
    return st.one_of(
        st.builds(Size, st.integers(1, 30), st.integers(1, 12)),
        st.builds(Size, st.integers(1, 260), st.integers(1, 90)),
    )


def lives() -> SearchStrategy[LiveState]:
    """Make what a watcher can be."""
    said = st.one_of(st.just(""), texts())
    return st.builds(LiveState, st.sampled_from(list(Mode)), said, said)
