"""Panels of painted lines to columns of them that fill a screen."""

# Theory of operation
#
# 1. A panel is asked for so many lines and gives at most as many. What it needs least, what makes
#    it useful and what it could use at most is known before.
# 2. Room is given in the order of the panels: to each the least, then to each what makes it useful,
#    then line by line in turns. A panel that needs a certain height to be worth it (a chart) gets
#    that height at once, or not. What is left when all have enough goes to panels that are spare.
# 3. Lines are painted already. They are measured and cut without their styles; every style stays,
#    so that none is left open.

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.clean import cut, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from plantrack.render.screen import Screen

_STYLE = re.compile("(\x1b\\[[0-9;]*m)")  # ours alone: no clean text holds an escape
_ROOMY_LINES = 30  # from here on panels are parted by a line
_MIN_RULE = 3  # cells
_MIN_TITLE = 16
GAP = 3  # cells between columns, with the rule in the middle


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing that is shown, before it is known how high."""

    draw: Callable[[int], Iterable[str]]  # a number of lines to as many painted ones, or fewer
    least: int  # lines; with fewer it is not shown
    enough: int
    most: int
    is_whole: bool = False  # heights between least and enough say no more than the least
    waits: bool = False  # it gets more than enough only when no other can use it
    is_spare: bool = False  # it gets nothing before all the others have what they can use


def stacked(panels: Sequence[Panel], lines: int) -> list[str]:
    """Lay panels out one below the other; exactly so many lines."""
    gap = int(lines >= _ROOMY_LINES)
    shown: list[str] = []
    for panel, height in zip(panels, heights(panels, lines, gap), strict=True):
        if height:
            drawn = list(panel.draw(height))[:height]
            shown += [""] * (gap if shown else 0) + drawn
            shown += [""] * (height - len(drawn) if panel.is_whole else 0)
    return [*shown, *[""] * (lines - len(shown))]


def heights(panels: Sequence[Panel], lines: int, gap: int) -> list[int]:
    """Share lines out; 0 is given to panels there is no room for."""
    given = [0] * len(panels)
    left = lines + gap
    for is_spare in (False, True):
        asking = [place for place, one in enumerate(panels) if one.is_spare is is_spare]
        for place in asking:
            if panels[place].least + gap <= left:
                given[place] = panels[place].least
                left -= panels[place].least + gap
        left = _useful(panels, asking, given, left)
        left = _grown(panels, asking, given, left)
    return given


def _useful(panels: Sequence[Panel], asking: Sequence[int], given: list[int], left: int) -> int:
    """Give panels what makes them useful; return the lines that are left."""
    for place in asking:
        panel = panels[place]
        more = min(panel.enough, panel.most) - given[place]
        if given[place] and more > 0 and (more <= left or not panel.is_whole):
            given[place] += min(more, left)
            left -= min(more, left)
    return left


def _grown(panels: Sequence[Panel], asking: Sequence[int], given: list[int], left: int) -> int:
    """Give lines in turns to panels that can use them; return those that are left."""
    while left > 0:
        growing = [place for place in asking if _grows(panels[place], given[place])]
        if not growing:
            break
        first = [place for place in growing if not panels[place].waits]
        for place in (first or growing)[:left]:
            given[place] += 1
            left -= 1
    return left


def _grows(panel: Panel, lines: int) -> bool:
    is_stuck = panel.is_whole and lines < panel.enough
    return 0 < lines < panel.most and not is_stuck


def side_by_side(columns: Sequence[tuple[Sequence[str], int]], screen: Screen) -> list[str]:
    """Put columns, each with its width in cells, beside each other, with rules between them."""
    rule = screen.paint("│" if screen.signs else "|", "faint").join("  ")
    padded = [[pad_painted(line, cells) for line in lines] for lines, cells in columns]
    return [rule.join(row) for row in zip(*padded, strict=True)]


def abreast(panels: Sequence[tuple[Panel, int]], screen: Screen) -> Panel:
    """Make one panel of some beside each other, each with its width in cells."""

    def draw(lines: int) -> list[str]:
        drawn = [(stacked((panel,), lines), cells) for panel, cells in panels]
        return side_by_side(drawn, screen)

    return Panel(
        draw,
        least=max(panel.least for panel, _ in panels),
        enough=max(panel.enough for panel, _ in panels),
        most=max(panel.most for panel, _ in panels),
    )


def heading(title: str, screen: Screen, *, fact: str = "") -> str:
    """Draw a title, a rule, and at its end a fact, as wide as the screen.

    The title gives way; where too little of it were left, the fact goes.
    """
    cells = screen.width or 0
    room = cells - _MIN_RULE - 1
    shown = screen.fit(fact, cells // 2)
    left = room - width(shown) - 1
    if shown and (left >= _MIN_TITLE or left >= width(screen.say(title))):
        room = left
    else:
        shown = ""
    if room < 1:
        return screen.paint(screen.fit(title, cells), "strong")
    named = screen.fit(title, room)
    rule = ("─" if screen.signs else "-") * (room + _MIN_RULE - width(named))
    line = f"{screen.paint(named, 'strong')} {screen.paint(rule, 'faint')}"
    return f"{line} {screen.paint(shown, 'faint')}" if shown else line


# --- painted lines --------------------------------------------------------------------------------


def bare(text: str) -> str:
    """Take the styles off a painted line."""
    return _STYLE.sub("", text)


def painted_width(text: str) -> int:
    """Count the terminal cells of a painted line."""
    return width(bare(text))


def pad_painted(text: str, cells: int) -> str:
    """Cut a painted line, or fill it up with blanks, to so many cells."""
    gap = cells - painted_width(text)
    return text + " " * gap if gap >= 0 else pad_painted(cut_painted(text, cells), cells)


def cut_painted(text: str, cells: int) -> str:
    """Cut the end of a painted line that is too wide."""
    if painted_width(text) <= cells:
        return text
    parts = []
    for place, part in enumerate(_STYLE.split(text)):
        shown = part if place % 2 else cut(part, cells, mark="")
        cells -= 0 if place % 2 else width(shown)
        parts.append(shown)
    return "".join(parts)
