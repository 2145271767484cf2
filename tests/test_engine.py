from __future__ import annotations

import functools
import sqlite3
import sys
from collections.abc import Callable

import pytest

from plantrack.store import engine


def test_the_engine_is_what_sqlite3_is_made_of() -> None:
    assert engine.sqlite3.Connection is sqlite3.Connection
    assert engine.sqlite3.Error is sqlite3.Error


def test_functools_is_not_stood_in_for_longer_than_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "functools")
    assert engine.bare() is not None
    assert "functools" not in sys.modules


def test_functools_that_is_there_stays_there() -> None:
    engine.bare()
    assert sys.modules["functools"] is functools


def test_a_python_that_is_built_otherwise_has_sqlite3_imported_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "_sqlite3", None)
    assert engine.bare() is None


def asked(remembering: Callable[[Callable[..., object]], object]) -> list[str]:
    """Give what a function is really asked, out of many questions."""
    questions: list[str] = []
    wrapped = remembering(questions.append)
    for question in ("a", "b", "a", "b", "c", "a"):
        wrapped(question)  # type: ignore[operator]
    return questions


def test_as_many_answers_are_remembered_as_are_asked_for() -> None:
    assert asked(engine.remembering(2)) == ["a", "b", "c", "a"]
    assert asked(engine.remembering(3)) == ["a", "b", "c"]


def test_a_python_that_wraps_otherwise_remembers_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise TypeError

    monkeypatch.setattr("_functools._lru_cache_wrapper", refused)
    assert asked(engine.remembering(2)) == ["a", "b", "c", "a"]
