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
from plantrack.errors import NotFound, PlaceError, PlantrackError
from plantrack.views import absent, naming, past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.core.model import Node, Section
    from plantrack.repo import Place
    from plantrack.store import Store

MIN_ID_CHARS = 4
ID_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
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
        path, found = addressed(store, place, document, address)
        if len(found) > 1:
            message = f"“{address}” fits {len(found)} items of {path}"
            raise naming.Ambiguous(message, f"name one: {_listed(store, found)}")
        return Named(items=found)
    items = _items(store, name)
    ids_by_path = past.document_ids(store)
    try:
        paths = _paths(store, place, name, ids_by_path)
    except naming.Ambiguous as error:
        if items:
            remedy = f"{error.remedy}; or the item by more of its id ({items[0][:8]})"
            raise naming.Ambiguous(f"{error.message} and an item", remedy) from None
        raise
    except PlantrackError as error:
        if items:
            return Named(items=(_only(store, items, name),))
        raise _nothing(error, name) from None
    if items:
        remedy = f"name the item by more of its id ({items[0][:8]}), or the document by its path"
        raise naming.Ambiguous(f"“{name}” fits {paths[0]} and an item", remedy)
    documents = tuple(dict.fromkeys(key for path in paths for key in ids_by_path.get(path, ())))
    if not documents:
        raise _never(name, paths, ids_by_path)
    return Named(documents, (), paths)


def addressed(
    store: Store, place: Place, document: str, address: str
) -> tuple[str, tuple[str, ...]]:
    """Find the path of a document and the items in it that an address fits: full ids, some.

    Raises NotFound when none fits, and when the document cannot be told, PlaceError when it cannot
    be read.
    """
    path = naming.one(document, naming.resolve(store, place, document))
    tree = store.tree(path)
    found = _by_address(tree.sections, tree.ids, address) if tree else []
    if found:
        return path, tuple(found)
    if unread := absent.unreadable(store, path):
        raise unread
    remedy = f"plantrack status {path} lists its items with their ids"
    raise NotFound(f"no item of {path} is called “{address}”", remedy)


def plans(store: Store, place: Place, names: Iterable[str]) -> tuple[str, ...]:
    """Find the documents of names that hold a plan, or once did, gone ones too; each once.

    Raises NotFound when a name stands for none, and when it fits several things.
    """
    ids_by_path = past.document_ids(store)
    found: dict[str, None] = {}
    for name in names:
        paths = _paths(store, place, name, ids_by_path)
        planned = [path for path in paths if path in ids_by_path]
        if not planned:
            raise _never(name, paths, ids_by_path)
        found |= dict.fromkeys(planned)
    return tuple(found)


def _paths(
    store: Store, place: Place, name: str, ids_by_path: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    try:
        return naming.resolve(store, place, name, former=ids_by_path)
    except naming.Ambiguous:
        raise
    except (NotFound, PlaceError):
        gone = _gone(store, place, name)
        if not gone:
            raise
        return gone


def _items(store: Store, name: str) -> tuple[str, ...]:
    if len(name) < MIN_ID_CHARS or not ID_CHARS.issuperset(name):
        return ()
    return store.past.find_items(name)


def _only(store: Store, items: Sequence[str], name: str) -> str:
    """Return the one item there is, or of several the one that is there."""
    present = {row.id for row in store.find_items(name)} if len(items) > 1 else set()
    if len(present) == 1:
        return present.pop()
    if len(items) > 1:
        message = f"“{name}” fits {len(items)} items"
        raise naming.Ambiguous(message, f"name one: {_listed(store, items)}")
    return items[0]


def _listed(store: Store, items: Sequence[str]) -> str:
    short = past.short_ids(store, items)
    more = len(items) - naming.MAX_NAMED
    shown = ", ".join(short[key] for key in items[: naming.MAX_NAMED])
    return f"{shown}, and {more} more" if more > 0 else shown


def _gone(store: Store, place: Place, name: str) -> tuple[str, ...]:
    """Find the document of that path, name or part of a name among those that are gone."""
    gone = absent.gone(store, name, naming.possible(place, name), naming.listed(store))
    if len(gone) > 1:
        shown = ", ".join(gone[: naming.MAX_NAMED])
        message = f"“{name}” fits {len(gone)} documents that are gone"
        raise naming.Ambiguous(message, f"name one: {shown}")
    return gone


def _never(name: str, paths: Sequence[str], ids_by_path: Iterable[str]) -> NotFound:
    """Say that what was named never held a plan, and what of that name did."""
    told = paths[0] if len(paths) == 1 else f"{name} ({len(paths)} documents)"
    near = sorted(path for path in ids_by_path if name.casefold() in path.casefold())
    remedy = f"did you mean {', '.join(near[: naming.MAX_NAMED])}?"
    if not near:
        remedy = "plantrack status lists the plans"
    return NotFound(f"{told} never held a plan", remedy)


def _nothing(error: PlantrackError, name: str) -> PlantrackError:
    if not isinstance(error, NotFound) or not ID_CHARS.issuperset(name):
        return error
    if len(name) < MIN_ID_CHARS:
        remedy = f"{error.remedy}; of an item's id, {MIN_ID_CHARS} characters are needed"
        return NotFound(error.message, remedy)
    return NotFound(f"no document and no item fits “{name}”", error.remedy)


# --- addresses ------------------------------------------------------------------------------------


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
