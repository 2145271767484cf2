"""Documents to what a tool that does not read them keeps instead."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from bench import inside

SPAN = timedelta(days=365)  # tasks are entered evenly over the last one
TAKEN = timedelta(days=14)  # from when a task was entered to when it was ended

_CREATED = datetime(2025, 1, 6, 9, tzinfo=UTC)

_BOX = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[(.)\]\*?\s+(\S.*)$", re.MULTILINE)
_TITLE = re.compile(r"^#+\s+(.+)$", re.MULTILINE)
_NAMESPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """One document as title and boxes."""

    path: str
    title: str
    boxes: tuple[tuple[bool, str], ...]  # whether it is ticked, its text; in document order


def listed(top: Path) -> tuple[Listed, ...]:
    """Read every document of a repository, box by box; code and the rest of Markdown do not count.

    A converter for another tool would do no more.
    """
    found = []
    for path in inside.document_paths(top):
        text = (top / path).read_text(encoding="utf-8", errors="replace")
        heading = _TITLE.search(text)
        boxes = tuple((mark in "xX", words) for mark, words in _BOX.findall(text))
        found.append(Listed(path, heading[1] if heading else path, boxes))
    return tuple(found)


def taskwarrior(documents: tuple[Listed, ...], *, now: datetime) -> str:
    """Give what `task import` reads: each box is a task, each document a project.

    The tasks reach up to now, because charts show the last weeks.
    """
    return json.dumps(list(_tasks(documents, now)))


def backlog(documents: tuple[Listed, ...], folder: Path) -> None:
    """Write what Backlog.md reads: each document is a task, its boxes the acceptance criteria."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(documents, 1):
        slug = _UNSAFE.sub("-", one.title).strip("-")[:60]
        text = _backlog_task(number, one)
        (folder / f"task-{number} - {slug}.md").write_text(text, encoding="utf-8")


def _tasks(documents: tuple[Listed, ...], now: datetime) -> Iterator[dict[str, object]]:
    total = max(1, sum(len(one.boxes) for one in documents))
    number = 0
    for one in documents:
        for done, words in one.boxes:
            entered = now - SPAN + SPAN * number / total
            ended = min(entered + TAKEN, now)
            task: dict[str, object] = {
                "uuid": str(uuid5(_NAMESPACE, f"{one.path}#{number}")),
                "description": words,
                "project": Path(one.path).as_posix().replace(".", "-"),
                "entry": f"{entered:%Y%m%dT%H%M%SZ}",
                "status": "completed" if done else "pending",
            }
            yield task | ({"end": f"{ended:%Y%m%dT%H%M%SZ}"} if done else {})
            number += 1


def _backlog_task(number: int, one: Listed) -> str:
    ticked = sum(done for done, _ in one.boxes)
    status = "To Do" if not ticked else "Done" if ticked == len(one.boxes) else "In Progress"
    lines = ["---", f"id: TASK-{number}", f"title: {json.dumps(one.title)}", f"status: {status}"]
    lines += ["assignee: []", f"created_date: '{_CREATED:%Y-%m-%d %H:%M}'", "labels: []"]
    lines += ["dependencies: []", f"ordinal: {number * 1000}", "---", ""]
    lines += ["## Acceptance Criteria", "<!-- AC:BEGIN -->"]
    lines += [
        f"- [{'x' if done else ' '}] #{place} {words}"
        for place, (done, words) in enumerate(one.boxes, 1)
    ]
    return "\n".join([*lines, "<!-- AC:END -->", ""])
