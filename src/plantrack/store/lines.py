"""The line of a worktree: moved along its revisions, and what is summed up of it."""

# Theory of operation
#
# 1. A worktree stands at one revision. Moving it takes the revisions off that the new line does not
#    have and puts on those the old one had not; both are one chain each from where the lines part.
# 2. Days are sums over the revisions of the line, so those taken off are subtracted and those put
#    on added. What comes to nothing is no row, whatever way led there.
# 3. A revision counts for the day its clock shows in the time zone of the line; see `placing`.
# 4. What a work tree had first and a commit now carries is noted for that commit. When a commit is
#    taken off, the work tree is said to have had it since then: so the note goes along to one that
#    takes its place (amended, rebased, squashed), or stays with what was not committed after all.
# 5. A worktree whose basis or time zone changed begins anew.

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from plantrack.store import placing
from plantrack.store.chronicle import Ahead, Line
from plantrack.store.listing import to_text
from plantrack.store.scribe import AMOUNTS, LEVELS, Scribe
from plantrack.store.trouble import Overtaken

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from datetime import tzinfo

    from plantrack.store.chronicle import RevisionRecord
    from plantrack.store.placing import Placed

SUMS = (*LEVELS, *AMOUNTS)
_NAMES = ", ".join(SUMS)
_ADDED = ", ".join(f"sum(sign * {name})" for name in SUMS)
_RAISED = ", ".join(f"{name} = {name} + excluded.{name}" for name in SUMS)
_ALL_ZERO = " AND ".join(f"{name} = 0" for name in SUMS)


def current(connection: sqlite3.Connection, top: str) -> Line | None:
    """Give the line of a worktree; None: it has none yet."""
    rows = connection.execute(
        """
        SELECT basis.name, line.head, revision, zone, moves
        FROM line
            JOIN worktree ON worktree.id = line.worktree
            JOIN basis ON basis.id = line.basis
        WHERE top = ?
        """,
        (to_text(top),),
    ).fetchall()
    return Line(*rows[0]) if rows else None


def extend(
    connection: sqlite3.Connection,
    top: str,
    ahead: Ahead,
    revisions: Sequence[RevisionRecord],
    zone: tzinfo | None,
) -> Line:
    """Write revisions that follow the end of the line, and move it there.

    Raises Overtaken when the line is not `ahead.base` any more.
    """
    line = _expected(connection, top, ahead)
    parent = line.revision if line is not None and line.basis == ahead.basis else None
    basis = basis_id(connection, ahead.basis)
    serials = Scribe(connection, basis).write(revisions, parent)
    return move(connection, top, ahead, serials[-1] if serials else parent, zone)


def move(
    connection: sqlite3.Connection,
    top: str,
    ahead: Ahead,
    revision: int | None,
    zone: tzinfo | None,
) -> Line:
    """Let the line of a worktree end at a revision; None: let it be empty.

    Raises Overtaken when the line is not `ahead.base` any more.
    """
    line = _expected(connection, top, ahead)
    worktree = _worktree(connection, top)
    basis = basis_id(connection, ahead.basis)
    if line is not None and (line.basis, line.zone) != (ahead.basis, ahead.zone):
        _begin_anew(connection, worktree)
    mover = _Mover(connection, worktree, zone)
    mover.go(revision)
    moves = (line.moves if line else 0) + 1
    connection.execute(
        """
        INSERT OR REPLACE INTO line (worktree, basis, head, revision, zone, moves)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
        (worktree, basis, ahead.head, revision, ahead.zone, moves),
    )
    if line is not None and line.basis != ahead.basis:
        _forget_unused(connection)
    return Line(ahead.basis, ahead.head, revision, ahead.zone, moves)


def forget(connection: sqlite3.Connection, name: str) -> None:
    """Let a basis be unknown; lines that stand on it keep it until they move."""
    connection.execute(
        "UPDATE basis SET name = 'superseded ' || id || ' ' || name WHERE name = ?", (name,)
    )


def basis_id(connection: sqlite3.Connection, name: str) -> int:
    """Give the id of a basis, entered if it is new."""
    connection.execute("INSERT INTO basis (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    ((found,),) = connection.execute("SELECT id FROM basis WHERE name = ?", (name,)).fetchall()
    return int(found)


def _expected(connection: sqlite3.Connection, top: str, ahead: Ahead) -> Line | None:
    line = current(connection, top)
    if line != ahead.base:
        raise Overtaken(
            f"the history of {top} was brought up to date by another process; nothing was recorded",
            "run the command again",
        )
    return line


def _worktree(connection: sqlite3.Connection, top: str) -> int:
    connection.execute(
        """
        INSERT INTO worktree (
            top, generation, config, parser, head, listing, listing_seal,
            documents, planned, items, seal
        )
        VALUES (?, 0, '', 0, NULL, x'', 0, 0, 0, 0, 0)
        ON CONFLICT (top) DO NOTHING
        """,
        (to_text(top),),
    )
    ((found,),) = connection.execute(
        "SELECT id FROM worktree WHERE top = ?", (to_text(top),)
    ).fetchall()
    return int(found)


def _begin_anew(connection: sqlite3.Connection, worktree: int) -> None:
    for table in ("line", "line_revision", "tip", "day", "document_day"):
        connection.execute(f"DELETE FROM {table} WHERE worktree = ?", (worktree,))


def _forget_unused(connection: sqlite3.Connection) -> None:
    done = connection.execute("DELETE FROM basis WHERE id NOT IN (SELECT basis FROM line)")
    if done.rowcount:
        _drop_wordings(connection)


def _drop_wordings(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        DELETE FROM wording
        WHERE serial NOT IN (
            SELECT wording_before FROM change WHERE wording_before IS NOT NULL
            UNION
            SELECT wording_after FROM change WHERE wording_after IS NOT NULL
        )
        """
    )


