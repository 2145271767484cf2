"""The memory of the past to the views people ask for: log and blame."""

# Theory of operation
#
# 1. What is not committed comes first: it is the newest, and may yet be undone.
# 2. Order is that of the line of HEAD, never that of dates.

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core.change import ChangeKind, Reason
from plantrack.core.model import Kind, State
from plantrack.core.past_view import (
    BlameLine,
    BlameView,
    ChangeView,
    Logged,
    LogView,
    RevisionView,
)
from plantrack.store.chronicle import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.core.change import Change
    from plantrack.core.model import Node
    from plantrack.store import Store
    from plantrack.store.chronicle import Entry, Revision
    from plantrack.store.deeds import Note

_OVERLAY_DEPTH = -1
_OF_THE_PAST = frozenset({"git-busy", "history-gap", "history-shallow"})  # codes of findings
_OF_MARKS = frozenset({ChangeKind.TICKED, ChangeKind.UNTICKED, ChangeKind.MARKED})
_SAID_WITHIN_S = 60  # of the moment a state was seen first: it was written just before
_SHARED_CHARS = 2  # ids that are looked up together begin alike so far


@dataclass(frozen=True, slots=True)
class Question:
    """Which changes are asked for."""

    documents: tuple[str, ...] = ()  # ids; (): all
    items: tuple[str, ...] = ()  # full ids; (): all
    kinds: tuple[ChangeKind, ...] = ()  # (): all
    since: int | None = None  # unix seconds, inclusive
    until: int | None = None  # likewise, exclusive
    author: str = ""  # a part of a name or mail address, in any case; "" anybody
    limit: int | None = None  # the newest so many


def log(store: Store, question: Question) -> LogView:
    """Tell what changed, newest first, what is not committed before all."""
    wanted = None if question.limit is None else question.limit + 1
    entries = [one for one in reversed(store.past.overlay()) if _fits(one, question)][::-1]
    past = store.past.changes(
        Query(
            documents=question.documents,
            items=question.items,
            kinds=question.kinds,
            since=question.since,
            until=question.until,
            limit=None if question.author else wanted,
        )
    )
    if question.author:
        past = tuple(one for one in past if _is_by(one, question.author))
    found = [*past, *entries]
    has_more = question.limit is not None and len(found) > question.limit
    if question.limit is not None and has_more:
        found = _newest(found, question.limit)
    is_narrowed = replace(question, limit=None) != Question()
    return LogView(tuple(logged(store, found)), has_more, is_narrowed)


def blame(store: Store, path: str) -> BlameView:
    """Tell for each item of a document, as its file stands, who added and ticked it."""
    row, tree = store.document(path), store.tree(path)
    title = row.title if row else ""
    if tree is None:
        return BlameView(path, title, ())
    found = origins(store, path)
    placed = [
        placed for section in tree.sections for node in section.nodes for placed in _placed(node, 0)
    ]
    items = [
        (key, node, depth)
        for key, (node, depth) in zip(tree.ids, placed, strict=True)
        if node.kind is not Kind.GROUP
    ]
    short = short_ids(store, (key for key, _, _ in items))
    lines = (
        BlameLine(
            id=short[key],
            line=node.line,
            depth=depth,
            text=node.text,
            state=node.state,
            has_box=node.mark is not None,
            added=found.added(key),
            arrived_done=found.arrived_done(key, node.state),
            ticked=found.ticked(key, node.state),
        )
        for key, node, depth in items
    )
    return BlameView(path, title, tuple(lines))


def gaps(store: Store) -> tuple[str, ...]:
    """Say what is not known of the past, and why, a sentence each; (): it is known as a whole."""
    listing = (one for one in store.findings("") if one.kind == "listing")
    return tuple(f"this place: {one.message}" for one in listing if one.code in _OF_THE_PAST)


def origins(store: Store, path: str) -> Origins:
    """Find out which revisions added and ticked the items of a document."""
    overlay = tuple(one for one in store.past.overlay() if one.path == path)
    documents = document_ids(store).get(path, ())
    past = store.past.changes(Query(documents=documents)) if documents else ()
    return Origins((*past, *overlay))


def document_ids(store: Store) -> dict[str, tuple[str, ...]]:
    """Give the ids of documents by each path they stand at, or stood at last."""
    found: dict[str, tuple[str, ...]] = {}
    pairs = [(one.path, one.id) for one in store.past.documents()]
    pairs += [(one.path, one.document) for one in store.past.overlay()]
    for path, key in pairs:
        if key not in found.get(path, ()):
            found[path] = (*found.get(path, ()), key)
    return found


def logged(store: Store, entries: Sequence[Entry]) -> Iterator[Logged]:
    """View changes that are given oldest first, by revision, newest first."""
    short = short_ids(store, (one.change.item for one in entries))
    notes = _Notes(store.deeds.notes(one.change.item for one in entries))
    groups = [
        tuple(group)
        for _, group in groupby(entries, key=lambda one: (one.revision.depth, one.revision.commit))
    ]
    for group in reversed(groups):
        newest = max(group, key=lambda one: one.revision.time)
        changes = tuple(
            replace(change_view(one.change, one.path, short, one.seen), note=notes.of(one))
            for one in group
        )
        yield Logged(revision_view(newest.revision), changes)


