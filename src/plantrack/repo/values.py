"""What the repository layer hands out: plain immutable rows."""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from typing import NamedTuple

    from plantrack.core.model import Finding
else:
    from plantrack.light import NamedTuple


class Place(NamedTuple):
    """Where documents are read: a git work tree or a plain folder; paths absolute and resolved."""

    top: str  # the work tree's top folder; outside git the folder asked for
    git_dir: str | None  # of this work tree; None: not in git
    common_dir: str | None  # shared by all worktrees, == git_dir in the main one; None: not in git
    main_top: str  # top of the main worktree; == top everywhere but in a linked worktree
    start: str  # the folder asked for


class Head(NamedTuple):
    """What is checked out."""

    commit: str | None  # full object name; None: no commit yet, or not in git
    branch: str | None  # without refs/heads/; None: detached, or not in git


class Stamp(NamedTuple):
    """What tells one state of a file from the next without reading it; times in nanoseconds."""

    mtime_ns: int  # -1: taken too soon after a write to be trusted, equal to no state of the file
    size: int  # bytes
    inode: int  # its low 63 bits, so that a database can hold it
    ctime_ns: int


class Listing(NamedTuple):
    """Every candidate document, and what has to be looked at to know that it still is the list."""

    documents: tuple[str, ...]  # relative to the top folder, "/" separated, sorted
    folders: tuple[tuple[str, int], ...]  # (path, "" the top; mtime_ns, -1 not to be trusted)
    controls: tuple[tuple[str, Stamp | None], ...]  # (absolute path; None: not there)
    findings: tuple[Finding, ...]  # what looks like a document and cannot be one


class Source(NamedTuple):
    """One document as it was on disk at one moment."""

    path: str  # relative to the top folder
    data: bytes
    stamp: Stamp  # of the bytes read: of the target where the path is a link
    blob: str  # the object name git would give these bytes in a SHA-1 repository
