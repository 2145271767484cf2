"""Two looks at the items of a work tree to what happened between them."""

# Theory of operation
#
# 1. A look holds every document with a plan, its items by id. An id is an identity: an item that is
#    in both looks is the same piece of work, whatever its words and wherever it stands. Nothing
#    happened in a document of the same bytes.
# 2. What happened to an item has the kinds that it would have in the log of a revision between the
#    two looks, by the same rules. Several kinds of one item are one event, the weightiest first.
# 3. A document that comes or goes is one event, and its items are not told one by one. One that
#    stands elsewhere with its items was moved, and what else happened to these is told.
# 4. Documents in the same bytes are told of once, by the one that is shown for all.

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core import changes as steps
from plantrack.core import places
from plantrack.core.change import facet_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from plantrack.core.change import Change, ChangeKind, Tracked
    from plantrack.core.model import Count
    from plantrack.core.past_view import ChangeView, RevisionView


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Changed:
    """What happened to one item."""

    change: ChangeView  # its weightiest kind
    also: tuple[ChangeKind, ...]  # further kinds, weightiest first
    title: str  # of the document
    leaves: Count  # of the document, after it
    time: datetime  # UTC; when it was seen
    revision: RevisionView | None  # that brought it; None: it is not committed


@dataclass(frozen=True, slots=True)
class Committed:
    """The branch went on by revisions that changed plans."""

    revision: RevisionView  # the newest of them
    branch: str | None  # None: detached
    count: int  # items changed by them
    time: datetime  # UTC; when it was seen
    revisions: int = 1  # more where one by one would be too many


@dataclass(frozen=True, slots=True)
class Switched:
    """Something else is checked out: another branch, or another past of the same one."""

    branch_before: str | None  # None: detached, or outside git
    branch_after: str | None  # likewise
    commit_before: str | None  # in full; None: there was no commit
    commit_after: str | None  # likewise
    documents: int  # in which something differs
    time: datetime  # UTC; when it was seen


@dataclass(frozen=True, slots=True)
class Appeared:
    """A document with a plan came, or stands elsewhere."""

    path: str
    title: str
    leaves: Count
    time: datetime  # UTC; when it was seen
    path_before: str | None = None  # where it stood; None: it is new


@dataclass(frozen=True, slots=True)
class Vanished:
    """A document with a plan went, or lost its plan."""

    path: str
    title: str
    leaves: Count  # as it was
    time: datetime  # UTC; when it was seen
    is_file: bool = False  # the document is there still, and has no plan


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something is wrong with what is watched, or is right again."""

    message: str  # one line
    time: datetime  # UTC
    is_over: bool = False  # it is right again


Event = Changed | Committed | Switched | Appeared | Vanished | Trouble


# --- looks ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seen:
    """One document with a plan, as it was looked at."""

    path: str
    blob: str  # git blob id of its bytes
    title: str
    leaves: Count
    is_shown: bool  # False: another one in the same bytes is
    tracked: Tracked


@dataclass(frozen=True, slots=True)
class Look:
    """What is checked out, and the documents asked for, at one moment."""

    head: str | None  # commit id; None: outside git, or no commit yet
    branch: str | None  # None: detached, or outside git
    documents: Mapping[str, Seen]  # by path


@dataclass(frozen=True, slots=True)
class Difference:
    """What happened to one item."""

    document: Seen  # after it
    changes: tuple[Change, ...]  # at least one, the weightiest first


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two looks."""

    appeared: tuple[Seen, ...]  # by path
    vanished: tuple[Seen, ...]  # by path
    moved: tuple[tuple[Seen, Seen], ...]  # before and after, by the path after
    items: tuple[Difference, ...]  # by path; the removed ones first, then in document order

    @property
    def documents(self) -> int:
        """Count the documents in which something differs."""
        differing = {one.document.path for one in self.items}
        differing.update(one.path for one in (*self.appeared, *self.vanished))
        return len(differing.union(after.path for _, after in self.moved))


def differences(before: Look, after: Look) -> Differences:
    """Compare two looks."""
    olds, news = before.documents, after.documents
    gone = {path: one for path, one in olds.items() if path not in news}
    new = {path: one for path, one in news.items() if path not in olds}
    moved = tuple(_moved(gone, new))
    for old, one in moved:
        del gone[old.path], new[one.path]
    kept = [(olds[path], one) for path, one in news.items() if path in olds]
    pairs = sorted((*kept, *moved), key=lambda pair: pair[1].path)
    return Differences(
        appeared=_shown(new),
        vanished=_shown(gone),
        moved=tuple(pair for pair in moved if pair[1].is_shown),
        items=tuple(
            Difference(one, changes)
            for old, one in pairs
            if one.is_shown and old.blob != one.blob
            for changes in _by_item(old.tracked, one.tracked)
        ),
    )


def _shown(documents: Mapping[str, Seen]) -> tuple[Seen, ...]:
    return tuple(one for _, one in sorted(documents.items()) if one.is_shown)


def _moved(gone: Mapping[str, Seen], new: Mapping[str, Seen]) -> Iterator[tuple[Seen, Seen]]:
    """Find the documents that stand elsewhere now: they have their items, or bytes, with them."""
    path_by_item = {item: path for path, one in gone.items() for item in one.tracked.ids}
    path_by_blob = {one.blob: path for path, one in sorted(gone.items(), reverse=True)}
    taken = set()
    for path, one in sorted(new.items()):
        found = Counter(path_by_item[item] for item in one.tracked.ids if item in path_by_item)
        same = path_by_blob.get(one.blob)
        source = min(found, key=lambda old: (-found[old], old), default=same)
        if source is not None and source not in taken:
            taken.add(source)
            yield gone[source], new[path]


def _by_item(old: Tracked, new: Tracked) -> Iterator[tuple[Change, ...]]:
    """Put the changes of each item together, in the order of the first."""
    for _, changes in groupby(_changes(old, new), key=lambda one: one.item):
        yield tuple(changes)


def _changes(old: Tracked, new: Tracked) -> Iterator[Change]:
    """Find what changed between versions whose items are known by their ids."""
    before = places.placed(old.plan, old.ids)
    after = places.placed(new.plan, new.ids)
    source = {item: place for place, item in enumerate(old.ids)}
    pairs = {place: source[item] for place, item in enumerate(new.ids) if item in source}
    gone = steps.why_removed(old.plan, new.plan, pairs)
    why = steps.why_changed(old.plan, new.plan)
    moved = places.moved(before, after)
    for item, place in before.items():
        if item not in after:
            yield steps.leave(item, facet_of(*place), gone)[0]
    for item, place in after.items():
        known = before.get(item)
        if known is None:
            yield steps.arrive(item, facet_of(*place), None, {})
        elif item in moved or not places.reads_the_same(known[0], place[0]):
            pair = facet_of(*known), facet_of(*place)
            yield from steps.differences(item, *pair, why=why, moved=item in moved)
