"""Many processes at one memory: writers that are killed, that write, that open it first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import store_worker
from plantrack.store import Store
from soak import writer
from soak.part import Asked, Part, Row, held
from store_samples import database_of, open_at
from sync_samples import NOW, Here

KILLS = 200
COMPANIONS = 3
MOMENT_S = 0.2  # within which a writer is killed after it has begun to write
WRITERS, WRITES = 16, 100
RARE_MS = 200.0  # what 99 of 100 writes must not take
ATTEMPTS = 3  # at that
BUSY = 2.0  # processes a core, over the last minute: then time tells nothing
OPENERS, ROUNDS = 8, 25
HANG_S = 120

Worker = subprocess.Popen[str]


# --- writers that are killed ----------------------------------------------------------------------


def killed(asked: Asked) -> Iterator[Row]:
    """Kill one of four writers again and again, and look at what it had acknowledged."""
    kills = asked.count(KILLS, least=3)
    main_top = asked.folder / "quay"
    tops = _worktrees(main_top, 1 + COMPANIONS)
    chance = asked.chance()
    failures: list[str] = []
    acknowledged = 0
    tasks = [("serve", tops[0]), *(("tick", top) for top in tops[1:])]
    with _crowd(writer.__file__, tasks, says="") as (server, *companions):
        for turn in range(kills):
            told = _until_killed(server, chance)
            acknowledged += len(told)
            found = [
                *_lost(tops[0], told),
                *("another writer ended" for one in companions if one.poll() is not None),
            ]
            failures += [f"kill {turn}, seed {asked.seed}: {one}" for one in found]
    for top in tops:
        Here(top).refresh(now=NOW)
    with Here(tops[0]).open() as store:
        failures += [f"in the end: {one.message}" for one in store.check()]
    yield held(
        "R4",
        f"{kills} kills of a writer beside {COMPANIONS} others",
        f"{len(failures)} failures, {acknowledged:,} acknowledged changes there",
        failures,
    )


def _worktrees(main_top: Path, count: int) -> list[Path]:
    """Make a repository with one plan, and so many work trees of it."""
    main_top.mkdir(parents=True)
    _git(main_top, "init", "--quiet")
    (main_top / "quay.md").write_text(writer.STARTING)
    _git(main_top, "add", ".")
    _git(main_top, "commit", "--quiet", "--message", "Plan")
    tops = [main_top.with_name(f"quay-{number}") for number in range(count)]
    for top in tops:
        _git(main_top, "worktree", "add", "--quiet", "--detach", str(top))
    return tops


def _until_killed(server: Worker, chance: Random) -> list[int]:
    """Let a writer begin, kill it at any moment, and give the boxes it acknowledged."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write("\n")
    server.stdin.flush()
    # The first box may be told of before or after who does it; a number sorts before a word.
    first, child = sorted((server.stdout.readline(), server.stdout.readline()))
    time.sleep(chance.uniform(0, MOMENT_S))
    os.kill(int(child.split()[1]), signal.SIGKILL)
    lines = [first]
    while not lines or not lines[-1].endswith(".\n"):  # a number may have lost its end
        lines.append(server.stdout.readline())
    return [int(line) for line in lines[:-1]]


def _lost(top: Path, told: list[int]) -> Iterator[str]:
    """Say what is wrong with the memory after a kill."""
    with Here(top).open() as store:
        yield from store.notices
        yield from (one.message for one in store.check())
        seen = {
            int(entry.change.after.text.split()[-1]): entry.seen
            for entry in store.past.overlay()
            if entry.change.after is not None
        }
        for number in told:
            if seen.get(number) != int((NOW + timedelta(minutes=number)).timestamp()):
                yield f"box {number} was acknowledged, and is known as {seen.get(number)}"


# --- writers that only write ----------------------------------------------------------------------


