"""A start folder to the repository around it, and what is checked out there."""

# Theory of operation
#
# 1. The folders from the start upward are asked as git asks them: the first that holds a `.git`
#    which is a repository is the top. A `.git` folder that is no repository is passed over; a
#    `.git` file that leads to none is an error, because git refuses to work there too.
# 2. A folder that is a repository itself (a bare one, or the inside of `.git`) holds no documents.
#    Going on upward from there would read another repository than the one the user stands in.
# 3. The search stops where another file system begins, and at the root: then the place is the start
#    folder, outside git.
# 4. What a disk fails to give back is an error, never taken for what is not there: a history would
#    seem to be gone. A repository that may not be read is passed over, as git does.
# 5. Nothing here starts a process or asks the environment. Only a HEAD that files alone cannot
#    explain is put to git.

from __future__ import annotations

import errno
import os
import stat as modes

from plantrack.errors import PlaceError
from plantrack.repo.files import read_small, small
from plantrack.repo.values import Head, Place

_ABSENT = frozenset(
    {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL}
)
_SMALL_BYTES = 64 * 1024
_PACKED_BYTES = 256 * 1024 * 1024
_SYMBOLIC_STEPS = 5  # git follows no more
_NAME_LENGTHS = (40, 64)  # SHA-1, SHA-256
_HEX = frozenset("0123456789abcdef")
_OWN_REFS = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")  # one set for each worktree
_REFTABLE_HEAD = "refs/heads/.invalid"  # a stand-in for old readers; the truth is in tables


def find_place(start: str) -> Place:
    """Find the work tree around the folder `start`, or take the folder itself outside git.

    Raises PlaceError when `start` is no folder, stands inside a bare repository, or when the
    `.git` file above it leads nowhere.
    """
    folder = _resolved(start)
    device = _device(folder)
    here = folder
    while True:
        git_dir = git_dir_at(here)
        if git_dir is not None:
            return _work_tree(here, git_dir, folder)
        if _is_git_dir(here):
            message = f"{here} is the inside of a git repository: it holds no documents"
            raise PlaceError(message, "go to a work tree of it, or name one with -C")
        parent = os.path.dirname(here)
        if parent == here or _device(parent) != device:
            return Place(folder, None, None, folder, folder)
        here = parent


def git_dir_at(folder: str) -> str | None:
    """Return the repository that the `.git` in this folder is or names; None: there is none.

    Raises PlaceError for a `.git` file that names none, and where it cannot be looked at.
    """
    path = f"{folder}/.git"
    try:
        mode = os.stat(path).st_mode
    except PermissionError:
        return None
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise _unreadable(error, path) from error
    if modes.S_ISDIR(mode):
        return os.path.realpath(path) if _is_git_dir(path) else None
    if not modes.S_ISREG(mode):
        return None
    target = _pointed(path, "gitdir: ", base=folder)
    if target is None or not _is_git_dir(target):
        message = f"{path} is a file that leads to no git repository"
        raise PlaceError(message, "repair it (git worktree repair), or remove it")
    return target


def read_head(place: Place) -> Head:
    """Read which commit and branch are checked out; a branch without commits has no commit.

    Raises PlaceError when what says so is there and cannot be read.
    """
    if place.git_dir is None:
        return Head(None, None)
    name = "HEAD"
    for _ in range(_SYMBOLIC_STEPS + 1):
        try:
            value = _read_ref(place, name)
        except OSError as error:
            raise _unreadable(error, f"{place.git_dir}/{name}") from error
        if value is None:
            return _ask_git(place) if name == "HEAD" else Head(None, _branch(name))
        if _is_object_name(value):
            return Head(value, _branch(name))
        name = value.removeprefix("ref:").strip()
        if name == value or not _is_plain_ref(name):
            break
    return _ask_git(place)


def _resolved(start: str) -> str:
    try:
        folder = os.path.realpath(start, strict=True)
        is_folder = modes.S_ISDIR(os.stat(folder).st_mode)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a path"
        raise PlaceError(
            f"{start} cannot be read: {reason}", "name a folder that exists"
        ) from error
    if not is_folder:
        raise PlaceError(f"{start} is not a folder", "name the folder that holds it")
    return folder


def _device(folder: str) -> int | None:
    try:
        return os.stat(folder).st_dev
    except OSError:
        return None  # a folder above that may not be looked at ends the search


