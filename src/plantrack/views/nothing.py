"""Documents to why none of them has anything to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import views
from plantrack.core.view import MISSED_BOXES
from plantrack.views import absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.store import DocumentRow, Store


def because(store: Store, documents: Sequence[str] | None) -> str:
    """Say why no document has anything to be done next."""
    rows = store.documents() if documents is None else views.present(store.document, documents)
    plans = views.once(rows)
    if not plans:
        return _why_no_plan(store, rows, documents)
    finished = sum(row.has_checklist and not row.frozen for row in plans)
    if finished == len(plans):
        return "every plan is finished"
    parts = [
        _many(finished, "plan is finished", "plans are finished"),
        _many(
            sum(row.frozen > 0 for row in plans),
            "is over by its Status with boxes still open",
            "are over by their Status with boxes still open",
        ),
        _many(
            sum(not row.has_checklist for row in plans),
            "plan section holds no boxes",
            "plan sections hold no boxes",
        ),
    ]
    return f"nothing is left to be done: {', '.join(part for part in parts if part)}"


def _why_no_plan(store: Store, rows: Sequence[DocumentRow], documents: Sequence[str] | None) -> str:
    said = "no document has an Implementation Plan"
    shut = sum(one.code == "unreadable" for one in store.findings() if one.kind == "listing")
    if documents is not None:
        shut = 0
        said = f"none of {len(documents)} documents has an Implementation Plan"
        if len(documents) == 1:
            if unread := absent.unread(store, documents[0]):
                return f"{unread.path}: {unread.message}"
            said = f"{documents[0]} has no Implementation Plan"
    parts = [
        said,
        _many(
            sum(row.boxes_outside >= MISSED_BOXES for row in rows),
            "document holds boxes and no plan",
            "documents hold boxes and no plan",
        ),
        _many(
            sum(row.skipped > 0 for row in rows) + shut, "could not be read", "could not be read"
        ),
    ]
    return "; ".join(filter(None, parts))


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
