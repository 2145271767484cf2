"""Plans are read as the hand-written expectations in tests/cases say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plantrack.core import beside, boxes, dialect, flags, markdown, parse, pointer, progress
from plantrack.core.model import Ledger, Plan, Ref

CASES = Path(__file__).parent / "cases"
SAMPLES = CASES.parent.parent / "sample_docs"
RULES = json.loads((CASES / "rules.json").read_text("utf-8"))
DOCUMENTS = [
    json.loads(path.read_text("utf-8"))
    for path in sorted(CASES.glob("*.json"))
    if path.name not in {"identity.json", "rules.json"}
]


@pytest.mark.parametrize("case", RULES, ids=[case["name"] for case in RULES])
def test_a_rule_holds(case: dict[str, Any]) -> None:
    read = _read(case["path"], case["text"].encode())
    assert _observed(case["expect"], case["path"], *read) == case["expect"]


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case["path"] for case in DOCUMENTS])
def test_a_sample_document_reads_as_its_expectation(case: dict[str, Any]) -> None:
    read = _read(case["path"], (SAMPLES / case["path"]).read_bytes())
    expected = {key: value for key, value in case.items() if key not in {"path", "note"}}
    assert _observed(expected, case["path"], *read) == expected


@pytest.mark.parametrize("case", DOCUMENTS, ids=[case["path"] for case in DOCUMENTS])
def test_the_ledger_of_a_sample_document_reconciles(case: dict[str, Any]) -> None:
    text, _ = markdown.decode((SAMPLES / case["path"]).read_bytes())
    plan, ledger = _read(case["path"], text.encode())
    lines = [n for n, raw in enumerate(markdown.split_lines(text), 1) if boxes.BOX_LIKE.match(raw)]
    assert [row.line for row in ledger.lines] == lines
    inside = {node.line for node in plan.walk() if node.mark is not None}
    assert {row.line for row in ledger.lines if row.counted} == inside


def _read(path: str, data: bytes) -> tuple[Plan, Ledger]:
    text, _ = markdown.decode(data)
    plan, ledger, why = parse.explain(text, dialect.origin(path), dialect.Rules())
    assert why
    return plan, ledger


def _observed(wanted: dict[str, Any], path: str, plan: Plan, ledger: Ledger) -> dict[str, Any]:
    """Read the wanted keys off a plan, in the words of the expectations."""
    sums = progress.tally([node for section in plan.sections for node in section.nodes])
    marked = {flags.TICKED_PARENT, flags.OPEN_PARENT, flags.TICKED_STRUCK}
    every: dict[str, Any] = {
        "left_out": dialect.is_left_out(path) or plan.template,
        "dialect": plan.dialect,
        "shapes": [section.shape.value for section in plan.sections],
        "status_family": plan.status.family.value,
        "status_text": plan.status.text,
        "milestones": [sums.milestones.done, sums.milestones.total, sums.milestones.dropped],
        "leaves": [sums.leaves.done, sums.leaves.total, sums.leaves.dropped],
        "optional_open": sums.optional_open,
        "boxes_outside": plan.boxes_outside,
        "unboxed": sum(len(section.unboxed) for section in plan.sections),
        "contradiction_lines": sorted(
            finding.line for finding in flags.contradictions(plan) if finding.code in marked
        ),
        "stale_next_steps": [finding.line for finding in beside.stale_next_steps(plan)],
        "excluded": {
            str(row.line): wanted.get("excluded", {}).get(str(row.line), row.excluded)
            for row in ledger.lines
            if row.excluded
        },
        "pointer": _pointer(wanted.get("pointer", {}), plan),
        "nodes": [_node(node, plan) for node in wanted.get("nodes", ())],
    }
    return {key: every[key] for key in wanted}


def _pointer(wanted: dict[str, Any], plan: Plan) -> dict[str, Any]:
    found = pointer.next_task(plan)
    said = " ".join(found.cautions).lower()
    every: dict[str, Any] = {
        "action": found.action.value,
        "line": _line(found.target),
        "milestone_line": _line(found.milestone),
        "left_behind_lines": [ref.line for ref in found.left_behind],
        "alternatives_lines": [ref.line for ref in found.alternatives],
        "then_lines": [ref.line for ref in found.then],
        "caution_words": [w for w in wanted.get("caution_words", ()) if w.lower() in said],
    }
    return {key: every[key] for key in wanted}


def _node(wanted: dict[str, Any], plan: Plan) -> dict[str, Any]:
    node = next((n for n in plan.walk() if n.line == wanted["line"]), None)
    if node is None:
        return {"line": None}
    every: dict[str, Any] = {
        "line": node.line,
        "text": node.text,
        "title": node.title,
        "label": node.label,
        "state": node.state.value,
        "mark": node.mark,
        "kind": node.kind.value,
        "optional": node.optional,
        "struck": node.struck,
        "tags": list(node.tags),
        "notes": node.notes,
        "notes_contains": wanted.get("notes_contains", "")
        if wanted.get("notes_contains", "") in node.notes
        else node.notes,
    }
    return {key: every.get(key, "no such key") for key in wanted}


def _line(ref: Ref | None) -> int | None:
    return ref.line if ref else None
