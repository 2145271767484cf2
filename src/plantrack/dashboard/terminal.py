"""A terminal as a live screen: frames out, keys and sizes in, all put back at the end."""

# Theory of operation
#
# 1. Everything that is changed of the terminal (its other screen, the cursor, wrapping, what its
#    driver does to keys) is changed by _take_over and put back by _give_back, and by nothing else.
#    They are called when the screen is entered and left, by whatever exit, and around a stop.
# 2. A frame is compared with the one that is shown, line by line. What differs is written in one
#    write, between the marks of a synchronized update, and nothing is written when nothing does.
#    rich's Live paints every cell of every frame: on 200 by 60 cells that was 28 ms and 18 KB where
#    this is 0.03 ms and 1.5 KB, and a terminal that paints while it reads flickers. So rich says
#    how the other screen and the cursor are asked for, and lines are addressed here.
# 3. A line that ends before the edge is wiped behind its end. One that fills the screen is wiped
#    before it is written: a cursor at the edge stands on the last cell and would wipe that.
#    Wrapping is off: where a terminal and we disagree on the width of a character, the end of the
#    line is lost, and the lines below stay where they are.
# 4. Signals wake whoever waits for the terminal, by a pipe; also those that another thread got.
#    What ends the program does so at once, as an interruption from the keyboard would, wherever it
#    is; but never between a change of the terminal and the note that it was made.
# 5. A stop gives the terminal back first. It waits for a frame that is being written, so that no
#    sequence is cut in two. Who continues us in the background is stopped again by the kernel when
#    the terminal is taken over, as every program is that wants it.
# 6. What whoever started us has chosen to ignore stays ignored.

from __future__ import annotations

import errno
import os
import select
import signal
import termios
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType
from typing import IO, Self

from plantrack.core.board_view import Size
from plantrack.core.clean import width

_USUAL = Size(80, 24)  # of a terminal that does not say
_CHUNK_BYTES = 1 << 16
_PATIENCE_S = 1.0  # with a terminal that takes nothing, when it is only to be put back
_DUMB = ("", "dumb", "unknown")
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)

_BEGIN_UPDATE = "\x1b[?2026h"
_END_UPDATE = "\x1b[?2026l"
_WIPE_TO_END = "\x1b[K"
_PLAIN = "\x1b[m"
_WRAP_OFF = "\x1b[?7l"
_WRAP_ON = "\x1b[?7h"

_Handler = Callable[[int, FrameType | None], object] | int | None


class Gone(Exception):
    """The terminal is not there any more."""


def can_be_live(stdin: IO[str] | None, stdout: IO[str] | None) -> bool:
    """Tell whether these are a terminal on which lines can be addressed and keys be read."""
    try:
        are_terminals = all(stream is not None and stream.isatty() for stream in (stdin, stdout))
    except ValueError:  # closed
        return False
    return are_terminals and os.environ.get("TERM", "") not in _DUMB


