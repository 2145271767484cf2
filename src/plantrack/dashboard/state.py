"""What a person at the dashboard chose to see, and what each key makes of it."""

# Theory of operation
#
# 1. A key and the view it was pressed in give the next choice, and at most one deed that somebody
#    with hands has to do: quit, look again, paint everything anew.
# 2. A selection goes by path, through every order and filter. When its document is no longer
#    listed, the next one below that still is takes its place, or the next above.
# 3. What a person selected is remembered beyond that: a document that comes back, as after a
#    switch to another branch and back, is selected again.
# 4. An opened document stays open as long as it exists, whether it is listed or not: whoever
#    watches the last step being ticked sees it.
# 5. While a search is written it narrows the list at once; Escape leaves the one before in force.
# 6. How far a page can be scrolled is known when it is drawn. It is asked for with every key, so
#    that nobody scrolls into nothing and has to come all the way back.

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from plantrack.core.board_view import BoardView, Choice, Filter, Page, Sort, beside, listed
from plantrack.core.effects import Unit
from plantrack.dashboard.keys import Key, Press

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

MAX_SEARCH = 80  # characters


class Deed(StrEnum):
    """What a key asks for besides another frame."""

    NOTHING = "nothing"
    QUIT = "quit"
    LOOK = "look"  # at every document again
    REPAINT = "repaint"  # what something else wrote on the screen goes away


class Room(NamedTuple):
    """How much of a page is seen, in lines."""

    page: int  # at once; at least 1
    deepest: int  # the largest scroll that shows something new


@dataclass(frozen=True, slots=True)
class State:
    """What is chosen, and what was chosen by hand."""

    choice: Choice
    wanted: str = ""  # path that was selected by hand; it may not be listed now


def pressed(state: State, press: Press, view: BoardView, room: Room) -> tuple[State, Deed]:
    """Give what a key makes of a state; a key that means nothing only wipes the note away."""
    state = _chosen(state, replace(state.choice, note=""))
    if state.choice.typed is not None:
        return _writing(state, press, view), _REPAINTS.get(press.key, Deed.NOTHING)
    name = press.text if press.key is Key.TEXT else press.key
    if name in _DEEDS:
        return state, _DEEDS[name]
    if name in _CHOICES:
        return rearranged(_chosen(state, _CHOICES[name](state.choice)), view, view), Deed.NOTHING
    return _led(state, name, view, room), Deed.NOTHING


def rearranged(state: State, before: BoardView, after: BoardView) -> State:
    """Keep the selection where it belongs, now that another view or choice is in force."""
    choice = state.choice
    paths = [doc.path for doc in listed(after, choice)]
    if choice.page is Page.TREE and any(doc.path == choice.selected for doc in after.documents):
        return state
    if state.wanted in paths:
        return _chosen(state, replace(choice, selected=state.wanted))
    gone = choice.selected or state.wanted
    if not gone or gone in paths:
        return state
    everything = replace(choice, filter=Filter.ALL, search="", typed=None)
    heir = _heir(gone, [doc.path for doc in listed(before, everything)], paths)
    page = Page.BOARD if choice.page is Page.TREE else choice.page
    return _chosen(state, replace(choice, selected=heir, page=page, scroll=0))


# --- what keys do ---------------------------------------------------------------------------------


def _led(state: State, name: str, view: BoardView, room: Room) -> State:
    """Go where a key leads."""
    match name:
        case Key.ENTER | " ":
            return _opened(state, view)
        case Key.ESCAPE:
            return _back(state, view)
        case Key.LEFT:
            return _selected(state, view, -1)
        case Key.RIGHT:
            return _selected(state, view, 1)
        case _:
            return _moved(state, _steps(name, room, view), view, room)


def _sorted(choice: Choice) -> Choice:
    return replace(choice, sort=_next(tuple(Sort), choice.sort))


def _filtered(choice: Choice) -> Choice:
    return replace(choice, filter=_next(tuple(Filter), choice.filter))


def _counted(choice: Choice) -> Choice:
    return replace(choice, unit=_next(tuple(Unit), choice.unit))


def _paused(choice: Choice) -> Choice:
    return replace(choice, is_paused=not choice.is_paused)


