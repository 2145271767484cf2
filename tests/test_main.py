from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from conftest import PROJECT_ROOT, Repo
from plantrack import __main__, cli
from plantrack.__main__ import main
from plantrack.repo.files import settled, stamp_of

PLAN = "# Berths\n\n## Implementation Plan\n\n- [x] Milestone 1: Grid\n- [ ] Milestone 2: Drag\n"
QUICK = (
    ["next"],
    ["status"],
    ["next", "--json"],
    ["status", "--json"],
    ["next", "--all"],
    ["status", "-a"],
    ["status", "-v"],
    ["next", "--verbose"],
    ["next", "-a", "--json", "-v"],
)
PLAIN = (
    ["--version"],
    ["blame", "0003"],
    ["blame", "0003", "--json"],
    ["burndown"],
    ["burndown", "0001", "0003", "-v"],
    ["diff"],
    ["diff", "--all", "--json"],
    ["explain", "0003"],
    ["explain", "--json", "0003"],
    ["forecast"],
    ["forecast", "--json", "0001"],
    ["log"],
    ["log", "-v", "0001"],
    ["next", "0001"],
    ["next", "0001", "--json", "-a"],
    ["status", "0001"],
    ["status", "0001", "0003", "--json"],
    ["sync"],
    ["sync", "--json", "--rebuild"],
)
SCREENS: dict[str, dict[str, str] | None] = {
    "pipe": None,
    "pipe with colour": {"FORCE_COLOR": "1"},
    **{f"{cells} cells": {"COLUMNS": str(cells)} for cells in (60, 80, 120, 200)},
    "NO_COLOR": {"NO_COLOR": "1"},
    "dumb": {"TERM": "dumb"},
    "C locale": {"LC_ALL": "C"},
}
HEAVY = {
    "argparse",
    "asyncio",
    "click",
    "email",
    "importlib.metadata",
    "mistune",
    "numpy",
    "pandas",
    "pydantic",
    "sqlite_utils",
    "subprocess",
    "typer",
    "unittest",
    "urllib.request",
}


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the sample documents, in every state of a plan."""
    folder = tmp_path_factory.mktemp("samples") / "repo"
    shutil.copytree(PROJECT_ROOT / "sample_docs", folder)
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A"], cwd=folder, check=True)
    subprocess.run(["git", *identity, "commit", "-q", "-m", "Plans"], cwd=folder, check=True)
    return folder


class Stdout(TextIOWrapper):
    """A stdout that may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Return `printed(way, words, terminal=True)`: the bytes that one way in prints."""

    def run(way: Callable[[list[str]], int], words: list[str], *, terminal: bool) -> bytes:
        buffer = BytesIO()
        stdout = Stdout(buffer, encoding="utf-8")
        stdout.terminal = terminal
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", stdout)
            assert way(words) == 0
            stdout.flush()
        return buffer.getvalue()

    return run


# --- the two ways in ------------------------------------------------------------------------------


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_both_ways_print_the_same_bytes(
    words: list[str],
    screen: str,
    samples: Path,
    printed: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    settings = SCREENS[screen]
    for name, value in (settings or {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(samples)
    terminal = not screen.startswith("pipe")
    quick = printed(main, words, terminal=terminal)
    with monkeypatch.context() as patched:
        patched.setattr("plantrack.__main__._plain", lambda _: None)
        slow = printed(main, words, terminal=terminal)
    assert quick == slow
    assert len(quick) > 200


@pytest.mark.no_cover  # the lines of the test above
@pytest.mark.parametrize("words", PLAIN, ids=" ".join)
def test_both_ways_do_the_same(
    words: list[str],
    samples: Path,
    printed: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(samples)
    quick = printed(main, words, terminal=False)
    slow = printed(cli.main, words, terminal=False)
    assert untimed(quick) == untimed(slow)
    assert quick


def untimed(shown: bytes) -> bytes:
    """Leave out how long something took."""
    return re.sub(rb'[0-9]+ ms|"milliseconds": *[0-9]+', b"", shown)


@pytest.mark.parametrize("words", [*QUICK, *PLAIN], ids=" ".join)
def test_a_plain_question_never_meets_the_parser(
    words: list[str], samples: Path, printed: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def met(_: object) -> int:
        raise AssertionError

    monkeypatch.setattr(cli, "main", met)
    folder = [] if words == ["--version"] else ["-C", str(samples)]
    assert printed(main, [*folder, *words], terminal=False)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["-C", "x", "--version"],
        ["--version", "next"],
        ["next", "0001", "0003"],
        ["next", ""],
        ["next", "--rebuild"],
        ["explain"],
        ["diff", "main"],
        ["status", "0001", "0001"],
        ["burndown", "--csv"],
        ["log", "--limit", "1"],
        ["db", "path"],
        ["watch"],
        ["next", "--json", "--json"],
        ["next", "--limit", "1"],
        ["--debug", "next"],
        ["-v", "next"],
        ["-C"],
        ["-C", "x"],
        ["-C", "x", "-C", "y", "next"],
        ["-Cx", "next"],
        ["status", "--", "next"],
        ["status", "-av"],
    ],
    ids=" ".join,
)
def test_anything_else_is_left_to_the_parser(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[list[str]] = []

    def meet(arguments: list[str]) -> int:
        met.append(arguments)
        return 42

    monkeypatch.setattr(cli, "main", meet)
    assert main(words) == 42
    assert met == [words]


def test_both_ways_fail_alike(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "plantrack.toml").write_text("broken = [")
    for folder in (str(tmp_path), str(tmp_path / "missing")):
        words = ["-C", folder, "next"]
        codes = main(words), cli.main(words)
        first, second, third, fourth = capsys.readouterr().err.splitlines()
        assert codes[0] == codes[1] != 0
        assert (first, second) == (third, fourth)


def test_the_arguments_of_the_process_are_the_usual_ones(
    samples: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["plantrack", "-C", str(samples), "next", "--json"])
    assert main() == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "plantrack.next/1"


# --- processes ------------------------------------------------------------------------------------


def installed() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "plantrack"]
    script = Path(sys.executable).with_name("plantrack")
    if script.exists():
        yield [str(script)]


@pytest.mark.parametrize("words", [["next"], ["status", "--json"], ["explain", "0003"], ["nope"]])
def test_the_module_and_the_script_are_the_same(words: list[str], samples: Path) -> None:
    runs = [
        subprocess.run([*way, *words], cwd=samples, capture_output=True, check=False)
        for way in installed()
    ]
    assert len({(run.returncode, run.stdout, run.stderr) for run in runs}) == 1
    assert runs[0].returncode == (2 if words == ["nope"] else 0)


def rest(folder: Path) -> None:
    """Wait until the stamps of everything in a folder can be trusted."""
    places = [folder, *folder.rglob("*")]
    while any(not is_at_rest(place) for place in places if ".git" not in place.parts):
        time.sleep(0.02)


def is_at_rest(place: Path) -> bool:
    stamp = stamp_of(place.lstat())
    return settled(stamp, time.time_ns()) == stamp  # noqa: TID251 - as the command will see it


def modules_of(folder: Path, *words: str) -> set[str]:
    """Name the modules a warm command has imported.

    Files written a moment ago are read again, rightly: a fast machine would see that as heavy.
    """
    code = (
        "import sys; from plantrack.__main__ import main; main(sys.argv[1:]);"
        " print(*sys.modules, file=sys.stderr)"
    )
    for _ in range(2):
        rest(folder)
        said = said_by(folder, code, *words)
    return said


def said_by(folder: Path, code: str, *words: str) -> set[str]:
    """Run code in a process that is not watched; give the words it says on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "COV" not in name},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("words", [["next"], ["status"], ["next", "--json"]], ids=" ".join)
