from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import Repo
from plantrack.errors import DatabaseError
from plantrack.store import Store, open_store
from plantrack.store.recording import CachedPlan
from store_samples import database_of, document, open_at, recording

MakeRepo = Callable[..., Repo]
NOBODY = 65_534


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    folder.mkdir()
    return folder


def in_state_folder() -> Path:
    return Path(os.environ["XDG_STATE_HOME"]) / "plantrack"


# --- where it belongs -----------------------------------------------------------------------------


def test_the_memory_is_a_folder_in_the_main_worktree(top: Path) -> None:
    with open_at(top / "linked", top) as store:
        assert store.location.kind == "folder"
        assert store.location.path == str(database_of(top))
        assert store.notices == ()
        store.record(recording(document("docs/a.md")))
    kept = sorted(path.name for path in (top / ".plan-history").iterdir())
    assert kept == [".gitignore", "CACHEDIR.TAG", "plans.db", "plans.db.lock"]


def test_git_does_not_see_the_memory(make_repo: MakeRepo) -> None:
    repo = make_repo({"plan.md": "# Plan\n"})
    with open_at(repo.path) as store:
        store.record(recording(document("plan.md")))
        assert repo.git("status", "--porcelain", "--untracked-files=all") == ""


def test_the_folder_is_marked_as_a_cache(top: Path) -> None:
    open_at(top).close()
    tag = (top / ".plan-history" / "CACHEDIR.TAG").read_bytes()
    assert tag.startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_gitignore_of_the_user_s_is_left_alone(top: Path) -> None:
    (top / ".plan-history").mkdir()
    (top / ".plan-history" / ".gitignore").write_text("# mine\n*\n")
    open_at(top).close()
    assert (top / ".plan-history" / ".gitignore").read_text() == "# mine\n*\n"


def test_what_was_recorded_is_there_the_next_time(top: Path) -> None:
    with open_at(top) as store:
        generation = store.record(recording(document("docs/a.md")))
    with open_at(top) as store:
        found = store.snapshot()
        assert found is not None
        assert found.generation == generation
        assert [row.path for row in store.documents()] == ["docs/a.md"]


def test_a_closed_memory_is_one_file_that_can_be_copied(top: Path, tmp_path: Path) -> None:
    with open_at(top) as store:
        store.record(recording(document("docs/a.md"), plans=(CachedPlan("1", "c", "text"),)))
    assert not database_of(top).with_name("plans.db-wal").exists()
    copied = tmp_path / "copy"
    shutil.copytree(top, copied)
    with open_at(top, copied) as store:
        assert [row.path for row in store.documents()] == ["docs/a.md"]
        assert store.notices == ()
        # Whoever made the copy could have put anything there for a plan.
        assert store.plans([("1", "c")]) == (None,)


def test_closing_twice_is_as_good_as_once(top: Path) -> None:
    store = open_at(top)
    store.record(recording(document("docs/a.md")))
    store.close()
    store.close()


def test_names_that_a_uri_would_misread_are_fine(tmp_path: Path) -> None:
    for name in ("a?mode=ro", "50%20", "a#b", "a b", "caf\udce9", "file:", "ü"):
        folder = tmp_path / name
        folder.mkdir()
        for _ in range(2):
            with open_at(folder) as store:
                assert store.location.path == str(database_of(folder))
                store.record(recording(document("docs/a.md")))
                assert store.describe().worktrees == ((str(folder), 1, 4),)
        assert database_of(folder).is_file()


# --- where else -----------------------------------------------------------------------------------


def test_without_a_folder_of_its_own_it_is_in_the_state_folder(top: Path) -> None:
    (top / ".plan-history").write_text("a file is in the way")
    with open_at(top) as store:
        assert store.location.kind == "state"
        assert store.location.path is not None
        assert Path(store.location.path).is_relative_to(in_state_folder())
        assert ".plan-history" in store.location.notice
        assert store.location.path in store.location.notice
        assert store.notices == (store.location.notice,)
        store.record(recording(document("docs/a.md")))
    with open_at(top) as store:
        assert [row.path for row in store.documents()] == ["docs/a.md"]


def test_two_repositories_do_not_share_the_state_folder(tmp_path: Path) -> None:
    places = set()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".plan-history").write_text("")
        with open_at(tmp_path / name) as store:
            places.add(store.location.path)
    assert len(places) == 2


