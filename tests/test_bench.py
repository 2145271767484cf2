from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from bench import (
    command,
    growth,
    histories,
    inside,
    million,
    page,
    pairs,
    past_rows,
    plans,
    profiling,
    saves,
    spawn,
    stage,
    table,
    trees,
)
from bench.documents import documents, fresh
from bench.edits import Draft, Edit
from bench.growth import Grown, Growth, Sized
from bench.growth_rows import GROWTHS
from bench.histories import Length
from bench.pairs import Measured, Pair
from bench.prose import Pen
from bench.rows import BENCHES
from bench.spawn import Command, Failed
from bench.stage import Stage
from bench.table import Machine, Result, Row, Target, Unit, Verdict
from bench.trees import Size
from bench.trial import Bench, Skipped, Trial
from conftest import PROJECT_ROOT
from history_samples import assert_books_balance, told
from plantrack.core import dialect, parse
from plantrack.core.dialect import Rules
from plantrack.core.model import Node, State
from sync_samples import Here

# What is measured here is this project's, and other tests cover what it calls.
pytestmark = pytest.mark.no_cover

SMALL = Size(documents=6, files=60)
MACHINE = Machine(2, 0.25, "Linux x86_64", "CPython 3.11.7", "3.40.1", "2.39.5", "plantrack")

# --- documents ------------------------------------------------------------------------------------

READ_AS = {
    "nested": ("design doc", "nested"),
    "headed": ("design doc", "headed"),
    "flat": ("design doc", "flat"),
    "tasks": ("design doc", "flat"),
    "grouped": ("design doc", "grouped"),
    "indexed": ("design doc", "indexed"),
    "nested-unlabelled": ("design doc", "nested"),
    "implicit": ("design doc", "headed"),
    "no-checklist": ("design doc", "no checklist"),
    "kiro": ("Kiro", "nested"),
    "spec-kit": ("spec-kit", "headed"),
    "openspec": ("OpenSpec", "headed"),
    "superpowers": ("superpowers", "headed"),
}


def test_the_same_seed_writes_the_same_documents() -> None:
    assert list(documents(20, seed=3)) == list(documents(20, seed=3))


def test_another_seed_writes_other_documents() -> None:
    assert not set(documents(20, seed=3)) & set(documents(20, seed=4))


def test_a_document_does_not_depend_on_how_many_are_written() -> None:
    assert list(documents(20, first=1))[12:] == list(documents(8, first=13))


def test_no_two_documents_share_a_path() -> None:
    paths = [document.path for document in documents(200)]
    assert len(set(paths)) == len(paths)


def test_documents_are_ten_kilobytes_with_fifty_boxes_each_on_average() -> None:
    written = list(documents(200))
    size = sum(len(document.text.encode()) for document in written) / 200
    boxes = sum(len(re.findall(r"(?m)^ *- \[.\]", document.text)) for document in written) / 200
    assert 9_000 < size < 11_000
    assert 46 < boxes < 54


def test_documents_are_read_as_the_shapes_they_were_written_in() -> None:
    read: dict[str, set[tuple[str, ...]]] = {}
    for document in documents(200):
        plan = parse.read_plan(document.text, dialect.origin(document.path), Rules())
        shapes = {str(section.shape) for section in plan.sections}
        assert len(shapes) == 1, document.path
        read.setdefault(document.shape, set()).add((plan.dialect, *shapes))
    assert read == {shape: {expected} for shape, expected in READ_AS.items()}


def test_every_shape_is_common_enough_to_matter() -> None:
    names = Counter(document.shape for document in documents(400))
    assert set(names) == {shape.name for shape in plans.SHAPES}
    assert min(names.values()) >= 4


# --- repositories ---------------------------------------------------------------------------------


def test_the_same_size_and_seed_plant_the_same_commit(tmp_path: Path) -> None:
    tops = [trees.plant(tmp_path / name, SMALL, seed=5) for name in ("one", "other")]
    commits = {trees.git(top, "rev-parse", "HEAD") for top in tops}
    assert len(commits) == 1


