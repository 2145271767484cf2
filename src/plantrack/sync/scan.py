"""What changed in a place since its last recording to the next recording."""

# Theory of operation
#
# 1. Only what may differ is looked at again: the list of documents when a folder or a control file
#    changed, a document when its stamp did, its plan when its bytes did, the dates of all documents
#    when HEAD moved.
# 2. Nothing that was read under another configuration or by another program is kept: without a base
#    everything is listed and read.
# 3. Every way to a recording leads to the same one: a scan that starts from a base remembers what
#    a scan from nothing would.
# 4. A file that changes while it is scanned is recorded with a stamp that equals none, and looked
#    at again by the next scan. A scan that finds nothing new records nothing.

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.model import Finding
from plantrack.repo import state
from plantrack.store import Basis, Snapshot
from plantrack.store.recording import CachedPlan, DocumentRecord, Recording
from plantrack.sync import settling
from plantrack.sync.digest import digested, unread
from plantrack.sync.history import CODES
from plantrack.sync.lately import Lately
from plantrack.sync.overlay import Scene, compare
from plantrack.sync.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from plantrack.config import Config
    from plantrack.repo import Listing, Place, Stamp
    from plantrack.store import DocumentRow, Store
    from plantrack.sync.history import Caught
    from plantrack.sync.reading import Reading
    from plantrack.sync.settling import Doubt

    Rows = Mapping[str, DocumentRow]  # by path

PLANS_AT_A_TIME = 250  # held until they are saved

DAY_S = 86_400
SECOND_NS = 1_000_000_000

_LATELY = Lately()  # of this process


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be scanned, and from where."""

    place: Place
    store: Store
    config: Config
    basis: Basis  # what the recording will rest on
    base: Snapshot | None  # the last recording; None: nothing that is remembered is kept
    now_s: int  # unix seconds
    parse_anew: bool  # even what was parsed before
    progress: Callable[[int, int], None] | None  # (documents read, documents to read)
    past: Caught  # the line it stands on
    doubt: Doubt  # what is not to be believed yet


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan came to."""

    recording: Recording | None  # None: the last one still says it all
    read: int  # documents read because they are new or changed
    known: int  # documents that rest
    gone: int
    unsettled: tuple[str, ...] = ()  # documents whose loss of items is not believed yet
    is_calm: bool = True  # False: git is in the middle of something


def scan(order: Order) -> Scan:
    """Look at everything that may have changed; nothing is written.

    Raises PlaceError when git refuses to list the place.
    """
    began_ns = time.time_ns()  # noqa: TID251 -- compared with file times, never shown or kept
    before = dict(order.base.documents) if order.base else {}
    listing, changed = _listed(order, before)
    paths = listing.documents
    rows = {row.path: row for row in order.store.documents()} if order.base else {}
    finds = _read(order, changed, rows, began_ns)
    if order.past.is_calm and state.busy(order.place):  # since a moment ago
        order = _ruffled(order)
    unsettled = _unsettled(order, frozenset(paths), finds, rows)
    if unsettled and (order.base is None or not order.doubt.keeps):
        return Scan(None, len(changed), len(paths) - len(changed), 0, unsettled, order.past.is_calm)
    for path in unsettled:
        finds.leave(rows[path], order.now_s)
    findings = (*_of_past(order), *listing.findings)
    stamps = before | finds.stamps
    documents = {
        path: stamp
        for path in sorted({*paths, *unsettled})
        if (stamp := stamps.get(path)) is not None
    }
    kept = {path: row for path, row in rows.items() if path in documents}
    for path in finds.replaced:
        kept.pop(path, None)
    snapshot = Snapshot(order.basis, listing.folders, listing.controls, documents.items())
    recording = _recording(order, snapshot, findings, finds, kept)
    still = order.base is not None and _says_nothing_new(order, recording, rows)
    return Scan(
        recording=None if still else recording,
        read=len(changed),
        known=len(paths) - len(changed),
        gone=len(before.keys() - documents.keys()),
        unsettled=unsettled,
        is_calm=order.past.is_calm,
    )


def _ruffled(order: Order) -> Order:
    """Look on as one does while git is in the middle of something: once more next time."""
    basis = Basis(order.basis.config, order.basis.parser_version, None)
    return replace(order, basis=basis, past=replace(order.past, is_calm=False))


# --- looking --------------------------------------------------------------------------------------


def _listed(order: Order, before: Mapping[str, tuple[int, ...]]) -> tuple[Listing, tuple[str, ...]]:
    """List the documents, and those among them whose stamp is not the one `before`, by path."""
    listing = _listing(order)
    changed = _changed(order, listing, before)
    if order.base is not None and repo.out_of_sight(order.place, changed):
        # A folder that was shut keeps its time: only what stood in it tells.
        listing = repo.list_documents(order.place, order.config)
        changed = _changed(order, listing, before)
    return listing, changed


