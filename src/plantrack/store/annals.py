"""Questions about what happened to values: changes, versions, days."""

# Theory of operation
#
# 1. What happened is what the line of a worktree says. What its work tree has against the line is
#    answered in the same form, without a commit.
# 2. Days are asked of the sums that are kept, never added up from changes.

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from plantrack.core.change import Weight
from plantrack.core.effects import Effect, Unit
from plantrack.core.series import Amounts, Delta
from plantrack.store.chronicle import Books, Entry, Query, Revision, Traced, Version
from plantrack.store.entries import CHANGE, REVISION, REVISION_FIELDS, WORDED, to_change
from plantrack.store.listing import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]
    Gather = Callable[[str, str, tuple[object, ...]], list[tuple[Any, ...]]]
    Fields = tuple[Any, ...]

make = tuple.__new__

_SUMS = (*Amounts._fields, Effect.UNEXPANDED.value)  # columns of a day
_NOWHERE = -1  # the depth of the overlay


def changes(read: Read, top: str, query: Query) -> tuple[Entry, ...]:
    """Give changes of the line, oldest first; within a revision by path and place."""
    where, parameters = _conditions(query)
    rows = read(
        f"""
        SELECT {REVISION}, tracked.id, path, seen, {CHANGE}
        FROM line_revision
            JOIN revision ON revision.serial = line_revision.revision
            JOIN document_version ON document_version.revision = revision.serial
            JOIN tracked ON tracked.serial = document_version.tracked
            JOIN change ON change.version = document_version.serial
            {WORDED}
            LEFT JOIN observation
                ON observation.commit_id = revision.commit_id
                AND observation.item = piece.id
                AND observation.state = change.state_after
                AND change.state_before IS NOT change.state_after
        WHERE line_revision.worktree = (SELECT id FROM worktree WHERE top = ?) {where}
        ORDER BY line_revision.depth DESC, path DESC, place DESC
        LIMIT ?
        """,
        (to_text(top), *parameters, -1 if query.limit is None else query.limit),
    )
    return tuple(map(_to_entry, reversed(rows)))


def overlay(read: Read, top: str) -> tuple[Entry, ...]:
    """Give what the work tree has against its line, by path and place."""
    rows = read(
        """
        SELECT overlay.time, tracked, path, path_before, seen,
            overlay.item, kind, reason,
            line_before, kind_before, label_before, text_before, state_before,
            optional_before, leaf_before, box_before, parent_before,
            line_after, kind_after, label_after, text_after, state_after,
            optional_after, leaf_after, box_after, parent_after,
            leaves_scope, leaves_done, leaves_dropped,
            milestones_scope, milestones_done, milestones_dropped, origin
        FROM overlay
            LEFT JOIN sighting
                ON sighting.worktree = overlay.worktree
                AND sighting.item = overlay.item
                AND sighting.state = overlay.state_after
                AND overlay.state_before IS NOT overlay.state_after
        WHERE overlay.worktree = (SELECT id FROM worktree WHERE top = ?)
        ORDER BY place
        """,
        (to_text(top),),
    )
    return tuple(
        Entry(
            Revision(None, _NOWHERE, time, time, time, "", ""),
            document,
            from_text(path),
            None if before is None else from_text(before),
            to_change(fields),
            seen,
        )
        for time, document, path, before, seen, *fields in rows
    )


def documents(read: Read, top: str) -> tuple[Traced, ...]:
    """Give every document of the line, those that are gone included, by path."""
    rows = read(
        """
        SELECT tracked.id, last.path, last.title, last.blob IS NOT NULL,
            min(line_revision.depth), revision.time, tip.changed
        FROM tip
            JOIN document_version AS last ON last.serial = tip.version
            JOIN document_version AS past ON past.tracked = tip.tracked
            JOIN line_revision
                ON line_revision.revision = past.revision
                AND line_revision.worktree = tip.worktree
            JOIN revision ON revision.serial = past.revision
            JOIN tracked ON tracked.serial = tip.tracked
        WHERE tip.worktree = (SELECT id FROM worktree WHERE top = ?)
        GROUP BY tip.tracked
        ORDER BY last.path, tracked.id
        """,
        (to_text(top),),
    )
    return tuple(
        Traced(key, from_text(path), title, bool(is_present), first, changed)
        for key, path, title, is_present, _, first, changed in rows
    )


def versions(read: Read, top: str, document: str) -> tuple[Version, ...]:
    """Give the versions of one document on the line, oldest first."""
    rows = read(
        f"""
        SELECT {REVISION}, document_version.serial, path, title, blob, changes
        FROM line_revision
            JOIN revision ON revision.serial = line_revision.revision
            JOIN document_version ON document_version.revision = revision.serial
            JOIN tracked ON tracked.serial = document_version.tracked
        WHERE line_revision.worktree = (SELECT id FROM worktree WHERE top = ?)
            AND tracked.id = ?
        ORDER BY line_revision.depth
        """,
        (to_text(top), document),
    )
    return tuple(
        Version(Revision(*row[:REVISION_FIELDS]), row[-5], from_text(row[-4]), *row[-3:])
        for row in rows
    )


