"""Versions of documents to their plans: remembered, told by their marks, or parsed."""

# Theory of operation
#
# 1. Versions come in the order of their line. One that differs from the last one of its document in
#    marks alone is told by them; others are parsed.
# 2. What a version is read as depends on its bytes and its path alone, never on how it was told.
# 3. Most Markdown files never had a box. They are told by that, and not parsed.
# 4. Where a few versions are new, the parse cache is asked first: the work tree had most of them.
# 5. Whoever has time for it says with each version which items of the one before go on in it.
# 6. The last versions of some documents are kept, those that were told last: a reading that goes on
#    for long comes by thousands.

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, NamedTuple, Self

from plantrack.core import dialect, pack, places, reconcile, remark
from plantrack.core.memo import Memo
from plantrack.repo.blobs import Blobs
from plantrack.store.recording import CachedPlan
from plantrack.sync.reading import context_of, parse_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from plantrack.core.dialect import Rules
    from plantrack.core.model import Plan
    from plantrack.core.reconcile import Paired
    from plantrack.core.remark import Told
    from plantrack.repo import Place

    Remembered = Callable[[Sequence[tuple[str, str]]], tuple[str | None, ...]]

# Every box that is counted stands on a line of this kind. It begins with the line break before,
# which is looked for much faster than a beginning.
_BOX_LINE = re.compile(rb"\n[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[")
_BOM = b"\xef\xbb\xbf"

KEPT_BYTES = 4 << 20  # of last versions; what is kept beside them is several times as much
TOO_LONG = "bytes long"  # in the reason of a blob that is there and not read


class Seen(NamedTuple):
    """What one version turned out to be."""

    plan: Plan | None  # None: it was not parsed
    holds_boxes: bool  # it may have some; False: it has none, or could not be read
    missing: str | None  # why it could not be read; "": it is merely too long; None: it could
    before: str = ""  # blob of the version of its path that it was compared with; "": none
    paired: Paired = ()  # the items that both have


@dataclass(frozen=True, slots=True)
class _Last:
    blob: str
    told: Told
    memo: Memo  # of the last version that was parsed


class Versions:
    """Reads versions of documents out of git; a context manager."""

    def __init__(
        self,
        place: Place,
        rules: Rules,
        remembered: Remembered,
        *,
        max_bytes: int,
        compares: bool = False,
    ) -> None:
        """Read from the repository of `place`; longer documents than `max_bytes` have no plan.

        `compares`: what is read in a row is compared.
        """
        self._blobs = Blobs(place, max_bytes=max_bytes)
        self._single = Blobs(place, max_bytes=max_bytes)  # asked while the other one is read
        self._rules = rules
        self._remembered = remembered
        self._compares = compares
        self._last: dict[str, _Last] = {}  # by path; the one told last comes last
        self._bytes = 0  # of these

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End git."""
        self._blobs.__exit__(None, None, None)
        self._single.__exit__(None, None, None)

    def read(self, pairs: Iterable[tuple[str, str]]) -> Iterator[Seen]:
        """Tell what versions are, in order, each named by its path and blob.

        One without boxes is not parsed, unless the last one of its path was.
        """
        paths, blobs = tee(pairs)
        contents = self._blobs.read(blob for _, blob in blobs)
        for (path, _), (blob, data) in zip(paths, contents, strict=True):
            if data is None:
                yield Seen(None, holds_boxes=False, missing=self._missing(blob))
                continue
            holds_boxes = may_hold_boxes(data)
            last = self._last.get(path)
            if not holds_boxes and last is None:
                yield Seen(None, holds_boxes, None)
                continue
            plan = self.plan(path, blob, data)
            if last and self._compares and _differs(last.told.plan, plan):
                paired = reconcile.match(last.told.plan, plan)
                yield Seen(plan, holds_boxes, None, last.blob, paired)
            else:
                yield Seen(plan, holds_boxes, None)

    def one(self, path: str, blob: str) -> Plan | None:
        """Give the plan of one version, from the parse cache if it has it; None: unreadable."""
        context = context_of(self._rules, dialect.origin(path))
        (packed,) = self._remembered([(blob, context)])
        if packed is not None:
            try:
                return pack.load_plan(packed)
            except ValueError:  # packed by another version
                pass
        ((_, data),) = self._single.read([blob])
        return None if data is None else self.plan(path, blob, data)

    def kept(self, path: str, blob: str, text: str) -> CachedPlan:
        """Give the plan of a version, written by `pack.dump_plan`, as the parse cache keeps it."""
        return CachedPlan(blob, context_of(self._rules, dialect.origin(path)), text)

    def plan(self, path: str, blob: str, data: bytes) -> Plan:
        """Tell the plan of the next version of a document."""
        last = self._last.pop(path, None)
        told = remark.remark(last.told, data) if last else None
        memo = last.memo if last else Memo()
        if told is None:
            plan = parse_bytes(data, dialect.origin(path), self._rules, memo)
            told = remark.read(data, plan)
        self._last[path] = _Last(blob, told, memo)
        self._bytes += len(data) - (len(last.told.data) if last else 0)
        while self._bytes > KEPT_BYTES:
            oldest = self._last.pop(next(iter(self._last)))
            self._bytes -= len(oldest.told.data)
        return told.plan

    def _missing(self, blob: str) -> str:
        reason = dict(self._blobs.unread)[blob]
        return "" if TOO_LONG in reason else reason


def _differs(before: Plan, after: Plan) -> bool:
    """Tell whether two versions differ in more than marks."""
    return before is not after and places.changed_marks(before, after) is None


def may_hold_boxes(data: bytes) -> bool:
    """Tell whether a document can have a box at all."""
    if b"\r" in data:
        data = data.replace(b"\r", b"\n")
    return _BOX_LINE.search(b"\n" + data.removeprefix(_BOM)) is not None
