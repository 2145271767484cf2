"""Single files and folders: stamps, and reads that never wait."""

# Theory of operation
#
# 1. A stamp is taken without opening anything. Equal stamps mean the same bytes, except when a file
#    was written twice within one tick of its file system's clock.
# 2. So a stamp whose newest time lies within a tick of the moment of reading is not trusted: it is
#    stored with mtime_ns -1, equals no state of the file, and the file is read once more next time.
#    The same holds for a folder's mtime.
# 3. A tick is a few milliseconds on today's file systems. A time without a fraction of a second is
#    taken for one of an old or remote file system, whose ticks last up to two seconds.
# 4. Thousands of files are looked at from their top folder, which is opened once: the kernel, which
#    takes most of that time, is spared the way from the root, and an eighth of it.
# 5. Nothing but a regular file is ever opened for its content: opening a FIFO waits for a writer,
#    opening a device may do anything.

from __future__ import annotations

import os
import stat as modes

from plantrack.repo.values import Stamp

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from plantrack.repo.values import Place

UNTRUSTED = -1

_TICK_NS = 50_000_000
_COARSE_TICK_NS = 2_100_000_000
_SECOND_NS = 1_000_000_000
_INODE_BITS = (1 << 63) - 1  # SQLite's integers are signed
_OPEN_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW
# Without it each look at what was saved is a write as well, which may have to wait for the disk.
_UNNOTED = getattr(os, "O_NOATIME", 0)
# Nothing is read of it; but where there is no O_PATH, opening takes the right to read.
_TOP_FLAGS = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_CHUNK_BYTES = 1 << 16


def stamp(place: Place, path: str) -> Stamp | None:
    """Stamp what stands at `path`, a link itself rather than its target; None: gone."""
    try:
        return stamp_of(os.lstat(f"{place.top}/{path}"))
    except OSError:
        return None


def out_of_sight(place: Place, paths: Iterable[str]) -> frozenset[str]:
    """Choose the paths of which nobody can say what is there: a folder on the way is shut."""
    return frozenset(path for path in paths if _is_out_of_sight(f"{place.top}/{path}"))


def stamp_of(found: os.stat_result) -> Stamp:
    """Take the stamp out of a stat result."""
    inode = found.st_ino & _INODE_BITS
    return Stamp(found.st_mtime_ns, found.st_size, inode, found.st_ctime_ns)


def settled(stamp: Stamp, now_ns: int) -> Stamp:
    """Return `stamp`, or one that equals no state of the file when it cannot be trusted yet.

    `now_ns` is a moment (Unix time) before the file was read; any earlier moment is safe too, at
    the price of one more read next time. A file that rests keeps its stamp.
    """
    if _is_fresh(stamp.ctime_ns, now_ns):
        return stamp._replace(mtime_ns=UNTRUSTED)
    return stamp


def settled_mtime(mtime_ns: int, now_ns: int) -> int:
    """Return a folder's `mtime_ns`, or -1 when it cannot be trusted yet."""
    return UNTRUSTED if _is_fresh(mtime_ns, now_ns) else mtime_ns


def stamps_changed(
    place: Place, known: Iterable[tuple[str, tuple[int, ...] | None]]
) -> tuple[str, ...]:
    """Return the paths, in order, whose stamp differs from the known one (None: was gone).

    A known stamp may be any tuple of the four numbers, as a database row holds them.
    """
    lstat, bits = os.lstat, _INODE_BITS
    changed = []
    with _Top(place) as (top, prefix):
        for path, before in known:
            try:
                now = lstat(prefix + path, dir_fd=top)
            except OSError:
                if before is not None:
                    changed.append(path)
                continue
            if before != (now.st_mtime_ns, now.st_size, now.st_ino & bits, now.st_ctime_ns):
                changed.append(path)
    return tuple(changed)


def any_changed(place: Place, known: Iterable[tuple[str, int, int, int, int]]) -> bool:
    """Tell whether a file has another stamp than the known one, or is gone.

    Each comes as its path and the four numbers of its stamp.
    """
    lstat, bits = os.lstat, _INODE_BITS
    with _Top(place) as (top, prefix):
        try:
            for path, mtime_ns, size, inode, ctime_ns in known:
                now = lstat(prefix + path, dir_fd=top)
                if (
                    now.st_mtime_ns != mtime_ns
                    or now.st_size != size
                    or now.st_ctime_ns != ctime_ns
                    or (now.st_ino != inode and now.st_ino & bits != inode)
                ):
                    return True
        except OSError:
            return True
    return False


