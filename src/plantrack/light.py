"""typing.NamedTuple without typing: annotated classes to immutable rows."""

# Importing typing or dataclasses costs more than a quick command has in all. Type checkers are
# shown the real thing behind TYPE_CHECKING, so nothing is lost but the import.

from __future__ import annotations

from collections import namedtuple


class _Rows(type):
    """Make each class below NamedTuple a named tuple of its annotated fields, in their order."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, body)
        fields = body["__annotations__"]
        assert isinstance(fields, dict)
        defaults = [body.pop(field) for field in fields if field in body]
        row = namedtuple(name, fields, defaults=defaults)  # type: ignore[misc]  # noqa: PYI024
        return type(name, (row,), body | {"__slots__": ()})


class NamedTuple(metaclass=_Rows):
    """Base of the rows at run time."""