def test_a_warm_plain_question_imports_nothing_heavy(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    repo = make_repo({"docs/0001.md": PLAN, "docs/0002.md": PLAN.replace("Drag", "Zoom — now")})
    imported = modules_of(repo.path, *words)
    assert "plantrack.views" in imported
    assert imported & {*HEAVY, "rich"} == set()


def test_a_table_on_a_terminal_imports_no_more_than_one_for_a_pipe(
    samples: Path, printed: Callable[..., bytes]
) -> None:
    """It is laid out here."""
    code = (
        "import sys; from plantrack import console; console._is_terminal = lambda _: True;"
        " from plantrack.__main__ import main; main(['status']);"
        " print(*sys.modules, file=sys.stderr)"
    )
    printed(main, ["-C", str(samples), "status"], terminal=False)
    rest(samples)
    imported = said_by(samples, code)
    assert "plantrack.render.terminal" in imported
    assert imported & {*HEAVY, "rich"} == set()


@pytest.mark.parametrize("words", [["next"], ["status"], ["next", "--json"]], ids=" ".join)
def test_a_warm_plain_question_imports_no_more_of_python_than_it_needs(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    """What the few modules bring along differs between Pythons, and is not ours."""
    repo = make_repo({"docs/0001.md": PLAN, "docs/0002.md": PLAN.replace("Drag", "Zoom — now")})
    needed = ["__future__", "_datetime", "_sqlite3", "errno", "gc", "unicodedata", "zlib"]
    needed += ["datetime", "json"] if "--json" in words else []
    code = f"import sys, {', '.join(needed)}; print(*sys.modules, file=sys.stderr)"
    imported = modules_of(repo.path, *words)
    others = {name for name in imported if name.partition(".")[0] != "plantrack"}
    assert others - said_by(repo.path, code) == set()


def test_a_command_is_found_without_what_any_one_of_them_needs() -> None:
    code = "import sys; from plantrack import cli; print(*sys.modules)"
    environment = {name: value for name, value in os.environ.items() if "COV" not in name}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    ours = {name for name in done.stdout.split() if name.partition(".")[0] == "plantrack"}
    assert ours == {
        "plantrack",
        "plantrack.arguments",
        "plantrack.cli",
        "plantrack.cli_agents",
        "plantrack.cli_check",
        "plantrack.cli_doctor",
        "plantrack.cli_edit",
        "plantrack.cli_past",
        "plantrack.cli_watch",
        "plantrack.commands",
        "plantrack.console",
        "plantrack.core",
        "plantrack.core.clean",
        "plantrack.errors",
        "plantrack.render",
        "plantrack.render.screen",
    }


@pytest.mark.parametrize("words", [["explain", "0001"], ["status", "0001"], ["next", "0001"]])
def test_no_command_imports_what_other_packages_bring_along(
    words: list[str], make_repo: Callable[..., Repo]
) -> None:
    imported = modules_of(make_repo({"docs/0001.md": PLAN}).path, *words)
    assert imported & {"pydantic", "numpy", "pandas", "rich"} == set()


# --- the end --------------------------------------------------------------------------------------


def ended(folder: Path, before: str, *words: str) -> list[str]:
    """Run a command as its process does, after some code; give what was told after the answer."""
    code = (
        f"import sys; sys.argv = ['plantrack', *sys.argv[1:]]; {before};"
        " from plantrack.__main__ import main; code = main(); print('told', code, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if "COV" not in name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Milestone 2" in done.stdout
    return done.stderr.splitlines()


def test_a_process_whose_end_nothing_waits_for_ends_with_its_answer(
    make_repo: Callable[..., Repo],
) -> None:
    folder = make_repo({"docs/0001.md": PLAN}).path
    ended(folder, "pass", "next")
    assert ended(folder, "pass", "next") == []


_LAST = "(t.main_thread().join(), print('end', file=sys.stderr))"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        ("import atexit; atexit.register(print, 'end', file=sys.stderr)", ["told 0", "end"]),
        ("sys.setprofile(lambda *_: None)", ["told 0"]),
        (
            f"import threading as t; t.Thread(target=lambda: {_LAST}).start()",
            ["told 0", "end"],
        ),
    ],
    ids=["a callback", "a profiler", "a thread"],
)
def test_what_waits_for_the_end_of_a_process_is_told(
    before: str, told: list[str], make_repo: Callable[..., Repo]
) -> None:
    assert ended(make_repo({"docs/0001.md": PLAN}).path, before, "next") == told


def test_an_end_that_cannot_be_written_is_left_to_the_interpreter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("atexit._ncallbacks", lambda: 0)
    monkeypatch.setattr("sys._current_frames", dict)
    monkeypatch.setattr("sys.gettrace", lambda: None)
    monkeypatch.setattr("sys.stdout", None)
    __main__.end(3)  # comes back
