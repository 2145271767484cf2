"""The memory and git to what drifted apart: ticks that came alone, files that came unticked."""

# Theory of operation
#
# 1. Whose box was ticked when is known from the history; git is asked what else that commit
#    touched. A merge counts as one commit. Where a repository holds nothing but documents, that
#    tells nothing.
# 2. A file that an open box names has landed when it is there, and came after the box. A name
#    without a folder has to fit one file; a box that names a file which is
#    not there has not landed.

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.change import ChangeKind
from plantrack.core.lint.around import Landing, LoneTick
from plantrack.core.lint.drift import named_files
from plantrack.core.model import State
from plantrack.core.progress import OPEN
from plantrack.repo import revisions, touched
from plantrack.repo.wanted import is_document_name
from plantrack.store.chronicle import Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from plantrack.core.model import Node
    from plantrack.repo import Place
    from plantrack.store import Store
    from plantrack.store.chronicle import Entry

_MOST_CHARS = 80  # of a subject


def ticks(store: Store, place: Place, paths: Iterable[str]) -> dict[str, tuple[LoneTick, ...]]:
    """Find the ticks that came in commits which touched nothing but their document, by path."""
    head = repo.read_head(place).commit
    if head is None or all(map(is_document_name, touched.files_of(place, head))):
        return {}
    last: dict[str, Entry] = {}
    for entry in store.past.changes(Query(kinds=(ChangeKind.TICKED,))):
        last[entry.change.item] = entry
    held = {path: tuple(_nodes(store, path)) for path in paths}
    ticked = {
        path: [(node, last[key]) for key, node in pairs if node.state is State.DONE and key in last]
        for path, pairs in held.items()
    }
    commits = {
        entry.revision.commit
        for pairs in ticked.values()
        for _, entry in pairs
        if entry.revision.commit
    }
    alone = {
        commit
        for commit, files in touched.touched(place, sorted(commits)).items()
        if len(files) == 1
    }
    return {
        path: tuple(
            LoneTick(node.line, entry.revision.commit, entry.revision.subject[:_MOST_CHARS])
            for node, entry in pairs
            if entry.revision.commit in alone
        )
        for path, pairs in ticked.items()
    }


def landings(store: Store, place: Place, paths: Iterable[str]) -> dict[str, tuple[Landing, ...]]:
    """Find the files that open boxes name and that came after them, by path of the document."""
    head = repo.read_head(place).commit
    if head is None:
        return {}
    line = revisions.line_of(place, head)
    place_by_commit = {commit: at for at, commit in enumerate(line)}
    came: dict[str, str] = {}
    for commit, files in touched.added(place, line).items():
        came.update(dict.fromkeys(files, commit))
    written = {
        entry.change.item: place_by_commit.get(entry.revision.commit or "", len(line))
        for entry in store.past.changes(Query(kinds=(ChangeKind.ADDED,)))
    }
    names = _Names(touched.files_of(place, head))
    found: dict[str, tuple[Landing, ...]] = {}
    for path in paths:
        landed: list[Landing] = []
        for key, node in _nodes(store, path):
            if node.is_leaf and node.state in OPEN and key in written:
                since = written[key]
                files = names.all_of(named_files(node.text), path)
                landed += (
                    Landing(node.line, file, came[file])
                    for file in files
                    if file in came and place_by_commit[came[file]] > since
                )
        found[path] = tuple(landed)
    return found


class _Names:
    """The files of a commit, to be found by what people call them."""

    def __init__(self, files: Sequence[str]) -> None:
        self._by_base: dict[str, list[str]] = {}
        for file in files:
            self._by_base.setdefault(file.rpartition("/")[2], []).append(file)

    def all_of(self, names: Sequence[str], path: str) -> tuple[str, ...]:
        """Find the files that are named; () when one of them is not there, or fits several."""
        found = [self._one(name) for name in names]
        return tuple(file for file in found if file != path) if all(found) else ()

    def _one(self, name: str) -> str:
        same = self._by_base.get(name.rpartition("/")[2], ())
        fitting = [file for file in same if file == name or file.endswith(f"/{name}")]
        return fitting[0] if len(fitting) == 1 else ""


def _nodes(store: Store, path: str) -> Iterator[tuple[str, Node]]:
    """Yield id and node of everything with a box in a document's plan."""
    tree = store.tree(path)
    if tree is None:
        return
    nodes = (node for section in tree.sections for node in section.walk())
    for key, node in zip(tree.ids, nodes, strict=True):
        if node.mark is not None:
            yield key, node
