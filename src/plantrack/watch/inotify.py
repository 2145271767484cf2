"""Linux: a watch for each folder that matters, all on one descriptor with one thread."""

# Theory of operation
#
# 1. watchdog's observer starts a thread for each folder that is scheduled, or listens to whole
#    trees, and holds every "moved away" back for half a second to find where to. The layer below it
#    is used instead: one reader of one inotify descriptor, called back for each watch.
# 2. A watch belongs to a folder, not to its name. When a folder is moved, removed or replaced, its
#    watch is dropped and the path is tried again: when a folder that may be it turns up, and with
#    every whole batch, for the path may have come back unheard.
# 3. A watch is set before the folder is looked at. Whoever reads a batch looks after `mend`, so
#    what was done before the watch stood is found by looking, and what came later is told.
# 4. The kernel's queue is finite. When it overflows events are lost, also the one that a watch has
#    ended: all watches are set anew, and everything is to be looked at.

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Iterable

from watchdog.observers.inotify_c import (
    CallbackId,
    InotifyConstants,
    InotifyEvent,
    InotifyFD,
    Mask,
    WatchDescriptor,
)

from plantrack.watch import sift
from plantrack.watch.cover import cover
from plantrack.watch.ear import Deaf, git_folders, identity
from plantrack.watch.inbox import Inbox
from plantrack.watch.sift import ANYTHING, What
from plantrack.watch.values import Ground

_WRITTEN = InotifyConstants.IN_CLOSE_WRITE | InotifyConstants.IN_MOVED_TO
_GONE = InotifyConstants.IN_DELETE | InotifyConstants.IN_MOVED_FROM
_BEGUN = InotifyConstants.IN_CREATE | InotifyConstants.IN_MODIFY
_MOVED_SELF = InotifyConstants.IN_MOVE_SELF
_IS_FOLDER = InotifyConstants.IN_ISDIR
# Neither attributes nor reading: our own looks at the documents would wake us.
_MASK = Mask(
    _WRITTEN
    | _GONE
    | _BEGUN
    | _MOVED_SELF
    | InotifyConstants.IN_DELETE_SELF
    | InotifyConstants.IN_ONLYDIR
    | InotifyConstants.IN_DONT_FOLLOW
    | InotifyConstants.IN_EXCL_UNLINK
)

_EXHAUSTED = {
    errno.ENOSPC: "there are no inotify watches left (fs.inotify.max_user_watches)",
    errno.EMFILE: "there are no inotify instances left (fs.inotify.max_user_instances)",
    errno.ENFILE: "too many files are open on this machine",
    errno.ENOMEM: "the kernel has no memory left for inotify",
}


