"""The live screen: a memory that follows its files, drawn anew when something changed."""

# Theory of operation
#
# 1. One loop waits for files, keys, signals and the next appointment, and for nothing else. At
#    rest it wakes for the watcher's sweep, and twice a minute because ages are shown.
# 2. What was saved is shown first. What rests on the whole past, as a forecast does, follows in a
#    second frame once there is a quiet moment, and the longer it takes the less often.
# 3. What a key does needs no look at any file. A frame is made when something it shows may differ;
#    the terminal finds out what does.
# 4. What has just changed flashes for a while, each for its own while.
# 5. What fails is told on the screen and tried again; the last good view stays. Only the first look
#    and the first view, which are made before the screen is taken, raise.

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from plantrack import console
from plantrack.core.board_view import Choice, LiveState, Mode, Page
from plantrack.core.feed import Appeared, Changed, Trouble
from plantrack.dashboard.appointments import Appointments, Call
from plantrack.dashboard.keys import WAIT_S, Keys
from plantrack.dashboard.state import Deed, Room, State, pressed, rearranged
from plantrack.dashboard.terminal import Gone, Terminal
from plantrack.errors import PlantrackError
from plantrack.live import Pulse, wait
from plantrack.render import board as render
from plantrack.views.board import Board

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from plantrack.core.board_view import BoardView
    from plantrack.core.effects import Unit
    from plantrack.core.feed import Event
    from plantrack.dashboard.keys import Press
    from plantrack.live import Live

FLASH_S = 2.0
NOTE_S = 12.0  # that a note stays when no key is pressed
AGES_S = 30.0  # between two frames that differ in nothing but ages

_QUIET_S = 0.15  # without news, until what takes its time is made anew
_RESTLESS_S = 1.0  # that it is put off for news at most
_RESTS = 5  # times as long as it took, until it is made once more
_AROUND = 4  # lines of a page that are no part of what scrolls


@dataclass(frozen=True, slots=True)
class Ends:
    """What the dashboard is joined to besides the memory it shows."""

    clock: Callable[[], datetime]
    told: Callable[[Pulse], str]  # hears every pulse; a line for the screen, "" for none
    others: Sequence[int]  # descriptors; when one is readable, `told` hears an empty pulse


def run(
    live: Live,
    *,
    clock: Callable[[], datetime],
    unit: Unit,
    told: Callable[[Pulse], str],
    others: Sequence[int] = (),
) -> int:
    """Show the board until somebody quits; return the exit code.

    `clock` gives times in the zone people are shown. `told` hears every pulse and gives a line for
    the bottom of the screen, "" for none; when one of the descriptors `others` is readable, it
    hears an empty one. Raises what the first step of `live` does, and KeyboardInterrupt when the
    program is to end.
    """
    first = live.step()
    terminal = Terminal(sys.stdin.fileno(), sys.stdout.fileno(), encoding=sys.stdout.encoding)
    dashboard = Dashboard(live, terminal, Ends(clock, told, tuple(others)), unit)
    if first is not None:
        dashboard.hear(first)
    try:
        with terminal:
            dashboard.show()
    except Gone:
        return console.INTERRUPTED
    return 0