def test_a_repository_holds_what_its_size_says_and_nothing_uncommitted(tmp_path: Path) -> None:
    top = trees.plant(tmp_path, SMALL)
    paths = trees.git(top, "ls-files").decode().split()
    assert len(paths) == 60
    assert sum(path.endswith(".md") for path in paths) == 6
    assert trees.git(top, "status", "--porcelain") == b""


def test_a_repository_that_was_planted_is_found_again(tmp_path: Path) -> None:
    top = trees.plant(tmp_path, SMALL)
    (top / "mine").touch()
    assert trees.plant(tmp_path, SMALL) == top
    assert (top / "mine").exists()


def test_a_repository_that_was_planted_by_half_is_planted_anew(tmp_path: Path) -> None:
    top = trees.plant(tmp_path, SMALL)
    (top / "mine").touch()
    (top.parent / trees.PLANTED).unlink()
    assert trees.plant(tmp_path, SMALL) == top
    assert not (top / "mine").exists()


# --- histories ------------------------------------------------------------------------------------


def nodes(text: str) -> list[Node]:
    """Read what a plan in a design doc is made of."""
    return list(parse.read_plan(text, dialect.origin("plan.md"), Rules()).walk())


def leaves(text: str) -> list[Node]:
    return [node for node in nodes(text) if node.is_leaf]


DRAFT = """\
# Tides

We read what the gauges say.

## Implementation Plan

- [ ] **Milestone 1:** Gauges
  - [ ] Read the gauges
    every hour
  - [ ] Store the readings.
- [ ] **Milestone 2:** Tables

# Future Work

- [ ] Print them
"""


def edited(*what: Edit, seed: str = "tides") -> str:
    draft = Draft(DRAFT, Pen(seed))
    for one in what:
        draft.edit(one)
    return draft.text


def test_steps_are_ticked_and_their_milestone_with_the_last_of_them() -> None:
    text = edited(*[Edit.TICK] * 2)
    while text.count("[x] ") < 3:
        text = edited(*[Edit.TICK] * 3)
    assert "- [x] **Milestone 1:**" in text
    assert "  - [x] Read the gauges\n    every hour\n" in text


def test_a_plan_of_which_all_is_done_grows() -> None:
    text = edited(*[Edit.TICK] * 30)
    assert len(leaves(text)) > len(leaves(DRAFT)) + 10
    assert text.endswith("- [ ] Print them\n")


@pytest.mark.parametrize("seed", ["one", "two", "three"])
@pytest.mark.parametrize(
    ("what", "fewest", "most"),
    [
        (Edit.TICK, 0, 9),
        (Edit.TICK_AND_REWORD, 0, 9),
        (Edit.ADD, 0, 1),  # the first step of a milestone takes its place
        (Edit.CUT, -1, -1),
        (Edit.EXPAND, 2, 8),
        (Edit.PROSE, 0, 0),
    ],
)
def test_every_edit_changes_what_it_says(what: Edit, fewest: int, most: int, seed: str) -> None:
    text = edited(what, seed=seed)
    assert text != DRAFT
    assert fewest <= len(leaves(text)) - len(leaves(DRAFT)) <= most
    is_ticked = any(leaf.state is State.DONE for leaf in leaves(text))
    assert is_ticked == (what in {Edit.TICK, Edit.TICK_AND_REWORD})
    lost = {node.text for node in nodes(DRAFT)} - {node.text for node in nodes(text)}
    assert bool(lost) == (what in {Edit.TICK_AND_REWORD, Edit.CUT})


def test_a_line_that_is_reworded_again_and_again_does_not_grow_for_ever() -> None:
    text = edited(*[Edit.TICK_AND_REWORD] * 200)
    assert max(map(len, text.split("\n"))) < 250


def test_a_fresh_document_has_a_plan_of_which_nothing_is_done() -> None:
    for number in range(1, 60):
        text = fresh(number, Pen(f"{number}")).text
        boxes = re.findall(r"(?m)^ *- \[(.)\]", text)
        assert len(boxes) >= 40
        assert set(boxes) <= {" ", "~"}


