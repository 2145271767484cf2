"""Rules about what a design doc's template leaves behind, or asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plantrack.core import dialect, inline, labels
from plantrack.core.inline import CODE_SPAN
from plantrack.core.lint.around import Around
from plantrack.core.lint.rule import Example, Rule, Severity
from plantrack.core.model import Family, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.lint.page import Page


def template_instructions(page: Page) -> Iterator[Finding]:
    """Find the instruction blocks a template opens with."""
    for first, last in instruction_blocks(page):
        lines = "a line" if first == last else f"{last - first + 1} lines"
        message = f"instructions of the template are still there: {lines}"
        yield Finding("", first, "template-instructions", message)


def instruction_blocks(page: Page) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of each block of instructions, marks included."""
    if "instructions" not in page.text:
        return
    first = 0
    for line, text in page.prose:
        opening = None if first else _OPENS.match(text)
        if not first and opening is None:
            continue
        first = first or line
        if _CLOSES.search(text, opening.end() if opening else 0):
            yield first, line
            first = 0


_OPENS = re.compile(r"^ {0,3}(?:#{1,6}[ \t]+)?(?:<|&lt;)instructions(?:>|&gt;)")
_CLOSES = re.compile(r"(?:<|&lt;)/instructions(?:>|&gt;)")


def template_suffix(page: Page) -> Iterator[Finding]:
    """Find the headings that still say whether the template requires them."""
    for line, _, text, _ in page.headings():
        if (match := suffix(page, line, text)) is not None:
            message = f"the heading still ends in “{match.group(1)}”, a remark of the template"
            yield Finding("", line, "template-suffix", message)


def suffix(page: Page, line: int, text: str) -> re.Match[str] | None:
    """Match the remark of a template at the end of a heading's text; None: there is none.

    A labelled heading that is optional, and any other one inside the plan, may mean it.
    """
    match = _SUFFIX.search(dialect.without_anchor(text))
    if match is None or match.group("word") == "Required":
        return match
    inside = page.in_plan(line) and all(line != section.line for section in page.plan.sections)
    return None if inside or labels.split(text, numbered=True)[0] else match


_SUFFIX = re.compile(r"[ \t]*(\((?P<word>Required|Optional)\b[^()\n]*\))[ \t]*$")


def template_placeholder(page: Page) -> Iterator[Finding]:
    """Find what a template wants filled in."""
    if page.plan.template and page.boxes:
        message = "the title is still a placeholder: the document is taken for a template"
        yield Finding("", page.title_line, "template-placeholder", message)
        return
    if not page.plan.sections:
        return
    ends = page.source.headings[1].line if len(page.source.headings) > 1 else len(page.raw) + 1
    for line, text in page.prose:
        if line >= ends:
            break
        if match := _UNFILLED.search(text):
            message = f"“{match.group('left')}” is still to be filled in"
            yield Finding("", line, "template-placeholder", message)
    for node in page.nodes:
        if "<" in node.title and (match := _ANGLED.match(CODE_SPAN.sub(" ", node.title).strip())):
            message = f"“{match.group()}” is still to be filled in"
            yield Finding("", node.line, "template-placeholder", message)


_UNFILLED = re.compile(
    r"^[ \t>*-]{0,8}\**[A-Z][\w ]{0,40}\**:\**[ \t]*"
    r"(?P<left>YYYY-MM-DD|Your Model \(e\.g\.|<[A-Za-z][^<>/@:]*>)"
)
_ANGLED = re.compile(r"^<[a-z][^<>/=]* [^<>/=]*>$")


def missing_section(page: Page) -> Iterator[Finding]:
    """Find the sections that the template of the folder requires and the document has not."""
    wanted = page.around.required
    if not wanted or page.plan.dialect != dialect.DESIGN_DOC or page.path == page.around.template:
        return
    if page.plan.status.family not in {Family.DRAFT, Family.ACTIVE, Family.UNKNOWN}:
        return
    there = {words for _, _, _, words in page.headings()}
    for heading in wanted:
        words = dialect.heading_words(heading)
        if not any(_is_like(words, one) for one in there):
            name = page.around.template.rpartition("/")[2]
            message = f"there is no section “{inline.plain(heading)}”, which {name} requires"
            yield Finding("", page.title_line, "missing-section", message)


