"""What the README quotes: real output of plantrack, the same on every machine and day."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
COLUMNS = 80
DAY = 24 * 60 * 60

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


def samples(*arguments: str) -> str:
    """Run plantrack on a copy of sample_docs, as on a terminal of 80 columns."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "slackwater"
        shutil.copytree(ROOT / "sample_docs", copy)
        documents = sorted(path for path in copy.rglob("*") if path.is_file())
        for days, path in enumerate(documents, start=1):
            then = path.stat().st_ctime - days * DAY - DAY / 2  # it was copied just now
            os.utime(path, (then, then))
        return _on_terminal(copy, *arguments)


def ten_boxes(*arguments: str) -> str:
    """Run plantrack on the example that explains the rules of counting."""
    with tempfile.TemporaryDirectory() as scratch:
        document = Path(scratch) / "tide-gauge.md"
        document.write_text(TEN_BOXES, encoding="utf-8")
        return _on_terminal(Path(scratch), *arguments)


def _on_terminal(folder: Path, *arguments: str) -> str:
    """Return what a terminal would show, without colours and trailing blanks."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    wanted = {"COLUMNS": str(COLUMNS), "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "plantrack", *arguments],
        cwd=folder,
        env=kept | wanted,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = _all_of(ours)
    os.close(ours)
    assert process.returncode == 0, shown
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
