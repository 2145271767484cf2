"""What is counted and what is found, as every layer hands it on."""

# Apart from the other terms, because words that are one of a few take longer to import than these.

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import NamedTuple
else:
    from plantrack.light import NamedTuple


class Count(NamedTuple):
    """Progress over something countable."""

    done: int
    total: int  # without what was dropped: the denominator
    dropped: int


class Finding(NamedTuple):
    """One problem or remark about a document; a value, never raised."""

    path: str  # relative to the repository's top folder, "/" separated; "" inside the core
    line: int  # 1-based; 0 speaks of the whole document
    code: str  # stable, kebab-case
    message: str


def add(counts: Iterable[Count]) -> Count:
    """Add counts up."""
    done = total = dropped = 0
    for count in counts:
        done += count.done
        total += count.total
        dropped += count.dropped
    return Count(done, total, dropped)
