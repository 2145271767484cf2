"""What docs/tables.md says of the database: its schema described, and questions really asked."""

# Theory of operation
#
# 1. Names, types, keys and indexes are those of a database made just now; the words are the
#    comments that stand in its SQL.
# 2. The questions are asked of the memory of one small repository that is the same everywhere.

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import story
from plantrack.store.schema import migrate, migrations

PAGE = Path(__file__).resolve().parent.parent / "docs" / "tables.md"
VIEW, PRESENT, PAST, ROLLUP, OVERLAY = "view", "present", "past", "rollup", "overlay"
_ROLLUPS = ("line", "line_revision", "tip", "effect", "day", "document_day")
_OVERLAYS = ("overlay", "named", "sighting", "deed")

QUESTIONS = (
    (
        "Where is the most left to do, and what is next there?",
        """
        SELECT substr(path, 13) AS document, leaves_total - leaves_done AS open, next_line AS line,
            substr(next_text, 1, 40) AS next
        FROM v_status
        WHERE family IN ('draft', 'active')
        ORDER BY open DESC, path
        LIMIT 4
        """,
    ),
    (
        "Who finished how much in each month?",
        """
        SELECT substr(time, 1, 7) AS month, substr(author, 1, instr(author, ' <') - 1) AS who,
            sum(done) AS steps
        FROM v_changes
        WHERE change IN ('ticked', 'unticked')
        GROUP BY month, who
        ORDER BY month, steps DESC, who
        """,
    ),
    (
        "Which steps took longest, from being written down to being ticked?",
        """
        SELECT cast(julianday(ticked.time) - julianday(added.time) AS INTEGER) AS days,
            substr(ticked.path, 13) AS document, ticked.line_after AS line,
            substr(ticked.text_after, 1, 36) AS step
        FROM v_changes AS ticked JOIN v_changes AS added USING (worktree, item)
        WHERE added.change = 'added' AND ticked.change = 'ticked' AND ticked.kind = 'step'
        ORDER BY days DESC, document, line
        LIMIT 4
        """,
    ),
)
LABELS = {"worktree": "top", "document": "path", "revision": "subject", "document_version": "path"}
METADATA = {
    "databases": {
        "plans": {"tables": {name: {"label_column": one} for name, one in LABELS.items()}}
    }
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table or a view."""

    name: str
    type: str  # 'integer', 'text or null'; '' in a view
    refers_to: str  # table; '' where there is none
    is_key: bool
    meaning: str  # '' where the SQL says nothing


@dataclass(frozen=True, slots=True)
class Table:
    """One table or view."""

    name: str
    group: str
    meaning: str  # what a row is
    columns: tuple[Column, ...]
    indexes: tuple[str, ...]  # as they are asked for


def described() -> tuple[Table, ...]:
    """Describe every table and view, in the order they are made."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, start=0)
        return tuple(
            _table(made, name, sql, is_view=kind == "view")
            for kind, name, sql in made.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'view')"
            ).fetchall()
        )


def reference(group: str) -> str:
    """Write the tables of one group as Markdown: a section a table."""
    lines = [line for table in described() if table.group == group for line in _page(table)]
    return "\n".join(lines).rstrip("\n")


def questions() -> str:
    """Ask the questions; write each with its answer as the shell shows it."""
    lines = []
    with memory() as path, closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
        for words, sql in QUESTIONS:
            cursor = opened.execute(sql)
            names = [name for name, *_ in cursor.description]
            lines += [words, "", "```console", f'{SHELL} "{upright(sql)}"']
            lines += [*in_columns(names, cursor.fetchall()), "```", ""]
    return "\n".join(lines).rstrip("\n")


SHELL = '$ sqlite3 -readonly -column -header "$(plantrack db path)"'


def metadata() -> str:
    """Write what tells Datasette the label of a row."""
    return json.dumps(METADATA, indent=2)


