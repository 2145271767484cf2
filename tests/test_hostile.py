"""No document can make the reader fail or hang, however it is written."""

from __future__ import annotations

import os

import pytest

from hostile import EVERY, Hostile
from plantrack.core import boxes, dialect, flags, markdown, parse, pointer

# the long form reads documents as large as are read at all
SIZE = int(os.environ.get("PLANTRACK_HOSTILE_CHARS", "100_000"))


@pytest.mark.parametrize("hostile", EVERY, ids=[hostile.name for hostile in EVERY])
@pytest.mark.timeout(60)  # a guard against hanging, no measurement
def test_a_hostile_document_gives_a_plan_and_a_ledger(hostile: Hostile) -> None:
    text = hostile.make(SIZE)
    plan, ledger, why = parse.explain(text, dialect.origin(hostile.path), dialect.Rules())
    lines = markdown.split_lines(text)
    box_like = [at for at, line in enumerate(lines, start=1) if boxes.BOX_LIKE.match(line)]
    assert [row.line for row in ledger.lines] == box_like
    assert why
    assert pointer.next_task(plan).reason
    assert isinstance(flags.flags(plan), tuple)
