"""The memory to the view of everything at once, again and again, each time in little time."""

# Theory of operation
#
# 1. A board is asked many times while little changes. Rows are read each time, which costs next to
#    nothing; a document is viewed anew when one of its rows is another.
# 2. What takes its time (series with their forecasts, the log, trees) is kept with what it rests
#    on. It is made anew where that is another, but only when the whole is asked for: a frame need
#    not wait for a forecast. What was never asked before is made at once.
# 3. Ids get longer when others come that begin alike. A kept view does not know; asking for the
#    whole sets it right.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar
from zoneinfo import ZoneInfo

from plantrack import repo, views
from plantrack.core.board_view import BoardView, Opened, Page, gravest_first
from plantrack.core.terms import Action, add
from plantrack.core.view import Repository
from plantrack.store.chronicle import Query
from plantrack.views import closeup, past, series
from plantrack.views.series import Asked
from plantrack.zones import Machine

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from plantrack.config import Config
    from plantrack.core.board_view import Choice
    from plantrack.core.effects import Unit
    from plantrack.core.past_view import BurndownView, Logged
    from plantrack.core.view import DocView, PointerView, SectionView
    from plantrack.repo import Place
    from plantrack.store import FindingRow, MentionRow, PointerRow, Store
    from plantrack.store.chronicle import Entry, Line
    from plantrack.views import Remembered

MOST_CHANGES = 80  # shown, committed or not: more than any screen has lines for

_MOST_KEPT = 12  # answers of a kind
_T = TypeVar("_T")


class Board:
    """The view of everything, of one worktree, for as long as somebody looks at it."""

    def __init__(
        self, store: Store, place: Place, config: Config, paths: Sequence[str] | None = None
    ) -> None:
        """Look at the documents `paths`; None: at all there are."""
        self._store = store
        self._place = place
        self._zone = _zone(config.timezone)
        self._paths = None if paths is None else tuple(paths)
        self._documents: dict[str, tuple[object, DocView]] = {}  # by path, with its rows
        self._is_whole = True  # none of them was viewed before another one changed
        self._series: _Kept[BurndownView] = _Kept()
        self._committed: _Kept[tuple[Logged, ...]] = _Kept()
        self._present: _Kept[tuple[Logged, ...]] = _Kept()
        self._trees: _Kept[tuple[tuple[SectionView, ...], float | None]] = _Kept()
        self._ids: _Kept[tuple[str, ...]] = _Kept()
        self._first: _Kept[datetime | None] = _Kept()

    def view(self, now: datetime, choice: Choice, *, wholly: bool) -> BoardView:
        """View everything, and closer what is chosen; `wholly`, with nothing kept that is old."""
        rows = self._rows()
        overlay = tuple(one for one in self._store.past.overlay() if self._is_asked(one.path))
        rest = _Rest(rows, self._store.past.line(), overlay, now.astimezone(self._zone))
        documents = self._in_order(self._viewed(rows, wholly=wholly))
        pointer, because = self._next(documents)
        shown = choice.selected or (pointer.path if pointer else "")
        wanted = next((doc for doc in documents if doc.path == shown), None)
        findings = [*views.skipped(rows), *(flag for doc in documents for flag in doc.flags)]
        in_git = self._place.git_dir is not None
        return BoardView(
            repository=Repository(self._place.top, *repo.read_head(self._place)),
            uncommitted=frozenset(one.path for one in overlay if in_git),
            next=pointer,
            because=because,
            documents=documents,
            burndown=self._burndown(choice.unit, self._paths or (), rest, wholly=wholly),
            changes=tuple(self._changes(rest, wholly=wholly)),
            findings=gravest_first(findings),
            milestones=add(doc.milestones for doc in documents),
            leaves=add(doc.leaves for doc in documents),
            per_week=views.per_week(
                self._store,
                self._paths,
                now,
                copied=any(row.duplicate_of for row in rest.rows.documents),
            ),
            watched_since=None if in_git else self._watched_since(rest, wholly=wholly),
            opened=self._opened(choice, wanted, rest, wholly=wholly),
        )

    # --- documents ---------------------------------------------------------------------------

    def _rows(self) -> Remembered:
        """Read what is remembered of all that is looked at."""
        rows = views.remembered(self._store)
        return rows if self._paths is None else _only(rows, self._paths)

    def _is_asked(self, path: str) -> bool:
        return self._paths is None or path in self._paths

    def _viewed(self, rows: Remembered, *, wholly: bool) -> tuple[DocView, ...]:
        """View the documents with a plan; those that are as before are kept.

        Wholly, all are viewed anew once anything differs: ids of one may depend on another's.
        """
        shown = views.once(rows.documents)
        beside = [_by_path(part) for part in (rows.pointers, rows.mentions, rows.findings)]
        bases = {row.path: (row, *(part.get(row.path) for part in beside)) for row in shown}
        before = self._documents
        new = {
            path for path, basis in bases.items() if path not in before or before[path][0] != basis
        }
        is_same = not new and bases.keys() == before.keys()
        if wholly and not (is_same and self._is_whole):
            new = set(bases)
        self._is_whole = wholly or (self._is_whole and is_same)
        made = {doc.path: doc for doc in views.viewed(self._store, _only(rows, new))}
        self._documents = {
            path: (basis, made[path] if path in made else before[path][1])
            for path, basis in bases.items()
        }
        return tuple(doc for _, doc in self._documents.values())

    def _in_order(self, documents: Iterable[DocView]) -> tuple[DocView, ...]:
        """Put documents into the order to work on them; those without work follow by path."""
        ranked = {row.path: rank for rank, row in enumerate(self._store.ranked())}
        return tuple(
            sorted(documents, key=lambda doc: (ranked.get(doc.path, len(ranked)), doc.path))
        )

    def _next(self, documents: Sequence[DocView]) -> tuple[PointerView | None, str]:
        """Give the pointer of the best document; why there is none, where there is none."""
        if self._paths is None:  # else the best one may be viewed under another path
            first = next(iter(self._store.ranked()), None)
            found = (doc.pointer for doc in documents[:1] if first and doc.path == first.path)
            if (pointer := next(found, None)) is not None:
                return pointer, ""
        best = views.next_tasks(self._store, self._paths, limit=1)
        there_is = best.next is not None and best.next.action is not Action.NONE
        return best.next if there_is else None, best.because

    def _opened(
        self, choice: Choice, doc: DocView | None, rest: _Rest, *, wholly: bool
    ) -> Opened | None:
        """View a document closer; its numbers only where its tree is the page."""
        if doc is None:
            return None
        path = doc.path
        own = tuple(one for one in rest.overlay if one.path == path)
        blob = next(row.blob for row in rest.rows.documents if row.path == path)
        sections, per_week = self._trees.give(
            path,
            (blob, rest.line, own, rest.now.date()),
            lambda: (
                closeup.sections(self._store, path),
                views.per_week(self._store, (path,), rest.now),
            ),
            wholly=wholly,
        )
        burndown = None
        if choice.page is Page.TREE:
            burndown = self._burndown(choice.unit, (path,), rest, wholly=wholly)
        return Opened(doc._replace(sections=sections), burndown, per_week)

    # --- the past ----------------------------------------------------------------------------

    def _burndown(
        self, unit: Unit, paths: tuple[str, ...], rest: _Rest, *, wholly: bool
    ) -> BurndownView:
        frozen = sum(row.frozen for row in rest.rows.documents)
        return self._series.give(
            (unit, paths),
            (rest.line, rest.overlay, rest.now.date(), frozen),
            lambda: series.burndown(self._store, Asked(unit, rest.now.date(), paths)),
            wholly=wholly,
        )

    def _changes(self, rest: _Rest, *, wholly: bool) -> Iterator[Logged]:
        """Give the latest changes; what is not committed is never old."""
        newest = sorted(rest.overlay, key=_seen)[-MOST_CHANGES:]
        yield from self._present.give(
            "", newest, lambda: tuple(past.logged(self._store, newest)), wholly=True
        )
        yield from self._committed.give(
            "",
            rest.line,
            lambda: tuple(past.logged(self._store, self._latest(rest, wholly=wholly))),
            wholly=True,
        )

    def _latest(self, rest: _Rest, *, wholly: bool) -> tuple[Entry, ...]:
        if self._paths is None:
            return self._store.past.changes(Query(limit=MOST_CHANGES))
        paths = self._paths
        documents = self._ids.give("", rest.line, lambda: self._documents_at(paths), wholly=wholly)
        if not documents:
            return ()
        return self._store.past.changes(Query(documents=documents, limit=MOST_CHANGES))

    def _documents_at(self, paths: Sequence[str]) -> tuple[str, ...]:
        found = past.document_ids(self._store)
        return tuple(dict.fromkeys(key for path in paths for key in found.get(path, ())))

    def _watched_since(self, rest: _Rest, *, wholly: bool) -> datetime | None:
        def first() -> datetime | None:
            return past.moment(
                min((one.first for one in self._store.past.documents()), default=None)
            )

        return self._first.give("", rest.line, first, wholly=wholly)


