"""Moments to the tables that say how often `next` was right."""

# Theory of operation
#
# 1. Step and milestone are shares of the events; the document is a share of the commits, since a
#    commit that ticks in two documents is one answer to "which document". It counts as named when
#    the best candidate is one of those that the commit ticked in.
# 2. The macro average is the mean of the histories' shares; one without an event has none. The
#    micro average is the share of all events, or commits, together.

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from backtest.moments import Candidate, Event, Moment
from plantrack.core.pointer import Order


class Ranking(StrEnum):
    """How the documents are ranked."""

    NEXT = "next"  # family of the Status, then the last change of the checklist
    CHANGE = "last change"  # of the checklist, alone
    PATH = "path order"


@dataclass(frozen=True, slots=True)
class Past:
    """One history."""

    name: str
    moments: tuple[Moment, ...]

    @property
    def events(self) -> tuple[Event, ...]:
        """Give its events."""
        return tuple(event for moment in self.moments for event in moment.events)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    named: int
    of: int

    @property
    def percent(self) -> float | None:
        """Give it in percent; None: of nothing."""
        return 100 * self.named / self.of if self.of else None


def steps(past: Past, order: Order) -> Share:
    """Count the events of which the step was named."""
    events = past.events
    return Share(sum(event.answers[order].step for event in events), len(events))


def milestones(past: Past, order: Order) -> Share:
    """Count the events of which the milestone was named."""
    events = past.events
    return Share(sum(event.answers[order].milestone for event in events), len(events))


def documents(past: Past, ranking: Ranking) -> Share:
    """Count the commits of which a document was named."""
    named = 0
    for moment in past.moments:
        best = min(moment.candidates, key=KEYS[ranking], default=None)
        named += best is not None and best.path in {event.path for event in moment.events}
    return Share(named, len(past.moments))


def candidates(past: Past) -> float | None:
    """Give the mean number of documents to choose from; None: nothing was chosen."""
    return fmean(len(one.candidates) for one in past.moments) if past.moments else None


def render(pasts: Sequence[Past]) -> str:
    """Draw both tables in Markdown."""
    return "\n".join([*_of_steps(pasts), "", *_of_documents(pasts)]) + "\n"


KEYS: dict[Ranking, Callable[[Candidate], tuple[int | str, ...]]] = {
    Ranking.NEXT: lambda one: (one.rank, -one.changed, one.path),
    Ranking.CHANGE: lambda one: (-one.changed, one.path),
    Ranking.PATH: lambda one: (one.path,),
}


def _of_steps(pasts: Sequence[Past]) -> list[str]:
    columns = [(what, order) for order in Order for what in (steps, milestones)]
    shares = [[what(past, order) for past in pasts] for what, order in columns]
    head = ["history", "events"]
    head += [f"{order.value}: {what.__name__.removesuffix('s')}" for what, order in columns]
    events = sum(len(past.events) for past in pasts)
    return _aligned(
        [
            head,
            *_rows([[past.name, str(len(past.events))] for past in pasts], shares),
            *_averages(shares, ["macro", ""], ["micro", str(events)]),
        ]
    )


def _of_documents(pasts: Sequence[Past]) -> list[str]:
    shares = [[documents(past, ranking) for past in pasts] for ranking in Ranking]
    known = [[past.name, str(len(past.moments)), _number(candidates(past))] for past in pasts]
    together = Past("", tuple(moment for past in pasts for moment in past.moments))
    mean = _mean(candidates(past) for past in pasts)
    return _aligned(
        [
            ["history", "commits", "candidates", *(ranking.value for ranking in Ranking)],
            *_rows(known, shares),
            *_averages(
                shares,
                ["macro", "", _number(mean)],
                ["micro", str(len(together.moments)), _number(candidates(together))],
            ),
        ]
    )


def _rows(known: Sequence[list[str]], shares: Sequence[Sequence[Share]]) -> list[list[str]]:
    """Put the shares, given by column, behind what is known of each row."""
    return [
        [*row, *(_percent(column[place].percent) for column in shares)]
        for place, row in enumerate(known)
    ]


def _averages(
    shares: Sequence[Sequence[Share]], macro: list[str], micro: list[str]
) -> Iterator[list[str]]:
    yield macro + [_percent(_mean(share.percent for share in column)) for column in shares]
    yield micro + [
        _percent(Share(sum(s.named for s in column), sum(s.of for s in column)).percent)
        for column in shares
    ]


def _mean(numbers: Iterable[float | None]) -> float | None:
    known = [number for number in numbers if number is not None]
    return fmean(known) if known else None


def _percent(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f} %"


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:.1f}"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Draw a table, its first row the head; all but the first column to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) + " |"
        for row in rows
    ]
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return [lines[0], "| " + " | ".join(rules) + " |", *lines[1:]]
