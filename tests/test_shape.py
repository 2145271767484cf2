"""Milestones and steps, as people write them: nested, grouped, indexed, headed, flat."""

from __future__ import annotations

import pytest

from plantrack.core.model import Kind, Node, Section, Shape, State
from strategies import KIRO, OPENSPEC, read


def section(*lines: str) -> Section:
    return read("# Design: A\n\n## Milestones\n" + "\n".join(lines) + "\n").sections[0]


def spec(*lines: str, path: str = KIRO) -> Section:
    return read("\n".join(lines) + "\n", path).sections[0]


def tree(nodes: tuple[Node, ...]) -> list[object]:
    """Show nodes as (first letter of the kind, words), followed by the list of their children."""
    shown: list[object] = []
    for node in nodes:
        shown.append(f"{node.kind.value[0]} {node.title}")
        if node.children:
            shown.append(tree(node.children))
    return shown


@pytest.mark.parametrize(
    ("lines", "shape", "shown"),
    [
        # labelled boxes
        (["- [ ] M1: a", "  - [ ] b", "- [ ] M2: c"], Shape.NESTED, ["m a", ["s b"], "m c"]),
        (["- [ ] M1: a", "- [ ] M2: b"], Shape.FLAT, ["m a", "m b"]),
        (
            ["### A", "- [ ] M1: a", "### B", "- [ ] M2: b"],
            Shape.GROUPED,
            ["g A", ["m a"], "g B", ["m b"]],
        ),
        (["- [ ] M1: a", "### B", "- [ ] M2: b"], Shape.FLAT, ["m a", "g B", ["m b"]]),
        # a lost indent
        (
            ["- [ ] M1: a", "- [ ] b", "  - [ ] c", "- [ ] M2: d", "- [ ] M3: e"],
            Shape.NESTED,
            ["m a", ["s b", ["s c"]], "m d", "m e"],
        ),
        (["- [ ] a", "- [ ] M1: b", "- [ ] M2: c"], Shape.FLAT, ["t a", "m b", "m c"]),
        (
            ["- [ ] M1: a", "- [ ] M2: b", "- [ ] c", "- [ ] M3: d", "- [ ] e"],
            Shape.NESTED,
            ["m a", "m b", ["s c"], "m d", ["s e"]],
        ),
        (
            ["- [ ] M1: a", "- [ ] M2: b", "- [ ] M3: c", "### B", "- [ ] d"],
            Shape.FLAT,
            ["m a", "m b", "m c", "g B", ["t d"]],
        ),
        # under a labelled heading only words like Phase count
        (
            ["### Phase A", "- [ ] A1: a", "- [ ] A2: b"],
            Shape.HEADED,
            ["m Phase A", ["s a", "s b"]],
        ),
        (
            ["### Phase A", "- [ ] Milestone 1: a", "- [ ] Milestone 2: b"],
            Shape.GROUPED,
            ["g Phase A", ["m a", "m b"]],
        ),
        # an index and its sections
        (
            ["- [ ] Phase 1: a", "- [ ] Phase 2: b", "### Phase 1: c", "- [ ] d", "- [ ] e"],
            Shape.INDEXED,
            ["m a", ["s d", "s e"], "m b"],
        ),
        (
            ["- [ ] Phase 1: a", "### Phase 1: c", "- [ ] d", "### Phase 2: e", "- [ ] f"],
            Shape.INDEXED,
            ["m a", ["s d"], "m e", ["s f"]],
        ),
        (
            ["### Phase 1: c", "- [ ] d", "- [ ] e", "### Index", "- [ ] Phase 1: a"],
            Shape.INDEXED,
            ["g Index", ["m a", ["s d", "s e"]]],
        ),
        (
            [
                "- [ ] Phase 1: a",
                "- [ ] g",
                "### Phase 1: c",
                "- [ ] d",
                "#### h",
                "- [ ] i",
                "### Other",
                "- [ ] f",
            ],
            Shape.INDEXED,
            ["m a", ["s d", "g h", ["s i"]], "t g", "m Other", ["s f"]],
        ),
        # headings
        (["### A", "- [ ] a", "### B", "- [ ] b"], Shape.HEADED, ["m A", ["s a"], "m B", ["s b"]]),
        (["### A", "#### B", "- [ ] b"], Shape.HEADED, ["g A", ["m B", ["s b"]]]),
        (["### Phase 1", "#### B", "- [ ] b"], Shape.HEADED, ["m Phase 1", ["g B", ["s b"]]]),
        (["### A", "#### Task 1", "- [ ] b"], Shape.HEADED, ["g A", ["m Task 1", ["s b"]]]),
        (["### A", "- [ ] a", "#### B", "- [ ] b"], Shape.HEADED, ["m A", ["s a"], "m B", ["s b"]]),
        (["- [ ] a", "### B", "- [ ] b"], Shape.HEADED, ["t a", "m B", ["s b"]]),
        # boxes in boxes, and none of all this
        (["- [ ] a", "  - [ ] b", "- [ ] c"], Shape.NESTED, ["m a", ["s b"], "m c"]),
        (["- [ ] a", "- [ ] b"], Shape.FLAT, ["t a", "t b"]),
        (["- [ ] M1: a", "- [ ] b"], Shape.FLAT, ["m a", "t b"]),
        (["text", "1. ✅ a"], Shape.NO_CHECKLIST, []),
    ],
)
def test_the_shape_of_a_plan_gives_its_layers(
    lines: list[str], shape: Shape, shown: list[object]
) -> None:
    found = section(*lines)
    assert (found.shape, tree(found.nodes)) == (shape, shown)