@dataclass(frozen=True, slots=True)
class _Rest:
    """What every answer rests on, read once for a view."""

    rows: Remembered
    line: Line | None
    overlay: tuple[Entry, ...]  # of the documents that are looked at
    now: datetime  # in the zone of the days


class _Kept(Generic[_T]):
    """The last answers to one kind of question, each with what it rests on."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, tuple[object, _T]] = {}

    def give(self, asked: Hashable, basis: object, make: Callable[[], _T], *, wholly: bool) -> _T:
        """Answer what was asked; what rests on something else by now is good enough if not wholly.

        Of many questions the oldest is forgotten.
        """
        known = self._answers.get(asked)
        if known is not None and (not wholly or known[0] == basis):
            return known[1]
        if known is None and len(self._answers) == _MOST_KEPT:
            del self._answers[next(iter(self._answers))]
        answer = make()
        self._answers[asked] = basis, answer
        return answer


def _only(rows: Remembered, paths: Collection[str]) -> Remembered:
    """Choose what is remembered of some documents."""
    wanted = frozenset(paths)
    return views.Remembered(
        (
            tuple(row for row in rows.documents if row.path in wanted),
            tuple(row for row in rows.pointers if row.path in wanted),
            tuple(row for row in rows.mentions if row.path in wanted),
            tuple(row for row in rows.findings if row.path in wanted),
        )
    )


def _by_path(rows: Iterable[PointerRow | MentionRow | FindingRow]) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for row in rows:
        found.setdefault(row.path, []).append(row)
    return found


def _seen(entry: Entry) -> int:
    return entry.seen or entry.revision.time


def _zone(name: str | None) -> tzinfo:
    return Machine() if name is None else ZoneInfo(name)
