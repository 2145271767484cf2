"""Names of items to the places where they stand, in documents as they are at this moment."""

# Theory of operation
#
# 1. An item is what the memory knows by that id. Its place is believed only if the document on disk
#    is, byte for byte, the one that the memory tells of.
# 2. Otherwise the document is read once more, a few times; one that never rests is not written.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, edit
from plantrack.core.clean import clean
from plantrack.core.edit_view import MarkedView
from plantrack.core.model import Finding
from plantrack.errors import WriteRefused
from plantrack.repo.replacing import ChangedOnDisk, replace_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plantrack.commands import Memory
    from plantrack.core.edit import Document
    from plantrack.core.model import Node
    from plantrack.repo import Source
    from plantrack.store import ItemRow

_SHOWN_CHARS = 60  # of a text in a message


@dataclass(frozen=True, slots=True)
class Opened:
    """One document that can be written, with the ids of its items."""

    path: str
    source: Source
    document: Document
    ids: tuple[str, ...]  # in full, in the order of Plan.walk()

    def node(self, place: int) -> Node:
        """Give the node at a place in Plan.walk()."""
        return self.document.nodes[place]


def opened(memory: Memory, path: str) -> Opened:
    """Read a document that is as the memory has it.

    Raises WriteRefused where it cannot be edited, and ChangedOnDisk when the memory is behind.
    """
    config = memory.config
    source = repo.read_document(memory.place, path, max_bytes=config.max_document_kib * 1024)
    if isinstance(source, Finding):
        if source.code in ("gone", "changing"):
            raise ChangedOnDisk(f"{path}: {source.message}; nothing was written", _AGAIN)
        raise WriteRefused(f"{path}: {source.message}; nothing was written", "mend it first")
    row, tree = memory.store.document(path), memory.store.tree(path)
    if row is None or tree is None or row.blob != source.blob:
        raise ChangedOnDisk(f"{path} was changed on disk: nothing was written", _AGAIN)
    try:
        document = edit.read(source.data, dialect.origin(path), config.rules())
    except edit.Refused as reason:
        raise refused(path, reason) from reason
    if len(tree.ids) != len(document.nodes):  # it was remembered under other rules
        raise ChangedOnDisk(f"{path} reads otherwise than before: nothing was written", _AGAIN)
    return Opened(path, source, document, tree.ids)


_AGAIN = "run the command again"


def place_of(one: Opened, row: ItemRow, expected: str | None) -> int:
    """Find an item in its document; raises WriteRefused when it does not read as expected."""
    place = row.position
    if place >= len(one.ids) or one.ids[place] != row.id:
        raise ChangedOnDisk(f"{one.path} was changed on disk: nothing was written", _AGAIN)
    node = one.node(place)
    if expected is not None and not edit.reads_as(node, expected):
        raise WriteRefused(
            f"{one.path}:{node.line} does not read as expected, but “{said(node.text)}”;"
            " nothing was written",
            "look at the item again (plantrack next, plantrack status DOC), then say which it is",
        )
    return place


def rewritten(
    memory: Memory, one: Opened, mark_by_line: Mapping[int, str], *, is_dry: bool
) -> Document:
    """Write marks into a document, and give it as it is then; with `is_dry` nothing is written.

    Raises WriteRefused where it cannot be done, and ChangedOnDisk when somebody else wrote.
    """
    if not mark_by_line:
        return one.document
    try:
        after = edit.with_marks(one.document, dict(mark_by_line))
    except edit.Refused as reason:
        raise refused(one.path, reason) from reason
    if not is_dry:
        replace_document(memory.place, one.source, after.data)
    return after


def marked(one: Opened, after: Document, place: int, *, is_changed: bool) -> MarkedView:
    """Say what became of the mark at a place of a document; the id is given in full."""
    before, node = one.node(place), after.nodes[place]
    return MarkedView(
        id=one.ids[place],
        path=one.path,
        line=before.line,
        label=before.label,
        title=before.title,
        text=before.text,
        state_before=before.state,
        state_after=node.state,
        mark_before=before.mark or "",
        mark_after=node.mark or "",
        is_changed=is_changed,
    )


def refused(path: str, reason: edit.Refused) -> WriteRefused:
    """Say why a document is not edited."""
    return WriteRefused(f"{path}: {reason}; nothing was written", "edit it by hand")


def said(text: str) -> str:
    """Give as much of a text as fits a message."""
    shown = clean(text)
    return shown if len(shown) <= _SHOWN_CHARS else f"{shown[:_SHOWN_CHARS]}…"
