from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from conftest import Repo
from plantrack import config
from plantrack.store import check, proofs
from plantrack.store.deeds import Deed
from plantrack.store.lines import SUMS
from plantrack.store.schema import migrations
from plantrack.sync import history
from sync_samples import NOW, Here

MakeRepo = Callable[..., Repo]

PLAN = """\
# {title}

**Status:** In Progress

## Implementation Plan

- [{0}] Milestone 1: Prepare
  - [{0}] Ask the harbour master
  - [{1}] {ship}
- [ ] Milestone 2: Sail
"""
TABLES = [
    statement.split()[2]
    for statements in migrations()
    for statement in statements
    if statement.lstrip().startswith("CREATE TABLE")
]
UNPROVEN = {
    "version": "plans are parsed again where they are missing",
    "named": "where a document has its ids from is looked up again",
    "deed": "what was written, and what was said of it, is told nowhere else",
    "observation": "when somebody looked is told nowhere else",
    "sighting": "when somebody looked is told nowhere else",
}


def plan(marks: str, ship: str = "Find a ship", title: str = "Voyage") -> str:
    return PLAN.format(*marks, ship=ship, title=title)


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], sqlite3.Connection]:
    """Return a function that gives a copy of a memory with some of everything in it."""
    repo = Repo(tmp_path_factory.mktemp("proofs") / "repo")
    repo.path.mkdir()
    repo.git("init", "--quiet", "--initial-branch", "main")
    here = Here(repo.path)
    repo.commit({"a.md": plan("  "), "b.md": plan("  ", title="Return")})
    repo.write({"a.md": plan("x "), "c.md": "# Boxes\n\n- [ ] of no plan\n", "f.md": plan("  ")})
    here.refresh()  # seen before it is committed
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "Ask", when=NOW + timedelta(days=1))
    repo.commit({"a.md": plan("xx", "Find a ship with a mast"), "b.md": None})
    for number in range(3):
        repo.commit({"d.md": plan("x "[number % 2] * 2, title=f"Voyage {number}")})
    repo.write({"a.md": plan("xx", "Find a ship with two masts"), "e.md": plan("  ")})
    repo.write({"d.md": plan("x ", title="Voyage 9")})
    here.refresh()
    with here.open() as store:
        store.deeds.add([Deed("a.md", "item", 1, "todo", "done", " ", "x", "- [x] Ask")])
        assert store.check() == ()

    def copy() -> sqlite3.Connection:
        made = sqlite3.connect(":memory:", isolation_level=None)
        with closing(sqlite3.connect(repo.path / ".plan-history" / "plans.db")) as source:
            source.backup(made)
        return made

    return copy


@pytest.fixture
def copy(copied: Callable[[], sqlite3.Connection]) -> Iterator[sqlite3.Connection]:
    with closing(copied()) as opened:
        yield opened


def keys_of(opened: sqlite3.Connection, table: str) -> tuple[str, list[tuple[object, ...]]]:
    """Give what a row of a table is told by, and every such key."""
    columns = [row[1] for row in opened.execute(f"PRAGMA table_info({table})") if row[5]]
    names = ", ".join(columns or ["rowid"])
    keys = opened.execute(f"SELECT {names} FROM {table} ORDER BY {names}").fetchall()  # noqa: S608
    return f"({names}) = ({', '.join('?' * len(keys[0]))})", keys


