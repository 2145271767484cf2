"""What differs between two revisions of the plans to text: a row an item, by document."""

# Theory of operation
#
# 1. Both ends are named first, with a count of what happened between them.
# 2. A screen is spared the many of a kind in one document, as it is in a log. A pipe is not.

from __future__ import annotations

from plantrack.core.change import Reason
from plantrack.core.clean import width
from plantrack.core.model import State
from plantrack.render import past_words, words
from plantrack.render.screen import wrap
from plantrack.render.text.rows import Row, laid_out, spared

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.past_view import DiffDocument, DiffItem, DiffView
    from plantrack.render.screen import Screen

_RIGHT = frozenset({3})
_MIN_NAME_CELLS = 20


def diff(view: DiffView, screen: Screen) -> str:
    """Show each document that differs, with what happened to its items."""
    lines = [screen.paint(screen.say(heading(view)), "strong")]
    lines += wrap(summary(view), screen.width)
    for document in view.documents:
        lines += ["", *_document(document, screen)]
    return "\n".join(lines) + "\n"


def heading(view: DiffView) -> str:
    """Name both ends."""
    before, after = (past_words.end(one.name, one.commit) for one in (view.before, view.after))
    return f"{before} to {after}"


def summary(view: DiffView) -> str:
    """Count what happened, or say that nothing did."""
    differing = [document for document in view.documents if document.differs]
    items = [item for document in differing for item in document.items]
    told = past_words.summary(map(past_words.item_happened, items))
    if differing:
        return f"{told or 'nothing but names'} in {words.number(len(differing), 'document')}"
    return "no plan differs"


def name(document: DiffDocument) -> str:
    """Name a document by its path, or by both."""
    before, after = document.path_before, document.path_after
    if before is None:
        return f"{after} (new)"
    if after is None:
        reasons = {item.reason for item in document.items}
        # What was finalised may well be there still, only without its plan.
        return f"{before} ({'removed' if Reason.DOCUMENT_REMOVED in reasons else 'no plan now'})"
    return after if before == after else f"{before} to {after}"


def progress(document: DiffDocument) -> str:
    """Say how far the document was and is."""
    before, after = words.ratio(document.before), words.ratio(document.after)
    if before == after or not (before and after):
        return f"{after or before or '0/0'} steps"
    return f"{before} to {after} steps"


def _document(document: DiffDocument, screen: Screen) -> Iterator[str]:
    path, steps = screen.say(name(document)), progress(document)
    if screen.width is not None and width(path) + len(steps) + 2 > screen.width:
        path = screen.fit_middle(path, max(screen.width - len(steps) - 2, _MIN_NAME_CELLS))
    yield f"{screen.paint(path, 'ref')}  {screen.paint(steps, 'faint')}"
    if document.items:
        rows = list(spared([_row(item, screen) for item in document.items], screen))
        yield from laid_out(rows, screen, indent=2, right=_RIGHT)


def _row(item: DiffItem, screen: Screen) -> Row:
    word = past_words.item_happened(item)
    was = past_words.item_was(item)
    return Row(
        (word, _marks(item), item.id, _line(item, screen)),
        past_words.text(item.text_before, item.text_after),
        past_words.style(word) if word else "faint",
        below=(f"was: {was}",) if was else (),
        was_open=item.state_after is None and item.state_before in (State.TODO, State.DOING),
    )


def _marks(item: DiffItem) -> str:
    before, after = item.state_before, item.state_after
    return past_words.mark(after if after is not None else before)


def _line(item: DiffItem, screen: Screen) -> str:
    """Give the line where the item is to be found, or was; in a pipe both."""
    before, after = item.line_before, item.line_after
    if screen.width is not None and not screen.verbose:
        return str(before if after is None else after)
    if after is None:
        return f"-{before}"
    return str(after) if before in (None, after) else f"{before}>{after}"
