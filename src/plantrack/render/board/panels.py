"""The next task, the burndown, the findings and a document's tree to panels of a board."""

# Theory of operation
#
# 1. Of the next task the words come first, then where it stands, then whose it is and why; what
#    surrounds it follows while there is room: cautions, what comes after, what was left behind, and
#    its notes last.
# 2. A burndown that has no room for a chart is one line of blocks, with its numbers.
# 3. Findings are counted, and the gravest are shown: of each kind the first before any second.

from __future__ import annotations

from functools import lru_cache
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from plantrack.core.board_view import Severity, by_code, flashes, severity
from plantrack.core.clean import width
from plantrack.render import chart, chart_axes, words
from plantrack.render.board.layout import Panel, bare, heading, painted_width
from plantrack.render.chart import COLOURS, Canvas, Inks
from plantrack.render.screen import wrap
from plantrack.render.text import pointing, teaching, tree
from plantrack.render.text.burndown import NO_SERIES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from plantrack.core.board_view import BoardView, Choice, Opened
    from plantrack.core.past_view import BurndownView
    from plantrack.core.terms import Finding
    from plantrack.core.view import PointerView
    from plantrack.render.screen import Screen

_TEXT, _PLACE, _HEAD, _MORE_TEXT, _REASON, _MORE_REASON, _BESIDE = range(
    7
)  # ranks of the lines of a task
_MOST_BESIDE = 4  # lines of what surrounds a task, a label; notes have more
_MOST_TEXT = 4  # lines of the task itself
_IN_ORDER = ("caution", "then", "left behind", "document says", "notes")  # the first kept longest
_CHART_LINES = 11  # a lower chart is a line of blocks
_MOST_CHART_LINES = 24
_MIN_SPARK = 8
_PREVIEW_LINES = 8
_ANY_LINES = 1_000_000
_SIGNS = {Severity.GRAVE: "!!", Severity.WARNING: "!", Severity.HINT: ""}
_STYLES = {Severity.GRAVE: "bad", Severity.WARNING: "warn", Severity.HINT: "faint"}
_MOST_FINDINGS = 12
_MOST_PLACE = 3  # the part of a row that a place may fill is one of so many

FIRST = (
    "What there is to be read of the documents and their history is read for the first time. "
    "q leaves; what was read by then is kept."
)


# --- the next task --------------------------------------------------------------------------------


def next_task(view: BoardView, screen: Screen) -> Panel:
    """Show the next task in as much detail as there is room for."""
    pointer = view.next
    if pointer is None:
        lines = list(_nothing(view, screen))
        return Panel(lambda _: lines, least=1, enough=min(len(lines), 3), most=len(lines))
    whole = list(_ranked(pointer, screen, _MOST_TEXT))
    vital = sum(rank < _MORE_REASON for rank, _ in whole)

    def draw(lines: int) -> Iterator[str]:
        ranked = whole
        if lines < len(whole):
            text_lines = min(max(lines - 2, 1), _MOST_TEXT)
            ranked = list(_ranked(pointer, screen, text_lines, is_brief=True))
        kept = sorted(sorted(range(len(ranked)), key=lambda at: (ranked[at][0], at))[:lines])
        return (ranked[at][1] for at in kept)

    return Panel(draw, least=1, enough=vital, most=len(whole))


def _nothing(view: BoardView, screen: Screen) -> Iterator[str]:
    """Say why nothing is next; where there is no plan, what one looks like."""
    if not view.is_known:
        yield heading("Reading", screen)
        yield from wrap(FIRST, screen.width)
        return
    if not view.documents:
        yield from teaching.no_plans(screen)
        return
    yield heading("Next: nothing", screen)
    yield from wrap(screen.say(view.because), screen.width)


def _ranked(
    pointer: PointerView, screen: Screen, most: int, *, is_brief: bool = False
) -> Iterator[tuple[int, str]]:
    """Give the lines of a task as they are shown, each with its rank: the least matters most.

    The task itself has at most so many; brief, its reason has one.
    """
    cells = screen.width or 0
    said, where, why = pointing.task(pointer, screen, most=most)
    title = f"Next: {words.title(pointer.title) or pointer.path}"
    fact = words.progress(pointer)
    fact = fact if width(fact) <= cells // 2 else words.ratio(pointer.leaves)
    yield _HEAD, heading(title, screen, fact=fact)
    milestone = pointer.milestone
    if milestone is not None and milestone.line != pointer.line:
        yield _MORE_TEXT, screen.fit(words.plain(words.name(milestone)), screen.width)
    yield _TEXT, said[0]
    yield from ((_MORE_TEXT, line) for line in said[1:])
    place = where[0]  # its id only where it stands on the same line
    if painted_width(place) > cells:
        cut = screen.fit_middle(f"{pointer.path}:{pointer.line}", cells)
        place = screen.paint(cut, "ref")
    yield _PLACE, place
    if is_brief and why[1:]:
        indent = len(why[0]) - len(why[0].lstrip(" "))
        short = screen.fit(pointer.reason, max(cells - indent, 1))
        why = [" " * indent + screen.paint(short, "faint")]
    yield from ((_MORE_REASON if place else _REASON, line) for place, line in enumerate(why))
    found = [
        (label, entries if label == "notes" else entries[:_MOST_BESIDE])
        for label, entries in pointing.beside(pointer, screen)
    ]
    for label, lines in pointing.listed(found, screen):
        yield from ((_BESIDE + _IN_ORDER.index(label), line) for line in lines)


# --- the burndown ---------------------------------------------------------------------------------


