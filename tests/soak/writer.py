"""One of several processes that use a memory at once: `python writer.py TASK TOP …`."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from plantrack.store import Overtaken, Renewed
from sync_samples import NOW, Here

PAUSE_S = 0.002  # without which nobody else would ever be at work
BOXES = 100
STARTING = "# Quay\n\n## Implementation Plan\n\n" + "".join(
    f"- [ ] Do part {number}\n" for number in range(BOXES)
)


def tick(top: Path) -> None:
    """Tick one box after another, all of them again and again, and record each."""
    while True:
        (top / "quay.md").write_text(STARTING)
        tick_through(top)


def tick_through(top: Path) -> None:
    """Tick the boxes that are open, record each, and print its number when that is acknowledged.

    What is seen is said to be seen so many minutes after NOW as the box has a number.
    """
    document, here = top / "quay.md", Here(top)
    for number in range(document.read_text().count("[x]"), BOXES):
        other = document.with_name(".quay.new")
        other.write_text(document.read_text().replace("- [ ]", "- [x]", 1))
        other.replace(document)
        time.sleep(PAUSE_S)
        with suppress(Overtaken, Renewed):
            here.refresh(now=NOW + timedelta(minutes=number), waits=False)
            print(number, flush=True)  # noqa: T201 - whoever started it listens


def serve(top: Path) -> None:
    """Fork a process that ticks whenever a line is read; print its id, and a dot when it ended.

    Forks begin at once: all is imported, and nothing is open.
    """
    Here(top).refresh(now=NOW, waits=False)
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            if (top / "quay.md").read_text().count("[x]") > BOXES // 2:
                (top / "quay.md").write_text(STARTING)
            tick_through(top)
            signal.pause()  # until it is killed
        print("id", child, flush=True)  # noqa: T201 - whoever started it listens
        os.waitpid(child, 0)
        print(".", flush=True)  # noqa: T201 - likewise


TASKS: dict[str, Callable[..., None]] = {"tick": tick, "serve": serve}

if __name__ == "__main__":
    TASKS[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
