"""What a user calls an item that is to be written to the one item it is."""

# Theory of operation
#
# 1. Only what stands in a plan now can be written. An item that is gone is told of, and so is a
#    document where an item is wanted.
# 2. A name is the beginning of an id, of four characters at least, or an address ("0062#M3.2").
# 3. What fits several is refused, with all of them named by id, place and words.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.errors import NotFound
from plantrack.render import words
from plantrack.views import absent, naming, past_naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.errors import PlantrackError
    from plantrack.repo import Place
    from plantrack.store import ItemRow, Store

_MAX_TITLE = 40  # characters of a candidate's words


def resolve(store: Store, place: Place, name: str) -> ItemRow:
    """Find the one item of a name.

    Raises NotFound when there is none, or more than one, and PlaceError when its document cannot be
    read.
    """
    name = name.strip()
    if "#" in name:
        document, _, address = name.partition("#")
        path, found = past_naming.addressed(store, place, document, address)
        rows: Sequence[ItemRow] = [row for row in store.items(path) if row.id in found]
    else:
        rows = _by_id(store, name.lower())
    if len(rows) > 1:
        raise naming.Ambiguous(
            f"“{name}” fits {len(rows)} items", f"name one: {_listed(store, rows)}"
        )
    if rows:
        return rows[0]
    raise _missing(store, place, name)


def _by_id(store: Store, name: str) -> Sequence[ItemRow]:
    if len(name) < past_naming.MIN_ID_CHARS or not past_naming.ID_CHARS.issuperset(name):
        return ()
    return store.find_items(name)


def _listed(store: Store, rows: Sequence[ItemRow]) -> str:
    short = store.prefixes(row.id for row in rows)
    told = [
        f"{key} ({row.path}:{row.line} {words.plain(row.title)[:_MAX_TITLE].strip()})"
        for key, row in zip(short, rows[: naming.MAX_NAMED], strict=False)
    ]
    more = len(rows) - naming.MAX_NAMED
    return "; ".join(told) + (f"; and {more} more" if more > 0 else "")


def _missing(store: Store, place: Place, name: str) -> PlantrackError:
    """Say what a name stands for, if no item that is there."""
    try:
        named = past_naming.resolve(store, place, name)
    except NotFound:
        remedy = "plantrack status DOC lists the items of a document with their ids"
        if len(name) < past_naming.MIN_ID_CHARS:
            remedy += f", of which {past_naming.MIN_ID_CHARS} characters are needed"
        return NotFound(f"no item is called “{name}”", remedy)
    if named.items:
        short = named.items[0][: max(len(name), past_naming.MIN_ID_CHARS)]
        return absent.item(store, named.items[0], short)
    if len(named.paths) > 1:
        message = f"“{name}” stands for {len(named.paths)} documents, not for an item"
        return NotFound(
            message, "plantrack status DOC lists the items of a document with their ids"
        )
    command = words.command("status", named.paths[0] if named.paths else name)
    return NotFound(
        f"“{name}” is a document, not one of its items", f"{command} lists the ids of its items"
    )
