"""What a command that writes documents was asked to what it writes and prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import console
from plantrack.commands import Memory, Options
from plantrack.edits import ticking
from plantrack.edits.ticking import Asked
from plantrack.errors import UsageError, WriteRefused

if TYPE_CHECKING:
    from datetime import datetime

    from plantrack.core.edit_view import TickView
    from plantrack.core.view import NextView, PointerView

_TICKABLE = frozenset({"do", "close"})  # actions of a pointer whose target a tick brings on


def complete(memory: Memory, item: str, *, expect: str, now: datetime, note: str = "") -> TickView:
    """Tick one item for a program: an id, or its beginning, or an address such as "0062#M3.2".

    `expect` is how the item reads, or how it begins; it is required, so that nothing is ticked
    that was not seen. `note` is shown in the log and nowhere else. An item that is ticked already
    is fine: its view says that it was not changed. The view also names what is next, and the
    milestone that has nothing open below it any more.

    Raises UsageError for an empty `expect`, NotFound for a name that fits no item or several
    (WriteRefused otherwise): whatever does not read as expected, cannot be written or has open
    steps below it. Nothing was written then.
    """
    asked = Asked(items=(item,), expected=_expected((item,), (expect,)), note=note)
    return ticking.mark(memory, asked, now=now)


def tick(options: Options, asked: Asked, *, now: datetime, is_agreed: bool = False) -> int:
    """Tick or open items; without any, what is next, once somebody agreed to that."""
    _expected(asked.items or ("",), asked.expected)
    with Memory(options, now) as memory:
        if not asked.items:
            asked = _next_one(memory, options, asked, is_agreed=is_agreed)
        view = ticking.mark(memory, asked, now=now)
    return _told(view, options)


def undo(options: Options, *, now: datetime, is_dry: bool = False) -> int:
    """Take back what the last command ticked or opened here."""
    from plantrack.edits import undoing

    with Memory(options, now) as memory:
        view = undoing.undo(memory, is_dry=is_dry)
    return _told(view, options)


def expand(  # noqa: PLR0913 -- one parameter an option
    options: Options,
    name: str,
    steps: tuple[str, ...],
    *,
    now: datetime,
    expect: str | None = None,
    is_dry: bool = False,
) -> int:
    """Write steps below a milestone; without any, show how to."""
    from plantrack.edits import expanding

    with Memory(options, now) as memory:
        view = expanding.expand(memory, name, steps, expect=expect, is_dry=is_dry)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import edit_json

        console.write(edit_json.expand(view, screen))
    else:
        from plantrack.render.text import edits

        console.write(edits.expand(view, screen))
    console.notice(view.warnings)
    return 0


def new(
    options: Options, name: str, *, now: datetime, folder: str | None = None, is_dry: bool = False
) -> int:
    """Write a new design doc and say where it is."""
    from zoneinfo import ZoneInfo

    from plantrack.edits import drafting
    from plantrack.zones import Machine

    with Memory(options, now) as memory:
        zone = memory.config.timezone
        today = now.astimezone(ZoneInfo(zone) if zone else Machine()).date()
        view = drafting.draft(memory, name, today=today, folder=folder, is_dry=is_dry)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import edit_json

        console.write(edit_json.draft(view, screen))
    else:
        from plantrack.render.text import edits

        console.write(edits.draft(view, screen))
    return 0


def _told(view: TickView, options: Options) -> int:
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import edit_json

        console.write(edit_json.tick(view, screen))
    else:
        from plantrack.render.text import edits

        console.write(edits.tick(view, screen))
    console.notice(view.warnings)
    return 0


def _expected(items: tuple[str, ...], expected: tuple[str, ...]) -> tuple[str, ...]:
    if expected and len(expected) != len(items):
        raise UsageError(
            f"--expect was given {len(expected)} times for {len(items)} items",
            "give it once for each item, in their order, or not at all",
        )
    if not all(one.strip() for one in expected):
        raise UsageError("an empty text is no expectation", "say how the item reads, or begins")
    return expected


# --- what is next ---------------------------------------------------------------------------------


def _next_one(memory: Memory, options: Options, asked: Asked, *, is_agreed: bool) -> Asked:
    """Show what is next and turn it into what is asked for, if somebody agrees."""
    from plantrack import views

    view: NextView = memory.ask(lambda: views.next_tasks(memory.store, limit=1))
    pointer = view.next
    if pointer is None or pointer.action not in _TICKABLE:
        why = view.because if pointer is None else f"{pointer.action} comes next: {pointer.reason}"
        raise WriteRefused(
            f"nothing is next that a tick would finish ({why}); nothing was written",
            "name an item: plantrack status DOC lists them",
        )
    if not is_agreed:
        _agree(view, pointer, options)
    expected = asked.expected or (pointer.text,)
    return Asked(
        items=(pointer.id,),
        expected=expected,
        closes=asked.closes,
        forces=asked.forces,
        note=asked.note,
        is_dry=asked.is_dry,
    )


def _agree(view: NextView, pointer: PointerView, options: Options) -> None:
    from plantrack.render import words
    from plantrack.render.text import pointing

    if not console.can_ask() or options.json:
        command = words.item_command("tick", pointer.id, pointer.text)
        raise WriteRefused(
            f"next is “{words.plain(pointer.text)}”, but nobody said so; nothing was written",
            f"name it: {command}  (or take whatever is next: plantrack tick --yes)",
        )
    console.write(pointing.next_task(view, console.screen(verbose=options.verbose)))
    if not console.asked("Tick it?"):
        raise WriteRefused("it was not ticked", "plantrack tick ITEM ticks another one")
