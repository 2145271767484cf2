"""Questions about one worktree to rows."""

# Theory of operation
#
# 1. Each question is one statement and reads one moment; two questions may read two.
# 2. "Best first" is the order of an index, so that the best few cost nothing but themselves.
# 3. An id is shown as its shortest prefix that no other id of the worktree has. Its neighbours in
#    the order of ids tell: two look-ups for one, one pass for many.

from __future__ import annotations

from plantrack.store.listing import ESCAPED, from_text, to_text, unpack
from plantrack.store.rows import (
    Basis,
    Columns,
    DocumentRow,
    FindingRow,
    ItemRow,
    MentionRow,
    PointerRow,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeVar

    from plantrack.core.counts import Count
    from plantrack.store.rows import Row

    R = TypeVar("R", bound=Row)
    Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]

SHORTEST = 4
MANY = 2_000  # ids from which on one pass over all is cheaper
DUPLICATE_OF = 20  # the second path in a DocumentRow
BEHIND_Z = "{"  # ids are digits and small letters
BEHIND_TEXT = b""  # SQLite sorts every text before any bytes


def columns(read: Read, top: str) -> Columns | None:
    """Give how the files stood; None when that is not known, or cannot be believed."""
    rows = read(
        """
        SELECT config, parser, head, listing, generation
        FROM worktree
        WHERE top = ?
        """,
        (to_text(top),),
    )
    for config, parser, head, packed, generation in rows:
        try:
            return unpack(Basis(config, parser, head), packed, generation)
        except ValueError:  # written on another kind of machine, or damaged
            return None
    return None


def ranked(read: Read, top: str, limit: int | None) -> tuple[PointerRow, ...]:
    """Give the pointers of the documents to be worked on, best first."""
    rows = read(
        """
        SELECT path, title, family, last_change,
            milestones_done, milestones_total, milestones_dropped,
            leaves_done, leaves_total, leaves_dropped,
            action, reason, line, item, text, notes,
            milestone_item, milestone_line, milestone_label, milestone_title
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND rank IS NOT NULL
            AND duplicate_of IS NULL
        ORDER BY rank, last_change DESC, path
        LIMIT ?
        """,
        (to_text(top), -1 if limit is None else limit),
    )
    return _named(PointerRow, rows)


def pointers(read: Read, top: str, path: str | None) -> tuple[PointerRow, ...]:
    """Give the pointers of every document that has one, or of one document, by path."""
    rows = read(
        """
        SELECT path, title, family, last_change,
            milestones_done, milestones_total, milestones_dropped,
            leaves_done, leaves_total, leaves_dropped,
            action, reason, line, item, text, notes,
            milestone_item, milestone_line, milestone_label, milestone_title
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND path BETWEEN ? AND ?
            AND action <> ''
        ORDER BY path
        """,
        (to_text(top), *_span(path)),
    )
    return _named(PointerRow, rows)


def planned(read: Read, top: str) -> int:
    """Count the documents with a plan, identical ones once."""
    rows = read("SELECT planned FROM worktree WHERE top = ?", (to_text(top),))
    return sum(count for (count,) in rows)


def finished(read: Read, top: str, after: str) -> int | None:
    """Count the steps that were ticked after a day, less what was unticked; None: no history."""
    rows = read(
        """
        SELECT sum(CASE WHEN day > ? THEN ticked - unticked ELSE 0 END)
        FROM day
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?) AND unit = 'leaves'
        """,
        (after, to_text(top)),
    )
    count: int | None = rows[0][0]
    return count


def levels(read: Read, top: str) -> tuple[Count, Count]:
    """Give all leaves and milestones that are or were in the plans and were not cut."""
    from plantrack.core.counts import Count

    rows = read(
        """
        WITH here AS (SELECT id FROM worktree WHERE top = ?1)
        SELECT unit, sum(done), sum(scope) - sum(dropped), sum(dropped)
        FROM (
            SELECT unit, scope, done, dropped FROM day WHERE worktree IN here
            UNION ALL
            SELECT 'leaves', leaves_scope, leaves_done, leaves_dropped
            FROM overlay WHERE worktree IN here
            UNION ALL
            SELECT 'milestones', milestones_scope, milestones_done, milestones_dropped
            FROM overlay WHERE worktree IN here
        )
        GROUP BY unit
        """,
        (to_text(top),),
    )
    found = {unit: Count(*counts) for unit, *counts in rows}
    nothing = Count(0, 0, 0)
    return found.get("leaves", nothing), found.get("milestones", nothing)


def documents(read: Read, top: str, path: str | None) -> tuple[DocumentRow, ...]:
    """Give every document, or one, by path."""
    rows = read(
        """
        SELECT path, blob, title, dialect, shape, status_text, family, planned, has_checklist,
            milestones_done, milestones_total, milestones_dropped,
            leaves_done, leaves_total, leaves_dropped, optional_open,
            unboxed, frozen, boxes_outside, last_change, duplicate_of, rank,
            action, line, item, milestone_label, milestone_title, left_behind, flags, skipped,
            items
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND path BETWEEN ? AND ?
        ORDER BY path
        """,
        (to_text(top), *_span(path)),
    )
    return _named(DocumentRow, rows, DUPLICATE_OF)


