"""What the memory answers with: named, immutable rows."""

# Theory of operation
#
# 1. A plain question is answered in less time than importing dataclasses or typing takes, so a row
#    is a tuple whose fields are named by the annotations of its class, in the order of the query.
# 2. Rows compare by value and cannot be changed.
# 3. SQLite has no booleans: flags are 0 or 1 here.

from __future__ import annotations

from plantrack.light import field_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, Self

    Stamp = tuple[int, int, int, int]  # mtime_ns, size, inode, ctime_ns


class Row(tuple[object, ...]):
    """A tuple whose fields are named by the annotations of its class, in their order."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        """Name the fields."""
        for place, name in enumerate(cls.__annotations__):
            setattr(cls, name, field_at(place, ""))

    def __repr__(self) -> str:
        """Show the fields with their names."""
        fields = zip(type(self).__annotations__, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in fields)})"


class Location(Row):
    """Where the memory is kept."""

    __slots__ = ()

    kind: str  # "configured", "folder", "state" or "memory"
    path: str | None  # absolute, of the database; None: in memory only
    notice: str  # why it is not where it belongs, one line; "" when it is

    def __new__(cls, kind: str, path: str | None, notice: str = "") -> Self:
        """Make a location."""
        return tuple.__new__(cls, (kind, path, notice))

    def noticed(self, notice: str) -> Location:
        """Give the same place with another notice."""
        return Location(self.kind, self.path, notice)


class Basis(Row):
    """What a recording rests on besides the files: when one of these differs, it is out of date."""

    __slots__ = ()

    config: str  # fingerprint of the configuration
    parser_version: int
    head: str | None  # commit id; None: outside git or no commit yet

    def __new__(cls, config: str, parser_version: int, head: str | None) -> Self:
        """Make a basis."""
        return tuple.__new__(cls, (config, parser_version, head))


class Snapshot(Row):
    """How the files stood when a worktree was recorded: all that a freshness check compares."""

    __slots__ = ()

    basis: Basis
    folders: tuple[tuple[str, int], ...]  # path relative to the top, mtime_ns
    controls: tuple[tuple[str, Stamp | None], ...]  # absolute path; None: there was no such file
    documents: tuple[tuple[str, Stamp], ...]  # every listed document, with or without a plan
    generation: int  # how many recordings of this worktree there were up to this one

    def __new__(
        cls,
        basis: Basis,
        folders: Iterable[tuple[str, int]],
        controls: Iterable[tuple[str, Stamp | None]],
        documents: Iterable[tuple[str, Stamp]],
        generation: int = 0,
    ) -> Self:
        """Make a snapshot."""
        fields = (basis, tuple(folders), tuple(controls), tuple(documents), generation)
        return tuple.__new__(cls, fields)


class Columns(Row):
    """A snapshot column by column, as it is kept; columns of one kind are as long as each other."""

    __slots__ = ()

    basis: Basis
    folders: tuple[Sequence[str], Sequence[int]]  # paths, mtime_ns
    controls: tuple[tuple[str, Stamp | None], ...]  # few: as in a Snapshot
    documents: tuple[  # paths, then as in a Stamp
        Sequence[str], Sequence[int], Sequence[int], Sequence[int], Sequence[int]
    ]
    generation: int

    def snapshot(self) -> Snapshot:
        """Give the same by rows."""
        paths, *numbers = self.documents
        stamps: Iterable[Any] = zip(*numbers, strict=True)
        return Snapshot(
            self.basis,
            zip(*self.folders, strict=True),
            self.controls,
            zip(paths, stamps, strict=True),
            self.generation,
        )


class DocumentRow(Row):
    """One document: what a row of status shows."""

    __slots__ = ()

    path: str  # relative to the worktree's top, "/" separated
    blob: str | None  # git blob id of its bytes; None: it could not be read
    title: str
    dialect: str
    shape: str
    status_text: str
    family: str
    planned: int  # 1: it holds a plan; 0: boxes only, or unreadable
    has_checklist: int
    milestones_done: int
    milestones_total: int
    milestones_dropped: int
    leaves_done: int
    leaves_total: int
    leaves_dropped: int
    optional_open: int
    unboxed: int  # labelled headings without boxes
    frozen: int
    boxes_outside: int
    last_change: int | None  # unix seconds; None: not known
    duplicate_of: str | None  # path of the identical document shown instead; None: it is shown
    rank: int | None  # 0 is best; None: it takes no part in the ranking
    action: str  # "" when it has no pointer
    line: int  # the pointer's, 1-based; 0: it points at nothing
    id: str  # of the pointer's target, in full; "" when there is none
    milestone_label: str
    milestone_title: str
    left_behind: int  # how many
    flags: int  # how many
    skipped: int  # how many findings tell what could not be read
    items: int  # how many nodes its plan has


class OverviewRow(Row):
    """One document, as little of it as a row of a table shows."""

    __slots__ = ()

    path: str
    family: str
    action: str  # "" when it has no pointer
    label: str  # of the pointer's milestone; "" without one
    said: str  # its title, or the target's text; "none": the reason; "finish": the Status
    leaves_done: int
    leaves_total: int
    leaves_dropped: int
    milestones_done: int
    milestones_total: int
    milestones_dropped: int
    unboxed: int
    optional_open: int
    frozen: int
    has_checklist: int
    boxes_outside: int
    left_behind: int
    last_change: int | None  # unix seconds; None: not known, or a moment no calendar has
    planned: int
    duplicate_of: str | None


class PointerRow(Row):
    """One document's pointer, without its lists (see MentionRow)."""

    __slots__ = ()

    path: str
    title: str  # of the document
    family: str
    last_change: int | None  # unix seconds; None: not known
    milestones_done: int
    milestones_total: int
    milestones_dropped: int
    leaves_done: int
    leaves_total: int
    leaves_dropped: int
    action: str
    reason: str
    line: int  # 1-based; 0: it points at nothing
    id: str  # of the target, in full; "" when there is none
    text: str  # of the target, as written
    notes: str
    milestone_id: str | None  # None: no milestone; "": a heading that is no node
    milestone_line: int
    milestone_label: str
    milestone_title: str


class MentionRow(Row):
    """One entry of a pointer's lists."""

    __slots__ = ()

    path: str
    role: str  # "alternative", "caution", "left behind" or "then"
    id: str  # in full; "" for a caution and for a heading that is no node
    line: int  # 1-based; 0 for a caution
    label: str
    title: str  # for a caution: its words


class FindingRow(Row):
    """One finding."""

    __slots__ = ()

    path: str
    kind: str  # "flag": of a document; "skipped": could not be read; "listing": of the place
    line: int  # 1-based; 0 speaks of the whole document
    code: str
    message: str


class ItemRow(Row):
    """One node of a document."""

    __slots__ = ()

    path: str
    position: int  # in Plan.walk()
    parent: int | None  # position of the node above; None: the section
    section: int  # from 0
    id: str  # in full
    kind: str
    state: str
    label: str
    title: str
    text: str
    line: int  # 1-based
    mark: str | None  # None: no box of its own
    optional: int
    struck: int
