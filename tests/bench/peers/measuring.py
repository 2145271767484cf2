"""Tables of who took how long for what."""

# Theory of operation
#
# 1. Each line is tried once: it must print what it should, and what takes more than a minute is
#    told as that. This also has everything compiled and in memory.
# 2. Lines that take less than a second take turns; the others are measured alone, and less often.

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench.pairs import Figure, in_rounds, quartiles
from bench.peers.asked import Ground, Line, Question, State
from bench.peers.installs import Program
from bench.peers.tools import OURS, Peer
from bench.spawn import Failed, run
from bench.table import Json, Unit, figure

LIMIT_S = 60
_SLOW_S = 1


@dataclass(frozen=True, slots=True)
class Got:
    """A peer that was asked for."""

    peer: Peer
    program: Program | None  # None: it is not here
    reason: str = ""  # why not


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a line."""

    line: Line
    seconds: tuple[float, ...] = ()
    reason: str = ""  # why there are none

    @property
    def middle(self) -> float:
        """Give the median."""
        return median(self.seconds)


@dataclass(frozen=True, slots=True)
class Answers:
    """What came of a question."""

    question: Question
    title: str
    outcomes: tuple[Outcome, ...]

    def of_ours(self, one: Outcome) -> float | None:
        """Tell how many times ours a line took; what keeps nothing is held against ours warm."""
        states = {State.COLD} if one.line.state is State.COLD else {State.WARM, State.ALWAYS}
        for other in self.outcomes:
            mine = other.line.tool == OURS and other.line.state in states
            if mine and other.line.alone == one.line.alone and other.seconds and one.seconds:
                return one.middle / other.middle
        return None


def measure(lines: Iterable[Line], ground: Ground) -> tuple[Outcome, ...]:
    """Measure every line; give them in the same order."""
    lines = tuple(lines)
    tried = [_tried(line) for line in lines]
    scale = ground.stage.scale
    quick = [one.line for one in tried if one.seconds and one.middle < _SLOW_S]
    rounds = in_rounds([_timer(line) for line in quick], rounds=max(3, scale.pairs // 2), warm_up=1)
    seconds = dict(zip(map(id, quick), zip(*rounds, strict=True), strict=True))
    outcomes = []
    for one in tried:
        if one.seconds and id(one.line) not in seconds:
            slow = in_rounds([_timer(one.line)], rounds=scale.fewest)
            seconds[id(one.line)] = tuple(figures[0] for figures in slow)
        outcomes.append(replace(one, seconds=seconds.get(id(one.line), ())))
    return tuple(outcomes)


def failed(tool: str, error: Failed) -> Outcome:
    """Tell that a tool could not be got ready for a question."""
    last = str(error).strip().splitlines()[-1]
    why = last.rpartition(" ended with ")[2]  # after the whole command line
    return Outcome(Line(tool, "-", State.ALWAYS, (), b""), reason=f"fails with {why}")


def render(got: Sequence[Got], answers: Iterable[Answers]) -> str:
    """Write it all as Markdown."""
    parts = [_versions(got)]
    parts += [_table(one, got) for one in answers]
    return "\n\n".join(parts) + "\n"


def as_json(got: Sequence[Got], answers: Iterable[Answers]) -> Json:
    """Give everything that is in the tables, in seconds, and every measurement."""
    return {
        "peers": [
            {
                "name": one.peer.name,
                "origin": one.peer.origin,
                "version": one.program.version if one.program else None,
                "reason": one.reason,
                "lacks": {str(question): why for question, why in one.peer.lacks.items()},
            }
            for one in got
        ],
        "answers": [
            {
                "question": answer.question,
                "title": answer.title,
                "lines": [
                    {
                        "tool": one.line.tool,
                        "command": one.line.shown,
                        "state": one.line.state,
                        "seconds": list(one.seconds),
                        "of_ours": answer.of_ours(one),
                        "reason": one.reason,
                    }
                    for one in answer.outcomes
                ],
            }
            for answer in answers
        ],
    }


def _tried(line: Line) -> Outcome:
    stop = shutil.which("timeout")
    limit = (stop, str(LIMIT_S)) if stop else ()
    seconds = 0.0
    output = b""
    try:
        line.before()
        for command in line.commands:
            ended = run(replace(command, argv=(*limit, *command.argv)))
            seconds, output = seconds + ended.seconds, ended.output + ended.talk.encode()
    except Failed as error:
        if "ended with 124" in str(error):
            return Outcome(line, reason=f"more than {LIMIT_S} s")
        return replace(failed(line.tool, error), line=line)
    if line.holds not in output:
        return Outcome(line, reason=f"says nothing of {line.holds.decode()!r}")
    return Outcome(line, (seconds,))


def _timer(line: Line) -> Figure:
    def timed() -> float:
        line.before()
        return sum(run(command).seconds for command in line.commands)

    return timed


def _versions(got: Sequence[Got]) -> str:
    rows = ["| tool | version | from | reads |", "|---|---|---|---|"]
    for one in got:
        version = one.program.version if one.program else f"not here: {one.reason}"
        rows.append(f"| {one.peer.name} | {version} | {one.peer.origin} | {one.peer.reads} |")
    return "\n".join(rows)


def _table(answer: Answers, got: Sequence[Got]) -> str:
    rows = [f"### {answer.title}", ""]
    rows += [
        "| tool | command | | time | half of them | of ours | |",
        "|---|---|---|--:|--:|--:|---|",
    ]
    for one in answer.outcomes:
        line = one.line
        times = of_ours = "-"
        half, remark = "-", one.reason or line.note
        if one.seconds:
            low, high = quartiles(one.seconds)
            times = figure(one.middle, Unit.SECONDS)
            half = f"{figure(low, Unit.SECONDS)} - {figure(high, Unit.SECONDS)}"
            ratio = answer.of_ours(one)
            of_ours = "-" if ratio is None else f"{ratio:.2f}"
        cells = (line.tool, f"`{line.shown}`", line.state, times, half, of_ours, remark)
        rows.append(f"| {' | '.join(cells)} |")
    for one_got in got:
        why = one_got.peer.lacks.get(answer.question)
        if one_got.program and why:
            rows.append(f"| {one_got.peer.name} | - | | - | - | - | {why} |")
    return "\n".join(rows)
