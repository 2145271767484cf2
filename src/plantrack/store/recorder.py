"""A recording into the tables: one transaction, the present of one worktree."""

# Theory of operation
#
# 1. A recording says how a worktree stands now as the difference to an earlier one. If another came
#    in between, the difference is to something else: it is refused, and its maker compares again.
#    One that finds the very same snapshot in place has been made already, and does nothing.
# 2. A document whose digest is unchanged is not written again, unless the recording starts from
#    nothing: then nothing that was there is believed.
# 3. The totals of the worktree change by what the documents it touches came to before and come to
#    after, so that recording one document does not read the others.
# 4. Once a day, parsed plans that nobody needed for long are dropped, and worktrees that are gone.

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plantrack.store import cache, overlays, totals
from plantrack.store.contents import of_findings, of_record
from plantrack.store.listing import from_text, pack, to_text
from plantrack.store.trouble import Overtaken

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from plantrack.store.contents import Contents
    from plantrack.store.recording import DocumentRecord, Recording
    from plantrack.store.rows import Basis

INSERT_DOCUMENT = """
    INSERT INTO document (
        path, blob, title, dialect, shape, status_text, family, planned, has_checklist,
        milestones_done, milestones_total, milestones_dropped,
        leaves_done, leaves_total, leaves_dropped, optional_open,
        unboxed, frozen, boxes_outside, rank,
        action, reason, line, item, text, notes,
        milestone_item, milestone_line, milestone_label, milestone_title,
        left_behind, flags, skipped, items,
        worktree, last_change, seal
    )
    VALUES (
        ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?,
        ?, ?, ?, ?,
        ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?,
        ?, ?, ?, ?,
        ?, ?, ?
    )
    """
INSERT_SECTION = """
    INSERT INTO section (document, place, heading, line, end_line, shape, implicit)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """
INSERT_ITEM = """
    INSERT INTO item (
        document, worktree, position, id, parent, section, kind, state, label, title, text, line,
        mark, optional, struck, notes, tags
    )
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
INSERT_MENTION = """
    INSERT INTO mention (document, role, place, section, position, item, line, label, title)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    """
INSERT_FINDING = """
    INSERT INTO finding (worktree, document, kind, place, path, line, code, message)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """


def record(connection: sqlite3.Connection, top: str, recording: Recording) -> int:
    """Write a recording inside the caller's transaction; give the new generation."""
    worktree, generation, known = _enter(connection, top)
    snapshot, base = recording.snapshot, recording.base
    packed = pack(snapshot)
    if base not in (None, generation):
        if _is_made(connection, worktree, snapshot.basis, packed):
            return generation
        raise _overtaken(top)
    if base is None:
        connection.execute("DELETE FROM document WHERE worktree = ?", (worktree,))
    gone = _without(connection, worktree, recording)
    touched = {*gone, *_twins(connection, worktree), *_touched(recording)}
    rest = totals.Totals()
    if base is not None and generation > 0:
        rest = known.minus(totals.of_paths(connection, worktree, touched))
    connection.executemany(
        "DELETE FROM document WHERE worktree = ? AND path = ?",
        [(worktree, path) for path in gone],
    )
    _write(connection, worktree, recording)
    total = rest.plus(totals.of_paths(connection, worktree, touched))
    _conclude(connection, worktree, snapshot.basis, packed)
    _sum_up(connection, worktree, total)
    if recording.overlay is not None:
        overlays.record(connection, top, worktree, recording.overlay)
    if cache.is_due(connection, recording.day):
        cache.age(connection, recording.day)
        _forget_gone(connection, besides=worktree)
    cache.save(connection, recording.plans, recording.day)
    return generation + 1


def _enter(connection: sqlite3.Connection, top: str) -> tuple[int, int, totals.Totals]:
    connection.execute(
        """
        INSERT INTO worktree (
            top, generation, config, parser, head, listing, listing_seal,
            documents, planned, items, seal
        )
        VALUES (?, 0, '', 0, NULL, x'', 0, 0, 0, 0, 0)
        ON CONFLICT (top) DO NOTHING
        """,
        (to_text(top),),
    )
    (row,) = connection.execute(
        """
        SELECT id, generation, documents, planned, items, seal
        FROM worktree
        WHERE top = ?
        """,
        (to_text(top),),
    ).fetchall()
    worktree, generation, *sums = row
    return worktree, generation, totals.Totals(*sums)


def _is_made(connection: sqlite3.Connection, worktree: int, basis: Basis, packed: bytes) -> bool:
    (row,) = connection.execute(
        """
        SELECT config, parser, head, listing
        FROM worktree
        WHERE id = ?
        """,
        (worktree,),
    ).fetchall()
    return bool(row == (*basis, packed))


