"""The past of one worktree: what is asked about it, and what is written of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.store import annals, lines, standing
from plantrack.store.chronicle import Query
from plantrack.store.rows import Basis
from plantrack.store.totals import seal_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence
    from datetime import tzinfo
    from typing import TypeVar

    from plantrack.core.effects import Unit
    from plantrack.core.lineage import State
    from plantrack.core.model import Plan
    from plantrack.core.series import Delta
    from plantrack.store.chronicle import (
        Ahead,
        Bearings,
        Books,
        Entry,
        Line,
        RevisionRecord,
        Traced,
        Version,
    )
    from plantrack.store.database import Database
    from plantrack.store.reads import Read

    PlanOf = Callable[[str, str], Plan]  # path and blob to plan
    T = TypeVar("T")

_ALL = Query()


class Past:
    """What is remembered of the past of one worktree.

    Every method raises DatabaseError when the database fails, as those of Store do.
    """

    def __init__(self, worktree: str, database: Database) -> None:
        """Speak of the worktree with this top folder."""
        self._worktree = worktree
        self._database = database

    # --- the line ------------------------------------------------------------------------------

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
        """Drop everything that was read under a basis.

        Every worktree of the repository looks at its line again, even where nothing else changed.
        """
        self._database.write(lambda one: _forget(one, basis), standalone=True)

    # --- where it stands -----------------------------------------------------------------------

    def bearings(self) -> tuple[Bearings, ...]:
        """Give the last version of every document of the line, those that are gone included.

        In the order of the revisions that made the versions, then of paths.
        """
        return standing.bearings(self._database.read, self._worktree)

    def state(self, plan_of: PlanOf, reach: standing.Reach | None = None) -> State:
        """Give the state after the last revision; documents are rebuilt when they are asked for.

        With a `reach`, only what a revision that goes no farther has to know.
        """
        return standing.state(self._database.read, self._worktree, plan_of, reach)

    def ids(self, version: int) -> tuple[str, ...]:
        """Give the ids of the items of a version, in document order; () for one that is gone."""
        return standing.ids(self._database.read, version)

    def copies(self) -> dict[str, str]:
        """Give the ids of documents that stand in the same bytes as another one, and of that one.

        As the work tree stands. Of those alike, the one that is on the line for longest is no copy.
        """
        return standing.copies(self._database.read, self._worktree)

    def named(self) -> dict[str, int]:
        """Give, by path, the layout that the items of a present document have their ids from.

        Documents that differ from their line are absent.
        """
        return self._kept("named", standing.named)

    # --- what happened -------------------------------------------------------------------------

    def changes(self, query: Query = _ALL) -> tuple[Entry, ...]:
        """Give changes of the line, oldest first; within a revision by path and place."""
        return annals.changes(self._database.read, self._worktree, query)

    def overlay(self) -> tuple[Entry, ...]:
        """Give what the work tree has against its line, by path and place."""
        return self._kept("overlay", annals.overlay)

    def documents(self) -> tuple[Traced, ...]:
        """Give every document of the line, those that are gone included, by path."""
        return annals.documents(self._database.read, self._worktree)

    def versions(self, document: str) -> tuple[Version, ...]:
        """Give the versions of one document on the line, oldest first."""
        return annals.versions(self._database.read, self._worktree, document)

    def find_items(self, prefix: str) -> tuple[str, ...]:
        """Give the full ids of items of any line, gone ones too, that start so."""
        return annals.find_items(self._database.read, prefix)

    def days(self, unit: Unit, documents: Sequence[str] | None = None) -> tuple[Delta, ...]:
        """Give the sums of each day with a change, oldest first; None: of all documents."""
        if documents is None:
            return annals.days(self._database.gather, self._worktree, unit)
        return annals.days_of(self._database.read, self._worktree, unit, documents)

    def sizes(self) -> tuple[int, ...]:
        """Give how many leaves each milestone had when it first had any, least first."""
        return annals.sizes(self._database.read, self._worktree)

    def books(self) -> Books:
        """Add up the line in three ways."""
        return annals.books(self._database.read, self._worktree)

    def _kept(self, question: str, ask: Callable[[Read, str], T]) -> T:
        """Ask about this worktree, unless it was asked before and nothing was written since."""
        return self._database.kept(
            (question, self._worktree), lambda: ask(self._database.read, self._worktree)
        )


def _forget(connection: sqlite3.Connection, basis: str) -> None:
    lines.forget(connection, basis)
    for worktree, config, parser, listing in connection.execute(
        """
        SELECT id, config, parser, listing
        FROM worktree
        WHERE generation > 0 -- others are looked at anyway
        """
    ).fetchall():
        # On no commit, as while git was at work: what is remembered is shown, and not current.
        # Whoever compares with it just now is overtaken by that.
        connection.execute(
            """
            UPDATE worktree
            SET head = NULL, listing_seal = ?, generation = generation + 1
            WHERE id = ?
            """,
            (seal_of(Basis(config, parser, None), listing), worktree),
        )
