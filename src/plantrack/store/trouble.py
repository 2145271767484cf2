"""What SQLite complains of, in words for the user."""

from __future__ import annotations

from plantrack.errors import DatabaseError
from plantrack.store.engine import sqlite3

# What a statement raises when the database is to blame.
UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
Unreadable = sqlite3.Error | UnicodeDecodeError

ANY = 1  # SQLITE_ERROR
CORRUPT = 11  # SQLITE_CORRUPT
DAMAGED = (CORRUPT, 26)  # SQLITE_NOTADB
PASSING = (3, 5, 6, 7, 8, 9, 10, 13, 14)  # of the moment or the place: no verdict on the file

UNREAD = "error code="  # what the number of an error stands after in a check of the structure

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


class Damage(Exception):
    """The database is ours and cannot be trusted any more."""


def code_of(error: Unreadable) -> int:
    """Give SQLite's primary result code."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        return int(code) & 0xFF
    # Python's own: text that is no UTF-8, which nobody wrote, or a mistake of ours.
    return ANY if isinstance(error, sqlite3.ProgrammingError) else CORRUPT


def refuse_passing(line: str) -> None:
    """Raise what SQLite met while it checked the structure, unless that is damage.

    It tells of a page that could not be read as it tells of one that is wrong.
    """
    _, found, code = line.rpartition(UNREAD)
    if found and int(code.split()[0]) & 0xFF in PASSING:
        error = sqlite3.OperationalError(line)
        error.sqlite_errorcode = int(code.split()[0])
        raise error


def words_for(error: Unreadable) -> str:
    """Say what happened."""
    return WORDS.get(code_of(error), str(error))


def explained(error: Unreadable, path: str | None) -> DatabaseError:
    """Say what happened to the database at `path` (None: the one in memory) and what to do."""
    return DatabaseError(
        f"database {path or 'in memory'}: {words_for(error)}; nothing was recorded",
        REMEDIES.get(
            code_of(error),
            "see `plantrack db check`; the database may be deleted at any time",
        ),
    )
