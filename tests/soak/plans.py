"""Plans that many tick at once, and what must have become of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import trees
from plantrack import config, repo
from plantrack.core import dialect
from plantrack.core.change import ChangeKind
from plantrack.core.ids import assign
from plantrack.core.markdown import decode
from plantrack.core.parse import read_plan
from plantrack.repo import leftovers
from plantrack.store import Store, open_store

TICKER = Path(__file__).with_name("ticker.py")


@dataclass(frozen=True, slots=True)
class Box:
    """One box of one of the plans."""

    path: str
    number: int  # in its document, from 0
    id: str  # in full


def planted(top: Path, documents: int, boxes: int) -> tuple[Box, ...]:
    """Make a repository with so many plans of so many boxes each."""
    top.mkdir(parents=True)
    trees.git(top, "init", "--quiet", "--initial-branch", "main")
    found = []
    for number in range(documents):
        path = f"docs/{number:04d}-plan.md"
        (top / "docs").mkdir(exist_ok=True)
        (top / path).write_bytes(text(number, boxes, ()))
        plan = read_plan(decode(text(number, boxes, ()))[0], dialect.origin(path), dialect.Rules())
        ids = assign(plan, path)
        steps = [key for key, node in zip(ids, plan.walk(), strict=True) if node.is_leaf]
        found += [Box(path, place, key) for place, key in enumerate(steps)]
    trees.git(top, "add", "--all")
    trees.git(top, "commit", "--quiet", "--message", "Plan")
    return tuple(found)


def text(number: int, boxes: int, ticked: Iterable[int]) -> bytes:
    """Write a plan, with CRLF and a byte order mark in every second one."""
    done = frozenset(ticked)
    lines = [f"# Plan {number}", "", "## Implementation Plan", ""]
    for place in range(boxes):
        if place % 20 == 0:
            lines.append(f"- [ ] Milestone {place // 20 + 1}: Go on")
        lines.append(f"  - [{'x' if place in done else ' '}] Do part {place} of plan {number} – ß")
    data = "\n".join([*lines, ""]).encode()
    return data if number % 2 == 0 else b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")


def opened(top: Path) -> Store:
    """Open the memory of a place."""
    place = repo.find_place(str(top))
    settings = config.load(place.top)
    return open_store(place.top, place.main_top, settings.database, is_tracked=lambda _: False)


def agents(top: Path, shares: Sequence[Sequence[str]]) -> list[list[str]]:
    """Let agents tick side by side, each its share of ids; give the answers of each."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    running = [
        subprocess.Popen(
            [sys.executable, str(TICKER), str(top), f"agent {number}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for number, _ in enumerate(shares)
    ]
    for agent, share in zip(running, shares, strict=True):
        assert agent.stdin is not None
        agent.stdin.write("".join(f"{one}\n" for one in share))
        agent.stdin.close()
    answers = []
    for agent in running:
        assert agent.stdout is not None
        answers.append(agent.stdout.read().splitlines())
        agent.stdout.close()
        agent.wait()
    return answers


def balance(top: Path, ticked: Iterable[Box]) -> list[str]:
    """Say where the history does not tell exactly of these ticks, and what else is wrong."""
    wanted = sorted(box.id for box in ticked)
    with opened(top) as store:
        changes = [one.change for one in store.past.overlay()]
        told = sorted(one.item for one in changes if one.kind is ChangeKind.TICKED)
        wrong = [str(one) for one in store.check()]
        rows = store.describe().tables
    if told != wanted:
        wrong.append(f"history tells of {len(told)} ticks, there were {len(wanted)}")
    if dict(rows)["deed"] < len(wanted):
        wrong.append("a deed is missing")
    left = [path.name for path in top.rglob(f"{leftovers.PREFIX}*")]
    return wrong + [f"{name} was left behind" for name in left]
