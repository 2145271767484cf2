"""What stands around a document, as plain values, for the rules that look further than its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plantrack.core.model import Finding, Status

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Standing:
    """What another document says of itself."""

    status: Status  # as it is weighed with the plan
    has_open: bool  # its plan holds open steps


@dataclass(frozen=True, slots=True)
class LoneTick:
    """A box that was ticked in a commit which touched nothing but its document."""

    line: int  # 1-based, of the box as the document is now
    commit: str
    subject: str


@dataclass(frozen=True, slots=True)
class Landing:
    """A file that an open box names, and which came after the box was written."""

    line: int  # 1-based, of the box as the document is now
    file: str
    commit: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around one document; the defaults say that nothing is known of it."""

    told: tuple[Finding, ...] = ()  # what reading its bytes found
    required: tuple[str, ...] = ()  # headings its template calls required, as written there
    template: str = ""  # path of that template
    missing: frozenset[str] = frozenset()  # linked paths, from the top folder, that are not there
    standings: Mapping[str, Standing] = field(default_factory=dict)  # of documents, by path
    quiet_days: int | None = None  # since its checklist changed last; None: not known
    stale_days: int | None = None  # from so many on it is stale; None: never
    ticks: tuple[LoneTick, ...] = ()
    landings: tuple[Landing, ...] = ()


NOTHING = Around()
