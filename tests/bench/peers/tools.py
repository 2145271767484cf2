"""The peers: how each is got, what it reads, what it can be asked, and how it is best asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bench import inside
from bench.peers import converted
from bench.peers.asked import Ground, Line, Question, State
from bench.peers.installs import Program, from_debian, from_npm, from_pypi
from bench.spawn import Command, run
from bench.trees import git

OURS = "plantrack"
_NO_PAST = "knows the documents as they are, not how they became so"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool."""

    name: str
    origin: str
    install: Callable[[Path], Program]  # into a folder; may raise Unavailable
    lines: Callable[[Program, Ground], Iterable[Line]]
    reads: str
    lacks: Mapping[Question, str]  # why a question cannot be asked


def ours(ground: Ground) -> Iterator[Line]:
    """Ask plantrack."""
    asked = ground.stage.plantrack
    if ground.question is Question.START:
        nothing = ground.stage.python(ground.top)
        yield Line("-", "python -c pass", State.ALWAYS, (nothing,), b"")
        version = asked(ground.top, "--version")
        yield Line(OURS, "plantrack --version", State.ALWAYS, (version,), b"plantrack")
        return
    word = str(ground.question)
    command = asked(ground.top, word)
    inside.settle(ground.top)
    shown, holds = f"plantrack {word}", b".md" if ground.question is Question.NEXT else b" "
    yield Line(OURS, shown, State.WARM, (command,), holds, note="every document is looked at")
    # A second repository, so that what is remembered of the first stays.
    other = ground.room / "cold"
    shutil.copytree(ground.top, other, symlinks=True, ignore=shutil.ignore_patterns(inside.MEMORY))
    git(other, "update-index", "-q", "--refresh")
    cold = replace(command, folder=other)
    note = "reads the documents and their history"
    yield Line(OURS, shown, State.COLD, (cold,), holds, lambda: inside.forget(other), note)
    if ground.question is Question.BURNDOWN:
        path = _longest(ground.top)
        one = asked(ground.top, word, path)
        note = "one document"
        shown = "plantrack burndown DOC"
        yield Line(OURS, shown, State.WARM, (one,), holds, note=note, alone=True)


def _checkmarks(program: Program, ground: Ground) -> Iterator[Line]:
    start = _starter(program, ground, {})
    if ground.question is Question.START:
        yield Line("checkmarks", "checkmarks --help", State.ALWAYS, (start("--help"),), b"usage")
    if ground.question is Question.STATUS:
        shown, command = "checkmarks -r .", start("-r", ".")
        yield Line("checkmarks", shown, State.ALWAYS, (command,), b".md")


def _md_todo_hub(program: Program, ground: Ground) -> Iterator[Line]:
    name = "md-todo-hub"
    warm, cold = (ground.room / f"{name}-{one}" for one in ("warm", "cold"))
    start, fresh = (_starter(program, ground, {"MD_TODO_HOME": str(home)}) for home in (warm, cold))
    words = {Question.STATUS: ("overview",), Question.NEXT: ("next", "--limit", "1")}
    if ground.question is Question.START:
        yield Line(name, "mdtodo --version", State.ALWAYS, (start("--version"),), b"md-todo-hub")
    if ground.question not in words:
        return
    ask, shown = words[ground.question], f"mdtodo {' '.join(words[ground.question])}"
    register = ("register", ".", "--name", "bench", "--docs", ".")
    run(start(*register))
    note = "what it knows; no document is looked at"
    yield Line(name, shown, State.WARM, (start(*ask),), b"bench", note=note)
    both = (start("index"), start(*ask))
    note = "every document is looked at"
    yield Line(name, f"mdtodo index; {shown}", State.WARM, both, b"bench", note=note)
    both = (fresh(*register), fresh(*ask))
    shown = f"mdtodo register .; {shown}"
    yield Line(name, shown, State.COLD, both, b"bench", lambda: _drop(cold))


def _markdown_plan(program: Program, ground: Ground) -> Iterator[Line]:
    name = "markdown-plan"
    start = _starter(program, ground, {})
    if ground.question is Question.START:
        yield Line(name, "mdplan --help", State.ALWAYS, (start("--help"),), b"usage")
    if ground.question is Question.BURNDOWN:
        command = start("history", _longest(ground.top))
        shown, note = "mdplan history DOC", "one document; numbers without a chart"
        holds = b'"completed"'
        yield Line(name, shown, State.ALWAYS, (command,), holds, note=note, alone=True)


