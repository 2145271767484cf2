"""A document as it was read to the document with other bytes: the only writer of documents."""

# Theory of operation
#
# 1. The bytes that were read are the bytes that are replaced, or nothing is. A reader sees the old
#    document or the new one, and so does whoever looks after a crash.
# 2. The new document is written beside the old one, with everything that is not content taken over:
#    mode, owner, extended attributes. Then the two names are exchanged, which leaves the old one in
#    our hands: if it is not what was read, somebody saved in between, and is given back their file.
# 3. Where names cannot be exchanged, the document is compared once more and replaced.
# 4. A file with several names, or whose owner we cannot keep, is written in place: one call, and
#    only if no byte moves.
# 5. Whoever has a file open for writing has not finished it: that is waited for, not for long.
# 6. Writers of one folder come one after the other, and nobody writes while git holds its index.

from __future__ import annotations

import errno
import os
import secrets
import stat as modes
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from plantrack.errors import WriteRefused
from plantrack.repo import leftovers
from plantrack.repo.document import inside
from plantrack.repo.exchange import exchange
from plantrack.repo.files import kind, open_regular_in, read_up_to
from plantrack.repo.holding import has_writer, lock_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from plantrack.repo.values import Place, Source

GIT_PATIENCE_S = 2.0  # that git has to let go of its index
FOLDER_PATIENCE_S = 10.0
WRITER_PATIENCE_S = 0.5  # that somebody has to finish a save
ROUNDS = 8  # saves that may come one after another while one is given back

_GLANCE_S = 0.01
_AGAIN = "nothing is lost: run the command again"
_NOT_OURS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_MODE_BITS = 0o7777


class ChangedOnDisk(WriteRefused):
    """A document is not what was read any more; it was left as it is."""


class _NotBeside(Exception):
    """The new document cannot be made beside the old one; its text says why."""


def replace_document(place: Place, source: Source, data: bytes) -> None:
    """Put `data` in place of a document that still is what was read.

    Raises ChangedOnDisk when it is not, and WriteRefused when it cannot or must not be written;
    it is as it was then.
    """
    path = source.path
    try:
        wait_for_git(place, path)
        real = inside(place.top, path)
        if real is None:
            raise _refused(path, "it leads out of the repository")
        folder, name = os.path.split(real)
        with opened_folder(folder) as handle:
            _Writing(place, source, data, handle, name).write()
    except FileNotFoundError as error:  # as some editors have it while they save
        raise ChangedOnDisk(f"{path} is not there: nothing was written", _AGAIN) from error
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error


def create_document(place: Place, path: str, data: bytes) -> None:
    """Make a document that is not there yet; its folder is made where it is missing.

    Raises WriteRefused when anything stands at the path, or when it cannot be made.
    """
    folder, name = os.path.split(f"{place.top}/{path}")
    try:
        wait_for_git(place, path)
        nearest = _nearest_folder(place.top, path)
        if nearest and inside(place.top, nearest) is None:
            raise _refused(path, "it leads out of the repository")
        os.makedirs(folder, exist_ok=True)
        with opened_folder(folder) as handle:
            scratch = _scratch_name()
            try:
                _fill(os.open(scratch, _NEW, 0o666, dir_fd=handle), data)
                _name_new(handle, scratch, name, data)
            finally:
                with suppress(OSError):
                    os.unlink(scratch, dir_fd=handle)
            _settle(handle)
    except FileExistsError as error:
        raise WriteRefused(
            f"{path} is there already: it was not touched", "choose another name or folder"
        ) from error
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error


def wait_for_git(place: Place, path: str) -> None:
    """Wait until git does not hold its index; raises WriteRefused when that takes too long."""
    if place.git_dir is None:
        return
    lock = f"{place.git_dir}/index.lock"
    until = time.monotonic() + GIT_PATIENCE_S
    while os.path.lexists(lock):
        if time.monotonic() > until:
            raise WriteRefused(
                f"git is at work here ({lock} is there): nothing was written to {path}",
                "try again when git is done; if none is running, that file was left behind",
            )
        time.sleep(_GLANCE_S)


