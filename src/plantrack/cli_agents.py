"""The commands for coding agents: their arguments."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from plantrack import console
from plantrack.arguments import Json, Verbose, Work, now, options

_PRIME_EPILOG = """\
\b
Examples:
  plantrack prime               what an agent should know when it begins
  plantrack prime --json        the same as data
"""

_INSTALL_EPILOG = """\
\b
The block stands between two markers. Nothing outside of them is changed, and
"remove" gives back the file as it was. Without FILE it goes into AGENTS.md
and CLAUDE.md, whichever is there; into a new AGENTS.md where neither is.

\b
Examples:
  plantrack agents install      tell agents to work by the plans
  plantrack agents install .github/copilot-instructions.md
"""

_CHECK_EPILOG = """\
\b
Example:
  plantrack agents check        exit 1 where a block is missing or out of date
"""

_REMOVE_EPILOG = """\
\b
Example:
  plantrack agents remove       the file as it was before
"""

_SKILL_EPILOG = """\
\b
Examples:
  plantrack agents skill        print the skill
  plantrack agents skill .claude/skills/plantrack    write it there
"""

_MCP_EPILOG = """\
\b
It speaks over stdin and stdout until its client leaves. It needs the extra:
pip install ".[mcp]" in a checkout of plantrack.

\b
Examples:
  plantrack mcp --print-config  what to put into the client's configuration
  plantrack -C ../other mcp     serve another repository
"""

app = typer.Typer(rich_markup_mode=None)
agents = typer.Typer(rich_markup_mode=None)
app.add_typer(agents, name="agents")

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE]...", help="Instead of AGENTS.md and CLAUDE.md."),
]


@app.command(epilog=_PRIME_EPILOG)
def prime(context: typer.Context, *, json: Json = False, verbose: Verbose = False) -> Work:
    """Brief an agent: counts, next tasks, rules and commands."""
    from plantrack import agent_commands

    told = options(context, json=json, verbose=verbose)
    return partial(agent_commands.prime, told, now=now())


@agents.callback(invoke_without_command=True)
def describe_agents(context: typer.Context) -> None:
    """Tell coding agents in this repository how plans are worked on."""
    if context.invoked_subcommand is None:
        console.write(f"{context.get_help()}\n")


@agents.command("install", epilog=_INSTALL_EPILOG)
def agents_install(context: typer.Context, files: Files = None) -> Work:
    """Write a marked block into AGENTS.md or CLAUDE.md."""
    from plantrack import agent_commands

    told = options(context, json=False, verbose=False)
    return partial(agent_commands.install, told, files or ())


@agents.command("check", epilog=_CHECK_EPILOG)
def agents_check(context: typer.Context, files: Files = None) -> Work:
    """Tell whether the block is there and up to date."""
    from plantrack import agent_commands

    told = options(context, json=False, verbose=False)
    return partial(agent_commands.check, told, files or ())


@agents.command("remove", epilog=_REMOVE_EPILOG)
def agents_remove(context: typer.Context, files: Files = None) -> Work:
    """Take the block out again."""
    from plantrack import agent_commands

    told = options(context, json=False, verbose=False)
    return partial(agent_commands.remove, told, files or ())


@agents.command("skill", epilog=_SKILL_EPILOG)
def agents_skill(
    context: typer.Context,
    folder: Annotated[
        str | None, typer.Argument(metavar="[FOLDER]", help="Write SKILL.md into it.")
    ] = None,
) -> Work:
    """Print the skill for agents, or write it into a folder."""
    from plantrack import agent_commands

    return partial(agent_commands.skill, options(context, json=False, verbose=False), folder)


@app.command(epilog=_MCP_EPILOG)
def mcp(
    context: typer.Context,
    *,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print what clients are configured with.")
    ] = False,
) -> Work:
    """Serve the plans to an agent over MCP."""
    from plantrack import agent_commands

    told = options(context, json=False, verbose=False)
    return partial(agent_commands.mcp, told, now, prints_config=print_config)
