"""The arguments that several commands take, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

import typer

from plantrack import commands
from plantrack.commands import Options

Work = Callable[[], int]  # a command with its arguments, still to be done


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def options(context: typer.Context, *, json: bool, verbose: bool) -> Options:
    """Put what a command was told together with what stood before it."""
    above = context.obj
    assert isinstance(above, Options)
    return Options(above.start, json=json, verbose=verbose or above.verbose, debug=above.debug)


def completed(context: typer.Context, incomplete: str) -> list[str]:
    """Offer the remembered documents a word could become; a shell is never shown an error."""
    try:
        above = context.find_root().params.get("directory")
        return commands.completions(str(above or "."), incomplete, now=now())
    except Exception:  # noqa: BLE001 -- a broken place completes nothing
        return []


Documents = Annotated[
    list[str] | None,
    typer.Argument(metavar="[DOC]...", help="Only these documents.", autocompletion=completed),
]
Document = Annotated[
    str | None, typer.Argument(metavar="[DOC]", help="Only this one.", autocompletion=completed)
]
OneDocument = Annotated[
    str, typer.Argument(metavar="DOC", help="The document.", autocompletion=completed)
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show texts in full, and times.")]
