"""Other tools beside ours: converting, measuring, telling."""

from __future__ import annotations

import json
import os
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import stage, trees
from bench.peers import command, converted, installs, measuring, tools
from bench.peers.asked import Ground, Line, Question, State
from bench.peers.converted import Listed
from bench.peers.installs import Program, Unavailable
from bench.peers.measuring import Answers, Got, Outcome
from bench.peers.tools import OURS, Peer
from bench.spawn import Command, Failed
from bench.stage import Stage
from bench.trees import Size

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

TIDES = Listed("docs/tides.md", 'Design: "Tides"', ((True, "Read"), (False, "Store: all")))
EMPTY = Listed("docs/empty.md", "Empty", ())

# --- converting -----------------------------------------------------------------------------------


def test_every_box_of_every_document_is_listed(tmp_path: Path) -> None:
    top = trees.plant(tmp_path, Size(5, 8))
    (top / "docs").mkdir(exist_ok=True)
    text = "# Tides\n\n- [x] Read\n  1. [ ]* Store\n- [link](x)\n- [~] Draw\n"
    (top / "docs" / "tides.md").write_text(text)
    found = {one.path: one for one in converted.listed(top)}
    assert len(found) == 6
    tides = found["docs/tides.md"]
    assert (tides.title, tides.boxes) == (
        "Tides",
        ((True, "Read"), (False, "Store"), (False, "Draw")),
    )


def test_each_box_becomes_a_task() -> None:
    now = datetime(2026, 5, 29, 12, tzinfo=UTC)
    done, still_open = json.loads(converted.taskwarrior((TIDES, EMPTY), now=now))
    assert (done["status"], done["description"], done["project"]) == (
        "completed",
        "Read",
        "docs/tides-md",
    )
    assert (done["entry"], done["end"]) == ("20250529T120000Z", "20250612T120000Z")
    assert still_open["entry"] == "20251128T000000Z"
    assert (still_open["status"], "end" in still_open) == ("pending", False)
    assert uuid.UUID(done["uuid"]) != uuid.UUID(still_open["uuid"])


def test_each_document_becomes_a_task_file(tmp_path: Path) -> None:
    converted.backlog((TIDES, EMPTY), tmp_path)
    first, second = sorted(tmp_path.iterdir())
    assert first.name == "task-1 - Design-Tides.md"
    text = first.read_text()
    assert 'title: "Design: \\"Tides\\""\nstatus: In Progress\n' in text
    assert "- [x] #1 Read\n- [ ] #2 Store: all\n" in text
    assert "status: To Do" in second.read_text()


# --- installing -----------------------------------------------------------------------------------


def test_what_cannot_be_installed_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(Unavailable, match="there is no npm"):
            installs.from_npm(tmp_path, "backlog.md", "backlog")
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho much >&2\necho no such package >&2\nexit 3\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(Unavailable, match=r"^npm install --prefix .* failed: no such package$"):
        installs.from_npm(tmp_path, "other", "other")


def test_a_program_that_is_installed_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = tmp_path / "task"
    task.write_text("#!/bin/sh\necho 2.6.2\n")
    task.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert installs.from_debian(tmp_path, "taskwarrior", "task") == Program(task, "2.6.2")


# --- measuring ------------------------------------------------------------------------------------


def line(tool: str, state: State, *, alone: bool = False, note: str = "") -> Line:
    return Line(tool, f"{tool} status", state, (), b"", note=note, alone=alone)


OUTCOMES = (
    Outcome(line(OURS, State.WARM, note="looks"), (0.02, 0.02, 0.04)),
    Outcome(line(OURS, State.COLD), (1.0,)),
    Outcome(line(OURS, State.WARM, alone=True), (0.01,)),
    Outcome(line("other", State.ALWAYS), (0.1,)),
    Outcome(line("other", State.COLD), (0.5,)),
    Outcome(line("other", State.ALWAYS, alone=True), (0.1,)),
    Outcome(line("other", State.WARM), reason="more than 60 s"),
)
ANSWERS = Answers(Question.STATUS, "Status, 20 documents", OUTCOMES)


def nothing(_program: Program, _ground: Ground) -> Iterator[Line]:
    return iter(())


def peer(name: str, lacks: dict[Question, str]) -> Peer:
    program = Program(Path("/bin/true"), "1.0")
    return Peer(name, "PyPI", lambda _: program, nothing, "documents", lacks)


