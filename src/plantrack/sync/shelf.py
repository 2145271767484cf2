"""The documents of a line while it is read: those that had no turn for long are packed."""

# Theory of operation
#
# 1. Every document that stands is held to the end of a reading: the next revision may touch it.
#    What had a turn lately has one again soon, and is held as it is.
# 2. Of what is packed, the plan is held as the parse cache keeps it. Where a revision touches more
#    documents than there is room for, it is packed before its turn, and not once more after it.

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from plantrack.core import pack
from plantrack.core.change import Tracked
from plantrack.core.lineage import Document, Shelved, State
from plantrack.sync.stash import Room, pressed

if TYPE_CHECKING:
    from plantrack.core.lineage import PlanOf
    from plantrack.core.model import Plan

ITEMS = 40_000  # of documents that are held as they are


class PackedPlan:
    """A plan as the parse cache keeps it, pressed."""

    __slots__ = ("_data",)

    def __init__(self, plan: Plan) -> None:
        """Pack a plan."""
        self._data = pressed(pack.dump_plan(plan).encode("ascii"))

    @property
    def text(self) -> str:
        """Give it as `pack.dump_plan` writes it."""
        return zlib.decompress(self._data).decode("ascii")

    def plan(self) -> Plan:
        """Unpack it."""
        return pack.load_plan(self.text)


@dataclass(frozen=True, slots=True)
class Packed(Shelved):
    """A document that is there, unpacked when it is needed."""

    packed: PackedPlan


class Plans:
    """The plans that one revision brings, packed where there is no room for them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.packed: dict[str, PackedPlan] = {}  # by path
        self._room = Room()

    def put(self, path: str, plan: Plan) -> Plan | PlanOf:
        """Put a plan by; give it, or what unpacks it."""
        if self._room.take(sum(1 for _ in plan.walk())):
            return plan
        packed = self.packed[path] = PackedPlan(plan)
        return packed.plan


class Shelf:
    """The documents of a state, packed where there is no room for them."""

    def __init__(self, items: int | None = None) -> None:
        """Begin with nothing; `items` is the room, None: as much as there is."""
        self._room = ITEMS if items is None else items
        self._items = 0  # of what was put by as it is, since it was counted last

    def put(self, plans: Plans, document: Document) -> Document | Packed:
        """Put a document by after its turn; `plans` are those of its revision."""
        if document.tracked is None:
            return document
        if document.path in plans.packed:
            return _packed(document, document.tracked, plans.packed[document.path])
        self._items += len(document.tracked.ids)
        return document

    def tidied(self, state: State) -> State:
        """Pack what had no turn for the longest time, if there is no room for all."""
        if self._items <= self._room:
            return state
        present = dict(state.present)
        left = self._room // 2  # or it would begin anew with the next document
        for path, one in reversed([*present.items()]):
            if isinstance(one, Document) and one.tracked is not None:
                left -= len(one.tracked.ids)
                if left < 0:
                    present[path] = _packed(one, one.tracked, PackedPlan(one.tracked.plan))
        self._items = self._room // 2 - max(left, 0)
        return replace(state, present=present)


def text_of(held: Document | Shelved) -> str | None:
    """Write the plan of a document as `pack.dump_plan` does; None: it had no turn, or is gone."""
    if isinstance(held, Packed):
        return held.packed.text
    if isinstance(held, Document) and held.tracked is not None:
        return pack.dump_plan(held.tracked.plan)
    return None


def _packed(document: Document, tracked: Tracked, plan: PackedPlan) -> Packed:
    bare = replace(document, tracked=None)
    fetch = partial(_unpacked, bare, " ".join(tracked.ids), plan)
    return Packed(document.id, document.path, document.title, fetch, plan)


def _unpacked(bare: Document, ids: str, plan: PackedPlan) -> Document:
    return replace(bare, tracked=Tracked(plan.plan(), tuple(ids.split())))
