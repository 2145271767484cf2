"""The views that a plain `next` and `status` show: those of them that are made on every start."""

# Apart from the other views, because a class takes as long to make as a small module to load.

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from typing import NamedTuple

    from plantrack.core.counts import Count, Finding
    from plantrack.core.terms import Action
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


class Unplanned(NamedTuple):
    """A document that holds boxes but no plan."""

    path: str
    boxes: int


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


class SyncView(NamedTuple):
    """What one refresh did."""

    read: int  # documents read because they were new or changed
    known: int  # documents looked at, unchanged
    gone: int
    documents: int  # with a plan, now
    milliseconds: int
    unsettled: tuple[str, ...] = ()  # paths of documents that may be half written: ask again soon
    is_calm: bool = True  # False: git is in the middle of something, and nothing seen was noted
