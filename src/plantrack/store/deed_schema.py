"""The table of what was written into documents: the third migration."""

# Theory of operation
#
# 1. A document says what it says; that this program wrote it, and what was noted on that occasion,
#    is told nowhere else. It belongs to no row of the other tables, so that it outlives them.

from __future__ import annotations

DEEDS: tuple[str, ...] = (
    """
        CREATE TABLE deed (  -- one mark that this program put into a document
            serial        INTEGER PRIMARY KEY,  -- in the order they were done
            act           INTEGER NOT NULL,  -- of one command all deeds have the same
            top           TEXT    NOT NULL,  -- of the worktree, absolute
            path          TEXT    NOT NULL,  -- as in document
            item          TEXT    NOT NULL,  -- public id, in full
            time          INTEGER NOT NULL,  -- it was done, unix seconds
            state_before  TEXT    NOT NULL,  -- todo, doing, done, dropped
            state_after   TEXT    NOT NULL,  -- likewise
            mark_before   TEXT    NOT NULL,  -- between the brackets
            mark_after    TEXT    NOT NULL,  -- likewise
            line          TEXT    NOT NULL,  -- as it was left, without its line end
            note          TEXT    NOT NULL,  -- what was said of it; '' nothing
            undone        INTEGER NOT NULL   -- 1: it was taken back
        ) STRICT
        """,
    """
        CREATE INDEX deed_by_act
            ON deed (top, act)
        """,
    """
        CREATE INDEX deed_with_note
            ON deed (item)
            WHERE note <> ''
        """,
)