def written(asked: Asked) -> Iterator[Row]:
    """Let many processes write at once; time is asked for again on a busy machine."""
    writes = asked.count(WRITES, least=3)
    rare_ms, failures = 0.0, [""]
    for attempt in range(ATTEMPTS):
        top = asked.folder / f"written-{attempt}"
        top.mkdir()
        waits, failures = _written(top, writes)
        rare_ms = 1000 * waits[min(len(waits) * 99 // 100, len(waits) - 1)] if waits else 0.0
        if failures or rare_ms < RARE_MS:
            break
    total = WRITERS * writes
    is_alone = os.getloadavg()[0] < BUSY * (os.cpu_count() or 1)
    slow = [f"99 of 100 took at most {rare_ms:.0f} ms"] * (is_alone and rare_ms >= RARE_MS)
    yield held(
        "R6",
        f"{WRITERS} processes write {writes} times each",
        f"{len(waits):,} of {total:,}, p99 {rare_ms:.0f} ms, worst {1000 * waits[-1]:.0f} ms",
        [*failures, *slow],
    )


def _written(top: Path, writes: int) -> tuple[list[float], list[str]]:
    """Give what each write took in seconds, least first, and what failed."""
    names = [f"worktree-{number}" for number in range(WRITERS)]
    tasks = [("write", top, name, writes) for name in names]
    with _crowd(store_worker.__file__, tasks) as workers:
        (top / "go").touch()
        failures, waits = [], list[float]()
        for one in workers:
            lines, errors = one.communicate(timeout=HANG_S)
            waits += map(float, lines.split())
            failures += errors.splitlines()[-1:] if one.returncode else []
    failures += ["locked was shown"] * any("locked" in one for one in failures)
    for name in names:
        with open_at(top / name, top) as store:
            failures += list(_missing(store, name, writes))
    return sorted(waits), failures


def _missing(store: Store, name: str, writes: int) -> Iterator[str]:
    known = store.snapshot()
    if known is None or known.generation != writes:
        yield f"{name}: {known.generation if known else 0} of {writes} are there"
    found = store.plans([(f"{name}-{turn}", "c") for turn in range(writes)])
    if None in found:
        yield f"{name}: {found.count(None)} parsed plans are lost"
    yield from (f"{name}: {one.message}" for one in store.check())


# --- processes that come first --------------------------------------------------------------------


def opened(asked: Asked) -> Iterator[Row]:
    """Let processes open a memory that is not there, all at once."""
    rounds = asked.count(ROUNDS, least=3)
    tops = [asked.folder / f"repo-{turn}" for turn in range(rounds)]
    for top in tops:
        top.mkdir()
    failures: list[str] = []
    with _crowd(store_worker.__file__, [("open_first", asked.folder, rounds)] * OPENERS) as workers:
        for turn in range(rounds):
            (asked.folder / f"go-{turn}").touch()
            time.sleep(0.02)
        for one in workers:
            lines, errors = one.communicate(timeout=HANG_S)
            done = [line for line in lines.split() if line != "ready"]
            failures += [f"{len(done)} of {rounds}: {errors[-300:]}"] * (len(done) != rounds)
    for top in tops:
        with open_at(top) as store:
            failures += [f"{top.name}: {one.message}" for one in store.check()]
        failures += [
            f"{top.name}: {path.name} was left"
            for path in database_of(top).parent.iterdir()
            if "damaged" in path.name or "new" in path.name
        ]
    yield held(
        "R7",
        f"{OPENERS} processes open a missing database at once, {rounds} rounds",
        f"{len(failures)} failures of {OPENERS * rounds}",
        failures,
    )


# --- processes ------------------------------------------------------------------------------------


def _worker(script: str, *arguments: object) -> Worker:
    return subprocess.Popen(
        [sys.executable, script, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _crowd(
    script: str, tasks: Sequence[tuple[object, ...]], *, says: str = "ready\n"
) -> Iterator[list[Worker]]:
    """Start workers, and wait until each says it is ready; "": they begin at once."""
    workers = [_worker(script, *task) for task in tasks]
    try:
        for one in workers if says else ():
            assert one.stdout is not None
            assert one.stdout.readline() == says, one.communicate(timeout=HANG_S)
        yield workers
    finally:
        for one in workers:
            one.kill()
            one.communicate(timeout=HANG_S)


def _git(top: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "gc.auto=0")
    subprocess.run(["git", *who, *arguments], cwd=top, capture_output=True, check=True)


PARTS = (
    Part("kills", "R4", "writers are killed, beside others", 70.0, killed),
    Part("writes", "R6", "many processes write at once", 8.0, written, is_timed=True),
    Part("firsts", "R7", "processes open a missing database at once", 6.0, opened),
)