def _touched(recording: Recording) -> set[str]:
    """Name every document whose row may come or change, as in the tables."""
    return {
        *map(to_text, recording.changed),
        *(to_text(path) for path, _ in recording.last_changes),
        *(to_text(path) for path, _ in recording.duplicates),
    }


def _write(connection: sqlite3.Connection, worktree: int, recording: Recording) -> None:
    for one in recording.changed.values():
        _put(connection, worktree, one)
    connection.executemany(
        "UPDATE document SET last_change = ? WHERE worktree = ? AND path = ?",
        [(time, worktree, to_text(path)) for path, time in recording.last_changes],
    )
    _pair(connection, worktree, recording.duplicates)
    connection.execute(
        "DELETE FROM finding WHERE worktree = ? AND document IS NULL",
        (worktree,),
    )
    connection.executemany(
        INSERT_FINDING,
        [(worktree, None, *row) for row in of_findings("listing", recording.findings)],
    )


def _without(connection: sqlite3.Connection, worktree: int, recording: Recording) -> list[str]:
    rows = connection.execute("SELECT path FROM document WHERE worktree = ?", (worktree,))
    listed = {to_text(path) for path, _ in recording.snapshot.documents}
    listed.difference_update(map(to_text, recording.plain))
    return [path for (path,) in rows.fetchall() if path not in listed]


def _twins(connection: sqlite3.Connection, worktree: int) -> dict[str, str]:
    rows = connection.execute(
        """
        SELECT path, duplicate_of
        FROM document
        WHERE worktree = ? AND duplicate_of IS NOT NULL
        """,
        (worktree,),
    )
    return dict(rows.fetchall())


def _pair(
    connection: sqlite3.Connection, worktree: int, duplicates: Iterable[tuple[str, str]]
) -> None:
    known = _twins(connection, worktree)  # what was put just now has none
    wanted = {to_text(path): to_text(shown) for path, shown in duplicates}
    changes: dict[str, str | None] = {path: None for path in known if path not in wanted}
    changes.update((path, shown) for path, shown in wanted.items() if known.get(path) != shown)
    connection.executemany(
        "UPDATE document SET duplicate_of = ? WHERE worktree = ? AND path = ?",
        [(shown, worktree, path) for path, shown in changes.items()],
    )


def _put(connection: sqlite3.Connection, worktree: int, one: DocumentRecord) -> None:
    contents = of_record(one)
    path, seal = contents.document[0], contents.seal
    known = connection.execute(
        "SELECT id, seal FROM document WHERE worktree = ? AND path = ?",
        (worktree, path),
    ).fetchall()
    for document, known_seal in known:
        if known_seal == seal:
            connection.execute(
                "UPDATE document SET last_change = ? WHERE id = ?",
                (one.last_change, document),
            )
            return
        connection.execute("DELETE FROM document WHERE id = ?", (document,))
    _insert(connection, worktree, contents, (one.last_change, seal))


def _insert(
    connection: sqlite3.Connection, worktree: int, contents: Contents, rest: tuple[int | None, int]
) -> None:
    fields = (*contents.document, worktree, *rest)
    document = connection.execute(INSERT_DOCUMENT, fields).lastrowid
    connection.executemany(INSERT_SECTION, [(document, *row) for row in contents.sections])
    connection.executemany(INSERT_ITEM, [(document, worktree, *row) for row in contents.items])
    connection.executemany(INSERT_MENTION, [(document, *row) for row in contents.mentions])
    connection.executemany(
        INSERT_FINDING, [(worktree, document, *row) for row in contents.findings]
    )


def _conclude(connection: sqlite3.Connection, worktree: int, basis: Basis, packed: bytes) -> None:
    connection.execute(
        """
        UPDATE worktree
        SET generation = generation + 1,
            config = ?, parser = ?, head = ?, listing = ?, listing_seal = ?
        WHERE id = ?
        """,
        (*basis, packed, totals.seal_of(basis, packed), worktree),
    )


def _sum_up(connection: sqlite3.Connection, worktree: int, total: totals.Totals) -> None:
    connection.execute(
        """
        UPDATE worktree
        SET documents = ?, planned = ?, items = ?, seal = ?
        WHERE id = ?
        """,
        (total.documents, total.planned, total.items, total.seal, worktree),
    )


def _forget_gone(connection: sqlite3.Connection, *, besides: int) -> None:
    rows = connection.execute("SELECT id, top FROM worktree WHERE id <> ?", (besides,)).fetchall()
    gone = [(worktree,) for worktree, top in rows if not os.path.isdir(from_text(top))]
    connection.executemany("DELETE FROM worktree WHERE id = ?", gone)


def _overtaken(top: str) -> Overtaken:
    return Overtaken(
        f"the memory of {top} was brought up to date by another process; nothing was recorded",
        "run the command again",
    )
