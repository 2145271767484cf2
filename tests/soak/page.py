"""The JSON of a soak to the table of figures in a page: python tests/soak/page.py JSON PAGE."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- soak -->", "<!-- /soak -->"


def figures(found: dict[str, Any]) -> str:
    """Write the table, and below it how it was made."""
    rows = [
        f"| {one['promise']} | {one['done']} | {one['figure']} | {one['verdict']} |"
        for one in sorted(found["rows"], key=_order)
    ]
    machine = found["machine"]
    how = (
        f"Seed {found['seed']}, {found['share']:.0%} of the whole, in {found['seconds']:.0f} s, on "
    )
    how += ", ".join(
        f"{name} {round(value, 1) if name == 'load' else value}"
        for name, value in machine.items()
        if name != "entry"  # a path that says nothing elsewhere
    )
    return "\n".join(["| | what was done | figure | |", "|---|---|---|---|", *rows, "", f"{how}."])


def filled(page: str, table: str) -> str:
    """Put a table between the marks of a page; raises ValueError where there are none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        message = f"there is no {BEGIN} … {END} in the page"
        raise ValueError(message)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _order(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", row["promise"]))) or (0,)


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:])
    page = filled(target.read_text("utf-8"), figures(json.loads(source.read_text("utf-8"))))
    target.write_text(page, "utf-8")
