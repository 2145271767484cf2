"""What is remembered, and where, to text."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.screen import wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.core.model import Finding
    from plantrack.core.view import SyncView
    from plantrack.render.screen import Screen
    from plantrack.store.accounts import Balance
    from plantrack.store.recording import Description

_KIB = 1024
_LABEL, _CELL = 14, 12
_UNITS = ("items", "leaves", "milestones")
_SUM = "="
_LABELS = (  # of the amounts of an account, each with what it does to the sum
    ("added", " "),
    ("removed", "-"),
    ("present", _SUM),
    ("ticked", " "),
    ("unticked", "-"),
    ("arrived done", "+"),
    ("removed done", "-"),
    ("done", _SUM),
)


def sync(view: SyncView, screen: Screen) -> str:
    """Say what one refresh did."""
    read = words.number(view.read, "document")
    plans = f"{words.number(view.documents, 'document')} with a plan"
    gone = f", {view.gone} gone" if view.gone else ""
    told = [f"{read} read, {view.known} unchanged{gone}; {plans} ({view.milliseconds} ms)"]
    if view.unsettled:
        count = words.number(len(view.unsettled), "document")
        told.append(f"{count} being written just now: as recorded before")
    if not view.is_calm:
        told.append("git is at work here: what was seen now is not noted yet")
    return "\n".join(line for one in told for line in wrap(one, screen.width)) + "\n"


def check(
    description: Description,
    findings: Sequence[Finding],
    screen: Screen,
    books: Sequence[Balance] = (),
) -> str:
    """Say whether the database is sound, what it holds, and how its books stand."""
    lines = list(_description(description, screen, {one.top: one for one in books}))
    damages = [screen.say(f"{_kind(finding)}: {finding.message}") for finding in findings]
    lines += [screen.paint(damage, "bad") for damage in damages]
    lines += [] if damages else [screen.paint("sound", "good")]
    return "\n".join(lines) + "\n"


def _kind(finding: Finding) -> str:
    return "mended" if finding.code == "database-mended" else "damaged"


def _description(
    description: Description, screen: Screen, books_by_top: Mapping[str, Balance]
) -> Iterator[str]:
    yield screen.say(description.path or "in memory only, gone when the command ends")
    size = f"{-(-(description.bytes + description.log_bytes) // _KIB)} KiB"
    yield f"{size}, format {description.format}, SQLite {description.sqlite}"
    for top, documents, items in description.worktrees:
        holds = f"{words.number(documents, 'document')}, {words.number(items, 'item')}"
        yield screen.say(f"{top}: {holds}")
        if top in books_by_top:
            yield from _books(books_by_top[top], screen)


def _books(balance: Balance, screen: Screen) -> Iterator[str]:
    """Lay the books of a work tree out: what came, less what went, is what is there."""
    if not balance.accounts:
        yield "  its books are not added up while it is half read, or git is at work in it"
        return
    yield _row("", _UNITS)
    rows = zip(*(account.amounts for account in balance.accounts), strict=True)
    for (label, sign), amounts in zip(_LABELS, rows, strict=True):
        row = _row(f"{sign} {label}", map(str, amounts))
        yield screen.paint(row, "strong") if sign == _SUM else row


def _row(label: str, cells: Iterable[str]) -> str:
    return f"  {label:{_LABEL}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)
