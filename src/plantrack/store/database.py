"""One database: its connections, its reads, and writes that are whole or not at all."""

from __future__ import annotations

import os
import sqlite3

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.latch import Latch, Trace
from plantrack.store.schema import APPLICATION_ID, VERSION, migrate
from plantrack.store.trouble import DAMAGED, Renewed, code_of, explained

# Theory of operation
#
# 1. Reads go through a connection that can only read: it takes no lock that a writer could meet,
#    and closing it never checkpoints. Every read is one statement, fetched to the end.
# 2. A write takes the latch, makes sure that the file is still the one it knows, and runs in one
#    BEGIN IMMEDIATE. The writing connection is closed under the latch too, because the last one to
#    close checkpoints.
# 3. While the trace fits, opening costs a few microseconds. Whatever else is found is left to
#    `mending`: a missing, old, damaged, foreign or unknown database.
# 4. A database that cannot be written is read where it is, and copied into memory by the first
#    write: the command works, and nothing of it is remembered.

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from plantrack.store.rows import Location

    T = TypeVar("T")
    Work = Callable[[sqlite3.Connection], T]

BUSY_TIMEOUT_S = 10.0
JOURNAL_BYTES = 4 << 20  # what a write-ahead log may keep on disk when nobody needs it


class Database:
    """The database at a location, or one in memory.

    `vouch` is asked before a file that is not known to be ours is used; it raises DatabaseError
    when it must not be.
    """

    def __init__(self, location: Location, vouch: Callable[[], None]) -> None:
        """Name the database; nothing is opened yet."""
        path = location.path
        self.location = location
        self.path = path  # None: in memory, from the start or since the first write
        self.vouch = vouch
        self.latch = None if path is None else Latch(path + shelter.LOCK_SUFFIX)
        self.notices: list[str] = []
        self.inode = 0  # of the file our connections have open
        self.reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None

    def open(self) -> None:
        """Make the database ready; OSError where it can be neither read nor made."""
        if self.path is None:
            self._open_in_memory()
            return
        shelter.refuse_links(self.location)
        if not self.glance():
            from plantrack.store import mending

            mending.settle(self)

    def close(self) -> None:
        """Close the connections; what was written is checkpointed if nobody else reads."""
        if self._writer is None or self.latch is None:
            self.drop_connections()
            return
        try:
            with self.latch:
                self.drop_connections()
                self.retrace()
        except (OSError, DatabaseError):
            self.drop_connections()  # the log is left for the next writer

    def drop_connections(self) -> None:
        """Close the connections as they are."""
        for connection in (self.reader, self._writer):
            if connection is not None:
                connection.close()
        self.reader = self._writer = None

    def glance(self, mode: str = "ro") -> bool:
        """Open the file for reading if it is just as its last writer left it."""
        assert self.path is not None
        assert self.latch is not None
        trace = self.latch.trace()
        found = shelter.stat_file(self.path)
        if trace is None or found is None or not trace.fits(found):
            return False
        connection = None
        try:
            connection = connect(self.path, mode)
            fits = marks(connection) == (APPLICATION_ID, VERSION, trace.cookie)
        except sqlite3.Error:
            fits = False
        if connection is not None and fits:
            self.adopt(connection, found.st_ino)
        elif connection is not None:
            connection.close()
        return fits

    def adopt(self, reader: sqlite3.Connection, inode: int) -> None:
        """Read through this connection from now on."""
        if self.reader is not None:
            self.reader.close()
        self.reader = reader
        self.inode = inode

    def is_current(self) -> bool:
        """Tell whether the file our connections have open is still the one at our path."""
        if self.path is None:
            return True
        try:
            return os.stat(self.path).st_ino == self.inode
        except OSError:
            return False

    def renew(self) -> None:
        """Open again what is at our path now."""
        self.drop_connections()
        self.open()

    def read(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Fetch every row of one statement.

        Raises Renewed when the database turned out to be damaged and was replaced.
        """
        assert self.reader is not None
        try:
            return self.reader.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise self._judged(error) from error

    def write(self, work: Work[T], *, standalone: bool) -> T:
        """Run `work` in one transaction under the latch.

        Raises Renewed, with nothing written, when the database is not the one that was read from:
        unless the work stands alone, needing nothing that was there.
        """
        if self.path is not None and not shelter.is_writable(self.path):
            self._lift()
        if self.latch is None:
            assert self.reader is not None
            return self._transact(self.reader, work)
        try:
            with self.latch:
                self._make_sure(standalone=standalone)
                result = self._transact(self._writing(), work)
                self.retrace()
                return result
        except OSError as error:
            message = f"database {self.path}: {error.strerror or error}; nothing was recorded"
            raise DatabaseError(message, "check the disk, then run the command again") from error

    def retrace(self) -> None:
        """Note how we leave the file; only under the latch."""
        assert self.path is not None
        assert self.latch is not None
        trace, found = self.latch.trace(), os.stat(self.path)
        if trace is not None and not trace.fits(found):
            self.latch.leave(Trace.of(found, trace.cookie))

    def _open_in_memory(self) -> None:
        self.reader = prepare(sqlite3.connect(":memory:", isolation_level=None))
        migrate(self.reader, start=0)

    def _lift(self) -> None:
        memory = prepare(sqlite3.connect(":memory:", isolation_level=None))
        assert self.reader is not None
        self.reader.backup(memory)
        self.drop_connections()
        self.notices.append(f"{self.path} cannot be written: what is new is not remembered")
        self.reader, self.path, self.latch = memory, None, None

    def _make_sure(self, *, standalone: bool) -> None:
        assert self.path is not None
        assert self.latch is not None
        trace, found = self.latch.trace(), shelter.stat_file(self.path)
        if trace is not None and found is not None and trace.fits(found):
            same = found.st_ino == self.inode
            if same and marks(self._writing()) == (APPLICATION_ID, VERSION, trace.cookie):
                return
        known = self.inode
        self.drop_connections()
        from plantrack.store import mending

        mending.settle(self)
        if self.inode != known and not standalone:
            raise renewed(self.path)

    def _writing(self) -> sqlite3.Connection:
        if self._writer is None:
            assert self.path is not None
            self._writer = connect(self.path, "rw")
            self._writer.execute("PRAGMA synchronous = NORMAL")
            self._writer.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES:d}")
        return self._writer

    def _transact(self, connection: sqlite3.Connection, work: Work[T]) -> T:
        try:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it by itself when the disk is full
                    connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._judged(error) from error
        return result

    def _judged(self, error: sqlite3.Error) -> DatabaseError:
        if self.path is None or code_of(error) not in DAMAGED:
            return explained(error, self.path)
        known = self.inode
        self.drop_connections()
        from plantrack.store import mending

        try:
            mending.settle(self, suspected=True)
        except OSError:
            return explained(error, self.path)
        return renewed(self.path) if self.inode != known else explained(error, self.path)


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


def renewed(path: str) -> Renewed:
    """Say that the database at `path` is another one now."""
    return Renewed(
        f"database {path} was deleted, replaced or damaged; it is new and empty now",
        "run the command again: everything is read anew",
    )
