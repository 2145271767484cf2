from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from plantrack.errors import DatabaseError
from plantrack.store import Overtaken, Renewed, Store, check, mending
from plantrack.store.connection import APPLICATION_ID, VERSION
from plantrack.store.recording import CachedPlan
from plantrack.store.trouble import explained, refuse_passing
from store_samples import database_of, document, open_at, recording

SEED = 20_250_101
OVERWRITES = 60


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Give a folder whose memory holds two documents and a parsed plan."""
    folder = tmp_path / "repo"
    folder.mkdir()
    with open_at(folder) as store:
        fill(store)
    return folder


def fill(store: Store) -> None:
    plans = (CachedPlan("1", "c", "a plan"),)
    documents = (document(f"docs/{name}.md", steps=20) for name in ("a", "b"))
    store.record(recording(*documents, plans=plans))


def aside(top: Path) -> list[Path]:
    found = database_of(top).parent.glob("plans.db.damaged-*")
    return sorted(path for path in found if not path.name.endswith("-wal"))


def is_filled(store: Store) -> bool:
    rows = store.documents()
    return store.snapshot() is not None and [row.path for row in rows] == ["docs/a.md", "docs/b.md"]


def is_new(store: Store) -> bool:
    empty = store.snapshot() is None and store.documents() == ()
    return empty and store.plans([("1", "c")]) == (None,) and store.check() == ()


def run_sql(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


# --- before it is opened --------------------------------------------------------------------------


def overwrite(at: int, content: bytes) -> Callable[[Path], None]:
    def harm(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at if at >= 0 else path.stat().st_size + at)
            file.write(content)

    return harm


def cut(size: int) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, size if size >= 0 else path.stat().st_size // 2)


def sql(script: str) -> Callable[[Path], None]:
    return lambda path: run_sql(path, script)


DAMAGED: dict[str, Callable[[Path], None]] = {
    "its header is overwritten": overwrite(0, b"no database, this" * 10),
    "its first page is zeros": overwrite(0, bytes(4096)),
    "its page size is nonsense": overwrite(16, b"\x12\x34"),
    "its id is overwritten": overwrite(68, b"????"),
    "its text encoding is another": overwrite(56, b"\0\0\0\2"),
    "it is empty": cut(0),
    "half of it is gone": cut(-1),
    "only a piece of the header is left": cut(50),
    "a page of it is noise": overwrite(4096 * 3, random.Random(1).randbytes(4096)),  # noqa: S311
    "a letter is another": sql("UPDATE document SET title = 'other' WHERE path = 'docs/a.md'"),
    "a state is another": sql("UPDATE item SET state = 'done' WHERE position = 5"),
    "an item is gone": sql("DELETE FROM item WHERE position = 5"),
    "a document is gone": sql(
        "PRAGMA foreign_keys = ON; DELETE FROM document WHERE path < 'docs/b'"
    ),
    "a time is another": sql("UPDATE document SET last_change = 1"),
    "a twin is invented": sql("UPDATE document SET duplicate_of = 'docs/a.md'"),
    "its stamps are others": sql("UPDATE worktree SET listing = x'00'"),
    "a stored plan is another": sql("UPDATE version SET plan = 'a lie'"),
    "all rows are gone": sql("DELETE FROM document"),
    "an item belongs to nothing": sql(
        "INSERT INTO item SELECT 99, position, 1, 'x', NULL, 0, kind, state, label, title, text,"
        " line, mark, optional, struck, notes, tags FROM item LIMIT 1"
    ),
    "an item moved to another worktree": sql("UPDATE item SET worktree = 9 WHERE position = 5"),
    "a table is missing": sql("DROP TABLE mention"),
}  # fmt: skip


@pytest.mark.parametrize("harm", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_memory_is_moved_aside_and_made_anew(
    top: Path, harm: Callable[[Path], None]
) -> None:
    harm(database_of(top))
    damaged = database_of(top).read_bytes()
    with open_at(top) as store:
        (notice,) = store.notices
        assert "damaged" in notice
        assert is_new(store)
        fill(store)
    (kept,) = aside(top)
    assert str(kept) in notice
    assert kept.read_bytes() == damaged
    with open_at(top) as store:
        assert store.notices == ()
        assert is_filled(store)


def test_two_damaged_memories_are_both_kept(top: Path) -> None:
    for content in (b"one" * 2000, b"two" * 2000):
        database_of(top).write_bytes(content)
        os.utime(database_of(top), (1_700_000_000, 1_700_000_000))
        open_at(top).close()
    assert [path.read_bytes()[:3] for path in aside(top)] == [b"one", b"two"]
    assert [path.name for path in aside(top)] == [
        "plans.db.damaged-20231114-221320",
        "plans.db.damaged-20231114-221320-2",
    ]


@pytest.mark.no_cover  # chance is no part of what counts as covered
@pytest.mark.parametrize("seed", range(SEED, SEED + OVERWRITES))
def test_no_overwritten_bytes_are_ever_believed(top: Path, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    path = database_of(top)
    sound = path.read_bytes()
    harmed = bytearray(sound)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(sound)), chance.choice([1, 1, 8, 200])
        harmed[at : at + length] = chance.randbytes(len(harmed[at : at + length]))
    path.write_bytes(harmed)
    try:
        store = open_at(top)
    except DatabaseError:
        # Bytes that make it look like another program's, or a later one of ours.
        assert path.read_bytes() == bytes(harmed)
        return
    with store:
        if aside(top):
            assert is_new(store)
            assert aside(top)[0].read_bytes() == bytes(harmed)
        else:
            assert is_filled(store)
            assert store.check() == ()
            assert everything(path) == everything_of(sound, tmp_path)


def everything(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def everything_of(content: bytes, folder: Path) -> list[str]:
    (folder / "sound.db").write_bytes(content)
    return everything(folder / "sound.db")


def test_a_journal_of_another_program_s_does_not_drive_the_memory_elsewhere(top: Path) -> None:
    """Who only reads can neither undo what it tells nor pass it over."""
    journal = database_of(top).with_name("plans.db-journal")
    journal.write_bytes(b"no journal, this" * 1000)
    with open_at(top) as store:
        assert store.notices == ()
        assert is_filled(store)
    assert not journal.exists()


def test_what_another_tool_began_and_did_not_end_is_undone(top: Path) -> None:
    path = database_of(top)
    run_sql(path, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA cache_size = 2")
        other.execute("BEGIN")
        other.execute("UPDATE item SET text = hex(zeroblob(9000))")  # more than is kept in memory
        copies = [one.read_bytes() for one in (path, path.with_name("plans.db-journal"))]
        other.execute("ROLLBACK")
    for name, content in zip(("plans.db", "plans.db-journal"), copies, strict=True):
        path.with_name(name).write_bytes(content)
    with open_at(top) as store:
        assert store.notices == ()
        assert is_filled(store)
        assert store.check() == ()


def test_a_read_that_failed_once_is_no_damage(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite says of a page that the disk did not give back that the file is malformed."""
    real, told = check.problems, ["structure: it failed once"]

    def fail_once(connection: sqlite3.Connection, *, contents: bool = True) -> tuple[str, ...]:
        return (told.pop(),) if told else real(connection, contents=contents)

    monkeypatch.setattr(mending, "problems", fail_once)
    os.utime(database_of(top))
    with open_at(top) as store:
        assert told == []
        assert store.notices == ()
        assert is_filled(store)
    assert aside(top) == []


