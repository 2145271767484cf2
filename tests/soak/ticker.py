"""An agent that ticks: `ticker.py TOP NOTE`, the beginning of an id a line on stdin."""

# It answers each line with "ticked ID", "again ID" where it was so already, or "refused ID WHY".

from __future__ import annotations

import sys
from datetime import UTC, datetime

from plantrack import edit_commands
from plantrack.commands import Memory, Options
from plantrack.errors import PlantrackError


def ticked(top: str, item: str, note: str) -> str:
    """Tick one item as a program would, and say what came of it."""
    now = datetime.now(UTC)  # noqa: TID251 - as any command reads it
    try:
        with Memory(Options(top), now, quiet=True) as memory:
            view = edit_commands.complete(memory, item, expect="Do", now=now, note=note)
    except PlantrackError as error:
        return f"refused {item} {error.message}"
    return f"{'ticked' if view.items[0].is_changed else 'again'} {item}"


def main() -> None:
    """Tick what is asked for, one after the other."""
    for line in sys.stdin:
        sys.stdout.write(f"{ticked(sys.argv[1], line.strip(), sys.argv[2])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
