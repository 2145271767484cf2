from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from enum import StrEnum
from typing import Any

import pytest

from plantrack.core.terms import Family, State
from plantrack.core.view import RefView, SyncView


def made(*values: Any, **named: Any) -> RefView:  # noqa: ANN401 - whatever is to be refused
    return RefView(*values, **named)


def test_a_row_is_made_by_place_and_by_name() -> None:
    row = RefView("k3f9", 7, label="M1", title="Grid")
    assert row == ("k3f9", 7, "M1", "Grid")
    assert (row.id, row.line, row.label, row.title) == row
    assert RefView._make(iter(row)) == row
    assert row._asdict() == {"id": "k3f9", "line": 7, "label": "M1", "title": "Grid"}
    assert row._fields == ("id", "line", "label", "title")
    assert repr(row) == "RefView(id='k3f9', line=7, label='M1', title='Grid')"


def test_what_is_left_out_has_its_default() -> None:
    assert SyncView(1, 2, 3, 4, 5) == (1, 2, 3, 4, 5, (), True)
    assert SyncView(1, 2, 3, 4, 5, is_calm=False).is_calm is False


@pytest.mark.parametrize("values", [(), ("a", 1, "b"), ("a", 1, "b", "c", "d")])
def test_a_row_has_all_its_fields_and_no_other(values: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        made(*values)
    with pytest.raises(TypeError, match="Expected 4 arguments"):
        RefView._make(values)
    with pytest.raises(TypeError):
        made("a", 1, "b", "c", colour="red")


def test_a_row_cannot_be_changed_but_replaced() -> None:
    row = RefView("k3f9", 7, "M1", "Grid")
    with pytest.raises(AttributeError):
        row.line = 8  # type: ignore[misc]
    with pytest.raises(AttributeError):
        row.colour = "red"  # type: ignore[attr-defined]
    assert row._replace(line=8) == ("k3f9", 8, "M1", "Grid")
    with pytest.raises(TypeError, match="colour"):
        row._replace(colour="red")  # type: ignore[call-arg]


def test_a_row_survives_a_copy_and_another_process() -> None:
    row = SyncView(1, 2, 3, 4, 5, ("a.md",))
    for other in (copy.copy(row), copy.deepcopy(row), pickle.loads(pickle.dumps(row))):  # noqa: S301
        assert other == row
        assert type(other) is SyncView


def test_a_row_can_be_taken_apart_by_a_pattern() -> None:
    match RefView("k3f9", 7, "M1", "Grid"):
        case RefView(id, 7, label=label):
            assert (id, label) == ("k3f9", "M1")
        case _:
            raise AssertionError


# --- words that are one of a few ------------------------------------------------------------------


class Real(StrEnum):
    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


def test_words_are_those_of_their_class_in_order() -> None:
    assert [one.value for one in State] == ["todo", "doing", "done", "dropped"]
    assert [one.name for one in State] == ["TODO", "DOING", "DONE", "DROPPED"]
    assert len(State) == 4
    assert all(type(one) is State for one in State)


def test_a_word_is_found_by_its_value_and_is_the_only_one() -> None:
    assert State("done") is State.DONE
    assert State(State.DONE) is State.DONE
    assert type(Family("done")) is Family
    with pytest.raises(ValueError, match="'gone' is not a valid State"):
        State("gone")


@pytest.mark.parametrize(
    "say",
    [str, repr, json.dumps, hash, "{:>6}".format],
    ids=["said", "shown", "json", "hash", "padded"],
)
def test_a_word_is_shown_and_kept_as_the_real_thing(say: Callable[[object], object]) -> None:
    for word, real in zip(State, Real, strict=True):
        said = say(real)
        assert say(word) == (said.replace("Real", "State") if isinstance(said, str) else said)
        assert type(str(word)) is str


def test_a_word_survives_a_copy_and_another_process() -> None:
    for word in State:
        assert copy.deepcopy(word) is word
        assert pickle.loads(pickle.dumps(word)) is word  # noqa: S301