@pytest.mark.parametrize(
    ("lines", "shape", "shown"),
    [
        (["- [ ] 1. a", "  - [ ] 1.1 b"], Shape.NESTED, ["m a", ["s b"]]),
        (["- [ ] 1. a", "- [ ] 1.1 b", "- [ ] 2. c"], Shape.NESTED, ["m a", ["s b"], "m c"]),
        (["- [ ] 1. a", "  - x", "- [ ] 1.1 b"], Shape.NESTED, ["m a", ["s a", "s b"]]),
        (["- [ ] 1. a", "- [ ] 1.1 b", "- [ ] 1.1.1 c"], Shape.NESTED, ["m a", ["s b", ["s c"]]]),
        (["- [ ] 1.1 a", "- [ ] 2. b"], Shape.FLAT, ["m a", "m b"]),
        (["- [ ] 1. a", "- [ ] b"], Shape.FLAT, ["m a", "t b"]),
        (["- [ ] a", "- [ ] b"], Shape.FLAT, ["t a", "t b"]),
        (["- [ ] a", "  - [ ] 1.1 b"], Shape.NESTED, ["m a", ["s b"]]),
        (["# A", "## Tasks", "- [ ] 1. a", "- [ ] 2. b"], Shape.FLAT, ["m a", "m b"]),
        (
            ["# A", "## B", "- [ ] 1. a", "## C", "- [ ] 2. b"],
            Shape.GROUPED,
            ["g B", ["m a"], "g C", ["m b"]],
        ),
    ],
)
def test_numbers_nest_where_the_dialect_says_so(
    lines: list[str], shape: Shape, shown: list[object]
) -> None:
    found = spec(*lines)
    assert (found.shape, tree(found.nodes)) == (shape, shown)


def test_numbers_nest_no_deeper_than_lists_do() -> None:
    lines = [f"- [ ] {'.'.join('1' * depth)}. a" for depth in range(1, 300)]
    nodes = spec(*lines).nodes
    depth = 0
    while nodes:
        depth += 1
        nodes = nodes[0].children
    assert depth == 20
    assert sum(1 for _ in spec(*lines).walk()) == 299


def test_a_parent_with_bullets_of_its_own_is_its_first_leaf() -> None:
    (milestone,) = spec("- [x] 1. a", "  - x", "- [ ] 1.1 b").nodes
    own, step = milestone.children
    assert (milestone.mark, milestone.state, milestone.notes) == (None, State.DOING, "")
    assert (own.line, own.mark, own.state, own.kind, own.notes) == (
        1,
        "x",
        State.DONE,
        Kind.STEP,
        "- x",
    )
    assert step.state is State.TODO


@pytest.mark.parametrize(
    ("lines", "shape", "shown"),
    [
        (
            ["# A", "## 1. B", "- [ ] 1.1 a", "## 2. C", "- [ ] 2.1 b"],
            Shape.HEADED,
            ["m B", ["s a"], "m C", ["s b"]],
        ),
        (["# A", "- [ ] 0.1 z", "## 1. B", "- [ ] 1.1 a"], Shape.HEADED, ["m B", ["s a"]]),
        (["# A", "## 1. B", "text", "## C", "- [ ] a"], Shape.NO_CHECKLIST, []),
        (["# A", "## B", "- [ ] 1.1 a"], Shape.HEADED, ["m B", ["s a"]]),
        (["# A", "## B", "### 1. C", "- [ ] 1.1 a"], Shape.HEADED, ["g B", ["m C", ["s a"]]]),
    ],
)
def test_labelled_headings_are_milestones_where_the_dialect_says_so(
    lines: list[str], shape: Shape, shown: list[object]
) -> None:
    found = spec(*lines, path=OPENSPEC)
    assert (found.shape, tree(found.nodes)) == (shape, shown)


@pytest.mark.parametrize(
    ("lines", "unboxed"),
    [
        (["### Phase 1", "- [ ] a", "### Phase 2", "b"], [(6, "Phase 2")]),
        (["### Phase 1", "#### Step 1", "- [ ] a", "#### Step 2", "b"], []),
        (["### Phase 1", "b", "#### Step 1", "b", "### C", "- [ ] a"], [(4, "Phase 1")]),
        (
            ["- [ ] Phase 1: a", "### Phase 1", "- [ ] b", "### Phase 2", "### Phase 3", "- [ ] c"],
            [(7, "Phase 2")],
        ),
        (["### A", "- [ ] a", "### B", "b"], []),
    ],
)
def test_labelled_headings_without_boxes_are_named(
    lines: list[str], unboxed: list[tuple[int, str]]
) -> None:
    assert [(ref.line, ref.label) for ref in section(*lines).unboxed] == unboxed


