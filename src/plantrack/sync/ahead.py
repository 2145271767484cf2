"""Versions of documents, in the order of their line, read by two processes where that pays."""

# Theory of operation
#
# 1. What a version is read as depends on its bytes and its path alone, so anybody may read it. It
#    is told much sooner by whoever read the one before: each path has one reader.
# 2. The other process is given what comes first. Whenever this one needs a version that is not
#    there yet, it reads what comes next by itself. So both are busy until nothing is left.
# 3. Only so much is read ahead: what lies further is not looked at before it comes nearer.
# 4. This process has most to do: it finds out what happened and records it. So the other one does
#    what can be done without knowing more than the versions: it compares those that it reads.
# 5. What the other process fails to do is done here.

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from plantrack.sync.hand import Hand, Lost
from plantrack.sync.versions import Versions

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from plantrack.core.dialect import Rules
    from plantrack.repo import Place
    from plantrack.sync.versions import Seen

    About = tuple[Place, Rules, int]  # where, how, and how many bytes of a document
    Pair = tuple[str, str]  # path and blob
    Answer = Callable[[Sequence[Pair]], list[Seen]]

STRETCH = 1000  # versions that are looked at together: the next of them are read ahead
LOAD = 24  # versions that are read in one go
LOADS = 4  # that the other process has at a time: some while this one has no time for it
IN_A_ROW = 64  # versions of one path
WORTH = 8  # versions of one path: for fewer it does not change its reader


def read_ahead(versions: Versions, about: About, pairs: Sequence[Pair]) -> Generator[Seen]:
    """Yield what versions are, in order; `versions` reads those that are read here."""
    reading = _Reading(versions, about, pairs)
    try:
        yield from reading.run()
    finally:
        reading.drop()


def answering(about: About) -> Answer:
    """Begin to read versions that are asked for."""
    place, rules, max_bytes = about
    nothing = (None,)  # is remembered
    versions = Versions(
        place, rules, lambda keys: nothing * len(keys), max_bytes=max_bytes, compares=True
    )
    return lambda pairs: list(versions.read(pairs))


@dataclass(slots=True)
class _Row:
    """Versions of one path that follow one upon the other."""

    path: str
    places: list[int] = field(default_factory=list)  # among all versions
    blobs: list[str] = field(default_factory=list)


class _Reading:
    """One line being read."""

    def __init__(self, versions: Versions, about: About, pairs: Sequence[Pair]) -> None:
        self._versions = versions
        self._about = about
        self._pairs = pairs
        self._found: dict[int, Seen] = {}  # by place
        self._rows: dict[int, _Row] = {}  # that nobody has begun, by first place
        self._looked = 0  # so many pairs are in rows
        self._ours: dict[str, bool] = {}  # paths with a reader; False: the other process
        self._hand: Hand | None = None
        self._given: deque[list[_Row]] = deque()  # to the other process, not answered yet

    def run(self) -> Iterator[Seen]:
        """Yield everything, in order."""
        self._engage()
        for place in range(len(self._pairs)):
            if place + STRETCH >= self._looked:
                self._look_further()
            self._attend()
            while place not in self._found:
                if load := self._taken(ours=True):
                    self._do(load)
                else:
                    self._attend(wait=True)
            yield self._found.pop(place)

    def drop(self) -> None:
        """End the other process."""
        if self._hand is not None:
            self._hand.close()
            self._hand = None

    def _engage(self) -> None:
        try:
            self._hand = Hand(answering, self._about)
        except Lost:
            self._hand = None

    def _look_further(self) -> None:
        """Put the next stretch in rows."""
        open_by_path: dict[str, _Row] = {}
        end = min(self._looked + STRETCH, len(self._pairs))
        for place in range(self._looked, end):
            path, blob = self._pairs[place]
            row = open_by_path.get(path)
            if row is None or len(row.places) == IN_A_ROW:
                row = open_by_path[path] = self._rows[place] = _Row(path)
            row.places.append(place)
            row.blobs.append(blob)
        self._looked = end

    def _taken(self, *, ours: bool) -> list[_Row]:
        """Take the next rows that may be read here, or there, as many as make a load."""
        load: list[_Row] = []
        size = 0
        for first, row in list(self._rows.items()):
            if self._ours.setdefault(row.path, ours) is ours:
                load.append(self._rows.pop(first))
                size += len(row.places)
                if size >= LOAD:
                    break
        return load

    def _ceded(self) -> list[_Row]:
        """Give up the next path of ours that is worth beginning with anew, and take its row."""
        for first, row in self._rows.items():
            if len(row.places) >= WORTH:
                self._ours[row.path] = False
                return [self._rows.pop(first)]
        return []

    def _do(self, load: Sequence[_Row]) -> None:
        """Read rows here, and see to it that the other process has something to do meanwhile."""
        for place, seen in zip(_places(load), self._versions.read(_pairs(load)), strict=True):
            self._found[place] = seen
            self._attend()

    def _attend(self, *, wait: bool = False) -> None:
        """Take what the other process has read, and give it more; `wait`: for something at least.

        When it is lost, everything is ours.
        """
        if self._hand is None:
            return
        try:
            if self._given:
                for seen in self._hand.answers(wait=wait):
                    self._found.update(zip(_places(self._given.popleft()), seen, strict=True))
            while len(self._given) < LOADS and (load := self._taken(ours=False) or self._ceded()):
                self._given.append(load)
                self._hand.ask(_pairs(load))
        except Lost:
            self.drop()
            rows = [*(row for load in self._given for row in load), *self._rows.values()]
            self._rows = {row.places[0]: row for row in rows}
            self._given.clear()
            self._ours.clear()


def _places(load: Sequence[_Row]) -> list[int]:
    return [place for row in load for place in row.places]


def _pairs(load: Sequence[_Row]) -> list[Pair]:
    return [(row.path, blob) for row in load for blob in row.blobs]
