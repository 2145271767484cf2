"""A place and what is known of it to the ground that is watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import config
from plantrack.repo import wanted
from plantrack.watch import Ground

if TYPE_CHECKING:
    from plantrack.commands import Memory

_CONTROLS = frozenset({".gitignore", config.OWN_FILE, config.PROJECT_FILE})


def ground_of(memory: Memory) -> Ground:
    """Name what is to be watched; the folders that hold documents come first."""
    place, snapshot = memory.place, memory.store.snapshot()
    choice = wanted.wanted(memory.config)
    holding = {path.rpartition("/")[0] for path, _ in snapshot.documents} if snapshot else {""}
    folders = [path for path, _ in snapshot.folders] if snapshot else [""]
    return Ground(
        top=place.top,
        git_dir=place.git_dir,
        common_dir=place.common_dir,
        folders=tuple(sorted(folders, key=lambda path: path not in holding)),
        takes=_Takes(choice),
        enters=choice.folder,
    )


class _Takes:
    """Tells which files may be documents, or decide what is one."""

    def __init__(self, choice: wanted.Wanted) -> None:
        self._choice = choice

    def __call__(self, path: str) -> bool:
        if wanted.is_document_name(path):
            return self._choice.document(path)
        return path.rpartition("/")[2] in _CONTROLS
