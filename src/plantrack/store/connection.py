"""Paths to connections, each set up alike, and a quick look whether a file is known."""

# Theory of operation
#
# 1. A reader can only read: it takes no lock that a writer could meet, and closing it never
#    checkpoints, which only a writer under the latch may do.
# 2. While the trace fits, a look at four numbers is enough: nobody but us changed the file, its
#    schema included.

from __future__ import annotations

import os

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.engine import sqlite3
from plantrack.store.rows import Row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plantrack.store.latch import Latch

APPLICATION_ID = 0x504C_5452  # "PLTR"
VERSION = 3  # number of the last migration: see schema
OLDEST_SQLITE = (3, 37, 0)  # the first with STRICT tables
BUSY_TIMEOUT_S = 10.0


class Opened(Row):
    """A connection for reading, and the file it has open."""

    __slots__ = ()

    reader: sqlite3.Connection
    inode: int


def glance(path: str, latch: Latch, mode: str = "ro") -> Opened | None:
    """Open a file if it is just as its last writer left it; OSError for what is no file."""
    trace = latch.trace()
    found = shelter.stat_file(path)
    if trace is None or found is None or not trace.fits(found):
        return None
    connection = None
    try:
        connection = connect(path, mode)
        if marks(connection) == (APPLICATION_ID, VERSION, trace.cookie):
            return Opened((connection, found.st_ino))
    except sqlite3.Error:
        pass  # to be looked into under the latch
    if connection is not None:
        connection.close()
    return None


def connect(path: str, mode: str) -> sqlite3.Connection:
    """Open an existing file; mode is "ro", "rw", or "immutable" where not even locks can be set."""
    how = "ro&immutable=1" if mode == "immutable" else mode
    # Quoted by hand: urllib takes longer to import than the whole question takes.
    name = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    if os.name == "nt":
        name = "/" + name.replace("\\", "/")
    uri = f"file:{name}?mode={how}"
    return prepare(
        sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S),
    )


def prepare(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Set what every connection needs: keys are checked, and the schema is not trusted."""
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def marks(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Read application_id, user_version and the count of schema changes."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (cookie,) = connection.execute("PRAGMA schema_version").fetchone()
    return application, version, cookie


def require_sqlite(version: tuple[int, ...] | None = None) -> None:
    """Raise DatabaseError when this Python was built with an SQLite that is too old."""
    version = version or tuple(map(int, sqlite3.sqlite_version.split(".")))
    if version < OLDEST_SQLITE:
        have, need = (".".join(map(str, one)) for one in (version, OLDEST_SQLITE))
        raise DatabaseError(
            f"SQLite {have} is too old: plantrack needs {need} or newer",
            "use a Python that comes with a newer SQLite",
        )
