"""How everything stands that plantrack rests on: what a checkup found, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from plantrack.core.model import Finding


@dataclass(frozen=True, slots=True)
class Program:
    """Something that is installed."""

    name: str
    version: str  # "": not there
    path: str = ""  # "": not told


@dataclass(frozen=True, slots=True)
class Ground:
    """Where documents are read; paths absolute."""

    top: str
    start: str
    git_dir: str | None  # None: not in git
    branch: str | None  # None: detached, or not in git
    head: str | None  # None: no commit, or not in git
    is_shallow: bool
    is_partial: bool
    busy: str  # what git is in the middle of; "": nothing
    worktrees: tuple[str, ...]  # top folders, this one's too; () outside git


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the database is, or would be made."""

    kind: str  # configured, folder, state, memory
    path: str | None  # None: in memory
    why: str  # why there
    state: str  # sound, none yet, damaged, refused, in memory
    bytes: int = 0
    log_bytes: int = 0
    journal: str = ""  # "": there is no file
    format: int | None = None  # number of the last migration; None: could not be read


@dataclass(frozen=True, slots=True)
class Listening:
    """What watching takes and what the system gives."""

    way: str  # inotify, or that of another system
    folders: int  # to be watched
    left: int  # folders too many to be watched
    most_watches: int | None  # of a user; None: no such limit is known
    most_instances: int | None  # likewise
    far: str  # a file system that does not tell of every change; "": none


@dataclass(frozen=True, slots=True)
class Choice:
    """One setting as it is in force."""

    key: str
    value: str  # as it would be written
    source: str  # the file that says so; "": nobody does


@dataclass(frozen=True, slots=True)
class Terminal:
    """What stdout is."""

    is_terminal: bool
    width: int | None  # None: a pipe
    colour: bool
    encoding: str
    kind: str  # $TERM


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong, or worth knowing, and what to do."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """All of it; None: it could not be found out, and a problem says why."""

    programs: tuple[Program, ...]
    guards: tuple[str, ...]  # what each git is told that it must not do
    ground: Ground | None
    memory: Memory | None
    listening: Listening | None
    configuration: tuple[Choice, ...]
    documents: int | None  # how many are read
    skipped: tuple[Finding, ...]  # by path
    terminal: Terminal
    problems: tuple[Trouble, ...]
    remarks: tuple[Trouble, ...]  # nothing is wrong with these
