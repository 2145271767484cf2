"""One database to the time in which no other process writes it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.store.latch import Latch


@contextmanager
def alone(latch: Latch | None) -> Iterator[None]:
    """Hold a latch over several writes; where it cannot be taken, nobody is kept from anything.

    Raises DatabaseError when another process keeps it for too long.
    """
    try:
        held = latch.__enter__() if latch is not None else None
    except OSError:  # a memory that cannot be written: nobody records in it
        held = None
    try:
        yield
    finally:
        if held is not None:
            held.__exit__()
