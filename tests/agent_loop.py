"""An agent that works plans through: asks, does, ticks, commits, until nothing is next."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from conftest import Repo

MOST_ROUNDS = 1000

Run = Callable[..., str]  # plantrack with these arguments, which must succeed: what it prints


def plan_of(milestones: int, *, title: str = "Quay", status: str = "In progress") -> str:
    """Write a plan whose milestones have no steps yet."""
    boxes = "".join(
        f"- [ ] Milestone {n}: Part {n} of the {title}\n" for n in range(1, milestones + 1)
    )
    return f"# Design: {title}\n\n**Status:** {status}\n\n## Implementation Plan\n\n{boxes}"


@dataclass(slots=True)
class Agent:
    """Works in one repository; `meddle` is called between an answer and what is made of it."""

    repo: Repo
    run: Run
    steps: int  # a milestone is broken into
    document: str | None = None  # None: whatever is next
    meddle: Callable[[], None] = lambda: None
    did: Counter[str] = field(default_factory=Counter)  # by action
    said: list[int] = field(default_factory=list)  # characters of each answer

    def work(self) -> str:
        """Work until nothing is next; give the reason."""
        for _ in range(MOST_ROUNDS):
            text = self.run("next", *([self.document] if self.document else []), "--json")
            self.said.append(len(text))
            answer = json.loads(text)
            following = answer["next"]
            if following is None or following["action"] == "none":
                return str(answer["because"] or following["reason"])
            self.meddle()
            self.did[following["action"]] += 1
            self._do(following)
        raise AssertionError(f"still at work: {following}")

    def _do(self, following: dict[str, Any]) -> None:
        action, text = following["action"], following["text"]
        if action == "expand":
            words = shlex.split(following["command"])[1:]
            number = re.findall(r"Milestone (\d+)", text)[0]
            for step in range(1, self.steps + 1):
                words += ["--step", f"Build piece {number}.{step} as planned"]
            self.run(*words)
            self.repo.commit({}, f"Break {text} down")
        elif action in ("do", "close"):
            files = {}
            if action == "do":
                files = {f"src/{re.sub(r'[^0-9a-z]+', '-', text.lower())}.txt": f"{text}\n"}
            self.repo.write(files)
            self.run(*shlex.split(following["command"])[1:])
            self.repo.commit({}, f"{action.title()} {text}")
        else:
            assert action == "finish", following
            path = self.repo.path / following["path"]
            path.write_text(path.read_text().replace("In progress", "Shipped"))
            self.repo.commit({}, f"Ship {following['title']}")
