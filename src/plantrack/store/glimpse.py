"""A quick look at where the memory is and whether it is sound, without changing anything."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.errors import DatabaseError
from plantrack.store import shelter
from plantrack.store.connection import connect
from plantrack.store.rows import Location
from plantrack.store.schema import identify
from plantrack.store.trouble import UNREADABLE, Damage, words_for

if TYPE_CHECKING:
    from collections.abc import Callable

SOUND, NONE_YET, DAMAGED = "sound", "none yet", "damaged"
REFUSED, IN_MEMORY = "refused", "in memory"


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a look showed."""

    location: Location
    reasons: tuple[str, ...]  # why not in a better place
    state: str  # one of the words above
    bytes: int = 0
    log_bytes: int = 0
    journal: str = ""
    format: int | None = None  # None: not known
    wrong: str = ""  # "": nothing
    remedy: str = ""  # "": to be made anew


def look(main_top: str, configured: str | None, is_tracked: Callable[[str], bool]) -> Glimpse:
    """Look where the memory of a main worktree is, or would be made.

    `is_tracked` tells whether git tracks a path, relative to `main_top`. Raises DatabaseError for a
    configured place that must not be used.
    """
    reasons: list[str] = []
    for location in shelter.places(main_top, configured):
        assert location.path is not None
        try:
            shelter.refuse_links(location)
            there = shelter.stat_file(location.path)
            if there is not None:
                shelter.voucher(location, main_top, is_tracked)()
                return _looked_into(location, tuple(reasons))
            if shelter.is_writable(location.path):
                return Glimpse(location, tuple(reasons), NONE_YET)
            reasons.append(f"{os.path.dirname(location.path)} cannot be written")
        except DatabaseError as error:
            return Glimpse(
                location, tuple(reasons), REFUSED, wrong=error.message, remedy=error.remedy
            )
        except OSError as error:
            reasons.append(f"{location.path}: {error.strerror or error}")
    return Glimpse(Location("memory", None), tuple(reasons), IN_MEMORY)


def sqlite_version() -> str:
    """Give the version of the library."""
    return sqlite3.sqlite_version


def _looked_into(location: Location, reasons: tuple[str, ...]) -> Glimpse:
    path = location.path
    assert path is not None
    size, log = (
        os.path.getsize(one) if os.path.exists(one) else 0 for one in (path, f"{path}-wal")
    )
    if not size:
        return Glimpse(location, reasons, DAMAGED, wrong=f"{path} is empty")
    try:
        connection = connect(path, "ro")
        try:
            journal, version, wrong = _of(connection, path)
        finally:
            connection.close()
    except DatabaseError as error:
        return Glimpse(
            location, reasons, REFUSED, size, log, wrong=error.message, remedy=error.remedy
        )
    except (Damage, *UNREADABLE) as error:
        said = str(error) if isinstance(error, Damage) else words_for(error)
        return Glimpse(location, reasons, DAMAGED, size, log, wrong=f"{path}: {said}")
    state = DAMAGED if wrong else SOUND
    return Glimpse(location, reasons, state, size, log, journal, version, wrong)


def _of(connection: sqlite3.Connection, path: str) -> tuple[str, int, str]:
    """Give how it is written, its version, and what is wrong with its structure."""
    version = identify(connection, path)
    ((said,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
    ((journal,),) = connection.execute("PRAGMA journal_mode").fetchall()
    return str(journal), version, "" if said == "ok" else f"{path}: {said}"
