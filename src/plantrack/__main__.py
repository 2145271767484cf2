"""The door: plain commands the quick way, everything else to the command line."""

# Theory of operation
#
# 1. What is asked often is answered before the parser of arguments is imported, which would take
#    longer than the answer.
# 2. Only what is certain to mean the same on the command line is taken: the words below, each at
#    most once, and as many names. Everything else, mistakes too, is left to the command line.
# 3. Both ways call the same command, so they print the same.
# 4. Run as a module, Python would import what lies in the folder it stands in: that comes to an end
#    here, before anything else is imported.
# 5. An answer is made of many rows and no cycles, so garbage is looked for less often meanwhile.
# 6. When the answer is out, everything is flushed and closed. Taking the interpreter apart would
#    take a seventh of the time, so the process ends at once, unless something waits for its end.

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[:1] == [os.getcwd()]:
    del sys.path[0]  # "python -m" looks there first, and there anybody's repository may be

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from plantrack.commands import Options

_ANY = 1 << 30
_NAMES = {  # how many a command takes, at least and at most
    "blame": (1, 1),
    "burndown": (0, _ANY),
    "diff": (0, 0),
    "explain": (1, 1),
    "forecast": (0, _ANY),
    "log": (0, 1),
    "next": (0, 1),
    "status": (0, _ANY),
    "sync": (0, 0),
}
_SHARED = frozenset({"--json", "--verbose", "-v"})  # options of all of these
_OWN = {
    "diff": frozenset({"--all", "-a"}),
    "next": frozenset({"--all", "-a"}),
    "status": frozenset({"--all", "-a"}),
    "sync": frozenset({"--rebuild"}),
}
_SELDOM = 50_000  # objects made between two looks for garbage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; None: with the arguments of this process.

    The process ends with them, here, unless something in it waits to be told of its end.
    """
    if arguments is None:
        code = _run(sys.argv[1:])
        end(code)
        return code
    import gc

    usual = gc.get_threshold()
    try:
        return _run(arguments)
    finally:
        gc.set_threshold(*usual)


def _run(arguments: Sequence[str]) -> int:
    plain = _plain(arguments)
    if plain is None:
        from plantrack import cli

        return cli.main(arguments)
    import gc

    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    from plantrack import console

    return console.guarded(lambda: _answered(*plain), debug=False)


def _plain(arguments: Sequence[str]) -> tuple[str, str, Sequence[str], Sequence[str]] | None:
    """Split arguments into folder, command, options and names; None: they are not that plain."""
    if list(arguments) == ["--version"]:
        return ".", "--version", (), ()
    folder = "."
    if len(arguments) > 1 and arguments[0] == "-C":
        folder, arguments = arguments[1], arguments[2:]
    if not arguments or arguments[0] not in _NAMES:
        return None
    command, *words = arguments
    options = [word for word in words if word[:1] == "-"]
    names = [word for word in words if word[:1] != "-"]
    least, most = _NAMES[command]
    known = _SHARED | _OWN.get(command, frozenset())
    if not known.issuperset(options) or len(set(words)) != len(words) or "" in names:
        return None
    return (folder, command, options, names) if least <= len(names) <= most else None


def _answered(folder: str, command: str, words: Sequence[str], names: Sequence[str]) -> int:
    if command == "--version":
        from plantrack import __version__, console

        console.write(f"plantrack {__version__}\n")
        return 0
    from plantrack import commands
    from plantrack.dates import UTC, datetime

    verbose = "-v" in words or "--verbose" in words
    options = commands.Options(folder, json="--json" in words, verbose=verbose)
    every = "-a" in words or "--all" in words
    now = datetime.now(UTC)
    match command:
        case "next":
            limit = None if every else commands.USUAL_LIMIT
            return commands.next_task(options, *names, now=now, limit=limit)
        case "status":
            return commands.status(options, names, now=now, every=every)
        case "explain":
            return commands.explain(options, *names, now=now)
        case "sync":
            return commands.sync(options, now=now, rebuild="--rebuild" in words)
    return _of_past(options, command, names, now, every=every)


def _of_past(
    options: Options, command: str, names: Sequence[str], now: datetime, *, every: bool
) -> int:
    from plantrack import past_commands

    match command:
        case "blame":
            return past_commands.blame(options, *names, now=now)
        case "burndown":
            return past_commands.burndown(options, names, now=now)
        case "diff":
            return past_commands.diff(options, now=now, every=every)
        case "forecast":
            return past_commands.forecast(options, names, now=now)
    return past_commands.log(options, *names, now=now)


def end(code: int) -> None:
    """End this process at once; do nothing where it has to end in the usual way."""
    import atexit

    is_watched = sys.getprofile() or sys.gettrace() or sys.flags.inspect
    if is_watched or atexit._ncallbacks() or len(sys._current_frames()) > 1:  # noqa: SLF001
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # closed, or full: the interpreter tells of it
        return
    from os import _exit

    _exit(code)


if __name__ == "__main__":
    sys.exit(main())
