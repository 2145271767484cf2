"""Labels are parsed off texts, with or without bold; prose that begins like one keeps its words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import labels


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        # words with a number
        ("Milestone 3: Dig", "Milestone 3", "Dig"),
        ("milestone 3 - Dig", "milestone 3", "Dig"),
        ("Phase 2 — Dig", "Phase 2", "Dig"),
        ("PHASE 2 – Dig", "PHASE 2", "Dig"),
        ("Phase 2—", "Phase 2", ""),
        ("Phase 2 -- Dig", "Phase 2", "Dig"),
        ("Stage 1) Dig", "Stage 1", "Dig"),
        ("Step 2a. Dig", "Step 2a", "Dig"),
        ("Step 1.2.3: Dig", "Step 1.2.3", "Dig"),
        ("Task 4", "Task 4", ""),
        ("Task 4 Dig", "Task 4", "Dig"),
        ("Task 4 `dig`", "Task 4", "`dig`"),
        ("Task 4 (old): Dig", "Task 4", "(old): Dig"),
        ("Sprint #7: Dig", "Sprint #7", "Dig"),
        ("Wave B: Dig", "Wave B", "Dig"),
        ("Wave B2.1: Dig", "Wave B2.1", "Dig"),
        ("Phase IV: Dig", "Phase IV", "Dig"),
        ("Commit 12: Dig", "Commit 12", "Dig"),
        ("Workstream A — Dig", "Workstream A", "Dig"),
        # letters with a number
        ("M1: Dig", "M1", "Dig"),
        ("M1.2 — Dig", "M1.2", "Dig"),
        ("M3a: Dig", "M3a", "Dig"),
        ("C0: Dig", "C0", "Dig"),
        ("ABC12. Dig", "ABC12", "Dig"),
        ("M1", "M1", ""),
        ("M1 (old) Dig", "M1", "(old) Dig"),
        ("T014 Dig", "T014", "Dig"),
        ("T0141 [P] Dig", "T0141", "[P] Dig"),
        # numbers
        ("1. Dig", "1", "Dig"),
        ("1) Dig", "1", "Dig"),
        ("1.2. Dig", "1.2", "Dig"),
        ("3a: Dig", "3a", "Dig"),
        ("1 — Dig", "1", "Dig"),
        ("1.", "1", ""),
        # emphasis
        ("**Milestone 1: Dig**", "Milestone 1", "**Dig**"),
        ("**Milestone 1:** Dig", "Milestone 1", "Dig"),
        ("**Milestone 1**: Dig", "Milestone 1", "Dig"),
        ("**Milestone 1** Dig", "Milestone 1", "Dig"),
        ("**M1** — Dig", "M1", "Dig"),
        ("__M1__: Dig", "M1", "Dig"),
        ("~~M1: Dig~~", "M1", "~~Dig~~"),
        ("**~~M1: Dig~~**", "M1", "**~~Dig~~**"),
        ("~~**M1**~~ Dig", "M1", "Dig"),
        ("~~**M1** Dig~~", "M1", "~~Dig~~"),
        # signs before it
        ("✅ M1: Dig", "M1", "Dig"),
        ("🚧 **Phase 2: Dig**", "Phase 2", "**Dig**"),
        ("**🚧 Phase 2: Dig**", "Phase 2", "**Dig**"),
        ("§ M1: Dig", "M1", "Dig"),
    ],
)
def test_a_label_is_parted_from_its_text(text: str, label: str, rest: str) -> None:
    assert labels.split(text) == (label, rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dig",
        "3 apples",
        "1.2 apples",
        "2026-01-02: Dig",
        "Phase two",
        "Phases 2: Dig",
        "Phase 2 of the work",
        "Step by step",
        "M1 is done",
        "M1x2: Dig",
        "m1: Dig",
        "ABCD1: Dig",
        "v0.8: Dig",
        "T01 Dig",
        "12345: Dig",
        "(M1) Dig",
        "[M1] Dig",
        "`M1`: Dig",
        "- M1: Dig",
        '"M1": Dig',
        "&lt;M1: Dig",
        "See M1: Dig",
    ],
)
def test_prose_keeps_its_words(text: str) -> None:
    assert labels.split(text) == ("", text)


@pytest.mark.parametrize(
    ("text", "label", "rest"),
    [
        ("1.2 Dig", "1.2", "Dig"),
        ("1.2.3\tDig", "1.2.3", "Dig"),
        ("**1.2** Dig", "1.2", "Dig"),
        ("**1.2 Dig**", "1.2", "**Dig**"),
        ("1. Dig", "1", "Dig"),
        ("1 Dig", "", "1 Dig"),
        ("1.2", "", "1.2"),
    ],
)
def test_spec_folders_number_without_a_full_stop(text: str, label: str, rest: str) -> None:
    assert labels.split(text, numbered=True) == (label, rest)


@given(st.text(alphabet="MPhase 12.:)*~_—-[]T✅", max_size=40))
def test_a_label_is_a_part_of_the_text_without_end_marks(text: str) -> None:
    label, rest = labels.split(text)
    assert label in text
    assert label == label.strip(" :.)]—–-")
    if not label:
        assert rest == text


@pytest.mark.parametrize(
    ("text", "tags", "rest"),
    [
        ("[P] Dig", ("P",), "Dig"),
        ("[P] [US1] Dig", ("P", "US1"), "Dig"),
        (" [US12]  Dig", ("US12",), "Dig"),
        ("[Story]", ("Story",), ""),
        ("[P]Dig", (), "[P]Dig"),
        ("[X] Dig", (), "[X] Dig"),
        ("Dig [P]", (), "Dig [P]"),
        (" Dig", (), " Dig"),
    ],
)
def test_legends_are_parted_off_the_front(text: str, tags: tuple[str, ...], rest: str) -> None:
    assert labels.split_tags(text) == (tags, rest)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Phase  6", "phase 6"),
        ("PHASE 6", "phase 6"),
        ("M3", "milestone 3"),
        ("Milestone 3", "milestone 3"),
        ("M3.1", "milestone 3.1"),
        ("Sprint #7", "sprint 7"),
        ("C0", "c0"),
        ("1.2", "1.2"),
        ("", ""),
    ],
)
def test_labels_are_compared_without_case_blanks_and_short_forms(label: str, key: str) -> None:
    assert labels.key(label) == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("do M3", ("milestone 3",)),
        ("Milestone 3, then M4.1", ("milestone 3", "milestone 4.1")),
        ("finish phase 2b.", ("phase 2b",)),
        ("Phases 2 and 3", ("phase 2",)),
        ("Milestones 4", ("milestone 4",)),
        ("step 1.2", ("step 1.2",)),
        ("**Wave 2**", ("wave 2",)),
        ("M3 and M3", ("milestone 3", "milestone 3")),
        ("nothing", ()),
        ("AM3, M3x4, phase two", ()),
    ],
)
def test_labels_are_found_in_prose(text: str, keys: tuple[str, ...]) -> None:
    assert labels.mentioned(text) == keys


@pytest.mark.parametrize(
    ("label", "outer", "unit", "number"),
    [
        ("Milestone 1", True, False, False),
        ("phase 2", True, False, False),
        ("Stage A", True, False, False),
        ("Sprint 3", True, False, False),
        ("Wave 1", True, False, False),
        ("Workstream B", True, False, False),
        ("M1", False, False, False),
        ("C0", False, False, False),
        ("Step 2", False, True, False),
        ("Task 4", False, True, False),
        ("Commit 3", False, True, False),
        ("T014", False, True, False),
        ("1.2", False, True, True),
        ("3a", False, True, True),
        ("", False, False, False),
    ],
)
def test_labels_tell_milestones_from_pieces_of_work(
    label: str, *, outer: bool, unit: bool, number: bool
) -> None:
    assert labels.is_outer(label) is outer
    assert labels.is_unit(label) is unit
    assert labels.is_number(label) is number
