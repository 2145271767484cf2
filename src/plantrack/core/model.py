"""The plain values every layer shares: plans, what they are made of, and where they point."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core.terms import Action, Count, Family, Finding, Kind, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


__all__ = [
    "Action",
    "Bullet",
    "Count",
    "Family",
    "Finding",
    "Kind",
    "Ledger",
    "LedgerLine",
    "Node",
    "Plan",
    "Pointer",
    "Ref",
    "Section",
    "Shape",
    "State",
    "Status",
    "made_node",
]


class Shape(StrEnum):
    """How a plan section arranges its two layers."""

    NESTED = "nested"
    GROUPED = "grouped"
    INDEXED = "indexed"
    HEADED = "headed"
    FLAT = "flat"
    NO_CHECKLIST = "no checklist"


class Node(NamedTuple):
    """One group, milestone, step or task, with everything below it in document order."""

    kind: Kind
    line: int  # 1-based, in the file as it is on disk
    text: str  # first paragraph on one line, inline Markdown kept, mark and box left off
    label: str  # as written ("Milestone 3", "M1.2", "3a"), "" where there is none
    title: str  # text without its label and without emphasis marks
    state: State  # of its own box; for a heading, derived from its leaves
    mark: str | None  # what stands in its brackets; None: it has no box of its own
    optional: bool = False  # by its own star or an ancestor's
    struck: bool = False  # its whole lead is struck through
    notes: str = ""  # what stands under the item besides boxes, dedented, as written
    tags: tuple[str, ...] = ()  # bracketed legends after the label: "P", "US1"
    children: tuple[Node, ...] = ()

    @property
    def is_leaf(self) -> bool:
        """Tell whether this is a box with no box inside: the unit that is counted."""
        return self.mark is not None and not self.children

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in document order."""
        return _walk((self,))

    def leaves(self) -> Iterator[Node]:
        """Yield the leaves at or below this node, in document order."""
        return (node for node in self.walk() if node.is_leaf)


# a node of all its fields in their order, as Node(…) makes it, in a third of the time
made_node: Callable[[tuple[object, ...]], Node] = partial(tuple.__new__, Node)


@dataclass(frozen=True, slots=True)
class Ref:
    """A node named from elsewhere."""

    index: int  # position in Plan.walk(), from 0; -1: a heading that is no node
    line: int  # 1-based
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """One plan section: a heading's worth of plan, or a whole plan file."""

    heading: str  # as written; "" for a whole-file plan
    line: int  # 1-based line of the heading; 1 for a whole-file plan
    end: int  # 1-based last line
    shape: Shape
    implicit: bool  # no plan heading: labelled headings made it a plan
    nodes: tuple[Node, ...]
    unboxed: tuple[Ref, ...] = ()  # labelled headings without boxes: named, not counted

    def walk(self) -> Iterator[Node]:
        """Yield every node of the section in document order."""
        return _walk(self.nodes)


@dataclass(frozen=True, slots=True)
class Status:
    """What a document says of itself as a whole."""

    text: str  # the value as written, on one line; "" where there is none
    family: Family
    line: int  # 1-based; 0 where there is none
    frozen_by: str = ""  # why open boxes are frozen although the word alone would not; "" otherwise


@dataclass(frozen=True, slots=True)
class Bullet:
    """One bullet of the Next Steps section."""

    line: int  # 1-based
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything one document says about its work."""

    title: str  # of the document, without "Design:" kept as written; "" where there is none
    dialect: str  # a name of dialect.DIALECTS; "" when the document holds no plan
    status: Status
    sections: tuple[Section, ...] = ()
    next_steps: tuple[Bullet, ...] = ()
    boxes_outside: int = 0  # task items of the document that stand outside its plan
    findings: tuple[Finding, ...] = ()
    template: bool = False  # a design-doc template, not a design doc: its title is a placeholder

    def walk(self) -> Iterator[Node]:
        """Yield every node of every section in document order; positions here are Ref.index."""
        if len(self.sections) == 1:
            return self.sections[0].walk()
        return _walk([node for section in self.sections for node in section.nodes])

    @property
    def has_checklist(self) -> bool:
        """Tell whether there is anything to count."""
        return any(section.shape is not Shape.NO_CHECKLIST for section in self.sections)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """How one box-like line was counted, or why it was not."""

    line: int  # 1-based
    raw: str  # the line as in the file
    counted: str | None  # "leaf", "parent", "optional"; None: excluded
    excluded: str | None  # the reason; None: counted
    index: int | None  # position in Plan.walk(); None: not a node


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every box-like line of a document; counted and excluded add up by construction."""

    lines: tuple[LedgerLine, ...]

    def count(self, counted: str) -> int:
        """Count the lines that went in as "leaf", "parent" or "optional"."""
        return sum(line.counted == counted for line in self.lines)

    def excluded(self) -> dict[str, int]:
        """Count the excluded lines by reason, in order of first appearance."""
        reasons: dict[str, int] = {}
        for line in self.lines:
            if line.excluded is not None:
                reasons[line.excluded] = reasons.get(line.excluded, 0) + 1
        return reasons


@dataclass(frozen=True, slots=True)
class Pointer:
    """The one next task of a plan: an action, a place, a reason."""

    action: Action
    reason: str  # plain words
    target: Ref | None  # what the action is about; None: nothing to point at
    milestone: Ref | None
    notes: str = ""  # of the target
    cautions: tuple[str, ...] = ()
    alternatives: tuple[Ref, ...] = ()
    left_behind: tuple[Ref, ...] = ()
    then: tuple[Ref, ...] = ()  # the two leaves after the target in its milestone


def _walk(nodes: Sequence[Node]) -> Iterator[Node]:
    # Generators that yield from each other cost as many steps per node as it is deep.
    found: list[Node] = []
    _gather(nodes, found)
    return iter(found)


def _gather(nodes: Sequence[Node], found: list[Node]) -> None:
    for node in nodes:
        found.append(node)
        if node.children:
            _gather(node.children, found)
