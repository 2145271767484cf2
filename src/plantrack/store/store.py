"""The memory of one worktree: opened where it can be, asked, told."""

from __future__ import annotations

import os

from plantrack.store import reads, shelter
from plantrack.store.connection import require_sqlite
from plantrack.store.database import Database
from plantrack.store.rows import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence
    from contextlib import AbstractContextManager
    from typing import Any, Self, TypeVar

    from plantrack.core.model import Finding
    from plantrack.core.terms import Count
    from plantrack.store.deeds import Deeds
    from plantrack.store.past import Past
    from plantrack.store.recording import CachedPlan, Description, Recording, Tree
    from plantrack.store.rows import (
        Columns,
        DocumentRow,
        FindingRow,
        ItemRow,
        MentionRow,
        PointerRow,
        Snapshot,
    )

    Folder = str | os.PathLike[str]
    T = TypeVar("T")


def open_store(
    place_top: Folder,
    main_top: Folder,
    config_database: str | None,
    *,
    is_tracked: Callable[[str], bool],
) -> Store:
    """Open the memory of the worktree `place_top`, in the first place where it can be.

    `is_tracked` tells whether git tracks a path, relative to `main_top`, or anything below it; it
    is asked only about a database that is new or not known. Raises DatabaseError for a database or
    a folder that must not be used, naming what to do.
    """
    require_sqlite()
    top = os.fspath(main_top)
    worktree = os.fspath(place_top)
    reasons: list[str] = []
    for found in shelter.places(top, config_database):
        location = found.noticed(_notice(reasons, f"the memory is kept in {found.path}"))
        database = Database(location, shelter.voucher(location, top, is_tracked))
        try:
            database.open()
        except OSError as error:
            reasons.append(f"{location.path}: {error.strerror or error}")
        else:
            return Store(worktree, database)
    location = Location("memory", None, _notice(reasons, "nothing is remembered after this"))
    database = Database(location, lambda: None)
    database.open()
    return Store(worktree, database)


