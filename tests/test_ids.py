"""Public ids: one for every item, and the same one however the document changes around it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

import any_plan
from plantrack.core import ids
from plantrack.core.model import Plan
from strategies import DESIGN_DOC, design_docs, paths, plans, read


@given(plans(), paths())
def test_every_node_has_an_id_of_its_own(plan: Plan, path: str) -> None:
    found = ids.assign(plan, path)
    assert len(found) == len(set(found)) == sum(1 for _ in plan.walk())
    assert all(re.fullmatch(r"[a-hjkmnp-tv-z0-9]{16}", one) for one in found)


@given(any_plan.plans(), st.text())
def test_no_plan_is_too_odd_for_ids(plan: Plan, path: str) -> None:
    found = ids.assign(plan, path)
    assert len(found) == len(set(found)) == sum(1 for _ in plan.walk())


@given(st.text(max_size=20))
def test_an_id_that_is_taken_gives_way_to_others_without_end(item: str) -> None:
    first = ids.next_after(item)
    second = ids.next_after(first)
    assert len({item, first, second}) == 3
    assert re.fullmatch(r"[a-hjkmnp-tv-z0-9]{16}", first)
    assert ids.next_after(item) == first


PLAN = """\
## Implementation Plan

- [ ] **Milestone 1:** Dig
  - [x] Test
  - [ ] Test
- [ ] Milestone 2: Café 🚧 bauen
  - [ ] Test
"""


def test_ids_are_the_same_on_every_machine_and_in_every_version() -> None:
    """People write them down and clones compare them: what is here must never change."""
    assert ids.assign(read(PLAN), "docs/a.md") == (
        "6xw6a9n91vthr138",
        "cc80ty1ycy45h1ha",
        "0myxbjfm1wm6597m",
        "d1s02qh2h04qg3kx",
        "6257nky21z2pj47d",
    )


def test_the_same_words_elsewhere_have_another_id() -> None:
    dig, first, second, cafe, third = ids.assign(read(PLAN), "docs/a.md")
    assert len({dig, first, second, cafe, third}) == 5
    assert not {dig, first, second, cafe, third} & {*ids.assign(read(PLAN), "docs/b.md")}
    renamed = ids.assign(read(PLAN.replace("Café", "Caf")), "docs/a.md")
    assert renamed[:3] == (dig, first, second)
    assert not {cafe, third} & {*renamed}


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
    assert ids.assign(after, DESIGN_DOC) == ids.assign(before, DESIGN_DOC)
