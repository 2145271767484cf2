"""The tables of the past to what contradicts itself in them."""

# Theory of operation
#
# 1. The past carries no digests: it can be read again. But it says most things twice, so that a row
#    that is missing or was altered mostly contradicts another one.
# 2. Whatever one transaction writes must agree at any time, however far the past was read. What is
#    compared with the work tree, which another transaction writes, belongs to `balance`.
# 3. Each proof is one statement that gives the rows where it fails. What was seen in a work tree
#    first, and when, nothing else tells: a moment that is missing cannot be missed.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.store.lines import SUMS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_MOST = 20  # rows of one proof that are told


def failures(connection: sqlite3.Connection) -> Iterator[str]:
    """Say where the past contradicts itself, a sentence each, and at most some of a kind."""
    for words, statement in _PROOFS:
        for row in connection.execute(f"{statement} LIMIT {_MOST:d}").fetchall():
            yield words.format(*row)


def _unequal(key: str, rows: str, sums: str) -> str:
    """Give the groups of rows by `key` in which what `rows` add up to is not what `sums` do."""
    added = " OR ".join(f"sum({name}) <> 0" for name in SUMS)
    plus, minus = ", ".join(SUMS), ", ".join(f"-{name} AS {name}" for name in SUMS)
    return f"""
        SELECT {key}
        FROM (
            SELECT {key}, {plus} FROM {rows}
            UNION ALL
            SELECT {key}, {minus} FROM {sums}
        )
        GROUP BY {key}
        HAVING {added}
        """


_EFFECTS_OF_LINES = """
    line_revision
        JOIN document_version ON document_version.revision = line_revision.revision
        JOIN effect ON effect.version = document_version.serial
    """
_PATH_OF = """
    (
        SELECT path
        FROM document_version
        WHERE document_version.tracked = {tracked}
        ORDER BY serial DESC
        LIMIT 1
    )
    """
_PROOFS = (
    (
        "history of {0}: {1} changes of one revision are there, not {2}",
        """
        SELECT path, count(change.version) AS found, changes
        FROM document_version LEFT JOIN change ON change.version = document_version.serial
        GROUP BY document_version.serial
        HAVING found <> changes OR max(change.place) <> changes - 1
        """,
    ),
    (
        "history of {0}: a change has lost its words",
        """
        SELECT DISTINCT path
        FROM change JOIN document_version ON document_version.serial = change.version
        WHERE (wording_before IS NOT NULL AND wording_before NOT IN (SELECT serial FROM wording))
            OR (wording_after IS NOT NULL AND wording_after NOT IN (SELECT serial FROM wording))
            OR (state_before IS NULL) <> (wording_before IS NULL)
            OR (state_after IS NULL) <> (wording_after IS NULL)
        """,
    ),
    (
        "history of {0}: a change speaks of an item that is not there",
        """
        SELECT DISTINCT path
        FROM change JOIN document_version ON document_version.serial = change.version
        WHERE (parent_before IS NOT NULL AND parent_before NOT IN (SELECT serial FROM piece))
            OR (parent_after IS NOT NULL AND parent_after NOT IN (SELECT serial FROM piece))
            OR (origin IS NOT NULL AND origin NOT IN (SELECT serial FROM piece))
        """,
    ),
    (
        "history of {0}: the items of a version are not there",
        """
        SELECT DISTINCT path
        FROM document_version
        WHERE (blob IS NULL) <> (layout IS NULL)
            OR (layout IS NOT NULL AND layout NOT IN (SELECT serial FROM layout))
            OR layout IN (
                SELECT layout.serial
                FROM layout JOIN json_each(layout.pieces) AS place
                    LEFT JOIN piece
                        ON piece.serial = place.value AND piece.tracked = layout.tracked
                WHERE piece.serial IS NULL
            )
        """,
    ),
    (
        "history of {0}: the sums of a version are not those of its changes",
        """
        SELECT path
        FROM (
            SELECT version, 'leaves' AS unit,
                leaves_scope AS scope, leaves_done AS done, leaves_dropped AS dropped
            FROM change
            UNION ALL
            SELECT version, 'milestones', milestones_scope, milestones_done, milestones_dropped
            FROM change
            UNION ALL
            SELECT version, unit, -scope, -done, -dropped
            FROM effect
        ) JOIN document_version ON document_version.serial = version
        GROUP BY version, unit
        HAVING sum(scope) <> 0 OR sum(done) <> 0 OR sum(dropped) <> 0
        """,
    ),
    (
        "history of {0}: its amounts do not add up",
        """
        SELECT DISTINCT path
        FROM effect JOIN document_version ON document_version.serial = version
        WHERE scope <> added - cut_open - cut_done - cut_dropped
            OR done <> arrived_done + ticked - unticked - cut_done
            OR dropped <> arrived_dropped + given_up - taken_up - cut_dropped
                + dropped_at_finalisation + dropped_at_rewrite + dropped_with_document
        """,
    ),
    (
        "worktree {0}: its line has a gap",
        """
        SELECT top
        FROM line_revision
            JOIN worktree ON worktree.id = line_revision.worktree
            JOIN revision ON revision.serial = line_revision.revision
            LEFT JOIN line_revision AS past
                ON past.worktree = line_revision.worktree AND past.depth = line_revision.depth - 1
        WHERE revision.depth <> line_revision.depth
            OR revision.parent IS NOT past.revision
            OR (revision.parent IS NULL AND revision.depth > 0)
        GROUP BY top
        """,
    ),
    (
        "worktree {0}: its line does not end where it says",
        """
        SELECT top
        FROM worktree
            LEFT JOIN line ON line.worktree = worktree.id
            LEFT JOIN (
                SELECT worktree, revision, max(depth) FROM line_revision GROUP BY worktree
            ) AS last ON last.worktree = worktree.id
        WHERE line.revision IS NOT last.revision
        """,
    ),
    (
        "worktree {0}: the last version of {1} is not known",
        """
        SELECT top, found.path
        FROM (
            SELECT worktree, tracked, serial, path, max(depth)
            FROM line_revision
                JOIN document_version ON document_version.revision = line_revision.revision
            GROUP BY worktree, tracked
        ) AS found
            JOIN worktree ON worktree.id = found.worktree
            LEFT JOIN tip ON tip.worktree = found.worktree AND tip.tracked = found.tracked
        WHERE tip.version IS NOT found.serial
        """,
    ),
    (
        "worktree {0}: the last version of {1} is on no line",
        """
        SELECT top, path
        FROM tip
            JOIN worktree ON worktree.id = tip.worktree
            JOIN document_version ON document_version.serial = tip.version
        WHERE NOT EXISTS (
            SELECT 1
            FROM line_revision
            WHERE line_revision.worktree = tip.worktree
                AND line_revision.revision = document_version.revision
        )
        """,
    ),
    (
        "history of {0}: the sums of its days are not those of its changes",
        f"SELECT {_PATH_OF.format(tracked='unequal.tracked')} FROM ("
        + _unequal("worktree, tracked, unit", _EFFECTS_OF_LINES, "document_day")
        + ") AS unequal",
    ),
    (
        "worktree {0}: the sums of {2} are not those of its documents on that day",
        "SELECT top, unit, day FROM ("
        + _unequal("worktree, unit, day", "document_day", "day")
        + ") AS unequal JOIN worktree ON worktree.id = unequal.worktree",
    ),
    (
        "worktree {0}: a change that is not committed is missing",
        """
        SELECT top
        FROM overlay JOIN worktree ON worktree.id = overlay.worktree
        GROUP BY top
        HAVING count(*) <> max(place) + 1
        """,
    ),
)
