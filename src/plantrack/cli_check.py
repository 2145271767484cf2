"""The command line of `check`."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import typer

from plantrack.arguments import Documents, Json, Verbose, Work, now, options
from plantrack.errors import UsageError

_EPILOG = """\
\b
A CODE stands for every code that begins so: "template" for three of them,
"all" for each. Without --select the default set is meant.

\b
Errors and warnings make it exit with 1, notes only with --strict.

\b
The baseline, .plantrack-baseline.json at the top of the repository, holds
findings that are put up with. It is used when it is there, and only shrinks.

\b
Examples:
  plantrack check               what is wrong with the plans
  plantrack check 0062          one document
  plantrack check --since origin/main    what a branch brings in
  plantrack check --fix --dry-run        what can be mended, as a diff
  plantrack check --explain     every code; with CODE, all about it
  plantrack check --drift       ticks without work, work without ticks
  plantrack check --format github        annotations of a pull request
"""

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog=_EPILOG)
def check(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    docs: Documents = None,
    *,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", metavar="CODE", help="Only these; may be repeated."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="CODE", help="Not these; may be repeated."),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="REV", help="Only lines changed since.", show_default=False
        ),
    ] = None,
    stale: Annotated[
        str | None,
        typer.Option(
            "--stale", metavar="TIME", help="Plans at rest so long (60d).", show_default=False
        ),
    ] = None,
    drift: Annotated[bool, typer.Option("--drift", help="Compare ticks with commits.")] = False,
    form: Annotated[
        Literal["text", "json", "github", "sarif"], typer.Option("--format", help="How to tell.")
    ] = "text",
    baseline: Annotated[
        str | None,
        typer.Option(
            "--baseline", metavar="FILE", help="Instead of the usual one.", show_default=False
        ),
    ] = None,
    no_baseline: Annotated[
        bool, typer.Option("--no-baseline", help="Tell what it knows, too.")
    ] = False,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Put up with what is left.")
    ] = False,
    allow_growth: Annotated[
        bool, typer.Option("--allow-growth", help="And with what is new.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is mechanical.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, write nothing.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on notes, too.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say what CODEs mean.")] = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Find what is wrong with the plans; mend what is mechanical."""
    from plantrack import check_commands

    told = options(context, json=json, verbose=verbose)
    if explain:
        return partial(check_commands.explain, told, (*(docs or ()), *_codes(select)))
    if json and form not in {"text", "json"}:
        raise UsageError(f"--json and --format {form} exclude each other", "give one of them")
    if baseline is not None and no_baseline:
        message = "--baseline and --no-baseline exclude each other"
        raise UsageError(message, "give one of them")
    wanted = check_commands.Wanted(
        select=_codes(select),
        ignore=_codes(ignore),
        stale_days=None if stale is None else _days(stale),
        drift=drift,
        since=since or "",
        baseline="" if no_baseline else baseline,
    )
    doing = check_commands.Doing(
        form=form,
        strict=strict,
        fix=fix,
        dry=dry_run,
        write_baseline=write_baseline,
        grow=allow_growth,
    )
    return partial(check_commands.check, told, docs or (), now=now(), wanted=wanted, doing=doing)


def _codes(given: list[str] | None) -> tuple[str, ...]:
    """Part what was given at commas too: --select a,b."""
    return tuple(code.strip() for one in given or () for code in one.split(",") if code.strip())


def _days(text: str) -> int:
    from plantrack.core import lengths

    found = lengths.days(text)
    if found is None:
        raise UsageError(f"--stale: “{text}” is no length of time", f"write {lengths.FORMS}")
    return found
