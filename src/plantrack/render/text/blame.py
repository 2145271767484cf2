"""The items of one document to text, each with the revisions that added and ticked it."""

from __future__ import annotations

from plantrack.render import past_words, words
from plantrack.render.text.rows import Row, laid_out

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.core.past_view import BlameLine, BlameView, RevisionView
    from plantrack.render.screen import Screen

_HEAD = ("line", "id", "added", "", "ticked", "", "")
_HEAD_UNNAMED = ("line", "id", "added", "ticked", "")
_RIGHT = frozenset({0})
_INDENT = "  "
_MIN_NAMED_CELLS = 120  # a narrower terminal shows no authors
_MIN_DATED_CELLS = 72  # and one narrower than this no times


def blame(view: BlameView, screen: Screen, now: datetime) -> str:
    """Show a row an item, as they stand in the document."""
    title = words.title(view.title) or view.path
    lines = [screen.paint(screen.fit(title, screen.width), "strong")]
    if title != view.path:
        lines.append(screen.paint(screen.say(view.path), "ref"))
    if not view.items:
        return "\n".join([*lines, words.NO_CHECKLIST]) + "\n"
    named = screen.width is None or screen.width >= _MIN_NAMED_CELLS
    rows = [_row(item, screen, now, named=named) for item in view.items]
    head = _HEAD if named else _HEAD_UNNAMED
    lines += ["", *laid_out([Row(head, "", "faint"), *rows], screen, right=_RIGHT)]
    return "\n".join(lines) + "\n"


def _row(item: BlameLine, screen: Screen, now: datetime, *, named: bool) -> Row:
    added = _revision(item.added, screen, now)
    ticked = ("arrived done", "") if item.arrived_done else _revision(item.ticked, screen, now)
    pairs = (*added, *ticked) if named else (added[0], ticked[0])
    box = past_words.mark(item.state) if item.has_box else ""
    cells = (str(item.line), item.id, *pairs, box)
    text = _INDENT * item.depth + words.plain(item.text)
    return Row(cells, text, "faint")


def _revision(revision: RevisionView | None, screen: Screen, now: datetime) -> tuple[str, str]:
    """Say which revision and when, then who."""
    if revision is None:
        return "", ""
    name = past_words.WORK_TREE if revision.is_present else past_words.revision(revision)
    when = words.day if screen.verbose else words.ago
    dated = screen.width is None or screen.width >= _MIN_DATED_CELLS
    time = when(revision.time, now) if dated or not revision.commit else ""
    said = "  ".join(part for part in (name, time) if part)
    return said, screen.fit(past_words.who(revision.author), 20 if screen.width else None)
