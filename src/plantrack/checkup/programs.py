"""What plantrack is made of and what it runs, with versions."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from typing import TYPE_CHECKING

from plantrack import __version__
from plantrack.core.checkup import Program, Trouble
from plantrack.errors import DatabaseError
from plantrack.repo import git
from plantrack.store import glimpse
from plantrack.store.connection import require_sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LIBRARIES = ("mistune", "rich", "sqlite-utils", "typer", "watchdog")


def installed() -> tuple[Program, ...]:
    """Name everything, ourselves first."""
    return (
        Program("plantrack", __version__),
        Program("python", platform.python_version(), sys.executable or ""),
        Program("sqlite", glimpse.sqlite_version()),
        Program("git", git.version(), git.program() or ""),
        *(Program(name, _version(name)) for name in LIBRARIES),
    )


def problems(found: Sequence[Program], *, in_git: bool) -> Iterator[Trouble]:
    """Say what is missing or too old."""
    version = {one.name: one.version for one in found}
    if in_git and not version["git"]:
        what = "git is not installed: only .gitignore files say what to leave out, there is no past"
        yield Trouble("git", what, f"install git {git.OLDEST} or newer")
    elif version["git"] and _numbers(version["git"]) < _numbers(git.OLDEST):
        what = f"git {version['git']} is too old to be asked"
        yield Trouble("git", what, f"install git {git.OLDEST} or newer")
    try:
        require_sqlite(_numbers(version["sqlite"]))
    except DatabaseError as error:
        yield Trouble("sqlite", error.message, error.remedy)
    for one in found:
        if one.name in LIBRARIES and not one.version:
            what = f"{one.name} is not installed, or has lost what tells its version"
            yield Trouble("library", what, "install plantrack once more")


def guards() -> tuple[str, ...]:
    """Say what each git is told, so that nothing a repository names is run."""
    return (*git.FLAGS, *(f"{name}={value}" for name, value in git.ENVIRONMENT.items()))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, ...]:
    found = []
    for part in version.split("."):
        if not part.isdecimal():
            break
        found.append(int(part))
    return tuple(found)
