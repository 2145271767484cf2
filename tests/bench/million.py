"""A number of changes to a database that holds them, and ways to add them up by days."""

# Theory of operation
#
# 1. In every round each document gets nine steps, ticks eight of the round before, cuts the ninth
#    and rewords two older ones, in a commit of its own. Three years are filled evenly.
# 2. Rows are made inside SQLite. What is summed up for the line of a worktree (its days) is left to
#    the program: it is told to move the line to the last commit.
# 3. Which items stood in a version is true for the last one of each document alone. Nothing that is
#    measured reads the others.

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import trees
from plantrack import config, repo, sync
from plantrack.core import series
from plantrack.core.effects import Unit
from plantrack.core.past_view import BurndownView
from plantrack.core.series import Day
from plantrack.store import Store, open_store
from plantrack.store.chronicle import Ahead
from plantrack.views import series as views

FIRST = datetime(2023, 1, 2, 9, tzinfo=UTC)
SPAN = timedelta(days=1095)
LAST_DAY = (FIRST + SPAN).date()
A_ROUND = 20  # changes to one document, from the third round on

_ROUNDS = 250  # of a large database
_SCHEDULE = """
    CREATE TEMP TABLE happening AS
    WITH RECURSIVE one (serial) AS (
        SELECT 1
        UNION ALL
        SELECT serial + 1 FROM one WHERE serial < :documents * :rounds
    )
    SELECT serial, (serial - 1) / :documents AS round, (serial - 1) % :documents + 1 AS document
    FROM one
    """
# place, kind, reason, rounds since its item was added, which of the nine, states, scope and done
_HABITS = (
    *((n, "added", "open", 0, n, None, "todo", 1, 0) for n in range(9)),
    *((9 + n, "ticked", "", 1, n, "todo", "done", 0, 1) for n in range(8)),
    (17, "removed", "cut", 1, 8, "todo", None, -1, 0),
    (18, "reworded", "", 2, 0, "done", "done", 0, 0),
    (19, "reworded", "", 2, 1, "done", "done", 0, 0),
)
_HABIT = """
    CREATE TEMP TABLE habit (
        place, kind, reason, back, number, state_before, state_after, scope, done
    )
    """
_INSERT_HABIT = "INSERT INTO temp.habit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FACTS = (
    """
    INSERT INTO tracked (serial, basis, id)
    SELECT document, :basis, printf('%016x', document) FROM temp.happening WHERE round = 0
    """,
    """
    INSERT INTO revision (
        serial, basis, commit_id, parent, depth, time, author_time, author, subject
    )
    SELECT serial, :basis, printf('%040x', serial), nullif(serial - 1, 0), serial - 1,
        :first + serial * :step, :first + serial * :step,
        'Ada Example <ada@example.org>', 'Go on with the work'
    FROM temp.happening
    """,
    """
    INSERT INTO piece (serial, tracked, id)
    SELECT serial * 9 + number, document,
        printf('%08x', ((serial * 9 + number) * 2654435761) % 4294967296)
    FROM temp.happening, temp.habit
    WHERE kind = 'added'
    """,
    """
    INSERT INTO wording (serial, label, text)
    SELECT serial, '', 'Do what is to be done as number ' || serial FROM piece
    """,
    """
    INSERT INTO layout (serial, tracked, pieces)
    SELECT tracked, tracked, json_group_array(serial)
    FROM piece
    WHERE serial % 9 < 8 OR serial / 9 > :documents * (:rounds - 1)
    GROUP BY tracked
    """,
    """
    INSERT INTO document_version (serial, revision, tracked, path, title, blob, layout, changes)
    SELECT serial, serial, document, printf('docs/%04d.md', document), 'Tides',
        printf('%040x', serial), document, (SELECT count(*) FROM temp.habit WHERE back <= round)
    FROM temp.happening
    """,
    """
    INSERT INTO change (
        version, place, piece, kind, reason,
        line_before, kind_before, wording_before, state_before,
        optional_before, leaf_before, box_before,
        line_after, kind_after, wording_after, state_after, optional_after, leaf_after, box_after,
        leaves_scope, leaves_done, leaves_dropped,
        milestones_scope, milestones_done, milestones_dropped
    )
    SELECT serial, place, piece, kind, reason,
        iif(state_before IS NULL, NULL, 10), iif(state_before IS NULL, NULL, 'task'),
        iif(state_before IS NULL, NULL, piece), state_before,
        iif(state_before IS NULL, NULL, 0), iif(state_before IS NULL, NULL, 1),
        iif(state_before IS NULL, NULL, 1),
        iif(state_after IS NULL, NULL, 10), iif(state_after IS NULL, NULL, 'task'),
        iif(state_after IS NULL, NULL, piece + (kind = 'reworded')), state_after,
        iif(state_after IS NULL, NULL, 0), iif(state_after IS NULL, NULL, 1),
        iif(state_after IS NULL, NULL, 1),
        scope, done, 0, 0, 0, 0
    FROM (
        SELECT *, (serial - back * :documents) * 9 + number AS piece
        FROM temp.happening, temp.habit
        WHERE back <= round
        ORDER BY serial, place
    )
    """,
    """
    INSERT INTO effect (
        version, unit, scope, done, dropped, added, arrived_done, arrived_dropped, expanded,
        ticked, unticked, given_up, taken_up, cut_open, cut_done, cut_dropped,
        dropped_at_finalisation, dropped_at_rewrite, dropped_with_document, unexpanded_change
    )
    SELECT version, 'leaves', sum(leaves_scope), sum(leaves_done), 0, sum(kind = 'added'), 0, 0, 0,
        sum(kind = 'ticked'), 0, 0, 0, sum(kind = 'removed'), 0, 0, 0, 0, 0, 0
    FROM change
    GROUP BY version
    """,
)
_RAW = """
    SELECT date(clock, 'unixepoch') AS day,
        sum(leaves_scope), sum(leaves_done), sum(leaves_dropped)
    FROM line_revision
        JOIN revision ON revision.serial = line_revision.revision
        JOIN document_version ON document_version.revision = revision.serial
        JOIN change ON change.version = document_version.serial
    WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
    GROUP BY day
    ORDER BY day
    """


