"""Values that are put by: what there is no room for is packed until it is asked for."""

# Theory of operation
#
# 1. What a look at a repository finds is recorded as a whole, so it is put by until everything was
#    found. As it is, a plan takes ten times the memory that it takes when it is packed.
# 2. There is room for the items of most repositories: nothing of theirs is packed.
# 3. A packed value is made anew each time it is asked for. What is asked of all of them again and
#    again belongs beside the stash.

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from plantrack.sync import parcel

if TYPE_CHECKING:
    from collections.abc import Iterator

Key = TypeVar("Key")
Value = TypeVar("Value")

ITEMS = 10_000  # of plans, or of changes, that are held as they are

_QUICK = 1  # of zlib's levels: any other one takes too long


def pressed(data: bytes) -> bytes:
    """Make bytes fewer, in little time; `zlib.decompress` undoes it."""
    return zlib.compress(data, _QUICK)


class Room:
    """Room for so many items, which some stashes share."""

    def __init__(self, items: int | None = None) -> None:
        """Give room; None: as much as there is for one purpose."""
        self.left = ITEMS if items is None else items

    def take(self, items: int) -> bool:
        """Take room for some items; False: there is none left."""
        self.left -= items
        return self.left >= 0


class _Packed(NamedTuple):
    data: bytes


class Stash(Mapping[Key, Value], Generic[Key, Value]):
    """Values by key, in the order in which they came; those without room are packed."""

    def __init__(self, room: Room) -> None:
        """Use this room."""
        self._room = room
        self._held: dict[Key, Value | _Packed] = {}

    def put(self, key: Key, value: Value, items: int) -> None:
        """Put a value by that has so many items."""
        has_room = self._room.take(items)
        self._held[key] = value if has_room else _Packed(pressed(parcel.dump(value)))

    def __getitem__(self, key: Key) -> Value:
        """Give a value."""
        held = self._held[key]
        if not isinstance(held, _Packed):
            return held
        found: Value = parcel.load(zlib.decompress(held.data))
        return found

    def drop(self, key: Key) -> None:
        """Drop a value, if it is there; its room stays taken."""
        self._held.pop(key, None)

    def __contains__(self, key: object) -> bool:
        """Tell whether there is a value; nothing is unpacked."""
        return key in self._held

    def __iter__(self) -> Iterator[Key]:
        """Give the keys; nothing is unpacked."""
        return iter(self._held)

    def __len__(self) -> int:
        """Count the values."""
        return len(self._held)
