"""A template becomes a document: where it goes, what it is called, what it says."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import dialect, drafting
from plantrack.core.model import Shape
from strategies import any_text, read

TODAY = date(2026, 3, 1)
BUILT_IN = resources.files("plantrack").joinpath("templates", "design.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("documents", "template", "folder"),
    [
        ((), "", "docs/design"),
        (("docs/plan.md",), "", "docs/design"),
        (("a/0001-x.md", "a/0002-y.md", "b/0001-z.md"), "", "a"),
        (("b/0001-x.md", "a/0001-y.md"), "", "a"),
        (("b/0001-x.md", "a/0001-y.md"), "c/design_template.md", "c"),
        (("b/0001-x.md",), "b/design_template.md", "b"),
        (("b/0001-x.md", "b/0002-y.md"), "c/design_template.md", "b"),
        ((), "docs/templates/design.md", "docs"),
        ((), "template.md", "docs/design"),
        (("done/0001-x.md", "done/0002-y.md", "a/0001-z.md"), "", "a"),
    ],
)
def test_a_document_goes_where_the_numbered_ones_are(
    documents: tuple[str, ...], template: str, folder: str
) -> None:
    assert drafting.folder_of(documents, template) == folder


@pytest.mark.parametrize(
    ("name", "beside", "path"),
    [
        ("Audit Trail", (), "d/0001-audit-trail.md"),
        ("Audit Trail", ("0041-a-b.md", "0007-c.md"), "d/0042-audit-trail.md"),
        ("Audit Trail", ("001_a_b.md", "002_c.md"), "d/003_audit_trail.md"),
        ("Audit Trail", ("09-a.md", "10-b.MD"), "d/11-audit-trail.md"),
        ("Audit Trail", ("9999-a.md",), "d/10000-audit-trail.md"),
        ("Audit Trail", ("0001-a.txt", "README.md", "design_template.md"), "d/0001-audit-trail.md"),
        ("Audit Trail", ("first_plan.md", "README.md"), "d/audit_trail.md"),
        ("The Harbour's  C++/Größe", (), "d/0001-the-harbours-c-größe.md"),
    ],
)
def test_it_is_called_as_its_neighbours_are(name: str, beside: tuple[str, ...], path: str) -> None:
    assert drafting.path_of(name, "d", beside) == path
    assert drafting.path_of(name, "", beside) == path.removeprefix("d/")


# --- what it says ---------------------------------------------------------------------------------


def filled(template: str) -> str:
    return drafting.filled(template, "Audit", TODAY)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("# Design: <Feature Name>\n", "# Design: Audit\n"),
        ("# <Feature Name> Design\n", "# Audit Design\n"),
        ("# {{ name }}\n", "# Audit\n"),
        ("# RFC: something\n", "# RFC: Audit\n"),
        ("# Something\n", "# Audit\n"),
        ("\ufeff\n\n# Something #\n\n\n", "# Audit\n"),
        ("Words.\n", "# Design: Audit\n\nWords.\n"),
        ("# A\n\n**Created:** YYYY-MM-DD\n", "# Audit\n\n**Created:** 2026-03-01\n"),
        ("# A\n\nDate: <date>\n", "# Audit\n\nDate: 2026-03-01\n"),
        ("# A\n\n**Status:** Design\n", "# Audit\n\n**Status:** Design\n"),
        ("# A\n\n**Status:**\n", "# Audit\n\n**Status:** Draft\n"),
        ("# A\n\n**Status**: <status>\n", "# Audit\n\n**Status**: Draft\n"),
        ("# A\n\nStatus: Draft | Active\n", "# Audit\n\nStatus: Draft\n"),
        ("# A\n\nStatus: x\n\nStatus:\n", "# Audit\n\nStatus: x\n\nStatus:\n"),
        ("# A\n\n## Goals (Required)\n", "# Audit\n\n## Goals\n"),
        ("# A\n\n## B (Optional but nice)\n", "# Audit\n\n## B\n"),
        ("# A\n\n## B (really)\n", "# Audit\n\n## B (really)\n"),
        (
            "# A\n\n```\n# B (Required)\nStatus:\n```\n",
            "# Audit\n\n```\n# B (Required)\nStatus:\n```\n",
        ),
        ("# A\n\n~~~\n```\n# B (Required)\n~~~\n", "# Audit\n\n~~~\n```\n# B (Required)\n~~~\n"),
    ],
)
def test_what_is_open_is_filled_in(template: str, text: str) -> None:
    assert filled(template) == text


def test_what_a_template_says_to_its_reader_is_left_out() -> None:
    template = (
        "# A\n\n# <instructions>\n# Do this.\n\n# <b>Do</b> that.\n# </instructions>\n\n\nWhy.\n\n"
        "## B\n\n## &lt;instructions&gt;List them.</instructions>\n\n- [ ] One\n"
    )
    assert filled(template) == "# Audit\n\nWhy.\n\n## B\n\n- [ ] One\n"


def test_instructions_without_an_end_stay() -> None:
    assert "Do this" in filled("# A\n\n# <instructions>\n# Do this.\n\n## B\n")


def test_the_built_in_template_makes_a_plan_of_two_layers() -> None:
    plan = read(filled(BUILT_IN))
    assert not plan.template
    assert plan.findings == ()
    (section,) = plan.sections
    assert section.shape is Shape.NESTED
    assert [node.label for node in section.nodes] == ["Milestone 1", "Milestone 2", "Milestone 3"]
    assert len(section.nodes[0].children) == 2
    assert "YYYY" not in filled(BUILT_IN)


def test_a_template_of_design_docs_has_a_plan_in_it() -> None:
    phrases = dialect.PLAN_HEADINGS
    assert drafting.is_template(BUILT_IN, phrases)
    assert drafting.is_template("# A\n\n## 4. Implementation Plan (Required)\n", phrases)
    assert not drafting.is_template("# Implementation Plan\n", phrases)
    assert not drafting.is_template("# Dear reader\n\n## Goals\n", phrases)


@given(any_text(), st.sampled_from(["Audit", "Drag to Move"]))
def test_any_template_gives_a_document_that_ends_its_lines(text: str, name: str) -> None:
    found = drafting.filled(text, name, TODAY)
    assert found.endswith("\n")
    assert name in found
