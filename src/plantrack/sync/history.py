"""The first-parent line of HEAD into the memory: only what is not known of it is read."""

# Theory of operation
#
# 1. The line of the worktree is moved back to the newest commit that is known of the line of HEAD,
#    and goes on from there, a batch of revisions at a time. Each batch is one transaction, so a
#    reading that was interrupted goes on where it was. Revisions that change much are in small
#    batches; what is put by of a batch, and of the documents as they stand, is packed when it is
#    more than a little: one revision may bring thousands of documents.
# 2. What commits come to depends on what they are read under: rules, choice of documents, parser,
#    and how far back a shallow clone goes. That is the basis. Under another one all is read anew.
# 3. A version that cannot be read is passed over: its document stays as it was. That is told, once.
# 4. While git is in the middle of something, the line stays where it is.

from __future__ import annotations

import os
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.lineage import Advance, FileDelta, Matched, Shelved, State
from plantrack.core.model import Family, Finding, Plan, Status
from plantrack.core.parse import PARSER_VERSION
from plantrack.repo import git, revisions, state, wanted
from plantrack.store.chronicle import Ahead, RevisionRecord, StepRecord
from plantrack.sync.ahead import read_ahead
from plantrack.sync.crew import processors
from plantrack.sync.garbage import rarely_collecting
from plantrack.sync.shelf import Plans, Shelf, text_of
from plantrack.sync.stash import Room, Stash
from plantrack.sync.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from datetime import tzinfo

    from plantrack.config import Config
    from plantrack.repo import Place
    from plantrack.repo.changes import FileChange
    from plantrack.repo.revisions import Revision
    from plantrack.store import Store
    from plantrack.store.chronicle import Line
    from plantrack.store.past import Past
    from plantrack.store.recording import CachedPlan
    from plantrack.sync.versions import Seen

    Touched = tuple[Revision, list[FileChange]]  # those of documents alone

VERSION = 1  # of what is made of a line: raise it whenever the same commits may give other changes
BATCH = 200  # revisions in one transaction, at most
PLANS_AT_A_TIME = 250  # held until they are saved
MANY = 250  # versions; fewer are read before another process has begun
CODES = frozenset({"history-shallow", "history-gap", "git-busy"})
FETCH = "git fetch --refetch --no-filter gets what was not cloned, then plantrack sync --rebuild"
MEND = "git fsck tells what is missing; when it is there again: plantrack sync --rebuild"
STUB = Plan("", "", Status("", Family.UNKNOWN, 0))  # a document without anything to track

_BASIS_BYTES = 12


@dataclass(frozen=True, slots=True)
class Caught:
    """How far the past is known now."""

    line: Line | None  # None: there is no past to speak of
    findings: tuple[Finding, ...]  # what could not be read
    is_whole: bool  # findings are all there are; False: those known before stand too
    is_calm: bool  # False: git is in the middle of something


def catch_up(  # noqa: PLR0913 - what every command brings along
    place: Place,
    store: Store,
    config: Config,
    *,
    day: int,
    progress: Callable[[int, int], None] | None = None,
    rebuild: bool = False,
) -> Caught:
    """Bring the line of this worktree up to HEAD; `day` counts from 1970-01-01.

    `progress` is called with (read, to read) where that takes its time: of revisions, or where a
    few brought many, of versions of documents. Raises PlaceError when git refuses to read the
    repository, and Overtaken when another process moved the line.
    """
    past = store.past
    why = state.busy(place)
    if place.git_dir is None or why:
        busy = Finding("", 0, "git-busy", f"{why}: what is seen now may change")
        return Caught(past.line(), (busy,) if why else (), is_whole=not why, is_calm=not why)
    if git.program() is None:
        gap = Finding("", 0, "history-gap", "git is not installed: no history is read")
        return Caught(past.line(), (gap,), is_whole=True, is_calm=True)
    zone, zone_name = zone_of(config)
    basis = basis_of(place, config)
    if rebuild:
        past.forget(basis)
    head = repo.read_head(place).commit
    line = past.line()
    if line is not None and (line.basis, line.head, line.zone) == (basis, head, zone_name):
        return Caught(line, _shallow(place), is_whole=False, is_calm=True)
    ahead = Ahead(line, basis, head, zone_name)
    line, base = _back_to_known(place, past, ahead, zone)
    since = frozenset() if base is None else frozenset({base})
    reading = _Reading(place, store, config, replace(ahead, base=line), zone)
    line = reading.read(list(revisions.read_line(place, head=head, since=since)), progress)
    reading.save_plans(day)
    findings = (*_shallow(place), *reading.findings)
    return Caught(line, findings, is_whole=base is None, is_calm=True)


