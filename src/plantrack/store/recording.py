"""What is recorded: a worktree as it stands, and the documents that changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from plantrack.core.model import Count, Finding, Plan, Pointer, Section
from plantrack.store.chronicle import Overlay
from plantrack.store.rows import Snapshot


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """Everything worth remembering of one document."""

    path: str  # relative to the worktree's top, "/" separated
    blob: str | None  # git blob id of its bytes; None: it could not be read
    plan: Plan | None  # None: it could not be read
    ids: tuple[str, ...]  # in full, aligned with plan.walk()
    pointer: Pointer | None
    milestones: Count
    leaves: Count
    optional_open: int
    frozen: int
    shape: str  # of its sections, joined
    planned: bool  # False: it holds boxes only, or could not be read
    rank: int | None  # 0 is best; None: it takes no part in the ranking
    last_change: int | None  # of the checklist, unix seconds; None: not known
    flags: tuple[Finding, ...] = ()
    skipped: tuple[Finding, ...] = ()  # what could not be read, or only in part


@dataclass(frozen=True, slots=True)
class CachedPlan:
    """One document's plan for the parse cache."""

    blob: str  # git blob id of the document's bytes
    context: str  # what else the reading depended on: parser, rules, path
    text: str  # the plan, as pack.dump_plan writes it


@dataclass(frozen=True, slots=True)
class Recording:
    """One worktree as it stands now, told as the difference to an earlier recording."""

    snapshot: Snapshot  # its generation is not looked at
    base: int | None  # generation of the snapshot this was compared with; None: from nothing
    day: int  # days since 1970-01-01, UTC
    # By path. They may be put together when they are asked for: all of them take much memory.
    changed: Mapping[str, DocumentRecord] = field(default_factory=dict)
    plain: tuple[str, ...] = ()  # listed, read, and neither plan nor boxes in them
    last_changes: tuple[tuple[str, int | None], ...] = ()  # for documents not in `changed`
    duplicates: tuple[tuple[str, str], ...] = ()  # every one: its path, path of the one shown
    findings: tuple[Finding, ...] = ()  # every one of the listing itself
    plans: tuple[CachedPlan, ...] = ()
    overlay: Overlay | None = None  # None: what is known of it stands


@dataclass(frozen=True, slots=True)
class Tree:
    """One document's plan sections with the ids of their nodes."""

    sections: tuple[Section, ...]
    ids: tuple[str, ...]  # in full, in the order of walk()


@dataclass(frozen=True, slots=True)
class Description:
    """Where the memory is and what it holds."""

    path: str | None  # None: in memory
    kind: str  # as in Location
    notice: str  # as in Location
    bytes: int
    log_bytes: int  # of the write-ahead log, not yet in the file itself
    sqlite: str  # version of the library
    format: int  # number of the last migration
    tables: tuple[tuple[str, int], ...]  # name and rows
    worktrees: tuple[tuple[str, int, int], ...]  # top, documents, items
