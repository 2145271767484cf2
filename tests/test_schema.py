from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
import sqlite_utils

import tables
from plantrack.errors import DatabaseError
from plantrack.store.connection import APPLICATION_ID, VERSION, require_sqlite
from plantrack.store.schema import identify, migrate, migrations
from plantrack.store.trouble import Damage

STATEMENTS = [statement for statements in migrations() for statement in statements]
VIEWS = [table.name for table in tables.described() if table.group == tables.VIEW]
TABLES = [one for one in STATEMENTS if one.lstrip().startswith("CREATE TABLE")]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    migrate(opened, start=0)
    yield opened
    opened.close()


def name_of(statement: str) -> str:
    return statement.split()[2]


def test_every_table_and_view_says_what_a_row_is() -> None:
    found = tables.described()
    assert {one.name for one in found} >= {*map(name_of, TABLES), "v_status", "v_burndown"}
    assert [one.name for one in found if not one.meaning] == []


@pytest.mark.parametrize("table", tables.described(), ids=lambda table: table.name)
def test_every_column_says_what_it_holds(table: tables.Table) -> None:
    assert table.columns
    assert [one.name for one in table.columns if not re.search(r"\w", one.meaning)] == []


@pytest.mark.parametrize("table", tables.described(), ids=lambda table: table.name)
def test_every_key_names_the_column_it_refers_to(
    connection: sqlite3.Connection, table: tables.Table
) -> None:
    """Programs that follow keys need not guess which column is meant."""
    keys = connection.execute(f"PRAGMA foreign_key_list({table.name})").fetchall()
    assert [row[3] for row in keys if row[4] is None] == []


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    tables = sqlite_utils.Database(connection, execute_plugins=False).tables
    assert {table.name for table in tables} == {name_of(one) for one in TABLES}
    assert [table.name for table in tables if not table.strict] == []


def test_the_comments_are_in_the_database_too(connection: sqlite3.Connection) -> None:
    (schema,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'item'").fetchone()
    assert "-- between its brackets" in schema


# --- the views ------------------------------------------------------------------------------------

ROWS = """
    INSERT INTO worktree VALUES (1, '/top', 1, '', 1, NULL, x'', 0, 0, 0, 0, 0);
    INSERT INTO basis VALUES (1, 'basis');
    INSERT INTO tracked VALUES (1, 1, 'document');
    """
EACH = (
    """
    INSERT INTO revision
    VALUES (:n, 1, 'c' || :n, nullif(:n - 1, 0), :n - 1, :n, :n, 'Ada', 'Change the plan')
    """,
    "INSERT INTO line_revision VALUES (1, :n - 1, :n, :n)",
    "INSERT INTO document_version VALUES (:n, :n, 1, 'a.md', 'Title', 'blob', NULL, 1)",
    "INSERT INTO piece VALUES (:n, 1, 'item' || :n)",
    "INSERT INTO wording VALUES (:n, '', 'text ' || :n)",
    """
    INSERT INTO change (
        version, place, piece, kind, reason, wording_after, state_after,
        leaves_scope, leaves_done, leaves_dropped,
        milestones_scope, milestones_done, milestones_dropped
    )
    VALUES (:n, 0, :n, 'added', 'open', :n, 'todo', 1, 0, 0, 0, 0, 0)
    """,
    "INSERT INTO observation VALUES ('c' || :n, 'item' || :n, 'todo', :n)",
    """
    INSERT INTO day VALUES (
        1, 'leaves', date(:n * 86400, 'unixepoch'), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0
    )
    """,
    """
    INSERT INTO item VALUES (
        1, :n - 1, 1, 'item' || :n, nullif(:n - 1, 0) / 2, 0, 'task', 'todo', '', 'text', 'text',
        :n, ' ', 0, 0, '', '[]'
    )
    """,
)


def filled(connection: sqlite3.Connection, rows: int) -> None:
    """Put so many documents into a database; the first has as many items, each of a revision."""
    connection.executescript(ROWS)
    names = [row[1] for row in connection.execute("PRAGMA table_info(document)")]
    values = {"id": ":n", "worktree": "1", "path": "'a.md' || :n", "planned": "1"}
    fields = ", ".join(
        values.get(name, "NULL" if name == "duplicate_of" else "0") for name in names
    )
    insert_document = f"INSERT INTO document VALUES ({fields})"  # noqa: S608
    for statement in (insert_document, *EACH):
        connection.executemany(statement, [{"n": number + 1} for number in range(rows)])


def work(view: str, rows: int) -> int:
    """Count what SQLite has to do to read a whole view, in hundreds of its instructions."""
    done = 0

    def count() -> None:
        nonlocal done
        done += 1

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        migrate(opened, start=0)
        filled(opened, rows)
        opened.set_progress_handler(count, 100)
        found = opened.execute(f"SELECT * FROM {view}").fetchall()  # noqa: S608
        opened.set_progress_handler(None, 100)
    assert len(found) == rows
    return done


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_takes_work_in_proportion_to_its_rows(view: str) -> None:
    """Eight times the rows take eight times the work; if each looked at all others, 64 times."""
    assert work(view, 1600) < 10 * work(view, 200) + 10


def test_an_item_is_a_leaf_when_it_is_a_box_with_none_inside(
    connection: sqlite3.Connection,
) -> None:
    filled(connection, 6)
    connection.execute("UPDATE item SET parent = NULL")
    connection.execute("UPDATE item SET parent = 0 WHERE position IN (1, 3)")
    connection.execute("UPDATE item SET parent = 1 WHERE position = 2")
    connection.execute("UPDATE item SET mark = NULL WHERE position = 5")
    leaves = connection.execute("SELECT position FROM v_items WHERE leaf ORDER BY 1").fetchall()
    assert leaves == [(2,), (3,), (4,)]


# --- ours -----------------------------------------------------------------------------------------


def test_what_was_just_made_is_ours(connection: sqlite3.Connection) -> None:
    assert identify(connection, "plans.db") == VERSION


def test_statistics_of_sqlite_s_own_do_not_make_it_another_s(
    connection: sqlite3.Connection,
) -> None:
    connection.execute("ANALYZE")
    assert identify(connection, "plans.db") == VERSION


def test_a_migration_is_whole_or_not_at_all() -> None:
    other = sqlite3.connect(":memory:", isolation_level=None)
    other.execute("BEGIN")
    migrate(other, start=0)
    other.execute("ROLLBACK")
    assert other.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    assert other.execute("PRAGMA user_version").fetchone() == (0,)
    other.close()


# --- whose it is ----------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, str]] = {
    "a trigger": (
        "CREATE TRIGGER smuggled AFTER INSERT ON item BEGIN DELETE FROM item; END",
        "trigger smuggled",
    ),
    "a view": ("CREATE VIEW peek AS SELECT 1", "view peek"),
    "a table": ("CREATE TABLE more (a)", "table more"),
    "an index": ("CREATE INDEX quick ON item (text)", "index quick"),
}


