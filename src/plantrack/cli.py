"""The command line: arguments in, exit code out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from plantrack import (
    __version__,
    cli_agents,
    cli_check,
    cli_doctor,
    cli_edit,
    cli_past,
    cli_watch,
    commands,
    console,
)
from plantrack.arguments import (
    Document,
    Documents,
    Json,
    OneDocument,
    Verbose,
    Work,
    now,
    options,
)
from plantrack.commands import Options
from plantrack.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

PROGRAM = "plantrack"

_EPILOG = """\
\b
How boxes are counted:
  A plan is a section such as "Implementation Plan". Its outer layer are
  milestones, the boxes inside them are steps. What is counted is the box
  with no box inside; one that holds others is never counted beside them.
  Dropped boxes and open optional ones stand outside the sum. Boxes in
  fences, comments, quotes, tables and other sections are no tasks of the
  plan: "plantrack explain DOC" names the reason for each.

\b
DOC is a path, a folder, a file name, a leading number (0062), or a part of
a name that fits one document only.

\b
Exit codes:
  0  fine                            4  a write was refused
  1  findings, or nothing by a name  5  the database cannot be used
  2  usage or configuration         70  a mistake of plantrack's own
  3  the place cannot be read      130  interrupted

\b
Examples:
  plantrack status              where every document stands
  plantrack status 0062         one document, milestone by milestone
  plantrack next                what to do next, and why
  plantrack next --json         the same for a program
  plantrack tick k3f9           tick a step in its document
  plantrack log --since 2w      what changed in two weeks, by whom
  plantrack diff                what your next commit changes in the plans
  plantrack burndown            how much was to do and is done, day by day
  plantrack forecast            when it is likely done
  plantrack watch               all of that on one screen, as it happens
  plantrack check               what is wrong with the plans
  plantrack -C ../other next    in another repository
"""

_STATUS_EPILOG = """\
\b
Examples:
  plantrack status              a row a document, best first, then the sums
  plantrack status --all        finished documents too
  plantrack status docs/design  the documents below a folder
  plantrack status 0062         one document: lines, ids, when each was done
  plantrack status | cat        every document, nothing cut
"""

_NEXT_EPILOG = """\
\b
The pointer says one of:
  do      work on this step
  expand  this milestone has no steps yet: write them, then start
  close   everything in it is done: tick its own box
  settle  it is ticked but something in it is open: decide which is right
  finish  the plan is done: let the document's Status say so

\b
Examples:
  plantrack next                the best next task and the runners-up
  plantrack next 0062           that document's
  plantrack next --limit 1      only the best
  plantrack next --order document   the first open one, whatever is done later
"""

_EXPLAIN_EPILOG = """\
\b
Example:
  plantrack explain 0062        every box-like line, counted or not, and why
"""

_SYNC_EPILOG = """\
\b
Examples:
  plantrack sync                read what changed
  plantrack sync --rebuild      forget what can be read again, and read it
