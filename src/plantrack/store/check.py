"""A database to what is wrong with it."""

# Theory of operation
#
# 1. SQLite vouches for the structure of its file and for the keys, not for the bytes in between: a
#    flipped letter is still a letter, and an empty table is a sound one.
# 2. So each document carries a digest of its rows, and each worktree what its documents must come
#    to; see `contents` and `totals`.

from __future__ import annotations

import os
import sqlite3
import zlib
from typing import TYPE_CHECKING, Any

from plantrack.core.model import Finding
from plantrack.errors import DatabaseError
from plantrack.store import annals, totals
from plantrack.store.contents import stored
from plantrack.store.listing import from_text
from plantrack.store.recording import Description
from plantrack.store.rows import Basis
from plantrack.store.schema import VERSION, identify
from plantrack.store.trouble import Damage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.store.rows import Location


def findings(connection: sqlite3.Connection, name: str) -> tuple[Finding, ...]:
    """Give what is wrong with the database called `name`."""
    try:
        identify(connection, name)
    except DatabaseError as error:
        return (Finding(name, 0, "database-foreign", error.message),)
    except Damage as damage:
        return (Finding(name, 0, "database-damaged", str(damage)),)
    return tuple(Finding(name, 0, "database-damaged", one) for one in problems(connection))


def describe(connection: sqlite3.Connection, location: Location) -> Description:
    """Say where a database is and what it holds."""
    # Imported here because it takes longer than everything else this program does.
    import sqlite_utils

    database = sqlite_utils.Database(connection, execute_plugins=False, recursive_triggers=False)
    worktrees = connection.execute(
        "SELECT top, documents, items FROM worktree ORDER BY top",
    ).fetchall()
    return Description(
        path=location.path,
        kind=location.kind,
        notice=location.notice,
        bytes=_size(location.path),
        log_bytes=_size(location.path and location.path + "-wal"),
        sqlite=sqlite3.sqlite_version,
        format=VERSION,
        tables=tuple((table.name, table.count) for table in database.tables),
        worktrees=tuple((from_text(top), documents, items) for top, documents, items in worktrees),
    )


def problems(connection: sqlite3.Connection, *, contents: bool = True) -> tuple[str, ...]:
    """Say what is wrong, worst first; `contents`: compare the rows with their digests too."""
    structure = tuple(_of_structure(connection))
    if structure or not contents:
        return structure
    return (
        *_of_worktrees(connection),
        *_of_documents(connection),
        *_of_plans(connection),
        *_of_lines(connection),
    )


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
        if totals.seal_of(Basis(config, parser, head), listing) != listing_seal:
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
        if stored(connection, document).seal != seal:
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


def _of_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """Compare what the changes of each line add up to with the sums that are kept of its days."""
    for (top,) in connection.execute(
        "SELECT top FROM line JOIN worktree ON worktree.id = line.worktree ORDER BY top"
    ).fetchall():

        def read(sql: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
            return connection.execute(sql, parameters).fetchall()

        books = annals.books(read, from_text(top))
        if len(set(books.leaves)) > 1 or len(set(books.milestones)) > 1:
            yield f"worktree {top}: the sums of its days are not those of its changes"


def _size(path: str | None) -> int:
    return os.stat(path).st_size if path and os.path.exists(path) else 0
