"""The work tree against its line: which item is which, what changed, and when."""

# Theory of operation
#
# 1. The work tree is the revision that has no commit yet. Its items have the ids that a commit of
#    it would give them, and what it changed are the changes such a commit would bring.
# 2. A document that is as its line has it needs no comparing: its items have the ids they have
#    there. A remembered one is looked at again when these are not the ids it was recorded with.
# 3. Outside git each look is a revision of its own, dated by the files it found changed.
# 4. A checklist changed last when its line says so, or when the file was written that now differs.
#    A plan that never had one has no such moment: when its file was written tells of this clone.
# 5. All documents may differ at once. So their plans are read one by one, and what they come to is
#    put by as the records are: packed where there is no room for it.
# 6. A file that cannot be read says nothing about its items. Nor does one in a folder that is shut,
#    or that git keeps out of the work tree: it was not removed.

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from plantrack import repo
from plantrack.core import dialect, pack
from plantrack.core.lineage import Advance, Document, FileDelta, State
from plantrack.core.model import Finding, Plan
from plantrack.store.chronicle import (
    Ahead,
    Bearings,
    Overlay,
    OverlayStep,
    RevisionRecord,
    StepRecord,
)
from plantrack.store.recording import DocumentRecord
from plantrack.store.standing import Reach
from plantrack.sync.digest import Brief, brief, digested
from plantrack.sync.history import STUB, plan_or_stub, zone_of
from plantrack.sync.reading import context_of, parse_bytes
from plantrack.sync.stash import Room, Stash
from plantrack.sync.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.config import Config
    from plantrack.core.lineage import PlanOf
    from plantrack.repo import Place
    from plantrack.store import DocumentRow, Store
    from plantrack.sync.history import Caught

LOG = "folder"  # basis of what was seen outside git


