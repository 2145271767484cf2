"""A configuration file of git's to the settings in it, as text: nothing is included or run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = re.compile(r'\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_COMMENTS = "#;"


class Setting(NamedTuple):
    """One line."""

    section: str  # in lower case
    part: str  # what stands in quotes behind it; ""
    name: str  # in lower case
    value: str  # without quotes and comments; "" where there is none


def settings(text: str) -> Iterator[Setting]:
    """Yield every setting, in order."""
    section, part = "", ""
    for line in text.replace("\\\n", "").splitlines():
        rest = line.strip()
        found = _SECTION.match(rest)
        if found is not None:
            section, part = found[1].lower(), found[2] or ""
            rest = rest[found.end() :].strip()
        name, _, value = rest.partition("=")
        if name and name[0] not in _COMMENTS:
            yield Setting(section, part, name.strip().lower(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    """Take quotes and comments off a value."""
    found, in_quotes, at = "", False, 0
    while at < len(value):
        sign = value[at]
        if sign == '"':
            in_quotes = not in_quotes
        elif sign == "\\" and at + 1 < len(value):
            at += 1
            found += value[at]
        elif sign in _COMMENTS and not in_quotes:
            break
        else:
            found += sign
        at += 1
    return found.strip()
