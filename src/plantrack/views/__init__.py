"""The memory to the views people ask for."""

# Theory of operation
#
# 1. A view says what is remembered. Nothing is decided or counted here that a document's row does
#    not say, but for what only the question decides: another order of work, one document's tree.
# 2. Asking for the next tasks reads the best few pointers, whatever the number of documents.
# 3. Ids are shown as the shortest prefixes that are unique now; all of one view's are asked for at
#    once.

from __future__ import annotations

from plantrack import repo
from plantrack.core.counts import Count, Finding, add
from plantrack.core.quick_view import (
    MISSED_BOXES,
    PACE_WEEKS,
    NextView,
    PointerView,
    RefView,
    Unplanned,
)
from plantrack.store.rows import Row

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    from plantrack.config import Config
    from plantrack.core.pointer import Order
    from plantrack.core.terms import Action
    from plantrack.core.view import DocView, ExplainView, StatusView
    from plantrack.repo import Place
    from plantrack.store import DocumentRow, FindingRow, MentionRow, OverviewRow, PointerRow, Store

    D = TypeVar("D", DocumentRow, OverviewRow)
    R = TypeVar("R")
    Short = Mapping[str, str]  # by full id; "" to ""

FRONTIER = "frontier"  # as core.pointer.Order has it, which takes longer to import than to answer


def next_tasks(
    store: Store,
    documents: Sequence[str] | None = None,
    *,
    limit: int | None = None,
    order: Order | None = None,
) -> NextView:
    """Name the best next task and its runners-up, `limit` of them in all (None: every one).

    `documents` are paths to choose among (None: all there are). A single one's pointer is given
    even when it points at nothing. `order` None is that of the frontier.
    """
    rows = store.ranked(limit) if documents is None else _best_of(store, documents)[:limit]
    mentions = tuple(mention for row in rows for mention in store.mentions(row.path))
    if order is not None and order != FRONTIER:
        from plantrack.views import closeup

        rows, mentions = closeup.reordered(store, rows, mentions, order)
    pointers = _pointers(store, rows, mentions)
    best = pointers[0] if pointers else None
    if best is None:
        from plantrack.views import nothing

        because = nothing.because(store, documents)
    else:
        because = best.reason if best.action == "none" else ""
    return NextView(best, pointers[1:], store.planned(), because)


def status(
    store: Store,
    place: Place,
    documents: Sequence[str] | None = None,
    *,
    now: datetime | None = None,
) -> StatusView:
    """Tell where documents stand (None: all there are), by path; a single one with its tree.

    A document that stands elsewhere in the same bytes is told of, and added up, once. The pace, of
    all or of a single one, is measured up to `now`; None: not at all.
    """
    from plantrack.core.view import Repository, StatusView

    rows = remembered(store, documents)
    shown = once(rows.documents)
    copied = any(row.duplicate_of for row in rows.documents)
    views = viewed(store, Remembered((shown, rows.pointers, rows.mentions, rows.findings)))
    if documents is not None and len(documents) == 1:
        views = tuple(_with_tree(store, view) for view in views)
    return StatusView(
        repository=Repository(place.top, *repo.read_head(place)),
        documents=views,
        unplanned=tuple(unplanned(rows.documents)),
        skipped=skipped(rows),
        milestones=add(view.milestones for view in views),
        leaves=add(view.leaves for view in views),
        frozen=sum(view.frozen for view in views),
        duplicates=tuple(
            (row.path, row.duplicate_of)
            for row in rows.documents
            if row.duplicate_of and row not in shown
        ),
        per_week=None if now is None else per_week(store, documents, now, copied=copied),
        ever=ever(store, copied=copied) if documents is None else None,
        former=former(store, documents or ()) if not views else (),
    )


class Remembered(Row):
    """All that is remembered of documents as they stand; each part by path."""

    __slots__ = ()

    documents: tuple[DocumentRow, ...]
    pointers: tuple[PointerRow, ...]
    mentions: tuple[MentionRow, ...]
    findings: tuple[FindingRow, ...]


def remembered(store: Store, documents: Sequence[str] | None = None) -> Remembered:
    """Read what is remembered of documents (None: of all there are)."""
    if documents is None:
        return Remembered((store.documents(), store.pointers(), store.mentions(), store.findings()))
    return Remembered(
        (
            present(store.document, documents),
            present(store.pointer, documents),
            tuple(one for path in documents for one in store.mentions(path)),
            tuple(one for path in documents for one in store.findings(path)),
        )
    )


def viewed(store: Store, rows: Remembered) -> tuple[DocView, ...]:
    """View documents without their trees."""
    pointers = {view.path: view for view in _pointers(store, rows.pointers, rows.mentions)}
    flags = _flags_by_path(rows.findings)
    return tuple(_document(row, pointers.get(row.path), flags) for row in rows.documents)


def once(rows: Sequence[D]) -> tuple[D, ...]:
    """Choose the plans to be shown: of identical ones the one that stands for all, or the first."""
    taken = {row.path for row in rows if row.duplicate_of is None}
    shown = []
    for row in rows:
        stands_for = row.duplicate_of
        if not row.planned or stands_for in taken:
            continue
        if stands_for is not None:
            taken.add(stands_for)
        shown.append(row)
    return tuple(shown)


def skipped(rows: Remembered) -> tuple[Finding, ...]:
    """View what could not be read, or only in part."""
    return tuple(_finding(row) for row in rows.findings if row.kind != "flag")


