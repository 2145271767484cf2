"""The command line of the past: log, blame, diff, burndown, forecast, export, merge."""

# Every other command is found through here: what the past alone needs is imported where it is asked
# for.

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated, Literal

import typer

from plantrack.arguments import (
    Documents,
    Json,
    OneDocument,
    Verbose,
    Work,
    completed,
    now,
    options,
)
from plantrack.errors import UsageError

_LOG_EPILOG = """\
\b
ITEM is the beginning of an id (k3f9), or an address (0062#M3.2).
A TIME is a date (2026-03-10, 2026-03, 2026-W11), "yesterday", "last monday",
"2 weeks ago" or 2w; what names a day is the whole day.
Order is that of the commits on the line of HEAD; what is not committed comes
first.

\b
What happened:
  added         a box is new; "arrived done": it came ticked; "split off",
                "restored"
  ticked, unticked, started, dropped
  expanded      a milestone got its first steps; "collapsed": it lost the last
  reworded, moved
  cut           taken out of a living plan
  finalised     went when its document was said to be finished or dead
  rewritten     went when the whole plan was replaced; "removed": the document

\b
KIND is added, ticked, unticked, marked (started, dropped), expanded,
collapsed, reworded, moved or removed (cut, finalised, rewritten, removed).

\b
Examples:
  plantrack log                 what changed, newest first
  plantrack log 0062 -v         one document, with texts in full
  plantrack log k3f9            the life of one item
  plantrack log --since 2w --kind ticked    what was done in two weeks
  plantrack log --since monday --format md  a report to paste
"""

_BLAME_EPILOG = """\
\b
"arrived done" is an item that was ticked when it was first seen: nobody saw
the day it was done.

\b
Examples:
  plantrack blame 0062          who added and ticked each item, and when
  plantrack log k3f9            all that happened to one of them
"""

_DIFF_EPILOG = """\
\b
A and B are whatever git takes for a commit. Without any: what is not
committed. A alone: from A to the work tree. "A B" is the same as A..B.

\b
Examples:
  plantrack diff                what a commit would change in the plans
  plantrack diff v1.2..HEAD     what a release did
  plantrack diff main --format md > plans.md    for a pull request
  plantrack diff --exit-code    exit 1 when anything differs
  plantrack diff A..B --all --json    every item, with both its lines
"""

_BURNDOWN_EPILOG = """\
\b
How to read it:
  scope    what is in the plans or ever was, less what was cut
  done     ticked; it stays done when a document is finished and its list goes
  dropped  struck, or still open when its document was finished
  open     scope less done less dropped
Steps stand where a level changed, the scope has its own line, and the hatched
wedge is where the forecast leads.

\b
Examples:
  plantrack burndown            the charts, as large as the terminal
  plantrack burndown 0062 --by milestones
  plantrack burndown --since 2026-01-01
  plantrack burndown --csv > days.csv
  plantrack burndown --svg plans.svg    for light and dark pages
"""

_FORECAST_EPILOG = """\
\b
Two dates: as likely before as after (50%), and kept in 85 of 100 runs (85%).
They come from what was done, and written into plans, in up to twelve whole
weeks. "backtest" tells how the 85% dates asked for on earlier days turned
out. Where there is too little to go by, it says so and names no date.

\b
Examples:
  plantrack forecast            when all plans are likely done
  plantrack forecast 0062 --by milestones
  plantrack forecast --json     the dates, or the reason why none
"""

_EXPORT_EPILOG = """\
\b
The same history gives the same rows, whoever exports it. What is not
committed is left out. docs/export.md names the columns and has recipes for
DuckDB and PostgreSQL.

\b
Examples:
  plantrack export > changes.ndjson
  plantrack export --what days --format csv -o days.csv
"""

_MERGE_EPILOG = """\
\b
Merging a repository's branch again replaces what was merged of it before.
The file has the views v_repositories, v_changes and v_days.

\b
Examples:
  plantrack merge */changes.ndjson */days.ndjson -o org.db
  sqlite3 org.db "SELECT repository, scope, done FROM v_repositories"
"""

app = typer.Typer(rich_markup_mode=None)

Kind = StrEnum(  # what can happen to an item, in words
    "Kind", "added ticked unticked marked expanded collapsed reworded moved removed"
)
Format = Annotated[
    Literal["text", "md"], typer.Option("--format", help="Text, or Markdown to paste.")
]
Since = Annotated[
    str | None, typer.Option("--since", metavar="TIME", help="Nothing older.", show_default=False)
]
Unit = Annotated[
    Literal["leaves", "milestones"],
    typer.Option("--by", help="What is counted: boxes with no box inside, or milestones."),
]
Zone = Annotated[
    str | None,
    typer.Option("--tz", metavar="ZONE", help="Time zone of the days.", show_default=False),
]


