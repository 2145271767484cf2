"""Markdown text to Plan, and to the ledger that accounts for every box-like line."""

# Theory of operation
#
# 1. `source` gives lines, headings and list items, `boxes` the task items among them, `sections`
#    the stretches that are plan, `shape` the milestones and steps of each.
# 2. Inside a plan, sections that only check or defer (Verification, Future Work) stay outside.
# 3. Reading is total: any text gives a Plan. What is odd about it is a Finding in it.
# 4. The ledger asks of each box-like line: is it a node? If not, was it a box outside the plan? If
#    not, what kind of text swallowed it? Each line gets exactly one answer.

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Protocol, TypeVar

from plantrack.core import blocks, boxes, dialect, inline, labels, sections, shape, status
from plantrack.core.forest import Entry, Title
from plantrack.core.model import (
    Bullet,
    Family,
    Finding,
    Ledger,
    LedgerLine,
    Node,
    Plan,
    Section,
    Status,
)
from plantrack.core.progress import OPEN
from plantrack.core.source import Source, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.dialect import Origin, Rules
    from plantrack.core.memo import Memo
    from plantrack.core.outline import Heading
    from plantrack.core.sections import Stretch

PARSER_VERSION = 2  # of stored plans: raise it whenever the same text may give another Plan


def read_plan(text: str, origin: Origin, rules: Rules, memo: Memo | None = None) -> Plan:
    """Read everything a document says about its work; total, findings carry no path.

    `memo` is what the last version of the document came to, under the same rules.
    """
    if memo:
        memo.turn()
    return _Reading(text, origin, rules, memo).plan


def explain(text: str, origin: Origin, rules: Rules) -> tuple[Plan, Ledger, tuple[str, ...]]:
    """Read a document and account for its box-like lines; the last part says how it was read."""
    reading = _Reading(text, origin, rules)
    return reading.plan, _ledger(reading), reading.why()


@dataclass(frozen=True, slots=True)
class Examined:
    """A document with everything that was found on the way to its plan."""

    plan: Plan
    ledger: Ledger
    source: Source
    tops: tuple[boxes.Box, ...]  # the outermost ones, of the plan or not


def examine(text: str, origin: Origin, rules: Rules) -> Examined:
    """Read a document for those who look closer than at its plan; total."""
    reading = _Reading(text, origin, rules)
    return Examined(reading.plan, _ledger(reading), reading.source, reading.boxes)


@dataclass(frozen=True, slots=True)
class _Planned:
    """One plan section, and how it came about."""

    section: Section
    layers: shape.Layers
    stretch: Stretch
    outside: dict[int, str]  # line of an outermost box in the stretch -> why it is not of the plan


