"""The view of everything at once, as plain values: what the dashboard shows, and what is chosen."""

# Theory of operation
#
# 1. A BoardView says what is. A Choice says what somebody wants to see of it, and changes with
#    every key. A frame is made of both and of nothing else.
# 2. Which documents a choice leaves, in which order, and which of them is selected is decided here,
#    so that what a key does and what is drawn cannot disagree.
# 3. A selection goes by its path. Where its document is not among those shown, nothing is selected.

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, assert_never

from plantrack.core.effects import Unit
from plantrack.core.terms import Action, Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from plantrack.core.past_view import BurndownView, ChangeView, Logged, RevisionView
    from plantrack.core.terms import Finding
    from plantrack.core.view import DocView, PointerView, Repository

# What a finding means for the work: steps are lost, two places disagree, something is left to say.
_GRAVE = frozenset(
    {
        "swallowed-box",
        "lost-indent",
        "too-intricate",
        "not-utf-8",
        "large-section",
        "long-document",
        "too-large",
    }
)
_LIGHT = frozenset({"finished-unannounced", "stale-next-steps", "link-unlisted", "long-line"})


# --- what is --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """One document from close by."""

    document: DocView  # with its sections
    burndown: BurndownView | None  # of it alone; None: it was not asked for
    per_week: float | None  # steps finished in it, lately; None: no history


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """Where everything is, at one moment."""

    repository: Repository
    uncommitted: frozenset[str]  # paths: their plans differ from the last commit; outside git none
    next: PointerView | None  # of all the documents asked for
    because: str  # why there is no next; "" when there is one
    documents: tuple[DocView, ...]  # with a plan: in the order to work on them, then by path
    burndown: BurndownView | None  # of all the documents asked for; None: it was not asked for
    changes: tuple[Logged, ...]  # the newest first, what is not committed before all
    findings: tuple[Finding, ...]  # the gravest first
    milestones: Count
    leaves: Count
    per_week: float | None = None  # steps finished, lately; None: no history
    watched_since: datetime | None = None  # outside git: the first look, UTC; None: in git, or none
    opened: Opened | None = None  # what is selected, or holds the next task; None: neither is there
    is_known: bool = True  # False: nothing was looked at yet, so nobody knows what there is


def unread(repository: Repository) -> BoardView:
    """View a repository of which nothing is known yet."""
    return BoardView(
        repository=repository,
        uncommitted=frozenset(),
        next=None,
        because="",
        documents=(),
        burndown=None,
        changes=(),
        findings=(),
        milestones=Count(0, 0, 0),
        leaves=Count(0, 0, 0),
        is_known=False,
    )


# --- what is chosen -------------------------------------------------------------------------------


class Page(StrEnum):
    """What fills the screen."""

    BOARD = "board"
    TREE = "tree"  # one document whole
    HELP = "help"


class Sort(StrEnum):
    """In which order documents are listed."""

    WORK = "order of work"
    CHANGED = "last change"  # the latest first
    PROGRESS = "progress"  # the nearest to done first
    PATH = "path"