def test_a_history_is_mostly_ticks_in_the_youngest_documents() -> None:
    commits = list(histories.schedule(Length(20_000, 300), seed=0))
    assert len(commits) == 20_000
    touches = [touch for touched in commits for touch in touched]
    kinds = Counter(touch.edit for touch in touches)
    assert kinds[None] == 300  # every document is born once
    assert 0.78 < kinds[Edit.TICK] / 20_000 < 0.86
    assert 0.08 < kinds[Edit.TICK_AND_REWORD] / 20_000 < 0.12
    assert 0.03 < sum(kinds[one] for one in (Edit.ADD, Edit.CUT, Edit.EXPAND)) / 20_000 < 0.07
    assert 0.03 < (kinds[Edit.PROSE] + commits.count(())) / 20_000 < 0.07
    assert 30 < sum(touch.is_renamed for touch in touches) < 90
    born = [number for number, touched in enumerate(commits) for one in touched if not one.edit]
    assert born[150] > 8_000
    per_document = Counter(touch.document for touch in touches)
    assert min(per_document.values()) > 10


def test_a_shorter_history_goes_on_as_fast() -> None:
    assert Length(20_000, 300).part(10) == Length(2_000, 30)
    assert Length(1_000, 15).part(100) == Length(10, 1)


def test_the_same_length_and_seed_plant_the_same_history(tmp_path: Path) -> None:
    tops = [histories.plant(tmp_path / name, Length(60, 3)) for name in ("one", "other")]
    (commit,) = {trees.git(top, "rev-parse", "HEAD") for top in tops}
    assert histories.plant(tmp_path / "one", Length(60, 3)) == tops[0]
    assert trees.git(tops[0], "rev-list", "--count", "HEAD") == b"60\n"
    assert trees.git(tops[0], "status", "--porcelain") == b""
    other = histories.plant(tmp_path / "one", Length(60, 3), seed=1)
    assert trees.git(other, "rev-parse", "HEAD") != commit


def test_a_history_is_read_as_work_on_plans(tmp_path: Path) -> None:
    here = Here(histories.plant(tmp_path, Length(150, 3)))
    here.refresh()
    kinds = Counter(kind for kind, _, _ in told(here))
    assert len(here.rows()) == 3
    assert kinds["ticked"] > 150
    assert kinds["reworded"] > 5
    assert kinds["added"] < kinds["ticked"] + 300
    assert_books_balance(here)


def test_a_database_filled_with_changes_is_sound(tmp_path: Path) -> None:
    top = million.plant(tmp_path, 4_000)
    assert million.plant(tmp_path, 4_000) == top
    assert_books_balance(Here(top))
    with million.opened(top) as (store, raw):
        # Nothing contradicts itself; but its work tree holds none of these documents.
        assert {one.code for one in store.check()} <= {"database-unbalanced"}
        ((changes,),) = raw.execute("SELECT count(*) FROM change").fetchall()
        assert 3_900 < changes < 4_100
        days, sums = million.from_rollups(store), million.from_changes(raw, top)
        levels = days[-1].scope, days[-1].done, days[-1].dropped
        assert levels == tuple(map(sum, zip(*(row[1:] for row in sums), strict=True)))
        assert len(days) > 1_000
        assert million.burndown(store).days == days


# --- measuring ------------------------------------------------------------------------------------


def test_ours_and_the_reference_take_turns() -> None:
    calls: list[str] = []

    def noted(name: str) -> Callable[[], float]:
        def call() -> float:
            calls.append(name)
            return float(len(calls))

        return call

    measured = pairs.in_turns(noted("A"), noted("B"), pairs=2, warm_up=1)
    assert "".join(calls) == "ABABAB"
    assert measured.pairs == (Pair(3, 4), Pair(5, 6))


def test_the_ratio_is_the_median_of_the_ratios_of_pairs() -> None:
    """Not the ratio of the medians, which would be 4/2: noise that meets both sides cancels."""
    measured = Measured((Pair(1, 1), Pair(4, 2), Pair(30, 10)))
    assert measured.ratio == 2
    assert measured.spread == (1.5, 2.5)
    assert (measured.ours, measured.reference) == (4, 2)


