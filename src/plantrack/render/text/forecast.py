"""The forecast of the plans to text: two dates and all they rest on, or why there are none."""

from __future__ import annotations

from plantrack.core.forecast import HORIZON_YEARS
from plantrack.render import words
from plantrack.render.screen import pad, wrap
from plantrack.render.text.burndown import UNITS, frozen

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from plantrack.core.forecast import Backtest, Basis, Forecast
    from plantrack.core.past_view import ForecastView
    from plantrack.render.screen import Screen

_MIN_TEXT_CELLS = 20
_DAYS_A_WEEK = 7


def forecast(view: ForecastView, screen: Screen) -> str:
    """Show the dates first, then what they rest on and how earlier ones turned out."""
    found, basis = view.forecast, view.forecast.basis
    lines = [screen.paint(line, "strong") for line in wrap(_promise(found), screen.width)]
    entries: list[tuple[str, str]] = []
    if basis is not None:
        entries += _basis(basis, UNITS[view.unit])
    if view.backtest.asked:
        entries.append(("backtest", _backtest(view.backtest)))
    if view.frozen:
        entries.append(("frozen", frozen(view.frozen)))
    widest = max((len(label) for label, _ in entries), default=0) + 2
    room = None if screen.width is None else max(screen.width - widest, _MIN_TEXT_CELLS)
    for label, text in entries:
        start = screen.paint(label, "faint") + " " * (widest - len(label))
        for line in wrap(text, room):
            lines.append(f"{start}{line}")
            start = pad("", widest)
    return "\n".join(lines) + "\n"


def _promise(found: Forecast) -> str:
    if found.p50 is None or found.basis is None:
        return found.refusal
    late = f"by {found.p85}" if found.p85 else f"not within {HORIZON_YEARS} years"
    weeks = [_weeks(found.basis.asked, day) for day in (found.p50, found.p85) if day]
    ahead = words.number(weeks[-1], "week")
    ahead = ahead if len(set(weeks)) == 1 else f"{weeks[0]} to {ahead}"
    when = f"in {ahead}" if found.p85 else f"in {ahead} at the earliest"
    return f"done by {found.p50} (50%), {late} (85%): {when}"


def _weeks(start: date, end: date) -> int:
    """Count the weeks from a day to another, begun ones too."""
    return -(-(end - start).days // _DAYS_A_WEEK)


def _basis(basis: Basis, unit: str) -> Iterator[tuple[str, str]]:
    yield "open", f"{_some(basis.open, unit)} at the end of {basis.asked}"
    yield "rests on", _observed(basis, unit) if basis.weeks else _seen(basis)
    if basis.unexpanded:
        yield "expected", _expected(basis)


def _some(count: int, unit: str) -> str:
    return f"1 {unit.removesuffix('s')}" if count == 1 else f"{count} {unit}"


def _seen(basis: Basis) -> str:
    return f"{words.number(basis.completions, 'completion')} in {words.number(basis.days, 'day')}"


def _observed(basis: Basis, unit: str) -> str:
    weeks = "week" if basis.weeks == 1 else f"{basis.weeks} whole weeks"
    done = f"{_some(basis.finished, unit)} done" if basis.finished else "nothing done"
    if basis.finished and basis.weeks > 1:
        done += f" in {basis.active_weeks} of them"
    more, less = ("written into plans", "cut") if basis.grown > 0 else ("cut", "written in")
    growth = f"{abs(basis.grown)} more {more} than {less}" if basis.grown else "no growth"
    return f"the last {weeks}: {done}, {growth}"


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
    asked = f"asked at the end of {words.number(test.asked, 'earlier week')}"
    if not test.answered:
        return f"{asked}: there was never a date"
    dates = f"{asked}: {words.number(test.answered, 'date')}"
    if not test.judged:
        return f"{dates}, none of which has come yet"
    if test.judged == 1:
        return f"{dates}; the one that has come {'held' if test.held else 'did not hold'}"
    return f"{dates}; of {test.judged} that have come {test.held} held (85% should)"