class Filter(StrEnum):
    """Which documents are listed."""

    WORK = "in work"  # something is next in them
    ALL = "all"
    FINDINGS = "with findings"
    CHANGED = "not committed"  # something in them is not


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody wants to see, and what was just said to them."""

    page: Page = Page.BOARD
    selected: str = ""  # path; "": nothing
    sort: Sort = Sort.WORK
    filter: Filter = Filter.WORK
    search: str = ""  # a part of path, title or milestone, in any case; "" any
    typed: str | None = None  # the search while it is being written; None: it is not
    unit: Unit = Unit.LEAVES
    is_paused: bool = False
    scroll: int = 0  # lines the tree or the help is moved up; too many show the end
    flashing: frozenset[str] = frozenset()  # ids of items and paths of documents just changed
    note: str = ""  # told on the bottom line instead of the keys


class Size(NamedTuple):
    """How large a screen is; at least 1 each way."""

    columns: int  # terminal cells
    lines: int


class Mode(StrEnum):
    """How changes are noticed."""

    EVENTS = "live"
    POLLING = "polling"
    ONCE = "once"  # not at all: this is how it stood


class LiveState(NamedTuple):
    """How up to date the screen keeps itself."""

    mode: Mode
    notice: str = ""  # what is wrong with that, one line; "" nothing
    doing: str = ""  # what goes on that is not shown yet, in some words; "" nothing


def listed(view: BoardView, choice: Choice) -> tuple[DocView, ...]:
    """Give the documents a choice leaves, in its order."""
    wanted = choice.search if choice.typed is None else choice.typed
    found = [
        doc
        for doc in view.documents
        if _passes(doc, choice.filter, view.uncommitted) and _says(doc, wanted.casefold())
    ]
    match choice.sort:
        case Sort.WORK:
            pass
        case Sort.CHANGED:
            found.sort(key=_changed, reverse=True)
        case Sort.PROGRESS:
            found.sort(key=_nearness)
        case Sort.PATH:
            found.sort(key=lambda doc: doc.path)
        case _ as never:
            assert_never(never)
    return tuple(found)


def selected(view: BoardView, choice: Choice) -> DocView | None:
    """Give the selected document; None: nothing is, or it is not among those listed."""
    return next((doc for doc in listed(view, choice) if doc.path == choice.selected), None)


def beside(view: BoardView, choice: Choice, steps: int) -> str:
    """Give the path of the document so many places below the selected one, or above.

    The ends of the list hold. From no selection the first step leads to the first document. "":
    nothing is listed.
    """
    paths = [doc.path for doc in listed(view, choice)]
    if not paths:
        return ""
    if choice.selected not in paths:
        return paths[0] if steps > 0 else paths[-1] if steps < 0 else ""
    return paths[min(max(paths.index(choice.selected) + steps, 0), len(paths) - 1)]


def opened(view: BoardView, choice: Choice) -> Opened | None:
    """Give the selected document from close by; None: another one was looked at, or none."""
    found = view.opened
    return found if found is not None and choice.selected in ("", found.document.path) else None


def flashes(choice: Choice, key: str) -> bool:
    """Tell whether an item, by its id, or a document, by its path, has just changed.

    Ids of gone items may be longer than those of present ones: what is shown is their beginning.
    """
    if key in choice.flashing:
        return True
    # Letters and digits alone make an id; a path ends in a suffix.
    return key.isalnum() and any(one.startswith(key) and one.isalnum() for one in choice.flashing)


def _passes(doc: DocView, wanted: Filter, changed: frozenset[str]) -> bool:
    match wanted:
        case Filter.WORK:
            return doc.pointer is not None and doc.pointer.action is not Action.NONE
        case Filter.ALL:
            return True
        case Filter.FINDINGS:
            return bool(doc.flags or doc.left_behind)
        case Filter.CHANGED:
            return doc.path in changed
        case _ as never:
            assert_never(never)


def _says(doc: DocView, wanted: str) -> bool:
    if not wanted:
        return True
    milestone = doc.pointer.milestone if doc.pointer else None
    said = (doc.path, doc.title, f"{milestone.label} {milestone.title}" if milestone else "")
    return any(wanted in text.casefold() for text in said)


def _changed(doc: DocView) -> float:
    return doc.last_change.timestamp() if doc.last_change else 0.0


def _nearness(doc: DocView) -> tuple[float, int]:
    """Put what is nearest to done first; what has nothing to count comes last."""
    if not doc.leaves.total:
        return 1.0, 0
    return -doc.leaves.done / doc.leaves.total, doc.leaves.total - doc.leaves.done


# --- what happened last ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Latest:
    """What one revision, or the work tree, did to one item."""

    time: datetime | None  # seen, where it is not committed; None: one that no calendar has
    revision: RevisionView
    changes: tuple[ChangeView, ...]  # at least one, in the order they happened


def latest(entries: Iterable[Logged]) -> tuple[Latest, ...]:
    """Tell of changes item by item, newest first; what is not committed stays before the rest."""
    found: list[Latest] = []
    for entry in entries:
        group = [
            Latest(_seen(changes, entry.revision), entry.revision, changes)
            for changes in entry.by_item
        ]
        if entry.revision.is_present:
            group.sort(key=_age)
        found += group
    return tuple(found)


def _seen(changes: Sequence[ChangeView], revision: RevisionView) -> datetime | None:
    if not revision.is_present:
        return revision.time
    return max((one.seen for one in changes if one.seen), default=revision.time)


def _age(one: Latest) -> float:
    return -one.time.timestamp() if one.time else 0.0


# --- what needs attention -------------------------------------------------------------------------


class Severity(StrEnum):
    """How much a finding matters to the work."""

    GRAVE = "grave"  # something that is written is not counted, or not read
    WARNING = "warning"  # two places say different things
    HINT = "hint"


def severity(code: str) -> Severity:
    """Judge a finding by its code; one that is not known is a warning."""
    if code in _GRAVE:
        return Severity.GRAVE
    return Severity.HINT if code in _LIGHT else Severity.WARNING


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by severity, then by code, so that those of a kind stand together."""
    order = list(Severity)
    return tuple(
        sorted(
            findings,
            key=lambda one: (order.index(severity(one.code)), one.code, one.path, one.line),
        )
    )


def by_code(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """Put findings of one code that stand together into groups, in their order."""
    return tuple(tuple(group) for _, group in groupby(findings, key=lambda one: one.code))
