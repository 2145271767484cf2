"""Documents are written by commands, and told of afterwards."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import pytest

import described
from conftest import FIRST_COMMIT, Repo
from plantrack import console, edit_commands
from plantrack.__main__ import main
from plantrack.commands import Memory, Options
from plantrack.core import edit
from plantrack.core.edit_view import TickView
from plantrack.core.ids import assign
from plantrack.core.model import Finding
from plantrack.edits import expanding, finding, ticking
from plantrack.errors import DatabaseError, NotFound, UsageError, WriteRefused
from plantrack.repo import replacing
from plantrack.store.deeds import Deeds
from strategies import read

PLAN = """\
# Design: Berth Board

**Status:** In Progress

## Implementation Plan

- [x] Milestone 1: Grid
  - [x] Draw the berths
- [ ] Milestone 2: Drag to move
  - [x] Show a ghost
  - [~] Snap it to 'the hour'
- [ ] Milestone 3: Print
  - [ ] Choose a paper
  - [ ] Write a style sheet
- [ ] Milestone 4: Release
"""
HEADED = """\
# Tides

## Implementation Plan

### Milestone 1: Read

- [x] Find the gauges
- [ ] Ask them
"""
PATH, OTHER = "docs/0001-berths.md", "docs/0002-tides.md"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Answer = Callable[..., str]
Found = Callable[..., dict[str, Any]]


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A folder with two plans, entered; git has no part in most of this."""
    repo = Repo(tmp_path)
    repo.write({PATH: PLAN, OTHER: HEADED})
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def told(harbour: Repo, capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command in this process; return what it printed."""
    assert (harbour.path / PATH).exists()

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(arguments) == code, capsys.readouterr()
        printed = capsys.readouterr()
        return printed.err if code else printed.out

    return run


@pytest.fixture
def found(told: Answer) -> Found:
    """Run a command with --json; return the answer, which is what its schema says."""

    def run(*arguments: str) -> dict[str, Any]:
        answer = cast("dict[str, Any]", json.loads(told(*arguments, "--json")))
        name = answer["schema"].removeprefix("plantrack.").removesuffix("/1")
        described.hold(answer, name)
        return answer

    return run


def text_of(repo: Repo, path: str = PATH) -> str:
    return (repo.path / path).read_text()


def ticked(words: str, text: str = PLAN, mark: str = " ") -> str:
    """Give a text with the box before some words ticked."""
    assert text.count(f"[{mark}] {words}") == 1
    return text.replace(f"[{mark}] {words}", f"[x] {words}")


@pytest.fixture(scope="session")
def ids() -> dict[str, str]:
    """The ids of all items, by title, as they are shown."""
    found: dict[str, str] = {}
    for path, text in ((PATH, PLAN), (OTHER, HEADED)):
        plan = read(text, path)
        titles = (node.title for node in plan.walk())
        found |= dict(zip(titles, (key[:4] for key in assign(plan, path)), strict=True))
    return found


# --- tick -----------------------------------------------------------------------------------------


def test_a_step_is_ticked_and_the_next_one_named(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    shown = told("tick", ids["Choose a paper"])
    assert text_of(harbour) == ticked("Choose a paper")
    assert shown.startswith(f"ticked  {ids['Choose a paper']}  {PATH}:13  Choose a paper\n")
    assert "next  Snap it to 'the hour'\n" in shown


def test_the_answer_says_what_was_done(harbour: Repo, found: Found, ids: dict[str, str]) -> None:
    key = ids["Choose a paper"]
    answer = found("tick", key, "--note", "  on  A3\n")
    assert answer["items"] == [
        {
            "id": key,
            "path": PATH,
            "line": 13,
            "label": "",
            "title": "Choose a paper",
            "text": "Choose a paper",
            "changed": True,
            "mark_before": " ",
            "mark_after": "x",
            "state_before": "todo",
            "state_after": "done",
        }
    ]
    assert (answer["verb"], answer["note"], answer["dry_run"]) == ("tick", "on A3", False)
    assert answer["next"]["command"].startswith("plantrack tick ")
    assert text_of(harbour) == ticked("Choose a paper")


def test_several_are_ticked_at_once_in_several_documents(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    told("tick", ids["Choose a paper"], "0002#Milestone 1.2", ids["Write a style sheet"])
    assert text_of(harbour) == ticked("Write a style sheet", ticked("Choose a paper"))
    assert text_of(harbour, OTHER) == ticked("Ask them", HEADED)


def test_what_is_ticked_already_is_fine(harbour: Repo, found: Found, ids: dict[str, str]) -> None:
    answer = found("tick", ids["Show a ghost"])
    assert [one["changed"] for one in answer["items"]] == [False]
    assert text_of(harbour) == PLAN


def test_another_mark_gives_way_and_is_named(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    assert "instead of [~]" in told("tick", ids["Snap it to 'the hour'"])
    assert text_of(harbour) == ticked("Snap", mark="~")


def test_a_dry_run_writes_nothing(harbour: Repo, told: Answer, ids: dict[str, str]) -> None:
    assert told("tick", ids["Choose a paper"], "--dry-run").startswith("would tick  ")
    assert text_of(harbour) == PLAN
    told("undo", code=1)


# --- milestones -----------------------------------------------------------------------------------


def test_the_last_step_leads_to_its_milestone(
    harbour: Repo, told: Answer, found: Found, ids: dict[str, str]
) -> None:
    """The command that is named works as it is."""
    shown = told("tick", ids["Snap it to 'the hour'"])
    (command,) = [line.strip() for line in shown.splitlines() if "plantrack tick" in line]
    assert "Nothing is open below “Milestone 2: Drag to move” any more" in shown
    told(*shlex.split(command)[1:])
    assert text_of(harbour) == ticked("Milestone 2: Drag", ticked("Snap", mark="~"))
    assert found("tick", ids["Drag to move"])["over"] == []


def test_a_milestone_is_closed_with_its_last_step(
    harbour: Repo, found: Found, ids: dict[str, str]
) -> None:
    answer = found("tick", ids["Snap it to 'the hour'"], "--close")
    assert [one["title"] for one in answer["items"]] == ["Drag to move", "Snap it to 'the hour'"]
    assert text_of(harbour) == ticked("Milestone 2: Drag", ticked("Snap", mark="~"))


def test_a_milestone_with_open_steps_is_ticked_only_by_force(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    error = told("tick", ids["Print"], code=4)
    assert "still has 2 open steps below it; nothing was written" in error
    assert f"tick {ids['Choose a paper']} (Choose a paper), " in error
    assert text_of(harbour) == PLAN
    told("tick", ids["Print"], "--force")
    assert text_of(harbour) == ticked("Milestone 3: Print")


def test_a_heading_is_not_ticked(told: Answer, ids: dict[str, str], harbour: Repo) -> None:
    error = told("tick", ids["Read"], code=4)
    assert "is a heading" in error
    assert f"tick {ids['Ask them']} (Ask them)" in error
    told("tick", ids["Ask them"])
    assert "nothing is open below it" in told("tick", ids["Read"], code=4)
    assert text_of(harbour, OTHER) == ticked("Ask them", HEADED)


def test_many_open_steps_are_not_all_named(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    steps = "".join(f"  - [ ] Step {number}: Go on\n" for number in range(1, 8))
    harbour.write({PATH: PLAN + steps})
    assert " and 3 more first" in told("tick", ids["Release"], code=4)


# --- untick and undo ------------------------------------------------------------------------------


def test_a_step_is_opened_again_and_what_stays_ticked_over_it_is_named(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    shown = told("untick", ids["Draw the berths"])
    assert shown.startswith("opened  ")
    assert text_of(harbour) == PLAN.replace("[x] Draw", "[ ] Draw")
    (command,) = [line.strip() for line in shown.splitlines() if "plantrack untick" in line]
    told(*shlex.split(command)[1:])
    assert text_of(harbour) == PLAN.replace("[x] Draw", "[ ] Draw").replace("[x] Mile", "[ ] Mile")


def test_the_last_command_is_taken_back_as_a_whole(
    harbour: Repo, told: Answer, found: Found, ids: dict[str, str]
) -> None:
    told("tick", ids["Choose a paper"])
    told("tick", ids["Snap it to 'the hour'"], ids["Ask them"], "--close")
    before = text_of(harbour)
    assert told("undo", "--dry-run").startswith("would take back  ")
    assert text_of(harbour) == before
    answer = found("undo")
    assert (answer["verb"], len(answer["items"])) == ("undo", 3)
    assert text_of(harbour) == ticked("Choose a paper")
    assert text_of(harbour, OTHER) == HEADED
    told("undo")
    assert text_of(harbour) == PLAN
    what, todo = told("undo", code=1).splitlines()
    assert "nothing was ticked" in what
    assert todo == "plantrack log tells what was seen here"
    harbour.git("init", "--quiet")
    assert "plantrack diff shows what is not committed" in told("undo", code=1)


def test_a_line_that_moved_is_still_taken_back(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    told("tick", ids["Choose a paper"])
    harbour.write({PATH: text_of(harbour).replace("## Impl", "Why.\n\n## Impl")})
    told("undo")
    assert text_of(harbour) == PLAN.replace("## Impl", "Why.\n\n## Impl")


@pytest.mark.parametrize(
    ("new", "reason"),
    [("  - [x] Choose a good paper\n", "was changed since"), ("", "is not in")],
)
def test_a_line_that_was_touched_is_left(
    harbour: Repo, told: Answer, ids: dict[str, str], new: str, reason: str
) -> None:
    told("tick", ids["Choose a paper"])
    harbour.write({PATH: text_of(harbour).replace("  - [x] Choose a paper\n", new)})
    before = text_of(harbour)
    assert reason in told("undo", code=4)
    assert text_of(harbour) == before


def test_what_somebody_took_back_is_fine(harbour: Repo, found: Found, ids: dict[str, str]) -> None:
    found("tick", ids["Choose a paper"])
    harbour.write({PATH: PLAN})
    assert [one["changed"] for one in found("undo")["items"]] == [False]
    assert text_of(harbour) == PLAN


# --- what is refused ------------------------------------------------------------------------------


def test_an_item_that_reads_otherwise_is_left(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    key = ids["Choose a paper"]
    error = told("tick", key, "--expect", "Choose a pen", code=4)
    assert "does not read as expected, but “Choose a paper”" in error
    assert text_of(harbour) == PLAN
    told("tick", key, ids["Ask them"], "--expect", "Choose a", "--expect", "Ask", "-v")
    assert text_of(harbour) == ticked("Choose a paper")


def test_one_that_cannot_be_ticked_keeps_the_others_from_it(
    harbour: Repo, told: Answer, ids: dict[str, str]
) -> None:
    told("tick", ids["Choose a paper"], ids["Read"], code=4)
    assert text_of(harbour) == PLAN


def test_expectations_are_one_an_item(told: Answer, ids: dict[str, str]) -> None:
    assert "2 times for 1 items" in told(
        "tick", ids["Print"], "--expect", "a", "--expect", "b", code=2
    )
    assert "empty" in told("tick", ids["Print"], "--expect", " ", code=2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("zzzz", "no item is called"),
        ("zz", "no item is called"),
        ("0001", "is a document"),
        ("docs", "stands for 2 documents, not for an item"),
        ("0001#M9", "no item of"),
        ("0001#Milestone", "no item of"),
    ],
)
def test_a_name_that_is_no_item_is_told(told: Answer, name: str, reason: str) -> None:
    assert reason in told("tick", name, code=1)


def test_an_item_that_is_gone_is_told(harbour: Repo, told: Answer, ids: dict[str, str]) -> None:
    told("status")
    harbour.write({PATH: PLAN.replace("- [ ] Milestone 4: Release\n", "")})
    assert "not in the plans any more" in told("tick", ids["Release"], code=1)


def test_a_name_that_fits_several_is_not_guessed_at(harbour: Repo, told: Answer) -> None:
    harbour.write({PATH: PLAN.replace("Milestone 4", "Milestone 3")})
    error = told("tick", "0001#Milestone 3", code=1)
    assert "fits 2 items" in error
    assert f"({PATH}:12 Print); " in error


def test_a_document_that_is_no_text_is_left(harbour: Repo, told: Answer) -> None:
    (harbour.path / PATH).write_bytes(PLAN.encode() + b"\n\xff\n")
    assert "line 17 is not UTF-8" in told("tick", "0001#M4", code=4)


@pytest.mark.parametrize("code", ["too-large", "gone"])
def test_a_document_that_cannot_be_read_any_more_is_left(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """It became so after the memory was brought up to date."""
    trouble = Finding(PATH, 0, code, "it is not as it was")
    monkeypatch.setattr(finding, "repo", SimpleNamespace(read_document=lambda *_, **__: trouble))
    assert "it is not as it was; nothing was written" in told("tick", ids["Print"], code=4)
    assert text_of(harbour) == PLAN


# --- what others save meanwhile -------------------------------------------------------------------


def saving(
    harbour: Repo, times: int, monkeypatch: pytest.MonkeyPatch, writer: ModuleType = finding
) -> None:
    """Let somebody add a line just before each of some writes."""
    left = [times]

    def late(place: Any, source: Any, data: bytes) -> None:  # noqa: ANN401 -- handed on
        if left[0]:
            left[0] -= 1
            path = harbour.path / PATH
            path.write_text(path.read_text() + f"\nSaved {left[0]}.\n")
        replacing.replace_document(place, source, data)

    monkeypatch.setattr(writer, "replace_document", late)


def test_a_document_that_is_saved_meanwhile_is_looked_at_again(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saving(harbour, 2, monkeypatch)
    told("tick", ids["Choose a paper"])
    assert text_of(harbour) == ticked("Choose a paper") + "\nSaved 1.\n\nSaved 0.\n"


def test_a_document_that_never_rests_is_left(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    saving(harbour, ticking.TRIES + 1, monkeypatch)
    error = told("tick", ids["Ask them"], ids["Choose a paper"], code=4)
    assert "was changed on disk" in error
    assert "(before that, it was written for " in error
    assert "[x] Choose" not in text_of(harbour)
    told("undo")
    assert text_of(harbour, OTHER) == HEADED


def test_a_document_that_is_saved_meanwhile_is_taken_back_all_the_same(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told("tick", ids["Choose a paper"])
    saving(harbour, 1, monkeypatch)
    told("undo")
    assert text_of(harbour) == PLAN + "\nSaved 0.\n"
    told("tick", ids["Choose a paper"])
    saving(harbour, ticking.TRIES, monkeypatch)
    assert "changed on disk" in told("undo", code=4)


@pytest.mark.parametrize("verb", ["tick", "undo"])
def test_what_would_read_otherwise_is_left(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    def refuse(*_: object) -> None:
        raise edit.Refused("it would read otherwise")

    told("tick", ids["Choose a paper"])
    monkeypatch.setattr(finding, "edit", SimpleNamespace(**vars(edit) | {"with_marks": refuse}))
    command = ("undo",) if verb == "undo" else ("tick", ids["Ask them"])
    assert "it would read otherwise; nothing was written" in told(*command, code=4)
    assert text_of(harbour) == ticked("Choose a paper")


def test_steps_that_cannot_be_recorded_are_steps(
    harbour: Repo, found: Found, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [0]

    def fail(*_: object) -> None:
        told[0] += 1
        if told[0] > 2:
            raise DatabaseError("the disk is full", "make room")

    found("next")
    monkeypatch.setattr(Memory, "refresh", fail)
    answer = found("expand", ids["Release"], "--step", "Tag it")
    assert answer["warnings"] == ["it was written, but not recorded: the disk is full"]
    assert [one["id"] for one in answer["steps"]] == [None]
    assert text_of(harbour) == PLAN + "  - [ ] Tag it\n"


def test_a_memory_that_is_overtaken_is_brought_up_to_date_alone(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, told_of = Memory.refresh, [0]

    def overtaken(memory: Memory) -> object:
        told_of[0] += 1
        if told_of[0] == 1:
            raise DatabaseError("overtaken", "run the command again")
        return real(memory)

    monkeypatch.setattr(Memory, "refresh", overtaken)
    told("tick", ids["Choose a paper"])
    assert text_of(harbour) == ticked("Choose a paper")


def test_a_memory_of_this_command_alone_is_enough(
    harbour: Repo, told: Answer, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (harbour.path / ".plan-history").write_text("no folder\n")
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    told("tick", ids["Choose a paper"])
    assert text_of(harbour) == ticked("Choose a paper")


def test_a_tick_that_cannot_be_recorded_is_a_tick(
    harbour: Repo, capsys: pytest.CaptureFixture[str], ids: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(*_: object) -> None:
        raise DatabaseError("the disk is full", "make room")

    monkeypatch.setattr(Deeds, "add", fail)
    capsys.readouterr()
    assert main(["tick", ids["Choose a paper"]]) == 0
    assert "written, but not recorded: the disk is full" in capsys.readouterr().err
    assert text_of(harbour) == ticked("Choose a paper")


def test_an_undo_that_cannot_be_recorded_is_one(
    harbour: Repo, found: Found, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("the disk is full", "make room")

    found("tick", ids["Choose a paper"])
    monkeypatch.setattr(Deeds, "take_back", fail)
    assert found("undo")["warnings"] == ["it was taken back, but not recorded: the disk is full"]
    assert text_of(harbour) == PLAN


# --- what is next ---------------------------------------------------------------------------------


def test_the_command_of_what_is_next_does_it(harbour: Repo, told: Answer, found: Found) -> None:
    """To the end of the plan, whatever quotes stand in it."""
    harbour.write({PATH: PLAN.replace("Choose a paper", "- it's `a` $PATH \\ **paper** – or")})
    for _ in range(9):
        pointer = found("next", "0001")["next"]
        if pointer["action"] == "expand":
            told(*shlex.split(pointer["command"])[1:], "--step", "Tell everybody")
        elif pointer["action"] in ("do", "close"):
            told(*shlex.split(pointer["command"])[1:])
    assert pointer["action"] == "finish"
    assert "[ ]" not in text_of(harbour)


def test_without_an_item_somebody_has_to_agree(harbour: Repo, told: Answer) -> None:
    error = told("tick", code=4)
    assert "next is “" in error
    assert "plantrack tick --yes" in error
    assert text_of(harbour) == PLAN


def test_what_is_next_is_ticked_unasked(harbour: Repo, found: Found) -> None:
    answer = found("tick", "--yes", "--note", "done")
    assert len(answer["items"]) == 1
    assert answer["items"][0]["title"] == "Snap it to 'the hour'"
    assert text_of(harbour) == ticked("Snap", mark="~")


def test_what_is_next_is_not_ticked_when_it_reads_otherwise(harbour: Repo, told: Answer) -> None:
    told("tick", "--yes", "--expect", "Something else", code=4)
    assert text_of(harbour) == PLAN


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 4), ("no\n", 4), ("", 4)])
def test_somebody_at_a_terminal_is_asked(
    harbour: Repo, told: Answer, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(console, "can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    told("tick", code=code)
    assert (text_of(harbour) == PLAN) is bool(code)


def test_nobody_is_asked_who_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not console.can_ask()
    monkeypatch.setattr("sys.stdin", None)
    assert not console.can_ask()
    assert not console.asked("Tick it?")


def test_what_cannot_be_ticked_is_not_ticked_unasked(harbour: Repo, told: Answer) -> None:
    plan = (
        "# Berths\n\n## Implementation Plan\n\n- [ ] Milestone 1: Grid\n- [x] M2: Drag\n  - [x] a\n"
    )
    harbour.write({PATH: plan, OTHER: None})
    assert "expand comes next" in told("tick", "--yes", code=4)
    harbour.write({PATH: plan.replace("[ ]", "[x]")})
    assert "every plan is finished" in told("tick", "--yes", code=4)


def test_after_the_last_step_nothing_is_next(harbour: Repo, told: Answer) -> None:
    plan = "# Berths\n\n## Implementation Plan\n\n- [ ] Dig\n"
    harbour.write({PATH: plan, OTHER: None})
    assert "Nothing is next: every plan is finished" in told("tick", "--yes")


# --- the log --------------------------------------------------------------------------------------


def test_the_log_shows_what_was_said(told: Answer, found: Found, ids: dict[str, str]) -> None:
    told("tick", ids["Choose a paper"], "--note", "on A3, see #4")
    told("tick", ids["Ask them"], "--note", "by mail")
    told("undo")
    assert "note: on A3, see #4\n" in told("log", ids["Choose a paper"])
    notes = {one["note"] for one in found("log")["changes"]}
    assert "on A3, see #4" in notes


@pytest.fixture
def committed(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """A repository with the plan in it, entered."""
    repo = make_repo({PATH: PLAN})
    monkeypatch.chdir(repo.path)
    return repo


def test_what_was_said_goes_with_its_commit_and_with_no_later_tick(
    committed: Repo, capsys: pytest.CaptureFixture[str], ids: dict[str, str]
) -> None:
    key = ids["Choose a paper"]
    complete(committed, key, FIRST_COMMIT + timedelta(hours=9), "on A3, by @ada")
    committed.commit({}, "Tick")
    committed.commit({PATH: PLAN}, "Open")
    complete(committed, key, FIRST_COMMIT + timedelta(days=2, hours=9))
    capsys.readouterr()
    assert main(["log", key, "--kind", "ticked", "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert [(one["uncommitted"], one["note"]) for one in changes] == [
        (True, None),
        (False, "on A3, by @ada"),
    ]
    assert main(["log", "--format", "md"]) == 0
    assert "<br>note: on A3, by @<!-- -->ada\n" in capsys.readouterr().out


def complete(repo: Repo, key: str, now: datetime, note: str = "") -> TickView:
    with Memory(Options(str(repo.path)), now) as memory:
        return edit_commands.complete(memory, key, expect="Choose", now=now, note=note)


# --- for programs ---------------------------------------------------------------------------------


def test_a_program_ticks_one_item(harbour: Repo, ids: dict[str, str]) -> None:
    with Memory(Options(str(harbour.path)), NOW) as memory:
        view = edit_commands.complete(
            memory, ids["Choose a paper"], expect="Choose a", now=NOW, note="on A3"
        )
        assert view.items[0].is_changed
        assert view.next is not None
        again = edit_commands.complete(memory, ids["Choose a paper"], expect="Choose", now=NOW)
        assert not again.items[0].is_changed
        with pytest.raises(UsageError, match="empty"):
            edit_commands.complete(memory, ids["Print"], expect="", now=NOW)
        with pytest.raises(WriteRefused, match="open step"):
            edit_commands.complete(memory, ids["Print"], expect="Milestone 3", now=NOW)
        with pytest.raises(NotFound):
            edit_commands.complete(memory, "zzzz", expect="x", now=NOW)
    assert text_of(harbour) == ticked("Choose a paper")


# --- expand ---------------------------------------------------------------------------------------


def test_steps_are_written_below_a_milestone(harbour: Repo, told: Answer, found: Found) -> None:
    answer = found("expand", "0001#M4", "--step", "Tag it", "--step", "Tell everybody")
    assert text_of(harbour) == PLAN + "  - [ ] Tag it\n  - [ ] Tell everybody\n"
    assert [(one["line"], one["raw"]) for one in answer["steps"]] == [
        (16, "  - [ ] Tag it"),
        (17, "  - [ ] Tell everybody"),
    ]
    told("tick", answer["steps"][1]["id"], "--expect", "Tell")
    assert text_of(harbour).endswith("  - [ ] Tag it\n  - [x] Tell everybody\n")


def test_expanding_can_be_tried(harbour: Repo, told: Answer, ids: dict[str, str]) -> None:
    shown = told("expand", ids["Release"], "--step", "Tag it", "--dry-run")
    assert "would add" in shown
    assert "- [ ] Tag it" in shown
    assert text_of(harbour) == PLAN
    assert "added" in told("expand", ids["Release"], "--step", "Tag it")


def test_without_steps_a_milestone_is_shown(told: Answer, ids: dict[str, str]) -> None:
    shown = told("expand", ids["Release"])
    assert "It has no steps yet." in shown
    assert f"plantrack expand {ids['Release']} --step TEXT" in shown
    assert "It has 2 steps." in told("expand", ids["Print"])


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (("2", "0001#M4", ""), "no words"),
        (("2", "0001#M4", "a\nb"), "not one line"),
        (("4", "0001#M1", "Dig"), "is done"),
        (("4", "0001#M3", "Choose a paper"), "there already"),
        (("1", "0001#M9", "Dig"), "no item"),
    ],
)
def test_what_cannot_be_written_below_a_milestone_is_told(
    harbour: Repo, told: Answer, step: tuple[str, str, str], reason: str
) -> None:
    code, name, words = step
    assert reason in told("expand", name, "--step", words, code=int(code))
    assert text_of(harbour) == PLAN


def test_a_milestone_that_reads_otherwise_is_not_expanded(harbour: Repo, told: Answer) -> None:
    told("expand", "0001#M4", "--expect", "Milestone 5", "--step", "Dig", code=4)
    assert text_of(harbour) == PLAN


def test_a_document_that_is_saved_meanwhile_is_expanded_all_the_same(
    harbour: Repo, told: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    saving(harbour, 1, monkeypatch, expanding)
    told("expand", "0001#M4", "--step", "Tag it")
    assert text_of(harbour) == PLAN + "  - [ ] Tag it\n\nSaved 0.\n"
    saving(harbour, ticking.TRIES, monkeypatch, expanding)
    assert "changed on disk" in told("expand", "0001#M4", "--step", "Dig", code=4)


# --- new ------------------------------------------------------------------------------------------


def test_a_new_document_gets_the_next_number(harbour: Repo, told: Answer, found: Found) -> None:
    assert told("new", "Audit Trail") == "docs/0003-audit-trail.md\n"
    text = text_of(harbour, "docs/0003-audit-trail.md")
    assert text.startswith("# Design: Audit Trail\n\n**Status:** Draft\n**Created:** 20")
    assert "instructions" not in text
    (doc,) = found("status", "0003")["documents"]
    assert (doc["shape"], doc["milestones"]["total"]) == ("nested", 3)
    assert doc["status"]["family"] == "draft"


def test_a_new_document_is_made_from_the_own_template(harbour: Repo, found: Found) -> None:
    template = (
        "# Design: <Feature Name>\n\n**Status:** Design\n\n## Implementation Plan\n\n- [ ] M1: x\n"
    )
    harbour.write(
        {
            "docs/templates/design.md": template,
            "docs/templates/letter.md": "# Dear <Name Of Somebody>\n",
            "docs/broken_template.md": b"# \xff\n",
            "docs/nul_template.md": b"# A\n\n## Implementation Plan\0\n",
        }
    )
    (harbour.path / "docs" / "loose_template.md").symlink_to("/nowhere")
    answer = found("new", "Audit", "--dry-run")
    assert answer["template"] == "docs/templates/design.md"
    assert answer["text"] == template.replace("<Feature Name>", "Audit")
    assert answer["path"] == "docs/0003-audit.md"
    assert not (harbour.path / answer["path"]).exists()
    assert found("new", "Audit")["text"] is None


def test_a_new_document_can_be_put_elsewhere(
    committed: Repo, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(committed.path / "docs")
    for folder, path in (
        ("../plans/design", "plans/design/0001-audit.md"),
        (".", "docs/0002-audit.md"),
        ("..", "0001-audit.md"),
    ):
        assert main(["new", "Audit.md", "--in", folder]) == 0
        assert capsys.readouterr().out == f"{path}\n"
        assert (committed.path / path).exists()
    assert main(["new", "Again", "--dry-run"]) == 0
    assert "# Design: Again" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (["***"], 2, "letters or digits"),
        (["a\x07b"], 2, "letters or digits"),
        (["a/b"], 2, "no “/”"),
        (["x" * 121], 2, "at most 120"),
        (["<Feature Name>"], 2, "templates are called"),
        (["My template"], 2, "left out"),
        (["Audit", "--in", "../elsewhere"], 2, "no folder of the repository"),
        (["Audit", "--in", ".git"], 2, "no folder of the repository"),
        (["Audit", "--in", PATH], 2, "no folder of the repository"),
    ],
)
def test_what_is_no_new_document_is_told(
    harbour: Repo, told: Answer, arguments: list[str], code: int, reason: str
) -> None:
    before = sorted(harbour.path.rglob("*.md"))
    assert reason in told("new", *arguments, code=code)
    assert sorted(harbour.path.rglob("*.md")) == before


def test_days_are_those_of_the_configured_zone(harbour: Repo, found: Found) -> None:
    harbour.write({"plantrack.toml": 'timezone = "Pacific/Kiritimati"\n'})
    text = found("new", "Audit", "--dry-run")["text"]
    from zoneinfo import ZoneInfo

    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()  # noqa: TID251 -- as it is now
    assert f"**Created:** {today}" in text or f"{today - timedelta(days=1)}" in text


def test_the_help_tells_what_is_written(told: Answer) -> None:
    for command in ("tick", "untick", "undo", "expand", "new"):
        assert "Examples:" in told(command, "--help")
    assert Path("docs").is_dir()