def test_every_save_changes_a_document_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("- [ ] One\n- [ ] Two\n")
    editor = saves.Editor(path)
    seen = []
    for _ in range(5):
        editor.save()
        seen.append(path.read_text())
    assert seen[:3] == [
        "- [x] One\n- [ ] Two\n",
        "- [x] One\n- [x] Two\n",
        "- [ ] One\n- [ ] Two\n\nRemark 3.\n",
    ]
    assert len(set(seen)) == 5
    assert list(tmp_path.iterdir()) == [path]


def test_a_memory_that_is_kept_open_sees_each_save(tmp_path: Path) -> None:
    top = histories.plant(tmp_path, Length(12, 3))
    (path, *_) = inside.document_paths(top)
    inside.settle(top)
    editor = saves.Editor(top / path)
    with closing(saves.refreshes(top)) as refreshed:
        assert next(refreshed) == 0
        for _ in range(2):
            editor.save()
            assert next(refreshed) == 1


def test_one_pair_is_its_own_spread() -> None:
    assert Measured((Pair(3, 2),)).spread == (1.5, 1.5)


def test_all_of_them_take_turns_round_by_round() -> None:
    calls = iter(range(100))
    one = pairs.in_rounds([lambda: float(next(calls))] * 3, rounds=2, warm_up=1)
    assert one == ((3, 4, 5), (6, 7, 8))


def test_processor_time_counts_work_and_that_of_children_and_no_waiting() -> None:
    code = "sum(range(5_000_000))"
    waited = inside.worked(lambda: time.sleep(0.2))
    assert inside.worked(lambda: exec(code)) > waited  # noqa: S102
    assert inside.worked(lambda: subprocess.run([sys.executable, "-c", code], check=True)) > waited


def python(folder: Path, code: str, *, terminal: bool = False) -> Command:
    return Command((sys.executable, "-c", code), folder, dict(os.environ), terminal)


@pytest.mark.parametrize(("terminal", "expected"), [(False, "False"), (True, "True")])
def test_a_command_is_run_in_its_folder_on_a_pipe_or_a_terminal(
    tmp_path: Path,
    expected: str,
    *,
    terminal: bool,
) -> None:
    code = "import os, sys; print(os.getcwd(), sys.stdin.isatty(), sys.stdout.isatty())"
    ended = spawn.run(python(tmp_path, code, terminal=terminal))
    assert ended.output.decode().split() == [str(tmp_path.resolve()), expected, expected]
    assert ended.seconds > 0
    assert ended.busy > 0


def test_the_terminal_has_a_size(tmp_path: Path) -> None:
    code = "import os; print(*os.get_terminal_size(1))"
    output = spawn.run(python(tmp_path, code, terminal=True)).output
    assert output.decode().split() == [str(spawn.COLUMNS), str(spawn.LINES)]


def test_a_command_that_fails_is_not_measured(tmp_path: Path) -> None:
    with pytest.raises(Failed, match=r"ended with 3: .*no luck"):
        spawn.run(python(tmp_path, "import sys; print('no luck'); sys.exit(3)"))
    with pytest.raises(Failed, match=r"ended with 4: .*no luck"):
        spawn.peak_memory(
            python(tmp_path, "import sys; print('no luck', file=sys.stderr); sys.exit(4)")
        )


def test_what_a_silent_command_prints_is_not_read(tmp_path: Path) -> None:
    said = spawn.run(replace(python(tmp_path, "print('much')"), silent=True))
    assert said.output == b""
    with pytest.raises(Failed, match="no luck"):
        spawn.run(replace(python(tmp_path, "raise SystemExit('no luck')"), silent=True))


def test_it_is_counted_how_often_a_command_starts_git(tmp_path: Path) -> None:
    ready = Stage(tmp_path, stage.QUICK, stage.entry("module"), lambda _: None)
    code = "import subprocess; [subprocess.run(['git', 'version']) for _ in range(3)]"
    three = Command((sys.executable, "-c", code), tmp_path, ready.environment())
    assert past_rows.git_calls(ready, three) == 3
    assert past_rows.git_calls(ready, ready.python(tmp_path)) == 0


