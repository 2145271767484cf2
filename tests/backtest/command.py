"""Arguments to the tables; the exit code is 2 where there is no history to ask."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from backtest.moments import Answer, moments
from backtest.table import Past, render
from bench.stage import CORPUS
from bench.trees import clone
from plantrack.core.pointer import Order


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask every history, and print how often `next` was right."""
    asked = _parser().parse_args(arguments)
    bundles = sorted(asked.corpus.glob("*.bundle"))
    if not bundles:
        message = (
            f"backtest: {asked.corpus}: no git bundles are there: name a folder that holds some"
        )
        sys.stderr.write(f"{message}\n")
        return 2
    pasts = []
    with tempfile.TemporaryDirectory() as folder:
        for bundle in bundles:
            sys.stderr.write(f"... {bundle.stem}\n")
            top = clone(bundle, Path(folder))
            pasts.append(Past(bundle.stem, tuple(moments(top))))
    sys.stdout.write(render(pasts))
    if asked.cases:
        sys.stdout.writelines(f"{line}\n" for past in pasts for line in cases(past))
    return 0


def cases(past: Past) -> Iterator[str]:
    """Tell of each event in which one order named more than the other, and what each said."""
    for moment in past.moments:
        for event in moment.events:
            frontier, document = event.answers[Order.FRONTIER], event.answers[Order.DOCUMENT]
            if (frontier.step, frontier.milestone) == (document.step, document.milestone):
                continue
            lines = ", ".join(map(str, event.lines))
            yield ""
            yield f"{past.name} {moment.commit[:12]} {event.path}: ticked in line {lines}"
            for order, answer in event.answers.items():
                yield f"  {order.value:9} {_described(answer)}"


def _described(answer: Answer) -> str:
    named = "the step" if answer.step else "the milestone" if answer.milestone else "neither"
    line = answer.pointer.target.line if answer.pointer.target else 0
    return f"{named:14} line {line}: {answer.pointer.reason}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make backtest", description=__doc__)
    parser.add_argument(
        "corpus", nargs="?", type=Path, default=CORPUS, help="folder of git bundles to ask"
    )
    parser.add_argument(
        "--cases", action="store_true", help="list the events in which the orders differ"
    )
    return parser
