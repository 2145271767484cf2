"""What is remembered, and where, to text."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.screen import wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.model import Finding
    from plantrack.core.view import SyncView
    from plantrack.render.screen import Screen
    from plantrack.store.recording import Description

_KIB = 1024


def sync(view: SyncView, screen: Screen) -> str:
    """Say what one refresh did."""
    read = words.number(view.read, "document")
    plans = f"{words.number(view.documents, 'document')} with a plan"
    gone = f", {view.gone} gone" if view.gone else ""
    told = f"{read} read, {view.known} unchanged{gone}; {plans} ({view.milliseconds} ms)"
    return "\n".join(wrap(told, screen.width)) + "\n"


def check(description: Description, findings: Sequence[Finding], screen: Screen) -> str:
    """Say whether the database is sound, and what it holds."""
    lines = list(_description(description, screen))
    damages = [screen.say(f"damaged: {finding.message}") for finding in findings]
    lines += [screen.paint(damage, "bad") for damage in damages]
    lines += [] if damages else [screen.paint("sound", "good")]
    return "\n".join(lines) + "\n"


def _description(description: Description, screen: Screen) -> Iterator[str]:
    yield screen.say(description.path or "in memory only, gone when the command ends")
    size = f"{-(-(description.bytes + description.log_bytes) // _KIB)} KiB"
    yield f"{size}, format {description.format}, SQLite {description.sqlite}"
    for top, documents, items in description.worktrees:
        holds = f"{words.number(documents, 'document')}, {words.number(items, 'item')}"
        yield screen.say(f"{top}: {holds}")
