"""Cyclic garbage, looked for less often while much is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Between two looks: with the usual 700 these take a tenth of the time.
ALLOCATIONS = 50_000


@contextmanager
def rarely_collecting() -> Iterator[None]:
    """Look for cyclic garbage less often: plans are many small values, and none is cyclic."""
    threshold = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS, *threshold[1:])
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
