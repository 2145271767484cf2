from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest

from plantrack.live import rest
from plantrack.live.rest import QUIET_S, RESTLESS_S, Rest
from plantrack.store import Store


class Clock:
    """A monotonic clock that goes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(rest, "monotonic", lambda: self.now)


class Resting:
    """Counts the rests of a store."""

    def __init__(self) -> None:
        self.rests = 0

    def rest(self) -> None:
        self.rests += 1


def used(moment: Rest, store: Resting) -> int:
    moment.use(cast("Store", store))
    return store.rests


def test_there_is_one_rest_after_the_last_look(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, store, moment = Clock(monkeypatch), Resting(), Rest()
    assert moment.due() is None
    assert used(moment, store) == 0
    moment.put_off()
    clock.now += QUIET_S / 2
    moment.put_off()
    assert moment.due() == QUIET_S
    clock.now += QUIET_S / 2
    assert used(moment, store) == 0
    clock.now += QUIET_S
    assert moment.due() == 0
    assert used(moment, store) == 1
    assert moment.due() is None
    assert used(moment, store) == 1


def test_looks_without_end_do_not_put_it_off_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, store, moment = Clock(monkeypatch), Resting(), Rest()
    began = clock.now
    while not used(moment, store):
        moment.put_off()
        clock.now += QUIET_S / 2
    assert RESTLESS_S <= clock.now - began <= RESTLESS_S + QUIET_S


def test_what_a_change_needs_is_imported_in_the_first_rest(tmp_path: Path) -> None:
    program = """
import sys
from datetime import datetime, UTC
from plantrack.commands import Options
from plantrack.live import Live, wait

with Live(Options("."), clock=lambda: datetime(2026, 3, 10, tzinfo=UTC)) as live:
    live.step()
    print("plantrack.sync.scan" in sys.modules)
    while live._rest.due() is not None:
        wait(live)
        live.step()
    print("plantrack.sync.scan" in sys.modules)
"""

    def run(*arguments: str) -> list[str]:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.split()

    run("-m", "plantrack", "sync")
    time.sleep(0.1)  # until the times of the folder can be trusted
    run("-m", "plantrack", "sync")
    assert run("-c", program) == ["False", "True"]
