"""The pages of the dashboard: the board, one document whole, and help."""

# Theory of operation
#
# 1. Lists need the width: they stand below each other. Where there is enough of it the burndown
#    stands beside the next task, and on a very wide screen the tree of a document beside all: of
#    the one that is selected, or else of the one with the next task. Below them it is shown where
#    nothing else needs the lines.
# 2. What matters most stands first, and is given room first.
# 3. Trees and help are scrolled by lines; scrolling stops where the last line is at the bottom.

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from plantrack.core.board_view import Page, opened
from plantrack.render import words
from plantrack.render.board import guide, lists, panels
from plantrack.render.board.layout import (
    GAP,
    Panel,
    abreast,
    cut_painted,
    heading,
    side_by_side,
    stacked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from plantrack.core.board_view import BoardView, Choice
    from plantrack.core.view import DocView
    from plantrack.render.screen import Screen

_TWO_COLUMNS = 100  # cells; from here on
_THREE_COLUMNS = 160
_HIGH_LINES = 22  # a lower page has one column


def page(view: BoardView, choice: Choice, screen: Screen, lines: int, now: datetime) -> list[str]:
    """Draw the chosen page; exactly so many lines, none wider than the screen."""
    match choice.page:
        case Page.BOARD:
            return _board(view, choice, screen, lines, now)
        case Page.TREE:
            return _tree(view, choice, screen, lines, now)
        case Page.HELP:
            return _scrolled("Help", guide.lines(screen), choice, screen, lines)
        case _ as never:
            assert_never(never)


def deepest(view: BoardView, choice: Choice, screen: Screen, lines: int, now: datetime) -> int:
    """Give the largest scroll of a page of so many lines that still shows something new."""
    match choice.page:
        case Page.BOARD:
            return 0
        case Page.TREE:
            text = _tree_lines(view, choice, screen.narrowed(_tree_cells(screen)), now)
        case Page.HELP:
            text = guide.lines(screen)
        case _ as never:
            assert_never(never)
    return max(len(text) - max(lines - 1, 1), 0)


def pointed(view: BoardView, choice: Choice, screen: Screen, lines: int, now: datetime) -> int:
    """Give the scroll of the opened document that has what is next in sight."""
    left = screen.narrowed(_tree_cells(screen))
    text = _tree_lines(view, choice, left, now)
    return panels.window(panels.pointed_line(text, left), len(text), max(lines - 1, 1))


# --- the board ------------------------------------------------------------------------------------


def _board(view: BoardView, choice: Choice, screen: Screen, lines: int, now: datetime) -> list[str]:
    cells = screen.width or 0
    seen = opened(view, choice)
    if not view.documents:
        bare = [panels.next_task(view, screen), *panels.attention(view, screen)]
        return [cut_painted(line, cells) for line in stacked(bare, lines)]
    is_high = lines >= _HIGH_LINES
    if seen is None or not is_high or cells < _THREE_COLUMNS:
        rows = _rows(view, choice, screen, now, is_high=is_high)
        spare = [] if seen is None else [panels.preview(seen, choice, screen, now)]
        return [cut_painted(line, cells) for line in stacked([*rows, *spare], lines)]
    widths = _parted(cells, (9, 5))
    left, right = (screen.narrowed(one) for one in widths)
    columns = (
        stacked(_rows(view, choice, left, now, is_high=is_high), lines),
        stacked([panels.preview(seen, choice, right, now)], lines),
    )
    return side_by_side(list(zip(columns, widths, strict=True)), screen)


def _rows(
    view: BoardView, choice: Choice, screen: Screen, now: datetime, *, is_high: bool
) -> list[Panel]:
    """Give each list the whole width; the burndown stands beside the next task, or below all."""
    cells = screen.width or 0
    listed = [lists.documents(view, choice, screen, now), lists.changes(view, choice, screen, now)]
    findings = panels.attention(view, screen)
    if cells < _TWO_COLUMNS or not is_high:
        burndown = panels.burndown(view.burndown, screen)
        return [panels.next_task(view, screen), *listed, burndown, *findings]
    widths = _parted(cells, (6, 5))
    left, right = (screen.narrowed(one) for one in widths)
    pair = panels.next_task(view, left), panels.burndown(view.burndown, right)
    return [abreast(list(zip(pair, widths, strict=True)), screen), *listed, *findings]


def _parted(cells: int, shares: Sequence[int]) -> tuple[int, ...]:
    """Part a width into columns with gaps between them."""
    left = cells - GAP * (len(shares) - 1)
    widths = [left * share // sum(shares) for share in shares]
    widths[0] += left - sum(widths)
    return tuple(widths)


# --- what is scrolled -----------------------------------------------------------------------------


def _tree(view: BoardView, choice: Choice, screen: Screen, lines: int, now: datetime) -> list[str]:
    """Draw one document whole, and beside it, where there is room, what became of it."""
    seen = opened(view, choice)
    cells = _tree_cells(screen)
    left = screen.narrowed(cells)
    title = _title(view, choice)
    text = _tree_lines(view, choice, left, now)
    shown = _scrolled(title or choice.selected, text, choice, left, lines)
    if seen is None or cells == screen.width:
        return shown
    rest = (screen.width or 0) - cells - GAP
    right = screen.narrowed(rest)
    beside = stacked(
        [
            panels.burndown(seen.burndown, right),
            lists.changes(view, choice, right, now, path=seen.document.path),
        ],
        lines,
    )
    return side_by_side([(shown, cells), (beside, rest)], screen)


def _title(view: BoardView, choice: Choice) -> str:
    seen = opened(view, choice)
    shown = _unread(view, choice) if seen is None else seen.document
    return "No document" if shown is None else words.title(shown.title)


def _unread(view: BoardView, choice: Choice) -> DocView | None:
    """Give the document that was opened and is there, but was not looked at from close by yet."""
    return next((doc for doc in view.documents if doc.path == choice.selected), None)


def _tree_cells(screen: Screen) -> int:
    cells = screen.width or 0
    return cells if cells < _TWO_COLUMNS else _parted(cells, (3, 2))[0]


def _tree_lines(view: BoardView, choice: Choice, screen: Screen, now: datetime) -> list[str]:
    """Give the lines of the opened document below its title."""
    seen = opened(view, choice)
    if seen is None:
        is_there = _unread(view, choice) is not None
        why = "it is shown when all is read" if is_there else "its plan is gone: esc leads back"
        return [screen.fit(why, screen.width)]
    return panels.whole_tree(seen, choice, screen, now)


def _scrolled(
    title: str, text: Sequence[str], choice: Choice, screen: Screen, lines: int
) -> list[str]:
    """Show a part of a long text below its title; exactly so many lines."""
    room = max(lines - 1, 1)
    start = min(max(choice.scroll, 0), max(len(text) - room, 0))
    part = text[start : start + room]
    fact = f"{start + 1} to {start + len(part)} of {len(text)}" if len(text) > room else ""
    shown = [
        cut_painted(line, screen.width or 0) for line in (heading(title, screen, fact=fact), *part)
    ]
    return [*shown[:lines], *[""] * (lines - len(shown))]
