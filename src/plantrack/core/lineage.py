"""The revisions of a repository to its documents and what happened to their items."""

# Theory of operation
#
# 1. A document keeps its identity through the renames git finds, through a rename and a rewrite in
#    one revision when number, stem or title agree, and through being deleted and restored at the same
#    path.
# 2. What a revision did follows from the state before it and its files alone. Any clone that reads
#    the same line of revisions, in one go or step by step, comes to the same ids and changes.
# 3. The state after a revision is a value; the work tree is a revision without a commit.

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from plantrack.core import changes, inline
from plantrack.core.change import Change, Gone, Tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plantrack.core.model import Plan


@dataclass(frozen=True, slots=True)
class FileDelta:
    """What a revision did to one Markdown file, and how the file reads now."""

    path_before: str | None  # None: it is new
    path: str | None  # None: it is gone
    plan: Plan | None  # None: gone, or no document (left out, a template, unreadable)


@dataclass(frozen=True, slots=True)
class Document:
    """One document through its versions."""

    id: str  # stable in every clone
    path: str  # where it stands, or stood last
    title: str
    tracked: Tracked | None  # None: it is gone
    gone: Mapping[str, Gone]  # items that were there once, by id


@dataclass(frozen=True, slots=True)
class DocumentStep:
    """What one revision did to one document."""

    document: Document  # after it
    path_before: str | None  # None: it was not there
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Every document of a line after one revision."""

    present: Mapping[str, Document] = field(default_factory=dict)  # by path
    absent: Mapping[str, Document] = field(default_factory=dict)  # by the path they stood at last


def advance(state: State, deltas: Sequence[FileDelta]) -> tuple[State, tuple[DocumentStep, ...]]:
    """Apply one revision; steps come in order of their paths, unchanged checklists included."""
    present, absent = dict(state.present), dict(state.absent)
    steps = []
    for delta in _paired(deltas, state):
        old = present.pop(delta.path_before, None) if delta.path_before else None
        path = delta.path or delta.path_before
        assert path is not None  # git names at least one side
        if old is None and delta.plan is None:
            continue
        if old is None and delta.plan is not None:
            old = absent.pop(path, None) or _first_seen(path, delta.plan, present, absent)
        assert old is not None
        taken = {item for document in present.values() for item in _ids_of(document)}
        done = changes.step(old.tracked, delta.plan, path, gone=old.gone, taken=taken)
        document = replace(
            old,
            path=path,
            title=delta.plan.title if delta.plan else old.title,
            tracked=done.tracked,
            gone=_gone_after(old.gone, done),
        )
        (present if done.tracked else absent)[path] = document
        before = old.path if old.tracked else None
        steps.append(DocumentStep(document, before, done.changes))
    return State(present, absent), tuple(sorted(steps, key=lambda step: step.document.path))


def _ids_of(document: Document) -> Iterable[str]:
    return document.tracked.ids if document.tracked else ()


def _gone_after(before: Mapping[str, Gone], done: changes.Step) -> Mapping[str, Gone]:
    back = {change.item for change in done.changes if change.before is None}
    kept = {item: gone for item, gone in before.items() if item not in back}
    kept.update((gone.item, gone) for gone in done.gone)
    return kept


def _first_seen(
    path: str, plan: Plan, present: Mapping[str, Document], absent: Mapping[str, Document]
) -> Document:
    known = {document.id for group in (present, absent) for document in group.values()}
    digest = blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    while digest in known:
        digest = blake2b(digest.encode(), digest_size=8).hexdigest()
    return Document(digest, path, plan.title, None, {})


# --- renames that git does not see --------------------------------------------------------------


def _paired(deltas: Sequence[FileDelta], state: State) -> Iterator[FileDelta]:
    """Join a deletion and an addition of one revision that are one document rewritten."""
    losses = [d for d in deltas if d.plan is None and d.path_before in state.present]
    gains = [d for d in deltas if d.path_before is None and d.plan is not None]
    joined: dict[str, FileDelta] = {}
    for gain in gains:
        assert gain.path is not None
        assert gain.plan is not None
        for loss in losses:
            assert loss.path_before is not None
            old = state.present[loss.path_before]
            if loss.path_before not in joined and _agree(old, gain.path, gain.plan):
                joined[loss.path_before] = replace(gain, path_before=loss.path_before)
                break
    taken = {delta.path for delta in joined.values()}
    for delta in deltas:
        if delta.path_before in joined and delta.plan is None:
            yield joined[delta.path_before]
        elif not (delta.path_before is None and delta.path in taken):
            yield delta


_NUMBER = re.compile(r"^(\d{2,})\b")
_PREFIX = re.compile(r"^\d+(?:-\d+)*[-_ ]*")


def _agree(old: Document, path: str, plan: Plan) -> bool:
    """Tell whether a lost and a new document have the number, the stem or the title in common."""
    old_name, new_name = _stem(old.path), _stem(path)
    if _PREFIX.sub("", old_name) == _PREFIX.sub("", new_name) != "tasks":
        return True
    numbers = _NUMBER.match(old_name), _NUMBER.match(new_name)
    same_number = numbers[0] and numbers[1] and numbers[0].group(1) == numbers[1].group(1)
    same_title = old.title and inline.plain(old.title) == inline.plain(plan.title)
    return bool(same_number and _words(old_name) & _words(new_name)) or bool(same_title)


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()


def _words(stem: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", stem))
