"""The milestones of a plan section to the order in which they are to be tried."""

# Theory of operation
#
# 1. The frontier is the last finished milestone in document order. It is accepted when more
#    milestones are finished than open before it.
# 2. With an accepted frontier the open milestones after it come first, then those left behind.
#    Without any finished one, those that were started come first. With a refused one, document
#    order.
# 3. Milestones that say they are deferred come last.
# 4. In a plan without milestones each task stands for one.

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from plantrack.core import inline, labels
from plantrack.core.memo import remembered
from plantrack.core.model import Kind, Node, Plan, Ref, Shape, State
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Order(StrEnum):
    """How the current milestone is found."""

    FRONTIER = "frontier"
    DOCUMENT = "document"  # the first open one, whatever is finished behind it


@dataclass(frozen=True, slots=True)
class Unit:
    """A milestone, or a task that stands for one."""

    index: int  # position in Plan.walk()
    node: Node
    heading: str  # text of the heading it stands under, "" for none

    def refs(self) -> Iterator[tuple[Ref, Node, tuple[Node, ...]]]:
        """Yield every node at and below the unit with its parents, outermost first."""
        return _refs(self.node, (), count(self.index))


Units = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Front:
    """Where work has got to in one section."""

    place: int  # position among the units of the last finished one; -1: none is finished
    accepted: bool

    def reason(self, units: Units, chosen: int) -> str:
        """Say in plain words why the chosen unit comes next."""
        if not self.accepted:
            return ""
        finished = name_of(units[self.place].node)
        if chosen > self.place:
            return f"first open {unit_word(units)} after {finished}, the last finished one"
        return f"nothing is open after {finished}; this one was left behind"


def units_by_section(plan: Plan) -> list[Units]:
    """Collect the units of every section that has a checklist, in document order."""
    found = []
    start = 0
    for section in plan.sections:
        units = tuple(_units(section.nodes, start, section.heading))
        start += sum(1 for _ in section.walk())
        if section.shape is not Shape.NO_CHECKLIST and units:
            found.append(units)
    return found


def find_front(units: Units, order: Order) -> Front:
    """Find the frontier of a section, and whether it is accepted."""
    finished = [place for place, unit in enumerate(units) if is_finished(unit.node)]
    place = finished[-1] if finished else -1
    before = sum(is_open(unit.node) for unit in units[: max(place, 0)])
    accepted = order is Order.FRONTIER and bool(finished) and len(finished) > before
    return Front(place, accepted)


def ranked(units: Units, front: Front, order: Order) -> list[int]:
    """Order the open units' positions by when they are to be tried."""
    open_places = [place for place, unit in enumerate(units) if is_open(unit.node)]
    if front.accepted:
        open_places.sort(key=lambda place: (place < front.place, place))
    elif front.place < 0 and order is Order.FRONTIER:
        open_places.sort(key=lambda place: (not is_started(units[place].node), place))
    return sorted(open_places, key=lambda place: is_deferred(units[place].node))


def is_finished(node: Node) -> bool:
    """Tell whether a unit is ticked, or derived done, with no required leaf open."""
    return node.state is State.DONE and not has_open_work(node)


def is_open(node: Node) -> bool:
    """Tell whether a unit is required and still to do by its own box."""
    return node.state in OPEN and not node.optional


def is_started(node: Node) -> bool:
    """Tell whether some leaf at or below a node is done."""
    return any(leaf.state is State.DONE for leaf in node.leaves())


def is_ticked(node: Node) -> bool:
    """Tell whether a node has a box of its own that is ticked."""
    return node.mark is not None and node.state is State.DONE


def has_open_work(node: Node) -> bool:
    """Tell whether a required leaf at or below a node is open."""
    return any(leaf.state in OPEN and not leaf.optional for leaf in node.leaves())


def _refs(
    node: Node, above: tuple[Node, ...], indices: Iterator[int]
) -> Iterator[tuple[Ref, Node, tuple[Node, ...]]]:
    yield ref_to(next(indices), node), node, above
    for child in node.children:
        yield from _refs(child, (*above, node), indices)


_DEFERRED = re.compile(
    r"(?i)(?:[(—–:]|\s-)\s*(?:deferred|stretch|optional|out of scope)\b"
    r"|^\W*(?:deferred|stretch|optional|out of scope)\b",
)


def is_deferred(node: Node) -> bool:
    """Tell whether a title says it is deferred, stretch, optional or out of scope."""
    return _defers(node.text)


@remembered(1 << 13)  # every version of a document asks it of all that is open
def _defers(text: str) -> bool:
    title = inline.lead(inline.CODE_SPAN.sub("`", text))
    _, rest = labels.split(title)
    return bool(_DEFERRED.search(title) or _DEFERRED.search(rest))


_NAME_CHARS = 60


def name_of(node: Node) -> str:
    """Name a node in a sentence: its label, else its lead in quotes."""
    return node.label or f"“{shortened(inline.plain(inline.lead(node.text)))}”"


def shortened(text: str) -> str:
    """Cut a text for use inside a sentence."""
    return text if len(text) <= _NAME_CHARS else text[: _NAME_CHARS - 1].rstrip() + "…"


def unit_word(units: Units) -> str:
    """Say what the units of a section are called."""
    return "milestone" if any(unit.node.kind is Kind.MILESTONE for unit in units) else "task"


def ref_to(index: int, node: Node) -> Ref:
    """Name a node from elsewhere."""
    return Ref(index, node.line, node.label, headline(node))


def headline(node: Node) -> str:
    """Return a title without what explains it: its bold beginning, else its first sentence."""
    return _short(node.text, numbered=node.label[:1].isdigit()) or node.title


@remembered(1 << 13)  # whoever points at something names all that stands around it
def _short(text: str, *, numbered: bool) -> str:
    _, rest = labels.split(inline.lead(text), numbered=numbered)
    return inline.plain(labels.split_tags(rest)[1]).strip(" :;,—–")


def _units(nodes: Sequence[Node], start: int, heading: str) -> Iterator[Unit]:
    for node in nodes:
        if node.kind is Kind.GROUP:
            yield from _units(node.children, start + 1, node.text)
        else:
            yield Unit(start, node, heading)
        start += sum(1 for _ in node.walk())
