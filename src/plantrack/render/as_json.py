"""Views to versioned JSON: one object, ASCII only, keys added over time but never renamed."""

# Theory of operation
#
# 1. A program reads this, so values are as they are: paths, marks and texts keep every character,
#    and nothing is cleaned. The escapes of JSON keep them from doing anything on a screen.
# 2. Times are RFC 3339 in UTC, lines count from 1, and what is not there is null.
# 3. Texts and lists have limits. A pointer that had to be cut says "truncated": true.
# 4. What is quoted from documents is named as such: data, whoever wrote it and whatever it asks.

from __future__ import annotations

import json
from datetime import UTC

from plantrack.render import words

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import TypeVar

    from plantrack.core.model import Count, Finding
    from plantrack.core.view import (
        DocView,
        ExplainView,
        NodeView,
        PointerView,
        RefView,
        SectionView,
        StatusView,
        SyncView,
    )
    from plantrack.render.screen import Screen
    from plantrack.store.accounts import Balance
    from plantrack.store.recording import Description

    Json = dict[str, "Json"] | list["Json"] | str | float | bool | None
    Object = dict[str, Json]
    T = TypeVar("T")

QUOTED: tuple[str, ...] = (
    "cautions",
    "heading",
    "label",
    "notes",
    "raw",
    "status",
    "text",
    "title",
)


class Caps:
    """How much of each text is given, in characters, and of each list, in entries."""

    __slots__ = ("notes", "refs", "text", "title")

    def __init__(self, *, text: int, notes: int, title: int, refs: int) -> None:
        """Set every limit."""
        self.text = text
        self.notes = notes
        self.title = title
        self.refs = refs


FULL = Caps(text=2000, notes=4000, title=400, refs=100)
BRIEF = Caps(text=200, notes=0, title=100, refs=3)  # of a document among many


def status(view: StatusView, screen: Screen) -> str:
    """Say where everything is; a single document with its tree."""
    caps = FULL if any(doc.sections for doc in view.documents) else BRIEF
    documents: list[Json] = [_document(doc, caps) for doc in view.documents]
    return dump(
        {
            "schema": "plantrack.status/1",
            "data_not_instructions": list(QUOTED),
            "repository": {
                "root": view.repository.root,
                "head": view.repository.head,
                "branch": view.repository.branch,
            },
            "documents": documents,
            "unplanned": [{"path": one.path, "boxes": one.boxes} for one in view.unplanned],
            "skipped": [_finding(finding) for finding in view.skipped],
            "duplicates": [{"path": path, "same_as": shown} for path, shown in view.duplicates],
            "totals": {
                "documents": len(view.documents),
                "milestones": count(view.milestones),
                "leaves": count(view.leaves),
                "frozen": view.frozen,
                "ever": None if view.ever is None else _ever(*view.ever),
                "per_week": view.per_week,
            },
        },
        screen,
    )


def _ever(leaves: Count, milestones: Count) -> Object:
    return {"milestones": count(milestones), "leaves": count(leaves)}


def explain(view: ExplainView, screen: Screen) -> str:
    """Give the ledger of one document."""
    lines: list[Json] = [
        {
            "line": line.line,
            "raw": line.raw[: FULL.text],
            "counted": line.counted,
            "excluded": line.excluded,
            "item": line.item or None,
        }
        for line in view.lines
    ]
    return dump(
        {
            "schema": "plantrack.explain/1",
            "data_not_instructions": list(QUOTED),
            "path": view.path,
            "shape": view.shape,
            "dialect": view.dialect,
            "because": list(view.because),
            "lines": lines,
            "sums": {
                "box_like": view.box_like,
                "progress": count(view.progress),
                "leaves": view.leaves,
                "parents": view.parents,
                "optional": view.optional,
                "excluded": dict(view.excluded),
            },
        },
        screen,
    )


def sync(view: SyncView, screen: Screen) -> str:
    """Say what one refresh did."""
    return dump(
        {
            "schema": "plantrack.sync/1",
            "read": view.read,
            "known": view.known,
            "gone": view.gone,
            "documents": view.documents,
            "milliseconds": view.milliseconds,
            **({"unsettled": list(view.unsettled)} if view.unsettled else {}),
            **({} if view.is_calm else {"is_calm": False}),
        },
        screen,
    )


def check(
    description: Description,
    findings: Sequence[Finding],
    screen: Screen,
    books: Sequence[Balance] = (),
) -> str:
    """Say whether the database is sound, what it holds, and how its books stand."""
    return dump(
        {
            "schema": "plantrack.db/1",
            "path": description.path,
            "kind": description.kind,
            "bytes": description.bytes,
            "log_bytes": description.log_bytes,
            "format": description.format,
            "sqlite": description.sqlite,
            "sound": not findings,
            "findings": [_finding(finding) for finding in findings],
            "tables": [{"name": name, "rows": rows} for name, rows in description.tables],
            "worktrees": [
                {"root": top, "documents": documents, "items": items}
                for top, documents, items in description.worktrees
            ],
            "books": [_balance(one) for one in books],
        },
        screen,
    )


def _balance(balance: Balance) -> Object:
    found: Object = {
        "root": balance.top,
        "documents": balance.documents,
        **dict.fromkeys(_UNITS),
    }
    for unit, account in zip(_UNITS, balance.accounts, strict=False):
        found[unit] = dict(zip(_AMOUNTS, account.amounts, strict=True))
    return found


