"""Documents rule by rule: first what must not fire, then what must."""

from __future__ import annotations

from textwrap import dedent

import pytest

from plantrack.core.dialect import Rules
from plantrack.core.lint import catalogue
from plantrack.core.lint.around import NOTHING, Around, Landing, LoneTick, Standing
from plantrack.core.lint.drift import named_files
from plantrack.core.lint.page import Page
from plantrack.core.lint.template import required_headings
from plantrack.core.model import Family, State, Status

HEAD = "# Design: Berths\n\n**Status:** In progress\n\n## Implementation Plan\n\n"
PATH = "docs/0001-berths.md"
USUAL = Rules()


def found(
    code: str, text: str, around: Around = NOTHING, path: str = PATH, rules: Rules = USUAL
) -> list[tuple[int, str]]:
    page = Page(path, text, rules, around)
    wanted = (catalogue.BY_CODE[code],)
    return [(one.line, one.message) for one in catalogue.findings(page, wanted)]


def plan(boxes: str) -> str:
    return HEAD + dedent(boxes)


def lines(code: str, text: str, **more: object) -> list[int]:
    return [line for line, _ in found(code, text, **more)]  # type: ignore[arg-type]


# --- boxes that get lost --------------------------------------------------------------------------

FENCES_THAT_ARE_MEANT = {
    "an example in a fence": "- [ ] A\n\n```markdown\n- [ ] example\n```\n\n- [ ] B\n",
    "a longer fence around another": (
        "````markdown\n```sh\nls\n```\n- [ ] example\n````\n\n- [ ] B\n"
    ),
    "tildes around ticks": "~~~\n```sh\n- [ ] example\n```\n~~~\n\n- [ ] B\n",
    "a fence that says so, after one that ended early": (
        "```text\n```sh\n```\n\n```markdown\n- [ ] example\n```\n- [ ] B\n"
    ),
    "a fence in an item": "- [ ] A\n  ```sh\n  - [ ] example\n  ```\n- [ ] B\n",
    "a code span of three ticks": "- [ ] A ```x``` and\n- [ ] B\n",
    "no boxes in what was swallowed": "```text\n```sh\n```\n```\nprose\n```\n- [ ] B\n",
}


@pytest.mark.parametrize("text", FENCES_THAT_ARE_MEANT.values(), ids=FENCES_THAT_ARE_MEANT)
def test_a_fence_that_was_meant_is_no_finding(text: str) -> None:
    assert found("swallowed-fence", HEAD + text) == []


def test_a_fence_inside_another_of_as_many_marks_ends_both() -> None:
    text = "```markdown\n```sh\nls\n```\n```\n\n- [ ] A\n- [ ] B\n\n```sh\nls\n```\n- [ ] C\n"
    told = "2 box-like lines in the code fence that line 11 opens: the fence of line 7"
    assert found("swallowed-fence", HEAD + text) == [(13, f"{told} ended at line 10 already")]


def test_a_fence_that_is_never_closed_is_told_with_all_it_holds() -> None:
    text = "- [ ] A\n\n```sh\n- [ ] B\n"
    message = "a box-like line in the code fence that line 9 opens: it is never closed"
    assert found("swallowed-fence", HEAD + text) == [(10, message)]


def test_of_several_fences_those_that_hold_boxes_are_told() -> None:
    text = "```a\n```b\n```\n```\nprose\n```\n- [ ] A\n```\n- [ ] B\n```\n"
    assert lines("swallowed-fence", HEAD + text) == [15]


def test_several_fences_may_be_out_of_step_one_after_the_other() -> None:
    text = "```a\n```b\n```\n```\n- [ ] A\n```\n- [ ] B\n```\n- [ ] C\n```\n"
    assert lines("swallowed-fence", HEAD + text) == [11, 15]


WHOLE_BOXES = {
    "usual ones": "- [ ] A\n- [x] B\n* [X] C\n1. [ ] D\n",
    "links": "- [x](there.md) is a link\n- [ ][ref] too\n- [x]: definition\n",
    "legends": "- [P] parallel\n- [US1] story\n",
    "a mark of its own": "- [~] half\n- [wip] half\n",
    "what only talks of them": "Write `- []` for an empty one.\n\n```\n- [] A\n-[ ] B\n```\n",
    "empty brackets in a text": "- an array is []\n",
}


