"""The tables and views of the past: the second migration."""

# Theory of operation
#
# 1. What a revision did follows from the first-parent line it ends alone, so it hangs on the
#    revision and is never changed: a branch switch only chooses other revisions.
# 2. The same commits read under other rules (configuration, parser, a shallow clone made deeper)
#    are another history: it stands beside the first one, under another basis.
# 3. What is asked of the line that a worktree is on (its revisions, the last version of each
#    document, the sums of each day) is kept for it in the transaction that moves the line.
# 4. What the work tree has against its line is the overlay. It is replaced as a whole by every
#    recording, and only what was seen first when is kept.

from __future__ import annotations

_AMOUNTS = """
            scope                    INTEGER NOT NULL,  -- how far the scope rose
            done                     INTEGER NOT NULL,  -- how far done rose
            dropped                  INTEGER NOT NULL,  -- how far dropped rose
            added                    INTEGER NOT NULL,  -- came into the plan, in whatever state
            arrived_done             INTEGER NOT NULL,  -- of these: done when first seen
            arrived_dropped          INTEGER NOT NULL,  -- of these: dropped when first seen
            expanded                 INTEGER NOT NULL,  -- of these: first steps but one
            ticked                   INTEGER NOT NULL,  -- became done
            unticked                 INTEGER NOT NULL,  -- is not done any more
            given_up                 INTEGER NOT NULL,  -- became dropped by its own mark
            taken_up                 INTEGER NOT NULL,  -- is not dropped any more
            cut_open                 INTEGER NOT NULL,  -- taken out of a living plan while open
            cut_done                 INTEGER NOT NULL,  -- likewise, done
            cut_dropped              INTEGER NOT NULL,  -- likewise, dropped
            dropped_at_finalisation  INTEGER NOT NULL,  -- open when its document was over
            dropped_at_rewrite       INTEGER NOT NULL,  -- open when its plan was replaced
            dropped_with_document    INTEGER NOT NULL,  -- open when its document was removed
            unexpanded_change        INTEGER NOT NULL,  -- more open milestones without steps
"""
_SIDES = """
            line_before       INTEGER,           -- from 1; every "before" is NULL: not there
            kind_before       TEXT,              -- milestone, step, task
            label_before      TEXT,              -- 'Milestone 3', as written
            text_before       TEXT,              -- first paragraph, as written, on one line
            state_before      TEXT,              -- todo, doing, done, dropped
            optional_before   INTEGER,           -- 1: by its own star or one above
            leaf_before       INTEGER,           -- 1: a box with no box inside
            box_before        INTEGER,           -- 1: a box; 0: a heading
            parent_before     TEXT,              -- id of the item above; '': outermost
            line_after        INTEGER,           -- every "after" is as before; NULL: gone
            kind_after        TEXT,
            label_after       TEXT,
            text_after        TEXT,
            state_after       TEXT,
            optional_after    INTEGER,
            leaf_after        INTEGER,
            box_after         INTEGER,
            parent_after      TEXT,
            leaves_scope      INTEGER NOT NULL,  -- what it adds to the scope of the leaves
            leaves_done       INTEGER NOT NULL,
            leaves_dropped    INTEGER NOT NULL,
            milestones_scope  INTEGER NOT NULL,  -- what it adds to the scope of the milestones
            milestones_done   INTEGER NOT NULL,
            milestones_dropped INTEGER NOT NULL,
            origin            TEXT    NOT NULL,  -- id of the item it was split from; ''
"""

