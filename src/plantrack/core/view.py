"""The views people ask for, as plain values: what terminal, JSON and every later medium show."""

from __future__ import annotations

from plantrack.core.quick_view import (
    MISSED_BOXES,
    PACE_WEEKS,
    HeadingView,
    NearbyView,
    NextView,
    Overview,
    PointerView,
    RefView,
    Standing,
    SyncView,
    Unplanned,
)

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from datetime import datetime
    from typing import NamedTuple

    from plantrack.core.counts import Count, Finding
    from plantrack.core.terms import Family, Kind, State
else:
    from plantrack.light import NamedTuple

__all__ = [
    "MISSED_BOXES",
    "PACE_WEEKS",
    "BriefingView",
    "DocView",
    "ExplainLine",
    "ExplainView",
    "HeadingView",
    "ItemView",
    "NearbyView",
    "NextView",
    "NodeView",
    "Overview",
    "PlacedView",
    "PointerView",
    "RefView",
    "Repository",
    "SectionView",
    "Standing",
    "StatusView",
    "SyncView",
    "Unplanned",
]


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


class Repository(NamedTuple):
    """Where the documents stand."""

    root: str  # absolute
    head: str | None  # commit id; None: outside git or no commit yet
    branch: str | None  # None: outside git or detached


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
