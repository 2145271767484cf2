"""A function and its jobs to what it answers, each in a process of its own, two at a time."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

WORKERS = 2
_TESTS = Path(__file__).resolve().parents[1]


def in_turns(do: Callable[[Any], Any], jobs: Iterable[Sequence[object]]) -> list[Any]:
    """Call a function of a module with each job, and give the answers in order; all is JSON."""
    name = f"{do.__module__}:{do.__qualname__}"
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(partial(_asked, name), jobs))


def _asked(name: str, job: Sequence[object]) -> Any:  # noqa: ANN401 - whatever it answers
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-m", "soak.turn", name],
        input=json.dumps(job), cwd=_TESTS, env=environment, text=True, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def main() -> None:
    """Answer the job on stdin."""
    module, _, name = sys.argv[1].partition(":")
    do = getattr(importlib.import_module(module), name)
    sys.stdout.write(json.dumps(do(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
