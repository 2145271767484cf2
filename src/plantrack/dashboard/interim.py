"""Something that takes long, and what is done now and then until it is through."""

# Theory of operation
#
# 1. A timer of the kernel interrupts what is going on, and the deed is done there and then, by the
#    same thread: between any two steps, and while git, a lock or a quiet moment is waited for. Only
#    a call that never comes back to Python, as a long statement of SQLite, holds it up.
# 2. So a deed finds everything else half done. It may touch nothing of what it interrupts, and wait
#    for nothing that could be held there. What needs that is done when all is through.
# 3. The first deed comes after a while. What is through by then has paid for a few system calls.
# 4. Deeds never interrupt each other, and take half of the time at most.
# 5. What a deed raises ends what is going on, as the keyboard's interruption does. Python drops
#    what is raised in the middle of some clearing up: so it is asked again, late enough for who
#    ends in order.
# 6. The timer and its signal are put back as they were.

from __future__ import annotations

import signal
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AFTER_S = 0.1  # that is not worth a deed
EVERY_S = 0.03  # from the end of one deed to the next
AGAIN_S = 2.0  # that it may take to end


@contextmanager
def meanwhile(deed: Callable[[], None]) -> Iterator[None]:
    """Do a deed now and then as long as this is entered; only for the main thread."""
    is_over = False

    def turn(*_: object) -> None:
        if is_over:  # it was under way when the timer was stopped
            return
        began = monotonic()
        try:
            deed()
        except RecursionError:  # no room for it just here
            pass
        except BaseException:
            _wake_in(AGAIN_S)
            raise
        _wake_in(max(EVERY_S, monotonic() - began))

    timer = signal.getitimer(signal.ITIMER_REAL)
    handler = signal.signal(signal.SIGALRM, turn)
    try:
        _wake_in(AFTER_S)
        yield
    finally:
        is_over = True
        _wake_in(0)
        signal.signal(signal.SIGALRM, handler)
        signal.setitimer(signal.ITIMER_REAL, *timer)


def _wake_in(seconds: float) -> None:
    """Have one signal sent after so long; 0: none."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
