"""What this program wrote into documents: told to the memory, and asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.store.contents import storable
from plantrack.store.listing import from_text, to_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from plantrack.store.database import Database


@dataclass(frozen=True, slots=True)
class Deed:
    """One mark that was put into a document."""

    path: str
    item: str  # public id, in full
    time: int  # unix seconds
    state_before: str
    state_after: str
    mark_before: str  # between the brackets
    mark_after: str
    line: str  # as it was left, without its line end
    note: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What was said when an item was given a state."""

    item: str  # public id, in full
    state: str
    time: int  # unix seconds
    text: str


class Deeds:
    """The deeds of one worktree; every method raises DatabaseError as those of Store do."""

    def __init__(self, worktree: str, database: Database) -> None:
        """Speak of the worktree with this top folder."""
        self._top = to_text(worktree)
        self._database = database

    def add(self, deeds: Sequence[Deed]) -> None:
        """Remember what one command did."""
        self._database.write(lambda one: _add(one, self._top, deeds), standalone=True)

    def last(self) -> tuple[int, tuple[Deed, ...]]:
        """Give the last act that was not taken back, and its deeds in order; (0, ()): none."""
        rows = self._database.read(
            """
            SELECT act, path, item, time, state_before, state_after, mark_before, mark_after, line,
                note
            FROM deed
            WHERE top = ?1
                AND undone = 0
                AND act = (SELECT max(act) FROM deed WHERE top = ?1 AND undone = 0)
            ORDER BY serial
            """,
            (self._top,),
        )
        deeds = tuple(Deed(from_text(path), *rest) for _, path, *rest in rows)
        return (rows[0][0] if rows else 0), deeds

    def take_back(self, act: int) -> None:
        """Remember that an act was taken back."""
        self._database.write(
            lambda one: one.execute("UPDATE deed SET undone = 1 WHERE act = ?", (act,)),
            standalone=False,
        )

    def notes(self, items: Iterable[str]) -> tuple[Note, ...]:
        """Give what was noted of items, whatever the worktree, in the order it was done."""
        wanted = frozenset(items)
        rows = self._database.read(
            """
            SELECT item, state_after, time, note
            FROM deed
            WHERE note <> '' AND undone = 0
            ORDER BY serial
            """
        )
        return tuple(Note(*row) for row in rows if row[0] in wanted)


def _add(connection: sqlite3.Connection, top: str, deeds: Sequence[Deed]) -> None:
    ((act,),) = connection.execute("SELECT coalesce(max(act), 0) + 1 FROM deed").fetchall()
    connection.executemany(
        """
        INSERT INTO deed (
            act, top, path, item, time, state_before, state_after, mark_before, mark_after, line,
            note, undone
        )
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
        """,
        [
            storable((
                act, top, to_text(one.path), one.item, one.time, one.state_before, one.state_after,
                one.mark_before, one.mark_after, one.line, one.note,
            ))
            for one in deeds
        ],
    )  # fmt: skip
