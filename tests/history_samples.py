"""Repositories brought into the memory, and all that is known of their past, to compare."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from plantrack.core.effects import Unit
from plantrack.store import Store
from plantrack.store.chronicle import Entry, Query
from sync_samples import Here

Rows = list[tuple[Any, ...]]

PAST = """
    SELECT revision.depth, revision.commit_id, revision.time, revision.author_time,
        line_revision.clock, revision.author, revision.subject, tracked.id, version.path,
        version.title, version.blob, version.changes,
        (
            SELECT group_concat(id)
            FROM (
                SELECT piece.id AS id
                FROM layout JOIN json_each(layout.pieces) AS place
                    JOIN piece ON piece.serial = place.value
                WHERE layout.serial = version.layout
                ORDER BY place.key
            )
        )
    FROM line_revision
        JOIN worktree ON worktree.id = line_revision.worktree
        JOIN revision ON revision.serial = line_revision.revision
        JOIN document_version AS version ON version.revision = revision.serial
        JOIN tracked ON tracked.serial = version.tracked
    WHERE worktree.top = ?
    ORDER BY revision.depth, version.path, tracked.id
    """
TIPS = """
    SELECT tracked.id, document_version.path, document_version.blob, revision.commit_id, changed
    FROM tip
        JOIN worktree ON worktree.id = tip.worktree
        JOIN tracked ON tracked.serial = tip.tracked
        JOIN document_version ON document_version.serial = tip.version
        JOIN revision ON revision.serial = document_version.revision
    WHERE worktree.top = ?
    ORDER BY tracked.id
    """
DAYS = """
    SELECT day.*
    FROM day JOIN worktree ON worktree.id = day.worktree
    WHERE worktree.top = ?
    ORDER BY unit, day
    """
DOCUMENT_DAYS = """
    SELECT tracked.id, document_day.*
    FROM document_day
        JOIN worktree ON worktree.id = document_day.worktree
        JOIN tracked ON tracked.serial = document_day.tracked
    WHERE worktree.top = ?
    ORDER BY tracked.id, unit, day
    """


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of the past of a worktree, without what differs between databases."""

    versions: Rows
    changes: tuple[Any, ...]
    tips: Rows
    days: Rows
    document_days: Rows
    overlay: tuple[Any, ...]
    items: tuple[Any, ...]


def known(here: Here) -> Known:
    """Read everything."""
    with here.open() as store:
        assert store.check() == ()
        path = store.location.path
        assert path is not None
        connection = sqlite3.connect(path)
        try:
            key = (store.worktree,)
            return Known(
                versions=connection.execute(PAST, key).fetchall(),
                changes=tuple(_unseen(one) for one in store.past.changes()),
                tips=connection.execute(TIPS, key).fetchall(),
                days=[row[1:] for row in connection.execute(DAYS, key).fetchall()],
                document_days=[
                    (row[0], *row[3:]) for row in connection.execute(DOCUMENT_DAYS, key).fetchall()
                ],
                overlay=tuple(_unseen(one) for one in store.past.overlay()),
                items=_items(store),
            )
        finally:
            connection.close()


def told(here: Here, **query: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401 - as Query
    """Read the changes of the line as (kind, reason, text), oldest first."""
    with here.open() as store:
        return [_short(entry) for entry in store.past.changes(Query(**query))]


def pending(here: Here) -> list[tuple[str, str, str]]:
    """Read the changes of the work tree as (kind, reason, text)."""
    with here.open() as store:
        return [_short(entry) for entry in store.past.overlay()]


def ids(here: Here, path: str) -> list[tuple[str, str]]:
    """Read the title and id of every item of a document as it stands."""
    with here.open() as store:
        return [(item.title, item.id) for item in store.items(path)]


def assert_books_balance(here: Here) -> None:
    """Compare the sums of the line with one another, and the days with them."""
    with here.open() as store:
        books = store.past.books()
        assert len(set(books.leaves)) == len(set(books.milestones)) == 1
        for unit, (sums, *_) in (
            (Unit.LEAVES, books.leaves),
            (Unit.MILESTONES, books.milestones),
        ):
            days = store.past.days(unit)
            rises = [day.amounts.rise for day in days] or [(0, 0, 0)]
            assert tuple(map(sum, zip(*rises, strict=True))) == (
                sums.scope,
                sums.done,
                sums.dropped,
            )


def _short(entry: Entry) -> tuple[str, str, str]:
    facet = entry.change.after or entry.change.before
    assert facet is not None
    return entry.change.kind.value, entry.change.reason.value, facet.text


def _unseen(entry: Entry) -> tuple[Any, ...]:
    revision = entry.revision
    moment = None if revision.depth < 0 else revision
    return moment, entry.document, entry.path, entry.path_before, entry.change


def _items(store: Store) -> tuple[Any, ...]:
    return tuple(
        (row.path, tuple((item.id, item.text, item.state) for item in store.items(row.path)))
        for row in store.documents()
    )
