"""Switches, rebases, stashes and torn saves, and whether the memory is what a new one would be."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from soak.part import Asked, Part, Row, held

TESTS = Path(__file__).resolve().parents[2]
OPERATIONS = 80  # on each repository
REPOSITORIES = 2


def run(asked: Asked) -> Iterator[Row]:
    """Run the tests of histories under torture, and those of saves under way, as a whole."""
    operations = asked.count(OPERATIONS, least=5)
    first = asked.chance().randrange(1 << 20)
    torture = {
        "PLANTRACK_TORTURE": str(operations),
        "PLANTRACK_SEEDS": str(REPOSITORIES),
        "PLANTRACK_SEED": str(first),
    }
    passed, wrong = _pytest(asked, ["test_history_torture.py"], torture)
    done = f"{passed} repositories × {operations} switches, rebases, edits (seed {first})"
    yield held("R11", done, f"{len(wrong)} memories unlike a new one", wrong)
    passed, wrong = _pytest(asked, ["test_settling.py", "test_watch_sift.py"], {})
    yield held("R11", f"{passed} saves under way, lost or late", f"{len(wrong)} believed", wrong)


def _pytest(asked: Asked, files: list[str], settings: dict[str, str]) -> tuple[int, list[str]]:
    """Run tests; tell how many passed, and what failed."""
    argv = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--tb=short"]
    argv += [f"--basetemp={asked.folder / 'tests'}", *(str(TESTS / name) for name in files)]
    environment = os.environ | settings
    done = subprocess.run(
        argv, cwd=TESTS.parent, env=environment, capture_output=True, text=True, check=False
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    wrong = re.findall(r"(?m)^(?:FAILED|ERROR) .*$", done.stdout)
    if done.returncode and not wrong:
        wrong = [(done.stdout + done.stderr)[-400:]]
    return int(passed[1]) if passed else 0, wrong


PART = Part("switches", "R11", "branches change and saves tear while others look", 20.0, run)
