"""NamedTuple and StrEnum without typing and enum: rows, and words that are one of a few."""

# Theory of operation
#
# 1. Importing typing, dataclasses or collections costs more than a quick command has in all. Type
#    checkers are shown the real thing behind TYPE_CHECKING, so nothing is lost but the import.
# 2. What is here can do what the program needs of the real thing, and does it in the same way.
# 3. A constructor is compiled when its class is used first: a command uses few of those it imports.

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Self

__all__ = ["NamedTuple", "StrEnum", "field_at"]

try:
    # What collections itself names fields with.
    from _collections import _tuplegetter as field_at  # type: ignore[import-not-found]
except ImportError:  # another Python than CPython
    from operator import itemgetter

    def field_at(place: int, doc: str) -> property:
        """Give what reads one place of a tuple by a name."""
        return property(itemgetter(place), doc=doc)


class _Row(tuple):  # type: ignore[type-arg]
    """What every row can do."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @classmethod
    def _make(cls, values: Iterable[object]) -> Self:
        """Make a row of values in the order of the fields."""
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            message = f"Expected {len(cls._fields)} arguments, got {len(made)}"
            raise TypeError(message)
        return made

    def _replace(self, **changes: object) -> Self:
        """Give the same row with other values in the fields that are named."""
        made = self._make([changes.pop(*pair) for pair in zip(self._fields, self, strict=True)])
        if changes:
            message = f"Got unexpected field names: {list(changes)!r}"
            raise TypeError(message)
        return made

    def _asdict(self) -> dict[str, Any]:
        """Give the values by field."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        """Show the fields with their names."""
        told = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({told})"

    def __getnewargs__(self) -> tuple[object, ...]:
        """Give what makes the same row, for copies and pickles."""
        return tuple(self)


class _Rows(type):
    """Make each class below NamedTuple a tuple of its annotated fields, in their order."""

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
        if not bases:
            return super().__new__(cls, name, bases, body)
        fields = tuple(body["__annotations__"])
        defaults = tuple(body.pop(field) for field in fields if field in body)
        getters = {field: field_at(place, "") for place, field in enumerate(fields)}
        named = {"_fields": fields, "__match_args__": fields, "__slots__": ()}

        def first(row: type, *values: object, **by_name: object) -> object:
            """Compile the constructor, let it take its place, and call it."""
            listed = ", ".join(fields)
            code = f"lambda _cls, {listed}: _new(_cls, ({listed},))"
            made = eval(code, {"_new": tuple.__new__})  # noqa: S307 -- the names of our own fields
            made.__defaults__ = defaults
            kind.__new__ = made  # type: ignore[method-assign]
            return made(row, *values, **by_name)

        kind = type(name, (_Row,), body | getters | named | {"__new__": first})
        return kind


class NamedTuple(metaclass=_Rows):
    """Base of the rows at run time."""


class _Words(type):
    """Make the words of a class below StrEnum its only instances, in their order."""

    _by_value: dict[str, Any]

    def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> _Words:
        words = {key: value for key, value in body.items() if not key.startswith("_")}
        kind = super().__new__(cls, name, bases, {**body, "_by_value": {}})
        for key, value in words.items():
            word: Any = str.__new__(kind, value)  # type: ignore[arg-type]
            word.name, word.value = key, value
            setattr(kind, key, word)
            kind._by_value[value] = word
        return kind

    def __call__(cls, value: object) -> Any:  # noqa: ANN401 - one of the class
        """Give the member with this value."""
        try:
            return cls._by_value[value]  # type: ignore[index]
        except KeyError:
            message = f"{value!r} is not a valid {cls.__qualname__}"
            raise ValueError(message) from None

    def __iter__(cls) -> Iterator[Any]:
        """Yield the members."""
        return iter(cls._by_value.values())

    def __len__(cls) -> int:
        """Count the members."""
        return len(cls._by_value)


class StrEnum(str, metaclass=_Words):
    """Base of such words at run time."""

    __slots__ = ("name", "value")

    def __repr__(self) -> str:
        """Show the class, the name and the value."""
        return f"<{type(self).__name__}.{self.name}: {self.value!r}>"  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[type, tuple[str]]:
        """Give what finds the same member, for copies and pickles."""
        return type(self), (str(self),)
