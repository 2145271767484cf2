from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import SystemRandom

import pytest

from conftest import PROJECT_ROOT
from soak import command, page, parts
from soak.part import Asked, Part, Row, Verdict, ask, held, skipped

RUN = PROJECT_ROOT / "tests" / "soak" / "run.py"


def soak(*arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, str(RUN), *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False, timeout=100)


@pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
def test_a_short_soak_in_a_small_tree_loses_nothing() -> None:
    size = ["--files", "300", "--documents", "30", "--round", "0.7"]
    done = soak("--only", "watcher", "--seconds", "1.2", *size)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " 0 lost in " in done.stdout
    assert " 0 lost in 0 comparisons" not in done.stdout
    assert "... seed " in done.stderr


def test_the_parts_are_listed_and_fit_into_ten_minutes() -> None:
    there = parts.found()
    listed = soak("--list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == [one.name for one in there]
    assert len({one.name for one in there}) == len(there)
    assert command.seconds_of(there, command.JOBS) <= 600


# Shares of the whole. The other parts start many processes: see test_store_crowd.
SHORT_FORMS = {"damages": 0.03, "kills": 0.01, "rebuilds": 0.1, "refusals": 0.02}


@pytest.mark.no_cover  # whole commands, again and again
@pytest.mark.skipif(sys.platform != "linux", reason="tried on Linux only")
@pytest.mark.parametrize("name", SHORT_FORMS)
def test_the_short_form_of_a_part_keeps_its_promise(name: str, tmp_path: Path) -> None:
    (wanted,) = (one for one in parts.found() if one.name == name)
    seed = SystemRandom().randrange(1 << 32)
    rows = list(wanted.run(ask(wanted, tmp_path.resolve(), share=SHORT_FORMS[name], seed=seed)))
    broken = [row for row in rows if row.verdict is not Verdict.KEPT]
    assert rows
    assert [row for row in broken if row.verdict is not Verdict.SKIPPED] == [], f"seed {seed}"


def part(name: str, *rows: Row) -> Part:
    return Part(name, "R0", f"about {name}", 10.0, lambda _: rows)


def crash(asked: Asked) -> Iterator[Row]:
    yield held("R0", f"{asked.count(10)} times", "0 wrong")
    raise RuntimeError(asked.chance("a").random())


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "alone", lambda _: None)


def test_parts_in_lanes_are_told_in_their_order_whatever_becomes_of_them() -> None:
    """As a process of its own, which may fork."""
    script = (
        "import os\n"
        "from soak import command, parts\n"
        "from soak.part import Part, held\n"
        "kept = lambda asked: [held('R1', f'{os.getpid()} of {os.getppid()}', '0 wrong')]\n"
        "dies = lambda asked: os._exit(1)\n"
        "parts.found = lambda: (Part('one', 'R1', '', 1, kept),"
        " Part('two', 'R2', '', 9, dies), Part('three', 'R3', '', 2, kept, is_timed=True))\n"
        "command.main([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, text=True, check=True, timeout=100,
    )  # fmt: skip
    rows = [line.split() for line in done.stdout.splitlines()[2:5]]
    assert [(row[1], row[-1]) for row in rows] == [
        ("one", "kept"), ("two", "crashed"), ("three", "kept"),
    ]  # fmt: skip


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    there: list[Part] = []
    monkeypatch.setattr(parts, "found", lambda: tuple(there))
    return there


