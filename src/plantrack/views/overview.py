"""The memory to where everything is, as tables show it."""

# Theory of operation
#
# 1. A table of a thousand documents is asked for as often as one of ten. It shows neither ids nor
#    what surrounds a task, so neither is read; what it shows of a document comes in one row.
# 2. What it says is what the whole view says.
# 3. Of many rows, what is asked of each is asked of whole columns: that is done in C.

from __future__ import annotations

from plantrack import views
from plantrack.core.counts import Count
from plantrack.core.quick_view import Overview, Standing
from plantrack.store import OverviewRow

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeVar

    from plantrack.store import FindingRow, Store

    R = TypeVar("R", FindingRow, OverviewRow)

make = tuple.__new__

PLACE_OF_PLANNED = 18  # in an OverviewRow: what stands before it is shown
PLACE_OF_COUNTS = 5  # in both: the leaves', then the milestones' done, total and dropped
PLACE_OF_FROZEN = 13


def overview(
    store: Store, documents: Sequence[str] | None = None, *, now: datetime | None = None
) -> Overview:
    """Tell where documents stand (None: all there are), by path, as `views.status` does."""
    columns, findings = store.overview(), store.findings()
    rows: tuple[OverviewRow, ...] = ()  # where more is to be told than the rows that are shown
    if documents is not None or not _is_plain(columns):
        rows = tuple(map(OverviewRow, zip(*columns, strict=True)))
        if documents is not None:
            rows, findings = _chosen(rows, documents), _chosen(findings, documents)
        columns = tuple(zip(*views.once(rows), strict=True)) or ((),) * len(columns)
    told = columns[:PLACE_OF_PLANNED]
    copied = any(row.duplicate_of for row in rows)
    codes = _codes(findings)
    coded = [codes.get(path, ()) for path in told[0]] if codes else [()] * len(told[0])
    standings = tuple([make(Standing, row) for row in zip(*told, coded, strict=True)])
    counts = list(map(sum, told[PLACE_OF_COUNTS : PLACE_OF_COUNTS + 6]))
    shown = frozenset(told[0])
    return Overview(
        documents=standings,
        unplanned=tuple(views.unplanned(rows)),
        skipped=views.skipped(views.Remembered(((), (), (), findings))),
        milestones=Count(*counts[3:]),
        leaves=Count(*counts[:3]),
        frozen=sum(told[PLACE_OF_FROZEN]),
        duplicates=tuple(
            (row.path, row.duplicate_of)
            for row in rows
            if row.duplicate_of and row.path not in shown
        ),
        per_week=None if now is None else views.per_week(store, documents, now, copied=copied),
        ever=views.ever(store, copied=copied) if documents is None else None,
        former=views.former(store, documents or ()) if not standings else (),
    )


def _is_plain(columns: Sequence[Sequence[object]]) -> bool:
    """Tell whether every document is shown, as mostly they are."""
    return all(columns[PLACE_OF_PLANNED]) and not any(columns[PLACE_OF_PLANNED + 1])


def _chosen(rows: Iterable[R], paths: Sequence[str]) -> tuple[R, ...]:
    """Choose the rows of some documents, in the order of these."""
    by_path: dict[str, list[R]] = {path: [] for path in paths}
    for row in rows:
        if row.path in by_path:
            by_path[row.path].append(row)
    return tuple(row for path in paths for row in by_path[path])


def _codes(findings: Iterable[FindingRow]) -> Mapping[str, tuple[str, ...]]:
    """Give the codes of flags by path, in order."""
    codes: dict[str, tuple[str, ...]] = {}
    for row in findings:
        if row.kind == "flag":
            codes[row.path] = (*codes.get(row.path, ()), row.code)
    return codes
