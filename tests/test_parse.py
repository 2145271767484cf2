"""Documents are read whole: any text gives a plan, and every box-like line is accounted for."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plantrack.core import beside, boxes, dialect, flags, ids, markdown, parse, pointer, progress
from plantrack.core.model import Kind, Ledger, Plan, Shape, State
from strategies import PATHS, any_text, design_docs, markdown as markdown_texts, paths, read

RULES = dialect.Rules()


def explain(text: str, path: str = PATHS[0]) -> tuple[Plan, Ledger]:
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
