"""Folders to debounced batches of what changed in them: the only watchdog."""

# Theory of operation
#
# 1. Events are hints. They say where to look, and soon; what is true the reader finds by looking.
# 2. So a missed event costs time and nothing else: every `sweep_s` there is a whole batch, and one
#    at once when events are known to be lost, a folder came or went, or watching begins.
# 3. Watches are mended before a batch is handed out. Whoever looks when it is there cannot miss
#    what was done before the watch stood.
# 4. Where changes cannot be listened for, whole batches come every `poll_s` instead, and `notice`
#    says why. So it is where not all of them are told, with the events there are in between.
# 5. Other threads only put hints into the inbox. Everything else happens in the reader's.
# 6. watchdog is imported when a watcher is made: commands that watch nothing do not pay for it.

from __future__ import annotations

from types import TracebackType

from plantrack.watch.ear import Deaf, Ear
from plantrack.watch.inbox import Inbox
from plantrack.watch.limits import mounts
from plantrack.watch.reach import far
from plantrack.watch.sift import ANYTHING
from plantrack.watch.system import listening
from plantrack.watch.values import Batch, Ground, Pace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

__all__ = ["Batch", "Ground", "Pace", "Watcher"]


class Watcher:
    """Batches of what changed on a ground; a context manager.

    One thread uses it: waits until `fileno()` is readable or `due()` seconds have gone, then takes.
    """

    def __init__(self, ground: Ground, pace: Pace | None = None, *, polls: bool = False) -> None:
        """Begin to watch; the first batch, a whole one, is ripe at once. `polls`: no events."""
        self.mode = "events"  # or "polling"
        self.notice = ""  # why polling, or what is not watched, in a line; "": all is well
        self._pace = pace or Pace()
        self._ground = ground
        self._ear: Ear | None = None
        self._inbox = Inbox(self._pace, self._pace.sweep_s)
        if polls:
            self._poll("as asked for")
            return
        try:
            self._ear = listening(self._inbox, ground)
            self._ear.follow(ground)
        except Deaf as reason:
            self._give_up(reason)
        self._look_at_reach()

    def __enter__(self) -> Self:
        """Watch for the length of a block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching."""
        self.close()

    def fileno(self) -> int:
        """Give the descriptor that is readable when something is ripe, or ripe sooner."""
        return self._inbox.fileno()

    def due(self) -> float | None:
        """Give the seconds until `take` has something without an event; None: never."""
        return self._inbox.due()

    def take(self) -> Batch | None:
        """Hand out what is ripe; None: nothing is yet. What it names is to be looked at now."""
        batch = self._inbox.take()
        if batch is not None and self._ear is not None and (batch.is_whole or batch.in_git):
            try:
                self._ear.mend(thoroughly=batch.is_whole)
            except Deaf as reason:
                self._give_up(reason)
        return batch

    def follow(self, ground: Ground) -> None:
        """Watch another ground from now on; a whole batch follows when that adds a folder."""
        if ground == self._ground:
            return
        self._ground = ground
        if self._ear is None:
            return
        try:
            if self._ear.follow(ground):
                self._inbox.put(ANYTHING)
        except Deaf as reason:
            self._give_up(reason)
        self._look_at_reach()

    def close(self) -> None:
        """Stop every thread and close every descriptor. May be called again."""
        self._inbox.close()
        self._hang_up()

    def _hang_up(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None

    def _give_up(self, reason: Deaf) -> None:
        # What is still watched goes, too: other programs are waiting for the watches.
        self._hang_up()
        self._poll(str(reason))

    def _poll(self, reason: str) -> None:
        self.mode = "polling"
        self.notice = f"looking for changes every {self._pace.poll_s:g} s: {reason}"
        self._inbox.hasten(self._pace.poll_s)

    def _look_at_reach(self) -> None:
        """Say what events do not tell of; where that is a file system, look more often."""
        ground = self._ground
        if self._ear is None:
            return
        kind = far(mounts(), ground.top, frozenset(ground.folders))
        if kind:
            self._poll(f"{kind} does not tell of changes that are made elsewhere")
        elif self.mode == "events":
            left = self._ear.left
            often = f"every {self._pace.sweep_s:g} s"
            self.notice = f"{left:,} folders too many: they are looked at {often}" if left else ""
