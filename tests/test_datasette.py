from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import tables
from conftest import Repo
from plantrack.cli import main
from sync_samples import Here

if TYPE_CHECKING:
    from datasette.app import Datasette  # type: ignore[import-untyped]  # it ships no types

# What is measured here is another program's.
pytestmark = pytest.mark.no_cover

BERTHS = """\
# Berths

**Status:** In Progress

## Implementation Plan

- [{0}] Milestone 1: Board
  - [x] Draw the quay
  - [{0}] Snap every stay
- [ ] Milestone 2: Moves
"""
GAUGES = (
    "# Gauges\n\n## Implementation Plan\n\n- [x] Read the pilots' gauge\n- [ ] Show <b>it</b>\n"
)
SCHEMA = tables.described()
VIEWS = [table.name for table in SCHEMA if table.group == tables.VIEW]
TABLES = [table.name for table in SCHEMA if table.group != tables.VIEW]


@pytest.fixture
def path(make_repo: Callable[..., Repo]) -> Path:
    """Give the memory of a repository with some history, and an edit that is not committed."""
    repo = make_repo(
        {"docs/0001-berths.md": BERTHS.format(" ")},
        {"docs/0001-berths.md": BERTHS.format("x"), "docs/0002-gauges.md": GAUGES},
        {"docs/0002-gauges.md": None, "docs/0002-tide-gauges.md": GAUGES},
    )
    repo.write({"docs/0001-berths.md": BERTHS.format("x").replace("- [ ] M", "- [x] M")})
    Here(repo.path).refresh()
    return repo.path / ".plan-history" / "plans.db"


@pytest.fixture(params=["mutable", "immutable"])
def ask(request: pytest.FixtureRequest, path: Path) -> Callable[..., list[httpx.Response]]:
    """Return `ask(*pages)`: what Datasette answers about the memory."""

    def asked(*pages: str, metadata: dict[str, Any] | None = None) -> list[httpx.Response]:
        files = {"files": [path], "immutables": []}
        if request.param == "immutable":
            files = {"files": [], "immutables": [path]}
        served = serving(**files, metadata=metadata)
        return asyncio.run(_answers(served, pages))

    return asked


def serving(*arguments: Any, **options: Any) -> Datasette:  # noqa: ANN401 -- whatever it takes
    """Import it where it is used: it takes a second, in every process that looks for tests."""
    from datasette.app import Datasette

    return Datasette(*arguments, **options)


async def _answers(served: Datasette, pages: Sequence[str]) -> list[httpx.Response]:
    await served.invoke_startup()
    try:
        return [await served.client.get(page) for page in pages]
    finally:
        _close(served)


def _close(served: Datasette) -> None:
    served.executor.shutdown()
    for database in served.databases.values():
        database.close()


def test_every_public_view_is_read_as_json(
    path: Path, ask: Callable[..., list[httpx.Response]]
) -> None:
    answers = ask(*(f"/plans/{view}.json?_shape=array&_size=max" for view in VIEWS))
    assert [answer.status_code for answer in answers] == [200] * len(VIEWS)
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    for view, answer in zip(VIEWS, answers, strict=True):
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {view}")]  # noqa: S608
        assert rows, f"{view} is empty: nothing is tested"
        assert answer.json() == rows
    connection.close()


def test_every_table_and_view_has_its_page(ask: Callable[..., list[httpx.Response]]) -> None:
    pages = ["/plans", *(f"/plans/{name}" for name in (*TABLES, *VIEWS))]
    index, *answers = ask(*pages)
    assert index.status_code == 200
    assert all(f'href="/plans/{name}"' in index.text for name in (*TABLES, *VIEWS))
    assert {page: one.status_code for page, one in zip(pages[1:], answers, strict=True)} == (
        dict.fromkeys(pages[1:], 200)
    )


