"""Many repositories' exports in one SQLite file of its own, meant to be opened with other tools."""

# Theory of operation
#
# 1. What a repository's branch exported replaces what it exported before, wholly: merging the same
#    files again changes nothing, and a newer export needs no care.
# 2. One merge is one transaction. A file that is no export stops it, and nothing is changed.
# 3. The file is marked as ours. One that is not is refused, whatever is in it.

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.export_rows import CHANGES, COLUMNS, DAYS
from plantrack.errors import DatabaseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.core.export_rows import Column

    Cell = str | int | None
    Numbered = tuple[int, bytes]  # a line, counted from 1

APPLICATION_ID = 0x504C544F  # "PLTO"
VERSION = 1
MAX_LINE_BYTES = 1 << 20

_BUSY_S = 10.0
_TABLES = {CHANGES: "change", DAYS: "day"}  # by schema
_ORIGIN = ("schema", "repository", "branch", "head")
_TYPES = {"text": str, "integer": int}
_REPOSITORY = """
    CREATE TABLE repository (
        id INTEGER PRIMARY KEY, -- of this file alone
        name TEXT NOT NULL, -- address of the origin without secrets, or the name it was given
        branch TEXT NOT NULL, -- that was read; '': none was checked out
        head TEXT, -- commit the newest merged export was read to; NULL outside git
        UNIQUE (name, branch)
    ) STRICT
    """