@pytest.mark.parametrize(("script", "named"), REFUSED.values(), ids=REFUSED)
def test_what_somebody_added_is_refused_by_name(
    connection: sqlite3.Connection, script: str, named: str
) -> None:
    connection.executescript(script)
    with pytest.raises(DatabaseError, match=named):
        identify(connection, "plans.db")


def test_a_newer_format_asks_for_an_upgrade(connection: sqlite3.Connection) -> None:
    connection.executescript(f"CREATE TABLE future (a); PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(DatabaseError) as caught:
        identify(connection, "plans.db")
    assert caught.value.remedy == "upgrade plantrack"
    assert caught.value.exit_code == 5


def test_another_program_s_database_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    connection.executescript("CREATE TABLE theirs (a); PRAGMA application_id = 1234")
    with pytest.raises(DatabaseError, match="another program"):
        identify(connection, "plans.db")
    connection.close()


def test_a_database_without_any_id_is_refused() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE theirs (a)")
    with pytest.raises(DatabaseError, match="another program"):
        identify(connection, "plans.db")
    connection.close()


def _retype(connection: sqlite3.Connection) -> None:
    connection.executescript(
        """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = replace(sql, 'from 0', 'from 1') WHERE name = 'item';
        PRAGMA writable_schema = OFF;
        """
    )


DAMAGED: dict[str, Callable[[sqlite3.Connection], object]] = {
    "a table is gone": lambda one: one.execute("DROP TABLE mention"),
    "a table is not as it was made": _retype,
    "its version is none there ever was": lambda one: one.execute("PRAGMA user_version = 0"),
    "its version is negative": lambda one: one.execute("PRAGMA user_version = -7"),
    "only its id was overwritten": lambda one: one.execute("PRAGMA application_id = 7"),
}


@pytest.mark.parametrize("harm", DAMAGED.values(), ids=DAMAGED)
def test_ours_with_a_part_missing_is_damaged(
    connection: sqlite3.Connection, harm: Callable[[sqlite3.Connection], object]
) -> None:
    harm(connection)
    with pytest.raises(Damage):
        identify(connection, "plans.db")


def test_the_id_can_be_read_with_file(connection: sqlite3.Connection) -> None:
    assert APPLICATION_ID.to_bytes(4, "big") == b"PLTR"
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


# --- the library ----------------------------------------------------------------------------------


def test_an_sqlite_without_strict_tables_is_named() -> None:
    with pytest.raises(DatabaseError, match=r"SQLite 3\.36\.0 is too old.*3\.37\.0"):
        require_sqlite((3, 36, 0))


@pytest.mark.parametrize("version", [(3, 37, 0), (3, 40, 1), (4, 0, 0)])
def test_a_newer_sqlite_will_do(version: tuple[int, int, int]) -> None:
    require_sqlite(version)
