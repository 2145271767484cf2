"""One question to one tool: what is run, and what is done before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bench.spawn import Command
from bench.stage import Stage


class Question(StrEnum):
    """What people ask."""

    START = "start-up"
    STATUS = "status"
    NEXT = "next"
    BURNDOWN = "burndown"


class State(StrEnum):
    """What a tool knows when it is asked."""

    WARM = "warm"  # it was asked before, and nothing has changed
    COLD = "cold"  # it has never seen the documents
    ALWAYS = "always"  # it keeps nothing: each time is like the first


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question is asked about."""

    stage: Stage
    question: Question
    top: Path  # of the repository
    count: int  # of its documents
    room: Path  # empty, for what the tools keep


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    tool: str
    shown: str  # what is run, as people type it
    state: State
    commands: tuple[Command, ...]  # one after the other, timed together
    holds: bytes  # what the last one must print
    before: Callable[[], object] = lambda: None  # not timed
    note: str = ""
    alone: bool = False  # it is asked about one document, not about all
