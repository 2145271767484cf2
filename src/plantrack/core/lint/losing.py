"""Rules about boxes that somebody wrote and nobody counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from plantrack.core import dialect, labels
from plantrack.core.lint.rule import Example, Rule, Severity, told
from plantrack.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.boxes import Box
    from plantrack.core.lint.page import Fence, Page


def _plan(boxes: str) -> str:
    return f"# Tide gauge\n\n**Status:** In progress\n\n## Implementation Plan\n\n{boxes}"


_FENCED = """\
- [ ] Milestone 1: Read the gauge

````markdown
```sh
gauge --once
```
````

- [ ] Milestone 2: Draw the curve
"""
_LOST = """\
- [ ] Milestone 1: Read the gauge
  - [x] Open the port
  - [ ] Parse a line
- [ ] Milestone 2: Draw the curve
"""
_OUTER = """
## Milestone 2: Draw the curve

- [ ] Smooth the noise
"""


def swallowed_fence(page: Page) -> Iterator[Finding]:
    """Find the fences that nobody meant to open and that hold boxes."""
    lines = [row.line for row in page.ledger.lines if row.excluded == "in a code fence"]
    if not lines:
        return
    for fence, why in _unmeant(page.fences):
        held = lines[bisect_right(lines, fence.first) : bisect_right(lines, fence.last)]
        if held:
            boxes = "a box-like line" if len(held) == 1 else f"{len(held)} box-like lines"
            message = f"{boxes} in the code fence that line {fence.first} opens: {why}"
            yield Finding("", held[0], "swallowed-fence", message)


def _unmeant(fences: tuple[Fence, ...]) -> Iterator[tuple[Fence, str]]:
    """Find the fences that were written as the end of another one, or have no end."""
    outer: Fence | None = None  # closed too early by what was to close a fence inside it
    for fence in fences:
        if outer is not None and not fence.info:
            yield fence, f"the fence of line {outer.first} ended at line {outer.last} already"
            outer = None if fence.inner else fence
            continue
        outer = fence if fence.inner and fence.is_closed else None
        if not fence.is_closed:
            yield fence, "it is never closed"


def broken_box(page: Page) -> Iterator[Finding]:
    """Find the lines of a plan that only look like boxes."""
    for row in page.ledger.lines:
        reason = row.excluded or ""
        if not page.in_plan(row.line):
            continue
        if reason == _EMPTY or (reason.endswith("is no mark") and _SLOPPY.match(row.raw)):
            yield Finding("", row.line, "broken-box", f"this is no box: {reason}")
    for line, text in page.prose:
        if "[" in text and page.in_plan(line) and (match := _BROKEN.match(text)):
            kind = match.lastgroup or ""
            yield Finding("", line, "broken-box", f"this is no box: {_WHY[kind]}")


_EMPTY = "nothing follows the brackets on its line"
_SLOPPY = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s+\[\s*[xX]?\s*\]")
_BROKEN = re.compile(
    r"^\s*(?:[-*+]|\d{1,9}[.)])(?:[ \t]+\[(?P<hollow>)\](?:\s|$)"
    r"|[ \t]+\[[ xX]\](?P<tight>)[^\s\[(:*\\\]]"
    r"|\[[ xX]\](?P<stuck>)\s)",
)
_WHY = {
    "hollow": "the brackets hold nothing; write “[ ]”",
    "tight": "no blank follows the brackets",
    "stuck": "no blank stands before the brackets",
}


def unknown_mark(page: Page) -> Iterator[Finding]:
    """Find the marks nobody said the meaning of, each once, at its first box."""
    known = {" ", "\u00a0", "x", "X", *(mark for mark, _ in page.rules.marks)}
    if page.plan.dialect == dialect.KIRO:
        known.add("-")  # in progress, by that convention
    lines: dict[str, list[int]] = {}
    for node in page.nodes:
        mark = node.mark
        if mark is not None and mark not in known and mark.lower() not in dialect.MARK_WORDS:
            lines.setdefault(mark, []).append(node.line)
    for mark, held in lines.items():
        boxes = "1 box is" if len(held) == 1 else f"{len(held)} boxes are"
        message = f"“[{mark}]” has no agreed meaning: {boxes} read as in progress"
        yield Finding("", held[0], "unknown-mark", message)


def under_indented(page: Page) -> Iterator[Finding]:
    """Find the boxes that are indented, but not far enough to stand in the one above."""
    for host, box in misplaced(page):
        lack = inside(page, host.line) - column(page, box.line)
        more = "1 more column" if lack == 1 else f"{lack} more columns"
        message = f"it takes {more} to put this box into the one of line {host.line}"
        yield Finding("", box.line, "under-indented", message)


def misplaced(page: Page) -> Iterator[tuple[Box, Box]]:
    """Yield each box that is indented too little, after the one it was meant to stand in."""
    return _misplaced(page, page.boxes)


def _misplaced(page: Page, boxes: tuple[Box, ...]) -> Iterator[tuple[Box, Box]]:
    host: Box | None = None
    after = 0  # line of the box before, as long as nothing but a list stands between host and it
    for box in boxes:
        at = column(page, box.line)
        touches = host is not None and after > 0 and _touch(page, after, box.line)
        if host and touches and column(page, host.line) < at < inside(page, host.line):
            yield host, box
        else:
            host = box
        after = box.line
        yield from _misplaced(page, box.children)


def column(page: Page, line: int) -> int:
    """Return the column, from 0, in which the marker of the list item of a line stands."""
    return _width(_ITEM, page.source.lines[line - 1], "indent")


def inside(page: Page, line: int) -> int:
    """Return the column, from 0, in which the text of the list item of a line begins."""
    return _width(_ITEM, page.source.lines[line - 1], "all")


def _width(pattern: re.Pattern[str], text: str, group: str) -> int:
    match = pattern.match(text)
    return len(match.group(group).expandtabs(4)) if match else 0


def _touch(page: Page, first: int, last: int) -> bool:
    """Tell whether nothing but a list stands between two lines."""
    between = page.source.lines[first : last - 1]
    return not any(text and not text[0].isspace() for text in between)


_ITEM = re.compile(r"^(?P<all>(?P<indent>[ \t>]*)(?:[-*+]|\d{1,9}[.)])[ \t]{1,4})")


def milestone_outside(page: Page) -> Iterator[Finding]:
    """Find the milestones, with boxes, that stand outside of a document's plan."""
    if page.plan.dialect != dialect.DESIGN_DOC:
        return
    lines = [row.line for row in page.ledger.lines if (row.excluded or "").startswith(_OUTSIDE)]
    known = {labels.key(node.label) for node in page.nodes if node.label}
    until = 0  # last line of a section that was told of, or is outside on purpose
    taken: set[int] = set()
    for line, end, text, words in page.headings():
        held = lines[bisect_right(lines, line) : bisect_right(lines, end)]
        if line <= until or not held or page.in_plan(line):
            continue
        label = labels.split(dialect.without_anchor(text), numbered=True)[0]
        meant = _ELSEWHERE.search(words) or dialect.is_outside_heading(text)
        if not meant and not labels.is_outer(label):
            continue
        until = end
        taken.update(held)
        if not meant and labels.key(label) not in known:
            boxes = "1 box in it is" if len(held) == 1 else f"{len(held)} boxes in it are"
            message = f"{label} stands outside the plan: {boxes} not counted"
            yield Finding("", line, "milestone-outside", message)
    outside = frozenset(lines) - taken
    for box in page.boxes:
        label = labels.split(box.text)[0]
        if box.line in outside and labels.is_outer(label) and labels.key(label) not in known:
            message = f"{label} stands outside the plan: it is not counted"
            yield Finding("", box.line, "milestone-outside", message)


