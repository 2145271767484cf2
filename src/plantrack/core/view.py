"""The views people ask for, as plain values: what terminal, JSON and every later medium show."""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from datetime import datetime
    from typing import NamedTuple

    from plantrack.core.counts import Count, Finding
    from plantrack.core.terms import Action, Family, Kind, State
else:
    from plantrack.light import NamedTuple


PACE_WEEKS = 4  # the latest, in which the pace is measured
MISSED_BOXES = 5  # a document with that many boxes and no plan is named


class RefView(NamedTuple):
    """A node named from elsewhere, with its public id."""

    id: str  # shortest unique prefix, at least 4 characters; "" for a heading that is no node
    line: int  # 1-based
    label: str
    title: str


class PointerView(NamedTuple):
    """One document's pointer."""

    action: Action
    reason: str
    path: str  # relative to the repository's top folder
    line: int  # 1-based; 0 when there is nothing to point at
    id: str  # of the target; "" when there is none
    text: str  # of the target, as written; "" when there is none
    milestone: RefView | None
    notes: str
    cautions: tuple[str, ...]
    alternatives: tuple[RefView, ...]
    left_behind: tuple[RefView, ...]
    then: tuple[RefView, ...]
    title: str  # of the document
    milestones: Count
    leaves: Count


class HeadingView(NamedTuple):
    """A heading of a document."""

    line: int  # 1-based
    text: str


class NearbyView(NamedTuple):
    """What whoever works on a task needs beside it."""

    done: tuple[RefView, ...] = ()  # finished items of the same parent, in order
    sections: tuple[HeadingView, ...] = ()  # headings of its document that it names
    paths: tuple[str, ...] = ()  # files it names that are there, from the top; folders end with /


class NextView(NamedTuple):
    """The best pointer and the runners-up."""

    next: PointerView | None
    others: tuple[PointerView, ...]
    documents: int  # with a plan
    because: str  # why there is no next; "" when there is one
    nearby: NearbyView | None = None  # the best pointer; None: not asked for, or nothing is there


class BriefingView(NamedTuple):
    """What whoever comes new to a repository has to know of its plans."""

    documents: int  # with a plan
    milestones: Count
    leaves: Count
    tasks: tuple[PointerView, ...]  # the best few next ones, of different documents
    because: str  # why there is none; "" when there is one


class ItemView(NamedTuple):
    """One item of a plan, with what stands around it."""

    id: str
    path: str
    line: int  # 1-based
    kind: str
    state: str
    optional: bool
    text: str  # as written
    notes: str
    above: tuple[RefView, ...]  # outermost first
    below: tuple[PlacedView, ...]


class PlacedView(NamedTuple):
    """One item in a list of them."""

    id: str
    line: int  # 1-based
    depth: int  # 0: nothing is above it
    kind: str
    state: str
    text: str  # as written
    is_inside_done: bool = False  # something above it is done


class NodeView(NamedTuple):
    """One node of a document's tree."""

    id: str
    kind: Kind
    label: str
    title: str
    text: str
    line: int  # 1-based
    state: State
    mark: str | None  # as written in the brackets; None: no box of its own
    optional: bool
    leaves: Count  # at and below it
    children: tuple[NodeView, ...]
    added: datetime | None = None  # UTC; None: not known
    done: datetime | None = None  # ticked, or first seen so; None: it is not done, or not known


class SectionView(NamedTuple):
    """One plan section of a document's tree."""

    heading: str
    line: int  # 1-based
    shape: str
    nodes: tuple[NodeView, ...]
    unboxed: tuple[RefView, ...]


class DocView(NamedTuple):
    """One row of status: a document with a plan."""

    path: str
    title: str
    dialect: str
    shape: str  # of its sections, joined by " + "
    status_text: str
    family: Family
    milestones: Count
    unboxed_milestones: int  # labelled headings without boxes
    leaves: Count
    optional_open: int
    frozen: int  # open leaves in a document whose status says the work is over
    has_checklist: bool
    boxes_outside: int
    pointer: PointerView | None
    left_behind: tuple[RefView, ...]
    flags: tuple[Finding, ...]
    last_change: datetime | None  # UTC; None: not known
    sections: tuple[SectionView, ...] = ()  # filled when one document is asked for


class Standing(NamedTuple):
    """One row of status as tables show it, without what only trees and JSON tell."""

    path: str
    family: str
    action: str  # what its pointer asks for; "" without a pointer
    label: str  # of the milestone the pointer stands at; "" where it has none
    said: str  # that milestone's title, or the text pointed at; "none": why; "finish": the Status
    leaves_done: int
    leaves_total: int
    leaves_dropped: int
    milestones_done: int
    milestones_total: int
    milestones_dropped: int
    unboxed: int  # labelled headings without boxes
    optional_open: int
    frozen: int  # open leaves in a document whose status says the work is over
    has_checklist: int  # 1: there is something to count
    boxes_outside: int
    left_behind: int  # how many
    last_change: int | None  # unix seconds, of a moment that calendars have; None: not known
    codes: tuple[str, ...]  # of its flags, in order


class Repository(NamedTuple):
    """Where the documents stand."""

    root: str  # absolute
    head: str | None  # commit id; None: outside git or no commit yet
    branch: str | None  # None: outside git or detached


class Unplanned(NamedTuple):
    """A document that holds boxes but no plan."""

    path: str
    boxes: int


class StatusView(NamedTuple):
    """Where everything is."""

    repository: Repository
    documents: tuple[DocView, ...]
    unplanned: tuple[Unplanned, ...]
    skipped: tuple[Finding, ...]  # files that could not be read, or only in part
    milestones: Count
    leaves: Count
    frozen: int
    duplicates: tuple[tuple[str, str], ...] = ()  # (path, path of the identical one shown)
    per_week: float | None = None  # steps finished, lately; None: no history, or not asked for
    ever: tuple[Count, Count] | None = None  # leaves, milestones of now and of what is gone uncut
    former: tuple[str, ...] = ()  # of those asked for, where none has a plan: that once had one


class Overview(NamedTuple):
    """Where everything is, as tables show it; the fields are those of a StatusView."""

    documents: tuple[Standing, ...]
    unplanned: tuple[Unplanned, ...]
    skipped: tuple[Finding, ...]
    milestones: Count
    leaves: Count
    frozen: int
    duplicates: tuple[tuple[str, str], ...] = ()
    per_week: float | None = None
    ever: tuple[Count, Count] | None = None
    former: tuple[str, ...] = ()


class ExplainLine(NamedTuple):
    """One box-like line, counted or excluded."""

    line: int  # 1-based
    raw: str
    counted: str | None
    excluded: str | None
    item: str | None  # id


class ExplainView(NamedTuple):
    """The ledger of one document."""

    path: str
    shape: str
    dialect: str
    because: tuple[str, ...]  # how the plan was found and read, a sentence each
    lines: tuple[ExplainLine, ...]
    progress: Count  # of the leaves: what the rest of the program shows of them
    leaves: int
    parents: int
    optional: int
    excluded: dict[str, int]  # by reason

    @property
    def box_like(self) -> int:
        """Count every line of the ledger."""
        return len(self.lines)


class SyncView(NamedTuple):
    """What one refresh did."""

    read: int  # documents read because they were new or changed
    known: int  # documents looked at, unchanged
    gone: int
    documents: int  # with a plan, now
    milliseconds: int
    unsettled: tuple[str, ...] = ()  # paths of documents that may be half written: ask again soon
    is_calm: bool = True  # False: git is in the middle of something, and nothing seen was noted