@contextmanager
def opened_folder(folder: str) -> Iterator[int]:
    """Open a folder for one writer, what others left in it cleared away."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        held = lock_folder(handle, patience_s=FOLDER_PATIENCE_S)
        if held is False:
            raise WriteRefused(
                f"another program has been writing in {folder} for long: nothing was written",
                "end or resume it (it may be suspended), then try again",
            )
        leftovers.sweep(handle, is_alone=held is True)
        yield handle
    finally:
        os.close(handle)


class _Writing:
    """One replacement under way."""

    def __init__(self, place: Place, source: Source, data: bytes, folder: int, name: str) -> None:
        self._place = place
        self._path = source.path
        self._old = source.data
        self._new = data
        self._folder = folder
        self._name = name

    def write(self) -> None:
        """Replace the document; raises as `replace_document` does."""
        found = os.lstat(self._name, dir_fd=self._folder)
        if not modes.S_ISREG(found.st_mode):
            raise _refused(self._path, f"it is {kind(found.st_mode)}")
        may = os.access(self._name, os.W_OK, dir_fd=self._folder, follow_symlinks=True)
        if not may or not found.st_mode & 0o222:
            raise _refused(self._path, "it is read-only")
        self._rest(self._name)
        self._compare(self._name)
        if found.st_nlink > 1:
            self._in_place("it has several names (hard links)")
            return
        try:
            scratch = self._beside(found)
        except _NotBeside as reason:
            self._in_place(str(reason))
            return
        try:
            self._swap(scratch)
        finally:
            with suppress(OSError):
                os.unlink(scratch, dir_fd=self._folder)
        _settle(self._folder)

    # --- beside ------------------------------------------------------------------------------

    def _beside(self, found: os.stat_result) -> str:
        """Write the new document under another name, and give that name."""
        scratch = _scratch_name()
        try:
            handle = os.open(scratch, _NEW, 0o600, dir_fd=self._folder)
        except OSError as error:
            if error.errno in _NOT_OURS:
                raise _NotBeside("its folder cannot be written") from error
            raise
        try:
            _fill(handle, self._new, lambda: self._take_over(found, handle))
            named = leftovers.name_of(scratch, self._name, self._old, self._new)
            os.rename(scratch, named, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        except BaseException:
            with suppress(OSError):
                os.unlink(scratch, dir_fd=self._folder)
            raise
        return named

    def _take_over(self, found: os.stat_result, handle: int) -> None:
        """Give the new file what the old one has besides its content."""
        made = os.fstat(handle)
        try:
            if (made.st_uid, made.st_gid) != (found.st_uid, found.st_gid):
                os.fchown(handle, found.st_uid, found.st_gid)
            os.fchmod(handle, found.st_mode & _MODE_BITS)
            if hasattr(os, "listxattr"):
                self._take_attributes(handle)
        except OSError as error:
            if error.errno in _NOT_OURS:
                raise _NotBeside("its owner or attributes cannot be kept") from error
            raise

    def _take_attributes(self, handle: int) -> None:
        old = open_regular_in(self._folder, self._name)
        try:
            try:
                names = os.listxattr(old)
            except OSError as error:
                if error.errno == errno.ENOTSUP:
                    return
                raise
            for name in names:
                value = os.getxattr(old, name)
                if name not in os.listxattr(handle) or os.getxattr(handle, name) != value:
                    os.setxattr(handle, name, value)
        finally:
            os.close(old)

    # --- one for the other -------------------------------------------------------------------

    def _swap(self, scratch: str) -> None:
        wait_for_git(self._place, self._path)
        # Compared before as well: what is put there is seen by others, if only for a moment.
        self._compare(self._name)
        if not exchange(self._folder, scratch, self._name):
            self._compare(self._name)
            os.replace(scratch, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
            return
        try:
            self._rest(scratch)
            self._compare(scratch)
        except BaseException:
            self._give_back(scratch)
            raise

    def _give_back(self, scratch: str) -> None:
        """Put back what was swapped out; of several saves in between, the last one stays."""
        ours = self._new
        for _ in range(ROUNDS):
            putting = self._read(scratch)
            exchange(self._folder, scratch, self._name)
            if self._read(scratch) == ours:
                return
            ours = putting  # somebody saved again, and that is newer than what we put there

    def _read(self, name: str) -> bytes:
        handle = open_regular_in(self._folder, name)
        try:
            return read_up_to(handle, max(len(self._old), len(self._new)) * 2 + 1024)
        finally:
            os.close(handle)

    def _compare(self, name: str) -> None:
        handle = open_regular_in(self._folder, name)
        try:
            same = read_up_to(handle, len(self._old)) == self._old
        finally:
            os.close(handle)
        if not same:
            raise ChangedOnDisk(f"{self._path} was changed on disk: nothing was written", _AGAIN)

    def _rest(self, name: str) -> None:
        """Wait until nobody has a file open for writing."""
        until = time.monotonic() + WRITER_PATIENCE_S
        while has_writer(self._folder, name):
            if time.monotonic() > until:
                raise WriteRefused(
                    f"{self._path} is open for writing in another program: nothing was written",
                    "let it finish, or close it there, and try again",
                )
            time.sleep(_GLANCE_S)

    # --- in place ----------------------------------------------------------------------------

    def _in_place(self, reason: str) -> None:
        """Write the bytes that differ over those that are there."""
        if len(self._old) != len(self._new):
            raise _refused(self._path, f"{reason}, and this edit moves bytes")
        pairs = zip(self._old, self._new, strict=True)
        places = [place for place, (old, new) in enumerate(pairs) if old != new]
        start, end = places[0], places[-1] + 1
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        handle = os.open(self._name, flags, dir_fd=self._folder)
        try:
            wait_for_git(self._place, self._path)
            if read_up_to(handle, len(self._old)) != self._old:
                message = f"{self._path} was changed on disk: nothing was written"
                raise ChangedOnDisk(message, _AGAIN)
            try:
                os.pwrite(handle, self._new[start:end], start)
                os.fsync(handle)
            except OSError:
                os.pwrite(handle, self._old[start:end], start)
                raise
        finally:
            os.close(handle)


# --- files ----------------------------------------------------------------------------------------


def _scratch_name() -> str:
    return f"{leftovers.PREFIX}{secrets.token_hex(6)}{leftovers.SUFFIX}"


def _fill(handle: int, data: bytes, then: Callable[[], None] | None = None) -> None:
    """Write a new file as a whole, down to the disk, and close it."""
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if then is not None:
            then()
        os.fsync(handle)
    finally:
        os.close(handle)


def _name_new(folder: int, scratch: str, name: str, data: bytes) -> None:
    """Give a whole file a name that nothing has; raises FileExistsError when something does."""
    try:
        # A link, unlike a rename, never takes the place of what is there.
        os.link(scratch, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _fill(os.open(name, _NEW, 0o666, dir_fd=folder), data)


def _settle(folder: int) -> None:
    """Let the names of a folder reach the disk; where that fails, they are right nevertheless."""
    with suppress(OSError):
        os.fsync(folder)


def _nearest_folder(top: str, path: str) -> str:
    """Name the nearest folder above a path that is there, from the top, which is ""."""
    folder = path.rpartition("/")[0]
    while folder and not os.path.lexists(f"{top}/{folder}"):
        folder = folder.rpartition("/")[0]
    return folder


def _refused(path: str, reason: str) -> WriteRefused:
    return WriteRefused(
        f"{path} could not be written: {reason}; it is as it was",
        "make it and its folder writable, and see that there is room on the disk",
    )
