"""A milestone and the words of steps to these steps in its document, and to what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core import expanding
from plantrack.core.edit import Refused, line_text
from plantrack.core.edit_view import ExpandView, StepView
from plantrack.edits.finding import opened, place_of, refused
from plantrack.edits.ticking import TRIES, catch_up, what_is_next
from plantrack.errors import PlantrackError, UsageError
from plantrack.repo.replacing import ChangedOnDisk, replace_document
from plantrack.views import item_naming

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.commands import Memory
    from plantrack.core.expanding import Expanded
    from plantrack.edits.finding import Opened


def expand(
    memory: Memory,
    name: str,
    steps: Sequence[str],
    *,
    expect: str | None = None,
    is_dry: bool = False,
) -> ExpandView:
    """Write steps below an item; without any, only look at it.

    Raises UsageError for what is no step, NotFound for a name that fits no item or several, and
    WriteRefused when they cannot be written so that they read as these steps and nothing else.
    """
    try:
        words = expanding.checked(steps)
    except Refused as reason:
        message = f"{reason}; nothing was written"
        raise UsageError(message, "give each step as one line: --step TEXT") from reason
    catch_up(memory)
    with memory.store.alone():
        for attempt in range(TRIES):
            memory.refresh()
            try:
                return _expanded(memory, name, words, expect, is_dry=is_dry)
            except ChangedOnDisk:
                if attempt == TRIES - 1:
                    raise
    raise AssertionError("the last attempt returns or raises")


def _expanded(
    memory: Memory, name: str, words: Sequence[str], expect: str | None, *, is_dry: bool
) -> ExpandView:
    row = item_naming.resolve(memory.store, memory.place, name)
    one = opened(memory, row.path)
    place = place_of(one, row, expect)
    found = None
    warnings: tuple[str, ...] = ()
    if words:
        try:
            found = expanding.expanded(one.document, place, words)
        except Refused as reason:
            raise refused(one.path, reason) from reason
        if not is_dry:
            replace_document(memory.place, one.source, found.document.data)
            warnings = _record(memory)
    return _view(memory, one, place, found, is_dry=is_dry, warnings=warnings)


def _record(memory: Memory) -> tuple[str, ...]:
    try:
        memory.refresh()
    except PlantrackError as error:
        return (f"it was written, but not recorded: {error.message}",)
    return ()


def _view(  # noqa: PLR0913 -- all that is shown
    memory: Memory,
    one: Opened,
    place: int,
    found: Expanded | None,
    *,
    is_dry: bool,
    warnings: tuple[str, ...],
) -> ExpandView:
    store = memory.store
    node = one.node(place)
    tree = store.tree(one.path)
    ids: tuple[str, ...] = ()
    if found is not None and tree is not None and len(tree.ids) == len(found.document.nodes):
        ids = store.prefixes(tree.ids[at] for at in found.places)
    places = found.places if found else ()
    upcoming, because = what_is_next(store, [one.path])
    (short,) = store.prefixes([one.ids[place]])
    return ExpandView(
        id=short,
        path=one.path,
        line=node.line,
        label=node.label,
        title=node.title,
        steps=tuple(
            StepView(
                ids[number] if ids else "",
                found.document.nodes[at].line,
                line_text(found.document, found.document.nodes[at].line),
            )
            for number, at in enumerate(places)
            if found is not None
        ),
        existing=len(node.children),
        next=upcoming,
        because=because,
        is_dry=is_dry,
        warnings=warnings,
    )
