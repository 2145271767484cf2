"""Rules about what a document says of its own work, and says otherwise elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plantrack.core import inline, status
from plantrack.core.lint.around import Around
from plantrack.core.lint.rule import Example, Rule, Severity, told
from plantrack.core.model import Family, Finding
from plantrack.core.progress import OPEN
from plantrack.core.view import MISSED_BOXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.lint.page import Page
    from plantrack.core.model import Node


def open_parent(page: Page) -> Iterator[Finding]:
    """Find the boxes that are open though all in them is done, and that do not say why."""
    unfinished = {node.line for node in page.nodes if _UNFINISHED.search(node.text[:_LEAD])}
    return (one for one in told("open-parent")(page) if one.line not in unfinished)


_UNFINISHED = re.compile(r"(?i)\b(?:partial(?:ly)?|partly|in part|remain(?:s|ing|der)|still)\b")
_LEAD = 200  # characters


def frozen(page: Page) -> Iterator[Finding]:
    """Find open boxes in a document that is said to be done."""
    if _is_done(page):
        yield from told("frozen")(page)


def frozen_dead(page: Page) -> Iterator[Finding]:
    """Find open boxes in a document that was given up, or disowns its boxes."""
    if not _is_done(page):
        yield from (one._replace(code="frozen-dead") for one in told("frozen")(page))


def _is_done(page: Page) -> bool:
    said = page.plan.status
    disowned = said.frozen_by.startswith("its Status")
    return said.family is Family.DONE and not disowned


def stale_next_steps(page: Page) -> Iterator[Finding]:
    """Find the Next Steps that ask for what is finished, and not for what comes after it."""
    later = {one.line for one in page.plan.next_steps if _LATER.search(one.text)}
    return (one for one in told("stale-next-steps")(page) if one.line not in later)


_LATER = re.compile(r"(?i)\b(?:follow(?:ing|s)?\b|follow-?(?:on|up)|after|since|now that|beyond)\b")


def duplicate_text(page: Page) -> Iterator[Finding]:
    """Find the boxes that say what another one in the same place says already."""
    for section in page.plan.sections:
        yield from _side_by_side(section.nodes)


def duplicate_text_far(page: Page) -> Iterator[Finding]:
    """Find the boxes that say what a box elsewhere in the plan says already."""
    near = {one.line for one in duplicate_text(page)}
    first: dict[str, Node] = {}
    for node in page.nodes:
        text = _said(node.title)
        if node.mark is not None and len(text) >= _TELLING:
            before = first.setdefault(text, node)
            if before is not node and node.line not in near:
                yield _twice(node, before, "duplicate-text-far")


def _side_by_side(nodes: Sequence[Node]) -> Iterator[Finding]:
    """Find those that stand side by side."""
    first: dict[str, Node] = {}
    for node in nodes:
        if node.mark is not None and (text := _said(node.text)):
            before = first.setdefault(text, node)
            if before is not node:
                yield _twice(node, before, "duplicate-text")
        yield from _side_by_side(node.children)


def _twice(node: Node, before: Node, code: str) -> Finding:
    return Finding("", node.line, code, f"this says the same as line {before.line}")


def _said(text: str) -> str:
    return _SPACES.sub(" ", inline.plain(text)).strip(" .;,").lower()


_SPACES = re.compile(r"\s+")
_TELLING = 30  # characters; a shorter text may well be needed again elsewhere


def no_plan(page: Page) -> Iterator[Finding]:
    """Find the documents that hold boxes and no plan."""
    held = [box.line for top in page.boxes for box in top.walk()]
    if not page.plan.sections and not page.plan.template and len(held) >= MISSED_BOXES:
        yield Finding("", held[0], "no-plan", f"{len(held)} boxes, and no plan section")


def stale_document(page: Page) -> Iterator[Finding]:
    """Find the plans in work whose checklist has not changed for long."""
    quiet, limit = page.around.quiet_days, page.around.stale_days
    if quiet is None or limit is None or quiet < limit or status.is_over(page.plan.status):
        return
    left = sum(node.is_leaf and node.state in OPEN and not node.optional for node in page.nodes)
    if left:
        steps = "1 step" if left == 1 else f"{left} steps"
        message = f"{steps} open, and no change to the checklist for {quiet} days"
        line = page.plan.status.line or page.title_line
        yield Finding("", line, "stale-document", message)


def _doc(state: str, boxes: str) -> str:
    return f"# Tide gauge\n\n**Status:** {state}\n\n## Implementation Plan\n\n{boxes}"


_OPEN_STEP = """\
- [x] Milestone 1: Read the gauge
  - [x] Open the port
  - [ ] Parse a line
"""
_ALL_DONE = _OPEN_STEP.replace("[ ]", "[x]")
_ALIKE = """\
- [ ] Milestone 1: Read the gauge
  - [ ] Test what it writes and reads on every kind of port
- [ ] Milestone 2: Draw the curve
  - [ ] Test what it writes and reads on every kind of port
"""
_STALE_STEPS = """\
# Tide gauge

## Next Steps

- Start Milestone 1.

## Implementation Plan

- [x] Milestone 1: Read the gauge
- [ ] Milestone 2: Draw the curve
"""
_NO_PLAN = """\
# Tide gauge

## Tasks

