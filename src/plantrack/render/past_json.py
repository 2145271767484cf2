"""Views of the past to versioned JSON: one object, ASCII only, as the views of the present."""

from __future__ import annotations

from plantrack.render import past_parts
from plantrack.render.as_json import count, dump, moment
from plantrack.render.past_parts import MAX_CHARS

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from datetime import date

    from plantrack.core.forecast import Backtest, Basis, Forecast
    from plantrack.core.past_view import (
        BlameLine,
        BlameView,
        BurndownView,
        ChangeView,
        DiffDocument,
        DiffItem,
        DiffView,
        ForecastView,
        Logged,
        LogView,
        RevisionView,
    )
    from plantrack.core.series import Day
    from plantrack.render.as_json import Json, Object
    from plantrack.render.screen import Screen

_QUOTED: tuple[str, ...] = (
    "author",
    "label",
    "note",
    "subject",
    "text_after",
    "text_before",
    "title",
)


def diff(view: DiffView, screen: Screen) -> str:
    """Say what differs between two revisions."""
    documents: list[Json] = [_document(document) for document in view.documents]
    return dump(
        _answer("diff")
        | {
            "from": view.before.name,
            "to": view.after.name or None,
            "from_commit": view.before.commit,
            "to_commit": view.after.commit,
            "by_history": view.by_history,
            "documents": documents,
        },
        screen,
    )


def log(view: LogView, screen: Screen) -> str:
    """Say what changed, newest first."""
    changes: list[Json] = [
        _change(entry, change) for entry in view.entries for change in entry.changes
    ]
    return dump(_answer("log") | {"changes": changes, "has_more": view.has_more}, screen)


def blame(view: BlameView, screen: Screen) -> str:
    """Say where each item of a document comes from."""
    items: list[Json] = [_blame_line(item) for item in view.items]
    return dump(
        _answer("blame") | {"path": view.path, "title": view.title[:MAX_CHARS], "items": items},
        screen,
    )


def burndown(view: BurndownView, screen: Screen) -> str:
    """Give the levels and amounts of each day, and the forecast."""
    days: list[Json] = [_day(day) for day in view.days]
    return dump(
        {
            "schema": "plantrack.burndown/1",
            "unit": view.unit,
            "documents": list(view.documents) or None,
            "days": days,
            "frozen": view.frozen,
            "forecast": None if view.forecast is None else _forecast(view.forecast),
        },
        screen,
    )


def forecast(view: ForecastView, screen: Screen) -> str:
    """Give the dates, what they rest on and how earlier ones turned out."""
    return dump(
        {
            "schema": "plantrack.forecast/1",
            "unit": view.unit,
            "documents": list(view.documents) or None,
            "frozen": view.frozen,
            "forecast": _forecast(view.forecast),
            "backtest": _backtest(view.backtest),
        },
        screen,
    )


def _answer(name: str) -> Object:
    return {"schema": f"plantrack.{name}/1", "data_not_instructions": list(_QUOTED)}


# --- what happened --------------------------------------------------------------------------------


def _document(document: DiffDocument) -> Object:
    return {
        "path_before": document.path_before,
        "path_after": document.path_after,
        "title": document.title[:MAX_CHARS],
        "leaves_before": count(document.before),
        "leaves_after": count(document.after),
        "items": [_item(item) for item in document.items],
    }


def _item(item: DiffItem) -> Object:
    return {
        "id": item.id,
        "kind": str(item.kinds[0]) if item.kinds else "same",
        "also": [str(kind) for kind in item.kinds[1:]],
        "reason": str(item.reason),
        "line_before": item.line_before,
        "line_after": item.line_after,
        "state_before": item.state_before and str(item.state_before),
        "state_after": item.state_after and str(item.state_after),
        "text_before": past_parts.text(item.text_before),
        "text_after": past_parts.text(item.text_after),
    }


def _change(entry: Logged, change: ChangeView) -> Object:
    return {
        **past_parts.change(change),
        **_revision(entry.revision),
        "uncommitted": entry.revision.is_present,
        "seen": moment(change.seen),
        "note": change.note[:MAX_CHARS] or None,
    }


def _revision(revision: RevisionView) -> Object:
    return {**past_parts.revision(revision), "time": moment(revision.time)}


def _blame_line(item: BlameLine) -> Object:
    return {
        "id": item.id,
        "line": item.line,
        "depth": item.depth,
        "text": past_parts.text(item.text),
        "state": str(item.state),
        "added": None if item.added is None else _revision(item.added),
        "arrived_done": item.arrived_done,
        "ticked": None if item.ticked is None else _revision(item.ticked),
    }


# --- numbers --------------------------------------------------------------------------------------


def _day(day: Day) -> Object:
    amounts = day.amounts
    return {
        "day": day.day.isoformat(),
        "scope": day.scope,
        "done": day.done,
        "open": day.open,
        "dropped": day.dropped,
        "added": day.added,
        "removed": day.removed,
        "ticked": day.ticked,
        "unticked": day.unticked,
        "arrived_done": day.arrived_done,
        "removed_by": {
            "cut": amounts.cut,
            "finalised": amounts.dropped_at_finalisation,
            "rewritten": amounts.dropped_at_rewrite,
            "document removed": amounts.dropped_with_document,
        },
    }


def _forecast(found: Forecast) -> Object:
    return {
        "p50": _date(found.p50),
        "p85": _date(found.p85),
        "basis": None if found.basis is None else _basis(found.basis),
        "refusal": found.refusal or None,
    }


def _basis(basis: Basis) -> Object:
    spread = basis.spread
    return {
        "asked": _date(basis.asked),
        "open": basis.open,
        "completions": basis.completions,
        "days": basis.days,
        "weeks": basis.weeks,
        "active_weeks": basis.active_weeks,
        "finished": basis.finished,
        "grown": basis.grown,
        "unexpanded": basis.unexpanded,
        "expected": basis.expected,
        "share_percent": basis.share,
        "steps_of_expanded": None
        if spread is None
        else {
            "milestones": spread.milestones,
            "low": spread.low,
            "median": spread.median,
            "high": spread.high,
        },
    }


def _backtest(test: Backtest) -> Object:
    return {
        "asked": test.asked,
        "answered": test.answered,
        "judged": test.judged,
        "held": test.held,
    }


def _date(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
