"""Repositories whose every word tries to do something to a terminal, and what it was shown then."""

# Theory of operation
#
# 1. A payload is put wherever a repository can say something: titles, statuses, boxes, notes and
#    headings, names of files, folders, branches and tags, authors, mails and subjects of commits,
#    keys and values of the configuration.
# 2. A screen was acted on when anything reached it that is neither printable nor a line break. On
#    a terminal our own styles are taken off first, and nothing else is.

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest

import every_command
from plantrack.__main__ import main
from plantrack.render.screen import STYLES
from view_samples import PAYLOADS

MODES: dict[str, dict[str, str]] = {
    "tty": {"TERM": "xterm-256color", "COLUMNS": "100"},
    "pipe": {},
    "NO_COLOR": {"NO_COLOR": "1", "COLUMNS": "100"},
    "ASCII": {"LC_ALL": "C", "COLUMNS": "100", "TERM": "dumb"},
}
CODES = frozenset({0, 1, 2, 3, 4, 5})  # what may come of a command; 70 is a mistake of ours
OURS = re.compile(rf"\x1b\[(?:{'|'.join(STYLES.values())}|0)m")

_FOR_PROGRAMS = frozenset({"csv", "md", "--csv"})
_WORDS = 2000  # of a payload, wherever it is put
_IN_NAMES = 60
_AN_HOUR = 3600
_FIRST_S = 1_767_268_800


class Shown(NamedTuple):
    """What one command line came to."""

    code: int
    out: str
    err: str


