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

Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODE", help="Only these; may be repeated."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODE", help="Not these; may be repeated."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="REV", help="Only what is new since.", show_default=False),
]
Stale = Annotated[
    str | None,
    typer.Option("--stale", metavar="TIME", help="Plans at rest so long.", show_default=False),
]
Drift = Annotated[bool, typer.Option("--drift", help="Compare ticks with commits.")]
Form = Annotated[
    Literal["text", "json", "github", "sarif"], typer.Option("--format", help="How to tell.")
]
BaselineFile = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="Not the usual one.", show_default=False),
]
NoBaseline = Annotated[bool, typer.Option("--no-baseline", help="Tell what it knows, too.")]
WriteBaseline = Annotated[bool, typer.Option("--write-baseline", help="Put up with what is left.")]
AllowGrowth = Annotated[bool, typer.Option("--allow-growth", help="And with what is new.")]
Fix = Annotated[bool, typer.Option("--fix", help="Mend what is mechanical.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show it, write nothing.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 on notes, too.")]
Explain = Annotated[bool, typer.Option("--explain", help="Say what CODEs mean.")]


@app.command(epilog=_EPILOG)
def check(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    docs: Documents = None,
    *,
    select: Select = None,
    ignore: Ignore = None,
    since: Since = None,
    stale: Stale = None,
    drift: Drift = False,
    form: Form = "text",
    baseline: BaselineFile = None,
    no_baseline: NoBaseline = False,
    write_baseline: WriteBaseline = False,
    allow_growth: AllowGrowth = False,
    fix: Fix = False,
    dry_run: DryRun = False,
    strict: Strict = False,
    explain: Explain = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Find what is wrong with the plans; mend what is mechanical."""
    from plantrack.check_commands import Doing, Wanted, check
    from plantrack.check_commands import explain as tell

    told = options(context, json=json, verbose=verbose)
    if explain:
        return partial(tell, told, (*(docs or ()), *_codes(select)))
    _refuse_both("--json", f"--format {form}", both=json and form not in {"text", "json"})
    _refuse_both("--baseline", "--no-baseline", both=baseline is not None and no_baseline)
    days = None if stale is None else _days(stale)
    file = "" if no_baseline else baseline
    wanted = Wanted(_codes(select), _codes(ignore), days, drift, since or "", file)
    doing = Doing(form, strict, fix, dry_run, write_baseline, allow_growth)
    return partial(check, told, docs or (), now=now(), wanted=wanted, doing=doing)


def _refuse_both(one: str, other: str, *, both: bool) -> None:
    if both:
        raise UsageError(f"{one} and {other} exclude each other", "give one of them")


def _codes(given: list[str] | None) -> tuple[str, ...]:
    """Part what was given at commas too: --select a,b."""
    return tuple(code.strip() for one in given or () for code in one.split(",") if code.strip())


def _days(text: str) -> int:
    from plantrack.core import lengths

    found = lengths.days(text)
    if found is None:
        raise UsageError(f"--stale: “{text}” is no length of time", f"write {lengths.FORMS}")
    return found
