"""One database: its connections, its reads, and writes that are whole or not at all."""

# Theory of operation
#
# 1. A read is one statement, fetched to the end, on a connection that can only read; a few that
#    must tell of one moment share a short transaction.
# 2. A write takes the latch, makes sure that the file is still the one that was read, and runs in
#    one BEGIN IMMEDIATE: a transaction that became a writer only later could be refused half-way.
# 3. The writing connection is closed under the latch as well: the last one to close checkpoints.
# 4. Whatever is not at once known to be sound is left to `mending`: a missing, old, damaged,
#    foreign or unknown database.
# 5. What all documents came to is asked again and again by a process that stays open. It is kept
#    until another connection has written, our own writing one among them.
# 6. A write-ahead log that has grown is put into its file by whoever writes next, who waits for the
#    disk. A process that shows what it writes says that it will do so in a quiet moment instead.
# 7. A database that cannot be written is read where it is, and copied into memory by the first
#    write: the command works, and nothing of it is remembered.

from __future__ import annotations

import os

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.connection import (
    APPLICATION_ID,
    VERSION,
    connect,
    glance,
    marks,
    prepare,
)
from plantrack.store.engine import sqlite3
from plantrack.store.latch import Latch, Trace
from plantrack.store.trouble import DAMAGED, UNREADABLE, Renewed, Unreadable, code_of, explained

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, TypeVar

    from plantrack.store.rows import Location

    T = TypeVar("T")
    Work = Callable[[sqlite3.Connection], T]