@pytest.mark.parametrize("text", WHOLE_BOXES.values(), ids=WHOLE_BOXES)
def test_a_box_that_is_whole_or_was_none_is_no_finding(text: str) -> None:
    assert found("broken-box", HEAD + text) == []


BROKEN_BOXES = {
    "nothing in the brackets": ("- [] A\n", "the brackets hold nothing; write “[ ]”"),
    "no blank behind": ("- [x]A\n", "no blank follows the brackets"),
    "no blank before": ("-[ ] A\n", "no blank stands before the brackets"),
    "blanks beside the mark": ("- [ x ] A\n", "“[ x ]” is no mark"),
    "two blanks": ("- [  ] A\n", "“[  ]” is no mark"),
    "nothing behind": ("- [ ]\n  1. A\n", "nothing follows the brackets on its line"),
}


@pytest.mark.parametrize(("text", "why"), BROKEN_BOXES.values(), ids=BROKEN_BOXES)
def test_what_was_meant_as_a_box_and_is_none_is_told(text: str, why: str) -> None:
    for end in ("\n", "\r\n", "\r"):
        document = (HEAD + "- [ ] Z\n" + text).replace("\n", end)
        assert found("broken-box", document) == [(8, f"this is no box: {why}")]


def test_outside_of_the_plan_nobody_asks_for_boxes() -> None:
    text = HEAD + "- [ ] A\n\n## Notes\n\n- [] B\n- [ ]\n  1. C\n"
    assert found("broken-box", text) == []


def test_a_mark_is_told_once_with_how_many_boxes_have_it() -> None:
    text = plan("- [~] A\n- [x] B\n- [~] C\n- [✅] D\n- [wip] E\n")
    assert found("unknown-mark", text) == [
        (7, "“[~]” has no agreed meaning: 2 boxes are read as in progress"),
        (10, "“[✅]” has no agreed meaning: 1 box is read as in progress"),
    ]


def test_a_mark_the_configuration_or_the_convention_knows_is_no_finding() -> None:
    rules = Rules(marks=(("~", State.DROPPED),))
    assert found("unknown-mark", plan("- [~] A\n- [ ] B\n"), rules=rules) == []
    kiro = "# Implementation Plan\n\n- [ ] 1. A\n- [-] 2. B\n"
    assert found("unknown-mark", kiro, path=".kiro/specs/tides/tasks.md") == []


BESIDE_EACH_OTHER = {
    "one list": "- [ ] A\n- [ ] B\n",
    "a list that is indented as a whole": " - [ ] A\n - [ ] B\n",
    "children": "- [ ] A\n  - [ ] B\n",
    "children of a number": "1. [ ] A\n   - [ ] B\n",
    "numbers that end alike": " 9. [ ] A\n10. [ ] B\n",
    "two lists": "- [ ] A\n\nprose\n\n - [ ] B\n",
    "tabs": "- [ ] A\n\t- [ ] B\n",
    "a plain item before it": "- A\n - [ ] B\n",
}


@pytest.mark.parametrize("text", BESIDE_EACH_OTHER.values(), ids=BESIDE_EACH_OTHER)
def test_boxes_that_stand_where_they_should_are_no_finding(text: str) -> None:
    assert found("under-indented", HEAD + text) == []


def test_every_box_that_is_indented_too_little_is_told_with_its_host() -> None:
    text = plan("1. [ ] A\n  - [ ] B\n\n  - [ ] C\n2. [ ] D\n   - [ ] E\n    - [ ] F\n")
    assert found("under-indented", text) == [
        (8, "it takes 1 more column to put this box into the one of line 7"),
        (10, "it takes 1 more column to put this box into the one of line 7"),
        (13, "it takes 1 more column to put this box into the one of line 12"),
    ]


