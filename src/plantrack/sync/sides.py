"""Two revisions to the documents that stand in each, with the ids of their items."""

# Theory of operation
#
# 1. Where both revisions lie on the line of HEAD, the history knows which items are the same, and
#    what happened in between. The work tree is the end of that line.
# 2. Elsewhere nothing is known of the way from one to the other: their documents are read and
#    reconciled as if one followed on the other.
# 3. Documents that did not change are read only when everything is asked for.
# 4. A version that is missing is no document that was not there: what cannot be read is refused.

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.change import ChangeKind, Tracked
from plantrack.core.comparison import Ends, Pair, Side, Sides
from plantrack.core.ids import assign
from plantrack.core.lineage import Document, FileDelta, State, advance
from plantrack.core.model import Family, Plan, Status
from plantrack.errors import PlaceError, UsageError
from plantrack.repo import changes, names, revisions, wanted
from plantrack.repo.blobs import Blobs
from plantrack.store.chronicle import Query
from plantrack.sync.versions import TOO_LONG, Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping

    from plantrack.config import Config
    from plantrack.repo import Place
    from plantrack.store import Store
    from plantrack.store.chronicle import Entry, Version

    PlanOf = Callable[[str, str], Plan | None]  # path and blob to plan

HEAD = "HEAD"


def ends(place: Place, asked: str | None) -> Ends:
    """Find the commits of `A`, `A..B`, or of HEAD and the work tree for None.

    Raises NotFound for a name that is no commit, and PlaceError outside git.
    """
    if place.git_dir is None:
        message = f"{place.top} is no git repository: there is nothing to compare with"
        raise PlaceError(message, "plantrack log tells what was seen here")
    if asked is None or asked == HEAD:  # which need not be a commit yet
        return Ends((HEAD, repo.read_head(place).commit), ("", None))
    if "..." in asked:
        remedy = "write A..B, with the merge base as A if that is meant"
        raise UsageError(f"“{asked}”: three dots are not understood", remedy)
    first, dots, last = asked.partition("..")
    before = _end(place, first or HEAD if dots else first)
    return Ends(before, _end(place, last or HEAD) if dots else ("", None))


def read(place: Place, store: Store, config: Config, found: Ends, *, every: bool = False) -> Sides:
    """Read what the documents hold at both ends; `every`: also those that did not change.

    Raises PlaceError where the commits are here, and something of their documents is not.
    """
    reader = Versions(place, config.rules(), store.plans, max_bytes=config.max_document_kib * 1024)
    with reader as versions:
        line = _Line.of(place, store)
        if line is not None and line.holds(found):
            pairs = _On(store, line, versions.one).pairs(found, every=every)
            return Sides(found, tuple(pairs), by_history=True)
        pairs = _Off(place, store, config, versions.one).pairs(found, every=every)
        return Sides(found, tuple(pairs), by_history=False)


def _end(place: Place, name: str) -> tuple[str, str]:
    commit = names.find_commit(place, name)
    if commit is None:
        raise names.unknown(place, name, "plantrack diff main..HEAD")
    return name, commit


def _plan_of_tree(store: Store, path: str) -> tuple[Plan, tuple[str, ...]] | None:
    """Give the plan in the work tree and its ids; of its Status nothing is known here."""
    tree, row = store.tree(path), store.document(path)
    if tree is None or row is None:
        return None
    status = Status(row.status_text, Family(row.family), 0)
    return Plan(row.title, row.dialect, status, tree.sections), tree.ids


# --- along the line -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """The line of HEAD as it was read."""

    place_by_commit: Mapping[str, int]  # from 0, oldest first

    @classmethod
    def of(cls, place: Place, store: Store) -> _Line | None:
        line, head = store.past.line(), repo.read_head(place).commit
        if line is None or line.head != head:
            return None
        commits = revisions.line_of(place, head)
        return cls({commit: number for number, commit in enumerate(commits)})

    def holds(self, found: Ends) -> bool:
        """Tell whether both ends lie on the line."""
        return self.place(found.before) is not None and self.place(found.after) is not None

    def place(self, end: tuple[str, str | None]) -> int | None:
        """Find an end on the line; -1 is before it, its length the work tree."""
        name, commit = end
        if commit is None:
            return len(self.place_by_commit) if not name else -1
        return self.place_by_commit.get(commit)


