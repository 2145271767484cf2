"""The revisions of a repository to its documents and what happened to their items."""

# Theory of operation
#
# 1. A document keeps its identity through the renames git finds, through a rename and a rewrite in
#    one revision when name, number or title agree, and through being deleted and restored at the
#    same path. Where many documents have the same file name, a document goes by its folder.
# 2. What a revision did follows from the state before it and its files alone. Any clone that reads
#    the same line of revisions, in one go or step by step, comes to the same ids and changes.
# 3. The state after a revision is a value; the work tree is a revision without a commit.

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from plantrack.core import changes, inline
from plantrack.core.change import Change, Gone, Tracked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.model import Plan
    from plantrack.core.reconcile import Paired


class Matched(NamedTuple):
    """How the items of a version are known to go on in the next one."""

    plan: Plan  # of the older version
    paired: Paired

    def of(self, old: Tracked | None) -> Paired | None:
        """Give the pairs if it was this version; None: it was another one."""
        return self.paired if old and old.plan is self.plan else None


@dataclass(frozen=True, slots=True)
class FileDelta:
    """What a revision did to one Markdown file, and how the file reads now."""

    path_before: str | None  # None: it is new
    path: str | None  # None: it is gone
    plan: Plan | None  # None: gone, or no document (left out, a template, unreadable)
    is_stub: bool = False  # new and without boxes: no document, unless a lost one goes on in it
    matched: Matched | None = None  # what is known already of how it came about


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
        paired = delta.matched.of(old.tracked) if delta.matched else None
        done = changes.step(
            old.tracked, delta.plan, path, gone=old.gone, taken=taken, paired=paired
        )
        title = delta.plan.title if delta.plan else old.title
        document = Document(old.id, path, title, done.tracked, _gone_after(old.gone, done))
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
    is_lost = any(delta.plan is None for delta in deltas)
    joined = _joined(deltas, state) if is_lost else {}
    taken = {delta.path for delta in joined.values()}
    for delta in deltas:
        if delta.plan is None and delta.path_before in joined:
            yield replace(joined[delta.path_before], path_before=delta.path_before)
        elif delta.path_before is not None or not (delta.is_stub or delta.path in taken):
            yield delta


def _joined(deltas: Sequence[FileDelta], state: State) -> dict[str | None, FileDelta]:
    """Find the new files in which lost documents go on, by path; the surest agreement first."""
    gone = [d.path_before for d in deltas if d.plan is None and d.path_before in state.present]
    lost = {path: state.present[path].title for path in gone if path}
    new = {d.path: d for d in deltas if d.path and d.plan and not d.path_before}
    titles = {path: delta.plan.title for path, delta in new.items() if delta.plan}
    found: dict[str | None, FileDelta] = {}
    for keys in (_by_name, _by_number, _by_title) if lost else ():
        taken = {delta.path for delta in found.values()}
        olds, news = _by_key(keys, lost, found), _by_key(keys, titles, taken)
        for key, paths in olds.items():
            near = news.get(key, [])
            if len(near) > 1:
                near = [path for path in near if _folder(path) == _folder(paths[0])]
            # in doubt a document ends, and another one begins
            if len(paths) == len(near) == 1 and paths[0] not in found and near[0] not in taken:
                found[paths[0]] = new[near[0]]
                taken.add(near[0])
    return found


def _by_key(
    keys: Callable[[str, str], Iterator[str]], titles: Mapping[str, str], but: Container[str | None]
) -> dict[str, list[str]]:
    """Group paths by what they can be known by; `titles` are those of the documents, by path."""
    found: dict[str, list[str]] = {}
    for path in sorted(titles):
        for key in keys(path, titles[path]) if path not in but else ():
            found.setdefault(key, []).append(path)
    return found


_SHARED = frozenset({"design", "index", "plan", "readme", "spec", "tasks", "todo"})  # file names
_DATE = re.compile(r"^\d{4}-\d\d-\d\d[-_ ]*")
_NUMBER = re.compile(r"^\d{2,}\b")
_PREFIX = re.compile(r"^\d+(?:-\d+)*[-_ ]*")


def _by_name(path: str, _: str) -> Iterator[str]:
    if name := _PREFIX.sub("", _name(path)):
        yield name


def _by_number(path: str, _: str) -> Iterator[str]:
    name = _name(path)
    if number := _NUMBER.match(name):
        yield from (f"{number[0]} {word}" for word in sorted(set(_WORD.findall(name))))


_WORD = re.compile(r"[a-z]{3,}")


def _by_title(path: str, title: str) -> Iterator[str]:
    if title and _file(path) not in _SHARED:
        yield inline.plain(title)


def _name(path: str) -> str:
    """Give what a document goes by, without a date before it."""
    folder = _folder(path).rsplit("/", 1)[-1].lower()
    return _DATE.sub("", folder if folder and _file(path) in _SHARED else _file(path))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _file(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
