from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import acting
import every_command
from conftest import Repo
from view_samples import PAYLOADS

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

ABOUT_ONE = (
    ["status"],
    ["status", "--json"],
    ["next", "-v"],
    ["explain"],
    ["log", "--json"],
    ["blame", "-v"],
)
SHORT = 120  # characters of a payload, where there are all of them


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    top = tmp_path_factory.mktemp("acting") / "repo"
    return top, acting.build(top, most=SHORT)


@pytest.fixture
def paths(
    _built: tuple[Path, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[dict[str, str]]:
    """Enter the repository in which each payload has a document; give their paths by name."""
    top, found = _built
    monkeypatch.chdir(top)
    yield found
    for name in ("changes.ndjson", "out.file"):
        (top / name).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def _honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("honest") / "repo"
    acting.build(top, {"honest": "honest"})
    return top


@pytest.fixture
def honest(_honest: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Enter a repository that means well."""
    monkeypatch.chdir(_honest)
    return _honest


def assert_harmless(words: list[str], mode: str = "pipe") -> acting.Shown:
    """Run a command; nothing of a payload's acts, and nothing is a mistake of ours."""
    shown = acting.run(words, terminal=mode != "pipe")
    assert shown.code in acting.CODES, (words, shown)
    assert acting.acted(shown, mode, words) == set(), (mode, words)
    return shown


@pytest.mark.parametrize("mode", acting.MODES)
def test_nothing_a_repository_says_acts_on_a_screen(
    mode: str, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in acting.MODES[mode].items():
        monkeypatch.setenv(variable, value)
    assert_harmless(["export", "-o", "changes.ndjson"], mode)
    documents = list(paths.values())
    start = list(acting.MODES).index(mode) * len(documents) // len(acting.MODES)
    is_all = mode == "tty"
    for at, command in enumerate(every_command.commands()):
        values = acting.values_for(documents[(start + at) % len(documents)])
        for words in command.lines(values) if is_all else [command.plain(values)]:
            assert_harmless(words, mode)
    if is_all:
        written = Path("out.file").read_text()
        assert all(char.isprintable() or char == "\n" for char in written)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_document_acts_on_a_screen(
    name: str, paths: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, value in acting.MODES["tty"].items():
        monkeypatch.setenv(variable, value)
    for words in ABOUT_ONE:
        assert assert_harmless([*words, paths[name]], "tty").code == 0


def test_a_document_that_writes_like_our_own_markup_is_shown_as_it_is(
    paths: dict[str, str],
) -> None:
    shown = assert_harmless(["status", paths["rich markup"], "-v"])
    assert PAYLOADS["rich markup"] in shown.out


@pytest.mark.usefixtures("honest")
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_argument_acts_on_a_screen(name: str) -> None:
    """Each place that takes a text is tried with every third payload."""
    argument = acting.from_outside(PAYLOADS[name])[:SHORT]
    which = list(PAYLOADS).index(name) % 3
    for words in (
        [argument],
        [f"--{argument}"],
        ["next", "--limit", argument],
        ["next", "--order", argument],
        ["-C", argument, "next"],
        ["-C", argument, "explain", "x"],
        *every_command.lines_with(argument)[which::3],
    ):
        shown = assert_harmless(words)
        assert shown.code in {0, 4} or shown.err.count("\n") == 2, (words, shown)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_configuration_acts_on_a_screen(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plan.md").write_bytes(acting.plan("honest"))
    monkeypatch.chdir(tmp_path)
    for text in acting.configurations(PAYLOADS[name]):
        (tmp_path / "plantrack.toml").write_text(text + "\n", encoding="utf-8")
        shown = assert_harmless(["next"])
        assert shown.code in {0, 2, 5}, (text, shown)


def test_a_name_that_is_no_text_survives_json(
    make_repo: Callable[..., Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repo()
    repo.write({"docs/caf\udce9.md": acting.plan("honest")})
    monkeypatch.chdir(repo.path)
    shown = acting.run(["next", "--json"])
    found = json.loads(shown.out)["next"]["path"]
    assert os.fsencode(found) == b"docs/caf\xe9.md"
    assert (repo.path / found).is_file()
