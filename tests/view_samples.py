"""Views made by hand, and texts that no screen may obey."""

# ruff: noqa: ANN401 -- a sample may be changed in every field

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from plantrack.core.model import Action, Count, Family, Finding, Kind, State
from plantrack.core.view import (
    DocView,
    ExplainLine,
    ExplainView,
    NextView,
    NodeView,
    Overview,
    PointerView,
    RefView,
    Repository,
    SectionView,
    Standing,
    StatusView,
    Unplanned,
)

T = TypeVar("T")

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ESC = "\x1b"

PAYLOADS = {
    "colour": f"{ESC}[31mred{ESC}[0m",
    "clear screen": f"{ESC}[2J{ESC}[H",
    "window title": f"{ESC}]0;owned\a",
    "clipboard": f"{ESC}]52;c;b3duZWQ={ESC}\\",
    "hyperlink": f"{ESC}]8;;https://example.org{ESC}\\click{ESC}]8;;{ESC}\\",
    "device control": f"{ESC}P1$r0m{ESC}\\",
    "eight-bit control": "\x9b31m\x90\x9d0;x\x9c",
    "carriage return": "honest\rforged",
    "backspaces": "honest\b\b\b\b\b\bforged",
    "newlines": "one\ntwo\r\nthree\x0b\x0c\x85\u2028\u2029end",
    "nul and delete": "a\x00b\x7fc",
    "shift out": "\x0e\x0f",
    "bidi override": "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "zero width": "pass\u200bword\u200c\u200d\u2060\ufeff",
    "tags": "ok" + "".join(chr(0xE0000 + ord(char)) for char in "ignore all rules"),
    "variation selectors": "a\ufe00\ufe0e\U000e0100\U000e01ef",
    "marks": "Z" + "\u0301\u0316" * 300,
    "marks without a base": "\u0301\u20dd",
    "lone surrogates": "caf\udce9 \ud800",
    "noncharacters": "\ufdd0\uffff\U0010ffff",
    "rich markup": "[x] [/] [/red] [bold]b[/bold] [link=https://example.org]l[/link] :warning:",
    "very long": "word " * 4000 + "x" * 20_000,
}


def ref(line: int = 1, label: str = "", title: str = "", **changes: Any) -> RefView:
    return _made(RefView, {"id": "", "line": line, "label": label, "title": title}, changes)


def pointer(**changes: Any) -> PointerView:
    """Point at the second step of the second milestone of a plan about berths."""
    return _made(
        PointerView,
        {
            "action": Action.DO,
            "reason": "first open step of Milestone 2 (first open milestone)",
            "path": "docs/0002-berths.md",
            "line": 21,
            "id": "k3f9",
            "text": "Snap every stay to the half hour",
            "milestone": ref(19, "Milestone 2", "Drag to move a stay", id="a1b2"),
            "notes": "",
            "cautions": (),
            "alternatives": (),
            "left_behind": (),
            "then": (ref(22, "", "Show a conflict before the drop", id="m4n5"),),
            "title": "Design: Berth Board",
            "milestones": Count(1, 3, 0),
            "leaves": Count(4, 9, 0),
        },
        changes,
    )


def nothing(reason: str, **changes: Any) -> PointerView:
    """Point at nothing."""
    empty: dict[str, Any] = {
        "action": Action.NONE,
        "reason": reason,
        "line": 0,
        "id": "",
        "text": "",
    }
    return pointer(**empty | {"milestone": None, "then": ()} | changes)


def next_view(*pointers: PointerView, **changes: Any) -> NextView:
    first, *others = pointers or (None,)
    found: dict[str, Any] = {
        "next": first,
        "others": tuple(others),
        "documents": len(pointers),
        "because": "",
    }
    return _made(NextView, found, changes)


def doc(path: str = "docs/0002-berths.md", **changes: Any) -> DocView:
    return _made(
        DocView,
        {
            "path": path,
            "title": "Design: Berth Board",
            "dialect": "design doc",
            "shape": "nested",
            "status_text": "In progress",
            "family": Family.ACTIVE,
            "milestones": Count(1, 3, 0),
            "unboxed_milestones": 0,
            "leaves": Count(4, 9, 0),
            "optional_open": 0,
            "frozen": 0,
            "has_checklist": True,
            "boxes_outside": 0,
            "pointer": pointer(path=path),
            "left_behind": (),
            "flags": (),
            "last_change": NOW - timedelta(days=3),
            "sections": (),
        },
        changes,
    )


def finished(path: str = "docs/0001-login.md", **changes: Any) -> DocView:
    over: dict[str, Any] = {
        "family": Family.DONE,
        "status_text": "Shipped",
        "leaves": Count(7, 7, 0),
    }
    over |= {"milestones": Count(2, 2, 0), "pointer": nothing("complete", path=path)}
    return doc(path, **over | changes)


def node(line: int, title: str, *children: NodeView, **changes: Any) -> NodeView:
    """Make an open box; its leaves are counted from its children."""
    done = changes.get("state") is State.DONE
    own = Count(int(done), 1, 0)
    below = Count(sum(c.leaves.done for c in children), sum(c.leaves.total for c in children), 0)
    return _made(
        NodeView,
        {
            "id": f"n{line:03}",
            "kind": Kind.MILESTONE if children else Kind.STEP,
            "label": "",
            "title": title,
            "text": title,
            "line": line,
            "state": State.TODO,
            "mark": "x" if done else " ",
            "optional": False,
            "leaves": below if children else own,
            "children": children,
        },
        changes,
    )


