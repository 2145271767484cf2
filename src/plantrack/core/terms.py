"""The terms every layer shares: states, parts, families, actions, counts, findings."""

from __future__ import annotations

from plantrack.core.counts import Count, Finding, add

TYPE_CHECKING = False  # enum takes longer to import than a plain question has
if TYPE_CHECKING:
    from enum import StrEnum
else:
    from plantrack.light import StrEnum

__all__ = ["Action", "Count", "Family", "Finding", "Kind", "State", "add"]


class State(StrEnum):
    """How far one piece of work is."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class Kind(StrEnum):
    """What part a node plays in its plan."""

    GROUP = "group"  # a heading that only gathers; it has no state of its own
    MILESTONE = "milestone"
    STEP = "step"  # below a milestone, at any depth
    TASK = "task"  # in a plan, or a part of one, that has no milestone layer


class Family(StrEnum):
    """What a document's Status field amounts to."""

    DRAFT = "draft"
    ACTIVE = "active"
    DONE = "done"
    DEAD = "dead"
    REFERENCE = "reference"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """What the pointer asks for."""

    DO = "do"
    EXPAND = "expand"
    CLOSE = "close"
    SETTLE = "settle"
    FINISH = "finish"
    NONE = "none"
