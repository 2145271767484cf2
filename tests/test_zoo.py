"""Every command among files that are none: none waits, none reads or writes what is outside."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import acting
import every_command
import zoo
from conftest import Repo

# What these run, other tests have covered.
pytestmark = pytest.mark.no_cover

_heard: list[list[str]] = []  # to each list in it, what is opened is added


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if _heard and event in ("open", "os.listdir", "os.scandir", "sqlite3.connect"):
        for heard in _heard:
            heard.append(os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else "")


sys.addaudithook(_hear)  # it stays for as long as Python runs


@contextmanager
def opened() -> Iterator[list[str]]:
    """Note what Python opens meanwhile."""
    found: list[str] = []
    _heard.append(found)
    try:
        yield found
    finally:
        _heard.remove(found)


@pytest.fixture
def away(tmp_path: Path) -> Path:
    return zoo.outside(tmp_path / "away")


@pytest.fixture
def top(
    make_repo: Callable[..., Repo], away: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A repository with every animal, entered."""
    repo = make_repo({"docs/old.md": zoo.PLAN}, {"docs/old.md": zoo.PLAN + "- [ ] c\n"})
    zoo.populate(repo.path, away)
    monkeypatch.chdir(repo.path)
    yield repo.path
    zoo.release(repo.path)


def test_every_command_leaves_the_zoo_alone(top: Path, away: Path) -> None:
    (top / "docs/.gitattributes").unlink()  # git waits for that one, which is told
    lines = [["export", "-o", "changes.ndjson"], *every_command.lines()]
    for words in lines:
        with opened() as found:
            shown = acting.run(words)
        assert shown.code in acting.CODES, (words, shown)
        assert zoo.SECRET not in shown.out + shown.err, words
        assert acting.acted(shown, "pipe", words) == set(), words
        wild = ("/dev/zero", "/dev/full", "/dev/tty", "/proc/self/environ", "/proc/self/mem")
        assert not [path for path in found if path.startswith((str(away), *wild))], words
    assert zoo.touched(away) == []
    assert zoo.SECRET.encode() not in (top / ".plan-history/plans.db").read_bytes()
    assert not (top / "sang").exists()
    assert {path.name for path in top.parent.iterdir()} == {away.name, top.name}


def test_what_is_no_document_is_told_and_the_rest_is_read(top: Path) -> None:
    (top / "docs/.gitattributes").unlink()
    shown = acting.run(["doctor"])
    for name in ("fifo.md", "socket.md", "folder.md"):
        assert f"docs/{name}: named like a document, but it is" in shown.out
    for name in ("up.md", "absolute.md", "zero.md", "proc.md", "config.md"):
        assert f"docs/{name}: a link that leaves the repository" in shown.out
    assert "docs/dangling.md: a link that leads nowhere" in shown.out
    assert "docs/plain.md" in acting.run(["status"]).out


def test_reading_outside_would_be_noticed(away: Path) -> None:
    assert zoo.touched(away) == []
    with opened() as found:
        (away / "docs/secret.md").read_text()
    assert found == [str(away / "docs/secret.md")]
    (away / "plans.db").write_text("overwritten")
    assert str(away / "plans.db") in zoo.touched(away)
