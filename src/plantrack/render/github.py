"""What a check found to GitHub's workflow commands, which become annotations of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.clean import clean
from plantrack.core.lint.rule import Severity

if TYPE_CHECKING:
    from plantrack.core.check_view import CheckView, Found

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_MOST_CHARS = 1000  # of a message


def check(view: CheckView) -> str:
    """Write a command a finding; nothing where nothing was found."""
    return "".join(f"{_command(one)}\n" for one in view.found)


def _command(one: Found) -> str:
    where = {"file": one.path, "line": str(one.line or 1), "title": f"plantrack {one.code}"}
    told = ",".join(f"{key}={_shown(text, _IN_PROPERTY)}" for key, text in where.items())
    return f"::{_COMMANDS[one.severity]} {told}::{_shown(one.message[:_MOST_CHARS], _IN_TEXT)}"


def _shown(text: str, escapes: dict[int, str]) -> str:
    return clean(text).translate(escapes)
