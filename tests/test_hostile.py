"""No document hangs or crashes the reader, whatever it is made of."""

from __future__ import annotations

import os

import pytest

from hostile import EVERY
from nuisances import Hostile
from plantrack.core import boxes, dialect, flags, ids, markdown, parse, pointer
from plantrack.core.model import Plan

# a guard against hanging, not a benchmark; the soak makes documents of 1 MB
KILOBYTES = int(os.environ.get("HOSTILE_KB", "12"))
# What these run, other tests have covered: measuring it would take thrice the time.
pytestmark = [pytest.mark.timeout(max(20, KILOBYTES // 5)), pytest.mark.no_cover]


@pytest.mark.parametrize("hostile", EVERY, ids=lambda hostile: hostile.name)
def test_a_hostile_document_gives_a_plan(hostile: Hostile) -> None:
    text, _ = markdown.decode(hostile.data(KILOBYTES * 1000))
    plan, ledger, why = parse.explain(text, dialect.origin(hostile.path), dialect.Rules())
    assert isinstance(plan, Plan)
    assert why
    flags.flags(plan)
    pointer.next_task(plan)
    nodes = [node for node in plan.walk() if node.mark is not None]
    assert len(ids.assign(plan, hostile.path)) >= len(nodes)
    assert sum(row.counted is not None for row in ledger.lines) == len(nodes)
    box_like = sum(map(bool, map(boxes.BOX_LIKE.match, markdown.split_lines(text))))
    assert len(ledger.lines) == box_like


def test_every_generator_has_a_name_of_its_own_and_makes_what_is_asked() -> None:
    assert len({hostile.name for hostile in EVERY}) == len(EVERY)
    assert len(EVERY) >= 210
    for hostile in EVERY:
        assert 50_000 <= len(hostile.make(100_000)) <= 250_000, hostile.name
