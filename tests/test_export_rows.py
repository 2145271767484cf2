"""The columns of an export: other people's queries hang on them."""

from __future__ import annotations

import re

import pytest

from plantrack.core.effects import Effect
from plantrack.core.export_rows import AMOUNTS, CHANGES, COLUMNS, DAYS, names
from plantrack.core.series import Amounts

ORIGIN = ("schema", "repository", "branch", "head")
CHANGE = (
    *ORIGIN,
    *("place", "commit", "time", "author", "subject", "document", "path", "item", "kind", "reason"),
    *("item_kind", "label", "line_before", "line_after", "state_before", "state_after"),
    *("text_before", "text_after", "leaves_scope", "leaves_done", "leaves_dropped"),
    *("milestones_scope", "milestones_done", "milestones_dropped"),
)
DAY = (
    *ORIGIN,
    *("unit", "day", "scope", "done", "open", "dropped", "added", "arrived_done"),
    *("arrived_dropped", "expanded", "ticked", "unticked", "given_up", "taken_up", "cut_open"),
    *("cut_done", "cut_dropped", "dropped_at_finalisation", "dropped_at_rewrite"),
    "dropped_with_document",
)


@pytest.mark.parametrize(("schema", "known"), [(CHANGES, CHANGE), (DAYS, DAY)])
def test_a_schema_keeps_its_columns_and_gets_new_ones_at_their_end(
    schema: str, known: tuple[str, ...]
) -> None:
    assert names(schema)[: len(known)] == known


def test_a_day_has_every_amount_of_a_series_in_its_order() -> None:
    assert Amounts._fields == AMOUNTS
    assert {effect.value for effect in Effect} - {*AMOUNTS} == {Effect.UNEXPANDED.value}


@pytest.mark.parametrize("schema", [CHANGES, DAYS])
def test_columns_are_named_once_and_say_what_they_hold(schema: str) -> None:
    columns = COLUMNS[schema]
    assert re.fullmatch(r"plantrack\.[a-z]+/\d+", schema)
    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", column.name)
        assert column.kind in {"text", "integer"}
        assert column.meaning
