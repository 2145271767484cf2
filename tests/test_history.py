"""What git knows of the plans, read into the memory: real git, real SQLite."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from history_samples import assert_books_balance, ids, known, pending, told
from plantrack.core.effects import Unit
from plantrack.core.lineage import Shelved
from plantrack.core.model import Kind, Node
from plantrack.core.progress import OPEN, tally
from plantrack.store.chronicle import Query
from plantrack.sync import history
from sync_samples import NOW, Here

MakeRepo = Callable[..., Repo]
DAY_S = 86_400
FIRST_S = int(FIRST_COMMIT.timestamp())


def checklist(*tasks: str, status: str = "In progress", title: str = "Tides") -> str:
    """Write a design doc with these tasks, each "x words" or "words"."""
    boxes = "\n".join(f"- [x] {t[2:]}" if t.startswith("x ") else f"- [ ] {t}" for t in tasks)
    return f"# {title}\n\n**Status:** {status}\n\n## Implementation Plan\n\n{boxes}\n"


def remarks(here: Here) -> list[str]:
    """Read the codes of what was found about the place and its past."""
    with here.open() as store:
        return [one.code for one in store.findings() if one.kind == "listing"]


GAUGES, BERTHS, PILOTS = "Read the gauges", "Paint the berth board", "Call every pilot"


# --- what commits come to -------------------------------------------------------------------------


def test_every_commit_tells_what_it_did_to_the_checklist(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES, BERTHS)},
        {"a.md": checklist(f"x {GAUGES}", BERTHS), "README.md": "# Nothing to do\n"},
        {"a.md": checklist(f"x {GAUGES}", PILOTS)},
    )
    here = Here(repo.path)
    here.refresh()
    assert told(here) == [
        ("added", "open", GAUGES),
        ("added", "open", BERTHS),
        ("ticked", "", GAUGES),
        ("removed", "cut", BERTHS),
        ("added", "open", PILOTS),
    ]
    assert_books_balance(here)


def test_a_change_says_when_by_whom_and_in_which_commit(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    commit = repo.commit({"a.md": checklist(f"x {GAUGES}")}, "Read them")
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        (entry,) = store.past.changes(Query(commits=(commit,)))
    assert entry.revision.commit == commit
    assert entry.revision.time == entry.revision.author_time == FIRST_S + DAY_S
    assert "Ada Example" in entry.revision.author
    assert entry.revision.subject == "Read them"
    assert (entry.path, entry.seen) == ("a.md", None)


def test_changes_are_asked_for_by_item_document_kind_and_time(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES, BERTHS), "b.md": checklist(PILOTS, title="Pilots")},
        {"a.md": checklist(f"x {GAUGES}", BERTHS)},
        {"a.md": checklist(GAUGES, BERTHS)},
    )
    here = Here(repo.path)
    here.refresh()
    gauges = dict(ids(here, "a.md"))[GAUGES]
    with here.open() as store:
        document = {one.path: one.id for one in store.past.documents()}["b.md"]
    of_gauges = [kind for kind, _, _ in told(here, items=(gauges,))]
    assert of_gauges == ["added", "ticked", "unticked"]
    assert [text for _, _, text in told(here, documents=(document,))] == [PILOTS]
    assert [kind for kind, _, _ in told(here, since=FIRST_S + DAY_S)] == ["ticked", "unticked"]
    assert [kind for kind, _, _ in told(here, until=FIRST_S + DAY_S)] == ["added"] * 3
    assert [kind for kind, _, _ in told(here, limit=1)] == ["unticked"]


def test_a_commit_without_a_change_of_a_checklist_says_nothing(make_repo: MakeRepo) -> None:
    text = checklist(GAUGES)
    repo = make_repo({"a.md": text}, {"a.md": f"{text}\n## Notes\n\nWords.\n"}, {"b.txt": "x"})
    here = Here(repo.path)
    here.refresh()
    assert len(told(here)) == 1
    with here.open() as store:
        (document,) = store.past.documents()
    assert document.changed == FIRST_S
    assert here.rows()["a.md"].last_change == FIRST_S


def test_a_renamed_document_keeps_its_items(make_repo: MakeRepo) -> None:
    repo = make_repo({"docs/0001-tides.md": checklist(GAUGES, BERTHS, PILOTS)})
    here = Here(repo.path)
    here.refresh()
    before = ids(here, "docs/0001-tides.md")
    repo.git("mv", "docs/0001-tides.md", "docs/0001-gauges.md")
    repo.commit({})
    here.refresh()
    assert ids(here, "docs/0001-gauges.md") == before
    assert len(told(here)) == 3


def test_a_document_that_comes_back_is_the_one_it_was(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)}, {"a.md": None}, {"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    here.refresh()
    assert [change[:2] for change in told(here)] == [
        ("added", "open"),
        ("removed", "document removed"),
        ("added", "restored"),
    ]
    with here.open() as store:
        assert len(store.past.documents()) == 1
    assert_books_balance(here)


# --- days -----------------------------------------------------------------------------------------


def test_days_are_those_of_the_configured_time_zone(make_repo: MakeRepo) -> None:
    """The first commit is made at noon, UTC: in Auckland it is the next day already."""
    here = Here(make_repo({"a.md": checklist(GAUGES)}).path)
    here.refresh()
    with here.open() as store:
        assert [day.day.isoformat() for day in store.past.days(Unit.LEAVES)] == ["2026-01-01"]
    (here.path / "plantrack.toml").write_text('timezone = "Pacific/Auckland"\n')
    here.refresh()
    with here.open() as store:
        assert [day.day.isoformat() for day in store.past.days(Unit.LEAVES)] == ["2026-01-02"]
        assert store.check() == ()


def test_days_follow_the_line_where_clocks_went_back(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    repo.write({"a.md": checklist(f"x {GAUGES}")})
    repo.git("commit", "-aqm", "Earlier", when=FIRST_COMMIT - timedelta(days=3))
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        (day,) = store.past.days(Unit.LEAVES)
    assert day.day.isoformat() == "2026-01-01"
    assert (day.amounts.added, day.amounts.ticked) == (1, 1)


def test_days_of_some_documents_add_up_to_the_days_of_all(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES, BERTHS), "b.md": checklist(PILOTS, title="Pilots")},
        {"a.md": checklist(f"x {GAUGES}", BERTHS)},
    )
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        every = tuple(one.id for one in store.past.documents())
        assert store.past.days(Unit.LEAVES, every) == store.past.days(Unit.LEAVES)
        assert store.past.days(Unit.LEAVES, ()) == ()
        (first,) = store.past.days(Unit.LEAVES, every[1:])
        assert first.amounts.added == 1


# --- the work tree against its line ---------------------------------------------------------------


def test_an_item_keeps_its_id_from_the_work_tree_into_the_commit(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    here.refresh()
    repo.write({"a.md": checklist(GAUGES, PILOTS), "b.md": checklist(BERTHS, title="Berths")})
    here.refresh()
    before = ids(here, "a.md"), ids(here, "b.md")
    assert pending(here) == [("added", "open", PILOTS), ("added", "open", BERTHS)]
    repo.commit({})
    here.refresh()
    assert (ids(here, "a.md"), ids(here, "b.md")) == before
    assert pending(here) == []


def test_what_was_reworded_and_ticked_is_still_the_same_item(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist("Read the gauges at the quay", BERTHS)})
    here = Here(repo.path)
    here.refresh()
    ((_, before), _) = ids(here, "a.md")
    repo.write({"a.md": checklist("x Read the gauges at the quay, hourly", BERTHS)})
    here.refresh()
    ((_, after), _) = ids(here, "a.md")
    assert after == before
    assert [kind for kind, _, _ in pending(here)] == ["ticked", "reworded"]


@pytest.mark.parametrize("way", ["discarded", "stashed", "switched away from"])
def test_an_edit_that_was_given_up_leaves_nothing_behind(make_repo: MakeRepo, way: str) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    repo.git("switch", "--quiet", "--create", "other")
    repo.commit({"a.md": checklist(f"x {GAUGES}")})
    repo.git("switch", "--quiet", "main")
    here = Here(repo.path)
    here.refresh()
    repo.write({"a.md": checklist(f"x {GAUGES}")})
    here.refresh()
    assert pending(here) == [("ticked", "", GAUGES)]
    if way == "stashed":
        repo.git("stash", "--quiet")
    else:
        repo.git("checkout", "--quiet", "--", "a.md")
    if way == "switched away from":
        repo.git("switch", "--quiet", "other")
        here.refresh()
        assert told(here)[-1] == ("ticked", "", GAUGES)
        repo.git("switch", "--quiet", "main")
    here.refresh()
    assert pending(here) == []
    assert told(here) == [("added", "open", GAUGES)]
    assert_books_balance(here)


def test_an_amended_commit_replaces_what_it_was(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES, BERTHS)}, {"a.md": checklist(f"x {GAUGES}", BERTHS)}
    )
    here = Here(repo.path)
    here.refresh()
    repo.write({"a.md": checklist(GAUGES, f"x {BERTHS}")})
    repo.git("commit", "--quiet", "-a", "--amend", "--no-edit", when=FIRST_COMMIT)
    here.refresh()
    assert told(here)[2:] == [("ticked", "", BERTHS)]
    assert_books_balance(here)


def test_a_file_that_is_missing_is_not_a_commit(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    here.refresh()
    (repo.path / "a.md").rename(repo.path / "b.md")
    here.refresh()
    assert pending(here) == []  # the same bytes elsewhere: it was renamed
    (repo.path / "b.md").unlink()
    here.refresh()
    assert pending(here) == [("removed", "document removed", GAUGES)]
    assert len(told(here)) == 1


# --- what was seen first --------------------------------------------------------------------------


def seen(here: Here) -> list[int | None]:
    """Read when the ticks of the line were seen in the work tree."""
    with here.open() as store:
        entries = store.past.changes()
    return [one.seen for one in entries if one.change.kind.value == "ticked"]


def commit_later(repo: Repo, *arguments: str) -> None:
    repo.git("commit", "--quiet", "-a", "-m", "Later", *arguments, when=NOW + timedelta(hours=1))


def test_a_tick_that_was_seen_before_its_commit_has_both_times(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES, BERTHS)})
    here = Here(repo.path)
    here.refresh()
    repo.write({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    here.refresh()
    commit_later(repo)
    here.refresh()
    assert seen(here) == [int(NOW.timestamp())]
    commit_later(repo, "--amend")
    here.refresh()
    assert seen(here) == [int(NOW.timestamp())]


def test_a_tick_that_was_taken_back_was_never_seen(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    here.refresh()
    repo.write({"a.md": checklist(f"x {GAUGES}")})
    here.refresh()
    repo.write({"a.md": checklist(GAUGES)})
    here.refresh()
    repo.write({"a.md": checklist(f"x {GAUGES}")})
    commit_later(repo)
    here.refresh()
    assert seen(here) == [None]


def test_while_git_is_at_work_nothing_is_noted(make_repo: MakeRepo) -> None:
    repo = make_repo({"a.md": checklist(GAUGES)})
    here = Here(repo.path)
    here.refresh()
    lock = repo.path / ".git" / "index.lock"
    lock.touch()
    repo.write({"a.md": checklist(f"x {GAUGES}")})
    here.refresh()
    assert here.rows()["a.md"].leaves_done == 1
    assert remarks(here) == ["git-busy"]
    with here.open() as store:
        assert [one.seen for one in store.past.overlay()] == [None]
    lock.unlink()
    here.refresh()
    assert remarks(here) == []
    with here.open() as store:
        assert [one.seen for one in store.past.overlay()] == [int(NOW.timestamp())]


# --- the same commits, the same memory ------------------------------------------------------------


def lively(make_repo: MakeRepo) -> Repo:
    """Make a repository with a merge, renames, a stub and a document that comes back."""
    repo = make_repo(
        {"docs/0001-a.md": checklist(GAUGES, BERTHS), "docs/0002-b.md": checklist(PILOTS)},
        {"docs/0001-a.md": checklist(f"x {GAUGES}", "Paint the berth board twice")},
        {"docs/0002-b.md": None},
    )
    repo.git("switch", "--quiet", "--create", "side")
    repo.commit({"docs/0003-c.md": checklist("Look up", "Look down", title="Looking")})
    repo.git("switch", "--quiet", "main")
    repo.commit({"docs/0002-b.md": checklist(f"x {PILOTS}", "Thank every pilot")})
    repo.git("merge", "--quiet", "--no-edit", "side", when=FIRST_COMMIT + timedelta(days=6))
    repo.git("mv", "docs/0001-a.md", "docs/0001-z.md")
    repo.commit({})
    repo.commit({"docs/0001-z.md": "# Tides\n\n**Status:** Implemented\n"})
    return repo


def test_a_line_read_commit_by_commit_is_the_line_read_in_one_go(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = lively(make_repo)
    steps = Repo(tmp_path / "steps")
    subprocess.run(["git", "clone", "--quiet", repo.path, steps.path], check=True)
    for commit in repo.git("rev-list", "--first-parent", "--reverse", "HEAD").split():
        steps.git("checkout", "--quiet", commit)
        Here(steps.path).refresh()
    Here(repo.path).refresh()
    one_go, by_steps = known(Here(repo.path)), known(Here(steps.path))
    assert one_go == by_steps
    shutil.rmtree(steps.path / ".plan-history")
    Here(steps.path).refresh()
    assert known(Here(steps.path)) == one_go


def test_a_rebuild_gives_what_was_there(make_repo: MakeRepo) -> None:
    here = Here(lively(make_repo).path)
    here.refresh()
    before = known(here)
    here.refresh(rebuild=True)
    assert known(here) == before


def test_other_rules_make_another_history_and_the_first_one_is_forgotten(
    make_repo: MakeRepo,
) -> None:
    repo = make_repo({"a.md": checklist(GAUGES), "b.md": checklist(PILOTS)})
    here = Here(repo.path)
    here.refresh()
    (repo.path / "plantrack.toml").write_text('exclude = ["b.md"]\n')
    here.refresh()
    assert [text for _, _, text in told(here)] == [GAUGES]
    connection = sqlite3.connect(repo.path / ".plan-history" / "plans.db")
    (bases,) = connection.execute("SELECT count(*) FROM basis").fetchone()
    connection.close()
    assert bases == 1


def test_a_second_look_reads_nothing_of_the_past(make_repo: MakeRepo) -> None:
    repo = lively(make_repo)
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        line = store.past.line()
    repo.write({"docs/0002-b.md": checklist(PILOTS)})
    here.refresh()
    with here.open() as store:
        assert store.past.line() == line


# --- documents that are the same ------------------------------------------------------------------


def copies(here: Here) -> dict[str, str]:
    """Read which document, by path, counts as part of which."""
    with here.open() as store:
        path_by_id = {one.id: one.path for one in store.past.documents() if one.is_present}
        path_by_id |= {one.document: one.path for one in store.past.overlay()}
        found = store.past.copies()
    return {path_by_id[copy]: path_by_id[kept] for copy, kept in found.items()}


def test_of_documents_that_are_the_same_the_first_on_the_line_is_no_copy(
    make_repo: MakeRepo,
) -> None:
    text = checklist(GAUGES, BERTHS)
    repo = make_repo({"m.md": text, "other.md": checklist(PILOTS)}, {"z.md": text}, {"a.md": text})
    here = Here(repo.path)
    here.refresh()
    assert copies(here) == {"a.md": "m.md", "z.md": "m.md"}
    repo.write({"c.md": text, "d.md": text})
    here.refresh()
    assert copies(here) == dict.fromkeys(("a.md", "c.md", "d.md", "z.md"), "m.md")


def test_a_copy_that_was_edited_is_none_any_more(make_repo: MakeRepo) -> None:
    text, ticked = checklist(GAUGES, BERTHS), checklist(f"x {GAUGES}", BERTHS)
    repo = make_repo({"a.md": text, "b.md": text, "notes.md": "# Notes\n", "more.md": "# Notes\n"})
    here = Here(repo.path)
    here.refresh()
    assert copies(here) == {"b.md": "a.md"}
    repo.write({"a.md": ticked})
    here.refresh()
    assert copies(here) == {}
    repo.write({"b.md": ticked})
    here.refresh()
    assert copies(here) == {"b.md": "a.md"}
    repo.commit({"a.md": None})
    here.refresh()
    assert copies(here) == {}


# --- worktrees ------------------------------------------------------------------------------------


def test_worktrees_share_what_was_read_and_each_has_its_line(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo({"a.md": checklist(GAUGES, BERTHS)})
    side = tmp_path / "side"
    repo.git("worktree", "add", "--quiet", "-b", "side", str(side))
    Repo(side).write({"a.md": checklist(GAUGES, f"x {BERTHS}")})
    repo.commit({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    main, other = Here(repo.path), Here(side)
    main.refresh()
    other.refresh()
    assert [text for kind, _, text in told(main) if kind == "ticked"] == [GAUGES]
    assert [kind for kind, _, _ in told(other)] == ["added", "added"]
    assert pending(other) == [("ticked", "", BERTHS)]
    assert ids(main, "a.md") == ids(other, "a.md")
    connection = sqlite3.connect(repo.path / ".plan-history" / "plans.db")
    (revisions,) = connection.execute("SELECT count(*) FROM revision").fetchone()
    connection.close()
    assert revisions == 2


# --- what cannot be read --------------------------------------------------------------------------


def test_a_shallow_clone_begins_where_it_begins_and_says_so(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES, BERTHS)},
        {"a.md": checklist(f"x {GAUGES}", BERTHS)},
        {"a.md": checklist(f"x {GAUGES}", f"x {BERTHS}")},
    )
    shallow = Repo(tmp_path / "shallow")
    command = ["git", "clone", "--quiet", "--depth", "2", f"file://{repo.path}", str(shallow.path)]
    subprocess.run(command, check=True)
    here = Here(shallow.path)
    here.refresh()
    assert remarks(here) == ["history-shallow"]
    assert [change[:2] for change in told(here)] == [
        ("added", "arrived done"),
        ("added", "open"),
        ("ticked", ""),
    ]
    shallow.git("fetch", "--quiet", "--unshallow")
    here.refresh()
    assert remarks(here) == []
    Here(repo.path).refresh()
    assert told(here) == told(Here(repo.path))


def test_a_version_that_is_missing_is_passed_over_and_told_once(make_repo: MakeRepo) -> None:
    repo = make_repo(
        {"a.md": checklist(GAUGES)},
        {"a.md": checklist(GAUGES, BERTHS)},
        {"a.md": checklist(f"x {GAUGES}", BERTHS, PILOTS)},
    )
    blob = repo.git("rev-parse", "HEAD~1:a.md").strip()
    loose = repo.path / ".git" / "objects" / blob[:2] / blob[2:]
    loose.chmod(0o600)
    loose.unlink()
    here = Here(repo.path)
    here.refresh()
    assert [change[0] for change in told(here)] == ["added", "ticked", "added", "added"]
    assert remarks(here) == ["history-gap"]
    repo.write({"a.md": checklist(f"x {GAUGES}", BERTHS)})
    here.refresh()
    assert remarks(here) == ["history-gap"]
    assert_books_balance(here)


def test_a_reading_that_was_broken_off_goes_on_where_it_was(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "BATCH", 2)
    repo = lively(make_repo)
    here = Here(repo.path)

    class Stopped(Exception):
        """The process ends here."""

    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise Stopped

    with pytest.raises(Stopped):
        here.refresh(progress=stop)
    with here.open() as store:
        line = store.past.line()
        assert line is not None
        assert line.head is None
        assert line.revision is not None
    here.refresh()
    interrupted = known(here)
    shutil.rmtree(repo.path / ".plan-history")
    here.refresh()
    assert known(here) == interrupted


def test_how_far_it_is_is_told_by_versions_where_a_few_revisions_have_many(
    make_repo: MakeRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MANY", 3)
    repo = make_repo({f"{name}.md": checklist("Read") for name in "abcd"})
    here = Here(repo.path)
    told: list[tuple[int, int]] = []
    here.refresh(progress=lambda done, total: told.append((done, total)))
    history_first = [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert told == history_first * 2  # then the documents
    repo.commit({"a.md": checklist("Read", "Write")})
    told.clear()
    here.refresh(progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 1)]


def test_a_killed_reading_leaves_a_memory_that_can_go_on(make_repo: MakeRepo) -> None:
    """The reader is killed as soon as something was recorded, wherever it is then."""
    repo = make_repo(*({"a.md": checklist(*[f"Task {i} of {n}" for i in range(9)])}
                       for n in range(12)))  # fmt: skip
    script = (
        "import sys; from datetime import datetime, UTC;"
        "from plantrack import config, repo, sync; from plantrack.sync import history;"
        "from plantrack.store import open_store; history.BATCH = 1;"
        "place = repo.find_place(sys.argv[1]);"
        "store = open_store(place.top, place.main_top, None, is_tracked=lambda _: False);"
        "sync.refresh(place, store, config.load(place.top), now=datetime(2026, 3, 1, tzinfo=UTC))"
    )
    reader = subprocess.Popen(["python", "-c", script, str(repo.path)])
    database = repo.path / ".plan-history" / "plans.db-wal"
    until = time.monotonic() + 60
    while reader.poll() is None and time.monotonic() < until:
        if database.exists() and database.stat().st_size > 100_000:
            break
        time.sleep(0.002)
    reader.kill()
    reader.wait()
    here = Here(repo.path)
    here.refresh()
    after = known(here)
    shutil.rmtree(repo.path / ".plan-history")
    here.refresh()
    assert known(here) == after


# --- outside git ----------------------------------------------------------------------------------


def test_outside_git_each_look_tells_what_changed_since_the_last(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.md").write_text(checklist(GAUGES, BERTHS))
    here = Here(folder)
    here.refresh()
    (folder / "a.md").write_text(checklist(f"x {GAUGES}", BERTHS))
    here.refresh()
    here.refresh()
    (folder / "a.md").rename(folder / "b.md")
    here.refresh()
    (folder / "b.md").write_text(checklist(f"x {GAUGES}", f"x {BERTHS}"))
    here.refresh(rebuild=True)
    assert told(here) == [
        ("added", "open", GAUGES),
        ("added", "open", BERTHS),
        ("ticked", "", GAUGES),
        ("ticked", "", BERTHS),
    ]
    assert pending(here) == []
    assert_books_balance(here)
    with here.open() as store:
        assert store.check() == ()


# --- real histories -------------------------------------------------------------------------------


@pytest.mark.no_cover  # the same lines as above, a thousand times
@pytest.mark.parametrize("name", ["donner", "openspec", "superpowers", "twotruths"])
def test_the_books_of_a_real_history_balance(remembered: Callable[[str], Path], name: str) -> None:
    """What the changes add up to is what stands in the plans, and what those that are gone left."""
    here = Here(remembered(name))
    assert pending(here) == []
    assert_books_balance(here)
    with here.open() as store:
        books = store.past.books()
        trees = [store.tree(one.path) for one in store.past.documents() if one.is_present]
        nodes = [node for tree in trees if tree for one in tree.sections for node in one.nodes]
        state = store.past.state(lambda *_: history.STUB)
        held = [*state.present.values(), *state.absent.values()]
        documents = [one.fetch() if isinstance(one, Shelved) else one for one in held]
        over = {row.path for row in store.documents() if row.frozen}
        alive = [
            node
            for one in store.past.documents()
            if one.is_present and one.path not in over and (tree := store.tree(one.path))
            for section in tree.sections
            for node in section.nodes
        ]
        days = store.past.days(Unit.LEAVES)
    gone = [left for document in documents for left in document.gone.values()]
    sums, leaves = tally(nodes), books.leaves[0]
    assert leaves.done == sums.leaves.done + sum(left.leaves.done for left in gone)
    frozen = tally(nodes).open - tally(alive).open
    dropped = sums.leaves.dropped + frozen
    assert leaves.dropped == dropped + sum(left.leaves.dropped for left in gone)
    total = sums.leaves.total + sums.leaves.dropped
    assert leaves.scope == total + sum(left.leaves.scope for left in gone)
    bare = [inner for node in alive for inner in node.walk() if is_bare(inner)]
    assert sum(day.unexpanded_change for day in days) == len(bare)


def is_bare(node: Node) -> bool:
    """Tell an open milestone without steps."""
    return node.kind is Kind.MILESTONE and node.is_leaf and node.state in OPEN and not node.optional


def test_days_that_are_not_those_of_the_changes_are_found(make_repo: MakeRepo) -> None:
    here = Here(make_repo({"a.md": checklist(GAUGES)}).path)
    here.refresh()
    connection = sqlite3.connect(here.path / ".plan-history" / "plans.db")
    connection.execute("UPDATE day SET scope = scope + 1")
    connection.commit()
    connection.close()
    with here.open() as store:
        assert any("moved aside" in notice or "days" in notice for notice in store.notices)


def test_a_commit_at_the_end_of_time_has_a_day_in_every_zone(make_repo: MakeRepo) -> None:
    repo = make_repo()
    repo.write({"a.md": checklist(GAUGES), "plantrack.toml": 'timezone = "Pacific/Auckland"\n'})
    repo.git("add", "--all")
    tree = repo.git("write-tree").strip()
    person = "Ada Example <ada@example.org> 99999999999999 +0000"
    (repo.path / "raw").write_text(f"tree {tree}\nauthor {person}\ncommitter {person}\n\nFar\n")
    name = repo.git("hash-object", "-t", "commit", "-w", "--literally", "raw").strip()
    repo.git("update-ref", "refs/heads/main", name)
    here = Here(repo.path)
    here.refresh()
    with here.open() as store:
        assert [day.day.year for day in store.past.days(Unit.LEAVES)] == [9999]


def test_a_document_that_became_a_stub_of_another_name_is_finished(make_repo: MakeRepo) -> None:
    stub = "# Tides\n\n**Status:** Implemented\n\nSee the manual.\n"
    repo = make_repo(
        {"docs/tides.md": checklist(f"x {GAUGES}", BERTHS)},
        {"docs/tides.md": None, "docs/0009-tides.md": stub, "docs/manual.md": "# Manual\n"},
    )
    here = Here(repo.path)
    here.refresh()
    assert told(here)[2:] == [("removed", "finalised", GAUGES), ("removed", "finalised", BERTHS)]
    assert_books_balance(here)
