"""Revisions into the tables of the past, inside the caller's transaction."""

# Theory of operation
#
# 1. What is written of a revision follows from its line alone. So a revision that is there already
#    was written by somebody who read the same, and is left as it is.
# 2. Long things that many rows share (ids, wordings, the items of a version) are written once.
# 3. Rows are gathered first and written table by table, so that there are as many statements as
#    tables. A transaction has the tables to itself: the serials of new rows are known beforehand.
# 4. A scribe writes once. What it knows of the tables may be wrong in the next transaction.

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from plantrack.core.change import Change, Facet
from plantrack.core.effects import Effect, Unit, effects, sizes
from plantrack.store.contents import storable
from plantrack.store.listing import to_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from plantrack.store.chronicle import RevisionRecord, StepRecord

    Fields = tuple[Any, ...]

_UNITS, _EFFECTS = tuple(Unit), tuple(Effect)
AMOUNTS = tuple(effect.value for effect in _EFFECTS)
LEVELS = ("scope", "done", "dropped")
_NO_FACET: Fields = (None,) * 8

INSERT_CHANGE = "INSERT INTO change VALUES (" + ", ".join("?" * 29) + ")"
INSERT_EFFECT = f"""
    INSERT INTO effect (version, unit, {", ".join((*LEVELS, *AMOUNTS))})
    VALUES (?, ?, {", ".join("?" * (len(LEVELS) + len(AMOUNTS)))})
    """


class Scribe:
    """Writes revisions of one basis, once."""

    def __init__(self, connection: sqlite3.Connection, basis: int) -> None:
        """Write through this connection."""
        self.basis = basis
        self._connection = connection
        self._documents: dict[str, int] = {}  # id to serial of tracked
        self._pieces: dict[int, dict[str, int]] = {}  # serial of tracked to id to serial
        self._layouts: dict[int, tuple[tuple[str, ...], int]] = {}  # the last one of a document
        self._layout_by_pieces: dict[Fields, int] = {}  # new ones
        self._wordings: dict[Fields, int] = {}  # label and text to serial
        self._rows = _Rows(connection)
        self._changes: list[Fields] = []
        self._effects: list[Fields] = []

    def write(self, revisions: Sequence[RevisionRecord], parent: int | None) -> list[int]:
        """Write revisions that follow one upon the other; give their serials."""
        serials = []
        depth = self._depth(parent)
        known = self._known(revisions)
        new = [one for one in revisions if one.commit not in known]
        self._look_up_wordings(new)
        for one in revisions:
            depth += 1
            serial = known.get(one.commit)
            if serial is None:
                serial = self._write_revision(one, parent, depth)
            serials.append(serial)
            parent = serial
        self._rows.write()
        self._connection.executemany(INSERT_CHANGE, self._changes)
        self._connection.executemany(INSERT_EFFECT, self._effects)
        return serials

    def _depth(self, parent: int | None) -> int:
        if parent is None:
            return -1
        ((depth,),) = self._connection.execute(
            "SELECT depth FROM revision WHERE serial = ?", (parent,)
        ).fetchall()
        return int(depth)

    def _known(self, revisions: Sequence[RevisionRecord]) -> dict[str | None, int]:
        """Find the revisions that are there, by commit."""
        return dict(
            self._connection.execute(
                """
                SELECT commit_id, serial
                FROM revision
                WHERE basis = ? AND commit_id IN (SELECT value FROM json_each(?))
                """,
                (self.basis, json.dumps([one.commit for one in revisions if one.commit])),
            ).fetchall()
        )

    def _write_revision(self, one: RevisionRecord, parent: int | None, depth: int) -> int:
        times = one.time, one.author_time
        said = storable((one.author, one.subject))
        serial = self._rows.add("revision", (self.basis, one.commit, parent, depth, *times, *said))
        for step in one.steps:
            self._write_step(serial, step)
        return serial

    def _write_step(self, revision: int, record: StepRecord) -> None:
        document, changes = record.step.document, record.step.changes
        tracked = self._document(document.id)
        pieces = self._pieces_of(tracked)
        held = document.tracked
        version = self._rows.add(
            "document_version",
            (
                revision,
                tracked,
                *storable((to_text(document.path), document.title)),
                record.blob if held else None,
                self._layout(tracked, pieces, held.ids) if held else None,
                len(changes),
            ),
        )
        if changes:
            unsaid = sizes(changes)  # the first change of an item bears its size
            for place, one in enumerate(changes):
                fields = self._change(tracked, pieces, one)
                self._changes.append((version, place, *fields, unsaid.pop(one.item, None)))
            self._effects += _effects(version, changes)

    # --- what many rows share ----------------------------------------------------------------

    def _document(self, key: str) -> int:
        serial = self._documents.get(key)
        if serial is None:
            self._connection.execute(
                "INSERT INTO tracked (basis, id) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (self.basis, key),
            )
            ((serial,),) = self._connection.execute(
                "SELECT serial FROM tracked WHERE basis = ? AND id = ?", (self.basis, key)
            ).fetchall()
            self._documents[key] = int(serial)
        return int(serial)

    def _pieces_of(self, tracked: int) -> dict[str, int]:
        pieces = self._pieces.get(tracked)
        if pieces is None:
            pieces = self._pieces[tracked] = dict(
                self._connection.execute(
                    "SELECT id, serial FROM piece WHERE tracked = ?", (tracked,)
                ).fetchall()
            )
        return pieces

    def _piece(self, tracked: int, pieces: dict[str, int], key: str) -> int:
        serial = pieces.get(key)
        if serial is None:
            serial = pieces[key] = self._rows.add("piece", (tracked, key))
        return serial

    def _layout(self, tracked: int, pieces: dict[str, int], ids: tuple[str, ...]) -> int:
        last = self._layouts.get(tracked)
        if last is not None and last[0] == ids:
            return last[1]
        serials = [self._piece(tracked, pieces, key) for key in ids]
        fields = tracked, json.dumps(serials, separators=(",", ":"))
        serial = self._layout_by_pieces.get(fields)
        if serial is None:
            rows = self._connection.execute(
                "SELECT serial FROM layout WHERE tracked = ? AND pieces = ?", fields
            ).fetchall()
            serial = int(rows[0][0]) if rows else self._rows.add("layout", fields)
            self._layout_by_pieces[fields] = serial
        self._layouts[tracked] = ids, serial
        return serial

    def _look_up_wordings(self, revisions: Iterable[RevisionRecord]) -> None:
        facets = (
            facet
            for one in revisions
            for step in one.steps
            for change in step.step.changes
            for facet in (change.before, change.after)
            if facet is not None
        )
        if self._rows.is_first("wording"):
            return
        wanted = {(facet.label, facet.text) for facet in facets}
        rows = self._connection.execute(
            """
            SELECT label, text, serial
            FROM json_each(?) AS wanted CROSS JOIN wording
            WHERE label = json_extract(wanted.value, '$[0]')
                AND text = json_extract(wanted.value, '$[1]')
            """,
            (json.dumps([storable(one) for one in wanted]),),
        )
        self._wordings = {(label, text): serial for label, text, serial in rows.fetchall()}

    def _wording(self, label: str, text: str) -> int:
        key = label, text
        serial = self._wordings.get(key)
        if serial is None:
            fields = storable(key)
            serial = self._wordings.get(fields)
            if serial is None:
                serial = self._wordings[fields] = self._rows.add("wording", fields)
            self._wordings[key] = serial
        return serial

    # --- one change --------------------------------------------------------------------------

    def _change(self, tracked: int, pieces: dict[str, int], change: Change) -> Fields:
        return (
            self._piece(tracked, pieces, change.item),
            change.kind.value,
            change.reason.value,
            *self._facet(tracked, pieces, change.before),
            *self._facet(tracked, pieces, change.after),
            *change.leaves,
            *change.milestones,
            self._piece(tracked, pieces, change.origin) if change.origin else None,
        )

    def _facet(self, tracked: int, pieces: dict[str, int], facet: Facet | None) -> Fields:
        if facet is None:
            return _NO_FACET
        return (
            facet.line,
            facet.kind.value,
            self._wording(facet.label, facet.text),
            facet.state.value,
            int(facet.optional),
            int(facet.leaf),
            int(facet.box),
            self._piece(tracked, pieces, facet.parent) if facet.parent else None,
        )


