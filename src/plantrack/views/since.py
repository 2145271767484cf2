"""A revision to what its documents held, and to the lines that changed since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core import markdown
from plantrack.core.lint.changed import changed_lines
from plantrack.errors import NotFound, PlaceError
from plantrack.repo import changes, names
from plantrack.repo.blobs import Blobs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plantrack.repo import Place


def commit_of(place: Place, name: str) -> str:
    """Find the commit that a user names.

    Raises NotFound for a name that is no commit, and PlaceError outside git.
    """
    if place.git_dir is None:
        message = f"{place.top} is no git repository: there is nothing to compare with"
        raise PlaceError(message, "leave --since out")
    commit = names.find_commit(place, name)
    if commit is None:
        message = f"“{name}” is no commit of this repository"
        raise NotFound(message, "name a branch, a tag or a commit: --since origin/main")
    return commit


def changed(
    place: Place, commit: str, text_by_path: Mapping[str, str], *, max_bytes: int
) -> dict[str, frozenset[int]]:
    """Find the lines, from 1, of documents that changed since a commit, by path.

    A document that was not there, or at another path, or cannot be read, changed in every line.
    Raises PlaceError when the commit's files cannot be read.
    """
    whole = changes.whole(place, commit)
    if whole is None:
        message = f"the files of {commit} cannot be read"
        raise PlaceError(message, "fetch it, or name another commit")
    blob_by_path = {one.path: one.blob for one in whole if one.blob and one.path in text_by_path}
    before = dict(_texts(place, blob_by_path, max_bytes))
    return {
        path: changed_lines(before.get(blob_by_path.get(path) or "", ""), text)
        for path, text in text_by_path.items()
    }


def _texts(
    place: Place, blob_by_path: Mapping[str, str | None], max_bytes: int
) -> Iterator[tuple[str, str]]:
    blobs = sorted({blob for blob in blob_by_path.values() if blob})
    with Blobs(place, max_bytes=max_bytes) as reader:
        for blob, data in reader.read(blobs):
            if data is not None:
                yield blob, markdown.decode(data)[0]
