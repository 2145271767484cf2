from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest

import described
from conftest import Repo
from plantrack import cli_past
from plantrack.__main__ import main
from plantrack.core.change import ChangeKind

FIRST = """\
# Design: Berth Board

**Status:** In Progress

## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw the berths
  - [ ] Snap every stay to the half hour
- [ ] Milestone 2: Drag to move
- [ ] Milestone 3: Print
"""
SECOND = FIRST.replace("[ ] Draw", "[x] Draw")
THIRD = SECOND.replace(
    "- [ ] Milestone 2: Drag to move",
    "- [ ] Milestone 2: Drag to move\n  - [ ] Show a ghost\n  - [x] Show a conflict",
).replace("[ ] Snap every stay to the half", "[x] Snap every stay to the quarter")
FOURTH = THIRD.replace("[ ] Show a ghost", "[x] Show a ghost").replace(
    "- [ ] Milestone 3: Print\n", ""
)
PATH = "docs/0001-berths.md"

Answer = Callable[..., str]
Found = Callable[..., dict[str, Any]]


@pytest.fixture
def harbour(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Three commits of one plan, and a work tree that goes on; entered."""
    repo = make_repo({PATH: FIRST})
    repo.commit({PATH: SECOND}, "Draw them")
    repo.commit({PATH: THIRD}, "Snap; expand the next")
    repo.write({PATH: FOURTH})
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command in this process; return what it printed."""

    def run(*arguments: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(arguments) == code, capsys.readouterr()
        printed = capsys.readouterr()
        return printed.err if code > 1 or not printed.out else printed.out

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


def rows(shown: str) -> list[list[str]]:
    return [re.split(r" {2,}", line.strip()) for line in shown.splitlines() if line.strip()]


# --- diff -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_a_diff_shows_what_is_not_committed(found: Found) -> None:
    (document,) = found("diff")["documents"]
    items = [
        (one["kind"], one["reason"], one["line_before"], one["line_after"], one["text_after"])
        for one in document["items"]
    ]
    assert items == [
        ("removed", "cut", 13, None, None),
        ("ticked", "", 11, 11, "Show a ghost"),
    ]
    assert document["leaves_before"]["done"] == 3
    assert document["leaves_after"] == {"done": 4, "total": 4, "dropped": 0}


@pytest.mark.usefixtures("harbour")
def test_ids_of_a_diff_are_those_of_status(found: Found) -> None:
    (tree,) = found("status", "0001")["documents"]
    nodes = tree["sections"][0]["nodes"]
    ids = {child["title"]: child["id"] for node in nodes for child in node["children"]}
    (document,) = found("diff", "HEAD~2..HEAD")["documents"]
    by_text = {one["text_after"]: one["id"] for one in document["items"]}
    assert (
        by_text["Snap every stay to the quarter hour"] == ids["Snap every stay to the quarter hour"]
    )


@pytest.mark.usefixtures("harbour")
def test_a_diff_of_two_commits_sums_up_what_lies_between(found: Found) -> None:
    answer = found("diff", "HEAD~2..HEAD")
    assert answer["by_history"] is True
    (document,) = answer["documents"]
    assert [(one["kind"], one["also"], one["reason"]) for one in document["items"]] == [
        ("ticked", [], ""),
        ("ticked", ["reworded"], ""),
        ("expanded", [], ""),
        ("added", [], "open"),
        ("added", [], "arrived done"),
    ]


@pytest.mark.usefixtures("harbour")
def test_a_diff_backwards_undoes_it(found: Found) -> None:
    forwards, backwards = found("diff", "HEAD~2..HEAD"), found("diff", "HEAD..HEAD~2")
    assert backwards["by_history"] is True
    ids = {one["id"] for one in forwards["documents"][0]["items"]}
    assert {one["id"] for one in backwards["documents"][0]["items"]} == ids
    kinds = {one["kind"] for one in backwards["documents"][0]["items"]}
    assert kinds == {"removed", "unticked", "collapsed"}


@pytest.mark.usefixtures("harbour")
def test_with_all_every_item_is_shown_with_both_lines(found: Found) -> None:
    (document,) = found("diff", "HEAD~1..HEAD", "--all")["documents"]
    assert len(document["items"]) == 7
    lines = {
        one["text_after"]: (one["line_before"], one["line_after"]) for one in document["items"]
    }
    assert lines["Milestone 3: Print"] == (11, 13)
    assert [one["kind"] for one in document["items"]].count("same") == 3


def test_a_side_branch_is_compared_by_its_documents_alone(harbour: Repo, found: Found) -> None:
    harbour.write({PATH: THIRD})
    harbour.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    harbour.commit({PATH: SECOND.replace("[ ] Milestone 3", "[x] Milestone 3")}, "On the side")
    harbour.git("checkout", "--quiet", "main")
    answer = found("diff", "main..side")
    assert answer["by_history"] is False
    (document,) = answer["documents"]
    kinds = {one["text_after"] or one["text_before"]: one["kind"] for one in document["items"]}
    assert kinds["Milestone 3: Print"] == "ticked"
    assert kinds["Show a conflict"] == "removed"


def test_the_work_tree_is_compared_with_a_side_branch(harbour: Repo, found: Found) -> None:
    harbour.write({PATH: THIRD})
    harbour.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    other = FIRST.replace("Berth Board", "Vessels")
    harbour.commit({"docs/0002-vessels.md": other, "notes.md": "# Notes\n"}, "On the side")
    harbour.git("checkout", "--quiet", "main")
    harbour.write({PATH: FOURTH, "docs/0003-quay.md": FIRST.replace("Berth Board", "Quay")})
    answer = found("diff", "side", "--all")
    assert answer["by_history"] is False
    named = [(one["path_before"], one["path_after"]) for one in answer["documents"]]
    assert (PATH, PATH) in named
    assert ("docs/0002-vessels.md", "docs/0003-quay.md") not in named
    assert named[-1][0] is None or named[-1][1] is None
    (ours,) = [one for one in answer["documents"] if one["path_after"] == PATH]
    kinds = {one["text_after"] or one["text_before"]: one["kind"] for one in ours["items"]}
    assert kinds["Show a ghost"] == "added"
    assert kinds["Milestone 1: Grid"] == "same"
    assert kinds["Milestone 3: Print"] == "removed"


def test_while_git_is_in_the_middle_of_something_there_is_an_answer(
    harbour: Repo, found: Found
) -> None:
    (harbour.path / ".git" / "index.lock").touch()
    assert found("diff")["documents"]


def test_a_renamed_document_is_one_document(harbour: Repo, found: Found) -> None:
    harbour.git("mv", PATH, "docs/0001-berth-board.md")
    harbour.commit({"docs/0001-berth-board.md": FOURTH}, "Rename")
    (document,) = found("diff", "HEAD~1..HEAD")["documents"]
    assert (document["path_before"], document["path_after"]) == (PATH, "docs/0001-berth-board.md")
    assert {one["kind"] for one in document["items"]} == {"removed", "ticked"}


@pytest.mark.parametrize("words", [[], ["HEAD"], ["HEAD~1"], ["--all"], ["HEAD", "--all"]])
def test_a_document_that_is_renamed_and_not_committed_is_one_document(
    words: list[str], harbour: Repo, found: Found
) -> None:
    harbour.commit({PATH: FOURTH}, "All there is")
    harbour.commit({"docs/0002-quay.md": "# Quay\n"}, "Something else")
    harbour.git("mv", PATH, "docs/board.md")
    (document,) = found("diff", *words)["documents"]
    assert (document["path_before"], document["path_after"]) == (PATH, "docs/board.md")
    assert document["leaves_before"] == document["leaves_after"]
    assert {one["kind"] for one in document["items"]} <= {"same"}


def test_a_document_that_is_renamed_with_other_words_around_its_boxes_is_one_document(
    harbour: Repo, found: Found
) -> None:
    harbour.commit({PATH: FOURTH, "docs/0002-quay.md": FIRST.replace("Berth", "Quay")})
    harbour.write({PATH: None, "docs/0001-board.md": f"{FOURTH}\n## Risks\n\nMany.\n"})
    (document,) = found("diff")["documents"]
    assert (document["path_before"], document["path_after"]) == (PATH, "docs/0001-board.md")
    assert document["items"] == []


@pytest.mark.parametrize("words", ["HEAD~1..HEAD", "HEAD~1", "HEAD~2..HEAD"])
def test_a_document_that_was_renamed_alone_differs_by_its_name(
    words: str, harbour: Repo, found: Found, told: Answer
) -> None:
    harbour.commit({PATH: FOURTH}, "All there is")
    harbour.commit({}, "Nothing")
    harbour.git("mv", PATH, "docs/board.md")
    harbour.commit({}, "Rename")
    (document,) = found("diff", words)["documents"]
    assert (document["path_before"], document["path_after"]) == (PATH, "docs/board.md")
    assert document["items"] == []
    assert "nothing but names in 1 document" in told("diff", words)
    (back,) = found("diff", "HEAD..HEAD~1")["documents"]
    assert (back["path_before"], back["path_after"]) == ("docs/board.md", PATH)


def test_a_renamed_document_of_a_side_branch_is_one_document(harbour: Repo, found: Found) -> None:
    harbour.write({PATH: THIRD})
    harbour.git("checkout", "--quiet", "-b", "side")
    harbour.git("mv", PATH, "docs/board.md")
    harbour.commit({"docs/board.md": FOURTH}, "Rename")
    harbour.git("checkout", "--quiet", "main")
    (document,) = found("diff", "main..side")["documents"]
    assert (document["path_before"], document["path_after"]) == (PATH, "docs/board.md")


def test_a_finished_document_did_not_become_a_plan_without_boxes(
    harbour: Repo, told: Answer
) -> None:
    bare = "# Design: Quays\n\n## Implementation Plan\n\nOne after the other.\n"
    stub = "# Design: Berth Board\n\n**Status:** Shipped\n"
    harbour.commit({PATH: stub, "docs/0002-quays.md": bare}, "Finalise")
    assert "no plan differs" in told("diff", "--exit-code")
    assert f"{PATH} (no plan now)" in told("diff", "HEAD~1")


def test_a_finished_document_is_told_from_a_cut_one(harbour: Repo, found: Found) -> None:
    harbour.commit({PATH: "# Design: Berth Board\n\n**Status:** Shipped\n"}, "Finalise")
    (document,) = found("diff", "HEAD~1..HEAD")["documents"]
    assert {one["reason"] for one in document["items"]} == {"finalised"}


@pytest.mark.usefixtures("harbour")
def test_the_exit_code_tells_only_when_it_is_asked_to(told: Answer) -> None:
    told("diff")
    told("diff", "--exit-code", code=1)
    told("diff", "HEAD..HEAD", "--exit-code")


def test_the_exit_code_tells_of_a_name_alone_as_the_diff_does(harbour: Repo, told: Answer) -> None:
    harbour.write({PATH: THIRD})
    harbour.git("mv", PATH, "docs/board.md")
    harbour.commit({}, "Rename")
    assert "nothing but names" in told("diff", "HEAD~1..HEAD", "--exit-code", code=1)


@pytest.mark.usefixtures("harbour")
def test_what_is_only_shown_because_all_is_asked_for_is_no_difference(told: Answer) -> None:
    assert "no plan differs" in told("diff", "HEAD..HEAD", "--all", "--exit-code")


@pytest.mark.usefixtures("harbour")
def test_a_diff_of_nothing_says_so(told: Answer) -> None:
    assert "no plan differs" in told("diff", "HEAD..HEAD")


@pytest.mark.usefixtures("harbour")
def test_a_diff_for_a_pull_request_is_markdown(told: Answer) -> None:
    shown = told("diff", "--format", "md")
    assert "- **cut** <del>Milestone 3: Print</del>\n" in shown
    assert "- **ticked** Show a ghost\n" in shown


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("name", ["nope", "nope..HEAD", "HEAD..nope", "--upload-pack=x", "HEAD^99"])
def test_an_unknown_revision_is_not_found(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "--", name]) == 1
    assert "is no commit of this repository\nname a branch" in capsys.readouterr().err


@pytest.mark.usefixtures("harbour")
def test_three_dots_are_refused(told: Answer) -> None:
    assert "three dots are not understood" in told("diff", "a...b", code=2)


def test_before_the_first_commit_everything_is_added(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    repo = make_repo()
    repo.write({PATH: FIRST})
    monkeypatch.chdir(repo.path)
    answer = found("diff")
    assert answer["from_commit"] is None
    assert found("diff", "HEAD") == answer
    assert {one["kind"] for one in answer["documents"][0]["items"]} == {"added"}


def test_outside_git_there_is_nothing_to_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Answer
) -> None:
    (tmp_path / "plan.md").write_text(FIRST)
    monkeypatch.chdir(tmp_path)
    assert "is no git repository" in told("diff", code=3)


def test_what_was_undone_on_the_way_differs_in_nothing(harbour: Repo, told: Answer) -> None:
    harbour.commit({PATH: THIRD.replace("[ ] Show a ghost", "[x] Show a ghost")}, "Tick")
    harbour.commit({PATH: THIRD}, "Untick")
    assert told("diff", "HEAD~2..HEAD").endswith("\nno plan differs\n")


@pytest.mark.usefixtures("harbour")
def test_two_words_are_two_ends(told: Answer) -> None:
    assert told("diff", "HEAD~2", "HEAD") == told("diff", "HEAD~2..HEAD")


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("words", [("HEAD~2..HEAD", "HEAD"), ("HEAD~2", "HEAD~1", "HEAD")])
def test_more_than_two_ends_are_refused(words: tuple[str, ...], told: Answer) -> None:
    assert "these are no two commits\nwrite A..B\n" in told("diff", *words, code=2)


# --- what is not known ----------------------------------------------------------------------------

ABOUT_THE_PAST = (
    ["log"], ["log", "--json"], ["blame", "0001"], ["burndown", "--csv"], ["forecast", "--json"],
    ["export"],
)  # fmt: skip


def test_in_a_shallow_clone_it_is_said_that_the_past_begins_late(
    harbour: Repo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = harbour.path.parent / "clone"
    harbour.git("clone", "--quiet", "--depth", "2", f"file://{harbour.path}", str(clone))
    monkeypatch.chdir(clone)
    for words in ABOUT_THE_PAST:  # not only when it is read
        assert main(words) == 0
        printed = capsys.readouterr()
        assert printed.err == (
            "plantrack: this place: this clone is shallow:"
            " its history begins with the oldest commit that is here\n"
        ), words
        assert "shallow" not in printed.out
    assert main(["-C", str(clone), "diff", "HEAD~2"]) == 1
    assert "git fetch --unshallow brings older commits; or name" in capsys.readouterr().err
    Repo(clone).git("fetch", "--quiet", "--unshallow")
    assert main(["log"]) == 0
    assert capsys.readouterr().err == ""


def test_commits_that_could_not_be_read_are_told_of(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = harbour.git("rev-parse", f"HEAD~1:{PATH}").strip()
    (harbour.path / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    for words in ABOUT_THE_PAST:
        assert main(words) == 0
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("plantrack: this place: commit "), words
        assert "could not be read as a whole" in line
        assert line.endswith("plantrack sync --rebuild")


# --- log ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
def test_a_limit_does_not_part_what_one_commit_did_to_an_item(found: Found) -> None:
    def told_of(changes: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
        return Counter((str(one["commit"]), one["id"]) for one in changes)

    changes = found("log")["changes"]
    whole = told_of(changes)
    assert max(whole.values()) == 2
    for limit in range(1, len(changes)):
        shown = told_of(found("log", "--limit", str(limit))["changes"])
        assert shown <= whole
        assert all(whole[key] == count for key, count in shown.items()), limit


@pytest.mark.usefixtures("harbour")
def test_a_limit_shows_at_least_a_part_of_a_single_item(found: Found) -> None:
    changes = found("log", "0001#M1.2", "--limit", "1")["changes"]
    assert len(changes) == 1


@pytest.mark.usefixtures("harbour")
def test_a_log_in_which_nothing_fits_does_not_deny_the_history(told: Answer) -> None:
    assert told("log", "--author", "nobody") == "no change fits what was asked for\n"


@pytest.mark.usefixtures("harbour")
def test_a_log_begins_with_what_is_not_committed(found: Found) -> None:
    changes = found("log")["changes"]
    assert [one["uncommitted"] for one in changes[:3]] == [True, True, False]
    assert len({one["commit"] for one in changes}) == 4
    times = [one["time"] for one in changes]
    assert times == sorted(times, reverse=True)


@pytest.mark.usefixtures("harbour")
def test_a_log_is_grouped_by_commit_and_plain_in_a_pipe(told: Answer) -> None:
    shown = told("log")
    assert len(re.findall(r"^\S", shown, re.MULTILINE)) == 4
    assert "Ada Example  Snap; expand the next" in shown
    assert "\x1b" not in shown
    assert ["arrived done", "Show a conflict"] in [[row[0], row[-1]] for row in rows(shown)]


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--kind", "ticked"), 3),
        (("--kind", "ticked", "--kind", "reworded"), 4),
        (("--author", "ada"), 11),
        (("--author", "nobody"), 0),
        (("--limit", "3"), 3),
        (("--since", "2026-01-03"), 7),
        (("--since", "2026-01-03", "--until", "2026-01-03"), 5),
        (("--until", "2026-01-01"), 5),
        (("--until", "2025-12-31"), 0),
        (("0001",), 13),
    ],
    ids=str,
)
def test_a_log_shows_only_what_is_asked_for(
    words: tuple[str, ...], count: int, found: Found
) -> None:
    assert len(found("log", *words)["changes"]) == count


@pytest.mark.usefixtures("harbour")
def test_a_log_that_was_cut_says_so(found: Found) -> None:
    assert found("log", "--limit", "3")["has_more"] is True
    assert found("log", "--limit", "13")["has_more"] is False


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("address", ["M1.2", "#"])
def test_one_item_has_its_own_log(address: str, found: Found) -> None:
    changes = found("log")["changes"]
    item = next(one["id"] for one in changes if one["kind"] == "reworded")
    name = item if address == "#" else f"0001#{address}"
    assert [one["kind"] for one in found("log", name)["changes"]] == ["ticked", "reworded", "added"]


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("address", ["Milestone 2", "milestone 2", "M2", "2"])
def test_a_label_is_an_address(address: str, found: Found) -> None:
    changes = found("log", f"0001#{address}")["changes"]
    assert {one["text_after"] for one in changes} == {"Milestone 2: Drag to move"}
    assert [one["kind"] for one in changes] == ["expanded", "added"]


def test_a_document_that_is_gone_still_has_a_log(harbour: Repo, found: Found) -> None:
    harbour.commit({PATH: None}, "Drop it")
    changes = found("log", PATH)["changes"]
    assert {one["reason"] for one in changes if one["kind"] == "removed"} == {"document removed"}


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("name", ["nothing-like-it", "zzzz", "0001#M9", "0001#", "nope#M1"])
def test_an_unknown_name_is_not_found(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", name]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_document_that_never_held_a_plan_is_named(harbour: Repo, capsys: Any) -> None:  # noqa: ANN401
    harbour.write({"notes.md": "# Notes\n"})
    assert main(["log", "notes"]) == 1
    assert "notes.md never held a plan" in capsys.readouterr().err


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize("option", ["--since", "--until"])
def test_what_is_no_time_is_refused(option: str, told: Answer) -> None:
    assert "is no time\nwrite 2026-03-10" in told("log", option, "next whatever", code=2)


@pytest.mark.usefixtures("harbour")
def test_an_unknown_kind_is_refused_with_the_known_ones(told: Answer) -> None:
    assert "'reworded'" in told("log", "--kind", "teleported", code=2)


@pytest.mark.usefixtures("harbour")
def test_a_report_is_markdown(told: Answer) -> None:
    assert "- **ticked** Draw the berths" in told("log", "--format", "md")


def test_a_log_of_a_folder_outside_git_tells_what_was_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text(FIRST)
    monkeypatch.chdir(tmp_path)
    assert {one["kind"] for one in found("log")["changes"]} == {"added"}
    plan.write_text(SECOND)
    first, *_ = found("log")["changes"]
    assert (first["kind"], first["commit"], first["uncommitted"]) == ("ticked", None, False)


def test_every_kind_of_change_can_be_asked_for() -> None:
    """The command line has the words of its own, so that it need not read the rest to know them."""
    assert [kind.value for kind in cli_past.Kind] == [kind.value for kind in ChangeKind]


# --- blame ----------------------------------------------------------------------------------------


def test_blame_tells_who_added_and_ticked(harbour: Repo, found: Found) -> None:
    first, second, third = harbour.git("rev-list", "--reverse", "HEAD").split()
    items = {one["text"]: one for one in found("blame", "0001")["items"]}
    draw = items["Draw the berths"]
    assert (draw["added"]["commit"], draw["ticked"]["commit"]) == (first, second)
    snap = items["Snap every stay to the quarter hour"]
    assert (snap["added"]["commit"], snap["ticked"]["commit"]) == (first, third)
    conflict = items["Show a conflict"]
    assert (conflict["arrived_done"], conflict["ticked"]) == (True, None)
    assert conflict["added"]["commit"] == third
    ghost = items["Show a ghost"]
    assert (ghost["ticked"]["commit"], ghost["state"]) == (None, "done")
    assert items["Milestone 1: Grid"]["ticked"] is None


@pytest.mark.usefixtures("harbour")
def test_blame_shows_the_lines_of_the_file(found: Found) -> None:
    lines = FOURTH.splitlines()
    for item in found("blame", PATH)["items"]:
        assert item["text"] in lines[item["line"] - 1]


def test_blame_of_several_documents_is_refused(harbour: Repo, capsys: Any) -> None:  # noqa: ANN401
    harbour.write({"docs/0002-vessels.md": FIRST})
    assert main(["blame", "docs"]) == 1
    assert "name one: docs/0001-berths.md, docs/0002-vessels.md" in capsys.readouterr().err


def test_blame_of_a_plan_that_is_gone_says_where_to_look(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.commit({PATH: "# Design: Berth Board\n\n**Status:** Shipped\n"}, "Finalise")
    assert main(["blame", "0001"]) == 1
    assert capsys.readouterr().err == (
        f"plantrack: {PATH} holds no plan any more\nplantrack log {PATH} tells what became of it\n"
    )


def test_totals_of_all_time_are_the_last_day_of_the_burndown(harbour: Repo, found: Found) -> None:
    harbour.commit({PATH: "# Design: Berth Board\n\n**Status:** Shipped\n"}, "Finalise")
    last = found("burndown")["days"][-1]
    totals = found("status")["totals"]
    assert totals["leaves"]["total"] == 0
    assert totals["ever"]["leaves"] == {
        "done": last["done"],
        "total": last["scope"] - last["dropped"],
        "dropped": last["dropped"],
    }


def test_status_of_a_plan_that_is_gone_says_where_to_look(harbour: Repo, told: Answer) -> None:
    harbour.commit({PATH: "# Design: Berth Board\n\n**Status:** Shipped\n"}, "Finalise")
    assert told("status", "0001") == (
        f"{PATH} holds no plan any more; plantrack log {PATH} tells what became of it\n"
    )


# --- burndown and forecast ------------------------------------------------------------------------


def test_a_burndown_of_a_plan_that_is_gone_tells_its_past(harbour: Repo, found: Found) -> None:
    harbour.commit({PATH: "# Design: Berth Board\n\n**Status:** Shipped\n"}, "Finalise")
    last = found("burndown", "0001")["days"][-1]
    assert (last["done"], last["open"], last["dropped"]) == (3, 0, 2)


def test_a_burndown_of_what_never_held_a_plan_is_refused(
    harbour: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    harbour.write({"notes.md": "# Notes\n"})
    for command in ("burndown", "forecast"):
        assert main([command, "notes"]) == 1
        assert "notes.md never held a plan" in capsys.readouterr().err


def test_open_work_in_a_document_that_is_over_is_told(harbour: Repo, found: Found) -> None:
    harbour.write({PATH: THIRD.replace("In Progress", "Superseded")})
    frozen = found("status")["totals"]["frozen"]
    assert frozen > 0
    for command in ("burndown", "forecast"):
        assert found(command)["frozen"] == found(command, "0001")["frozen"] == frozen
        assert found(command, "--by", "milestones")["frozen"] == 0


@pytest.mark.usefixtures("harbour")
def test_the_lines_of_a_terminal_bound_a_burndown(
    told: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINES", "24")
    low = told("burndown")
    monkeypatch.setenv("LINES", "60")
    assert len(low.splitlines()) < len(told("burndown").splitlines())
    monkeypatch.setenv("LINES", "high")
    assert len(low.splitlines()) < len(told("burndown").splitlines())


@pytest.mark.usefixtures("harbour")
def test_the_last_day_is_what_status_says(found: Found) -> None:
    totals = found("status")["totals"]["leaves"]
    last = found("burndown")["days"][-1]
    assert (last["done"], last["scope"] - last["dropped"]) == (totals["done"], totals["total"])


@pytest.mark.usefixtures("harbour")
def test_a_burndown_counts_milestones_when_asked(found: Found) -> None:
    answer = found("burndown", "--by", "milestones")
    assert answer["unit"] == "milestones"
    assert answer["days"][0]["scope"] == 3


@pytest.mark.usefixtures("harbour")
def test_a_burndown_since_a_day_begins_with_it(found: Found) -> None:
    whole, part = found("burndown")["days"], found("burndown", "--since", "2026-01-03")["days"]
    assert part[0]["day"] == "2026-01-03"
    assert part == whole[2:]


@pytest.mark.usefixtures("harbour")
def test_a_burndown_of_one_document_is_that_of_all_there_are(found: Found) -> None:
    assert found("burndown", "0001")["days"] == found("burndown")["days"]
    assert found("burndown", "0001")["documents"] == [PATH]


@pytest.mark.usefixtures("harbour")
def test_days_follow_the_time_zone(found: Found) -> None:
    assert found("burndown", "--tz", "Pacific/Kiritimati")["days"][0]["day"] == "2026-01-02"
    assert found("burndown", "--tz", "UTC")["days"][0]["day"] == "2026-01-01"
    plain = {one["day"]: one["ticked"] for one in found("burndown")["days"]}
    assert {one["day"]: one["ticked"] for one in found("burndown", "--tz", "UTC")["days"]} == plain


@pytest.mark.usefixtures("harbour")
def test_an_unknown_time_zone_is_refused(told: Answer) -> None:
    assert "is no time zone" in told("burndown", "--tz", "Mars/Olympus", code=2)


@pytest.mark.usefixtures("harbour")
def test_a_burndown_as_csv_is_a_row_a_day(told: Answer, found: Found) -> None:
    lines = list(csv.DictReader(io.StringIO(told("burndown", "--csv"))))
    days = found("burndown")["days"]
    assert [line["day"] for line in lines] == [day["day"] for day in days]
    assert [int(line["open"]) for line in lines] == [day["open"] for day in days]


@pytest.mark.usefixtures("harbour")
def test_a_chart_in_a_pipe_is_as_wide_as_columns(
    told: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    shown = told("burndown")
    assert shown.startswith("Burndown: 0 of 4 steps open")
    assert 50 < max(map(len, shown.splitlines())) <= 60
    assert "\x1b" not in shown


@pytest.mark.usefixtures("harbour")
def test_a_picture_is_written_whole(told: Answer, tmp_path: Path) -> None:
    target = tmp_path / "plans.svg"
    target.write_text("old")
    assert told("burndown", "--svg", str(target)) == ""
    assert ET.parse(target).getroot().tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314 - ours
    assert [path.name for path in tmp_path.iterdir() if "plans" in path.name] == ["plans.svg"]


@pytest.mark.usefixtures("harbour")
def test_a_picture_replaces_no_folder(told: Answer, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert "is a folder" in told("burndown", "--svg", str(tmp_path / "folder"), code=4)
    assert "could not be written" in told("burndown", "--svg", "/nowhere/at/all.svg", code=4)


@pytest.mark.usefixtures("harbour")
def test_a_burndown_takes_one_form_only(told: Answer) -> None:
    assert "exclude each other" in told("burndown", "--csv", "--json", code=2)


@pytest.mark.usefixtures("harbour")
def test_too_little_history_is_no_forecast_and_no_error(told: Answer, found: Found) -> None:
    assert told("forecast").startswith("no forecast: ")
    answer = found("forecast")["forecast"]
    assert (answer["p50"], answer["p85"]) == (None, None)
    assert answer["refusal"].startswith("no forecast: ")


def test_without_any_plan_there_is_no_history(
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    told: Answer,
) -> None:
    monkeypatch.chdir(make_repo({"README.md": "# Nothing\n"}).path)
    assert told("burndown").startswith("no history")
    assert told("forecast") == "no forecast: there is no history\n"
    assert told("log").startswith("no history yet: ")
    assert main(["burndown", "--svg", "x.svg"]) == 1
    assert not Path("x.svg").exists()


def steady(weeks: int) -> list[str]:
    """Give a plan of forty steps of which three are done more each week."""
    lines = [f"- [ ] Step {number}: do part {number}" for number in range(40)]
    texts = []
    for done in range(weeks + 1):
        ticked = [
            line.replace("[ ]", "[x]") if number < 3 * done else line
            for number, line in enumerate(lines)
        ]
        texts.append("# Design: Quay\n\n## Implementation Plan\n\n" + "\n".join(ticked) + "\n")
    return texts


def test_a_steady_pace_gives_two_dates(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch, found: Found
) -> None:
    from datetime import UTC, datetime, timedelta

    repo = make_repo()
    start = datetime.now(UTC) - timedelta(weeks=9)  # noqa: TID251 -- forecasts are about today
    for week, text in enumerate(steady(8)):
        repo.write({"quay.md": text})
        repo.git("add", "--all")
        repo.git("commit", "--quiet", "-m", f"week {week}", when=start + timedelta(weeks=week))
    monkeypatch.chdir(repo.path)
    answer = found("forecast")["forecast"]
    today = datetime.now(UTC).date().isoformat()  # noqa: TID251 -- as above
    assert today < answer["p50"] <= answer["p85"]
    assert found("burndown")["forecast"]["p50"] == answer["p50"]


def test_status_tells_the_pace_of_the_last_four_weeks(
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    told: Answer,
    found: Found,
) -> None:
    from datetime import UTC, datetime, timedelta

    repo = make_repo()
    monkeypatch.chdir(repo.path)
    now = datetime.now(UTC)  # noqa: TID251 -- the pace is measured up to today
    for week, text in enumerate(steady(3)):
        repo.write({"quay.md": text})
        repo.git("add", "--all")
        repo.git("commit", "--quiet", "-m", "w", when=now - timedelta(days=59 - 15 * week))
    assert found("status")["totals"]["per_week"] == 0.75
    assert "lately  0.8 steps a week in the last 4 weeks; last change " in told("status")
    assert found("status", "quay")["totals"]["per_week"] == 0.75
    assert " · 0.8 steps a week lately\n" in told("status", "quay")
    repo.write({"moor.md": text.replace("Step", "Berth")})
    assert found("status", "quay", "moor")["totals"]["per_week"] is None
    assert found("status", "moor")["totals"]["per_week"] is None


# --- the whole process ----------------------------------------------------------------------------


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    "words", [["log"], ["blame", "0001"], ["diff"], ["burndown"], ["forecast"]]
)
def test_colour_comes_when_it_is_forced_and_nowhere_else(words: list[str]) -> None:
    command = [sys.executable, "-m", "plantrack", *words]
    plain = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "\x1b" not in plain
    assert plain


@pytest.mark.parametrize(
    "words", [["log"], ["blame"], ["diff"], ["burndown"], ["forecast"], ["export"], ["merge"]]
)
def test_help_teaches_with_examples_and_fits_eighty_columns(words: list[str], told: Answer) -> None:
    shown = told(*words, "--help")
    assert "Example" in shown
    assert shown.isascii()
    assert max(map(len, shown.splitlines())) <= 80
    assert "..." not in shown.replace("[DOC]...", "")
