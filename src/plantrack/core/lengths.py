"""A length of time as people write it to days."""

from __future__ import annotations

import re

FORMS = "60d, 8w, 3mo or 1y"

_LENGTH = re.compile(r"\s*(\d{1,5})\s*(d|days?|w|weeks?|mo|months?|y|years?)\s*")
_DAYS_BY_UNIT = {"d": 1, "w": 7, "m": 30, "y": 365}


def days(text: str) -> int | None:
    """Read a length in whole days, a month being 30 of them; None: it is none."""
    match = _LENGTH.fullmatch(text.lower())
    return int(match.group(1)) * _DAYS_BY_UNIT[match.group(2)[0]] if match else None
