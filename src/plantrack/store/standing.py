"""The documents of a line as they are after its last revision, rebuilt when they are needed."""

# Theory of operation
#
# 1. A document is rebuilt from its last version: the plan comes from whoever can read the blob, the
#    ids of the items from the layout, and the items that are gone from the changes along the line.
# 2. What is rebuilt equals what was at hand when the last revision was recorded, or the next one
#    would be read differently after a pause.
# 3. Of documents that are the same, byte for byte, one counts: that which is on the line for
#    longest. What the others have been through is the same work once more.

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from plantrack.core.change import Gone, Tracked, left_behind
from plantrack.core.lineage import Document, Shelved, State
from plantrack.store.chronicle import Bearings
from plantrack.store.entries import CHANGE, WORDED, to_change
from plantrack.store.listing import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from plantrack.core.model import Plan

    Read = Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]]
    PlanOf = Callable[[str, str], Plan]  # path and blob to plan

_AFTER_ALL = 1 << 40  # a depth beyond that of any line: of what is not committed


def bearings(read: Read, top: str) -> tuple[Bearings, ...]:
    """Give the last version of every document of the line, those that are gone included.

    In the order of the revisions that made the versions, then of paths.
    """
    rows = read(
        """
        SELECT tip.tracked, tip.version, tracked.id, path, title, blob, layout,
            coalesce(pieces <> '[]', 0), depth, changed
        FROM tip
            JOIN document_version ON document_version.serial = tip.version
            JOIN tracked ON tracked.serial = tip.tracked
            JOIN revision ON revision.serial = document_version.revision
            LEFT JOIN layout ON layout.serial = document_version.layout
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
        """,
        (to_text(top),),
    )
    found = (
        Bearings(tracked, version, key, from_text(path), *rest)
        for tracked, version, key, path, *rest in rows
    )
    return tuple(sorted(found, key=lambda one: (one.depth, one.path)))


def state(read: Read, top: str, plan_of: PlanOf, reach: Reach | None = None) -> State:
    """Give the state after the last revision; documents are rebuilt when they are asked for."""
    present: dict[str, Document | Shelved] = {}
    absent: dict[str, Document | Shelved] = {}
    for one in bearings(read, top) if reach is None else reach.tips:
        shelved = Shelved(one.id, one.path, one.title, _fetcher(read, top, one, plan_of))
        if one.blob is None:
            absent[one.id] = shelved
        else:
            present[one.path] = shelved
    return State(present, absent, _stood(read, top, reach and reach.paths))


class Reach(NamedTuple):
    """What of a state is asked for, where little of it is."""

    tips: Sequence[Bearings]  # all of them, as `bearings` gives them
    paths: Collection[str]  # that the next revision touches


def ids(read: Read, version: int) -> tuple[str, ...]:
    """Give the ids of the items of a version, in document order; () for one that is gone."""
    rows = read(
        """
        SELECT piece.id
        FROM document_version
            JOIN layout ON layout.serial = document_version.layout
            JOIN json_each(layout.pieces) AS place
            JOIN piece ON piece.serial = place.value
        WHERE document_version.serial = ?
        ORDER BY place.key
        """,
        (version,),
    )
    return tuple(key for (key,) in rows)


def copies(read: Read, top: str) -> dict[str, str]:
    """Give the ids of documents that stand in the same bytes as another one, and of that one.

    As the work tree stands. Of those alike, the one that is told of most is the first on the line.
    """
    shown_by_path = {
        from_text(path): from_text(shown)
        for pair in read(
            """
            SELECT path, duplicate_of
            FROM document
            WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
                AND duplicate_of IS NOT NULL
            """,
            (to_text(top),),
        )
        for path, shown in (pair, (pair[1], pair[1]))
    }
    if not shown_by_path:
        return {}
    alike: dict[str, list[str]] = {}
    for _, path, document in sorted(_begun(read, top, shown_by_path.keys())):
        group = alike.setdefault(shown_by_path[path], [])
        if document not in group:
            group.append(document)
    return {other: group[0] for group in alike.values() for other in group[1:]}


