"""The dashboard in docs/*.svg: drawn from the story's repository, the same on every machine."""

from __future__ import annotations

import os
import re
import time
from html import unescape
from pathlib import Path

import painted
import quoted
from plantrack.commands import Memory, Options
from plantrack.core.board_view import BoardView, Choice, LiveState, Mode, Size
from plantrack.render import board
from plantrack.render.screen import Screen
from plantrack.views.board import Board

DOCS = Path(__file__).resolve().parent.parent / "docs"
PICTURES = {"dashboard.svg": Size(120, 36), "dashboard-small.svg": Size(80, 24)}
SELECTED = "docs/design/0002-berth-board.md"


def picture(size: Size) -> str:
    """Draw the dashboard as it stands on the story's last day, as an SVG file."""
    return painted.svg(frame(size), columns=size.columns, title="plantrack watch")


def frame(size: Size) -> tuple[str, ...]:
    """Give the lines of the dashboard, painted."""
    choice = Choice(selected=SELECTED)
    with Memory(Options(str(quoted.built())), quoted.LAST_TICK, quiet=True) as memory:
        memory.refresh()  # somebody looked when the last box was ticked
    with Memory(Options(str(quoted.built())), quoted.NOW, quiet=True) as memory:

        def question() -> BoardView:
            whole = Board(memory.store, memory.place, memory.config)
            return whole.view(quoted.NOW, choice, wholly=True)

        view = memory.ask(question)
    screen = Screen(width=size.columns, colour=True)
    return board.frame(view, choice, screen, size, quoted.NOW, live=LiveState(Mode.EVENTS))


def words(svg: str) -> list[str]:
    """Give what is written in a picture, in order."""
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def main() -> None:
    """Draw them all."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name, size in PICTURES.items():
        (DOCS / name).write_text(picture(size), "utf-8")


if __name__ == "__main__":
    main()