JOURNAL_BYTES = 4 << 20  # what a write-ahead log may keep on disk when nobody needs it
REST_BYTES = 1 << 20  # of a write-ahead log that are worth a quiet moment


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
        self.notices: list[str] = []  # what was mended, a line each
        self.has_rests = False  # whether `rest` will be called; said before the first write
        self._vouch = vouch
        self._latch = None if path is None else Latch(path + shelter.LOCK_SUFFIX)
        self._inode = 0  # of the file our connections have open
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._gathering: sqlite3.Connection | None = None  # the one that knows the function for it
        self._gathered: list[tuple[Any, ...]] = []
        self._kept: dict[Hashable, Any] = {}  # answers, by their questions
        self._kept_at = -1  # the state of the file that they tell of

    def open(self) -> None:
        """Make the database ready; OSError where it can be neither read nor made."""
        if self.path is None or self._latch is None:
            from plantrack.store.schema import migrate

            self._reader = prepare(sqlite3.connect(":memory:", isolation_level=None))
            migrate(self._reader, start=0)
            return
        shelter.refuse_links(self.location)
        opened = glance(self.path, self._latch)
        if opened is None:
            self._settle(self._latch)
        else:
            self._reader, self._inode = opened.reader, opened.inode

    def close(self) -> None:
        """Close the connections; what was written is checkpointed if nobody else reads."""
        if self._writer is None or self._latch is None:
            self._drop_connections()
            return
        try:
            with self._latch:
                self._drop_connections()
                self._retrace(self._latch)
        except (OSError, DatabaseError):
            self._drop_connections()  # the log is left for the next writer

    def keep_up(self) -> bool:
        """Open the file anew when another one has taken its place; False when nothing changed."""
        if self._reader is not None and self._is_at_its_path():
            return False
        self._drop_connections()
        try:
            self.open()
        except OSError as error:
            raise lost(self.path, error) from error
        return True

    def read(self, sql: str, parameters: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """Fetch every row of one statement.

        Raises Renewed when the database turned out to be damaged and was replaced.
        """
        try:
            return self._reading().execute(sql, parameters).fetchall()
        except UNREADABLE as error:
            raise self._judged(error) from error

    def gather(
        self, columns: str, source: str, parameters: tuple[object, ...] = ()
    ) -> list[tuple[Any, ...]]:
        """Fetch the columns of every row of a source, in any order; raises as `read` does.

        Each row is handed to a function in one piece. A cursor asks for value after value, and each
        time takes a lock and lets go of the interpreter: twice the time where there are thousands.
        """
        reader = self._reading()
        if self._gathering is not reader:  # once: other statements are compiled anew after it
            reader.create_function("gather", -1, lambda *row: self._gathered.append(row))
            self._gathering = reader
        rows = self._gathered = []
        try:
            reader.execute(f"SELECT count(gather({columns})) {source}", parameters).fetchall()
        except UNREADABLE:  # that does not say what is wrong with a value
            return self.read(f"SELECT {columns} {source}", parameters)
        return rows

    def kept(self, question: Hashable, ask: Callable[[], T]) -> T:
        """Give the answer to a question, asked again only if something was written since."""
        if self.path is None:  # no other connection writes what is in memory
            return ask()
        # First: an answer that is newer than that is merely asked once more.
        ((state,),) = self.read("PRAGMA data_version")
        if state != self._kept_at:
            self._kept.clear()
            self._kept_at = state
        if question not in self._kept:
            self._kept[question] = ask()
        found: T = self._kept[question]
        return found

    def together(self, work: Work[T]) -> T:
        """Run several reads of one moment; they must be few and short."""
        reader = self._reading()
        try:
            reader.execute("BEGIN")
            try:
                return work(reader)
            finally:
                if reader.in_transaction:  # SQLite ends it by itself when reading fails
                    reader.execute("ROLLBACK")
        except UNREADABLE as error:
            raise self._judged(error) from error

    def write(self, work: Work[T], *, standalone: bool) -> T:
        """Run `work` in one transaction under the latch.

        Raises Renewed, with nothing written, when the database is not the one that was read from:
        unless the work stands alone, needing nothing that was there.
        """
        if self.path is not None and not shelter.is_writable(self.path):
            self._lift()
        if self.path is None or self._latch is None:
            return self._transact(self._reading(), work)
        if self.keep_up() and not standalone:
            raise renewed(self.path)
        try:
            with self._latch:
                self._make_sure(self.path, self._latch, standalone=standalone)
                result = self._transact(self._writing(self.path), work)
                self._retrace(self._latch)
                return result
        except OSError as error:
            raise lost(self.path, error) from error
        except UNREADABLE as error:  # already when it was opened for writing
            raise self._judged(error) from error

    @property
    def latch(self) -> Latch | None:
        """Give the latch of the file; None: nobody shares this memory."""
        return self._latch

    def rest(self) -> None:
        """Put what was written into the file, if it is much; a write never waits for that then.

        What fails is left to whoever writes next.
        """
        if self._writer is None or self._latch is None or self.path is None:
            return
        try:
            if os.stat(f"{self.path}-wal").st_size < REST_BYTES or not self._is_at_its_path():
                return
            with self._latch:
                self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
                self._retrace(self._latch)
        except (OSError, DatabaseError, *UNREADABLE):
            return

    def _reading(self) -> sqlite3.Connection:
        if self._reader is None:  # the last attempt to mend the database failed
            self.keep_up()
        assert self._reader is not None
        return self._reader

    def _writing(self, path: str) -> sqlite3.Connection:
        if self._writer is None:
            self._writer = connect(path, "rw")
            self._writer.execute("PRAGMA synchronous = NORMAL")
            self._writer.execute(f"PRAGMA journal_size_limit = {JOURNAL_BYTES:d}")
            if self.has_rests:
                self._writer.execute("PRAGMA wal_autocheckpoint = 0")
        return self._writer

    def _drop_connections(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = self._gathering = None
        self._kept_at = -1

    def _is_at_its_path(self) -> bool:
        try:
            return self.path is None or os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def _settle(self, latch: Latch, *, suspected: bool = False) -> bool:
        """Find out what is at our path; True: another database than the one we had open."""
        from plantrack.store import mending

        # Told by looking before closing: a file made after that may get the same inode.
        had_it_open = self._is_at_its_path()
        self._drop_connections()
        place = mending.Place(self.location, latch, self._vouch)
        settled = mending.settle(place, suspected=suspected)
        self._reader, self._inode = settled.opened.reader, settled.opened.inode
        if settled.notice:
            self.notices.append(settled.notice)
        return settled.is_new or not had_it_open

    def _make_sure(self, path: str, latch: Latch, *, standalone: bool) -> None:
        trace, found = latch.trace(), shelter.stat_file(path)
        if trace is not None and found is not None and trace.fits(found):
            same = found.st_ino == self._inode
            if same and self._marks() == (APPLICATION_ID, VERSION, trace.cookie):
                return
        if self._settle(latch) and not standalone:
            raise renewed(path)

    def _marks(self) -> tuple[int, int, int] | None:
        try:
            return marks(self._reading())
        except UNREADABLE:
            return None

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
        except UNREADABLE as error:
            raise self._judged(error) from error
        return result

    def _retrace(self, latch: Latch) -> None:
        """Note how we leave the file; only under the latch."""
        assert self.path is not None
        try:
            trace, found = latch.trace(), os.stat(self.path)
            if trace is not None and not trace.fits(found):
                latch.leave(Trace.of(found, trace.cookie))
        except OSError:
            return  # whoever opens it next looks closer

    def _lift(self) -> None:
        memory = prepare(sqlite3.connect(":memory:", isolation_level=None))
        self._reading().backup(memory)
        self._drop_connections()
        self.notices.append(f"{self.path} cannot be written: what is new is not remembered")
        self._reader, self.path, self._latch = memory, None, None

    def _judged(self, error: Unreadable) -> DatabaseError:
        if self.path is None or self._latch is None or code_of(error) not in DAMAGED:
            return explained(error, self.path)
        try:
            is_another = self._settle(self._latch, suspected=True)
        except OSError as why:
            return lost(self.path, why)
        return renewed(self.path) if is_another else passing(self.path)


def lost(path: str | None, error: OSError) -> DatabaseError:
    """Say that the database can be reached no longer."""
    return DatabaseError(
        f"database {path}: {error.strerror or error}; nothing was recorded",
        "check the disk and the rights on the folder, then run the command again",
    )


def passing(path: str) -> DatabaseError:
    """Say that the database at `path` only looked as if it was damaged."""
    return DatabaseError(
        f"database {path} could not be read for a moment; it was looked through and is sound",
        "run the command again, and have an eye on the disk if that happens more often",
    )


def renewed(path: str) -> Renewed:
    """Say that the database at `path` is another one now."""
    return Renewed(
        f"database {path} was deleted, replaced or damaged; it is new and empty now",
        "run the command again: everything is read anew",
    )