"""

app = typer.Typer(
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
upkeep = typer.Typer(rich_markup_mode=None)
database = typer.Typer(rich_markup_mode=None)
app.add_typer(cli_check.app)
app.add_typer(cli_edit.app)
app.add_typer(cli_past.app)
app.add_typer(cli_watch.app)
app.add_typer(cli_agents.app)
app.add_typer(upkeep)
app.add_typer(cli_doctor.app)
app.add_typer(database, name="db")


def main(arguments: Sequence[str]) -> int:
    """Run the command the arguments ask for and return its exit code."""
    debug = "--debug" in arguments
    return console.guarded(lambda: _dispatched(arguments), debug=debug)


def _dispatched(arguments: Sequence[str]) -> int:
    """Do what the arguments say, once typer is through: it would take errors for its own."""
    try:
        asked = app(args=arguments or ["--help"], prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        raise _misunderstood(error, arguments) from error
    except SystemExit:  # a shell got its completions, or nobody reads the help any more
        return 0
    return int(asked()) if callable(asked) else 0


def _misunderstood(error: typer.TyperException, arguments: Sequence[str]) -> UsageError:
    """Say what is wrong with the arguments, and where it is written how they are meant."""
    where = getattr(getattr(error, "ctx", None), "command_path", PROGRAM)
    option = getattr(error, "option_name", "")
    known = getattr(typer.main.get_command(app), "commands", {})
    name = next((word for word in arguments if word in known), "")
    if where == PROGRAM and name and option:  # not every error says which command it is about
        where = f"{PROGRAM} {name}"
        before = arguments[: list(arguments).index(name)]
        if option in before and any(option in one.opts for one in known[name].params):
            told = f"{option} is an option of {name}: it follows the name"
            return UsageError(told, f"write {where} {option}")
    told = error.format_message() if hasattr(error, "format_message") else str(error)
    return UsageError(told, f"see {where} --help")


# --- arguments ------------------------------------------------------------------------------------


Directory = Annotated[
    str | None,
    typer.Option("-C", metavar="DIR", help="Run as if started in this folder.", show_default=False),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show a traceback when something fails.")]
All = Annotated[bool, typer.Option("--all", "-a", help="Show every document.")]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="Next tasks shown in all.")]
Ordering = Annotated[
    Literal["frontier", "document"],
    typer.Option("--order", help="How the current milestone is found."),
]
Rebuild = Annotated[bool, typer.Option("--rebuild", help="Read everything again.")]


def _version(asked: bool | None) -> None:  # noqa: FBT001 -- typer hands it over like this
    if asked:
        console.write(f"{PROGRAM} {__version__}\n")
        raise typer.Exit


Version = Annotated[
    bool | None,
    typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
]


# --- commands -------------------------------------------------------------------------------------


@app.callback()
def plantrack(
    context: typer.Context,
    *,
    directory: Directory = None,
    verbose: Verbose = False,
    debug: Debug = False,
    version: Version = None,  # noqa: ARG001 -- its callback has answered
) -> None:
    """See where the plans in your design docs stand, what is next, what changed, and why."""
    context.obj = Options(directory or ".", verbose=verbose, debug=debug)


@app.command(epilog=_STATUS_EPILOG)
def status(
    context: typer.Context,
    docs: Documents = None,
    *,
    every: All = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show where documents stand; with one DOC, its steps."""
    told = options(context, json=json, verbose=verbose)
    return partial(commands.status, told, docs or (), now=now(), every=every)


@app.command("next", epilog=_NEXT_EPILOG)
def next_task(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    doc: Document = None,
    *,
    every: All = False,
    limit: Limit = commands.USUAL_LIMIT,
    order: Ordering = "frontier",
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Show the one next task, where it is and why."""
    told = options(context, json=json, verbose=verbose)
    most = None if every else limit
    return partial(commands.next_task, told, doc, now=now(), limit=most, order=order)


@app.command(epilog=_EXPLAIN_EPILOG)
def explain(
    context: typer.Context, doc: OneDocument, *, json: Json = False, verbose: Verbose = False
) -> Work:
    """Show how each box of a document is counted, and why."""
    told = options(context, json=json, verbose=verbose)
    return partial(commands.explain, told, doc, now=now())


@upkeep.command(epilog=_SYNC_EPILOG)
def sync(
    context: typer.Context,
    *,
    rebuild: Rebuild = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Bring the memory up to date, as every command does by itself."""
    told = options(context, json=json, verbose=verbose)
    return partial(commands.sync, told, now=now(), rebuild=rebuild)


@database.callback(invoke_without_command=True)
def describe_database(context: typer.Context) -> None:
    """Say where the memory is, or look for damage in it."""
    if context.invoked_subcommand is None:
        console.write(f"{context.get_help()}\n")


@database.command("path")
def database_path(context: typer.Context) -> Work:
    """Print where the database is."""
    told = options(context, json=False, verbose=False)
    return partial(commands.database_path, told, now=now())


@database.command("check")
def database_check(context: typer.Context, *, json: Json = False, verbose: Verbose = False) -> Work:
    """Look for damage, add up the books, ask git; exit 5 if one is wrong."""
    told = options(context, json=json, verbose=verbose)
    return partial(commands.database_check, told, now=now())
