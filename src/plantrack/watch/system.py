"""A system to the way of listening to its files that suits it."""

from __future__ import annotations

import contextlib
import sys

from plantrack.watch.ear import Deaf, Ear
from plantrack.watch.inbox import Inbox
from plantrack.watch.values import Ground

_NAME: str = sys.platform


def listening(inbox: Inbox, ground: Ground) -> Ear:
    """Make what suits this system; it does not listen anywhere yet. Raises Deaf."""
    import logging

    from watchdog.utils import UnsupportedLibcError

    # It tells the log of what it copes with; without a log Python would write that to the screen.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    try:
        if _NAME == "linux":
            # What it stands on is not promised by watchdog to stay where it is.
            with contextlib.suppress(ImportError):
                from plantrack.watch.inotify import Inotify

                return Inotify(inbox, ground)
        from plantrack.watch.observer import Observed
    except UnsupportedLibcError as error:
        raise Deaf("this system's library knows no inotify") from error
    return Observed(inbox, ground)
