"""What a user calls a commit to its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.repo import git

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
