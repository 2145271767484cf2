from __future__ import annotations

import os
from typing import NoReturn

import pytest

from plantrack.sync.crew import Crew, processors

HERE = os.getpid()


def where(number: int) -> tuple[int, int]:
    return number, os.getpid()


def die_elsewhere(here: int) -> str:
    if os.getpid() != here:
        os._exit(1)
    return "done here"


def fail(message: str) -> NoReturn:
    raise ValueError(message)


def test_one_processor_does_the_work_when_its_result_is_asked_for() -> None:
    with Crew(where, 1) as crew:
        assert crew.ahead == 0
        assert crew.begin(7, small=False)() == (7, HERE)


def test_other_processes_do_large_pieces_and_this_one_the_small() -> None:
    with Crew(where, 2) as crew:
        assert crew.ahead > 0
        large, small = crew.begin(1, small=False), crew.begin(2, small=True)
        assert small() == (2, HERE)
        number, process = large()
        assert number == 1
        assert process != HERE


def test_no_process_is_started_for_small_pieces() -> None:
    with Crew(where, 2) as crew:
        assert [crew.begin(number, small=True)()[1] for number in range(3)] == [HERE] * 3


def test_what_another_process_died_of_is_done_here() -> None:
    with Crew(die_elsewhere, 2) as crew:
        results = [crew.begin(HERE, small=False) for _ in range(3)]
        assert [result() for result in results] == ["done here"] * 3
        assert crew.ahead == 0
        assert crew.begin(HERE, small=False)() == "done here"


def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with Crew(where, 2) as crew:
        assert crew.begin(1, small=False)() == (1, HERE)


def test_results_may_be_asked_for_in_any_order() -> None:
    with Crew(where, 2) as crew:
        results = [crew.begin(number, small=False) for number in range(7)]
        found = [result() for result in reversed(results)]
    assert [number for number, _ in found] == [6, 5, 4, 3, 2, 1, 0]
    assert len({process for _, process in found}) == 2


@pytest.mark.parametrize("processes", [1, 2])
def test_what_the_work_itself_raises_is_raised(processes: int) -> None:
    with Crew(fail, processes) as crew:
        result = crew.begin("no such thing", small=False)
        with pytest.raises(ValueError, match="no such thing"):
            result()


def test_there_is_at_least_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processors() >= 1
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert processors() >= 1
