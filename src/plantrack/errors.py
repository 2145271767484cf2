"""What can go wrong in the user's world, each with an exit code and the next step to take."""

from __future__ import annotations


class PlantrackError(Exception):
    """An error of the user's world: shown as one line, with one line of what to do."""

    exit_code = 2

    def __init__(self, message: str, remedy: str) -> None:
        """Keep `message` (what, which file, what was not done) and `remedy` (what to do)."""
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class NotFound(PlantrackError):
    """A document or item asked for by name is not there, or the name fits several."""

    exit_code = 1


class UsageError(PlantrackError):
    """The command line or the configuration cannot be understood."""

    exit_code = 2


class PlaceError(PlantrackError):
    """The place cannot be read or watched."""

    exit_code = 3


class WriteRefused(PlantrackError):
    """A document changed on disk, or a write into it was refused."""

    exit_code = 4


class DatabaseError(PlantrackError):
    """The database is newer than this program, foreign, locked or cannot be written."""

    exit_code = 5
