"""A database that is missing, old, damaged or not known: made, migrated, replaced or refused."""

# Theory of operation
#
# 1. Everything here happens under the latch, after a second look: another process may have done it.
# 2. A new database is made under another name and renamed, so that nobody ever sees half of one.
# 3. A file that is not known to be as we left it is examined whole: whose it is, its schema, its
#    structure, its contents against the digests stored with them.
# 4. What is damaged is moved aside with its logs, never deleted: the repository can be read again,
#    and somebody may want to know. A file that never was ours is never moved.

from __future__ import annotations

import os
import sqlite3
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.check import problems
from plantrack.store.connection import (
    APPLICATION_ID,
    VERSION,
    Opened,
    connect,
    glance,
    marks,
    prepare,
)
from plantrack.store.latch import Trace
from plantrack.store.schema import identify, migrate
from plantrack.store.trouble import PASSING, UNREADABLE, Damage, code_of, words_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from plantrack.store.latch import Latch
    from plantrack.store.rows import Location

NEW_SUFFIX = ".new"
HEADER_BYTES = 72
PIECE_BYTES = 1 << 20
JOURNAL_SUFFIX = "-journal"
BESIDE = ("-wal", "-shm", JOURNAL_SUFFIX)  # what SQLite keeps beside a database
MAGIC = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a database is to be made ready."""

    location: Location  # not in memory
    latch: Latch
    vouch: Callable[[], None]  # raises DatabaseError when what is there must not be used


@dataclass(frozen=True, slots=True)
class Settled:
    """A database that is ready."""

    opened: Opened
    notice: str = ""  # what had to be done to it that somebody should know
    is_new: bool = False


def settle(place: Place, *, suspected: bool = False) -> Settled:
    """Make the database ready, whatever is at its path; `suspected`: and whatever its trace says.

    Raises DatabaseError for what must not be touched, OSError where nothing can be made.
    """
    path, latch = place.location.path, place.latch
    assert path is not None
    if not shelter.is_writable(path):
        return Settled(_settle_for_reading(place, path))
    first = not os.path.lexists(latch.path)
    if first:
        _make_room(place, path)
    with latch:
        opened = None if suspected else glance(path, latch)
        if opened is not None:
            return Settled(opened)
        if not first:
            _make_room(place, path)
        try:
            is_new, notice = _put_right(path, latch.trace())
            latch.leave(_trace_of(path))
        except sqlite3.Error as error:
            raise OSError(words_for(error)) from error
        opened = glance(path, latch)
        if opened is None:
            raise OSError(f"{path} is being changed by another program")
        return Settled(opened, notice, is_new)


def examine(path: str, mode: str = "ro") -> int:
    """Give the version of a database of ours that is sound.

    Raises Damage for one that is not, DatabaseError for one that is newer or not ours, and
    sqlite3.Error when it could not be found out.
    """
    if not _size(path):
        raise Damage("it was empty")  # SQLite would take it for a database without tables
    connection = connect(path, mode)
    try:
        connection.execute("PRAGMA cell_size_check = ON")
        version = identify(connection, path)
        wrong = problems(connection, contents=version == VERSION)
    except UNREADABLE as error:
        if code_of(error) in PASSING:
            raise
        raise Damage(str(error)) from error
    finally:
        connection.close()
    if wrong:
        raise Damage(wrong[0])
    return version


def _make_room(place: Place, path: str) -> None:
    place.vouch()
    if place.location.kind == "configured" and os.path.exists(path) and not _was_ours(path):
        raise DatabaseError(
            f"{path} is no database of plantrack's; it was not touched",
            "name another file with `database` in the configuration",
        )
    shelter.make_folder(place.location)


def _put_right(path: str, trace: Trace | None) -> tuple[bool, str]:
    found = shelter.stat_file(path)
    if found is None:
        _make(path)
        return True, ""
    if os.path.lexists(path + JOURNAL_SUFFIX) and _was_ours(path):
        _roll_back(path)
    try:
        version = _examine_twice(path)
    except Damage as damage:
        aside = _move_aside(path, found)
        _make(path)
        return True, f"the database was damaged ({damage}): kept as {aside}, made anew"
    _bring_up(path, version, is_copy=trace is None or trace.inode != found.st_ino)
    return False, ""


def _roll_back(path: str) -> None:
    """Undo what another tool began and did not end: who only reads cannot, and would wait for it.

    A journal that is none is merely removed by SQLite. What comes of it is examined as ever.
    """
    connection = connect(path, "rw")
    try:
        marks(connection)
    except UNREADABLE:
        return  # the examination will say so
    finally:
        connection.close()


def _examine_twice(path: str) -> int:
    """Examine a database; what a disk does not give back is no damage, but an OSError."""
    try:
        return examine(path)
    except Damage:
        # SQLite calls a file damaged as well when reading it fails.
        with open(path, "rb", buffering=0) as file:
            while file.read(PIECE_BYTES):
                pass
        return examine(path)


def _make(path: str) -> None:
    new = path + NEW_SUFFIX
    for leftover in (new, *(one + suffix for one in (new, path) for suffix in BESIDE)):
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


def _bring_up(path: str, version: int, *, is_copy: bool) -> None:
    connection = connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN IMMEDIATE")
        if version < VERSION:
            migrate(connection, start=version)
        if is_copy:
            # From an archive of who knows whom: digests prove that it is whole, not that it is
            # true. Its snapshots fit no file here, but its plans would be taken for those parsed.
            connection.execute("DELETE FROM version")
        connection.execute("COMMIT")
    finally:
        connection.close()


def _trace_of(path: str) -> Trace:
    connection = connect(path, "ro")
    try:
        _, _, cookie = marks(connection)
    finally:
        connection.close()
    return Trace.of(os.stat(path), cookie)


def _settle_for_reading(place: Place, path: str) -> Opened:
    # Where no latch can be taken, a sound database is read as it is, and no other is replaced.
    found = shelter.stat_file(path)
    if found is None:
        raise OSError(f"{os.path.dirname(path)} cannot be written")
    # Only "immutable" needs no files beside the database, but it does not look into the log.
    modes = ("ro",) if _size(path + "-wal") else ("ro", "immutable")
    for mode in modes:
        opened = glance(path, place.latch, mode)
        if opened is not None:
            return opened
    place.vouch()
    for mode in modes:
        try:
            if examine(path, mode) == VERSION:
                return Opened((connect(path, mode), found.st_ino))
        except (Damage, sqlite3.Error):
            continue
    raise OSError(f"{path} can neither be written nor read")


def _was_ours(path: str) -> bool:
    with open(path, "rb") as file:
        header = file.read(HEADER_BYTES)
    return header.startswith(MAGIC) and header.endswith(APPLICATION_ID.to_bytes(4, "big"))


def _move_aside(path: str, found: os.stat_result) -> str:
    """Rename a database and its logs after the time it was last written; give the new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(found.st_mtime))
    aside, count = f"{path}.damaged-{stamp}", 1
    while os.path.lexists(aside):
        count += 1
        aside = f"{path}.damaged-{stamp}-{count}"
    os.rename(path, aside)
    if _size(path + "-wal"):
        os.rename(path + "-wal", aside + "-wal")
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
