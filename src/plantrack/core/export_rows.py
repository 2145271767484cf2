"""What an export holds: its schemas, their columns in order, and what each of them means."""

# Theory of operation
#
# 1. A row stands alone: it says its schema and its repository, so that files can be put together
#    with nothing but `cat`.
# 2. Columns are added at the end and never renamed; another meaning is another schema.

from __future__ import annotations

from dataclasses import dataclass

CHANGES = "plantrack.change/1"
DAYS = "plantrack.day/1"


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a row."""

    name: str
    kind: str  # "text" or "integer"
    meaning: str
    optional: bool = False  # it may be null


_ORIGIN = (
    Column("schema", "text", "name and version of this shape"),
    Column("repository", "text", "address of the origin without secrets, or the name it was given"),
    Column("branch", "text", "branch that was read; null: none was checked out", optional=True),
    Column("head", "text", "commit the line was read to; null outside git", optional=True),
)
_AMOUNTS = (
    ("added", "came into the plan, in whatever state"),
    ("arrived_done", "of these: ticked when first seen"),
    ("arrived_dropped", "of these: dropped when first seen"),
    ("expanded", "of these: the open first steps of a milestone, all but one"),
    ("ticked", "became done"),
    ("unticked", "is not done any more"),
    ("given_up", "became dropped by its own mark"),
    ("taken_up", "was dropped, is not any more"),
    ("cut_open", "was open, is taken out of a living plan"),
    ("cut_done", "was done, is taken out of a living plan"),
    ("cut_dropped", "was dropped, is taken out of a living plan"),
    ("dropped_at_finalisation", "was open when its document was said to be over"),
    ("dropped_at_rewrite", "was open when its whole plan was replaced"),
    ("dropped_with_document", "was open when its document was removed"),
)

AMOUNTS = tuple(name for name, _ in _AMOUNTS)
CHANGE_COLUMNS = (
    *_ORIGIN,
    Column("place", "integer", "of the change in this export, from 0, oldest first"),
    Column("commit", "text", "in full; null outside git", optional=True),
    Column("time", "text", "committed, RFC 3339 in UTC", optional=True),
    Column("author", "text", "name and mail as recorded"),
    Column("subject", "text", "first line of the commit's message"),
    Column("document", "text", "id of the document, the same through renames"),
    Column("path", "text", "of the document after it, or where it stood"),
    Column("item", "text", "full id of the item"),
    Column("kind", "text", "what happened"),
    Column("reason", "text", "why or how, where the kind alone does not say it"),
    Column("item_kind", "text", "milestone, step or task"),
    Column("label", "text", "as written"),
    Column("line_before", "integer", "1-based; null: it was not there", optional=True),
    Column("line_after", "integer", "1-based; null: it is gone", optional=True),
    Column("state_before", "text", "todo, doing, done or dropped", optional=True),
    Column("state_after", "text", "likewise", optional=True),
    Column("text_before", "text", "as written, without its box", optional=True),
    Column("text_after", "text", "likewise", optional=True),
    *(
        Column(f"{unit}_{level}", "integer", f"what it adds to {level} in the series of {unit}")
        for unit in ("leaves", "milestones")
        for level in ("scope", "done", "dropped")
    ),
)
DAY_COLUMNS = (
    *_ORIGIN,
    Column("unit", "text", "what is counted: leaves or milestones"),
    Column("day", "text", "calendar day on which anything changed"),
    Column("scope", "integer", "at the end of the day: is or was in the plan, less what was cut"),
    Column("done", "integer", "likewise"),
    Column("open", "integer", "likewise: scope less done less dropped"),
    Column("dropped", "integer", "likewise"),
    *(Column(name, "integer", f"on the day: {meaning}") for name, meaning in _AMOUNTS),
)
COLUMNS = {CHANGES: CHANGE_COLUMNS, DAYS: DAY_COLUMNS}  # by schema


def names(schema: str) -> tuple[str, ...]:
    """Name the columns of a schema, in order."""
    return tuple(column.name for column in COLUMNS[schema])
