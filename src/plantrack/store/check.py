"""A database to what is wrong with it."""

# Theory of operation
#
# 1. SQLite vouches for the structure of its file and for the keys, not for the bytes in between: a
#    flipped letter is still a letter, and an empty table is a sound one.
# 2. So each document carries a digest of its rows, and each worktree what its documents must come
#    to; see `contents` and `totals`. The past says most things twice; see `proofs`.
# 3. A database is damaged when it contradicts itself. That the past leads to what is in the plans
#    is looked into only when somebody asks, because a reading may stop half-way; see `balance`.

from __future__ import annotations

import os
import sqlite3
import zlib
from typing import TYPE_CHECKING

from plantrack.core.model import Finding
from plantrack.errors import DatabaseError
from plantrack.store import proofs, totals
from plantrack.store.connection import VERSION
from plantrack.store.contents import stored
from plantrack.store.listing import from_text
from plantrack.store.recording import Description
from plantrack.store.rows import Basis
from plantrack.store.schema import identify
from plantrack.store.trouble import Damage, refuse_passing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.store.rows import Location


def findings(connection: sqlite3.Connection, name: str) -> tuple[Finding, ...]:
    """Give what is wrong with the database called `name`."""
    # Imported here because whoever only opens a database does not ask for its books.
    from plantrack.store import balance

    try:
        identify(connection, name)
    except DatabaseError as error:
        return (Finding(name, 0, "database-foreign", error.message),)
    except Damage as damage:
        return (Finding(name, 0, "database-damaged", str(damage)),)
    structure = tuple(_of_structure(connection))
    if structure:
        return tuple(Finding(name, 0, "database-damaged", one) for one in structure)
    found = [Finding(name, 0, "database-damaged", one) for one in _of_contents(connection)]
    unbalanced = [one for books in balance.of(connection) for one in books.wrong]
    return (*found, *(Finding(name, 0, "database-unbalanced", one) for one in unbalanced))


def describe(connection: sqlite3.Connection, location: Location) -> Description:
    """Say where a database is and what it holds."""
    # Imported here because it takes longer than everything else this program does.
    import sqlite_utils

    database = sqlite_utils.Database(connection, execute_plugins=False, recursive_triggers=False)
    worktrees = connection.execute(
        """
        SELECT top, documents,
            (SELECT count(*) FROM item WHERE worktree = worktree.id AND kind <> 'group')
        FROM worktree
        ORDER BY top
        """
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
    return tuple(_of_contents(connection))


def _of_contents(connection: sqlite3.Connection) -> Iterator[str]:
    yield from _of_worktrees(connection)
    yield from _of_documents(connection)
    yield from _of_plans(connection)
    yield from proofs.failures(connection)


def _of_structure(connection: sqlite3.Connection) -> Iterator[str]:
    for (line,) in connection.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            refuse_passing(line)
            yield f"structure: {line}"
    for table, *_ in connection.execute("PRAGMA foreign_key_check").fetchall():
        yield f"a row of {table} belongs to nothing"


def _of_worktrees(connection: sqlite3.Connection) -> Iterator[str]:
    # Of one whose past alone was read nothing is recorded yet that could be compared.
    for worktree, top, listing, listing_seal, *rest in connection.execute(
        """
        SELECT id, top, listing, listing_seal, config, parser, head,
            documents, planned, items, seal
        FROM worktree
        WHERE generation > 0 OR documents > 0
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


def _size(path: str | None) -> int:
    return os.stat(path).st_size if path and os.path.exists(path) else 0
