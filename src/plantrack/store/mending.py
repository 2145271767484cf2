"""A database that is missing, old, damaged or not known: made, migrated, replaced or refused."""

from __future__ import annotations

import os
import sqlite3
import time
from typing import TYPE_CHECKING

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.check import problems
from plantrack.store.database import connect, marks, prepare
from plantrack.store.latch import Trace
from plantrack.store.schema import APPLICATION_ID, VERSION, identify, migrate
from plantrack.store.trouble import PASSING, Damage, code_of, words_for

if TYPE_CHECKING:
    from plantrack.store.database import Database

# Theory of operation
#
# 1. Everything here happens under the latch, after a second look: another process may have done it.
# 2. A new database is made under another name and renamed, so that nobody ever sees half of one.
# 3. A file that is not known to be as we left it is examined whole: whose it is, its schema, its
#    structure, its contents against the digests stored with them.
# 4. What is damaged is moved aside with its logs, never deleted: the repository can be read again,
#    and somebody may want to know. A file that never was ours is never moved.

NEW_SUFFIX = ".new"
LOG_SUFFIXES = ("-wal", "-shm")
HEADER_BYTES = 72
MAGIC = b"SQLite format 3\0"


def settle(database: Database, *, suspected: bool = False) -> None:
    """Make the database ready, whatever is at its path; `suspected`: and whatever its trace says.

    Raises DatabaseError for what must not be touched, OSError where nothing can be made.
    """
    path, latch = database.path, database.latch
    assert path is not None
    assert latch is not None
    if not shelter.is_writable(path):
        _settle_for_reading(database, path)
        return
    vouched = not os.path.isdir(os.path.dirname(path))
    if vouched:
        database.vouch()
    shelter.make_folder(database.location)
    with latch:
        if not suspected and database.glance():
            return
        if not vouched:
            database.vouch()
        try:
            _put_right(database, path)
            latch.leave(_trace_of(path))
        except sqlite3.Error as error:
            raise OSError(words_for(error)) from error
        if not database.glance():
            message = f"{path} is being changed by another program"
            raise OSError(message)


def examine(path: str, mode: str = "ro") -> int:
    """Give the version of a database of ours that is sound.

    Raises Damage for one that is not, DatabaseError for one that is newer or not ours, and
    sqlite3.Error when it could not be found out.
    """
    connection = connect(path, mode)
    try:
        version = identify(connection)
        wrong = problems(connection, contents=version == VERSION)
    except sqlite3.Error as error:
        if code_of(error) in PASSING:
            raise
        raise Damage(str(error)) from error
    finally:
        connection.close()
    if wrong:
        raise Damage(wrong[0])
    return version


def _put_right(database: Database, path: str) -> None:
    found = shelter.stat_file(path)
    if found is None:
        _make(path)
        return
    try:
        if found.st_size == 0:
            raise Damage("it was empty")
        version = examine(path)
    except Damage as damage:
        if database.location.kind == "configured" and not _was_ours(path):
            raise _not_ours(path) from damage
        aside = _move_aside(path, found)
        database.notices.append(f"the database was damaged ({damage}): kept as {aside}, made anew")
        _make(path)
    else:
        _bring_up(path, version)


def _make(path: str) -> None:
    new = path + NEW_SUFFIX
    for leftover in (new, new + "-wal", new + "-shm", path + "-wal", path + "-shm"):
        _remove(leftover)  # a log without its database would be played into the new one
    connection = prepare(sqlite3.connect(new, isolation_level=None))
    try:
        connection.execute("PRAGMA synchronous = OFF")  # it counts from the renaming on
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN IMMEDIATE")
        migrate(connection, start=0)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    with open(new, "rb") as file:
        os.fsync(file.fileno())
    os.replace(new, path)


def _bring_up(path: str, version: int) -> None:
    connection = connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        if version < VERSION:
            connection.execute("BEGIN IMMEDIATE")
            migrate(connection, start=version)
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _trace_of(path: str) -> Trace:
    connection = connect(path, "ro")
    try:
        _, _, cookie = marks(connection)
    finally:
        connection.close()
    return Trace.of(os.stat(path), cookie)


def _settle_for_reading(database: Database, path: str) -> None:
    # Where no latch can be taken, a sound database is read as it is, and no other is replaced.
    found = shelter.stat_file(path)
    if found is None:
        message = f"{os.path.dirname(path)} cannot be written"
        raise OSError(message)
    if database.glance("immutable" if _size(path + "-wal") == 0 else "ro"):
        return
    database.vouch()
    # Only "immutable" needs no files beside the database, but it does not look into the log.
    for mode in ("ro", "immutable") if _size(path + "-wal") == 0 else ("ro",):
        try:
            if examine(path, mode) == VERSION:
                database.adopt(connect(path, mode), found.st_ino)
                return
        except (Damage, sqlite3.Error):
            continue
    message = f"{path} can neither be written nor read"
    raise OSError(message)


def _was_ours(path: str) -> bool:
    with open(path, "rb") as file:
        header = file.read(HEADER_BYTES)
    return header.startswith(MAGIC) and header.endswith(APPLICATION_ID.to_bytes(4, "big"))


def _not_ours(path: str) -> DatabaseError:
    return DatabaseError(
        f"{path} is no database of plantrack's; it was not touched",
        "name another file with `database` in the configuration",
    )


def _move_aside(path: str, found: os.stat_result) -> str:
    """Rename a database and its logs after the time it was last written; give the new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(found.st_mtime))
    aside, count = f"{path}.damaged-{stamp}", 1
    while os.path.lexists(aside):
        count += 1
        aside = f"{path}.damaged-{stamp}-{count}"
    for suffix in ("", *LOG_SUFFIXES):
        if os.path.lexists(path + suffix):
            os.rename(path + suffix, aside + suffix)
    return aside


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return 0
