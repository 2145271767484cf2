"""The terms every layer shares: states, parts, families, actions, counts, findings."""

from __future__ import annotations

from enum import StrEnum

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple
else:
    from plantrack.light import NamedTuple


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


class Count(NamedTuple):
    """Progress over something countable."""

    done: int
    total: int  # without what was dropped: the denominator
    dropped: int


class Finding(NamedTuple):
    """One problem or remark about a document; a value, never raised."""

    path: str  # relative to the repository's top folder, "/" separated; "" inside the core
    line: int  # 1-based; 0 speaks of the whole document
    code: str  # stable, kebab-case
    message: str


def add(counts: Iterable[Count]) -> Count:
    """Add counts up."""
    done = total = dropped = 0
    for count in counts:
        done += count.done
        total += count.total
        dropped += count.dropped
    return Count(done, total, dropped)