@app.command(epilog=_LOG_EPILOG)
def log(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(metavar="[DOC|ITEM]", help="Only this.", autocompletion=completed),
    ] = None,
    *,
    since: Since = None,
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help="Nothing newer.", show_default=False),
    ] = None,
    kinds: Annotated[
        list[Kind] | None,
        typer.Option("--kind", metavar="KIND", help="Only this; may be repeated."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(
            "--author", metavar="NAME", help="Only by this name or mail.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", "-n", min=1, help="The newest so many.", show_default=False),
    ] = None,
    form: Format = "text",
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show what changed in the plans, newest first."""
    from plantrack import past_commands

    filters = past_commands.Filters(
        since=since, until=until, kinds=tuple(kinds or ()), author=author, limit=limit
    )
    told = options(context, json=json, verbose=verbose)
    return partial(past_commands.log, told, what, now=now(), filters=filters, form=form)


@app.command(epilog=_BLAME_EPILOG)
def blame(
    context: typer.Context, doc: OneDocument, *, json: Json = False, verbose: Verbose = False
) -> Work:
    """Show which revision added and ticked each item."""
    from plantrack import past_commands

    told = options(context, json=json, verbose=verbose)
    return partial(past_commands.blame, told, doc, now=now())


@app.command(epilog=_DIFF_EPILOG)
def diff(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    revisions: Annotated[
        list[str] | None, typer.Argument(metavar="[A[..B]]", help="Two commits, or one.")
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", "-a", help="Show what stayed the same, too.")
    ] = False,
    tells: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 when anything differs, be it a name.")
    ] = False,
    form: Format = "text",
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show what differs between two revisions of the plans."""
    from plantrack import past_commands

    told = options(context, json=json, verbose=verbose)
    asked = _compared(revisions or ())
    return partial(past_commands.diff, told, asked, now=now(), every=every, form=form, tells=tells)


def _compared(revisions: Sequence[str]) -> str | None:
    """Read one or two words as A..B; None: neither was given."""
    if len(revisions) > 2 or (revisions[1:] and any(".." in one for one in revisions)):  # noqa: PLR2004 -- a pair
        raise UsageError(f"{' '.join(revisions)}: these are no two commits", "write A..B")
    return "..".join(revisions) if revisions else None


@app.command(epilog=_BURNDOWN_EPILOG)
def burndown(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    docs: Documents = None,
    *,
    unit: Unit = "leaves",
    since: Since = None,
    zone: Zone = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print a row a day.")] = False,
    svg: Annotated[
        str | None,
        typer.Option("--svg", metavar="FILE", help="Draw into a file.", show_default=False),
    ] = None,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show how much there was to do and was done, day by day."""
    from plantrack import past_commands

    if csv + json + (svg is not None) > 1:
        raise UsageError("--csv, --json and --svg exclude each other", "give one of them")
    told = options(context, json=json, verbose=verbose)
    form = f"svg:{svg}" if svg is not None else "csv" if csv else "text"
    wanted = past_commands.Series(unit=unit, zone=zone, since=since)
    return partial(past_commands.burndown, told, docs or (), now=now(), wanted=wanted, form=form)


@app.command(epilog=_FORECAST_EPILOG)
def forecast(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    docs: Documents = None,
    *,
    unit: Unit = "leaves",
    zone: Zone = None,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show when the plans are likely done, and what that rests on."""
    from plantrack import past_commands

    told = options(context, json=json, verbose=verbose)
    wanted = past_commands.Series(unit=unit, zone=zone)
    return partial(past_commands.forecast, told, docs or (), now=now(), wanted=wanted)


@app.command(epilog=_EXPORT_EPILOG)
def export(
    context: typer.Context,
    *,
    what: Annotated[
        Literal["changes", "days"], typer.Option("--what", help="A row a change, or a day.")
    ] = "changes",
    form: Annotated[
        Literal["ndjson", "csv"], typer.Option("--format", help="How rows are written.")
    ] = "ndjson",
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write here.", show_default=False),
    ] = None,
    repository: Annotated[
        str | None,
        typer.Option(
            "--repository", metavar="NAME", help="Instead of its address.", show_default=False
        ),
    ] = None,
) -> Work:
    """Write what is committed as rows for other tools."""
    from plantrack import export_commands

    return partial(
        export_commands.export,
        options(context, json=False, verbose=False),
        now=now(),
        what=what,
        form=form,
        output=output,
        repository=repository,
    )


@app.command(epilog=_MERGE_EPILOG)
def merge(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(metavar="FILES", help="Exports (ndjson).")],
    *,
    target: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="The SQLite file.")
    ] = "org.db",
) -> Work:
    """Put many repositories' exports into one SQLite file."""
    from plantrack import export_commands

    told = options(context, json=False, verbose=False)
    return partial(export_commands.merge, told, files, target)
