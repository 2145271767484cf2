"""The items of a document to lists of them, and to one of them with what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.view import ItemView, PlacedView, RefView
from plantrack.views import item_naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.repo import Place
    from plantrack.store import ItemRow, Store


def placed(store: Store, path: str) -> tuple[PlacedView, ...]:
    """List the items of a document in its order, headings too."""
    return _placed(store, store.items(path))


def item(store: Store, place: Place, name: str) -> ItemView:
    """Show the one item of a name; raises NotFound when there is none, or more than one."""
    row = item_naming.resolve(store, place, name)
    rows = store.items(row.path)
    by_position = {one.position: one for one in rows}
    above: list[ItemRow] = []
    at = row
    while at.parent is not None and at.parent in by_position:
        at = by_position[at.parent]
        above.insert(0, at)
    inside = {row.position}
    below = []
    for one in rows:
        if one.parent in inside:
            inside.add(one.position)
            below.append(one)
    short = store.prefixes([row.id, *(one.id for one in above)])
    return ItemView(
        id=short[0],
        path=row.path,
        line=row.line,
        kind=row.kind,
        state=row.state,
        optional=bool(row.optional),
        text=row.text,
        notes=_notes(store, row),
        above=tuple(
            RefView(key, one.line, one.label, one.title)
            for key, one in zip(short[1:], above, strict=True)
        ),
        below=_placed(store, below),
    )


def _notes(store: Store, row: ItemRow) -> str:
    tree = store.tree(row.path)
    sections = () if tree is None else tree.sections  # None: it was taken out meanwhile
    nodes = [node for section in sections for node in section.walk()]
    return next((node.notes for node in nodes if node.line == row.line), "")


def _placed(store: Store, rows: Sequence[ItemRow]) -> tuple[PlacedView, ...]:
    short = store.prefixes([row.id for row in rows])
    depths: dict[int, int] = {}
    done: set[int] = set()  # positions of what is done, and of all inside
    found = []
    for key, row in zip(short, rows, strict=True):
        parent = -1 if row.parent is None else row.parent
        depth = depths[row.position] = depths.get(parent, -1) + 1
        is_inside = parent in done
        if is_inside or row.state == "done":
            done.add(row.position)
        found.append(PlacedView(key, row.line, depth, row.kind, row.state, row.text, is_inside))
    return tuple(found)
