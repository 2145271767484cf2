"""Remarks that stand beside a plan wherever it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given

from plantrack.core import flags
from plantrack.core.model import Plan, State
from plantrack.core.progress import OPEN
from strategies import plans, read


def plan(*lines: str, said: str = "") -> Plan:
    field = f"**Status:** {said}\n\n" if said else "\n\n"
    return read(f"# Design: A\n\n{field}## Milestones\n" + "\n".join(lines) + "\n")


def found(*lines: str, said: str = "") -> list[tuple[int, str]]:
    return [(flag.line - 5, flag.code) for flag in flags.flags(plan(*lines, said=said))]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["- [x] M1: a", "  - [ ] b"], [(1, "ticked-parent")]),
        (["- [x] M1: a", "  - [ ]* b"], []),
        (["- [x] M1: a", "  - [x] b", "    - [ ] c"], [(1, "ticked-parent"), (2, "ticked-parent")]),
        (["- [ ] M1: a", "  - [x] b"], [(1, "open-parent")]),
        (["- [ ] M1: a", "  - [x] b", "  - [ ]* c"], [(1, "open-parent")]),
        (["- [ ]* M1: a", "  - [x] b"], []),
        (["- [ ] M1: a", "  - [ ] ~~b~~"], []),
        (["- [ ] M1: a", "  - [ ] ~~b~~", "  - [x] c"], [(1, "open-parent")]),
        (["- [x] ~~a~~"], [(1, "ticked-struck")]),
        (["- [ ] ~~a~~"], []),
        (["### A", "- [x] a"], []),
        (["- [ ] M1: a", "- [ ] b", "- [ ] M2: c", "- [ ] M3: d"], [(2, "lost-indent")]),
        (["text", "        - [ ] a"], [(2, "swallowed-box")]),
        (["- [ ] a", "", "      - [ ] b"], [(3, "swallowed-box")]),
        (["- [ ] a", "", "", "    - [P] b"], []),
        (["```", "- [ ] a", "```", "- [ ] b"], []),
    ],
)
def test_boxes_that_contradict_or_get_lost_are_flagged(
    lines: list[str], expected: list[tuple[int, str]]
) -> None:
    assert found(*lines) == expected


@pytest.mark.parametrize(
    ("lines", "said", "expected"),
    [
        (["- [ ] a"], "Shipped", [(-2, "frozen")]),
        (["- [x] a"], "Shipped", []),
        (["- [ ]* a"], "Superseded", []),
        (["- [ ] a"], "In progress; checkboxes are stale", [(-2, "frozen")]),
        (["- [x] a"], "Draft", [(-2, "finished-unannounced")]),
        (["- [x] a", "- [ ]* b"], "In progress", [(-2, "finished-unannounced")]),
        (["- [ ] M1: a", "  - [x] b"], "Draft", [(1, "open-parent")]),
        (["- [ ] ~~a~~"], "Draft", []),
        (["- [x] a"], "Reference", []),
        (["- [x] a"], "", []),
        (["- [ ] a"], "Draft", []),
        (["text"], "Draft", []),
    ],
)
def test_what_contradicts_the_status_is_flagged(
    lines: list[str], said: str, expected: list[tuple[int, str]]
) -> None:
    assert found(*lines, said=said) == expected


@pytest.mark.parametrize(
    ("lines", "said", "message"),
    [
        (["- [x] M1: a", "  - [ ] b"], "", "M1 is ticked, but 1 step below it is open"),
        (
            ["- [x] a", "  - [ ] b", "  - [ ] c"],
            "",
            "the milestone is ticked, but 2 steps below it are open",
        ),
        (
            ["- [ ] M1: a", "  - [ ] b", "    - [x] c", "  - [ ] d"],
            "",
            "the box is open, but everything below it is done",
        ),
        (["- [x] ~~M1: a~~"], "", "M1 is struck through and ticked: it counts as done"),
        (["- [ ] a"], "Shipped", "1 open box frozen: the Status says “Shipped”"),
        (
            ["- [ ] a", "- [ ] b"],
            "Dropped and abandoned",
            "2 open boxes frozen: the Status says “Dropped and abandoned”",
        ),
        (["- [x] a"], "Draft", "every step is done, but the Status says “Draft”"),
        (
            ["- [ ] a"],
            f"Shipped {'on ' * 30}",
            f"1 open box frozen: the Status says “Shipped {'on ' * 17}o…”",
        ),
    ],
)
def test_messages_are_plain_words(lines: list[str], said: str, message: str) -> None:
    (flag,) = flags.flags(plan(*lines, said=said))
    assert flag.message == message


def test_flags_stand_in_the_order_of_their_lines() -> None:
    lines = [
        "- [x] M1: a",
        "  - [ ] b",
        "text",
        "- [x] M2: c",
        "  - [ ] d",
        "## Next Steps",
        "- M9",
    ]
    assert found(*lines) == sorted(found(*lines))


@given(plans())
def test_contradictions_are_exactly_the_boxes_that_disagree_with_their_leaves(plan: Plan) -> None:
    flagged = {flag.line for flag in flags.contradictions(plan) if flag.code == flags.TICKED_PARENT}
    disagree = {
        node.line
        for node in plan.walk()
        if node.mark is not None and not node.is_leaf and node.state is State.DONE
        if any(leaf.state in OPEN and not leaf.optional for leaf in node.leaves())
    }
    assert flagged == disagree
