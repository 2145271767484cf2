from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

import pytest
import sqlite_utils

from plantrack.errors import DatabaseError
from plantrack.store.schema import (
    APPLICATION_ID,
    VERSION,
    identify,
    migrate,
    migrations,
    require_sqlite,
)
from plantrack.store.trouble import Damage

STATEMENTS = [statement for statements in migrations() for statement in statements]
TABLES = [one for one in STATEMENTS if one.lstrip().startswith("CREATE TABLE")]


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    migrate(opened, start=0)
    yield opened
    opened.close()


def name_of(statement: str) -> str:
    return statement.split()[2]


@pytest.mark.parametrize("statement", TABLES, ids=name_of)
def test_every_column_says_what_it_holds(statement: str) -> None:
    columns = re.findall(r"^ {12}(\w+) +(?:INTEGER|TEXT|BLOB)\b(.*)$", statement, re.MULTILINE)
    assert columns
    assert [name for name, rest in columns if not re.search(r"-- \S", rest)] == []


def test_every_table_is_strict(connection: sqlite3.Connection) -> None:
    tables = sqlite_utils.Database(connection, execute_plugins=False).tables
    assert {table.name for table in tables} == {name_of(one) for one in TABLES}
    assert [table.name for table in tables if not table.strict] == []


def test_the_comments_are_in_the_database_too(connection: sqlite3.Connection) -> None:
    (schema,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'item'").fetchone()
    assert "-- between its brackets" in schema


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