def folders_changed(place: Place, folders: Iterable[tuple[str, int]]) -> bool:
    """Tell whether an entry came to or went from one of a listing's folders, or a folder went."""
    stat = os.stat
    with _Top(place) as (top, prefix):
        try:
            for path, mtime_ns in folders:
                if stat(prefix + path or ".", dir_fd=top).st_mtime_ns != mtime_ns:
                    return True
        except OSError:
            return True
    return False


def controls_changed(controls: Iterable[tuple[str, tuple[int, ...] | None]]) -> bool:
    """Tell whether one of a listing's control files was edited, made or removed.

    A known stamp may be any tuple of the four numbers, as a database row holds them.
    """
    return any(control_stamp(path) != before for path, before in controls)


def control_stamp(path: str) -> Stamp | None:
    """Stamp the file an absolute path leads to, through links: its content is what matters."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return None


def horizon(place: Place) -> Stamp | None:
    """Stamp the file that says where the history of a shallow clone ends; None: it is whole."""
    return None if place.common_dir is None else control_stamp(f"{place.common_dir}/shallow")


def read_small(path: str, *, max_bytes: int) -> bytes | None:
    """Read a regular file through links; None: none there, not readable, or longer than that."""
    try:
        return small(path, max_bytes=max_bytes)
    except (OSError, ValueError):  # ValueError: a NUL in a path some file named
        return None


def small(path: str, *, max_bytes: int) -> bytes | None:
    """Read a file as `read_small` does, but raise OSError where it cannot be read."""
    if not modes.S_ISREG(os.stat(path).st_mode):
        return None
    handle = _opened(path, _OPEN_FLAGS & ~os.O_NOFOLLOW)
    try:
        data = read_up_to(handle, max_bytes)
    finally:
        os.close(handle)
    return data if len(data) <= max_bytes else None


def open_regular(path: str) -> int:
    """Open a regular file for reading, not through a link, without ever waiting.

    Raises OSError; what is no regular file when it is opened has to be asked of the handle again.
    """
    return _opened(path, _OPEN_FLAGS)


def open_folder(path: str) -> int:
    """Open a folder, through links, for its entries to be read. Raises OSError."""
    return _opened(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_DIRECTORY)


def open_regular_in(folder: int, name: str) -> int:
    """Open a regular file of an open folder likewise."""
    return os.open(name, _OPEN_FLAGS, dir_fd=folder)


def read_up_to(handle: int, max_bytes: int) -> bytes:
    """Read at most one byte more than `max_bytes`, so that too much can be told from enough."""
    parts, left = [], max_bytes + 1
    while left > 0:
        part = os.read(handle, min(left, _CHUNK_BYTES))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def below(top: str, path: str) -> str | None:
    """Return an absolute `path` relative to `top`; None: it is not in it, or in its `.git`."""
    prefix = top.rstrip("/") + "/"
    inside = path.removeprefix(prefix)
    if inside in (path, "") or inside.partition("/")[0] == ".git":
        return None
    return inside


def kind(mode: int) -> str:
    """Say in words what a file that is no regular one is."""
    for is_kind, words in (
        (modes.S_ISDIR, "a folder"),
        (modes.S_ISLNK, "a link"),
        (modes.S_ISFIFO, "a FIFO"),
        (modes.S_ISSOCK, "a socket"),
        (modes.S_ISCHR, "a device"),
        (modes.S_ISBLK, "a device"),
    ):
        if is_kind(mode):
            return words
    return "of an unknown kind"


def waits(path: str) -> bool:
    """Tell whether opening this path could wait: something stands there that is no plain file."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (modes.S_ISREG(mode) or modes.S_ISDIR(mode))


class _Top:
    """The top folder, open for looking at what is in it; a context manager.

    Gives the descriptor, and what a path from the top has to begin with to be found from there:
    None, and the path of the top, where a folder cannot be opened for that.
    """

    __slots__ = ("_handle", "_path")

    def __init__(self, place: Place) -> None:
        self._path = place.top
        self._handle: int | None = None

    def __enter__(self) -> tuple[int | None, str]:
        if os.stat in os.supports_dir_fd:
            try:
                self._handle = os.open(self._path, _TOP_FLAGS)
            except OSError:
                pass
            else:
                return self._handle, ""
        return None, self._path + "/"

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)


def _is_out_of_sight(path: str) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return False


def _is_fresh(time_ns: int, now_ns: int) -> bool:
    tick_ns = _TICK_NS if time_ns % _SECOND_NS else _COARSE_TICK_NS
    return time_ns > now_ns - tick_ns


def _opened(path: str, flags: int) -> int:
    try:
        return os.open(path, flags | _UNNOTED)
    except PermissionError:  # it is somebody else's
        return os.open(path, flags)
