"""Repository and configuration to the places where the memory may be kept, best first."""

# Theory of operation
#
# 1. The configuration may name a file inside the repository; it comes with the repository, so it
#    may not lead out of it.
# 2. Without it, the memory is a folder of its own in the main worktree, made as caches are: git and
#    backup programs leave it alone.
# 3. Where that cannot be written, it is in the user's state folder; where neither can, in memory.
# 4. A folder or file that the repository could have put there (a symbolic link, something git
#    tracks) is refused rather than avoided: somebody should look at it.

from __future__ import annotations

import os
import stat

from plantrack.errors import DatabaseError
from plantrack.store.rows import Location

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FOLDER = ".plan-history"
FILE = "plans.db"
LOCK_SUFFIX = ".lock"
_BESIDE = (LOCK_SUFFIX, "-wal", "-shm", "-journal")  # what SQLite and we open with it

IGNORE = "*\n"
CACHE_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# This folder is kept by plantrack. It may be deleted: what git knows is read anew.
# About this file: https://bford.info/cachedir/
"""


def places(main_top: str, configured: str | None) -> Iterator[Location]:
    """Yield where the database may be, best first, ending before "in memory"."""
    if configured is not None:
        yield Location("configured", _configured(main_top, configured))
        return
    yield Location("folder", os.path.join(main_top, FOLDER, FILE))
    state = _state_folder()
    if state is not None:
        yield Location("state", os.path.join(state, _name_for(main_top), FILE))


def refuse_links(location: Location) -> None:
    """Raise DatabaseError when the database, its folder or a file beside it leads elsewhere.

    So it does when a file beside it is no regular one: to open it may take for ever.
    """
    assert location.path is not None
    for path in (location.path, *(location.path + suffix for suffix in _BESIDE)):
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            continue
        if stat.S_ISLNK(mode):
            raise _refused(path, "a symbolic link", "the link")
        if not stat.S_ISREG(mode) and path != location.path:
            raise _refused(path, "no regular file", "it")
    folder = os.path.dirname(location.path)
    if location.kind != "configured" and os.path.islink(folder):
        raise _refused(folder, "a symbolic link", "the link")


def _refused(path: str, what: str, which: str) -> DatabaseError:
    return DatabaseError(
        f"{path} is {what}; no database is kept there",
        f"remove {which}, or name another place with `database` in the configuration",
    )


def voucher(
    location: Location, main_top: str, is_tracked: Callable[[str], bool]
) -> Callable[[], None]:
    """Give a check that raises DatabaseError when git tracks what is at the location."""

    def vouch() -> None:
        assert location.path is not None
        kept = location.path if location.kind == "configured" else os.path.dirname(location.path)
        if location.kind != "state" and is_tracked(os.path.relpath(kept, main_top)):
            raise DatabaseError(
                f"{kept} is tracked by git: a database that comes with a repository is not used",
                f"take it out of the repository: git rm -r --cached {kept}",
            )

    return vouch


def make_folder(location: Location) -> None:
    """Make the folder of the database and mark it as a cache; OSError where that cannot be."""
    assert location.path is not None
    folder = os.path.dirname(location.path)
    os.makedirs(folder, exist_ok=True)
    if location.kind == "configured":
        return  # among files of the user's
    for name, text in ((".gitignore", IGNORE), ("CACHEDIR.TAG", CACHE_TAG)):
        path = os.path.join(folder, name)
        if not os.path.lexists(path):
            with open(path, "w", encoding="ascii") as file:
                file.write(text)


def is_writable(path: str) -> bool:
    """Tell whether a database at `path` could be written, or created with its folders."""
    if os.path.exists(path):
        return _may_write(path) and _may_write(os.path.dirname(path))
    above = os.path.dirname(path)
    while not os.path.lexists(above) and os.path.dirname(above) != above:
        above = os.path.dirname(above)
    return os.path.isdir(above) and _may_write(above)


def stat_file(path: str) -> os.stat_result | None:
    """Look at the database file; None: there is none. OSError for what is no regular file."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        message = f"{path} is no regular file"
        raise OSError(message)
    return found


def _configured(main_top: str, configured: str) -> str:
    path = os.path.normpath(os.path.join(main_top, configured))
    real_top = os.path.realpath(main_top)
    real_folder = os.path.realpath(os.path.dirname(path))
    inside = os.path.commonpath([real_top, real_folder]) == real_top
    if not inside or os.path.basename(path) in {"", ".git"} or ".git" in path.split(os.sep):
        raise DatabaseError(
            f"database = {configured!r} leads out of the repository; nothing was recorded",
            "name a file below the repository's top folder, or leave `database` out",
        )
    return path


def _may_write(path: str) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _state_folder() -> str | None:
    state = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):
        state = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "plantrack") if os.path.isabs(state) else None


def _name_for(main_top: str) -> str:
    import hashlib

    return hashlib.sha256(os.fsencode(main_top)).hexdigest()[:16]