def _work_tree(top: str, git_dir: str, start: str) -> Place:
    common = _pointed(f"{git_dir}/commondir", "", base=git_dir)
    if common is None:
        return Place(top, git_dir, git_dir, top, start)
    main_top = top
    # The main worktree's folder is written to, so both ends must agree that this is its worktree:
    # a `.git` file alone could name anyone's repository.
    if _pointed(f"{git_dir}/gitdir", "", base=git_dir) == f"{top}/.git":
        above, name = os.path.split(common)
        main_top = above if name == ".git" else top
    return Place(top, git_dir, common, main_top, start)


def _pointed(path: str, prefix: str, *, base: str) -> str | None:
    """Resolve the path a one-line file holds after `prefix`; None: no such file or line."""
    data = read_small(path, max_bytes=_SMALL_BYTES)
    if data is None or not data.startswith(prefix.encode()):
        return None
    named = os.fsdecode(data[len(prefix) :].rstrip(b"\r\n"))
    if not named or "\0" in named:
        return None
    return os.path.realpath(os.path.join(base, named))


def _is_git_dir(path: str) -> bool:
    """Tell a repository's own folder the way git does: a sane HEAD, objects and refs."""
    try:
        os.lstat(f"{path}/HEAD")
        common = _pointed(f"{path}/commondir", "", base=path) or path
        if not all(_is_folder(f"{common}/{name}") for name in ("objects", "refs")):
            return False
        value = _read_head_file(f"{path}/HEAD")
    except PermissionError:
        return False
    except OSError as error:
        if error.errno in _ABSENT:
            return False
        raise _unreadable(error, path) from error
    if value is None:
        return False
    return _is_object_name(value) or value.removeprefix("ref:").strip().startswith("refs/")


def _read_head_file(path: str) -> str | None:
    try:
        return "ref: " + os.readlink(path)  # HEAD was a link once, and still may be
    except (OSError, ValueError):
        data = _read(path)
        return None if data is None else os.fsdecode(data).strip()


def _read(path: str, max_bytes: int = _SMALL_BYTES) -> bytes | None:
    """Read a file of git's; None: there is none. Raises OSError where it cannot be read."""
    try:
        return small(path, max_bytes=max_bytes)
    except ValueError:  # no path
        return None
    except OSError as error:
        if error.errno in _ABSENT:
            return None
        raise


def _is_folder(path: str) -> bool:
    return modes.S_ISDIR(os.stat(path).st_mode)


def _unreadable(error: OSError, path: str) -> PlaceError:
    return PlaceError(
        f"{error.filename or path} cannot be read: {error.strerror}",
        "check the disk and the rights on the repository, then run the command again",
    )


def _read_ref(place: Place, name: str) -> str | None:
    """Read a reference's own file, else its line in packed-refs; None: in neither."""
    assert place.git_dir is not None
    assert place.common_dir is not None
    if name == "HEAD":
        return _read_head_file(f"{place.git_dir}/HEAD")
    home = place.git_dir if name.startswith(_OWN_REFS) else place.common_dir
    data = _read(f"{home}/{name}")
    if data is not None:
        return os.fsdecode(data).strip()
    return _packed(place.common_dir, name)


def _packed(common_dir: str, name: str) -> str | None:
    data = _read(f"{common_dir}/packed-refs", _PACKED_BYTES) or b""
    end = data.find(b" " + os.fsencode(name) + b"\n")
    if end < 0:
        return None
    return os.fsdecode(data[data.rfind(b"\n", 0, end) + 1 : end])


def _is_object_name(value: str) -> bool:
    return len(value) in _NAME_LENGTHS and _HEX.issuperset(value)


def _is_plain_ref(name: str) -> bool:
    if name == _REFTABLE_HEAD or "\0" in name:
        return False
    return name.startswith("refs/") and ".." not in name


def _branch(name: str) -> str | None:
    return None if name == "HEAD" else name.removeprefix("refs/heads/")


def _ask_git(place: Place) -> Head:
    """Ask git itself; what it cannot tell is None, because a listing will say what is wrong."""
    from plantrack.repo import git

    if git.program() is None:
        return Head(None, None)
    answers = [
        git.run(place, "rev-parse", *question, accepted=(0, 1, 128)).decode("utf-8", "replace")
        for question in (("--verify", "--quiet", "HEAD^{commit}"), ("--symbolic-full-name", "HEAD"))
    ]
    commit, name = (answer.strip() for answer in answers)
    branch = _branch(name) if name.startswith("refs/") else None
    return Head(commit if _is_object_name(commit) else None, branch)