class _On:
    """Reads both ends out of the history."""

    def __init__(self, store: Store, line: _Line, plan_of: PlanOf) -> None:
        self._store = store
        self._line = line
        self._plan_of = plan_of

    def pairs(self, found: Ends, *, every: bool) -> Iterator[Pair]:
        start, end = self._line.place(found.before), self._line.place(found.after)
        assert start is not None
        assert end is not None
        if start > end:
            yield from map(_turned, self._pairs(end, start, every=every))
        else:
            yield from self._pairs(start, end, every=every)

    def _pairs(self, start: int, end: int, *, every: bool) -> Iterator[Pair]:
        in_work_tree = end == len(self._line.place_by_commit)
        told: dict[str, list[Entry]] = {}
        for entry in self._entries(start, end, in_work_tree=in_work_tree):
            told.setdefault(entry.document, []).append(entry)
        places = self._places(in_work_tree=in_work_tree)
        documents = set(places) if every else told.keys() | self._renamed(places, start, end)
        for document in sorted(documents, key=lambda key: (places.get(key, ""), key)):
            entries = told.get(document, [])
            before = self._at(document, start)
            after = self._present(places[document]) if in_work_tree else self._at(document, end)
            if before or after:
                yield Pair(before, after, tuple(entry.change for entry in entries))

    def _entries(self, start: int, end: int, *, in_work_tree: bool) -> Iterator[Entry]:
        places = self._line.place_by_commit
        between = [commit for commit, place in places.items() if start < place <= end]
        if between:
            yield from self._store.past.changes(Query(commits=tuple(between)))
        if in_work_tree:
            yield from self._store.past.overlay()

    def _places(self, *, in_work_tree: bool) -> dict[str, str]:
        """Say where documents stand or stood last, by id."""
        past = self._store.past
        places = {one.id: one.path for one in past.documents()}
        overlay = {one.document: one.path for one in past.overlay()}
        return places | overlay | (self._moved(overlay) if in_work_tree else {})

    def _moved(self, overlay: Container[str]) -> dict[str, str]:
        """Find the documents nothing happened to but a new path: their items have the same ids."""
        there = {row.path for row in self._store.documents() if row.planned}
        tips = [one for one in self._store.past.bearings() if one.blob is not None]
        lost = [one for one in tips if one.path not in there and one.id not in overlay]
        new = there.difference(one.path for one in tips) if lost else ()
        # A plan without items is like any other one: it tells nothing of where it comes from.
        path_by_ids = {
            tree.ids: path for path in new if (tree := self._store.tree(path)) and tree.ids
        }
        found = ((one.id, path_by_ids.get(self._store.past.ids(one.version))) for one in lost)
        return {document: path for document, path in found if path is not None}

    def _renamed(self, places: Mapping[str, str], start: int, end: int) -> Iterator[str]:
        """Find the documents that stand at another path at each end."""
        in_work_tree = end == len(self._line.place_by_commit)
        for document, path in places.items():
            before = self._version(document, start)
            after = None if in_work_tree else self._version(document, end)
            if before is not None and before.path != (after.path if after else path):
                yield document

    def _at(self, document: str, place: int) -> Side | None:
        """Give a document as it stood after a commit of the line."""
        last = self._version(document, place)
        if last is None or last.blob is None:
            return None
        plan = self._plan_of(last.path, last.blob)
        ids = self._store.past.ids(last.serial)
        if plan is None or len(ids) != sum(1 for _ in plan.walk()):
            return None  # it can be read no more, or was read otherwise
        return Side(last.path, last.title, Tracked(plan, ids))

    def _version(self, document: str, place: int) -> Version | None:
        last = None
        for version in self._store.past.versions(document):
            commit = version.revision.commit
            if commit is not None and self._line.place_by_commit.get(commit, place + 1) <= place:
                last = version
        return last

    def _present(self, path: str) -> Side | None:
        found = _plan_of_tree(self._store, path)
        return Side(path, found[0].title, Tracked(*found)) if found else None


_OPPOSITES = {
    ChangeKind.EXPANDED: ChangeKind.COLLAPSED,
    ChangeKind.COLLAPSED: ChangeKind.EXPANDED,
    ChangeKind.REWORDED: ChangeKind.REWORDED,
    ChangeKind.MOVED: ChangeKind.MOVED,
}


