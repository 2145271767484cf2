"""A folder tree, folder by folder, to everything in it that bears on which documents there are."""

# Links to folders are never followed, so a tree has no loops and nothing outside it is read.

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plantrack.errors import PlaceError
from plantrack.repo.files import kind
from plantrack.repo.place import git_dir_at
from plantrack.repo.wanted import Wanted, is_document_name

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator


def ignore_file(folder: str) -> str:
    """Name the .gitignore of a folder, relative to the top."""
    return f"{folder}/.gitignore" if folder else ".gitignore"


@dataclass(slots=True)
class Trail:
    """What a walk has come by so far; every path relative to the top folder."""

    top: str
    wanted: Wanted
    own: Container[str] = ()  # folders that belong to this repository whatever stands in them
    mtime_by_folder: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)  # regular files with a document's name
    links: list[str] = field(default_factory=list)  # links with a document's name
    oddities: list[tuple[str, str]] = field(default_factory=list)  # document's name, (path, kind)
    ignore_files: list[str] = field(default_factory=list)  # folders that hold a .gitignore
    unreadable: list[tuple[str, str]] = field(default_factory=list)  # (folder, reason)
    foreign: list[str] = field(default_factory=list)  # folders that are repositories of their own

    def read(self, folder: str) -> list[str]:
        """Take in one folder and return the folders in it that may hold wanted documents."""
        where = f"{self.top}/{folder}"
        try:
            # The time comes first: what changes while the entries are read has to show next time.
            mtime_ns = os.stat(where).st_mtime_ns
            with os.scandir(where) as found:
                entries = list(found)
        except (FileNotFoundError, NotADirectoryError):
            return []  # gone since it was seen: the folder above has changed, too
        except OSError as error:
            self.unreadable.append((folder, error.strerror or "cannot be read"))
            return []
        self.mtime_by_folder[folder] = mtime_ns
        if is_document_name(folder):
            self.oddities.append((folder, "a folder"))
        prefix = folder and folder + "/"
        if folder not in self.own and self._is_foreign(folder, entries):
            self.foreign.append(folder)
            return []
        return [path for path in self._folders(prefix, entries) if self.wanted.folder(path)]

    def _folders(self, prefix: str, entries: Iterable[os.DirEntry[str]]) -> Iterator[str]:
        """Yield the folders among the entries and sort the other ones in."""
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name != ".git":
                    yield prefix + name
            elif is_document_name(name):
                self._sort_in(prefix + name, entry)
            elif name == ".gitignore":
                self.ignore_files.append(prefix[:-1])

    def _sort_in(self, path: str, entry: os.DirEntry[str]) -> None:
        if entry.is_symlink():
            self.links.append(path)
        elif entry.is_file(follow_symlinks=False):
            self.files.add(path)
        else:
            try:
                mode = entry.stat(follow_symlinks=False).st_mode
            except OSError:
                return  # gone since it was seen
            self.oddities.append((path, kind(mode)))

    def _is_foreign(self, folder: str, entries: Iterable[os.DirEntry[str]]) -> bool:
        if not folder or not any(entry.name == ".git" for entry in entries):
            return False
        try:
            return git_dir_at(f"{self.top}/{folder}") is not None
        except PlaceError:
            return True  # a .git file that leads nowhere: git stops there, too
