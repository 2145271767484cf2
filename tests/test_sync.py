from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FIRST_COMMIT, PROJECT_ROOT, Repo
from plantrack import config, sync
from plantrack.core import dialect, parse
from plantrack.core.model import Plan
from plantrack.errors import DatabaseError
from plantrack.store.recording import CachedPlan
from plantrack.sync import reading, scan
from sync_samples import A_TICK_S, NOW, Here, plan

MakeRepo = Callable[..., Repo]

# --- a first look ---------------------------------------------------------------------------------


def test_a_first_refresh_reads_every_document(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/a.md": plan("xx "), "docs/b.md": plan("x"), "README.md": "# Hello\n"})
    view = Here(repo.path).refresh()
    assert (view.read, view.known, view.gone, view.documents) == (3, 0, 0, 2)
    rows = Here(repo.path).rows()
    assert {path: (row.leaves_done, row.leaves_total) for path, row in rows.items()} == {
        "docs/a.md": (2, 3),
        "docs/b.md": (1, 1),
    }


def test_a_place_without_documents_is_remembered_as_empty(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"main.py": "pass\n"}).path)
    assert here.refresh().documents == 0
    here.rest()
    assert here.generation() is not None
    assert here.refresh().read == 0


def test_a_repository_without_a_commit_is_read(make_repo: MakeRepo) -> None:
    repo = make_repo()
    repo.write({"plan.md": plan()})
    assert Here(repo.path).refresh().documents == 1


def test_a_folder_outside_git_is_read(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text(plan())
    os.utime(tmp_path / "plan.md", (1_700_000_000, 1_700_000_000))
    here = Here(tmp_path)
    assert here.refresh().documents == 1
    assert here.rows()["plan.md"].last_change == 1_700_000_000


def test_the_number_of_documents_read_is_told(make_repo: MakeRepo) -> None:
    here = Here(make_repo({f"{name}.md": plan() for name in "abc"}).path)
    told: list[tuple[int, int]] = []
    here.refresh(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


# --- nothing changed ------------------------------------------------------------------------------


def test_nothing_is_read_or_written_when_nothing_changed(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"docs/a.md": plan(), "README.md": "# Hello\n"}).path)
    here.rest()
    generation = here.generation()
    view = here.refresh(progress=lambda *_: pytest.fail("something was read"))
    assert (view.read, view.known, view.gone, view.documents) == (0, 2, 0, 1)
    assert here.generation() == generation


def test_what_is_read_again_and_is_the_same_is_not_recorded(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file written within the last tick of the clock may be written again within the same one."""
    monkeypatch.setattr("plantrack.repo.files._TICK_NS", 10**15)
    here = Here(make_repo({"docs/a.md": plan(), "README.md": "# Hello\n"}).path)
    here.refresh()
    generation = here.generation()
    assert here.refresh().read == 2
    assert here.generation() == generation


def test_the_quick_way_imports_nothing_heavy(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"docs/a.md": plan()}).path)
    here.rest()
    program = f"""
import sys
before = set(sys.modules)
from datetime import datetime, timezone
from plantrack import config, repo, sync, views
from plantrack.store import open_store
place = repo.find_place({str(here.path)!r})
settings = config.load(place.top)
with open_store(place.top, place.main_top, None, is_tracked=lambda path: False) as store:
    done = sync.refresh(place, store, settings, now=datetime.now(timezone.utc))
    assert (done.read, done.known) == (0, 1), done
    assert views.next_tasks(store).next.line == 8
print(*sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {
        "argparse",
        "click",
        "concurrent.futures",
        "hashlib",
        "importlib.metadata",
        "json",
        "mistune",
        "multiprocessing",
        "pathlib",
        "plantrack.views.closeup",
        "plantrack.core.parse",
        "plantrack.core.pointer",
        "plantrack.sync.reading",
        "plantrack.sync.scan",
        "plantrack.store.recorder",
        "pydantic",
        "rich",
        "sqlite_utils",
        "subprocess",
        "tomllib",
        "typer",
    }
    assert heavy & set(done.stdout.split()) == set()


def test_the_version_of_the_parser_is_known_without_importing_it() -> None:
    assert parse.PARSER_VERSION == sync.PARSER_VERSION


# --- documents change -----------------------------------------------------------------------------


def test_only_the_document_that_was_edited_is_read(make_repo: MakeRepo) -> None:
    repo = make_repo({f"{name}.md": plan("x ") for name in "abc"})
    here = Here(repo.path)
    here.rest()
    repo.write({"b.md": plan("xx")})
    view = here.refresh()
    assert (view.read, view.known, view.gone) == (1, 2, 0)
    assert [row.leaves_done for row in here.rows().values()] == [1, 2, 1]


def test_an_edit_of_the_same_size_within_a_tick_of_the_clock_is_seen(make_repo: MakeRepo) -> None:
    repo = make_repo({"plan.md": plan("  ")})
    here = Here(repo.path)
    for marks in ("x ", " x", "xx", "  ") * 5:
        repo.write({"plan.md": plan(marks)})
        here.refresh()
        assert here.rows()["plan.md"].leaves_done == marks.count("x")


def test_a_touched_file_is_read_and_not_parsed(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here(make_repo({"plan.md": plan(), "notes.md": "# Notes\n"}).path)
    here.rest()
    before = here.rows()
    os.utime(here.path / "plan.md")
    os.utime(here.path / "notes.md")
    monkeypatch.setattr(reading, "parse_bytes", lambda *_: pytest.fail("something was parsed"))
    assert here.refresh().read == 2
    assert here.rows() == before


def test_a_renamed_document_keeps_nothing_of_its_old_name(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"old.md": plan("x ")}).path)
    here.rest()
    (here.path / "old.md").rename(here.path / "new.md")
    view = here.refresh()
    assert (view.read, view.gone) == (1, 1)
    assert list(here.rows()) == ["new.md"]


def test_a_deleted_document_goes(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"a.md": plan(), "b.md": plan(" ")}).path)
    here.rest()
    (here.path / "a.md").unlink()
    view = here.refresh()
    assert (view.read, view.known, view.gone, view.documents) == (0, 1, 1, 1)
    assert list(here.rows()) == ["b.md"]