@dataclass(frozen=True, slots=True)
class Scene:
    """A work tree as a scan found it."""

    place: Place
    store: Store
    config: Config
    past: Caught
    listed: frozenset[str]  # paths of all documents
    records: Mapping[str, DocumentRecord]  # by path; read just now
    briefs: Mapping[str, Brief]  # by path; of the records
    kept: Mapping[str, DocumentRow]  # by path; as they were
    mtimes: Mapping[str, int]  # by path, unix seconds
    now: int  # unix seconds


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing a work tree with its line came to."""

    # By path, with their ids and dates; some that were kept among them.
    records: Mapping[str, DocumentRecord]
    dates: Mapping[str, int | None]  # by path, of the last change of the checklist, unix seconds
    overlay: Overlay


def compare(scene: Scene) -> Compared:
    """Compare a work tree with the end of its line; nothing is written."""
    return _Comparison(scene).compared()


@dataclass(slots=True)
class _Sides:
    """Which documents are as their line has them, and which are not."""

    same: dict[str, Bearings] = field(default_factory=dict)  # by path
    differing: dict[str, Bearings] = field(default_factory=dict)  # by path
    new: list[str] = field(default_factory=list)
    lost: dict[str, Bearings] = field(default_factory=dict)  # by path


class _Named(Mapping[str, DocumentRecord]):
    """Records with their ids and dates, put together when they are asked for."""

    def __init__(self, records: Mapping[str, DocumentRecord]) -> None:
        """Take the records that were read; others may come."""
        self._read = records
        self._remade: Stash[str, DocumentRecord] = Stash(Room())
        self._ids: dict[str, str] = {}  # by path
        self.dates: Mapping[str, int | None] = {}  # by path

    def name(self, path: str, ids: Iterable[str]) -> None:
        """Say which ids the items of a record have."""
        self._ids[path] = " ".join(ids)

    def remake(self, record: DocumentRecord, ids: Sequence[str]) -> None:
        """Add a record of a document that was not read, with its ids."""
        self._remade.put(record.path, record, len(ids))
        self.name(record.path, ids)

    def __getitem__(self, path: str) -> DocumentRecord:
        ids = tuple(self._ids[path].split())
        record = self._remade[path] if path in self._remade else self._read[path]
        return replace(record, ids=ids, last_change=self.dates.get(path))

    def __contains__(self, path: object) -> bool:
        return path in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class _Step(NamedTuple):
    """As much of a step as the whole of a worktree is looked at for."""

    path_before: str | None
    is_change: bool
    ids: str  # of its items, joined


class _Steps:
    """What the work tree did to documents."""

    def __init__(self) -> None:
        self.by_path: dict[str, _Step] = {}  # where they stand, or stood last
        self.seen: Stash[int, OverlayStep] = Stash(Room())
        self.logged: dict[int, Stash[int, StepRecord]] = {}  # by time
        self._room = Room()

    def take(self, step: StepRecord, time: int, *, is_log: bool) -> None:
        """Put a step by."""
        ids = " ".join(step.ids or ())
        self.by_path[step.path] = _Step(step.path_before, bool(step.changes), ids)
        if is_log:
            moment = self.logged.setdefault(time, Stash(self._room))
            moment.put(len(moment), step, len(step.changes))
        elif step.changes:
            self.seen.put(len(self.seen), OverlayStep(step, time), len(step.changes))


class _Comparison:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._past = scene.store.past
        self._documents: dict[str, Brief | DocumentRow] = {**scene.kept, **scene.briefs}
        self._bearings = self._past.bearings()
        self._tips = {one.path: one for one in self._bearings if one.blob is not None}
        self._rules = scene.config.rules()

    def compared(self) -> Compared:
        sides = self._sides()
        steps = self._steps(sides)
        named_before = self._past.named()
        records = self._named(sides, steps.by_path, named_before)
        named_now = {
            path: one.layout
            for path, one in sides.same.items()
            if one.layout is not None and path in self._documents and self._documents[path].planned
        }
        named = [
            (path, named_now.get(path))
            for path in sorted(named_before.keys() | named_now.keys())
            if named_before.get(path) != named_now.get(path)
        ]
        records.dates = self._dates(steps.by_path)
        return Compared(records, records.dates, self._overlay(steps, tuple(named)))

    # --- what differs ------------------------------------------------------------------------

    def _sides(self) -> _Sides:
        sides = _Sides()
        for path in sorted(self._tips.keys() | self._documents.keys()):
            tip = self._tips.get(path)
            if path not in self._scene.listed:
                if tip is not None:
                    sides.lost[path] = tip
                continue
            document = self._documents.get(path)
            blob = document.blob if document is not None else ""
            planned = document is not None and bool(document.planned)
            if blob is None:
                continue
            if tip is not None and blob == tip.blob:
                sides.same[path] = tip
            elif tip is not None and (planned or tip.has_items):
                sides.differing[path] = tip
            elif planned:
                sides.new.append(path)
        if sides.lost:
            for path in repo.not_gone(self._scene.place, sides.lost):
                del sides.lost[path]
        return sides

    def _is_bare(self, path: str) -> bool:
        """Tell whether a plan has no items, so that there is nothing to compare."""
        return not self._documents[path].items

    def _steps(self, sides: _Sides) -> _Steps:
        steps = _Steps()
        is_log = self._scene.place.git_dir is None
        with ExitStack() as stack:
            deltas = self._deltas(sides)
            before = self._before(deltas, stack) if deltas else State()
            for one in Advance(before, _let_go).steps(deltas):
                document = self._documents.get(one.document.path)
                blob = document.blob if document is not None else None
                record = StepRecord.of(one, blob or "")
                steps.take(record, self._time_of(record), is_log=is_log)
        return steps

    def _deltas(self, sides: _Sides) -> list[FileDelta]:
        deltas = [FileDelta(path, path, self._plan_of(path)) for path in sides.differing]
        moved: dict[str, str] = {}
        lost_by_blob = {tip.blob: path for path, tip in reversed(sides.lost.items())}
        for path in sides.new:
            if not sides.lost and self._is_bare(path):  # else one of them may go on in it
                continue
            source = lost_by_blob.pop(self._documents[path].blob, None)
            if source is not None:
                moved[source] = path
            deltas.append(FileDelta(source, path, self._plan_of(path)))
        return deltas + [FileDelta(path, None, None) for path in sides.lost if path not in moved]

    def _before(self, deltas: Iterable[FileDelta], stack: ExitStack) -> State:
        """Give the state at the end of the line, as far as it is touched."""
        scene = self._scene
        touched = {path for one in deltas for path in (one.path_before, one.path) if path}
        reach = Reach(self._bearings, touched)
        if scene.place.git_dir is None:
            return self._past.state(self._recorded_plan, reach)
        max_bytes = scene.config.max_document_kib * 1024
        reader = Versions(scene.place, self._rules, scene.store.plans, max_bytes=max_bytes)
        versions = stack.enter_context(reader)
        return self._past.state(lambda *key: plan_or_stub(versions.one(*key)), reach)

    def _plan_of(self, path: str) -> PlanOf:
        return partial(self._plan, path)

    def _plan(self, path: str) -> Plan:
        """Give the plan of a document as it stands; one without a plan has nothing to track."""
        record = self._scene.records.get(path)
        if record is not None:
            return record.plan or STUB
        document = self._documents.get(path)
        if document is None or not document.planned or document.blob is None:
            return STUB
        origin = dialect.origin(path)
        (packed,) = self._scene.store.plans([(document.blob, context_of(self._rules, origin))])
        if packed is not None:
            try:
                return pack.load_plan(packed)
            except ValueError:  # packed by another version
                pass
        limit = self._scene.config.max_document_kib * 1024
        source = repo.read_document(self._scene.place, path, max_bytes=limit)
        if isinstance(source, Finding):  # it went away in this moment: the next scan tells
            return STUB
        return parse_bytes(source.data, origin, self._rules)

    def _recorded_plan(self, path: str, blob: str) -> Plan:
        """Give the plan of a document outside git as it was recorded."""
        row, tree = self._scene.store.document(path), self._scene.store.tree(path)
        if row is None or tree is None or row.blob != blob:
            return STUB
        return replace(STUB, title=row.title, sections=tree.sections)

    # --- what it comes to --------------------------------------------------------------------

    def _named(
        self, sides: _Sides, step_by_path: Mapping[str, _Step], named_before: Mapping[str, int]
    ) -> _Named:
        """Give each record its ids, and remake those that have others now."""
        named = _Named(self._scene.records)
        for path, document in self._documents.items():
            if path in self._scene.records:
                named.name(path, self._ids(path, sides, step_by_path) if document.planned else ())
            elif not document.planned:
                continue
            elif path in sides.same:
                tip = sides.same[path]
                if named_before.get(path) != tip.layout:
                    self._remake(named, path, self._past.ids(tip.version))
            elif path in step_by_path:
                ids = self._ids(path, sides, step_by_path)
                if ids != tuple(row.id for row in self._scene.store.items(path)):
                    self._remake(named, path, ids)
        return named

    def _ids(self, path: str, sides: _Sides, step_by_path: Mapping[str, _Step]) -> tuple[str, ...]:
        if path in sides.same:
            return self._past.ids(sides.same[path].version)
        if path not in step_by_path:
            return ()  # it has no items
        return tuple(step_by_path[path].ids.split())

    def _remake(self, named: _Named, path: str, ids: tuple[str, ...]) -> None:
        blob = self._documents[path].blob
        assert blob is not None  # it holds a plan
        record = digested(path, blob, self._plan(path))
        if record is not None and brief(record).items == len(ids):
            named.remake(record, ids)

    def _dates(self, step_by_path: Mapping[str, _Step]) -> dict[str, int | None]:
        dates: dict[str, int | None] = {}
        for path, document in self._documents.items():
            step = step_by_path.get(path)
            if not document.planned:
                continue
            if step is not None and step.is_change:
                dates[path] = self._scene.mtimes[path]
            else:
                before = step.path_before if step is not None else path
                tip = self._tips.get(before) if before is not None else None
                written = None if self._is_bare(path) else self._scene.mtimes[path]
                dates[path] = tip.changed if tip else written
        return dates

    def _overlay(self, steps: _Steps, named: tuple[tuple[str, int | None], ...]) -> Overlay:
        scene = self._scene
        line = scene.past.line
        if scene.place.git_dir is not None:
            return Overlay(line, steps.seen.values(), scene.now, scene.past.is_calm, named)
        zone, zone_name = zone_of(scene.config)
        log = Ahead(line, LOG, None, zone_name)
        revisions = tuple(  # one for each moment at which files were written, oldest first
            RevisionRecord(None, time, time, "", "", records.values())
            for time, records in sorted(steps.logged.items())
        )
        is_due = bool(revisions) or line is None
        return Overlay(
            line,
            (),
            scene.now,
            is_calm=True,
            log=log if is_due else None,
            revisions=revisions,
            zone=zone,
        )

    def _time_of(self, step: StepRecord) -> int:
        if step.ids is None:
            return self._scene.now
        return min(self._scene.mtimes[step.path], self._scene.now)


def _let_go(document: Document) -> Document:
    """Hold no plan of what has had its step: nothing comes after a work tree."""
    return replace(document, tracked=None)
