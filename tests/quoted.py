"""What the README quotes: real output of plantrack, the same on every machine and day."""

from __future__ import annotations

import atexit
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

import story as told

COLUMNS, LINES = 80, 30
NOW = datetime.combine(told.UNTIL, time(15, 0), UTC)
LAST_TICK = NOW - timedelta(minutes=20)  # the one that is not committed

# The command as it would answer then.
AS_OF = """\
import sys
from datetime import datetime
from plantrack import cli, cli_edit, cli_past
moment = datetime.fromisoformat(sys.argv[1])
cli.now = cli_edit.now = cli_past.now = lambda: moment
sys.exit(cli.main(sys.argv[2:]))
"""

TEN_BOXES = """\
# Design: Tide gauge

**Status:** In Progress

## Implementation Plan

- [x] Milestone 1: Read the gauge
  - [x] Open the serial port
  - [x] Parse one line
- [ ] Milestone 2: Draw the curve
  - [~] Smooth the noise
  - [ ] ~~Export as GIF~~
  - [ ]* Animate it
- [ ] Milestone 3: Ship it

## Testing and Validation

- [x] The test rig stands on the pier

# Future Work

- [ ] A second gauge
"""


def story(*arguments: str) -> str:
    """Run plantrack in the story's repository on its last day, as on a terminal."""
    return _on_terminal(built(), "-c", AS_OF, NOW.isoformat(), *arguments)


def edited(*arguments: str) -> str:
    """Run what writes documents, as `story` does, in a copy of that repository."""
    folder = Path(_scratch.name) / "edited" / built().name
    shutil.copytree(built(), folder)
    try:
        return _on_terminal(folder, "-c", AS_OF, NOW.isoformat(), *arguments)
    finally:
        shutil.rmtree(folder)


def ten_boxes(*arguments: str) -> str:
    """Run plantrack on the example that explains the rules of counting."""
    with tempfile.TemporaryDirectory() as scratch:
        document = Path(scratch) / "tide-gauge.md"
        document.write_text(TEN_BOXES, encoding="utf-8")
        return _on_terminal(Path(scratch), "-m", "plantrack", *arguments)


def some(text: str, first: int, last: int) -> str:
    """Quote some of the lines, from 1; dots stand for others."""
    lines = text.split("\n")
    before = ["…"] if first > 1 else []
    after = ["…"] if last < len(lines) else []
    return "\n".join([*before, *lines[first - 1 : last], *after])


@cache
def built() -> Path:
    """Make the story's repository once, in a folder that goes when the process does."""
    folder = Path(_scratch.name) / "slackwater"
    told.build(folder)
    changed = subprocess.run(
        ["git", "-C", folder, "diff", "--name-only"], capture_output=True, text=True, check=True
    )
    for name in changed.stdout.split():
        os.utime(folder / name, (LAST_TICK.timestamp(),) * 2)
    return folder


_scratch = tempfile.TemporaryDirectory()
atexit.register(_scratch.cleanup)


def _on_terminal(folder: Path, *words: str) -> str:
    """Return what a terminal would show, without colours and trailing blanks.

    But for what stderr shows there for a moment, where a machine is slow.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    size = {"COLUMNS": str(COLUMNS), "LINES": str(LINES)}
    wanted = size | {"NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "xterm", "TZ": "UTC"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, *words],
        cwd=folder,
        env=kept | wanted,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.PIPE,
    ) as process:
        os.close(theirs)
        shown = _all_of(ours)
        assert process.stderr is not None
        complaint = process.stderr.read()
    os.close(ours)
    assert (process.returncode, complaint) == (0, b""), shown
    text = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.replace("\r\n", "\n"))
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def _all_of(handle: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(handle, 1 << 16)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        parts.append(part)
    return b"".join(parts).decode("utf-8")
