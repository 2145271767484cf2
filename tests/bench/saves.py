"""What is measured of saves, in a process that stays open, as the one that watches does."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import sleep

from bench import inside, trees
from bench.histories import Length
from bench.pairs import Measured, in_turns
from bench.spawn import Failed
from bench.stage import Stage
from bench.table import Row, Target
from bench.trial import Bench, Trial

LENGTH = Length(200, 40)
WARM_UP = 3  # what a process does once is behind it
_PAUSE_S = 0.1  # nobody saves again at once: until then times of files are not trusted
_PROFILED = 30


class Editor:
    """Somebody who works on one document and saves it after each tick, and each few words."""

    def __init__(self, path: Path) -> None:
        """Open a document."""
        self._path = path
        self._text = path.read_text(encoding="utf-8")
        self._saves = count(1)

    def save(self) -> None:
        """Tick a box or write a line, and save as most editors do: another file in its place."""
        number = next(self._saves)
        if number % 4 == 0 or "- [ ]" not in self._text:
            self._text = self._text.replace("- [x]", "- [ ]") + f"\nRemark {number}.\n"
        else:
            self._text = self._text.replace("- [ ]", "- [x]", 1)
        beside = self._path.with_name(f"{self._path.name}.saved")
        beside.write_text(self._text, encoding="utf-8")
        beside.replace(self._path)


def _save_refresh(stage: Stage) -> Trial:
    top = stage.history(LENGTH)
    # An earlier run may have saved into it, and what is not committed takes time.
    trees.git(top, "checkout", "--quiet", "--", ".")
    inside.settle(top)
    path = _middling(top)
    editor = Editor(top / path)
    read = inside.reader(top, [path])

    def measure() -> Measured:
        with closing(refreshes(top)) as refreshed:

            def ours() -> float:
                sleep(_PAUSE_S)
                next(refreshed)  # the times of the last save's files are trusted now
                editor.save()
                return inside.timed(lambda: _expect(next(refreshed), 1))

            reference: Callable[[], float] = lambda: inside.timed(read)  # noqa: E731
            return in_turns(ours, reference, pairs=stage.scale.pairs, warm_up=WARM_UP)

    def often() -> None:
        with closing(refreshes(top)) as refreshed:
            for _ in range(_PROFILED):
                editor.save()
                next(refreshed)

    return Trial(measure, often)


def refreshes(top: Path) -> Generator[int]:
    """Bring the memory up to date whenever asked; yield how many files were read. To be closed."""
    from plantrack import config, repo, sync
    from plantrack.store import open_store

    place = repo.find_place(str(top))
    settings = config.load(place.top)
    where = (place.top, place.main_top, settings.database)
    with closing(open_store(*where, is_tracked=lambda _: False)) as store:
        while True:
            yield sync.refresh(place, store, settings, now=datetime.now(UTC), waits=False).read


def _middling(top: Path) -> str:
    """Choose a document that is neither long nor short."""

    def size(path: str) -> int:
        return (top / path).stat().st_size

    paths = sorted(inside.document_paths(top), key=size)
    return paths[len(paths) // 2]


def _expect(found: int, expected: int) -> None:
    if found != expected:
        message = f"{found} documents were read after a save, not {expected}"
        raise Failed(message)


BENCHES = (
    Bench(
        Row(
            "save-refresh",
            f"refresh after a save, {LENGTH.documents} documents",
            "read and parse it",
            Target(3, most=0.01),
        ),
        _save_refresh,
    ),
)
