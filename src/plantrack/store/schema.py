"""The tables, as numbered migrations, and how to tell a database of ours from another."""

# Theory of operation
#
# 1. The migrations are append-only: number n brings a database from user_version n - 1 to n. What
#    was released is never edited, because databases out there were made by it.
# 2. A database is ours when its application_id is and its schema is, statement by statement, what
#    the first user_version migrations make: a trigger somebody added would run at every write.
# 3. A document, with all that hangs on it, is the present of one worktree: it can be read again at
#    any time, and goes with its worktree.

from __future__ import annotations

from plantrack.errors import DatabaseError
from plantrack.store.connection import APPLICATION_ID, VERSION
from plantrack.store.engine import sqlite3
from plantrack.store.trouble import Damage

TYPE_CHECKING = False
if TYPE_CHECKING:
    Connection = sqlite3.Connection

PRESENT: tuple[str, ...] = (
    """
        CREATE TABLE worktree (  -- one work tree, as it was last recorded
            id            INTEGER PRIMARY KEY,  -- of this row, nothing more
            top           TEXT    NOT NULL UNIQUE,  -- absolute path of its top folder
            generation    INTEGER NOT NULL,  -- how many times it was recorded
            config        TEXT    NOT NULL,  -- fingerprint of the configuration it was read under
            parser        INTEGER NOT NULL,  -- version of the parser it was read with
            head          TEXT,              -- commit it stood on; NULL: none
            listing       BLOB    NOT NULL,  -- folders, controls, documents and stamps, packed
            listing_seal  INTEGER NOT NULL,  -- CRC-32 of config, parser, head and listing
            documents     INTEGER NOT NULL,  -- rows of document
            planned       INTEGER NOT NULL,  -- of these, plans that are no duplicates
            items         INTEGER NOT NULL,  -- rows of item
            seal          INTEGER NOT NULL   -- exclusive or over the digests of its documents
        ) STRICT
        """,
    """
        CREATE TABLE document (  -- one file of a work tree that holds boxes, or cannot be read
            id                 INTEGER PRIMARY KEY,  -- of this row, nothing more
            worktree           INTEGER NOT NULL  -- where it stands
                               REFERENCES worktree (id) ON DELETE CASCADE,
            path               TEXT    NOT NULL,  -- from the top; after "//", %xx is a byte
            blob               TEXT,              -- git blob id of its bytes; NULL: unreadable
            title              TEXT    NOT NULL,  -- '' where it has none
            dialect            TEXT    NOT NULL,  -- '' without a plan
            shape              TEXT    NOT NULL,  -- of its plan sections, joined by ' + '
            status_text        TEXT    NOT NULL,  -- its Status as written; '' where there is none
            family             TEXT    NOT NULL,  -- draft, active, done, dead, reference, unknown
            planned            INTEGER NOT NULL,  -- 1: holds a plan; 0: boxes only, or unreadable
            has_checklist      INTEGER NOT NULL,  -- 1: there is something to count
            milestones_done    INTEGER NOT NULL,  -- finished ones
            milestones_total   INTEGER NOT NULL,  -- all but the dropped
            milestones_dropped INTEGER NOT NULL,  -- dropped ones
            leaves_done        INTEGER NOT NULL,  -- ticked boxes with no box inside
            leaves_total       INTEGER NOT NULL,  -- all but the dropped
            leaves_dropped     INTEGER NOT NULL,  -- dropped ones
            optional_open      INTEGER NOT NULL,  -- open optional leaves, outside leaves_total
            unboxed            INTEGER NOT NULL,  -- labelled headings without boxes
            frozen             INTEGER NOT NULL,  -- open leaves although its status says it is over
            boxes_outside      INTEGER NOT NULL,  -- task items outside the plan
            last_change        INTEGER,           -- of the checklist, unix seconds; NULL: unknown
            duplicate_of       TEXT,              -- path of the identical document that is shown
            rank               INTEGER,           -- 0 is best; NULL: not to be worked on
            action             TEXT    NOT NULL,  -- of the pointer; '' without one
            reason             TEXT    NOT NULL,  -- of the pointer, plain words
            line               INTEGER NOT NULL,  -- of the pointer's target, from 1; 0 without one
            item               TEXT    NOT NULL,  -- id of the pointer's target; '' without one
            text               TEXT    NOT NULL,  -- of the pointer's target
            notes              TEXT    NOT NULL,  -- of the pointer's target
            milestone_item     TEXT,              -- id; '': no node; NULL: no milestone
            milestone_line     INTEGER NOT NULL,  -- from 1; 0 without one
            milestone_label    TEXT    NOT NULL,  -- as written; '' where there is none
            milestone_title    TEXT    NOT NULL,  -- '' without a milestone
            left_behind        INTEGER NOT NULL,  -- rows of mention with that role
            flags              INTEGER NOT NULL,  -- rows of finding of that kind
            skipped            INTEGER NOT NULL,  -- rows of finding of that kind
            items              INTEGER NOT NULL,  -- rows of item
            seal               INTEGER NOT NULL,  -- digest of what was recorded of it
            UNIQUE (worktree, path)
        ) STRICT
        """,
    """
        CREATE INDEX document_by_rank
            ON document (worktree, rank, last_change DESC, path)
            WHERE rank IS NOT NULL AND duplicate_of IS NULL
        """,
    """
        CREATE TABLE section (  -- one plan section of a document
            document  INTEGER NOT NULL   -- whose it is
                      REFERENCES document (id) ON DELETE CASCADE,
            place     INTEGER NOT NULL,  -- among the sections of its document, from 0
            heading   TEXT    NOT NULL,  -- as written; '' for a whole-file plan
            line      INTEGER NOT NULL,  -- from 1
            end_line  INTEGER NOT NULL,  -- from 1, the last line that belongs to it
            shape     TEXT    NOT NULL,  -- nested, grouped, indexed, headed, flat, no checklist
            implicit  INTEGER NOT NULL,  -- 1: no plan heading, labelled headings made it a plan
            PRIMARY KEY (document, place)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE item (  -- one milestone, step or task as it stands
            document  INTEGER NOT NULL   -- whose it is
                      REFERENCES document (id) ON DELETE CASCADE,
            position  INTEGER NOT NULL,  -- in document order, from 0
            worktree  INTEGER NOT NULL,  -- of its document: ids are looked up in one worktree
            id        TEXT    NOT NULL,  -- public, in full
            parent    INTEGER,           -- position of the item above; NULL: its section
            section   INTEGER NOT NULL,  -- place of its section
            kind      TEXT    NOT NULL,  -- group, milestone, step, task
            state     TEXT    NOT NULL,  -- todo, doing, done, dropped
            label     TEXT    NOT NULL,  -- 'Milestone 3', as written; '' where there is none
            title     TEXT    NOT NULL,  -- text without label and emphasis
            text      TEXT    NOT NULL,  -- first paragraph, as written, on one line
            line      INTEGER NOT NULL,  -- from 1
            mark      TEXT,              -- between its brackets; NULL: it has no box of its own
            optional  INTEGER NOT NULL,  -- 1: by its own star or one above
            struck    INTEGER NOT NULL,  -- 1: its whole lead is struck through
            notes     TEXT    NOT NULL,  -- what stands below it besides boxes
            tags      TEXT    NOT NULL,  -- JSON list of strings
            PRIMARY KEY (document, position)
        ) STRICT
        """,
    """
        CREATE INDEX item_by_id
            ON item (worktree, id)
        """,
    """
        CREATE TABLE mention (  -- one line of the lists of a document: what is next or left behind
            document  INTEGER NOT NULL   -- whose it is
                      REFERENCES document (id) ON DELETE CASCADE,
            role      TEXT    NOT NULL,  -- alternative, caution, left behind, then: of the pointer;
                                         -- unboxed: of a section, a labelled heading without boxes
            place     INTEGER NOT NULL,  -- among those of its role, from 0
            section   INTEGER,           -- place of the section; NULL: of the pointer
            position  INTEGER,           -- of the item; -1: a heading that is none; NULL: a caution
            item      TEXT    NOT NULL,  -- its id; '' where it has none
            line      INTEGER NOT NULL,  -- from 1; 0 for a caution
            label     TEXT    NOT NULL,  -- '' where it has none
            title     TEXT    NOT NULL,  -- for a caution: its words
            PRIMARY KEY (document, role, place)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE finding (  -- one remark on a document, or on the listing of a work tree
            worktree  INTEGER NOT NULL   -- where it was found
                      REFERENCES worktree (id) ON DELETE CASCADE,
            document  INTEGER            -- NULL: of the listing
                      REFERENCES document (id) ON DELETE CASCADE,
            kind      TEXT    NOT NULL,  -- flag: of a document; skipped: not read; listing
            place     INTEGER NOT NULL,  -- among those of its kind and document, from 0
            path      TEXT    NOT NULL,  -- as in document
            line      INTEGER NOT NULL,  -- from 1; 0 speaks of the whole
            code      TEXT    NOT NULL,  -- stable, kebab-case
            message   TEXT    NOT NULL   -- a sentence
        ) STRICT
        """,
    """
        CREATE INDEX finding_by_document
            ON finding (worktree, document, kind, place)
        """,
    """
        CREATE INDEX finding_of_document
            ON finding (document)
        """,
    """
        CREATE TABLE version (  -- one parsed plan, kept because the same bytes come again
            blob      TEXT    NOT NULL,  -- git blob id of a document's bytes
            context   TEXT    NOT NULL,  -- what else its reading depends on: parser, rules, path
            plan      TEXT    NOT NULL,  -- the plan that was read, packed as JSON
            seal      INTEGER NOT NULL,  -- CRC-32 of plan
            used_day  INTEGER NOT NULL,  -- when it was last needed, days since 1970-01-01
            PRIMARY KEY (blob, context)
        ) STRICT
        """,
    """
        CREATE INDEX version_by_day
            ON version (used_day)
        """,
)