def _taskwarrior(program: Program, ground: Ground) -> Iterator[Line]:
    name = "taskwarrior"
    room = ground.room / name
    room.mkdir()
    (room / "taskrc").write_text("confirmation=no\n")
    start, fresh = (
        _starter(program, ground, {"TASKRC": str(room / "taskrc"), "TASKDATA": str(data)})
        for data in (_made(room / "warm"), _made(room / "cold"))
    )
    words = {
        Question.STATUS: (("summary",),),
        Question.NEXT: (("next", "limit:1"),),
        Question.BURNDOWN: (("burndown.weekly",), ("history.weekly",)),
    }
    if ground.question is Question.START:
        yield Line(name, "task --version", State.ALWAYS, (start("--version"),), b".")
        return
    tasks = room / "tasks.json"
    found = converted.listed(ground.top)
    tasks.write_text(converted.taskwarrior(found, now=datetime.now(UTC)))
    bring = ("rc.verbose=nothing", "import", str(tasks))
    run(start(*bring))
    for ask in words[ground.question]:
        shown = f"task {' '.join(ask)}"
        yield Line(name, shown, State.WARM, (start(*ask),), b"-", note="converted before")
        both = (fresh(*bring), fresh(*ask))
        shown = f"task import; {shown}"
        yield Line(name, shown, State.COLD, both, b"-", lambda: _made(_drop(room / "cold")))


def _backlog(program: Program, ground: Ground) -> Iterator[Line]:
    name = "backlog.md"
    words = {
        Question.STATUS: ("overview",),
        Question.NEXT: ("task", "list", "--ready", "--limit", "1", "--plain"),
    }
    start = _starter(program, ground, {})
    if ground.question is Question.START:
        yield Line(name, "backlog --version", State.ALWAYS, (start("--version"),), b".")
    if ground.question not in words:
        return
    top = _made(ground.room / name)
    begin = ("init", "bench", "--defaults", "--integration-mode", "none", "--no-git")
    run(replace(start(*begin), folder=top))
    converted.backlog(converted.listed(ground.top), top / "backlog" / "tasks")
    ask = words[ground.question]
    command = replace(start(*ask), folder=top)
    holds = b"TASK-" if ground.question is Question.NEXT else b"Total Tasks: %d" % ground.count
    shown = f"backlog {' '.join(ask)}"
    yield Line(name, shown, State.ALWAYS, (command,), holds, note="converted before")


def _starter(
    program: Program, ground: Ground, settings: Mapping[str, str]
) -> Callable[..., Command]:
    """Return `start(*words)`: the command that starts a program where the documents are."""
    environment = {**ground.stage.environment(), **settings}
    environment.pop("PYTHONPATH", None)  # they have environments of their own
    return lambda *words: Command((str(program.path), *words), ground.top, environment)


def _longest(top: Path) -> str:
    """Name the document that most commits changed."""
    said = git(top, "log", "--format=", "--name-only", "--", "docs").decode().split("\n")
    there = [path for path in inside.document_paths(top) if path in said]
    return max(there, key=said.count)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _drop(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return folder


PEERS = (
    Peer(
        "checkmarks",
        "PyPI",
        lambda folder: from_pypi(folder, "checkmarks", "checkmarks"),
        _checkmarks,
        "the documents themselves",
        {Question.NEXT: "has no such command", Question.BURNDOWN: _NO_PAST},
    ),
    Peer(
        "md-todo-hub",
        "PyPI",
        lambda folder: from_pypi(folder, "md-todo-hub", "mdtodo"),
        _md_todo_hub,
        "the documents themselves, into an index",
        {Question.BURNDOWN: _NO_PAST},
    ),
    Peer(
        "markdown-plan",
        "PyPI",
        lambda folder: from_pypi(folder, "markdown-plan", "mdplan"),
        _markdown_plan,
        "one document, in every commit",
        {
            Question.STATUS: "has no such command",
            Question.NEXT: "has no such command",
        },
    ),
    Peer(
        "taskwarrior",
        "Debian",
        lambda folder: from_debian(folder, "taskwarrior", "task"),
        _taskwarrior,
        "tasks of its own: each box was made one, in a project for each document, entered evenly "
        "over the last year, a ticked one ended two weeks later",
        {},
    ),
    Peer(
        "backlog.md",
        "npm",
        lambda folder: from_npm(folder, "backlog.md", "backlog"),
        _backlog,
        "task files of its own: each document was made one, with its boxes as acceptance criteria",
        {Question.BURNDOWN: "has no such command"},
    ),
)