def _helped(choice: Choice) -> Choice:
    page = Page.BOARD if choice.page is Page.HELP else Page.HELP
    return replace(choice, page=page, scroll=0)


def _searched(choice: Choice) -> Choice:
    return replace(choice, page=Page.BOARD, typed=choice.search, scroll=0)


_DEEDS = {"q": Deed.QUIT, "r": Deed.LOOK, Key.REDRAW: Deed.REPAINT}
_REPAINTS = {Key.REDRAW: Deed.REPAINT}
_CHOICES: dict[str, Callable[[Choice], Choice]] = {
    "s": _sorted,
    "f": _filtered,
    "u": _counted,
    "p": _paused,
    "?": _helped,
    "h": _helped,
    "/": _searched,
}


def _next(members: Sequence[T], member: T) -> T:
    return members[(members.index(member) + 1) % len(members)]


def _steps(name: str, room: Room, view: BoardView) -> int:
    """Tell how far a key moves, in lines or documents; 0: it is none of those that move."""
    far = len(view.documents) + room.deepest + 1
    steps = {
        "j": 1,
        Key.DOWN: 1,
        "k": -1,
        Key.UP: -1,
        Key.PAGE_DOWN: room.page,
        Key.PAGE_UP: -room.page,
        "G": far,
        Key.END: far,
        "g": -far,
        Key.HOME: -far,
    }
    return steps.get(name, 0)


def _moved(state: State, steps: int, view: BoardView, room: Room) -> State:
    if not steps:
        return state
    if state.choice.page is Page.BOARD:
        return _selected(state, view, steps)
    scroll = min(max(min(state.choice.scroll, room.deepest) + steps, 0), room.deepest)
    return _chosen(state, replace(state.choice, scroll=scroll))


def _selected(state: State, view: BoardView, steps: int) -> State:
    path = beside(view, state.choice, steps)
    if not path or path == state.choice.selected:
        return replace(state, wanted=path)
    return State(replace(state.choice, selected=path, scroll=0), wanted=path)


def _opened(state: State, view: BoardView) -> State:
    """Open the selected document, or where none is, the one to work on; close it again."""
    choice = state.choice
    if choice.page is not Page.BOARD:
        return _back(state, view)
    paths = [doc.path for doc in listed(view, choice)]
    if not paths:
        return state
    first = view.next.path if view.next is not None and view.next.path in paths else paths[0]
    path = choice.selected if choice.selected in paths else first
    return State(replace(choice, selected=path, page=Page.TREE, scroll=0), wanted=path)


def _back(state: State, view: BoardView) -> State:
    """Undo one thing: the page, else the search, else the selection."""
    choice = state.choice
    if choice.page is not Page.BOARD:
        return rearranged(_chosen(state, replace(choice, page=Page.BOARD, scroll=0)), view, view)
    if choice.search:
        return rearranged(_chosen(state, replace(choice, search="")), view, view)
    return State(replace(choice, selected=""))


def _writing(state: State, press: Press, view: BoardView) -> State:
    """Give what a key makes of a search that is being written."""
    choice, typed = state.choice, state.choice.typed or ""
    match press.key:
        case Key.TEXT | Key.PASTED:
            choice = replace(choice, typed=(typed + press.text)[:MAX_SEARCH])
        case Key.BACKSPACE:
            choice = replace(choice, typed=typed[:-1] if typed else None)
        case Key.CLEAR:
            choice = replace(choice, typed="")
        case Key.ENTER:
            choice = replace(choice, typed=None, search=typed.strip())
        case Key.ESCAPE:
            choice = replace(choice, typed=None)
        case Key.DOWN:
            return _selected(state, view, 1)
        case Key.UP:
            return _selected(state, view, -1)
        case _:
            return state
    return rearranged(_chosen(state, choice), view, view)


def _heir(gone: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Find who takes the place of what is gone; "": nobody is left."""
    if gone not in before:
        return after[0] if after else ""
    place = before.index(gone)
    near = (*before[place + 1 :], *reversed(before[:place]))
    left = frozenset(after)
    return next((path for path in near if path in left), after[0] if after else "")


def _chosen(state: State, choice: Choice) -> State:
    return replace(state, choice=choice)