class Terminal:
    """The terminal of stdin and stdout, taken over while the context lasts."""

    def __init__(self, stdin: int, stdout: int, *, encoding: str = "utf-8") -> None:
        """Use these two; nothing is changed yet."""
        from rich.control import Control

        self._control = Control
        self._stdin = stdin
        self._stdout = stdout
        self._encoding = encoding
        self._modes: list[object] | None = None  # of the terminal before us; None: it has them
        self._shown: tuple[str, ...] = ()  # the frame that stands there; (): not known
        self._before: dict[signal.Signals, _Handler] = {}
        self._wake = (-1, -1)
        self._woken = -1  # what was woken before us
        self._may_interrupt = False
        self._is_interrupted = False
        self._is_writing = False
        self._must_stop = False
        self._is_stale = False

    def __enter__(self) -> Self:
        """Take the terminal over. Raises Gone."""
        self._wake = os.pipe()
        for end in self._wake:
            os.set_blocking(end, False)
        self._woken = signal.set_wakeup_fd(self._wake[1], warn_on_full_buffer=False)
        try:
            self._listen()
            self._take_over()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Put everything back, whatever happened."""
        self._close()

    def fileno(self) -> int:
        """Give what becomes readable when a signal came."""
        return self._wake[0]

    @property
    def is_interrupted(self) -> bool:
        """Tell whether the program is to end."""
        return self._is_interrupted

    @property
    def size(self) -> Size:
        """Ask how large the terminal is now."""
        try:
            columns, lines = os.get_terminal_size(self._stdout)
        except OSError:
            return _USUAL
        return Size(columns or _USUAL.columns, lines or _USUAL.lines)

    def heed(self) -> bool:
        """Do what signals asked for; tell whether the size may be another, or what stands there."""
        with suppress(BlockingIOError):
            while os.read(self._wake[0], _CHUNK_BYTES):
                pass
        if self._is_stale:
            self._is_stale = False
            self._take_over()
        self._stop_if_asked()
        return not self._shown

    def has_input(self) -> bool:
        """Tell whether something was typed, or can no longer be."""
        waiting = select.poll()
        waiting.register(self._stdin, select.POLLIN)
        return bool(waiting.poll(0))

    def read(self) -> bytes:
        """Read what was typed. Raises Gone."""
        try:
            data = os.read(self._stdin, _CHUNK_BYTES)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        return data

    def draw(self, lines: Sequence[str], columns: int) -> None:
        """Show a frame: painted lines, as many as the screen has, none wider. Raises Gone."""
        self._may_interrupt = True  # from here on, __exit__ is sure to be called
        if self._is_interrupted:
            raise KeyboardInterrupt
        shown = self._shown if len(self._shown) == len(lines) else (None,) * len(lines)
        changed = "".join(
            _line(row, line, columns)
            for row, (line, before) in enumerate(zip(lines, shown, strict=True), 1)
            if line != before
        )
        if not changed:
            return
        self._is_writing = True
        try:
            self._write(_BEGIN_UPDATE + changed + _END_UPDATE)
            self._shown = tuple(lines)
        finally:
            self._is_writing = False
        self._stop_if_asked()

    def forget(self) -> None:
        """Forget what stands there: the next frame is written whole."""
        self._shown = ()

    # --- the terminal ---------------------------------------------------------------------------

    def _take_over(self) -> None:
        """Go to the other screen and have keys as they are pressed, unseen. Raises Gone."""
        try:
            # This comes first: in the background it is what stops us.
            if self._modes is None:
                self._modes = termios.tcgetattr(self._stdin)
                self._set_modes(_quiet(self._modes))
                self._write(f"{self._control.alt_screen(enable=True)}")
            else:
                self._set_modes(_quiet(self._modes))
            self._write(f"{self._control.show_cursor(show=False)}{_WRAP_OFF}")
        except (OSError, termios.error) as error:
            raise Gone from error
        self._shown = ()

    def _give_back(self) -> None:
        """Undo what _take_over did; a terminal that is gone is none to put back."""
        if self._modes is None:
            return
        back = (
            self._control.show_cursor(show=True),
            self._control.alt_screen(enable=False),
        )
        with suppress(OSError, Gone):
            if select.select([], [self._stdout], [], _PATIENCE_S)[1]:
                self._write(_END_UPDATE + _PLAIN + _WRAP_ON + "".join(map(str, back)))
        with suppress(OSError, termios.error):
            self._set_modes(self._modes)
        self._modes = None

    def _set_modes(self, modes: list[object]) -> None:
        while True:
            try:
                # At once: waiting for what was written could take for ever.
                termios.tcsetattr(self._stdin, termios.TCSANOW, modes)  # type: ignore[arg-type]
            except termios.error as error:
                if error.args[0] != errno.EINTR:  # we were stopped and go on
                    raise
            else:
                return

    def _write(self, text: str) -> None:
        data = text.encode(self._encoding, "backslashreplace")
        while data:
            try:
                data = data[os.write(self._stdout, data) :]
            except BlockingIOError:  # somebody who shares the terminal made it so
                select.select([], [self._stdout], [], _PATIENCE_S)
            except OSError as error:
                raise Gone from error

    # --- signals --------------------------------------------------------------------------------

    def _listen(self) -> None:
        for one in _ENDS:
            self._handle(one, self._on_end)
        self._handle(signal.SIGTSTP, self._on_stop)
        self._handle(signal.SIGCONT, self._on_change)
        self._handle(signal.SIGWINCH, self._on_change)

    def _handle(self, one: signal.Signals, handler: Callable[[int, object], None]) -> None:
        before = signal.getsignal(one)
        if before is not signal.SIG_IGN:
            self._before[one] = before
            signal.signal(one, handler)

    def _on_end(self, *_: object) -> None:
        self._is_interrupted = True
        if self._may_interrupt:
            raise KeyboardInterrupt

    def _on_stop(self, *_: object) -> None:
        self._must_stop = True
        if self._may_interrupt and not self._is_writing:
            self._stop_if_asked()

    def _on_change(self, *_: object) -> None:
        """Have the terminal taken over once more: its size changed, or who stopped us used it."""
        self._is_stale = True

    def _stop_if_asked(self) -> None:
        if not self._must_stop:
            return
        self._must_stop = False
        self._may_interrupt = False
        self._give_back()
        handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.raise_signal(signal.SIGTSTP)  # to this thread: another one's would come too late
        signal.signal(signal.SIGTSTP, handler)
        self._take_over()
        self._may_interrupt = True
        if self._is_interrupted:  # in between
            raise KeyboardInterrupt

    def _close(self) -> None:
        self._may_interrupt = False
        self._give_back()
        for one, handler in self._before.items():
            signal.signal(one, handler)
        self._before.clear()
        signal.set_wakeup_fd(self._woken)
        for end in self._wake:
            os.close(end)


def _quiet(modes: list[object]) -> list[object]:
    """Have keys given one by one and not shown; Ctrl-C and Ctrl-Z stay signals."""
    iflag, oflag, cflag, lflag, *speeds, chars = modes
    assert isinstance(iflag, int)
    assert isinstance(lflag, int)
    assert isinstance(chars, list)
    iflag &= ~termios.IXON  # Ctrl-S would hold up the screen, and us with it
    lflag &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    chars = list(chars)
    chars[termios.VMIN], chars[termios.VTIME] = 1, 0
    return [iflag, oflag, cflag, lflag, *speeds, chars]


def _line(row: int, line: str, columns: int) -> str:
    """Give what replaces a line, by its number from 1."""
    place = f"\x1b[{row};1H"
    if _cells(line) < columns:
        return place + line + _WIPE_TO_END
    return place + _WIPE_TO_END + line


def _cells(painted: str) -> int:
    """Count the cells of a line, without what sets its styles."""
    first, *others = painted.split("\x1b[")
    return width(first + "".join(part.partition("m")[2] for part in others))