def _effects(version: int, changes: Sequence[Change]) -> Iterable[Fields]:
    """Give the rows of effect of one version; none where nothing is counted."""
    for unit in _UNITS:
        amounts = effects(changes, unit)
        if any(amounts.values()):
            weights = [one.leaves if unit is Unit.LEAVES else one.milestones for one in changes]
            sums = map(sum, zip(*weights, strict=True))
            yield (version, unit.value, *sums, *(amounts.get(effect, 0) for effect in _EFFECTS))


class _Rows:
    """New rows of the tables that others refer to, until they are written."""

    # A row is written after those that it refers to.
    COLUMNS: ClassVar[Mapping[str, str]] = {
        "revision": "basis, commit_id, parent, depth, time, author_time, author, subject",
        "piece": "tracked, id",
        "layout": "tracked, pieces",
        "wording": "label, text",
        "document_version": "revision, tracked, path, title, blob, layout, changes",
    }

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[Fields]] = {table: [] for table in self.COLUMNS}
        self._next = {table: self._last(table) + 1 for table in self.COLUMNS}

    def add(self, table: str, fields: Fields) -> int:
        """Take a row; give the serial it will have."""
        serial = self._next[table]
        self._next[table] += 1
        self._rows[table].append((serial, *fields))
        return serial

    def is_first(self, table: str) -> bool:
        """Tell whether there is no row yet."""
        return self._next[table] == 1

    def write(self) -> None:
        """Write what was taken."""
        for table, rows in self._rows.items():
            columns = self.COLUMNS[table]
            places = ", ".join("?" * (columns.count(",") + 2))
            self._connection.executemany(
                f"INSERT INTO {table} (serial, {columns}) VALUES ({places})", rows
            )

    def _last(self, table: str) -> int:
        ((serial,),) = self._connection.execute(
            f"SELECT coalesce(max(serial), 0) FROM {table}"
        ).fetchall()
        return int(serial)