class Inotify:
    """Listens through inotify. One thread follows and mends, another one is called back."""

    def __init__(self, inbox: Inbox, ground: Ground) -> None:
        """Open the descriptor and start its thread; nothing is watched yet. Raises Deaf."""
        self.inbox = inbox
        self.ground = ground
        self.left = 0  # folders that matter and are not watched, because there are too many
        self._folders: dict[str, str] = {}  # of the tree: relative path by absolute path
        self._spots: dict[str, Spot] = {}  # by absolute path
        self._moved: deque[Spot] = deque()  # filled by the other thread, as the next one
        self._ended: deque[Spot] = deque()
        self._has_overflown = False
        try:
            self._reader = InotifyFD()
            self._reader.start()
        except (OSError, RuntimeError, ValueError) as error:
            raise _deaf(error) from error

    def follow(self, ground: Ground) -> bool:
        """Watch the folders of a ground, and no others."""
        before = self.ground
        if (ground.top, ground.folders) != (before.top, before.folders) or not self._folders:
            chosen = cover(ground.folders)
            self.left = chosen.left
            self._folders = {
                f"{ground.top}/{folder}" if folder else ground.top: folder
                for folder in chosen.folders
            }
        self.ground = ground
        return self.mend(thoroughly=False)

    def mend(self, *, thoroughly: bool) -> bool:
        """Watch what is not watched and can be."""
        if not self._reader.is_alive():
            raise Deaf("the thread that listened has ended")
        self._forget_lost()
        in_git = git_folders(self.ground)
        spots = self._spots
        self._drop(spots.keys() - self._folders.keys() - in_git.keys())
        if thoroughly:
            self._drop([path for path, spot in spots.items() if identity(path) != spot.identity])
        missing = [
            Spot(self, path, names[path], in_git=names is in_git)
            for names in (self._folders, in_git)
            for path in names
            if path not in spots
        ]
        return sum(map(self._watch, missing)) > 0

    def close(self) -> None:
        """Stop the thread; all watches go with the descriptor."""
        self._reader.stop()
        self._reader.join()

    def heard(self, spot: Spot, event: InotifyEvent) -> None:
        """Take an event of one of the folders; called by the other thread."""
        try:
            hint = self._hint(spot, event)
        except Exception:  # noqa: BLE001 - or the thread ends, and nobody would know
            hint = ANYTHING
        if hint is not None:
            self.inbox.put(hint)

    def lost(self, spot: Spot) -> None:
        """Take note that a watch has ended; called by the other thread."""
        self._ended.append(spot)
        self.inbox.put(ANYTHING)

    def overflown(self) -> None:
        """Take note that events were lost; called by the other thread, once for each watch."""
        if not self._has_overflown:
            self._has_overflown = True
            self.inbox.put(ANYTHING)

    def _hint(self, spot: Spot, event: InotifyEvent) -> sift.Hint | None:
        mask = event.mask
        if not event.name:
            if mask & _MOVED_SELF:
                self._moved.append(spot)
            return ANYTHING
        what = What.WRITTEN if mask & _WRITTEN else What.GONE if mask & _GONE else What.BEGUN
        name = os.fsdecode(event.name)
        path = f"{spot.name}/{name}" if spot.name else name
        if spot.in_git:
            return sift.of_git(path, what)
        return sift.of_tree(self.ground, path, what, is_folder=bool(mask & _IS_FOLDER))

    def _watch(self, spot: Spot) -> bool:
        # Its identity first: if the folder is replaced in between, the next thorough look sees it.
        spot.identity = identity(spot.path)
        if spot.identity is None:
            return False
        try:
            spot.watch = self._reader.add_callback(os.fsencode(spot.path), _MASK, spot, spot.id)
        except OSError as error:
            if error.errno in _EXHAUSTED:
                raise _deaf(error) from error
            return False  # gone again, or a file now
        self._spots[spot.path] = spot
        if spot.watch < 0:  # how the reader says that the folder may not be read
            self._drop([spot.path])
            return False
        return True

    def _forget_lost(self) -> None:
        """Drop the watches whose folder is not at its path any more."""
        if self._has_overflown:
            self._has_overflown = False
            self._drop(list(self._spots))
        while self._ended:
            spot = self._ended.popleft()
            if self._spots.get(spot.path) is spot:
                del self._spots[spot.path]
        while self._moved:
            above = self._moved.popleft().path
            below = [path for path in self._spots if path.startswith(f"{above}/")]
            self._drop([above, *below])

    def _drop(self, paths: Iterable[str]) -> None:
        spots = [self._spots.pop(path) for path in paths if path in self._spots]
        self._reader.remove_callbacks([(spot.watch, spot.id) for spot in spots])


class Spot:
    """One watched folder, as the reader calls it back."""

    __slots__ = ("_ear", "id", "identity", "in_git", "name", "path", "watch")

    def __init__(self, ear: Inotify, path: str, name: str, *, in_git: bool) -> None:
        """Name the folder; it is not watched yet."""
        self._ear = ear
        self.path = path  # absolute
        self.name = name  # relative to the top, or to git's folder
        self.in_git = in_git
        self.identity: tuple[int, int] | None = None
        self.watch = WatchDescriptor(-1)
        self.id = CallbackId(id(self))

    def on_event(self, event: InotifyEvent) -> None:
        """Pass an event on."""
        self._ear.heard(self, event)

    def on_watch_deleted(self, _: WatchDescriptor) -> None:
        """Pass on that the folder is gone."""
        self._ear.lost(self)

    def on_queue_overflow(self) -> None:
        """Pass on that events were lost."""
        self._ear.overflown()


def _deaf(error: Exception) -> Deaf:
    number = error.errno if isinstance(error, OSError) else None
    return Deaf(_EXHAUSTED.get(number or 0, f"inotify does not work here ({error})"))
