# ruff: noqa: ANN401 -- a command takes what it takes

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

import story
from conftest import PROJECT_ROOT
from history_samples import assert_books_balance
from plantrack import export_commands, past_commands
from plantrack.commands import Options
from plantrack.past_commands import Filters, Series
from sync_samples import Here

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

NOON = datetime.combine(story.UNTIL, time(12), tzinfo=UTC)
COLUMNS = "80"
ALL = 1000

FOLDED = date(2026, 4, 20)
REOPENED = date(2026, 5, 5)
BOARD = "docs/design/0002-berth-board.md"
MESSAGES = "docs/design/0004-messages.md"
NOTIFICATIONS = "docs/design/0004-notifications.md"
OFFLINE = "docs/design/0008-offline-mode.md"
FEED = "docs/design/0010-ical-feed.md"
SIGN_IN = "docs/design/0011-login.md"
GUARDED = (
    "Find high and low water by root search on the derivative, with a guard for the double"
    " high water at Southhaven."
)

Rows = list[dict[str, Any]]
Answer = Callable[..., str]
Read = Callable[..., Rows]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tell the story once, for all who only read it."""
    folder = tmp_path_factory.mktemp("told") / "slackwater"
    story.build(folder)
    moment = (NOON - timedelta(hours=2)).timestamp()
    os.utime(folder / BOARD, (moment, moment))  # the tick that is not committed
    return folder


@pytest.fixture
def shown(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Answer:
    """Run a command on a terminal, at noon of the last day; return what it printed."""
    monkeypatch.setenv("COLUMNS", COLUMNS)
    monkeypatch.setenv("NO_COLOR", "1")

    def run(command: Callable[..., int], *words: Any, json: bool = False, **named: Any) -> str:
        capsys.readouterr()
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        assert command(Options(str(office), json=json), *words, now=NOON, **named) == 0
        printed = capsys.readouterr()
        assert printed.err == ""
        return printed.out

    return run


@pytest.fixture
def exported(office: Path, capsys: pytest.CaptureFixture[str]) -> Read:
    """Read the rows of an export, of the repository or of another folder."""

    def run(what: str = "changes", folder: Path = office) -> Rows:
        return [json.loads(line) for line in export(folder, what, capsys).splitlines()]

    return run


def export(folder: Path, what: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    options = Options(str(folder))
    assert export_commands.export(options, now=NOON, what=what, repository="slackwater") == 0
    return capsys.readouterr().out


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


def by_subject(rows: Rows, subject: str) -> Rows:
    found = [row for row in rows if row["subject"] == subject]
    assert found, f"nobody committed: {subject}"
    return found


def kinds(rows: Rows) -> list[str]:
    return [" ".join(filter(None, (row["kind"], row["reason"]))) for row in rows]


def item(rows: Rows, text: str) -> str:
    """Give the id of the one item that ever had a text."""
    (found,) = {row["item"] for row in rows if text in (row["text_before"], row["text_after"])}
    return str(found)


# --- how it is told -------------------------------------------------------------------------------


def test_the_story_is_the_same_whoever_tells_it(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    settings.write_text(
        "[user]\nname = Somebody Else\nemail = else@example.org\n"
        "[commit]\ngpgsign = true\n[core]\nautocrlf = true\n[init]\ndefaultBranch = trunk\n"
    )
    theirs = {
        "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
        "GIT_AUTHOR_NAME": "Nobody",
        "GIT_CONFIG_GLOBAL": str(settings),
        "GIT_DIR": str(tmp_path / "nowhere"),
        "HOME": str(tmp_path / "nobody"),
        "TZ": "Pacific/Kiritimati",
    }
    with monkeypatch.context() as elsewhere:
        for name, text in theirs.items():
            elsewhere.setenv(name, text)
        story.build(tmp_path / "again")
    words = ("log", "--all", "--format=%H %P %ae %aI %cI %D")
    assert git(tmp_path / "again", *words) == git(office, *words)
    assert git(tmp_path / "again", "diff") == git(office, "diff")


def test_the_story_can_be_told_as_a_command(office: Path, tmp_path: Path) -> None:
    script = PROJECT_ROOT / "tests" / "story.py"
    command = [sys.executable, "-I", str(script), str(tmp_path / "again")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
    assert git(tmp_path / "again", "rev-parse", "HEAD") == git(office, "rev-parse", "HEAD")


def test_the_story_is_told_nowhere_but_in_an_empty_folder(office: Path) -> None:
    command = [sys.executable, "-I", str(PROJECT_ROOT / "tests" / "story.py"), str(office)]
    before = git(office, "log", "--all", "--format=%H")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert git(office, "log", "--all", "--format=%H") == before


@pytest.mark.parametrize("later", range(8))
def test_a_story_ends_on_the_last_thursday_before_its_last_day(later: int, tmp_path: Path) -> None:
    until = story.UNTIL + timedelta(days=later)
    short = story.Story(tmp_path, until=until)
    short.begin()
    short.commit(story.WEEKS, story.THU, story.MARIT, "Plan", story.arrive("0001"))
    made = date.fromisoformat(git(tmp_path, "log", "-1", "--format=%as").strip())
    assert made.weekday() == story.THU
    assert timedelta(days=1) <= until - made <= timedelta(days=7)


def test_the_story_has_a_branch_that_can_be_seen_and_one_that_cannot(office: Path) -> None:
    merges = git(office, "log", "--merges", "--format=%s").splitlines()
    assert merges == ["Merge the offline mode"]
    on_main = git(office, "log", "--first-parent", "--format=%s").splitlines()
    everywhere = git(office, "log", "--all", "--format=%s").splitlines()
    assert sorted(set(everywhere) - set(on_main)) == [
        "Keep a copy on the tablet",
        "Queue what is entered",
        "Replay the queue",
    ]
    assert git(office, "branch", "--format=%(refname:short)").splitlines() == ["main"]


# --- what it looks like ---------------------------------------------------------------------------


def test_the_log_of_the_story(shown: Answer, snapshot: SnapshotAssertion) -> None:
    assert shown(past_commands.log, filters=Filters(limit=ALL)) == snapshot


def test_the_log_of_the_story_to_paste(shown: Answer, snapshot: SnapshotAssertion) -> None:
    assert shown(past_commands.log, form="md") == snapshot


def test_the_life_of_one_step(shown: Answer, snapshot: SnapshotAssertion) -> None:
    assert shown(past_commands.log, "0001#M3.2") == snapshot


@pytest.mark.parametrize("number", ["0002", "0004", "0010"])
def test_who_wrote_and_ticked_what(number: str, shown: Answer, snapshot: SnapshotAssertion) -> None:
    assert shown(past_commands.blame, number) == snapshot


@pytest.mark.parametrize("revisions", [None, "v0.1..v0.2", "v0.2..HEAD"])
@pytest.mark.parametrize("form", ["text", "md"])
def test_what_differs_between_two_moments_of_the_story(
    revisions: str | None, form: str, shown: Answer, snapshot: SnapshotAssertion
) -> None:
    assert shown(past_commands.diff, revisions, form=form) == snapshot


@pytest.mark.parametrize("unit", ["leaves", "milestones"])
def test_how_the_story_went(unit: str, shown: Answer, snapshot: SnapshotAssertion) -> None:
    wanted = Series(unit=unit, zone="UTC")
    assert shown(past_commands.burndown, wanted=wanted) == snapshot


def test_how_the_story_went_day_by_day(shown: Answer, snapshot: SnapshotAssertion) -> None:
    found = json.loads(shown(past_commands.burndown, json=True, wanted=Series(zone="UTC")))
    days = [json.dumps(day) for day in found.pop("days")]
    assert "\n".join([json.dumps(found, indent=1), *days]) == snapshot


@pytest.mark.parametrize("names", [(), ("0001",), ("0011",), ("0010",)])
def test_how_the_story_is_likely_to_go_on(
    names: tuple[str, ...], shown: Answer, snapshot: SnapshotAssertion
) -> None:
    assert shown(past_commands.forecast, names, wanted=Series(zone="UTC")) == snapshot


def test_what_the_story_leaves_for_other_tools(exported: Read, snapshot: SnapshotAssertion) -> None:
    changes = [
        (
            f"{row['commit'][:8]} {row['time'][:16]} {row['author'][:5]} {row['document'][:4]}"
            f" {row['path'][12:16]} {row['item']} {row['line_before']}>{row['line_after']}"
            f" {row['kind']} {row['reason']} {row['leaves_scope']}/{row['leaves_done']}"
            f"/{row['leaves_dropped']} {row['milestones_scope']}/{row['milestones_done']}"
            f"/{row['milestones_dropped']} {row['text_after']}"
        )
        for row in exported()
    ]
    days = [
        " ".join(f"{name}={text}" for name, text in row.items() if text and name not in KNOWN)
        for row in exported("days")
    ]
    assert "\n".join([*changes, "", *days]) == snapshot


KNOWN = ("schema", "repository", "branch", "head")


# --- what it means --------------------------------------------------------------------------------


def test_done_falls_only_where_a_box_was_opened_again(exported: Read) -> None:
    days = [row for row in exported("days") if row["unit"] == "leaves"]
    falls = [now["day"] for before, now in pairwise(days) if now["done"] < before["done"]]
    assert falls == [REOPENED.isoformat()]


def test_what_a_finished_document_left_open_is_dropped_when_it_is_folded(exported: Read) -> None:
    days = [row for row in exported("days") if row["unit"] == "leaves"]
    (place,) = [place for place, row in enumerate(days) if row["day"] == FOLDED.isoformat()]
    before, folded = days[place - 1], days[place]
    assert folded["dropped_at_finalisation"] == 2
    assert (folded["scope"], folded["done"]) == (before["scope"], before["done"])
    assert folded["open"] == before["open"] - 2
    lost = by_subject(exported(), "Ship the sign-in and fold its plan")
    assert {(row["path"], row["kind"], row["reason"]) for row in lost} == {
        (SIGN_IN, "removed", "finalised")
    }
    dropped = [row["text_before"] for row in lost if row["leaves_dropped"]]
    assert dropped == ["Second factor by security key.", "Remove it in release 9."]


def test_a_renamed_document_keeps_its_history(exported: Read, shown: Answer) -> None:
    rows = [row for row in exported() if row["path"] in (NOTIFICATIONS, MESSAGES)]
    assert len({row["document"] for row in rows}) == 1
    assert {row["path"] for row in by_subject(rows, "Plan the notifications")} == {NOTIFICATIONS}
    assert kinds(by_subject(rows, "Call them messages")) == ["ticked"]
    assert [row["kind"] for row in rows].count("removed") == 0
    log = json.loads(shown(past_commands.log, "0004", json=True))
    subjects = {change["subject"] for change in log["changes"]}
    assert {"Plan the notifications", "Render messages", "Call them messages"} <= subjects


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (
            "Seed script with a dozen invented berths.",
            "Seed script with the 31 berths of Southhaven.",
        ),
        (
            "Compute both for the years 2000 to 2050.",
            "Compute both for any year between 1970 and 2100.",
        ),
        ("Find turning points by root search on the derivative.", GUARDED),
        (
            "Print the worst ten differences first, since nobody scrolls.",
            "Print the worst twenty differences first, since nobody scrolls.",
        ),
    ],
)
def test_what_was_ticked_and_reworded_at_once_is_the_same_item(
    earlier: str, later: str, exported: Read
) -> None:
    rows = exported()
    assert item(rows, earlier) == item(rows, later)
    pair = (earlier, later)
    changes = [row for row in rows if (row["text_before"], row["text_after"]) == pair]
    assert kinds(changes) == ["ticked", "reworded"]
    assert changes[0]["commit"] == changes[1]["commit"]


def test_a_step_taken_up_again_has_one_life(exported: Read) -> None:
    rows = exported()
    step = item(rows, "Find turning points by root search on the derivative.")
    life = [row["kind"] for row in rows if row["item"] == step]
    assert life == ["added", "ticked", "unticked", "ticked", "reworded"]


def test_new_numbers_change_nothing_but_what_was_cut(exported: Read, office: Path) -> None:
    rows = exported()
    renumbered = by_subject(rows, "Cut the print layout, number the rest anew")
    assert kinds(renumbered) == ["removed cut"] * 2
    cut = {row["item"] for row in renumbered}
    # the one with a new number is still the one that was planned
    assert "Milestone 3: Drag to move a stay" in (office / BOARD).read_text()
    dragging = item(rows, "Milestone 4: Drag to move a stay")
    assert dragging not in cut
    assert kinds([row for row in rows if row["item"] == dragging]) == ["added open"]


def test_a_split_step_goes_on_as_the_part_that_kept_its_words(exported: Read) -> None:
    rows = exported()
    split = by_subject(rows, "Split what a drop does")
    assert kinds(split) == ["reworded", "added split"]
    whole = item(
        rows,
        "Refuse a drop that the clearance rule forbids, and show the first tide that allows it.",
    )
    assert whole == item(rows, "Refuse a drop that the clearance rule forbids.")
    assert [row["kind"] for row in rows if row["item"] == whole] == ["added", "reworded", "ticked"]


@pytest.mark.parametrize(
    ("subject", "number"), [("Break the tide windows down", 3), ("Break the audit trail down", 3)]
)
def test_a_milestone_that_gets_steps_hands_its_place_to_one(
    subject: str, number: int, exported: Read
) -> None:
    rows = by_subject(exported(), subject)
    assert kinds(rows) == ["expanded", *["added open"] * number]
    assert sum(row["leaves_scope"] for row in rows) == number - 1


def test_words_outside_the_plan_are_no_change(exported: Read, office: Path) -> None:
    subject = "Say who reads the board"
    assert subject in git(office, "log", "--format=%s").splitlines()
    assert subject not in {row["subject"] for row in exported()}


def test_a_merged_branch_is_one_revision(exported: Read) -> None:
    merged = by_subject(exported(), "Merge the offline mode")
    assert {row["path"] for row in merged} == {OFFLINE}
    assert kinds(merged) == ["ticked"] * 5


def test_a_squashed_branch_arrives_with_what_was_done_on_it(exported: Read) -> None:
    squashed = by_subject(exported(), "Add a calendar feed per berth")
    assert {row["path"] for row in squashed} == {FEED}
    assert kinds(squashed) == ["added arrived done"] * 3 + ["added open"] * 5


def test_the_work_tree_is_one_tick_ahead(shown: Answer, exported: Read) -> None:
    found = json.loads(shown(past_commands.diff, json=True))
    (document,) = found["documents"]
    (ticked,) = document["items"]
    assert (document["path_after"], ticked["kind"], ticked["text_after"]) == (
        BOARD,
        "ticked",
        "Undo the last move from the toast.",
    )
    committed = [row for row in exported("days") if row["unit"] == "leaves"][-1]
    today = json.loads(shown(past_commands.burndown, json=True))["days"][-1]
    assert today["done"] == committed["done"] + 1


def test_there_is_enough_to_tell_when_it_will_be_done(shown: Answer) -> None:
    found = json.loads(shown(past_commands.forecast, json=True, wanted=Series(zone="UTC")))
    likely, sure = map(date.fromisoformat, (found["forecast"]["p50"], found["forecast"]["p85"]))
    assert story.UNTIL < likely < sure
    assert found["backtest"]["answered"] > 0


def test_the_books_of_the_story_balance(office: Path) -> None:
    here = Here(office)
    here.refresh()
    assert_books_balance(here)


def test_clones_of_the_story_know_the_same(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = [export(office, what, capsys) for what in ("changes", "days")]
    for name in ("one", "other"):
        git(tmp_path, "clone", "--quiet", str(office), name)
        theirs = [export(tmp_path / name, what, capsys) for what in ("changes", "days")]
        assert theirs == ours


def test_a_clone_read_while_the_story_went_on_knows_the_same(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(office), clone.name)
    commits = git(clone, "rev-list", "--reverse", "--first-parent", "HEAD").split()
    for commit in commits[::6]:
        git(clone, "reset", "--quiet", "--hard", commit)
        export(clone, "changes", capsys)
    git(clone, "reset", "--quiet", "--hard", commits[-1])
    for what in ("changes", "days"):
        assert export(clone, what, capsys) == export(office, what, capsys)
