"""One document's record to rows, rows to its tree, and the digest that binds them."""

# Theory of operation
#
# 1. A document is one row of `document` and rows of four tables below it. `of_record` gives them as
#    they are written, `stored` as they are read: field for field the same.
# 2. Their digest is stored with the document. What is read back and has another digest was changed
#    by something else.
# 3. The time of the last change and the path of a twin change without the document. They are bound
#    by the digest of its worktree.

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from plantrack.core.model import Family, Kind, Node, Ref, Section, Shape, State
from plantrack.store.listing import to_text
from plantrack.store.recording import DocumentRecord, Tree

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from plantrack.core.model import Finding, Plan, Pointer

    Fields = tuple[Any, ...]

DIGEST_BYTES = 7  # fits SQLite's signed integers
NO_TAGS = "[]"
SURROGATE = "\\ud"  # how every one of them begins in a repr

SELECT_DOCUMENT = """
    SELECT path, blob, title, dialect, shape, status_text, family, planned, has_checklist,
        milestones_done, milestones_total, milestones_dropped,
        leaves_done, leaves_total, leaves_dropped, optional_open,
        unboxed, frozen, boxes_outside, rank,
        action, reason, line, item, text, notes,
        milestone_item, milestone_line, milestone_label, milestone_title,
        left_behind, flags, skipped, items
    FROM document
    WHERE id = ?
    """
SELECT_SECTIONS = """
    SELECT place, heading, line, end_line, shape, implicit
    FROM section
    WHERE document = ?
    ORDER BY place
    """
SELECT_ITEMS = """
    SELECT position, id, parent, section, kind, state, label, title, text, line,
        mark, optional, struck, notes, tags
    FROM item
    WHERE document = ?
    ORDER BY position
    """
SELECT_MENTIONS = """
    SELECT role, place, section, position, item, line, label, title
    FROM mention
    WHERE document = ?
    ORDER BY role, place
    """
