"""The parts of the soak: each module here has one `PART`, or several `PARTS`."""

from __future__ import annotations

import importlib
import pkgutil

from soak.part import Part


def found() -> tuple[Part, ...]:
    """Give all parts, by the names of their modules."""
    parts: list[Part] = []
    for module in sorted(one.name for one in pkgutil.iter_modules(__path__)):
        there = vars(importlib.import_module(f"{__name__}.{module}"))
        parts += there["PARTS"] if "PARTS" in there else [there["PART"]]
    return tuple(parts)
