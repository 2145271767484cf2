"""A listing whose folders were written in to the same listing, unless other names stand there."""

# Theory of operation
#
# 1. Most editors save by putting another file in the place of the old one. That moves the time of
#    the folder, and the list of documents stays as it is: asking git would take longer than reading
#    the document.
# 2. So the entries of such a folder are held against the list. They agree when the documents among
#    them are the listed ones, the folders are walked already, and what decides which files belong
#    to the repository, a .gitignore or a repository inside, came neither nor went.
# 3. Whatever the list cannot explain is a reason to list anew: an ignored document as well.

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from plantrack.repo.files import open_folder, settled_mtime
from plantrack.repo.walk import ignore_file
from plantrack.repo.wanted import is_document_name, wanted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from plantrack.repo.values import Listing, Place
    from plantrack.repo.wanted import Choice, Wanted


def carried_on(place: Place, config: Choice, listing: Listing) -> Listing | None:
    """Give a listing with the times of its folders as they are; None: it is to be made anew.

    The control files have to be as they were listed.
    """
    began_ns = time.time_ns()  # noqa: TID251 -- compared with file times, never shown or kept
    known = _Known(place.top, wanted(config), listing)
    folders = []
    try:
        for folder, mtime_ns in listing.folders:
            # The time comes first: what changes while the entries are read has to show next time.
            now_ns = os.stat(f"{place.top}/{folder}").st_mtime_ns
            if now_ns != mtime_ns and not known.agrees(folder):
                return None
            folders.append((folder, settled_mtime(now_ns, began_ns)))
    except OSError:
        return None
    return listing._replace(folders=tuple(folders))


class _Known:
    """What a listing knows of the entries of folders."""

    def __init__(self, top: str, choice: Wanted, listing: Listing) -> None:
        self._top = top
        self._wanted = choice
        self._folders = {folder for folder, _ in listing.folders}
        self._documents = listing.documents
        self._controls = dict(listing.controls)

    def agrees(self, folder: str) -> bool:
        """Tell whether the entries of a folder are those that were listed. Raises OSError."""
        handle = open_folder(f"{self._top}/{folder}")
        try:
            with os.scandir(handle) as found:
                return self._agrees(folder, list(found))
        finally:
            os.close(handle)

    def _agrees(self, folder: str, entries: Sequence[os.DirEntry[str]]) -> bool:
        names = {entry.name for entry in entries}
        if folder and ".git" in names:
            return False
        is_ignoring = self._controls.get(f"{self._top}/{ignore_file(folder)}") is not None
        if (".gitignore" in names) != is_ignoring:
            return False
        prefix = folder and folder + "/"
        documents = [path for path in self._documents if _stands_in(path, prefix)]
        return self._are_walked(prefix, entries) and self._are_listed(prefix, entries, documents)

    def _are_walked(self, prefix: str, entries: Iterable[os.DirEntry[str]]) -> bool:
        return all(
            prefix + entry.name in self._folders
            for entry in entries
            if entry.is_dir(follow_symlinks=False)
            and entry.name != ".git"
            and self._wanted.folder(prefix + entry.name)
        )

    def _are_listed(
        self, prefix: str, entries: Sequence[os.DirEntry[str]], documents: Collection[str]
    ) -> bool:
        found = {}
        for entry in entries:
            if is_document_name(entry.name) and not entry.is_dir(follow_symlinks=False):
                found[prefix + entry.name] = entry.is_file(follow_symlinks=False)
        return all(found.values()) and set(documents) == {
            path for path in found if self._wanted.document(path)
        }


def _stands_in(path: str, prefix: str) -> bool:
    return path.startswith(prefix) and "/" not in path[len(prefix) :]
