"""What watch was asked to what it prints: a frame, a line or object a change, or a screen."""

# Theory of operation
#
# 1. A frame is printed and that is all. The other forms go on until they are ended: by a signal,
#    by a key where there is a screen, or because nobody reads any more.
# 2. What is printed is changes and nothing else. How watching begins, and what goes wrong with it,
#    is told on stderr; for programs it is an object like any other.
# 3. A signal ends everything in order: the watcher's thread, the command that runs, the memory.

from __future__ import annotations

import gc
import os
import shlex
import signal
import stat
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from plantrack import console
from plantrack.commands import Memory, Options
from plantrack.core.feed import Trouble
from plantrack.errand import Errand
from plantrack.errors import UsageError
from plantrack.live import Live, wait
from plantrack.render import feed, words
from plantrack.zones import Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime, tzinfo
    from types import FrameType

    from plantrack.core.board_view import BoardView
    from plantrack.live import Pulse

FORMS = ("screen", "once", "plain", "json")
USUAL_COLUMNS = 100  # of a frame that is printed, where nobody says
USUAL_LINES = 30  # likewise

_ENDING = ("SIGINT", "SIGTERM", "SIGHUP")


def watch(  # noqa: PLR0913 -- one parameter an option
    options: Options,
    names: Sequence[str] = (),
    *,
    clock: Callable[[], datetime],
    form: str | None = None,
    errand: str | None = None,
    unit: str = "leaves",
    polls: bool = False,
) -> int:
    """Show where everything is, or what changes, as it happens.

    `form` is one of FORMS; None: a screen where there can be one, else plain. `errand` is a command
    to be run for each change. Raises UsageError when it cannot be, before anything is watched.
    """
    if form == "once":
        return _frame(options, names, clock=clock, unit=unit)
    form = form or _usual_form()
    with _interruptible(), ExitStack() as stack:
        runner = None
        if errand is not None:
            runner = stack.enter_context(Errand(_words(errand), is_quiet=form == "screen"))
        live = stack.enter_context(Live(options, names, clock=clock, polls=polls))
        if form == "screen":
            return _screen(live, runner, clock, unit)
        return _Stream(live, runner, options, is_json=form == "json").run()


def _usual_form() -> str:
    from plantrack.dashboard import terminal

    return "screen" if terminal.can_be_live(sys.stdin, sys.stdout) else "plain"


def _words(command: str) -> list[str]:
    try:
        found = shlex.split(command)
    except ValueError as error:
        raise UsageError(
            f"--on-change: {command} cannot be understood: {str(error).lower()}",
            "quote it as a shell would read it",
        ) from error
    return found


def _zone(memory: Memory) -> tzinfo:
    if memory.config.timezone is None:
        return Machine()
    from zoneinfo import ZoneInfo

    return ZoneInfo(memory.config.timezone)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let every signal that is to end us do so as an interrupt does; one that is ignored stays so.

    While all is being ended, another one changes nothing.
    """
    numbers = [getattr(signal, name) for name in _ENDING if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    heeded = [number for number in numbers if before[number] is not signal.SIG_IGN]

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in heeded:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    for number in heeded:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])


# --- forms ----------------------------------------------------------------------------------------


def _frame(
    options: Options, names: Sequence[str], *, clock: Callable[[], datetime], unit: str
) -> int:
    """Print how everything stands, as the screen would show it."""
    from plantrack.core.board_view import Choice, LiveState, Mode, Size
    from plantrack.core.effects import Unit
    from plantrack.render import board
    from plantrack.views.board import Board

    choice = Choice(unit=Unit(unit))
    with Memory(options, clock()) as memory:
        now = clock().astimezone(_zone(memory))

        def question() -> BoardView:
            paths = memory.paths(names)
            whole = Board(memory.store, memory.place, memory.config, paths)
            return whole.view(now, choice, wholly=True)

        view = memory.ask(question)
    screen = console.screen(verbose=options.verbose)
    told = console.cells() if os.environ.get("COLUMNS") else USUAL_COLUMNS
    size = Size(screen.width or told, console.lines() or USUAL_LINES)
    lines = board.frame(view, choice, screen, size, now, live=LiveState(Mode.ONCE))
    console.write("".join(f"{line.rstrip()}\n" for line in lines))
    return 0


def _screen(live: Live, runner: Errand | None, clock: Callable[[], datetime], unit: str) -> int:
    from plantrack import dashboard
    from plantrack.core.effects import Unit

    def told(pulse: Pulse) -> str:
        _send(pulse, runner)
        return "; ".join(runner.notes()) if runner else ""

    def here() -> datetime:
        return clock().astimezone(_zone(live.memory))

    others = (runner.fileno(),) if runner else ()
    return dashboard.run(live, clock=here, unit=Unit(unit), told=told, others=others)


class _Stream:
    """One change after the other, on stdout."""

    def __init__(
        self, live: Live, runner: Errand | None, options: Options, *, is_json: bool
    ) -> None:
        self._live = live
        self._runner = runner
        self._screen = console.screen(verbose=options.verbose)
        self._is_json = is_json

    def run(self) -> int:
        """Print what changes until nobody reads it any more."""
        reader = _pipe_of_stdout()
        waited = [*reader, *([self._runner.fileno()] if self._runner else [])]
        first = self._live.step()
        gc.collect()
        gc.freeze()  # what is there now stays: looking for garbage in it delays what is told
        console.notice([self._beginning()])
        self._tell(first)
        while not wait(self._live, *waited).intersection(reader):
            self._tell(self._live.step())
            if self._runner is not None:
                console.notice(self._runner.notes())
        return 0

    def _beginning(self) -> str:
        memory = self._live.memory
        count = sum(row.planned for row in memory.store.documents())
        if self._live.paths is not None:
            count = len(self._live.paths)
        if not count:
            return f"no document with a plan in {memory.place.top} yet: waiting (Ctrl-C ends it)"
        return f"watching {words.number(count, 'document')} in {memory.place.top} (Ctrl-C ends it)"

    def _tell(self, pulse: Pulse | None) -> None:
        if pulse is None:
            return
        _send(pulse, self._runner)
        for event in pulse.events:
            if self._is_json:
                console.write(feed.as_object(event))
            elif isinstance(event, Trouble):
                console.notice([feed.trouble(event)])
                continue
            else:
                console.write(feed.line(event, self._screen, _zone(self._live.memory)))
            if sys.stdout is not None:
                sys.stdout.flush()


def _send(pulse: Pulse, runner: Errand | None) -> None:
    for event in pulse.events if runner else ():
        if runner and not isinstance(event, Trouble):
            runner.send(feed.as_object(event))


def _pipe_of_stdout() -> tuple[int, ...]:
    """Give the descriptor of stdout if it is a pipe: that is readable once nobody reads from it."""
    try:
        descriptor = sys.stdout.fileno()
        return (descriptor,) if stat.S_ISFIFO(os.fstat(descriptor).st_mode) else ()
    except (OSError, ValueError, AttributeError):
        return ()