@pytest.mark.parametrize("value", ["", "relative/path", "~/not-expanded"])
def test_a_state_folder_that_is_no_absolute_path_is_not_used(
    top: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", value)
    (top / ".plan-history").write_text("")
    with open_at(top) as store:
        assert store.location.path is not None
        state = Path(os.environ["HOME"], ".local", "state", "plantrack")
        assert Path(store.location.path).is_relative_to(state)


def test_where_nothing_can_be_written_it_is_in_memory(
    top: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (top / ".plan-history").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(top / ".plan-history" / "below a file"))
    with open_at(top) as store:
        assert (store.location.kind, store.location.path) == ("memory", None)
        assert "nothing is remembered" in store.location.notice
        store.record(recording(document("docs/a.md")))
        assert [row.path for row in store.documents()] == ["docs/a.md"]
    with open_at(top) as store:
        assert store.snapshot() is None


def test_a_folder_in_place_of_the_file_is_left_alone(top: Path) -> None:
    database_of(top).mkdir(parents=True)
    with open_at(top) as store:
        assert store.location.kind == "state"
        assert "no regular file" in store.location.notice
    assert database_of(top).is_dir()


# --- where the configuration says -----------------------------------------------------------------


def test_the_configuration_names_a_file_below_the_top(top: Path) -> None:
    with open_at(top, database="var/cache/mine.db") as store:
        assert store.location.kind == "configured"
        assert store.location.path == str(top / "var" / "cache" / "mine.db")
        store.record(recording(document("docs/a.md")))
    assert sorted(path.name for path in (top / "var" / "cache").iterdir()) == [
        "mine.db",
        "mine.db.lock",
    ]
    assert not (top / ".plan-history").exists()


LEADING_OUT = ["../mine.db", "/tmp/mine.db", "a/../../mine.db", "out/mine.db", ".git/mine.db", ""]  # noqa: S108


@pytest.mark.parametrize("name", LEADING_OUT)
def test_a_configured_place_outside_the_repository_is_refused(
    top: Path, tmp_path: Path, name: str
) -> None:
    (top / "out").symlink_to(tmp_path)
    with pytest.raises(DatabaseError, match="leads out of the repository") as caught:
        open_at(top, database=name)
    assert caught.value.remedy
    assert sorted(path.name for path in tmp_path.iterdir()) == ["repo"]


@pytest.mark.parametrize(
    "content", [b"# A document\n" * 100, b"", b"SQLite format 3\0" + b"?" * 4096]
)
def test_a_configured_file_that_never_was_a_memory_is_not_touched(
    top: Path, content: bytes
) -> None:
    (top / "README.md").write_bytes(content)
    with pytest.raises(DatabaseError, match="not touched"):
        open_at(top, database="README.md")
    assert contents_of(top) == {"README.md": content}


def test_a_configured_place_that_cannot_be_written_is_replaced_by_memory(top: Path) -> None:
    (top / "var").write_text("a file is in the way")
    with open_at(top, database="var/mine.db") as store:
        assert store.location.kind == "memory"
        assert str(top / "var" / "mine.db") in store.location.notice


# --- refused --------------------------------------------------------------------------------------


def test_a_folder_that_is_a_link_is_refused(top: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (top / ".plan-history").symlink_to(elsewhere)
    with pytest.raises(DatabaseError, match="is a symbolic link") as caught:
        open_at(top)
    assert "remove the link" in caught.value.remedy
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["plans.db", "plans.db.lock"])
def test_a_file_in_it_that_is_a_link_is_refused(top: Path, tmp_path: Path, name: str) -> None:
    valuable = tmp_path / "valuable"
    valuable.write_text("do not touch")
    (top / ".plan-history").mkdir()
    (top / ".plan-history" / name).symlink_to(valuable)
    with pytest.raises(DatabaseError, match="is a symbolic link"):
        open_at(top)
    assert valuable.read_text() == "do not touch"


def tracked_by(repo: Repo) -> Callable[[str], bool]:
    return lambda path: bool(repo.git("ls-files", "-z", "--", path))


def open_in(repo: Repo, database: str | None = None) -> Store:
    return open_store(repo.path, repo.path, database, is_tracked=tracked_by(repo))


def test_a_database_that_came_with_the_repository_is_refused(
    make_repo: MakeRepo, tmp_path: Path
) -> None:
    origin = make_repo({"plan.md": "# Plan\n"}, name="origin")
    with open_in(origin) as store:
        store.save_plans([CachedPlan("1", "c", "a lie")], day=1)
    origin.git("add", "--force", ".plan-history")
    origin.git("commit", "--quiet", "--message", "A present")
    origin.git("clone", "--quiet", str(origin.path), str(tmp_path / "clone"))
    with pytest.raises(DatabaseError, match="tracked by git") as caught:
        open_in(Repo(tmp_path / "clone"))
    assert "git rm" in caught.value.remedy


def test_a_tracked_file_where_the_memory_should_go_is_refused(make_repo: MakeRepo) -> None:
    repo = make_repo({".plan-history/notes.txt": "ours", "var/x.db": "theirs"})
    with pytest.raises(DatabaseError, match="tracked by git"):
        open_in(repo)
    with pytest.raises(DatabaseError, match="tracked by git"):
        open_in(repo, "var/x.db")
    assert [path.name for path in (repo.path / ".plan-history").iterdir()] == ["notes.txt"]
    assert [path.name for path in (repo.path / "var").iterdir()] == ["x.db"]


def test_git_is_asked_only_about_a_database_that_is_not_known(make_repo: MakeRepo) -> None:
    repo = make_repo({"plan.md": "# Plan\n"})
    asked: list[str] = []

    def is_tracked(path: str) -> bool:
        asked.append(path)
        return False

    for _ in range(3):
        with open_store(repo.path, repo.path, None, is_tracked=is_tracked) as store:
            found = store.snapshot()
            store.record(recording(document("plan.md"), base=found.generation if found else None))
    assert asked == [".plan-history"]


# --- read only ------------------------------------------------------------------------------------


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    # Not below tmp_path, which nobody but its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="plantrack-"))
    folder.chmod(0o755)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)


