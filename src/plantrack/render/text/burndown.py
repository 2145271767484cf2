"""A day series to charts and what changed each week, as large as the screen."""

# Theory of operation
#
# 1. Both charts and the weeks are to be seen at once: they share the lines of the terminal, within
#    bounds. A pipe gets what is usual.
# 2. Where there are fewer lines, fewer weeks are listed before the charts get smaller.

from __future__ import annotations

from plantrack.core.series import weeks
from plantrack.render import chart, words
from plantrack.render.chart import COLOURS, Canvas, Inks
from plantrack.render.screen import wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.past_view import BurndownView
    from plantrack.render.screen import Screen

UNITS = {"leaves": "steps", "milestones": "milestones"}
MAX_CELLS = 120  # a wider chart says no more
USUAL_LINES = 40
_PROMPT_LINES = 1
_GAPS = 2
_MIN_ROWS, _MAX_ROWS = 9, 18  # of a chart
_USUAL_ROWS = 14
_MIN_WEEKS, _MAX_WEEKS = 3, 9  # lines of the weeks, with their head

NO_SERIES = "no history yet: nothing was ever written into a plan here"
NOTHING_SINCE = "nothing to show: no day since then has come yet"


def burndown(view: BurndownView, screen: Screen, cells: int, lines: int = USUAL_LINES) -> str:
    """Draw burndown and burn-up, then list the latest weeks; `cells` wide, on a pipe as well."""
    if not view.days:
        return f"{NO_SERIES if view.forecast is None else NOTHING_SINCE}\n"
    inks = COLOURS if screen.colour else Inks()
    listed = list(_notes(view, min(cells, MAX_CELLS)))
    room = lines - _PROMPT_LINES - _GAPS - len(listed)
    table = min(max(room - 2 * _USUAL_ROWS, _MIN_WEEKS), _MAX_WEEKS)
    rows = min(max((room - table) // 2, _MIN_ROWS), _MAX_ROWS)
    canvas = Canvas(min(cells, MAX_CELLS), rows, braille=screen.signs, inks=inks)
    unit = UNITS[view.unit]
    parts = (
        chart.burndown(view.days, canvas, forecast=view.forecast, unit=unit),
        chart.burnup(view.days, canvas, forecast=view.forecast, unit=unit),
        chart.changes(weeks(view.days), Canvas(canvas.width, table, inks=inks)),
        listed,
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def frozen(count: int) -> str:
    """Say what is counted as dropped though its box stands open."""
    stand = "stands" if count == 1 else "stand"
    steps = words.number(count, "open step")
    over = "in documents whose Status says that the work is over"
    return f"{steps} {stand} {over}; they count as dropped"


def _notes(view: BurndownView, cells: int) -> Iterator[str]:
    if view.frozen:
        yield from wrap(frozen(view.frozen), cells)
