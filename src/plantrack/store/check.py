"""A database to what is wrong with it."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from plantrack.store import totals
from plantrack.store.contents import stored
from plantrack.store.listing import seal_of
from plantrack.store.rows import Basis

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

# Theory of operation
#
# 1. SQLite vouches for the structure of its file and for the keys, not for the bytes in between: a
#    flipped letter is still a letter, and an empty table is a sound one.
# 2. So each document carries a digest of its rows, and each worktree what its documents must come
#    to; see `contents` and `totals`.


def problems(connection: sqlite3.Connection, *, contents: bool = True) -> tuple[str, ...]:
    """Say what is wrong, worst first; `contents`: compare the rows with their digests too."""
    structure = tuple(_of_structure(connection))
    if structure or not contents:
        return structure
    return (*_of_worktrees(connection), *_of_documents(connection), *_of_plans(connection))


def _of_structure(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            yield f"structure: {line}"
    for table, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield f"a row of {table} belongs to nothing"


def _of_worktrees(connection: sqlite3.Connection) -> Iterator[str]:
    for worktree, top, listing, listing_seal, *rest in connection.execute(
        """
        SELECT id, top, listing, listing_seal, config, parser, head,
            documents, planned, items, seal
        FROM worktree
        ORDER BY top
        """
    ).fetchall():
        config, parser, head, *sums = rest
        if seal_of(Basis(config, parser, head), listing) != listing_seal:
            yield f"worktree {top}: its snapshot is not what was recorded"
        if totals.of_worktree(connection, worktree) != totals.Totals(*sums):
            yield f"worktree {top}: its documents are not those that were recorded"


def _of_documents(connection: sqlite3.Connection) -> Iterator[str]:
    for document, path, seal in connection.execute(
        """
        SELECT id, path, seal
        FROM document
        ORDER BY worktree, path
        """
    ).fetchall():
        if stored(connection, document).seal() != seal:
            yield f"document {path}: its rows are not what was recorded"
    for (count,) in connection.execute(
        """
        SELECT count(*)
        FROM item JOIN document ON document.id = item.document
        WHERE item.worktree <> document.worktree
        """
    ).fetchall():
        if count:
            yield f"{count} items stand in another worktree than their document"


def _of_plans(connection: sqlite3.Connection) -> Iterator[str]:
    for blob, plan, seal in connection.execute(
        """
        SELECT blob, plan, seal
        FROM version
        ORDER BY blob, context
        """
    ):
        if zlib.crc32(plan.encode()) != seal:
            yield f"parsed plan {blob}: not what was saved"