_UNITS = ("items", "leaves", "milestones")
_AMOUNTS = (
    "added",
    "removed",
    "present",
    "ticked",
    "unticked",
    "arrived_done",
    "removed_done",
    "done",
)


# --- documents ------------------------------------------------------------------------------------


def _document(doc: DocView, caps: Caps) -> Object:
    found: Object = {
        "path": doc.path,
        "title": doc.title[: caps.title],
        "dialect": doc.dialect,
        "shape": doc.shape,
        "status": {"text": doc.status_text[: caps.title], "family": str(doc.family)},
        "milestones": count(doc.milestones),
        "unboxed_milestones": doc.unboxed_milestones,
        "leaves": count(doc.leaves),
        "optional_open": doc.optional_open,
        "frozen": doc.frozen,
        "has_checklist": doc.has_checklist,
        "boxes_outside": doc.boxes_outside,
        "pointer": None if doc.pointer is None else pointer(doc.pointer, caps),
        "left_behind": Cutter(caps).refs(doc.left_behind),
        "flags": [
            {"code": flag.code, "message": flag.message, "line": flag.line or None}
            for flag in doc.flags
        ],
        "last_change": moment(doc.last_change),
    }
    if doc.sections:
        found["sections"] = [_section(section) for section in doc.sections]
    return found


def _section(section: SectionView) -> Object:
    return {
        "heading": section.heading,
        "line": section.line,
        "shape": section.shape,
        "nodes": [_node(node) for node in section.nodes],
        "unboxed": Cutter(FULL).refs(section.unboxed),
    }


def _node(node: NodeView) -> Object:
    return {
        "id": node.id or None,
        "label": node.label,
        "title": node.title[: FULL.text],
        "line": node.line,
        "state": str(node.state),
        "kind": str(node.kind),
        "mark": node.mark,
        "optional": node.optional,
        "leaves": count(node.leaves),
        "added": moment(node.added),
        "done": moment(node.done),
        "children": [_node(child) for child in node.children],
    }


# --- pointers -------------------------------------------------------------------------------------


def brief(one: PointerView | None) -> Json:
    """Give a pointer as one among others."""
    return None if one is None else pointer(one, BRIEF)


def pointer(one: PointerView, caps: Caps) -> Object:
    """Give one document's pointer, cut to limits."""
    cutter = Cutter(caps)
    found: Object = {
        "action": str(one.action),
        "reason": cutter.text(one.reason, caps.text),
        "path": one.path,
        "line": one.line or None,
        "id": one.id or None,
        "text": cutter.text(one.text, caps.text),
        "milestone": None if one.milestone is None else cutter.ref(one.milestone),
        "notes": cutter.text(one.notes, caps.notes),
        "cautions": cutter.texts(one.cautions),
        "alternatives": cutter.refs(one.alternatives),
        "left_behind": cutter.refs(one.left_behind),
        "then": cutter.refs(one.then),
        "command": words.pointer_command(one),
        "title": cutter.text(one.title, caps.title),
        "milestones": count(one.milestones),
        "leaves": count(one.leaves),
    }
    found["truncated"] = cutter.has_cut
    return found


class Cutter:
    """Keeps texts and lists to their caps, and remembers whether anything was left off."""

    __slots__ = ("caps", "has_cut")

    def __init__(self, caps: Caps, *, has_cut: bool = False) -> None:
        """Cut to these caps."""
        self.caps = caps
        self.has_cut = has_cut

    def text(self, text: str, most: int) -> str:
        """Give so many characters of a text."""
        self.has_cut = self.has_cut or len(text) > most
        return text[:most]

    def some(self, values: Sequence[T]) -> Sequence[T]:
        """Give the first of some values."""
        self.has_cut = self.has_cut or len(values) > self.caps.refs
        return values[: self.caps.refs]

    def texts(self, texts: Sequence[str]) -> list[Json]:
        """Give the first of some texts."""
        return [self.text(text, self.caps.text) for text in self.some(texts)]

    def ref(self, ref: RefView) -> Object:
        """Give what is named from elsewhere."""
        return {
            "id": ref.id or None,
            "line": ref.line,
            "label": self.text(ref.label, self.caps.title),
            "title": self.text(ref.title, self.caps.title),
        }

    def refs(self, refs: Sequence[RefView]) -> list[Json]:
        """Give the first of what is named from elsewhere."""
        return [self.ref(ref) for ref in self.some(refs)]


# --- values ---------------------------------------------------------------------------------------


def count(one: Count) -> Object:
    """Give progress over something countable."""
    return {"done": one.done, "total": one.total, "dropped": one.dropped}


def _finding(finding: Finding) -> Object:
    return {
        "path": finding.path,
        "line": finding.line or None,
        "code": finding.code,
        "message": finding.message,
    }


def moment(when: datetime | None) -> str | None:
    """Give a time as RFC 3339 has it, in UTC."""
    return None if when is None else f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


COMPACT = (",", ":")


def dump(answer: Object, screen: Screen) -> str:
    """Write it on one line for programs, on many for a terminal."""
    if screen.width is None:
        text = json.dumps(answer, separators=COMPACT)
    else:
        text = json.dumps(answer, indent=2)
    return text.replace("\x7f", "\\u007f") + "\n"  # the one control character JSON lets through
