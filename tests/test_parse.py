"""A document's text to its plan: what the tables in cases/ do not reach."""

from __future__ import annotations

from plantrack.core import dialect, parse


def test_boxes_nested_deeper_than_is_read_are_named() -> None:
    rungs = "".join(f"{'  ' * depth}- [ ] rung\n" for depth in range(30))
    text = f"# Ladder\n\n## Implementation Plan\n\n{rungs}"
    plan, ledger, _ = parse.explain(text, dialect.origin("docs/ladder.md"), dialect.Rules())
    lost = [finding.line for finding in plan.findings if finding.code == "swallowed-box"]
    assert lost == [row.line for row in ledger.lines if row.counted is None]
    assert len(lost) == 30 - sum(1 for _ in plan.walk())
    assert lost