def test_the_memory_of_the_one_who_measures_is_not_counted(tmp_path: Path) -> None:
    """A process counts as its own what the one that started it held; that must not be us."""
    held = b"\1" * (150 << 20)
    memory = spawn.peak_memory(python(tmp_path, "pass"))
    assert len(held) >> 20 == 150
    assert 1 < memory.largest < 75


def test_the_memory_of_a_command_is_its_peak(tmp_path: Path) -> None:
    memory = spawn.peak_memory(python(tmp_path, "held = b'1' * (90 << 20); del held"))
    assert 90 < memory.largest < 165


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="needs Linux's /proc")
def test_the_memory_of_all_processes_is_added_up(tmp_path: Path) -> None:
    child = "held = b'1' * (40 << 20); import time; time.sleep(0.6)"
    start = f"subprocess.Popen([sys.executable, '-c', {child!r}])"
    code = f"import subprocess, sys; [one.wait() for one in [{start}, {start}]]"
    memory = spawn.peak_memory(python(tmp_path, code))
    assert memory.largest < 75
    assert memory.together > 80


def test_commands_run_in_an_environment_of_their_own(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    ready = Stage(tmp_path, stage.QUICK, stage.entry("module"), lambda _: None)
    assert {"PYTHONDONTWRITEBYTECODE", "GIT_DIR"}.isdisjoint(ready.environment())
    assert ready.plantrack(tmp_path, "next").argv == (sys.executable, "-m", "plantrack", "next")


def test_commands_run_this_project_whatever_is_installed(tmp_path: Path) -> None:
    ready = Stage(tmp_path, stage.QUICK, stage.entry("auto"), lambda _: None)
    code = "import plantrack; print(plantrack.__file__)"
    asked = Command((sys.executable, "-c", code), tmp_path, ready.environment())
    assert Path(spawn.run(asked).output.decode()).is_relative_to(PROJECT_ROOT)


def test_imports_are_read_from_what_python_says() -> None:
    said = (
        "import time: self [us] | cumulative | imported package\n"
        "import time:       150 |        150 |     _io\n"
        "import time:      1200 |       1350 |   io\n"
        "something else\n"
    )
    found = [(one.name, one.own_us, one.with_others_us) for one in profiling.read_imports(said)]
    assert found == [("_io", 150, 150), ("io", 1200, 1350)]


# --- the table ------------------------------------------------------------------------------------

NEXT = Row("next", "next, 80 docs", "python -c pass", Target(7, goal=2.5))
MEMORY = Row("peak", "peak memory", "nothing", Target(100, of_ratio=False), Unit.MEMORY)
FIRST = Row("first", "first next", "git log", Target(1.5, of_ratio=False))
RESULTS = (
    Result(NEXT, Measured((Pair(0.024, 0.012), Pair(0.026, 0.013), Pair(0.0304, 0.0125)))),
    Result(MEMORY, Measured((Pair(120.4, 10),)), notes=("all of its processes: 300 MB",)),
    Result(FIRST, None, notes=("skipped: donner.bundle is missing",)),
    Result(FIRST, None, crashed=True, notes=("crashed: no such command",)),
)
TABLE = """\
row            ours     reference               ratio  half of them  target              verdict
-------------  -------  ----------------------  -----  ------------  ------------------  -------
next, 80 docs  26.0 ms  12.5 ms python -c pass  2.00   2.00 - 2.22   <= 7x (later 2.5x)  ok
peak memory    120 MB   10 MB nothing           12     12 - 12       <= 100 MB           over
first next     -        git log                 -      -             <= 1.5 s            skipped
first next     -        git log                 -      -             <= 1.5 s            crashed

peak: all of its processes: 300 MB
first: skipped: donner.bundle is missing
first: crashed: no such command
machine: 2 cores, load 0.2, Linux x86_64, CPython 3.11.7, SQLite 3.40.1, git 2.39.5
started as: plantrack
"""

FIGURE = {"type": ["number", "null"]}
ROW_PROPERTIES = {
    "name": {"type": "string"},
    "title": {"type": "string"},
    "reference_name": {"type": "string"},
    "unit": {"enum": ["s", "MB"]},
    "target": {
        "type": "object",
        "required": ["limit", "of", "goal", "most", "rare"],
        "properties": {
            "limit": {"type": "number"},
            "of": {"enum": ["ratio", "ours"]},
            "goal": FIGURE,
            "most": FIGURE,
            "rare": FIGURE,
        },
    },
    "ours": FIGURE,
    "reference": FIGURE,
    "ratio": FIGURE,
    "spread": {"type": ["array", "null"], "items": {"type": "number"}},
    "pairs": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
    },
    "verdict": {"enum": ["ok", "over", "skipped", "crashed"]},
    "notes": {"type": "array", "items": {"type": "string"}},
}
GROWTH_PROPERTIES = {
    **{name: {"type": "string"} for name in ("name", "title", "counted", "note")},
    "sizes": {"type": "array", "items": {"type": "integer"}},
    "seconds": {"type": "array", "items": {"type": "number"}},
    "exponents": {"type": "array", "items": {"type": "number"}},
    "spreads": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
    "rounds": {"type": "array", "items": {"type": "array", "items": {"type": "number"}}},
    "verdict": {"enum": ["ok", "over", "skipped", "crashed"]},
}
GROWTH_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": list(GROWTH_PROPERTIES),
    "properties": GROWTH_PROPERTIES,
}
ROW_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": list(ROW_PROPERTIES),
    "properties": ROW_PROPERTIES,
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "machine", "rows", "growth"],
    "properties": {
        "growth": {"type": "array", "items": GROWTH_SCHEMA},
        "schema": {"const": "plantrack.bench/1"},
        "machine": {
            "type": "object",
            "required": ["cores", "load", "system", "python", "sqlite", "git", "entry"],
        },
        "rows": {"type": "array", "items": ROW_SCHEMA},
    },
}


