"""The views: what other programs may rely on when they open the database."""

# Theory of operation
#
# 1. A view keeps its name, its columns and their meaning, whatever becomes of the tables below it.
# 2. Times are UTC, days are those of the time zone the user chose, ids are in full.
# 3. Reading a whole view takes work in proportion to its rows: no row looks at all the others.

from __future__ import annotations

VIEWS: tuple[str, ...] = (
    """
        CREATE VIEW v_status AS  -- one document with a plan; identical ones are shown once
        SELECT
            worktree.top               AS worktree,           -- absolute path of its top folder
            document.path              AS path,               -- of the document, from there
            document.title             AS title,              -- of the document; '': none
            document.status_text       AS status,             -- as written; '' where there is none
            document.family            AS family,             -- draft, active, done, dead, ...
            document.shape             AS shape,              -- nested, headed, flat, ...
            document.milestones_done   AS milestones_done,    -- finished ones
            document.milestones_total  AS milestones_total,   -- without the dropped
            document.leaves_done       AS leaves_done,        -- ticked boxes with no box inside
            document.leaves_total      AS leaves_total,       -- without the dropped
            document.leaves_dropped    AS leaves_dropped,     -- dropped ones
            document.optional_open     AS optional_open,      -- open ones outside leaves_total
            document.action            AS next_action,        -- do, expand, close, ...; '': none
            document.line              AS next_line,          -- of what is next, from 1; 0: none
            document.item              AS next_item,          -- its id, in full; '': none
            document.text              AS next_text,          -- its first paragraph; '': none
            datetime(document.last_change, 'unixepoch') AS last_change  -- of the checklist, UTC
        FROM document JOIN worktree ON worktree.id = document.worktree
        WHERE document.planned = 1 AND document.duplicate_of IS NULL
        """,
    # In document order the first item inside another one comes right after it.
    """
        CREATE VIEW v_items AS  -- one milestone, step or task as it stands
        SELECT
            worktree.top     AS worktree,  -- absolute path of its top folder
            document.path    AS path,      -- of its document, from there
            item.position    AS position,  -- in document order, from 0
            item.id          AS item,      -- public id, in full
            above.id         AS parent,    -- id of the item above; NULL: outermost
            item.kind        AS kind,      -- group, milestone, step, task
            item.state       AS state,     -- todo, doing, done, dropped
            item.label       AS label,     -- 'Milestone 3', as written; '' where there is none
            item.title       AS title,     -- text without label and emphasis
            item.text        AS text,      -- first paragraph, as written, on one line
            item.line        AS line,      -- in its document, from 1
            item.optional    AS optional,  -- 1: it may stay open
            item.mark IS NOT NULL AND NOT EXISTS (
                SELECT 1
                FROM item AS below
                WHERE below.document = item.document
                    AND below.position = item.position + 1
                    AND below.parent = item.position
            )                AS leaf       -- 1: a box with no box inside, which is what counts
        FROM item
            JOIN document ON document.id = item.document
            JOIN worktree ON worktree.id = document.worktree
            LEFT JOIN item AS above
                ON above.document = item.document AND above.position = item.parent
        WHERE document.duplicate_of IS NULL
        """,
    """
        CREATE VIEW v_changes AS  -- one thing that happened to one item in one revision of a line
        SELECT
            worktree.top           AS worktree,      -- whose line it is; absolute path
            revision.depth         AS depth,         -- of the revision on the line, from 0
            revision.commit_id     AS commit_id,     -- in full; NULL: outside git
            datetime(revision.time, 'unixepoch')        AS time,         -- committed, or seen; UTC
            datetime(revision.author_time, 'unixepoch') AS author_time,  -- written, UTC
            datetime(observation.seen, 'unixepoch')     AS seen,  -- in a work tree; UTC; NULL: not
            revision.author        AS author,        -- name and mail, as recorded
            revision.subject       AS subject,       -- first line of the commit's message
            tracked.id             AS document,      -- id, the same through all renames
            document_version.path  AS path,          -- after it, or where it stood last
            change.place           AS place,         -- among those of revision and document, from 0
            piece.id               AS item,          -- public id, in full
            change.kind            AS change,        -- added, ticked, ..., removed
            change.reason          AS reason,        -- open, arrived done, cut, ...; ''
            coalesce(change.kind_after, change.kind_before) AS kind,  -- milestone, step, task
            change.state_before    AS state_before,  -- todo, doing, done, dropped; NULL: not there
            change.state_after     AS state_after,   -- likewise; NULL: gone
            old.label              AS label_before,  -- 'Milestone 3', as written; NULL: not there
            new.label              AS label_after,   -- likewise; NULL: gone
            old.text               AS text_before,   -- first paragraph, as written; NULL: not there
            new.text               AS text_after,    -- likewise; NULL: gone
            change.line_before     AS line_before,   -- in its document, from 1; NULL: not there
            change.line_after      AS line_after,    -- likewise; NULL: gone
            change.leaves_scope    AS scope,         -- what it adds to the scope of the leaves
            change.leaves_done     AS done,          -- to the done leaves
            change.leaves_dropped  AS dropped        -- to the dropped leaves
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
        CREATE VIEW v_burndown AS  -- one day with a change, and how a line stood at its end
        SELECT
            worktree.top     AS worktree,     -- whose line it is; absolute path
            day.unit         AS unit,         -- what is counted: leaves, milestones
            day.day          AS day,          -- 2026-03-01
            sum(day.scope) OVER upto   AS scope,    -- is or was in the plans, less what was cut
            sum(day.done) OVER upto    AS done,     -- never falls because a document is finished
            sum(day.dropped) OVER upto AS dropped,  -- given up, or open when its plan was over
            sum(day.scope - day.done - day.dropped) OVER upto AS open,  -- what is left
            day.added        AS added,        -- on this day: came into the plans
            day.arrived_done AS arrived_done, -- of these: done when first seen
            day.ticked       AS ticked,       -- on this day: became done
            day.unticked     AS unticked,     -- on this day: is not done any more
            day.cut_open + day.cut_done + day.cut_dropped AS cut  -- on this day: taken out
        FROM day JOIN worktree ON worktree.id = day.worktree
        WINDOW upto AS (PARTITION BY day.worktree, day.unit ORDER BY day.day)
        """,
)
