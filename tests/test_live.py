from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.commands import Options
from plantrack.core.change import ChangeKind, Reason
from plantrack.core.feed import (
    Appeared,
    Changed,
    Committed,
    Event,
    Switched,
    Trouble,
    Vanished,
)
from plantrack.errors import DatabaseError, NotFound, PlaceError, UsageError
from plantrack.live import Live, Pulse, wait

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PATIENCE_S = 20.0
QUIET_S = 0.4  # in which nothing is to be told; longer than git has to rest
AFTER_S = 0.15  # in which nothing more is to be told
K = ChangeKind
PATH = "docs/0001-berths.md"
OTHER = "docs/0002-tides.md"
PLAN = """\
# Design: Berth Board

**Status:** In progress

## Implementation Plan

- [ ] Milestone 1: Grid
  - [ ] Draw the berths
  - [ ] Snap every stay to the half hour
- [ ] Milestone 2: Drag to move
"""
TIDES = PLAN.replace("Berth Board", "Tides").replace("Draw the berths", "Read the almanac")
TICKED = PLAN.replace("[ ] Draw", "[x] Draw")


@pytest.fixture
def repo(make_repo: Callable[..., Repo]) -> Repo:
    """Two documents with a plan, committed."""
    return make_repo({PATH: PLAN, OTHER: TIDES, ".gitignore": ".plan-history/\n"})


@contextmanager
def follow(path: Path, *names: str, polls: bool = False) -> Iterator[Live]:
    """Follow a place from its first look on; whatever happens, no thread is left."""
    threads = threading.active_count()
    with Live(Options(str(path)), names, clock=lambda: NOW, polls=polls) as live:
        first = live.step()
        assert first is not None
        assert first.is_fresh
        assert not first.events
        while live.due() == 0:
            live.step()
        yield live
    assert threading.active_count() == threads


def settle(live: Live, quiet_s: float = QUIET_S) -> tuple[Event, ...]:
    """Give all that is told until nothing was for a while."""
    found: list[Event] = []
    end = time.monotonic() + quiet_s
    while (left := end - time.monotonic()) > 0:
        wait(live, at_most=left)
        if pulse := live.step():
            found += pulse.events
            end = time.monotonic() + quiet_s if pulse.events else end
    return tuple(found)


def events(live: Live, *, least: int = 1) -> tuple[Event, ...]:
    """Wait until so many events were told, and for what comes after them; give them."""
    found: list[Event] = []
    end = time.monotonic() + PATIENCE_S
    while len(found) < least and time.monotonic() < end:
        wait(live, at_most=1.0)
        if pulse := live.step():
            found += pulse.events
    return (*found, *settle(live, AFTER_S))


def save(repo: Repo, files: dict[str, str]) -> None:
    """Write files as editors do: each is whole at any moment."""
    for name, content in files.items():
        path = repo.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}~")
        new.write_text(content)
        new.replace(path)


def told(found: tuple[Event, ...]) -> list[tuple[str, str]]:
    """Say of each event what it is, and of what."""
    said = []
    for one in found:
        match one:
            case Changed():
                kinds = ", ".join((one.change.kind, *one.also))
                said.append((kinds, one.change.text_after or one.change.text_before or ""))
            case Committed():
                said.append((f"committed {one.count}", one.revision.subject))
            case Switched():
                said.append((f"switched {one.documents}", str(one.branch_after)))
            case Appeared():
                said.append(("moved" if one.path_before else "appeared", one.path))
            case Vanished():
                said.append(("without a plan" if one.is_file else "vanished", one.path))
            case Trouble():
                said.append(("over" if one.is_over else "trouble", one.message))
    return said


# --- items ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("polls", [False, True])
def test_a_tick_is_told_once(repo: Repo, *, polls: bool) -> None:
    with follow(repo.path, polls=polls) as live:
        save(repo, {PATH: TICKED})
        (one,) = events(live)
        assert isinstance(one, Changed)
        assert (one.change.kind, one.change.path, one.change.line) == (K.TICKED, PATH, 8)
        assert (one.title, one.leaves.done, one.leaves.total) == ("Design: Berth Board", 1, 3)
        assert (one.time, one.revision, one.change.seen) == (NOW, None, NOW)


def test_one_event_tells_all_that_happened_to_an_item(repo: Repo) -> None:
    with follow(repo.path) as live:
        save(repo, {PATH: PLAN.replace("[ ] Draw the berths", "[x] Draw every berth")})
        assert told(events(live)) == [("ticked, reworded", "Draw every berth")]


