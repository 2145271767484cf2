"""Changes to what they add to a day."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import changes, dialect, markdown, parse
from plantrack.core.change import Change, Gone, Tracked, Weight
from plantrack.core.effects import Effect, Unit, effects
from plantrack.core.model import Kind, Node, Plan
from plantrack.core.progress import OPEN
from plantrack.core.series import Amounts
from strategies import design_docs


def read(text: str) -> Plan:
    parsed, _ = markdown.decode(text.encode())
    return parse.read_plan(parsed, dialect.origin("docs/a.md"), dialect.Rules())


def checklist(body: str, status: str = "Draft") -> Plan:
    return read(f"# Tides\n\n**Status:** {status}\n\n## Implementation Plan\n\n{body}\n")


def between(before: Plan | None, after: Plan | None) -> tuple[Change, ...]:
    """Give the changes of the second of two versions."""
    old: Tracked | None = changes.step(None, before, "docs/a.md").tracked if before else None
    return changes.step(old, after, "docs/a.md").changes


def counted(found: tuple[Change, ...], unit: Unit = Unit.LEAVES) -> dict[str, int]:
    return {effect.value: count for effect, count in effects(found, unit).items() if count}


ONE = "- [ ] Milestone 1: Read\n"
STEPS = "- [ ] Milestone 1: Read\n  - [ ] Gauges\n  - [ ] Tables\n  - [x] Charts\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(None, "- [ ] a b c\n- [x] d e f", {"added": 2, "arrived_done": 1}, id="new"),
        pytest.param("- [ ] a b c", "- [x] a b c", {"ticked": 1}, id="ticked"),
        pytest.param("- [x] a b c", "- [ ] a b c", {"unticked": 1}, id="unticked"),
        pytest.param("- [ ] a b c", "- [ ] ~~a b c~~", {"given_up": 1}, id="given up"),
        pytest.param("- [ ] ~~a b c~~", "- [x] a b c", {"taken_up": 1, "ticked": 1}, id="resumed"),
        pytest.param(
            "- [x] a b c\n- [ ] d e f\n- [ ] g h i",
            "- [ ] g h i",
            {"cut_done": 1, "cut_open": 1},
            id="cut",
        ),
        pytest.param(
            ONE, STEPS, {"added": 2, "arrived_done": 1, "expanded": 1, "unexpanded_change": -1},
            id="a milestone gets its steps",
        ),
        pytest.param(
            STEPS, ONE, {"cut_open": 1, "cut_done": 1, "unexpanded_change": 1},
            id="a milestone loses its steps",
        ),
    ],
)  # fmt: skip
def test_a_change_counts_for_what_it_did(
    before: str | None, after: str, expected: dict[str, int]
) -> None:
    old = checklist(before) if before else None
    found = counted(between(old, checklist(after)))
    found.pop("unexpanded_change", None) if "unexpanded_change" not in expected else None
    assert found == expected


def test_what_is_open_in_a_document_that_ends_is_dropped() -> None:
    plan = checklist("- [ ] a b c\n- [x] d e f")
    assert counted(between(plan, None)) == {"dropped_with_document": 1}
    over = read("# Tides\n\n**Status:** Implemented\n")
    assert counted(between(plan, over)) == {"dropped_at_finalisation": 1}


def test_milestones_are_counted_apart() -> None:
    assert counted(between(None, checklist(STEPS)), Unit.MILESTONES) == {"added": 1}


@given(st.lists(st.none() | design_docs(), min_size=1, max_size=4))
def test_amounts_and_weights_say_the_same(texts: list[str | None]) -> None:
    tracked: Tracked | None = None
    gone: dict[str, Gone] = {}
    total: Counter[Effect] = Counter()
    for text in texts:
        done = changes.step(tracked, read(text) if text else None, "docs/a.md", gone=gone)
        for unit in Unit:
            sums = Weight()
            for change in done.changes:
                sums += change.leaves if unit is Unit.LEAVES else change.milestones
            found = effects(done.changes, unit)
            unexpanded = found.pop(Effect.UNEXPANDED, 0)
            amounts = Amounts(**{effect.value: found[effect] for effect in Effect
                                 if effect is not Effect.UNEXPANDED})  # fmt: skip
            assert amounts.scope_change == sums.scope
            assert amounts.done_change == sums.done
            assert amounts.dropped_change == sums.dropped
            if unit is Unit.LEAVES:
                total[Effect.UNEXPANDED] += unexpanded
        gone = {item: left for item, left in gone.items()
                if item not in {change.item for change in done.changes}}  # fmt: skip
        gone |= {left.item: left for left in done.gone}
        tracked = done.tracked
    bare = [node for node in tracked.plan.walk() if is_bare(node)] if tracked else []
    assert total[Effect.UNEXPANDED] == len(bare)


def is_bare(node: Node) -> bool:
    return node.kind is Kind.MILESTONE and node.is_leaf and node.state in OPEN and not node.optional
