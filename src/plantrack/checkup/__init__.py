"""A folder to how everything stands there that plantrack rests on; nothing is changed."""

# Theory of operation
#
# 1. Whoever asks has trouble already. So each part is looked at by itself, and what goes wrong with
#    one is a problem among others, never the end.
# 2. Nothing is made, mended or moved aside: what is there is what was there before.
# 3. A problem keeps something from working as it should. What merely limits it is a remark.

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from plantrack import config, repo
from plantrack.checkup import documents, ground, listening, memory, programs
from plantrack.config import Config
from plantrack.core.checkup import Checkup, Trouble
from plantrack.errors import PlantrackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from plantrack.core.checkup import Choice, Terminal
    from plantrack.repo import Place

T = TypeVar("T")


def checkup(start: str, terminal: Terminal) -> Checkup:
    """Look at everything, from the folder `start`."""
    return _Look(start, terminal).whole()


class _Look:
    """One look, and what was found wrong so far."""

    def __init__(self, start: str, terminal: Terminal) -> None:
        self._start = start
        self._terminal = terminal
        self._problems: list[Trouble] = []
        self._remarks: list[Trouble] = []

    def whole(self) -> Checkup:
        place = self._tried("place", lambda: repo.find_place(self._start))
        found, choice = self._settings(place)
        installed = programs.installed()
        self._problems += programs.problems(installed, in_git=place is not None and _in_git(place))
        around = kept = watched = listed = None
        if place is not None:
            at: Place = place
            around = self._tried("place", lambda: ground.ground(at))
            kept = self._tried("database", lambda: memory.memory(at, found))
            listed = self._tried("documents", lambda: documents.listed(at, found))
        if listed is not None and place is not None:
            watched = listening.listening(place, listed.folders)
            self._problems += (*documents.problems(listed), *listening.problems(watched))
            self._remarks += listening.remarks(watched)
        if kept is not None:
            self._problems += kept.problems
        if around is not None:
            self._remarks += ground.remarks(around)
        return Checkup(
            programs=installed,
            guards=programs.guards(),
            ground=around,
            memory=None if kept is None else kept.memory,
            listening=watched,
            configuration=choice,
            documents=None if listed is None else listed.count,
            skipped=() if listed is None else listed.skipped,
            terminal=self._terminal,
            problems=tuple(self._problems),
            remarks=tuple(self._remarks),
        )

    def _settings(self, place: Place | None) -> tuple[Config, tuple[Choice, ...]]:
        """Give what is in force: every default where what is written cannot be understood."""
        top = place.top if place is not None else None
        found = self._tried("configuration", lambda: config.load(top)) if top else None
        stated = config.stated(top) if top and found is not None else frozenset()
        return found or Config(), ground.settings(found or Config(), stated)

    def _tried(self, code: str, look: Callable[[], T]) -> T | None:
        try:
            return look()
        except PlantrackError as error:
            self._problems.append(Trouble(code, error.message, error.remedy))
        except OSError as error:
            what = f"{error.filename or self._start}: {error.strerror or error}"
            self._problems.append(Trouble(code, what, "make it readable, and ask again"))
        return None


def _in_git(place: Place) -> bool:
    return place.git_dir is not None
