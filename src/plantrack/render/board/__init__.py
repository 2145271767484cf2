"""The view of everything and what is chosen of it to a frame: as many lines as a screen has."""

# Theory of operation
#
# 1. A frame is a header, a page, and a bottom line. On a very low screen the bottom line goes
#    first, then the header: the page is what it is all for.
# 2. A page is one column or several, by how wide the screen is; each column shares its lines out
#    among its panels.
# 3. Whatever the view holds, a frame has exactly as many lines as were asked for, none of them
#    wider than the screen.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.board_view import Page
from plantrack.render.board import bars, pages
from plantrack.render.board.layout import cut_painted

if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.core.board_view import BoardView, Choice, LiveState, Size
    from plantrack.render.screen import Screen

_HEADED_LINES = 5  # a lower screen has no header
_FOOTED_LINES = 7  # and no bottom line
_NOTICED_LINES = 16  # and no notice beside the keys
_ROOMY_LINES = 30  # from here on the page stands apart from both


def frame(  # noqa: PLR0913 -- one parameter a thing that changes by itself
    view: BoardView,
    choice: Choice,
    screen: Screen,
    size: Size,
    now: datetime,
    *,
    live: LiveState,
) -> tuple[str, ...]:
    """Draw everything: exactly `size.lines` painted lines, none wider than `size.columns`."""
    wide = screen.narrowed(size.columns)
    above, page, below = _shares(size, choice, live)
    header = [bars.header(view, choice, wide, live), ""][:above]
    bottom = bars.bottom(view, choice, wide, live, below)
    cut = [cut_painted(line, size.columns) for line in (*header, *bottom)]
    return (*cut[:above], *pages.page(view, choice, wide, page, now), *cut[above:])


def deepest(view: BoardView, choice: Choice, screen: Screen, size: Size, now: datetime) -> int:
    """Give the largest scroll of the page that still shows something new."""
    _, page, _ = _shares(size, choice)
    return pages.deepest(view, choice, screen.narrowed(size.columns), page, now)


def pointed(view: BoardView, choice: Choice, screen: Screen, size: Size, now: datetime) -> int:
    """Give the scroll that has what is next in the opened document in sight."""
    _, page, _ = _shares(size, choice)
    return pages.pointed(view, choice, screen.narrowed(size.columns), page, now)


def _shares(size: Size, choice: Choice, live: LiveState | None = None) -> tuple[int, int, int]:
    """Give the lines of the header, of the page and of the bottom.

    A page that is scrolled has as many whatever there is to be told.
    """
    is_roomy = size.lines >= _ROOMY_LINES
    above = (size.lines >= _HEADED_LINES) + is_roomy
    below = int(size.lines >= _FOOTED_LINES)
    has_notice = live is not None and live.notice and choice.page is Page.BOARD
    below += is_roomy or bool(has_notice and size.lines >= _NOTICED_LINES)
    return above, size.lines - above - below, below
