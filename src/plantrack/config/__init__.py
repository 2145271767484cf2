"""plantrack.toml, or [tool.plantrack] of pyproject.toml, to a frozen Config."""

# Theory of operation
#
# 1. Most repositories have no configuration, and every command asks: two failed opens, or one read,
#    must be all it costs. A pyproject.toml that never says "plantrack" is not parsed, and whatever
#    only a configured repository needs is imported where it is needed.
# 2. One file speaks. Two that both hold settings are an error, because the reader of either would
#    believe it is in force.
# 3. Nothing is guessed: an unknown key, a wrong type, a mark that no box can hold stop the command
#    with the file, the key, what was expected and how it is written.

from __future__ import annotations

import errno
import os
import stat

from plantrack.config.values import OWN_FILE, PROJECT_FILE, Config
from plantrack.errors import UsageError

__all__ = ["OWN_FILE", "PROJECT_FILE", "Config", "load", "stated"]

_MAX_FILE_BYTES = 1024 * 1024


def load(top: str | os.PathLike[str]) -> Config:
    """Read the configuration in the folder `top`; without one, every default.

    Raises UsageError for a file that cannot be read, parsed or understood.
    """
    own, project = _read(top, OWN_FILE), _read_project(top)
    if own is None and project is None:
        return Config()
    from plantrack.config import table

    shared = None if project is None else table.of_project(project)
    if own is None:
        return Config() if shared is None else table.checked(shared, PROJECT_FILE)
    if shared is not None:
        message = f"{OWN_FILE} and [tool.plantrack] in {PROJECT_FILE} are both present"
        raise UsageError(message, "keep one of them")
    return table.checked(table.parse(own, OWN_FILE), OWN_FILE)


def stated(top: str | os.PathLike[str]) -> frozenset[str]:
    """Name the keys that the configuration in `top` sets; it has been loaded before."""
    own, project = _read(top, OWN_FILE), _read_project(top)
    from plantrack.config import table

    if own is not None:
        return frozenset(table.parse(own, OWN_FILE))
    return frozenset(() if project is None else table.of_project(project) or ())


def _read_project(top: str | os.PathLike[str]) -> bytes | None:
    """Read pyproject.toml; None: there is none, or it never speaks of plantrack."""
    data = _read(top, PROJECT_FILE)
    return data if data is not None and b"plantrack" in data else None


def _read(top: str | os.PathLike[str], name: str) -> bytes | None:
    path = os.path.join(top, name)
    try:
        return _read_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror}"
        raise UsageError(message, f"make {path} a readable file, or remove it") from error


def _read_regular(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a FIFO would wait for its writer
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        if status.st_size > _MAX_FILE_BYTES:
            raise OSError(errno.EFBIG, "it is larger than 1 MiB")
        return os.read(descriptor, _MAX_FILE_BYTES)
    finally:
        os.close(descriptor)
