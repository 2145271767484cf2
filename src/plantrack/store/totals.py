"""What the documents of a worktree come to: counts of rows, and one digest over all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from plantrack.store.contents import digest

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from plantrack.store.rows import Basis

    Keys = tuple[str, int, int | None, str | None, int, int]

SELECT_KEYS = """
    SELECT path, seal, last_change, duplicate_of, items, planned
    FROM document
    WHERE worktree = ?
    """
SELECT_KEYS_OF_ONE = """
    SELECT path, seal, last_change, duplicate_of, items, planned
    FROM document
    WHERE worktree = ? AND path = ?
    """
SELECT_LISTING_FINDINGS = """
    SELECT kind, place, path, line, code, message
    FROM finding
    WHERE worktree = ? AND document IS NULL
    ORDER BY kind, place
    """


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows counted, digests joined by exclusive or: a part can be taken out again."""

    documents: int = 0
    planned: int = 0  # plans that are no duplicates
    items: int = 0
    seal: int = 0

    def plus(self, other: Totals) -> Totals:
        """Add the documents of another part."""
        return Totals(
            self.documents + other.documents,
            self.planned + other.planned,
            self.items + other.items,
            self.seal ^ other.seal,
        )

    def minus(self, other: Totals) -> Totals:
        """Take the documents of a part out."""
        return Totals(
            self.documents - other.documents,
            self.planned - other.planned,
            self.items - other.items,
            self.seal ^ other.seal,
        )


def of_worktree(connection: sqlite3.Connection, worktree: int) -> Totals:
    """Add up everything that is there."""
    findings = tuple(connection.execute(SELECT_LISTING_FINDINGS, (worktree,)).fetchall())
    documents = _sum(connection.execute(SELECT_KEYS, (worktree,)).fetchall())
    return documents.plus(Totals(seal=digest(findings)))


def of_paths(connection: sqlite3.Connection, worktree: int, paths: Iterable[str]) -> Totals:
    """Add up some documents, named as in the tables, and the findings of the listing."""
    findings = tuple(connection.execute(SELECT_LISTING_FINDINGS, (worktree,)).fetchall())
    rows = [
        row
        for path in paths
        for row in connection.execute(SELECT_KEYS_OF_ONE, (worktree, path)).fetchall()
    ]
    return _sum(rows).plus(Totals(seal=digest(findings)))


def _sum(rows: Iterable[Keys]) -> Totals:
    total = Totals()
    for path, seal, last_change, duplicate_of, items, planned in rows:
        shown = int(planned and duplicate_of is None)
        joined = digest((path, seal, last_change, duplicate_of))
        total = total.plus(Totals(1, shown, items, joined))
    return total


def seal_of(basis: Basis, packed: bytes) -> int:
    """Give the check sum that is stored with a snapshot."""
    return crc32(packed, crc32(repr(tuple(basis)).encode()))