def test_milestone_headings_of_a_dialect_without_boxes_are_named() -> None:
    found = spec("# A", "## 1. B", "- [ ] 1.1 a", "## 2. C", "## D", path=OPENSPEC)
    assert [(ref.line, ref.label, ref.index) for ref in found.unboxed] == [(4, "2", -1)]


# --- what is inside shares in what is around it -------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        (["- [ ] ~~M1: a~~", "  - [ ] b", "- [ ] M2: c"], ""),
        (["- [ ] ~~M1: a~~", "- [ ] b", "- [ ] M2: c", "- [ ] M3: d"], ""),
        (["- [ ] ~~Phase 1: a~~", "- [ ] Phase 2: b", "### Phase 1: c", "- [ ] d"], ""),
        (["- [ ] ~~1. a~~", "- [ ] 1.1 b", "- [ ] 1.1.1 c"], KIRO),
        (["- [ ] ~~1. a~~", "  - x", "- [ ] 1.1 b"], KIRO),
    ],
)
def test_steps_of_a_struck_milestone_are_dropped_with_it(lines: list[str], path: str) -> None:
    found = spec(*lines, path=path) if path else section(*lines)
    assert all(node.state is State.DROPPED for node in found.nodes[0].walk())


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        (["- [ ]* M1: a", "  - [ ] b", "- [ ] M2: c"], ""),
        (["- [ ]* M1: a", "- [ ] b", "- [ ] M2: c", "- [ ] M3: d"], ""),
        (["- [ ]* Phase 1: a", "- [ ] Phase 2: b", "### Phase 1: c", "- [ ] d"], ""),
        (["- [ ]* 1. a", "- [ ] 1.1 b", "- [ ] 1.1.1 c"], KIRO),
        (["- [ ]* 1. a", "  - x", "- [ ] 1.1 b"], KIRO),
    ],
)
def test_steps_of_an_optional_milestone_are_optional_with_it(lines: list[str], path: str) -> None:
    found = spec(*lines, path=path) if path else section(*lines)
    assert all(node.optional for node in found.nodes[0].walk())


def test_what_was_done_below_a_struck_box_stays_done() -> None:
    found = section("- [ ] ~~a~~", "  - [x] b", "  - [ ] c", "    - [x] d")
    assert [node.state for node in found.walk()] == [
        State.DROPPED,
        State.DONE,
        State.DROPPED,
        State.DONE,
    ]


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ("x x", State.DONE),
        ("x -", State.DOING),
        ("x _", State.DOING),
        ("_ _", State.TODO),
        ("~ _", State.DOING),
        ("x d", State.DONE),
        ("d d", State.DROPPED),
        ("d _", State.TODO),
        ("x o", State.DONE),
        ("o o", State.TODO),
    ],
)
def test_a_heading_is_as_far_as_its_required_leaves(marks: str, state: State) -> None:
    boxes = {
        "x": "- [x] a",
        "_": "- [ ] a",
        "-": "- [-] a",
        "~": "- [~] a",
        "d": "- [ ] ~~a~~",
        "o": "- [ ]* a",
    }
    (heading,) = section("### A", *(boxes[mark] for mark in marks.split())).nodes
    assert heading.state is state
    assert heading.optional is (marks == "o o")


# --- the parts of a node ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label", "title", "tags"),
    [
        ("- [ ] **Milestone 1: Dig** the trench", "Milestone 1", "Dig the trench", ()),
        ("- [ ] **Milestone 1:** Dig", "Milestone 1", "Dig", ()),
        ("- [ ] M1", "M1", "M1", ()),
        ("- [ ] M1: [P] Dig", "M1", "Dig", ("P",)),
        ("- [ ] T012 [P] [US1] Dig `a`", "T012", "Dig `a`", ("P", "US1")),
        ("- [ ] Dig", "", "Dig", ()),
    ],
)
def test_a_node_has_label_title_and_legends(
    line: str, label: str, title: str, tags: tuple[str, ...]
) -> None:
    (node,) = section(line).nodes
    assert (node.label, node.title, node.tags) == (label, title, tags)


def test_a_heading_may_be_numbered_and_labelled() -> None:
    (node,) = section("### 4.1 Phase 2: Dig", "- [ ] a").nodes
    assert (node.label, node.title) == ("Phase 2", "Dig")
    (node,) = section("### 4.1 Dig", "- [ ] a").nodes
    assert (node.label, node.title) == ("4.1", "Dig")


def test_a_status_below_a_heading_is_its_note() -> None:
    (node,) = section("### Phase 1 {#one}", "**Status:** blocked", "- [ ] a").nodes
    assert (node.notes, node.text) == ("Status: blocked - [ ] a", "Phase 1")
