"""The tables of the past: the second migration, with the views."""

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
            kind_after        TEXT,             -- milestone, step, task
            label_after       TEXT,             -- as written
            text_after        TEXT,             -- first paragraph, as written, on one line
            state_after       TEXT,             -- todo, doing, done, dropped
            optional_after    INTEGER,          -- 1: by its own star or one above
            leaf_after        INTEGER,          -- 1: a box with no box inside
            box_after         INTEGER,          -- 1: a box; 0: a heading
            parent_after      TEXT,             -- id of the item above; '': outermost
            leaves_scope      INTEGER NOT NULL,  -- what it adds to the scope of the leaves
            leaves_done       INTEGER NOT NULL,  -- to the done leaves
            leaves_dropped    INTEGER NOT NULL,  -- to the dropped leaves
            milestones_scope  INTEGER NOT NULL,  -- what it adds to the scope of the milestones
            milestones_done   INTEGER NOT NULL,  -- to the done milestones
            milestones_dropped INTEGER NOT NULL,  -- to the dropped milestones
            origin            TEXT    NOT NULL,  -- id of the item it was split from; ''
"""

PAST: tuple[str, ...] = (
    """
        CREATE TABLE basis (  -- one set of rules and choices that histories were read under
            id    INTEGER PRIMARY KEY,  -- of this row, nothing more
            name  TEXT    NOT NULL UNIQUE  -- digest of what revisions were read under
        ) STRICT
        """,
    """
        CREATE TABLE revision (  -- one commit that touched documents; outside git, one look at them
            serial       INTEGER PRIMARY KEY,  -- in the order they were read here
            basis        INTEGER NOT NULL      -- what it was read under
                         REFERENCES basis (id) ON DELETE CASCADE,
            commit_id    TEXT,                 -- in full; NULL: one look at a folder outside git
            parent       INTEGER               -- the one before it on its line; NULL: the first
                         REFERENCES revision (serial) ON DELETE CASCADE,
            depth        INTEGER NOT NULL,     -- place on its line, from 0
            time         INTEGER NOT NULL,     -- it was committed, or seen, unix seconds
            author_time  INTEGER NOT NULL,     -- it was written, unix seconds
            author       TEXT    NOT NULL,     -- name and mail, as recorded
            subject      TEXT    NOT NULL,     -- first line of its message
            UNIQUE (basis, commit_id)
        ) STRICT
        """,
    """
        CREATE INDEX revision_by_parent
            ON revision (parent)
        """,
    """
        CREATE TABLE tracked (  -- one document through its versions and renames
            serial  INTEGER PRIMARY KEY,  -- of a document through its versions
            basis   INTEGER NOT NULL      -- what it was read under
                    REFERENCES basis (id) ON DELETE CASCADE,
            id      TEXT    NOT NULL,     -- public, the same in every clone
            UNIQUE (basis, id)
        ) STRICT
        """,
    """
        CREATE TABLE piece (  -- one item through the versions of its document
            serial   INTEGER PRIMARY KEY,  -- of an item through its versions
            tracked  INTEGER NOT NULL      -- whose it is
                     REFERENCES tracked (serial) ON DELETE CASCADE,
            id       TEXT    NOT NULL,     -- public, in full, the same in every clone
            UNIQUE (id, tracked)
        ) STRICT
        """,
    """
        CREATE INDEX piece_by_document
            ON piece (tracked)
        """,
    """
        CREATE TABLE wording (  -- one text that items have or had
            serial  INTEGER PRIMARY KEY,  -- of this row, nothing more
            label   TEXT    NOT NULL,  -- of an item, as written; '' where there is none
            text    TEXT    NOT NULL,  -- its first paragraph, as written, on one line
            UNIQUE (text, label)
        ) STRICT
        """,
    """
        CREATE TABLE layout (  -- the items of one or more versions of a document
            serial   INTEGER PRIMARY KEY,  -- of this row, nothing more
            tracked  INTEGER NOT NULL  -- whose it is
                     REFERENCES tracked (serial) ON DELETE CASCADE,
            pieces   TEXT    NOT NULL  -- JSON list of serials of piece, in document order
        ) STRICT
        """,
    """
        CREATE INDEX layout_by_document
            ON layout (tracked)
        """,
    """
        CREATE TABLE document_version (  -- one document as one revision left it
            serial    INTEGER PRIMARY KEY,  -- of this row, nothing more
            revision  INTEGER NOT NULL  -- that made it
                      REFERENCES revision (serial) ON DELETE CASCADE,
            tracked   INTEGER NOT NULL  -- whose version it is
                      REFERENCES tracked (serial) ON DELETE CASCADE,
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
        CREATE TABLE change (  -- one thing that happened to one item in one revision
            version           INTEGER NOT NULL   -- that brought it
                              REFERENCES document_version (serial) ON DELETE CASCADE,
            place             INTEGER NOT NULL,  -- among those of its version, from 0
            piece             INTEGER NOT NULL   -- what changed
                              REFERENCES piece (serial) ON DELETE CASCADE,
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
            kind_after        TEXT,             -- milestone, step, task
            wording_after     INTEGER,          -- serial of wording: label and text
            state_after       TEXT,             -- todo, doing, done, dropped
            optional_after    INTEGER,          -- 1: by its own star or one above
            leaf_after        INTEGER,          -- 1: a box with no box inside
            box_after         INTEGER,          -- 1: a box; 0: a heading
            parent_after      INTEGER,          -- serial of piece: above it; NULL: outermost
            leaves_scope      INTEGER NOT NULL,  -- what it adds to the scope of the leaves
            leaves_done       INTEGER NOT NULL,  -- to the done leaves
            leaves_dropped    INTEGER NOT NULL,  -- to the dropped leaves
            milestones_scope  INTEGER NOT NULL,  -- what it adds to the scope of the milestones
            milestones_done   INTEGER NOT NULL,  -- to the done milestones
            milestones_dropped INTEGER NOT NULL,  -- to the dropped milestones
            origin            INTEGER,           -- serial of piece: it was split from; NULL
            size              INTEGER,           -- leaves that came with a milestone; NULL: none
            PRIMARY KEY (version, place)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX change_of_piece
            ON change (piece, version)
        """,
    """
        CREATE INDEX change_with_size
            ON change (version, piece, size)
            WHERE size IS NOT NULL
        """,
    f"""
        CREATE TABLE effect (  -- what one version did to a series: the sums of its changes
            version                  INTEGER NOT NULL  -- whose changes it sums up
                                     REFERENCES document_version (serial) ON DELETE CASCADE,
            unit                     TEXT    NOT NULL,  -- leaves, milestones
            {_AMOUNTS.strip()}
            PRIMARY KEY (version, unit)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE observation (  -- when a work tree first had what a commit carries now
            commit_id  TEXT    NOT NULL,  -- that carries what was seen
            item       TEXT    NOT NULL,  -- public id, in full
            state      TEXT    NOT NULL,  -- todo, doing, done, dropped
            seen       INTEGER NOT NULL,  -- in a work tree first, unix seconds
            PRIMARY KEY (commit_id, item, state)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE line (  -- the first-parent line a work tree is on, as far as it was read
            worktree  INTEGER PRIMARY KEY  -- whose line it is
                      REFERENCES worktree (id) ON DELETE CASCADE,
            basis     INTEGER NOT NULL     -- what it was read under
                      REFERENCES basis (id) ON DELETE CASCADE,
            head      TEXT,                -- commit it was read for; NULL: none
            revision  INTEGER              -- its last one; NULL: it is empty
                      REFERENCES revision (serial) ON DELETE SET NULL,
            zone      TEXT    NOT NULL,    -- time zone of the days
            moves     INTEGER NOT NULL     -- how many times it was recorded
        ) STRICT
        """,
    """
        CREATE TABLE line_revision (  -- one revision of a line
            worktree  INTEGER NOT NULL  -- on whose line it is
                      REFERENCES worktree (id) ON DELETE CASCADE,
            depth     INTEGER NOT NULL,  -- as in revision
            revision  INTEGER NOT NULL  -- that stands there
                      REFERENCES revision (serial) ON DELETE CASCADE,
            clock     INTEGER NOT NULL,  -- what its time counts for on this line, unix seconds
            PRIMARY KEY (worktree, depth)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE INDEX line_of_revision
            ON line_revision (revision, worktree)
        """,
    """
        CREATE TABLE tip (  -- the last version of one document of a line
            worktree  INTEGER NOT NULL  -- on whose line it is
                      REFERENCES worktree (id) ON DELETE CASCADE,
            tracked   INTEGER NOT NULL  -- a document of the line
                      REFERENCES tracked (serial) ON DELETE CASCADE,
            version   INTEGER NOT NULL  -- its last one on the line
                      REFERENCES document_version (serial) ON DELETE CASCADE,
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
        CREATE TABLE day (  -- the sums of one day of a line; without a change there is no row
            worktree                 INTEGER NOT NULL  -- whose line it sums up
                                     REFERENCES worktree (id) ON DELETE CASCADE,
            unit                     TEXT    NOT NULL,  -- leaves, milestones
            day                      TEXT    NOT NULL,  -- 2026-03-01, in the zone of the line
            {_AMOUNTS.strip()}
            PRIMARY KEY (worktree, unit, day)
        ) STRICT, WITHOUT ROWID
        """,
    f"""
        CREATE TABLE document_day (  -- the sums of one day of one document of a line
            worktree                 INTEGER NOT NULL  -- whose line it sums up
                                     REFERENCES worktree (id) ON DELETE CASCADE,
            tracked                  INTEGER NOT NULL  -- one document of the line
                                     REFERENCES tracked (serial) ON DELETE CASCADE,
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
        CREATE TABLE overlay (  -- one thing that happened to one item and is not committed
            worktree          INTEGER NOT NULL  -- whose work tree has it against its line
                              REFERENCES worktree (id) ON DELETE CASCADE,
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
        CREATE TABLE named (  -- one document whose items have their ids from the line
            worktree  INTEGER NOT NULL  -- where it stands
                      REFERENCES worktree (id) ON DELETE CASCADE,
            path      TEXT    NOT NULL,  -- of a document that is as its line has it
            layout    INTEGER NOT NULL,  -- serial of layout: its items have their ids from there
            PRIMARY KEY (worktree, path)
        ) STRICT, WITHOUT ROWID
        """,
    """
        CREATE TABLE sighting (  -- when a work tree first had what no commit of its line carries
            worktree  INTEGER NOT NULL  -- where it was seen
                      REFERENCES worktree (id) ON DELETE CASCADE,
            item      TEXT    NOT NULL,  -- public id, in full
            state     TEXT    NOT NULL,  -- that no commit of the line carries yet
            seen      INTEGER NOT NULL,  -- first, unix seconds
            PRIMARY KEY (worktree, item, state)
        ) STRICT, WITHOUT ROWID
        """,
)