def test_the_table_says_figure_reference_ratio_spread_target_and_verdict() -> None:
    assert table.render(RESULTS, MACHINE) == TABLE


def test_a_ratio_may_have_a_limit_in_seconds_beside_it() -> None:
    row = Row("history", "history", "git log", Target(3.5, most=1.5))
    verdicts = {
        Result(row, Measured((Pair(ours, reference),))).verdict
        for ours, reference in ((1.6, 1.0), (1.4, 0.3))
    }
    assert verdicts == {Verdict.OVER}
    fine = Result(row, Measured((Pair(1.4, 0.5),)))
    assert fine.verdict is Verdict.OK
    assert "<= 3.5x, 1.5 s  ok" in table.render([fine], MACHINE)


def test_rare_slow_ones_may_have_a_limit_of_their_own() -> None:
    row = Row("save", "save to frame", "watchdog", Target(15, rare=0.05))
    pairs = [Pair(0.01, 0.001)] * 198
    fine = Result(row, Measured((*pairs, Pair(0.04, 0.001), Pair(0.9, 0.001))))
    assert fine.verdict is Verdict.OK
    assert "<= 15x, 99 of 100 0.05 s  ok" in table.render([fine], MACHINE)
    slow = Result(row, Measured((*pairs, Pair(0.06, 0.001), *[Pair(0.9, 0.001)] * 2)))
    assert slow.verdict is Verdict.OVER


def test_a_machine_that_others_keep_busy_is_told_of() -> None:
    assert "busy" not in table.render(RESULTS, replace(MACHINE, load=2.0))
    assert "others kept the machine busy" in table.render(RESULTS, replace(MACHINE, load=2.1))


def test_the_json_has_its_shape() -> None:
    found = command.Found(MACHINE, RESULTS, GROWN)
    said = json.loads(json.dumps(found.as_json()))
    jsonschema.validate(said, SCHEMA)
    assert [row["verdict"] for row in said["rows"]] == ["ok", "over", "skipped", "crashed"]
    assert said["rows"][0]["pairs"] == [[0.024, 0.012], [0.026, 0.013], [0.0304, 0.0125]]
    assert said["rows"][2]["ratio"] is None
    assert said["growth"][0]["sizes"] == [5, 50, 500]
    assert said["growth"][1]["exponents"] == pytest.approx([1, 2])


