"""What was written into documents to text: each change, what it leads to, what is next."""

from __future__ import annotations

from plantrack.core.clean import width
from plantrack.render import words
from plantrack.render.screen import wrap
from plantrack.render.text.rows import Row, laid_out

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.edit_view import DraftView, ExpandView, MarkedView, TickView
    from plantrack.core.view import PointerView
    from plantrack.render.screen import Screen

_DONE = {"tick": "ticked", "untick": "opened", "undo": "taken back"}
_ALREADY = {"tick": "ticked before", "untick": "open before", "undo": "taken back before"}
_DRY = {"tick": "would tick", "untick": "would open", "undo": "would take back"}
_MARGIN = "  "


def tick(view: TickView, screen: Screen) -> str:
    """Show what was done to boxes."""
    rows = [_row(item, view, screen) for item in view.items]
    lines = list(laid_out(rows, screen, most=3))
    for over in view.over:
        name = words.plain(words.name_of(over.label, over.title))
        if view.verb == "tick":
            said, verb = f"Nothing is open below “{name}” any more; to tick it too:", "tick"
        else:
            said, verb = f"“{name}” is still ticked; to open it too:", "untick"
        command = words.item_command(verb, over.id, over.text)
        lines += ["", *wrap(screen.say(said), screen.width), f"{_MARGIN}{screen.say(command)}"]
    lines += _next(view.next, view.because, screen)
    return "\n".join(lines) + "\n"


def _row(item: MarkedView, view: TickView, screen: Screen) -> Row:
    told = _DRY if view.is_dry else _DONE
    word = told[view.verb] if item.is_changed else _ALREADY[view.verb]
    below = [f"instead of [{item.mark_before}]"] if item.is_other_mark else []
    if view.note and item.is_changed:
        below.append(f"note: {view.note}")
    place = f"{screen.say(item.path)}:{item.line}"
    style = "good" if item.is_changed else "faint"
    return Row((word, item.id, place), words.plain(item.text), style, below=tuple(below))


def expand(view: ExpandView, screen: Screen) -> str:
    """Show the steps that were written below a milestone."""
    name = words.plain(words.name_of(view.label, view.title))
    where = f"{screen.say(view.path)}:{view.line}"
    lines = [f"{screen.paint(where, 'ref')}  {view.id}  {screen.say(name)}"]
    if not view.steps:
        there = words.number(view.existing, "step") if view.existing else "no steps yet"
        lines += [
            f"It has {there}. To write more below it, in the order they are to be done:",
            f"{_MARGIN}plantrack expand {view.id} --step TEXT --step TEXT",
        ]
        return "\n".join(lines) + "\n"
    word = "would add" if view.is_dry else "added"
    rows = [Row((word, step.id, str(step.line)), step.raw.strip(), "good") for step in view.steps]
    lines += laid_out(rows, screen, indent=len(_MARGIN), right=frozenset({2}), most=3)
    lines += _next(view.next, view.because, screen)
    return "\n".join(lines) + "\n"


def draft(view: DraftView, screen: Screen) -> str:
    """Name the document that was made, or show it where none was."""
    if not view.is_dry:
        return f"{screen.say(view.path)}\n"
    shown = "".join(f"{screen.say(line)}\n" for line in view.text.split("\n"))
    return f"{screen.say(view.path)}\n\n{shown}"


def _next(pointer: PointerView | None, because: str, screen: Screen) -> Iterator[str]:
    yield ""
    if pointer is None:
        yield from wrap(f"Nothing is next: {screen.say(because)}", screen.width)
        return
    verb = "" if pointer.action == "do" else f"{pointer.action} "
    opening = f"next  {verb}"
    where = (
        f"{screen.say(pointer.path)}:{pointer.line}" if pointer.line else screen.say(pointer.path)
    )
    place = "  ".join(filter(None, (where, pointer.id)))
    room = None if screen.width is None else screen.width - width(opening)
    said = screen.fit(words.plain(pointer.text) or pointer.reason, room)
    yield f"{screen.paint('next', 'strong')}  {verb}{screen.paint(said, 'here')}"
    yield f"      {screen.paint(place, 'ref')}"
