"""The memory of the past to the rows of an export."""

# Theory of operation
#
# 1. An export tells what is committed, and nothing else: what a work tree has, when somebody looked
#    and where a clone lives differ from place to place. The same line gives the same rows.
# 2. So days are those of the configured time zone, else of UTC.
# 3. A day without a change has no row: a clock that is thousands of years wrong costs nothing.

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core.effects import Unit
from plantrack.core.export_rows import AMOUNTS, CHANGES, DAYS
from plantrack.core.series import Amounts, together
from plantrack.store.chronicle import Query
from plantrack.views import past, series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.change import Change
    from plantrack.store import Store

    Cell = str | int | bool | None
    Row = tuple[Cell, ...]

NOTHING = Amounts()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from."""

    repository: str
    branch: str | None
    head: str | None


def changes(store: Store, origin: Origin) -> Iterator[Row]:
    """Yield every change of the line, oldest first, in the columns of an export."""
    for place, entry in enumerate(store.past.changes(Query())):
        revision, change = entry.revision, entry.change
        when = past.moment(revision.time)
        yield (
            CHANGES,
            *_told(origin),
            place,
            revision.commit,
            None if when is None else f"{when:%Y-%m-%dT%H:%M:%SZ}",
            _text(revision.author),
            _text(revision.subject),
            entry.document,
            _text(entry.path),
            change.item,
            str(change.kind),
            str(change.reason),
            *_facets(change),
            change.leaves.scope,
            change.leaves.done,
            change.leaves.dropped,
            change.milestones.scope,
            change.milestones.done,
            change.milestones.dropped,
        )


def days(store: Store, origin: Origin, zone: tzinfo | None) -> Iterator[Row]:
    """Yield every day with a change, of leaves, then of milestones; `zone` None is UTC."""
    for unit in Unit:
        deltas = sorted(series.committed(store, unit, zone or UTC), key=lambda one: one.day)
        scope = done = dropped = 0
        for day, group in groupby(deltas, key=lambda one: one.day):
            amounts = together(one.amounts for one in group)
            rise = amounts.rise
            scope, done, dropped = scope + rise[0], done + rise[1], dropped + rise[2]
            values = (getattr(amounts, name) for name in AMOUNTS)
            levels = scope, done, scope - done - dropped, dropped
            if amounts != NOTHING:
                yield (DAYS, *_told(origin), unit.value, day.isoformat(), *levels, *values)


def _told(origin: Origin) -> Row:
    branch = None if origin.branch is None else _text(origin.branch)
    return _text(origin.repository), branch, origin.head


def _facets(change: Change) -> Row:
    before, after = change.before, change.after
    facet = after or before
    assert facet is not None  # a change has at least one side
    return (
        str(facet.kind),
        _text(facet.label),
        before.line if before else None,
        after.line if after else None,
        str(before.state) if before else None,
        str(after.state) if after else None,
        _text(before.text) if before else None,
        _text(after.text) if after else None,
    )


def _text(text: str) -> str:
    """Write a text so that any database takes it: no NUL, no half of a character."""
    return text.replace("\0", "\ufffd").encode("utf-8", "backslashreplace").decode()