def test_what_is_written_by_another_program_s_save_is_told(repo: Repo) -> None:
    with follow(repo.path) as live:
        new = repo.path / "docs/.0001-berths.md.swp"
        new.write_text(TICKED)
        new.replace(repo.path / PATH)
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_a_file_that_is_half_written_is_waited_for(repo: Repo) -> None:
    with follow(repo.path) as live:
        path = repo.path / PATH
        path.write_text(TICKED[: TICKED.index("Draw")])
        assert told(settle(live, 0.2)) == []
        path.write_text(TICKED)
        assert told(events(live)) == [("ticked", "Draw the berths")]
        path.write_text("")
        assert told(events(live)) == [("without a plan", PATH)]


def test_a_part_that_is_split_off_and_one_that_comes_back_say_so(repo: Repo) -> None:
    with follow(repo.path) as live:
        repo.commit({PATH: PLAN.replace("  - [ ] Draw the berths\n", "")})
        assert [kind for kind, _ in told(events(live, least=2))] == ["committed 1", "removed"]
        save(repo, {PATH: PLAN})
        (back,) = events(live)
        assert isinstance(back, Changed)
        assert (back.change.kind, back.change.reason) == (K.ADDED, Reason.RESTORED)


def test_only_what_was_asked_for_is_told(repo: Repo) -> None:
    with follow(repo.path, "0002") as live:
        assert live.paths == (OTHER,)
        save(repo, {PATH: TICKED, OTHER: TIDES.replace("[ ] Read", "[x] Read")})
        assert told(events(live)) == [("ticked", "Read the almanac")]


def test_a_document_that_comes_into_a_folder_asked_for_is_told(repo: Repo) -> None:
    with follow(repo.path, "docs") as live:
        save(repo, {"docs/0003-new.md": PLAN.replace("Draw", "Paint")})
        assert told(events(live)) == [("appeared", "docs/0003-new.md")]
        save(repo, {"docs/0003-new.md": PLAN.replace("[ ] Draw", "[x] Paint")})
        assert told(events(live)) == [("ticked", "Paint the berths")]


def test_a_document_asked_for_by_name_may_go_and_come(repo: Repo) -> None:
    with follow(repo.path, "0001") as live:
        repo.write({PATH: None})
        assert told(events(live)) == [("vanished", PATH)]
        save(repo, {PATH: PLAN})
        assert told(events(live)) == [("appeared", PATH)]


# --- documents ------------------------------------------------------------------------------------


def test_documents_come_move_lose_their_plan_and_go(repo: Repo) -> None:
    with follow(repo.path) as live:
        save(repo, {"new/deep/0003.md": PLAN.replace("Draw", "Paint")})
        assert told(events(live)) == [("appeared", "new/deep/0003.md")]
        repo.git("mv", PATH, "docs/renamed.md")
        assert told(events(live)) == [("moved", "docs/renamed.md")]
        save(repo, {"new/deep/0003.md": "# Words\n"})
        assert told(events(live)) == [("without a plan", "new/deep/0003.md")]
        shutil.rmtree(repo.path / "docs")
        assert sorted(told(events(live, least=2))) == [
            ("vanished", OTHER),
            ("vanished", "docs/renamed.md"),
        ]


def test_a_copy_is_told_once_by_the_one_that_is_shown(repo: Repo) -> None:
    repo.commit({"docs/copy.md": PLAN})
    with follow(repo.path) as live:
        save(repo, {PATH: TICKED, "docs/copy.md": TICKED})
        found = events(live)
        assert [kind for kind, _ in told(found)].count("ticked") in {1, 2}  # 2: seen in between
        save(repo, {"docs/copy.md": PLAN.replace("[ ] Snap", "[x] Snap")})
        assert ("ticked", "Snap every stay to the half hour") in told(events(live))


def test_a_document_that_cannot_be_read_has_not_changed(repo: Repo) -> None:
    with follow(repo.path) as live:
        (repo.path / PATH).unlink()
        (repo.path / PATH).mkdir()
        (repo.path / PATH).rmdir()
        repo.write({PATH: b"\xff\xfe" + PLAN.encode()})
        assert "ticked" not in [kind for kind, _ in told(settle(live))]
        save(repo, {PATH: TICKED})
        assert events(live)


# --- git ------------------------------------------------------------------------------------------


