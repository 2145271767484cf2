"""The revisions of a repository to its documents and what happened to their items."""

# Theory of operation
#
# 1. A document keeps its identity through the renames git finds, through a rename and a rewrite in
#    one revision when number, stem or title agree, and through being deleted and restored at the
#    same path.
# 2. What a revision did follows from the state before it and its files alone. Any clone that reads
#    the same line of revisions, in one go or step by step, comes to the same ids and changes.
# 3. The state after a revision is a value; the work tree is a revision without a commit.

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

from plantrack.core import changes, inline
from plantrack.core.change import Change, Gone, Tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

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
class Shelved:
    """A document that is known and fetched when it is needed."""

    id: str
    path: str
    title: str
    fetch: Callable[[], Document]


@dataclass(frozen=True, slots=True)
class DocumentStep:
    """What one revision did to one document."""

    document: Document  # after it
    path_before: str | None  # None: it was not there
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Every document of a line after one revision."""

    present: Mapping[str, Document | Shelved] = field(default_factory=dict)  # by path
    absent: Mapping[str, Document | Shelved] = field(default_factory=dict)  # by id, as they went
    # By path, the ids of documents that stood there once: their items have the ids that
    # new items there would get.
    stood: Mapping[str, frozenset[str]] = field(default_factory=dict)


def advance(state: State, deltas: Sequence[FileDelta]) -> tuple[State, tuple[DocumentStep, ...]]:
    """Apply one revision; steps come in order of their paths, unchanged checklists included."""
    present, absent, stood = dict(state.present), dict(state.absent), dict(state.stood)
    pairs = sorted(_paired(deltas, state), key=_place_of)
    leaving = {}
    for delta in pairs:  # all of them first: paths may be swapped
        if delta.path_before in present:
            held = leaving[delta.path_before] = present.pop(delta.path_before)
            if delta.path != held.path or delta.plan is None:
                stood[held.path] = stood.get(held.path, frozenset()) | {held.id}
    steps = []
    for delta in pairs:
        before = leaving.get(delta.path_before) if delta.path_before else None
        path = _place_of(delta)
        if before is None and delta.plan is None:
            continue
        held = before or _found_again(path, absent) or _first_seen(path, stood)
        old = held.fetch() if isinstance(held, Shelved) else held
        taken = _Taken(state, stood.get(path, frozenset()) - {old.id})
        done = changes.step(old.tracked, delta.plan, path, gone=old.gone, taken=taken)
        document = replace(
            old,
            path=path,
            title=delta.plan.title if delta.plan else old.title,
            tracked=done.tracked,
            gone=_gone_after(old.gone, done),
        )
        if done.tracked:
            present[path] = document
        else:
            absent[document.id] = document
        steps.append(DocumentStep(document, before.path if before else None, done.changes))
    return State(present, absent, stood), tuple(steps)


def _place_of(delta: FileDelta) -> str:
    path = delta.path or delta.path_before
    assert path is not None  # git names at least one side
    return path


def _gone_after(before: Mapping[str, Gone], done: changes.Step) -> Mapping[str, Gone]:
    if not done.gone and not before:
        return before
    back = {change.item for change in done.changes if change.before is None}
    kept = {item: gone for item, gone in before.items() if item not in back}
    kept.update((gone.item, gone) for gone in done.gone)
    return kept


def _found_again(path: str, absent: dict[str, Document | Shelved]) -> Document | Shelved | None:
    """Take the document that stood here last off the absent ones."""
    for document in reversed(absent.values()):
        if document.path == path:
            return absent.pop(document.id)
    return None


def _first_seen(path: str, stood: Mapping[str, frozenset[str]]) -> Document:
    known = stood.get(path, frozenset())
    digest = blake2b(path.encode("utf-8", "surrogateescape"), digest_size=8).hexdigest()
    while digest in known:
        digest = blake2b(digest.encode(), digest_size=8).hexdigest()
    return Document(digest, path, "", None, {})


class _Taken:
    """The ids of items of some documents, looked up only when an id is to be given."""

    def __init__(self, state: State, documents: frozenset[str]) -> None:
        self._state = state
        self._documents = documents
        self._ids: set[str] | None = None

    def __contains__(self, item: object) -> bool:
        if not self._documents:
            return False
        if self._ids is None:
            self._ids = set()
            held = [*self._state.present.values(), *self._state.absent.values()]
            for one in held:
                if one.id in self._documents:
                    document = one.fetch() if isinstance(one, Shelved) else one
                    self._ids.update(document.gone)
                    self._ids.update(document.tracked.ids if document.tracked else ())
        return item in self._ids


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


def _agree(old: Document | Shelved, path: str, plan: Plan) -> bool:
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
