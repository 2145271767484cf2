from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import reconcile
from plantrack.core.dialect import Rules, origin
from plantrack.core.model import Plan
from plantrack.core.parse import read_plan
from strategies import DESIGN_DOC, plans, read

CASES = json.loads((Path(__file__).parent / "cases" / "identity.json").read_text("utf-8"))
WORDS = (
    "berth",
    "buoy",
    "chart",
    "crane",
    "gauge",
    "lamp",
    "mole",
    "pier",
    "quay",
    "tide",
    "winch",
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_items_are_the_same_where_a_reader_says_so(case: dict[str, Any]) -> None:
    old, new = (document(case[side], case.get("path", DESIGN_DOC)) for side in ("before", "after"))
    assert named(old, new) == expected(case, old, new)


def document(lines: list[str], path: str = DESIGN_DOC) -> Plan:
    heading = "# Tasks" if path != DESIGN_DOC else "# Design: Mooring\n\n## Implementation Plan"
    return read_plan("\n".join([heading, "", *lines, ""]), origin(path), Rules())


def named(old: Plan, new: Plan) -> set[tuple[str, str]]:
    """Match two versions, items by their texts."""
    olds, news = texts(old), texts(new)
    return {(olds[before], news[after]) for before, after in reconcile.match(old, new)}


def texts(plan: Plan) -> list[str]:
    """Name every item by its text; repeated ones are counted."""
    every = [node.text for node in plan.walk()]
    seen: Counter[str] = Counter()
    found = []
    for text in every:
        seen[text] += 1
        found.append(f"{text} #{seen[text]}" if every.count(text) > 1 else text)
    return found


def expected(case: dict[str, Any], old: Plan, new: Plan) -> set[tuple[str, str]]:
    """Give the pairs of a case, and those that need no words: texts both versions have."""
    pairs = {(before, after) for before, after in case["pairs"]}
    said = {text for pair in pairs for text in pair}
    return pairs | {(text, text) for text in texts(old) if text in texts(new) and text not in said}


# --- what always holds --------------------------------------------------------------------------


@given(plans(), plans())
def test_every_item_is_paired_once_at_most_and_in_order(old: Plan, new: Plan) -> None:
    found = reconcile.match(old, new)
    befores, afters = [pair[0] for pair in found], [pair[1] for pair in found]
    assert set(befores) <= set(range(len(list(old.walk()))))
    assert set(afters) <= set(range(len(list(new.walk()))))
    assert len(set(befores)) == len(befores)
    assert afters == sorted(set(afters))


@given(plans())
def test_in_equal_versions_every_item_is_itself(plan: Plan) -> None:
    assert reconcile.match(plan, plan) == tuple((at, at) for at in range(len(list(plan.walk()))))


@given(plans())
def test_nothing_is_found_in_an_empty_version(plan: Plan) -> None:
    assert reconcile.match(plan, document([])) == reconcile.match(document([]), plan) == ()


def steps() -> st.SearchStrategy[list[str]]:
    """Make lists of tasks without a word in common."""
    return st.permutations(WORDS).map(lambda found: [f"{word * 2} {word}" for word in found])


@given(steps(), st.lists(st.sampled_from("x ~"), min_size=len(WORDS), max_size=len(WORDS)))
def test_marks_and_lines_make_no_other_items(tasks: list[str], marks: list[str]) -> None:
    old = document([f"- [ ] {task}" for task in tasks])
    lines = [f"- [{mark}] {task}" for mark, task in zip(marks, tasks, strict=True)]
    new = document(["Some words.", "", *lines])
    assert reconcile.match(old, new) == tuple((at, at) for at in range(len(tasks)))


@given(steps(), st.randoms(use_true_random=False))
def test_siblings_in_another_order_are_the_same(tasks: list[str], chance: random.Random) -> None:
    other = chance.sample(tasks, len(tasks))
    old, new = (document([f"- [ ] {task}" for task in order]) for order in (tasks, other))
    assert named(old, new) == {(task, task) for task in tasks}


@given(steps(), st.integers(0, len(WORDS) - 1))
def test_what_is_left_of_a_list_is_the_same(tasks: list[str], at: int) -> None:
    rest = tasks[:at] + tasks[at + 1 :]
    old, new = (document([f"- [ ] {task}" for task in some]) for some in (tasks, rest))
    assert named(old, new) == named(new, old) == {(task, task) for task in rest}


@given(steps(), st.integers(0, len(WORDS) - 1), st.sampled_from("x "))
def test_a_task_with_a_remark_behind_it_is_the_same(tasks: list[str], at: int, mark: str) -> None:
    longer = f"{tasks[at]}, as was said at the meeting of the harbour board"
    lines = [f"- [ ] {task}" for task in tasks]
    old = document(lines)
    new = document([*lines[:at], f"- [{mark}] {longer}", *lines[at + 1 :]])
    assert (tasks[at], longer) in named(old, new)


# --- the same everywhere ------------------------------------------------------------------------

ELSEWHERE = """
import json, sys
from plantrack.core.reconcile import match
from strategies import read
pairs = json.load(sys.stdin)
print(json.dumps([match(read(old), read(new)) for old, new in pairs]))
"""


def test_another_process_comes_to_the_same_pairs() -> None:
    chance = random.Random(7)  # noqa: S311 -- the same plans every time
    told = [(messy(chance), messy(chance)) for _ in range(12)]
    here = [[list(pair) for pair in reconcile.match(read(old), read(new))] for old, new in told]
    assert any(here)
    for seed in ("0", "1", "4711"):
        done = subprocess.run(
            [sys.executable, "-c", ELSEWHERE],
            input=json.dumps(told),
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)},
        )
        assert json.loads(done.stdout) == here


def messy(chance: random.Random) -> str:
    """Write a plan whose tasks have much in common."""
    lines = [
        f"{'  ' * chance.randrange(2)}- [{chance.choice(' x')}] "
        + " ".join(chance.choices(WORDS, k=chance.randrange(2, 7)))
        for _ in range(30)
    ]
    return "\n".join(["# Design: Mooring", "", "## Implementation Plan", "", *lines, ""])


# --- many items ---------------------------------------------------------------------------------


def test_thousands_of_equal_items_follow_each_other() -> None:
    old = document(["- [ ] Commit"] * 3000)
    new = document(["- [ ] Begin", *["- [x] Commit"] * 2900])
    assert reconcile.match(old, new) == tuple((at, at + 1) for at in range(2900))


def test_words_that_every_item_has_do_not_tell_which_is_which() -> None:
    """Each pair has a number in common; the other words stand in all of them."""
    old = document([f"- [ ] Paint the bollard {number} red" for number in range(400)])
    new = document([f"- [x] Paint the bollard {number} in red" for number in range(100, 500)])
    assert reconcile.match(old, new) == tuple((at + 100, at) for at in range(300))


def test_items_without_any_telling_word_are_taken_for_new_ones() -> None:
    old = document([f"- [ ] Paint it {'very ' * number}red" for number in range(1, 201)])
    new = document([f"- [x] Paint it {'quite ' * number}red" for number in range(1, 201)])
    assert reconcile.match(old, new) == ()