def test_a_commit_of_what_was_seen_tells_the_commit_alone(repo: Repo) -> None:
    with follow(repo.path) as live:
        save(repo, {PATH: TICKED})
        assert told(events(live)) == [("ticked", "Draw the berths")]
        repo.commit({}, "Draw them")
        (one,) = events(live)
        assert isinstance(one, Committed)
        assert (one.branch, one.count, one.revision.subject) == ("main", 1, "Draw them")


def test_a_commit_without_a_change_of_plans_is_not_told(repo: Repo) -> None:
    with follow(repo.path) as live:
        repo.commit({"code.c": "int x;\n"}, "Write code")
        save(repo, {PATH: TICKED})
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_what_is_pulled_is_told_with_its_revision(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "theirs")
    first = repo.commit({PATH: TICKED}, "Draw them")
    repo.commit({OTHER: TIDES.replace("[ ] Read", "[x] Read")}, "Read it")
    repo.git("switch", "--quiet", "main")
    with follow(repo.path) as live:
        repo.git("merge", "--quiet", "--ff-only", "theirs")
        found = events(live, least=4)
        assert told(found) == [
            ("committed 1", "Draw them"),
            ("committed 1", "Read it"),
            ("ticked", "Draw the berths"),
            ("ticked", "Read the almanac"),
        ]
        assert isinstance(found[2], Changed)
        assert found[2].revision is not None
        assert found[2].revision.commit == first


