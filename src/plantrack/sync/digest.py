"""One document's plan to the row that is remembered of it."""

# Theory of operation
#
# 1. A plan has a row; so has a document that holds boxes enough to be missed, and one that could
#    not be read. Nothing is remembered of any other document but that it is there.
# 2. What is odd about a plan stands beside it, as a flag. What is odd about a document without a
#    plan matters only when a plan may be hidden by it: then the document is told of as skipped.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core import flags, pointer, status
from plantrack.core.model import Action, Count, Family, Finding, Plan
from plantrack.core.progress import tally
from plantrack.core.view import MISSED_BOXES
from plantrack.store.recording import DocumentRecord

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED = ""  # an item whose id is still open
HIDING = frozenset({"long-document", "not-utf-8", "nul-bytes", "too-intricate"})  # a plan, maybe

_NOTHING = Count(0, 0, 0)
_RANKS = {Family.ACTIVE: 0, Family.DRAFT: 1, Family.UNKNOWN: 2, Family.REFERENCE: 3}


def unread(path: str, trouble: Finding) -> DocumentRecord:
    """Digest a document that could not be read."""
    return _without_plan(path, None, None, (trouble,))


def digested(path: str, blob: str, plan: Plan) -> DocumentRecord | None:
    """Digest a document that was read; None: it is plain text.

    Its last change is left open, and the ids of its items, which it has from its line.
    """
    if plan.template:
        return None
    if plan.sections:
        return _with_plan(path, blob, plan)
    hiding = [finding for finding in plan.findings if finding.code in HIDING][:1]
    if plan.boxes_outside < MISSED_BOXES and not hiding:
        return None
    # Bytes that hide all there is, rather than a word here or there, say nothing about the items.
    is_hidden = any(finding.code != "not-utf-8" or not finding.line for finding in hiding)
    return _without_plan(path, None if is_hidden else blob, plan, _at(path, hiding))


def _with_plan(path: str, blob: str, plan: Plan) -> DocumentRecord:
    sums = tally([node for section in plan.sections for node in section.nodes])
    target = pointer.next_task(plan)
    return DocumentRecord(
        path=path,
        blob=blob,
        plan=plan,
        ids=(UNNAMED,) * sum(1 for _ in plan.walk()),
        pointer=target,
        milestones=sums.milestones,
        leaves=sums.leaves,
        optional_open=sums.optional_open,
        frozen=sums.open if status.is_over(plan.status) else 0,
        shape=" + ".join(section.shape for section in plan.sections),
        planned=True,
        rank=None if target.action is Action.NONE else _RANKS.get(plan.status.family),
        last_change=None,
        flags=_at(path, flags.flags(plan)),
    )


def _without_plan(
    path: str, blob: str | None, plan: Plan | None, skipped: tuple[Finding, ...]
) -> DocumentRecord:
    return DocumentRecord(
        path=path,
        blob=blob,
        plan=plan,
        ids=(),
        pointer=None,
        milestones=_NOTHING,
        leaves=_NOTHING,
        optional_open=0,
        frozen=0,
        shape="",
        planned=False,
        rank=None,
        last_change=None,
        skipped=skipped,
    )


def _at(path: str, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Name the document in findings that were made without knowing it."""
    return tuple(finding._replace(path=path) for finding in findings)