def _changed(
    order: Order, listing: Listing, before: Mapping[str, tuple[int, ...]]
) -> tuple[str, ...]:
    known = [(path, before.get(path)) for path in listing.documents]
    return repo.stamps_changed(order.place, known)


def _listing(order: Order) -> Listing:
    """List the documents, or take the list of the base when it is still true."""
    place, base = order.place, order.base
    if base is None or repo.controls_changed(base.controls):
        return repo.list_documents(place, order.config)
    known = repo.Listing(
        documents=tuple(path for path, _ in base.documents),
        folders=base.folders,
        controls=tuple(
            (path, None if stamp is None else repo.Stamp(*stamp)) for path, stamp in base.controls
        ),
        findings=tuple(one for one in _known_findings(order) if one.code not in CODES),
    )
    if not repo.folders_changed(place, base.folders):
        return known
    still = repo.carried_on(place, order.config, known)
    return repo.list_documents(place, order.config) if still is None else still


def _of_past(order: Order) -> tuple[Finding, ...]:
    """Say what could not be read of the past, now or when it was read."""
    findings = order.past.findings
    if order.past.is_whole:
        return findings
    told = {one.code for one in findings}
    known = _known_findings(order)
    if order.base is None and not known:  # another worktree may have read these commits
        known = tuple(
            Finding(row.path, row.line, row.code, row.message)
            for row in order.store.findings_elsewhere("history-gap")[:1]
        )
    kept = (one for one in known if one.code in CODES - {"git-busy", *told})
    return (*findings, *kept)


def _known_findings(order: Order) -> tuple[Finding, ...]:
    """Recall what was found when the documents were last listed."""
    return tuple(
        Finding(row.path, row.line, row.code, row.message)
        for row in order.store.findings()
        if row.kind == "listing"
    )


