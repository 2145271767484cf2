"""What a user calls a document or an item to what the past knows it by."""

# Theory of operation
#
# 1. A name with a "#" is an address: a document, and a label or a number in it ("0062#M3.2").
# 2. Any other name stands for documents, gone ones too, or is the beginning of an item's id. When
#    it could be both, both are named and nothing is guessed.

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.model import Kind
from plantrack.errors import NotFound
from plantrack.views import naming, past

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.model import Node, Section
    from plantrack.repo import Place
    from plantrack.store import Store

MIN_ID_CHARS = 4
_ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_NUMBER = re.compile(r"\d+[a-z]?(?:\.\d+[a-z]?)*")


@dataclass(frozen=True, slots=True)
class Named:
    """What a name stands for in the past."""

    documents: tuple[str, ...] = ()  # ids
    items: tuple[str, ...] = ()  # full ids
    paths: tuple[str, ...] = ()  # of the documents


def resolve(store: Store, place: Place, name: str) -> Named:
    """Find the documents or the one item of a name.

    Raises NotFound when nothing fits, and when several things do.
    """
    if "#" in name:
        document, _, address = name.partition("#")
        return Named(items=(_addressed(store, place, document, address),))
    items = _items(store, name)
    try:
        paths = naming.resolve(store, place, name)
    except NotFound as error:
        if items:
            return Named(items=(_only(items, name),))
        paths = _gone(store, name)
        if not paths:
            raise _nothing(error, name) from None
    if items:
        remedy = f"name the item by more of its id ({items[0][:8]}), or the document by its path"
        raise NotFound(f"“{name}” fits {paths[0]} and an item", remedy)
    ids_by_path = past.document_ids(store)
    documents = tuple(dict.fromkeys(key for path in paths for key in ids_by_path.get(path, ())))
    if not documents:
        told = paths[0] if len(paths) == 1 else f"{name} ({len(paths)} documents)"
        raise NotFound(f"{told} never held a plan", "plantrack status lists the plans")
    return Named(documents, (), paths)


def _items(store: Store, name: str) -> tuple[str, ...]:
    if len(name) < MIN_ID_CHARS or not _ID_CHARS.issuperset(name):
        return ()
    return store.past.find_items(name)


def _only(items: Sequence[str], name: str) -> str:
    if len(items) > 1:
        shown = ", ".join(items[: naming.MAX_NAMED])
        raise NotFound(f"“{name}” fits {len(items)} items", f"name one: {shown}")
    return items[0]


def _gone(store: Store, name: str) -> tuple[str, ...]:
    """Find the document of that path, name or part of a name among those that are gone."""
    gone = [one.path for one in store.past.documents() if not one.is_present]
    folded = name.casefold()
    for fits in (
        [path for path in gone if path == name],
        [path for path in gone if folded in path.casefold()],
    ):
        if len(fits) > 1:
            shown = ", ".join(fits[: naming.MAX_NAMED])
            raise NotFound(
                f"“{name}” fits {len(fits)} documents that are gone", f"name one: {shown}"
            )
        if fits:
            return tuple(fits)
    return ()


def _nothing(error: NotFound, name: str) -> NotFound:
    if len(name) >= MIN_ID_CHARS and _ID_CHARS.issuperset(name):
        return NotFound(f"no document and no item fits “{name}”", error.remedy)
    return error


# --- addresses ------------------------------------------------------------------------------------


def _addressed(store: Store, place: Place, document: str, address: str) -> str:
    paths = naming.resolve(store, place, document)
    if len(paths) > 1:
        shown = ", ".join(paths[: naming.MAX_NAMED])
        raise NotFound(f"“{document}” stands for {len(paths)} documents", f"name one: {shown}")
    (path,) = paths
    tree = store.tree(path)
    found = _by_address(tree.sections, tree.ids, address) if tree else []
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            f"“{address}” fits {len(found)} items of {path}", f"name one: {', '.join(found[:8])}"
        )
    remedy = f"plantrack status {path} lists its items with their ids"
    raise NotFound(f"no item of {path} is called “{address}”", remedy)


def _by_address(sections: Sequence[Section], ids: Sequence[str], address: str) -> list[str]:
    """Find items by their whole label, then by the number in it, then by their place below one."""
    nodes = [node for section in sections for node in section.walk()]
    folded = address.strip().casefold()
    labels = [node.label.casefold() for node in nodes]
    found = [key for key, label in zip(ids, labels, strict=True) if label and label == folded]
    number = _NUMBER.search(folded)
    if found or number is None:
        return found
    found = [key for key, label in zip(ids, labels, strict=True) if number[0] in _numbers(label)]
    return found or list(_below(nodes, ids, number[0]))


def _numbers(label: str) -> list[str]:
    return _NUMBER.findall(label)


def _below(nodes: Sequence[Node], ids: Sequence[str], number: str) -> Iterator[str]:
    """Find the n-th box below a milestone: "3.2" is the second of milestone 3."""
    above, _, place = number.rpartition(".")
    if not above or not place.isdecimal():
        return
    for start, node in enumerate(nodes):
        if node.kind is not Kind.MILESTONE or above not in _numbers(node.label.casefold()):
            continue
        at = start + 1
        for count, child in enumerate(node.children, start=1):
            if count == int(place):
                yield ids[at]
            at += sum(1 for _ in child.walk())
