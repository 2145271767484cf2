"""The views of what was written into documents: what tick, untick, undo, expand and new show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plantrack.core.model import State
    from plantrack.core.view import PointerView


@dataclass(frozen=True, slots=True)
class MarkedView:
    """One box that was to be marked."""

    id: str  # shortest unique prefix, at least 4 characters
    path: str  # relative to the repository's top folder
    line: int  # 1-based
    label: str
    title: str
    text: str  # as written
    state_before: State
    state_after: State
    mark_before: str  # between the brackets
    mark_after: str
    is_changed: bool  # False: it was so already

    @property
    def is_other_mark(self) -> bool:
        """Tell whether a mark went that was neither a blank nor a tick."""
        return self.is_changed and self.mark_before not in (" ", "\u00a0", "x", "X")


@dataclass(frozen=True, slots=True)
class OverView:
    """A box over one that was marked, which does not agree with it yet."""

    id: str
    path: str
    line: int  # 1-based
    label: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class TickView:
    """What one command did to boxes."""

    verb: str  # tick, untick, undo
    items: tuple[MarkedView, ...]  # in the order they were asked for, then what was closed
    over: tuple[OverView, ...]  # tick: all below is done; untick, undo: still ticked; inner first
    next: PointerView | None  # what is next now
    because: str  # why there is no next; "" when there is one
    note: str = ""
    is_dry: bool = False  # nothing was written
    warnings: tuple[str, ...] = ()  # what did not work beside it, a sentence each


@dataclass(frozen=True, slots=True)
class StepView:
    """One step that was written into a plan."""

    id: str  # "" when nothing was written
    line: int  # 1-based
    raw: str  # the line as it is written


@dataclass(frozen=True, slots=True)
class ExpandView:
    """What expanding a milestone came to."""

    id: str  # of the milestone
    path: str
    line: int  # 1-based
    label: str
    title: str
    steps: tuple[StepView, ...]  # those that were written
    existing: int  # steps that were there
    next: PointerView | None
    because: str
    is_dry: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftView:
    """A document that was made."""

    path: str
    title: str
    template: str  # path of the template; "": the built-in one
    text: str
    is_dry: bool = False
