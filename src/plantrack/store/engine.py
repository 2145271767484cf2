"""sqlite3 without what it registers for dates, which nothing here hands to it."""

# Theory of operation
#
# 1. Its connections and errors are those of sqlite3: they come from the same place.
# 2. That place asks functools for a cache of statements and for nothing else. functools brings
#    along more than a quick question needs in all, so the cache is handed over without it.
# 3. Where any of this is not as expected, sqlite3 is imported as it is.

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from typing import Any
else:
    sqlite3 = None

__all__ = ["sqlite3"]


def remembering(size: int) -> Callable[[Callable[..., Any]], object]:
    """Give what makes a function remember its answers to so many different questions."""

    def remember(function: Callable[..., Any]) -> object:
        try:
            from _functools import _lru_cache_wrapper as wrapped  # type: ignore[import-not-found]

            return wrapped(function, size, False, tuple)  # noqa: FBT003 - types do not matter
        except (ImportError, TypeError):
            from functools import lru_cache

            return lru_cache(size)(function)

    return remember


def bare() -> object | None:
    """Import what sqlite3 is made of, standing in for functools while it is not there yet."""
    stand_in: Any = type(sys)("functools")
    stand_in.lru_cache = remembering
    taken = sys.modules.setdefault("functools", stand_in)
    try:
        import _sqlite3
    except (AttributeError, ImportError):
        sys.modules.pop("_sqlite3", None)
        return None
    finally:
        if taken is stand_in:
            del sys.modules["functools"]
    return _sqlite3


if not TYPE_CHECKING:
    sqlite3 = bare()
    if sqlite3 is None:  # another Python than CPython, or one that asks for more
        import sqlite3