@contextmanager
def memory() -> Iterator[Path]:
    """Give the database of a repository with ten weeks of history."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "slackwater"
        story.build(folder)
        kept = {name: text for name, text in os.environ.items() if not name.startswith("GIT_")}
        subprocess.run(
            [sys.executable, "-m", "plantrack", "sync"],
            cwd=folder,
            env=kept | {"TZ": "UTC"},
            check=True,
            capture_output=True,
        )
        yield folder / ".plan-history" / "plans.db"


def upright(sql: str) -> str:
    """Take the indentation of the code off a statement."""
    return re.sub(r"\n {8}", "\n    ", sql.rstrip())


def in_columns(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Lay rows out as the shell of SQLite does in its mode "column"."""
    cells = [list(names), *(["" if one is None else str(one) for one in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]


# --- from SQL -------------------------------------------------------------------------------------


def _table(made: sqlite3.Connection, name: str, sql: str, *, is_view: bool) -> Table:
    words = _words_of_view(sql) if is_view else _words_of_table(sql)
    keys = {row[3]: row[2] for row in made.execute(f"PRAGMA foreign_key_list({name})")}
    columns = tuple(
        Column(
            name=column,
            type="" if is_view else _type(declared, is_null=not (required or key)),
            refers_to=keys.get(column, ""),
            is_key=bool(key),
            meaning=words.get(column, ""),
        )
        for _, column, declared, required, _, key in made.execute(f"PRAGMA table_info({name})")
    )
    head = re.search(r"-- (.+)", sql.split("\n", 1)[0])
    return Table(
        name, _group(name, is_view=is_view), head[1] if head else "", columns, _indexes(made, name)
    )


def _group(name: str, *, is_view: bool) -> str:
    if is_view:
        return VIEW
    if name in _ROLLUPS:
        return ROLLUP
    if name in _OVERLAYS:
        return OVERLAY
    first, *_ = migrations()
    return PRESENT if any(one.split()[2] == name for one in first) else PAST


def _type(declared: str, *, is_null: bool) -> str:
    return declared.lower() + (" or null" if is_null else "")


def _words_of_table(sql: str) -> dict[str, str]:
    """Give the comment of each column; one may go on in the next line."""
    words: dict[str, str] = {}
    column = ""
    for line in sql.split("\n")[1:]:
        code, dashes, comment = line.partition("--")
        if found := re.match(r"\s*(\w+)\s+(?:INTEGER|TEXT|BLOB)\b", code):
            column = found[1]
        if dashes and column:
            words[column] = f"{words.get(column, '')} {comment.strip()}".strip()
        if re.match(r"\s*(?:PRIMARY KEY|UNIQUE) \(", code):
            column = ""
    return words


def _words_of_view(sql: str) -> dict[str, str]:
    found = re.findall(r"\bAS (\w+) *,? *-- (.+)$", sql, re.MULTILINE)
    return {name: comment.strip() for name, comment in found}


def _indexes(made: sqlite3.Connection, name: str) -> tuple[str, ...]:
    found = []
    for _, index, is_unique, origin, _ in made.execute(f"PRAGMA index_list({name})"):
        if origin == "pk":
            continue
        parts = [
            f"{column} descending" if is_descending else column
            for _, _, column, is_descending, _, is_key in made.execute(
                f"PRAGMA index_xinfo({index})"
            )
            if is_key
        ]
        words = f"({', '.join(parts)}){_condition(made, index)}"
        found.append(f"unique {words}" if is_unique else f"`{index}` {words}")
    return tuple(found)


def _condition(made: sqlite3.Connection, index: str) -> str:
    """Say which rows an index holds, where it does not hold all."""
    ((sql,),) = made.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchall()
    _, _, condition = (sql or "").partition("WHERE ")
    return f" where {condition.strip()}" if condition else ""


def _page(table: Table) -> list[str]:
    lines = [f"### `{table.name}`", "", f"A row is {table.meaning}.", ""]
    if table.group == VIEW:
        lines += ["| column | |", "|---|---|"]
        lines += [f"| `{one.name}` | {_cell(one.meaning)} |" for one in table.columns]
    else:
        lines += ["| column | type | |", "|---|---|---|"]
        lines += [
            f"| `{one.name}` | {_shown(one)} | {_cell(one.meaning)} |" for one in table.columns
        ]
    if table.indexes:
        lines += ["", f"Indexes: {'; '.join(table.indexes)}."]
    return [*lines, ""]


def _shown(column: Column) -> str:
    words = [column.type]
    if column.is_key:
        words.append("key")
    if column.refers_to:
        words.append(f"of [`{column.refers_to}`](#{column.refers_to})")
    return ", ".join(words)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
