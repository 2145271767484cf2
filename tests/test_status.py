"""The Status of a document: where it stands, how far it goes, what it amounts to."""

from __future__ import annotations

import pytest

from plantrack.core import status
from plantrack.core.model import Family, Status


def read(text: str, *front: tuple[str, str, int]) -> Status:
    return status.read_status(text.split("\n"), 1, front)


# --- the field ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "**Status:** Draft",
        "**Status: Draft**",
        "**Status**: Draft",
        "__Status:__ Draft",
        "Status: Draft",
        "STATUS : Draft",
        "> Status: Draft",
        "> **Status:** Draft",
        "- **Status:** Draft",
        "* Status: Draft",
        "  **Status:**   Draft  ",
        "**Status:** Draft\\",
        "**Status: Draft**\\",
    ],
)
def test_the_forms_of_a_status_field(line: str) -> None:
    found = read(f"intro\n\n{line}\n")
    assert (found.text.strip("*"), found.line, found.family) == ("Draft", 3, Family.DRAFT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Statuses: Draft",
        "The Status: Draft",
        "Status Draft",
        "```\nStatus: Draft\n```",
        "# Status: x",
    ],
)
def test_other_lines_are_no_status_field(text: str) -> None:
    assert read(text) == Status("", Family.UNKNOWN, 0)


def test_a_field_behind_a_fence_is_read() -> None:
    found = read("````\nStatus: Draft\n```\n````\nStatus: Shipped\n\n~~~\n")
    assert (found.text, found.line) == ("Shipped", 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("**Status:** Draft\nsince May\n\nmore", "Draft since May"),
        ("**Status:** Draft\\\nsince May", "Draft since May"),
        ("**Status:** Draft\n**Owner:** Ada", "Draft"),
        ("**Status:** Draft\n**Owner: Ada**", "Draft"),
        ("**Status:** Draft\n- **Owner**: Ada", "Draft"),
        ("**Status:** Draft\nLast updated: May", "Draft"),
        ("**Status:** Draft\nnote: May", "Draft note: May"),
        ("> **Status:** Draft\n> since May\n>\n> more", "Draft since May"),
        ("**Status:** Draft\n# Next", "Draft"),
        ("**Status:**\nDraft", "Draft"),
        ("**Status:**\n\nDraft", ""),
        ("**Status: Draft since\nMay**", "Draft since May**"),
    ],
)
def test_a_value_runs_to_the_next_field_or_a_blank_line(text: str, value: str) -> None:
    assert read(text).text == value


def test_a_value_without_an_end_is_cut() -> None:
    assert read("Status: a\n" + "b\n" * 100).text.count("b") == 39


def test_the_first_of_several_fields_counts() -> None:
    assert read("Status: Draft\n\nStatus: Shipped\n").line == 1


@pytest.mark.parametrize(
    ("text", "front", "expected"),
    [
        ("a", ("status", "Draft", 2), Status("Draft", Family.DRAFT, 2)),
        ("a", ("Status", "Draft", 2), Status("Draft", Family.DRAFT, 2)),
        ("a", ("owner", "Draft", 2), Status("", Family.UNKNOWN, 0)),
        ("Status: Shipped", ("status", "Draft", 2), Status("Shipped", Family.DONE, 1)),
    ],
)
def test_front_matter_is_asked_when_there_is_no_field(
    text: str, front: tuple[str, str, int], expected: Status
) -> None:
    assert read(text, front) == expected


# --- stamps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("> Historical: see 0012", Family.DEAD),
        ("> **Superseded** by 0012", Family.DEAD),
        ("> ⚠️ Removed in May", Family.DEAD),
        ("> Done in May", Family.DONE),
        ("> [!NOTE]\n> Done in May", Family.DONE),
        ("text\n\n> Done in May", Family.DONE),
        ("Status: Draft\n\n> Superseded", Family.DEAD),
        ("Status: In progress\n\n> Superseded", Family.DEAD),
        ("Status: whatever\n\n> Superseded", Family.DEAD),
        ("Status: Shipped\n\n> Superseded", Family.DONE),
        ("Status: Reference\n\n> Superseded", Family.REFERENCE),
        ("> A note\n> Superseded", Family.UNKNOWN),
        ("> Supersededly", Family.UNKNOWN),
        ("> We are done", Family.UNKNOWN),
    ],
)
def test_a_quote_that_says_the_document_is_old_overrides_a_weak_status(
    text: str, family: Family
) -> None:
    assert read(text).family is family


