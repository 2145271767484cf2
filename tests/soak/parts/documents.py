"""Documents of every kind, hostile and random and real, read by this program and by two others."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import oracle
from fuzz.promises import parse_promises
from hostile import EVERY
from plantrack.core.memo import Memo
from soak import ingest
from soak.part import Asked, Part, Row, held, skipped
from soak.turn import WORKERS, in_turns
from strategies import CONTAINERS, DISPUTED, INDENTS, LEAVES, PATHS

TESTS = Path(__file__).resolve().parents[2]
SMALL, LARGE = 100_000, 1_000_000  # characters
MOST_S = 2.5  # of processor time
MOST_MB = 300
RANDOM = 20_000
RANDOM_FOR_READERS = 10_000
MOST_NAMED = 10


# --- hostile documents --------------------------------------------------------------------------


def hostile(asked: Asked) -> Iterator[Row]:
    """Bring every hostile document in at 100 KB, and half of them, by chance, at 1 MB."""
    small = [(number, SMALL) for number in range(len(EVERY))]
    large = [(number, LARGE) for number in range(len(EVERY))]
    asked.chance().shuffle(small)
    asked.chance().shuffle(large)
    jobs = small[: asked.count(len(small))] + large[: asked.count(len(large) // 2)]
    parts = [(str(asked.folder / f"{n}"), jobs[n::WORKERS]) for n in range(WORKERS)]
    found = [answer for part in in_turns(fared, parts) for answer in part]
    wrong = [
        f"{one['name']} at {one['size']:,}: exit {one['code']}, {one['seconds']:.2f} s,"
        f" {one['mb']:.0f} MB {one['said']}"
        for one in found
        if one["code"] or one["seconds"] > MOST_S or one["mb"] > MOST_MB
    ]
    slowest, largest = (max(one[key] for one in found) for key in ("seconds", "mb"))
    many = sum(one["size"] == LARGE for one in found)
    yield held(
        "R1",
        f"{len(found) - many} hostile documents of 100 KB, {many} of 1 MB",
        f"{sum(one['code'] != 0 for one in found)} uncaught; {slowest:.1f} s, {largest:.0f} MB",
        wrong[:MOST_NAMED],
    )


def fared(job: tuple[str, Sequence[tuple[int, int]]]) -> list[dict[str, Any]]:
    folder, jobs = job
    os.environ["HOME"] = str(Path(folder).parent)
    return ingest.answers(Path(folder), jobs, MOST_S)


# --- random documents ---------------------------------------------------------------------------

_WORDS = (
    "## Implementation Plan",
    "# Design: Mooring",
    "**Status:** Shipped, gaps remain",
    "## Next Steps",
    "### Phase 1: a",
    "- [ ] M1: a",
    "- [x] **Milestone 2: b**",
    "- [ ] 1. c",
    "- [x] 1.1 d",
    "- [ ] T001 [P] e",
)
_SIGNS = "-*+ []xX~#>`<!\\\t\n\r:.()_{}&;|123MTPas\0\u2028\xa0\ufeff🚧"


def random(asked: Asked) -> Iterator[Row]:
    """Read random bytes, random signs and random lines of Markdown; all promises must hold."""
    count = asked.count(RANDOM, least=50)
    wrong = _in_turns(asked, "random", count, tried)
    figure = f"{len(wrong)} exceptions or broken promises"
    yield held("R2", f"{count:,} random documents", figure, wrong[:MOST_NAMED])


def tried(job: tuple[str, int]) -> list[str]:
    seed, count = job
    chance = Random(seed)  # noqa: S311 - it has to be the same again
    wrong = []
    for _ in range(count):
        data = any_document(chance)
        try:
            parse_promises(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, none is promised
            wrong.append(f"{type(error).__name__} {error}: {data!r}")
    return wrong


def any_document(chance: Random) -> bytes:
    """Make bytes, signs, or lines that mean something."""
    kind = chance.randrange(4)
    if not kind:
        return chance.randbytes(chance.randrange(400))
    path = f"@{chance.randrange(len(PATHS))}\n" if chance.randrange(4) == 0 else ""
    if kind == 1:
        text = "".join(chance.choices(_SIGNS, k=chance.randrange(300)))
        return (path + text).encode()
    return (path + markdown(chance, (*LEAVES, *DISPUTED, *_WORDS))).encode()


def markdown(chance: Random, leaves: Sequence[str]) -> str:
    """Make lines that each begin or go on with some block."""
    ends = ("\n", "\n", "\n", "\n", "\r\n", "\r")
    end = chance.choice(ends)
    return "".join(
        chance.choice(INDENTS) + chance.choice(CONTAINERS) + chance.choice(leaves) + end
        for _ in range(chance.randrange(1, 24))
    )


# --- other readers ------------------------------------------------------------------------------


def others(asked: Asked) -> Iterator[Row]:
    """Hold every version of every real document, and random ones, against two other readers."""
    count = asked.count(RANDOM_FOR_READERS, least=50)
    wrong = _in_turns(asked, "others", count, followed)
    done = f"{count:,} random documents, read by three"
    yield held("R3", done, f"{len(wrong)} unexplained", wrong[:MOST_NAMED])
    bundles = sorted((TESTS.parents[1] / "shared" / "corpus").glob("*.bundle"))
    if not bundles:
        yield skipped("R3", "no corpus of real plan histories here")
        return
    jobs = [(str(asked.folder / path.stem), str(path), asked.share) for path in bundles]
    found = in_turns(read_history, jobs)
    wrong = [line for _, lines in found for line in lines]
    done = f"{sum(read for read, _ in found):,} versions of real documents, read by three"
    yield held("R3", done, f"{len(wrong)} unexplained", wrong[:MOST_NAMED])


def followed(job: tuple[str, int]) -> list[str]:
    seed, count = job
    chance = Random(seed)  # noqa: S311 - it has to be the same again
    wrong = []
    for _ in range(count):
        text = markdown(chance, (*LEAVES, *DISPUTED) if chance.randrange(3) else LEAVES)
        try:
            oracle.assert_follows_somebody(text)
        except AssertionError:
            wrong.append(repr(text))
    return wrong


def read_history(job: tuple[str, str, float]) -> tuple[int, list[str]]:
    folder, bundle, share = job
    most = int(share * 0x1_0000_0000)
    found = oracle.versions(Path(bundle), Path(folder), lambda blob: int(blob[:8], 16) <= most)
    memos: defaultdict[str, Memo] = defaultdict(Memo)
    wrong = []
    for path, data in found:
        try:
            oracle.assert_reads_as_elsewhere(path, data, memos[path])
        except AssertionError as error:
            wrong.append(f"{Path(bundle).stem}: {str(error)[:200]}")
    return len(found), wrong


def _in_turns(
    asked: Asked, about: str, count: int, do: Callable[[tuple[str, int]], list[str]]
) -> list[str]:
    """Let workers do it, each with chance of its own; turns, as one reader leaks memory."""
    turns = max(WORKERS, count // 5_000)
    seeds = [f"{asked.seed}/{about}/{turn}" for turn in range(turns)]
    jobs = [(seed, -(-count // turns)) for seed in seeds]
    return [line for found in in_turns(do, jobs) for line in found]


PARTS = (
    Part("hostile", "R1", "hostile documents come in through the real program", 40.0, hostile),
    Part("random", "R2", "random documents keep all that is promised of any", 20.0, random),
    Part("others", "R3", "two other readers of Markdown read the same", 20.0, others),
)