class _Reading:
    """One document being read; each part is worked out when it is first needed."""

    def __init__(self, text: str, origin: Origin, rules: Rules, memo: Memo | None = None) -> None:
        self.origin = origin
        self.rules = rules
        self.source = read_source(text, rules, memo)
        items = self.source.outline.items
        self.boxes = boxes.read_boxes(items, self.source.lines, rules, memo)

    @cached_property
    def plan(self) -> Plan:
        title = self.source.title()
        if self.is_template:
            unknown = Status("", Family.UNKNOWN, 0)
            return Plan(title, "", unknown, findings=self.source.findings, template=True)
        found = tuple(planned.section for planned in self.planned)
        inside = {node.line for node in self.nodes if node.mark is not None}
        return Plan(
            title=title,
            dialect=self.row.name if found else "",
            status=self._status(),
            sections=found,
            next_steps=tuple(self._next_steps()),
            boxes_outside=len(self.box_lines - inside),
            findings=(*self.source.findings, *self._remarks()),
        )

    def why(self) -> tuple[str, ...]:
        """Say how the plan was found and what shape it was given, a sentence each."""
        if self.is_template:
            return ("the title is a placeholder: this is a template, not a plan",)
        if not self.planned:
            return ("there is no plan heading, and the headings do not make an implicit plan",)
        return tuple(why for p in self.planned for why in (p.stretch.why, p.layers.why))

    @cached_property
    def is_template(self) -> bool:
        return dialect.is_placeholder_title(self.source.title())

    @cached_property
    def row(self) -> dialect.Dialect:
        return sections.choose_dialect(self.source, self.boxes, self.origin.rows, self.rules)

    @cached_property
    def planned(self) -> tuple[_Planned, ...]:
        if self.is_template:
            return ()
        stretches = sections.find_stretches(self.source, self.boxes, self.row, self.rules)
        return tuple(map(self._plan_in, stretches))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of every section, in the order of `Plan.walk()`."""
        found: list[Node] = []
        for planned in self.planned:
            found += planned.section.walk()
        return tuple(found)

    @cached_property
    def box_lines(self) -> frozenset[int]:
        lines: list[int] = []
        boxes.gather_lines(self.boxes, lines)
        return frozenset(lines)

    @cached_property
    def item_lines(self) -> frozenset[int]:
        items = self.source.outline.items
        return frozenset(inner.line for item in items for inner in item.walk())

    @cached_property
    def covered(self) -> dict[int, str]:
        """Line -> why it holds no list item: the reason of the shortest span over it."""
        found: dict[int, str] = {}
        for span in sorted(self.source.outline.spans, key=lambda span: span.last - span.first):
            for line in range(span.first, span.last + 1):
                found.setdefault(line, span.reason)
        return found

    def _plan_in(self, stretch: Stretch) -> _Planned:
        whole = self.row is not dialect.DESIGN_DOC_ROW
        titles = tuple(map(self._title, self._headings_in(stretch)))
        shut = {title for title in titles if self._is_outside(title)}
        outside: dict[int, str] = {}
        entries = []
        held = _held(self.boxes, stretch)
        for box, chain in zip(held, _chains(titles, held), strict=True):
            over = next((title for title in chain if title in shut), None) if shut else None
            if over:
                outside[box.line] = f"in the section “{inline.plain(over.text)}”"
            else:
                entries.append(Entry(chain, box))
        if shut:
            chains = zip(titles, _chains(titles, titles), strict=True)
            titles = tuple(title for title, chain in chains if shut.isdisjoint(chain))
        layers = shape.arrange(tuple(entries), titles, self.row)
        outside.update(layers.left_out)
        section = Section(
            heading=stretch.heading.text if stretch.heading else "",
            line=stretch.first,
            end=stretch.last,
            shape=layers.shape,
            implicit=not whole and stretch.heading is None,
            nodes=layers.nodes,
            unboxed=layers.unboxed,
        )
        return _Planned(section, layers, stretch, outside)

    def _headings_in(self, stretch: Stretch) -> list[Heading]:
        """Collect the headings below the plan heading, or below the title of a whole-file plan."""
        headings = self.source.headings
        above = stretch.heading
        if above is None and self.row is not dialect.DESIGN_DOC_ROW and headings:
            above = headings[0] if headings[0].level == 1 else None
        return [heading for heading in _held(headings, stretch) if heading is not above]

    def _title(self, heading: Heading) -> Title:
        text = dialect.without_anchor(heading.text)
        label, rest = labels.split(text, numbered=True)
        if labels.is_number(label):
            inner, inner_rest = labels.split(rest)
            if inner and not labels.is_number(inner):
                label, rest = inner, inner_rest
        following = self.source.lines[heading.line : heading.line + _OWN_STATUS_LINES]
        until = (i for i, line in enumerate(following) if line.startswith("#"))
        said = status.field(following[: next(until, len(following))])
        notes = f"Status: {said[1]}" if said and said[1] else ""
        return Title(heading.level, text, heading.line, label, rest, notes)

    def _is_outside(self, title: Title) -> bool:
        labelled = bool(title.label) and not labels.is_number(title.label)
        if labelled or (self.row.milestone and re.match(self.row.milestone, title.label)):
            return False
        return dialect.is_outside_heading(title.text)

    def _status(self) -> Status:
        front = [(field.key, field.value, field.line) for field in self.source.front]
        families = self.rules.status_families
        found = status.read_status(self.source.preamble(), 1, front, families)
        open_leaves = any(n.state in OPEN and n.is_leaf and not n.optional for n in self.nodes)
        return status.weigh(found, open_leaves=open_leaves, archived=self.origin.archived)

    def _next_steps(self) -> Iterator[Bullet]:
        for index, heading in enumerate(self.source.headings):
            if not dialect.is_next_steps_heading(heading.text):
                continue
            items = self.source.outline.items
            first = bisect_right(items, heading.line, key=_LINE)
            for item in items[first : bisect_right(items, self.source.end_of(index), key=_LINE)]:
                yield Bullet(item.line, boxes.joined(item.text))

    def _remarks(self) -> Iterator[Finding]:
        """Name what an author would want to know about how the plan was read."""
        for planned in self.planned:
            if planned.stretch.cut:
                yield planned.stretch.cut
            for line in planned.layers.lost_indents:
                message = "this box lost its indent: it is read as a step of the milestone above"
                yield Finding("", line, "lost-indent", message)
            first, last = planned.stretch.first, planned.stretch.last
            for line, text in enumerate(self.source.lines[first - 1 : last], first):
                if "[" not in text or line in self.box_lines:  # most lines
                    continue
                if not planned.stretch.holds(line) or not boxes.BOX_LIKE.match(text):
                    continue
                reason = _swallowed(self, line)
                if reason in _LOSSES or reason.startswith(_TOO_DEEP):
                    message = f"a box-like line of the plan is not counted: it is {reason}"
                    yield Finding("", line, "swallowed-box", message)


class _HasLine(Protocol):
    @property
    def line(self) -> int: ...


_Placed = TypeVar("_Placed", bound=_HasLine)
_OWN_STATUS_LINES = 12  # below a heading, in which a Status of its own is looked for


_LINE = attrgetter("line")


def _held(things: Sequence[_Placed], stretch: Stretch) -> Sequence[_Placed]:
    """Return those of `things`, which are in order, that belong to a stretch."""
    first = bisect_left(things, stretch.first, key=_LINE)
    inside = things[first : bisect_right(things, stretch.last, key=_LINE)]
    if len(stretch.parts) == 1:
        return inside
    return [thing for thing in inside if stretch.holds(thing.line)]


def _chains(titles: Sequence[Title], things: Sequence[_Placed]) -> Iterator[tuple[Title, ...]]:
    """Yield for each thing the headings over its line, outermost first; both are in order.

    A heading stands in its own chain. Things under the same heading have one chain in common.
    """
    chain: tuple[Title, ...] = ()
    at = 0
    for thing in things:
        while at < len(titles) and titles[at].line <= thing.line:
            over = (title for title in chain if title.level < titles[at].level)
            chain = (*over, titles[at])
            at += 1
        yield chain


# --- the ledger ---------------------------------------------------------------------------------

_PARAGRAPH = "text of a paragraph, not a list item"
_TOO_DEEP = "nested deeper"  # than is read: see blocks
_LOSSES = frozenset({_PARAGRAPH, blocks.TOO_DEEP, "in indented code"})


def _ledger(reading: _Reading) -> Ledger:
    """Account for every box-like line, in order."""
    nodes = {n.line: (at, n) for at, n in enumerate(reading.nodes) if n.mark is not None}
    reasons = _reasons(reading)
    rows = []
    for line, raw in enumerate(reading.source.raw, start=1):
        if not boxes.BOX_LIKE.match(raw):
            continue
        if line in nodes:
            index, node = nodes[line]
            rows.append(LedgerLine(line, raw, _counted(node), None, index))
        else:
            reason = reasons.get(line) or _swallowed(reading, line)
            rows.append(LedgerLine(line, raw, None, reason, None))
    return Ledger(tuple(rows))


def _counted(node: Node) -> str:
    if not node.is_leaf:
        return "parent"
    return "optional" if node.optional and node.state in OPEN else "leaf"


def _reasons(reading: _Reading) -> dict[int, str]:
    """Say for each box that is no node of the plan why it is not."""
    outside = {line: why for planned in reading.planned for line, why in planned.outside.items()}
    reasons: dict[int, str] = {}
    for top in reading.boxes:
        why = outside.get(top.line) or _place_of(reading, top.line)
        reasons.update((box.line, why) for box in top.walk())
    return reasons


def _place_of(reading: _Reading, line: int) -> str:
    if reading.is_template:
        return "in a template"
    if not reading.planned:
        return "the document has no plan"
    headings = reading.source.headings
    above = bisect_left(headings, line, key=_LINE)
    if not above:
        return "outside the plan, before the first heading"
    return f"outside the plan, under “{inline.plain(headings[above - 1].text)}”"


def _swallowed(reading: _Reading, line: int) -> str:
    """Say what took a box-like line that is no box at all."""
    source = reading.source
    if line < source.body:
        return "in the front matter"
    if line > reading.rules.max_lines:
        return f"behind the {reading.rules.max_lines:,} lines that are read"
    if line in reading.covered:
        return reading.covered[line]
    raw = source.raw[line - 1]
    return _no_box(raw, reading.rules) if line in reading.item_lines else _PARAGRAPH


def _no_box(raw: str, rules: Rules) -> str:
    """Say why a box-like line that begins a list item is no box."""
    inside = re.search(r"\[([^\]\n]{1,12})\](\\?\*)?(.?)", raw)
    assert inside is not None  # the line is box-like
    if not inside.group(3):
        return "nothing follows the brackets on its line"
    if inside.group(3) not in {" ", "\t"}:
        return "no blank follows the brackets"
    if dialect.read_mark(raw[inside.start() :], rules):
        return "in a heading"
    return f"“[{inside.group(1)}]” is no mark"