def short_ids(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Shorten ids to what tells them from every other, gone ones too, all at once, by full id."""
    wanted = sorted(set(ids))
    starts = sorted({key[:_SHARED_CHARS] for key in wanted})
    known = sorted({key for start in starts for key in store.past.find_items(start)}.union(wanted))
    short = {}
    for key, present in zip(wanted, store.prefixes(wanted), strict=True):
        place = bisect_left(known, key)
        beside = (*known[max(place - 1, 0) : place], *known[place + 1 : place + 2])
        shared = max((_shared(key, other) for other in beside), default=0)
        short[key] = key[: max(len(present), shared + 1)]
    return short


def _shared(one: str, other: str) -> int:
    """Count the characters two different ids begin with alike."""
    return next(
        place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]
    )


def moment(seconds: int | None) -> datetime | None:
    """Name a moment; None also for one no calendar has, as a hostile file may claim."""
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def revision_view(revision: Revision) -> RevisionView:
    """View a revision."""
    return RevisionView(
        revision.commit,
        moment(revision.time),
        revision.author,
        revision.subject,
        is_present=revision.depth == _OVERLAY_DEPTH,
    )


def change_view(
    change: Change, path: str, short: Mapping[str, str], seen: int | None
) -> ChangeView:
    """View a change of a document at that path, first seen at that Unix second, without a note."""
    facet = change.after or change.before
    assert facet is not None  # a change has at least one side
    return ChangeView(
        id=short[change.item],
        kind=change.kind,
        reason=change.reason,
        path=path,
        line=facet.line,
        label=facet.label,
        state_before=change.before.state if change.before else None,
        state_after=change.after.state if change.after else None,
        text_before=change.before.text if change.before else None,
        text_after=change.after.text if change.after else None,
        seen=moment(seen),
    )


# --- log ------------------------------------------------------------------------------------------


def _fits(entry: Entry, question: Question) -> bool:
    """Tell whether a change that is not committed is asked for; nobody is its author yet."""
    change, time = entry.change, entry.revision.time
    return (
        not question.author
        and (not question.documents or entry.document in question.documents)
        and (not question.items or change.item in question.items)
        and (not question.kinds or change.kind in question.kinds)
        and (question.since is None or time >= question.since)
        and (question.until is None or time < question.until)
    )


def _newest(entries: Sequence[Entry], limit: int) -> list[Entry]:
    """Choose the newest so many; fewer, if one revision's changes of an item would be parted."""
    first, cut = _thing(entries[-limit - 1]), len(entries) - limit
    whole = next(
        (place for place in range(cut, len(entries)) if _thing(entries[place]) != first), cut
    )
    return list(entries[whole:])


def _thing(entry: Entry) -> tuple[int, str]:
    return entry.revision.depth, entry.change.item


def _is_by(entry: Entry, author: str) -> bool:
    return author.casefold() in entry.revision.author.casefold()


class _Notes:
    """What was said when items were ticked or opened."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._by_key: dict[tuple[str, str], list[Note]] = {}
        for note in notes:
            self._by_key.setdefault((note.item, note.state), []).append(note)

    def of(self, entry: Entry) -> str:
        """Give what was said of a change: the last of it at the time it was seen first."""
        after = entry.change.after
        # Outside git, a revision is when somebody looked.
        seen = (
            entry.seen if entry.revision.commit is not None else entry.seen or entry.revision.time
        )
        if seen is None or after is None or entry.change.kind not in _OF_MARKS:
            return ""
        notes = self._by_key.get((entry.change.item, after.state), ())
        return next(
            (one.text for one in reversed(notes) if abs(one.time - seen) <= _SAID_WITHIN_S), ""
        )


# --- blame ----------------------------------------------------------------------------------------


def _placed(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
    """Yield a node and all below it with their depths; groups are looked through."""
    yield node, depth
    inner = depth if node.kind is Kind.GROUP else depth + 1
    for child in node.children:
        yield from _placed(child, inner)


class Origins:
    """Which revisions added and ticked each item of a document; items go by their full ids."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take the changes of the document, oldest first."""
        self._added: dict[str, Entry] = {}  # the latest time it came
        self._ticked: dict[str, Entry] = {}
        for entry in entries:
            if entry.change.kind is ChangeKind.ADDED:
                self._added[entry.change.item] = entry
                self._ticked.pop(entry.change.item, None)
            elif entry.change.kind is ChangeKind.TICKED:
                self._ticked[entry.change.item] = entry

    def added(self, item: str) -> RevisionView | None:
        """Give the revision an item came with, the last time it did."""
        entry = self._added.get(item)
        return revision_view(entry.revision) if entry else None

    def arrived_done(self, item: str, state: State) -> bool:
        """Tell whether an item that is done was never ticked where anybody saw it."""
        entry = self._added.get(item)
        if entry is None or state is not State.DONE or item in self._ticked:
            return False
        facet = entry.change.after
        return entry.change.reason is Reason.ARRIVED_DONE or (
            facet is not None and facet.state is State.DONE
        )

    def ticked(self, item: str, state: State) -> RevisionView | None:
        """Give the revision that ticked an item; None: it is not done, or came so."""
        entry = self._ticked.get(item)
        return revision_view(entry.revision) if entry and state is State.DONE else None