def plant(folder: Path, changes: int) -> Path:
    """Make a repository whose database holds about so many changes, or find it; give its top."""
    top = folder / f"{changes}-changes" / "repository"
    if (top.parent / trees.PLANTED).exists():
        return top
    top.mkdir(parents=True)
    trees.git(top, "init", "--quiet", "--initial-branch", "main")
    trees.git(top, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    fill(top, changes)
    (top.parent / trees.PLANTED).touch()
    return top


def fill(top: Path, changes: int) -> None:
    """Put about so many changes into the memory of a repository that had none."""
    documents = max(1, changes // (A_ROUND * _ROUNDS))
    rounds = changes // (A_ROUND * documents) + 1
    place, settings = repo.find_place(str(top)), config.load(top)
    with opened(top) as (store, connection):
        sync.refresh(place, store, settings, now=FIRST)
        line = store.past.line()
        assert line is not None
        ((basis,),) = connection.execute("SELECT id FROM basis").fetchall()
        names = {
            "basis": basis,
            "documents": documents,
            "rounds": rounds,
            "first": int(FIRST.timestamp()),
            "step": int(SPAN.total_seconds()) // (documents * rounds),
        }
        with connection:
            connection.execute(_SCHEDULE, names)
            connection.execute(_HABIT)
            connection.executemany(_INSERT_HABIT, _HABITS)
            for statement in _FACTS:
                connection.execute(statement, names)
        store.past.move(Ahead(line, line.basis, line.head, line.zone), documents * rounds, UTC)


@contextmanager
def opened(top: Path) -> Iterator[tuple[Store, sqlite3.Connection]]:
    """Open the memory of a repository, and its database beside it."""
    place = repo.find_place(str(top))
    where = (place.top, place.main_top, config.load(top).database)
    with open_store(*where, is_tracked=lambda _: False) as store:
        assert store.location.path is not None  # it is a file
        with closing(sqlite3.connect(store.location.path)) as connection:
            yield store, connection


def from_rollups(store: Store) -> tuple[Day, ...]:
    """Give every day the way a burndown does."""
    return series.fold(store.past.days(Unit.LEAVES), until=LAST_DAY)


def from_changes(connection: sqlite3.Connection, top: Path) -> list[tuple[str, int, int, int]]:
    """Add every change up: give each day with one, and how far scope, done and dropped rose."""
    return connection.execute(_RAW, (str(top),)).fetchall()


def burndown(store: Store) -> BurndownView:
    """Give all that `plantrack burndown` shows."""
    return views.burndown(store, views.Asked(Unit.LEAVES, LAST_DAY))
