"""Steps are written below a milestone as its document writes them, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core import dialect, edit, expanding
from plantrack.core.edit import Document, Refused
from plantrack.core.model import Kind
from strategies import KIRO, OPENSPEC, SPEC_KIT, SUPERPOWERS, design_docs
from strategies import paths as any_paths

RULES = dialect.Rules()
PLAN = "# Berths\n\n## Implementation Plan\n\n{}"
STEPS = ("Ask", "Dig")


def document(text: str, path: str = "plan.md") -> Document:
    return edit.read(text.encode(), dialect.origin(path), RULES)


def written(text: str, words: str, path: str = "plan.md", steps: tuple[str, ...] = STEPS) -> str:
    """Write steps below the first item with these words in it; give what came of it."""
    before = document(text, path)
    place = next(at for at, node in enumerate(before.nodes) if words in node.text)
    return expanding.expanded(before, place, steps).document.data.decode()


def refusal(text: str, words: str, *steps: str) -> str:
    with pytest.raises(Refused) as caught:
        written(text, words, steps=steps or STEPS)
    return str(caught.value)


# --- forms ----------------------------------------------------------------------------------------

NESTED = {
    "nothing to go by": (
        "- [ ] Milestone 1: Here\n",
        "- [ ] Milestone 1: Here\n  - [ ] Ask\n  - [ ] Dig\n",
    ),
    "a number for a bullet": (
        "1. [ ] Here\n2. [ ] There\n",
        "1. [ ] Here\n   - [ ] Ask\n   - [ ] Dig\n2. [ ] There\n",
    ),
    "a wide gap": ("-   [ ] Here\n", "-   [ ] Here\n    - [ ] Ask\n    - [ ] Dig\n"),
    "siblings": (
        "- [ ] Here\n    * [x] Look\n    * [ ] Wait\n- [ ] There\n",
        "- [ ] Here\n    * [x] Look\n    * [ ] Wait\n    * [ ] Ask\n    * [ ] Dig\n- [ ] There\n",
    ),
    "a sibling with notes and steps of its own": (
        "- [ ] Here\n  - [x] Look\n\n    Why.\n    - [ ] Closer\n\n- [ ] There\n",
        (
            "- [ ] Here\n  - [x] Look\n\n    Why.\n    - [ ] Closer\n  - [ ] Ask\n  - [ ] Dig\n\n"
            "- [ ] There\n"
        ),
    ),
    "siblings apart": (
        "- [ ] Here\n\n  - [x] Look\n\n  - [ ] Wait\n\n- [ ] There\n",
        "- [ ] Here\n\n  - [x] Look\n\n  - [ ] Wait\n\n  - [ ] Ask\n\n  - [ ] Dig\n\n- [ ] There\n",
    ),
    "tabs": (
        "- [ ] Here\n\t- [x] Look\n",
        "- [ ] Here\n\t- [x] Look\n\t- [ ] Ask\n\t- [ ] Dig\n",
    ),
    "numbers that count": (
        "- [ ] Here\n\n  8. [x] Look\n  9. [ ] Wait\n",
        "- [ ] Here\n\n  8. [x] Look\n  9. [ ] Wait\n  10. [ ] Ask\n  11. [ ] Dig\n",
    ),
    "numbers that do not": (
        "- [ ] Here\n  1. [x] Look\n  1. [ ] Wait\n",
        "- [ ] Here\n  1. [x] Look\n  1. [ ] Wait\n  1. [ ] Ask\n  1. [ ] Dig\n",
    ),
    "notes": (
        "- [ ] Here\n  and on\n\n  Notes.\n\n  ```\n  - [ ] x\n  ```\n\n- [ ] There\n",
        (
            "- [ ] Here\n  and on\n\n  Notes.\n\n  ```\n  - [ ] x\n  ```\n"
            "  - [ ] Ask\n  - [ ] Dig\n\n- [ ] There\n"
        ),
    ),
    "no last line end": ("- [ ] Here", "- [ ] Here\n  - [ ] Ask\n  - [ ] Dig"),
    "the milestone before is an example": (
        "- [x] Before\n   + [x] Look\n- [ ] Here\n- [ ] There\n  - [ ] Wait\n",
        (
            "- [x] Before\n   + [x] Look\n- [ ] Here\n   + [ ] Ask\n   + [ ] Dig\n- [ ] There\n"
            "  - [ ] Wait\n"
        ),
    ),
    "or the one after": (
        "- [ ] Here\n- [ ] There\n    - [ ] Wait\n",
        "- [ ] Here\n    - [ ] Ask\n    - [ ] Dig\n- [ ] There\n    - [ ] Wait\n",
    ),
    "an example with numbers and blank lines": (
        "- [x] Before\n\n  3) [x] Look\n- [ ] Here\n",
        "- [x] Before\n\n  3) [x] Look\n- [ ] Here\n\n  1) [ ] Ask\n\n  2) [ ] Dig\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), NESTED.values(), ids=NESTED)
def test_steps_are_written_as_their_siblings_are(before: str, after: str) -> None:
    assert written(PLAN.format(before), "Here") == PLAN.format(after)


LABELLED = {
    "words and numbers": ("Step 1: Look", "Step 9: Wait", "Step 10: Ask", "Step 11: Dig"),
    "bold labels": ("**Step 1:** Look", "**Step 2:** Wait", "**Step 3:** Ask", "**Step 4:** Dig"),
    "bold steps": ("**Step 1: Look**", "**Step 2: Wait**", "**Step 3: Ask**", "**Step 4: Dig**"),
    "parts of a number": ("1.1. Look", "1.2. Wait", "1.3. Ask", "1.4. Dig"),
    "letters and numbers": ("M1.1: Look", "M1.2: Wait", "M1.3: Ask", "M1.4: Dig"),
    "zeros before": ("C08: Look", "C09: Wait", "C10: Ask", "C11: Dig"),
    "a dash": ("Step 1 — Look", "Step 2 — Wait", "Step 3 — Ask", "Step 4 — Dig"),
    "no label on one": ("Look", "Step 2: Wait", "Ask", "Dig"),
    "labels of several kinds": ("M1.1: Look", "Step 2: Wait", "Ask", "Dig"),
    "letters that count": ("1a. Look", "1b. Wait", "Ask", "Dig"),
    "emphasis of another kind": ("~~M1.1: Look~~", "~~M1.2: Wait~~", "Ask", "Dig"),
}


@pytest.mark.parametrize("lines", LABELLED.values(), ids=LABELLED)
def test_labels_go_on(lines: tuple[str, str, str, str]) -> None:
    one, other, *new = (f"  - [ ] {line}\n" for line in lines)
    before = f"- [ ] Milestone 1: Here\n{one}{other}"
    assert written(PLAN.format(before), "Here") == PLAN.format(before + "".join(new))


def test_a_step_that_brings_its_label_keeps_it() -> None:
    before = PLAN.format("- [ ] Here\n  - [ ] Step 1: Look\n")
    after = written(before, "Here", steps=("Step 7: Ask", "Dig"))
    assert after == f"{before}  - [ ] Step 7: Ask\n  - [ ] Step 3: Dig\n"


EXAMPLES = {
    "words that begin anew": ("Milestone 1: Before", "Step 1: Look", "Step 1: Ask", "Step 2: Dig"),
    "the number of the milestone": ("M1: Before", "M1.1: Look", "M2.1: Ask", "M2.2: Dig"),
    "letters that count": ("Milestone 1: Before", "1a. Look", "Ask", "Dig"),
    "no number of its own": ("Phase A: Before", "Look", "Ask", "Dig"),
}


@pytest.mark.parametrize("lines", EXAMPLES.values(), ids=EXAMPLES)
def test_labels_begin_as_in_another_milestone(lines: tuple[str, str, str, str]) -> None:
    above, look, ask, dig = lines
    here = above.replace("1", "2").replace("A", "B").replace("Before", "Here")
    before = f"- [x] {above}\n  - [x] {look}\n- [ ] {here}\n"
    assert written(PLAN.format(before), "Here") == PLAN.format(
        f"{before}  - [ ] {ask}\n  - [ ] {dig}\n"
    )


def test_a_milestone_without_a_number_gives_none_on() -> None:
    before = "- [x] M1: Before\n  - [x] M1.1: Look\n- [ ] Here\n"
    assert written(PLAN.format(before), "Here") == PLAN.format(
        f"{before}  - [ ] Ask\n  - [ ] Dig\n"
    )


DIALECTS = {
    "steps below a heading": (
        "plan.md",
        PLAN.format("### Milestone 1: Here\n\n- [x] Look\n\nWhy.\n\n### Milestone 2: There\n"),
        "- [x] Look\n",
        "- [x] Look\n- [ ] Ask\n- [ ] Dig\n",
    ),
    "Kiro, indented": (
        KIRO,
        "# Implementation Plan\n\n- [ ] 1. Here\n  - [x] 1.1 Look\n- [ ] 2. There\n",
        "  - [x] 1.1 Look\n",
        "  - [x] 1.1 Look\n  - [ ] 1.2 Ask\n  - [ ] 1.3 Dig\n",
    ),
    "Kiro, side by side": (
        KIRO,
        "# Implementation Plan\n\n- [ ] 1. Here\n- [x]* 1.1 Look\n  - a note\n- [ ] 2. There\n",
        "  - a note\n",
        "  - a note\n- [ ] 1.2 Ask\n- [ ] 1.3 Dig\n",
    ),
    "OpenSpec": (
        OPENSPEC,
        "## 1. Here\n\n- [x] 1.1 Look\n\n## 2. There\n\n- [ ] 2.1 Wait\n",
        "- [x] 1.1 Look\n",
        "- [x] 1.1 Look\n- [ ] 1.2 Ask\n- [ ] 1.3 Dig\n",
    ),
    "spec-kit, numbered on through the plan": (
        SPEC_KIT,
        "## Phase 1: Here\n\n- [x] T001 Look\n\n## Phase 2: There\n\n- [ ] T002 [P] Wait\n",
        "- [x] T001 Look\n",
        "- [x] T001 Look\n- [ ] T003 Ask\n- [ ] T004 Dig\n",
    ),
    "superpowers": (
        SUPERPOWERS,
        (
            "# Plan\n\n### Task 1: Here\n\n- [x] **Step 1: Look**\n\n```\nls\n```\n\n"
            "- [ ] **Step 2: Wait**\n\n### Task 2: There\n\n- [ ] **Step 1: Wait**\n"
        ),
        "- [ ] **Step 2: Wait**\n",
        "- [ ] **Step 2: Wait**\n\n- [ ] **Step 3: Ask**\n\n- [ ] **Step 4: Dig**\n",
    ),
}


@pytest.mark.parametrize(("path", "text", "old", "new"), DIALECTS.values(), ids=DIALECTS)
def test_every_dialect_gets_steps_of_its_own(path: str, text: str, old: str, new: str) -> None:
    before = document(text, path)
    after = expanding.expanded(before, 0, STEPS)
    assert after.document.data.decode() == text.replace(old, new, 1)
    assert [after.document.nodes[at].kind for at in after.places] == [Kind.STEP, Kind.STEP]


def test_a_plan_of_one_line_gets_steps() -> None:
    before = document("- [ ] 1. Here", OPENSPEC)
    after = expanding.expanded(before, 0, ("Ask",))
    assert after.document.data == b"- [ ] 1. Here\n  - [ ] Ask"


def test_a_heading_over_headings_gets_no_steps() -> None:
    text = "### Part\n\n#### Milestone 1: A\n\n- [ ] Look\n\n#### Milestone 2: B\n\n- [ ] Wait\n"
    before = document(PLAN.format(text))
    assert before.nodes[0].kind is Kind.GROUP
    with pytest.raises(Refused, match="no step can be written below line 5"):
        expanding.expanded(before, 0, STEPS)


def test_a_heading_over_milestones_gets_no_steps() -> None:
    before = document(PLAN.format("### Part\n\n- [ ] Milestone 1: A\n- [ ] Milestone 2: B\n"))
    assert before.nodes[0].kind is Kind.GROUP
    with pytest.raises(Refused, match="no step can be written below line 5"):
        expanding.expanded(before, 0, STEPS)


def test_a_unit_is_numbered_on_in_a_milestone_of_its_own() -> None:
    text = PLAN.format("- [ ] Before\n  - [ ] T007 Look\n- [ ] Here\n")
    assert written(text, "Here") == f"{text}  - [ ] T008 Ask\n  - [ ] T009 Dig\n"


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_are_those_of_the_document(line_end: str) -> None:
    text = PLAN.format("- [ ] Here\n- [ ] There").replace("\n", line_end)
    assert written(text, "Here") == text.replace(
        f"Here{line_end}", f"Here{line_end}  - [ ] Ask{line_end}  - [ ] Dig{line_end}"
    )
    assert written(text, "There").endswith(f"{line_end}  - [ ] Dig")


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        ("", "no words"),
        (" \t", "no words"),
        ("one\ntwo", "not one line"),
        ("one\u2028two", "not one line"),
        ("bell\x07", "not one line"),
        ("half \udc80", "not one line"),
        ("x" * 1001, "1,001 characters"),
        ("[ ] Ask", "brings a box"),
        ("- [x] Ask", "brings a box"),
    ],
)
def test_what_is_no_step_is_refused(step: str, reason: str) -> None:
    assert reason in refusal(PLAN.format("- [ ] Here\n"), "Here", "Dig", step)


def test_a_milestone_that_is_over_gets_no_steps() -> None:
    assert "is done" in refusal(PLAN.format("- [x] Here\n"), "Here")
    assert "is dropped" in refusal(PLAN.format("- [ ] ~~Here~~\n"), "Here")


def test_a_step_that_is_there_is_not_written_again() -> None:
    assert "there already, in line 6" in refusal(PLAN.format("- [ ] Here\n  - [ ] Dig\n"), "Here")


def test_steps_that_would_be_read_otherwise_are_refused() -> None:
    """A heading whose steps stand under headings of their own has no place for one."""
    text = (
        "### Phase 1: Here\n\n#### A\n\n- [ ] Look\n\n#### B\n\n- [ ] Wait\n\n### Phase 2: There\n"
    )
    before = document(PLAN.format(text))
    place = next(at for at, node in enumerate(before.nodes) if "Here" in node.text)
    with pytest.raises(Refused, match="no step can be written below line 5"):
        expanding.expanded(before, place, STEPS)


def test_words_that_are_cut_when_they_are_read_are_refused() -> None:
    rules = dialect.Rules(max_line_chars=40)
    before = edit.read(PLAN.format("- [ ] Here\n").encode(), dialect.origin("plan.md"), rules)
    with pytest.raises(Refused, match="no step can be written"):
        expanding.expanded(before, 0, ("Dig " * 20,))


# --- any document ---------------------------------------------------------------------------------


@settings(max_examples=80)
@given(design_docs(), any_paths(), st.data())
def test_what_was_there_is_there_afterwards(text: str, path: str, data: st.DataObject) -> None:
    try:
        before = document(text, path)
    except Refused:
        return
    if not before.nodes:
        return
    place = data.draw(st.integers(0, len(before.nodes) - 1))
    try:
        after = expanding.expanded(before, place, STEPS)
    except Refused:
        return
    old, new = before.data.splitlines(keepends=True), after.document.data.splitlines(keepends=True)
    lines = iter(new)
    assert all(any(line.rstrip() == one.rstrip() for one in lines) for line in old)
    assert [after.document.nodes[at].title for at in after.places] == list(STEPS)
