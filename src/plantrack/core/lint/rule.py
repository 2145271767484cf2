"""What a rule is: a code, how much it matters, how it is explained, and how it is looked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from plantrack.core.lint.around import Around
from plantrack.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plantrack.core.lint.page import Page


class Severity(StrEnum):
    """How much a finding matters; errors and warnings make a check fail, notes do not."""

    ERROR = "error"  # something of the plan is lost: it is not counted
    WARNING = "warning"  # the document says two things at once
    NOTE = "note"  # worth a look


@dataclass(frozen=True, slots=True)
class Example:
    """A document, what stands around it, and that in words."""

    text: str
    around: Around = field(default_factory=Around)
    said: str = ""  # what stands around it, one sentence; "" where nothing matters
    path: str = "docs/0007-tide-gauge.md"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is looked for in documents."""

    code: str  # stable, kebab-case
    severity: Severity
    finds: str  # one sentence
    because: str  # why that matters, one or two sentences
    remedy: str  # what to do, one or two sentences
    find: Callable[[Page], Iterable[Finding]]
    bad: Example | None = None  # fires it; None: no text alone can
    good: Example | None = None  # the same, mended
    is_default: bool = True  # asked about unless told otherwise
    is_fixed: bool = False  # `--fix` mends it


def told(code: str) -> Callable[[Page], Iterator[Finding]]:
    """Look for what the reading of a document found by itself."""

    def find(page: Page) -> Iterator[Finding]:
        return (one for one in page.told if one.code == code)

    return find


def nowhere(_: Page) -> tuple[Finding, ...]:
    """Find nothing in a text: what is meant is told by whoever reads the files."""
    return ()
