from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from conftest import FIRST_COMMIT, PROJECT_ROOT, Repo
from plantrack import views
from plantrack.core.effects import Unit
from plantrack.core.view import PACE_WEEKS
from plantrack.errors import DatabaseError
from plantrack.store import OverviewRow
from plantrack.store import overview as stored
from plantrack.views import overview, series
from sync_samples import Here, plan
from view_samples import overview as as_overview

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Here:
    """The sample documents, in every state of a plan."""
    folder = tmp_path_factory.mktemp("samples") / "docs"
    shutil.copytree(PROJECT_ROOT / "sample_docs", folder)
    here = Here(folder)
    here.refresh()
    return here


def test_it_says_what_the_whole_view_says(samples: Here) -> None:
    with samples.open() as store:
        found = overview.overview(store, now=NOW)
        assert found == as_overview(views.status(store, samples.place, now=NOW))
    assert len(found.documents) > 10
    assert {one.action for one in found.documents} > {"do", "none"}
    assert any(one.codes for one in found.documents)


def test_it_says_the_same_of_each_document_alone_and_in_any_order(samples: Here) -> None:
    with samples.open() as store:
        paths = [row.path for row in store.documents()][::-1]
        for chosen in ([path] for path in paths):
            whole = views.status(store, samples.place, chosen, now=NOW)
            assert overview.overview(store, chosen, now=NOW) == as_overview(whole)
        whole = views.status(store, samples.place, paths, now=NOW)
        assert overview.overview(store, paths, now=NOW) == as_overview(whole)


def test_a_document_that_is_not_known_has_no_row(samples: Here) -> None:
    with samples.open() as store:
        found = overview.overview(store, ["gone.md"])
    assert (found.documents, found.leaves) == ((), (0, 0, 0))


def test_identical_documents_count_once_in_every_sum(make_repo: Callable[..., Repo]) -> None:
    both = ("a.md", "vendored/a.md")
    repo = make_repo(dict.fromkeys(both, plan("x  ")) | {"b.md": plan("  ")})
    repo.commit(dict.fromkeys(both, plan("xx ")), "Tick")
    here, now = Here(repo.path), FIRST_COMMIT + timedelta(days=7)
    for state, done in (("xx ", 2), ("xxx", 3)):
        repo.write(dict.fromkeys(both, plan(state)))
        here.refresh()
        with here.open() as store:
            found = overview.overview(store, now=now)
            assert found == as_overview(views.status(store, here.place, now=now))
            charted = series.burndown(store, series.Asked(Unit.LEAVES, now.date())).days[-1]
        assert found.duplicates == (("vendored/a.md", "a.md"),)
        assert found.ever == (found.leaves, found.milestones)
        assert found.leaves == (done, 5, 0)
        assert (charted.done, charted.scope) == (done, 5)
        assert found.per_week == 1 / PACE_WEEKS  # what is committed


@pytest.mark.parametrize(
    ("seconds", "is_known"),
    [
        (-62_135_596_801, False),
        (-62_135_596_800, True),
        (253_402_300_799, True),
        (253_402_300_800, False),
    ],
)
def test_a_moment_that_no_calendar_has_is_not_known(
    seconds: int,
    is_known: bool,  # noqa: FBT001
    samples: Here,
) -> None:
    with samples.open() as store:
        path = store.location.path
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:  # nothing is committed
        connection.execute("UPDATE document SET last_change = ?", (seconds,))

        def gather(
            columns: str, source: str, parameters: tuple[object, ...]
        ) -> list[tuple[Any, ...]]:
            return connection.execute(f"SELECT {columns} {source}", parameters).fetchall()

        columns = stored.overview(gather, str(samples.path))
    last_changes = columns[list(OverviewRow.__annotations__).index("last_change")]
    assert set(last_changes) == {seconds if is_known else None}
    if is_known:
        datetime.fromtimestamp(seconds, UTC)


def test_names_that_are_no_utf_8_are_given_as_they_are(tmp_path: Path) -> None:
    names = [b"caf\xe9.md", b"copy-\xe9.md", b"plain.md"]
    for name in names:
        (tmp_path / os.fsdecode(name)).write_text(plan())
    here = Here(tmp_path)
    here.refresh()
    with here.open() as store:
        found = overview.overview(store)
        assert found == as_overview(views.status(store, here.place))
    told = {found.documents[0].path, *(path for pair in found.duplicates for path in pair)}
    assert told == set(map(os.fsdecode, names))


def test_rows_that_are_gathered_are_those_that_are_read(samples: Here) -> None:
    columns, source = "path, rank, leaves_done, title", "FROM document WHERE leaves_done > ?"
    with samples.open() as store:
        database = store._database  # noqa: SLF001 - what it gathers shows nowhere else
        for least in (0, 2):  # the second one finds what gathers there already
            read = database.read(f"SELECT {columns} {source}", (least,))
            assert sorted(database.gather(columns, source, (least,)), key=repr) == sorted(
                read, key=repr
            )
        database.close()
        assert database.gather("1", "FROM document", ()), "a connection was opened anew"


def test_a_text_that_is_no_utf_8_is_damage_here_as_anywhere(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text(plan())
    here = Here(tmp_path)
    here.refresh()
    with here.open() as store:
        path = store.location.path
        assert path is not None
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE document SET family = CAST(x'ff' AS TEXT)")
        with pytest.raises(DatabaseError):
            overview.overview(store)