def test_every_row_that_is_referred_to_has_its_page(
    ask: Callable[..., list[httpx.Response]],
) -> None:
    referred = {one.refers_to for table in SCHEMA for one in table.columns if one.refers_to}
    pages = [f"/plans/{name}/1" for name in sorted(referred)]
    assert len(pages) > 3
    assert [answer.status_code for answer in ask(*pages)] == [200] * len(pages)


def test_a_row_that_is_referred_to_is_shown_by_the_name_the_page_says(
    path: Path, ask: Callable[..., list[httpx.Response]]
) -> None:
    pages = ["/plans/tip.json?_shape=array&_labels=on", "/plans/tip", "/plans/line_revision"]
    tips, tip_page, line_page = ask(*pages, metadata=tables.METADATA)
    first, *_ = tips.json()
    assert first["worktree"] == {"value": 1, "label": str(path.parent.parent)}
    assert "docs/0001-berths.md" in [row["version"]["label"] for row in tips.json()]
    assert f'<a href="/plans/worktree/1">{path.parent.parent}</a>' in tip_page.text
    assert ">Change the plan</a>" in line_page.text


def test_the_labels_that_are_told_are_those_of_the_page() -> None:
    assert json.dumps(tables.METADATA, indent=2) in tables.PAGE.read_text("utf-8")


def test_the_texts_of_a_document_are_no_markup(ask: Callable[..., list[httpx.Response]]) -> None:
    (answer,) = ask("/plans/v_items")
    assert "Show &lt;b&gt;it&lt;/b&gt;" in answer.text


def test_what_is_filtered_and_counted_is_answered(
    ask: Callable[..., list[httpx.Response]],
) -> None:
    facets, done = ask(
        "/plans/v_changes.json?_facet=change&_facet=author&_size=1",
        "/plans/v_items.json?_shape=array&state=done&_sort_desc=line",
    )
    found = facets.json()["facet_results"]
    counts = {one["value"]: one["count"] for one in found["change"]["results"]}
    assert counts == {"added": 6, "ticked": 2}
    assert [row["line"] for row in done.json()] == [10, 9, 8, 7, 5]


def test_datasette_sees_what_is_written_while_it_runs(path: Path) -> None:
    here, page = (
        Here(path.parent.parent),
        "/plans/v_status.json?_shape=array&path=docs/0001-berths.md",
    )

    async def asked() -> list[int]:
        served = serving([path])
        await served.invoke_startup()
        done = []
        for mark in "x ":
            (here.path / "docs" / "0001-berths.md").write_text(BERTHS.format(mark))
            here.refresh()
            (row,) = (await served.client.get(page)).json()
            done.append(row["leaves_done"])
        _close(served)
        return done

    assert asyncio.run(asked()) == [2, 1]


def test_a_memory_that_was_served_is_as_sound_as_before(
    path: Path, ask: Callable[..., list[httpx.Response]]
) -> None:
    ask("/plans", *(f"/plans/{view}" for view in VIEWS))
    with Here(path.parent.parent).open() as store:
        assert store.check() == ()
        assert store.notices == ()


def test_a_file_of_many_repositories_opens_as_well(path: Path, tmp_path: Path) -> None:
    exported = []
    for what in ("changes", "days"):
        exported.append(str(tmp_path / f"{what}.ndjson"))
        folder = str(path.parent.parent)
        assert main(["-C", folder, "export", "--what", what, "--output", exported[-1]]) == 0
    merged = tmp_path / "org.db"
    assert main(["merge", *exported, "-o", str(merged)]) == 0
    tables_of_it = ("repository", "change", "day", "v_repositories", "v_changes", "v_days")
    pages = [f"/org/{name}" for name in tables_of_it]
    *answers, labelled = asyncio.run(
        _answers(serving([merged]), [*pages, "/org/change.json?_labels=on"])
    )
    assert [answer.status_code for answer in answers] == [200] * len(pages)
    assert '"label": "repo"' in labelled.text
