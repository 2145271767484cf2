"""The views of the past, as plain values: what log, blame, diff, burndown and forecast show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.core.change import ChangeKind, Reason
    from plantrack.core.forecast import Backtest, Forecast
    from plantrack.core.model import Count, State
    from plantrack.core.series import Day


@dataclass(frozen=True, slots=True)
class RevisionView:
    """Where a change comes from."""

    commit: str | None  # in full; None: not committed, or seen in a folder outside git
    time: datetime | None  # UTC; None: one that no calendar has
    author: str
    subject: str
    is_present: bool = False  # the work tree, not a revision


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One thing that happened to one item."""

    id: str  # shortest unique prefix, at least 4 characters
    kind: ChangeKind
    reason: Reason
    path: str  # after it, or where the document stood
    line: int  # 1-based, after it, or where the item stood
    label: str
    state_before: State | None  # None: it was not there
    state_after: State | None  # None: it is gone
    text_before: str | None  # as written, without its box
    text_after: str | None
    seen: datetime | None  # when a work tree had it first; None: nobody looked
    note: str = ""  # what was said when it was ticked or opened with this program


@dataclass(frozen=True, slots=True)
class Logged:
    """What one revision, or the work tree, did."""

    revision: RevisionView
    changes: tuple[ChangeView, ...]  # by path and place

    @property
    def by_item(self) -> tuple[tuple[ChangeView, ...], ...]:
        """Put what happened to one item of one document together, in the order of the first."""
        found: dict[tuple[str, str], list[ChangeView]] = {}
        for change in self.changes:
            found.setdefault((change.path, change.id), []).append(change)
        return tuple(map(tuple, found.values()))


@dataclass(frozen=True, slots=True)
class LogView:
    """What changed, newest first."""

    entries: tuple[Logged, ...]
    has_more: bool  # older changes were left off
    is_narrowed: bool = False  # not everything was asked for


@dataclass(frozen=True, slots=True)
class BlameLine:
    """One item of a document and where it comes from."""

    id: str
    line: int  # 1-based
    depth: int  # below a milestone's own depth, from 0
    text: str  # as written, without its box
    state: State
    has_box: bool
    added: RevisionView | None  # None: before what was read
    arrived_done: bool  # its box was ticked when it was first seen
    ticked: RevisionView | None  # None: it is not done, or arrived so


@dataclass(frozen=True, slots=True)
class BlameView:
    """One document, item by item."""

    path: str
    title: str
    items: tuple[BlameLine, ...]  # in document order


@dataclass(frozen=True, slots=True)
class DiffItem:
    """One item in two versions of its document."""

    id: str
    kinds: tuple[ChangeKind, ...]  # the weightiest first; (): nothing happened to it
    reason: Reason  # of the first kind
    line_before: int | None  # 1-based; None: it was not there
    line_after: int | None  # None: it is gone
    state_before: State | None
    state_after: State | None
    text_before: str | None
    text_after: str | None


@dataclass(frozen=True, slots=True)
class DiffDocument:
    """One document in two versions."""

    path_before: str | None  # None: it was not there
    path_after: str | None  # None: it is gone
    title: str
    before: Count  # leaves
    after: Count
    items: tuple[DiffItem, ...]  # removed ones first, then in document order

    @property
    def differs(self) -> bool:
        """Tell whether it has another path, or anything happened to its items."""
        is_renamed = None not in (self.path_before, self.path_after) and (
            self.path_before != self.path_after
        )
        return is_renamed or any(item.kinds for item in self.items)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a comparison."""

    name: str  # as it was asked for; "" the work tree
    commit: str | None  # in full; None: the work tree


@dataclass(frozen=True, slots=True)
class DiffView:
    """What differs between two revisions of the plans."""

    before: End
    after: End
    documents: tuple[DiffDocument, ...]  # by path
    by_history: bool  # ids are those of the history; False: of the two versions alone

    @property
    def differs(self) -> bool:
        """Tell whether anything happened to any item, or to the path of any document."""
        return any(document.differs for document in self.documents)


@dataclass(frozen=True, slots=True)
class BurndownView:
    """How much was to be done and was done, day by day."""

    unit: str  # "leaves" or "milestones"
    documents: tuple[str, ...]  # paths; (): all
    days: tuple[Day, ...]  # oldest first
    forecast: Forecast | None  # None: there is no history at all
    frozen: int = 0  # open leaves in documents whose Status says the work is over


@dataclass(frozen=True, slots=True)
class ForecastView:
    """When the plans are likely done."""

    unit: str
    documents: tuple[str, ...]  # paths; (): all
    forecast: Forecast
    backtest: Backtest
    frozen: int = 0  # open leaves in documents whose Status says the work is over
