"""A memory that follows its files: what changed since the last look, as it happens."""

# Theory of operation
#
# 1. What the watcher reports are hints. The memory is brought up to date as any command does it,
#    and what happened is told from two looks at it. So nothing is told twice, and what one look
#    missed the next one tells.
# 2. While git is in the middle of something, or a file is half written, nothing is compared. It is
#    looked again soon.
# 3. What goes wrong in the user's world is told once and tried again. A configuration that cannot
#    be understood leaves the last good one in force.
# 4. What a look would have to wait for, the disk above all, is done in a quiet moment.
# 5. Where the place turned into another one, or its database is kept elsewhere, all is opened anew.

from __future__ import annotations

import select
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Self

from plantrack import config, repo
from plantrack.commands import Memory, Options
from plantrack.core.feed import Trouble
from plantrack.errors import NotFound, PlantrackError
from plantrack.live.ground import ground_of
from plantrack.live.rest import Rest
from plantrack.live.writing import RESTS_S, Writing
from plantrack.store import Renewed
from plantrack.views.feed import Feed
from plantrack.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from plantrack.core.feed import Event, Look
    from plantrack.core.view import SyncView
    from plantrack.repo import Head
    from plantrack.store import Snapshot
    from plantrack.watch import Ground

SETTLING_S = 0.5  # until what is half done is looked at again, at first
RETRY_S = 2.0  # until what went wrong is tried again
SLOWEST_S = 5.0  # likewise, where it stays so


class Pulse(NamedTuple):
    """What one step came to."""

    events: tuple[Event, ...]  # in the order they are told
    is_fresh: bool  # something shown may differ
    trouble: str  # what is wrong at present, one line; "" nothing


