"""What came to the plans, what went, and what is there: the books of each work tree."""

# Theory of operation
#
# 1. Whatever is in the plans came into them by a change and has not gone by another. So the changes
#    of the line, and those that are not committed, must end at the items that are there, each of
#    them.
# 2. Leaves and milestones are told as a burndown counts them. An item that went without being cut
#    stays in a burndown; here it is taken out, because it is in no plan any more.
# 3. The line and the work tree are written one after the other. Where somebody stopped in between,
#    or git was in the middle of something, they speak of different moments: nothing is compared.
# 4. A document that cannot be read says nothing of its items, and is left out; so is one that git
#    keeps out of the work tree.

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from plantrack.core.effects import Effect, Unit, effects
from plantrack.store import annals
from plantrack.store.accounts import Account, Balance
from plantrack.store.connection import connect
from plantrack.store.listing import from_text
from plantrack.store.trouble import UNREADABLE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from plantrack.core.change import Change


def read(path: str | None) -> tuple[Balance, ...]:
    """Add up the books of the database at a path; () for none, and for one that cannot be read."""
    for mode in ("ro", "immutable"):  # where nothing can be written, not even a lock is taken
        try:
            if path is not None:
                with closing(connect(path, mode)) as connection:
                    return of(connection)
        except UNREADABLE:
            continue
    return ()


def of(connection: sqlite3.Connection) -> tuple[Balance, ...]:
    """Add up the books of every work tree whose past is known, by path."""
    rows = connection.execute(_TREES).fetchall()
    return tuple(
        _Books(connection, worktree, from_text(top)).balance()
        if is_settled
        else Balance(from_text(top), 0, (), ())
        for worktree, top, is_settled in rows
    )


