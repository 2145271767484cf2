"""The process's own ends: what stdout can show, what goes to stderr, and what a failure returns."""

from __future__ import annotations

import os
import sys
from time import monotonic

from plantrack.core.clean import clean
from plantrack.errors import PlaceError, PlantrackError
from plantrack.render.screen import Screen

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

OUR_MISTAKE = 70  # as sysexits.h has it: an error inside the program
INTERRUPTED = 130
USUAL_CELLS = 80

_PROGRESS_AFTER_S = 0.5
_PROGRESS_EVERY_S = 0.1
_PROGRESS_CELLS = 24


def screen(*, verbose: bool) -> Screen:
    """Find out what stdout is: a terminal with its width, colours and characters, or a pipe."""
    is_terminal = _is_terminal(sys.stdout)
    return Screen(
        width=cells() if is_terminal else None,
        colour=_wants_colour(is_terminal=is_terminal),
        encoding=_encoding(is_terminal=is_terminal),
        verbose=verbose,
    )


def guarded(work: Callable[[], int], *, debug: bool) -> int:
    """Do a command's work and return its exit code, whatever happens.

    Errors of the user's world are told in two lines, mistakes of ours in two others; with `debug`
    the traceback comes first. A reader who has seen enough is no error.
    """
    try:
        code = work()
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _abandon_stdout()
        return 0
    except PlantrackError as error:
        return _failed(error.message, error.remedy, error.exit_code, debug=debug)
    except KeyboardInterrupt:
        _say("plantrack: interrupted")
        return INTERRUPTED
    except OSError as error:
        _abandon_stdout()
        what = f"{error.filename or 'the output'}: {error.strerror or error}"
        remedy = "make room, or make it readable and writable, and try again"
        return _failed(what, remedy, PlaceError.exit_code, debug=debug)
    except Exception as error:  # noqa: BLE001 -- the last place where it can be told from a result
        what = f"a mistake in plantrack itself: {type(error).__name__}: {error}"
        remedy = "run the command again with plantrack --debug, and report what it prints"
        return _failed(what, remedy, OUR_MISTAKE, debug=debug)
    return code


def write(text: str) -> None:
    """Write output that is ready to be shown; raises OSError where it is not taken."""
    if sys.stdout is None:  # closed by whoever started us
        return
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.stdout.write(text)


def notice(lines: Iterable[str]) -> None:
    """Tell something on stderr that is not the product, a line each."""
    for line in lines:
        _say(f"plantrack: {line}")


def can_ask() -> bool:
    """Tell whether somebody sits at both ends, to be asked and to answer."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stdout)


def asked(question: str) -> bool:
    """Ask somebody at a terminal; whatever is not yes is no."""
    _raw(f"{question} [y/N] ")
    answer = sys.stdin.readline() if sys.stdin is not None else ""
    return answer.strip().lower() in ("y", "yes")


class Progress:
    """A bar on stderr for work that takes long enough to be noticed; on terminals only."""

    def __init__(self) -> None:
        """Start the clock."""
        self._began = monotonic()
        self._shown_at = 0.0
        self._shown = ""
        self._is_terminal = _is_terminal(sys.stderr)

    def __call__(self, done: int, total: int) -> None:
        """Show how much is done."""
        now = monotonic()
        if not self._is_terminal or now - self._began < _PROGRESS_AFTER_S:
            return
        if now - self._shown_at < _PROGRESS_EVERY_S:
            return
        filled = _PROGRESS_CELLS * done // max(total, 1)
        bar = "#" * filled + "." * (_PROGRESS_CELLS - filled)
        before = self._shown
        self._shown_at = now
        self._shown = f"reading [{bar}] {done}/{total}"
        _raw(f"\r{self._shown}{' ' * (len(before) - len(self._shown))}")

    def close(self) -> None:
        """Wipe the bar away."""
        if self._shown:
            _raw(f"\r{' ' * len(self._shown)}\r")
            self._shown = ""


# --- what stdout is -------------------------------------------------------------------------------


def _is_terminal(stream: object) -> bool:
    try:
        return bool(stream.isatty())  # type: ignore[attr-defined]
    except (AttributeError, ValueError):  # closed
        return False


def cells() -> int:
    """Tell how wide output is to be: as wide as the terminal, or as COLUMNS says."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or USUAL_CELLS
    except (OSError, ValueError):
        return USUAL_CELLS


def lines() -> int | None:
    """Tell how high output may be to be seen at once; None: as high as it likes."""
    asked = os.environ.get("LINES", "")
    if asked.isdecimal() and int(asked) > 0:
        return int(asked)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or None
    except (OSError, ValueError):
        return None


def _wants_colour(*, is_terminal: bool) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal and os.environ.get("TERM", "dumb") not in ("dumb", "unknown", "")


def _encoding(*, is_terminal: bool) -> str:
    """Name the encoding of stdout; a terminal in a locale that was set to plain C shows ASCII."""
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next(filter(None, map(os.environ.get, names)), "")
    if is_terminal and locale in ("C", "POSIX") and not os.environ.get("PYTHONIOENCODING"):
        return "ascii"
    name = getattr(sys.stdout, "encoding", None) or "utf-8"
    from codecs import lookup

    return lookup(name).name


# --- what goes wrong ------------------------------------------------------------------------------


def _failed(what: str, remedy: str, code: int, *, debug: bool) -> int:
    if debug:
        from traceback import format_exc

        for line in format_exc().splitlines():
            _say(line)
    _say(f"plantrack: {what}")
    _say(remedy)
    return code


def _abandon_stdout() -> None:
    """Keep the interpreter from trying once more when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return


def _say(line: str) -> None:
    _raw(clean(line) + "\n")


def _raw(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):
        return  # nobody listens
