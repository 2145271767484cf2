"""typing.NamedTuple without typing: annotated classes to immutable rows."""

# Importing typing costs as much as importing sqlite3, and the quick commands need the second only.
# Type checkers are shown the real thing (see values.py), so nothing is lost but the import.

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class _Rows(type):
    """Make each subclass of NamedTuple a named tuple of its annotated fields, in their order."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, body)
        make: Callable[..., type] = namedtuple  # noqa: PYI024 -- that is the point
        row = make(name, body["__annotations__"], module=body["__module__"])
        row.__doc__ = str(body["__doc__"])
        return row


class NamedTuple(metaclass=_Rows):
    """Base of the rows in values.py at run time."""