def _read(order: Order, paths: Sequence[str], rows: Rows, began_ns: int) -> _Finds:
    """Read documents, telling how far it has come.

    Parsed plans are saved on the way: an interrupted scan does not parse them again.
    """
    reader = Reader(
        place=order.place,
        rules=order.config.rules(),
        max_bytes=order.config.max_document_kib * 1024,
        remembered=_nothing if order.parse_anew else order.store.plans,
        began_ns=began_ns,
        lately=None if order.parse_anew else _LATELY,
    )
    finds = _Finds(began_ns)
    known = {path: row.blob for path, row in rows.items()}
    for done, reading in enumerate(reader.read(paths, known), start=1):
        finds.take(reading)
        if len(finds.plans) == PLANS_AT_A_TIME:
            order.store.save_plans(finds.plans, day=order.now_s // DAY_S)
            finds.plans.clear()
        if order.progress is not None:
            order.progress(done, len(paths))
    return finds


def _nothing(keys: Sequence[tuple[str, str]]) -> tuple[None, ...]:
    return (None,) * len(keys)


def _unsettled(order: Order, listed: frozenset[str], finds: _Finds, rows: Rows) -> tuple[str, ...]:
    """Name the documents that lost items a moment ago, and not because HEAD has them so."""
    if order.base is None:  # nothing is kept, and the rows are still there
        rows = {row.path: row for row in order.store.documents()}
    counts = {record.path: len(record.ids) for record in finds.records}
    lost = [
        path
        for path, row in rows.items()
        if (path in finds.replaced or path not in listed) and counts.get(path, 0) < row.items
    ]
    doubted = _doubted(order, lost, finds)
    if not doubted or order.place.git_dir is None:
        return doubted
    blob_by_path = {one.path: one.blob for one in order.store.past.bearings() if one.blob}
    heads = (order.base.basis.head if order.base else None, order.basis.head)
    is_moved = None not in heads and heads[0] != heads[1]
    return tuple(
        path
        for path in doubted
        if (blob := finds.blobs.get(path)) != blob_by_path.get(path)
        or (blob is None and not is_moved)
    )


def _doubted(order: Order, lost: Sequence[str], finds: _Finds) -> tuple[str, ...]:
    """Choose the documents that were written a moment ago, or are just now."""
    if not lost or not order.doubt.age_s:
        return ()
    young = settling.young(order.place, lost, order.doubt.age_s, read_ns=finds.began_ns)
    old = {path: stamp for path in lost if path not in young and (stamp := finds.stamps.get(path))}
    known = dict(order.base.documents) if order.base else {}
    return (*young, *settling.stirring(order.place, old, known))


@dataclass(slots=True)
class _Finds:
    """What reading came by."""

    began_ns: int  # Unix time
    stamps: dict[str, Stamp | None] = field(default_factory=dict)  # by path; None: gone
    records: list[DocumentRecord] = field(default_factory=list)  # their dates still open
    plain: list[str] = field(default_factory=list)  # documents with nothing to remember
    plans: list[CachedPlan] = field(default_factory=list)  # parsed just now
    mtimes: dict[str, int] = field(default_factory=dict)  # of what was looked at, Unix seconds
    replaced: set[str] = field(default_factory=set)  # documents whose row is not kept
    blobs: dict[str, str] = field(default_factory=dict)  # by path, of what could be read

    def take(self, reading: Reading) -> None:
        """Sort one reading in."""
        path, blob = reading.path, reading.blob
        self.stamps[path] = reading.stamp
        if reading.new is not None:
            self.plans.append(reading.new)
        self.mtimes[path] = reading.mtime_ns // SECOND_NS
        if blob is not None:
            self.blobs[path] = blob
        if blob is not None and reading.plan is None:
            return  # its bytes are those that are remembered
        self.replaced.add(path)
        record = _record(reading)
        if record is not None:
            self.records.append(record)
        elif reading.stamp is not None:
            self.plain.append(path)

    def leave(self, row: DocumentRow, now_s: int) -> None:
        """Take a document as it was recorded."""
        path = row.path
        self.stamps.pop(path, None)
        self.replaced.discard(path)
        self.records = [record for record in self.records if record.path != path]
        self.plain = [other for other in self.plain if other != path]
        self.mtimes[path] = now_s if row.last_change is None else row.last_change


def _record(reading: Reading) -> DocumentRecord | None:
    if reading.plan is not None and reading.blob is not None:
        return digested(reading.path, reading.blob, reading.plan)
    if reading.stamp is None or reading.trouble is None:
        return None
    return unread(reading.path, reading.trouble)


# --- adding up ------------------------------------------------------------------------------------


def _recording(
    order: Order, snapshot: Snapshot, findings: tuple[Finding, ...], finds: _Finds, kept: Rows
) -> Recording:
    """Put a recording together; `kept` are the rows that stay as they are."""
    compared = compare(
        Scene(
            place=order.place,
            store=order.store,
            config=order.config,
            past=order.past,
            listed=frozenset(path for path, _ in snapshot.documents),
            records=tuple(finds.records),
            kept=kept,
            mtimes={path: stamp[0] // SECOND_NS for path, stamp in snapshot.documents}
            | finds.mtimes,
            now=order.now_s,
        )
    )
    dates = compared.dates
    records = tuple(replace(one, last_change=dates.get(one.path)) for one in compared.records)
    remade = {record.path for record in records}
    kept = {path: row for path, row in kept.items() if path not in remade}
    return Recording(
        snapshot=snapshot,
        base=order.base.generation if order.base else None,
        day=order.now_s // DAY_S,
        changed=records,
        plain=tuple(finds.plain),
        last_changes=tuple(
            (path, date)
            for path, date in sorted(dates.items())
            if path in kept and kept[path].last_change != date
        ),
        duplicates=tuple(_duplicates(records, kept.values())),
        findings=findings,
        plans=tuple(finds.plans),
        overlay=compared.overlay,
    )


def _duplicates(
    records: Iterable[DocumentRecord], kept: Iterable[DocumentRow]
) -> list[tuple[str, str]]:
    """Pair each plan that stands elsewhere in the same bytes with the one that is shown.

    A copy under which there is still work to do is shown rather than one in an archive; else the
    first one by path.
    """
    by_blob: dict[str, list[tuple[bool, str]]] = {}
    plans: list[DocumentRecord | DocumentRow] = [*records, *kept]
    for one in plans:
        if one.planned and one.blob is not None:
            by_blob.setdefault(one.blob, []).append((one.rank is None, one.path))
    return sorted(
        (path, copies[0][1]) for copies in map(sorted, by_blob.values()) for _, path in copies[1:]
    )


def _says_nothing_new(order: Order, recording: Recording, rows: Rows) -> bool:
    """Tell whether the last recording, with these rows, would be made again."""
    base = order.base
    assert base is not None, "a first recording is always new"
    duplicates = {
        path: row.duplicate_of for path, row in rows.items() if row.duplicate_of is not None
    }
    return (
        recording.snapshot[:4] == base[:4]
        and not recording.changed
        and not recording.last_changes
        and rows.keys().isdisjoint(recording.plain)
        and dict(recording.duplicates) == duplicates
        and recording.findings == _known_findings(order)
    )