OUTSIDE_ON_PURPOSE = {
    "a section that comes later": "## Future Work\n\n### Phase 9: Fly\n\n- [ ] A\n",
    "a vision": "## Long-term vision\n\n### Phase 9: Fly\n\n- [ ] A\n",
    "a list of checks": "## Release Checklist\n\n- [ ] Phase 9: Fly\n",
    "no boxes": "## Phase 9: Fly\n\nSome day.\n",
    "another label": "## Step 9: Fly\n\n- [ ] A\n",
    "a label the plan has": "## Milestone 1: Grid\n\n- [ ] A\n\n## Index\n\n- [ ] Milestone 1: A\n",
    "boxes without a label": "## Rollout\n\n- [ ] A\n",
}


@pytest.mark.parametrize("text", OUTSIDE_ON_PURPOSE.values(), ids=OUTSIDE_ON_PURPOSE)
def test_what_is_outside_on_purpose_is_no_finding(text: str) -> None:
    assert found("milestone-outside", plan("- [ ] Milestone 1: Grid\n\n") + text) == []


def test_a_milestone_outside_is_told_by_heading_or_by_box() -> None:
    text = plan("- [ ] Milestone 1: Grid\n\n") + (
        "## Phase 2: Drag\n\n- [ ] A\n\n### Phase 2b: Drop\n\n- [ ] B\n\n"
        "## Rollout\n\n- [ ] Wave 3: Everybody\n"
    )
    assert found("milestone-outside", text) == [
        (9, "Phase 2 stands outside the plan: 2 boxes in it are not counted"),
        (19, "Wave 3 stands outside the plan: it is not counted"),
    ]


def test_only_design_docs_keep_their_milestones_in_one_place() -> None:
    text = "# Tasks\n\n## Phase 2\n\n- [ ] T001 A\n"
    assert found("milestone-outside", text, path="specs/001/tasks.md") == []


# --- what a document says of itself ---------------------------------------------------------------


def test_a_box_that_says_why_it_is_open_is_no_finding() -> None:
    text = plan("- [ ] Milestone 1: Grid, partially landed\n  - [x] A\n")
    assert found("open-parent", text) == []
    assert lines("open-parent", text.replace(", partially landed", "")) == [7]


def test_open_boxes_are_told_by_what_became_of_the_document() -> None:
    text = plan("- [x] A\n- [ ] B\n")
    shipped = text.replace("In progress", "Shipped")
    assert (lines("frozen", text), lines("frozen-dead", text)) == ([], [])
    assert (lines("frozen", shipped), lines("frozen-dead", shipped)) == ([3], [])
    for words in ("Superseded by 0009", "Implemented. The checkboxes below are stale"):
        dead = text.replace("In progress", words)
        assert (lines("frozen", dead), lines("frozen-dead", dead)) == ([], [3])
    assert lines("frozen", text, path="docs/archive/0001.md") == [3]


@pytest.mark.parametrize(
    "bullet",
    [
        "Start Milestone 2.",
        "M1 follow-up: cap the memory.",
        "After M1, look at the colours.",
        "Rest.",
    ],
)
def test_next_steps_that_name_what_is_open_or_comes_later_are_no_finding(bullet: str) -> None:
    boxes = "- [x] Milestone 1: Grid\n- [ ] Milestone 2: Drag\n\n## Next Steps\n\n- "
    assert found("stale-next-steps", plan(boxes) + bullet) == []
    assert lines("stale-next-steps", plan(boxes) + "Begin M1 now.") == [12]


APART = {
    "in different milestones": "- [ ] M1: A\n  - [ ] Test it\n- [ ] M2: B\n  - [ ] Test it\n",
    "under different headings": "### One\n\n- [ ] Test it\n\n### Two\n\n- [ ] Test it\n",
    "by their labels": "- [ ] Step 1: Test it\n- [ ] Step 2: Test it\n",
    "by a word": "- [ ] Test it\n- [ ] Test that\n",
}


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_boxes_that_can_be_told_apart_are_no_finding(text: str) -> None:
    assert found("duplicate-text", HEAD + text) == []
    assert found("duplicate-text-far", HEAD + text) == []


