"""The door: a plain `next` or `status` the quick way, everything else to the command line."""

# Theory of operation
#
# 1. The two questions asked most often are answered before the parser of arguments is imported,
#    which would take longer than the answer.
# 2. Only what is certain to mean the same on the command line is taken: the words below, each at
#    most once. Everything else, mistakes too, is left to the command line.
# 3. Both ways call the same command, so they print the same.
# 4. Run as a module, Python would import what lies in the folder it stands in: that comes to an end
#    here, before anything else is imported.
# 5. An answer is made of many rows and no cycles, so garbage is looked for less often meanwhile.

from __future__ import annotations

import os
import sys

if __name__ == "__main__" and sys.path[:1] == [os.getcwd()]:
    del sys.path[0]  # "python -m" looks there first, and there anybody's repository may be

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = frozenset({"--json", "--verbose", "-v", "--all", "-a"})
_SELDOM = 50_000  # objects made between two looks for garbage


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; None: the arguments of this process."""
    arguments = sys.argv[1:] if arguments is None else arguments
    quick = _quick(arguments)
    if quick is None:
        from plantrack import cli

        return cli.main(arguments)
    import gc

    from plantrack import console

    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        return console.guarded(lambda: _answered(*quick), debug=False)
    finally:
        gc.set_threshold(*usual)


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


if __name__ == "__main__":
    sys.exit(main())