def _turned(pair: Pair) -> Pair:
    """Go from the later version to the earlier one; what came is cut, and the other way round."""
    changes = tuple(
        replace(one, kind=_OPPOSITES[one.kind]) for one in pair.changes if one.kind in _OPPOSITES
    )
    return Pair(pair.after, pair.before, changes)


# --- elsewhere ------------------------------------------------------------------------------------


class _Off:
    """Reads both ends out of their trees."""

    def __init__(self, place: Place, store: Store, config: Config, plan_of: PlanOf) -> None:
        self._place = place
        self._store = store
        self._wanted = wanted.wanted(config)
        self._max_bytes = config.max_document_kib * 1024
        self._plan_of = plan_of

    def pairs(self, found: Ends, *, every: bool) -> Iterator[Pair]:
        old = self._blobs(found.before)
        new = self._blobs(found.after)
        moved = self._moves(found)
        deltas = tuple(self._deltas(old, new, moved, every=every, end=found.after))
        state = State(
            {
                path: document
                for delta in deltas
                if (path := delta.path_before) and (document := self._document(path, old[path]))
            }
        )
        _, steps = advance(state, deltas)
        for step in steps:
            held = state.present.get(step.path_before or "")
            assert held is None or isinstance(held, Document)
            before = _side(held) if held else None
            after = _side(step.document)
            if before or after:
                yield Pair(before, after, step.changes)

    def _blobs(self, end: tuple[str, str | None]) -> dict[str, str]:
        """Give the blob of every document of an end, by path."""
        name, commit = end
        if commit is None:
            return {} if name else dict(self._store.blobs())
        files = changes.whole(self._place, commit)
        if files is None:
            raise PlaceError(
                f"the files of {name} cannot be read", "fetch them, or compare something else"
            )
        return {
            one.path: one.blob
            for one in files
            if one.blob is not None and self._wanted.document(one.path)
        }

    def _moves(self, found: Ends) -> dict[str, str]:
        """Find the renames between two commits: the old path by the new one."""
        before, after = found.before[1], found.after[1] or repo.read_head(self._place).commit
        if before is None or after is None:
            return {}
        for answer in changes.answers(self._place, [f"{after} {before}"]):
            return {one.path: one.path_before for one in answer.files if one.path_before}
        return {}

    def _deltas(
        self,
        old: Mapping[str, str],
        new: Mapping[str, str],
        moved: Mapping[str, str],
        *,
        every: bool,
        end: tuple[str, str | None],
    ) -> Iterator[FileDelta]:
        """Say what differs, by path."""
        sources = {path: moved.get(path) for path in new.keys() - old.keys()}
        taken = {source for source in sources.values() if source in old and source not in new}
        for path in sorted(old.keys() - new.keys() - taken):
            yield FileDelta(path, None, None)
        for path in sorted(new):
            source = path if path in old else sources.get(path)
            before = source if source in old and (source == path or source in taken) else None
            if every or before is None or old[before] != new[path] or before != path:
                yield FileDelta(before, path, self._plan(path, new[path], end))

    def _plan(self, path: str, blob: str, end: tuple[str, str | None]) -> Plan | None:
        if end[1] is None and not end[0]:
            found = _plan_of_tree(self._store, path)
            return found[0] if found else None
        return self._tracked_plan(path, blob)

    def _tracked_plan(self, path: str, blob: str) -> Plan | None:
        plan = self._plan_of(path, blob)
        if plan is None:
            self._refuse_missing(path, blob)
        return None if plan is None or plan.template or not plan.sections else plan

    def _refuse_missing(self, path: str, blob: str) -> None:
        """Raise PlaceError for a version that is not here; one that is merely long has no plan."""
        with Blobs(self._place, max_bytes=self._max_bytes) as blobs:
            list(blobs.read([blob]))
            reasons = [one.reason for one in blobs.unread if TOO_LONG not in one.reason]
        for reason in reasons:
            raise PlaceError(
                f"a version of {path} is {reason}",
                "fetch it (git fetch --refetch --no-filter), or compare something else",
            )

    def _document(self, path: str, blob: str) -> Document | None:
        plan = self._tracked_plan(path, blob)
        if plan is None:
            return None
        return Document(path, path, plan.title, Tracked(plan, assign(plan, path)), {})


def _side(document: Document) -> Side | None:
    if document.tracked is None:
        return None
    return Side(document.path, document.title, document.tracked)
