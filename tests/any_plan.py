"""Any plan at all, and anything that can be recorded of it, for property tests."""

from __future__ import annotations

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
from plantrack.store.recording import DocumentRecord
from store_samples import ids_of

lines = st.integers(0, 10**6)
counts = st.builds(Count, *[st.integers(0, 10**6)] * 3)
findings = st.lists(st.builds(Finding, st.text(), lines, st.text(), st.text()), max_size=3)


def nodes(children: st.SearchStrategy[tuple[Node, ...]]) -> st.SearchStrategy[Node]:
    """Build nodes over children."""
    return st.builds(
        Node,
        st.sampled_from(list(Kind)),
        lines,
        st.text(),
        st.text(),
        st.text(),
        st.sampled_from(list(State)),
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
        draw(st.builds(Status, st.text(), st.sampled_from(list(Family)), lines, st.text())),
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
        draw(st.sampled_from(list(Action))),
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
