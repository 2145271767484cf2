"""One path so many times in this process: what `make guard` counts the instructions of."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import inside


def main(what: str, top: Path, times: int) -> None:
    """Refresh a settled repository, or parse documents that were not parsed before."""
    if what == "refresh":
        for _ in range(times):
            assert inside.refresh(top) == 0
        return
    assert what == "parse"
    paths = inside.document_paths(top)
    assert len(paths) >= times
    inside.reader(top, paths[:times])()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
