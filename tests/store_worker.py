"""One of several processes that use a memory at once: `python store_worker.py TASK TOP …`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from plantrack.store import Overtaken, Renewed, Store
from plantrack.store.recording import CachedPlan, Recording
from store_samples import TODAY, document, open_at, recording, snapshot

PATIENCE_S = 60.0


def open_first(tops: Path, rounds: str) -> None:
    """Open memories that are not there yet, one after another, each when it is said to."""
    for turn in range(int(rounds)):
        wait_for(tops / f"go-{turn}")
        with open_at(tops / f"repo-{turn}") as store:
            assert store.notices == (), store.notices
            assert store.documents() == ()
            store.save_plans([CachedPlan("1", "c", "text")], day=TODAY)
            assert store.plans([("1", "c")]) == ("text",)
        say(turn)


def write(top: Path, name: str, count: str) -> None:
    """Write so many recordings of a worktree of its own, and print how long each took."""
    wait_for(top / "go")
    with open_at(top / name, top) as store:
        for turn in range(int(count)):
            began = time.perf_counter()
            plans = (CachedPlan(f"{name}-{turn}", "c", "text"),)
            base = turn or None
            changed = document("docs/a.md", str(turn))
            store.record(recording(changed, base=base, moment=turn, plans=plans))
            say(time.perf_counter() - began)


def share(top: Path, name: str, count: str) -> None:
    """Add so many documents to a worktree that others add to as well."""
    wait_for(top / "go")
    with open_at(top) as store:
        for turn in range(int(count)):
            while not added(store, f"docs/{name}-{turn}.md"):
                pass
            say(turn)


def added(store: Store, path: str) -> bool:
    """Add a document to what is known; False when somebody else was faster."""
    known = store.snapshot()
    paths = [one for one, _ in known.documents] if known else []
    listed = snapshot([*paths, path])
    base = known.generation if known else 0
    try:
        store.record(Recording(listed, base, TODAY, (document(path),)))
    except (Overtaken, Renewed):
        return False
    return True


def churn(top: Path, name: str) -> None:
    """Record until killed, opening anew now and then; print each acknowledged generation."""
    turn = 0
    while True:
        with open_at(top / name, top) as store:
            known = store.snapshot()
            assert known is None or known.generation >= turn
            turn = known.generation if known else 0
            for _ in range(5):
                changed = [document(f"docs/{n}.md", str(turn), steps=20) for n in range(turn % 7)]
                plans = (CachedPlan(f"{name}-{turn}", "c", "text" * 500),)
                turn = store.record(recording(*changed, base=turn, moment=turn, plans=plans))
                say(turn)


def wait_for(path: Path) -> None:
    """Wait until a file is there: every process goes on in the same moment."""
    say("ready")
    until = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < until, path
        time.sleep(0.0005)


def say(word: object) -> None:
    """Tell the test."""
    print(word, flush=True)  # noqa: T201 - the test listens


TASKS: dict[str, Callable[..., None]] = {
    "open_first": open_first,
    "write": write,
    "share": share,
    "churn": churn,
}


def work(out: Connection, words: list[str]) -> None:
    """Do a task, given as its name, a folder and the rest; say all of it to who asked for it."""
    for stream in (1, 2):
        os.dup2(out.fileno(), stream)
    out.close()
    task, top, *rest = words
    TASKS[task](Path(top), *rest)


if __name__ == "__main__":
    TASKS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
