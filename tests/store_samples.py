"""Plans, recordings and stores to test the memory with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from plantrack.core.model import (
    Action,
    Bullet,
    Count,
    Family,
    Finding,
    Kind,
    Node,
    Plan,
    Pointer,
    Ref,
    Section,
    Shape,
    State,
    Status,
)
from plantrack.store import Basis, Snapshot, Store, open_store
from plantrack.store.recording import DocumentRecord, Recording

if TYPE_CHECKING:
    from collections.abc import Iterable

TODAY = 20_000
BASIS = Basis("settings", 1, "0123abcd")


def open_at(top: Path, main_top: Path | None = None, database: str | None = None) -> Store:
    """Open the memory of a folder that git does not track."""
    return open_store(top, main_top or top, database, is_tracked=lambda _: False)


def database_of(top: Path) -> Path:
    """Give the place where a folder's memory belongs."""
    return top / ".plan-history" / "plans.db"


# --- a plain document and what is recorded of it --------------------------------------------------


def step(line: int, title: str, state: State = State.TODO) -> Node:
    """Give a box without boxes."""
    return Node(Kind.STEP, line, title, "", title, state, "x" if state is State.DONE else " ")


def plan(title: str, steps: int = 3) -> Plan:
    """Give a plan of one milestone with that many steps, the first one done."""
    states = ([State.DONE] + [State.TODO] * steps)[:steps]
    children = tuple(step(5 + i, f"{title}: step {i}", state) for i, state in enumerate(states))
    milestone = Node(
        Kind.MILESTONE, 4, f"Milestone 1: {title}", "Milestone 1", title, State.DOING, " ",
        children=children,
    )  # fmt: skip
    section = Section("Implementation Plan", 3, 4 + steps, Shape.NESTED, False, (milestone,))  # noqa: FBT003
    return Plan(title, "design doc", Status("Draft", Family.DRAFT, 2), (section,))


def ids_of(path: str, count: int) -> tuple[str, ...]:
    """Give ids as they look."""
    return tuple(hashlib.sha256(repr((path, i)).encode()).hexdigest()[:16] for i in range(count))


def pointer_at(found: Plan, index: int) -> Pointer:
    """Give a pointer to the node at a position, in the first milestone."""
    nodes = list(found.walk())
    refs = tuple(Ref(i, node.line, node.label, node.title) for i, node in enumerate(nodes))
    return Pointer(
        Action.DO,
        "first open step",
        refs[min(index, len(refs) - 1)],
        refs[0],
        notes="a note",
        cautions=("blocked on review",),
        alternatives=refs[:1],
        left_behind=refs[1:2],
        then=refs[index + 1 : index + 3],
    )


def document(path: str, title: str = "", *, steps: int = 3, **fields: object) -> DocumentRecord:
    """Give the record of a plain document; `fields` replace what it would have."""
    found = plan(title or path, steps)
    known: dict[str, object] = {
        "path": path,
        "blob": hashlib.sha1(repr((path, title, steps)).encode()).hexdigest(),  # noqa: S324 - as git
        "plan": found,
        "ids": ids_of(path, steps + 1),
        "pointer": pointer_at(found, 2),
        "milestones": Count(0, 1, 0),
        "leaves": Count(1, steps, 0),
        "optional_open": 0,
        "frozen": 0,
        "shape": "nested",
        "planned": True,
        "rank": 1,
        "last_change": 1_700_000_000,
    }
    return DocumentRecord(**(known | fields))  # type: ignore[arg-type]


def snapshot(paths: Iterable[str], moment: int = 1) -> Snapshot:
    """Give a snapshot of documents that were all written at the same moment."""
    return Snapshot(
        BASIS,
        [("", moment), ("docs", moment)],
        [("/top/.gitignore", (moment, 1, 2, 3)), ("/top/plantrack.toml", None)],
        [(path, (moment, 10, 20, 30)) for path in paths],
    )


def recording(
    *documents: DocumentRecord, base: int | None = None, moment: int = 1, **fields: object
) -> Recording:
    """Give the recording of a worktree that holds just these documents."""
    listed = snapshot((one.path for one in documents), moment)
    known: dict[str, object] = {
        "snapshot": listed, "base": base, "day": TODAY, "changed": documents,
    }  # fmt: skip
    return Recording(**(known | fields))  # type: ignore[arg-type]


# --- any plan ------------------------------------------------------------------------------------

lines = st.integers(0, 10**6)
counts = st.builds(Count, *[st.integers(0, 10**6)] * 3)
findings = st.lists(st.builds(Finding, st.text(), lines, st.text(), st.text()), max_size=3)


def nodes(children: st.SearchStrategy[tuple[Node, ...]]) -> st.SearchStrategy[Node]:
    """Build nodes over children."""
    return st.builds(
        Node,
        st.sampled_from(Kind),
        lines,
        st.text(),
        st.text(),
        st.text(),
        st.sampled_from(State),
        st.none() | st.text(),
        st.booleans(),
        st.booleans(),
        st.text(),
        st.lists(st.text(), max_size=2).map(tuple),
        children,
    )


forests = st.recursive(
    st.just(()), lambda below: st.lists(nodes(below), max_size=4).map(tuple), max_leaves=8
)


def refs(limit: int) -> st.SearchStrategy[Ref]:
    """Build references to positions below a limit, and to headings that are no nodes."""
    return st.builds(Ref, st.integers(-1, limit - 1), lines, st.text(), st.text())


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Build plans."""
    trees = draw(st.lists(forests, max_size=3))
    size = sum(1 for tree in trees for node in tree for _ in node.walk())
    sections = tuple(
        Section(
            draw(st.text()),
            draw(lines),
            draw(lines),
            draw(st.sampled_from(Shape)),
            draw(st.booleans()),
            tree,
            tuple(draw(st.lists(refs(size), max_size=2))),
        )
        for tree in trees
    )
    return Plan(
        draw(st.text()),
        draw(st.text()),
        draw(st.builds(Status, st.text(), st.sampled_from(Family), lines, st.text())),
        sections,
        tuple(draw(st.lists(st.builds(Bullet, lines, st.text()), max_size=2))),
        draw(lines),
        tuple(draw(findings)),
        draw(st.booleans()),
    )


@st.composite
def pointers(draw: st.DrawFn, size: int) -> Pointer:
    """Build pointers into a plan of so many nodes."""
    lists = [tuple(draw(st.lists(refs(size), max_size=3))) for _ in range(3)]
    return Pointer(
        draw(st.sampled_from(Action)),
        draw(st.text()),
        draw(st.none() | refs(size)),
        draw(st.none() | refs(size)),
        draw(st.text()),
        tuple(draw(st.lists(st.text(), max_size=2))),
        *lists,
    )


@st.composite
def records(draw: st.DrawFn, path: str) -> DocumentRecord:
    """Build what is recorded of a document at a path."""
    found = draw(st.none() | plans())
    size = sum(1 for _ in found.walk()) if found else 0
    return DocumentRecord(
        path,
        draw(st.none() | st.text("0123456789abcdef", min_size=40, max_size=40)),
        found,
        ids_of(path, size),
        draw(st.none() | pointers(size)) if found else None,
        draw(counts),
        draw(counts),
        draw(lines),
        draw(lines),
        draw(st.text()),
        draw(st.booleans()),
        draw(st.none() | st.integers(0, 2)),
        draw(st.none() | st.integers(0, 2**40)),
        tuple(draw(findings)),
        tuple(draw(findings)),
    )
