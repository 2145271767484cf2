"""Real histories lived through, edit by edit, against the same histories read in one go."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import story
from bench.stage import CORPUS
from plantrack.cli import main
from soak.part import Asked, Part, Row, held, skipped, tell
from sync_samples import NOW, Here

STOPS = 60  # commits of each history that are lived through
SHORT = 0.5  # of the whole: below that, what the project brings along will do
BACK = 0.1  # of the stops, somebody looks at an older commit first
A_MINUTE = timedelta(minutes=1)


def run(asked: Asked) -> Iterator[Row]:
    """Compare every history there is; in a short form, one."""
    sample = asked.folder / "sample"
    story.build(sample)
    _git(sample, "restore", ".")  # the story ends in the middle of work
    bundles = sorted(CORPUS.glob("*.bundle")) if asked.share >= SHORT else []
    for source in (sample, *bundles):
        yield _compared(asked, source)
    if asked.share >= SHORT and not bundles:
        yield skipped("R15", f"there are no real histories in {CORPUS}")


def _compared(asked: Asked, source: Path) -> Row:
    name = source.name.partition(".")[0]
    tell(f"{asked.part}: {name}")
    clones = [asked.folder / f"{name}-{how}" for how in ("once", "live")]
    for clone in clones:
        shutil.rmtree(clone, ignore_errors=True)
        _git(asked.folder, "clone", "--quiet", str(source), str(clone))
    once, live = clones
    stops = _live(live, asked.count(STOPS), asked.chance(name))
    lived = _told(live)
    _run(once, "sync")
    read = _told(once)
    _run(once, "sync", "--rebuild")
    failures = [
        f"{name}, {way}: {what} differ"
        for way, told in (("lived through", lived), ("read twice", _told(once)))
        for what in read
        if told[what] != read[what]
    ]
    return held(
        "R15",
        f"{name}: {stops} commits seen as edits first; read at once; read again",
        f"{len(read['changes'].splitlines()):,} changes, {len(failures)} differences",
        failures,
    )


def _live(top: Path, most: int, chance: Random) -> int:
    """Bring a clone from its first commit to its last, and look before and after each; count."""
    line = _git(top, "rev-list", "--first-parent", "--reverse", "HEAD").split()
    branch = _git(top, "symbolic-ref", "HEAD").strip()
    inner = line[1:-1]
    stops = sorted(chance.sample(range(len(inner)), min(most, len(inner))))
    now = NOW
    _git(top, "reset", "--quiet", "--hard", line[0])
    Here(top).refresh(now=now)
    for commit in [*(inner[at] for at in stops), line[-1]]:
        if chance.random() < BACK:
            here = _git(top, "rev-parse", "HEAD").strip()
            _git(
                top, "checkout", "--quiet", "--detach", chance.choice(line[: line.index(here) + 1])
            )
            Here(top).refresh(now=now, waits=False)
            _git(top, "checkout", "--quiet", branch.removeprefix("refs/heads/"))
        # What the commit changed is saved first, and nobody has committed it yet.
        _git(top, "restore", "--source", commit, "--worktree", "--no-overlay", ".")
        Here(top).refresh(now=now, waits=False)
        _git(top, "update-ref", branch, commit)
        _git(top, "read-tree", commit)
        Here(top).refresh(now=now + A_MINUTE, waits=False)
        now += 2 * A_MINUTE
    Here(top).refresh(now=now)
    return len(stops) + 1


def _told(top: Path) -> dict[str, Any]:
    """Say all that is known of a clone, without what it is called and when it was made."""
    there = Here(top).everything()
    prefix = f"{top}{os.sep}"
    there["controls"] = [path.removeprefix(prefix) for path in there["controls"]]
    exports = {
        what: _run(top, "export", "--what", what, "--repository", "here")
        for what in ("changes", "days")
    }
    return exports | there


def _run(top: Path, *arguments: str) -> str:
    with redirect_stdout(io.StringIO()) as printed:
        code = main(["-C", str(top), *arguments])
    assert code == 0, (arguments, code)
    return printed.getvalue()


def _git(top: Path, *arguments: str) -> str:
    argv = ["git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", *arguments]
    return subprocess.run(argv, cwd=top, capture_output=True, text=True, check=True).stdout


PART = Part("rebuilds", "R15", "histories are lived through, and read at once", 50.0, run)
