"""Where the memory is, why, and whether it is sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.checkup import Memory, Trouble
from plantrack.errors import PlaceError
from plantrack.store import glimpse

if TYPE_CHECKING:
    from plantrack.config import Config
    from plantrack.repo import Place

_REBUILD = "run plantrack sync --rebuild, or delete the database: everything is read again"


@dataclass(frozen=True, slots=True)
class Kept:
    """A memory, and what is wrong with it."""

    memory: Memory
    problems: tuple[Trouble, ...]


def memory(place: Place, config: Config) -> Kept:
    """Look at the memory of a place. Raises DatabaseError for a setting that leads elsewhere."""

    def is_tracked(path: str) -> bool:
        try:
            return repo.is_tracked(place, path)
        except PlaceError:
            return False  # told as a problem of the documents

    found = glimpse.look(place.main_top, config.database, is_tracked)
    whys = {
        "configured": f"`database` in {config.source} says so",
        "folder": "the usual place, in the main worktree",
        "state": "; ".join(found.reasons),
        "memory": "; ".join(found.reasons),
    }
    kept = Memory(
        kind=found.location.kind,
        path=found.location.path,
        why=whys[found.location.kind],
        state=found.state,
        bytes=found.bytes,
        log_bytes=found.log_bytes,
        journal=found.journal,
        format=found.format,
    )
    problems = []
    if found.state == glimpse.IN_MEMORY:
        what = f"{kept.why}: nothing is remembered after a command"
        remedy = "make the folder of the repository, or the state folder, writable"
        problems.append(Trouble("database", what, remedy))
    if found.wrong:
        remedy = found.remedy or _REBUILD
        problems.append(Trouble("database", found.wrong, remedy))
    return Kept(kept, tuple(problems))