- [x] Open the port
- [x] Parse a line
- [ ] Smooth the noise
- [ ] Draw the curve
- [ ] Show the tide
"""

RULES = (
    Rule(
        code="ticked-parent",
        severity=Severity.WARNING,
        finds="A ticked box holds an open one.",
        because="One of the two is wrong; both are counted as they are written.",
        remedy="Tick or strike the open one, or untick the box around it.",
        find=told("ticked-parent"),
        bad=Example(_doc("In progress", _OPEN_STEP)),
        good=Example(_doc("In progress", _OPEN_STEP.replace("[x] M", "[ ] M"))),
    ),
    Rule(
        code="open-parent",
        severity=Severity.WARNING,
        finds="A box is open, and everything in it is done.",
        because="The milestone is not counted as done until its own box is ticked.",
        remedy="Tick it, or write down what is still missing as a step of it.",
        find=open_parent,
        bad=Example(_doc("In progress", _ALL_DONE.replace("[x] M", "[ ] M"))),
        good=Example(_doc("Done", _ALL_DONE)),
    ),
    Rule(
        code="ticked-struck",
        severity=Severity.NOTE,
        finds="An item is struck through and ticked as well.",
        because="Struck means dropped, ticked means done. It is counted as done.",
        remedy="Take the tick away if it was dropped, the strike if it was done.",
        find=told("ticked-struck"),
        bad=Example(_doc("In progress", "- [x] ~~Export as GIF~~\n- [ ] Export as PNG\n")),
        good=Example(_doc("In progress", "- [ ] ~~Export as GIF~~\n- [ ] Export as PNG\n")),
    ),
    Rule(
        code="frozen",
        severity=Severity.WARNING,
        finds="The Status, or an archive folder, says that the work is done, and boxes are open.",
        because="They are no work to do any more, and count as dropped.",
        remedy="Tick, strike or move them, or let the Status say what is missing.",
        find=frozen,
        bad=Example(_doc("Implemented", _OPEN_STEP.replace("[x] M", "[ ] M"))),
        good=Example(_doc("Implemented", _ALL_DONE)),
    ),
    Rule(
        code="frozen-dead",
        severity=Severity.NOTE,
        finds="A document that was superseded, removed or given up holds open boxes.",
        because="They count as dropped. Most such documents are kept as they were on purpose.",
        remedy="Nothing, or strike what nobody will do.",
        find=frozen_dead,
        is_default=False,
        bad=Example(_doc("Superseded by 0009", _OPEN_STEP.replace("[x] M", "[ ] M"))),
        good=Example(_doc("Superseded by 0009", _ALL_DONE)),
    ),
    Rule(
        code="finished-unannounced",
        severity=Severity.WARNING,
        finds="Every step is done, and the Status still says draft or in progress.",
        because="Whoever reads the Status believes that there is work left.",
        remedy="Let the Status say that it is done.",
        find=told("finished-unannounced"),
        bad=Example(_doc("In progress", _ALL_DONE)),
        good=Example(_doc("Done", _ALL_DONE)),
    ),
    Rule(
        code="stale-next-steps",
        severity=Severity.WARNING,
        finds="A bullet under Next Steps names milestones of the plan, and all are finished.",
        because="Next Steps are read first, by people and agents, and lead them astray.",
        remedy="Name the milestone that is next, or leave the bullet out.",
        find=stale_next_steps,
        bad=Example(_STALE_STEPS),
        good=Example(_STALE_STEPS.replace("Start Milestone 1", "Start Milestone 2")),
    ),
    Rule(
        code="duplicate-text",
        severity=Severity.WARNING,
        finds="Two boxes of the same milestone, or list, say the same.",
        because="Work is counted twice, and ticking one of them leaves the other open.",
        remedy="Take one away, or say how they differ.",
        find=duplicate_text,
        bad=Example(_doc("In progress", "- [x] Open the port\n- [ ] Open the port\n")),
        good=Example(_doc("In progress", "- [x] Open the port\n- [ ] Open the valve\n")),
    ),
    Rule(
        code="duplicate-text-far",
        severity=Severity.NOTE,
        finds="Two boxes in different milestones say the same, in more than a few words.",
        because="It may be the same work, or the same kind of work in another place.",
        remedy="Take one away, or say how they differ.",
        find=duplicate_text_far,
        is_default=False,
        bad=Example(_doc("In progress", _ALIKE)),
        good=Example(_doc("In progress", _ALIKE.replace("and reads", "or", 1))),
    ),
    Rule(
        code="no-plan",
        severity=Severity.NOTE,
        finds=f"A document holds {MISSED_BOXES} boxes or more, and none of them is in a plan.",
        because="Its boxes are not counted, and nothing in it is ever next.",
        remedy=(
            "Put them under a heading like “Implementation Plan”, name its heading in "
            "plan_headings, or exclude the document."
        ),
        find=no_plan,
        is_default=False,
        bad=Example(_NO_PLAN),
        good=Example(_NO_PLAN.replace("## Tasks", "## Implementation Plan")),
    ),
    Rule(
        code="stale-document",
        severity=Severity.WARNING,
        finds="A plan in work has open steps, and its checklist has not changed for long.",
        because="Either the work stopped, or nobody ticks it.",
        remedy="Tick what is done, or let the Status say that the work is over or on hold.",
        find=stale_document,
        bad=Example(
            _doc("In progress", "- [ ] Open the port\n"),
            Around(quiet_days=75, stale_days=60),
            "With --stale 60d, 75 days after the last change to its checklist.",
        ),
        good=Example(
            _doc("Abandoned", "- [x] Open the port\n"), Around(quiet_days=75, stale_days=60)
        ),
    ),
)