def mentions(read: Read, top: str, path: str | None) -> tuple[MentionRow, ...]:
    """Give the lists of every pointer, or of one, by path, role and place in its list."""
    rows = read(
        """
        SELECT path, role, mention.item, mention.line, label, mention.title
        FROM document JOIN mention ON mention.document = document.id
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND path BETWEEN ? AND ?
            AND section IS NULL
        ORDER BY path, role, place
        """,
        (to_text(top), *_span(path)),
    )
    return _named(MentionRow, rows)


def findings(read: Read, top: str, path: str | None) -> tuple[FindingRow, ...]:
    """Give every finding, or those of one document, by path, kind and place."""
    rows = read(
        """
        SELECT path, kind, line, code, message
        FROM finding
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND path BETWEEN ? AND ?
        ORDER BY path, kind, place
        """,
        (to_text(top), *_span(path)),
    )
    return _named(FindingRow, rows)


def findings_elsewhere(read: Read, top: str, code: str) -> tuple[FindingRow, ...]:
    """Give what was found of this kind when other worktrees were listed, each sentence once."""
    rows = read(
        """
        SELECT DISTINCT path, kind, line, code, message
        FROM finding
        WHERE worktree <> (SELECT id FROM worktree WHERE top = ?)
            AND kind = 'listing'
            AND code = ?
        ORDER BY message
        """,
        (to_text(top), code),
    )
    return _named(FindingRow, rows)


def items(read: Read, top: str, path: str) -> tuple[ItemRow, ...]:
    """Give the nodes of one document in the order of walk()."""
    rows = read(
        """
        SELECT path, position, parent, section, item.id, kind, state, item.label, item.title,
            item.text, item.line, mark, optional, struck
        FROM document JOIN item ON item.document = document.id
        WHERE document.worktree = (SELECT id FROM worktree WHERE top = ?)
            AND path = ?
        ORDER BY position
        """,
        (to_text(top), to_text(path)),
    )
    return _named(ItemRow, rows)


def find_items(read: Read, top: str, prefix: str) -> tuple[ItemRow, ...]:
    """Give the nodes whose id starts so, by id and path; none for an empty prefix."""
    if not (prefix.isascii() and prefix.isalnum()):
        return ()
    rows = read(
        """
        SELECT path, position, parent, section, item.id, kind, state, item.label, item.title,
            item.text, item.line, mark, optional, struck
        FROM item JOIN document ON document.id = item.document
        WHERE item.worktree = (SELECT id FROM worktree WHERE top = ?)
            AND item.id >= ?
            AND item.id < ?
        ORDER BY item.id, path, position
        """,
        (to_text(top), prefix, prefix + BEHIND_Z),
    )
    return _named(ItemRow, rows)


def blobs(read: Read, top: str) -> tuple[tuple[str, str], ...]:
    """Give path and blob of every readable document, by path."""
    rows = read(
        """
        SELECT path, blob
        FROM document
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
            AND blob IS NOT NULL
        ORDER BY path
        """,
        (to_text(top),),
    )
    return tuple((from_text(path), blob) for path, blob in rows)


def prefixes(read: Read, top: str, ids: Iterable[str]) -> tuple[str, ...]:
    """Shorten ids, in their order, to what tells them from every other id of the worktree.

    An id that is not there is shortened against those that are.
    """
    wanted = tuple(ids)
    neighbours = _neighbours if len(wanted) < MANY else _all_neighbours
    return tuple(
        key[: max(SHORTEST, 1 + _common(key, before), 1 + _common(key, after))]
        for key, (before, after) in zip(wanted, neighbours(read, top, wanted), strict=True)
    )


def _neighbours(read: Read, top: str, wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    # Ids are letters and digits: nothing in them has to be escaped.
    keys = ",".join(f'"{key}"' for key in wanted)
    rows = read(
        """
        SELECT
            (SELECT max(id) FROM item WHERE worktree = here.id AND item.id < wanted.value),
            (SELECT min(id) FROM item WHERE worktree = here.id AND item.id > wanted.value)
        FROM json_each(?2) AS wanted
            LEFT JOIN (SELECT max(id) AS id FROM worktree WHERE top = ?1) AS here
        ORDER BY wanted.key
        """,
        (to_text(top), f"[{keys}]"),
    )
    return [(before or "", after or "") for before, after in rows]


def _all_neighbours(read: Read, top: str, wanted: tuple[str, ...]) -> list[tuple[str, str]]:
    from bisect import bisect_left, bisect_right

    rows = read(
        """
        SELECT DISTINCT id
        FROM item
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
        ORDER BY id
        """,
        (to_text(top),),
    )
    known = ["", *(key for (key,) in rows), ""]
    last = len(known) - 1
    return [
        (
            known[bisect_left(known, key, 1, last) - 1],
            known[bisect_right(known, key, 1, last)],
        )
        for key in wanted
    ]


def _common(one: str, other: str) -> int:
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length


def _span(path: str | None) -> tuple[str, str | bytes]:
    if path is None:
        return ("", BEHIND_TEXT)
    text = to_text(path)
    return (text, text)


def _named(
    kind: type[R], rows: list[tuple[Any, ...]], second_path: int | None = None
) -> tuple[R, ...]:
    # Names that are no UTF-8 are rare: looking for one is cheaper than reading each.
    places = (0,) if second_path is None else (0, second_path)
    for place in places:
        if any((row[place] or "").startswith(ESCAPED) for row in rows):
            rows = [
                (*row[:place], row[place] and from_text(row[place]), *row[place + 1 :])
                for row in rows
            ]
    return tuple(map(kind, rows))