def burndown(found: BurndownView | None, screen: Screen) -> Panel:
    """Draw what is open, and when it is likely done or why nobody can tell."""
    cells = screen.width or 0

    def draw(lines: int) -> Iterator[str]:
        if found is None or not found.days:
            yield heading("Burndown", screen)
            yield from (screen.paint(line, "faint") for line in wrap(NO_SERIES, cells))
            return
        now = found.days[-1]
        unit = UNITS[found.unit]
        yield heading("Burndown", screen, fact=f"{now.open} of {now.scope} {unit} open")
        if lines < _CHART_LINES:
            yield from _spark(found, screen)
            return
        inks = COLOURS if screen.colour else Inks()
        yield from _chart(_Same(found), Canvas(cells, lines - 1, braille=screen.signs, inks=inks))

    if found is None or not found.days:
        return Panel(draw, least=2, enough=2, most=2)
    most = min(max(cells // 3, _CHART_LINES), _MOST_CHART_LINES)
    return Panel(draw, least=2, enough=_CHART_LINES, most=most, is_whole=True)


class _Same:
    """A burndown that is known by being the same object: comparing its days would take longer."""

    __slots__ = ("view",)

    def __init__(self, view: BurndownView) -> None:
        self.view = view

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.view is other.view

    def __hash__(self) -> int:
        return id(self.view)


@lru_cache(maxsize=8)
def _chart(found: _Same, canvas: Canvas) -> tuple[str, ...]:
    """Draw a chart; the last few are remembered, since frames follow one another."""
    view = found.view
    unit = UNITS[view.unit]
    return chart.burndown(view.days, canvas, forecast=view.forecast, unit=unit, titled=False)


def _spark(found: BurndownView, screen: Screen) -> Iterator[str]:
    """Draw the open steps as one line of blocks, and say what is to be expected."""
    promise = "".join(chart_axes.promises(found.forecast)[:1]) if found.forecast else ""
    cells = screen.width or 0
    room = cells - width(promise) - 2
    room = room if room >= _MIN_SPARK else cells // 3
    drawn = chart.spark([day.open for day in found.days], room, blocks=screen.signs)
    line = screen.paint(drawn, "ref")
    left = cells - width(drawn) - 2
    yield f"{line}  {screen.fit(promise, left)}" if drawn else screen.fit(promise, cells)


# --- what needs attention -------------------------------------------------------------------------


def attention(view: BoardView, screen: Screen) -> list[Panel]:
    """Count the findings and show the gravest; no panel where there are none."""
    found = view.findings
    if not found:
        return []
    shown = _one_of_each(found)
    alarming = sum(severity(one.code) is not Severity.HINT for one in found)
    fact = words.number(len(found), "finding")
    if 0 < alarming < len(found):
        fact = f"{alarming} of {fact}"

    def draw(lines: int) -> Iterator[str]:
        yield heading("Worth a look", screen, fact=fact)
        yield from (_finding(one, view, screen) for one in shown[: lines - 1])

    most = len(shown[:_MOST_FINDINGS]) + 1
    return [Panel(draw, least=1, enough=min(len(shown), 3) + 1, most=most, waits=True)]


def _one_of_each(found: Sequence[Finding]) -> list[Finding]:
    """Put the graver ones first; among equals, the first of each kind before any second."""
    rounds = chain.from_iterable(zip_longest(*by_code(found)))
    order = list(Severity)
    shown = [one for one in rounds if one is not None]
    return sorted(shown, key=lambda one: order.index(severity(one.code)))


def _finding(found: Finding, view: BoardView, screen: Screen) -> str:
    grade = severity(found.code)
    sign = _SIGNS[grade]
    cells = screen.width or 0
    paths = [doc.path for doc in view.documents if doc.path == found.path] or [found.path]
    name = words.document_names(paths, 0)[0] if found.path else ""
    place = f"{name}:{found.line}" if found.line and name else name
    shown = screen.fit_middle(place, max(cells // _MOST_PLACE, 1))
    line = f"{screen.paint(f'{sign:<2}', _STYLES[grade])} {screen.paint(shown, 'ref')}"
    gap = "  " if shown else ""
    room = cells - 3 - width(shown) - len(gap)
    return f"{line}{gap}{screen.fit(found.message, max(room, 1))}".rstrip()


# --- one document ---------------------------------------------------------------------------------


def preview(opened: Opened, choice: Choice, screen: Screen, now: datetime) -> Panel:
    """Show a document's tree, around what is next in it where there is no room for all."""
    doc = opened.document

    def draw(room: int) -> Iterator[str]:
        title = words.title(doc.title) or doc.path
        yield heading(title, screen, fact=words.ratio(doc.leaves))
        shown = whole_tree(opened, choice, screen, now)
        start = window(pointed_line(shown, screen), len(shown), room - 1)
        yield from shown[start : start + room - 1]

    # How long it is is not worth finding out before there is room for it.
    return Panel(draw, least=_PREVIEW_LINES, enough=12, most=_ANY_LINES, is_spare=True)


def whole_tree(opened: Opened, choice: Choice, screen: Screen, now: datetime) -> list[str]:
    """Give the lines of a document below its title."""
    _, *below = tree.lines(
        opened.document,
        screen,
        now,
        per_week=opened.per_week,
        flashes=lambda key: flashes(choice, key),
    )
    return below


def pointed_line(lines: Sequence[str], screen: Screen) -> int:
    """Find the line of a tree that shows what is next; 0 where none does."""
    found = (at for at, line in enumerate(lines) if bare(line).startswith(screen.arrow))
    return next(found, 0)


def window(line: int, lines: int, room: int) -> int:
    """Give the first of the lines that are shown so that one of them is well in sight."""
    return max(min(line - room // 3, lines - room), 0)