def _is_like(wanted: str, found: str) -> bool:
    """Tell whether a heading stands for a wanted one: it begins so, or with its first word."""
    return (
        found.startswith(wanted) or wanted.startswith(f"{found} ") or found in wanted.split(" / ")
    )


def required_headings(text: str) -> tuple[str, ...]:
    """Read off a template the headings it calls required without condition, as written."""
    found = (_HEADING.match(line) for line in text.splitlines())
    return tuple(match.group("text") for match in found if match)


_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<text>\S[^\n]{0,200}?)[ \t]*\(Required\)[ \t]*$")


def future_work_h1(page: Page) -> Iterator[Finding]:
    """Find a Future Work that stands as high as the title of the document."""
    headings = page.source.headings
    if not page.plan.sections or not headings or headings[0].level != 1:
        return
    for heading in headings[1:]:
        if heading.level == 1 and dialect.heading_words(heading.text).startswith("future"):
            message = "this heading stands as high as the title: a second document begins here"
            yield Finding("", heading.line, "future-work-h1", message)


_FRESH = """\
# Tide gauge

# <instructions>
# Remove this before review.
# </instructions>

**Status:** Draft

## Implementation Plan

- [ ] Milestone 1: Read the gauge
"""
_BARE = _FRESH[: _FRESH.index("# <")] + _FRESH[_FRESH.index("**S") :]

RULES = (
    Rule(
        code="template-instructions",
        severity=Severity.WARNING,
        finds="A block of <instructions> was copied from the template and is still there.",
        because="They speak to whoever writes the document, not to its readers.",
        remedy="Remove the block.",
        find=template_instructions,
        is_fixed=True,
        bad=Example(_FRESH),
        good=Example(_BARE),
    ),
    Rule(
        code="template-suffix",
        severity=Severity.WARNING,
        finds="A heading still ends in (Required) or (Optional), as in the template.",
        because="That is a remark to whoever fills the template in.",
        remedy="Remove the suffix.",
        find=template_suffix,
        is_fixed=True,
        bad=Example(_BARE.replace("Plan", "Plan (Required)")),
        good=Example(_BARE),
    ),
    Rule(
        code="template-placeholder",
        severity=Severity.WARNING,
        finds="A placeholder of the template was not filled in.",
        because="A step named <single actionable task> counts as work, and nobody knows which.",
        remedy="Fill it in, or remove the line.",
        find=template_placeholder,
        bad=Example(
            _BARE.replace("Draft", "Draft\n**Created:** YYYY-MM-DD").replace(
                "Read the gauge", "<concise milestone>"
            )
        ),
        good=Example(_BARE.replace("Draft", "Draft\n**Created:** 2026-03-02")),
    ),
    Rule(
        code="missing-section",
        severity=Severity.WARNING,
        finds="A section that the template beside the document requires is not there.",
        because=(
            "The template of a folder (design_template.md, or a file in templates/) marks what "
            "every document has to say with (Required)."
        ),
        remedy="Write the section, or take (Required) away in the template.",
        find=missing_section,
        is_default=False,
        bad=Example(
            _BARE,
            Around(required=("Goals",), template="docs/design_template.md"),
            "With “## Goals (Required)” in docs/design_template.md.",
        ),
        good=Example(
            _BARE.replace("## Impl", "## Goals\n\n- Know the tide.\n\n## Impl"),
            Around(required=("Goals",), template="docs/design_template.md"),
        ),
    ),
    Rule(
        code="future-work-h1",
        severity=Severity.NOTE,
        finds="Future Work is a heading of the first level, below a title of the first level.",
        because="In an outline it stands beside the document instead of in it.",
        remedy="Write “## Future Work”.",
        find=future_work_h1,
        bad=Example(_BARE + "\n# Future Work\n\n- [ ] A second gauge\n"),
        good=Example(_BARE + "\n## Future Work\n\n- [ ] A second gauge\n"),
    ),
)
