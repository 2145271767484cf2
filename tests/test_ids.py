"""Public ids: one for every item, and the same one however the document changes around it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import ids
from plantrack.core.model import Plan
from strategies import PATHS, design_docs, paths, plans, read


@given(plans(), paths())
def test_every_node_has_an_id_of_its_own(plan: Plan, path: str) -> None:
    found = ids.assign(plan, path)
    assert len(found) == len(set(found)) == sum(1 for _ in plan.walk())
    assert all(re.fullmatch(r"[a-hjkmnp-tv-z0-9]{16}", one) for one in found)


@given(design_docs(), paths())
def test_ids_do_not_change_when_boxes_are_ticked(text: str, path: str) -> None:
    ticked = re.sub(r"(?m)^(\s*- \[)[^\]]+\]", r"\1x]", text)
    assert ids.assign(read(ticked, path), path) == ids.assign(read(text, path), path)


@given(design_docs(), paths(), st.integers(1, 9))
def test_ids_do_not_change_when_lines_move(text: str, path: str, count: int) -> None:
    title, rest = text.split("\n", 1)
    moved = f"{title}\n" + "\n" * count + rest
    assert ids.assign(read(moved, path), path) == ids.assign(read(text, path), path)


@given(design_docs())
def test_ids_do_not_change_when_labels_are_renumbered(text: str) -> None:
    renumbered = re.sub(
        r"(Milestone |Phase |M|Step |T00|Task )(\d+)", lambda m: f"{m[1]}{int(m[2]) + 3}", text
    )
    before, after = read(text), read(renumbered)
    assert ids.assign(after, PATHS[0]) == ids.assign(before, PATHS[0])
