"""The memory to looks at its items, and what happened between two of them."""

# Theory of operation
#
# 1. A document is read again when its bytes are others, or when its items may have got other ids:
#    these stay the same for as long as it is what its line has. All others are taken over.
# 2. Where HEAD went on along its branch, each revision that changed plans is told, and what it did
#    to the items of the work tree is told as its doing. A commit of what was seen before changes
#    no item.
# 3. Where HEAD went anywhere else, the items are those of another past. That is told as a whole.

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core import feed
from plantrack.core.change import Change, ChangeKind, Reason, Tracked
from plantrack.core.feed import Appeared, Changed, Committed, Look, Seen, Switched, Vanished
from plantrack.core.model import Count, Family, Plan, Status
from plantrack.core.past_view import ChangeView
from plantrack.repo import revisions
from plantrack.store.chronicle import Query
from plantrack.views import past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from plantrack.core.feed import Difference, Differences, Event
    from plantrack.repo import Head, Place
    from plantrack.store import DocumentRow, Store
    from plantrack.store.chronicle import Entry

MOST_TOLD = 20  # revisions one by one; older ones are told as one
MOST_READ = 2000  # of the newest revisions; what older ones did is not counted


class Feed:
    """Looks at the documents of a memory, and tells two looks apart."""

    def __init__(self, store: Store, place: Place) -> None:
        """Look at the memory of a place."""
        self._store = store
        self._place = place
        self._layouts: dict[str, int] = {}  # by path, as of the last look

    def look(self, paths: Sequence[str] | None, head: Head, known: Look | None = None) -> Look:
        """Look at documents (None: all there are); what is as in the look `known` is not read.

        `head` is what the memory was brought up to date with.
        """
        layouts = self._store.past.named()
        found: dict[str, Seen] = {}
        for row, is_shown in self._rows(paths):
            held = known.documents.get(row.path) if known else None
            layout = layouts.get(row.path)
            is_same = layout is not None and layout == self._layouts.get(row.path)
            if held is None or not is_same or held.blob != row.blob:
                one = self._seen(row, is_shown=is_shown)
            else:
                one = held if held.is_shown is is_shown else replace(held, is_shown=is_shown)
            if one is not None:
                found[row.path] = one
        self._layouts = layouts
        return Look(head.commit, head.branch, found)

    def tell(self, before: Look, after: Look, now: datetime) -> tuple[Event, ...]:
        """Tell what happened between two looks: to HEAD, to documents, to items."""
        found = feed.differences(before, after)
        is_elsewhere = before.branch != after.branch
        new: tuple[str, ...] = ()
        if before.head != after.head:
            went_on = None if is_elsewhere else self._went_on(before, after)
            if went_on is None:
                return (_switched(before, after, found.documents, now),)
            new = went_on
        asked = frozenset(before.documents) | frozenset(after.documents)
        entries = [one for one in self._committed(new) if one.path in asked]
        events: list[Event] = []
        if is_elsewhere:
            events.append(_switched(before, after, found.documents, now))
        events += _revisions(entries, after.branch, now)
        events += self._documents(found, now)
        events += self._items(found.items, entries, now)
        return tuple(events)

    # --- looking ---------------------------------------------------------------------------------

    def _rows(self, paths: Sequence[str] | None) -> Iterator[tuple[DocumentRow, bool]]:
        """Give the documents with a plan, and whether each is shown: of identical ones one is."""
        asked = None if paths is None else frozenset(paths)
        rows = [
            row
            for row in self._store.documents()
            if row.planned and (asked is None or row.path in asked)
        ]
        shown = {row.path for row in rows if row.duplicate_of is None}
        for row in rows:
            stands_for = row.duplicate_of or row.path
            yield row, row.path in shown or stands_for not in shown
            shown.add(stands_for)

    def _seen(self, row: DocumentRow, *, is_shown: bool) -> Seen | None:
        tree = self._store.tree(row.path)
        if tree is None or row.blob is None:
            return None
        # What the Status says beyond its family is not kept, only what it came to.
        status = Status(row.status_text, Family(row.family), 0, "frozen" if row.frozen else "")
        plan = Plan(row.title, row.dialect, status, tree.sections, boxes_outside=row.boxes_outside)
        leaves = Count(row.leaves_done, row.leaves_total, row.leaves_dropped)
        return Seen(row.path, row.blob, row.title, leaves, is_shown, Tracked(plan, tree.ids))

    # --- HEAD ------------------------------------------------------------------------------------

    def _went_on(self, before: Look, after: Look) -> tuple[str, ...] | None:
        """Give the commits that HEAD went on by, oldest first; None: it went elsewhere.

        A detached HEAD goes on by one commit; by more, it was moved.
        """
        if after.head is None:
            return None
        if before.head is None:
            return revisions.line_of(self._place, after.head)
        since = frozenset({before.head})
        if revisions.newest_known(self._place, head=after.head, known=since) is None:
            return None
        read = revisions.read_line(self._place, head=after.head, since=since)
        commits = tuple(one.commit for one in read)
        return None if after.branch is None and len(commits) > 1 else commits

    def _committed(self, commits: Sequence[str]) -> tuple[Entry, ...]:
        if not commits:
            return ()
        return self._store.past.changes(Query(commits=tuple(commits[-MOST_READ:])))

    # --- documents and items ---------------------------------------------------------------------

    def _documents(self, found: Differences, now: datetime) -> Iterator[Event]:
        if found.vanished:
            snapshot = self._store.snapshot()
            listed = {path for path, _ in snapshot.documents} if snapshot else set()
            for one in found.vanished:
                yield Vanished(one.path, one.title, one.leaves, now, one.path in listed)
        for one in found.appeared:
            yield Appeared(one.path, one.title, one.leaves, now)
        for old, one in found.moved:
            yield Appeared(one.path, one.title, one.leaves, now, old.path)

    def _items(
        self, items: Sequence[Difference], entries: Iterable[Entry], now: datetime
    ) -> Iterator[Event]:
        if not items:
            return
        by_change = {(one.change.item, one.change.kind): one for one in self._store.past.overlay()}
        by_change |= {(one.change.item, one.change.kind): one for one in entries}
        short = past.short_ids(self._store, (one.changes[0].item for one in items))
        for item in items:
            told = [by_change.get((one.item, one.kind)) for one in item.changes]
            commits = [one.revision for one in told if one and one.revision.commit]
            yield Changed(
                change=_change(item, told[0], short),
                also=tuple(one.kind for one in item.changes[1:]),
                title=item.document.title,
                leaves=item.document.leaves,
                time=now,
                revision=past.revision_view(commits[0]) if commits else None,
            )


