"""What happened to a file or folder to the hint it is, if it is one."""

# Theory of operation
#
# 1. A file counts when it may be a document, or decides which files are. What editors put beside
#    a file while they work on it never does: vim's swap file and its 4913, backups and Emacs'
#    "#plan.md#" are called otherwise, and its lock ".#plan.md" is told by its first letters.
# 2. A folder that came or went may have brought documents or taken them along, unnamed: everything
#    is to be looked at.
# 3. Of git's own files those count that say what is checked out, and whether git is in the middle
#    of something. Lock files do not: what they guard is renamed into place. Only an index.lock that
#    is gone again says that git has finished.
# 4. The memory beside the documents is written by every plantrack: it never counts.

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from plantrack.watch.values import Ground

_OWN_FOLDER = ".plan-history"
_EMACS_LOCK = ".#"
_GIT_FILES = frozenset(
    {
        "HEAD",
        "index",
        "packed-refs",
        "reftable/tables.list",
        "MERGE_HEAD",
        "CHERRY_PICK_HEAD",
        "REVERT_HEAD",
        "rebase-merge",
        "rebase-apply",
    }
)
_BRANCHES = "refs/heads"
_LOCK = ".lock"
_INDEX_LOCK = "index.lock"


class What(Enum):
    """What happened to an entry of a folder."""

    WRITTEN = "written"  # closed after a write, or moved there: it is all there
    BEGUN = "begun"  # made, or written to: there may be more to come
    GONE = "gone"  # deleted, or moved away: perhaps only until its successor is in place


class Hint(NamedTuple):
    """One event, as far as it matters."""

    path: str = ""  # of a file, relative to the top; "": none in particular
    is_whole: bool = False
    in_git: bool = False
    is_complete: bool = False  # nothing has to follow before it makes sense


ANYTHING = Hint(is_whole=True)
_GIT = Hint(in_git=True)  # git seldom writes one file alone: the rest is waited for


def of_tree(ground: Ground, path: str, what: What, *, is_folder: bool) -> Hint | None:
    """Sift an entry below the top folder, by its path from there."""
    name = path.rpartition("/")[2]
    if is_folder:
        # A repository that is made or removed changes what the documents belong to.
        counts = name != _OWN_FOLDER and (path == ".git" or ground.enters(path))
        return ANYTHING if counts else None
    if name.startswith(_EMACS_LOCK) or not ground.takes(path):
        return None
    return Hint(path, is_complete=what is What.WRITTEN)


def of_git(path: str, what: What) -> Hint | None:
    """Sift an entry of git's folder, by its path from there."""
    if path.endswith(_LOCK):
        return _GIT if path == _INDEX_LOCK and what is What.GONE else None
    return _GIT if path in _GIT_FILES or path.startswith(_BRANCHES) else None


def of_absolute(ground: Ground, path: str, what: What, *, is_folder: bool) -> Hint | None:
    """Sift an entry by its absolute path, wherever it is."""
    for home in (ground.git_dir, ground.common_dir):
        if home is not None and path.startswith(f"{home}/"):
            return of_git(path.removeprefix(f"{home}/"), what)
    if path == ground.top:
        return ANYTHING
    if not path.startswith(f"{ground.top}/"):
        return None
    inside = path.removeprefix(f"{ground.top}/")
    # Where one recursive watch covers all, it tells of folders that nobody looks into, too.
    if any(not ground.enters(above) for above in _above(inside)):
        return None
    return of_tree(ground, inside, what, is_folder=is_folder)


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts))]
