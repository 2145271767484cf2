"""A plain plan, what is recorded of it, and where: to test the memory with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from plantrack.core.model import (
    Action,
    Count,
    Family,
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


def by_path(*documents: DocumentRecord) -> dict[str, DocumentRecord]:
    """Give records as a recording has them."""
    return {one.path: one for one in documents}


def recording(
    *documents: DocumentRecord, base: int | None = None, moment: int = 1, **fields: object
) -> Recording:
    """Give the recording of a worktree that holds just these documents."""
    listed = snapshot((one.path for one in documents), moment)
    known: dict[str, object] = {
        "snapshot": listed, "base": base, "day": TODAY, "changed": by_path(*documents),
    }  # fmt: skip
    return Recording(**(known | fields))  # type: ignore[arg-type]