def basis_of(place: Place, config: Config) -> str:
    """Name what revisions are read under."""
    grafts = b""
    if state.is_shallow(place):
        with open(f"{place.common_dir}/shallow", "rb") as file:
            grafts = b"\n".join(sorted(file.read().split()))
    choice = (config.include, config.exclude, config.max_document_kib)
    said = repr((VERSION, PARSER_VERSION, config.rules(), choice, grafts)).encode()
    return blake2b(said, digest_size=_BASIS_BYTES).hexdigest()


def zone_of(config: Config) -> tuple[tzinfo | None, str]:
    """Give the time zone of the days, None being the machine's own, and its name."""
    if config.timezone is None:
        return None, f"local {os.environ.get('TZ', '')} {time.tzname} {time.timezone}"
    from zoneinfo import ZoneInfo

    return ZoneInfo(config.timezone), config.timezone


def _back_to_known(
    place: Place, past: Past, ahead: Ahead, zone: tzinfo | None
) -> tuple[Line, str | None]:
    """Let the line end at the newest known commit of the line of HEAD, and name it; None: none."""
    known = past.known(ahead.basis)
    base = revisions.newest_known(place, head=ahead.head, known=known.keys())
    start = known.get(base) if base is not None else None
    line = ahead.base
    if line is None or (line.basis, line.revision, line.zone) != (ahead.basis, start, ahead.zone):
        line = past.move(replace(ahead, head=None), start, zone)
    return line, base


def plan_or_stub(plan: Plan | None) -> Plan:
    """Stand in for a plan that can be read no more."""
    return STUB if plan is None else plan


def _shallow(place: Place) -> tuple[Finding, ...]:
    if not state.is_shallow(place):
        return ()
    words = "this clone is shallow: its history begins with the oldest commit that is here"
    return (Finding("", 0, "history-shallow", words),)


def _counted(
    contents: Iterable[Seen], total: int, progress: Callable[[int, int], None]
) -> Iterator[Seen]:
    for done, seen in enumerate(contents, start=1):
        progress(done, total)
        yield seen


