"""What was measured to the marked parts of a page that people read."""

from __future__ import annotations

import re
from pathlib import Path

_END = "<!-- end -->"


def put(file: Path, name: str, text: str) -> None:
    """Replace the part of that name; what stands around it stays. Raises LookupError without."""
    whole = file.read_text(encoding="utf-8")
    part = re.compile(rf"(<!-- {re.escape(name)}: .*? -->\n).*?({_END})", re.DOTALL)
    if not part.search(whole):
        message = f"{file} has no part called {name}"
        raise LookupError(message)
    new = part.sub(lambda found: f"{found[1]}{text.rstrip()}\n{found[2]}", whole, count=1)
    file.write_text(new, encoding="utf-8")


def fenced(text: str) -> str:
    """Show text as it is."""
    return f"```text\n{text.rstrip()}\n```"
