"""The next task to text: what to do, where it stands, why, and what surrounds it."""

from __future__ import annotations

from plantrack.core.clean import width
from plantrack.render import words
from plantrack.render.screen import pad, wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.core.view import NextView, PointerView, RefView
    from plantrack.render.screen import Screen

    _Entry = tuple[str, str]  # what opens its first line and indents the others; its text
    Beside = tuple[str, list[_Entry]]  # a label, and what stands beside it

MAX_TEXT_LINES = 5  # of the task on a terminal, unless all is asked for
MAX_NOTE_LINES = 8
_MARGIN = 2
_NARROW = 44  # below this nothing but the words themselves is indented


def next_task(view: NextView, screen: Screen) -> str:
    """Show the next task in full, then the runners-up, a line each."""
    lines: list[str] = []
    if view.next is None:
        lines += _nothing(view, screen)
    else:
        lines += _pointer(view.next, screen)
    if view.others:
        lines += ["", *_others(view.others, screen)]
    return "\n".join(lines) + "\n"


def _nothing(view: NextView, screen: Screen) -> Iterator[str]:
    if view.documents:
        yield from wrap(f"Nothing is next: {screen.say(view.because)}", screen.width)
    else:
        from plantrack.render.text import teaching

        yield from teaching.no_plans(screen)
        _, _, more = view.because.partition("; ")
        if more:
            yield ""
            told = f"{screen.say(more)}: plantrack status says which and why"
            yield from wrap(told, screen.width)


# --- the pointer ----------------------------------------------------------------------------------


def _pointer(pointer: PointerView, screen: Screen) -> Iterator[str]:
    yield from _head(pointer, screen)
    yield ""
    for part in task(pointer, screen):
        yield from part
    found = beside(pointer, screen)
    if found:
        yield ""
    for _, lines in listed(found, screen):
        yield from lines


def beside(pointer: PointerView, screen: Screen) -> list[Beside]:
    """Give what surrounds a task, in the order it is shown; nothing is empty."""
    found = [
        ("caution", [("", screen.say(caution)) for caution in pointer.cautions]),
        ("document says", _refs(pointer.alternatives, screen)),
        ("notes", _notes(pointer, screen)),
        ("then", _refs(pointer.then, screen)),
        ("left behind", _refs(pointer.left_behind, screen)),
    ]
    return [(label, entries) for label, entries in found if entries]


def listed(found: Sequence[Beside], screen: Screen) -> Iterator[tuple[str, Iterator[str]]]:
    """Lay out what surrounds a task: each label with the lines beside it, itself included."""
    indent = _MARGIN + max((len(label) for label, _ in found), default=0) + 2
    for label, entries in found:
        yield label, _entries(label, entries, indent, screen)


def _head(pointer: PointerView, screen: Screen) -> Iterator[str]:
    """Name the document and the milestone, with how far the document is."""
    progress = words.progress(pointer)
    title = words.title(pointer.title) or pointer.path
    if screen.width is None:
        yield f"{screen.paint(screen.say(title), 'strong')}  {screen.paint(progress, 'faint')}"
    else:
        room = screen.width - len(progress) - 2
        shown = screen.fit(title, max(room, 20))
        named, counted = screen.paint(shown, "strong"), screen.paint(progress, "faint")
        yield from (f"{named}  {counted}",) if width(shown) <= room else (named, counted)
    milestone = pointer.milestone
    if milestone is not None and milestone.line != pointer.line:
        yield screen.fit(words.plain(words.name(milestone)), screen.width)


def task(
    pointer: PointerView, screen: Screen, *, most: int = MAX_TEXT_LINES
) -> tuple[list[str], list[str], list[str]]:
    """Give the lines of what is to be done, at most so many; of where; and of why."""
    opening = f"{screen.arrow} {_verb(pointer)}  "
    indent = len(opening)
    style = "here" if pointer.action != "none" else "good"
    said = []
    for place, line in enumerate(_bounded(_said(pointer), indent, screen, most)):
        start = screen.paint(opening, style) if place == 0 else " " * indent
        said.append(start + (screen.paint(line, "strong") if pointer.text else line))
    why = wrap(screen.say(pointer.reason), _room(indent, screen)) if pointer.text else ()
    reason = [f"{' ' * indent}{screen.paint(line, 'faint')}" for line in why]
    return said, list(_place(pointer, indent, screen)), reason


