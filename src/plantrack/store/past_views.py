"""The views: what other programs may rely on when they open the database."""

# Theory of operation
#
# 1. A view keeps its name, its columns and their meaning, whatever becomes of the tables below it.
# 2. Times are UTC, days are those of the time zone the user chose, ids are in full.

from __future__ import annotations

VIEWS: tuple[str, ...] = (
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
