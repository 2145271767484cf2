"""Plan to one line of JSON text and back, small enough to keep one for every version read."""

# Theory of operation
#
# 1. A value is the list of its fields in the order the model declares them; there are no keys.
# 2. A field added to the model is added at the end of its list here, and FORMAT goes up by one:
#    text of another format is refused, and whoever kept it parses the document again.
# 3. The text is ASCII, so that it can be stored whatever the document held.

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from plantrack.core.model import (
    Bullet,
    Family,
    Finding,
    Kind,
    Node,
    Plan,
    Ref,
    Section,
    Shape,
    State,
    Status,
)

FORMAT = 1

_MANY = 8  # plans kept: what a work tree differs from is asked for with every save

type_by_kind = {kind.value: kind for kind in Kind}
type_by_state = {state.value: state for state in State}


def dump_plan(plan: Plan) -> str:
    """Write a plan as one line of ASCII."""
    fields = [
        FORMAT,
        plan.title,
        plan.dialect,
        [plan.status.text, plan.status.family, plan.status.line, plan.status.frozen_by],
        [_from_section(section) for section in plan.sections],
        [[bullet.line, bullet.text] for bullet in plan.next_steps],
        plan.boxes_outside,
        [[one.path, one.line, one.code, one.message] for one in plan.findings],
        plan.template,
    ]
    return json.dumps(fields, separators=(",", ":"))


@lru_cache(maxsize=_MANY)
def load_plan(text: str) -> Plan:
    """Read what dump_plan wrote; ValueError for anything else."""
    try:
        return _to_plan(json.loads(text))
    except (TypeError, KeyError, IndexError, RecursionError) as error:
        message = "not a stored plan"
        raise ValueError(message) from error


def _from_section(section: Section) -> list[Any]:
    return [
        section.heading,
        section.line,
        section.end,
        section.shape,
        section.implicit,
        section.nodes,
        [[ref.index, ref.line, ref.label, ref.title] for ref in section.unboxed],
    ]


def _to_plan(fields: list[Any]) -> Plan:
    kind, title, dialect, status, sections, bullets, outside, findings, template = fields
    if kind != FORMAT:
        message = f"a plan stored in format {kind!r}, not {FORMAT}"
        raise ValueError(message)
    text, family, line, frozen_by = status
    return Plan(
        title=title,
        dialect=dialect,
        status=Status(text, Family(family), line, frozen_by),
        sections=tuple(_to_section(*section) for section in sections),
        next_steps=tuple(Bullet(*bullet) for bullet in bullets),
        boxes_outside=outside,
        findings=tuple(Finding(*finding) for finding in findings),
        template=template,
    )


def _to_section(*fields: Any) -> Section:  # noqa: ANN401 - fields of many types, checked below
    heading, line, end, shape, implicit, nodes, unboxed = fields
    return Section(
        heading=heading,
        line=line,
        end=end,
        shape=Shape(shape),
        implicit=implicit,
        nodes=tuple(_to_node(node) for node in nodes),
        unboxed=tuple(Ref(*ref) for ref in unboxed),
    )


def _to_node(fields: list[Any]) -> Node:
    # A plain table look-up: calling the enum for every node takes half the time of the whole.
    kind, line, text, label, title, state, mark, optional, struck, notes, tags, children = fields
    return Node(
        type_by_kind[kind],
        line,
        text,
        label,
        title,
        type_by_state[state],
        mark,
        optional,
        struck,
        notes,
        tuple(tags),
        tuple([_to_node(child) for child in children]),
    )
