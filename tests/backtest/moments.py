"""A repository to the commits that ticked something, and what `next` had said before each."""

# Theory of operation
#
# 1. The past is walked the way it is recorded: the first-parent line, oldest first, documents known
#    through renames and items through rewording.
# 2. An event is one commit and one document in which it ticked a leaf that was there before and
#    open. Boxes that arrive ticked, parents of other boxes and headings are none.
# 3. The plan as it was before the commit is asked what is next, in either order. The step is named
#    when the box pointed at is among the leaves that were ticked; the milestone is named when the
#    one that box stands in (or is) holds one of them. A task without a milestone stands for one.
# 4. Whatever document was ticked in, all that had a next task before the commit are candidates:
#    those of which identical copies exist once, and none whose Status says the work is over.

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plantrack import config, repo
from plantrack.config import Config
from plantrack.core import dialect, markdown, parse, pointer
from plantrack.core.change import Change, ChangeKind, Tracked
from plantrack.core.lineage import Document, DocumentStep, FileDelta, Shelved, State, advance
from plantrack.core.model import Kind, Node, Plan, Pointer
from plantrack.core.pointer import Order
from plantrack.repo.blobs import Blobs
from plantrack.repo.revisions import Revision, read_line
from plantrack.repo.wanted import wanted
from plantrack.store.recording import DocumentRecord
from plantrack.sync.digest import digested


@dataclass(frozen=True, slots=True)
class Answer:
    """What `next` would have said of one document, held against what was ticked."""

    pointer: Pointer
    step: bool  # it named a step that was ticked
    milestone: bool  # it named the milestone of one


