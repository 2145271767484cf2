from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import tables
from plantrack.store.schema import migrate

PAGE = tables.PAGE.read_text("utf-8")


@pytest.fixture(scope="module")
def path() -> Iterator[Path]:
    """Give the database that the page asks."""
    with tables.memory() as found:
        yield found


def test_the_page_names_every_table_view_column_and_index() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, start=0)
        objects = made.execute(
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'"
        ).fetchall()
        sections = dict(
            re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
        )
        assert {name for kind, name in objects if kind != "index"} == sections.keys()
        for name, text in sections.items():
            columns = [row[1] for row in made.execute(f"PRAGMA table_info({name})")]
            assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == columns
        for kind, name in objects:
            assert kind != "index" or f"`{name}` (" in PAGE


def test_the_questions_are_answered_as_the_shell_of_sqlite_does(path: Path) -> None:
    """The page was made without it. How it aligns its columns depends on its version."""
    shell = shutil.which("sqlite3")
    if shell is None:
        pytest.skip("there is no shell of SQLite here")
    asked = re.findall(
        r'^\$ sqlite3 (-readonly .*?) "\$\(plantrack db path\)" "(.*?)"\n(.*?)\n```$',
        PAGE,
        re.MULTILINE | re.DOTALL,
    )
    assert len(asked) == len(tables.QUESTIONS) >= 3
    for options, sql, told in asked:
        done = subprocess.run(
            [shell, *options.split(), path, sql], capture_output=True, text=True, check=True
        )
        assert cells(done.stdout) == cells(told)


def cells(text: str) -> list[list[str]]:
    return [re.split(r" {2,}", line.strip()) for line in text.splitlines()]


def test_the_recipe_that_attaches_the_database_only_reads_it(path: Path, tmp_path: Path) -> None:
    (recipe,) = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    before = path.read_bytes()
    recipe = recipe.replace(".plan-history/plans.db", path.as_posix())
    with closing(sqlite3.connect(f"file:{tmp_path / 'own.db'}", uri=True)) as own:
        own.executescript(recipe)
        ((count,),) = own.execute("SELECT count(*) FROM may").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            own.execute("DELETE FROM plantrack.item")
    assert count > 0
    assert path.read_bytes() == before
