"""Batches of work to their results, in other processes where that pays."""

# Theory of operation
#
# 1. A process costs as much to start as some dozens of documents to parse. So none is started for
#    little work, for a small batch, or where there is one processor.
# 2. New processes are spawned, never forked: this one may have threads and an open database.
# 3. What another process fails to do is done here; what fails here fails.

from __future__ import annotations

import os
import signal
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ProcessPoolExecutor

    Work = Callable[["Job"], "Result"]

Job = TypeVar("Job")
Result = TypeVar("Result")

MAX_PROCESSES = 4  # the one that hands out the work is busy with four


class Crew(Generic[Job, Result]):
    """Some processes that all do the same work; a context manager.

    `work` must be a function of a module, and what goes in and out must be picklable. With
    `processes` below two, everything is done in this process, when its result is asked for.
    """

    def __init__(self, work: Callable[[Job], Result], processes: int) -> None:
        """Name the work; no process is started before there is something to do."""
        self.ahead = processes + 1 if processes > 1 else 0  # batches worth handing out at a time
        self._work = work
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        """Do nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Drop what was not begun and end the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def begin(self, job: Job, *, small: bool) -> Callable[[], Result]:
        """Hand out one piece of work; what is returned waits for its result."""
        if small or self.ahead == 0:
            return lambda: self._work(job)
        try:
            future = self._started().submit(self._work, job)
        except (OSError, ImportError, BrokenExecutor):  # no semaphores, no memory, a dead process
            self.ahead = 0
            return lambda: self._work(job)
        return lambda: self._result(future, job)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing import get_context

            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, context, _ignore_interrupts)
        return self._pool

    def _result(self, future: Future[Result], job: Job) -> Result:
        try:
            return future.result()
        except (OSError, BrokenExecutor):
            self.ahead = 0
            return self._work(job)


def processors() -> int:
    """Count the processors this process may use, four at most."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    return min(os.cpu_count() or 1, MAX_PROCESSES)


def _ignore_interrupts() -> None:
    # The terminal interrupts all of its processes; this one's creator ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