def named(read: Read, top: str) -> dict[str, int]:
    """Give, by path, the layout that the items of a present document have their ids from.

    Documents that differ from their line are absent.
    """
    rows = read(
        """
        SELECT path, layout
        FROM named
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?)
        """,
        (to_text(top),),
    )
    return {from_text(path): layout for path, layout in rows}


def _begun(read: Read, top: str, paths: Collection[str]) -> Iterator[tuple[int, str, str]]:
    """Give where on the line the documents at some paths begin, the paths, and their ids."""
    rows = read(
        """
        SELECT path, tracked.id, (
            SELECT min(depth)
            FROM document_version AS past
                JOIN line_revision ON line_revision.revision = past.revision
            WHERE past.tracked = tip.tracked AND line_revision.worktree = tip.worktree
        )
        FROM tip
            JOIN document_version AS last ON last.serial = tip.version
            JOIN tracked ON tracked.serial = tip.tracked
        WHERE tip.worktree = (SELECT id FROM worktree WHERE top = ?1)
            AND blob IS NOT NULL
            AND path IN (SELECT value FROM json_each(?2))
        UNION ALL
        SELECT DISTINCT path, tracked, ?3
        FROM overlay
        WHERE worktree = (SELECT id FROM worktree WHERE top = ?1)
            AND path IN (SELECT value FROM json_each(?2))
        """,
        (to_text(top), json.dumps([to_text(path) for path in paths]), _AFTER_ALL),
    )
    return ((depth, from_text(path), document) for path, document, depth in rows)


def _fetcher(read: Read, top: str, one: Bearings, plan_of: PlanOf) -> Callable[[], Document]:
    def fetch() -> Document:
        tracked = None
        if one.blob is not None:
            tracked = Tracked(plan_of(one.path, one.blob), ids(read, one.version))
        return Document(one.id, one.path, one.title, tracked, _gone(read, top, one.tracked))

    return fetch


def _gone(read: Read, top: str, tracked: int) -> dict[str, Gone]:
    rows = read(
        f"""
        SELECT {CHANGE}
        FROM document_version
            JOIN line_revision
                ON line_revision.revision = document_version.revision
                AND line_revision.worktree = (SELECT id FROM worktree WHERE top = ?1)
            JOIN change ON change.version = document_version.serial
            {WORDED}
        WHERE document_version.tracked = ?2
            AND (state_before IS NULL OR state_after IS NULL)
            AND change.piece IN ( -- the other ones only came
                SELECT former.piece
                FROM document_version AS past JOIN change AS former ON former.version = past.serial
                WHERE past.tracked = ?2 AND former.state_after IS NULL
            )
        ORDER BY depth, place
        """,
        (to_text(top), tracked),
    )
    gone: dict[str, Gone] = {}
    for row in rows:
        change = to_change(row)
        if change.before is None:
            gone.pop(change.item, None)
        else:
            left = left_behind(change.before, change.reason)
            gone[change.item] = Gone(change.item, change.before, *left)
    return gone


def _stood(read: Read, top: str, paths: Collection[str] | None) -> dict[str, frozenset[str]]:
    """Find the documents that stood at another path once, by path; None: by every path."""
    among = "" if paths is None else "AND past.path IN (SELECT value FROM json_each(?2))"
    asked = () if paths is None else (json.dumps([to_text(path) for path in sorted(paths)]),)
    rows = read(
        f"""
        SELECT DISTINCT past.path, tracked.id
        FROM document_version AS past -- in this order: each version is looked at once
            CROSS JOIN tip ON tip.tracked = past.tracked
            CROSS JOIN document_version AS last ON last.serial = tip.version
            CROSS JOIN line_revision
                ON line_revision.revision = past.revision
                AND line_revision.worktree = tip.worktree
            CROSS JOIN tracked ON tracked.serial = tip.tracked
        WHERE tip.worktree = (SELECT id FROM worktree WHERE top = ?1)
            AND (past.path <> last.path OR last.blob IS NULL) {among}
        """,
        (to_text(top), *asked),
    )
    stood: dict[str, frozenset[str]] = {}
    for text, key in rows:
        path = from_text(text)
        stood[path] = stood.get(path, frozenset()) | {key}
    return stood
