"""The door: a plain `next` or `status` the quick way, everything else to the command line."""

# Theory of operation
#
# 1. The two questions asked most often are answered before the parser of arguments is imported,
#    which would take longer than the answer.
# 2. Only what is certain to mean the same on the command line is taken: the words below, each at
#    most once. Everything else, mistakes too, is left to the command line.
# 3. Both ways call the same command, so they print the same.
# 4. An answer is made of many rows and no cycles, so garbage is looked for less often meanwhile.
# 5. When the answer is out, everything is flushed and closed. Taking the interpreter apart would
#    take a seventh of the time, so the process ends at once, unless something waits for its end.

from __future__ import annotations

import sys

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = frozenset({"--json", "--verbose", "-v", "--all", "-a"})
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
    quick = _quick(arguments)
    if quick is None:
        from plantrack import cli

        return cli.main(arguments)
    import gc

    from plantrack import console

    gc.set_threshold(_SELDOM, *gc.get_threshold()[1:])
    return console.guarded(lambda: _answered(*quick), debug=False)


def _quick(arguments: Sequence[str]) -> tuple[str, str, Sequence[str]] | None:
    """Split plain arguments into folder, command and words; None: they are not that plain."""
    folder = "."
    if len(arguments) > 1 and arguments[0] == "-C":
        folder, arguments = arguments[1], arguments[2:]
    if not arguments or arguments[0] not in ("next", "status"):
        return None
    words = arguments[1:]
    if not _WORDS.issuperset(words) or len(set(words)) != len(words):
        return None
    return folder, arguments[0], words


def _answered(folder: str, command: str, words: Sequence[str]) -> int:
    from plantrack import commands
    from plantrack.dates import UTC, datetime

    verbose = "-v" in words or "--verbose" in words
    every = "-a" in words or "--all" in words
    options = commands.Options(folder, json="--json" in words, verbose=verbose)
    now = datetime.now(UTC)
    if command == "status":
        return commands.status(options, now=now, every=every)
    limit = None if every else commands.USUAL_LIMIT
    return commands.next_task(options, now=now, limit=limit)


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
