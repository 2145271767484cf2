"""What happened, in the few words and signs every medium shows it with; nothing is cleaned here."""

from __future__ import annotations

from plantrack.core.change import ChangeKind, Reason
from plantrack.core.model import State
from plantrack.render import words

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from plantrack.core.past_view import DiffItem, RevisionView

COMMIT_CHARS = 9
WORK_TREE = "work tree"
UNCOMMITTED = "not committed"

_MARKS = {State.TODO: "[ ]", State.DOING: "[~]", State.DONE: "[x]", State.DROPPED: "[-]"}
_WORDS = {
    (ChangeKind.ADDED, Reason.ARRIVED_DONE): "arrived done",
    (ChangeKind.ADDED, Reason.RESTORED): "restored",
    (ChangeKind.ADDED, Reason.SPLIT): "split off",
    (ChangeKind.REMOVED, Reason.CUT): "cut",
    (ChangeKind.REMOVED, Reason.FINALISED): "finalised",
    (ChangeKind.REMOVED, Reason.REWRITTEN): "rewritten",
    (ChangeKind.REMOVED, Reason.DOCUMENT_REMOVED): "removed",
}
_STYLES = {"ticked": "good", "arrived done": "good", "unticked": "warn", "cut": "warn"}


def happened(kind: ChangeKind, reason: Reason, after: State | None = None) -> str:
    """Say in a word or two what happened; `after` is the state it led to."""
    if kind is ChangeKind.MARKED:
        return {State.DROPPED: "dropped", State.DOING: "started"}.get(after or State.TODO, "marked")
    return _WORDS.get((kind, reason), str(kind))


def item_happened(item: DiffItem) -> str:
    """Say the same of an item in two versions, whatever happened to it; "" nothing."""
    return " + ".join(happened(kind, item.reason, item.state_after) for kind in item.kinds)


def style(word: str) -> str:
    """Choose the style of such a word."""
    return _STYLES.get(word.partition(" +")[0], "")


def mark(state: State | None) -> str:
    """Draw the box of a state; None: it is not there."""
    return _MARKS[state] if state else "   "


def short(commit: str | None) -> str:
    """Shorten a commit's id for people; "" for none."""
    return (commit or "")[:COMMIT_CHARS]


def who(author: str) -> str:
    """Leave off an author's mail address, unless there is nothing else."""
    name, _, mail = author.rpartition("<")
    return name.strip() or mail.rstrip("> ")


def revision(view: RevisionView) -> str:
    """Name a revision by its commit, or say that it is none."""
    if view.commit:
        return short(view.commit)
    return UNCOMMITTED if view.is_present else "seen"


def text(before: str | None, after: str | None) -> str:
    """Give the newest text of an item without its marks of emphasis."""
    return words.plain(after if after is not None else before or "")


def end(name: str, commit: str | None) -> str:
    """Name an end of a comparison."""
    if commit is None:
        return f"{name} (no commit yet)" if name else WORK_TREE
    return name if commit.startswith(name) else f"{name} ({short(commit)})"
