"""Changes to what they add to a day."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import changes, dialect, markdown, parse
from plantrack.core.change import Change, Gone, Tracked, Weight
from plantrack.core.effects import Effect, Unit, effects, sizes
from plantrack.core.model import Kind, Node, Plan
from plantrack.core.progress import OPEN
from plantrack.core.series import Amounts, together
from plantrack.core.status import is_over
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
        pytest.param(
            ONE, ONE + "  - [x] Gauges\n  - [x] Tables\n",
            {"added": 1, "arrived_done": 1, "ticked": 1, "unexpanded_change": -1},
            id="a milestone gets steps that are done",
        ),
        pytest.param(
            ONE, ONE + "  - [ ] Gauges\n    - [ ] Near\n    - [ ] Far\n  - [ ] Tables\n",
            {"added": 2, "expanded": 2, "unexpanded_change": -1},
            id="a milestone gets steps with steps of their own",
        ),
        pytest.param(
            ONE + "  - [ ] Gauges\n", ONE + "  - [ ] Gauges\n    - [ ] Near\n    - [ ] Far\n",
            {"added": 1},
            id="a step gets steps",
        ),
        pytest.param(
            ONE + "  - [x] Gauges\n", ONE + "  - [ ] Gauges\n    - [ ] Near\n    - [x] Far\n",
            {"added": 1},
            id="a finished step gets steps, of which one carries its tick on",
        ),
        pytest.param(
            ONE + "  - [ ] Gauges\n", "- [ ] ~~Milestone 1: Read~~\n", {"given_up": 1},
            id="a milestone is struck and loses its only step",
        ),
        pytest.param(
            ONE, ONE + "  - [ ] ~~Gauges~~\n", {"given_up": 1, "unexpanded_change": -1},
            id="a milestone gets a step that is struck",
        ),
        pytest.param(
            "- [ ]* Milestone 1: Read\n", "- [ ]* Milestone 1: Read\n  - [ ] Near\n  - [ ] Far\n",
            {},
            id="an optional milestone gets its steps",
        ),
        pytest.param(
            "- [ ]* a b c\n- [ ] d e f", "- [x]* a b c\n- [ ] d e f", {"added": 1, "ticked": 1},
            id="optional work is done",
        ),
        pytest.param(
            "- [x]* a b c\n- [ ] d e f", "- [ ]* a b c\n- [ ] d e f",
            {"unticked": 1, "cut_open": 1},
            id="optional work is not done after all",
        ),
        pytest.param(
            "- [ ] a b c\n- [ ] d e f", "- [ ]* a b c\n- [ ] d e f", {"cut_open": 1},
            id="work becomes optional",
        ),
        pytest.param(
            "- [ ] a b c", "- [ ] a b c\n- [ ]* d e f", {}, id="optional work is thought of"
        ),
        pytest.param("- [ ] a b c", "- [ ] a b d c\n\nprose", {}, id="reworded"),
    ],
)  # fmt: skip
def test_a_change_counts_for_what_it_did(
    before: str | None, after: str, expected: dict[str, int]
) -> None:
    old = checklist(before) if before else None
    assert counted(between(old, checklist(after))) == expected


def test_what_is_open_in_a_document_that_ends_is_dropped() -> None:
    plan = checklist("- [ ] a b c\n- [x] d e f")
    assert counted(between(plan, None)) == {"dropped_with_document": 1}
    over = read("# Tides\n\n**Status:** Implemented\n")
    assert counted(between(plan, over)) == {"dropped_at_finalisation": 1}
    kept = checklist("- [ ] a b c\n- [x] d e f", status="Implemented")
    assert counted(between(plan, kept)) == {"dropped_at_finalisation": 1}
    assert counted(between(kept, plan)) == {"taken_up": 1}


def test_what_was_open_is_dropped_with_the_plan_that_replaced_its_own() -> None:
    old = checklist("- [x] Dig the pit\n" + "".join(f"- [ ] Fill {n} buckets\n" for n in "abcd"))
    new = checklist("- [ ] Sail to Norway\n- [ ] Look for whales there")
    assert counted(between(old, new)) == {"added": 2, "dropped_at_rewrite": 4}


def test_a_document_that_comes_back_takes_up_what_was_dropped_with_it() -> None:
    plan = checklist("- [ ] a b c\n- [x] d e f\n- [ ] ~~g h i~~")
    here = changes.step(None, plan, "docs/a.md").tracked
    removed = changes.step(here, None, "docs/a.md")
    gone = {left.item: left for left in removed.gone}
    back = changes.step(None, plan, "docs/a.md", gone=gone)
    assert counted(removed.changes) == {"dropped_with_document": 1}
    assert counted(back.changes) == {"taken_up": 1}


def test_milestones_are_counted_apart() -> None:
    assert counted(between(None, checklist(STEPS)), Unit.MILESTONES) == {"added": 1}
    done = STEPS.replace("[ ] M", "[x] M")
    assert counted(between(checklist(STEPS), checklist(done)), Unit.MILESTONES) == {"ticked": 1}
    assert counted(between(checklist(STEPS), checklist(done))) == {}


def test_work_that_is_broken_down_neither_comes_nor_goes() -> None:
    """Three milestones of a finished scope get their only step each, then lose it again."""
    bare = "".join(f"- [x] Milestone {n}: Pier {n}\n" for n in "123")
    steps = "".join(f"- [x] Milestone {n}: Pier {n}\n  - [x] Build {n}\n" for n in "123")
    assert counted(between(checklist(bare), checklist(steps))) == {}
    assert counted(between(checklist(steps), checklist(bare))) == {}


# --- properties -----------------------------------------------------------------------------------


def amounts_of(found: tuple[Change, ...], unit: Unit) -> Amounts:
    counts = effects(found, unit)
    counts.pop(Effect.UNEXPANDED, None)
    return Amounts(**{effect.value: count for effect, count in counts.items()})


@given(st.lists(st.none() | design_docs(), min_size=1, max_size=4), st.sampled_from(Unit))
def test_nothing_is_counted_less_than_never_and_no_part_exceeds_its_whole(
    texts: list[str | None], unit: Unit
) -> None:
    tracked: Tracked | None = None
    for text in texts:
        done = changes.step(tracked, read(text) if text else None, "docs/a.md")
        tracked = done.tracked
        amounts = amounts_of(done.changes, unit)
        assert min(amounts) >= 0
        open_on_arrival = amounts.added - amounts.arrived_done - amounts.arrived_dropped
        assert 0 <= amounts.expanded <= max(open_on_arrival, 0)


@given(design_docs(), st.sampled_from(["", "**Status:** Implemented\n"]), st.sampled_from(Unit))
def test_the_end_of_a_document_moves_neither_scope_nor_done(
    text: str, stub: str, unit: Unit
) -> None:
    plan = read(text)
    there = amounts_of(between(None, plan), unit)
    ended = amounts_of(between(plan, read(f"# Mooring\n\n{stub}") if stub else None), unit)
    assert ended.rise[:2] == (0, 0)
    scope, done, dropped = there.rise
    assert ended.rise[2] == ended.removed == scope - done - dropped


@given(design_docs(), st.sampled_from(Unit))
def test_a_document_that_was_gone_for_a_while_counts_as_before(text: str, unit: Unit) -> None:
    plan = read(text)
    removed = changes.step(changes.step(None, plan, "docs/a.md").tracked, None, "docs/a.md")
    gone = {left.item: left for left in removed.gone}
    back = changes.step(None, plan, "docs/a.md", gone=gone)
    both = [amounts_of(step.changes, unit) for step in (removed, back)]
    assert together(both).rise == (0, 0, 0)


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
            assert amounts.rise == (sums.scope, sums.done, sums.dropped)
            if unit is Unit.LEAVES:
                total[Effect.UNEXPANDED] += unexpanded
        gone = {item: left for item, left in gone.items()
                if item not in {change.item for change in done.changes}}  # fmt: skip
        gone |= {left.item: left for left in done.gone}
        tracked = done.tracked
    is_alive = tracked is not None and not is_over(tracked.plan.status)
    bare = [node for node in tracked.plan.walk() if is_bare(node)] if tracked and is_alive else []
    assert total[Effect.UNEXPANDED] == len(bare)


def is_bare(node: Node) -> bool:
    return node.kind is Kind.MILESTONE and node.is_leaf and node.state in OPEN and not node.optional


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param("", "- [ ] Milestone 1: a\n  - [ ] b\n  - [x] c", [2], id="with its steps"),
        pytest.param("- [ ] Milestone 1: a", "- [ ] Milestone 1: a\n  - [ ] b", [1], id="expanded"),
        pytest.param("", "- [ ] Milestone 1: a\n- [ ] Milestone 2: d\n  - [ ] e", [1], id="bare"),
        pytest.param(
            "", "- [ ] Milestone 1: a\n  - [ ] b\n    - [ ] c\n    - [ ] d", [2], id="deep"
        ),
        pytest.param(
            "- [ ] Milestone 1: a\n  - [ ] b",
            "- [ ] Milestone 1: a\n  - [ ] b\n  - [ ] c",
            [],
            id="one more",
        ),
        pytest.param("", "### Phase 1: a\n\n- [ ] b\n- [ ] c", [2], id="a heading"),
        pytest.param("", "- [ ] b\n- [ ] c", [], id="tasks"),
    ],
)
def test_a_milestone_has_the_size_of_its_first_steps(
    before: str, after: str, found: list[int]
) -> None:
    changes_made = between(checklist(before) if before else None, checklist(after))
    assert list(sizes(changes_made).values()) == found
