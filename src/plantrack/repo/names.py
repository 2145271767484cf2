"""What a user calls a commit to its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.errors import NotFound
from plantrack.repo import git, state

if TYPE_CHECKING:
    from plantrack.repo.values import Place

_LENGTHS = (40, 64)  # SHA-1, SHA-256


def find_commit(place: Place, name: str) -> str | None:
    """Find the commit that a branch, tag, id or expression of git's names; None: none.

    Raises PlaceError when git refuses to read the repository or is not there.
    """
    if not name or name.startswith("-") or "\0" in name or "\n" in name:
        return None
    question = ("--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    answer = git.run(place, "rev-parse", *question, accepted=(0, 1, 128)).decode("ascii", "replace")
    commit = answer.strip().rpartition("\n")[2]
    return commit if len(commit) in _LENGTHS else None


def unknown(place: Place, name: str, example: str) -> NotFound:
    """Say that a name is no commit; `example` shows how one is named."""
    remedy = f"name a branch, a tag or a commit: {example}"
    if state.is_shallow(place):
        remedy = f"this clone is shallow: git fetch --unshallow brings older commits; or {remedy}"
    return NotFound(f"“{name}” is no commit of this repository", remedy)
