"""Views of the past made by hand."""

# ruff: noqa: ANN401 -- a sample may be changed in every field

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from plantrack.core.change import ChangeKind, Reason
from plantrack.core.forecast import Backtest, Basis, Forecast, Spread
from plantrack.core.model import Count, State
from plantrack.core.past_view import (
    BlameLine,
    BlameView,
    BurndownView,
    ChangeView,
    DiffDocument,
    DiffItem,
    DiffView,
    End,
    ForecastView,
    Logged,
    LogView,
    RevisionView,
)
from plantrack.core.series import Amounts, Delta, fold

T = TypeVar("T")

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
COMMIT = "c0ffee" * 6 + "c0ff"
PATH = "docs/0002-berths.md"


def _made(kind: type[T], usual: dict[str, Any], changes: dict[str, Any]) -> T:
    return kind(**usual | changes)


def revision(**changes: Any) -> RevisionView:
    return _made(
        RevisionView,
        {
            "commit": COMMIT,
            "time": NOW - timedelta(days=3),
            "author": "Ada Example <ada@example.org>",
            "subject": "Move stays",
        },
        changes,
    )


UNCOMMITTED = revision(commit=None, time=NOW, author="", subject="", is_present=True)


def change(kind: ChangeKind = ChangeKind.TICKED, **changes: Any) -> ChangeView:
    return _made(
        ChangeView,
        {
            "id": "k3f9",
            "kind": kind,
            "reason": Reason.NONE,
            "path": PATH,
            "line": 21,
            "label": "",
            "state_before": State.TODO,
            "state_after": State.DONE,
            "text_before": "Snap every stay",
            "text_after": "Snap every stay",
            "seen": None,
        },
        changes,
    )


def added(number: int, **changes: Any) -> ChangeView:
    found: dict[str, Any] = {
        "id": f"n{number:03}",
        "line": number,
        "reason": Reason.OPEN,
        "state_before": None,
        "state_after": State.TODO,
        "text_before": None,
        "text_after": f"Step {number}",
    }
    return change(ChangeKind.ADDED, **found | changes)


REWORDED = change(
    ChangeKind.REWORDED, id="a1b2", state_after=State.TODO, text_after="Snap **every** stay now"
)
CUT = change(
    ChangeKind.REMOVED, id="c3d4", reason=Reason.CUT, line=30, state_after=None, text_after=None
)


def log_view(*entries: Logged, has_more: bool = False) -> LogView:
    return LogView(entries, has_more)


LOG = log_view(
    Logged(UNCOMMITTED, (change(), CUT)),
    Logged(revision(), (REWORDED, added(22), added(23, reason=Reason.ARRIVED_DONE))),
)


def diff_item(*kinds: ChangeKind, **changes: Any) -> DiffItem:
    return _made(
        DiffItem,
        {
            "id": "k3f9",
            "kinds": kinds,
            "reason": Reason.NONE,
            "line_before": 20,
            "line_after": 21,
            "state_before": State.TODO,
            "state_after": State.DONE,
            "text_before": "Snap every stay",
            "text_after": "Snap every stay",
        },
        changes,
    )


ITEMS = (
    diff_item(
        ChangeKind.REMOVED,
        id="c3d4",
        reason=Reason.FINALISED,
        line_after=None,
        state_after=None,
        text_after=None,
    ),
    diff_item(ChangeKind.TICKED, ChangeKind.REWORDED, text_after="Snap **all**"),
    diff_item(
        ChangeKind.ADDED,
        id="n022",
        reason=Reason.ARRIVED_DONE,
        line_before=None,
        line_after=22,
        state_before=None,
        text_before=None,
        text_after="Show it",
    ),
    diff_item(id="s4m3", line_before=23, line_after=23, state_after=State.TODO),
)


def diff_view(*items: DiffItem, **changes: Any) -> DiffView:
    document = DiffDocument(PATH, PATH, "Design: Berths", Count(1, 4, 0), Count(3, 4, 0), items)
    return _made(
        DiffView,
        {
            "before": End("main", COMMIT),
            "after": End("", None),
            "documents": (document,),
            "by_history": True,
        },
        changes,
    )


def blame_line(line: int, **changes: Any) -> BlameLine:
    return _made(
        BlameLine,
        {
            "id": f"n{line:03}",
            "line": line,
            "depth": 1,
            "text": "Snap every stay",
            "state": State.DONE,
            "has_box": True,
            "added": revision(),
            "arrived_done": False,
            "ticked": UNCOMMITTED,
        },
        changes,
    )


BLAME = BlameView(
    PATH,
    "Design: Berths",
    (
        blame_line(19, depth=0, text="**Milestone 2:** Move", state=State.TODO, ticked=None),
        blame_line(20),
        blame_line(21, ticked=None, arrived_done=True),
        blame_line(22, added=None, has_box=False, ticked=None, state=State.DROPPED),
    ),
)

DAYS = fold(
    (
        Delta(date(2026, 3, 1), Amounts(added=6, arrived_done=1)),
        Delta(date(2026, 3, 4), Amounts(ticked=2, cut_open=1)),
        Delta(date(2026, 3, 9), Amounts(dropped_at_finalisation=1)),
    ),
    until=date(2026, 3, 10),
)
BASIS = Basis(
    asked=date(2026, 3, 10),
    open=12,
    completions=9,
    days=80,
    weeks=11,
    active_weeks=6,
    finished=8,
    grown=-1,
    unexpanded=2,
    expected=6,
    spread=Spread(5, 2, 4, 6),
)
DATED = Forecast(date(2026, 5, 1), date(2026, 6, 9), "", BASIS)
REFUSED = Forecast(None, None, "no forecast: 2 completions in 60 days (5 are needed)", BASIS)
BURNDOWN = BurndownView("leaves", (), DAYS, REFUSED)
FORECAST = ForecastView("leaves", (PATH,), DATED, Backtest(30, 20, 11, 10))


def hostile_log(text: str) -> LogView:
    """Put a text wherever a document, an author or a commit can put one."""
    bad: dict[str, Any] = {"path": text, "label": text, "text_before": text}
    entry = (change(**bad), change(ChangeKind.REWORDED, **bad), change(**bad, text_after=text))
    return log_view(Logged(revision(author=text, subject=text), entry))


def hostile_diff(text: str) -> DiffView:
    bad = {"text_before": text, "text_after": text + "!"}
    document = DiffDocument(
        text,
        text + "2",
        text,
        Count(0, 0, 0),
        Count(0, 0, 0),
        (
            diff_item(ChangeKind.REWORDED, **bad),
            diff_item(
                ChangeKind.REMOVED,
                text_before=text,
                text_after=None,
                line_after=None,
                state_after=None,
            ),
        ),
    )
    return diff_view(documents=(document,), before=End(text, COMMIT), after=End(text, COMMIT))


def hostile_blame(text: str) -> BlameView:
    who = revision(author=text, subject=text)
    return BlameView(text, text, (blame_line(1, text=text, added=who, ticked=who),))