def test_a_document_that_loses_its_plan_goes_and_one_that_gets_one_comes(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"a.md": plan(), "b.md": "# Notes\n"})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": "# Notes\n", "b.md": plan()})
    here.refresh()
    assert list(here.rows()) == ["b.md"]


def test_the_first_document_of_a_new_folder_is_found(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan()})
    here = Here(repo.path)
    here.rest()
    (here.path / "docs" / "deep").mkdir(parents=True)
    here.rest()
    repo.write({"docs/deep/b.md": plan(" ")})
    assert here.refresh().read == 1
    assert list(here.rows()) == ["a.md", "docs/deep/b.md"]


def test_an_ignored_document_is_not_shown_and_comes_when_it_is_ignored_no_more(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({".gitignore": "drafts/\n", "a.md": plan()})
    repo.write({"drafts/b.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    assert list(here.rows()) == ["a.md"]
    repo.write({".gitignore": "\n"})
    here.refresh()
    assert list(here.rows()) == ["a.md", "drafts/b.md"]


def test_another_branch_shows_its_own_documents(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("  "), "b.md": plan("x")})
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit({"a.md": plan("xx"), "b.md": None, "c.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    on_side = here.everything()
    repo.git("switch", "--quiet", "main")
    here.refresh()
    assert [(row.path, row.leaves_done) for row in here.rows().values()] == [
        ("a.md", 0),
        ("b.md", 1),
    ]
    repo.git("switch", "--quiet", "side")
    here.refresh()
    assert here.everything() == on_side


def test_worktrees_share_a_database_and_not_their_documents(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": plan("  ")})
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side" / "a.md").write_text(plan("xx"))
    (tmp_path / "side" / "b.md").write_text(plan(" "))
    main, side = Here(repo.path), Here(tmp_path / "side")
    main.refresh()
    side.refresh()
    main.rest()
    assert [(row.path, row.leaves_done) for row in main.rows().values()] == [("a.md", 0)]
    assert [(row.path, row.leaves_done) for row in side.rows().values()] == [
        ("a.md", 2),
        ("b.md", 0),
    ]
    with main.open() as store, side.open() as other:
        assert store.location == other.location


# --- the configuration changes --------------------------------------------------------------------


def test_a_changed_configuration_reads_everything_anew(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("~ "), "b.md": plan("x")})
    here = Here(repo.path)
    here.rest()
    assert here.rows()["a.md"].leaves_total == 2
    repo.write({"plantrack.toml": 'marks = { "~" = "dropped" }\n'})
    view = here.refresh()
    assert (view.read, view.known) == (2, 0)
    assert here.rows()["a.md"].leaves_dropped == 1


def test_an_excluded_document_goes(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan(), "old/b.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    repo.write({"plantrack.toml": 'exclude = ["old/**"]\n'})
    here.refresh()
    assert list(here.rows()) == ["a.md"]


def test_another_version_of_the_program_reads_everything_anew(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here(make_repo({"a.md": plan()}).path)
    here.rest()
    monkeypatch.setattr(sync, "__version__", "999.0.0")
    assert here.refresh().read == 1


def test_a_rebuild_reads_and_parses_everything_anew(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Here(make_repo({"a.md": plan(), "b.md": plan(" ")}).path)
    here.rest()
    before = here.everything()
    parsed: list[bytes] = []
    real = reading.parse_bytes

    def parse_bytes(data: bytes, origin: dialect.Origin, rules: dialect.Rules) -> Plan:
        parsed.append(data)
        return real(data, origin, rules)

    monkeypatch.setattr(reading, "parse_bytes", parse_bytes)
    view = here.refresh(rebuild=True)
    assert (view.read, view.known, len(parsed)) == (2, 0, 2)
    assert here.everything() == before


# --- when a plan was last changed -----------------------------------------------------------------


def test_a_committed_plan_changed_when_it_was_committed(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan(" ")}, {"b.md": plan("x")}, {"main.py": ""})
    here = Here(repo.path)
    here.refresh()
    day, first = 86_400, int(FIRST_COMMIT.timestamp())
    assert [row.last_change for row in here.rows().values()] == [first, first + day]


def test_an_edited_plan_changed_when_its_file_did(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan(" "), "b.md": plan("x")})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("x"), "c.md": plan("  ")})
    for name in ("a.md", "b.md", "c.md"):
        os.utime(here.path / name, (1_800_000_000, 1_800_000_000))
    here.refresh()
    committed = int(FIRST_COMMIT.timestamp())
    times = [row.last_change for row in here.rows().values()]
    assert times == [1_800_000_000, committed, 1_800_000_000]
    repo.write({"a.md": plan(" ")})
    here.refresh()
    assert here.rows()["a.md"].last_change == committed


def test_a_commit_dates_what_it_holds_without_reading_it(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan(" ")})
    here = Here(repo.path)
    repo.write({"a.md": plan("x")})
    here.rest()
    repo.commit({})
    assert here.refresh().read == 0
    assert here.rows()["a.md"].last_change == int(FIRST_COMMIT.timestamp()) + 86_400


def test_a_moved_branch_dates_what_did_not_change(make_repo: MakeRepo) -> None:
    """Two commits hold the same file; which one HEAD stands on decides when it was changed."""
    repo = make_repo({"a.md": plan(" ")}, {"a.md": plan("x")}, {"a.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    day, first = 86_400, int(FIRST_COMMIT.timestamp())
    assert here.rows()["a.md"].last_change == first + 2 * day
    repo.git("reset", "--quiet", "--soft", "HEAD~2")
    assert here.refresh().read == 0
    assert here.rows()["a.md"].last_change == first


# --- what cannot be read --------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_of_and_hides_nothing_else(make_repo: MakeRepo) -> None:
    repo = make_repo({"good.md": plan("x ")})
    repo.write(
        {
            "garbage.md": bytes(range(256)) * 20,
            "large.md": b"x" * 1_100_000,
            "utf16.md": plan().encode("utf-16"),
            "empty.md": b"",
        }
    )
    os.mkfifo(repo.path / "pipe.md")
    (repo.path / "outside.md").symlink_to("/etc/passwd")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(repo.path / "sock.md"))
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        told = {(row.path, row.kind, row.code) for row in store.findings()}
        rows = {row.path: (row.planned, row.skipped) for row in store.documents()}
        assert store.planned() == 1
    assert told == {
        ("garbage.md", "skipped", "not-utf-8"),
        ("large.md", "skipped", "too-large"),
        ("outside.md", "listing", "link-outside"),
        ("pipe.md", "listing", "not-a-file"),
        ("sock.md", "listing", "not-a-file"),
        ("utf16.md", "skipped", "not-utf-8"),
    }
    assert rows == {"garbage.md": (0, 1), "good.md": (1, 0), "large.md": (0, 1), "utf16.md": (0, 1)}


def test_what_was_unreadable_is_read_once_it_can_be(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": b"x" * 1_100_000, "b.md": plan()})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("xx")})
    here.refresh()
    assert [row.leaves_done for row in here.rows().values()] == [2, 1]
    repo.write({"a.md": b"x" * 1_100_000})
    here.refresh()
    assert [row.planned for row in here.rows().values()] == [0, 1]


def test_findings_of_the_list_are_kept_while_the_list_is(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan()})
    os.mkfifo(repo.path / "pipe.md")
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("x  ")})
    here.refresh()
    with here.open() as store:
        assert [(row.path, row.code) for row in store.findings()] == [("pipe.md", "not-a-file")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told_of(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"a.md": plan(), "b.md": plan(" ")}).path)
    (here.path / "a.md").chmod(0)
    here.refresh()
    with here.open() as store:
        assert [(row.path, row.code) for row in store.findings()] == [("a.md", "unreadable")]


def test_a_name_that_is_no_utf_8_is_a_document_like_any_other(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")
    Path(path).write_text(plan())
    here = Here(tmp_path)
    here.rest()
    assert here.refresh().known == 1
    assert list(here.rows()) == [os.fsdecode(b"caf\xe9.md")]


def test_a_document_that_goes_while_others_are_read_is_gone(make_repo: MakeRepo) -> None:
    here = Here(make_repo({f"{n:02}.md": plan(" " * n) for n in range(40)}).path)
    view = here.refresh(progress=lambda *_: (here.path / "39.md").unlink(missing_ok=True))
    assert (view.read, view.documents) == (40, 39)
    assert "39.md" not in here.rows()


# --- which documents have a row -------------------------------------------------------------------


def test_boxes_without_a_plan_are_remembered_from_five_on(make_repo: MakeRepo) -> None:
    boxes = "# List\n\n" + "- [ ] Box\n" * 4
    here = Here(make_repo({"few.md": boxes, "many.md": boxes + "- [ ] Box\n"}).path)
    here.refresh()
    assert [(row.path, row.planned, row.boxes_outside) for row in here.rows().values()] == [
        ("many.md", 0, 5)
    ]


def test_a_template_is_no_plan(make_repo: MakeRepo) -> None:
    text = plan(title="Design: <Feature Name>")
    here = Here(make_repo({"docs/0000-feature.md": text}).path)
    assert here.refresh().documents == 0
    assert here.rows() == {}


def test_open_boxes_are_frozen_when_the_status_says_it_is_over(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"a.md": plan("x  ", status="Superseded"), "b.md": plan("x  ")}).path)
    here.refresh()
    frozen, live = here.rows().values()
    assert (frozen.frozen, frozen.rank, frozen.action) == (2, None, "none")
    assert (live.frozen, live.rank, live.action) == (0, 0, "do")


def test_plans_are_ranked_by_what_their_status_says(make_repo: MakeRepo) -> None:
    words = {"a": "Living document", "b": "Hm", "c": "Draft", "d": "In progress", "e": "Done"}
    files = {f"{name}.md": plan("x ", status=word) for name, word in words.items()}
    here = Here(make_repo(files).path)
    here.refresh()
    with here.open() as store:
        assert [row.path for row in store.ranked()] == ["d.md", "c.md", "b.md", "a.md"]


def test_identical_plans_are_shown_once(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": plan(), "b/c.md": plan(), "b/d.md": plan(" "), "e.md": "", "f.md": ""}
    )
    here = Here(repo.path)
    here.rest()
    assert {path: row.duplicate_of for path, row in here.rows().items()} == {
        "a.md": None,
        "b/c.md": "a.md",
        "b/d.md": None,
    }
    with here.open() as store:
        assert store.planned() == 2
        assert [row.path for row in store.ranked()] == ["a.md", "b/d.md"]
    repo.write({"a.md": plan("xx")})
    here.refresh()
    assert {row.duplicate_of for row in here.rows().values()} == {None}


def test_a_copy_in_an_archive_does_not_hide_the_plan_that_is_worked_on(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"archive/a.md": plan(), "work/a.md": plan()}).path)
    here.refresh()
    assert {path: row.duplicate_of for path, row in here.rows().items()} == {
        "archive/a.md": "work/a.md",
        "work/a.md": None,
    }


def test_an_interrupted_scan_is_not_parsed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(20):
        (tmp_path / f"{n:02}.md").write_text(plan(" " * n))
    here = Here(tmp_path)
    monkeypatch.setattr(scan, "PLANS_AT_A_TIME", 5)

    def interrupt(done: int, _: int) -> None:
        if done == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        here.refresh(progress=interrupt)
    assert here.rows() == {}
    parsed: list[bytes] = []
    real = reading.parse_bytes

    def parse_bytes(data: bytes, origin: dialect.Origin, rules: dialect.Rules) -> Plan:
        parsed.append(data)
        return real(data, origin, rules)

    monkeypatch.setattr(reading, "parse_bytes", parse_bytes)
    assert here.refresh().documents == 20
    assert len(parsed) == 10


def test_a_remembered_plan_that_makes_no_sense_is_parsed_anew(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("x ")})
    here = Here(repo.path)
    here.rest()
    blob = repo.git("rev-parse", "HEAD:a.md").strip()
    context = reading.context_of(config.load(str(repo.path)).rules(), dialect.origin("a.md"))
    with here.open() as store:
        assert store.plans([(blob, context)]) != (None,)
        store.save_plans([CachedPlan(blob, context, "[]")], day=1)
    repo.write({"b.md": plan("x "), "a.md": None})
    here.refresh()
    assert [(row.path, row.leaves_done) for row in here.rows().values()] == [("b.md", 1)]


# --- several at once ------------------------------------------------------------------------------

REFRESH = """
import sys
from datetime import datetime, timezone
from plantrack import config, repo, sync
from plantrack.store import open_store
place = repo.find_place(sys.argv[1])
settings = config.load(place.top)
for _ in range(3):
    with open_store(place.top, place.main_top, None, is_tracked=lambda path: False) as store:
        print(sync.refresh(place, store, settings, now=datetime.now(timezone.utc)).documents)
"""


def test_processes_that_refresh_at_once_agree(make_repo: MakeRepo) -> None:
    here = Here(make_repo({f"docs/{n:02}.md": plan("x" * n + " ") for n in range(30)}).path)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", REFRESH, str(here.path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in running:
        output, complaint = process.communicate(timeout=60)
        assert (process.returncode, output, complaint) == (0, "30\n" * 3, "")
    together = here.everything()
    shutil.rmtree(here.path / ".plan-history")
    here.refresh()
    assert here.everything() == together


def test_a_refresh_that_was_overtaken_starts_again(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("  "), "b.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("x ")})
    overtaken: list[bool] = []

    def meanwhile(*_: int) -> None:
        if not overtaken:
            overtaken.append(True)
            repo.write({"a.md": plan("xx")})
            here.refresh()

    assert here.refresh(progress=meanwhile).read >= 1
    assert overtaken
    assert here.rows()["a.md"].leaves_done == 2


def test_a_refresh_whose_database_is_deleted_starts_from_nothing(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("  "), "b.md": plan(" ")})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("x ")})
    deleted: list[bool] = []

    def meanwhile(*_: int) -> None:
        if not deleted:
            deleted.append(True)
            shutil.rmtree(here.path / ".plan-history")

    here.refresh(progress=meanwhile)
    assert deleted
    assert [row.leaves_done for row in here.rows().values()] == [1, 0]


def test_a_refresh_that_is_always_overtaken_gives_up(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": plan("  ")})
    here = Here(repo.path)
    here.rest()
    repo.write({"a.md": plan("xx")})
    lengths = count(3)

    def meanwhile(*_: int) -> None:
        repo.write({"a.md": plan(" " * next(lengths))})
        here.refresh()
        repo.write({"a.md": plan(" " * next(lengths))})

    with pytest.raises(DatabaseError):
        here.refresh(progress=meanwhile)


def test_a_place_that_cannot_be_written_is_read_into_memory(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo({"a.md": plan("x "), ".plan-history": "in the way", "state": "too"})
    monkeypatch.setenv("XDG_STATE_HOME", str(repo.path / "state"))
    place = Here(repo.path).place
    settings = config.load(place.top)
    with Here(repo.path).open() as store:
        assert store.location.kind == "memory"
        assert sync.refresh(place, store, settings, now=NOW).documents == 1
        assert [row.leaves_done for row in store.documents()] == [1]
        time.sleep(A_TICK_S)
        sync.refresh(place, store, settings, now=NOW)
        assert sync.refresh(place, store, settings, now=NOW).read == 0


def test_many_documents_are_read_alike_in_other_processes(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"docs/{n:03}.md": plan("x" * (n % 7) + " ") + f"\nNumber {n}\n" for n in range(120)}
    here = Here(make_repo(files).path)
    monkeypatch.setattr(reading, "MANY", 100)
    monkeypatch.setattr(reading, "processors", lambda: 2)
    assert here.refresh().read == 120
    several = here.everything()
    monkeypatch.setattr(reading, "processors", lambda: 1)
    here.refresh(rebuild=True)
    assert here.everything() == several


# --- agreement ------------------------------------------------------------------------------------

CASES = [
    json.loads(path.read_text("utf-8"))
    for path in sorted((PROJECT_ROOT / "tests" / "cases").glob("*.json"))
    if path.name not in {"identity.json", "rules.json"}
]


def test_what_is_remembered_agrees_with_the_hand_written_expectations(tmp_path: Path) -> None:
    shutil.copytree(PROJECT_ROOT / "sample_docs", tmp_path / "docs", dirs_exist_ok=True)
    here = Here(tmp_path / "docs")
    here.refresh()
    rows = here.rows()
    compared = 0
    for case in CASES:
        row = rows.get(case["path"])
        if case.get("left_out"):
            assert row is None, case["path"]
        elif row is None:
            assert not case.get("shapes"), case["path"]
        else:
            observed = {
                "dialect": row.dialect,
                "shapes": row.shape.split(" + ") if row.shape else [],
                "status_family": row.family,
                "milestones": [row.milestones_done, row.milestones_total, row.milestones_dropped],
                "leaves": [row.leaves_done, row.leaves_total, row.leaves_dropped],
                "optional_open": row.optional_open,
                "boxes_outside": row.boxes_outside,
                "unboxed": row.unboxed,
            }
            expected = {key: case[key] for key in observed.keys() & case.keys()}
            assert {key: observed[key] for key in expected} == expected, case["path"]
            compared += 1
    assert compared >= 15


NAMES = ("a.md", "docs/b.md", "docs/deep/c.md", "drafts/d.md", "archive/a.md")
TEXTS = (
    plan("x "),
    plan(" x"),
    plan("xx"),
    plan("  ", status="Done"),
    "# Notes\n",
    "- [ ] Box\n" * 6,
)
IGNORED = ("", "drafts/\n", "docs/deep/\n*.txt\n")
CONFIGURED = ("", 'exclude = ["docs/deep/**"]\n', 'marks = { "~" = "dropped" }\n')
STEPS = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("write"), st.just(".gitignore"), st.sampled_from(IGNORED)),
    st.tuples(st.just("write"), st.just("plantrack.toml"), st.sampled_from(CONFIGURED)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("touch"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("commit"), st.just(""), st.just("")),
    st.tuples(st.just("switch"), st.sampled_from(("main", "side")), st.just("")),
    st.tuples(st.just("rest"), st.just(""), st.just("")),
)


def take_step(repo: Repo, step: tuple[str, str, str]) -> None:
    what, name, content = step
    path = repo.path / name
    match what:
        case "write":
            repo.write({name: content})
        case "delete":
            path.unlink(missing_ok=True)
        case "rename":
            if path.exists() and name != content:
                (repo.path / content).parent.mkdir(parents=True, exist_ok=True)
                path.rename(repo.path / content)
        case "touch":
            if path.exists():
                path.touch()
        case "commit":
            repo.commit({})
        case "switch":
            repo.git("switch", "--quiet", "--force", name)
        case _:
            Here(repo.path).rest()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_after_any_changes_a_refresh_comes_to_what_one_from_nothing_would(
    make_repo: MakeRepo, steps: list[tuple[str, str, str]]
) -> None:
    repo = make_repo({"a.md": plan(), "docs/b.md": plan(" ")}, name=f"repo-{next(EXAMPLES)}")
    repo.git("branch", "side")
    here = Here(repo.path)
    here.rest()
    for step in steps:
        take_step(repo, step)
        here.refresh()
    step_by_step = here.everything()
    shutil.rmtree(here.path / ".plan-history")
    here.refresh()
    assert here.everything() == step_by_step


EXAMPLES = count()
