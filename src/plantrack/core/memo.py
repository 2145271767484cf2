"""What was worked out for one version of a document to what the next one can take over."""

# Theory of operation
#
# 1. Versions of a document have most of their parts in common. A part that reads the same and
#    stands in the same lines comes to the same values: they are taken over, as the same objects.
# 2. Only what the last version came to is kept, so a memo never holds more than two versions.
# 3. A memo never changes an answer, only how soon it is there.
# 4. What single texts come to is remembered whatever document they stand in, short ones alone: long
#    ones are rare, unless somebody wants to fill the memory.

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Value = TypeVar("Value")
Rest = ParamSpec("Rest")

_SHORT = 2_000  # characters


class Memo:
    """What the versions of one document came to; for one set of rules."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._last: dict[Hashable, object] = {}
        self._now: dict[Hashable, object] = {}

    def turn(self) -> None:
        """Go on to the next version: what only the one before the last one had is forgotten."""
        self._last, self._now = self._now, {}

    def find(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was kept under the key
        """Give what was kept for this version, or else for the last one; None: nothing."""
        found = self._now.get(key)
        if found is None:
            found = self._last.get(key)
            if found is not None:
                self._now[key] = found
        return found

    def keep(self, key: Hashable, value: object) -> None:
        """Keep something for the next version, in place of what is kept under this key."""
        self._now[key] = value

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Give what a part came to, made if it is new; `key` says all that it depends on.

        It must not be None.
        """
        found: Value | None = self.find(key)
        if found is None:
            self._now[key] = found = make()
        return found

    def of(self, thing: object, make: Callable[[], Value]) -> Value:
        """Give what this very object came to, made if it is new."""
        return self.get(id(thing), lambda: (thing, make()))[1]  # the thing is held: its id stays


def remembered(
    texts: int,
) -> Callable[[Callable[Concatenate[str, Rest], Value]], Callable[Concatenate[str, Rest], Value]]:
    """Remember what so many short texts come to, those asked about last; for pure functions."""

    def decorate(
        function: Callable[Concatenate[str, Rest], Value],
    ) -> Callable[Concatenate[str, Rest], Value]:
        known: Any = lru_cache(maxsize=texts)(function)

        @wraps(function)
        def answer(text: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Value:
            which = known if len(text) <= _SHORT else function
            found: Value = which(text, *rest, **named)
            return found

        @wraps(function)
        def answer_alone(text: str, /) -> Value:
            found: Value = known(text) if len(text) <= _SHORT else function(text)  # type: ignore[call-arg]
            return found

        code = function.__code__  # it is written in Python
        # Handing on nothing takes as long as looking the answer up.
        return answer_alone if code.co_argcount + code.co_kwonlyargcount == 1 else answer  # type: ignore[return-value]

    return decorate
