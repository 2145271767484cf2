"""Agents that work plans through while somebody edits them, and whether history tells the story."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from agent_loop import Agent, plan_of
from conftest import PROJECT_ROOT, Repo
from soak.part import Asked, Part, Row, held

PLANS = 5
WHOLE_S = 120.0
BUDGET = 800 * 3.5  # characters of one answer
PATH = "docs/0001-quay.md"

_EDITS = ("Some more prose.\n\n", "", "")  # what stands above the plan is written and cut


@dataclass(slots=True)
class _Process:
    """Runs plantrack as an agent does: a process for each question."""

    repo: Repo
    count: int = 0

    def __call__(self, *words: str) -> str:
        self.count += 1
        done = subprocess.run(
            [sys.executable, "-P", "-m", "plantrack", *words],
            cwd=self.repo.path,
            env=os.environ | {"PYTHONPATH": str(PROJECT_ROOT / "src")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.returncode, done.stderr)
        return done.stdout


def run(asked: Asked) -> Iterator[Row]:
    """Work plans through, one after the other; what history says is compared with what was done."""
    failures: list[str] = []
    steps = rounds = longest = 0
    for number in range(asked.count(PLANS)):
        chance = asked.chance(number)
        repo = Repo(asked.folder / str(number))
        repo.path.mkdir()
        repo.git("init", "--quiet", "--initial-branch", "main")
        agent, milestones = _worked(repo, chance)
        steps += agent.did["do"]
        rounds += sum(agent.did.values())
        longest = max(longest, *agent.said)
        failures += [f"plan {number}: {one}" for one in _wrong(repo, agent, milestones)]
    done = f"{asked.count(PLANS)} plans of {steps} steps worked through by an agent, being edited"
    yield held("agents", done, f"{rounds} rounds, answers of {longest} bytes at most", failures)


def _worked(repo: Repo, chance: random.Random) -> tuple[Agent, int]:
    milestones = chance.randint(2, 6)
    repo.commit({PATH: plan_of(milestones)}, "Plan")
    path = repo.path / PATH

    def meddle() -> None:
        """Save the document with other prose above the plan, as an editor does."""
        text = path.read_text()
        head, heading, plan = text.partition("## Implementation Plan\n")
        more = chance.choice(_EDITS)
        path.write_text(f"{head}{more}{heading}{plan}" if more else text.replace(_EDITS[0], "", 1))

    agent = Agent(repo, _Process(repo), chance.randint(2, 6), meddle=meddle)
    agent.work()
    return agent, milestones


def _wrong(repo: Repo, agent: Agent, milestones: int) -> Iterator[str]:
    """Tell where history does not say what was done."""
    expected = {"do": milestones * agent.steps, "expand": milestones, "close": milestones}
    if {name: agent.did[name] for name in expected} != expected:
        yield f"did {dict(agent.did)}, not {expected}"
    if max(agent.said) > BUDGET:
        yield f"an answer of {max(agent.said)} bytes"
    before = _told(agent)
    agent.run("sync", "--rebuild")
    if before != _told(agent):
        yield "a rebuild tells another story"
    changes = json.loads(before[0])["changes"]
    ticked = [one for one in changes if one["kind"] == "ticked"]
    if len(ticked) != milestones * (agent.steps + 1):
        yield f"{len(ticked)} ticks in the log"
    last = json.loads(before[1])["days"][-1]
    if (last["open"], last["done"]) != (0, milestones * agent.steps):
        yield f"the burndown ends with {last['done']} done and {last['open']} open"
    if repo.git("status", "--porcelain"):
        yield "something is not committed"


def _told(agent: Agent) -> tuple[str, str]:
    return agent.run("log", "--json"), agent.run("burndown", "--json")


PART = Part("agents", "agents", "agents work plans through while these are edited", WHOLE_S, run)