_VIEWS = (
    """
    CREATE VIEW v_repositories AS
    SELECT repository.name AS repository, branch, head,
        (SELECT count(*) FROM change WHERE change.repository = repository.id) AS changes,
        (SELECT min(day) FROM day WHERE day.repository = repository.id) AS first_day,
        (SELECT max(day) FROM day WHERE day.repository = repository.id) AS last_day,
        coalesce((SELECT sum(leaves_scope) FROM change WHERE change.repository = repository.id), 0)
            AS scope,
        coalesce((SELECT sum(leaves_done) FROM change WHERE change.repository = repository.id), 0)
            AS done,
        coalesce((SELECT sum(leaves_dropped) FROM change WHERE change.repository = repository.id),
            0) AS dropped
    FROM repository
    """,
    """
    CREATE VIEW v_changes AS
    SELECT repository.name AS repository, branch, head, {changes}
    FROM change JOIN repository ON repository.id = change.repository
    """,
    """
    CREATE VIEW v_days AS
    SELECT repository.name AS repository, branch, head, {days}
    FROM day JOIN repository ON repository.id = day.repository
    """,
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What one merge came to."""

    repositories: int  # in the file now
    changes: int  # merged just now
    days: int


def merge(files: Iterable[tuple[str, Iterable[bytes]]], target: str) -> Merged:
    """Put exports, each a name and its lines, into the SQLite file at `target`.

    Raises UsageError for a file that is no export, DatabaseError for a target that is not ours or
    cannot be written; nothing is changed then.
    """
    is_new = not os.path.lexists(target)
    try:
        with closing(sqlite3.connect(target, timeout=_BUSY_S, isolation_level=None)) as opened:
            _prepare(opened, target)
            return _merged(opened, files)
    except sqlite3.Error as error:
        raise DatabaseError(
            f"{target}: {error}: nothing was merged", "name another file, or make room"
        ) from error
    finally:
        if is_new and os.path.isfile(target) and not os.path.getsize(target):
            os.unlink(target)


def _prepare(opened: sqlite3.Connection, target: str) -> None:
    """Begin, and make the tables in a file that is new."""
    opened.execute("PRAGMA trusted_schema = OFF")
    opened.execute("BEGIN IMMEDIATE")
    (application,) = opened.execute("PRAGMA application_id").fetchone()
    (version,) = opened.execute("PRAGMA user_version").fetchone()
    (objects,) = opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if (application, version, objects) == (0, 0, 0):
        for statement in _schema():
            opened.execute(statement)
    elif application != APPLICATION_ID:
        message = f"{target} is no database of merged exports: nothing was merged"
        raise DatabaseError(message, "name a file that is not there yet, or one plantrack merged")
    elif version != VERSION:
        message = f"{target} was written by another version of plantrack: nothing was merged"
        raise DatabaseError(message, "upgrade plantrack, or merge into a new file")


def _schema() -> Iterator[str]:
    yield f"PRAGMA application_id = {APPLICATION_ID}"
    yield f"PRAGMA user_version = {VERSION}"
    yield _REPOSITORY
    for schema, table in _TABLES.items():
        columns = "\n".join(f"    {_declared(column)}" for column in _own(schema))
        yield (
            f"CREATE TABLE {table} (\n"
            "    repository INTEGER NOT NULL, -- where it happened: repository.id\n"
            f"{columns}\n"
            "    FOREIGN KEY (repository) REFERENCES repository (id)\n) STRICT"
        )
        yield f"CREATE INDEX {table}_by_repository ON {table} (repository)"
    names = {schema: ", ".join(_quoted(_own(schema))) for schema in _TABLES}
    for view in _VIEWS:
        yield view.format(changes=names[CHANGES], days=names[DAYS])


def _declared(column: Column) -> str:
    null = "" if column.optional else " NOT NULL"
    return f'"{column.name}" {column.kind.upper()}{null}, -- {column.meaning}'


def _own(schema: str) -> tuple[Column, ...]:
    """Give the columns that are not those of the repository."""
    return tuple(column for column in COLUMNS[schema] if column.name not in _ORIGIN)


def _quoted(columns: Sequence[Column]) -> list[str]:
    return [f'"{column.name}"' for column in columns]


# --- rows -----------------------------------------------------------------------------------------


def _merged(opened: sqlite3.Connection, files: Iterable[tuple[str, Iterable[bytes]]]) -> Merged:
    counts = dict.fromkeys(_TABLES, 0)
    statements = {schema: _insert(schema) for schema in _TABLES}
    for name, lines in files:
        replaced: set[tuple[int, str]] = set()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            schema, origin, row = _read(line, f"{name}:{number}")
            repository = _repository(opened, origin)
            if (repository, schema) not in replaced:
                replaced.add((repository, schema))
                opened.execute(
                    f"DELETE FROM {_TABLES[schema]} WHERE repository = ?",
                    (repository,),
                )
            opened.execute(statements[schema], (repository, *row))
            counts[schema] += 1
    (repositories,) = opened.execute("SELECT count(*) FROM repository").fetchone()
    opened.execute("COMMIT")
    return Merged(repositories, counts[CHANGES], counts[DAYS])


def _insert(schema: str) -> str:
    columns = _quoted(_own(schema))
    places = ", ".join("?" * (len(columns) + 1))
    return f"INSERT INTO {_TABLES[schema]} (repository, {', '.join(columns)}) VALUES ({places})"


def _repository(opened: sqlite3.Connection, origin: tuple[Cell, Cell, Cell]) -> int:
    name, branch, head = origin
    ((key,),) = opened.execute(
        """
        INSERT INTO repository (name, branch, head) VALUES (?, ?, ?)
        ON CONFLICT (name, branch) DO UPDATE SET head = excluded.head
        RETURNING id
        """,
        (name, branch or "", head),
    ).fetchall()
    return int(key)


def _read(line: bytes, place: str) -> tuple[str, tuple[Cell, Cell, Cell], list[Cell]]:
    """Check one line: its schema, where it comes from, and its own values."""
    remedy = "merge files that `plantrack export --format ndjson` wrote"
    if len(line) > MAX_LINE_BYTES:
        raise UsageError(f"{place}: a line of {len(line)} bytes is none of an export", remedy)
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place} is no line of JSON: nothing was merged", remedy) from error
    schema = found.get("schema") if isinstance(found, dict) else None
    if not isinstance(schema, str) or schema not in COLUMNS:
        said = f"says it is “{schema[:40]}”" if isinstance(schema, str) else "says no schema"
        raise UsageError(f"{place} is no row of an export: it {said}; nothing was merged", remedy)
    values = [_value(found, column, place) for column in COLUMNS[schema]]
    _, name, branch, head, *own = values
    return schema, (name, branch, head), own


def _value(found: dict[str, object], column: Column, place: str) -> Cell:
    value = found.get(column.name)
    if value is None and column.optional:
        return None
    if type(value) is not _TYPES[column.kind]:
        message = f"{place}: “{column.name}” is no {column.kind}: nothing was merged"
        raise UsageError(message, "export again with this version of plantrack")
    assert isinstance(value, str | int)
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if abs(value) >= 1 << 63:
        raise UsageError(f"{place}: “{column.name}” is too large", "export again")
    return value