@dataclass(frozen=True, slots=True)
class Event:
    """One document in which a commit ticked existing leaves."""

    path: str  # before the commit
    lines: tuple[int, ...]  # of the ticked leaves, likewise, 1-based
    answers: Mapping[Order, Answer]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One document that had a next task."""

    path: str
    rank: int  # by the family of its Status: smaller comes first
    changed: int  # its checklist, last, unix seconds


@dataclass(frozen=True, slots=True)
class Moment:
    """One commit that ticked existing leaves, and what could have been known before it."""

    commit: str
    events: tuple[Event, ...]  # by path; at least one
    candidates: tuple[Candidate, ...]  # by path


def moments(top: Path) -> Iterator[Moment]:
    """Yield what can be asked of the history of the repository at `top`, oldest first."""
    place = repo.find_place(str(top))
    settings = config.load(place.top)
    with Blobs(place, max_bytes=settings.max_document_kib * 1024) as blobs:
        walk = _Walk(settings, blobs)
        for revision in read_line(place, head=repo.read_head(place).commit):
            moment = walk.go(revision)
            if moment is not None:
                yield moment


class _Walk:
    """Every document of a line as it stands after one revision after the other."""

    def __init__(self, settings: Config, blobs: Blobs) -> None:
        self._rules = settings.rules()
        self._wanted = wanted(settings)
        self._blobs = blobs
        self._state = State()
        self._blob_by_id: dict[str, str] = {}  # of each document's last version
        self._changed_by_id: dict[str, int] = {}  # its checklist, last, unix seconds
        self._records: dict[tuple[str, str], DocumentRecord | None] = {}  # by path and blob

    def go(self, revision: Revision) -> Moment | None:
        """Take the next revision; None: it ticked nothing that was there before."""
        before = self._state
        files = [one for one in revision.files if self._wanted.document(one.path)]
        blob_by_path = {one.path: one.blob for one in files if one.blob is not None}
        after, steps = advance(before, list(self._deltas(revision, blob_by_path)))
        found = (_event(step, before) for step in steps)
        events = tuple(event for event in found if event is not None)
        moment = Moment(revision.commit, events, self._candidates()) if events else None
        self._state = after
        for step in steps:
            document = step.document
            if step.changes:
                self._changed_by_id[document.id] = revision.time
            else:
                self._changed_by_id.setdefault(document.id, revision.time)
            if document.tracked is not None:
                self._blob_by_id[document.id] = blob_by_path[document.path]
        return moment

    def _deltas(self, revision: Revision, blob_by_path: Mapping[str, str]) -> Iterator[FileDelta]:
        """Say what a revision did to documents; those that never held an item are none."""
        for one in revision.files:
            before = one.path_before or one.path
            known = before if before in self._state.present else None
            blob = blob_by_path.get(one.path)
            plan = None if blob is None else self._plan(one.path, blob)
            if plan is not None and known is None and not any(True for _ in plan.walk()):
                continue
            if plan is not None and not plan.template:
                yield FileDelta(known, one.path, plan)
            elif known is not None:
                yield FileDelta(known, None, None)

    def _plan(self, path: str, blob: str) -> Plan | None:
        """Read one version; None: it cannot be read."""
        ((_, data),) = self._blobs.read([blob])
        if data is None:
            return None
        text, _ = markdown.decode(data)
        return parse.read_plan(text, dialect.origin(path), self._rules)

    def _candidates(self) -> tuple[Candidate, ...]:
        standing = []
        for path, document in self._state.present.items():
            record = self._record(path, _fetched(document))
            if record is not None and record.planned:
                standing.append((record.rank is None, path, document.id, record))
        candidate_by_blob: dict[str, Candidate | None] = {}
        for _, path, key, record in sorted(standing):
            candidate = None
            if record.rank is not None:
                candidate = Candidate(path, record.rank, self._changed_by_id[key])
            candidate_by_blob.setdefault(self._blob_by_id[key], candidate)
        found = (one for one in candidate_by_blob.values() if one is not None)
        return tuple(sorted(found, key=lambda one: one.path))

    def _record(self, path: str, document: Document) -> DocumentRecord | None:
        key = path, self._blob_by_id[document.id]
        if key not in self._records:
            assert document.tracked is not None  # it is there
            self._records[key] = digested(*key, document.tracked.plan)
        return self._records[key]


# --- one document ---------------------------------------------------------------------------------


def _event(step: DocumentStep, before: State) -> Event | None:
    """Ask the plan before a step what is next; None: no leaf of it was ticked."""
    ticked = {change.item: change for change in step.changes if _is_tick(change)}
    if not ticked or step.path_before is None:
        return None
    tracked = _fetched(before.present[step.path_before]).tracked
    assert tracked is not None  # the document is there
    lines = sorted(change.before.line for change in ticked.values() if change.before is not None)
    answers = {order: _answer(tracked, ticked, order) for order in Order}
    return Event(step.path_before, tuple(lines), answers)


def _is_tick(change: Change) -> bool:
    return change.kind is ChangeKind.TICKED and change.before is not None and change.before.leaf


def _answer(tracked: Tracked, ticked: Collection[str], order: Order) -> Answer:
    said = pointer.next_task(tracked.plan, order=order)
    if said.target is None or said.target.index < 0:
        return Answer(said, step=False, milestone=False)
    milestones = _milestones(tracked)
    item = tracked.ids[said.target.index]
    return Answer(
        said,
        step=item in ticked,
        milestone=milestones[item] in {milestones[one] for one in ticked},
    )


def _milestones(tracked: Tracked) -> dict[str, str]:
    """Give the milestone each item is or stands in, or what stands for one, by the item's id."""
    ids = iter(tracked.ids)
    found: dict[str, str] = {}

    def visit(nodes: Sequence[Node], milestone: str) -> None:
        for node in nodes:
            item = next(ids)
            inside = milestone if milestone or node.kind is Kind.GROUP else item
            found[item] = inside or item
            visit(node.children, inside)

    for section in tracked.plan.sections:
        visit(section.nodes, "")
    return found


def _fetched(document: Document | Shelved) -> Document:
    return document.fetch() if isinstance(document, Shelved) else document
