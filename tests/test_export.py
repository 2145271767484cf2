from __future__ import annotations

import csv
import io
import json
import os
import pwd
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack.__main__ import main
from plantrack.core.export_rows import CHANGES, COLUMNS, DAYS, names

PLAN = """\
# Design: Quay

## Implementation Plan

- [ ] Dig
- [ ] Pour \x1b[31mred\x1b[0m
- [ ] =1+1
"""
GUIDE = (PROJECT_ROOT / "docs" / "export.md").read_text()


@pytest.fixture
def quay(make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch) -> Repo:
    repo = make_repo({"quay.md": PLAN}, {"quay.md": PLAN.replace("[ ] Dig", "[x] Dig")})
    repo.git("remote", "add", "origin", "https://ada:secret@example.org/harbour/quay.git")
    monkeypatch.chdir(repo.path)
    return repo


@pytest.fixture
def exported(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*words: str) -> str:
        capsys.readouterr()
        assert main(["export", *words]) == 0
        return capsys.readouterr().out

    return run


def parsed(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("quay")
@pytest.mark.parametrize(("what", "schema"), [("changes", CHANGES), ("days", DAYS)])
def test_every_row_has_the_columns_of_its_schema(
    what: str, schema: str, exported: Callable[..., str]
) -> None:
    rows = parsed(exported("--what", what))
    assert rows
    for row in rows:
        assert tuple(row) == names(schema)
        assert row["schema"] == schema
        for column in COLUMNS[schema]:
            kinds = {"text": str, "integer": int}[column.kind]
            assert isinstance(row[column.name], kinds) or (
                column.optional and row[column.name] is None
            )


def test_rows_say_where_they_come_from_without_secrets(
    quay: Repo, exported: Callable[..., str]
) -> None:
    first, *_ = parsed(exported())
    assert first["repository"] == "https://example.org/harbour/quay"
    assert (first["branch"], first["head"]) == ("main", quay.git("rev-parse", "HEAD").strip())
    assert "secret" not in exported()
    (named, *_) = parsed(exported("--repository", "quay"))
    assert named["repository"] == "quay"


def test_without_a_remote_the_folder_names_the_repository(
    quay: Repo, exported: Callable[..., str]
) -> None:
    quay.git("remote", "remove", "origin")
    assert parsed(exported())[0]["repository"] == "repo"


def test_two_clones_export_the_same_bytes(
    quay: Repo, tmp_path: Path, exported: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = [exported(), exported("--what", "days")]
    subprocess.run(["git", "clone", "--quiet", quay.path, tmp_path / "other"], check=True)
    monkeypatch.chdir(tmp_path / "other")
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    quay.git("-C", str(tmp_path / "other"), "remote", "set-url", "origin",
             "git://example.org/harbour/quay")  # fmt: skip
    there = [
        exported("--repository", "https://example.org/harbour/quay"),
        exported("--repository", "https://example.org/harbour/quay", "--what", "days"),
    ]
    assert there == here


def test_what_is_not_committed_is_not_exported(quay: Repo, exported: Callable[..., str]) -> None:
    before = exported(), exported("--what", "days")
    quay.write({"quay.md": PLAN.replace("[ ]", "[x]"), "new.md": PLAN})
    assert (exported(), exported("--what", "days")) == before


@pytest.mark.usefixtures("quay")
def test_changes_add_up_to_the_last_day(exported: Callable[..., str]) -> None:
    changes = parsed(exported())
    days = parsed(exported("--what", "days"))
    for unit in ("leaves", "milestones"):
        of_unit = [day for day in days if day["unit"] == unit]
        if not of_unit:
            continue
        for level in ("scope", "done", "dropped"):
            assert sum(row[f"{unit}_{level}"] for row in changes) == of_unit[-1][level]


@pytest.mark.usefixtures("quay")
def test_csv_has_a_head_and_is_harmless(exported: Callable[..., str]) -> None:
    text = exported("--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == names(CHANGES)
    assert "\x1b" not in text
    assert "'=1+1" in {row["text_after"] for row in rows}


def test_an_export_of_nothing_says_so(
    make_repo: Callable[..., Repo], capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repo({"README.md": "# Quay\n"})
    assert main(["-C", str(repo.path), "export"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (
        "", "plantrack: no history yet: there is nothing to export\n"
    )  # fmt: skip


@pytest.mark.usefixtures("quay")
def test_ndjson_is_ascii(exported: Callable[..., str]) -> None:
    assert exported().replace("\n", "").isprintable()
    assert exported().isascii()


@pytest.mark.usefixtures("quay")
def test_an_export_goes_into_a_file_and_into_no_folder(
    tmp_path: Path, exported: Callable[..., str]
) -> None:
    target = tmp_path / "rows.ndjson"
    assert exported("-o", str(target)) == ""
    assert target.read_text() == exported()
    assert main(["export", "-o", str(tmp_path)]) == 4


def test_days_are_those_of_the_configured_time_zone(
    quay: Repo, exported: Callable[..., str]
) -> None:
    before = [row["day"] for row in parsed(exported("--what", "days"))]
    quay.write({"plantrack.toml": 'timezone = "Pacific/Kiritimati"\n'})  # 14 hours ahead of UTC
    after = [row["day"] for row in parsed(exported("--what", "days"))]
    assert [
        (date.fromisoformat(b) - date.fromisoformat(a)).days
        for a, b in zip(before, after, strict=True)
    ] == [1] * len(after)


def test_a_clock_that_is_wrong_by_millennia_costs_no_row(
    quay: Repo, exported: Callable[..., str]
) -> None:
    quay.write({"quay.md": PLAN.replace("[ ]", "[x]")})
    quay.git("add", "--all")
    tree = quay.git("write-tree").strip()
    person = "Ada Example <ada@example.org> 99999999999999 +0000"
    head = quay.git("rev-parse", "HEAD").strip()
    text = f"tree {tree}\nparent {head}\nauthor {person}\ncommitter {person}\n\nFar ahead\n"
    (quay.path / ".git" / "commit").write_text(text)
    name = quay.git("hash-object", "-t", "commit", "-w", "--literally", ".git/commit").strip()
    quay.git("update-ref", "refs/heads/main", name)
    assert len(parsed(exported("--what", "days"))) == 3
    assert main(["burndown", "--tz", "Pacific/Kiritimati"]) == 0
    assert main(["burndown"]) == 0
    assert main(["forecast"]) == 0
    assert main(["log"]) == 0


# --- many repositories ----------------------------------------------------------------------------


@pytest.fixture
def files(quay: Repo, tmp_path: Path, exported: Callable[..., str]) -> Path:
    """Export two repositories into the folder that is returned, and enter it."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("quay", "pier"):
        for what in ("changes", "days"):
            exported("--repository", name, "--what", what, "-o", str(folder / f"{name}-{what}"))
    os.chdir(folder)
    assert quay.path.is_dir()
    return folder


def merge(*words: str) -> int:
    return main(["merge", *words])


def asked(path: Path, question: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as opened:
        return opened.execute(question).fetchall()


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as opened:
        return list(opened.iterdump())


def test_many_repositories_become_one_file(files: Path) -> None:
    assert merge(*sorted(path.name for path in files.iterdir()), "-o", "org.db") == 0
    found = asked(
        files / "org.db", "SELECT repository, branch, changes, scope, done FROM v_repositories"
    )
    assert sorted(found) == [("pier", "main", 4, 3, 1), ("quay", "main", 4, 3, 1)]
    ((days,),) = asked(files / "org.db", "SELECT count(*) FROM v_days WHERE unit = 'leaves'")
    assert days == 4


def test_merging_again_changes_nothing(files: Path) -> None:
    names_ = sorted(path.name for path in files.iterdir())
    merge(*names_)
    once = dump(files / "org.db")
    merge(*names_)
    merge("quay-changes", "quay-changes")
    assert sorted(dump(files / "org.db")) == sorted(once)


def test_a_newer_export_replaces_the_older_one(
    quay: Repo, files: Path, exported: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    merge(*sorted(path.name for path in files.iterdir()))
    monkeypatch.chdir(quay.path)
    quay.commit({"quay.md": PLAN.replace("[ ]", "[x]")})
    exported("--repository", "quay", "-o", str(files / "quay-changes"))
    monkeypatch.chdir(files)
    merge("quay-changes")
    found = dict(asked(files / "org.db", "SELECT repository, done FROM v_repositories"))
    assert found == {"quay": 3, "pier": 1}


def test_every_column_of_the_merged_file_says_what_it_holds(files: Path) -> None:
    merge("quay-changes")
    for (schema,) in asked(files / "org.db", "SELECT sql FROM sqlite_master WHERE type = 'table'"):
        columns = [line for line in schema.splitlines() if re.search(r" (TEXT|INTEGER)\b", line)]
        assert columns
        assert all(" -- " in line for line in columns)
        assert schema.rstrip().endswith("STRICT")


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "7",
        "{}",
        '{"schema": "other/1"}',
        '{"schema": "plantrack.change/9"}',
        '{"schema": 7}',
        '{"schema": "plantrack.day/1", "repository": "x"}',
        "[" * 100_000,
        "x" * (1 << 21),
    ],
    ids=lambda line: line[:40],
)
def test_a_foreign_line_stops_the_merge_and_changes_nothing(
    line: str, files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    merge("quay-changes")
    before = dump(files / "org.db")
    (files / "foreign").write_text(f"{(files / 'pier-changes').read_text()}{line}\n")
    assert merge("foreign") == 2
    assert dump(files / "org.db") == before
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_failed_merge_leaves_no_new_file(files: Path) -> None:
    (files / "foreign").write_text("{}\n")
    assert merge("foreign", "-o", "new.db") == 2
    assert not (files / "new.db").exists()


def test_a_value_of_another_type_is_refused(files: Path) -> None:
    row = json.loads((files / "quay-changes").read_text().splitlines()[0])
    for value in (None, "7", 1.5, True, 1 << 70):
        (files / "odd").write_text(json.dumps(row | {"place": value}))
        assert merge("odd") == 2


def test_another_s_file_is_refused_and_kept(files: Path) -> None:
    with closing(sqlite3.connect(files / "theirs.db")) as opened:
        opened.execute("CREATE TABLE theirs (a)")
    before = (files / "theirs.db").read_bytes()
    assert merge("quay-changes", "-o", "theirs.db") == 5
    assert (files / "theirs.db").read_bytes() == before
    (files / "text").write_text("no database, but long enough to look like one\n" * 100)
    assert merge("quay-changes", "-o", "text") == 5


def test_a_file_of_another_version_is_refused(files: Path) -> None:
    merge("quay-changes")
    with closing(sqlite3.connect(files / "org.db")) as opened:
        opened.execute("PRAGMA user_version = 99")
    assert merge("quay-changes") == 5


@pytest.mark.parametrize(("name", "code"), [("missing", 1), (".", 2)])
def test_what_is_no_file_is_named(name: str, code: int, files: Path) -> None:
    assert files.is_dir()
    assert merge(name) == code


def test_a_folder_is_no_target(files: Path) -> None:
    (files / "folder").mkdir()
    assert merge("quay-changes", "-o", "folder") == 4


# --- the guide ------------------------------------------------------------------------------------


def test_the_guide_names_every_column() -> None:
    for schema, columns in COLUMNS.items():
        part = GUIDE.partition(f"## `{schema}`")[2].partition("\n## ")[0]
        told = re.findall(r"^\| `(\w+)` \| (\w+(?: or null)?) \| (.*) \|$", part, re.MULTILINE)
        assert told == [
            (one.name, one.kind + " or null" * one.optional, one.meaning) for one in columns
        ]


def recipe(name: str) -> str:
    found = re.search(rf"```sql\n-- recipe: {name}\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def rows(quay: Repo, exported: Callable[..., str]) -> Path:
    """Export into the files the recipes read."""
    exported("-o", "changes.ndjson")
    exported("--what", "days", "-o", "days.ndjson")
    return quay.path


@pytest.mark.usefixtures("rows")
def test_the_recipe_for_duckdb_works() -> None:
    with closing(duckdb.connect()) as opened:
        answers = [
            opened.execute(statement).fetchall()
            for statement in recipe("duckdb").split(";")
            if statement.strip()
        ]
        assert opened.execute("SELECT count(*) FROM changes").fetchone() == (4,)
    weeks, took = answers[2:]
    assert [row[2] for row in weeks] == [1]
    assert took == [(1.0,)]


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start PostgreSQL in a folder of its own, heard on a socket there; give its psql."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs or not shutil.which("psql"):
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    folder = Path(os.path.realpath(tmp_path)) / "pg"
    folder.mkdir()
    account = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, account)
        for above in (folder, *folder.parents):
            if above.stat().st_uid == 0 and not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)

    def run(program: str, *words: str) -> str:
        command = [f"{programs[-1]}/{program}", *words]
        done = subprocess.run(
            command,
            cwd=folder,
            user=account if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        said = folder / "log"
        assert done.returncode == 0, done.stderr + (said.read_text() if said.exists() else "")
        return done.stdout

    run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", "-D", "data")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run("pg_ctl", "-w", "-D", "data", "-l", "log", "-o", options, "start")
    try:
        yield lambda *words: run("psql", "-h", str(folder), "-d", "postgres", *words)
    finally:
        run("pg_ctl", "-D", "data", "-m", "immediate", "stop")


def test_the_recipe_for_postgresql_works(rows: Path, postgres: Callable[..., str]) -> None:
    script = recipe("postgresql")
    for name in ("changes.ndjson", "days.ndjson"):
        text = (rows / name).read_text()
        (rows.parent / "pg" / name).write_text(text)
    (rows.parent / "pg" / "recipe.sql").write_text(script)
    shown = postgres("-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-f", "recipe.sql")
    assert shown.splitlines() == ["https://example.org/harbour/quay|2025-12-29|1"]
    assert postgres("-X", "-qAtc", "SELECT count(*) FROM changes").strip() == "4"
