from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from backtest import command, table
from backtest.moments import Moment, moments
from backtest.table import Past, Ranking
from bench.trees import clone
from conftest import PROJECT_ROOT, Repo
from plantrack.core.pointer import Order
from sync_samples import Here

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MakeRepo = Callable[..., Repo]

STEPS = (
    ("1", "Gauges", {"A": "Read the gauges", "B": "Store the readings"}),
    ("2", "Tables", {"C": "Print the tables"}),
    ("3", "Alarms", {"D": "Ring the bell"}),
    ("4", "Charts", {"E": "Draw the coast", "F": "Draw the lights"}),
)


def tides(done: str, status: str = "In progress") -> str:
    """Write a plan whose milestones and steps with these letters are ticked.

    - [ ] **Milestone 1:** Gauges
      - [x] Read the gauges
    """
    lines = []
    for number, title, steps in STEPS:
        lines.append(f"- [{'x' if number in done else ' '}] **Milestone {number}:** {title}")
        lines += [f"  - [{'x' if at in done else ' '}] {text}" for at, text in steps.items()]
    body = "\n".join(lines)
    return f"# Tides\n\n**Status:** {status}\n\n## Implementation Plan\n\n{body}\n"


def berths(marks: str, status: str = "Draft") -> str:
    """Write a plan of tasks without milestones."""
    tasks = ("Paint the board", "Call every pilot", "Sweep the quay")
    boxes = "\n".join(f"- [{mark}] {text}" for mark, text in zip(marks, tasks, strict=True))
    return f"# Berths\n\n**Status:** {status}\n\n## Implementation Plan\n\n{boxes}\n"


@pytest.fixture
def history(make_repo: MakeRepo) -> Repo:
    """Make the history whose answers stand below, a line a tick."""
    return make_repo(
        {"a.md": tides(""), "b.md": berths("   ")},
        {"a.md": tides("A")},
        {"a.md": tides("A2C")},  # Milestone 1 is left behind
        {"a.md": tides("A2C3D"), "note.md": "# Nothing to do\n"},
        {"a.md": tides("A2C3DF")},
        {"a.md": tides("A2C3DEF")},
        {"a.md": tides("A2C3D4EF")},  # a milestone's own box: no leaf
        {"b.md": berths("x  ")},
        {"b.md": berths("x  ").replace("Sweep the quay", "Sweep the quay\n- [x] Mend the crane")},
        {"b.md": None, "c.md": berths("xx ")},  # renamed on the way
    )


def asked(repo: Repo) -> list[Moment]:
    return list(moments(repo.path))


# what was ticked; whether the frontier, then document order, had named the step and the milestone
ANSWERS = [
    ("a.md", (True, True), (True, True)),  # A, and A it was
    ("a.md", (False, False), (False, False)),  # B was next, C was ticked
    ("a.md", (False, False), (False, False)),  # one finished, one left behind: B still
    ("a.md", (False, True), (False, False)),  # two finished: E of Milestone 4, and F was ticked
    ("a.md", (True, True), (False, False)),
    ("b.md", (True, True), (True, True)),
    ("b.md", (True, True), (True, True)),
]


def test_every_tick_of_a_leaf_that_was_there_is_asked_about(history: Repo) -> None:
    found = [
        (
            event.path,
            *((event.answers[order].step, event.answers[order].milestone) for order in Order),
        )
        for moment in asked(history)
        for event in moment.events
    ]
    assert found == ANSWERS


def test_the_document_is_chosen_among_all_that_had_a_next_task(history: Repo) -> None:
    """The other plan is in progress, so `next` goes on with it whatever changed last."""
    past = Past("tides", tuple(asked(history)))
    assert [[one.path for one in moment.candidates] for moment in past.moments] == [
        ["a.md", "b.md"]
    ] * 7
    named = {ranking: table.documents(past, ranking).named for ranking in Ranking}
    assert named == {Ranking.NEXT: 5, Ranking.CHANGE: 6, Ranking.PATH: 5}


def test_what_is_over_and_what_is_a_copy_is_no_candidate(make_repo: MakeRepo) -> None:
    plan = berths("   ")
    over = berths("   ", status="Superseded")
    repo = make_repo(
        {"one.md": plan, "two.md": plan, "old.md": over},
        {"one.md": berths("x  ")},
        {"old.md": berths("x  ", status="Superseded")},
    )
    first, second = asked(repo)
    assert [one.path for one in first.candidates] == ["one.md"]
    assert [one.path for one in second.candidates] == ["one.md", "two.md"]
    (event,) = second.events
    assert {(one.step, one.milestone) for one in event.answers.values()} == {(False, False)}


