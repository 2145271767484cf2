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
#    and the first view raise. The screen is taken when they are there, or when they take long.
# 6. While a look or a view takes long, keys are heeded and frames drawn in between, with the view
#    there was: see interim. What keys ask of the memory is done when it is through.
# 7. To look for garbage among many documents takes longer than a key may wait. So it is not done
#    while something takes long, and what is there in the end is left out for good: nearly all of
#    it stays, and what goes is no garbage that has to be looked for.

from __future__ import annotations

import gc
import sys
import unicodedata  # noqa: F401 -- frames need it, wherever they are drawn
from contextlib import ExitStack
from dataclasses import dataclass, replace
from time import monotonic
from typing import TYPE_CHECKING

from plantrack import console, repo
from plantrack.core.board_view import Choice, LiveState, Mode, Page, unread
from plantrack.core.feed import Appeared, Changed, Trouble
from plantrack.core.view import Repository
from plantrack.dashboard.appointments import Appointments, Call
from plantrack.dashboard.doing import Doing
from plantrack.dashboard.interim import AGAIN_S, meanwhile
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

    from plantrack.core.board_view import BoardView, Size
    from plantrack.core.effects import Unit
    from plantrack.core.feed import Event
    from plantrack.dashboard.keys import Press
    from plantrack.live import Live

    About = tuple[str, Page, Unit]  # what of a choice decides what is viewed

FLASH_S = 2.0
NOTE_S = 12.0  # that a note stays when no key is pressed
AGES_S = 30.0  # between two frames that differ in nothing but ages

_QUIET_S = 0.15  # without news, until what takes its time is made anew
_RESTLESS_S = 1.0  # that it is put off for news at most
_RESTS = 5  # times as long as it took, until it is made once more
_AROUND = 4  # lines of a page that are no part of what scrolls
_SOON = (Call.KEYS, Call.FLASH, Call.NOTE)  # what can be done while a look or a view is made


class Left(BaseException):
    """Somebody quits while something takes long."""


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
    terminal = Terminal(sys.stdin.fileno(), sys.stdout.fileno(), encoding=sys.stdout.encoding)
    try:
        with ExitStack() as stack:
            Dashboard(live, terminal, Ends(clock, told, tuple(others)), unit).show(stack)
    except Gone:
        return console.INTERRUPTED
    except Left:
        pass
    finally:
        gc.enable()
    return 0