class _Mover:
    """One move of one worktree."""

    def __init__(self, connection: sqlite3.Connection, worktree: int, zone: tzinfo | None) -> None:
        self._connection = connection
        self._worktree = worktree
        self._zone = zone

    def go(self, revision: int | None) -> None:
        """Bring everything that hangs on the line to a line that ends at `revision`."""
        common, entered = placing.part(self._connection, self._worktree, revision)
        depth, clocked = placing.clocked(self._connection, self._worktree, common, entered)
        if depth < common:
            self._go(depth, [])
        self._go(depth, clocked)

    def _go(self, common: int, entered: Sequence[Placed]) -> None:
        """Keep the line up to a depth, and put revisions on it; they come with their clocks."""
        left = self._connection.execute(
            "SELECT revision, clock FROM line_revision WHERE worktree = ? AND depth > ?",
            (self._worktree, common),
        ).fetchall()
        if not left and not entered:
            return
        self._name_moving(left, [(serial, clock) for serial, _, clock in entered])
        self._connection.execute(
            "DELETE FROM line_revision WHERE worktree = ? AND depth > ?",
            (self._worktree, common),
        )
        self._connection.executemany(
            "INSERT INTO line_revision (worktree, revision, depth, clock) VALUES (?, ?, ?, ?)",
            [(self._worktree, *placed) for placed in entered],
        )
        self._sum_up()
        if left:
            self._turn_tips()
        else:
            self._push_tips()
        if left:
            self._take_sight_back()
        if self._are_sightings():  # a first reading has much to look through, and there are none
            self._note_observations()
        self._connection.execute("DROP TABLE temp.moving")

    def _name_moving(
        self, left: Sequence[tuple[int, int]], entered: Sequence[tuple[int, int]]
    ) -> None:
        self._connection.execute("DROP TABLE IF EXISTS temp.moving")
        self._connection.execute(
            "CREATE TEMP TABLE moving (revision INTEGER PRIMARY KEY, sign INTEGER, day TEXT)"
        )
        for sign, revisions in ((-1, left), (1, entered)):
            self._connection.executemany(
                "INSERT INTO temp.moving (revision, sign, day) VALUES (?, ?, ?)",
                [(serial, sign, self._day(clock)) for serial, clock in revisions],
            )

    def _day(self, clock: int) -> str:
        try:
            return datetime.fromtimestamp(clock, self._zone).date().isoformat()
        except (OverflowError, ValueError):  # in this zone it is the year 10000 already
            return date.max.isoformat()

    def _sum_up(self) -> None:
        source = f"""
            SELECT ?1, {{key}} unit, day, {_ADDED}
            FROM temp.moving
                JOIN document_version ON document_version.revision = moving.revision
                JOIN effect ON effect.version = document_version.serial
            WHERE true
            GROUP BY {{key}} unit, day
            """
        for table, key, conflict in (
            ("day", "", "worktree, unit, day"),
            ("document_day", "tracked, ", "worktree, tracked, unit, day"),
        ):
            self._connection.execute(
                f"""
                INSERT INTO {table} (worktree, {key} unit, day, {_NAMES})
                {source.format(key=key)}
                ON CONFLICT ({conflict}) DO UPDATE SET {_RAISED}
                """,
                (self._worktree,),
            )
        self._drop_nothings()

    def _drop_nothings(self) -> None:
        self._connection.execute(
            f"""
            DELETE FROM day
            WHERE worktree = ? AND day IN (SELECT day FROM temp.moving) AND {_ALL_ZERO}
            """,
            (self._worktree,),
        )
        self._connection.execute(
            f"""
            DELETE FROM document_day
            WHERE worktree = ?
                AND tracked IN (
                    SELECT tracked
                    FROM temp.moving
                        JOIN document_version ON document_version.revision = moving.revision
                )
                AND {_ALL_ZERO}
            """,
            (self._worktree,),
        )

    def _push_tips(self) -> None:
        """Bring the tips forward: nothing was taken off, so what was put on comes last."""
        self._connection.execute(
            """
            WITH found AS (
                SELECT document_version.tracked, document_version.serial, depth,
                    CASE WHEN changes > 0 THEN clock END AS time,
                    clock AS any_time
                FROM temp.moving
                    JOIN document_version ON document_version.revision = moving.revision
                    JOIN line_revision
                        ON line_revision.revision = moving.revision
                        AND line_revision.worktree = ?1
            ),
            latest AS (SELECT tracked, serial, max(depth) FROM found GROUP BY tracked),
            changed AS (
                SELECT tracked, time, max(depth) FROM found WHERE time IS NOT NULL GROUP BY tracked
            ),
            first AS (SELECT tracked, any_time, min(depth) FROM found GROUP BY tracked)
            INSERT OR REPLACE INTO tip (worktree, tracked, version, changed)
            SELECT ?1, latest.tracked, latest.serial,
                coalesce(changed.time, tip.changed, first.any_time)
            FROM latest
                JOIN first ON first.tracked = latest.tracked
                LEFT JOIN changed ON changed.tracked = latest.tracked
                LEFT JOIN tip ON tip.worktree = ?1 AND tip.tracked = latest.tracked
            """,
            (self._worktree,),
        )

    def _turn_tips(self) -> None:
        """Find the tips of what was taken off or put on anew."""
        touched = """
            SELECT tracked
            FROM temp.moving
                JOIN document_version ON document_version.revision = moving.revision
            """
        self._connection.execute(
            f"DELETE FROM tip WHERE worktree = ? AND tracked IN ({touched})",
            (self._worktree,),
        )
        # A column beside max() comes from the row that has the maximum. Versions without a change
        # count for the time only where there is no other: at the beginning of a document.
        self._connection.execute(
            f"""
            WITH found AS (
                SELECT document_version.*, line_revision.depth AS depth, clock AS time
                FROM document_version
                    JOIN line_revision
                        ON line_revision.revision = document_version.revision
                        AND line_revision.worktree = ?1
                WHERE document_version.tracked IN ({touched})
            ),
            latest AS (SELECT tracked, serial, max(depth) FROM found GROUP BY tracked),
            changed AS (
                SELECT tracked, time, max(CASE WHEN changes > 0 THEN depth ELSE -1 - depth END)
                FROM found
                GROUP BY tracked
            )
            INSERT INTO tip (worktree, tracked, version, changed)
            SELECT ?1, latest.tracked, latest.serial, changed.time
            FROM latest JOIN changed ON changed.tracked = latest.tracked
            """,
            (self._worktree,),
        )

    def _take_sight_back(self) -> None:
        """Give the work tree back what commits that were taken off had from it."""
        self._connection.execute(
            """
            INSERT INTO sighting (worktree, item, state, seen)
            SELECT ?, item, state, min(seen)
            FROM temp.moving
                JOIN revision ON revision.serial = moving.revision
                JOIN observation ON observation.commit_id = revision.commit_id
            WHERE moving.sign = -1
            GROUP BY item, state
            ON CONFLICT DO UPDATE SET seen = min(seen, excluded.seen)
            """,
            (self._worktree,),
        )

    def _are_sightings(self) -> bool:
        return bool(
            self._connection.execute(
                "SELECT 1 FROM sighting WHERE worktree = ? LIMIT 1", (self._worktree,)
            ).fetchall()
        )

    def _note_observations(self) -> None:
        self._connection.execute(
            """
            INSERT OR IGNORE INTO observation (commit_id, item, state, seen)
            SELECT revision.commit_id, found.item, found.state, found.seen
            FROM sighting AS found
                JOIN piece ON piece.id = found.item
                JOIN change ON change.piece = piece.serial AND change.state_after = found.state
                JOIN document_version ON document_version.serial = change.version
                JOIN revision ON revision.serial = document_version.revision
                JOIN temp.moving ON moving.revision = revision.serial AND moving.sign = 1
            WHERE found.worktree = ?
                AND change.state_before IS NOT change.state_after
                AND revision.commit_id IS NOT NULL
                AND found.seen <= revision.time
            """,
            (self._worktree,),
        )
