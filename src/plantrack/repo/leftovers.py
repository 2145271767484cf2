"""Files that a killed writer left in a folder to the folder without them."""

# Theory of operation
#
# 1. A file under way has a name that says so. Until it is whole it is worth nothing.
# 2. Then its name tells which document it belongs to, and of what bytes the exchange is: what was
#    swapped out is one of the two, and worth nothing either.
# 3. Bytes that are neither were saved by somebody in that moment, and the writer was killed before
#    it could give them back. If the document still is what that writer put there, they are put
#    back now. Otherwise they are left: nobody's work is thrown away.

from __future__ import annotations

import hashlib
import os
import re
import stat as modes
import time
from contextlib import suppress

from plantrack.repo.exchange import exchange
from plantrack.repo.files import open_regular_in, read_up_to

PREFIX = ".plantrack-"
SUFFIX = ".tmp"

_NAME = re.compile(
    rf"{re.escape(PREFIX)}[0-9a-f]{{12}}"
    rf"(?:-(?P<name>[0-9a-f]{{16}})-(?P<old>[0-9a-f]{{16}})-(?P<new>[0-9a-f]{{16}}))?"
    rf"{re.escape(SUFFIX)}"
)
_OLD_S = 3600.0  # nobody takes that long to write a document
_MAX_BYTES = 64 * 1024 * 1024


def name_of(scratch: str, name: str, old: bytes, new: bytes) -> str:
    """Name a whole file after the document it is for, and the bytes of the exchange."""
    parts = (_digest(os.fsencode(name)), _digest(old), _digest(new))
    return f"{scratch.removesuffix(SUFFIX)}-{'-'.join(parts)}{SUFFIX}"


def sweep(folder: int, *, is_alone: bool) -> None:
    """Clear an open folder of what was left; what may be in use is not touched.

    With `is_alone` no other writer is in the folder.
    """
    names = os.listdir(folder)
    for left in names:
        told = _NAME.fullmatch(left)
        if told is None:
            continue
        with suppress(OSError):
            found = os.lstat(left, dir_fd=folder)
            if modes.S_ISREG(found.st_mode) and (is_alone or _is_old(found)):
                _clear(folder, left, told, names)


def _clear(folder: int, left: str, told: re.Match[str], names: list[str]) -> None:
    if told["name"] is not None:
        content = _digest(_read(folder, left))
        if content not in (told["old"], told["new"]):
            document = next((n for n in names if _digest(os.fsencode(n)) == told["name"]), None)
            if document is None or _digest(_read(folder, document)) != told["new"]:
                return
            if not exchange(folder, left, document):
                return
    os.unlink(left, dir_fd=folder)


def _is_old(found: os.stat_result) -> bool:
    now = time.time()  # noqa: TID251 -- compared with file times, never shown or kept
    return now - found.st_mtime > _OLD_S


def _read(folder: int, name: str) -> bytes:
    handle = open_regular_in(folder, name)
    try:
        return read_up_to(handle, _MAX_BYTES)
    finally:
        os.close(handle)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=8).hexdigest()
