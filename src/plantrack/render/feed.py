"""What happened to a line, or to an object, each."""

# Theory of operation
#
# 1. A line has columns, two blanks apart: when, the box as it is now, where, the id, what happened,
#    and the words. Where a column has nothing to say stands a dash. So a line can be searched, cut
#    into columns, and read.
# 2. An object is one line of ASCII, whatever it is written to.
# 3. A trouble is no line: it is told beside them.

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from plantrack.core.change import Reason
from plantrack.core.clean import width
from plantrack.core.feed import Appeared, Changed, Committed, Switched, Trouble, Vanished
from plantrack.render import past_parts, past_words, words
from plantrack.render.as_json import count, dump, moment
from plantrack.render.past_parts import MAX_CHARS
from plantrack.render.screen import Screen

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from datetime import tzinfo

    from plantrack.core.feed import Event
    from plantrack.core.past_view import RevisionView
    from plantrack.render.as_json import Object

SCHEMA = "plantrack.watch/1"

_QUOTED = ("author", "label", "subject", "text_after", "text_before", "title")
_UNCOMMITTED: Object = {"commit": None, "author": None, "subject": None}
_NOTHING = "-"
_NO_BOX = f" {_NOTHING} "
_DETACHED = "detached HEAD"
_GAP = "  "
_MIN_CELLS = 16  # of the words, on however narrow a screen
_PIPE = Screen()


def line(event: Event, screen: Screen, zone: tzinfo | None) -> str:
    """Tell an event in one line; "" for a trouble. Times are in `zone`, None: the machine's."""
    if isinstance(event, Trouble):
        return ""
    mark, place, name, word, text = _columns(event)
    when = f"{event.time.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    cells = [when, mark, screen.say(place), name, screen.say(word)]
    room = None
    if screen.width is not None and not screen.verbose:
        room = max(screen.width - width(_GAP.join(cells)) - len(_GAP), _MIN_CELLS)
    cells[-1] = screen.paint(cells[-1], past_words.style(word))
    return f"{_GAP.join((*cells, screen.fit(text, room)))}\n"


def as_object(event: Event) -> str:
    """Tell an event as a JSON object on a line."""
    answer: Object = {"schema": SCHEMA, "data_not_instructions": list(_QUOTED)}
    return dump(answer | _object(event) | {"time": moment(event.time)}, _PIPE)


def trouble(event: Trouble) -> str:
    """Say what is wrong, or is right again."""
    return f"over: {event.message}" if event.is_over else event.message


# --- lines ----------------------------------------------------------------------------------------


def _columns(
    event: Changed | Committed | Switched | Appeared | Vanished,
) -> tuple[str, str, str, str, str]:
    """Give box, place, id, word and text."""
    match event:
        case Changed():
            return _item(event)
        case Committed():
            name = past_words.short(event.revision.commit)
            return _NO_BOX, event.branch or _DETACHED, name, "committed", _commits(event)
        case Switched():
            name = past_words.short(event.commit_after) or _NOTHING
            return _NO_BOX, event.branch_after or _DETACHED, name, "switched", _from(event)
        case Appeared():
            word = "appeared" if event.path_before is None else "moved"
            return _NO_BOX, event.path, _NOTHING, word, _document(event)
        case Vanished():
            word = "without a plan" if event.is_file else "vanished"
            return _NO_BOX, event.path, _NOTHING, word, _document(event)
        case _:
            assert_never(event)


def _item(event: Changed) -> tuple[str, str, str, str, str]:
    change = event.change
    told = (change, *(replace(change, kind=kind, reason=Reason.NONE) for kind in event.also))
    text = past_words.text(change.text_before, change.text_after)
    if was := past_words.all_was(told):
        text += f"  (was: {was})"
    if event.revision is not None:
        text += f"  ({_by(event.revision)})"
    mark = past_words.mark(change.state_after) if change.state_after else _NO_BOX
    place = f"{change.path}:{change.line}"
    return mark, place, change.id, past_words.all_happened(told), text


def _by(revision: RevisionView) -> str:
    return f"{past_words.short(revision.commit)} {past_words.who(revision.author)}".rstrip()


def _commits(event: Committed) -> str:
    revision = event.revision
    said = f"{words.number(event.count, 'item')}: {revision.subject}"
    if event.revisions > 1:
        said = f"{event.revisions} revisions, {said}"
    who = past_words.who(revision.author)
    return f"{said}  ({who})" if who else said


def _from(event: Switched) -> str:
    commit = past_words.short(event.commit_before) or "no commit"
    before = f"from {event.branch_before or _DETACHED} ({commit})"
    if event.branch_before == event.branch_after:
        before = f"from {commit}, by amend, reset or rebase"
    number = words.number(event.documents, "plan") if event.documents else "no plan"
    return f"{before}: {number} {'differs' if event.documents < 2 else 'differ'}"  # noqa: PLR2004


def _document(event: Appeared | Vanished) -> str:
    text = event.title
    if done := words.ratio(event.leaves):
        text += f"  ({done})"
    if isinstance(event, Appeared) and event.path_before is not None:
        text += f"  (was: {event.path_before})"
    return text.strip() or _NOTHING


# --- objects --------------------------------------------------------------------------------------


def _object(event: Event) -> Object:
    match event:
        case Changed():
            return _changed(event)
        case Committed():
            return {
                "event": "committed",
                **past_parts.revision(event.revision),
                "branch": event.branch,
                "items": event.count,
                "revisions": event.revisions,
            }
        case Switched():
            return {
                "event": "switched",
                "branch_before": event.branch_before,
                "branch_after": event.branch_after,
                "commit_before": event.commit_before,
                "commit_after": event.commit_after,
                "documents": event.documents,
            }
        case Appeared():
            return {"event": "appeared", **_place(event), "path_before": event.path_before}
        case Vanished():
            return {"event": "vanished", **_place(event), "is_file": event.is_file}
        case Trouble():
            return {"event": "trouble", "message": event.message, "is_over": event.is_over}
        case _:
            assert_never(event)


def _place(event: Appeared | Vanished) -> Object:
    return {
        "path": event.path,
        "title": event.title[:MAX_CHARS],
        "leaves": count(event.leaves),
    }


def _changed(event: Changed) -> Object:
    revision = event.revision
    return {
        "event": "changed",
        **past_parts.change(event.change),
        "also": [str(kind) for kind in event.also],
        "title": event.title[:MAX_CHARS],
        "leaves": count(event.leaves),
        **(_UNCOMMITTED if revision is None else past_parts.revision(revision)),
    }
