"""What a command was asked to what it prints: the place and its memory, a view, a medium."""

# Theory of operation
#
# 1. Every way into the program ends here, so that all of them print the same.
# 2. The memory is brought up to date first. What it says then is shown as JSON, as rows for a pipe,
#    or laid out for a terminal.
# 3. Media are imported when they are needed: a plain `next` needs none of the large ones.

from __future__ import annotations

from plantrack import console
from plantrack.core.clean import clean

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from typing import Self, TypeVar

    from plantrack.config import Config
    from plantrack.core.model import Finding
    from plantrack.core.view import NextView, Overview, StatusView, SyncView
    from plantrack.render.screen import Screen
    from plantrack.repo import Place
    from plantrack.store import Store

    T = TypeVar("T")

MENDED = "database-mended"  # code of what was wrong with the memory until it was opened
USUAL_LIMIT = 6  # next tasks shown in all: few enough to choose from


class Options:
    """What every command can be told."""

    __slots__ = ("debug", "json", "start", "verbose")

    def __init__(
        self, start: str = ".", *, json: bool = False, verbose: bool = False, debug: bool = False
    ) -> None:
        """Run from the folder `start`."""
        self.start = start
        self.json = json
        self.verbose = verbose
        self.debug = debug


def status(
    options: Options, names: Sequence[str] = (), *, now: datetime, every: bool = False
) -> int:
    """Show where documents stand; a single one by its tree."""
    with Memory(options, now) as memory:
        named, whole, view = memory.ask(lambda: _where(memory, names, now, json=options.json))
    screen = console.screen(verbose=options.verbose)
    if view is None:
        assert whole is not None
        text = _whole(whole, options, screen, memory.now)
    elif screen.width is None or not (view.documents or view.unplanned):
        from plantrack.render.text import table

        text = table.status(view, screen, memory.now, named=named)
    else:
        from plantrack.render import terminal

        text = terminal.status(view, screen, memory.now, every=every or bool(names))
    console.write(text)
    return 0


def _where(
    memory: Memory, names: Sequence[str], now: datetime, *, json: bool
) -> tuple[Sequence[str], StatusView | None, Overview | None]:
    """Give the documents that were named, and the view that is to be shown of them."""
    from plantrack import views
    from plantrack.views import overview

    paths = memory.paths(names)
    if json or names:
        whole = views.status(memory.store, memory.place, paths, now=now)
        if json or len(whole.documents) == 1:
            return paths or (), whole, None
    return paths or (), None, overview.overview(memory.store, paths, now=now)


def _whole(view: StatusView, options: Options, screen: Screen, now: datetime) -> str:
    if options.json:
        from plantrack.render import as_json

        return as_json.status(view, screen)
    from plantrack.render.text import tree

    return tree.document(view.documents[0], screen, now, per_week=view.per_week)


def next_task(
    options: Options,
    name: str | None = None,
    *,
    now: datetime,
    limit: int | None = USUAL_LIMIT,
    order: str = "frontier",
) -> int:
    """Show the next task, of one document or of all, and at most `limit` in all."""
    with Memory(options, now) as memory:
        from plantrack import views

        chosen = None
        if order != "frontier":
            from plantrack.core.pointer import Order

            chosen = Order(order)
        names = () if name is None else (name,)

        def answer() -> NextView:
            found = views.next_tasks(memory.store, memory.paths(names), limit=limit, order=chosen)
            return memory.beside(found) if options.json else found

        view = memory.ask(answer)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import next_json

        console.write(next_json.next_task(view, screen))
    else:
        from plantrack.render.text import pointing

        console.write(pointing.next_task(view, screen))
    return 0


def explain(options: Options, name: str, *, now: datetime) -> int:
    """Show how every box-like line of one document is counted."""
    with Memory(options, now) as memory:
        from plantrack import views
        from plantrack.views import naming

        found = memory.ask(lambda: naming.resolve(memory.store, memory.place, name))
        path = naming.one(name, found)
        view = views.explain(memory.store, memory.place, memory.config, path)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import as_json

        console.write(as_json.explain(view, screen))
    else:
        from plantrack.render.text import ledger

        console.write(ledger.explain(view, screen))
    return 0


def sync(options: Options, *, now: datetime, rebuild: bool = False) -> int:
    """Bring the memory up to date, or with `rebuild` make it anew, and say what that took."""
    with Memory(options, now, rebuild=rebuild) as memory:
        view = memory.refresh()
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import as_json

        console.write(as_json.sync(view, screen))
    else:
        from plantrack.render.text import memory as words

        console.write(words.sync(view, screen))
    return 0


def database_path(options: Options, *, now: datetime) -> int:
    """Say where the memory is kept."""
    from plantrack.errors import DatabaseError

    with Memory(options, now) as memory:
        path = memory.store.location.path
    if path is None:
        raise DatabaseError(
            "there is no database file: the memory ends with this command",
            "make the folder of the repository, or the state folder, writable",
        )
    console.write(f"{path}\n")
    return 0


