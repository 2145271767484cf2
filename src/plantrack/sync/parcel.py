"""Values to bytes and back: what goes over to another process, or is put by in this one."""

# Theory of operation
#
# 1. A value is a pickle by constructor and fields: the way of dataclasses with slots takes three
#    times as long. What a value has twice is in it once, and is one object afterwards as before.

from __future__ import annotations

import io
import pickle
from copyreg import dispatch_table
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Reduce = Callable[[Any], tuple[type, tuple[Any, ...]]]


def dump(value: object) -> bytes:
    """Write a value."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _WAYS
    pickler.dump(value)
    return file.getvalue()


def load(data: bytes) -> Any:  # noqa: ANN401 - whatever was given to dump
    """Read what dump wrote."""
    return pickle.loads(data)  # noqa: S301 - we wrote it


class _Ways(dict[type, Any]):
    """How values of a type are written; found when there is the first of them."""

    def __missing__(self, kind: type) -> Reduce:
        if hasattr(kind, "_fields"):  # a named tuple
            self[kind] = way = lambda one: (kind, tuple(one))
            return way
        if not is_dataclass(kind):
            raise KeyError(kind)  # as pickle does it
        names = [field.name for field in fields(kind)]
        self[kind] = way = _by_fields(kind, attrgetter(*names), is_single=len(names) == 1)
        return way


def _by_fields(kind: type, values: Callable[[Any], Any], *, is_single: bool) -> Reduce:
    if is_single:
        return lambda one: (kind, (values(one),))
    return lambda one: (kind, values(one))


_WAYS = _Ways(dispatch_table)
