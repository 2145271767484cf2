"""The command line of trouble: doctor."""

from __future__ import annotations

from functools import partial

import typer

from plantrack.arguments import Json, Verbose, Work, options

_DOCTOR_EPILOG = """\
\b
Nothing is changed: a database that is missing is not made, one that is
damaged not moved. A problem keeps something from working and comes with what
to do; a remark tells of a limit. Exits with 1 when there is a problem.

\b
Examples:
  plantrack doctor              versions, places, limits, settings, what is
                                not read and why
  plantrack doctor -v           every such file, and what git is told
  plantrack doctor --json       the same for a program, or for a bug report
"""

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=_DOCTOR_EPILOG)
def doctor(context: typer.Context, *, json: Json = False, verbose: Verbose = False) -> Work:
    """Show what is wrong here, and what is in force."""
    from plantrack import doctor_commands  # what it needs, no other command pays for

    return partial(doctor_commands.doctor, options(context, json=json, verbose=verbose))