def test_a_stamp_is_the_status_where_there_is_no_field() -> None:
    assert read("a\n\n> **Done** in May\n") == Status("**Done** in May", Family.DONE, 3)
    assert read("Status: Draft\n\n> Done\n") == Status("Draft", Family.DONE, 1)


# --- families -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "family"),
    [
        *((words, family) for words, family in status.FAMILY_WORDS),
        ("", Family.UNKNOWN),
        ("whatever", Family.UNKNOWN),
        ("Draft", Family.DRAFT),
        ("🚧 **Draft** (v2)", Family.DRAFT),
        ("~~Draft~~", Family.DRAFT),
        ("_In progress_ since May", Family.ACTIVE),
        ("[Shipped](https://example.org/draft)", Family.DONE),
        ("`draft` shipped", Family.DONE),
        ("✅ Shipped — all of it", Family.DONE),
        ("Phase 2 shipped", Family.ACTIVE),
        ("Phase two", Family.ACTIVE),
        ("Not implemented", Family.DRAFT),
        ("Not started", Family.DRAFT),
        ("Draftsman", Family.UNKNOWN),
        ("Design approved", Family.DRAFT),
        ("Partially implemented", Family.ACTIVE),
        ("Partially implemented and shipped", Family.ACTIVE),
        ("Mostly done and dusted", Family.ACTIVE),
        ("Approved and implemented", Family.DONE),
        ("Revived and implemented", Family.DONE),
        ("Abandoned. Revived: in progress", Family.ACTIVE),
        ("Fully implemented", Family.DONE),
        ("Now superseded by 0012", Family.DEAD),
        ("Redesign", Family.UNKNOWN),
        ("Complete: nothing is left", Family.DONE),
        ("v2 shipped, v3 planned", Family.DONE),
        ("Draft and done", Family.DONE),
        ("Draft and more", Family.DRAFT),
        ("Reference and draft", Family.DRAFT),
        ("This and that", Family.UNKNOWN),
    ],
)
def test_leading_words_give_the_family(text: str, family: Family) -> None:
    assert status.family_of(text) is family


def test_words_of_the_configuration_are_tried_first() -> None:
    words = (("Parked", Family.DEAD), ("draft", Family.ACTIVE))
    assert status.family_of("Parked for now", words) is Family.DEAD
    assert status.family_of("Draft", words) is Family.ACTIVE
    assert status.read_status(["Status: parked"], 1, (), words).family is Family.DEAD


# --- what the plan and the path say -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Shipped; gaps remain",
        "Done, remaining: docs",
        "Implemented, tests not started",
        "Shipped except paving",
        "Done (follow-ups in 0012)",
        "Shipped (Phases 1–2a)",
        "Implemented milestones 1 and 2",
        "Shipped (M1)",
    ],
)
def test_a_qualified_end_is_none_while_work_is_left(text: str) -> None:
    found = read(f"Status: {text}")
    assert found.family is Family.DONE
    assert status.weigh(found, open_leaves=True, archived=False).family is Family.ACTIVE
    assert status.weigh(found, open_leaves=False, archived=False).family is Family.DONE


def test_an_end_without_qualifier_is_one_whatever_is_left() -> None:
    found = read("Status: Shipped in May")
    assert status.weigh(found, open_leaves=True, archived=False) == found


def test_an_archive_ends_everything() -> None:
    found = status.weigh(read("Status: Draft"), open_leaves=True, archived=True)
    assert found.family is Family.DONE
    assert found.frozen_by
    assert status.is_over(found)


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("Shipped", True),
        ("Superseded", True),
        ("Draft", False),
        ("Reference", False),
        ("", False),
        ("In progress; the checkboxes below are stale", True),
        ("In progress. Checklist not maintained", True),
        ("In progress. Checkboxes are current. Notes are stale", False),
    ],
)
def test_some_statuses_freeze_open_boxes(text: str, *, over: bool) -> None:
    assert status.is_over(read(f"Status: {text}")) is over


def test_a_field_is_found_with_its_place() -> None:
    assert status.field(["a", "Status: b", "c"]) == (1, "b c")
    assert status.field(["a"]) is None
