"""A number to that many design docs: no two alike, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.plans import PLAN_HEADING, SHAPES, Shape, Ticks
from bench.prose import Pen

BYTES = 10_700  # of a design doc; plan files are shorter, and the average is 10 KB
BOXES = 52  # of a plan, on average; documents without a checklist bring it down to 50

# (status, how common, share of its plan that is done; None: any)
_STATUSES = (
    ("**Status:** In Progress", 22, None),
    ("**Status:** Design", 14, 0.0),
    ("**Status:** Implemented", 34, 1.0),
    ("**Status:** Shipped (2025-11)", 10, 1.0),
    ("**Status:** Superseded by a later document", 6, None),
    ("Status: Phase 2 under way", 6, None),
    ("", 8, None),
)
_BEGUN = "**Status:** In Progress"
_DOCUMENTS_IN_AN_AREA = 20


@dataclass(frozen=True, slots=True)
class Document:
    """One file to be."""

    path: str  # from the top of its repository
    text: str
    shape: str  # name of its plan's shape


def documents(count: int, *, seed: int = 0, first: int = 1) -> Iterator[Document]:
    """Write `count` documents; each depends on seed and its own number (from `first`) alone."""
    for number in range(first, first + count):
        yield document(number, Pen(f"{seed}/{number}"))


def document(number: int, pen: Pen) -> Document:
    """Write one document."""
    shape = pen.chance.choices(SHAPES, [shape.weight for shape in SHAPES])[0]
    status, done = _status(pen)
    ticks = Ticks(pen, round(pen.chance.triangular(12, 92, BOXES)), done)
    return _written(shape, number, ticks, status)


def fresh(number: int, pen: Pen) -> Document:
    """Write one document with a plan of which nothing is done yet."""
    shapes = [shape for shape in SHAPES if shape.has_boxes]
    shape = pen.chance.choices(shapes, [shape.weight for shape in shapes])[0]
    return _written(
        shape, number, Ticks(pen, round(pen.chance.triangular(50, 110, 80)), 0.0), _BEGUN
    )


def _written(shape: Shape, number: int, ticks: Ticks, status: str) -> Document:
    plan = shape.write(ticks)
    path = shape.path.format(
        area=f"area-{number // _DOCUMENTS_IN_AN_AREA:03d}",
        number=number,
        slug=ticks.pen.name().replace(" ", "-"),
    )
    text = plan + "\n" if shape.whole_file else _around(plan, shape, ticks.pen, status)
    return Document(path, text, shape.name)


def _status(pen: Pen) -> tuple[str, float]:
    line, _, done = pen.chance.choices(_STATUSES, [common for _, common, _ in _STATUSES])[0]
    return line, pen.chance.random() if done is None else done


def _around(plan: str, shape: Shape, pen: Pen, status: str) -> str:
    """Write the rest of a design doc before and after its plan."""
    head = [f"# Design: {pen.name().title()}", status, f"## Summary\n\n{pen.paragraph()}"]
    head += [f"## Goals\n\n{pen.bullets()}", f"## Non-Goals\n\n{pen.bullets()}"]
    if pen.chance.random() < 0.4:
        head.append(f"## Next Steps\n\n{pen.bullets()}")
    heading = [] if shape.name == "implicit" else [PLAN_HEADING]
    tail = [f"## Testing and Validation\n\n{pen.paragraph()}"]
    if pen.chance.random() < 0.3:
        tail.append(f"# Future Work\n\n- [ ] {pen.deed()}.\n- [ ] {pen.deed()}.")
    fixed = [*head, *heading, plan, *tail]
    room = BYTES - sum(len(part.encode()) + 2 for part in fixed)
    parts = [*head, *_details(pen, room), *heading, plan, *tail]
    return "\n\n".join(filter(None, parts)) + "\n"


def _details(pen: Pen, room: int) -> Iterator[str]:
    """Write paragraphs, lists, code and tables of about `room` bytes."""
    kinds = (pen.paragraph, pen.bullets, pen.code, pen.table)
    part = "## Proposed Architecture"
    while room > 0:
        yield part
        room -= len(part.encode()) + 2
        if pen.chance.random() < 0.15:
            part = f"### {pen.name().capitalize()}"
        else:
            part = pen.chance.choices(kinds, (6, 1.5, 1, 1))[0]()