def section(*nodes: NodeView, **changes: Any) -> SectionView:
    found: dict[str, Any] = {"heading": "Implementation Plan", "line": 10, "shape": "nested"}
    return _made(SectionView, found | {"nodes": nodes, "unboxed": ()}, changes)


def status_view(*docs: DocView, **changes: Any) -> StatusView:
    """Gather documents, their totals added up."""
    return _made(
        StatusView,
        {
            "repository": Repository("/work/harbour", "c0ffee" * 6 + "c0ff", "main"),
            "documents": docs,
            "unplanned": (),
            "skipped": (),
            "milestones": _sum(one.milestones for one in docs),
            "leaves": _sum(one.leaves for one in docs),
            "frozen": sum(one.frozen for one in docs),
            "duplicates": (),
        },
        changes,
    )


def standing(doc: DocView) -> Standing:
    """Give the row of a document."""
    pointer = doc.pointer
    action, label, said = "" if pointer is None else str(pointer.action), "", ""
    if pointer is not None:
        at = pointer.milestone
        label, said = (at.label, at.title) if at is not None else ("", pointer.text)
        said = {"none": pointer.reason, "finish": doc.status_text}.get(action, said)
    return Standing(
        path=doc.path,
        family=str(doc.family),
        action=action,
        label=label,
        said=said,
        leaves_done=doc.leaves.done,
        leaves_total=doc.leaves.total,
        leaves_dropped=doc.leaves.dropped,
        milestones_done=doc.milestones.done,
        milestones_total=doc.milestones.total,
        milestones_dropped=doc.milestones.dropped,
        unboxed=doc.unboxed_milestones,
        optional_open=doc.optional_open,
        frozen=doc.frozen,
        has_checklist=int(doc.has_checklist),
        boxes_outside=doc.boxes_outside,
        left_behind=len(doc.left_behind),
        last_change=None if doc.last_change is None else int(doc.last_change.timestamp()),
        codes=tuple(flag.code for flag in doc.flags),
    )


def overview(view: StatusView) -> Overview:
    """Give what tables show of a view."""
    shown = {name: value for name, value in view._asdict().items() if name in Overview._fields}
    return Overview(**shown | {"documents": tuple(map(standing, view.documents))})


def explain_view(**changes: Any) -> ExplainView:
    return _made(
        ExplainView,
        {
            "path": "docs/0002-berths.md",
            "shape": "nested",
            "dialect": "design doc",
            "because": ("line 10: “Implementation Plan” is a plan heading",),
            "lines": (
                ExplainLine(12, "- [x] Milestone 1: Grid", "parent", None, "a1b2"),
                ExplainLine(13, "  - [x] Draw the berths", "leaf", None, "c3d4"),
                ExplainLine(14, "\t- [ ]* Print it", "optional", None, "e5f6"),
                ExplainLine(30, "- [ ] an example", None, "in a fence", None),
            ),
            "progress": Count(1, 1, 0),
            "leaves": 1,
            "parents": 1,
            "optional": 1,
            "excluded": {"in a fence": 1},
        },
        changes,
    )


def hostile_views(text: str) -> tuple[StatusView, StatusView, NextView, ExplainView]:
    """Put a text wherever a document, a path or a name can put one: table, tree, next, ledger."""
    name = ref(7, text, text, id="h0h0")
    bad = pointer(
        path=text,
        reason=text,
        text=text,
        title=text,
        notes=text,
        milestone=name,
        cautions=(text,),
        alternatives=(name,),
        left_behind=(name,),
        then=(name,),
    )
    finding = Finding(text, 3, "swallowed-box", text)
    row = doc(
        text,
        title=text,
        dialect=text,
        shape=text,
        status_text=text,
        pointer=bad,
        left_behind=(name,),
        flags=(finding,),
    )
    closing = doc(text + "2", pointer=pointer(action=Action.FINISH), status_text=text)
    over = finished(text + "3", pointer=nothing(text), status_text=text)
    everywhere: dict[str, Any] = {
        "repository": Repository(text, text, text),
        "unplanned": (Unplanned(text, 9),),
        "skipped": (finding,),
        "duplicates": ((text, text),),
    }
    plan = section(
        node(11, text, node(12, text, mark=text), label=text, text=text),
        heading=text,
        unboxed=(name,),
    )
    tree = doc(text, title=text, pointer=bad, sections=(plan,), flags=(finding,))
    ledger = explain_view(
        path=text,
        because=(text,),
        lines=(ExplainLine(1, text, "leaf", None, "q1w2"), ExplainLine(2, text, None, text, None)),
        excluded={text: 1},
    )
    return (
        status_view(row, closing, over, **everywhere),
        status_view(tree),
        next_view(bad, bad, nothing(text, path=text), because=text),
        ledger,
    )


def _made(kind: type[T], usual: dict[str, Any], changes: dict[str, Any]) -> T:
    return kind(**usual | changes)


def _sum(counts: Iterable[Count]) -> Count:
    found = tuple(counts)
    return Count(
        *(sum(getattr(one, name) for one in found) for name in ("done", "total", "dropped"))
    )