_ELSEWHERE = re.compile(
    r"\b(?:future|later|long.term|post.v?\d|vision|out of scope|deferred|beyond|follow.?(?:up|on)s?"
    r"|stretch|backlog|appendix|alternatives?|historical|history|original|previous|ideas?)\b"
)
_OUTSIDE = "outside the plan, under"

RULES = (
    Rule(
        code="swallowed-box",
        severity=Severity.ERROR,
        finds="A line of the plan looks like a box, but Markdown makes it text or code.",
        because=(
            "Four blanks too many turn a list item into a line of the paragraph above it, or into "
            "code. GitHub shows no box there, nothing counts it, and the plan looks further than "
            "it is."
        ),
        remedy="Indent it as far as the text of the item it belongs to begins.",
        find=told("swallowed-box"),
        is_fixed=True,
        bad=Example(_plan("- [ ] Milestone 1: Read the gauge\n        - [ ] Open the port\n")),
        good=Example(_plan("- [ ] Milestone 1: Read the gauge\n  - [ ] Open the port\n")),
    ),
    Rule(
        code="swallowed-fence",
        severity=Severity.ERROR,
        finds="Boxes stand in a code fence that nobody meant to open, or that is never closed.",
        because=(
            "A fence ends at the first line of as many marks. One inside another ends both, the "
            "line that was to close the outer one opens a new one, and what follows is code."
        ),
        remedy="Write the outer fence with one mark more than the ones inside it, and close it.",
        find=swallowed_fence,
        bad=Example(_plan(_FENCED.replace("````", "```"))),
        good=Example(_plan(_FENCED)),
    ),
    Rule(
        code="broken-box",
        severity=Severity.ERROR,
        finds="A list item of the plan was meant as a box and is none.",
        because="A box is “[ ]” or “[x]” with a blank before and after, and a text on its line.",
        remedy="Write “- [ ] text” or “- [x] text”.",
        find=broken_box,
        bad=Example(_plan("- [ ] Open the port\n- [ x] Parse a line\n- [] Plot it\n")),
        good=Example(_plan("- [ ] Open the port\n- [x] Parse a line\n- [ ] Plot it\n")),
    ),
    Rule(
        code="under-indented",
        severity=Severity.WARNING,
        finds="A box is indented below another one, but not far enough to stand in it.",
        because=(
            "An item holds what is indented as far as its own text. What is indented less stands "
            "beside it, and a step becomes a milestone."
        ),
        remedy="Indent it as far as the text of the item it belongs to begins.",
        find=under_indented,
        is_fixed=True,
        bad=Example(_plan("1. [ ] Read the gauge\n  - [ ] Open the port\n")),
        good=Example(_plan("1. [ ] Read the gauge\n   - [ ] Open the port\n")),
    ),
    Rule(
        code="lost-indent",
        severity=Severity.WARNING,
        finds="A box without a label stands among labelled milestones.",
        because=(
            "It is read as a step of the milestone above it, as the others around it are; GitHub "
            "shows it beside them."
        ),
        remedy="Indent it, or give it a label if it is a milestone.",
        find=told("lost-indent"),
        is_fixed=True,
        bad=Example(_plan(_LOST.replace("  - [ ] Parse", "- [ ] Parse"))),
        good=Example(_plan(_LOST)),
    ),
    Rule(
        code="unknown-mark",
        severity=Severity.NOTE,
        finds="A mark between the brackets has no meaning that everybody agrees on.",
        because=(
            "“[~]”, “[-]” or “[>]” stand for doing, dropped or deferred, as it pleases each tool. "
            "Such a box is open and in progress here until the configuration says otherwise."
        ),
        remedy='Say what it means: marks = { "~" = "dropped" }.',
        find=unknown_mark,
        bad=Example(_plan("- [x] Open the port\n- [~] Parse a line\n")),
        good=Example(_plan("- [x] Open the port\n- [ ] Parse a line\n")),
    ),
    Rule(
        code="milestone-outside",
        severity=Severity.WARNING,
        finds="A milestone or phase with boxes stands outside of the plan section.",
        because="What stands outside of the plan is not counted, and never next.",
        remedy="Move it into the plan, or take its boxes away.",
        find=milestone_outside,
        bad=Example(_plan("- [ ] Milestone 1: Read the gauge\n") + _OUTER),
        good=Example(_plan("- [ ] Milestone 1: Read the gauge\n") + _OUTER.replace("## ", "### ")),
    ),
)
