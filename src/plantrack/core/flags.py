"""A plan to the remarks that stand beside it wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core import status
from plantrack.core.beside import stale_next_steps
from plantrack.core.model import Family, Finding, Kind, Node, Plan, State, Status
from plantrack.core.progress import OPEN, tally

if TYPE_CHECKING:
    from collections.abc import Iterator

TICKED_PARENT = "ticked-parent"  # a ticked box over an open required leaf
OPEN_PARENT = "open-parent"  # an open box whose required leaves are all done
TICKED_STRUCK = "ticked-struck"  # a ticked item whose lead is struck through
FROZEN = "frozen"  # open boxes under a Status that says the work is over
UNANNOUNCED = "finished-unannounced"  # a finished plan under a draft or active Status

_BRIEF = 60  # characters of a Status in a message


def flags(plan: Plan) -> tuple[Finding, ...]:
    """Collect what a reader of the plan should know, by line; findings carry no path."""
    found = [
        *plan.findings,
        *contradictions(plan),
        *stale_next_steps(plan),
        *_against_status(plan),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.line, finding.code)))


def contradictions(plan: Plan) -> tuple[Finding, ...]:
    """Find the boxes that say something else than the boxes in them."""
    boxes = [node for node in plan.walk() if node.mark is not None]
    found = (finding for node in boxes if node.children or node.struck for finding in _about(node))
    return tuple(found)


def brief(said: Status) -> str:
    """Quote a Status in 60 characters, as it begins: some tell the whole story of a project."""
    text = said.text
    return text if len(text) <= _BRIEF else text[:_BRIEF].rstrip() + "…"


def _about(node: Node) -> Iterator[Finding]:
    name = node.label or ("the milestone" if node.kind is Kind.MILESTONE else "the box")
    if node.struck and node.state is State.DONE:
        message = f"{name} is struck through and ticked: it counts as done"
        yield Finding("", node.line, TICKED_STRUCK, message)
    leaves = [leaf for leaf in node.leaves() if not leaf.optional] if node.children else []
    if not leaves:
        return
    left_open = sum(leaf.state in OPEN for leaf in leaves)
    if node.state is State.DONE and left_open:
        below = "1 step below it is" if left_open == 1 else f"{left_open} steps below it are"
        message = f"{name} is ticked, but {below} open"
        yield Finding("", node.line, TICKED_PARENT, message)
    done = any(leaf.state is State.DONE for leaf in leaves)
    if node.state in OPEN and not left_open and done and not node.optional:
        message = f"{name} is open, but everything below it is done"
        yield Finding("", node.line, OPEN_PARENT, message)


def _against_status(plan: Plan) -> Iterator[Finding]:
    if not plan.has_checklist:
        return
    sums = tally([node for section in plan.sections for node in section.nodes])
    if status.is_over(plan.status) and sums.open:
        boxes = f"{sums.open} open box{'es' if sums.open != 1 else ''}"
        why = plan.status.frozen_by or f"the Status says “{brief(plan.status)}”"
        yield Finding("", plan.status.line, FROZEN, f"{boxes} frozen: {why}")
    unfinished = sums.open or any(
        node.kind is Kind.MILESTONE and node.state in OPEN and not node.optional
        for node in plan.walk()
    )
    early = plan.status.family in {Family.DRAFT, Family.ACTIVE} and plan.status.line
    if early and not unfinished and sums.leaves.done:
        message = f"every step is done, but the Status says “{brief(plan.status)}”"
        yield Finding("", plan.status.line, UNANNOUNCED, message)