class Store:
    """What is remembered of one worktree; a context manager.

    Reads give rows in the order they name. Every method raises DatabaseError when the database
    fails, and its kind Renewed when a new one had to take its place: what was read before is void
    then.
    """

    def __init__(self, worktree: str, database: Database) -> None:
        """Speak of the worktree with this top folder."""
        self.worktree = worktree
        self.location = database.location
        self._database = database

    def __enter__(self) -> Self:
        """Use the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Close the database; a second time does nothing."""
        self._database.close()

    def expect_rests(self) -> None:
        """Say, before anything is recorded, that `rest` will be called now and then."""
        self._database.has_rests = True

    def rest(self) -> None:
        """Do what recording would have to wait for, in a moment in which nobody waits."""
        self._database.rest()

    @property
    def notices(self) -> tuple[str, ...]:
        """Say where the memory is if not where it belongs, and what was mended: a line each."""
        return tuple(filter(None, (self.location.notice, *self._database.notices)))

    @property
    def past(self) -> Past:
        """Speak of what came before."""
        from plantrack.store.past import Past

        return Past(self.worktree, self._database)

    @property
    def deeds(self) -> Deeds:
        """Speak of what this program wrote into documents."""
        from plantrack.store.deeds import Deeds

        return Deeds(self.worktree, self._database)

    def alone(self) -> AbstractContextManager[object]:
        """Keep other processes from recording, as long as this is entered.

        Entering raises as writing does. A memory that nobody shares keeps nobody from anything.
        """
        from plantrack.store.alone import alone

        return alone(self._database.latch)

    # --- how things stood --------------------------------------------------------------------

    def columns(self) -> Columns | None:
        """Give how the files stood, to be compared with; None: record from nothing.

        A database that was deleted or replaced since the last question is opened anew.
        """
        self._database.keep_up()
        return self._kept("columns", reads.columns)

    def snapshot(self) -> Snapshot | None:
        """Give the same by rows."""

        def by_rows() -> Snapshot | None:
            columns = self.columns()
            return None if columns is None else columns.snapshot()

        self._database.keep_up()
        return self._database.kept("snapshot", by_rows)

    def ranked(self, limit: int | None = None) -> tuple[PointerRow, ...]:
        """Give the pointers of documents to be worked on, best first; `limit` None: all."""
        return self._kept("ranked", reads.ranked, limit)

    def pointers(self) -> tuple[PointerRow, ...]:
        """Give the pointer of every document that has one, by path."""
        return self._kept("pointers", reads.pointers, None)

    def pointer(self, path: str) -> PointerRow | None:
        """Give one document's pointer; None: it has none, or is not known."""
        return next(iter(reads.pointers(self._database.read, self.worktree, path)), None)

    def planned(self) -> int:
        """Count the documents with a plan; identical ones count once."""
        return reads.planned(self._database.read, self.worktree)

    def finished(self, after: str) -> int | None:
        """Count the steps that were ticked after a day, less what was unticked; None: no history.

        The day is written 2026-03-01. What is not committed is left out.
        """
        return reads.finished(self._database.read, self.worktree, after)

    def levels(self) -> tuple[Count, Count]:
        """Give all leaves and milestones that are or were in the plans and were not cut.

        What went with its document, or with a whole plan, was done, or counts as dropped. Nothing
        where there is no history.
        """
        return reads.levels(self._database.read, self.worktree)

    def documents(self) -> tuple[DocumentRow, ...]:
        """Give every document that was recorded, by path."""
        return self._kept("documents", reads.documents, None)

    def overview(self) -> tuple[tuple[Any, ...], ...]:
        """Give the columns of an OverviewRow, with every document in them, by path."""
        from plantrack.store import overview

        return overview.overview(self._database.gather, self.worktree)

    def document(self, path: str) -> DocumentRow | None:
        """Give one document; None: it is not known."""
        return next(iter(reads.documents(self._database.read, self.worktree, path)), None)

    def mentions(self, path: str | None = None) -> tuple[MentionRow, ...]:
        """Give the lists of the pointers, or of one document's, by path, role and place."""
        return self._kept("mentions", reads.mentions, path)

    def findings(self, path: str | None = None) -> tuple[FindingRow, ...]:
        """Give the findings, or those of one path, by path, kind and place."""
        return self._kept("findings", reads.findings, path)

    def findings_elsewhere(self, code: str) -> tuple[FindingRow, ...]:
        """Give what was found of this kind when other worktrees were listed."""
        return reads.findings_elsewhere(self._database.read, self.worktree, code)

    def items(self, path: str) -> tuple[ItemRow, ...]:
        """Give the nodes of one document in document order."""
        return reads.items(self._database.read, self.worktree, path)

    def find_items(self, prefix: str) -> tuple[ItemRow, ...]:
        """Give the nodes whose id starts so, by id and path."""
        return reads.find_items(self._database.read, self.worktree, prefix)

    def prefixes(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Shorten ids, in their order, to what is unique in the worktree; at least 4 characters."""
        return reads.prefixes(self._database.read, self.worktree, ids)

    def blobs(self) -> tuple[tuple[str, str], ...]:
        """Give path and blob id of every readable document, by path."""
        return reads.blobs(self._database.read, self.worktree)

    def _kept(self, question: str, ask: Callable[..., T], *about: object) -> T:
        """Ask about this worktree, unless it was asked before and nothing was written since."""
        return self._database.kept(
            (question, *about), lambda: ask(self._database.read, self.worktree, *about)
        )

    # --- what takes its time -----------------------------------------------------------------

    def tree(self, path: str) -> Tree | None:
        """Give one document's plan sections as they were recorded; None: it is not known."""
        from plantrack.store import contents

        def work(connection: sqlite3.Connection) -> Tree | None:
            return contents.tree(connection, self.worktree, path)

        return self._database.together(work)

    def plans(self, keys: Sequence[tuple[str, str]]) -> tuple[str | None, ...]:
        """Look (blob, context) up in the parse cache, in their order; None: not there."""
        from plantrack.store import cache

        return tuple(cache.find(self._database.read, blob, context) for blob, context in keys)

    def save_plans(self, plans: Sequence[CachedPlan], *, day: int) -> None:
        """Put plans into the parse cache; `day` counts from 1970-01-01."""
        from plantrack.store import cache

        self._database.write(lambda one: cache.save(one, plans, day), standalone=True)

    def record(self, recording: Recording) -> int:
        """Remember how the worktree stands, wholly or not at all; give the new generation.

        Raises Overtaken when somebody recorded since `recording.base`.
        """
        from plantrack.store import recorder

        return self._database.write(
            lambda one: recorder.record(one, self.worktree, recording),
            standalone=recording.base is None,
        )

    def check(self) -> tuple[Finding, ...]:
        """Look for damage everywhere; () when the database is sound."""
        from plantrack.store import check

        return self._database.together(
            lambda one: check.findings(one, self._database.path or "memory"),
        )

    def describe(self) -> Description:
        """Say where the memory is and what it holds."""
        from plantrack.store import check

        return self._database.together(lambda one: check.describe(one, self.location))


def _notice(reasons: list[str], instead: str) -> str:
    return f"{'; '.join(reasons)}: {instead}" if reasons else ""
