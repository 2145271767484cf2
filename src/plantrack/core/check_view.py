"""What a check found, as plain values: what every medium shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from plantrack.core.lint.baseline import Key
    from plantrack.core.lint.rule import Rule, Severity


class Found(NamedTuple):
    """One finding."""

    path: str  # relative to the top folder
    line: int  # 1-based; 0: the whole document is meant
    code: str
    severity: Severity
    message: str
    key: Key  # what it is known by, wherever its line goes


class MendedView(NamedTuple):
    """What was mended in one document, or would be."""

    path: str
    counts: tuple[tuple[str, int], ...]  # findings that went, by code
    diff: tuple[str, ...]  # lines of a unified diff, without line ends; () unless asked for
    refusal: str  # why it was not written; "" when it was, or was not to be


class CheckView(NamedTuple):
    """Everything a check has to tell."""

    found: tuple[Found, ...]  # by path, line and code, without those of the baseline
    documents: int  # that were looked at
    rules: tuple[Rule, ...]  # that were asked about
    known: int = 0  # findings the baseline knows
    gone: tuple[tuple[Key, int], ...] = ()  # what the baseline knows and is there no more
    since: str = ""  # the revision whose findings were left out, as named; "" none
    mended: tuple[MendedView, ...] = ()

    def count(self, severity: Severity) -> int:
        """Count the findings of one severity."""
        return sum(one.severity is severity for one in self.found)
