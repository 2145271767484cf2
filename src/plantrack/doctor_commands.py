"""What doctor was asked to what it prints."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from plantrack import console
from plantrack.checkup import checkup
from plantrack.core.checkup import Terminal

if TYPE_CHECKING:
    from plantrack.commands import Options

UNWELL = 1


def doctor(options: Options) -> int:
    """Show how everything stands; return 1 when something is wrong."""
    screen = console.screen(verbose=options.verbose)
    terminal = Terminal(
        is_terminal=screen.width is not None,
        width=screen.width,
        colour=screen.colour,
        encoding=screen.encoding,
        kind=os.environ.get("TERM", ""),
    )
    found = checkup(options.start, terminal)
    if options.json:
        from plantrack.render import doctor_json

        console.write(doctor_json.doctor(found, screen))
    else:
        from plantrack.render.text import doctor as text

        console.write(text.doctor(found, screen))
    return UNWELL if found.problems else 0