def test_what_is_asked_is_what_the_program_would_have_said(history: Repo) -> None:
    for moment in asked(history):
        history.git("checkout", "--quiet", f"{moment.commit}^")
        here = Here(history.path)
        here.refresh()
        with here.open() as store:
            ranked = [row.path for row in store.ranked()]
            lines = {row.path: row.line for row in store.pointers()}
        key = table.KEYS[Ranking.NEXT]
        assert [one.path for one in sorted(moment.candidates, key=key)] == ranked
        for event in moment.events:
            target = event.answers[Order.FRONTIER].pointer.target
            assert target is not None
            assert target.line == lines[event.path]


TABLES = """\
| history | events | frontier: step | frontier: milestone | document: step | document: milestone |
| ------- | -----: | -------------: | ------------------: | -------------: | ------------------: |
| tides   |      7 |         57.1 % |              71.4 % |         42.9 % |              42.9 % |
| quiet   |      0 |              - |                   - |              - |                   - |
| pilots  |      1 |        100.0 % |             100.0 % |        100.0 % |             100.0 % |
| macro   |        |         78.6 % |              85.7 % |         71.4 % |              71.4 % |
| micro   |      8 |         62.5 % |              75.0 % |         50.0 % |              50.0 % |

| history | commits | candidates |    next | last change | path order |
| ------- | ------: | ---------: | ------: | ----------: | ---------: |
| tides   |       7 |        2.0 |  71.4 % |      85.7 % |     71.4 % |
| quiet   |       0 |          - |       - |           - |          - |
| pilots  |       1 |        1.0 | 100.0 % |     100.0 % |    100.0 % |
| macro   |         |        1.5 |  85.7 % |      92.9 % |     85.7 % |
| micro   |       8 |        1.9 |  75.0 % |      87.5 % |     75.0 % |
"""


def test_shares_are_averaged_over_histories_and_over_events(history: Repo) -> None:
    found = asked(history)
    last = found[-1]
    alone = Moment(last.commit, last.events, last.candidates[1:])
    pasts = [Past("tides", tuple(found)), Past("quiet", ()), Past("pilots", (alone,))]
    assert table.render(pasts) == TABLES


def test_cases_are_those_in_which_the_orders_differ(history: Repo) -> None:
    said = list(command.cases(Past("tides", tuple(asked(history)))))
    assert [line for line in said if line.startswith("tides")] == [
        f"tides {commit[:12]} a.md: ticked in line {line}"
        for commit, line in zip(
            history.git("rev-list", "--reverse", "HEAD").split()[4:6], (16, 15), strict=True
        )
    ]
    assert "neither" in said[-1]


# --- the command ----------------------------------------------------------------------------------


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = PROJECT_ROOT / "tests" / "backtest" / "run.py"
    argv = [sys.executable, str(script), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def test_every_bundle_of_a_folder_is_asked(history: Repo, tmp_path: Path) -> None:
    folder = tmp_path / "bundles"
    folder.mkdir()
    history.git("bundle", "create", "--quiet", str(folder / "tides.bundle"), "HEAD", "main")
    done = run(str(folder), "--cases")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("| history")
    assert re.search(r"^\| tides +\| +7 \| +57\.1 % ", done.stdout, re.MULTILINE)
    assert re.search(r"^tides \w{12} a\.md: ", done.stdout, re.MULTILINE)


def test_a_folder_without_histories_is_told_of(tmp_path: Path) -> None:
    done = run(str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere: no git bundles are there" in done.stderr
    assert done.stdout == ""


SLACK = 5.0  # percent: two events of this history


def test_next_is_no_worse_than_it_is_said_to_be(corpus: Path, tmp_path: Path) -> None:
    said = (PROJECT_ROOT / "docs" / "backtest.md").read_text()
    top = clone(corpus / "twotruths.bundle", tmp_path)
    past = Past("twotruths", tuple(moments(top)))
    promised, found = (
        [
            float(number)
            for line in re.findall(r"^\| twotruths .*", text, re.MULTILINE)
            for number in re.findall(r"([\d.]+) %", line)
        ]
        for text in (said, table.render([past]))
    )
    assert len(promised) == 7
    assert [
        (now, before) for now, before in zip(found, promised, strict=True) if now < before - SLACK
    ] == []