class Live:
    """The memory of a place kept up with its files; a context manager.

    `memory`, `paths` and the descriptor may be others after each step.
    """

    memory: Memory
    paths: tuple[str, ...] | None  # of the documents asked for; None: all
    progress: Callable[[int, int], None] | None  # told how much is read, of how much; None: nobody
    _stamps: tuple[object, ...]  # of the files the configuration is in
    _feed: Feed
    _ground: Ground
    _watcher: Watcher

    def __init__(
        self,
        options: Options,
        names: Sequence[str] = (),
        *,
        clock: Callable[[], datetime],
        polls: bool = False,
    ) -> None:
        """Open the memory of the place that `options` start from, for the documents of `names`.

        `polls`: look at the files now and then instead of being told. Raises what any command
        raises for a place or a memory that cannot be used.
        """
        self.is_paused = False
        self.paths = None
        self.progress = None
        self._clock = clock
        self._polls = polls
        self._naming = _Naming(names)
        self._troubles = _Troubles()
        self._look: Look | None = None  # None: there was none yet
        self._snapshot: Snapshot | None = None  # None: nothing was recorded yet
        self._compared: tuple[Snapshot | None, Head] | None = None  # what that look was at
        self._git = Writing()
        self._rest = Rest()
        self._is_first = True
        self._next_at: float | None = monotonic()  # when to look without a hint; None: never
        self._patience_s = SETTLING_S
        memory = Memory(options, clock(), quiet=True)
        # Where the process stands may go, and be made again as another folder.
        self._options = Options(memory.place.start)
        self._take(memory)

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the watcher and close the memory."""
        self.close()

    def close(self) -> None:
        """End the watcher and close the memory; a second time does nothing."""
        self._watcher.close()
        self.memory.store.close()

    @property
    def mode(self) -> str:
        """Tell how changes are noticed: by "events" or by "polling"."""
        return self._watcher.mode

    def fileno(self) -> int:
        """Name the descriptor that is readable when step() has something to look at."""
        return self._watcher.fileno()

    def due(self) -> float | None:
        """Say in how many seconds step() should be called, with nothing to read; None: never."""
        if self.is_paused:
            return None
        mine = None if self._next_at is None else max(self._next_at - monotonic(), 0.0)
        times = (mine, self._watcher.due(), self._rest.due())
        return min((one for one in times if one is not None), default=None)

    def look_again(self) -> None:
        """Let the next step look."""
        self._next_at = monotonic()

    def step(self) -> Pulse | None:
        """Look at what is new and tell it; None: there is nothing to tell.

        The first step tells no events but troubles, and raises what any command raises. Later ones
        never do.
        """
        if self._watcher.take() is not None:
            self._next_at = monotonic()
        if self.is_paused:
            return None
        if self._next_at is None or self._next_at > monotonic():
            self._rest.use(self.memory.store)
            return None
        self._next_at = None
        self._rest.put_off()
        now = self._clock()
        if self._is_first:
            self.memory.refresh(self.progress)
            self._git.glance(self.memory.place)
            self._snapshot = self.memory.store.snapshot()
            self._looked(now)
            self._is_first = False
            return Pulse(self._told(now), is_fresh=True, trouble=self._troubles.now)
        before = self.memory, self._snapshot, self._compared
        events: tuple[Event, ...] = ()
        try:
            events = self._caught_up(now)
            self._troubles.error = ""
        except (PlantrackError, OSError) as error:
            self._troubles.error = _said(error)
            self._next_at = monotonic() + RETRY_S
        is_fresh = before != (self.memory, self._snapshot, self._compared)
        told = (*events, *self._told(now))
        return Pulse(told, is_fresh, self._troubles.now) if told or is_fresh else None

    def _told(self, now: datetime) -> tuple[Trouble, ...]:
        self._troubles.watching = "" if self._polls else self._watcher.notice  # as asked for
        return self._troubles.told(self.memory.store.notices, now)

    # --- keeping up ------------------------------------------------------------------------------

    def _caught_up(self, now: datetime) -> tuple[Event, ...]:
        """Bring the memory up to date and compare; nothing where that has to wait."""
        self._stand_here()
        self._reconfigure()
        try:
            return self._refreshed(now)
        except Renewed:
            return self._refreshed(now)

    def _refreshed(self, now: datetime) -> tuple[Event, ...]:
        self._git.glance(self.memory.place)
        if self._git.is_locked(self.memory.place):
            self._next_at = monotonic() + RESTS_S
            return ()
        view = self.memory.follow(now, self.progress)
        self._snapshot = self.memory.store.snapshot()
        wait_s = self._unsettled_s(view)
        if wait_s:
            self._next_at = monotonic() + wait_s
            return ()
        self._patience_s = SETTLING_S
        return self._looked(now)

    def _unsettled_s(self, view: SyncView) -> float:
        """Say in how many seconds to look again, because what was found is half of something."""
        if not self._git.glance(self.memory.place):
            return RESTS_S
        if view.unsettled:
            return SETTLING_S
        recorded = self._snapshot.basis.head if self._snapshot else None
        if view.is_calm and recorded == self._git.commit:
            return 0.0
        wait_s = self._patience_s
        self._patience_s = min(wait_s * 2, SLOWEST_S)
        return wait_s

    def _looked(self, now: datetime) -> tuple[Event, ...]:
        """Look, and tell what happened since the last look."""
        head, before = repo.read_head(self.memory.place), self._look
        if before is not None and self._compared == (self._snapshot, head):
            return ()
        self.paths = self._naming.paths(self.memory, is_first=self._is_first)
        after = self._feed.look(self.paths, head, before)
        events = () if before is None else self._feed.tell(before, after, now)
        self._look, self._compared = after, (self._snapshot, head)
        self._git.compared()
        self._follow()
        return events

    def _follow(self) -> None:
        """Watch the folders that hold documents now."""
        ground = ground_of(self.memory)
        if ground.folders != self._ground.folders:
            self._ground = ground
            self._watcher.follow(ground)
            self._next_at = monotonic()  # what happened there in between was not reported

    # --- the place -------------------------------------------------------------------------------

    def _stand_here(self) -> None:
        """Open everything anew where the place is another one."""
        place = repo.find_place(self._options.start)
        if place != self.memory.place:
            self._reopen()

    def _reconfigure(self) -> None:
        """Read the configuration again if its files changed."""
        stamps = _stamps(self.memory)
        if stamps == self._stamps:
            return
        self._stamps = stamps
        try:
            loaded = config.load(self.memory.place.top)
        except PlantrackError as error:
            self._troubles.settings = f"{error.message}; the configuration before stays in force"
            return
        self._troubles.settings = ""
        if loaded.database != self.memory.config.database:
            self._reopen()
        elif loaded != self.memory.config:
            self.memory.config = loaded
            self._ground = ground_of(self.memory)
            self._watcher.follow(self._ground)

    def _reopen(self) -> None:
        watcher, memory = self._watcher, self.memory
        self._take(Memory(self._options, self._clock(), quiet=True))
        watcher.close()
        memory.store.close()
        self._look = self._snapshot = self._compared = None

    def _take(self, memory: Memory) -> None:
        """Use a memory from now on; where that fails, it is closed and nothing has changed."""
        try:
            stamps, ground = _stamps(memory), ground_of(memory)
            watcher = Watcher(ground, polls=self._polls)
        except BaseException:
            memory.store.close()
            raise
        memory.store.expect_rests()
        self.memory, self._feed = memory, Feed(memory.store, memory.place)
        self._stamps, self._ground, self._watcher = stamps, ground, watcher


def wait(live: Live, *others: int, at_most: float | None = None) -> frozenset[int]:
    """Wait until there is something to look at, or to read elsewhere; give what is readable of it.

    `at_most` is in seconds. A pipe that is written to is readable when its reader is gone.
    """
    waiting = select.poll()
    for descriptor in (live.fileno(), *others):
        waiting.register(descriptor, select.POLLIN)
    times = [one for one in (live.due(), at_most) if one is not None]
    found = waiting.poll(min(times) * 1000 if times else None)
    return frozenset(descriptor for descriptor, _ in found).intersection(others)


class _Naming:
    """The names that were asked for, and what each stands for as long as it stands for nothing."""

    def __init__(self, names: Sequence[str]) -> None:
        self._paths_by_name: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())

    def paths(self, memory: Memory, *, is_first: bool) -> tuple[str, ...] | None:
        """Find the documents, each once; None: no name was given. Only the first time raises."""
        if not self._paths_by_name:
            return None
        for name in self._paths_by_name:
            try:
                self._paths_by_name[name] = memory.paths((name,)) or ()
            except NotFound:
                if is_first:
                    raise
        return tuple(
            dict.fromkeys(path for paths in self._paths_by_name.values() for path in paths)
        )


class _Troubles:
    """What is wrong, told when it begins and when it is over."""

    def __init__(self) -> None:
        self.error = ""  # why the last look failed
        self.settings = ""
        self.watching = ""
        self._standing: tuple[str, ...] = ()
        self._noticed: set[str] = set()

    @property
    def now(self) -> str:
        """Name the worst of what is wrong at present; "" nothing."""
        return self.error or self.settings or self.watching

    def told(self, notices: Sequence[str], now: datetime) -> tuple[Trouble, ...]:
        """Tell what is new of it; `notices` are told once and for all."""
        standing = tuple(filter(None, (self.error, self.settings, self.watching)))
        over = [one for one in self._standing if one not in standing]
        begun = [one for one in standing if one not in self._standing]
        begun += [one for one in notices if one not in self._noticed]
        self._standing = standing
        self._noticed.update(notices)
        return (
            *(Trouble(one, now, is_over=True) for one in over),
            *(Trouble(one, now) for one in begun),
        )


def _said(error: PlantrackError | OSError) -> str:
    if isinstance(error, PlantrackError):
        return error.message
    return f"{error.filename or 'a file'}: {error.strerror or error}"


def _stamps(memory: Memory) -> tuple[object, ...]:
    """Stamp the files a configuration may stand in."""
    return tuple(repo.stamp(memory.place, name) for name in (config.OWN_FILE, config.PROJECT_FILE))
