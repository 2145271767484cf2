"""A change and its revision to the parts of JSON that several answers share."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from plantrack.core.past_view import ChangeView, RevisionView
    from plantrack.render.as_json import Object

MAX_CHARS = 2000  # of a text


def change(one: ChangeView) -> Object:
    """Say what happened to which item; nothing of who did it, and when."""
    return {
        "id": one.id,
        "kind": str(one.kind),
        "reason": str(one.reason),
        "path": one.path,
        "line": one.line,
        "label": one.label[:MAX_CHARS],
        "text_before": text(one.text_before),
        "text_after": text(one.text_after),
        "state_before": one.state_before and str(one.state_before),
        "state_after": one.state_after and str(one.state_after),
    }


def revision(one: RevisionView) -> Object:
    """Name a revision; of when it was, each answer says what suits it."""
    return {"commit": one.commit, "author": text(one.author), "subject": text(one.subject)}


def text(words: str | None) -> str | None:
    """Give as much of a text as an answer holds."""
    return None if words is None else words[:MAX_CHARS]
