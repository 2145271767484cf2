"""Views and exports to rows of comma-separated values, and to lines of JSON."""

from __future__ import annotations

import csv
import json

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.core.series import Day

    Cell = str | int | bool | None

DAY_COLUMNS = (
    "day",
    "scope",
    "done",
    "open",
    "dropped",
    "added",
    "removed",
    "ticked",
    "unticked",
    "arrived_done",
)


def day(one: Day) -> tuple[Cell, ...]:
    """Give the values of a day in the order of the columns."""
    return (
        one.day.isoformat(),
        one.scope,
        one.done,
        one.open,
        one.dropped,
        one.added,
        one.removed,
        one.ticked,
        one.unticked,
        one.arrived_done,
    )


def days(series: Sequence[Day]) -> str:
    """Write a day series as CSV with a head."""
    return "".join(as_csv(DAY_COLUMNS, map(day, series)))


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield lines of CSV as RFC 4180 has it, but for the line feeds; the first names the columns.

    What is not there is empty. A text that a spreadsheet would take for a formula begins with a
    quote.
    """
    lines = _Lines()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(columns)
    yield lines.line
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        yield lines.line


def as_ndjson(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield a JSON object a row, on a line each, ASCII only."""
    for row in rows:
        found = dict(zip(columns, row, strict=True))
        text = json.dumps(found, separators=(",", ":"))
        yield text.replace("\x7f", "\\u007f") + "\n"


class _Lines:
    """Keeps the line that was written last."""

    line = ""

    def write(self, text: str) -> None:
        self.line = text


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _safe(cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return str(cell).lower()
    if not isinstance(cell, str):
        return cell
    text = cell.encode("utf-8", "backslashreplace").decode()
    return f"'{text}" if text.startswith(_FORMULA) else text