PAST: tuple[str, ...] = (
    """
        CREATE TABLE basis (
            id    INTEGER PRIMARY KEY,  -- of this row, nothing more
            name  TEXT    NOT NULL UNIQUE  -- digest of what revisions were read under
        ) STRICT
        """,
    """
        CREATE TABLE revision (
            serial       INTEGER PRIMARY KEY,  -- in the order they were read here
            basis        INTEGER NOT NULL      -- what it was read under
                         REFERENCES basis ON DELETE CASCADE,
            commit_id    TEXT,                 -- in full; NULL: one look at a folder outside git
            parent       INTEGER               -- the one before it on its line; NULL: the first
                         REFERENCES revision ON DELETE CASCADE,
            depth        INTEGER NOT NULL,     -- place on its line, from 0
            time         INTEGER NOT NULL,     -- it was committed, or seen, unix seconds
            author_time  INTEGER NOT NULL,     -- it was written, unix seconds
            clock        INTEGER NOT NULL,     -- time, or its parent's clock if that is later
            author       TEXT    NOT NULL,     -- name
            subject      TEXT    NOT NULL,     -- first line of its message
            UNIQUE (basis, commit_id)
        ) STRICT
        """,
    """
        CREATE INDEX revision_by_parent
            ON revision (parent)
        """,
    """
        CREATE TABLE tracked (
            serial  INTEGER PRIMARY KEY,  -- of a document through its versions
            basis   INTEGER NOT NULL
                    REFERENCES basis ON DELETE CASCADE,
            id      TEXT    NOT NULL,     -- public, the same in every clone
            UNIQUE (basis, id)
        ) STRICT
        """,
    """
        CREATE TABLE piece (
            serial   INTEGER PRIMARY KEY,  -- of an item through its versions
            tracked  INTEGER NOT NULL      -- whose it is
                     REFERENCES tracked ON DELETE CASCADE,
            id       TEXT    NOT NULL,     -- public, in full, the same in every clone
            UNIQUE (id, tracked)
        ) STRICT
        """,
    """
        CREATE INDEX piece_by_document
            ON piece (tracked)
        """,
    """
        CREATE TABLE wording (
            serial  INTEGER PRIMARY KEY,
            label   TEXT    NOT NULL,  -- of an item, as written; '' where there is none
            text    TEXT    NOT NULL,  -- its first paragraph, as written, on one line
            UNIQUE (text, label)
        ) STRICT
        """,
    """
        CREATE TABLE layout (
            serial   INTEGER PRIMARY KEY,
            tracked  INTEGER NOT NULL  -- whose it is
                     REFERENCES tracked ON DELETE CASCADE,
            pieces   TEXT    NOT NULL  -- JSON list of serials of piece, in document order
        ) STRICT
        """,
    """
        CREATE INDEX layout_by_document
            ON layout (tracked)
        """,
    """
        CREATE TABLE document_version (
            serial    INTEGER PRIMARY KEY,
            revision  INTEGER NOT NULL  -- that made it
                      REFERENCES revision ON DELETE CASCADE,
            tracked   INTEGER NOT NULL  -- whose version it is
                      REFERENCES tracked ON DELETE CASCADE,
            path      TEXT    NOT NULL,  -- from the top, or where it stood last; as in document
            title     TEXT    NOT NULL,  -- '' where it has none
            blob      TEXT,              -- git blob id of its bytes; NULL: it is gone
            layout    INTEGER,           -- serial of layout: its items; NULL: it is gone
            changes   INTEGER NOT NULL,  -- rows of change
            UNIQUE (tracked, revision)
        ) STRICT
        """,
    """
        CREATE INDEX version_of_revision
            ON document_version (revision)
        """,
    """
        CREATE TABLE change (
            version           INTEGER NOT NULL   -- that brought it
                              REFERENCES document_version ON DELETE CASCADE,
            place             INTEGER NOT NULL,  -- among those of its version, from 0
            piece             INTEGER NOT NULL   -- what changed
                              REFERENCES piece ON DELETE CASCADE,
            kind              TEXT    NOT NULL,  -- added, ticked, unticked, marked, expanded, ...
            reason            TEXT    NOT NULL,  -- open, arrived done, cut, finalised, ...; ''
            line_before       INTEGER,           -- from 1; every "before" is NULL: not there
            kind_before       TEXT,              -- milestone, step, task
            wording_before    INTEGER,           -- serial of wording: label and text
            state_before      TEXT,              -- todo, doing, done, dropped
            optional_before   INTEGER,           -- 1: by its own star or one above
            leaf_before       INTEGER,           -- 1: a box with no box inside
            box_before        INTEGER,           -- 1: a box; 0: a heading
            parent_before     INTEGER,           -- serial of piece: above it; NULL: outermost
            line_after        INTEGER,           -- every "after" is as before; NULL: gone
            kind_after        TEXT,
            wording_after     INTEGER,
            state_after       TEXT,
            optional_after    INTEGER,
            leaf_after        INTEGER,
            box_after         INTEGER,
            parent_after      INTEGER,
            leaves_scope      INTEGER NOT NULL,  -- what it adds to the scope of the leaves
            leaves_done       INTEGER NOT NULL,
            leaves_dropped    INTEGER NOT NULL,
            milestones_scope  INTEGER NOT NULL,  -- what it adds to the scope of the milestones
            milestones_done   INTEGER NOT NULL,
            milestones_dropped INTEGER NOT NULL,
            origin            INTEGER,           -- serial of piece: it was split from; NULL
            PRIMARY KEY (version, place)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX change_of_piece
            ON change (piece, version)
        """,
    f"""
        CREATE TABLE effect (
            version                  INTEGER NOT NULL  -- whose changes it sums up
                                     REFERENCES document_version ON DELETE CASCADE,
            unit                     TEXT    NOT NULL,  -- leaves, milestones
            {_AMOUNTS.strip()}
            PRIMARY KEY (version, unit)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE observation (
            commit_id  TEXT    NOT NULL,  -- that carries what was seen
            item       TEXT    NOT NULL,  -- public id, in full
            state      TEXT    NOT NULL,  -- todo, doing, done, dropped
            seen       INTEGER NOT NULL,  -- in a work tree first, unix seconds
            PRIMARY KEY (commit_id, item, state)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE line (
            worktree  INTEGER PRIMARY KEY  -- whose line it is
                      REFERENCES worktree ON DELETE CASCADE,
            basis     INTEGER NOT NULL     -- what it was read under
                      REFERENCES basis ON DELETE CASCADE,
            head      TEXT,                -- commit it was read for; NULL: none
            revision  INTEGER              -- its last one; NULL: it is empty
                      REFERENCES revision ON DELETE SET NULL,
            zone      TEXT    NOT NULL,    -- time zone of the days
            moves     INTEGER NOT NULL     -- how many times it was recorded
        ) STRICT
        """,
    """
        CREATE TABLE line_revision (
            worktree  INTEGER NOT NULL  -- on whose line it is
                      REFERENCES worktree ON DELETE CASCADE,
            depth     INTEGER NOT NULL,  -- as in revision
            revision  INTEGER NOT NULL
                      REFERENCES revision ON DELETE CASCADE,
            PRIMARY KEY (worktree, depth)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX line_of_revision
            ON line_revision (revision, worktree)
        """,
    """
        CREATE TABLE tip (
            worktree  INTEGER NOT NULL  -- on whose line it is
                      REFERENCES worktree ON DELETE CASCADE,
            tracked   INTEGER NOT NULL  -- a document of the line
                      REFERENCES tracked ON DELETE CASCADE,
            version   INTEGER NOT NULL  -- its last one on the line
                      REFERENCES document_version ON DELETE CASCADE,
            changed   INTEGER NOT NULL, -- when its checklist changed last, unix seconds
            PRIMARY KEY (worktree, tracked)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX tip_of_document
            ON tip (tracked)
        """,
    """
        CREATE INDEX tip_of_version
            ON tip (version)
        """,
    f"""
        CREATE TABLE day (
            worktree                 INTEGER NOT NULL  -- whose line it sums up
                                     REFERENCES worktree ON DELETE CASCADE,
            unit                     TEXT    NOT NULL,  -- leaves, milestones
            day                      TEXT    NOT NULL,  -- 2026-03-01, in the zone of the line
            {_AMOUNTS.strip()}
            PRIMARY KEY (worktree, unit, day)
        ) STRICT, WITHOUT ROWID
        """,
    f"""
        CREATE TABLE document_day (
            worktree                 INTEGER NOT NULL  -- whose line it sums up
                                     REFERENCES worktree ON DELETE CASCADE,
            tracked                  INTEGER NOT NULL  -- one document of the line
                                     REFERENCES tracked ON DELETE CASCADE,
            unit                     TEXT    NOT NULL,  -- leaves, milestones
            day                      TEXT    NOT NULL,  -- 2026-03-01, in the zone of the line
            {_AMOUNTS.strip()}
            PRIMARY KEY (worktree, tracked, unit, day)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX document_day_of_document
            ON document_day (tracked)
        """,
    f"""
        CREATE TABLE overlay (
            worktree          INTEGER NOT NULL  -- whose work tree has it against its line
                              REFERENCES worktree ON DELETE CASCADE,
            place             INTEGER NOT NULL,  -- by path, then in order of the changes, from 0
            tracked           TEXT    NOT NULL,  -- public id of the document
            path              TEXT    NOT NULL,  -- as in document
            path_before       TEXT,              -- where the line has it; NULL: nowhere
            time              INTEGER NOT NULL,  -- its file was written, or it was missed first
            item              TEXT    NOT NULL,  -- public id, in full
            kind              TEXT    NOT NULL,  -- as in change
            reason            TEXT    NOT NULL,  -- as in change
            {_SIDES.strip()}
            PRIMARY KEY (worktree, place)
        ) STRICT
        """,
    """
        CREATE TABLE named (
            worktree  INTEGER NOT NULL  -- where it stands
                      REFERENCES worktree ON DELETE CASCADE,
            path      TEXT    NOT NULL,  -- of a document that is as its line has it
            layout    INTEGER NOT NULL,  -- serial of layout: its items have their ids from there
            PRIMARY KEY (worktree, path)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE sighting (
            worktree  INTEGER NOT NULL  -- where it was seen
                      REFERENCES worktree ON DELETE CASCADE,
            item      TEXT    NOT NULL,  -- public id, in full
            state     TEXT    NOT NULL,  -- that no commit of the line carries yet
            seen      INTEGER NOT NULL,  -- first, unix seconds
            PRIMARY KEY (worktree, item, state)
        ) STRICT, WITHOUT ROWID
        """,
    # The views are for other programs: a column keeps its name and meaning.
    """
        CREATE VIEW v_status AS
        SELECT
            worktree.top               AS worktree,       -- absolute path
            document.path              AS path,           -- from there
            document.title             AS title,
            document.status_text       AS status,         -- as written
            document.family            AS family,         -- draft, active, done, dead, ...
            document.shape             AS shape,          -- nested, headed, flat, ...
            document.milestones_done   AS milestones_done,
            document.milestones_total  AS milestones_total,  -- without the dropped
            document.leaves_done       AS leaves_done,
            document.leaves_total      AS leaves_total,   -- without the dropped
            document.leaves_dropped    AS leaves_dropped,
            document.optional_open     AS optional_open,  -- open, outside leaves_total
            document.action            AS next_action,    -- do, expand, close, ...; '': none
            document.line              AS next_line,      -- from 1; 0: none
            document.item              AS next_item,      -- id; '': none
            document.text              AS next_text,
            datetime(document.last_change, 'unixepoch') AS last_change  -- UTC, of the checklist
        FROM document JOIN worktree ON worktree.id = document.worktree
        WHERE document.planned = 1 AND document.duplicate_of IS NULL
        """,
    """
        CREATE VIEW v_items AS
        SELECT
            worktree.top     AS worktree,  -- absolute path
            document.path    AS path,      -- from there
            item.position    AS position,  -- in document order, from 0
            item.id          AS item,      -- public id, in full
            above.id         AS parent,    -- id of the item above; NULL: outermost
            item.kind        AS kind,      -- group, milestone, step, task
            item.state       AS state,     -- todo, doing, done, dropped
            item.label       AS label,
            item.title       AS title,     -- without label and emphasis
            item.text        AS text,      -- as written
            item.line        AS line,      -- from 1
            item.optional    AS optional,  -- 1: it may stay open
            item.mark IS NOT NULL AND NOT EXISTS (
                SELECT 1
                FROM item AS below
                WHERE below.document = item.document AND below.parent = item.position
            )                AS leaf       -- 1: it is counted
        FROM item
            JOIN document ON document.id = item.document
            JOIN worktree ON worktree.id = document.worktree
            LEFT JOIN item AS above
                ON above.document = item.document AND above.position = item.parent
        WHERE document.duplicate_of IS NULL
        """,
    """
        CREATE VIEW v_changes AS
        SELECT
            worktree.top           AS worktree,     -- on whose line it is; absolute path
            revision.depth         AS depth,        -- of its revision on the line, from 0
            revision.commit_id     AS commit_id,    -- NULL: outside git
            datetime(revision.time, 'unixepoch')        AS time,         -- UTC, of the commit
            datetime(revision.author_time, 'unixepoch') AS author_time,  -- UTC
            datetime(observation.seen, 'unixepoch')     AS seen,  -- UTC, in a work tree; NULL
            revision.author        AS author,
            revision.subject       AS subject,
            tracked.id             AS document,     -- id through all renames
            document_version.path  AS path,         -- after it
            change.place           AS place,        -- within revision and document, from 0
            piece.id               AS item,         -- public id, in full
            change.kind            AS change,       -- added, ticked, ..., removed
            change.reason          AS reason,       -- open, arrived done, cut, ...; ''
            coalesce(change.kind_after, change.kind_before) AS kind,  -- milestone, step, task
            change.state_before    AS state_before, -- NULL: not there
            change.state_after     AS state_after,  -- NULL: gone
            old.label              AS label_before,
            new.label              AS label_after,
            old.text               AS text_before,
            new.text               AS text_after,
            change.line_before     AS line_before,
            change.line_after      AS line_after,
            change.leaves_scope    AS scope,        -- what it adds to the series of the leaves
            change.leaves_done     AS done,
            change.leaves_dropped  AS dropped
        FROM line_revision
            JOIN worktree ON worktree.id = line_revision.worktree
            JOIN revision ON revision.serial = line_revision.revision
            JOIN document_version ON document_version.revision = revision.serial
            JOIN tracked ON tracked.serial = document_version.tracked
            JOIN change ON change.version = document_version.serial
            JOIN piece ON piece.serial = change.piece
            LEFT JOIN wording AS old ON old.serial = change.wording_before
            LEFT JOIN wording AS new ON new.serial = change.wording_after
            LEFT JOIN observation
                ON observation.commit_id = revision.commit_id
                AND observation.item = piece.id
                AND observation.state = change.state_after
        """,
    """
        CREATE VIEW v_burndown AS
        SELECT
            worktree.top     AS worktree,  -- absolute path
            day.unit         AS unit,      -- leaves, milestones
            day.day          AS day,       -- only days with a change
            sum(day.scope) OVER upto   AS scope,    -- at the end of the day
            sum(day.done) OVER upto    AS done,
            sum(day.dropped) OVER upto AS dropped,
            sum(day.scope - day.done - day.dropped) OVER upto AS open,
            day.added        AS added,     -- on this day
            day.arrived_done AS arrived_done,
            day.ticked       AS ticked,
            day.unticked     AS unticked,
            day.cut_open + day.cut_done + day.cut_dropped AS cut
        FROM day JOIN worktree ON worktree.id = day.worktree
        WINDOW upto AS (PARTITION BY day.worktree, day.unit ORDER BY day.day)
        """,
)