def migrations() -> tuple[tuple[str, ...], ...]:
    """Give the statements of every migration, the first one first."""
    # Opening a database that is up to date needs none of them.
    from plantrack.store.deed_schema import DEEDS
    from plantrack.store.past_schema import PAST
    from plantrack.store.past_views import VIEWS

    return (PRESENT, (*PAST, *VIEWS), DEEDS)


def migrate(connection: Connection, *, start: int) -> None:
    """Bring a database from version `start` to VERSION, inside the caller's transaction."""
    for statements in migrations()[start:]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID:d}")
    connection.execute(f"PRAGMA user_version = {VERSION:d}")


def identify(connection: Connection, name: str) -> int:
    """Give the version of a database of ours, its schema checked; nothing else is read of it.

    Raises DatabaseError for a newer or foreign one, and Damage for one that was ours once.
    """
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if application == APPLICATION_ID and version > VERSION:
        raise _newer(name, version)
    found, newest = _objects(connection), _expected(VERSION)
    if application != APPLICATION_ID and found != newest:
        raise _foreign(name, application)
    extra = sorted({name for name, _ in found} - {name for name, _ in newest})
    if extra:
        raise _tampered(name, extra)
    if application != APPLICATION_ID or found != _expected(version):
        raise Damage("its schema is not what it was made with")
    return version


def _objects(connection: Connection) -> frozenset[tuple[str, str]]:
    # The names SQLite reserves are indexes of its own and the statistics of ANALYZE.
    return frozenset(
        connection.execute(
            """
            SELECT type || ' ' || name, coalesce(sql, '')
            FROM sqlite_master
            WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!'
            """
        ).fetchall()
    )


def _expected(version: int) -> frozenset[tuple[str, str]]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for statements in migrations()[: max(version, 0)]:
            for statement in statements:
                connection.execute(statement)
        return _objects(connection)
    finally:
        connection.close()


def _newer(name: str, version: int) -> DatabaseError:
    return DatabaseError(
        f"database {name} has format {version}, this plantrack knows {VERSION}; it was not touched",
        "upgrade plantrack",
    )


def _foreign(name: str, application: int) -> DatabaseError:
    return DatabaseError(
        f"database {name} belongs to another program (application id {application}); not touched",
        "move it away, or name another place with `database` in the configuration",
    )


def _tampered(name: str, extra: list[str]) -> DatabaseError:
    return DatabaseError(
        f"database {name} holds what plantrack did not put there: {', '.join(extra[:5])}; not used",
        "drop it if it is yours, or delete the database: it is built anew",
    )
