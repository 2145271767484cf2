"""Plans that were parsed before: kept by what they were read from, dropped when nobody asks."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from plantrack.store.reads import Read
    from plantrack.store.recording import CachedPlan

KEPT_DAYS = 60
KEPT_PLANS = 20_000


def find(read: Read, blob: str, context: str) -> str | None:
    """Give the text of a plan as it was saved; None: it is not there, or not as it was saved."""
    for text, seal in read(
        """
        SELECT plan, seal
        FROM version
        WHERE blob = ? AND context = ?
        """,
        (blob, context),
    ):
        if zlib.crc32(text.encode()) == seal:
            return str(text)
    return None


def save(connection: sqlite3.Connection, plans: Iterable[CachedPlan], day: int) -> None:
    """Keep plans, inside the caller's transaction."""
    connection.executemany(
        """
        INSERT OR REPLACE INTO version (blob, context, plan, seal, used_day)
        VALUES (?, ?, ?, ?, ?)
        """,
        [(one.blob, one.context, one.text, zlib.crc32(one.text.encode()), day) for one in plans],
    )


def is_due(connection: sqlite3.Connection, day: int) -> bool:
    """Tell whether the cache has not aged yet today, or knows a day that is still to come."""
    ((newest,),) = connection.execute("SELECT max(used_day) FROM version").fetchall()
    return newest is not None and newest != day


def age(connection: sqlite3.Connection, day: int) -> None:
    """Note what the documents of today need, and drop what none needed for long."""
    # Of the plans of one document the last saved is in use: the others have an older context.
    connection.execute(
        """
        UPDATE version
        SET used_day = ?1
        WHERE used_day > ?1
            OR rowid IN (
                SELECT max(version.rowid)
                FROM version JOIN document ON document.blob = version.blob
                GROUP BY version.blob
            )
        """,
        (day,),
    )
    connection.execute("DELETE FROM version WHERE used_day < ?", (day - KEPT_DAYS,))
    connection.execute(
        """
        DELETE FROM version
        WHERE rowid IN (
            SELECT rowid
            FROM version
            ORDER BY used_day DESC, rowid DESC
            LIMIT -1 OFFSET ?
        )
        """,
        (KEPT_PLANS,),
    )