GOT = (
    Got(peer("other", {}), Program(Path("/bin/true"), "1.0")),
    Got(peer("less", {Question.STATUS: "has none"}), Program(Path("/bin/true"), "2.0")),
    Got(peer("gone", {Question.STATUS: "has none"}), None, "there is no npm"),
)
PAGE = """\
| tool | version | from | reads |
|---|---|---|---|
| other | 1.0 | PyPI | documents |
| less | 2.0 | PyPI | documents |
| gone | not here: there is no npm | PyPI | documents |

### Status, 20 documents

| tool | command | | time | half of them | of ours | |
|---|---|---|--:|--:|--:|---|
| plantrack | `plantrack status` | warm | 20.0 ms | 20.0 ms - 30.0 ms | 1.00 | looks |
| plantrack | `plantrack status` | cold | 1.00 s | 1.00 s - 1.00 s | 1.00 |  |
| plantrack | `plantrack status` | warm | 10.0 ms | 10.0 ms - 10.0 ms | 1.00 |  |
| other | `other status` | always | 100.0 ms | 100.0 ms - 100.0 ms | 5.00 |  |
| other | `other status` | cold | 500.0 ms | 500.0 ms - 500.0 ms | 0.50 |  |
| other | `other status` | always | 100.0 ms | 100.0 ms - 100.0 ms | 10.00 |  |
| other | `other status` | warm | - | - | - | more than 60 s |
| less | - | | - | - | - | has none |
"""


def test_a_line_is_held_against_ours_in_the_same_state() -> None:
    ratios = [ANSWERS.of_ours(one) for one in OUTCOMES]
    assert ratios == [1, 1, 1, pytest.approx(5), 0.5, pytest.approx(10), None]


def test_the_tables_tell_what_was_measured_and_what_could_not_be() -> None:
    assert measuring.render(GOT, [ANSWERS]) == PAGE


def test_the_json_has_every_measurement() -> None:
    said = json.loads(json.dumps(measuring.as_json(GOT, [ANSWERS])))
    assert [one["version"] for one in said["peers"]] == ["1.0", "2.0", None]
    lines = said["answers"][0]["lines"]
    assert lines[0]["seconds"] == [0.02, 0.02, 0.04]
    assert (lines[6]["seconds"], lines[6]["reason"]) == ([], "more than 60 s")


def ground(folder: Path) -> Ground:
    tiny = replace(stage.QUICK, pairs=1, fewest=1)
    ready = Stage(folder, tiny, stage.entry("module"), lambda _: None)
    return Ground(ready, Question.STATUS, folder, 1, folder)


def says(folder: Path, code: str, holds: bytes = b"") -> Line:
    run = Command((sys.executable, "-c", code), folder, dict(os.environ))
    return Line("other", code, State.ALWAYS, (run, run), holds)


def test_a_line_must_do_its_work_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (
        says(tmp_path, "print('20 documents')", b"20 documents"),
        says(tmp_path, "print('nothing')", b"20 documents"),
        says(tmp_path, "raise SystemExit('no luck')"),
    )
    outcomes = measuring.measure(lines, ground(tmp_path))
    assert [one.line for one in outcomes] == list(lines)
    assert len(outcomes[0].seconds) == 3
    assert [one.reason for one in outcomes] == [
        "",
        "says nothing of '20 documents'",
        "fails with 1: no luck",
    ]
    monkeypatch.setattr(measuring, "LIMIT_S", 1)
    (slow,) = measuring.measure([says(tmp_path, "import time; time.sleep(30)")], ground(tmp_path))
    assert (slow.seconds, slow.reason) == ((), "more than 1 s")


def test_what_is_done_before_is_not_timed_and_done_each_time(tmp_path: Path) -> None:
    done: list[int] = []
    one = replace(says(tmp_path, "pass"), before=lambda: done.append(1))
    (outcome,) = measuring.measure([one], ground(tmp_path))
    assert len(done) == len(outcome.seconds) + 2  # tried once, and to warm up


# --- the command ----------------------------------------------------------------------------------


def small(ready: Stage) -> Iterator[tuple[Ground, str]]:
    top = ready.tree(Size(3, 5))
    for question in (Question.START, Question.NEXT):
        yield command._ground(ready, question, top, 3), question.capitalize()  # noqa: SLF001


def echoing(program: Program, ground: Ground) -> Iterator[Line]:
    if ground.question is Question.NEXT:
        raise Failed("no luck")
    run = Command((str(program.path), "hello"), ground.top, {})
    yield Line("echo", "echo hello", State.ALWAYS, (run,), b"hello")


def missing(_: Path) -> Program:
    raise Unavailable("there is no npm")


def test_all_are_asked_and_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    echo = Program(Path("/bin/echo"), "9")
    peers = (
        Peer("echo", "Debian", lambda _: echo, echoing, "nothing", {}),
        Peer("gone", "npm", missing, nothing, "nothing", {}),
    )
    monkeypatch.setattr(tools, "PEERS", peers)
    monkeypatch.setattr(command, "grounds", small)
    file, figures = tmp_path / "page.md", tmp_path / "figures.json"
    file.write_text("<!-- peers: written -->\n<!-- end -->\n")
    words = ["--quick", "--keep", str(tmp_path / "kept"), "--page", str(file)]
    assert command.main([*words, "--json", str(figures)]) == 0
    said = capsys.readouterr().out
    assert said.rstrip() in file.read_text()
    assert "| gone | not here: there is no npm |" in said
    assert "| echo | - | always | - | - | - | fails with no luck |" in said.replace("`-`", "-")
    lines = json.loads(figures.read_text())["answers"][1]["lines"]
    assert [(one["tool"], one["state"]) for one in lines[:2]] == [(OURS, "warm"), (OURS, "cold")]
    assert all(one["seconds"] for one in lines[:2])