class Stdout(TextIOWrapper):
    """A stdout that may be a terminal."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


def run(words: Sequence[str], *, terminal: bool = False) -> Shown:
    """Run a command in this process; keep what it wrote, and what it told."""
    out, err = (Stdout(BytesIO(), encoding="utf-8") for _ in range(2))
    out.terminal = terminal
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "stdout", out)
        patched.setattr(sys, "stderr", err)
        patched.setattr(sys, "stdin", TextIOWrapper(BytesIO()))
        code = main(words)
        out.flush()
        err.flush()
    return Shown(code, *(_written(stream) for stream in (out, err)))


def _written(stream: TextIOWrapper) -> str:
    assert isinstance(stream.buffer, BytesIO)
    return stream.buffer.getvalue().decode("utf-8", "surrogateescape")


def acted(shown: Shown, mode: str, words: Sequence[str]) -> set[str]:
    """Name what reached a screen and would do something there, or could not be shown.

    What is written for other programs is in UTF-8, wherever it is written to.
    """
    bare = OURS.sub("", shown.out) if mode == "tty" else shown.out
    found = {char for char in bare + shown.err if not char.isprintable()} - {"\n", "\u00a0"}
    if mode == "ASCII" and _FOR_PROGRAMS.isdisjoint(words):
        found |= {char for char in bare if not char.isascii()}
    return found


def from_outside(text: str) -> str:
    """Leave off what neither a file, a name nor an argument can bring."""
    return text.replace("\0", "").replace("\ud800", "")


def values_for(path: str) -> dict[str, str]:
    """Give what command lines speak of when they speak of one document."""
    item = f"{path}#M2"
    named = dict.fromkeys(("DOC", "DOC|ITEM", "PATH"), path)
    return every_command.USUAL | named | dict.fromkeys(("ITEM", "MILESTONE"), item)


# --- what repositories say ------------------------------------------------------------------------


def plan(text: str, *, most: int = _WORDS) -> bytes:
    """Write a plan that says a text wherever it can."""
    said = text.replace("\ud800", "").replace("\n", " ").replace("\r", " ")[:most]
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


def path(text: str, number: int = 0) -> str:
    """Put a text into a name, as far as a file can have it."""
    return f"docs/{number:02}{from_outside(text).replace('/', '_')[:_IN_NAMES]}.md"


def build(
    top: Path, payloads: Mapping[str, str] = PAYLOADS, *, most: int = _WORDS
) -> dict[str, str]:
    """Make a repository with a document and two commits a payload; give their paths by name.

    Of each payload no more than so many characters are put anywhere.
    """
    payloads = {name: text[:most] for name, text in payloads.items()}
    top.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", "-b", "main", top], check=True)
    paths = {name: path(text, at) for at, (name, text) in enumerate(payloads.items())}
    commits: list[bytes] = []
    for at, (name, text) in enumerate(payloads.items()):
        before = plan(f"{text} once").replace(b"[x]", b"[ ]")
        commits.append(
            _commit(2 * at, text, {paths[name]: before, "docs/plain.md": plan("honest")})
        )
        commits.append(_commit(2 * at + 1, text, {paths[name]: plan(text)}))
    feed = b"".join([*commits, b"reset refs/heads/main\nfrom refs/heads/work\n\n"])
    git = ["git", "-C", str(top)]
    subprocess.run([*git, "fast-import", "--quiet"], input=feed, check=True)
    subprocess.run([*git, "reset", "-q", "--hard"], check=True)
    for name, text in payloads.items():
        changed = plan(text).replace(b"- [ ] Milestone 2", b"- [x] Milestone 2")
        (top / paths[name]).write_bytes(changed + plan(text + "!"))
        (top / f"{paths[name]}.markdown").symlink_to("/" + from_outside(text)[:_IN_NAMES])
    _name_refs(top, "".join(payloads.values()))
    return paths


def _commit(number: int, text: str, files: Mapping[str, bytes]) -> bytes:
    person = re.sub(r"[<>\n\0\ud800]", "", text)[:_WORDS].encode("utf-8", "surrogateescape")
    subject = from_outside(text)[:_WORDS].encode("utf-8", "surrogateescape")
    when = _FIRST_S + number * _AN_HOUR
    lines = [
        b"commit refs/heads/work\n",
        b"author %s <%s> %d +0000\n" % (person, person.replace(b" ", b""), when),
        b"committer %s <x> %d +0000\n" % (person, when),
        b"data %d\n%s\n" % (len(subject), subject),
    ]
    for name, data in files.items():
        quoted = b"".join(b"\\%03o" % byte for byte in name.encode("utf-8", "surrogateescape"))
        lines.append(b'M 100644 inline "%s"\ndata %d\n%s\n' % (quoted, len(data), data))
    return b"".join(lines) + b"\n"


def _name_refs(top: Path, text: str) -> None:
    """Name a branch and a tag with all that names of git's may hold, and check the branch out."""
    allowed = "".join(sorted({char for char in text if char > "\x7f" and not _is_lone(char)}))[
        :_IN_NAMES
    ]
    if not allowed:
        return
    commit = (top / ".git/refs/heads/main").read_text()
    for kind in ("heads", "tags"):
        (top / ".git/refs" / kind / allowed).write_text(commit)
    (top / ".git/HEAD").write_text(f"ref: refs/heads/{allowed}\n")


def _is_lone(char: str) -> bool:
    return "\ud800" <= char <= "\udfff"


def configurations(text: str) -> list[str]:
    """Write what a repository may set, wrongly, with a text in it."""
    said = json.dumps(from_outside(text)[:_WORDS].encode("utf-8", "replace").decode())
    quoted = said.replace("\\ud83d", "?").replace("\x7f", "\\u007f")
    quoted = re.sub(r"\\ud[89a-f][0-9a-f]{2}", "?", quoted)
    return [
        f"{quoted} = 1",
        f"timezone = {quoted}",
        f"database = {quoted}",
        f"plan_headings = [{quoted}]",
        f'marks = {{ {quoted} = "done" }}',
        f'marks = {{ "~" = {quoted} }}',
        f'status_families = {{ {quoted} = ["a"] }}',
        f"max_line_chars = {quoted}",
        f"include = [{quoted}]",
    ]
