"""What differs between two revisions of the plans to text: a row an item, by document."""

from __future__ import annotations

from plantrack.render import past_words, words
from plantrack.render.text.rows import Row, laid_out

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.past_view import DiffDocument, DiffItem, DiffView
    from plantrack.render.screen import Screen

_RIGHT = frozenset({3})


def diff(view: DiffView, screen: Screen) -> str:
    """Show each document that differs, with what happened to its items."""
    lines = [screen.paint(screen.say(heading(view)), "strong")]
    if not view.documents:
        lines.append("no plan differs")
    for document in view.documents:
        lines += ["", *_document(document, screen)]
    return "\n".join(lines) + "\n"


def heading(view: DiffView) -> str:
    """Name both ends."""
    before, after = (past_words.end(one.name, one.commit) for one in (view.before, view.after))
    return f"{before} to {after}"


def name(document: DiffDocument) -> str:
    """Name a document by its path, or by both."""
    before, after = document.path_before, document.path_after
    if before is None:
        return f"{after} (new)"
    if after is None:
        return f"{before} (removed)"
    return after if before == after else f"{before} to {after}"


def progress(document: DiffDocument) -> str:
    """Say how far the document was and is."""
    before, after = words.ratio(document.before) or "0/0", words.ratio(document.after) or "0/0"
    return f"{after} steps" if before == after else f"{before} to {after} steps"


def _document(document: DiffDocument, screen: Screen) -> Iterator[str]:
    path = screen.say(name(document))
    steps = screen.paint(progress(document), "faint")
    yield f"{screen.paint(path, 'ref')}  {steps}"
    if document.items:
        rows = [_row(item) for item in document.items]
        yield from laid_out(rows, screen, indent=2, right=_RIGHT)


def _row(item: DiffItem) -> Row:
    word = past_words.item_happened(item)
    cells = (word, _marks(item), item.id, _line(item))
    was = past_words.text(item.text_before, None)
    now = past_words.text(item.text_before, item.text_after)
    reworded = item.text_before is not None and item.text_after is not None and was != now
    below = (f"was: {was}",) if reworded else ()
    return Row(cells, now, past_words.style(word) if word else "faint", below)


def _marks(item: DiffItem) -> str:
    before, after = item.state_before, item.state_after
    return past_words.mark(after if after is not None else before)


def _line(item: DiffItem) -> str:
    before, after = item.line_before, item.line_after
    if after is None:
        return f"-{before}"
    return str(after) if before in (None, after) else f"{before}>{after}"
