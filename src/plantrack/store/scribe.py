"""Revisions into the tables of the past, inside the caller's transaction."""

# Theory of operation
#
# 1. What is written of a revision follows from its line alone. So a revision that is there already
#    was written by somebody who read the same, and is left as it is.
# 2. Long things that many rows share (ids, wordings, the items of a version) are written once.
# 3. What was looked up or written is remembered, because the next revision needs it again, and
#    forgotten when it is much: one revision may bring thousands of documents. A scribe whose
#    transaction failed must not be used any more.

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from plantrack.core.change import Change, Facet, Weight
from plantrack.core.effects import Effect, Unit, effects, sizes
from plantrack.store.contents import storable
from plantrack.store.listing import to_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from plantrack.store.chronicle import RevisionRecord, StepRecord

    Fields = tuple[Any, ...]

REMEMBERED = 20_000  # ids of items, and as many wordings

AMOUNTS = tuple(effect.value for effect in Effect)
LEVELS = ("scope", "done", "dropped")
_NO_FACET: Fields = (None,) * 8

INSERT_CHANGE = "INSERT INTO change VALUES (" + ", ".join("?" * 29) + ")"
INSERT_EFFECT = f"""
    INSERT INTO effect (version, unit, {", ".join((*LEVELS, *AMOUNTS))})
    VALUES (?, ?, {", ".join("?" * (len(LEVELS) + len(AMOUNTS)))})
    """


class Scribe:
    """Writes the revisions of one basis."""

    def __init__(self, connection: sqlite3.Connection, basis: int) -> None:
        """Write through this connection."""
        self.basis = basis
        self._connection = connection
        self._documents: dict[str, int] = {}  # id to serial of tracked
        self._pieces: dict[int, dict[str, int]] = {}  # serial of tracked to id to serial
        self._layouts: dict[int, tuple[tuple[str, ...], int]] = {}  # the last one of a document
        self._wordings: dict[tuple[str, str], int] = {}

    def write(self, revisions: Iterable[RevisionRecord], parent: int | None) -> list[int]:
        """Write revisions that follow one upon the other; give their serials."""
        serials = []
        depth = self._depth(parent)
        for one in revisions:
            depth += 1
            serial = self._known(one.commit)
            if serial is None:
                serial = self._insert(
                    """
                    INSERT INTO revision (
                        basis, commit_id, parent, depth, time, author_time, author, subject
                    )
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    storable(
                        (
                            self.basis,
                            one.commit,
                            parent,
                            depth,
                            one.time,
                            one.author_time,
                            one.author,
                            one.subject,
                        )
                    ),
                )
                for step in one.steps:
                    self._write_step(serial, step)
            serials.append(serial)
            parent = serial
        return serials

    def _depth(self, parent: int | None) -> int:
        if parent is None:
            return -1
        ((depth,),) = self._connection.execute(
            "SELECT depth FROM revision WHERE serial = ?", (parent,)
        ).fetchall()
        return int(depth)

    def _known(self, commit: str | None) -> int | None:
        rows = self._connection.execute(
            "SELECT serial FROM revision WHERE basis = ? AND commit_id = ?", (self.basis, commit)
        ).fetchall()
        return int(rows[0][0]) if rows else None

    def _insert(self, statement: str, fields: Fields) -> int:
        serial = self._connection.execute(statement, fields).lastrowid
        assert serial is not None  # a row was inserted
        return serial

    def _write_step(self, revision: int, record: StepRecord) -> None:
        ids, changes = record.ids, record.changes
        tracked = self._document(record.document)
        pieces = self._pieces_of(tracked)
        version = self._insert(
            """
            INSERT INTO document_version (revision, tracked, path, title, blob, layout, changes)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            storable(
                (
                    revision,
                    tracked,
                    to_text(record.path),
                    record.title,
                    None if ids is None else record.blob,
                    None if ids is None else self._layout(tracked, pieces, ids),
                    len(changes),
                )
            ),
        )
        if changes:
            unsaid = sizes(changes)  # the first change of an item bears its size
            self._connection.executemany(
                INSERT_CHANGE,
                [
                    (
                        version,
                        place,
                        *self._change(tracked, pieces, one),
                        unsaid.pop(one.item, None),
                    )
                    for place, one in enumerate(changes)
                ],
            )
            self._connection.executemany(INSERT_EFFECT, list(_effects(version, changes)))

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
            if sum(map(len, self._pieces.values())) > REMEMBERED:
                self._pieces.clear()
                self._layouts.clear()
            pieces = self._pieces[tracked] = dict(
                self._connection.execute(
                    "SELECT id, serial FROM piece WHERE tracked = ?", (tracked,)
                ).fetchall()
            )
        return pieces

    def _piece(self, tracked: int, pieces: dict[str, int], key: str) -> int:
        serial = pieces.get(key)
        if serial is None:
            serial = pieces[key] = self._insert(
                "INSERT INTO piece (tracked, id) VALUES (?, ?)", (tracked, key)
            )
        return serial

    def _layout(self, tracked: int, pieces: dict[str, int], ids: tuple[str, ...]) -> int:
        last = self._layouts.get(tracked)
        if last is not None and last[0] == ids:
            return last[1]
        serials = [self._piece(tracked, pieces, key) for key in ids]
        text = json.dumps(serials, separators=(",", ":"))
        rows = self._connection.execute(
            "SELECT serial FROM layout WHERE tracked = ? AND pieces = ?", (tracked, text)
        ).fetchall()
        serial = (
            int(rows[0][0])
            if rows
            else self._insert("INSERT INTO layout (tracked, pieces) VALUES (?, ?)", (tracked, text))
        )
        self._layouts[tracked] = ids, serial
        return serial

    def _wording(self, label: str, text: str) -> int:
        key = label, text
        serial = self._wordings.get(key)
        if serial is None:
            serial = self._new_wording(storable(key))
            if len(self._wordings) >= REMEMBERED:
                self._wordings.clear()
            self._wordings[key] = serial
        return serial

    def _new_wording(self, fields: Fields) -> int:
        # Most are new: asking first would be one more statement for each of them.
        done = self._connection.execute(
            "INSERT INTO wording (label, text) VALUES (?, ?) ON CONFLICT DO NOTHING", fields
        )
        if done.rowcount and done.lastrowid is not None:
            return done.lastrowid
        ((serial,),) = self._connection.execute(
            "SELECT serial FROM wording WHERE label = ? AND text = ?", fields
        ).fetchall()
        return int(serial)

    # --- one change --------------------------------------------------------------------------

    def _change(self, tracked: int, pieces: dict[str, int], change: Change) -> Fields:
        return (
            self._piece(tracked, pieces, change.item),
            change.kind.value,
            change.reason.value,
            *self._facet(tracked, pieces, change.before),
            *self._facet(tracked, pieces, change.after),
            *weight_fields(change.leaves),
            *weight_fields(change.milestones),
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


def weight_fields(weight: Weight) -> tuple[int, int, int]:
    """Give the columns of a weight."""
    return weight.scope, weight.done, weight.dropped


def _effects(version: int, changes: Sequence[Change]) -> Iterable[Fields]:
    """Give the rows of effect of one version; none where nothing is counted."""
    for unit in Unit:
        sums = Weight()
        for change in changes:
            sums += change.leaves if unit is Unit.LEAVES else change.milestones
        amounts = effects(changes, unit)
        if any(amounts.values()):
            counts = (amounts[effect] for effect in Effect)
            yield (version, unit.value, *weight_fields(sums), *counts)
