"""What is said when there is nothing to show: what to write, so that there is."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.screen import wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from plantrack.render.screen import Screen

_PLAN = """\
  ## Implementation Plan
  - [ ] Milestone 1: what will be true then
    - [ ] Step 1: one thing to do"""


def no_plans(
    screen: Screen,
    named: Sequence[str] = (),
    former: Sequence[str] = (),
    unread: Collection[str] = (),
) -> Iterator[str]:
    """Say that no document holds a plan, or none of those named, and what one looks like.

    Of those that are `former` plans it is said instead where to read what became of them, or what
    they held while they could be read.
    """
    for path in former:
        where = words.command("log", path)
        if path in unread:
            told = f"{path} held a plan and cannot be read now; {where} tells what is known of it"
        else:
            told = f"{path} holds no plan any more; {where} tells what became of it"
        yield from wrap(screen.say(told), screen.width)
    if former:
        return
    if named:
        more = f" and {len(named) - 1} more" if len(named) > 1 else ""
        yield from wrap(f"No plan in {screen.say(named[0])}{more}.", screen.width)
    else:
        yield "No document here holds a plan."
    yield ""
    about = 'A plan is a section of a Markdown file that says so, such as "Implementation Plan":'
    yield from wrap(about, screen.width)
    yield ""
    yield from (screen.paint(line, "faint") for line in _PLAN.split("\n"))