class Dashboard:
    """What is shown, what is chosen, and when to look again."""

    def __init__(self, live: Live, terminal: Terminal, ends: Ends, unit: Unit) -> None:
        """View everything for the first time; raises what that does."""
        self._live = live
        self._terminal = terminal
        self._ends = ends
        self._screen = console.screen(verbose=False)
        self._keys = Keys()
        self._state = State(Choice(unit=unit))
        self._trouble = ""
        self._flashes: dict[str, float] = {}  # until when, by what
        self._appointments = Appointments()
        self._rested_at = 0.0  # when what takes its time may be made again
        self._seen = live.memory, live.paths
        self._board = self._new_board()
        self._view = self._viewed(wholly=True)
        self._day = ends.clock().date()

    def show(self) -> None:
        """Draw, wait, and do what is to be done, until somebody quits. Raises Gone."""
        stdin, signals = sys.stdin.fileno(), self._terminal.fileno()
        self._draw()
        _keep_for_good()
        while True:
            wait_s = self._appointments.wait_s(monotonic())
            ready = wait(self._live, stdin, signals, *self._ends.others, at_most=wait_s)
            if signals in ready:
                self._terminal.heed()
            if ready.intersection(self._ends.others):
                self._say(self._ends.told(Pulse((), is_fresh=False, trouble=self._trouble)))
            pulse = self._live.step()
            if pulse is not None:
                self.hear(pulse)
            calls = self._appointments.due(monotonic())
            presses = self._typed(is_ready=stdin in ready, is_end=Call.KEYS in calls)
            if any(self._press(press) is Deed.QUIT for press in presses):
                return
            self._keep(calls)
            if pulse is not None or calls or ready:
                self._draw()

    def hear(self, pulse: Pulse) -> None:
        """Take in what one step of the memory came to."""
        note = self._ends.told(pulse)
        for event in pulse.events:
            self._flashes |= dict.fromkeys(_flashing(event), monotonic() + FLASH_S)
            if isinstance(event, Trouble) and not event.is_over and event.message != pulse.trouble:
                note = note or event.message
        if self._flashes:
            self._appointments.make(Call.FLASH, min(self._flashes.values()))
        self._trouble = pulse.trouble
        self._say(note)
        if pulse.is_fresh:
            self._renew()

    # --- keys -----------------------------------------------------------------------------------

    def _typed(self, *, is_ready: bool, is_end: bool) -> tuple[Press, ...]:
        presses: tuple[Press, ...] = ()
        if is_ready:
            presses = self._keys.feed(self._terminal.read())
        elif is_end:
            presses = self._keys.end()
        if self._keys.is_waiting:
            self._appointments.make(Call.KEYS, monotonic() + WAIT_S)
        return presses

    def _press(self, press: Press) -> Deed:
        before = self._state.choice
        self._state, deed = pressed(self._state, press, self._view, self._room())
        after = self._state.choice
        if after.is_paused != before.is_paused:
            self._live.is_paused = after.is_paused
            self._live.look_again()  # at what came meanwhile
        if deed is Deed.LOOK:
            self._live.look_again()
            self._say("paused: p goes on" if after.is_paused else "")
        if deed is Deed.REPAINT:
            self._terminal.forget()
        if (after.selected, after.page, after.unit) != (before.selected, before.page, before.unit):
            self._renew()
            self._point(before)
        return deed

    def _point(self, before: Choice) -> None:
        """Have the next task of a document in sight when it is opened."""
        choice = self._state.choice
        is_other = (choice.selected, choice.page) != (before.selected, before.page)
        if choice.page is Page.TREE and is_other:
            size, now = self._terminal.size, self._ends.clock()
            scroll = render.pointed(self._view, choice, self._screen, size, now)
            self._state = replace(self._state, choice=replace(choice, scroll=scroll))

    def _room(self) -> Room:
        size, choice = self._terminal.size, self._state.choice
        deepest = 0
        if choice.page is not Page.BOARD:
            now = self._ends.clock()
            deepest = render.deepest(self._view, choice, self._screen, size, now)
        return Room(max(size.lines - _AROUND, 1), deepest)

    # --- what is seen ---------------------------------------------------------------------------

    def _renew(self) -> None:
        """View what is quickly viewed now, and everything in a quiet moment."""
        seen = self._live.memory, self._live.paths
        if seen != self._seen:
            self._seen = seen
            self._board = self._new_board()
        self._review(wholly=False)
        quiet_at = max(monotonic() + _QUIET_S, self._rested_at)
        self._appointments.postpone(Call.WHOLE, quiet_at, at_most_s=_RESTLESS_S)

    def _review(self, *, wholly: bool) -> None:
        began = monotonic()
        try:
            view = self._viewed(wholly=wholly)
            state = rearranged(self._state, self._view, view)
            if state.choice.selected != self._state.choice.selected:
                self._state = state
                view = self._viewed(wholly=wholly)
        except (PlantrackError, OSError) as error:  # the memory was replaced, or is out of reach
            self._say(error.message if isinstance(error, PlantrackError) else str(error))
            self._live.look_again()
            return
        self._state, self._view = state, view
        if wholly:
            self._rested_at = monotonic() + _RESTS * (monotonic() - began)

    def _viewed(self, *, wholly: bool) -> BoardView:
        return self._board.view(self._ends.clock(), self._state.choice, wholly=wholly)

    def _new_board(self) -> Board:
        memory, paths = self._seen
        return Board(memory.store, memory.place, memory.config, paths)

    def _keep(self, calls: frozenset[Call]) -> None:
        """Keep the appointments that are due."""
        now = monotonic()
        if Call.FLASH in calls:
            self._flashes = {key: end for key, end in self._flashes.items() if end > now}
            if self._flashes:
                self._appointments.make(Call.FLASH, min(self._flashes.values()))
        if Call.NOTE in calls:
            self._note("")
        today = self._ends.clock().date()
        if Call.WHOLE in calls or today != self._day:
            self._day = today
            self._review(wholly=True)

    def _say(self, note: str) -> None:
        """Tell something on the bottom line; nothing to tell leaves what is told there."""
        if note:
            self._note(note)
            self._appointments.make(Call.NOTE, monotonic() + NOTE_S)

    def _note(self, note: str) -> None:
        self._state = replace(self._state, choice=replace(self._state.choice, note=note))

    def _draw(self) -> None:
        self._appointments.make(Call.AGES, monotonic() + AGES_S)
        size = self._terminal.size
        choice = replace(self._state.choice, flashing=frozenset(self._flashes))
        mode = Mode.POLLING if self._live.mode == "polling" else Mode.EVENTS
        now, live = self._ends.clock(), LiveState(mode, self._trouble)
        lines = render.frame(self._view, choice, self._screen, size, now, live=live)
        self._terminal.draw(lines, size.columns)


def _keep_for_good() -> None:
    """Have what is there by now never looked through for garbage again.

    All of it stays as long as the program runs, and looking takes longer than a refresh.
    """
    gc.collect()
    gc.freeze()


def _flashing(event: Event) -> tuple[str, ...]:
    """Name what flashes for an event: an item by its id, a document by its path."""
    match event:
        case Changed():
            return event.change.id, event.change.path
        case Appeared():
            return (event.path,)
        case _:
            return ()
