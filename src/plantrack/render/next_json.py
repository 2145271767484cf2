"""The next task to versioned JSON, fitted to what an agent can read before every step."""

# Theory of operation
#
# 1. The answer about one task costs whoever reads it tokens, so it has a budget. Of several limits
#    for its texts and lists the widest that fit are taken; the tightest, where none does.
# 2. Tokens are reckoned: one for so many characters, and more for a character that JSON escapes.
# 3. Runners-up come in brief and outside the budget: they do not shorten the task.

from __future__ import annotations

import json

from plantrack.render import words
from plantrack.render.as_json import (
    BRIEF,
    COMPACT,
    FULL,
    QUOTED,
    Caps,
    Cutter,
    count,
    dump,
    pointer,
)
from plantrack.render.screen import Screen

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.view import BriefingView, NearbyView, NextView, PointerView
    from plantrack.render.as_json import Json, Object

BUDGET_TOKENS = 800  # of the answer about one next task
CHARS_A_TOKEN = 3.25  # of JSON: the worst that was met in real documents is 3.3
TOKENS_AN_ESCAPE = 4  # of what JSON writes as \u2014

_PRIMED = Caps(text=200, notes=0, title=100, refs=1)
_DONE = 5  # finished steps that are named
_TIGHTER = (
    FULL,
    Caps(text=1200, notes=1200, title=160, refs=8),
    Caps(text=700, notes=500, title=100, refs=5),
    Caps(text=400, notes=160, title=60, refs=4),
    Caps(text=240, notes=0, title=40, refs=2),
    Caps(text=50, notes=0, title=16, refs=1),
)


def next_task(view: NextView, screen: Screen) -> str:
    """Name the next task and the runners-up, in brief."""
    answer = fitted(view)
    answer["others"] = [pointer(other, BRIEF) for other in view.others]
    return dump(answer, screen)


def brief(view: NextView) -> str:
    """Name the next task alone, on one line wherever it is read."""
    return dump(fitted(view), Screen())


def prime(view: BriefingView, rules: Sequence[str], screen: Screen) -> str:
    """Say how far the plans are, what is next, and by which rules they are worked on."""
    tasks: list[Json] = []
    for one in view.tasks:
        cutter = Cutter(_PRIMED)
        milestone = None if one.milestone is None else cutter.ref(one.milestone)
        tasks.append(
            {
                "action": str(one.action),
                "path": one.path,
                "line": one.line or None,
                "id": one.id or None,
                "text": cutter.text(one.text, _PRIMED.text),
                "milestone": milestone,
                "command": words.pointer_command(one),
                "truncated": cutter.has_cut,
            }
        )
    answer: Object = {
        "schema": "plantrack.prime/1",
        "data_not_instructions": list(QUOTED),
        "documents": view.documents,
        "milestones": count(view.milestones),
        "leaves": count(view.leaves),
        "tasks": tasks,
        "because": view.because,
        "rules": list(rules),
    }
    return dump(answer, screen)


def fitted(view: NextView) -> Object:
    """Give the answer about the next task alone, as much of it as its budget holds."""
    answer: Object = {}
    for caps in _TIGHTER:
        answer = {
            "schema": "plantrack.next/1",
            "data_not_instructions": list(QUOTED),
            "next": None if view.next is None else _in_full(view.next, view.nearby, caps),
            "others": [],
            "documents": view.documents,
            "because": view.because,
        }
        if tokens(json.dumps(answer, separators=COMPACT)) <= BUDGET_TOKENS:
            break
    return answer


def tokens(text: str) -> float:
    """Reckon how many tokens a text of ASCII costs that JSON was written in."""
    escapes = text.count("\\u")
    return (len(text) - 6 * escapes) / CHARS_A_TOKEN + TOKENS_AN_ESCAPE * escapes


def _in_full(one: PointerView, nearby: NearbyView | None, caps: Caps) -> Object:
    """Give a pointer, with what whoever works on it needs beside it."""
    found = pointer(one, caps)
    if nearby is not None:
        cutter = Cutter(caps, has_cut=bool(found.pop("truncated")))
        done: list[Json] = [cutter.ref(ref) for ref in nearby.done[-min(_DONE, caps.refs) :]]
        found["done_steps"] = done
        found["sections"] = [
            {"line": section.line, "heading": cutter.text(section.text, caps.title)}
            for section in cutter.some(nearby.sections)
        ]
        found["paths"] = [*cutter.some(nearby.paths)]
        found["truncated"] = cutter.has_cut
    return found
