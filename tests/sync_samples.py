"""Places with plans in them, brought up to date with real files and a real database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from plantrack import config, repo, sync
from plantrack.core.view import SyncView
from plantrack.repo import Place
from plantrack.store import DocumentRow, Store, open_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A_TICK_S = 0.06  # of any file system's clock: what rested for that long is trusted to rest


def plan(marks: str = "x ", title: str = "Tides", status: str = "In progress") -> str:
    """Write a design doc with a task for each mark."""
    tasks = "\n".join(f"- [{mark}] Do part {number}" for number, mark in enumerate(marks))
    return f"# {title}\n\n**Status:** {status}\n\n## Implementation Plan\n\n{tasks}\n"


@dataclass(frozen=True, slots=True)
class Here:
    """One place of a test."""

    path: Path

    @property
    def place(self) -> Place:
        """Find the place anew, as every command does."""
        return repo.find_place(str(self.path))

    @contextmanager
    def open(self) -> Iterator[Store]:
        """Open its memory."""
        place = self.place
        settings = config.load(place.top)
        with open_store(
            place.top, place.main_top, settings.database, is_tracked=lambda _: False
        ) as store:
            yield store

    def refresh(
        self,
        *,
        rebuild: bool = False,
        progress: Callable[[int, int], None] | None = None,
        now: datetime = NOW,
        waits: bool = True,
    ) -> SyncView:
        """Bring the memory up to date, as every command does."""
        place = self.place
        settings = config.load(place.top)
        with self.open() as store:
            return sync.refresh(
                place, store, settings, now=now, progress=progress, rebuild=rebuild, waits=waits
            )

    def rest(self) -> None:
        """Bring the memory to where all that was written is trusted to rest."""
        self.refresh()  # makes the database's folder, which changes the one above
        time.sleep(A_TICK_S)
        self.refresh()

    def rows(self) -> dict[str, DocumentRow]:
        """Read every document's row, by path."""
        with self.open() as store:
            return {row.path: row for row in store.documents()}

    def generation(self) -> int | None:
        """Count how often the place was recorded."""
        with self.open() as store:
            snapshot = store.snapshot()
            return snapshot.generation if snapshot else None

    def everything(self) -> dict[str, Any]:
        """Read all that is remembered but for stamps, which depend on when a file was looked at."""
        with self.open() as store:
            assert store.check() == ()
            snapshot = store.snapshot()
            assert snapshot is not None
            return {
                "basis": snapshot.basis,
                "folders": [path for path, _ in snapshot.folders],
                "controls": [path for path, _ in snapshot.controls],
                "listed": [path for path, _ in snapshot.documents],
                "documents": store.documents(),
                "pointers": store.pointers(),
                "ranked": store.ranked(),
                "planned": store.planned(),
                "mentions": store.mentions(),
                "findings": store.findings(),
                "trees": {row.path: store.tree(row.path) for row in store.documents()},
            }
