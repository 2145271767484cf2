"""A place and its memory to a memory that is up to date."""

# Theory of operation
#
# 1. Every command calls this first, and mostly nothing has changed. So the check comes first, costs
#    stats alone, and whatever reading, listing and recording need is imported only after it failed.
# 2. A memory is current when the documents, the folders they could appear in and the files that
#    decide which are listed are as they were, and when it was made under the same configuration,
#    by the same program, on the same commit, in a clone that goes back as far.
# 3. Several processes do this at once. Each computes from one snapshot; when another one recorded
#    first, the work starts again from its snapshot, and mostly finds that nothing is left to do.
# 4. A document that lost items a moment ago may be half written: that is waited for, see settling.
# 5. A long history is read by one process at a time. Who was overtaken by it waits for as long as
#    it comes on, and takes over where it stopped: reading side by side, all but one work in vain.

from __future__ import annotations

from time import perf_counter, sleep

from plantrack import __version__, repo
from plantrack.store import Basis, Overtaken, Renewed

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from plantrack.config import Config
    from plantrack.core.quick_view import SyncView
    from plantrack.repo import Place
    from plantrack.store import Columns, Store

PARSER_VERSION = 2  # that of core.parse, which takes longer to import than the whole check
DAY_S = 86_400
ATTEMPTS = 8  # each lost one means that another process has recorded
PATIENCE_S = 3.0  # without a sign of the process that reads the history: then it has ended

_GLANCE_S = 0.05  # between two looks at how far it is


def refresh(  # noqa: PLR0913 - one call for every command
    place: Place,
    store: Store,
    config: Config,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
    rebuild: bool = False,
    waits: bool = True,
) -> SyncView:
    """Bring the memory up to date with the files.

    `progress` is called with (read, to read), for history first and for documents then. `rebuild`
    reads and parses everything again, whatever is remembered. What may be a save under way is
    waited for, half a second at most; who does not wait has to ask again while something is
    `unsettled`. Raises PlaceError when git refuses to list the place, and DatabaseError when the
    memory can be neither written nor replaced.
    """
    began = perf_counter()

    def attempt(forgets: bool, until: float | None) -> SyncView:  # noqa: FBT001 - called once
        done = _catch_up(
            place,
            store,
            config,
            rebuild=rebuild,
            forgets=forgets,
            now_s=int(now.timestamp()),
            progress=progress,
            patience=(waits, until),
        )
        return done._replace(documents=store.planned())

    done = _persist(place, store, attempt, waits=waits, forgets=rebuild)
    return done._replace(milliseconds=round((perf_counter() - began) * 1000))


def is_current(place: Place, known: Columns, basis: Basis) -> bool:
    """Tell whether everything that was recorded is as it was; costs stats alone."""
    return (
        known.basis == basis
        and not repo.folders_changed(place, zip(*known.folders, strict=True))
        and not repo.controls_changed(known.controls)
        and not repo.any_changed(place, zip(*known.documents, strict=True))
    )


def basis_of(place: Place, config: Config) -> Basis:
    """Name what a recording made now rests on besides the files."""
    # Another version of this program may give other rows for the same documents.
    settings = f"{config.fingerprint()} {__version__}"
    horizon = repo.horizon(place)  # a fetch may move it and leave HEAD where it is
    if horizon is not None:
        settings += f" {tuple(horizon)}"
    return Basis(settings, PARSER_VERSION, repo.read_head(place).commit)


def prepare() -> None:
    """Import what is needed once something has changed, before it has."""
    from plantrack.sync import history, scan, settling  # noqa: F401


def _persist(
    place: Place,
    store: Store,
    attempt: Callable[[bool, float | None], SyncView],
    *,
    waits: bool,
    forgets: bool,
) -> SyncView:
    """Try until it is done; an attempt is told whether to forget the past, and how long to wait."""
    lost = 0
    until = None  # the end of patience, once some was needed
    while True:
        try:
            done = attempt(forgets, until)
        except (Overtaken, Renewed):
            if not _gave_way(place, store):
                lost += 1
            if lost == ATTEMPTS:
                raise
        else:
            if not (waits and done.unsettled):
                return done
            from plantrack.sync import settling

            until = settling.wait(place, done.unsettled, until)
        forgets = False  # what was read since is as new as what would be


def _catch_up(  # noqa: PLR0913 - as refresh
    place: Place,
    store: Store,
    config: Config,
    *,
    rebuild: bool,
    forgets: bool,
    now_s: int,
    progress: Callable[[int, int], None] | None,
    patience: tuple[bool, float | None],
) -> SyncView:
    """Try once; `forgets`: the past as well. How many plans there are is still open.

    `patience` says whether the caller waits, and until when.
    """
    from plantrack.core.quick_view import SyncView

    basis = basis_of(place, config)
    columns = None if rebuild else store.columns()
    if columns is not None and is_current(place, columns, basis):
        return SyncView(0, len(columns.documents[0]), 0, 0, 0)

    from plantrack.sync import history, scan, settling

    past = history.catch_up(
        place, store, config, day=now_s // DAY_S, progress=progress, rebuild=forgets
    )
    if not past.is_calm:
        basis = Basis(basis.config, basis.parser_version, None)  # to be looked at again
    is_alike = columns is not None and columns.basis[:2] == basis[:2]
    known = columns.snapshot() if columns is not None and is_alike else None
    waits, until = patience
    doubt = settling.doubt(waits=waits, until=until)
    order = scan.Order(place, store, config, basis, known, now_s, rebuild, progress, past, doubt)
    done = scan.scan(order)
    if done.recording is not None:
        store.record(done.recording)
    return SyncView(
        done.read, done.known, done.gone, 0, 0, unsettled=done.unsettled, is_calm=done.is_calm
    )


def _gave_way(place: Place, store: Store) -> bool:
    """Wait while another process reads the history of this worktree; False: none does."""
    head = repo.read_head(place).commit
    line, since = store.past.line(), perf_counter()
    waited = False
    while line is not None and line.head is None and line.head != head:
        waited = True
        sleep(_GLANCE_S)
        now = store.past.line()
        if now != line:
            line, since = now, perf_counter()
        elif perf_counter() - since > PATIENCE_S:
            break
    return waited
