"""Findings that are known and put up with: what a check keeps quiet about until they are gone."""

# Theory of operation
#
# 1. A finding is known again by its document, its code and the text of its line, however often the
#    line moved. How often the three occur together is counted.
# 2. A baseline only shrinks: what is found no more is named, and leaves it when it is written
#    again. It grows on request alone.

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.core.model import Finding

SCHEMA = "plantrack.baseline/1"
FILE = ".plantrack-baseline.json"
_MOST_CHARS = 200  # of a line


class Key(NamedTuple):
    """What a finding is known by."""

    path: str
    code: str
    text: str  # of its line, blanks folded; "" when the whole document is meant


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings of each kind are put up with."""

    counts: tuple[tuple[Key, int], ...]  # by key


@dataclass(frozen=True, slots=True)
class Parted:
    """Findings beside a baseline."""

    new: tuple[int, ...]  # positions of findings it does not know
    known: int  # findings it knows
    gone: tuple[tuple[Key, int], ...]  # what it knows and was not found, and how often


class Unreadable(Exception):
    """A text that is no baseline."""


def key(finding: Finding, lines: Sequence[str]) -> Key:
    """Tell what a finding is known by; `lines` are those of its document."""
    text = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ""
    return Key(finding.path, finding.code, " ".join(text[: 4 * _MOST_CHARS].split())[:_MOST_CHARS])


def part(keys: Sequence[Key], baseline: Baseline, paths: frozenset[str] | None) -> Parted:
    """Tell new findings from known ones; `paths` are all that was looked at (None: everything)."""
    left = Counter(dict(baseline.counts))
    new = []
    for place, one in enumerate(keys):
        if left[one] > 0:
            left[one] -= 1
        else:
            new.append(place)
    gone = (
        (one, count)
        for one, count in sorted(left.items())
        if count > 0 and (paths is None or one.path in paths)
    )
    return Parted(tuple(new), len(keys) - len(new), tuple(gone))


def made_of(keys: Iterable[Key]) -> Baseline:
    """Put up with these findings and no others."""
    return Baseline(tuple(sorted(Counter(keys).items())))


def grown(before: Baseline, after: Baseline) -> int:
    """Count the findings the later one puts up with and the earlier one does not."""
    known = Counter(dict(before.counts))
    return sum(max(count - known[one], 0) for one, count in after.counts)


def dump(baseline: Baseline) -> str:
    """Write a baseline as JSON, a line a finding, so that it is easily reviewed and merged."""
    rows = [
        json.dumps({"path": one.path, "code": one.code, "text": one.text, "count": count})
        for one, count in baseline.counts
    ]
    body = ",\n    ".join(rows)
    listed = f"[\n    {body}\n  ]" if rows else "[]"
    return f'{{\n  "schema": "{SCHEMA}",\n  "findings": {listed}\n}}\n'


def load(text: str) -> Baseline:
    """Read what `dump` wrote; raises Unreadable."""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is no JSON: {error}") from error
    if not isinstance(answer, dict) or answer.get("schema") != SCHEMA:
        raise Unreadable(f"it does not say “schema”: “{SCHEMA}”")
    rows = answer.get("findings")
    if not isinstance(rows, list):
        raise Unreadable("it has no list of findings")
    return Baseline(tuple(sorted(Counter(dict(map(_row, rows))).items())))


def _row(row: object) -> tuple[Key, int]:
    if not isinstance(row, dict):
        raise Unreadable("one of its findings is no object")
    words = [row.get(name) for name in Key._fields]
    count = row.get("count")
    if not all(isinstance(word, str) for word in words) or type(count) is not int or count < 1:
        raise Unreadable("one of its findings has no path, code, text and count")
    return Key(*map(str, words)), count
