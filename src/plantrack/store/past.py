"""Questions about the past of one worktree to values, and what is written of it."""

# Theory of operation
#
# 1. The past of a worktree is its line. A document of the line is rebuilt from its last version:
#    the plan comes from whoever can read the blob, the ids of the items from the layout, and the
#    items that are gone from the changes along the line.
# 2. What a worktree has against its line is answered in the same form, without a commit.

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from plantrack.core.change import (
    NOTHING,
    Change,
    ChangeKind,
    Facet,
    Gone,
    Reason,
    Tracked,
    Weight,
    residue,
    weigh_leaf,
    weigh_milestone,
)
from plantrack.core.effects import Effect, Unit
from plantrack.core.lineage import Document, Shelved, State
from plantrack.core.model import Kind
from plantrack.core.model import State as ItemState
from plantrack.core.series import Amounts, Delta
from plantrack.store import lines
from plantrack.store.chronicle import (
    Bearings,
    Books,
    Entry,
    Query,
    Revision,
    Traced,
    Version,
)
from plantrack.store.listing import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import tzinfo

    from plantrack.core.model import Plan
    from plantrack.store.chronicle import Ahead, Line, RevisionRecord
    from plantrack.store.database import Database

    Fields = tuple[Any, ...]
    PlanOf = Callable[[str, str], Plan]  # path and blob to plan

_SIDES = """
    change.line_{side}, change.kind_{side}, {side}.label, {side}.text, change.state_{side},
    change.optional_{side}, change.leaf_{side}, change.box_{side},
    (SELECT id FROM piece WHERE serial = change.parent_{side})
    """
_CHANGE = f"""
    piece.id, change.kind, change.reason, {_SIDES.format(side="before")},
    {_SIDES.format(side="after")}, leaves_scope, leaves_done, leaves_dropped,
    milestones_scope, milestones_done, milestones_dropped,
    (SELECT id FROM piece WHERE serial = change.origin)
    """
_WORDED = """
    JOIN piece ON piece.serial = change.piece
    LEFT JOIN wording AS before ON before.serial = change.wording_before
    LEFT JOIN wording AS after ON after.serial = change.wording_after
    """
_REVISION = """
    revision.commit_id, revision.depth, revision.time, revision.author_time, revision.clock,
    revision.author, revision.subject
    """
_REVISION_FIELDS = 7
_FACET_FIELDS = 9
_NOWHERE = -1  # the depth of the overlay


