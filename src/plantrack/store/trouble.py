"""What SQLite complains of, in words for the user."""

from __future__ import annotations

import sqlite3

from plantrack.errors import DatabaseError

ANY = 1  # SQLITE_ERROR: also what is raised without a code
DAMAGED = (11, 26)  # SQLITE_CORRUPT, SQLITE_NOTADB
PASSING = (3, 5, 6, 7, 8, 9, 10, 13, 14)  # of the moment or the place: no verdict on the file

WORDS = {
    5: "another program keeps it locked",
    6: "another program keeps it locked",
    8: "it cannot be written",
    10: "reading or writing the disk failed",
    13: "the disk is full",
    14: "it cannot be opened",
}
REMEDIES = {
    5: "close the other program, then run the command again",
    6: "close the other program, then run the command again",
    10: "check the disk and its quotas, then run the command again",
    13: "free some space, then run the command again",
}


class Renewed(DatabaseError):
    """The database was deleted, replaced or damaged; the one in its place is empty.

    What was read from the old one is void: whoever catches this reads everything anew.
    """


class Overtaken(DatabaseError):
    """Another process recorded in the meantime; nothing was written.

    Whoever catches this takes the new snapshot and compares the files with that.
    """


class Damage(Exception):  # noqa: N818 - a verdict between the modules of this package, no error
    """The database is ours and cannot be trusted any more."""


def code_of(error: sqlite3.Error) -> int:
    """Give SQLite's primary result code."""
    # Errors the Python module raises by itself, as for text that is no UTF-8, carry no code.
    return getattr(error, "sqlite_errorcode", ANY) & 0xFF


def words_for(error: sqlite3.Error) -> str:
    """Say what happened."""
    return WORDS.get(code_of(error), str(error))


def explained(error: sqlite3.Error, path: str | None) -> DatabaseError:
    """Say what happened to the database at `path` (None: the one in memory) and what to do."""
    return DatabaseError(
        f"database {path or 'in memory'}: {words_for(error)}; nothing was recorded",
        REMEDIES.get(
            code_of(error),
            "see `plantrack db check`; the database may be deleted at any time",
        ),
    )