SELECT_FINDINGS = """
    SELECT kind, place, path, line, code, message
    FROM finding
    WHERE document = ?
    ORDER BY kind, place
    """


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of one document, without the keys that differ from database to database."""

    document: Fields
    sections: tuple[Fields, ...]
    items: tuple[Fields, ...]
    mentions: tuple[Fields, ...]
    findings: tuple[Fields, ...]
    seal: int  # digest of all these


def digest(rows: object) -> int:
    """Digest tuples of plain values."""
    return _digest(repr(rows))


def of_record(record: DocumentRecord) -> Contents:
    """Give the rows of a record."""
    sections = record.plan.sections if record.plan else ()
    mentions = (*_unboxed(sections, record.ids), *_of_pointer(record.pointer, record.ids))
    items: list[Fields] = []
    for place, section in enumerate(sections):
        _add_items(items, section.nodes, None, place, record.ids)
    return _sealed(
        (*_of_plan(record), *_of_numbers(record), *_of_target(record)),
        tuple(_of_sections(sections)),
        tuple(items),
        tuple(sorted(mentions)),
        (*of_findings("flag", record.flags), *of_findings("skipped", record.skipped)),
    )


def of_findings(kind: str, findings: Iterable[Finding]) -> Iterator[Fields]:
    """Give the rows of findings of one kind."""
    for place, one in enumerate(findings):
        yield storable((kind, place, to_text(one.path), one.line, one.code, one.message))


def storable(fields: Fields) -> Fields:
    """Show half a surrogate pair, from wherever it came, escaped: SQLite text is UTF-8."""
    return tuple(
        [
            one
            if not isinstance(one, str) or one.isascii()
            else one.encode("utf-8", "backslashreplace").decode()
            for one in fields
        ]
    )


def stored(connection: sqlite3.Connection, document: int) -> Contents:
    """Read the rows of a document that is there."""
    key = (document,)
    return _sealed(
        connection.execute(SELECT_DOCUMENT, key).fetchone(),
        tuple(connection.execute(SELECT_SECTIONS, key).fetchall()),
        tuple(connection.execute(SELECT_ITEMS, key).fetchall()),
        tuple(connection.execute(SELECT_MENTIONS, key).fetchall()),
        tuple(connection.execute(SELECT_FINDINGS, key).fetchall()),
    )


def tree(connection: sqlite3.Connection, top: str, path: str) -> Tree | None:
    """Build the plan sections of a document; None: it is not there."""
    found = connection.execute(
        """
        SELECT document.id
        FROM document JOIN worktree ON worktree.id = document.worktree
        WHERE top = ? AND path = ?
        """,
        (to_text(top), to_text(path)),
    ).fetchone()
    return None if found is None else to_tree(stored(connection, found[0]))


def to_tree(contents: Contents) -> Tree:
    """Build the plan sections that the rows were made from."""
    children: defaultdict[int, list[Node]] = defaultdict(list)
    roots: defaultdict[int, list[Node]] = defaultdict(list)
    for fields in reversed(contents.items):  # a parent stands before what is below it
        position, _, parent, section, *_ = fields
        node = _to_node(fields, children.pop(position, []))
        (roots[section] if parent is None else children[parent]).append(node)
    unboxed: dict[int, list[Ref]] = {}
    for role, _, section, position, _, line, label, title in contents.mentions:
        if role == "unboxed":
            unboxed.setdefault(section, []).append(Ref(position, line, label, title))
    return Tree(
        sections=tuple(
            Section(
                heading=heading,
                line=line,
                end=end,
                shape=Shape(shape),
                implicit=bool(implicit),
                nodes=tuple(reversed(roots[place])),
                unboxed=tuple(unboxed.get(place, ())),
            )
            for place, heading, line, end, shape, implicit in contents.sections
        ),
        ids=tuple(fields[1] for fields in contents.items),
    )


def _sealed(document: Fields, *below: tuple[Fields, ...]) -> Contents:
    written = repr((document, *below))
    if SURROGATE in written:  # or a backslash, for which this costs little more than time
        document = storable(document)
        below = tuple(tuple(map(storable, rows)) for rows in below)
        written = repr((document, *below))
    sections, items, mentions, findings = below
    return Contents(document, sections, items, mentions, findings, _digest(written))


def _digest(written: str) -> int:
    done = hashlib.blake2b(written.encode(), digest_size=DIGEST_BYTES).digest()
    return int.from_bytes(done, "big")


def _of_plan(record: DocumentRecord) -> Fields:
    plan = record.plan
    return (
        to_text(record.path),
        record.blob,
        plan.title if plan else "",
        plan.dialect if plan else "",
        record.shape,
        plan.status.text if plan else "",
        plan.status.family.value if plan else Family.UNKNOWN.value,
        int(record.planned),
        int(plan.has_checklist) if plan else 0,
    )


def _of_numbers(record: DocumentRecord) -> Fields:
    plan = record.plan
    return (
        record.milestones.done,
        record.milestones.total,
        record.milestones.dropped,
        record.leaves.done,
        record.leaves.total,
        record.leaves.dropped,
        record.optional_open,
        sum(len(section.unboxed) for section in plan.sections) if plan else 0,
        record.frozen,
        plan.boxes_outside if plan else 0,
        record.rank,
    )


def _of_target(record: DocumentRecord) -> Fields:
    pointer, ids = record.pointer, record.ids
    target = pointer.target if pointer else None
    milestone = pointer.milestone if pointer else None
    return (
        pointer.action.value if pointer else "",
        pointer.reason if pointer else "",
        target.line if target else 0,
        _id_of(target, ids) if target else "",
        _text_of(target, record.plan) if target and record.plan else "",
        pointer.notes if pointer else "",
        _id_of(milestone, ids) if milestone else None,
        milestone.line if milestone else 0,
        milestone.label if milestone else "",
        milestone.title if milestone else "",
        len(pointer.left_behind) if pointer else 0,
        len(record.flags),
        len(record.skipped),
        len(ids),
    )


def _of_sections(sections: Iterable[Section]) -> Iterator[Fields]:
    for place, one in enumerate(sections):
        yield (place, one.heading, one.line, one.end, one.shape.value, int(one.implicit))


def _add_items(
    items: list[Fields],
    nodes: Iterable[Node],
    parent: int | None,
    section: int,
    ids: tuple[str, ...],
) -> None:
    for node in nodes:
        position = len(items)
        items.append(
            (
                position,
                ids[position],
                parent,
                section,
                node.kind.value,
                node.state.value,
                node.label,
                node.title,
                node.text,
                node.line,
                node.mark,
                int(node.optional),
                int(node.struck),
                node.notes,
                json.dumps(node.tags) if node.tags else NO_TAGS,
            )
        )
        _add_items(items, node.children, position, section, ids)


def _to_node(fields: Fields, children: list[Node]) -> Node:
    _, _, _, _, kind, state, label, title, text, line, mark, optional, struck, notes, tags = fields
    return Node(
        kind=Kind(kind),
        line=line,
        text=text,
        label=label,
        title=title,
        state=State(state),
        mark=mark,
        optional=bool(optional),
        struck=bool(struck),
        notes=notes,
        tags=() if tags == NO_TAGS else tuple(json.loads(tags)),
        children=tuple(reversed(children)),
    )


def _of_pointer(pointer: Pointer | None, ids: tuple[str, ...]) -> Iterator[Fields]:
    if pointer is None:
        return
    for place, caution in enumerate(pointer.cautions):
        yield ("caution", place, None, None, "", 0, "", caution)
    for role, refs in (
        ("alternative", pointer.alternatives),
        ("left behind", pointer.left_behind),
        ("then", pointer.then),
    ):
        for place, ref in enumerate(refs):
            yield _of_ref(role, place, None, ref, ids)


def _unboxed(sections: Iterable[Section], ids: tuple[str, ...]) -> Iterator[Fields]:
    refs = ((section, ref) for section, one in enumerate(sections) for ref in one.unboxed)
    for place, (section, ref) in enumerate(refs):
        yield _of_ref("unboxed", place, section, ref, ids)


def _of_ref(role: str, place: int, section: int | None, ref: Ref, ids: tuple[str, ...]) -> Fields:
    return (role, place, section, ref.index, _id_of(ref, ids), ref.line, ref.label, ref.title)


def _id_of(ref: Ref, ids: tuple[str, ...]) -> str:
    return ids[ref.index] if ref.index >= 0 else ""


def _text_of(ref: Ref, plan: Plan) -> str:
    if ref.index < 0:
        return ref.title
    return next(islice(plan.walk(), ref.index, None)).text