class Past:
    """What is remembered of the past of one worktree.

    Every method raises DatabaseError when the database fails, as those of Store do.
    """

    def __init__(self, worktree: str, database: Database) -> None:
        """Speak of the worktree with this top folder."""
        self._worktree = worktree
        self._database = database

    # --- the line ----------------------------------------------------------------------------

    def line(self) -> Line | None:
        """Tell how far the past was read; None: not at all."""
        return self._database.together(lambda one: lines.current(one, self._worktree))

    def known(self, basis: str) -> dict[str, int | None]:
        """Give every commit that was read under a basis, with the serial its state hangs on.

        The commits that lines were read for are among them, whatever they touched.
        """
        rows = self._database.read(
            """
            SELECT head, revision
            FROM line JOIN basis ON basis.id = line.basis
            WHERE name = ?1 AND head IS NOT NULL
            UNION
            SELECT commit_id, serial
            FROM revision JOIN basis ON basis.id = revision.basis
            WHERE name = ?1 AND commit_id IS NOT NULL
            """,
            (basis,),
        )
        return dict(rows)

    def extend(
        self, ahead: Ahead, revisions: Sequence[RevisionRecord], zone: tzinfo | None
    ) -> Line:
        """Record revisions that follow the end of the line, and move it there.

        Raises Overtaken when somebody moved the line since `ahead.base` was read.
        """
        return self._database.write(
            lambda one: lines.extend(one, self._worktree, ahead, revisions, zone),
            standalone=ahead.base is None,
        )

    def move(self, ahead: Ahead, revision: int | None, zone: tzinfo | None) -> Line:
        """Let the line end at a revision that is known; None: let it be empty."""
        return self._database.write(
            lambda one: lines.move(one, self._worktree, ahead, revision, zone),
            standalone=ahead.base is None,
        )

    def forget(self, basis: str) -> None:
        """Drop everything that was read under a basis."""
        self._database.write(lambda one: lines.forget(one, basis), standalone=True)

    def bearings(self) -> tuple[Bearings, ...]:
        """Give the last version of every document of the line, those that are gone included.

        In the order of the revisions that made the versions, then of paths.
        """
        rows = self._database.read(
            """
            SELECT tip.tracked, tip.version, tracked.id, path, title, blob, layout,
                coalesce(pieces <> '[]', 0), depth, changed
            FROM tip
                JOIN document_version ON document_version.serial = tip.version
                JOIN tracked ON tracked.serial = tip.tracked
                JOIN revision ON revision.serial = document_version.revision
                LEFT JOIN layout ON layout.serial = document_version.layout
            WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            """,
            self._key,
        )
        found = (
            Bearings(tracked, version, key, from_text(path), *rest)
            for tracked, version, key, path, *rest in rows
        )
        return tuple(sorted(found, key=lambda one: (one.depth, one.path)))

    def state(self, plan_of: PlanOf) -> State:
        """Give the state after the last revision; documents are rebuilt when they are asked for."""
        present: dict[str, Document | Shelved] = {}
        absent: dict[str, Document | Shelved] = {}
        for one in self.bearings():
            shelved = Shelved(one.id, one.path, one.title, self._fetcher(one, plan_of))
            if one.blob is None:
                absent[one.id] = shelved
            else:
                present[one.path] = shelved
        return State(present, absent, self._stood())

    def ids(self, version: int) -> tuple[str, ...]:
        """Give the ids of the items of a version, in document order; () for one that is gone."""
        rows = self._database.read(
            """
            SELECT piece.id
            FROM document_version
                JOIN layout ON layout.serial = document_version.layout
                JOIN json_each(layout.pieces) AS place
                JOIN piece ON piece.serial = place.value
            WHERE document_version.serial = ?
            ORDER BY place.key
            """,
            (version,),
        )
        return tuple(key for (key,) in rows)

    def named(self) -> dict[str, int]:
        """Give, by path, the layout that the items of a present document have their ids from.

        Documents that differ from their line are absent.
        """
        rows = self._database.read(
            """
            SELECT path, layout
            FROM named
            WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            """,
            self._key,
        )
        return {from_text(path): layout for path, layout in rows}

    def _fetcher(self, one: Bearings, plan_of: PlanOf) -> Callable[[], Document]:
        def fetch() -> Document:
            tracked = None
            if one.blob is not None:
                tracked = Tracked(plan_of(one.path, one.blob), self.ids(one.version))
            return Document(one.id, one.path, one.title, tracked, self._gone(one.tracked))

        return fetch

    def _gone(self, tracked: int) -> dict[str, Gone]:
        rows = self._database.read(
            f"""
            SELECT {_CHANGE}
            FROM document_version
                JOIN line_revision
                    ON line_revision.revision = document_version.revision
                    AND line_revision.worktree = (SELECT id FROM worktree WHERE top = ?)
                JOIN change ON change.version = document_version.serial
                {_WORDED}
            WHERE document_version.tracked = ?
                AND (state_before IS NULL OR state_after IS NULL)
            ORDER BY depth, place
            """,  # noqa: S608 - names of columns
            (*self._key, tracked),
        )
        gone: dict[str, Gone] = {}
        for row in rows:
            change = _to_change(row)
            if change.before is None:
                gone.pop(change.item, None)
            else:
                left = _left(change.before, change.reason)
                gone[change.item] = Gone(change.item, change.before, *left)
        return gone

    def _stood(self) -> dict[str, frozenset[str]]:
        """Find the documents that stood at another path once, by path."""
        rows = self._database.read(
            """
            SELECT DISTINCT past.path, tracked.id
            FROM tip
                JOIN document_version AS last ON last.serial = tip.version
                JOIN document_version AS past ON past.tracked = tip.tracked
                JOIN line_revision
                    ON line_revision.revision = past.revision
                    AND line_revision.worktree = tip.worktree
                JOIN tracked ON tracked.serial = tip.tracked
            WHERE tip.worktree = (SELECT id FROM worktree WHERE top = ?)
                AND (past.path <> last.path OR last.blob IS NULL)
            """,
            self._key,
        )
        stood: dict[str, frozenset[str]] = {}
        for text, key in rows:
            path = from_text(text)
            stood[path] = stood.get(path, frozenset()) | {key}
        return stood

    # --- what happened -----------------------------------------------------------------------

    def changes(self, query: Query = Query()) -> tuple[Entry, ...]:  # noqa: B008 - immutable
        """Give changes of the line, oldest first; within a revision by path and place."""
        where, parameters = _conditions(query)
        rows = self._database.read(
            f"""
            SELECT {_REVISION}, tracked.id, path, seen, {_CHANGE}
            FROM line_revision
                JOIN revision ON revision.serial = line_revision.revision
                JOIN document_version ON document_version.revision = revision.serial
                JOIN tracked ON tracked.serial = document_version.tracked
                JOIN change ON change.version = document_version.serial
                {_WORDED}
                LEFT JOIN observation
                    ON observation.commit_id = revision.commit_id
                    AND observation.item = piece.id
                    AND observation.state = change.state_after
                    AND change.state_before IS NOT change.state_after
            WHERE line_revision.worktree = (SELECT id FROM worktree WHERE top = ?) {where}
            ORDER BY line_revision.depth DESC, path DESC, place DESC
            LIMIT ?
            """,  # noqa: S608 - conditions of ours
            (*self._key, *parameters, -1 if query.limit is None else query.limit),
        )
        return tuple(map(_to_entry, reversed(rows)))

    def overlay(self) -> tuple[Entry, ...]:
        """Give what the work tree has against its line, by path and place."""
        rows = self._database.read(
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
            self._key,
        )
        return tuple(
            Entry(
                Revision(None, _NOWHERE, time, time, time, "", ""),
                document,
                from_text(path),
                None if before is None else from_text(before),
                _to_change(fields),
                seen,
            )
            for time, document, path, before, seen, *fields in rows
        )

    def documents(self) -> tuple[Traced, ...]:
        """Give every document of the line, those that are gone included, by path."""
        rows = self._database.read(
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
            self._key,
        )
        return tuple(
            Traced(key, from_text(path), title, bool(is_present), first, changed)
            for key, path, title, is_present, _, first, changed in rows
        )

    def versions(self, document: str) -> tuple[Version, ...]:
        """Give the versions of one document on the line, oldest first."""
        rows = self._database.read(
            f"""
            SELECT {_REVISION}, document_version.serial, path, title, blob, changes
            FROM line_revision
                JOIN revision ON revision.serial = line_revision.revision
                JOIN document_version ON document_version.revision = revision.serial
                JOIN tracked ON tracked.serial = document_version.tracked
            WHERE line_revision.worktree = (SELECT id FROM worktree WHERE top = ?)
                AND tracked.id = ?
            ORDER BY line_revision.depth
            """,  # noqa: S608 - names of columns
            (*self._key, document),
        )
        return tuple(
            Version(Revision(*row[:_REVISION_FIELDS]), row[-5], from_text(row[-4]), *row[-3:])
            for row in rows
        )

    def find_items(self, prefix: str) -> tuple[str, ...]:
        """Give the full ids of items of any line, gone ones too, that start so."""
        if not (prefix.isascii() and prefix.isalnum()):
            return ()
        rows = self._database.read(
            """
            SELECT id FROM piece WHERE id >= ?1 AND id < ?1 || '{'
            UNION
            SELECT item FROM overlay WHERE item >= ?1 AND item < ?1 || '{'
            ORDER BY 1
            """,
            (prefix,),
        )
        return tuple(key for (key,) in rows)

    # --- sums --------------------------------------------------------------------------------

    def days(self, unit: Unit, documents: Sequence[str] | None = None) -> tuple[Delta, ...]:
        """Give the sums of each day with a change, oldest first; None: of all documents."""
        names = ", ".join(effect.value for effect in Effect)
        if documents is None:
            rows = self._database.read(
                f"""
                SELECT day, {names}
                FROM day
                WHERE worktree = (SELECT id FROM worktree WHERE top = ?) AND unit = ?
                ORDER BY day
                """,  # noqa: S608 - names of columns
                (*self._key, unit.value),
            )
        else:
            sums = ", ".join(f"sum({effect.value})" for effect in Effect)
            rows = self._database.read(
                f"""
                SELECT day, {sums}
                FROM document_day JOIN tracked ON tracked.serial = document_day.tracked
                WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
                    AND unit = ?
                    AND tracked.id IN (SELECT value FROM json_each(?))
                GROUP BY day
                ORDER BY day
                """,  # noqa: S608 - names of columns
                (*self._key, unit.value, json.dumps(list(documents))),
            )
        names_in_order = [effect.value for effect in Effect if effect is not Effect.UNEXPANDED]
        return tuple(
            Delta(
                day=date.fromisoformat(day),
                amounts=Amounts(**dict(zip(names_in_order, amounts, strict=True))),
                unexpanded_change=unexpanded,
            )
            for day, *amounts, unexpanded in rows
        )

    def books(self) -> Books:
        """Add up the line in three ways."""
        return Books(
            *(
                tuple(
                    Weight(*self._database.read(statement.format(unit=unit.value), self._key)[0])
                    for statement in _BOOKS
                )
                for unit in Unit
            ),  # type: ignore[arg-type]  # one weight for each statement
        )

    @property
    def _key(self) -> tuple[str]:
        return (to_text(self._worktree),)


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
            parts.append(f"AND revision.clock {comparison} ?")
            parameters.append(moment)
    return " ".join(parts), tuple(parameters)


