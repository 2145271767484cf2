"""What happened, in the few words and signs every medium shows it with; nothing is cleaned here."""

from __future__ import annotations

from collections import Counter

from plantrack.core.change import ChangeKind, Reason
from plantrack.core.model import State
from plantrack.render import words

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plantrack.core.past_view import ChangeView, DiffItem, RevisionView

COMMIT_CHARS = 8
WORK_TREE = "work tree"
UNCOMMITTED = "not committed"
FINALISED = "finalised"

_MARKS = {State.TODO: "[ ]", State.DOING: "[~]", State.DONE: "[x]", State.DROPPED: "[-]"}
_WORDS = {
    (ChangeKind.ADDED, Reason.ARRIVED_DONE): "arrived done",
    (ChangeKind.ADDED, Reason.RESTORED): "restored",
    (ChangeKind.ADDED, Reason.SPLIT): "split off",
    (ChangeKind.REMOVED, Reason.CUT): "cut",
    (ChangeKind.REMOVED, Reason.FINALISED): FINALISED,
    (ChangeKind.REMOVED, Reason.REWRITTEN): "rewritten",
    (ChangeKind.REMOVED, Reason.DOCUMENT_REMOVED): "removed",
}
_JOINT = ", "
_ORDER = (
    "ticked",
    "arrived done",
    "unticked",
    "started",
    "dropped",
    "marked",
    "added",
    "split off",
    "restored",
    "expanded",
    "collapsed",
    "reworded",
    "moved",
)  # what is gone comes last
_STYLES = {"ticked": "good", "arrived done": "good", "unticked": "warn", "cut": "warn"}


def happened(kind: ChangeKind, reason: Reason, after: State | None = None) -> str:
    """Say in a word or two what happened; `after` is the state it led to."""
    if kind is ChangeKind.MARKED:
        return {State.DROPPED: "dropped", State.DOING: "started"}.get(after or State.TODO, "marked")
    return _WORDS.get((kind, reason), str(kind))


def item_happened(item: DiffItem) -> str:
    """Say the same of an item in two versions, whatever happened to it; "" nothing."""
    return _joined(
        [happened(kind, item.reason, item.state_after) for kind in item.kinds], was=item_was(item)
    )


def item_was(item: DiffItem) -> str:
    """Give the text an item had before it was reworded; "" where it was not, or only its marks."""
    return _was(item.text_before, item.text_after)


def all_happened(changes: Sequence[ChangeView]) -> str:
    """Say the same of what one revision did to one item, in the order it was done."""
    if not changes[1:]:  # as most are
        return happened(changes[0].kind, changes[0].reason, changes[0].state_after)
    found = [happened(one.kind, one.reason, one.state_after) for one in changes]
    return _joined(found, was=all_was(changes))


def all_was(changes: Sequence[ChangeView]) -> str:
    """Give the text an item had before one revision reworded it; "" as for `item_was`."""
    if any(one.kind is ChangeKind.REWORDED for one in changes):
        return _was(changes[0].text_before, changes[-1].text_after)
    return ""


def notes(changes: Iterable[ChangeView]) -> tuple[str, ...]:
    """Give what was said of changes of one item, each once."""
    return tuple(dict.fromkeys(change.note for change in changes if change.note))


def summary(told: Iterable[str]) -> str:
    """Count what happened, in any order, to a list; "" where nothing did."""
    counts = Counter(word for one in told for word in one.split(_JOINT) if word)
    found = sorted(counts, key=lambda word: (_ORDER.index(word) if word in _ORDER else 99, word))
    return _JOINT.join(f"{counts[word]} {word}" for word in found)


def _joined(found: Sequence[str], *, was: str) -> str:
    """Join words; that an item was reworded is plain to see where its old text is shown."""
    told = [word for word in found if word != ChangeKind.REWORDED or not (was and found[1:])]
    return _JOINT.join(dict.fromkeys(told))


def _was(before: str | None, after: str | None) -> str:
    if before is None or after is None:
        return ""
    was = words.plain(before)
    return "" if was == words.plain(after) else was


def style(word: str) -> str:
    """Choose the style of such a word."""
    return _STYLES.get(word.partition(_JOINT)[0], "")


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