def test_many_revisions_are_summed_up(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plantrack.views.feed.MOST_TOLD", 2)
    repo.git("switch", "--quiet", "--create", "theirs")
    for number in range(5):
        repo.commit({PATH: PLAN.replace("Draw", f"Draw {number}")}, f"Change {number}")
    repo.git("switch", "--quiet", "main")
    with follow(repo.path) as live:
        repo.git("merge", "--quiet", "--ff-only", "theirs")
        commits = [one for one in events(live, least=4) if isinstance(one, Committed)]
        assert [(one.revisions, one.count, one.revision.subject) for one in commits] == [
            (3, 3, "Change 2"),
            (1, 1, "Change 3"),
            (1, 1, "Change 4"),
        ]


def test_another_branch_is_told_as_one(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "theirs")
    repo.commit({PATH: TICKED, OTHER: TIDES.replace("[ ] Read", "[x] Read")})
    with follow(repo.path) as live:
        repo.git("switch", "--quiet", "main")
        (one,) = events(live)
        assert isinstance(one, Switched)
        assert (one.branch_before, one.branch_after, one.documents) == ("theirs", "main", 2)


def test_a_new_branch_at_the_same_commit_is_told(repo: Repo) -> None:
    with follow(repo.path) as live:
        repo.git("switch", "--quiet", "--create", "idea")
        assert told(events(live)) == [("switched 0", "idea")]


@pytest.mark.parametrize(
    "command",
    [
        ["commit", "--quiet", "--amend", "--message", "Better words"],
        ["reset", "--quiet", "--hard", "HEAD~1"],
    ],
    ids=["amend", "reset"],
)
def test_another_past_of_the_branch_is_told_as_one(repo: Repo, command: list[str]) -> None:
    repo.commit({PATH: TICKED}, "Draw them")
    with follow(repo.path) as live:
        repo.git(*command)
        (one,) = events(live)
        assert isinstance(one, Switched)
        assert (one.branch_before, one.branch_after) == ("main", "main")


def test_a_rebase_is_told_when_it_is_through(repo: Repo) -> None:
    repo.git("switch", "--quiet", "--create", "mine")
    repo.commit({OTHER: TIDES.replace("[ ] Read", "[x] Read")}, "Read it")
    repo.git("switch", "--quiet", "main")
    repo.commit({PATH: TICKED}, "Draw them")
    repo.git("switch", "--quiet", "mine")
    with follow(repo.path) as live:
        repo.git("rebase", "--quiet", "main")
        assert told(events(live)) == [("switched 1", "mine")]


def test_while_git_is_in_the_middle_of_something_nothing_is_told(repo: Repo) -> None:
    with follow(repo.path) as live:
        lock = repo.path / ".git/index.lock"
        lock.touch()
        save(repo, {PATH: TICKED})
        assert told(settle(live)) == []
        lock.unlink()
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_a_lock_that_was_left_behind_keeps_nothing_from_being_read(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plantrack.live.writing.LOCKED_S", 0.0)
    with follow(repo.path) as live:
        (repo.path / ".git/index.lock").touch()
        save(repo, {PATH: TICKED})
        assert told(settle(live)) == []
        row = live.memory.store.document(PATH)
        assert row is not None
        assert row.leaves_done == 1


def test_somebody_who_asks_git_all_the_time_holds_nothing_up(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plantrack.live.writing.RESTS_S", 600.0)
    monkeypatch.setattr("plantrack.live.RESTS_S", 0.05)
    monkeypatch.setattr("plantrack.live.writing.RESTLESS_S", 0.2)
    with follow(repo.path) as live:
        repo.git("switch", "--quiet", "--create", "idea")
        assert told(events(live)) == [("switched 0", "idea")]


def test_a_stash_takes_back_what_was_ticked(repo: Repo) -> None:
    save(repo, {PATH: TICKED})
    with follow(repo.path) as live:
        repo.git("stash", "--quiet")
        assert told(events(live)) == [("unticked", "Draw the berths")]
        repo.git("stash", "pop", "--quiet")
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_the_first_commit_is_told(make_repo: Callable[..., Repo]) -> None:
    repo = make_repo()
    save(repo, {PATH: PLAN})
    with follow(repo.path) as live:
        repo.commit({}, "Begin")
        assert told(events(live)) == [("committed 4", "Begin")]


def test_a_commit_on_a_detached_head_is_told_and_a_leap_is_one_event(repo: Repo) -> None:
    repo.commit({PATH: TICKED}, "Draw them")
    repo.commit({OTHER: TIDES.replace("[ ] Read", "[x] Read")}, "Read it")
    repo.git("switch", "--quiet", "--detach", "HEAD~2")
    with follow(repo.path) as live:
        repo.git("switch", "--quiet", "--detach", "main")
        assert told(events(live)) == [("switched 2", "None")]
        repo.commit({PATH: PLAN}, "Not drawn")
        assert told(events(live, least=2))[0] == ("committed 1", "Not drawn")


# --- outside git, and places that change ----------------------------------------------------------


def test_a_folder_outside_git_is_followed(tmp_path: Path) -> None:
    place = Repo(tmp_path / "plain")
    place.path.mkdir()
    with follow(place.path) as live:
        save(place, {PATH: PLAN})
        assert told(events(live)) == [("appeared", PATH)]
        save(place, {PATH: TICKED})
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_a_place_that_is_gone_is_told_once_and_waited_for(repo: Repo, tmp_path: Path) -> None:
    with follow(repo.path) as live:
        repo.path.rename(tmp_path / "away")
        ((kind, message),) = told(events(live))
        assert kind == "trouble"
        assert str(repo.path) in message
        (tmp_path / "away").rename(repo.path)
        assert told(events(live)) == [("over", message)]
        save(repo, {PATH: TICKED})
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_a_folder_that_becomes_a_repository_is_opened_anew(tmp_path: Path) -> None:
    place = Repo(tmp_path / "plain")
    place.path.mkdir()
    save(place, {PATH: PLAN})
    with follow(place.path) as live:
        before = live.memory
        place.git("init", "--quiet", "--initial-branch", "main")
        until(live, lambda: live.memory is not before)
        settle(live)
        save(place, {PATH: TICKED})
        assert ("ticked", "Draw the berths") in told(events(live))


def test_a_repository_that_turns_bare_is_a_trouble(repo: Repo, tmp_path: Path) -> None:
    with follow(repo.path) as live:
        away = tmp_path / "away"
        repo.path.rename(away)
        subprocess.run(["git", "clone", "-q", "--bare", away, repo.path], check=True)
        (one,) = events(live)[-1:]
        assert isinstance(one, Trouble)
        assert not one.is_over


# --- the memory -----------------------------------------------------------------------------------


def test_a_memory_that_is_deleted_is_made_again(repo: Repo) -> None:
    with follow(repo.path) as live:
        shutil.rmtree(repo.path / ".plan-history")
        save(repo, {PATH: TICKED})
        assert ("ticked", "Draw the berths") in told(events(live))
        assert live.memory.store.document(PATH) is not None


def test_a_memory_that_is_replaced_is_read_anew(repo: Repo) -> None:
    with follow(repo.path) as live:
        path = Path(live.memory.store.location.path or "")
        other = path.with_name("other.db")
        other.write_bytes(b"")
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        other.replace(path)
        save(repo, {PATH: TICKED})
        assert ("ticked", "Draw the berths") in told(events(live))


def test_a_memory_of_a_newer_program_is_a_trouble_told_once(repo: Repo) -> None:
    with follow(repo.path) as live:
        path = live.memory.store.location.path
        assert path is not None
        with sqlite3.connect(path) as other:
            other.execute("PRAGMA user_version = 9999")
        other.close()
        save(repo, {PATH: TICKED})
        found = told(events(live))
        assert [kind for kind, _ in found] == ["trouble"]
        live.look_again()
        assert told(settle(live)) == []


def test_another_process_s_sync_changes_nothing_that_is_told(repo: Repo) -> None:
    with follow(repo.path) as live:
        save(repo, {PATH: TICKED})
        line = [sys.executable, "-m", "plantrack", "-C", str(repo.path), "sync"]
        subprocess.run(line, check=True, capture_output=True)
        assert told(events(live)) == [("ticked", "Draw the berths")]


# --- the configuration ----------------------------------------------------------------------------


def test_a_broken_configuration_leaves_the_last_good_one_in_force(repo: Repo) -> None:
    repo.write({"plantrack.toml": f'exclude = ["{OTHER}"]\n'})
    with follow(repo.path) as live:
        save(repo, {"plantrack.toml": "exclude = 3\n"})
        ((kind, message),) = told(events(live))
        assert kind == "trouble"
        assert "exclude" in message
        save(repo, {PATH: TICKED, OTHER: TIDES.replace("[ ] Read", "[x] Read")})
        assert told(events(live)) == [("ticked", "Draw the berths")]
        save(repo, {"plantrack.toml": ""})
        found = told(events(live, least=2))
        assert sorted(found) == [("appeared", OTHER), ("over", message)]


def test_a_memory_that_is_to_be_kept_elsewhere_is_opened_there(repo: Repo) -> None:
    with follow(repo.path) as live:
        before = live.memory
        repo.write({"plantrack.toml": 'database = "kept/plans.db"\n'})
        until(live, lambda: live.memory is not before)
        assert (live.memory.store.location.path or "").endswith("kept/plans.db")


# --- how it is asked ------------------------------------------------------------------------------


def test_while_paused_nothing_is_told_and_then_all_of_it(repo: Repo) -> None:
    with follow(repo.path) as live:
        live.is_paused = True
        assert live.due() is None
        save(repo, {PATH: TICKED})
        assert told(settle(live)) == []
        live.is_paused = False
        assert live.due() == 0.0
        assert told(events(live)) == [("ticked", "Draw the berths")]


def test_a_look_that_finds_nothing_tells_nothing(repo: Repo) -> None:
    with follow(repo.path) as live:
        until(live, lambda: looked(live) is None)  # what was written a moment ago is read again
        live.look_again()
        assert live.due() == 0.0
        assert live.step() is None


def test_a_wait_ends_for_what_is_readable_elsewhere(repo: Repo) -> None:
    with follow(repo.path) as live:
        reading, writing = os.pipe()
        os.write(writing, b"x")
        assert wait(live, reading) == {reading}
        os.close(reading)
        until(live, lambda: wait(live, writing, at_most=0.1) == {writing})
        os.close(writing)


@pytest.mark.parametrize(
    ("names", "error"),
    [(["no-such-document"], NotFound)],
)
def test_what_any_command_refuses_is_refused_by_the_first_step(
    repo: Repo, names: list[str], error: type[Exception]
) -> None:
    with (
        Live(Options(str(repo.path)), names, clock=lambda: NOW) as live,
        pytest.raises(error),
    ):
        live.step()


def test_what_any_command_refuses_at_once_is_refused_at_once(repo: Repo, tmp_path: Path) -> None:
    with pytest.raises(PlaceError):
        Live(Options(str(tmp_path / "nowhere")), clock=lambda: NOW)
    save(repo, {"plantrack.toml": "exclude = 3\n"})
    with pytest.raises(UsageError):
        Live(Options(str(repo.path)), clock=lambda: NOW)
    repo.write({"plantrack.toml": f'database = "{PATH}"\n'})
    with pytest.raises(DatabaseError):
        Live(Options(str(repo.path)), clock=lambda: NOW)


def looked(live: Live) -> Pulse | None:
    live.look_again()
    return live.step()


def until(live: Live, found: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not found():
        assert time.monotonic() < end
        wait(live, at_most=0.1)
        live.step()
