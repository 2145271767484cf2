"""What stands above and below a page: where one is, how live that is, and which keys there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from plantrack.core.board_view import Mode, Page
from plantrack.core.clean import width
from plantrack.core.effects import Unit
from plantrack.render import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.board_view import BoardView, Choice, LiveState
    from plantrack.render.screen import Screen

    _Part = tuple[str, str]  # a clean text, its style

_COMMIT_CHARS = 8
_KEY_GAP = 2
_NEEDED = ("q", "?", "esc", "enter", "j/k", "p", "/", "f", "s", "u", "left/right", "r")
_UNIT_WORDS = {Unit.LEAVES: "steps", Unit.MILESTONES: "milestones"}


def header(view: BoardView, choice: Choice, screen: Screen, live: LiveState) -> str:
    """Name the repository, its branch, what is not committed, the sums, and how live that is."""
    cells = screen.width or 0
    word, style = _liveness(choice, live, screen)
    right = [(word, style)] if word else []
    left = [(screen.fit(_name(view), max(cells // 3, 8)), "strong"), *_where(view, screen)]
    for fact in _sums(view):
        if _cells((*left, *fact, *right)) <= cells:
            right = [*fact, *right]
            break
    while len(left) > 1 and _cells((*left, *right)) > cells:
        left.pop()
    gap = " " * max(cells - _cells((*left, *right)) + 2, 1)
    joined = ["  ".join(screen.paint(*part) for part in side) for side in (left, right)]
    return gap.join(joined)


def bottom(
    view: BoardView, choice: Choice, screen: Screen, live: LiveState, lines: int
) -> list[str]:
    """Show what is being typed, or was just said, or which keys there are, below what is wrong.

    There are 0 to 2 lines; on a single one what is wrong stands in place of the keys.
    """
    wrong = screen.paint(screen.fit(f"! {live.notice}", screen.width), "warn")
    notice = wrong if live.notice else ""
    keys = _keys(_keys_of(view, choice), screen) if live.mode is not Mode.ONCE else ""
    if lines == 1 and notice:
        keys = notice
    if choice.note:
        keys = screen.paint(screen.fit(choice.note, screen.width), "warn")
    if choice.typed is not None:
        keys = _prompt(choice.typed, screen)
    return [notice, keys][2 - lines :]


def _prompt(typed: str, screen: Screen) -> str:
    """Show the end of what is being typed, and a cursor behind it."""
    room = max((screen.width or 0) - 2, 0)
    shown = screen.say(typed)
    shown = shown if width(shown) <= room else screen.fit_middle(shown, room)
    return f"{screen.paint('/', 'ref')}{shown}{'▏' if screen.signs else '_'}"


# --- the keys -------------------------------------------------------------------------------------


def _keys(keys: Sequence[tuple[str, str]], screen: Screen) -> str:
    """Name as many keys as there is room for; those that are needed least go first."""
    shown = dict(keys)
    for key in reversed(_NEEDED):
        if (
            sum(width(f"{one} {word}") + _KEY_GAP for one, word in shown.items())
            <= (screen.width or 0) + _KEY_GAP
        ):
            break
        shown.pop(key, None)
    gap = " " * _KEY_GAP
    return gap.join(f"{screen.paint(key, 'ref')} {word}" for key, word in shown.items())


def _keys_of(view: BoardView, choice: Choice) -> tuple[tuple[str, str], ...]:
    if choice.page is Page.BOARD and not view.is_known:
        return (("q", "quit"),)  # of what the others lead to there is nothing yet
    match choice.page:
        case Page.BOARD:
            return (
                ("q", "quit"),
                ("j/k", "select"),
                ("enter", "tree"),
                ("/", "find"),
                ("f", choice.filter),
                ("s", choice.sort),
                ("u", _UNIT_WORDS[choice.unit]),
                ("p", "go on" if choice.is_paused else "pause"),
                ("r", "look again"),
                ("?", "help"),
            )
        case Page.TREE:
            return (
                ("q", "quit"),
                ("esc", "back"),
                ("j/k", "scroll"),
                ("left/right", "other document"),
                ("u", _UNIT_WORDS[choice.unit]),
                ("p", "go on" if choice.is_paused else "pause"),
                ("?", "help"),
            )
        case Page.HELP:
            return ("q", "quit"), ("esc", "back"), ("j/k", "scroll")
        case _ as never:
            assert_never(never)


# --- the header -----------------------------------------------------------------------------------


def _name(view: BoardView) -> str:
    root = view.repository.root.rstrip("/")
    return root.rpartition("/")[2] or root or "/"


def _where(view: BoardView, screen: Screen) -> list[_Part]:
    """Name the branch, or the commit there is none for, and count what is not committed."""
    repository = view.repository
    at = repository.branch or (repository.head or "")[:_COMMIT_CHARS]
    if repository.branch is None and repository.head is not None:
        at = f"at {at}"
    found = [(screen.fit(at, max((screen.width or 0) // 4, 8)), "ref")] if at else []
    if view.uncommitted:
        found.append((f"{words.number(len(view.uncommitted), 'plan')} not committed", "warn"))
    elif not at:
        found.append(("no git history", "faint"))
    return found


def _sums(view: BoardView) -> list[list[_Part]]:
    """Say how far everything is, in fewer and fewer words."""
    if not view.leaves.total:
        return []
    steps = [(f"{words.ratio(view.leaves)} steps", ""), (words.percent(view.leaves), "good")]
    whole = [(f"{words.ratio(view.milestones)} milestones", "")] if view.milestones.total else []
    pace = [(words.per_week(view.per_week), "faint")] if view.per_week and view.per_week > 0 else []
    return [[*pace, *whole, *steps], [*whole, *steps], steps, steps[1:]]


def _liveness(choice: Choice, live: LiveState, screen: Screen) -> _Part:
    """Say whether what is shown follows what happens."""
    if choice.is_paused:
        return ("‖ paused" if screen.signs else "= paused"), "warn"
    if live.doing:
        return screen.say(live.doing), "ref"
    match live.mode:
        case Mode.EVENTS:
            return f"{screen.flash} {live.mode}", "good"
        case Mode.POLLING:
            return f"{'○' if screen.signs else 'o'} {live.mode}", "warn"
        case Mode.ONCE:
            return "", ""
        case _ as never:
            assert_never(never)


def _cells(parts: Sequence[_Part]) -> int:
    return sum(width(text) + 2 for text, _ in parts) - 2
