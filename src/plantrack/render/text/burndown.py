"""A day series to charts and what changed each week, at the width of the screen."""

from __future__ import annotations

from plantrack.core.series import weeks
from plantrack.render import chart
from plantrack.render.chart import COLOURS, Canvas, Inks

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from plantrack.core.past_view import BurndownView
    from plantrack.render.screen import Screen

UNITS = {"leaves": "steps", "milestones": "milestones"}
MAX_CELLS = 120  # a wider chart says no more
_ROWS = 14
_WEEKS = 9

NO_SERIES = "no history: nothing was ever written into a plan here"


def burndown(view: BurndownView, screen: Screen, cells: int) -> str:
    """Draw burndown and burn-up, then list the latest weeks; `cells` wide, on a pipe as well."""
    if not view.days:
        return f"{NO_SERIES}\n"
    inks = COLOURS if screen.colour else Inks()
    canvas = Canvas(min(cells, MAX_CELLS), _ROWS, braille=screen.signs, inks=inks)
    unit = UNITS[view.unit]
    parts = (
        chart.burndown(view.days, canvas, forecast=view.forecast, unit=unit),
        chart.burnup(view.days, canvas, forecast=view.forecast, unit=unit),
        chart.changes(weeks(view.days), Canvas(canvas.width, _WEEKS, inks=inks)),
    )
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"
