from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

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