class Dashboard:
    """What is shown, what is chosen, and when to look again."""

    def __init__(self, live: Live, terminal: Terminal, ends: Ends, unit: Unit) -> None:
        """Know nothing yet, and leave the terminal alone."""
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
        self._doing = Doing()
        self._told = ""  # of what is being done, on the screen
        self._drawn = self._state
        self._taking: ExitStack | None = None  # what gives the terminal back; None: it is taken
        self._is_between = False  # something is half done, and must not be touched
        self._has_left = False
        self._interrupted_at: float | None = None  # when that was noticed in between; None: never
        self._must_look = False
        self._seen = live.memory, live.paths
        self._board = self._new_board()
        place = live.memory.place
        self._view = unread(Repository(place.top, *repo.read_head(place)))
        self._about = _about(self._state.choice)  # what was viewed last
        self._pointed = self._about[:2]
        self._day = ends.clock().date()

    def show(self, stack: ExitStack) -> None:
        """Draw, wait, and do what is to be done, until somebody quits.

        The terminal is given back when `stack` ends. Raises what the first step and the first view
        do, Gone, and Left.
        """
        self._begin(stack)
        stdin, signals = sys.stdin.fileno(), self._terminal.fileno()
        while True:
            wait_s = self._appointments.wait_s(monotonic())
            ready = wait(self._live, stdin, signals, *self._ends.others, at_most=wait_s)
            if signals in ready:
                self._terminal.heed()
            if ready.intersection(self._ends.others):
                self._say(self._ends.told(Pulse((), is_fresh=False, trouble=self._trouble)))
            pulse = self._step()
            if pulse is not None:
                self.hear(pulse)
            self._doing.end()
            calls = self._appointments.due(monotonic())
            if self._typed(is_end=Call.KEYS in calls):
                return
            self._settle()
            self._keep(calls)
            if pulse is not None or calls or ready or self._told:
                self._draw()
            if not gc.isenabled():
                gc.freeze()
                gc.enable()

    def hear(self, pulse: Pulse) -> None:
        """Take in what one step of the memory came to."""
        note = self._ends.told(pulse)
        for event in pulse.events:
            if isinstance(event, Trouble) and not event.is_over and event.message != pulse.trouble:
                note = note or event.message
        self._trouble = pulse.trouble
        self._say(note)
        if pulse.is_fresh:
            self._renew()
        for event in pulse.events:  # now it is there to be seen
            self._flashes |= dict.fromkeys(_flashing(event), monotonic() + FLASH_S)
        if self._flashes:
            self._appointments.make(Call.FLASH, min(self._flashes.values()))

    def _begin(self, stack: ExitStack) -> None:
        """Look and view for the first time; take the terminal when that is done, or takes long."""
        gc.collect()  # now there is little to look through
        self._frame(self._terminal.size)  # what frames need is loaded before one is drawn anywhere
        self._taking = stack
        self._live.progress = self._doing.tell
        pulse = self._step()
        assert pulse is not None, "the first step always tells"
        self._seen = self._live.memory, self._live.paths
        self._board = self._new_board()
        self._view = self._viewed(wholly=True)
        self.hear(pulse)
        self._doing.end()
        self._settle()
        self._draw()
        gc.freeze()
        gc.enable()

    def _step(self) -> Pulse | None:
        self._doing.begin(monotonic())
        with meanwhile(self._attend):
            return self._live.step()

    def _attend(self) -> None:
        """Do what cannot wait, in the middle of a step or a view. Raises Gone, and Left."""
        gc.disable()
        now = monotonic()
        doing = self._doing.words(now)
        if (self._taking is not None and not doing) or self._is_ending(now):
            return
        self._is_between = True
        try:
            calls = self._appointments.due(now, _SOON)
            if self._taking is None:
                self._has_left |= self._typed(is_end=Call.KEYS in calls)
            if self._has_left:
                raise Left
            self._expire(calls)
            is_stale = self._taking is not None or self._terminal.heed()
            if is_stale or calls or doing != self._told or self._state is not self._drawn:
                self._draw()
        finally:
            self._is_between = False

    def _is_ending(self, now: float) -> bool:
        """Tell whether who was interrupted is clearing up; who did not notice is told again."""
        if not self._terminal.is_interrupted:
            return False
        self._interrupted_at = self._interrupted_at or now
        if now - self._interrupted_at >= AGAIN_S:
            raise KeyboardInterrupt
        return True

    # --- keys -----------------------------------------------------------------------------------

    def _typed(self, *, is_end: bool) -> bool:
        """Do what was typed; tell whether somebody quits. Raises Gone."""
        presses: tuple[Press, ...] = ()
        if self._terminal.has_input():
            presses = self._keys.feed(self._terminal.read())
            if self._keys.is_waiting:
                self._appointments.make(Call.KEYS, monotonic() + WAIT_S)
        elif is_end:
            presses = self._keys.end()
        return any(self._press(press) is Deed.QUIT for press in presses)

    def _press(self, press: Press) -> Deed:
        self._state, deed = pressed(self._state, press, self._view, self._room())
        if deed is Deed.LOOK:
            self._must_look = True
            self._say("paused: p goes on" if self._state.choice.is_paused else "")
        if deed is Deed.REPAINT:
            self._terminal.forget()
        if not self._is_between:
            self._settle()
        return deed

    def _settle(self) -> None:
        """Do what keys asked of the memory, and what they ask while that is done."""
        choice = None
        while choice is not self._state.choice:
            choice = self._state.choice
            if choice.is_paused != self._live.is_paused:
                self._live.is_paused = choice.is_paused
                self._must_look = True  # at what came meanwhile
            if self._must_look:
                self._must_look = False
                self._live.look_again()
            if _about(choice) != self._about:
                self._renew()
            self._point()

    def _point(self) -> None:
        """Have the next task of a document in sight when it is opened."""
        choice = self._state.choice
        before, self._pointed = self._pointed, _about(choice)[:2]
        if choice.page is Page.TREE and self._pointed != before and not choice.scroll:
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
            is_asked = False
            while not is_asked:
                view = self._viewed(wholly=wholly)
                self._state = rearranged(self._state, self._view, view)
                is_asked = _about(self._state.choice) == self._about
        except (PlantrackError, OSError) as error:  # the memory was replaced, or is out of reach
            self._say(error.message if isinstance(error, PlantrackError) else str(error))
            self._live.look_again()
            return
        self._view = view
        if wholly:
            self._rested_at = monotonic() + _RESTS * (monotonic() - began)

    def _viewed(self, *, wholly: bool) -> BoardView:
        choice = self._state.choice
        self._about = _about(choice)
        with meanwhile(self._attend):
            return self._board.view(self._ends.clock(), choice, wholly=wholly)

    def _new_board(self) -> Board:
        memory, paths = self._seen
        return Board(memory.store, memory.place, memory.config, paths)

    def _keep(self, calls: frozenset[Call]) -> None:
        """Keep the appointments that are due."""
        self._expire(calls)
        today = self._ends.clock().date()
        if Call.WHOLE in calls or today != self._day:
            self._day = today
            self._review(wholly=True)

    def _expire(self, calls: frozenset[Call]) -> None:
        """Take away what was there long enough."""
        now = monotonic()
        if Call.FLASH in calls:
            self._flashes = {key: end for key, end in self._flashes.items() if end > now}
            if self._flashes:
                self._appointments.make(Call.FLASH, min(self._flashes.values()))
        if Call.NOTE in calls:
            self._note("")

    def _say(self, note: str) -> None:
        """Tell something on the bottom line; nothing to tell leaves what is told there."""
        if note:
            self._note(note)
            self._appointments.make(Call.NOTE, monotonic() + NOTE_S)

    def _note(self, note: str) -> None:
        self._state = replace(self._state, choice=replace(self._state.choice, note=note))

    def _draw(self) -> None:
        """Show everything as it is; the first time the terminal is taken. Raises Gone."""
        if self._taking is not None:
            self._taking.enter_context(self._terminal)
            self._taking = None
        self._appointments.make(Call.AGES, monotonic() + AGES_S)
        size = self._terminal.size
        self._terminal.draw(self._frame(size), size.columns)

    def _frame(self, size: Size) -> tuple[str, ...]:
        self._told, self._drawn = self._doing.words(monotonic()), self._state
        choice = replace(self._state.choice, flashing=frozenset(self._flashes))
        mode = Mode.POLLING if self._live.mode == "polling" else Mode.EVENTS
        now, live = self._ends.clock(), LiveState(mode, self._trouble, self._told)
        return render.frame(self._view, choice, self._screen, size, now, live=live)


def _about(choice: Choice) -> About:
    return choice.selected, choice.page, choice.unit


def _flashing(event: Event) -> tuple[str, ...]:
    """Name what flashes for an event: an item by its id, a document by its path."""
    match event:
        case Changed():
            return event.change.id, event.change.path
        case Appeared():
            return (event.path,)
        case _:
            return ()
