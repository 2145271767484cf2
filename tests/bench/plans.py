"""A number of boxes to a plan that holds them, in every shape and dialect that is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bench.prose import Pen, wrapped

PLAN_HEADING = "## Implementation Plan"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to write a plan."""

    name: str
    weight: float  # how common it is among the documents
    path: str  # format of the file's path; {area}, {number}, {slug} are filled in
    write: Callable[[Ticks], str]
    whole_file: bool = False  # the plan is the document
    has_boxes: bool = True


class Ticks:
    """The boxes of one plan, handed out in order: most done ones come before most open ones."""

    def __init__(self, pen: Pen, boxes: int, share_done: float) -> None:
        self.pen = pen
        self.boxes = boxes
        self._done = round(boxes * share_done)
        self._given = 0

    def take(self, count: int) -> list[str]:
        """Give the marks of the next boxes."""
        return [self._next() for _ in range(count)]

    def groups(self) -> Iterator[int]:
        """Split the boxes into milestones of four to eleven."""
        left = self.boxes
        while left > 0:
            size = min(left, self.pen.chance.randint(4, 11))
            yield size
            left -= size

    def _next(self) -> str:
        self._given += 1
        done = self._given <= self._done
        if self._given == self._done + 1 and self.pen.chance.random() < 0.3:
            return "~"
        if 0 < self._done < self.boxes and self.pen.chance.random() < 0.03:
            done = not done  # done early, or left behind
        return "x" if done else " "


def nested(ticks: Ticks) -> str:
    """Milestone boxes with step boxes below them."""
    return "\n".join(_milestone(ticks, size, f"Milestone {n}: ") for n, size in _numbered(ticks))


def nested_unlabelled(ticks: Ticks) -> str:
    """As nested, and the milestones are known by their steps alone."""
    return "\n".join(_milestone(ticks, size, "") for _, size in _numbered(ticks))


def flat(ticks: Ticks) -> str:
    """Milestones without steps."""
    marks = enumerate(ticks.take(ticks.boxes), 1)
    return "\n".join(_box(mark, f"M{n}: {ticks.pen.deed()}") for n, mark in marks)


def tasks(ticks: Ticks) -> str:
    """Tasks, and no milestones."""
    return "\n".join(_box(mark, ticks.pen.deed()) for mark in ticks.take(ticks.boxes))


def grouped(ticks: Ticks) -> str:
    """Milestone boxes under sub-headings."""
    parts = []
    for n, size in _numbered(ticks):
        if n % 2:
            parts.append(f"### {ticks.pen.name().capitalize()}\n")
        parts.append(_milestone(ticks, size, f"Milestone {n}: ") + "\n")
    return "\n".join(parts)


def indexed(ticks: Ticks) -> str:
    """A list of milestones first, a section with the steps of each after it."""
    index, parts = [], []
    for n, size in _numbered(ticks):
        title = ticks.pen.name().capitalize()
        own, *marks = ticks.take(size)
        index.append(_box(_over(own, marks), f"**Phase {n}** — {title}"))
        parts.append(f"### Phase {n}: {title}\n\n{ticks.pen.paragraph()}\n\n{_steps(ticks, marks)}")
    return "\n\n".join(["\n".join(index), *parts])


def headed(ticks: Ticks) -> str:
    """Headings are the milestones."""
    return _sections(ticks, lambda n, title: f"### Milestone {n}: {title}")


def implicit(ticks: Ticks) -> str:
    """No plan heading: labelled headings make the plan."""
    return _sections(ticks, lambda n, title: f"## Phase {n}: {title}")


def no_checklist(ticks: Ticks) -> str:
    """A plan section without a box."""
    rows = [f"{n}. ✅ {ticks.pen.deed()}." for n in range(1, 9)]
    return "\n".join([*rows, "", ticks.pen.table(), "", ticks.pen.paragraph()])


def kiro(ticks: Ticks) -> str:
    """Numbered boxes, steps by number, requirements as notes."""
    pen, parts = ticks.pen, ["# Implementation Plan", ""]
    for n, size in _numbered(ticks):
        own, *marks = ticks.take(size)
        parts.append(_box(_over(own, marks), f"{n}. {pen.deed()}"))
        for k, mark in enumerate(marks, 1):
            star = "*" if pen.chance.random() < 0.05 else ""
            parts.append(f"  - [{mark}]{star} {n}.{k} {pen.deed()}")
            parts.append(f"    - {pen.deed()}")
            parts.append(f"    - _Requirements: {n}.{k}, {n}.{k + 1}_")
    return "\n".join(parts)


