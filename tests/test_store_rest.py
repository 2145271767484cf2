from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from plantrack.store import Store, database
from plantrack.store.recording import CachedPlan
from store_samples import database_of, open_at

MUCH = "x" * 200_000


@contextmanager
def kept_open(top: Path) -> Iterator[Path]:
    """Read along, so that the log is not put away when its writer ends; give the log."""
    with closing(sqlite3.connect(database_of(top))) as other:
        other.execute("SELECT count(*) FROM document").fetchone()
        yield Path(f"{database_of(top)}-wal")


def write(store: Store, times: int) -> None:
    """Write about 200 KB so many times."""
    for number in range(times):
        store.save_plans([CachedPlan(f"{number:040}", "", MUCH)], day=1)


def test_the_log_is_put_away_in_a_rest_and_not_before(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with open_at(tmp_path) as store, kept_open(tmp_path) as log:
        store.expect_rests()
        write(store, 30)
        grown = log.stat().st_size
        assert grown > 5 << 20  # SQLite would have put it away at 4
        size = database_of(tmp_path).stat().st_size
        assert size < 1 << 20
        store.rest()
        assert database_of(tmp_path).stat().st_size > 5 << 20
        write(store, 1)
        assert log.stat().st_size <= max(grown, database.JOURNAL_BYTES)  # begun anew
    assert open_at(tmp_path).plans([("0" * 40, "")]) == (MUCH,)


def test_nothing_is_put_away_that_is_not_worth_it(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with open_at(tmp_path) as store, kept_open(tmp_path) as log:
        store.expect_rests()
        store.rest()  # nothing was written
        write(store, 1)
        size, grown = database_of(tmp_path).stat().st_size, log.stat().st_size
        store.rest()
        assert (database_of(tmp_path).stat().st_size, log.stat().st_size) == (size, grown)


def test_a_database_that_went_meanwhile_is_left_alone(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with open_at(tmp_path) as store:
        store.expect_rests()
        write(store, 10)
        database_of(tmp_path).unlink()
        store.rest()
        assert not database_of(tmp_path).exists()


def test_a_rest_that_fails_harms_nobody(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with open_at(tmp_path) as store, kept_open(tmp_path):
        store.expect_rests()
        write(store, 10)
        lock = Path(f"{database_of(tmp_path)}.lock")
        lock.unlink()
        lock.mkdir()  # the latch cannot be had
        store.rest()
        lock.rmdir()
        assert store.plans([("0" * 40, "")]) == (MUCH,)


def test_what_is_in_memory_needs_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".plan-history").write_text("in the way\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ".plan-history"))
    with open_at(tmp_path) as store:
        assert store.location.path is None
        store.expect_rests()
        write(store, 1)
        store.rest()
        assert store.plans([("0" * 40, "")]) == (MUCH,)
