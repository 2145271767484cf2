"""What a command for agents was asked to what it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import console
from plantrack.commands import Memory, Options
from plantrack.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from plantrack.guidance import Told
    from plantrack.repo import Place


def prime(options: Options, *, now: datetime) -> int:
    """Brief an agent: how far the plans are, what is next, the rules, the commands."""
    with Memory(options, now) as memory:
        from plantrack.views.briefing import briefing

        view = memory.ask(lambda: briefing(memory.store, now=now))
    screen = console.screen(verbose=options.verbose)
    from plantrack.render.text import briefing as text

    if options.json:
        from plantrack.render import next_json

        console.write(next_json.prime(view, text.RULES, screen))
    else:
        console.write(text.briefing(view, screen))
    return 0


def install(options: Options, files: Sequence[str]) -> int:
    """Write the block for agents into files."""
    from plantrack import guidance

    return _told(options, lambda place: guidance.install(place, files))


def check(options: Options, files: Sequence[str]) -> int:
    """Tell whether files hold the block; return 1 where one does not."""
    from plantrack import guidance

    return _told(options, lambda place: guidance.check(place, files))


def remove(options: Options, files: Sequence[str]) -> int:
    """Take the block for agents out of files."""
    from plantrack import guidance

    return _told(options, lambda place: guidance.remove(place, files))


def skill(options: Options, folder: str | None) -> int:
    """Print the skill, or write it into a folder."""
    from plantrack import guidance

    if folder is None:
        console.write(guidance.text("SKILL.md"))
        return 0
    return _told(options, lambda place: (guidance.write_skill(place, folder),))


def mcp(options: Options, clock: Callable[[], datetime], *, prints_config: bool = False) -> int:
    """Serve the tools for models, or print what clients are configured with."""
    from plantrack import mcp as serving

    if prints_config:
        console.write(serving.configuration(options))
    else:
        serving.serve(options, clock)
    return 0


def _told(options: Options, work: Callable[[Place], Sequence[Told]]) -> int:
    """Do something to files, say of each what became of it; return 1 where one is not fine."""
    from plantrack import repo

    found = work(repo.find_place(options.start))
    screen = console.screen(verbose=options.verbose)
    console.write("".join(f"{screen.say(one.path)}: {screen.say(one.what)}\n" for one in found))
    if all(one.is_fine for one in found):
        return 0
    console.notice(("run plantrack agents install",))
    return NotFound.exit_code
