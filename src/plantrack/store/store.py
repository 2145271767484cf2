"""The memory of one worktree: opened where it can be, asked, told."""

from __future__ import annotations

import os

from plantrack.errors import DatabaseError
from plantrack.store import reads, shelter
from plantrack.store.database import Database
from plantrack.store.rows import Location
from plantrack.store.schema import require_sqlite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Self

    from plantrack.core.model import Finding
    from plantrack.store.recording import CachedPlan, Description, Recording, Tree
    from plantrack.store.rows import (
        DocumentRow,
        FindingRow,
        ItemRow,
        MentionRow,
        PointerRow,
        Snapshot,
    )

    Folder = str | os.PathLike[str]


def open_store(
    place_top: Folder,
    main_top: Folder,
    config_database: str | None,
    *,
    is_tracked: Callable[[str], bool],
) -> Store:
    """Open the memory of the worktree `place_top`, in the first place where it can be.

    `is_tracked` tells whether git tracks a path, relative to `main_top`, or anything below it; it
    is asked only about a database that is new or not known. Raises DatabaseError for a database or
    a folder that must not be used, naming what to do.
    """
    require_sqlite()
    top = os.fspath(main_top)
    reasons = []
    for location in shelter.places(top, config_database):
        database = Database(location, lambda: _vouch(location, top, is_tracked))
        try:
            database.open()
        except OSError as error:
            reasons.append(f"{location.path}: {error.strerror or error}")
            continue
        ...
'''
open("store.py","w") if 0 else None