@pytest.mark.no_cover  # a look at a whole memory, for each table twice
@pytest.mark.parametrize("table", [table for table in TABLES if table not in UNPROVEN])
@pytest.mark.parametrize("keys", ["as a shell deletes it", "with all that belongs to it"])
def test_a_row_deleted_by_hand_is_found(
    copied: Callable[[], sqlite3.Connection], table: str, keys: str
) -> None:
    with closing(copied()) as opened:
        condition, rows = keys_of(opened, table)
    for row in rows[:: max(1, len(rows) // 6)]:
        with closing(copied()) as opened:
            opened.execute(f"PRAGMA foreign_keys = {int(keys.startswith('with'))}")
            opened.execute(f"DELETE FROM {table} WHERE {condition}", row)  # noqa: S608
            if table == "worktree" and keys.startswith("with"):
                assert opened.execute("SELECT count(*) FROM document").fetchone() == (0,)
                continue  # that is forgetting it
            assert check.findings(opened, "plans.db"), row


@pytest.mark.parametrize("table", UNPROVEN)
def test_what_cannot_be_missed_is_known(copy: sqlite3.Connection, table: str) -> None:
    """The list of what is not proven stays as short as it can be."""
    assert copy.execute(f"DELETE FROM {table}").rowcount > 0  # noqa: S608
    assert check.findings(copy, "plans.db") == ()


ALTERED = {
    "a change is told twice": (
        "UPDATE document_version SET changes = changes + 1 WHERE path = 'a.md'",
        "history of a.md: 4 changes of one revision are there, not 5",
    ),
    "the words of a change are gone": (
        "DELETE FROM wording WHERE text LIKE '%a mast'",
        "history of a.md: a change has lost its words",
    ),
    "a change stands under nothing": (
        "UPDATE change SET parent_after = 999",
        "a change speaks of an item that is not there",
    ),
    "a change comes from nothing": (
        "UPDATE change SET origin = 999",
        "a change speaks of an item that is not there",
    ),
    "the items of a version are gone": (
        "UPDATE layout SET pieces = '[999]'",
        "history of d.md: the items of a version are not there",
    ),
    "the items of a version are another document's": (
        "UPDATE layout SET tracked = 3 - tracked WHERE tracked < 3",
        "history of a.md: the items of a version are not there",
    ),
    "a change weighs more": (
        "UPDATE change SET leaves_done = leaves_done + 1 WHERE place = 0",
        "the sums of a version are not those of its changes",
    ),
    "a change weighs more as a milestone": (
        "UPDATE change SET milestones_scope = milestones_scope - 1 WHERE place = 0",
        "the sums of a version are not those of its changes",
    ),
    "more was ticked": (
        "UPDATE effect SET ticked = ticked + 1",
        "history of a.md: its amounts do not add up",
    ),
    "more was dropped": (
        "UPDATE effect SET dropped_with_document = dropped_with_document + 1",
        "history of b.md: its amounts do not add up",
    ),
    "more was cut": (
        "UPDATE effect SET cut_open = cut_open + 1",
        "history of a.md: its amounts do not add up",
    ),
    "a revision stands elsewhere": (
        "UPDATE revision SET depth = depth + 1",
        "repo: its line has a gap",
    ),
    "a revision follows another": (
        "UPDATE revision SET parent = 1 WHERE depth = 3",
        "repo: its line has a gap",
    ),
    "the line ends elsewhere": (
        "UPDATE line SET revision = 1",
        "repo: its line does not end where it says",
    ),
    "a document ends elsewhere": (
        "UPDATE tip SET version = (SELECT min(serial) FROM document_version)",
        "repo: the last version of d.md is not known",
    ),
    "a day is another": (
        "UPDATE day SET day = '2026-02-02' WHERE day = '2026-01-01'",
        "repo: the sums of 2026-02-02 are not those of its documents on that day",
    ),
    "a document's day is another": (
        "UPDATE document_day SET unticked = unticked + 1",
        "history of a.md: the sums of its days are not those of its changes",
    ),
    "a change of the work tree has no place": (
        "UPDATE overlay SET place = place + 1 WHERE place > 0",
        "repo: a change that is not committed is missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "told"), ALTERED.values(), ids=ALTERED)
def test_the_past_contradicts_what_was_altered(
    copy: sqlite3.Connection, statement: str, told: str
) -> None:
    copy.execute("PRAGMA defer_foreign_keys = ON")
    if "place + 1" in statement:  # from the last one on: places are unique
        for place in range(99, 0, -1):
            copy.execute(f"{statement} AND place = {place}")
    else:
        assert copy.execute(statement).rowcount > 0
    failures = list(proofs.failures(copy))
    assert any(line.endswith(told) for line in failures), failures


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("table", ["day", "document_day", "effect"])
def test_no_sum_can_be_another(copy: sqlite3.Connection, table: str, name: str) -> None:
    copy.execute(f"UPDATE {table} SET {name} = {name} + 1 WHERE unit = 'leaves'")  # noqa: S608
    assert list(proofs.failures(copy))


def test_a_document_s_last_version_off_the_line_is_found(copy: sqlite3.Connection) -> None:
    copy.execute("INSERT INTO tracked (serial, basis, id) VALUES (99, 1, 'other')")
    copy.execute(
        """
        INSERT INTO document_version (serial, revision, tracked, path, title, changes)
        VALUES (99, 99, 99, 'other.md', '', 0)
        """
    )
    copy.execute("INSERT INTO tip (worktree, tracked, version, changed) VALUES (1, 99, 99, 0)")
    (told,) = proofs.failures(copy)
    assert told.endswith("repo: the last version of other.md is on no line")


def test_of_many_failures_of_a_kind_some_are_told(copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE document_version SET changes = changes + 1")
    copy.executemany(
        """
        INSERT INTO document_version (revision, tracked, path, title, changes)
        VALUES (?, 1, 'a.md', '', 1)
        """,
        [(number,) for number in range(1000, 1100)],
    )
    assert len([line for line in proofs.failures(copy) if "changes of one" in line]) == 20


def test_a_history_that_was_read_is_kept_by_whoever_looks_closer(make_repo: MakeRepo) -> None:
    """As if the reading had been killed there, and nothing was known of the file any more."""
    repo = make_repo({"a.md": plan("  ")})
    here = Here(repo.path)
    with here.open() as store:
        history.catch_up(here.place, store, config.load(str(repo.path)), day=20_000)
        line = store.past.line()
        assert line is not None
        path = Path(store.location.path or "")
    path.with_name("plans.db.lock").unlink()
    with here.open() as store:
        assert store.notices == ()
        assert store.past.line() == line
    here.refresh()
    assert here.rows().keys() == {"a.md"}