@pytest.mark.parametrize(
    ("code", "is_damage"), [(11, True), (267, True), (10, False), (8458, False)]
)
def test_a_page_the_disk_does_not_give_back_is_no_wrong_page(code: int, is_damage: bool) -> None:  # noqa: FBT001
    line = f"Tree 12 page 5: unable to get the page. error code={code}"
    if is_damage:
        refuse_passing(line)
        return
    with pytest.raises(sqlite3.OperationalError) as caught:
        refuse_passing(line)
    assert "reading or writing the disk failed" in explained(caught.value, "x").message


# --- whose it is ----------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, str]] = {
    "a trigger": (
        "CREATE TRIGGER smuggled AFTER INSERT ON item BEGIN DELETE FROM item; END",
        "trigger smuggled",
    ),
    "a view": ("CREATE VIEW peek AS SELECT 1", "view peek"),
    "a later format": (f"PRAGMA user_version = {VERSION + 1}", "this plantrack knows"),
    "another program": (
        "PRAGMA application_id = 1; CREATE TABLE theirs (a)", "belongs to another program",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("script", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_quite_ours_is_refused_and_not_touched(
    top: Path, script: str, reason: str
) -> None:
    run_sql(database_of(top), script)
    before = database_of(top).read_bytes()
    for _ in range(2):
        with pytest.raises(DatabaseError, match=reason) as caught:
            open_at(top)
        assert str(database_of(top)) in caught.value.message
        assert caught.value.exit_code == 5
        assert caught.value.remedy
    assert database_of(top).read_bytes() == before
    assert aside(top) == []


def test_a_trigger_added_by_a_program_that_is_still_there_is_noticed(top: Path) -> None:
    # As long as it has the database open, the change is in its log, and the file as we left it.
    with closing(sqlite3.connect(database_of(top))) as other:
        before = database_of(top).stat()
        other.executescript(REFUSED["a trigger"][0])
        assert database_of(top).stat().st_mtime_ns == before.st_mtime_ns
        with pytest.raises(DatabaseError, match="trigger smuggled"):
            open_at(top)


def test_a_database_another_tool_only_looked_at_is_fine(top: Path) -> None:
    with closing(sqlite3.connect(database_of(top))) as other:
        other.execute("SELECT * FROM item").fetchall()
    os.utime(database_of(top))
    with open_at(top) as store:
        assert store.notices == ()
        assert is_filled(store)


def test_a_database_that_was_turned_back_to_a_rollback_journal_gets_its_log_again(
    top: Path,
) -> None:
    run_sql(database_of(top), "PRAGMA journal_mode = DELETE")
    with open_at(top) as store:
        assert is_filled(store)
    with closing(sqlite3.connect(database_of(top))) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# --- while it is open -----------------------------------------------------------------------------


def delete_folder(top: Path) -> None:
    shutil.rmtree(database_of(top).parent)


def delete_file(top: Path) -> None:
    database_of(top).unlink()


def delete_all_but_the_log(top: Path) -> None:
    for path in database_of(top).parent.iterdir():
        if not path.name.endswith(("-wal", "-shm")):
            path.unlink()


def replace_file(top: Path) -> None:
    other = top.parent / "replacing"
    open_at(other.parent, other).close()
    database_of(other).replace(database_of(top))


GONE = [delete_folder, delete_file, delete_all_but_the_log, replace_file]


@pytest.fixture
def store(top: Path) -> Iterator[Store]:
    with open_at(top) as opened:
        yield opened


@pytest.mark.parametrize("harm", GONE)
def test_a_memory_taken_away_while_it_is_open_is_noticed_before_a_write(
    top: Path, store: Store, harm: Callable[[Path], None]
) -> None:
    store.record(recording(document("docs/c.md"), base=1, moment=2))
    harm(top)
    with pytest.raises(Renewed):
        store.record(recording(document("docs/d.md"), base=2, moment=3))
    assert store.snapshot() is None
    assert store.documents() == ()
    store.record(recording(document("docs/d.md"), moment=3))
    with open_at(top) as other:
        assert [row.path for row in other.documents()] == ["docs/d.md"]
        assert other.check() == ()


@pytest.mark.parametrize("harm", GONE)
def test_a_memory_taken_away_while_it_is_open_is_noticed_by_the_next_check(
    top: Path, store: Store, harm: Callable[[Path], None]
) -> None:
    assert store.snapshot() is not None
    harm(top)
    assert store.snapshot() is None
    assert store.record(recording(document("docs/d.md"))) == 1


@pytest.mark.parametrize("harm", GONE)
def test_what_stands_alone_is_written_into_the_new_memory(
    top: Path, store: Store, harm: Callable[[Path], None]
) -> None:
    harm(top)
    store.record(recording(document("docs/d.md")))
    harm(top)
    store.save_plans([CachedPlan("2", "c", "another plan")], day=1)
    assert store.plans([("2", "c")]) == ("another plan",)
    assert store.check() == ()


def test_a_memory_damaged_while_it_is_open_is_made_anew_by_the_next_write(
    top: Path, store: Store
) -> None:
    database_of(top).write_bytes(b"no database, this" * 1000)
    with pytest.raises(Renewed):
        store.record(recording(document("docs/d.md"), base=1, moment=2))
    assert len(aside(top)) == 1
    assert len(store.notices) == 1
    assert is_new(store)


def test_a_read_that_meets_damage_makes_the_memory_anew(top: Path) -> None:
    with open_at(top) as store:
        store.snapshot()
        # The page of documents, behind the back of an open connection.
        content = bytearray(database_of(top).read_bytes())
        content[4096 * 2 :] = random.Random(2).randbytes(len(content) - 4096 * 2)  # noqa: S311
        database_of(top).write_bytes(content)
        with pytest.raises(Renewed) as caught:
            store.documents()
        assert "read anew" in caught.value.remedy
        assert is_new(store)


def test_any_other_read_that_meets_damage_makes_the_memory_anew(top: Path) -> None:
    with open_at(top) as store:
        store.snapshot()
        size = database_of(top).stat().st_size
        with database_of(top).open("r+b") as file:
            file.seek(4096)
            file.write(random.Random(3).randbytes(size - 4096))  # noqa: S311
        with pytest.raises(Renewed):
            store.tree("docs/a.md")
        assert is_new(store)


def test_a_snapshot_that_makes_no_sense_is_none(top: Path, store: Store) -> None:
    run_sql(database_of(top), "UPDATE worktree SET listing = x'00'")
    assert store.snapshot() is None


@pytest.mark.parametrize("name", ["a file", "a folder"])
def test_a_memory_whose_place_was_taken_is_an_error_that_says_so(
    top: Path, store: Store, name: str
) -> None:
    if name == "a file":
        delete_folder(top)
        database_of(top).parent.write_text("in the way")
    else:
        delete_file(top)
        database_of(top).mkdir()
    for question in (
        store.snapshot,
        store.documents,
        lambda: store.record(recording(document("docs/d.md"))),
    ):
        with pytest.raises(DatabaseError, match="nothing was recorded") as caught:
            question()
        assert caught.value.exit_code == 5


@pytest.mark.parametrize("harm", GONE)
def test_a_memory_that_is_gone_can_be_closed(
    top: Path, store: Store, harm: Callable[[Path], None]
) -> None:
    store.record(recording(document("docs/c.md"), base=1, moment=2))
    harm(top)
    store.close()


def test_an_early_version_is_brought_up_to_date(top: Path, tmp_path: Path) -> None:
    path = tmp_path / "early.db"
    run_sql(path, f"PRAGMA application_id = {APPLICATION_ID}; VACUUM")
    assert path.stat().st_size
    path.replace(database_of(top))
    with open_at(top) as store:
        assert store.notices == ()
        assert is_new(store)
        assert store.describe().format == VERSION


def test_a_backup_put_back_over_an_open_memory_is_not_mixed_with_what_is_known(
    top: Path, store: Store, tmp_path: Path
) -> None:
    shutil.copy(database_of(top), tmp_path / "backup")
    store.record(recording(document("docs/c.md"), base=1, moment=2))
    store.close()
    shutil.copyfile(tmp_path / "backup", database_of(top))
    with open_at(top) as again:
        assert is_filled(again)
        with pytest.raises(Overtaken):
            again.record(recording(document("docs/d.md"), base=2, moment=3))


def test_a_database_made_by_a_later_version_meanwhile_is_left_alone(
    top: Path, store: Store
) -> None:
    run_sql(database_of(top), f"PRAGMA user_version = {VERSION + 1}")
    before = database_of(top).read_bytes()
    with pytest.raises(DatabaseError, match="this plantrack knows") as caught:
        store.record(recording(document("docs/c.md"), base=1, moment=2))
    assert caught.value.remedy == "upgrade plantrack"
    for question in (store.snapshot, store.documents):
        with pytest.raises(DatabaseError, match="this plantrack knows"):
            question()
    assert database_of(top).read_bytes() == before


def test_leftovers_of_a_creation_that_was_killed_are_swept(tmp_path: Path) -> None:
    folder = database_of(tmp_path).parent
    folder.mkdir()
    for name in (
        "plans.db.new",
        "plans.db.new-wal",
        "plans.db-wal",
        "plans.db-shm",
        "plans.db-journal",
    ):
        (folder / name).write_bytes(b"half of something")
    with open_at(tmp_path) as store:
        fill(store)
        assert is_filled(store)
    assert sorted(path.name for path in folder.iterdir()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "plans.db",
        "plans.db.lock",
    ]


# --- check ----------------------------------------------------------------------------------------


def test_check_names_what_is_wrong(top: Path, store: Store) -> None:
    assert store.check() == ()
    run_sql(database_of(top), "UPDATE document SET title = 'other' WHERE path = 'docs/a.md'")
    (finding,) = store.check()
    assert finding.path == str(database_of(top))
    assert finding.code == "database-damaged"
    assert "docs/a.md" in finding.message


def test_check_names_what_does_not_belong(top: Path, store: Store) -> None:
    run_sql(database_of(top), "CREATE VIEW peek AS SELECT 1")
    (finding,) = store.check()
    assert finding.code == "database-foreign"
    assert "view peek" in finding.message


def test_check_names_a_missing_table(top: Path, store: Store) -> None:
    run_sql(database_of(top), "DROP TABLE mention")
    assert [finding.code for finding in store.check()] == ["database-damaged"]


# --- a disk that gives up -------------------------------------------------------------------------

SMALL_DISK = """
import resource, sys
from pathlib import Path
from plantrack.errors import DatabaseError
from store_samples import document, open_at, recording

with open_at(Path(sys.argv[1])) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        store.record(recording(*(document(f"docs/{n}.md", steps=50) for n in range(50)), base=1))
    except DatabaseError as error:
        print(error.exit_code, error.message, error.remedy, sep="|")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    print(*(row.path for row in store.documents()), sep="|")
"""


def test_a_write_that_the_disk_refuses_is_an_error_that_says_so(top: Path) -> None:
    size = database_of(top).stat().st_size
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, str(top), str(size)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    error, documents = done.stdout.splitlines()
    code, message, remedy = error.split("|")
    assert code == "5"
    assert str(database_of(top)) in message
    assert "disk" in message
    assert "nothing was recorded" in message
    assert remedy
    assert documents == "docs/a.md|docs/b.md"
    with open_at(top) as store:
        assert is_filled(store)
        assert store.check() == ()


NO_DISK = """
import resource, sys
from pathlib import Path
from store_samples import open_at

resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
with open_at(Path(sys.argv[1])) as store:
    print(store.location.kind, *store.notices, sep="|")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
"""


def test_a_disk_without_room_for_a_memory_means_memory(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NO_DISK, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kind, notice = done.stdout.splitlines()[0].split("|")
    assert kind == "memory"
    assert str(database_of(tmp_path)) in notice
    assert "disk" in notice


def test_a_full_disk_is_called_so() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA max_page_count = 5")
        connection.execute("CREATE TABLE much (a)")
        with pytest.raises(sqlite3.OperationalError) as caught:
            connection.execute("INSERT INTO much VALUES (zeroblob(100000))")
    error = explained(caught.value, "/x/plans.db")
    assert "/x/plans.db: the disk is full" in error.message
    assert "free some space" in error.remedy


def test_a_database_that_opens_for_reading_alone_is_an_error_that_says_so(
    top: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> sqlite3.Connection:
        return sqlite3.connect(top / "no" / "such" / "folder")

    monkeypatch.setattr("plantrack.store.database.connect", refuse)
    with pytest.raises(DatabaseError, match="it cannot be opened; nothing was recorded"):
        store.record(recording(document("docs/c.md"), base=1, moment=2))


def test_a_transaction_sqlite_ended_by_itself_does_not_hide_why(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("ROLLBACK")  # as SQLite does when a page cannot be read
        connection.execute("SELECT nonsense")

    monkeypatch.setattr("plantrack.store.check.describe", fail)
    with pytest.raises(DatabaseError, match="no such column: nonsense"):
        store.describe()


def test_what_looked_damaged_and_is_sound_says_so(top: Path, store: Store) -> None:
    with pytest.raises(DatabaseError, match="was looked through and is sound") as caught:
        store._database.together(_claim_damage)  # noqa: SLF001 - no read of ours fails so at will
    assert not isinstance(caught.value, Renewed)
    assert is_filled(store)
    assert aside(top) == []


def _claim_damage(_: sqlite3.Connection) -> None:
    error = sqlite3.DatabaseError("database disk image is malformed")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    raise error


def test_a_doubted_database_that_cannot_be_looked_at_says_why(top: Path, store: Store) -> None:
    database_of(top).unlink()
    database_of(top).mkdir()
    with pytest.raises(DatabaseError, match="is no regular file; nothing was recorded"):
        store._database.together(_claim_damage)  # noqa: SLF001 - as above


def test_an_error_nobody_thought_of_is_still_told() -> None:
    raised = pytest.raises(sqlite3.OperationalError)
    with closing(sqlite3.connect(":memory:")) as connection, raised as caught:
        connection.execute("SELECT nonsense")
    error = explained(caught.value, None)
    assert "no such column" in error.message
    assert error.exit_code == 5