def find_items(read: Read, prefix: str) -> tuple[str, ...]:
    """Give the full ids of items of any line, gone ones too, that start so."""
    if not (prefix.isascii() and prefix.isalnum()):
        return ()
    rows = read(
        """
        SELECT id FROM piece WHERE id >= ?1 AND id < ?1 || '{'
        UNION
        SELECT item FROM overlay WHERE item >= ?1 AND item < ?1 || '{'
        ORDER BY 1
        """,
        (prefix,),
    )
    return tuple(key for (key,) in rows)


def days(gather: Gather, top: str, unit: Unit) -> tuple[Delta, ...]:
    """Give the sums of each day with a change, oldest first."""
    rows = gather(
        f"day, {', '.join(_SUMS)}",
        "FROM day WHERE worktree = (SELECT id FROM worktree WHERE top = ?) AND unit = ?",
        (to_text(top), unit.value),
    )
    return _deltas(sorted(rows))  # there is one of each day


def days_of(read: Read, top: str, unit: Unit, documents: Sequence[str]) -> tuple[Delta, ...]:
    """Give the same of some documents."""
    sums = ", ".join(f"sum({name})" for name in _SUMS)
    rows = read(
        f"""
        SELECT day, {sums}
        FROM document_day JOIN tracked ON tracked.serial = document_day.tracked
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND unit = ?
            AND tracked.id IN (SELECT value FROM json_each(?))
        GROUP BY day
        ORDER BY day
        """,
        (to_text(top), unit.value, json.dumps(list(documents))),
    )
    return _deltas(rows)


def _deltas(rows: Sequence[Fields]) -> tuple[Delta, ...]:
    # By columns, and so mostly in C: a burndown over years asks for every day of them.
    dates = map(date.fromisoformat, [row[0] for row in rows])
    amounts = [make(Amounts, row[1:-1]) for row in rows]
    return tuple(map(Delta, dates, amounts, [row[-1] for row in rows]))


def sizes(read: Read, top: str) -> tuple[int, ...]:
    """Give how many leaves each milestone of the line had when it first had any, least first."""
    rows = read(
        """
        SELECT size, min(depth)
        FROM change
            JOIN document_version ON document_version.serial = change.version
            JOIN line_revision ON line_revision.revision = document_version.revision
        WHERE size IS NOT NULL
            AND line_revision.worktree = (SELECT id FROM worktree WHERE top = ?)
        GROUP BY piece
        ORDER BY size
        """,
        (to_text(top),),
    )
    return tuple(size for size, _ in rows)


def books(read: Read, top: str) -> Books:
    """Add up the line in three ways."""
    return Books(
        *(
            tuple(
                Weight(*read(statement.format(unit=unit.value), (to_text(top),))[0])
                for statement in _BOOKS
            )
            for unit in Unit
        ),  # type: ignore[arg-type]  # one weight for each statement
    )


_BOOKS = (
    """
    SELECT coalesce(sum({unit}_scope), 0), coalesce(sum({unit}_done), 0),
        coalesce(sum({unit}_dropped), 0)
    FROM line_revision
        JOIN document_version ON document_version.revision = line_revision.revision
        JOIN change ON change.version = document_version.serial
    WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
    """,
    """
    SELECT coalesce(sum(scope), 0), coalesce(sum(done), 0), coalesce(sum(dropped), 0)
    FROM document_day
    WHERE worktree = (SELECT id FROM worktree WHERE top = ?) AND unit = '{unit}'
    """,
    """
    SELECT coalesce(sum(scope), 0), coalesce(sum(done), 0), coalesce(sum(dropped), 0)
    FROM day
    WHERE worktree = (SELECT id FROM worktree WHERE top = ?) AND unit = '{unit}'
    """,
)


def _conditions(query: Query) -> tuple[str, tuple[object, ...]]:
    parts: list[str] = []
    parameters: list[object] = []
    lists: Iterable[tuple[str, Sequence[str]]] = (
        ("tracked.id", query.documents),
        ("piece.id", query.items),
        ("revision.commit_id", query.commits),
        ("change.kind", query.kinds),
    )
    for column, wanted in lists:
        if wanted:
            parts.append(f"AND {column} IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(list(wanted)))
    for comparison, moment in ((">=", query.since), ("<", query.until)):
        if moment is not None:
            parts.append(f"AND line_revision.clock {comparison} ?")
            parameters.append(moment)
    return " ".join(parts), tuple(parameters)


def _to_entry(row: Fields) -> Entry:
    document, path, seen, *fields = row[REVISION_FIELDS:]
    revision = Revision(*row[:REVISION_FIELDS])
    return Entry(revision, document, from_text(path), None, to_change(fields), seen)
