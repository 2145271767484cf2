"""The memory of a line to where git tells it otherwise."""

# Theory of operation
#
# 1. A commit never changes, and a line is told by its last commit. So whatever is remembered of a
#    commit can be held against git at any time: that it is on the line, when it was made, and which
#    bytes each document had then.
# 2. What is compared is the line as far as it was read: commits made since are no damage. Where its
#    last commit is not in the repository any more, git has nothing to say.
# 3. Of a commit that git cannot read as a whole, nothing is asked.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.model import Finding
from plantrack.repo import git, revisions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.repo import Place
    from plantrack.repo.revisions import Revision
    from plantrack.store import Store
    from plantrack.store.chronicle import Version

CODE = "database-unlike-git"
_SHOWN = 12  # characters of a commit's name


def against_git(place: Place, store: Store) -> tuple[Finding, ...]:
    """Say what git tells otherwise of the commits that were read, by document and commit.

    Raises PlaceError when git refuses to read the repository.
    """
    line = store.past.line()
    if place.git_dir is None or line is None or line.head is None or git.program() is None:
        return ()
    asked = ("--verify", "--quiet", f"{line.head}^{{commit}}")
    if not git.run(place, "rev-parse", *asked, accepted=(0, 1, 128)):
        return ()
    told = {one.commit: one for one in revisions.read_line(place, head=line.head)}
    return tuple(
        Finding(version.path, 0, CODE, words)
        for document in store.past.documents()
        for version in store.past.versions(document.id)
        for words in _unlike(version, told)
    )


def _unlike(version: Version, told: dict[str, Revision]) -> Iterator[str]:
    commit = version.revision.commit
    if commit is None:
        return
    name, there = commit[:_SHOWN], told.get(commit)
    if there is None:
        yield f"{version.path}: commit {name} is not on the line of this work tree"
    elif there.time != version.revision.time:
        yield f"{version.path}: git tells another time of commit {name}"
    elif version.blob is not None and not there.gap:
        blobs = {blob for one in there.files for blob in (one.blob, one.blob_before)}
        if version.blob not in blobs:
            yield f"{version.path}: git tells other bytes of commit {name}"