def database_check(options: Options, *, now: datetime) -> int:
    """Look for damage, add the books up and ask git; return 5 where anything is wrong."""
    from plantrack.errors import DatabaseError
    from plantrack.store import balance

    with Memory(options, now, quiet=True) as memory:
        findings = (*_mended(memory.store), *memory.store.check())
        if not findings:  # whatever is damaged need not be like anything
            from plantrack.sync import audit

            findings = audit.against_git(memory.place, memory.store)
        description = memory.store.describe()
        books = balance.read(description.path)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        from plantrack.render import as_json

        console.write(as_json.check(description, findings, screen, books))
    else:
        from plantrack.render.text import memory as words

        console.write(words.check(description, findings, screen, books))
    console.notice(filter(None, (description.notice, _remedy(findings))))
    return DatabaseError.exit_code if findings else 0


def _remedy(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    if all(finding.code == MENDED for finding in findings):
        return "nothing is to be done: the next command reads everything again"
    return "run plantrack sync --rebuild, or delete the database: everything is read again"


def _mended(store: Store) -> list[Finding]:
    """Tell what was wrong with the memory and was mended when it was opened."""
    from plantrack.core.model import Finding

    name = store.location.path or "memory"
    told = (one for one in store.notices if one != store.location.notice)
    return [Finding(name, 0, MENDED, one) for one in told]


def completions(start: str, incomplete: str, *, now: datetime) -> list[str]:
    """Offer a shell the remembered documents that a word could become; nothing is read anew.

    A word without a folder may become a path or the stem of one; names that would act on a terminal
    are kept back.
    """
    with Memory(Options(start), now, quiet=True) as memory:
        paths = [row.path for row in memory.store.documents()]
    names = paths
    if incomplete and "/" not in incomplete:
        stems = [path.rpartition("/")[2].rpartition(".")[0] for path in paths]
        names = [stem for stem in stems if stems.count(stem) == 1] + paths
    return [name for name in names if name.startswith(incomplete) and clean(name) == name]


# --- the memory -----------------------------------------------------------------------------------


class Memory:
    """The place a command runs in and what is remembered of it, open for one command."""

    def __init__(
        self, options: Options, now: datetime, *, rebuild: bool = False, quiet: bool = False
    ) -> None:
        """Open the memory of the place that `options` start from."""
        from plantrack import config, repo
        from plantrack.store import open_store

        self._asked_at = now
        self._options = options
        self._quiet = quiet
        self._rebuild = rebuild
        self.place: Place = repo.find_place(options.start)
        self.config: Config = config.load(self.place.top)
        self.store: Store = open_store(
            self.place.top,
            self.place.main_top,
            self.config.database,
            is_tracked=lambda path: repo.is_tracked(self.place, path),
        )

    def __enter__(self) -> Self:
        """Use the memory."""
        return self

    def __exit__(self, *_: object) -> None:
        """Tell what is to be told of the memory, and close it."""
        if not self._quiet:
            console.notice(self.store.notices)
        self.store.close()

    def refresh(self, told: Callable[[int, int], None] | None = None) -> SyncView:
        """Bring the memory up to date; `told` hears how far that is, in place of the terminal."""
        from plantrack import sync

        progress = console.Progress()
        try:
            return sync.refresh(
                self.place,
                self.store,
                self.config,
                now=self._asked_at,
                progress=told or progress,
                rebuild=self._rebuild,
            )
        finally:
            progress.close()

    def follow(self, now: datetime, told: Callable[[int, int], None] | None = None) -> SyncView:
        """Bring the memory up to date once more, as of `now`, without waiting.

        Nobody but `told` hears how far that is.
        """
        from plantrack import sync

        self._asked_at = now
        return sync.refresh(
            self.place, self.store, self.config, now=now, progress=told, waits=False
        )

    def ask(self, question: Callable[[], T]) -> T:
        """Bring the memory up to date and ask it; once more if it was replaced in between."""
        from plantrack.store import Renewed

        self.refresh()
        try:
            return question()
        except Renewed:
            self.refresh()
            return question()

    def beside(self, view: NextView) -> NextView:
        """Add to a next task what a program that works on it needs beside it."""
        from plantrack.views import nearby

        most = self.config.max_document_kib * 1024
        return nearby.with_nearby(self.store, self.place, view, max_bytes=most)

    def paths(self, names: Sequence[str]) -> tuple[str, ...] | None:
        """Find the documents that names stand for, each once; None: no name was given."""
        if not names:
            return None
        from plantrack.views import naming

        found = (path for name in names for path in naming.resolve(self.store, self.place, name))
        return tuple(dict.fromkeys(found))

    @property
    def now(self) -> datetime:
        """Give the time of the question in the time zone people are shown."""
        if not self._options.verbose:
            return self._asked_at
        if self.config.timezone is None:
            from plantrack.zones import Machine

            return self._asked_at.astimezone(Machine())
        from zoneinfo import ZoneInfo

        return self._asked_at.astimezone(ZoneInfo(self.config.timezone))
