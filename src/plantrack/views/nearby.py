"""A next task to what whoever works on it needs beside it: what is done, what it names."""

from __future__ import annotations

from plantrack.core.named import headings, named_files, named_headings
from plantrack.core.view import HeadingView, NearbyView, NextView, RefView
from plantrack.repo.document import glance
from plantrack.repo.present import present

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from plantrack.core.view import PointerView
    from plantrack.repo import Place
    from plantrack.store import ItemRow, Store

_BOM = "\ufeff"


def with_nearby(store: Store, place: Place, view: NextView, *, max_bytes: int) -> NextView:
    """Add to the answer what stands near the best task; nothing where there is none.

    Of a document that is larger than `max_bytes`, or cannot be read, no headings are named.
    """
    pointer = view.next
    if pointer is None or not pointer.line:
        return view
    return view._replace(nearby=nearby(store, place, pointer, max_bytes=max_bytes))


def nearby(store: Store, place: Place, pointer: PointerView, *, max_bytes: int) -> NearbyView:
    """Find what stands near a task."""
    words = f"{pointer.text}\n{pointer.notes}"
    return NearbyView(
        done=_done_beside(store, pointer),
        sections=_sections(place, pointer, words, max_bytes),
        paths=present(place, pointer.path, named_files(words)),
    )


def _done_beside(store: Store, pointer: PointerView) -> tuple[RefView, ...]:
    """Name the finished items of the same parent, in the order of the document."""
    rows = store.items(pointer.path)
    target = next((row for row in rows if row.line == pointer.line), None)
    if target is None:
        return ()
    done = [row for row in rows if _is_beside(row, target) and row.state == "done"]
    short = store.prefixes([row.id for row in done])
    return tuple(
        RefView(prefix, row.line, row.label, row.title)
        for prefix, row in zip(short, done, strict=True)
    )


def _is_beside(row: ItemRow, target: ItemRow) -> bool:
    return row.parent == target.parent and row.section == target.section


def _sections(
    place: Place, pointer: PointerView, words: str, max_bytes: int
) -> tuple[HeadingView, ...]:
    text = glance(place, pointer.path, max_bytes=max_bytes).decode("utf-8", "replace")
    milestone = pointer.milestone
    above = {pointer.line, milestone.line if milestone else 0}
    found = named_headings(words, headings(text.removeprefix(_BOM)))
    return tuple(HeadingView(one.line, one.text) for one in found if one.line not in above)