def test_boxes_that_say_the_same_are_told() -> None:
    near = plan("- [x] **Test  it.**\n- [ ] test it\n")
    assert found("duplicate-text", near) == [(8, "this says the same as line 7")]
    long = "Test what it writes and reads on every port"
    far = plan(f"- [ ] M1: A\n  - [ ] {long}\n  - [ ] {long}\n- [ ] M2: B\n  - [ ] {long}\n")
    assert lines("duplicate-text", far) == [9]
    assert lines("duplicate-text-far", far) == [11]


def test_four_boxes_or_a_plan_or_a_template_are_not_told_to_be_no_plan() -> None:
    boxes = "- [ ] A\n- [ ] B\n- [ ] C\n- [ ] D\n"
    assert found("no-plan", f"# Notes\n\n{boxes}") == []
    assert found("no-plan", f"{HEAD}{boxes}- [ ] E\n") == []
    assert found("no-plan", f"# Design: <Feature Name>\n\n{boxes}- [ ] E\n") == []
    assert found("no-plan", f"# Notes\n\n{boxes}- [ ] E\n") == [(3, "5 boxes, and no plan section")]


@pytest.mark.parametrize(
    ("state", "boxes", "quiet", "limit", "told"),
    [
        ("In progress", "- [ ] A\n- [ ] B\n", 60, 60, ["2 steps open"]),
        ("In progress", "- [ ] A\n", 60, 60, ["1 step open"]),
        ("In progress", "- [ ] A\n", 59, 60, []),
        ("In progress", "- [ ] A\n", None, 60, []),
        ("In progress", "- [ ] A\n", 60, None, []),
        ("In progress", "- [x] A\n- [ ]* B\n", 60, 60, []),
        ("Shipped", "- [ ] A\n", 60, 60, []),
    ],
)  # fmt: skip
def test_a_plan_is_stale_when_it_has_work_and_rests(
    state: str, boxes: str, quiet: int | None, limit: int | None, told: list[str]
) -> None:
    text = plan(boxes).replace("In progress", state)
    around = Around(quiet_days=quiet, stale_days=limit)
    rest = ", and no change to the checklist for 60 days"
    messages = [message for _, message in found("stale-document", text, around)]
    assert messages == [one + rest for one in told]


def test_a_stale_plan_without_a_status_is_told_at_its_title() -> None:
    text = "## Implementation Plan\n\n- [ ] A\n"
    assert lines("stale-document", text, around=Around(quiet_days=9, stale_days=1)) == [1]


# --- what a template left -------------------------------------------------------------------------

NO_INSTRUCTIONS = {
    "the word alone": "The instructions are on the pier.\n",
    "in code": "```\n# <instructions>\n# </instructions>\n```\n",
    "a block without an end": "# <instructions>\n",
}


@pytest.mark.parametrize("text", NO_INSTRUCTIONS.values(), ids=NO_INSTRUCTIONS)
def test_what_is_no_block_of_instructions_is_no_finding(text: str) -> None:
    assert found("template-instructions", HEAD + "- [ ] A\n\n" + text) == []


def test_each_block_of_instructions_is_told_with_its_length() -> None:
    text = (
        "# A\n\n# <instructions>\n# Say it.\n#\n# </instructions>\n\n"
        "## Implementation Plan\n\n# &lt;instructions>Short.&lt;/instructions>\n\n- [ ] A\n"
    )
    assert found("template-instructions", text) == [
        (3, "instructions of the template are still there: 4 lines"),
        (10, "instructions of the template are still there: a line"),
    ]


def test_a_remark_of_the_template_is_told_and_an_optional_phase_is_not() -> None:
    text = (
        "# A\n\n## Goals (Required) {#goals}\n\n## API (Optional but recommended)\n\n"
        "## Phase 9: Fly (Optional)\n\n## Implementation Plan (Optional)\n\n- [ ] A\n\n"
        "### Polish (Optional)\n\n- [ ] B\n\n## What (is required)\n"
    )
    assert lines("template-suffix", text) == [3, 5, 9]


