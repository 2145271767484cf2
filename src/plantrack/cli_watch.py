"""The command line of what is live: watch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, Literal

import typer

from plantrack.arguments import Documents, Verbose, Work, now, options
from plantrack.commands import Options
from plantrack.errors import UsageError

_WATCH_EPILOG = """\
\b
On a terminal it is a screen: "?" shows its keys, "q" leaves it. Elsewhere, and
with --plain, it prints a line a change: when, the box as it is now, where, the
id, what happened, the words. What happened is told as "plantrack log" does;
beside it there are "committed", "switched" (another branch, or another past),
"appeared", "moved", "vanished" and "without a plan" of documents.

\b
CMD is run for each change, one after the other, with the change as a JSON
object on its stdin. It is a program and its arguments, not read by a shell.

\b
Examples:
  plantrack watch               the screen to leave open
  plantrack watch 0062          one document
  plantrack watch --plain >> plans.log
  plantrack watch --json | jq -r 'select(.kind == "ticked").text_after'
  plantrack watch --plain --on-change ./tell.sh
  plantrack watch --once        the screen as it is now, printed
"""

app = typer.Typer(rich_markup_mode=None)

Once = Annotated[bool, typer.Option("--once", help="Print the screen once.")]
Plain = Annotated[bool, typer.Option("--plain", help="Print a line a change.")]
Objects = Annotated[bool, typer.Option("--json", help="Print a JSON object a change.")]
Errand = Annotated[
    str | None,
    typer.Option(
        "--on-change", metavar="CMD", help="Run this for each change.", show_default=False
    ),
]
Unit = Annotated[
    Literal["leaves", "milestones"] | None,
    typer.Option("--by", help="What the burndown counts: leaves, if unsaid.", show_default=False),
]
Poll = Annotated[
    bool, typer.Option("--poll", help="Look at the files now and then, as on network drives.")
]


@app.command(epilog=_WATCH_EPILOG)
def watch(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    docs: Documents = None,
    *,
    once: Once = False,
    plain: Plain = False,
    json: Objects = False,
    errand: Errand = None,
    unit: Unit = None,
    polls: Poll = False,
    verbose: Verbose = False,
) -> Work:
    """See the plans change as it happens."""
    form = _form({"once": once, "plain": plain, "json": json})
    _refuse_idle(form, errand=errand is not None, unit=unit is not None, polls=polls)
    return partial(
        _watch,
        options(context, json=json, verbose=verbose),
        docs or (),
        clock=now,
        form=form,
        errand=errand,
        unit=unit or "leaves",
        polls=polls,
    )


def _form(asked: dict[str, bool]) -> str | None:
    forms = [name for name, is_asked in asked.items() if is_asked]
    if len(forms) > 1:
        named = " and ".join(f"--{name}" for name in forms)
        raise UsageError(f"{named} exclude each other", "give one of them")
    return forms[0] if forms else None


def _watch(told: Options, names: Sequence[str], **asked: Any) -> int:  # noqa: ANN401 -- as watch
    from plantrack import watch_commands  # what it needs, no other command pays for

    return watch_commands.watch(told, names, **asked)


def _refuse_idle(form: str | None, *, errand: bool, unit: bool, polls: bool) -> None:
    """Refuse an option that would do nothing."""
    if form == "once" and errand:
        raise UsageError("--once and --on-change: nothing changes in one look", "leave one off")
    if form == "once" and polls:
        raise UsageError("--once and --poll: one look is all there is", "leave one off")
    if form in ("plain", "json") and unit:
        raise UsageError(f"--{form} and --by: only the screen has a burndown", "leave one off")
