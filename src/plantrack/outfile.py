"""Text to a file a user asked for: wholly or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING

from plantrack.errors import WriteRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

_MODE = 0o666  # less what the user's mask takes


def write(path: str, parts: Iterable[str]) -> None:
    """Write a file, in place of one that is there; nothing is left behind when it fails.

    Raises WriteRefused for a folder, for what is no regular file, for a link that leads elsewhere,
    and when it cannot be written.
    """
    target = aim(path)
    if os.path.isdir(target):
        raise WriteRefused(f"{path} is a folder: nothing was written", "name a file in it")
    if os.path.lexists(target) and not os.path.isfile(target):
        raise WriteRefused(f"{path} is no regular file: nothing was written", "name another one")
    try:
        _replace(target, parts)
    except OSError as error:
        message = f"{path} could not be written: {error.strerror or error}"
        raise WriteRefused(message, "name a file in a folder that is there and writable") from error


def aim(path: str) -> str:
    """Give the file that is meant by a path, through links that stay in their folder.

    Raises WriteRefused for any other link: a repository may have put it there, under a name that
    somebody is likely to write to.
    """
    target = os.path.realpath(path)
    folder = os.path.realpath(os.path.dirname(path) or ".")
    if os.path.islink(path) and os.path.commonpath([folder, target]) != folder:
        raise WriteRefused(
            f"{path} is a link to {target}: nothing was written", "name that file, if it is meant"
        )
    return target


def _replace(target: str, parts: Iterable[str]) -> None:
    folder, name = os.path.split(target)
    handle, scratch = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(scratch, _mode(target))
        os.replace(scratch, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(scratch)
        raise


def _mode(target: str) -> int:
    """Keep the mode of a file that is there; a new one gets what any new file gets."""
    try:
        return os.stat(target).st_mode & 0o7777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return _MODE & ~mask