class _Books:
    """The books of one work tree, while they are added up."""

    def __init__(self, connection: sqlite3.Connection, worktree: int, top: str) -> None:
        self._connection = connection
        self._worktree = worktree
        self._top = top

    def balance(self) -> Balance:
        items: dict[str, Account] = {}
        parts: dict[Unit, list[tuple[str, Account]]] = {unit: [] for unit in Unit}
        for document, *sums, leaves, leaves_done, milestones, milestones_done in self._rows(_CAME):
            items[document] = Account(*sums)
            parts[Unit.LEAVES].append((document, _gone(leaves, leaves_done)))
            parts[Unit.MILESTONES].append((document, _gone(milestones, milestones_done)))
        unbooked = []
        for path, document, count, *sums in self._rows(_THERE):
            if count:
                unbooked.append(f"{from_text(path)}: items that are in no books: {count}")
            leaves, leaves_done, milestones, milestones_done = sums
            parts[Unit.LEAVES].append((document, _there(leaves, leaves_done)))
            parts[Unit.MILESTONES].append((document, _there(milestones, milestones_done)))
        accounts: dict[str, Mapping[str, Account]] = {"items": items}
        for unit, told in parts.items():
            accounts[unit] = _sums(items, (*told, *self._days(unit), *self._pending(unit)))
        totals = tuple(sum(one.values(), Account()) for one in accounts.values())
        return Balance(self._top, len(items), totals, (*self._wrong(accounts), *unbooked))

    def _wrong(self, accounts: Mapping[str, Mapping[str, Account]]) -> Iterator[str]:
        paths = dict(self._rows(_PATHS))
        for unit, by_document in accounts.items():
            for document, account in sorted(by_document.items()):
                if not account.is_balanced:
                    path = from_text(paths.get(document, document))
                    yield f"{path}: {_told(account, unit)}"

    def _days(self, unit: Unit) -> Iterator[tuple[str, Account]]:
        """Give what the changes of the line do, by document."""
        for document, *sums in self._rows(_DAYS, unit.value):
            yield document, Account(*sums)

    def _pending(self, unit: Unit) -> Iterator[tuple[str, Account]]:
        """Give what the changes that are not committed do, by document."""
        changes: dict[str, list[Change]] = {}
        for entry in annals.overlay(self._fetch, self._top):
            changes.setdefault(entry.document, []).append(entry.change)
        for document, found in changes.items():
            amounts = effects(found, unit)
            cut = (Effect.CUT_OPEN, Effect.CUT_DONE, Effect.CUT_DROPPED)
            yield (
                document,
                Account(
                    added=amounts[Effect.ADDED],
                    removed=sum(amounts[one] for one in cut),
                    ticked=amounts[Effect.TICKED],
                    unticked=amounts[Effect.UNTICKED],
                    arrived_done=amounts[Effect.ARRIVED_DONE],
                    removed_done=amounts[Effect.CUT_DONE],
                ),
            )

    def _rows(self, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
        return self._fetch(statement, (self._worktree, *parameters))

    def _fetch(self, statement: str, parameters: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement, parameters).fetchall()


def _sums(documents: Iterable[str], parts: Iterable[tuple[str, Account]]) -> Mapping[str, Account]:
    """Add up the parts of each document; those of others are left out."""
    found = dict.fromkeys(documents, Account())
    for document, part in parts:
        if document in found:
            found[document] += part
    return found


def _gone(scope: int, done: int) -> Account:
    return Account(removed=scope, removed_done=done)


def _there(present: int, done: int) -> Account:
    return Account(present=present, done=done)


def _told(one: Account, unit: str) -> str:
    """Say what does not balance."""
    if one.should_be_present != one.present:
        return f"{unit}: {one.added} came and {one.removed} went, but {one.present} are there"
    return f"{unit}: {one.should_be_done} should be done, but {one.done} are"


# --- statements -----------------------------------------------------------------------------------

# Without a commit, it can only be a folder outside git that was recorded.
_TREES = """
    SELECT worktree.id, top,
        generation > 0
        AND worktree.head IS line.head
        AND (line.head IS NOT NULL OR last.commit_id IS NULL)
    FROM line
        JOIN worktree ON worktree.id = line.worktree
        LEFT JOIN revision AS last ON last.serial = line.revision
    ORDER BY top
    """
# What happened to items, in the documents that can be read; then, by document and item, what that
# comes to: one that is there came once more often than it went.
_LIVES = """
    WITH unread AS (
        SELECT tracked.id AS document
        FROM tip
            JOIN tracked ON tracked.serial = tip.tracked
            JOIN document_version AS last ON last.serial = tip.version
            JOIN document ON document.worktree = tip.worktree AND document.path = last.path
        WHERE tip.worktree = ?1 AND document.blob IS NULL
        UNION
        SELECT tracked.id
        FROM tip
            JOIN tracked ON tracked.serial = tip.tracked
            JOIN document_version AS last ON last.serial = tip.version
        WHERE tip.worktree = ?1
            AND last.blob IS NOT NULL
            AND last.layout IN (SELECT serial FROM layout WHERE pieces <> '[]')
            AND tracked.id NOT IN (SELECT tracked FROM overlay WHERE worktree = ?1)
            AND NOT EXISTS (
                SELECT 1
                FROM document
                WHERE document.worktree = ?1 AND document.path = last.path
            )
            AND NOT EXISTS (
                SELECT 1
                FROM layout JOIN json_each(layout.pieces) AS place
                    JOIN piece ON piece.serial = place.value
                    JOIN item ON item.id = piece.id AND item.worktree = ?1
                WHERE layout.serial = last.layout
            )
    ),
    entry AS MATERIALIZED (
        SELECT tracked.id AS document, piece.id AS item, line_revision.depth AS depth, change.kind,
            reason, state_before, state_after, kind_before, leaf_before, optional_before
        FROM line_revision
            JOIN document_version ON document_version.revision = line_revision.revision
            JOIN tracked ON tracked.serial = document_version.tracked
            JOIN change ON change.version = document_version.serial
            JOIN piece ON piece.serial = change.piece
        WHERE line_revision.worktree = ?1 AND tracked.id NOT IN (SELECT document FROM unread)
        UNION ALL
        SELECT tracked, item, 1 << 40, kind,
            reason, state_before, state_after, kind_before, leaf_before, optional_before
        FROM overlay
        WHERE worktree = ?1 AND tracked NOT IN (SELECT document FROM unread)
    ),
    life AS MATERIALIZED (
        SELECT document, item,
            sum(state_before IS NULL) AS added,
            sum(state_after IS NULL) AS removed,
            sum(kind = 'ticked') AS ticked,
            sum(kind = 'unticked') AS unticked,
            sum(state_before IS NULL AND state_after = 'done') AS arrived_done,
            sum(state_after IS NULL AND state_before = 'done') AS removed_done
        FROM entry
        GROUP BY document, item
    )
    """
# By document: its items, then the leaves and milestones that went along with it and were not cut.
_CAME = f"""
    {_LIVES},
    there AS MATERIALIZED (
        SELECT id, count(*) AS count, sum(state = 'done') AS done
        FROM item
        WHERE worktree = ?1 AND kind <> 'group'
        GROUP BY id
    ),
    gone AS MATERIALIZED (
        SELECT document, item, max(depth), reason, leaf_before AS leaf,
            kind_before = 'milestone' AS milestone,
            state_before IN ('done', 'dropped') OR NOT optional_before AS scope,
            state_before = 'done' AS done
        FROM entry
        WHERE state_after IS NULL
        GROUP BY document, item
    )
    SELECT life.document, sum(added), sum(removed), sum(coalesce(there.count, 0)), sum(ticked),
        sum(unticked), sum(arrived_done), sum(removed_done), sum(coalesce(there.done, 0)),
        coalesce(sum(leaf AND scope), 0), coalesce(sum(leaf AND gone.done), 0),
        coalesce(sum(milestone AND scope), 0), coalesce(sum(milestone AND gone.done), 0)
    FROM life
        LEFT JOIN there ON there.id = life.item AND added > removed
        LEFT JOIN gone
            ON gone.document = life.document
            AND gone.item = life.item
            AND gone.reason <> 'cut'
            AND added = removed
    GROUP BY life.document
    """
# By file that is there: whose it is, how many of its items came by no change, and what it counts.
_THERE = f"""
    {_LIVES}
    SELECT path, min(life.document), sum(life.document IS NULL),
        leaves_total + leaves_dropped, leaves_done,
        milestones_total + milestones_dropped, milestones_done
    FROM document
        JOIN item ON item.document = document.id
        LEFT JOIN life ON life.item = item.id AND added > removed
    WHERE document.worktree = ?1 AND item.kind <> 'group'
    GROUP BY document.id
    ORDER BY path
    """
_PATHS = """
    SELECT tracked.id, path
    FROM tip
        JOIN tracked ON tracked.serial = tip.tracked
        JOIN document_version ON document_version.serial = tip.version
    WHERE tip.worktree = ?1
    UNION ALL
    SELECT tracked, path FROM overlay WHERE worktree = ?1
    """
_DAYS = """
    SELECT tracked.id, sum(added), sum(cut_open + cut_done + cut_dropped), 0, sum(ticked),
        sum(unticked), sum(arrived_done), sum(cut_done), 0
    FROM document_day JOIN tracked ON tracked.serial = document_day.tracked
    WHERE worktree = ?1 AND unit = ?2
    GROUP BY tracked.id
    """
