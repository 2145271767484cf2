"""sqlite3 without what it registers for dates, which nothing here hands to it."""

# Its connections and errors are those of sqlite3: they come from the same place.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import _sqlite3 as sqlite3
    except ImportError:  # another Python than CPython
        import sqlite3

__all__ = ["sqlite3"]
