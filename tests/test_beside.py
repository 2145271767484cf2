"""What is shown beside a pointer: cautions, alternatives, what was left behind, what comes then."""

from __future__ import annotations

import pytest

from plantrack.core import beside, pointer
from plantrack.core.model import Plan, Pointer
from strategies import read


def plan(*lines: str, said: str = "Draft") -> Plan:
    head = f"# Design: A\n\n**Status:** {said}\n\n## Milestones\n"
    return read(head + "\n".join(lines) + "\n")


def point(*lines: str, said: str = "Draft") -> Pointer:
    return pointer.next_task(plan(*lines, said=said))


def lines_of(*places: object) -> list[int]:
    return [getattr(ref, "line", 0) - 5 for ref in places]


# --- left behind, then --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "behind"),
    [
        (["- [x] M1: a", "- [ ] M2: b", "- [x] M3: c", "- [ ] M4: d"], [2]),
        (["- [ ] M1: a", "- [x] M2: b", "- [x] M3: c", "- [ ] M4: d"], [1]),
        (["- [ ] M1: a", "- [x] M2: b", "- [ ] M3: c"], []),
        (["- [x] M1: a", "- [ ] M2: b", "- [ ] M3: c", "- [x] M4: d", "- [x] M5: e"], [3]),
        (["- [x] M1: a", "- [ ]* M2: b", "- [x] M3: c", "- [ ] M4: d"], []),
        (["- [ ] M1: a", "- [ ] M2: b"], []),
    ],
)
def test_open_milestones_before_the_frontier_are_left_behind(
    lines: list[str], behind: list[int]
) -> None:
    assert lines_of(*point(*lines).left_behind) == behind


@pytest.mark.parametrize(
    ("lines", "then"),
    [
        (["- [ ] M1: a", "  - [ ] b", "  - [x] c", "  - [ ] d", "  - [ ] e", "  - [ ] f"], [4, 5]),
        (["- [ ] M1: a", "  - [ ] b", "  - [ ]* c", "  - [x] d", "    - [ ] e"], []),
        (["- [ ] M1: a", "  - [ ] b", "- [ ] M2: c", "  - [ ] d"], []),
        (["- [ ] M1: a", "- [ ] M2: b"], []),
        (["- [ ] a", "- [x] b", "- [ ] c", "- [ ] d", "- [ ] e"], [3, 4]),
        (["- [ ] a", "- [ ] M1: b"], []),
    ],
)
def test_the_next_two_open_leaves_come_then(lines: list[str], then: list[int]) -> None:
    assert lines_of(*point(*lines).then) == then


# --- Next Steps ---------------------------------------------------------------------------------

OPEN = ["- [x] M1: a", "- [ ] M2: b", "- [x] M3: c", "- [x] M4: d", "- [ ] M5: e", "- [ ] M6: f"]


@pytest.mark.parametrize(
    ("bullets", "alternatives"),
    [
        (["- do M2"], [2]),
        (["- do Milestone 2 and M6"], [2, 6]),
        (["- do M2", "- do M2"], [2]),
        (["- do M5"], []),
        (["- do M5 and M6"], []),
        (["- do M2 and M5"], [2]),
        (["- do M1"], []),
        (["- do something"], []),
        ([], []),
    ],
)
def test_next_steps_name_alternatives_that_were_passed_over(
    bullets: list[str], alternatives: list[int]
) -> None:
    found = point(*OPEN, "## Next Steps", *bullets)
    assert lines_of(found.target) == [5]
    assert lines_of(*found.alternatives) == alternatives


def test_an_alternative_to_contradictions_is_open() -> None:
    found = point("- [x] M1: a", "  - [ ] b", "- [x] M2: c", "## Next Steps", "- M1")
    assert found.alternatives == ()


@pytest.mark.parametrize(
    ("bullet", "stale"),
    [
        ("- do M1", True),
        ("- do M1 and M3", True),
        ("- do M1 and M2", False),
        ("- do M9", False),
        ("- M1 is done", False),
        ("- M1 landed. Do M3", False),
        ("- something", False),
    ],
)
def test_next_steps_that_name_only_what_is_finished_are_stale(bullet: str, *, stale: bool) -> None:
    found = beside.stale_next_steps(plan(*OPEN, "## Next Steps", bullet))
    assert [(finding.line, finding.code) for finding in found] == (
        [(13, "stale-next-steps")] if stale else []
    )


def test_next_steps_of_a_document_that_is_over_are_not_stale() -> None:
    assert beside.stale_next_steps(plan(*OPEN, "## Next Steps", "- do M1", said="Shipped")) == ()


# --- cautions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said", "cautions"),
    [
        (["- [ ] M1: a", "  - [ ] b, blocked on M7."], "Draft", ["the step says “blocked on M7”"]),
        (
            ["- [ ] M1: a, deferred until May", "  - [ ] b"],
            "Draft",
            ["M1 says “deferred until May”"],
        ),
        (
            ["- [ ] M1: a", "  - [ ] b (needs an admin)"],
            "Draft",
            ["the step says “needs an admin”"],
        ),
        (["- [ ] M1: a", "  - [ ] b `blocked`"], "Draft", ["the step says “blocked”"]),
        (["- [ ] M1: a", "  - [ ] b"], "Draft, gated on 0012", ["the Status says “gated on 0012”"]),
        (["### A, on hold", "- [ ] M1: a"], "Draft", ["the heading says “on hold”"]),
        (["### B waiting for C", "- [ ] b"], "Draft", ["“B waiting for C” says “waiting for C”"]),
        (
            ["- [ ] M1: a, paused", "  - [ ] b, paused"],
            "Draft, paused",
            ["the step says “paused”"],
        ),
        (
            ["- [ ] M1: a", "", "  **Status:** blocked by M0", "", "  - [ ] b"],
            "Draft",
            ["M1 says “blocked by M0”"],
        ),
        (
            ["- [ ] M1: a", "", "  Status: half done", "", "  - [ ] b"],
            "Draft",
            ["M1 has a Status of its own: “half done”"],
        ),
        (
            ["- [ ] M1: a", "", "  Status: blocked"],
            "Draft",
            ["M1 says “blocked”"],
        ),
        (
            ["### Phase 1", "**Status:** superseded by 0012", "", "- [ ] b"],
            "Draft",
            ["Phase 1 says “superseded by 0012”"],
        ),
        (["- [ ] M1: a", "  - [ ] b"], "Draft", []),
    ],
)
def test_words_that_say_an_item_waits_are_quoted(
    lines: list[str], said: str, cautions: list[str]
) -> None:
    assert list(point(*lines, said=said).cautions) == cautions


def test_cautions_change_no_order() -> None:
    found = point("- [ ] M1: a", "  - [ ] b, blocked", "  - [ ] c")
    assert lines_of(found.target) == [2]