def test_what_was_promised_and_kept_is_a_row(
    found: list[Part], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    found += [
        part("one", held("R1", "20 times", "0 wrong")),
        part("two", skipped("R2", "no such thing here")),
    ]
    file = tmp_path / "soak.json"
    assert command.main(["--jobs", "1", "--seed", "7", "--json", str(file)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[:4]] == ["promise", "-------", "R1", "R2"]
    assert printed[2].endswith("kept")
    assert printed[3].endswith("skipped")
    assert printed[5].startswith("seed 7, 100% of the whole")
    written = json.loads(file.read_text())
    assert [row["verdict"] for row in written["rows"]] == ["kept", "skipped"]
    assert written["seed"] == 7


def test_what_was_broken_or_crashed_is_told_and_the_rest_is_done(
    found: list[Part], capsys: pytest.CaptureFixture[str]
) -> None:
    bad = held("R3", "20 times", "1 wrong", ["case 4: it is gone"])
    found += [Part("one", "R1 R2", "crashing", 10.0, crash), part("two", bad), part("three", bad)]
    assert (
        command.main(
            ["--jobs", "1", "--only", "one", "--only", "two", "--seconds", "10", "--seed", "1"]
        )
        == 1
    )
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[-1] for line in printed[2:5]] == ["kept", "crashed", "broken"]
    assert "5 times" in printed[2]
    assert printed[6].startswith("one: RuntimeError: 0.")
    assert printed[7] == "two: case 4: it is gone"
    capsys.readouterr()
    assert command.main(["--jobs", "1", "--only", "one", "--seed", "1"]) == 1
    assert printed[6] in capsys.readouterr().out  # chance is the same for the same seed


def test_a_folder_that_is_kept_is_emptied_unless_it_is_of_use(
    found: list[Part], tmp_path: Path
) -> None:
    seen: list[list[str]] = []

    def look(asked: Asked) -> list[Row]:
        seen.append([path.name for path in asked.folder.iterdir()])
        (asked.folder / "left").touch()
        return [Row("R0", "", "", Verdict.KEPT)]

    found += [Part("one", "R0", "", 1.0, look), Part("two", "R0", "", 1.0, look, reuses=True)]
    for _ in range(2):
        assert command.main(["--jobs", "1", "--keep", str(tmp_path)]) == 0
    assert seen == [[], [], [], ["left"]]


# --- a page ---------------------------------------------------------------------------------------


def test_figures_of_a_soak_are_put_into_a_page_in_the_order_of_the_promises() -> None:
    row = {"part": "a", "seconds": 1.0, "verdict": "kept", "notes": []}
    rows = [
        row | {"promise": "R10", "done": "ten times", "figure": "0 lost"},
        row | {"promise": "R4 R6", "done": "four times", "figure": "0 torn"},
    ]
    found = {"seed": 7, "share": 1.0, "seconds": 9.4, "rows": rows}
    found["machine"] = {"cores": 2, "load": 0.123, "entry": "/home/me/plantrack"}
    table = page.figures(found)
    assert table.splitlines()[2:] == [
        "| R4 R6 | four times | 0 torn | kept |",
        "| R10 | ten times | 0 lost | kept |",
        "",
        "Seed 7, 100% of the whole, in 9 s, on cores 2, load 0.1.",
    ]
    once = page.filled("# A\n<!-- soak -->\nold\n<!-- /soak -->\nend\n", table)
    assert once == f"# A\n<!-- soak -->\n{table}\n<!-- /soak -->\nend\n"
    assert page.filled(once, table) == once
    with pytest.raises(ValueError, match="soak"):
        page.filled("# A\n", table)


def test_the_page_of_promises_names_tests_that_are_there() -> None:
    text = (PROJECT_ROOT / "docs/reliability.md").read_text() + (
        PROJECT_ROOT / "SECURITY.md"
    ).read_text()
    named = set(re.findall(r"`(tests/\w+\.py)`", text))
    assert len(named) > 15
    assert not [name for name in named if not (PROJECT_ROOT / name).is_file()]
    promises, begin, figures = text.partition(page.BEGIN)
    every = [f"R{at}" for at in range(1, 16)]
    assert re.findall(r"^\| (R\d+) \|", promises, re.MULTILINE) == every
    assert begin
    assert list(dict.fromkeys(re.findall(r"^\| (R\d+) \|", figures, re.MULTILINE))) == every