def per_week(
    store: Store, documents: Sequence[str] | None, now: datetime, *, copied: bool = False
) -> float | None:
    """Give the steps finished a week, lately: of all documents, or of a single one.

    Where some are identical, `copied`, one of them is counted. None: no history, or several
    documents were named.
    """
    from plantrack.dates import timedelta

    since = (now - timedelta(weeks=PACE_WEEKS)).date()
    if documents is None:
        if copied:
            from plantrack.views import series

            finished = series.finished(store, since)
        else:
            finished = store.finished(since.isoformat())
    elif len(documents) == 1:
        from plantrack.views import closeup

        finished = closeup.finished(store, documents[0], since)
    else:
        return None
    return None if finished is None else finished / PACE_WEEKS


def unplanned(rows: Iterable[DocumentRow | OverviewRow]) -> Iterator[Unplanned]:
    """Name the documents with many boxes and no plan."""
    for row in rows:
        if not row.planned and row.boxes_outside >= MISSED_BOXES:
            yield Unplanned(row.path, row.boxes_outside)


def ever(store: Store, *, copied: bool = False) -> tuple[Count, Count] | None:
    """Count all that is or was in the plans and was not cut; None: there is no history yet.

    Where some documents are identical, `copied`, one of them is counted.
    """
    if copied:
        from plantrack.views import series

        found = series.levels(store)
    else:
        found = store.levels()
    return found if any(map(any, found)) else None


def former(store: Store, documents: Sequence[str]) -> tuple[str, ...]:
    """Choose the documents that held a plan once."""
    if not documents:
        return ()
    from plantrack.views import past

    known = past.document_ids(store)
    return tuple(path for path in documents if path in known)


def present(find: Callable[[str], R | None], paths: Iterable[str]) -> tuple[R, ...]:
    """Find what there is at some paths, in their order."""
    return tuple(found for path in paths if (found := find(path)) is not None)


def explain(store: Store, place: Place, config: Config, document: str) -> ExplainView:
    """Account for every box-like line of a document, as its file is at this moment.

    Raises PlaceError when it cannot be read.
    """
    from plantrack.views import closeup

    return closeup.explain(store, place, config, document)


# --- pointers -------------------------------------------------------------------------------------


def _best_of(store: Store, documents: Sequence[str]) -> tuple[PointerRow, ...]:
    if len(documents) == 1:
        return present(store.pointer, documents)
    wanted = frozenset(documents)
    return tuple(row for row in store.ranked() if row.path in wanted)


def _pointers(
    store: Store, rows: Sequence[PointerRow], mentions: Sequence[MentionRow]
) -> tuple[PointerView, ...]:
    """View pointers, in order, with the entries of their lists."""
    from plantrack.core.terms import Action

    ids = {row.id for row in rows} | {row.milestone_id or "" for row in rows}
    wanted = sorted(ids.union(one.id for one in mentions) - {""})
    short = dict(zip(wanted, store.prefixes(wanted), strict=True)) | {"": ""}
    by_path: dict[str, list[MentionRow]] = {}
    for mention in mentions:
        by_path.setdefault(mention.path, []).append(mention)
    return tuple(
        _pointer(row, Action(row.action), by_path.get(row.path, ()), short) for row in rows
    )


def _pointer(
    row: PointerRow, action: Action, mentions: Sequence[MentionRow], short: Short
) -> PointerView:
    milestone = None
    if row.milestone_id is not None:
        where = row.milestone_line, row.milestone_label, row.milestone_title
        milestone = RefView(short[row.milestone_id], *where)
    return PointerView(
        action=action,
        reason=row.reason,
        path=row.path,
        line=row.line,
        id=short[row.id],
        text=row.text,
        milestone=milestone,
        notes=row.notes,
        cautions=tuple(one.title for one in mentions if one.role == "caution"),
        alternatives=_refs(mentions, "alternative", short),
        left_behind=_refs(mentions, "left behind", short),
        then=_refs(mentions, "then", short),
        title=row.title,
        milestones=Count(row.milestones_done, row.milestones_total, row.milestones_dropped),
        leaves=Count(row.leaves_done, row.leaves_total, row.leaves_dropped),
    )


def _refs(mentions: Iterable[MentionRow], role: str, short: Short) -> tuple[RefView, ...]:
    return tuple(
        RefView(short[one.id], one.line, one.label, one.title)
        for one in mentions
        if one.role == role
    )


# --- documents ------------------------------------------------------------------------------------


def _document(
    row: DocumentRow, pointer: PointerView | None, flags: Mapping[str, Sequence[Finding]]
) -> DocView:
    from plantrack.core.terms import Family
    from plantrack.core.view import DocView

    return DocView(
        path=row.path,
        title=row.title,
        dialect=row.dialect,
        shape=row.shape,
        status_text=row.status_text,
        family=Family(row.family),
        milestones=Count(row.milestones_done, row.milestones_total, row.milestones_dropped),
        unboxed_milestones=row.unboxed,
        leaves=Count(row.leaves_done, row.leaves_total, row.leaves_dropped),
        optional_open=row.optional_open,
        frozen=row.frozen,
        has_checklist=bool(row.has_checklist),
        boxes_outside=row.boxes_outside,
        pointer=pointer,
        left_behind=pointer.left_behind if pointer else (),
        flags=tuple(flags.get(row.path, ())),
        last_change=_moment(row.last_change),
    )


def _with_tree(store: Store, view: DocView) -> DocView:
    from plantrack.views import closeup

    return view._replace(sections=closeup.sections(store, view.path))


def _flags_by_path(findings: Iterable[FindingRow]) -> dict[str, list[Finding]]:
    flags: dict[str, list[Finding]] = {}
    for row in findings:
        if row.kind == "flag":
            flags.setdefault(row.path, []).append(_finding(row))
    return flags


def _finding(row: FindingRow) -> Finding:
    return Finding(row.path, row.line, row.code, row.message)


def _moment(seconds: int | None) -> datetime | None:
    """Name a moment; None also for one no calendar has, as a hostile file may claim."""
    from plantrack.dates import UTC, datetime

    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
