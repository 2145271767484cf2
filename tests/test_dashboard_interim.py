from __future__ import annotations

import gc
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from plantrack.dashboard import interim
from plantrack.dashboard.interim import meanwhile

ENOUGH_S = 20


class Enough(BaseException):
    """What takes its time is no longer wanted."""


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """See to it that nothing is left of any timer but the one that was there."""
    handler = signal.getsignal(signal.SIGALRM)
    left, every = signal.getitimer(signal.ITIMER_REAL)
    yield
    assert signal.getsignal(signal.SIGALRM) is handler
    now_left, now_every = signal.getitimer(signal.ITIMER_REAL)
    assert (bool(now_left), now_every) == (bool(left), every)
    assert now_left <= left


@pytest.fixture
def deeds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(interim, "AFTER_S", 0.01)
    monkeypatch.setattr(interim, "EVERY_S", 0.001)
    return []


def counting(until: Callable[[], bool]) -> int:
    """Be busy with Python alone."""
    number = 0
    end = time.monotonic() + ENOUGH_S
    while not until():
        number += 1
        assert time.monotonic() < end
    return number


def waiting_for_a_process(until: Callable[[], bool]) -> None:
    while not until():
        subprocess.run([sys.executable, "-S", "-c", ""], check=True)


def waiting_for_a_lock(until: Callable[[], bool]) -> None:
    lock = threading.Lock()
    lock.acquire()
    while not until():
        assert not lock.acquire(timeout=0.05)


def waiting_for_a_pipe(until: Callable[[], bool]) -> None:
    while not until():
        assert select.select([], [], [], 0.05) == ([], [], [])


@pytest.mark.parametrize(
    "busy", [counting, waiting_for_a_process, waiting_for_a_lock, waiting_for_a_pipe]
)
def test_deeds_are_done_whatever_is_going_on(
    deeds: list[str], busy: Callable[[Callable[[], bool]], object]
) -> None:
    with meanwhile(lambda: deeds.append("done")):
        busy(lambda: len(deeds) >= 3)
    done = len(deeds)
    counting(iter([False] * 1000 + [True]).__next__)
    assert len(deeds) == done


def test_what_is_soon_done_is_not_interrupted(deeds: list[str]) -> None:
    for _ in range(1000):
        with meanwhile(lambda: deeds.append("done")):
            pass
    assert not deeds


def test_what_a_deed_raises_ends_what_is_going_on(deeds: list[str]) -> None:
    def enough() -> None:
        deeds.append("done")
        raise Enough

    with pytest.raises(Enough), meanwhile(enough):
        counting(lambda: False)
    assert deeds == ["done"]


def test_what_is_raised_and_dropped_is_raised_again(
    deeds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interim, "AGAIN_S", 0.01)

    def enough() -> None:
        deeds.append("done")
        raise Enough

    def work() -> None:
        with meanwhile(enough):
            try:
                counting(lambda: False)
            except Enough:
                counting(lambda: False)

    with pytest.raises(Enough):
        work()
    assert deeds == ["done", "done"]


def test_a_deed_there_is_no_room_for_is_done_later(deeds: list[str]) -> None:
    def deed() -> None:
        deeds.append("done")
        if len(deeds) == 1:
            raise RecursionError

    with meanwhile(deed):
        counting(lambda: len(deeds) > 1)


def test_deeds_do_not_interrupt_each_other(deeds: list[str]) -> None:
    def deed() -> None:
        deeds.append("begun")
        counting(iter([False] * 100_000 + [True]).__next__)
        deeds.append("ended")

    with meanwhile(deed):
        counting(lambda: len(deeds) >= 6)
    assert deeds[:6] == ["begun", "ended"] * 3


def test_a_signal_that_comes_when_all_is_over_sets_no_timer_again(
    deeds: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would be there to hear that one, and it would end the program."""
    set_timer, set_to = signal.setitimer, list[float]()

    def late(which: int, seconds: float, every: float = 0.0) -> tuple[float, float]:
        set_to.append(seconds)
        before = set_timer(which, seconds, every)
        if len(set_to) == 2:
            signal.raise_signal(signal.SIGALRM)
        return before

    left = signal.getitimer(signal.ITIMER_REAL)[0]
    with monkeypatch.context() as patch:
        patch.setattr(signal, "setitimer", late)
        with meanwhile(lambda: deeds.append("done")):
            pass
    assert set_to[:2] == [interim.AFTER_S, 0]
    assert set_to[2:] == [pytest.approx(left, abs=1)]
    assert not deeds


def test_a_timer_of_somebody_else_goes_on(deeds: list[str]) -> None:
    def mine(*_: object) -> None:
        deeds.append("mine")

    handler = signal.signal(signal.SIGALRM, mine)
    timer = signal.setitimer(signal.ITIMER_REAL, 3600, 7)
    try:
        with meanwhile(lambda: deeds.append("done")):
            counting(lambda: bool(deeds))
        assert signal.getsignal(signal.SIGALRM) is mine
        left, every = signal.getitimer(signal.ITIMER_REAL)
        assert 3000 < left <= 3600
        assert every == 7
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)
    assert "mine" not in deeds
    assert gc.isenabled()