class _Reading:
    """One stretch of a line being read."""

    def __init__(
        self, place: Place, store: Store, config: Config, ahead: Ahead, zone: tzinfo | None
    ) -> None:
        self._place = place
        self._store = store
        self._past: Past = store.past
        self._ahead = ahead
        self._zone = zone
        self._wanted = wanted.wanted(config)
        max_bytes = config.max_document_kib * 1024
        self._about = place, config.rules(), max_bytes
        self._versions = Versions(place, config.rules(), store.plans, max_bytes=max_bytes)
        self._gaps: list[tuple[str, str]] = []  # commit and reason
        self._blobs: dict[str, str] = {}  # by path, of the last version that was read
        self._found = State()
        self._shelf = Shelf()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Say what could not be read, in one sentence, and what to do."""
        if not self._gaps:
            return ()
        commit, reason = self._gaps[0]
        count = len({commit for commit, _ in self._gaps})
        words = f"commit {commit[:12]} could not be read as a whole: {reason}"
        if count > 1:
            words = f"{count} commits could not be read as a whole, the first of them "
            words += f"{commit[:12]}: {reason}"
        remedy = FETCH if state.is_partial(self._place) else MEND
        return (Finding("", 0, "history-gap", f"{words}; {remedy}"),)

    def save_plans(self, day: int) -> None:
        """Put what was parsed and still stands in the parse cache: the work tree has most of it."""
        plans = self._plans()
        while some := list(islice(plans, PLANS_AT_A_TIME)):
            self._store.save_plans(some, day=day)

    @rarely_collecting()
    def read(
        self, told: Sequence[Revision], progress: Callable[[int, int], None] | None
    ) -> Line | None:
        """Record revisions, oldest first; give the line as it is then."""
        line, end = self._ahead.base, 0
        with self._versions as versions, ExitStack() as stack:
            self._found = self._past.state(
                lambda path, blob: plan_or_stub(versions.one(path, blob))
            )
            touched = [(one, [*filter(self._concerns, one.files)]) for one in told]
            pairs = self._pairs(touched)
            contents: Iterator[Seen] = stack.enter_context(closing(self._contents(pairs)))
            if progress is not None and len(told) <= BATCH and len(pairs) >= MANY:
                contents = _counted(contents, len(pairs), progress)
            while end < len(told):
                records, count = self._advanced(touched[end : end + BATCH], contents)
                end += count
                head = self._ahead.head if end == len(told) else None
                ahead = Ahead(line, self._ahead.basis, head, self._ahead.zone)
                line = self._past.extend(ahead, records, self._zone)
                if progress is not None and len(told) > BATCH:
                    progress(end, len(told))
        if line is not None and line.head != self._ahead.head:
            ahead = Ahead(line, self._ahead.basis, self._ahead.head, self._ahead.zone)
            line = self._past.move(ahead, line.revision, self._zone)
        return line

    def _advanced(
        self, batch: Iterable[Touched], contents: Iterator[Seen]
    ) -> tuple[list[RevisionRecord], int]:
        """Go on by as many revisions as there is room for; give those to record, and how many."""
        records, room, count = [], Room(), 0
        for revision, group in batch:
            count += 1
            steps = self._steps(revision, group, contents, room)
            if steps:
                records.append(
                    RevisionRecord(
                        revision.commit,
                        revision.time,
                        revision.author_time,
                        revision.author,
                        revision.subject,
                        steps.values(),
                    )
                )
            if room.left <= 0:
                break
        return records, count

    def _steps(
        self, revision: Revision, files: Sequence[FileChange], contents: Iterator[Seen], room: Room
    ) -> Stash[int, StepRecord]:
        """Go on by one revision."""
        plans = Plans()
        deltas, blob_by_path = self._deltas(files, contents, revision, plans)
        if revision.gap:
            self._gaps.append((revision.commit, revision.gap))
        advance = Advance(self._found, partial(self._shelf.put, plans))
        steps: Stash[int, StepRecord] = Stash(room)
        for number, step in enumerate(advance.steps(deltas)):
            record = StepRecord.of(step, blob_by_path.get(step.document.path))
            steps.put(number, record, len(step.changes))
        self._found = self._shelf.tidied(advance.state)
        return steps

    def _plans(self) -> Iterator[CachedPlan]:
        for path, one in self._found.present.items():
            text = text_of(one)
            if text is not None and path in self._blobs:
                yield self._versions.kept(path, self._blobs[path], text)

    def _pairs(self, touched: Iterable[Touched]) -> list[tuple[str, str]]:
        """Name every version by its path and blob, in order."""
        return [
            (one.path, one.blob)
            for _, files in touched
            for one in files
            if one.blob is not None and self._wanted.document(one.path)
        ]

    def _contents(self, pairs: Sequence[tuple[str, str]]) -> Generator[Seen]:
        """Read versions, in order; nothing is begun before the first is asked for."""
        if len(pairs) < MANY or processors() == 1:
            yield from self._versions.read(pairs)
        else:
            yield from read_ahead(self._versions, self._about, pairs)

    def _concerns(self, change: FileChange) -> bool:
        before = change.path_before
        return self._wanted.document(change.path) or (
            before is not None and self._wanted.document(before)
        )

    def _deltas(
        self,
        files: Sequence[FileChange],
        contents: Iterator[Seen],
        revision: Revision,
        plans: Plans,
    ) -> tuple[list[FileDelta], dict[str, str]]:
        """Say what a revision did to documents; second, the blob of each that is there."""
        deltas, blob_by_path, present = [], {}, self._found.present
        lost = [one.path for one in files if one.blob is None and one.path in present]
        for one in files:
            before = one.path_before or one.path
            known = before if before in present else None
            if one.blob is None or not self._wanted.document(one.path):
                if known is not None:
                    deltas.append(FileDelta(known, None, None))
                continue
            seen = next(contents)
            if seen.missing:
                self._gaps.append((revision.commit, f"{one.path} is {seen.missing}"))
                if known is None or known == one.path:
                    continue
                deltas.append(FileDelta(known, one.path, self._last_plan(known)))
                blob_by_path[one.path] = one.blob_before or one.blob
                self._blobs.pop(one.path, None)  # what stood there before
                continue
            is_new = one.blob_before is None
            plan, is_stub = self._plan(one, seen, known, is_wanted=bool(lost) and is_new)
            held = plan and plans.put(one.path, plan)
            matched = self._matched(known, seen) if known == one.path else None
            deltas.append(FileDelta(known, one.path, held, is_stub, matched))
            blob_by_path[one.path] = self._blobs[one.path] = one.blob
        return deltas, blob_by_path

    def _plan(
        self, change: FileChange, seen: Seen, known: str | None, *, is_wanted: bool
    ) -> tuple[Plan | None, bool]:
        """Take a version; None: it is no document, or none to begin with.

        Second, whether it has no boxes: such a one `is_wanted` where a document was lost.
        """
        if seen.missing is not None:
            return None, False
        if known is None and not is_wanted and not seen.holds_boxes:
            return None, False
        assert change.blob is not None  # it was read
        plan = seen.plan or self._versions.one(change.path, change.blob)
        if plan is None:  # it was there a moment ago
            return None, False
        is_stub = known is None and not any(True for _ in plan.walk())
        is_document = not plan.template and (is_wanted or not is_stub)
        return (plan, is_stub) if is_document else (None, False)

    def _matched(self, path: str, seen: Seen) -> Matched | None:
        """Take over how a version was compared, if that was with the one that stands there."""
        held = self._found.present[path]
        if not seen.before or seen.before != self._blobs.get(path) or isinstance(held, Shelved):
            return None
        return Matched(held.tracked.plan, seen.paired) if held.tracked else None

    def _last_plan(self, path: str) -> Plan:
        held = self._found.present[path]
        document = held.fetch() if isinstance(held, Shelved) else held
        assert document.tracked is not None
        return document.tracked.plan
