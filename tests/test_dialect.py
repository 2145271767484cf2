"""Paths, headings and marks: how plans are written, as data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import dialect
from plantrack.core.dialect import PLAN_HEADINGS, Rules
from plantrack.core.model import State


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("docs/design/x.md", ""),
        (".kiro/specs/mooring/tasks.md", "Kiro"),
        ("apps/web/.kiro/specs/mooring/tasks.md", "Kiro"),
        (".kiro/specs/mooring/design.md", ""),
        (".kiro/specs/a/b/tasks.md", "spec-kit"),
        ("openspec/changes/x/tasks.md", "OpenSpec"),
        ("openspec/tasks.md", "OpenSpec"),
        ("lib/openspec/changes/archive/2026-01-01-x/tasks.md", "OpenSpec"),
        ("openspec/changes/x/proposal.md", ""),
        ("myopenspec/tasks.md", ""),
        ("specs/001-x/tasks.md", "spec-kit"),
        ("a/specs/tasks.md", "spec-kit"),
        ("specs/001-x/plan.md", ""),
        ("docs/superpowers/plans/x.md", "superpowers"),
        ("docs/superpowers/plans/x.markdown", "superpowers"),
        ("docs/superpowers/plans/a/x.md", ""),
        ("docs/plans/x.md", "superpowers"),
        ("a/docs/plans/x.md", "superpowers"),
        ("docs/plans/x.txt", ""),
    ],
)
def test_a_path_suggests_a_dialect_at_any_depth(path: str, name: str) -> None:
    assert dialect.origin(path).dialect == name


@pytest.mark.parametrize(
    ("path", "archived"),
    [
        ("openspec/changes/archive/x/tasks.md", True),
        ("docs/Archived/x.md", True),
        ("docs/completed/x.md", True),
        ("docs/completed-2025/x.md", True),
        ("docs/done/x.md", True),
        ("docs/archives/x.md", False),
        ("docs/archive.md", False),
        ("docs/undone/x.md", False),
        ("docs/done.md", False),
        ("done.md", False),
    ],
)
def test_a_folder_of_archives_is_recognised(path: str, *, archived: bool) -> None:
    assert dialect.origin(path).archived is archived


@pytest.mark.parametrize(
    "path",
    [
        "third_party/x.md",
        "a/vendor/b/x.md",
        "web/node_modules/p/README.md",
        ".github/x.md",
        "a/.cache/x.md",
        ".kiro/.hidden/x.md",
        "design_template.md",
        "docs/design-template.md",
        "docs/Template.md",
        "docs/template-design.md",
        "docs/template.design.md",
        "docs/template_v2.md",
        "docs/a.template.md",
        "docs/templates/design.md",
        "docs/Template/design.md",
    ],
)
def test_foreign_hidden_and_template_files_are_left_out(path: str) -> None:
    assert dialect.is_left_out(path)


@pytest.mark.parametrize(
    "path",
    [
        "x.md",
        "vendor.md",
        "docs/vendors/x.md",
        ".kiro/specs/a/tasks.md",
        "docs/33-template-init-preset.md",
        "docs/templating.md",
        "docs/contemplate.md",
        "docs/mytemplate.md",
        "docs/templates/old/design.md",
        ".hidden.md",
    ],
)
def test_other_files_are_not_left_out(path: str) -> None:
    assert not dialect.is_left_out(path)


@pytest.mark.parametrize(
    ("name", "left_out"),
    [(".git", True), (".kiro", False), ("vendor", True), ("Vendor", False), ("docs", False)],
)
def test_whole_folders_are_left_out_by_name(name: str, *, left_out: bool) -> None:
    assert dialect.is_left_out_folder(name) is left_out


@pytest.mark.parametrize(
    "title",
    [
        "Design: <Feature Name>",
        "<Feature>",
        "Design: &lt;Feature Name&gt;",
        "{{Title}}",
        "Plan for {{ feature name }}",
        "<Feature Name> design",
    ],
)
def test_a_title_in_angles_or_braces_is_a_placeholder(title: str) -> None:
    assert dialect.is_placeholder_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Design: Mooring",
        "The `<Feature Name>` tag",
        "Vec<T> in Rust",
        "Map<String, u8>".replace(" ", ""),
        "<select> element",
        "a < B > c",
        "{{x}}",
        "{Title}",
        "<HTMLElement>",
    ],
)
def test_other_titles_are_no_placeholders(title: str) -> None:
    assert not dialect.is_placeholder_title(title)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Implementation Plan", "implementation plan"),
        ("4. Implementation Plan", "implementation plan"),
        ("5.1 Implementation Plan", "implementation plan"),
        ("5.1) Implementation  Plan", "implementation plan"),
        ("§ 3 Implementation Plan", "implementation plan"),
        ("Implementation Plan (Required)", "implementation plan"),
        ("Implementation Plan (optional, see below)", "implementation plan"),
        ("Implementation Plan (draft)", "implementation plan (draft)"),
        ("Implementation Plan (a) (Required)", "implementation plan (a)"),
        ("Implementation Plan {#plan}", "implementation plan"),
        ("Implementation Plan (Required) {#plan}", "implementation plan"),
        ("Implementation Plan {#a} b", "implementation plan {#a} b"),
        ("🚀 Implementation Plan", "implementation plan"),
        ("Implementation Plan ✅", "implementation plan"),
        ("🚀 4. Implementation Plan!", "implementation plan"),
        ("**Implementation Plan**", "implementation plan"),
        ("Implementation *Plan*:", "implementation plan"),
        ("`plan` of work", "`plan` of work"),
        ("<instructions>", "<instructions>"),
        ("(Required)", ""),
        ("2026 plan", "plan"),
        ("2026plan", "2026plan"),
        ("1.", "1"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_heading_is_reduced_to_its_words(text: str, words: str) -> None:
    assert dialect.heading_words(text) == words


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("a {#b}", "a"),
        ("a{#b}  ", "a"),
        ("a {#b} c", "a {#b} c"),
        ("a {b}", "a {b}"),
        ("a {#b {#c}", "a"),
        ("a {#b} {#c}", "a {#b}"),
        ("a}", "a}"),
        ("a ", "a "),
    ],
)
def test_an_anchor_at_the_end_of_a_heading_is_taken_off(text: str, bare: str) -> None:
    assert dialect.without_anchor(text) == bare


@given(st.text(alphabet="Plan(){}#<>`&*_ .1§✅;", max_size=40))
def test_words_of_words_are_the_same_words_without_numbering(text: str) -> None:
    words = dialect.heading_words(text)
    assert words == words.lower()
    assert words == " ".join(words.split())


@pytest.mark.parametrize(
    "text",
    [
        "Implementation Plan",
        "IMPLEMENTATION PLAN",
        "Implementation Plan: Phase 1",
        "Implementation Plan and Timeline",
        "Implementation Phases",
        "3. Migration Plan (Required)",
        "Work Breakdown",
        "Milestones",
        "Milestones & steps",
    ],
)
def test_plan_headings_equal_or_start_with_a_phrase(text: str) -> None:
    assert dialect.is_plan_heading(text, PLAN_HEADINGS)


@pytest.mark.parametrize(
    "text",
    ["Plan", "Implementation", "The Implementation Plan", "Implementation Planning", "", "M"],
)
def test_other_headings_open_no_plan(text: str) -> None:
    assert not dialect.is_plan_heading(text, PLAN_HEADINGS)


@pytest.mark.parametrize(
    "text",
    [
        "Future Work",
        "Future",
        "7. Future Enhancements (Optional)",
        "Success Criteria",
        "Release Criteria for v2",
        "Acceptance Criteria",
        "Verification",
        "6. Validation",
        "Verification and Testing",
        "Release Checklist",
        "Pre-flight checklist ✅",
        "Notes",
        "Already Done",
    ],
)
def test_sections_that_only_check_or_defer_are_outside(text: str) -> None:
    assert dialect.is_outside_heading(text)


@pytest.mark.parametrize(
    "text",
    ["Checklist", "Futures", "Notes on mooring", "Verification of ropes", "Criteria", "Done", ""],
)
def test_other_sections_are_inside(text: str) -> None:
    assert not dialect.is_outside_heading(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Next Steps", True),
        ("Next step", True),
        ("8. Next Steps (optional)", True),
        ("Next steps for the crew", True),
        ("Next Stepsister", False),
        ("Steps", False),
    ],
)
def test_next_steps_are_recognised(text: str, *, is_one: bool) -> None:
    assert dialect.is_next_steps_heading(text) is is_one


# --- marks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "raw", "state"),
    [
        ("[ ] a", " ", State.TODO),
        ("[\xa0] a", "\xa0", State.TODO),
        ("[x] a", "x", State.DONE),
        ("[X]\ta", "X", State.DONE),
        ("[x] ", "x", State.DONE),
        ("[~] a", "~", State.DOING),
        ("[-] a", "-", State.DOING),
        ("[/] a", "/", State.DOING),
        ("[?] a", "?", State.DOING),
        ("[✓] a", "✓", State.DOING),
        ("[🚧] a", "🚧", State.DOING),
        ("[⚠️] a", "⚠️", State.DOING),
        ("[👩‍🚀] a", "👩‍🚀", State.DOING),
        ("[wip] a", "wip", State.DOING),
        ("[In-Progress] a", "In-Progress", State.DOING),
        ("[cancelled] a", "cancelled", State.DOING),
    ],
)
def test_a_mark_is_read_with_its_state(text: str, raw: str, state: State) -> None:
    read = dialect.read_mark(text, Rules())
    assert read
    assert (read[0].raw, read[0].state, read[0].optional) == (raw, state, False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "[]",
        "[] a",
        "[ ]",
        "[x]a",
        "[x]\xa0a",
        "[x]: a",
        "[x](a) b",
        "[  ] a",
        "[ab] a",
        "[1] a",
        "[a] b",
        "[é] b",
        "[P] a",
        "[[] a",
        "[\\] a",
        "[_] a",
        "[\u2003] a",
        "[xx] a",
        "[~~] a",
        "[wipe] a",
        "[a🚧] b",
        "[🚧 ] a",
        "[" + "🚧" * 9 + "] a",
        "[in_progress] a",
        " [x] a",
    ],
)
def test_other_brackets_are_text(text: str) -> None:
    assert dialect.read_mark(text, Rules()) is None


@pytest.mark.parametrize("star", ["*", "\\*"])
def test_a_star_makes_a_box_optional(star: str) -> None:
    read = dialect.read_mark(f"[ ]{star} \t a", Rules())
    assert read
    assert read[0].optional
    assert read[1] == "a"
    assert dialect.read_mark(f"[ ]{star}a", Rules()) is None


def test_the_configuration_gives_other_marks_a_meaning_but_not_those_everyone_agrees_on() -> None:
    rules = Rules(marks=(("~", State.DROPPED), ("P", State.DONE), ("x", State.TODO)))
    states = []
    for mark in ("~", "P", "x"):
        read = dialect.read_mark(f"[{mark}] a", rules)
        assert read
        states.append(read[0].state)
    assert states == [State.DROPPED, State.DONE, State.DONE]
