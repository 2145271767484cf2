"""The last marks that this program wrote to the documents without them."""

# Theory of operation
#
# 1. One command is taken back as a whole, or not at all.
# 2. A line is given back the mark it had only if it is, byte for byte, as it was left; wherever it
#    stands now, it is known by its item. A mark that somebody took back already is fine.

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plantrack.core import edit
from plantrack.core.edit_view import MarkedView, TickView
from plantrack.edits.finding import marked, opened, rewritten, said
from plantrack.edits.ticking import TRIES, catch_up, what_is_next
from plantrack.errors import NotFound, PlantrackError, WriteRefused
from plantrack.repo.replacing import ChangedOnDisk
from plantrack.views import absent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.commands import Memory
    from plantrack.edits.finding import Opened
    from plantrack.store import ItemRow
    from plantrack.store.deeds import Deed


def undo(memory: Memory, *, is_dry: bool = False) -> TickView:
    """Take the last command back that ticked or opened boxes in this work tree.

    Raises NotFound when there is none, and WriteRefused when a line was touched since.
    """
    catch_up(memory)
    with memory.store.alone():
        act, deeds = memory.store.deeds.last()
        if not deeds:
            message = "nothing was ticked with plantrack here that is not taken back already"
            remedy = "plantrack diff shows what is not committed"
            if memory.place.git_dir is None:
                remedy = "plantrack log tells what was seen here"
            raise NotFound(message, remedy)
        items = _attempted(memory, deeds, is_dry=is_dry)
        warnings = () if is_dry else _record(memory, act)
        upcoming, because = what_is_next(memory.store, [one.path for one in items])
    short = memory.store.prefixes(one.id for one in items)
    return TickView(
        verb="undo",
        items=tuple(replace(one, id=key) for one, key in zip(items, short, strict=True)),
        over=(),
        next=upcoming,
        because=because,
        is_dry=is_dry,
        warnings=warnings,
    )


def _attempted(memory: Memory, deeds: Sequence[Deed], *, is_dry: bool) -> list[MarkedView]:
    for attempt in range(TRIES):
        memory.refresh()
        try:
            return _done(memory, deeds, is_dry=is_dry)
        except ChangedOnDisk:
            if attempt == TRIES - 1:
                raise
    raise AssertionError("the last attempt returns or raises")


def _done(memory: Memory, deeds: Sequence[Deed], *, is_dry: bool) -> list[MarkedView]:
    by_path: dict[str, list[tuple[ItemRow, Deed]]] = {}
    for deed in deeds:
        row = _row(memory, deed)
        by_path.setdefault(row.path, []).append((row, deed))
    pairs = [
        (one, [(row, deed, _is_there(one, row, deed)) for row, deed in rows])
        for one, rows in ((opened(memory, path), rows) for path, rows in by_path.items())
    ]
    items: list[MarkedView] = []
    for one, rows in pairs:
        marks = {
            one.node(row.position).line: deed.mark_before for row, deed, there in rows if there
        }
        after = rewritten(memory, one, marks, is_dry=is_dry)
        items += [marked(one, after, row.position, is_changed=there) for row, _, there in rows]
    return items


def _row(memory: Memory, deed: Deed) -> ItemRow:
    rows = memory.store.find_items(deed.item)
    found = next((row for row in rows if row.path == deed.path), rows[0] if rows else None)
    if found is None:
        why = absent.item(memory.store, deed.item, deed.item[:8])
        raise WriteRefused(f"{why.message}; nothing was written", why.remedy)
    return found


def _is_there(one: Opened, row: ItemRow, deed: Deed) -> bool:
    """Tell whether what was done is still to be seen; raises WriteRefused when more is."""
    node = one.node(row.position)
    if edit.line_text(one.document, node.line) == deed.line and node.mark == deed.mark_after:
        return True
    if node.mark == deed.mark_before:
        return False
    message = f"{one.path}:{node.line} was changed since: “{said(node.text)}”; nothing was written"
    raise WriteRefused(message, "edit it by hand, or say what you mean: plantrack untick ITEM")


def _record(memory: Memory, act: int) -> tuple[str, ...]:
    try:
        memory.refresh()
        memory.store.deeds.take_back(act)
    except PlantrackError as error:
        return (f"it was taken back, but not recorded: {error.message}",)
    return ()