FILLED_IN = {
    "a date in a step": "# A\n\n## Implementation Plan\n\n- [ ] Write YYYY-MM-DD into the log\n",
    "a type": "# A\n\n**Status:** Draft\n\n## Implementation Plan\n\n- [ ] A Vec<T>\n- [ ] <div>\n",
    "a plan alone": "# Implementation Plan\n\n- [ ] A\n",
    "an address": "# A\n\n**Author:** <mara@example.org>\n\n## Implementation Plan\n\n- [ ] A\n",
    "code": "# A\n\n**Created:** `YYYY-MM-DD`\n\n## Implementation Plan\n\n- [ ] `<single task>`\n",
    "no plan": "# A\n\n**Created:** YYYY-MM-DD\n",
    "a template without boxes": "# Design: <Feature Name>\n\n## Implementation Plan\n",
}


@pytest.mark.parametrize("text", FILLED_IN.values(), ids=FILLED_IN)
def test_what_is_filled_in_is_no_finding(text: str) -> None:
    assert found("template-placeholder", text) == []


def test_what_is_not_filled_in_is_told() -> None:
    text = (
        "# A\n\n**Author:** Your Model (e.g. a good one)\n**Created:** YYYY-MM-DD\n"
        "**Owner:** <your name>\n\n## Implementation Plan\n\n- [ ] M1: <concise milestone>\n"
    )
    assert lines("template-placeholder", text) == [3, 4, 5, 9]
    title = "# Design: <Feature Name>\n\n## Implementation Plan\n\n- [ ] A\n"
    assert lines("template-placeholder", title) == [1]


def test_required_sections_are_read_off_a_template_without_the_conditional_ones() -> None:
    text = "## Goals (Required)\n## API (Optional)\n## Safety (Required if hostile)\nA (Required)\n"
    assert required_headings(text) == ("Goals",)


def test_sections_that_stand_under_another_name_are_no_finding() -> None:
    required = ("Goals", "Proposed Architecture", "Security / Privacy")
    around = Around(required=required, template="docs/design_template.md")
    text = plan("- [ ] A\n") + "## 2. Goals and wishes\n\n## Proposed\n\n## Privacy\n"
    assert found("missing-section", text, around) == []
    assert [message for _, message in found("missing-section", plan("- [ ] A\n"), around)] == [
        f"there is no section “{name}”, which design_template.md requires" for name in required
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (plan("- [ ] A\n").replace("In progress", "Shipped"), PATH),
        (plan("- [ ] A\n"), "docs/design_template.md"),
        ("# Tasks\n\n- [ ] 1. A\n", ".kiro/specs/a/tasks.md"),
        ("# Notes\n", PATH),
    ],
)
def test_documents_that_are_no_design_in_work_may_leave_sections_out(text: str, path: str) -> None:
    around = Around(required=("Goals",), template="docs/design_template.md")
    assert found("missing-section", text, around, path) == []


def test_future_work_may_stand_anywhere_but_beside_the_title() -> None:
    assert lines("future-work-h1", plan("- [ ] A\n\n# Future Work\n")) == [9]
    assert found("future-work-h1", plan("- [ ] A\n\n## Future Work\n\n# Appendix\n")) == []
    assert found("future-work-h1", "## Implementation Plan\n\n- [ ] A\n\n# Future Work\n") == []
    assert found("future-work-h1", "# A\n\n# Future Work\n") == []


# --- documents about each other -------------------------------------------------------------------


def test_links_are_followed_from_the_folder_of_the_document() -> None:
    around = Around(missing=frozenset({"docs/b.md", "c.markdown", "docs/d e.md", "docs/x/f.md"}))
    text = plan(
        "- [ ] [b](b.md#part) and [b](./b.md 'title')\n- [ ] [c](../c.markdown)\n"
        "- [ ] [d](<d%20e.md>)\n\n[f]: x//f.md\n"
    )
    assert found("link-missing", text, around) == [
        (7, "there is no docs/b.md"),
        (8, "there is no c.markdown"),
        (9, "there is no docs/d e.md"),
        (11, "there is no docs/x/f.md"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        "https://b.md",
        "/b.md",
        "#b.md",
        "mailto:b.md",
        "{base}/b.md",
        "../../b.md",
        "b.cc",
        "b",
        "?b.md",
    ],
)
def test_links_to_elsewhere_are_not_followed(link: str) -> None:
    around = Around(missing=frozenset({"docs/b.md", "b.md", "b", "b.cc"}))
    assert found("link-missing", plan(f"- [ ] [b]({link}) and `[b](b.md)`\n"), around) == []


