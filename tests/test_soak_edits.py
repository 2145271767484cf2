from __future__ import annotations

import sys
from pathlib import Path

import pytest

from soak.part import Part, Verdict, ask
from soak.parts.edits import PARTS

BY_NAME = {part.name: part for part in PARTS}
SHARES = {"killed": 0.05, "failing": 0.02}


@pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
@pytest.mark.parametrize("name", SHARES)
def test_a_little_of_it_breaks_nothing(name: str, tmp_path: Path) -> None:
    """Crowds of processes cost too much to be let loose here."""
    part: Part = BY_NAME[name]
    rows = list(part.run(ask(part, tmp_path.resolve(), share=SHARES[name], seed=7)))
    assert [(row.verdict, row.notes) for row in rows] == [(Verdict.KEPT, ())]
