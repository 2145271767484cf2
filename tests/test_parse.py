"""Documents are read whole: any text gives a plan, and every box-like line is accounted for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core import beside, boxes, dialect, flags, ids, markdown, parse, pointer, progress
from plantrack.core.model import Kind, Ledger, Plan, Shape, State
from strategies import DESIGN_DOC, KIRO, OPENSPEC, any_text, design_docs, paths, read
from strategies import markdown as markdown_texts

RULES = dialect.Rules()


def explain(text: str, path: str = DESIGN_DOC) -> tuple[Plan, Ledger]:
    plan, ledger, _ = parse.explain(text, dialect.origin(path), RULES)
    return plan, ledger


@settings(max_examples=300)
@given(any_text(), paths())
def test_any_text_gives_a_plan_and_all_that_is_shown_of_it(text: str, path: str) -> None:
    plan, ledger = explain(text, path)
    assert plan == read(text, path)
    flags.flags(plan)
    pointer.next_task(plan)
    beside.stale_next_steps(plan)
    assert len(ids.assign(plan, path)) == sum(1 for _ in plan.walk())
    assert len(ledger.lines) >= sum(node.is_leaf for node in plan.walk())


@settings(max_examples=200)
@given(st.one_of(design_docs(), markdown_texts(), any_text()), paths())
def test_every_box_like_line_stands_in_the_ledger_once(text: str, path: str) -> None:
    plan, ledger = explain(text, path)
    lines = markdown.split_lines(text)
    box_like = [n for n, raw in enumerate(lines, 1) if boxes.BOX_LIKE.match(raw)]
    assert [row.line for row in ledger.lines] == box_like
    assert all((row.counted is None) != (row.excluded is None) for row in ledger.lines)
    assert all(row.raw == lines[row.line - 1] for row in ledger.lines)
    assert {row.line for row in ledger.lines if row.counted} == {
        node.line for node in plan.walk() if node.mark is not None
    }


@settings(max_examples=200)
@given(design_docs(), paths())
def test_the_sums_of_the_ledger_are_those_of_the_plan(text: str, path: str) -> None:
    plan, ledger = explain(text, path)
    nodes = list(plan.walk())
    sums = progress.tally([node for section in plan.sections for node in section.nodes])
    counted = ledger.count("leaf") + ledger.count("parent") + ledger.count("optional")
    assert len(ledger.lines) == counted + sum(ledger.excluded().values())
    assert ledger.count("leaf") == sums.leaves.total + sums.leaves.dropped
    assert ledger.count("optional") == sums.optional_open
    assert ledger.count("parent") == sum(n.mark is not None and not n.is_leaf for n in nodes)
    assert all(row.line == nodes[row.index].line for row in ledger.lines if row.index is not None)


@given(design_docs(), paths())
def test_what_is_below_a_dropped_or_optional_box_is_so_too(text: str, path: str) -> None:
    for node in read(text, path).walk():
        if node.mark is None:
            continue
        if node.state is State.DROPPED:
            assert all(below.state in {State.DROPPED, State.DONE} for below in node.walk())
        if node.optional:
            assert all(below.optional for below in node.walk())


@given(design_docs(), paths())
def test_nodes_stand_in_document_order_inside_their_section(text: str, path: str) -> None:
    plan = read(text, path)
    for section in plan.sections:
        lines = [node.line for node in section.walk()]
        assert all(section.line <= line <= section.end for line in lines)
        if section.shape is not Shape.INDEXED:  # an index box takes its section's steps along
            assert lines == sorted(lines)


@given(design_docs(), paths(), st.sampled_from(["\r\n", "\r"]))
def test_line_ends_change_nothing(text: str, path: str, end: str) -> None:
    assert read(text.replace("\n", end), path) == read(text, path)


@given(design_docs(), paths())
def test_renumbered_labels_change_no_count(text: str, path: str) -> None:
    renumbered = re.sub(
        r"(Milestone |Phase |M|Step |T00|Task )(\d+)", lambda m: f"{m[1]}{int(m[2]) + 3}", text
    )
    before, after = read(text, path), read(renumbered, path)
    assert [(n.line, n.state, n.kind) for n in after.walk()] == [
        (n.line, n.state, n.kind) for n in before.walk()
    ]


# --- why a line is not counted ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["- [P] a"], "“[P]” is no mark"),
        (["- [ ]"], "nothing follows the brackets on its line"),
        (["- [ ]\xa0a"], "no blank follows the brackets"),
        (["text", "        - [ ] a"], "text of a paragraph, not a list item"),
        (["text", "    > - [ ] a"], "text of a paragraph, not a list item"),
        (["1234567890. [ ] a"], "text of a paragraph, not a list item"),
        (["-\xa0[ ] a"], "text of a paragraph, not a list item"),
        (["\u0661. [ ] a"], "text of a paragraph, not a list item"),
        (["    - [ ] a"], "in indented code"),
        (["-      [ ] a"], "in indented code"),
        (["```", "- [ ] a", "```"], "in a code fence"),
        (["- b", "  ```", "  - [ ] a"], "in a code fence"),
        (["> - [ ] a"], "in a block quote"),
        (["> ```", "> - [ ] a"], "in a code fence"),
        (["<!-- - [ ] a -->"], "in an HTML comment"),
        (["<details>", "- [ ] a", "</details>"], "in an HTML block"),
        (["- [ ] a", "  ==="], "in a heading"),
        (["### Future Work", "- [ ] a"], "in the section “Future Work”"),
        (["### **Notes**", "#### A", "- [ ] a"], "in the section “Notes”"),
        (["# B", "- [ ] a"], "outside the plan, under “B”"),
    ],
)
def test_a_line_that_is_not_counted_has_one_reason(lines: list[str], reason: str) -> None:
    plan, ledger = explain("# A\n\n## Milestones\n" + "\n".join(lines) + "\n")
    assert ledger.excluded() == {reason: 1}
    assert list(plan.walk()) == []


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("- [ ] a\n\n# A\n## Milestones\n", "x.md", "outside the plan, before the first heading"),
        ("# A\n- [ ] a\n", "x.md", "the document has no plan"),
        ("# Design: <Feature Name>\n## Milestones\n- [ ] a\n", "x.md", "in a template"),
        ("---\na:\n  - [ ] b\n---\n# A\n", "x.md", "in the front matter"),
        ("- [ ] a\n\n## 1. B\n", OPENSPEC, "not under a milestone heading"),
    ],
)
def test_a_box_outside_the_plan_has_its_reason(text: str, path: str, reason: str) -> None:
    _, ledger = explain(text, path)
    assert ledger.excluded() == {reason: 1}


def test_the_reason_goes_for_all_boxes_below() -> None:
    _, ledger = explain("# A\n\n- [ ] a\n  - [ ] b\n    - [x] c\n")
    assert ledger.excluded() == {"the document has no plan": 3}


def test_boxes_nested_too_deeply_are_named_not_lost_in_silence() -> None:
    text = "# A\n\n## Milestones\n" + "".join("  " * n + f"- [ ] {n}\n" for n in range(25))
    plan, ledger = explain(text)
    assert ledger.excluded() == {"nested deeper than 20 levels": 5}
    assert [f.line for f in plan.findings if f.code == "swallowed-box"] == [24, 25, 26, 27, 28]


def test_a_box_like_line_says_how_it_was_counted() -> None:
    _, ledger = explain("# A\n\n## Milestones\n- [ ] a\n  - [x] b\n  - [ ]* c\n  - [x]* d\n")
    assert [row.counted for row in ledger.lines] == ["parent", "leaf", "optional", "leaf"]
    assert [row.index for row in ledger.lines] == [0, 1, 2, 3]


def test_a_parent_that_is_its_own_first_leaf_is_a_leaf_in_the_ledger() -> None:
    plan, ledger = explain("- [x] 1. a\n  - b\n- [ ] 1.1 c\n", KIRO)
    assert [row.counted for row in ledger.lines] == ["leaf", "leaf"]
    assert [row.index for row in ledger.lines] == [1, 2]
    assert [node.line for node in plan.walk()] == [1, 1, 3]


# --- the document as a whole --------------------------------------------------------------------


def test_a_template_holds_no_plan() -> None:
    text = "# Design: <Feature Name>\n\n**Status:** Draft\n\n## Milestones\n- [ ] a\n"
    plan, _, why = parse.explain(text, dialect.origin("x.md"), RULES)
    assert plan.template
    assert (plan.sections, plan.dialect, plan.boxes_outside) == ((), "", 0)
    assert why == ("the title is a placeholder: this is a template, not a plan",)


def test_how_a_document_was_read_is_said_in_sentences() -> None:
    _, _, why = parse.explain("# A\n\n## Milestones\n- [ ] a\n", dialect.origin("x.md"), RULES)
    assert why == (
        "line 3: “Milestones” is a plan heading; its section ends at line 4",
        "a flat list of tasks",
    )
    _, _, why = parse.explain("# A\n\n- [ ] a\n", dialect.origin("x.md"), RULES)
    assert why == ("there is no plan heading, and the headings do not make an implicit plan",)


def test_boxes_outside_the_plan_are_counted() -> None:
    plan = read("# A\n- [ ] a\n  - [ ] b\n## Milestones\n- [ ] c\n### Notes\n- [ ] d\n> - [ ] e\n")
    assert plan.boxes_outside == 3


@pytest.mark.parametrize(
    ("heading", "inside"),
    [
        ("### Verification", False),
        ("### 6. Verification", False),
        ("### Phase 6: Verification", True),
        ("### Verification of ropes", True),
    ],
)
def test_a_label_makes_a_checking_section_part_of_the_plan(heading: str, *, inside: bool) -> None:
    plan = read(f"# A\n\n## Milestones\n- [ ] a\n\n{heading}\n- [ ] b\n")
    assert bool(plan.boxes_outside) is not inside


def test_a_dialect_makes_a_checking_section_a_milestone() -> None:
    plan = read("# A\n\n## 1. B\n- [ ] a\n\n## 2. Verification\n- [ ] b\n", OPENSPEC)
    assert [node.label for node in plan.walk() if node.kind is Kind.MILESTONE] == ["1", "2"]


def test_next_steps_are_read_with_their_bullets() -> None:
    text = (
        "# A\n\n## Next Steps\n\n1. do\n   M3\n   - not this\n\ntext\n\n### Later\n\n- then\n\n"
        "## B\n\n- other\n\n## Next steps (draft)\n\n- [ ] boxed\n"
    )
    assert [(bullet.line, bullet.text) for bullet in read(text).next_steps] == [
        (5, "do M3"),
        (13, "then"),
        (21, "[ ] boxed"),
    ]


def test_a_section_that_is_too_large_is_read_up_to_its_limit() -> None:
    rules = dialect.Rules(max_section_chars=40)
    text = "# A\n\n## Milestones\n" + "- [ ] abcde\n" * 10
    plan, ledger, _ = parse.explain(text, dialect.origin("x.md"), rules)
    assert sum(1 for _ in plan.walk()) == 2
    assert plan.boxes_outside == 8
    assert [(f.line, f.code) for f in plan.findings] == [(6, "large-section")]
    assert len(ledger.lines) == 10


def test_boxes_behind_the_lines_that_are_read_are_named() -> None:
    text = "# A\n\n## Milestones\n" + "- [ ] abcde\n" * 5
    plan, ledger, _ = parse.explain(text, dialect.origin("x.md"), dialect.Rules(max_lines=5))
    assert sum(1 for _ in plan.walk()) == 2
    assert ledger.excluded() == {"behind the 5 lines that are read": 3}
    assert [(f.line, f.code) for f in plan.findings] == [(6, "long-document")]


def test_a_status_may_stand_in_the_front_matter() -> None:
    plan = read("---\nstatus: Shipped\n---\n# A\n\n## Milestones\n- [x] a\n")
    assert (plan.status.text, plan.status.line) == ("Shipped", 2)


def test_a_status_below_a_milestone_heading_is_not_that_of_the_document() -> None:
    plan = read("# A\n\n## Milestones\n\n### M1: a\n\nStatus: shipped\n\n- [ ] b\n")
    assert plan.status.line == 0
    assert next(plan.walk()).notes == "Status: shipped"
