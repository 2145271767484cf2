"""Batches of work to their results, in other processes where that pays."""

# Theory of operation
#
# 1. A process costs as much to start as some dozens of documents to parse. So none is started for
#    little work, for a small batch, or where there is one processor.
# 2. What another process fails to do is done here; what fails here fails.

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from plantrack.sync.hand import Hand, Lost

if TYPE_CHECKING:
    from collections.abc import Callable

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
        self._members: list[_Member[Result]] = []
        self._begun = 0  # so many pieces were given to others

    def __enter__(self) -> Self:
        """Do nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, whatever they are doing."""
        for member in self._members:
            member.hand.close()

    def begin(self, job: Job, *, small: bool) -> Callable[[], Result]:
        """Hand out one piece of work; what is returned waits for its result."""
        if small or self.ahead == 0:
            return lambda: self._work(job)
        try:
            result = self._next().ask(job)
        except Lost:  # no memory, a dead process
            self.ahead = 0
            return lambda: self._work(job)
        return lambda: self._result(result, job)

    def _next(self) -> _Member[Result]:
        """Choose who is next; all are started at once."""
        while len(self._members) < self._processes:
            self._members.append(_Member(Hand(_as_it_is, self._work)))
        self._begun += 1
        return self._members[self._begun % self._processes]

    def _result(self, result: Callable[[], Result], job: Job) -> Result:
        try:
            return result()
        except Lost:
            self.ahead = 0
            return self._work(job)


class _Member(Generic[Result]):
    """One process, and what it has answered that nobody has taken yet."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self._asked = 0
        self._answered = 0
        self._results: dict[int, Result] = {}  # by their number

    def ask(self, job: object) -> Callable[[], Result]:
        """Give a piece of work; what is returned waits for its result, and may raise Lost."""
        self.hand.ask(job)
        number = self._asked
        self._asked += 1
        return lambda: self._take(number)

    def _take(self, number: int) -> Result:
        while number not in self._results:
            for result in self.hand.answers(wait=True):
                self._results[self._answered] = result
                self._answered += 1
        return self._results.pop(number)


def processors() -> int:
    """Count the processors this process may use, four at most."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MAX_PROCESSES)
    return min(os.cpu_count() or 1, MAX_PROCESSES)


def _as_it_is(work: Callable[[Job], Result]) -> Callable[[Job], Result]:
    return work
