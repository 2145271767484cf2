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
# 5. A file that cannot be read says nothing about its items. Nor does one in a folder that is shut,
#    or that git keeps out of the work tree: it was not removed.

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, pack
from plantrack.core.lineage import DocumentStep, FileDelta, State, advance
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
from plantrack.sync.digest import digested
from plantrack.sync.history import STUB, plan_or_stub, zone_of
from plantrack.sync.reading import context_of, parse_bytes
from plantrack.sync.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plantrack.config import Config
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
    records: tuple[DocumentRecord, ...]  # read just now
    kept: Mapping[str, DocumentRow]  # by path; as they were
    mtimes: Mapping[str, int]  # by path, unix seconds
    now: int  # unix seconds


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing a work tree with its line came to."""

    records: tuple[DocumentRecord, ...]  # with their ids; some that were kept among them
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


class _Comparison:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._past = scene.store.past
        self._records = {record.path: record for record in scene.records}
        self._documents: dict[str, DocumentRecord | DocumentRow] = {
            **scene.kept,
            **self._records,
        }
        self._bearings = self._past.bearings()
        self._tips = {one.path: one for one in self._bearings if one.blob is not None}
        self._rules = scene.config.rules()

    def compared(self) -> Compared:
        sides = self._sides()
        steps = self._steps(sides)
        step_by_path = {step.document.path: step for step in steps}
        named_before = self._past.named()
        records = list(self._named(sides, step_by_path, named_before))
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
        dates = self._dates(step_by_path)
        return Compared(tuple(records), dates, self._overlay(steps, tuple(named)))

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
        document = self._documents[path]
        if isinstance(document, DocumentRecord):
            return not document.ids
        return not document.items

    def _steps(self, sides: _Sides) -> tuple[DocumentStep, ...]:
        deltas = [FileDelta(path, path, self._plan(path)) for path in sides.differing]
        moved: dict[str, str] = {}
        lost_by_blob = {tip.blob: path for path, tip in reversed(sides.lost.items())}
        for path in sides.new:
            if not sides.lost and self._is_bare(path):  # else one of them may go on in it
                continue
            source = lost_by_blob.pop(self._documents[path].blob, None)
            if source is not None:
                moved[source] = path
            deltas.append(FileDelta(source, path, self._plan(path)))
        deltas += [FileDelta(path, None, None) for path in sides.lost if path not in moved]
        if not deltas:
            return ()
        scene = self._scene
        touched = {path for one in deltas for path in (one.path_before, one.path) if path}
        reach = Reach(self._bearings, touched)
        if scene.place.git_dir is None:
            return advance(self._past.state(self._recorded_plan, reach), deltas)[1]
        with Versions(
            scene.place,
            self._rules,
            scene.store.plans,
            max_bytes=scene.config.max_document_kib * 1024,
        ) as versions:
            before: State = self._past.state(lambda *key: plan_or_stub(versions.one(*key)), reach)
            return advance(before, deltas)[1]

    def _plan(self, path: str) -> Plan:
        """Give the plan of a document as it stands; one without a plan has nothing to track."""
        record = self._records.get(path)
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
        self,
        sides: _Sides,
        step_by_path: Mapping[str, DocumentStep],
        named_before: Mapping[str, int],
    ) -> Iterable[DocumentRecord]:
        """Give each record its ids, and remake those that have others now."""
        for path, document in self._documents.items():
            if not document.planned:
                if path in self._records:
                    yield self._records[path]
                continue
            if path in self._records:
                yield replace(self._records[path], ids=self._ids(path, sides, step_by_path))
            elif path in sides.same:
                tip = sides.same[path]
                if named_before.get(path) != tip.layout:
                    yield from self._remade(path, self._past.ids(tip.version))
            elif path in step_by_path:
                ids = self._ids(path, sides, step_by_path)
                if ids != tuple(row.id for row in self._scene.store.items(path)):
                    yield from self._remade(path, ids)

    def _ids(
        self, path: str, sides: _Sides, step_by_path: Mapping[str, DocumentStep]
    ) -> tuple[str, ...]:
        if path in sides.same:
            return self._past.ids(sides.same[path].version)
        if path not in step_by_path:
            return ()  # it has no items
        tracked = step_by_path[path].document.tracked
        assert tracked is not None  # the document is there
        return tracked.ids

    def _remade(self, path: str, ids: tuple[str, ...]) -> Iterable[DocumentRecord]:
        blob = self._documents[path].blob
        assert blob is not None  # it holds a plan
        record = digested(path, blob, self._plan(path))
        if record is not None and len(record.ids) == len(ids):
            yield replace(record, ids=ids)

    def _dates(self, step_by_path: Mapping[str, DocumentStep]) -> dict[str, int | None]:
        dates: dict[str, int | None] = {}
        for path, document in self._documents.items():
            step = step_by_path.get(path)
            if not document.planned:
                continue
            if step is not None and step.changes:
                dates[path] = self._scene.mtimes[path]
            else:
                before = step.path_before if step is not None else path
                tip = self._tips.get(before) if before is not None else None
                written = None if self._is_bare(path) else self._scene.mtimes[path]
                dates[path] = tip.changed if tip else written
        return dates

    def _overlay(
        self, steps: tuple[DocumentStep, ...], named: tuple[tuple[str, int | None], ...]
    ) -> Overlay:
        scene = self._scene
        line = scene.past.line
        timed = [OverlayStep(step, self._time_of(step)) for step in steps]
        if scene.place.git_dir is not None:
            seen = tuple(one for one in timed if one.step.changes)
            return Overlay(line, seen, scene.now, scene.past.is_calm, named)
        zone, zone_name = zone_of(scene.config)
        log = Ahead(line, LOG, None, zone_name)
        revisions = tuple(self._logged(timed))
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

    def _time_of(self, step: DocumentStep) -> int:
        if step.document.tracked is None:
            return self._scene.now
        return min(self._scene.mtimes[step.document.path], self._scene.now)

    def _logged(self, steps: Iterable[OverlayStep]) -> Iterable[RevisionRecord]:
        """Make a revision of each moment at which files were written, oldest first."""
        by_time: dict[int, list[StepRecord]] = {}
        for one in steps:
            path = one.step.document.path
            document = self._documents.get(path)
            blob = document.blob if document is not None else None
            record = StepRecord(one.step, blob or "")
            by_time.setdefault(one.time, []).append(record)
        for time, records in sorted(by_time.items()):
            yield RevisionRecord(None, time, time, "", "", tuple(records))
