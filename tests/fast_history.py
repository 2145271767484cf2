"""Documents and a number of commits to a git repository, in seconds."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

FIRST_S = 1_767_268_800  # 2026-01-01, noon
STEP_S = 1800  # from one commit to the next

OPEN, DONE = "- [ ] ", "- [x] "
_BIRTHS = 0.2  # of the history has passed when every document is there
_EDITS = {"tick": 80, "untick": 3, "reword": 10, "add": 5, "drop": 2}  # of a hundred


def write_history(folder: Path, texts: Mapping[str, str], *, commits: int, seed: int = 0) -> None:
    """Make a repository at `folder`, with a branch main of `commits` commits over the documents.

    Each commit adds a document or edits one line of one, and mostly that ticks its next open box.
    The same arguments give the same commits. Nothing is checked out.
    """
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    command = ["git", "-C", str(folder), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        with importer.stdin as out:
            out.writelines(_stream(texts, commits, seed))
    assert importer.returncode == 0


def _stream(texts: Mapping[str, str], commits: int, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311 -- the same history every time
    path_by_commit = _schedule(list(texts), commits, chance)
    # The versions of a document stand together, because git packs each as what differs from the
    # blob before it.
    for path, text in texts.items():
        numbers = [number for number, one in enumerate(path_by_commit) if one == path]
        for number, version in zip(numbers, _versions(text, f"{seed}/{path}"), strict=False):
            data = version.encode()
            yield b"blob\nmark :%d\ndata %d\n%s\n" % (number + 1, len(data), data)
    for number, path in enumerate(path_by_commit):
        yield _commit(number, path)


def _schedule(paths: Sequence[str], commits: int, chance: random.Random) -> list[str]:
    """Choose the document of each commit."""
    every = max(1, int(commits * _BIRTHS / len(paths)))
    schedule: list[str] = []
    born = 0
    for number in range(commits):
        if born < len(paths) and number % every == 0:
            born += 1
            schedule.append(paths[born - 1])
        else:
            schedule.append(paths[chance.randrange(born)])
    return schedule


def _versions(text: str, seed: str) -> Iterator[str]:
    """Yield a document as it is added, and after every edit."""
    chance = random.Random(seed)  # noqa: S311 -- the same edits every time
    lines = text.split("\n")
    for number in range(1, 1 << 30):
        yield "\n".join(lines)
        _edit(lines, number, chance)


def _edit(lines: list[str], number: int, chance: random.Random) -> None:
    kind = chance.choices(list(_EDITS), list(_EDITS.values()))[0]
    boxes = [at for at, line in enumerate(lines) if line.lstrip().startswith((OPEN, DONE))]
    if not boxes:
        lines.append(f"Remark {number}.")
        return
    at = chance.choice(boxes)
    still_open = next((box for box in boxes if OPEN in lines[box]), None)
    if kind == "tick" and still_open is not None:
        lines[still_open] = lines[still_open].replace(OPEN, DONE, 1)
    elif kind == "untick" and DONE in lines[at]:
        lines[at] = lines[at].replace(DONE, OPEN, 1)
    elif kind == "drop" and len(boxes) > 1:
        del lines[at]
    elif kind in ("tick", "add"):
        indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
        lines.insert(at + 1, f"{indent}{OPEN}Look into case {number} as well")
    else:
        lines[at] += f" (see {number})"


def _commit(number: int, path: str) -> bytes:
    """Write the commit that brings the version with its number as mark."""
    person = f"Ada Example <ada@example.org> {FIRST_S + number * STEP_S} +0000"
    subject = f"Change {number}"
    head = f"commit refs/heads/main\nauthor {person}\ncommitter {person}\n"
    return f"{head}data {len(subject)}\n{subject}\nM 100644 :{number + 1} {path}\n\n".encode()
