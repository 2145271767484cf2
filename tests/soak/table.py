"""Rows of a soak to the table people read and the JSON machines read."""

from __future__ import annotations

from dataclasses import dataclass

from bench.table import Json, Machine, columns, machine_lines
from soak.part import Row, Verdict

SCHEMA = "plantrack.soak/1"
MOST_NOTES = 20  # of one row that are printed; the JSON has all


@dataclass(frozen=True, slots=True)
class Told:
    """One row, and where it comes from."""

    part: str
    seconds: float  # since the row before, or since the part began
    row: Row


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that came of a run."""

    seed: int
    share: float
    seconds: float
    rows: tuple[Told, ...]

    @property
    def is_kept(self) -> bool:
        """Tell whether no promise was broken."""
        return all(one.row.verdict in {Verdict.KEPT, Verdict.SKIPPED} for one in self.rows)


def render(outcome: Outcome, machine: Machine) -> str:
    """Draw the table, what there is to say about its rows, and how it was made."""
    head = ("promise", "part", "what was done", "figure", "s", "verdict")
    notes = [f"{one.part}: {note}" for one in outcome.rows for note in one.row.notes[:MOST_NOTES]]
    how = f"seed {outcome.seed}, {outcome.share:.0%} of the whole, in {outcome.seconds:.0f} s"
    lines = [*columns([head, *map(_cells, outcome.rows)]), "", *notes, how]
    return "\n".join([*lines, *machine_lines(machine)]) + "\n"


def as_json(outcome: Outcome, machine: Machine) -> Json:
    """Give everything that is in the table, and all notes."""
    return {
        "schema": SCHEMA,
        "seed": outcome.seed,
        "share": outcome.share,
        "seconds": round(outcome.seconds, 1),
        "machine": {name: getattr(machine, name) for name in Machine.__slots__},
        "rows": [_row_as_json(one) for one in outcome.rows],
    }


def _cells(one: Told) -> tuple[str, ...]:
    row = one.row
    return (row.promise, one.part, row.done, row.figure, f"{one.seconds:.0f}", row.verdict.value)


def _row_as_json(one: Told) -> Json:
    return {
        "promise": one.row.promise,
        "part": one.part,
        "done": one.row.done,
        "figure": one.row.figure,
        "seconds": round(one.seconds, 1),
        "verdict": one.row.verdict.value,
        "notes": list(one.row.notes),
    }
