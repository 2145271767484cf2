"""A plan and where it was first seen to the public ids of its items."""

# Theory of operation
#
# 1. An id is a hash of the document's path, the titles of what the item stands in, its own words
#    without label and emphasis, and a counter where all of these are equal. Lines, labels, marks
#    and positions have no part in it.
# 2. The same text at the same place gives the same id in every clone.

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.model import Node, Plan

ID_CHARS = 16
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # no i, l, o, u: read aloud and typed without doubt
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]  # of ten bits
_SHIFTS = range(70, -1, -10)


def assign(plan: Plan, path: str) -> tuple[str, ...]:
    """Give every node of a plan its full id, aligned with `plan.walk()`."""
    return tuple(map(id_of, places(plan, path)))


def places(plan: Plan, path: str) -> list[str]:
    """Give for every node of a plan what its id is made of, aligned with `plan.walk()`."""
    seen: dict[str, int] = {}
    found = []
    named: dict[str, int] = {}
    for section in plan.sections:
        # a second section of the same name is a place of its own
        same = named.get(section.heading, 0)
        named[section.heading] = same + 1
        root = f"{path}\n{section.heading}\n{same}" if same else f"{path}\n{section.heading}"
        for place in _places(section.nodes, root):
            count = seen[place] = seen.get(place, 0) + 1
            found.append(f"{place}\n{count}")
    return found


def id_of(place: str) -> str:
    """Make an id of a place."""
    digest = blake2b(place.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    number = int.from_bytes(digest)
    return "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def next_after(item: str) -> str:
    """Derive another id from one that is taken; the same in every clone."""
    return id_of(item)


def _places(nodes: Sequence[Node], above: str) -> Iterator[str]:
    for node in nodes:
        kind = "box" if node.mark is not None else "heading"
        place = f"{above}\n{kind}:{_words(node)}"
        yield place
        yield from _places(node.children, place)


def _words(node: Node) -> str:
    return " ".join(node.title.lower().split())
