"""Documents as they stand to when each was last changed."""

# Theory of operation
#
# 1. A document that is as HEAD has it changed when it was last committed.
# 2. Any other one (edited, untracked, outside git) changed when its file was last written.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack import repo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.repo import Place

_SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """One document as it stands in the work tree."""

    path: str
    blob: str  # git blob id of its bytes
    mtime_ns: int


def last_changes(place: Place, documents: Sequence[Standing]) -> dict[str, int]:
    """Tell when each document was last changed, by path, in Unix seconds."""
    blob_by_path = repo.head_blobs(place, [one.path for one in documents])
    kept = [one.path for one in documents if blob_by_path.get(one.path) == one.blob]
    committed = repo.last_commits(place, kept) if kept else {}
    return {one.path: committed.get(one.path, one.mtime_ns // _SECOND_NS) for one in documents}
