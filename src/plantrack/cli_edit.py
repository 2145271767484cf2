"""The command line of what writes documents: tick, untick, undo, expand, new."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from plantrack.arguments import Json, Verbose, Work, now, options

_TICK_EPILOG = """\
\b
ITEM is the beginning of an id (k3f9), or an address (0062#M3.2). Without one,
what is next is shown, and ticked if you say so.

\b
What is written:
  One character of the document, between the brackets of that box. Line ends,
  the rest of the line and the rest of the file stay as they are. A mark of
  another kind ([~], an emoji, a word) gives way to x as a whole.
What is refused (exit 4), with nothing written:
  a document that is not as it was read, or is being saved just now; an item
  that does not read as --expect says; a box with open steps below it, unless
  they are ticked with it or --force is given; a heading, which has no box;
  and anything while git holds its index.
What is ticked already is fine.

\b
Examples:
  plantrack tick k3f9           tick one step
  plantrack tick k3f9 --expect 'Undo the last move'    only if it still reads so
  plantrack tick k3f9 p2w8 --note 'merged in #41'      shown by plantrack log
  plantrack tick k3f9 --close   its milestone too, if nothing else is open there
  plantrack tick                what is next, after a look at it
  plantrack tick --yes --json   whatever is next, for a script
"""

_UNTICK_EPILOG = """\
\b
The box is open again, whatever its mark was. A milestone that stays ticked
over it is named.

\b
Examples:
  plantrack untick k3f9         open one step again
  plantrack undo                take the last tick back instead
"""

_UNDO_EPILOG = """\
\b
What the last "tick" or "untick" here wrote is taken back, all of it, and marks
are as they were. A line that was touched since is left alone: then nothing is
taken back, and exit 4 says why. Once more takes the one before it back.

\b
Examples:
  plantrack undo                take the last tick back
  plantrack undo --dry-run      show what that would be
"""

_EXPAND_EPILOG = """\
\b
The steps are written as their siblings are, behind what stands below the
milestone: bullet, indent, label and number, blank lines. Whatever does not
read as exactly these steps, and everything else as before, is not written
(exit 4). Without --step nothing is written, and the milestone is shown.

\b
Examples:
  plantrack expand p2w8 --step 'Draw a ghost' --step 'Snap it to the hour'
  plantrack expand 0062#M3 --step 'Ask the harbour master' --dry-run
"""

_NEW_EPILOG = """\
\b
The document is made from the repository's own template of design docs (called
*template.md, or in a folder "templates", with an Implementation Plan in it),
or from one that comes with plantrack. It gets the next number of its folder.
What a template says to its reader is left out; title, status and dates are
filled in. Nothing is ever overwritten.

\b
Examples:
  plantrack new 'Drag to move'  prints the path, for an editor to open
  plantrack new 'Audit trail' --in docs/design --dry-run
"""

app = typer.Typer(rich_markup_mode=None)

Items = Annotated[
    list[str] | None, typer.Argument(metavar="[ITEM]...", help="Steps or milestones.")
]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect", metavar="TEXT", help="How the item begins; once an ITEM.", show_default=False
    ),
]
Note = Annotated[
    str,
    typer.Option("--note", metavar="TEXT", help="Shown in the log only.", show_default=False),
]
Dry = Annotated[bool, typer.Option("--dry-run", help="Write nothing, and say what would be.")]


@app.command(epilog=_TICK_EPILOG)
def tick(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    items: Items = None,
    *,
    expect: Expect = None,
    note: Note = "",
    closes: Annotated[
        bool, typer.Option("--close", help="Tick what has nothing open below it any more, too.")
    ] = False,
    forces: Annotated[bool, typer.Option("--force", help="Even with open steps below it.")] = False,
    agreed: Annotated[
        bool, typer.Option("--yes", "-y", help="Without ITEM: tick what is next, unasked.")
    ] = False,
    dry: Dry = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Tick steps in their documents: one character each."""
    from plantrack import edit_commands
    from plantrack.edits.ticking import Asked

    asked = Asked(
        items=tuple(items or ()),
        expected=tuple(expect or ()),
        note=note,
        closes=closes,
        forces=forces,
        is_dry=dry,
    )
    told = options(context, json=json, verbose=verbose)
    return partial(edit_commands.tick, told, asked, now=now(), is_agreed=agreed)


@app.command(epilog=_UNTICK_EPILOG)
def untick(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    items: Annotated[list[str], typer.Argument(metavar="ITEM...", help="Steps or milestones.")],
    *,
    expect: Expect = None,
    note: Note = "",
    dry: Dry = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Open steps again in their documents."""
    from plantrack import edit_commands
    from plantrack.edits.ticking import Asked

    asked = Asked(
        items=tuple(items), ticks=False, expected=tuple(expect or ()), note=note, is_dry=dry
    )
    told = options(context, json=json, verbose=verbose)
    return partial(edit_commands.tick, told, asked, now=now())


@app.command(epilog=_UNDO_EPILOG)
def undo(
    context: typer.Context, *, dry: Dry = False, json: Json = False, verbose: Verbose = False
) -> Work:
    """Take back what was ticked or opened last."""
    from plantrack import edit_commands

    told = options(context, json=json, verbose=verbose)
    return partial(edit_commands.undo, told, now=now(), is_dry=dry)


@app.command(epilog=_EXPAND_EPILOG)
def expand(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="MILESTONE", help="Its id, or address.")],
    *,
    steps: Annotated[
        list[str] | None,
        typer.Option("--step", metavar="TEXT", help="A step, in words.", show_default=False),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option("--expect", metavar="TEXT", help="How it begins.", show_default=False),
    ] = None,
    dry: Dry = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Write steps below a milestone, as its document writes them."""
    from plantrack import edit_commands

    told = options(context, json=json, verbose=verbose)
    words = tuple(steps or ())
    return partial(edit_commands.expand, told, item, words, now=now(), expect=expect, is_dry=dry)


@app.command(epilog=_NEW_EPILOG)
def new(  # noqa: PLR0913 -- one parameter an option
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the document is about.")],
    *,
    folder: Annotated[
        str | None,
        typer.Option("--in", metavar="FOLDER", help="Write it there.", show_default=False),
    ] = None,
    dry: Dry = False,
    json: Json = False,
    verbose: Verbose = False,
) -> Work:
    """Write a new design doc from the repository's template."""
    from plantrack import edit_commands

    told = options(context, json=json, verbose=verbose)
    return partial(edit_commands.new, told, name, now=now(), folder=folder, is_dry=dry)
