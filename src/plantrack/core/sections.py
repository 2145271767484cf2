"""A document to the stretches of it that are plan."""

# Theory of operation
#
# 1. The path may name the dialect, and the title may name Kiro; the whole file is then the plan.
# 2. Otherwise a plan is what stands under a plan heading, up to the next heading of the same or a
#    higher level. A plan heading inside a plan belongs to it.
# 3. Without a plan heading, labelled headings of one level that hold boxes make an implicit plan:
#    the outermost level at which two or more carry a label and half of these hold boxes.

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, takewhile
from operator import itemgetter
from typing import TYPE_CHECKING

from plantrack.core import dialect, labels
from plantrack.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from plantrack.core.boxes import Box
    from plantrack.core.dialect import Rules
    from plantrack.core.outline import Heading
    from plantrack.core.source import Source


@dataclass(frozen=True, slots=True)
class Stretch:
    """The lines one plan section may take its boxes from."""

    heading: Heading | None  # its plan heading; None: a whole file, or an implicit plan
    first: int  # 1-based line of the heading, or the first line of the content
    last: int  # 1-based
    parts: tuple[tuple[int, int], ...]  # first and last line of what belongs to it, in order
    why: str  # one sentence
    cut: Finding | None = None  # it was too large

    def holds(self, line: int) -> bool:
        """Tell whether a line belongs to it."""
        place = bisect_right(self.parts, line, key=itemgetter(0)) - 1
        return place >= 0 and line <= min(self.parts[place][1], self.last)


def choose_dialect(
    source: Source, boxes: Sequence[Box], rows: Sequence[dialect.Dialect], rules: Rules
) -> dialect.Dialect:
    """Choose the dialect: by path, then by a Kiro title, else a design doc."""
    for row in rows:
        if row.needs and not any(re.search(row.needs, line) for line in source.lines):
            continue
        if row.yields_to_heading and any(_is_plan_heading(h, rules) for h in source.headings):
            continue
        return row
    first = source.headings[0] if source.headings else None
    if first and first.level == 1 and dialect.is_plan_heading(first.text, _KIRO_TITLE):
        texts = (box.text for top in boxes for box in top.walk())
        numbers = sum(labels.is_number(labels.split(text, numbered=True)[0]) for text in texts)
        if numbers >= _ENOUGH:
            return dialect.KIRO_ROW
    return dialect.DESIGN_DOC_ROW


def find_stretches(
    source: Source, boxes: Sequence[Box], row: dialect.Dialect, rules: Rules
) -> tuple[Stretch, ...]:
    """Find the plan sections of a document, in order."""
    if row is not dialect.DESIGN_DOC_ROW:
        last = len(source.lines)
        why = f"{row.name}: the whole file is the plan"
        return (_bounded(Stretch(None, 1, last, ((1, last),), why), source, rules),)
    found = []
    until = 0
    for index, heading in enumerate(source.headings):
        if heading.line <= until or not _is_plan_heading(heading, rules):
            continue
        first, until = heading.line, source.end_of(index)
        why = f"line {first}: “{heading.text}” is a plan heading; its section ends at line {until}"
        found.append(Stretch(heading, first, until, ((first, until),), why))
    if not found:
        found = _implicit(source, boxes)
    return tuple(_bounded(stretch, source, rules) for stretch in found)


_KIRO_TITLE = ("implementation plan",)
_ENOUGH = 2  # numbered boxes of a Kiro file; labelled headings of an implicit plan


def _is_plan_heading(heading: Heading, rules: Rules) -> bool:
    return dialect.is_plan_heading(heading.text, rules.plan_headings)


def _implicit(source: Source, boxes: Sequence[Box]) -> list[Stretch]:
    """Find the outermost level at which labelled headings make a plan; none or one stretch."""
    if not boxes:
        return []
    lines = [box.line for box in boxes]
    for level in range(1, 7):
        peers = [index for index, h in enumerate(source.headings) if h.level == level]
        holding = {index for index in peers if _holds_boxes(source, index, lines)}
        labelled = {i for i in peers if _word_label(source.headings[i].text)}
        held = len(labelled & holding)
        if len(labelled) < _ENOUGH or held * 2 < len(labelled):
            continue
        following = _following(source, level, labelled)
        members = [
            index
            for index in peers
            if index in labelled
            or (index in holding and index in following and _is_work(source, index))
        ]
        parts = tuple((source.headings[i].line, source.end_of(i)) for i in members)
        why = (
            f"no plan heading, but {len(labelled)} headings of level {level} carry a label and"
            f" {held} of them hold boxes: an implicit plan"
        )
        return [Stretch(None, parts[0][0], parts[-1][1], parts, why)]
    return []


def _holds_boxes(source: Source, index: int, lines: Sequence[int]) -> bool:
    after = bisect_right(lines, source.headings[index].line)
    return after < len(lines) and lines[after] <= source.end_of(index)


def _following(source: Source, level: int, labelled: Container[int]) -> set[int]:
    """Collect the headings of a level that stand after a labelled one under the same parent."""
    found = set()
    begun = False
    for index, heading in enumerate(source.headings):
        if heading.level < level:
            begun = False
        elif heading.level == level:
            if begun:
                found.add(index)
            begun = begun or index in labelled
    return found


def _is_work(source: Source, index: int) -> bool:
    return not dialect.is_outside_heading(source.headings[index].text)


def _word_label(text: str) -> str:
    """Return a heading's label when it is a word or letter label, never a bare number."""
    label, rest = labels.split(text, numbered=True)
    if labels.is_number(label):
        label, _ = labels.split(rest)
    return "" if labels.is_number(label) else label


def _bounded(stretch: Stretch, source: Source, rules: Rules) -> Stretch:
    """Cut a stretch that is too large; what is behind the cut is not read."""
    lines, most = source.lines[stretch.first - 1 : stretch.last], rules.max_section_chars
    if sum(map(len, lines)) + len(lines) <= most:
        return stretch
    sizes = accumulate(len(line) + 1 for line in lines)
    last = stretch.first - 1 + sum(1 for _ in takewhile(lambda size: size <= most, sizes))
    message = f"the plan section is larger than {most // 1024} KiB; the rest of it is not read"
    cut = Finding("", last + 1, "large-section", message)
    return Stretch(stretch.heading, stretch.first, last, stretch.parts, stretch.why, cut)
