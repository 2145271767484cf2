"""What is recorded of the past, and what it answers with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import tzinfo

from plantrack.core.change import Change, ChangeKind, Weight
from plantrack.core.lineage import DocumentStep


@dataclass(frozen=True, slots=True)
class StepRecord:
    """What one revision did to one document, as far as it is recorded."""

    document: str  # id
    path: str  # where it stands, or stood last
    path_before: str | None  # None: it was not there
    title: str
    ids: tuple[str, ...] | None  # of its items, in document order; None: it is gone
    changes: tuple[Change, ...]
    blob: str | None  # git blob id of its new bytes; None: it is gone

    @classmethod
    def of(cls, step: DocumentStep, blob: str | None) -> StepRecord:
        """Take a step without the plan that it came to."""
        one = step.document
        ids = one.tracked.ids if one.tracked else None
        return cls(one.id, one.path, step.path_before, one.title, ids, step.changes, blob)


@dataclass(frozen=True, slots=True)
class RevisionRecord:
    """One revision that touched documents."""

    commit: str | None  # in full; None: a look at a folder outside git
    time: int  # of the committer, unix seconds
    author_time: int  # unix seconds
    author: str
    subject: str
    steps: Collection[StepRecord]  # that may be unpacked when they are asked for


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a worktree as far as it was read."""

    basis: str  # what it was read under
    head: str | None  # commit it was read for; None: none, or not as far as that
    revision: int | None  # serial of the last one; None: it is empty
    zone: str  # of its days
    moves: int  # how often it was recorded


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where a line is to go, from where."""

    base: Line | None  # as it was read; None: there was none
    basis: str
    head: str | None  # commit it stands for afterwards; None: there is more to come
    zone: str


@dataclass(frozen=True, slots=True)
class Bearings:
    """The last version of one document on the line of a worktree."""

    tracked: int  # serial
    version: int  # serial
    id: str
    path: str
    title: str
    blob: str | None  # None: it is gone
    layout: int | None  # serial; None: it is gone
    has_items: bool
    depth: int  # of the revision that made the version
    changed: int  # when its checklist changed last, unix seconds


@dataclass(frozen=True, slots=True)
class OverlayStep:
    """What the work tree did to one document."""

    step: StepRecord
    time: int  # its file was written, unix seconds; or it was found missing


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a work tree has against its line; outside git, how its log goes on."""

    line: Line | None  # that it was compared with
    steps: Collection[OverlayStep]  # that may be unpacked when they are asked for
    now: int  # unix seconds
    is_calm: bool  # False: git is at work, and what is seen now may be half of something
    named: tuple[tuple[str, int | None], ...] = ()  # path, layout its items have their ids from
    log: Ahead | None = None  # outside git: where the log goes on; None: it does not
    revisions: tuple[RevisionRecord, ...] = ()  # that the log goes on with
    zone: tzinfo | None = None  # of the log's days; None: the machine's own


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of a line."""

    commit: str | None  # None: outside git, or of the overlay
    depth: int  # place on its line, from 0; -1: of the overlay
    time: int  # committed, or seen in a folder outside git; unix seconds
    author_time: int
    clock: int  # what its time counts for on the line: it never falls along it; unix seconds
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change, and where it comes from."""

    revision: Revision
    document: str  # id
    path: str  # after it, or where the document stood
    path_before: str | None  # overlay alone: where the line has it
    change: Change
    seen: int | None  # when a work tree had it first, unix seconds; None: nobody looked


@dataclass(frozen=True, slots=True)
class Query:
    """Which changes are asked for."""

    documents: tuple[str, ...] = ()  # ids; (): all
    items: tuple[str, ...] = ()  # full ids; (): all
    commits: tuple[str, ...] = ()  # in full; (): all
    kinds: tuple[ChangeKind, ...] = ()  # (): all
    since: int | None = None  # on the clock of the line, unix seconds, inclusive
    until: int | None = None  # likewise, exclusive
    limit: int | None = None  # the newest so many


@dataclass(frozen=True, slots=True)
class Traced:
    """One document of a line through its versions."""

    id: str
    path: str  # where it stands, or stood last
    title: str
    is_present: bool  # at the end of the line
    first: int  # time of its first version, unix seconds
    changed: int  # time of the last change of its checklist, unix seconds


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document."""

    revision: Revision
    serial: int  # what Past.ids knows it by
    path: str
    title: str
    blob: str | None  # None: it is gone
    changes: int  # how many


@dataclass(frozen=True, slots=True)
class Books:
    """The sums of a line, told three ways; in a sound database all are equal."""

    leaves: tuple[Weight, Weight, Weight] = field()  # of changes, document days, days
    milestones: tuple[Weight, Weight, Weight] = field()
