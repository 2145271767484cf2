"""What the keys do and what the signs mean, as lines of help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.clean import width
from plantrack.render.screen import pad, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.render.screen import Screen

    _Entry = tuple[str, str]

_KEYS = (
    ("j k, arrows", "the next document, the one before; in a tree, scroll"),
    ("page keys, g G", "a page at a time; the first, the last"),
    ("enter, space", "open the tree of the selected document; close it"),
    ("left right", "in a tree: the document before, the next"),
    ("esc", "take back one thing: the page, the search, the selection"),
    ("s", "sort: order of work, last change, progress, path"),
    ("f", "filter: in work, all, with findings, not committed"),
    ("/", "find a part of a path, a title or a milestone"),
    ("u", "count steps, or milestones"),
    ("p", "pause: what happens meanwhile is shown when it goes on"),
    ("r", "look again at everything, now"),
    ("?", "this help"),
    ("q, ctrl-c", "quit"),
)
_WORDS = (
    ("do", "the step is the next thing to do"),
    ("expand", "the milestone has no steps yet: write them first"),
    ("close", "every step is done: tick the milestone"),
    ("settle", "boxes say different things: decide which is true"),
    ("finish", "everything is done: say so in the Status"),
)
_MIN_TEXT = 16


def lines(screen: Screen) -> list[str]:
    """Explain the keys, the signs and the words, wrapped to the screen."""
    parts = (("Keys", _KEYS), ("Signs", _signs(screen)), ("What is next", _WORDS))
    widest = max(width(key) for _, entries in parts for key, _ in entries)
    found: list[str] = []
    for title, entries in parts:
        found += ["", screen.paint(title, "strong"), *_laid_out(entries, widest, screen)]
    return found[1:]


def _signs(screen: Screen) -> Sequence[_Entry]:
    full, empty = screen.bar(1, 2, 6)
    return (
        (screen.arrow, "selected; in a tree and before a task: what is next"),
        (screen.flash, "it has just changed"),
        (screen.changed, "it differs from the last commit"),
        ("!", "worth a look: two places say different things, or work was left behind"),
        ("!!", "something that is written there is not counted"),
        (full + empty, "done, and left"),
    )


def _laid_out(entries: Sequence[_Entry], widest: int, screen: Screen) -> Iterator[str]:
    room = max((screen.width or 0) - widest - 4, _MIN_TEXT)
    for key, text in entries:
        start = f"  {screen.paint(pad(key, widest), 'ref')}  "
        for line in wrap(text, room):
            yield start + line
            start = " " * (widest + 4)
