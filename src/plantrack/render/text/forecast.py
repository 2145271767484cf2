"""The forecast of the plans to text: two dates and all they rest on, or why there are none."""

from __future__ import annotations

from plantrack.core.forecast import HORIZON_YEARS
from plantrack.render import words
from plantrack.render.screen import pad, wrap
from plantrack.render.text.burndown import UNITS

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.forecast import Backtest, Basis, Forecast
    from plantrack.core.past_view import ForecastView
    from plantrack.render.screen import Screen

_MIN_TEXT_CELLS = 20


def forecast(view: ForecastView, screen: Screen) -> str:
    """Show the dates first, then what they rest on and how earlier ones turned out."""
    found, basis = view.forecast, view.forecast.basis
    lines = [screen.paint(_promise(found), "strong")]
    entries: list[tuple[str, str]] = []
    if basis is not None:
        entries += _basis(basis, UNITS[view.unit])
    if view.backtest.asked:
        entries.append(("backtest", _backtest(view.backtest)))
    widest = max((len(label) for label, _ in entries), default=0) + 2
    room = None if screen.width is None else max(screen.width - widest, _MIN_TEXT_CELLS)
    for label, text in entries:
        start = screen.paint(label, "faint") + " " * (widest - len(label))
        for line in wrap(text, room):
            lines.append(f"{start}{line}")
            start = pad("", widest)
    return "\n".join(lines) + "\n"


def _promise(found: Forecast) -> str:
    if found.p50 is None:
        return found.refusal
    late = f"by {found.p85}" if found.p85 else f"not within {HORIZON_YEARS} years"
    return f"done by {found.p50} (50%), {late} (85%)"


def _basis(basis: Basis, unit: str) -> Iterator[tuple[str, str]]:
    yield "open", f"{basis.open} {unit} at the end of {basis.asked}"
    seen = f"{words.number(basis.completions, 'completion')} in {words.number(basis.days, 'day')}"
    if basis.weeks:
        seen += (
            f"; {words.number(basis.weeks, 'whole week')} observed, {basis.active_weeks} of them"
            f" with a completion: {basis.finished} done, {_signed(basis.grown)} written into plans"
        )
    yield "rests on", seen
    if basis.unexpanded:
        yield "expected", _expected(basis)


def _expected(basis: Basis) -> str:
    bare = f"{words.number(basis.unexpanded, 'open milestone')} without steps"
    spread = basis.spread
    if spread is None:
        return f"{bare}; no milestone here has shown how many they become"
    sizes = f"{spread.median} (mostly {spread.low} to {spread.high})"
    on = words.number(spread.milestones, "milestone")
    return (
        f"{bare}; {on} here got {sizes} steps when expanded: {basis.share}% of the work ahead is"
        f" expected rather than written down"
    )


def _backtest(test: Backtest) -> str:
    asked = f"asked on {words.number(test.asked, 'earlier week')}, answered {test.answered} times"
    if not test.judged:
        return f"{asked}; no 85% date has come yet"
    return f"{asked}; {test.held} of {test.judged} dates that have come held (85% should)"


def _signed(count: int) -> str:
    return f"+{count}" if count > 0 else str(count)