def test_links_from_the_top_folder_are_followed_from_there() -> None:
    around = Around(missing=frozenset({"docs/b.md"}))
    assert lines("link-missing", "[b](docs/b.md)\n", around=around, path="README.md") == [1]


def standing(text: str, family: Family, *, has_open: bool = False) -> Around:
    return Around(standings={PATH: Standing(Status(text, family, 3), has_open=has_open)})


def table(status: str) -> str:
    return f"| # | doc | **Status** |\n|:--|---|--:|\n| 1 | [b](0001-berths.md) | {status} |\n"


AGREEING = [
    ("Shipped", "Shipped", Family.DONE, False),
    ("Implemented", "Historical: implemented, then removed", Family.DEAD, False),
    ("Shipped (Phases 1–2)", "Shipped (Phases 1–2), more to come", Family.ACTIVE, True),
    ("—", "Shipped", Family.DONE, False),
    ("Who knows", "Shipped", Family.DONE, False),
    ("Draft", "Who knows", Family.UNKNOWN, False),
    ("Shipped, gaps remain", "In progress", Family.ACTIVE, True),
]


@pytest.mark.parametrize(("cell", "text", "family", "has_open"), AGREEING)
def test_a_table_that_agrees_or_says_nothing_is_no_finding(
    *, cell: str, text: str, family: Family, has_open: bool
) -> None:
    around = standing(text, family, has_open=has_open)
    assert found("index-status", table(cell), around, "docs/README.md") == []


def test_a_table_that_says_another_status_is_told_at_its_row() -> None:
    long = "In progress, " + "step by step, " * 9
    around = standing(long, Family.ACTIVE)
    message = f"the table says “Draft”, 0001-berths.md says “{long[:60].rstrip()}…”"
    assert found("index-status", table("**Draft**"), around, "docs/README.md") == [(3, message)]


NO_LISTS = {
    "no column of that name": table("Draft").replace("**Status**", "State"),
    "a row of two documents": table("Draft").replace("| 1 |", "| [c](0002-c.md) |"),
    "a row without links": table("Draft").replace("(0001-berths.md)", ""),
    "a short row": table("Draft").replace(" | Draft |", ""),
    "no rule below the head": table("Draft").replace("|:--|---|--:|\n", ""),
    "a table that ended": table("Draft").replace("| 1 |", "\n| 1 |"),
    "prose with a pipe": "a | b\n",
}


@pytest.mark.parametrize("text", NO_LISTS.values(), ids=NO_LISTS)
def test_a_table_that_lists_no_document_with_its_status_is_no_finding(text: str) -> None:
    shipped = Standing(Status("Shipped", Family.DONE, 3), has_open=False)
    around = Around(standings={PATH: shipped, "docs/0002-c.md": shipped})
    assert found("index-status", text, around, "docs/README.md") == []
    assert found("index-status", table("Draft"), around, "docs/0009-other.md") == []


# --- drift ----------------------------------------------------------------------------------------


def test_files_are_named_in_code_spans_only() -> None:
    text = (
        "Write `src/a.py`, `./b.cc` and `make x.h`; not c.py, `**/*.md`, `f(x).y`, `v1.2` or `a.py`"
    )
    assert named_files(text) == ("src/a.py", "b.cc", "x.h", "a.py")


def test_ticks_that_came_alone_and_files_that_came_unticked_are_told_with_commits() -> None:
    around = Around(
        ticks=(LoneTick(7, "a" * 40, "Tick"),),
        landings=tuple(Landing(8, f"{name}.py", "b" * 40) for name in "vwxyz"),
    )
    text = plan("- [x] A\n- [ ] B\n")
    assert found("drift-tick", text, around) == [
        (7, "ticked in aaaaaaaa (“Tick”), which touched nothing but this document")
    ]
    told = ", ".join(f"{name}.py came with bbbbbbbb" for name in "vwx")
    assert found("drift-landed", text, around) == [(8, f"open, but {told} and 2 more")]
