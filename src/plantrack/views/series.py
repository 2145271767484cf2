"""The memory of the past to numbers: burndown and forecast."""

# Theory of operation
#
# 1. Charts end with today and with what the work tree says: what is not committed counts as done
#    today, so that the numbers are those of `status`.
# 2. Days are recorded in one time zone. In another one they are added up from the changes.
# 3. A day that a wrong clock put into the future is today.

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from plantrack.core import series
from plantrack.core.counts import Count
from plantrack.core.effects import Effect, Unit, effects
from plantrack.core.forecast import backtest, forecast
from plantrack.core.past_view import BurndownView, ForecastView
from plantrack.core.series import Amounts, Delta
from plantrack.store.chronicle import Query
from plantrack.views import past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, tzinfo

    from plantrack.core.change import Weight
    from plantrack.store import Store
    from plantrack.store.chronicle import Entry

_LATEST_S = 253_402_128_000  # two days before the calendar ends, wherever one is


@dataclass(frozen=True, slots=True)
class Asked:
    """What numbers are asked for."""

    unit: Unit
    today: date
    paths: tuple[str, ...] = ()  # of documents; (): all
    zone: tzinfo | None = None  # another one than that of the recorded days; None: the same
    is_other_zone: bool = False


def burndown(store: Store, asked: Asked, *, since: date | None = None) -> BurndownView:
    """Give the days from `since`, or from the first change, to today, and the forecast."""
    deltas = _deltas(store, asked)
    whole = series.fold(deltas, until=asked.today)
    shown = series.fold(deltas, until=asked.today, since=since) if since else whole
    found = forecast(whole, sizes=_sizes(store, asked.unit)) if whole else None
    return BurndownView(asked.unit.value, asked.paths, shown, found, _frozen(store, asked))


def forecasts(store: Store, asked: Asked) -> ForecastView:
    """Give the dates, what they rest on, and how earlier ones turned out."""
    days = series.fold(_deltas(store, asked), until=asked.today)
    sizes = _sizes(store, asked.unit)
    found, test = forecast(days, sizes=sizes), backtest(days, sizes=sizes)
    return ForecastView(asked.unit.value, asked.paths, found, test, _frozen(store, asked))


def levels(store: Store) -> tuple[Count, Count]:
    """Give leaves and milestones as `Store.levels` does, those of identical documents once."""
    documents = _documents(store, ()) or ()
    present = [one.change for one in store.past.overlay() if one.document in documents]
    leaves = [one.leaves for one in present]
    milestones = [one.milestones for one in present]
    return (
        _level(store.past.days(Unit.LEAVES, documents), leaves),
        _level(store.past.days(Unit.MILESTONES, documents), milestones),
    )


def _level(days: Iterable[Delta], present: Iterable[Weight]) -> Count:
    rises = [(0, 0, 0), *(one.amounts.rise for one in days)]
    rises += ((one.scope, one.done, one.dropped) for one in present)
    scope, done, dropped = map(sum, zip(*rises, strict=True))
    return Count(done, scope - dropped, dropped)


def finished(store: Store, after: date) -> int | None:
    """Count the steps ticked after a day as `Store.finished` does, identical documents once."""
    days = store.past.days(Unit.LEAVES, _documents(store, ()))
    return sum(one.amounts.finished for one in days if one.day > after) if days else None


def committed(store: Store, unit: Unit, zone: tzinfo) -> Iterator[Delta]:
    """Give what the changes of each revision add up to, in the days of a time zone."""
    return _by_day(store.past.changes(), unit, zone)


def _deltas(store: Store, asked: Asked) -> list[Delta]:
    documents = _documents(store, asked.paths)
    found = _past_deltas(store, asked, documents)
    present = [
        one for one in store.past.overlay() if documents is None or one.document in documents
    ]
    found += (_delta(asked.today, group, asked.unit) for group in _steps(present))
    return _not_ahead(found, asked.today)


def _frozen(store: Store, asked: Asked) -> int:
    """Count the open leaves of documents whose Status says the work is over."""
    if asked.unit is not Unit.LEAVES:
        return 0
    rows = (row for row in store.documents() if not row.duplicate_of)
    return sum(row.frozen for row in rows if not asked.paths or row.path in asked.paths)


def _past_deltas(store: Store, asked: Asked, documents: tuple[str, ...] | None) -> list[Delta]:
    if not asked.is_other_zone:
        return list(store.past.days(asked.unit, documents))
    if documents == ():
        return []
    entries = store.past.changes(Query(documents=documents or ()))
    return list(_by_day(entries, asked.unit, asked.zone))


def _not_ahead(deltas: Iterable[Delta], today: date) -> list[Delta]:
    return [one if one.day <= today else one._replace(day=today) for one in deltas]


def _documents(store: Store, paths: Sequence[str]) -> tuple[str, ...] | None:
    """Find the ids of what is counted; None: of everything. Of documents alike, one is."""
    copies = store.past.copies()
    if not (paths or copies):
        return None
    ids_by_path = past.document_ids(store)
    found = {key for path in paths or ids_by_path for key in ids_by_path.get(path, ())}
    return tuple(sorted(key for key in found if copies.get(key) not in found))


def _by_day(entries: Sequence[Entry], unit: Unit, zone: tzinfo | None) -> Iterator[Delta]:
    for group in _steps(entries):
        moment = datetime.fromtimestamp(min(group[0].revision.clock, _LATEST_S), zone)
        yield _delta(moment.date(), group, unit)


def _steps(entries: Iterable[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Group what one revision did to one document."""
    for _, group in groupby(
        entries, key=lambda one: (one.revision.depth, one.revision.commit, one.document)
    ):
        yield tuple(group)


def _delta(day: date, group: Sequence[Entry], unit: Unit) -> Delta:
    found = effects([one.change for one in group], unit)
    unexpanded = found.pop(Effect.UNEXPANDED, 0)
    return Delta(
        day, Amounts(**{effect.value: count for effect, count in found.items()}), unexpanded
    )


def _sizes(store: Store, unit: Unit) -> tuple[int, ...]:
    """Count the steps of each milestone of the repository when it first had any."""
    return store.past.sizes() if unit is Unit.LEAVES else ()