def test_what_is_over_its_target_or_crashed_is_warned_of() -> None:
    assert table.warnings(RESULTS) == [
        "peak memory: 120 MB, ratio 12, target <= 100 MB: over",
        "first next: -, ratio -, target <= 1.5 s: crashed",
    ]


# --- growth ---------------------------------------------------------------------------------------


def nothing(_: Stage) -> Sized:
    raise Skipped("there is nothing")


FLAT = Growth("flat", "next", "documents", nothing)
STEEP = Growth("steep", "history", "commits", nothing)
GROWN = (
    Grown(FLAT, (5, 50, 500), ((0.02, 0.02, 0.02), (0.02, 0.02, 0.2), (0.02, 0.04, 0.04))),
    Grown(STEEP, (10, 100, 1000), ((0.01, 0.1, 10.0),)),
    Grown(STEEP, note="skipped: there is nothing"),
    Grown(STEEP, crashed=True, note="crashed: no such command"),
)
GROWTH_TABLE = """\
growth, in processor time        1x       10x       100x     exponents   half of them              verdict
-------------------------------  -------  --------  -------  ----------  ------------------------  -------
next: 5, 50, 500 documents       20.0 ms  20.0 ms   40.0 ms  0.00, 0.00  0.00 - 0.15, 0.00 - 0.50  ok
history: 10, 100, 1,000 commits  10.0 ms  100.0 ms  10.00 s  1.00, 2.00  1.00 - 1.00, 2.00 - 2.00  over
history                          -        -         -        -           -                         skipped
history                          -        -         -        -           -                         crashed

steep: skipped: there is nothing
steep: crashed: no such command
"""  # noqa: E501 - as wide as it is printed


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_is_the_power_that_time_grows_with(power: float) -> None:
    sizes = (7, 70, 350)
    found = growth.slopes(sizes, [3 * size**power for size in sizes])
    assert found == pytest.approx((power, power))


def test_growth_is_told_size_by_size_and_what_is_worse_than_linear_is_marked() -> None:
    assert growth.render(GROWN) == GROWTH_TABLE
    assert growth.warnings(GROWN) == [
        "steep: exponents 1.00, 2.00: over",
        "steep: exponents -: crashed",
    ]


def test_one_noisy_round_does_not_make_a_path_steep() -> None:
    rounds = ((1.0, 10.0), (1.0, 10.5), (1.0, 90.0))
    assert Grown(STEEP, (10, 100), rounds).verdict is Verdict.OK
    assert Grown(STEEP, (10, 100), ((1.0, 12.0), *rounds[1:])).verdict is Verdict.OK
    assert Grown(STEEP, (10, 100), (*rounds[1:], (1.0, 13.0))).verdict is Verdict.OVER


def test_every_path_that_grows_is_measured_at_three_sizes(tmp_path: Path) -> None:
    tiny = replace(
        stage.QUICK, vast=Size(200, 300), long=Length(200, 2), grown=4_000, pairs=1, fewest=1
    )
    ready = Stage(tmp_path, tiny, stage.entry("module"), lambda _: None)
    for one in GROWTHS:
        sizes = one.prepare(ready).sizes
        assert sizes[1:] == (sizes[0] * 10, sizes[0] * 100)
    save = next(one for one in GROWTHS if one.name == "growth-save").prepare(ready)
    top = ready.tree(tiny.vast)
    assert save.figures[-1]() > 0
    assert trees.git(top, "status", "--porcelain") == b""


# --- the page -------------------------------------------------------------------------------------


def test_a_part_of_a_page_is_replaced_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("# A\n<!-- a: by x -->\nold\n<!-- end -->\nB\n<!-- b: y -->\n<!-- end -->\n")
    page.put(file, "a", page.fenced("new \\1\n"))
    page.put(file, "b", "two\n")
    assert file.read_text() == (
        "# A\n<!-- a: by x -->\n```text\nnew \\1\n```\n<!-- end -->\n"
        "B\n<!-- b: y -->\ntwo\n<!-- end -->\n"
    )
    with pytest.raises(LookupError, match="no part called c"):
        page.put(file, "c", "")