@contextmanager
def as_reader(top: Path) -> Iterator[None]:
    """Be somebody who may read everything below a folder and write nothing."""
    for path in [top, *top.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0  # whom no permission stops
    if is_root:
        os.setegid(NOBODY)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
            os.setegid(0)


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def add_b(store: Store) -> None:
    known = store.snapshot()
    both = document("docs/a.md"), document("docs/b.md")
    store.record(recording(*both, base=known.generation if known else None, moment=9))
    assert [row.path for row in store.documents()] == ["docs/a.md", "docs/b.md"]
    assert store.check() == ()


def test_a_memory_that_cannot_be_written_is_read_and_then_kept_in_memory(
    open_to_all: Path,
) -> None:
    with open_at(open_to_all) as store:
        store.record(recording(document("docs/a.md")))
    before = contents_of(open_to_all / ".plan-history")
    with as_reader(open_to_all), open_at(open_to_all) as store:
        assert store.location.kind == "folder"
        assert [row.path for row in store.documents()] == ["docs/a.md"]
        before_writing = store.notices
        add_b(store)
        assert before_writing == ()
        assert ["not remembered" in notice for notice in store.notices] == [True]
    assert contents_of(open_to_all / ".plan-history") == before


def test_a_memory_that_cannot_be_written_is_examined_when_it_is_not_known(
    open_to_all: Path,
) -> None:
    with open_at(open_to_all) as store:
        store.record(recording(document("docs/a.md")))
    (open_to_all / ".plan-history" / "plans.db.lock").unlink()
    with as_reader(open_to_all), open_at(open_to_all) as store:
        assert store.location.kind == "folder"
        assert [row.path for row in store.documents()] == ["docs/a.md"]


def test_a_log_that_cannot_be_read_along_is_not_left_out(open_to_all: Path) -> None:
    with open_at(open_to_all) as store:
        store.record(recording(document("docs/a.md")))
        log = database_of(open_to_all).with_name("plans.db-wal")
        kept = log.read_bytes()
        assert kept
    log.write_bytes(kept)
    with as_reader(open_to_all), open_at(open_to_all) as store:
        assert store.location.kind in {"state", "memory"}


@pytest.mark.parametrize("harm", ["damaged", "absent"])
def test_no_sound_memory_and_no_place_for_one_means_memory(
    open_to_all: Path, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(open_to_all / "state"))
    if harm == "damaged":
        open_at(open_to_all).close()
        database_of(open_to_all).write_bytes(b"no database" * 1000)
    with as_reader(open_to_all), open_at(open_to_all) as store:
        assert store.location.kind == "memory"
        assert "nothing is remembered" in store.location.notice
        assert store.snapshot() is None
        add_b(store)


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal", ".lock"])
def test_a_log_that_is_a_link_is_not_written_through(top: Path, suffix: str) -> None:
    """SQLite alone would say no more than that it cannot open the database."""
    open_at(top).close()
    precious = top / "precious"
    precious.write_text("of somebody")
    beside = database_of(top).with_name(f"plans.db{suffix}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(precious)
    with pytest.raises(DatabaseError, match="is a symbolic link"):
        open_at(top)
    assert precious.read_text() == "of somebody"


@pytest.mark.parametrize("suffix", ["-wal", "-shm", ".lock"])
def test_a_log_that_is_no_file_is_not_waited_for(top: Path, suffix: str) -> None:
    open_at(top).close()
    beside = database_of(top).with_name(f"plans.db{suffix}")
    beside.unlink(missing_ok=True)
    os.mkfifo(beside)
    with pytest.raises(DatabaseError, match="is no regular file") as caught:
        open_at(top)
    assert caught.value.remedy.startswith("remove it")
