"""Versions of documents that this process read lately to the next ones, sooner."""

# Theory of operation
#
# 1. Who works on a document saves it over and over, and a process that stays open reads each
#    version. Like the versions of a history, most differ in marks alone, and the others in a few
#    parts.
# 2. A few documents are kept, those read last: nobody works on many at once.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core import remark
from plantrack.core.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Callable

    from plantrack.core.model import Plan
    from plantrack.core.remark import Told

    Key = tuple[str, ...]  # which document, and what it is read under
    Parse = Callable[[Memo], Plan]

MANY = 16  # documents kept


class Lately:
    """What was parsed lately; it changes no answer, only how soon it is there."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._last: dict[Key, tuple[Told, Memo]] = {}  # the one read last comes last

    def plan(self, key: Key, data: bytes, parse: Parse) -> Plan:
        """Give the plan of a version, parsed only when the last one of its key does not tell."""
        last, memo = self._last.pop(key, (None, Memo()))
        told = remark.remark(last, data) if last else None
        if told is None:
            told = remark.read(data, parse(memo))
        self._last[key] = told, memo
        if len(self._last) > MANY:
            del self._last[next(iter(self._last))]
        return told.plan