def _place(pointer: PointerView, indent: int, screen: Screen) -> Iterator[str]:
    """Say where a task is, in one piece that editors and terminals can follow."""
    where = screen.say(pointer.path)
    if pointer.line:
        where = f"{where}:{pointer.line}"
    shown = screen.paint(where, "ref")
    room = None if screen.width is None else screen.width - width(where)
    if room is None or room >= indent + 2 + len(pointer.id):
        yield f"{' ' * indent}{shown}  {pointer.id}".rstrip()
        return
    yield f"{' ' * indent}{shown}" if room >= indent else shown
    if pointer.id:
        yield f"{' ' * indent}{pointer.id}"


def _bounded(text: str, indent: int, screen: Screen, most: int) -> list[str]:
    lines = list(wrap(screen.say(text), _room(indent, screen)))
    if screen.width is None or screen.verbose or len(lines) <= most:
        return lines
    last = f"{lines[most - 1]} {lines[most]}"
    return [*lines[: most - 1], screen.fit(last, _room(indent, screen))]


def _entries(label: str, entries: list[_Entry], indent: int, screen: Screen) -> Iterator[str]:
    """Lay out what stands beside a task, its label before the first line."""
    cut = label != "caution" and not screen.verbose
    style = "faint" if label != "caution" else "warn"
    if screen.width is not None and screen.width < _NARROW and entries:
        yield " " * _MARGIN + screen.paint(label, style)
        indent = 2 * _MARGIN
        label = ""
    for opening, text in entries:
        hang = indent + len(opening)
        room = _room(hang, screen)
        start = " " * _MARGIN + screen.paint(label, style) + " " * (indent - _MARGIN - len(label))
        start += opening
        for line in [screen.fit(text, room)] if cut else wrap(text, room):
            yield f"{start}{line}".rstrip()
            start = " " * hang
        label = ""


def _notes(pointer: PointerView, screen: Screen) -> list[_Entry]:
    """Show what stands under the task as it is laid out there; on a terminal, its beginning."""
    lines = pointer.notes.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    shown = lines
    if screen.width is not None and not screen.verbose and len(lines) > MAX_NOTE_LINES + 1:
        shown = [
            *lines[:MAX_NOTE_LINES],
            f"({len(lines) - MAX_NOTE_LINES} more lines, -v shows them)",
        ]
    return [("", screen.say(line)) for line in shown]


def _refs(refs: Iterable[RefView], screen: Screen) -> list[_Entry]:
    found = tuple(refs)
    widest = max((len(str(ref.line)) for ref in found), default=0)
    return [(f"{ref.line:>{widest}}  ", screen.say(words.plain(words.name(ref)))) for ref in found]


# --- the runners-up -------------------------------------------------------------------------------


def _others(others: Iterable[PointerView], screen: Screen) -> Iterator[str]:
    pointers = tuple(others)
    yield screen.paint("Also open", "strong")
    names = [pointer.path for pointer in pointers]
    if screen.width is not None:
        cells = max(screen.width // 2 - 6, 12)
        names = [screen.fit_middle(name, cells) for name in words.document_names(names, cells)]
    rows = [
        (f"{screen.say(name)}:{one.line}" if one.line else screen.say(name), _verb(one), _what(one))
        for name, one in zip(names, pointers, strict=True)
    ]
    place_cells = max(width(row[0]) for row in rows)
    verb_cells = max(len(row[1]) for row in rows)
    room = _room(_MARGIN + place_cells + 2 + verb_cells + 2, screen)
    for place, verb, what in rows:
        gap = " " * (place_cells - width(place) + 2)
        start = f"{' ' * _MARGIN}{screen.paint(place, 'ref')}{gap}"
        yield f"{start}{pad(verb, verb_cells)}  {screen.fit(what, room)}".rstrip()


def _what(pointer: PointerView) -> str:
    milestone = pointer.milestone
    said = _said(pointer)
    if milestone is None or milestone.line == pointer.line or not milestone.label:
        return said
    return f"{milestone.label}: {said}"


def _said(pointer: PointerView) -> str:
    """Say what a pointer points at, without marks of emphasis."""
    milestone = pointer.milestone
    if milestone is not None and milestone.line == pointer.line and milestone.label:
        return words.plain(words.name(milestone))
    return words.plain(pointer.text) or pointer.reason


def _verb(pointer: PointerView) -> str:
    return "nothing" if pointer.action == "none" else str(pointer.action)


def _room(indent: int, screen: Screen) -> int | None:
    return None if screen.width is None else max(screen.width - indent, 16)