def _to_entry(row: Fields) -> Entry:
    document, path, seen, *fields = row[_REVISION_FIELDS:]
    revision = Revision(*row[:_REVISION_FIELDS])
    return Entry(revision, document, from_text(path), None, _to_change(fields), seen)


def _to_change(fields: Sequence[Any]) -> Change:
    item, kind, reason, *rest = fields
    before, rest = rest[:_FACET_FIELDS], rest[_FACET_FIELDS:]
    after, rest = rest[:_FACET_FIELDS], rest[_FACET_FIELDS:]
    *weights, origin = rest
    return Change(
        ChangeKind(kind),
        Reason(reason),
        item,
        _to_facet(before),
        _to_facet(after),
        Weight(*weights[:3]),
        Weight(*weights[3:]),
        origin or "",
    )


def _to_facet(fields: Sequence[Any]) -> Facet | None:
    line, kind, label, text, state, optional, leaf, box, parent = fields
    if state is None:
        return None
    flags = bool(optional), bool(leaf), bool(box)
    return Facet(Kind(kind), line, label, text, ItemState(state), *flags, parent or "")


def _left(facet: Facet, reason: Reason) -> tuple[Weight, Weight]:
    """Tell what an item left in the series of leaves and of milestones."""
    if reason is Reason.CUT:
        return NOTHING, NOTHING
    return residue(weigh_leaf(facet)), residue(weigh_milestone(facet))
