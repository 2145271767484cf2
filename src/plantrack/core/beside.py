"""A pointer to all that is shown beside it: cautions, alternatives, what is left behind."""

# Theory of operation
#
# 1. What is left behind are the open milestones before the frontier that the pointer does not
#    stand in. Without a frontier nothing is.
# 2. Words that say an item waits are quoted as cautions; they change no order.
# 3. Next Steps may name a milestone that the order passed over: it is an equal alternative. A
#    bullet that names only finished milestones is stale.

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from plantrack.core import inline, labels, status
from plantrack.core.frontier import (
    Order,
    Unit,
    Units,
    find_front,
    is_open,
    is_ticked,
    name_of,
    ranked,
    ref_to,
    shortened,
    units_by_section,
)
from plantrack.core.model import Bullet, Finding, Kind, Node, Plan, Pointer, Ref
from plantrack.core.progress import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def dressed(pointer: Pointer, units: Units, plan: Plan, order: Order) -> Pointer:
    """Add cautions, alternatives, what is left behind and what comes then."""
    target = pointer.target
    assert target is not None  # only pointers with work are dressed
    place = next(
        place
        for place, unit in enumerate(units)
        if unit.index <= target.index < unit.index + sum(1 for _ in unit.node.walk())
    )
    front = find_front(units, order)
    behind = [
        unit
        for at, unit in enumerate(units[: max(front.place, 0)])
        if front.accepted and at != place and is_open(unit.node)
    ]
    return replace(
        pointer,
        cautions=tuple(_cautions(units[place], target, plan)),
        alternatives=tuple(_alternatives(units, place, plan, order)),
        left_behind=tuple(ref_to(unit.index, unit.node) for unit in behind),
        then=tuple(_then(units, place, target, order)),
    )


def stale_next_steps(plan: Plan) -> tuple[Finding, ...]:
    """Find the Next Steps bullets that name milestones of the plan, none of which is open."""
    if status.is_over(plan.status):
        return ()
    units = _by_label(unit for section in units_by_section(plan) for unit in section)
    findings = []
    for bullet in plan.next_steps:
        named = [unit for label in _mentions(bullet) for unit in units.get(label, ())]
        if _REPORTS.search(inline.lead(bullet.text)):
            continue  # it tells what was done, it does not ask for it
        if named and not any(is_open(unit.node) for unit in named):
            message = "Next Steps names only what is finished"
            findings.append(Finding("", bullet.line, "stale-next-steps", message))
    return tuple(findings)


_REPORTS = re.compile(r"(?i)\b(?:completed?|done|landed|shipped|finished)\b")


def _then(units: Units, place: int, target: Ref, order: Order) -> list[Ref]:
    """Name the two open leaves after the target in its milestone; of a flat list, two tasks."""
    unit = units[place]
    if unit.node.children:
        nodes = list(unit.refs())
    else:
        later = [units[at] for at in ranked(units, find_front(units, order), order)]
        nodes = [
            next(iter(other.refs()))
            for other in later
            if other.node.kind is Kind.TASK and unit.node.kind is Kind.TASK
        ]
    after = [
        ref
        for ref, node, above in nodes
        if ref.index > target.index
        and node.is_leaf
        and node.state in OPEN
        and not node.optional
        and not any(map(is_ticked, above))
    ]
    return after[:2]


def _alternatives(units: Units, place: int, plan: Plan, order: Order) -> Iterator[Ref]:
    """Name the open milestones that Next Steps asks for and the frontier passed over."""
    if not plan.next_steps:
        return
    asked = {label for bullet in plan.next_steps for label in _mentions(bullet)}
    named = {
        at
        for at, unit in enumerate(units)
        if is_open(unit.node) and labels.key(unit.node.label) in asked
    }
    tried = {at: turn for turn, at in enumerate(ranked(units, find_front(units, order), order))}
    at_current = tried.get(place, len(tried))
    for at in sorted(named):
        passed = at < place or tried[at] > at_current
        if at != place and passed and (place not in named or at < place):
            yield ref_to(units[at].index, units[at].node)


def _by_label(units: Iterable[Unit]) -> dict[str, list[Unit]]:
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(labels.key(unit.node.label), []).append(unit)
    return found


def _mentions(bullet: Bullet) -> frozenset[str]:
    return frozenset(labels.mentioned(bullet.text))


_WAITS = re.compile(
    r"(?i)\b(?:blocked(?: (?:on|by)\b[^.;,)]{0,60})?|deferred(?: (?:to|until)\b[^.;,)]{0,40})?"
    r"|superseded(?: by\b[^.;,)]{0,60})?|needs? (?:an? )?admin\b[^.;,)]{0,40}|already on main"
    r"|waiting (?:on|for)\b[^.;,)]{0,60}|gated on\b[^.;,)]{0,60}|on hold|paused)",
)


def _cautions(unit: Unit, target: Ref, plan: Plan) -> Iterator[str]:
    """Quote the words that say the target, or what it stands in, has to wait."""
    path = next(
        ((node, above) for ref, node, above in unit.refs() if ref.index == target.index), None
    )
    node, above = path or (unit.node, ())
    places = [(f"the {node.kind.value}", node.text)]
    places += [
        (name_of(parent), f"{parent.text} {_own_status(parent)}") for parent in reversed(above)
    ]
    places += [(name_of(unit.node), _own_status(unit.node))] if not above else []
    places += [("the heading", unit.heading), ("the Status", plan.status.text)]
    said = set()
    for where, text in places:
        match = _WAITS.search(text.replace("`", "").replace("*", ""))
        if match and match.group().lower() not in said:
            said.add(match.group().lower())
            yield f"{where} says “{match.group().strip()}”"
    own = _own_status(unit.node)
    if own and not _WAITS.search(own):
        yield f"{name_of(unit.node)} has a Status of its own: “{shortened(own)}”"


_OWN_STATUS = re.compile(r"(?im)^[ \t>*_-]*status\W{0,4}:\W*(.+)$")


def _own_status(node: Node) -> str:
    match = _OWN_STATUS.search(node.notes)
    return match.group(1).strip() if match else ""
