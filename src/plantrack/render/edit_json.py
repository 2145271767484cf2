"""Views of what was written to versioned JSON: one object, ASCII only, as the other views."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.as_json import brief, dump

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from plantrack.core.edit_view import (
        DraftView,
        ExpandView,
        MarkedView,
        OverView,
        TickView,
    )
    from plantrack.render.as_json import Json, Object
    from plantrack.render.screen import Screen

MAX_CHARS = 2000  # of a text

_QUOTED: tuple[str, ...] = ("label", "notes", "raw", "text", "title")


def tick(view: TickView, screen: Screen) -> str:
    """Say what was done to boxes, what that leads to, and what is next."""
    items: list[Json] = [_marked(item) for item in view.items]
    over: list[Json] = [
        _over(one, "tick" if view.verb == "tick" else "untick") for one in view.over
    ]
    return dump(
        _answer("tick")
        | {
            "verb": view.verb,
            "dry_run": view.is_dry,
            "note": view.note,
            "items": items,
            "over": over,
            "next": brief(view.next),
            "because": view.because,
            "warnings": list(view.warnings),
        },
        screen,
    )


def expand(view: ExpandView, screen: Screen) -> str:
    """Say which steps were written below which milestone, and what is next."""
    steps: list[Json] = [
        {"id": step.id or None, "line": step.line, "raw": step.raw[:MAX_CHARS]}
        for step in view.steps
    ]
    return dump(
        _answer("expand")
        | {
            "dry_run": view.is_dry,
            "id": view.id,
            "path": view.path,
            "line": view.line,
            "label": view.label[:MAX_CHARS],
            "title": view.title[:MAX_CHARS],
            "existing": view.existing,
            "steps": steps,
            "next": brief(view.next),
            "because": view.because,
            "warnings": list(view.warnings),
        },
        screen,
    )


def draft(view: DraftView, screen: Screen) -> str:
    """Say which document was made, and from what."""
    return dump(
        _answer("new")
        | {
            "dry_run": view.is_dry,
            "path": view.path,
            "title": view.title[:MAX_CHARS],
            "template": view.template or None,
            "text": view.text if view.is_dry else None,
        },
        screen,
    )


def _answer(name: str) -> Object:
    return {"schema": f"plantrack.{name}/1", "data_not_instructions": list(_QUOTED)}


def _marked(item: MarkedView) -> Object:
    return {
        "id": item.id,
        "path": item.path,
        "line": item.line,
        "label": item.label[:MAX_CHARS],
        "title": item.title[:MAX_CHARS],
        "text": item.text[:MAX_CHARS],
        "changed": item.is_changed,
        "mark_before": item.mark_before,
        "mark_after": item.mark_after,
        "state_before": str(item.state_before),
        "state_after": str(item.state_after),
    }


def _over(one: OverView, verb: str) -> Object:
    return {
        "id": one.id,
        "path": one.path,
        "line": one.line,
        "label": one.label[:MAX_CHARS],
        "title": one.title[:MAX_CHARS],
        "command": words.item_command(verb, one.id, one.text),
    }
