"""The state git has left a work tree in: whether it is in the middle of something, and shallow."""

from __future__ import annotations

import os

from plantrack.repo.files import read_small

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plantrack.repo.values import Place

_SMALL_BYTES = 64 * 1024

# While one of these exists, files and HEAD do not belong together, or soon will not. A bisection is
# not among them: each of its steps is an ordinary checkout of an older commit.
_SIGNS = (
    ("index.lock", "git is at work here (index.lock)"),
    ("rebase-merge", "a rebase is under way"),
    ("rebase-apply/applying", "patches are being applied (git am)"),
    ("rebase-apply", "a rebase is under way"),
    ("MERGE_HEAD", "a merge is under way"),
    ("CHERRY_PICK_HEAD", "a cherry-pick is under way"),
    ("REVERT_HEAD", "a revert is under way"),
    ("sequencer", "several commits are being picked or reverted"),
)


def busy(place: Place) -> str:
    """Say why nothing seen now should be remembered; "" when nothing stands against it."""
    if place.git_dir is None:
        return ""
    for name, words in _SIGNS:
        if os.path.lexists(f"{place.git_dir}/{name}"):
            return words
    return ""


def is_shallow(place: Place) -> bool:
    """Tell whether the repository was cloned without its older commits."""
    if place.common_dir is None:
        return False
    try:
        return os.stat(f"{place.common_dir}/shallow").st_size > 0
    except OSError:
        return False


def is_partial(place: Place) -> bool:
    """Tell whether the repository was cloned without some of its objects, to be fetched later."""
    if place.common_dir is None:
        return False
    try:
        names = os.listdir(f"{place.common_dir}/objects/pack")
    except OSError:
        return False
    return any(name.endswith(".promisor") for name in names)


def worktrees(place: Place) -> tuple[str, ...]:
    """Name the top folders of all worktrees of the repository, the main one first; () outside git.

    One whose folder is gone is named as well, until git prunes it.
    """
    if place.common_dir is None:
        return ()
    try:
        names = sorted(os.listdir(f"{place.common_dir}/worktrees"))
    except OSError:
        names = []
    pointers = [f"{place.common_dir}/worktrees/{name}/gitdir" for name in names]
    found = [read_small(path, max_bytes=_SMALL_BYTES) for path in pointers]
    tops = [os.path.dirname(os.fsdecode(data).strip()) for data in found if data]
    return tuple(dict.fromkeys((place.main_top, *tops)))
