"""Rules about plan and repository drifting apart: ticks without work, work without ticks."""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from plantrack.core.lint.around import Around, Landing, LoneTick
from plantrack.core.lint.rule import Example, Rule, Severity
from plantrack.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.lint.page import Page

SHOWN_DIGITS = 8  # of a commit id


def drift_tick(page: Page) -> Iterator[Finding]:
    """Find the boxes that were ticked in a commit which did nothing else."""
    for tick in page.around.ticks:
        commit = tick.commit[:SHOWN_DIGITS]
        message = f"ticked in {commit} (“{tick.subject}”), which touched nothing but this document"
        yield Finding("", tick.line, "drift-tick", message)


def drift_landed(page: Page) -> Iterator[Finding]:
    """Find the open boxes that name files which are there by now."""
    for line, landings in groupby(page.around.landings, key=attrgetter("line")):
        told = [f"{one.file} came with {one.commit[:SHOWN_DIGITS]}" for one in landings]
        more = f" and {len(told) - _TOLD} more" if len(told) > _TOLD else ""
        message = f"open, but {', '.join(told[:_TOLD])}{more}"
        yield Finding("", line, "drift-landed", message)


_TOLD = 3  # files named in a message


def named_files(text: str) -> tuple[str, ...]:
    """Find the files a text names in code spans, as written, each once."""
    found = (name for span in _SPAN.findall(text) for name in _FILE.findall(span))
    return tuple(dict.fromkeys(name.removeprefix("./") for name in found))


_SPAN = re.compile(r"`([^`\n]{1,200})`")
_FILE = re.compile(r"(?<![\w./*<{-])(?:[\w.-]+/)*[\w-][\w.-]*\.[A-Za-z]\w{0,7}(?![\w/*<{(-])")

_PLAN = """\
# Tide gauge

## Implementation Plan

- [x] Open the port in `gauge/port.py`
"""

RULES = (
    Rule(
        code="drift-tick",
        severity=Severity.NOTE,
        finds="A box was ticked in a commit that touched nothing but the document.",
        because=(
            "The work may have landed before, and often did. It is worth a look where ticks are "
            "set by those whose work they report."
        ),
        remedy="Tick a box in the commit that does the work.",
        find=drift_tick,
        is_default=False,
        bad=Example(
            _PLAN,
            Around(ticks=(LoneTick(5, "8a45d7970c1e", "Tick the port"),)),
            "Where commit 8a45d797 ticked the box and changed no other file.",
        ),
        good=Example(_PLAN),
    ),
    Rule(
        code="drift-landed",
        severity=Severity.NOTE,
        finds="A box is open, and the files it names were added after it was written.",
        because="The work may be done and the tick forgotten.",
        remedy="Tick it, or write down what is still missing.",
        find=drift_landed,
        is_default=False,
        bad=Example(
            _PLAN.replace("[x]", "[ ]"),
            Around(landings=(Landing(5, "gauge/port.py", "2e18987500aa"),)),
            "Where commit 2e189875 added gauge/port.py later than the box.",
        ),
        good=Example(_PLAN),
    ),
)
