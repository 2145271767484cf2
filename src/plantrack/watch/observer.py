"""Other systems: what watchdog's own observer tells, where one watch covers a whole tree."""

# On macOS one stream tells of a tree, however large. kqueue, on the BSDs, has to hold every file
# and folder open to tell of it; there the sweep alone does the work. That events were lost an
# observer does not tell its handlers: what is missed then is found by the sweep as well.

from __future__ import annotations

import os
import warnings
from typing import NamedTuple

from watchdog import events, observers
from watchdog.observers.api import BaseObserver

from plantrack.watch import sift
from plantrack.watch.ear import Deaf, identity
from plantrack.watch.inbox import Inbox
from plantrack.watch.sift import ANYTHING, What
from plantrack.watch.values import Ground

# It warns when a folder and one in it come at once, on a screen that is not its own.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"watchdog\.")

_UNFIT = {
    "KqueueObserver": "this system tells of changes only in files that are held open",
    "PollingObserver": "this system does not tell of changes",
}
_WHAT_BY_TYPE = {
    events.EVENT_TYPE_CLOSED: What.WRITTEN,
    events.EVENT_TYPE_CREATED: What.BEGUN,
    events.EVENT_TYPE_MODIFIED: What.BEGUN,
    events.EVENT_TYPE_DELETED: What.GONE,
}
# Not that a folder was modified: what was done in it is told as well.
_KINDS: list[type[events.FileSystemEvent]] = [
    events.FileClosedEvent,
    events.FileCreatedEvent,
    events.FileDeletedEvent,
    events.FileModifiedEvent,
    events.FileMovedEvent,
    events.DirCreatedEvent,
    events.DirDeletedEvent,
    events.DirMovedEvent,
]


class _Root(NamedTuple):
    """A folder that is scheduled."""

    path: str
    is_recursive: bool


class Observed:
    """Listens through the observer that watchdog has for this system."""

    left = 0  # a tree is watched whole

    def __init__(self, inbox: Inbox, ground: Ground) -> None:
        """Make the observer; nothing is watched yet. Raises Deaf."""
        self.ground = ground
        self.inbox = inbox
        self._identities: dict[_Root, tuple[int, int] | None] = {}
        self._observer = _observer()

    def follow(self, ground: Ground) -> bool:
        """Watch the tree of a ground and git's folders."""
        self.ground = ground
        return self.mend(thoroughly=False)

    def mend(self, *, thoroughly: bool) -> bool:
        """Schedule everything anew when something has to be."""
        roots = _roots(self.ground)
        is_sound = self._identities.keys() == set(roots) and not any(
            known is None for known in self._identities.values()
        )
        if is_sound and thoroughly:
            emitters = self._observer.emitters
            is_sound = all(emitter.is_alive() for emitter in emitters) and all(
                identity(root.path) == known for root, known in self._identities.items()
            )
        if is_sound:
            return False
        return self._schedule(roots)

    def close(self) -> None:
        """Stop the observer and its threads."""
        self._observer.stop()
        self._observer.join()

    def dispatch(self, event: events.FileSystemEvent) -> None:
        """Take an event; called by the observer's thread."""
        is_folder = event.is_directory
        if isinstance(event, events.FileMovedEvent | events.DirMovedEvent):
            self._put(event.src_path, What.GONE, is_folder=is_folder)
            self._put(event.dest_path, What.WRITTEN, is_folder=is_folder)
        elif event.event_type in _WHAT_BY_TYPE:
            self._put(event.src_path, _WHAT_BY_TYPE[event.event_type], is_folder=is_folder)

    def _put(self, path: bytes | str, what: What, *, is_folder: bool) -> None:
        if not path:
            return
        try:
            hint = sift.of_absolute(self.ground, os.fsdecode(path), what, is_folder=is_folder)
        except Exception:  # noqa: BLE001 - or the thread ends, and nobody would know
            hint = ANYTHING
        if hint is not None:
            self.inbox.put(hint)

    def _schedule(self, roots: tuple[_Root, ...]) -> bool:
        self._observer.unschedule_all()
        self._identities = dict.fromkeys(roots)
        for root in roots:
            known = identity(root.path)
            if known is None:
                continue
            try:
                self._observer.schedule(
                    _Handler(self), root.path, recursive=root.is_recursive, event_filter=_KINDS
                )
            except OSError as error:
                raise Deaf(f"this system does not tell of changes here ({error})") from error
            self._identities[root] = known
        return any(known is not None for known in self._identities.values())


class _Handler(events.FileSystemEventHandler):
    """Passes every event on."""

    def __init__(self, ear: Observed) -> None:
        self._ear = ear

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        self._ear.dispatch(event)


def _observer() -> BaseObserver:
    name = getattr(observers.Observer, "__name__", "")
    if name in _UNFIT:
        raise Deaf(_UNFIT[name])
    try:
        made = observers.Observer()
        made.start()
    except (OSError, RuntimeError) as error:
        raise Deaf(f"this system does not tell of changes ({error})") from error
    return made


def _roots(ground: Ground) -> tuple[_Root, ...]:
    """Name the top folder, and git's where it is elsewhere."""
    homes = [
        home
        for home in dict.fromkeys((ground.git_dir, ground.common_dir))
        if home is not None and not home.startswith(f"{ground.top}/")
    ]
    roots = [_Root(ground.top, is_recursive=True)]
    roots += [_Root(home, is_recursive=False) for home in homes]
    if ground.common_dir in homes:
        roots.append(_Root(f"{ground.common_dir}/refs/heads", is_recursive=True))
    return tuple(roots)