def _switched(before: Look, after: Look, documents: int, now: datetime) -> Switched:
    return Switched(before.branch, after.branch, before.head, after.head, documents, now)


def _revisions(entries: Sequence[Entry], branch: str | None, now: datetime) -> Iterator[Committed]:
    """Tell of revisions, oldest first; of many, the older ones as one."""
    groups = [tuple(group) for _, group in groupby(entries, key=lambda one: one.revision.commit)]
    older, newer = groups[:-MOST_TOLD], groups[-MOST_TOLD:]
    if older:
        revision = past.revision_view(older[-1][0].revision)
        yield Committed(revision, branch, sum(map(_items_of, older)), now, len(older))
    for group in newer:
        revision = past.revision_view(group[0].revision)
        yield Committed(revision, branch, _items_of(group), now)


def _items_of(entries: Iterable[Entry]) -> int:
    return len({one.change.item for one in entries})


def _change(item: Difference, told: Entry | None, short: Mapping[str, str]) -> ChangeView:
    """View the weightiest change of an item; `told` is how the history, or the overlay, has it."""
    change = item.changes[0]
    seen = told.seen if told else None
    view = past.change_view(change, item.document.path, short, seen)
    return replace(view, reason=_reason(change, told))


def _reason(change: Change, told: Entry | None) -> Reason:
    """Name the reason; that an item came back or was split off, only the history knows."""
    if told is not None and change.kind is ChangeKind.ADDED and change.reason is Reason.OPEN:
        return told.change.reason
    return change.reason