def spec_kit(ticks: Ticks) -> str:
    """Phases of numbered tasks."""
    pen, parts, task = ticks.pen, [f"# Tasks: {ticks.pen.name().capitalize()}", ""], 0
    for n, size in _numbered(ticks):
        parts += [f"## Phase {n}: {pen.name().capitalize()}", ""]
        for mark in ticks.take(size):
            task += 1
            parts.append(_box(mark, f"T{task:03d} [P] [US{n}] {pen.deed()}"))
        parts.append("")
    return "\n".join(parts)


def openspec(ticks: Ticks) -> str:
    """Numbered groups of numbered tasks."""
    pen, parts = ticks.pen, []
    for n, size in _numbered(ticks):
        parts += [f"## {n}. {pen.name().capitalize()}", ""]
        marks = enumerate(ticks.take(size), 1)
        parts += [_box(mark, f"{n}.{k} {pen.deed()}") for k, mark in marks]
        parts.append("")
    return "\n".join(parts)


def superpowers(ticks: Ticks) -> str:
    """Tasks of steps, with code between the boxes."""
    pen, parts = ticks.pen, [f"# {ticks.pen.name().capitalize()} Implementation Plan", ""]
    for n, size in _numbered(ticks):
        parts += [f"### Task {n}: {pen.name().capitalize()}", ""]
        for k, mark in enumerate(ticks.take(size), 1):
            parts += [_box(mark, f"**Step {k}: {pen.deed()}**"), ""]
            if k % 3 == 0:
                parts += [pen.code(), ""]
    return "\n".join(parts)


_DESIGN = "services/{area}/docs/{number:04d}-{slug}.md"

SHAPES = (
    Shape("nested", 30, _DESIGN, nested),
    Shape("headed", 16, _DESIGN, headed),
    Shape("flat", 6, _DESIGN, flat),
    Shape("tasks", 8, _DESIGN, tasks),
    Shape("grouped", 6, _DESIGN, grouped),
    Shape("indexed", 6, _DESIGN, indexed),
    Shape("nested-unlabelled", 6, _DESIGN, nested_unlabelled),
    Shape("implicit", 5, _DESIGN, implicit),
    Shape("no-checklist", 4, _DESIGN, no_checklist, has_boxes=False),
    Shape("kiro", 4, "services/{area}/.kiro/specs/{slug}-{number}/tasks.md", kiro, whole_file=True),
    Shape(
        "spec-kit",
        3,
        "services/{area}/specs/{number:03d}-{slug}/tasks.md",
        spec_kit,
        whole_file=True,
    ),
    Shape("openspec", 3, "openspec/changes/{slug}-{number}/tasks.md", openspec, whole_file=True),
    Shape(
        "superpowers",
        3,
        "docs/superpowers/plans/{number:04d}-{slug}.md",
        superpowers,
        whole_file=True,
    ),
)


def _numbered(ticks: Ticks) -> Iterator[tuple[int, int]]:
    return enumerate(ticks.groups(), 1)


def _milestone(ticks: Ticks, size: int, label: str) -> str:
    own, *marks = ticks.take(size)
    title = _box(_over(own, marks), f"{label}{ticks.pen.name().capitalize()}")
    return "\n".join(filter(None, [title, _steps(ticks, marks, "  ")]))


def _sections(ticks: Ticks, heading: Callable[[int, str], str]) -> str:
    parts = []
    for n, size in _numbered(ticks):
        title = heading(n, ticks.pen.name().capitalize())
        parts.append(f"{title}\n\n{ticks.pen.sentence()}\n\n{_steps(ticks, ticks.take(size))}")
    return "\n\n".join(parts)


def _steps(ticks: Ticks, marks: list[str], indent: str = "") -> str:
    pen, parts = ticks.pen, []
    for k, mark in enumerate(marks):
        # The last step of a longer milestone is a part of the one before it.
        deeper = "  " if k == len(marks) - 1 and k > 6 else ""
        words = _box(mark, f"{pen.deed()}.", indent + deeper)
        parts.append(words)
        if pen.chance.random() < 0.08:
            inside = f"{indent}{deeper}  "
            parts.append("\n" + wrapped(pen.sentence(), inside, inside) + "\n")
    return "\n".join(parts)


def _box(mark: str, words: str, indent: str = "") -> str:
    return wrapped(f"- [{mark}] {words}", indent, f"{indent}  ")


def _over(own: str, marks: list[str]) -> str:
    """Give the mark of a milestone with such steps; without any, its own."""
    return "x" if all(mark == "x" for mark in marks or [own]) else " "