# --- the command ----------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = PROJECT_ROOT / "tests" / "bench" / "run.py"
    argv = [sys.executable, str(script), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_rows_are_listed_by_name() -> None:
    done = run("--list")
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        *(bench.row.name for bench in BENCHES),
        *(one.name for one in GROWTHS),
    ]
    assert "next, 1,000 documents" in done.stdout


def test_a_quick_run_measures_what_it_is_asked_to(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    done = run("--quick", "--only", "status-terminal", "--json", str(out))
    assert done.returncode == 0, done.stderr
    said = json.loads(out.read_text())
    jsonschema.validate(said, SCHEMA)
    (row,) = said["rows"]
    assert row["title"] == "status, 20 documents, on a terminal"
    assert row["verdict"] in {"ok", "over"}, done.stderr
    assert len(row["pairs"]) == stage.QUICK.pairs


def failing(_: Stage) -> Trial:
    raise Failed("no such command")


def missing(_: Stage) -> Trial:
    raise Skipped("there is no donner.bundle")


def fine(_: Stage) -> Trial:
    return Trial(lambda: pairs.in_turns(lambda: 3.0, lambda: 2.0, pairs=3), list)


def test_a_row_that_crashes_is_told_of_and_the_others_are_measured(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only a crash makes the exit code 1, and with --quick nothing does."""
    benches = (Bench(FIRST, failing), Bench(MEMORY, missing), Bench(NEXT, fine))
    monkeypatch.setattr(command, "BENCHES", benches)
    monkeypatch.setattr(command, "GROWTHS", ())
    assert command.main(["--keep", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert re.findall(r"\w+$", said.out, re.MULTILINE)[1:4] == ["crashed", "skipped", "ok"]
    assert "first: crashed: no such command" in said.out
    assert "peak: skipped: there is no donner.bundle" in said.out
    assert "Traceback" in said.err
    assert command.main(["--keep", str(tmp_path), "--quick"]) == 0
    assert re.search(r"^warning: first next.*crashed$", capsys.readouterr().out, re.MULTILINE)


def test_a_row_over_its_target_is_no_failure(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    over = Row("over", "slow", "quick", Target(1.4))
    monkeypatch.setattr(command, "BENCHES", (Bench(over, fine),))
    monkeypatch.setattr(command, "GROWTHS", ())
    assert command.main(["--keep", str(tmp_path)]) == 0
    assert re.search(r"^slow .* 1\.50 .* over$", capsys.readouterr().out, re.MULTILINE)


def broken(_: Stage) -> Sized:
    raise Failed("no such command")


def doubled(_: Stage) -> Sized:
    return Sized((1, 10, 100), (lambda: 1.0, lambda: 2.0, lambda: 4.0), rounds=2)


def test_growth_alone_is_measured_told_and_put_into_a_page(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    growths = (replace(FLAT, prepare=doubled), replace(STEEP, prepare=broken), STEEP)
    monkeypatch.setattr(command, "BENCHES", (Bench(FIRST, failing),))
    monkeypatch.setattr(command, "GROWTHS", growths)
    file = tmp_path / "page.md"
    file.write_text("<!-- bench: written by make bench -->\n<!-- end -->\n")
    assert command.main(["--keep", str(tmp_path), "--growth", "--page", str(file)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"^next: 1, 10, 100 .* 0\.30, 0\.30 .* ok$", said, re.MULTILINE)
    assert "steep: crashed: no such command" in said
    assert "steep: skipped: there is nothing" in said
    assert "first next" not in said
    assert said.rstrip() in file.read_text()


def test_a_profile_tells_imports_and_calls_of_our_side(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script = tmp_path / "script.py"
    script.write_text("import json\ndef busy(): sum(range(2_000_000))\nbusy()\n")

    def importing(ready: Stage) -> Trial:
        subject = Command((sys.executable, str(script)), tmp_path, ready.environment())
        return Trial(lambda: Measured((Pair(1, 1),)), subject)

    monkeypatch.setattr(command, "BENCHES", (Bench(NEXT, importing),))
    assert command.main(["--keep", str(tmp_path), "--profile", "next"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^ +\d+\.\d\d +\d+\.\d\d  json\.decoder$", said, re.MULTILINE)
    assert re.search(r"script\.py:\d+\(busy\)", said)
