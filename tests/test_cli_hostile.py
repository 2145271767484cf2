from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper

import pytest

from conftest import Repo
from plantrack.__main__ import main
from plantrack.render.screen import STYLES
from view_samples import PAYLOADS

# What these run, other tests have covered: measuring it would take half as long again.
pytestmark = pytest.mark.no_cover

MODES: dict[str, dict[str, str]] = {
    "tty": {"TERM": "xterm-256color", "COLUMNS": "100"},
    "pipe": {},
    "NO_COLOR": {"NO_COLOR": "1", "COLUMNS": "100"},
    "ASCII": {"LC_ALL": "C", "COLUMNS": "100", "TERM": "dumb"},
}
COMMANDS = (
    ["status"],
    ["status", "--all"],
    ["status", "--json"],
    ["status", "docs/plain.md", "-v"],
    ["status", "docs/plain.md", "--json"],
    ["next"],
    ["next", "--all", "-v"],
    ["next", "--json"],
    ["explain", "docs/plain.md"],
    ["explain", "docs/plain.md", "--json"],
    ["prime"],
    ["prime", "--json"],
    ["sync"],
    ["db", "path"],
    ["db", "check"],
)
OURS = re.compile(rf"\x1b\[(?:{'|'.join(STYLES.values())}|0)m")


class Stdout(TextIOWrapper):
    """A stdout that may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


def plan(text: str) -> bytes:
    """Write a plan that says a text wherever it can."""
    said = text.replace("\ud800", "").replace("\n", " ").replace("\r", " ")[:2000]
    written = f"""\
# Design: {said}

**Status:** In progress {said}

## Implementation Plan

- [x] Milestone 1: {said}
  - [x] {said}
- [ ] Milestone 2: {said}
  - [ ] {said}

    {said}
  - [~] blocked on {said}
  - [ ] {said}

```
- [ ] {said}
```

## Next Steps

- Milestone 2: {said}

## Future Work {said}

- [ ] {said}
"""
    return written.encode("utf-8", "surrogateescape")


def path(text: str) -> str:
    """Put a text into a name, as far as a file can have it."""
    return f"docs/{_from_outside(text).replace('/', '_')[:60]}.md"


def _from_outside(text: str) -> str:
    """Leave off what neither a file, a name nor an argument can bring."""
    return text.replace("\0", "").replace("\ud800", "")


def run(words: list[str], monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    buffer = BytesIO()
    stdout = Stdout(buffer, encoding="utf-8")
    stdout.terminal = terminal
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stdout)
        assert main(words) == 0
        stdout.flush()
    return buffer.getvalue().decode()


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_document_acts_on_a_screen(
    name: str,
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = PAYLOADS[name]
    repo = make_repo()
    repo.write({"docs/plain.md": plan(text), path(text): plan(text + "!")})
    monkeypatch.chdir(repo.path)
    for mode, settings in MODES.items():
        with monkeypatch.context() as patched:
            for variable, value in settings.items():
                patched.setenv(variable, value)
            for words in COMMANDS:
                shown = run(words, patched, terminal=mode != "pipe")
                bare = OURS.sub("", shown) if mode == "tty" else shown
                acting = {char for char in bare if not char.isprintable()} - {"\n", "\u00a0"}
                assert acting == set(), (mode, words)
                if mode == "ASCII":
                    assert bare.isascii()
    told = capsys.readouterr().err
    assert all(char.isprintable() or char == "\n" for char in told)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_argument_acts_on_a_screen(
    name: str,
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    argument = _from_outside(PAYLOADS[name])[:2000]
    monkeypatch.chdir(make_repo({"docs/plan.md": plan("honest")}).path)
    for words in (
        ["next", argument],
        ["status", argument, "--json"],
        ["explain", argument],
        [argument],
        [f"--{argument}"],
        ["next", "--limit", argument],
        ["-C", argument, "next"],
        ["-C", argument, "explain", "x"],
    ):
        assert main(words) in {0, 1, 2, 3}, words
        shown = capsys.readouterr()
        assert all(char.isprintable() or char == "\n" for char in shown.out + shown.err)
        assert shown.err.count("\n") in {0, 2}


def test_a_name_that_is_no_text_survives_json(
    make_repo: Callable[..., Repo],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = make_repo()
    repo.write({"docs/caf\udce9.md": plan("honest")})
    monkeypatch.chdir(repo.path)
    assert main(["next", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["next"]["path"]
    assert os.fsencode(found) == b"docs/caf\xe9.md"
    assert (repo.path / found).is_file()
