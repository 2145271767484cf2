"""The views people ask for, as plain values: what terminal, JSON and every later medium show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.core.model import Action, Count, Family, Finding, Kind, State


MISSED_BOXES = 5  # a document with that many boxes and no plan is named


@dataclass(frozen=True, slots=True)
class RefView:
    """A node named from elsewhere, with its public id."""

    id: str  # shortest unique prefix, at least 4 characters; "" for a heading that is no node
    line: int  # 1-based
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class PointerView:
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


@dataclass(frozen=True, slots=True)
class NextView:
    """The best pointer and the runners-up."""

    next: PointerView | None
    others: tuple[PointerView, ...]
    documents: int  # with a plan
    because: str  # why there is no next; "" when there is one


@dataclass(frozen=True, slots=True)
class NodeView:
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


@dataclass(frozen=True, slots=True)
class SectionView:
    """One plan section of a document's tree."""

    heading: str
    line: int  # 1-based
    shape: str
    nodes: tuple[NodeView, ...]
    unboxed: tuple[RefView, ...]


@dataclass(frozen=True, slots=True)
class DocView:
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


@dataclass(frozen=True, slots=True)
class Repository:
    """Where the documents stand."""

    root: str  # absolute
    head: str | None  # commit id; None: outside git or no commit yet
    branch: str | None  # None: outside git or detached


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A document that holds boxes but no plan."""

    path: str
    boxes: int


@dataclass(frozen=True, slots=True)
class StatusView:
    """Where everything is."""

    repository: Repository
    documents: tuple[DocView, ...]
    unplanned: tuple[Unplanned, ...]
    skipped: tuple[Finding, ...]  # files that could not be read, or only in part
    milestones: Count
    leaves: Count
    frozen: int
    duplicates: tuple[tuple[str, str], ...] = ()  # (path, path of the identical one shown)


@dataclass(frozen=True, slots=True)
class ExplainLine:
    """One box-like line, counted or excluded."""

    line: int  # 1-based
    raw: str
    counted: str | None
    excluded: str | None
    item: str | None  # id


@dataclass(frozen=True, slots=True)
class ExplainView:
    """The ledger of one document."""

    path: str
    shape: str
    dialect: str
    because: tuple[str, ...]  # how the plan was found and read, a sentence each
    lines: tuple[ExplainLine, ...]
    leaves: int
    parents: int
    optional: int
    excluded: dict[str, int]  # by reason

    @property
    def box_like(self) -> int:
        """Count every line of the ledger."""
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class SyncView:
    """What one refresh did."""

    read: int  # documents read because they were new or changed
    known: int  # documents looked at, unchanged
    gone: int
    documents: int  # with a plan, now
    milliseconds: int
