"""The path of one document to its bytes, or to the finding that says why not."""

# Theory of operation
#
# 1. A path is resolved first and has to stay inside the top folder and outside its `.git`, whatever
#    links stand on the way.
# 2. What is no regular file is never opened. A file that became something else in between is opened
#    without waiting, and asked again before a byte is read.
# 3. The bytes are those of one moment: the stamp is the same before and after reading, or the file
#    is read again.

from __future__ import annotations

import os
import stat as modes

from plantrack.core.counts import Finding
from plantrack.repo.files import below, kind, open_regular, read_up_to, stamp_of
from plantrack.repo.values import Place, Source

_TRIES = 3
_ODD_PARTS = frozenset({"", ".", "..", ".git"})


def read_document(place: Place, path: str, *, max_bytes: int) -> Source | Finding:
    """Read the document at `path`, relative to the top folder.

    A finding instead: `gone`, `link-outside`, `not-a-file`, `too-large`, `unreadable`, or
    `changing` when it was written to during each of three tries.
    """
    try:
        real = inside(place.top, path)
        if real is None:
            return Finding(path, 0, "link-outside", "it leads out of the repository: not read")
        found = os.lstat(real)
        if not modes.S_ISREG(found.st_mode):
            return _not_a_file(path, found.st_mode)
        handle = open_regular(real)
    except (OSError, ValueError) as error:
        return _unread(path, error)
    try:
        return _read(handle, path, max_bytes)
    except OSError as error:
        return _unread(path, error)
    finally:
        os.close(handle)


def glance(place: Place, path: str, *, max_bytes: int) -> bytes:
    """Read a document to look something up in it; b"" where `read_document` gives a finding.

    It may be half written, and nothing is to be concluded from what is missing.
    """
    try:
        real = inside(place.top, path)
        if real is None or not modes.S_ISREG(os.lstat(real).st_mode):
            return b""
        handle = open_regular(real)
    except (OSError, ValueError):
        return b""
    try:
        data = read_up_to(handle, max_bytes)
    except OSError:
        return b""
    finally:
        os.close(handle)
    return data if len(data) <= max_bytes else b""


def inside(top: str, path: str) -> str | None:
    """Resolve every link on the way; None: it leads out of the repository or into its .git.

    Raises OSError or ValueError when there is nothing at the path.
    """
    parts = path.split("/")
    at = top
    if not _ODD_PARTS.isdisjoint(parts):
        return _resolved(top, path)
    for part in parts:  # a fifth of what resolving from the root costs
        at = f"{at}/{part}"
        if modes.S_ISLNK(os.lstat(at).st_mode):
            return _resolved(top, path)
    return at


def _resolved(top: str, path: str) -> str | None:
    real = os.path.realpath(f"{top}/{path}")
    return None if below(top, real) is None else real


def _read(handle: int, path: str, max_bytes: int) -> Source | Finding:
    for _ in range(_TRIES):
        before = os.fstat(handle)
        if not modes.S_ISREG(before.st_mode):
            return _not_a_file(path, before.st_mode)
        if before.st_size > max_bytes:
            return _too_large(path, before.st_size, max_bytes)
        os.lseek(handle, 0, os.SEEK_SET)
        data = read_up_to(handle, max_bytes)
        if len(data) > max_bytes:
            return _too_large(path, os.fstat(handle).st_size, max_bytes)
        stamp = stamp_of(before)
        if stamp == stamp_of(os.fstat(handle)) and len(data) == stamp.size:
            return Source(path, data, stamp, blob_name(data))
    return Finding(path, 0, "changing", "it was written to while it was read: not read yet")


def blob_name(data: bytes) -> str:
    """Name these bytes as a SHA-1 repository names a blob."""
    from hashlib import sha1

    return sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _not_a_file(path: str, mode: int) -> Finding:
    message = f"named like a document, but it is {kind(mode)}: not read"
    return Finding(path, 0, "not-a-file", message)


def _too_large(path: str, size: int, max_bytes: int) -> Finding:
    message = (
        f"{-(-size // 1024):,} KiB is more than the {max_bytes // 1024:,} KiB a document may have: "
        "not read; raise max_document_kib to read it"
    )
    return Finding(path, 0, "too-large", message)


def _unread(path: str, error: Exception) -> Finding:
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return Finding(path, 0, "gone", "it is not there any more")
    reason = getattr(error, "strerror", None) or str(error)
    return Finding(path, 0, "unreadable", f"it cannot be read: {reason}")
