"""Which stretches of a document are plan, and which dialect it is written in."""

from __future__ import annotations

import pytest

from plantrack.core import boxes, dialect, sections
from plantrack.core.dialect import Rules
from plantrack.core.sections import Stretch
from plantrack.core.source import read_source


def find(text: str, path: str = "docs/x.md", rules: Rules | None = None) -> tuple[Stretch, ...]:
    rules = rules or Rules()
    source = read_source(text, rules)
    found = boxes.read_boxes(source.outline.items, source.lines, rules)
    row = sections.choose_dialect(source, found, dialect.origin(path).rows, rules)
    return sections.find_stretches(source, found, row, rules)


def parts(text: str, path: str = "docs/x.md") -> list[tuple[tuple[int, int], ...]]:
    return [stretch.parts for stretch in find(text, path)]


def dialect_of(text: str, path: str) -> str:
    rules = Rules()
    source = read_source(text, rules)
    found = boxes.read_boxes(source.outline.items, source.lines, rules)
    return sections.choose_dialect(source, found, dialect.origin(path).rows, rules).name


# --- dialects -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "path", "name"),
    [
        ("# A\n", "docs/x.md", "design doc"),
        ("- [ ] a\n", ".kiro/specs/a/tasks.md", "Kiro"),
        ("- [ ] T012 a\n", "specs/a/tasks.md", "spec-kit"),
        ("- [ ] **T012** a\n", "specs/a/tasks.md", "spec-kit"),
        ("- [ ] a\n", "specs/a/tasks.md", "design doc"),
        ("- [ ] T012 a\n", "docs/x.md", "design doc"),
        ("- [ ] a\n", "docs/superpowers/plans/x.md", "superpowers"),
        ("## Milestones\n", "docs/superpowers/plans/x.md", "superpowers"),
        ("- [ ] a\n", "docs/plans/x.md", "superpowers"),
        ("## Milestones\n", "docs/plans/x.md", "design doc"),
        ("# Implementation Plan\n- [ ] 1. a\n- [ ] 1.1 b\n", "docs/x.md", "Kiro"),
        ("# Implementation Plan: Mooring\n- [ ] 1. a\n  - [ ] 1.1 b\n", "docs/x.md", "Kiro"),
        ("# Implementation Plan\n- [ ] 1. a\n- [ ] b\n", "docs/x.md", "design doc"),
        ("## Implementation Plan\n- [ ] 1. a\n- [ ] 2. b\n", "docs/x.md", "design doc"),
        ("# A\n# Implementation Plan\n- [ ] 1. a\n- [ ] 2. b\n", "docs/x.md", "design doc"),
        ("", "docs/x.md", "design doc"),
    ],
)
def test_the_dialect_is_chosen_by_path_then_by_text(text: str, path: str, name: str) -> None:
    assert dialect_of(text, path) == name


def test_a_dialect_by_path_makes_the_whole_file_a_plan() -> None:
    (stretch,) = find("# A\n\n- [ ] a\n\n# B\n", ".kiro/specs/a/tasks.md")
    assert (stretch.first, stretch.last, stretch.heading) == (1, 5, None)


# --- plan headings ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# A\n## Milestones\n- [ ] a\n", [((2, 3),)]),
        ("# A\n## Milestones\na\n### B\nb\n## C\nc\n", [((2, 5),)]),
        ("# A\n## Milestones\na\n# Future Work\nb\n", [((2, 3),)]),
        ("## Milestones\na\n### Milestones\nb\n## Milestones\nc\n", [((1, 4),), ((5, 6),)]),
        ("Milestones\n----------\na\n", [((1, 3),)]),
        ("## Milestones\n# <instructions>a\n# b\n# </instructions>\n- [ ] c\n# D\n", [((1, 5),)]),
        ("# A\n- [ ] a\n", []),
        ("", []),
    ],
)
def test_a_plan_is_what_stands_under_a_plan_heading(
    text: str, found: list[tuple[tuple[int, int], ...]]
) -> None:
    assert parts(text) == found


def test_plan_headings_are_configured() -> None:
    rules = Rules(plan_headings=("rollout",))
    assert [s.first for s in find("# A\n## Rollout\n## Milestones\n", rules=rules)] == [2]


# --- implicit plans -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # two labelled headings, half of them with boxes
        ("## Phase 1\n- [ ] a\n## Phase 2\n- [ ] b\n", [((1, 2), (3, 4))]),
        ("## Phase 1\n- [ ] a\n## Phase 2\nb\n", [((1, 2), (3, 4))]),
        ("## M1: a\n- [ ] a\n## C0\n- [ ] b\n", [((1, 2), (3, 4))]),
        ("## 1. Phase 1\n- [ ] a\n## 2. Phase 2\n- [ ] b\n", [((1, 2), (3, 4))]),
        ("## Phase 1\n- [ ] a\n## Phase 2\nb\n## Phase 3\nc\n", []),
        ("## Phase 1\n- [ ] a\n", []),
        ("## 1. A\n- [ ] a\n## 2. B\n- [ ] b\n", []),
        ("## v0.8\n- [ ] a\n## v0.9\n- [ ] b\n", []),
        # the outermost level that qualifies
        (
            "## Phase 1\n### Step 1\n- [ ] a\n### Step 2\n- [ ] b\n## Phase 2\n- [ ] c\n",
            [((1, 5), (6, 7))],
        ),
        ("## A\n### Phase 1\n- [ ] a\n## B\n### Phase 2\n- [ ] b\n", [((2, 3), (5, 6))]),
        # a sibling with boxes after the first labelled one belongs to it
        ("## Phase 1\n- [ ] a\n## B\n- [ ] b\n## Phase 2\n- [ ] c\n", [((1, 2), (3, 4), (5, 6))]),
        ("## Phase 1\n- [ ] a\n## B\nb\n## Phase 2\n- [ ] c\n", [((1, 2), (5, 6))]),
        ("## B\n- [ ] b\n## Phase 1\n- [ ] a\n## Phase 2\n- [ ] c\n", [((3, 4), (5, 6))]),
        (
            "## Phase 1\n- [ ] a\n## Phase 2\n- [ ] c\n## Verification\n- [ ] d\n",
            [((1, 2), (3, 4))],
        ),
        (
            "# A\n## Phase 1\n- [ ] a\n## Phase 2\n- [ ] b\n# B\n## C\n- [ ] c\n",
            [((2, 3), (4, 5))],
        ),
    ],
)
def test_labelled_headings_with_boxes_make_an_implicit_plan(
    text: str, found: list[tuple[tuple[int, int], ...]]
) -> None:
    assert parts(text) == found


def test_a_plan_heading_leaves_no_room_for_an_implicit_plan() -> None:
    text = "## Phase 1\n- [ ] a\n## Phase 2\n- [ ] b\n## Milestones\n"
    assert parts(text) == [((5, 5),)]


# --- stretches ----------------------------------------------------------------------------------


def test_a_stretch_holds_the_lines_of_its_parts() -> None:
    stretch = Stretch(None, 2, 8, ((2, 3), (6, 9)), "")
    assert [line for line in range(1, 12) if stretch.holds(line)] == [2, 3, 6, 7, 8]


def test_a_section_that_is_too_large_is_cut_and_named() -> None:
    text = "## Milestones\n- [ ] a\n- [ ] b\n- [ ] c\n"
    (stretch,) = find(text, rules=Rules(max_section_chars=30))
    assert (stretch.first, stretch.last) == (1, 3)
    assert not stretch.holds(4)
    assert stretch.cut
    assert (stretch.cut.line, stretch.cut.code) == (4, "large-section")
