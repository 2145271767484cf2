"""Commits to the Markdown files each of them changed."""

# Theory of operation
#
# 1. git compares each commit with its first parent, tree by tree. It is given no paths: matching
#    every entry of every tree there costs more than leaving out here what is no Markdown.
# 2. Renames are looked for in a second question, about the commits alone that both added and
#    removed Markdown, and among Markdown alone. So code that moves costs nothing, and only this
#    question needs what is in the files.
# 3. git ends at the first object it cannot read. How far its answers go tells where: the rest is
#    asked for again, in small portions that grow, until what it ends at stands alone.

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from plantrack.errors import PlaceError
from plantrack.repo import git
from plantrack.repo.files import waits
from plantrack.repo.stream import talk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from plantrack.repo.values import Place

    Entry = tuple[bytes, ...]  # what git says of a file, its path, its new path

PORTION = 4096  # commits asked about at a time
RENAME_LIMIT = 1000  # times as many pairs are compared by content; git's own default since 2.34

_DIFF = (
    "diff-tree",
    "--stdin",
    "--always",
    "-r",
    "--root",
    "--diff-merges=first-parent",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-ext-diff",
    "--no-relative",
    "--no-textconv",
)
PLAIN = (*_DIFF, "--no-renames")  # what commits changed, nothing run that a repository names
_MARKDOWN = ("--", ":(icase)*.md", ":(icase)*.markdown")
_RENAMES = (*_DIFF, "--diff-filter=R", f"-l{RENAME_LIMIT}")
_SIMILAR = (*_RENAMES, "--find-renames=50%", *_MARKDOWN)
_IDENTICAL = (*_RENAMES, "--find-renames=100%", *_MARKDOWN)

_REGULAR = b"100"  # how the mode of a file begins; those of links and submodules do not
_SUFFIXES = (b".md", b".markdown")
_LAST_LETTERS = frozenset({b"d", b"D", b"n", b"N"})
_NEVER_NAMES = frozenset({"", ".", "..", ".git"})  # in trees that git did not make


class FileChange(NamedTuple):
    """What happened to one Markdown file; a link or a submodule counts as no file."""

    status: str  # A added, M modified, D removed, R renamed and perhaps modified
    path: str  # the one that was removed, else the one that is there now
    path_before: str | None  # of R alone
    blob: str | None  # None: D
    blob_before: str | None  # None: A


class Answer(NamedTuple):
    """What git tells about one commit."""

    files: tuple[FileChange, ...]  # by path
    renames_known: bool  # False: only files that moved unchanged were recognised


def answers(place: Place, questions: Sequence[str]) -> Iterator[Answer]:
    """Answer in order, up to the first question that cannot be answered.

    A question is a commit, to be compared with its first parent (with nothing when it has none),
    or "COMMIT OTHER". Raises PlaceError when git cannot be started or does not answer in time.
    """
    for at in range(0, len(questions), PORTION):
        portion = questions[at : at + PORTION]
        compared = [_changes(entries) for entries in _told(place, PLAIN, portion)]
        moves_by_question = _moves(
            place,
            {
                question: changes
                for question, changes in zip(portion, compared, strict=False)
                if {"A", "D"} <= {change.status for change in changes}
            },
        )
        for question, changes in zip(portion, compared, strict=False):
            if question not in moves_by_question:
                yield Answer(tuple(changes), renames_known=True)
                continue
            moves, is_known = moves_by_question[question]
            yield Answer(_joined(changes, moves), is_known)
        if len(compared) < len(portion):
            return


def whole(place: Place, commit: str) -> tuple[FileChange, ...] | None:
    """Return every Markdown file of a commit as added, by path; None: they cannot be read."""
    try:
        output = git.run(place, "ls-tree", "-rz", "--full-tree", commit)
    except PlaceError:
        return None
    files = []
    for entry in output.split(b"\0"):
        meta, _, name = entry.partition(b"\t")
        if meta.startswith(_REGULAR) and _is_document(name):
            files.append(
                FileChange("A", os.fsdecode(name), None, meta.split(b" ")[2].decode(), None)
            )
    return tuple(files)


def _changes(entries: Iterable[Entry]) -> list[FileChange]:
    changes = []
    for meta, name in entries:
        mode_before, mode, old, new, _ = meta.decode().split(" ")
        before = old if mode_before.startswith(":100") else None
        blob = new if mode.startswith("100") else None
        if before != blob:  # equal: the mode alone changed, or it is no file before and after
            status = "A" if before is None else "D" if blob is None else "M"
            changes.append(FileChange(status, os.fsdecode(name), None, blob, before))
    return changes


def _joined(changes: Sequence[FileChange], moves: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Make one change of each removed and added pair; `moves`: the old path by the new one."""
    removed = {change.path: change for change in changes if change.status == "D"}
    joined = []
    for change in changes:
        gone = removed.pop(moves.get(change.path, ""), None) if change.status == "A" else None
        if gone is None:
            joined.append(change)
        else:
            joined.append(
                change._replace(status="R", path_before=gone.path, blob_before=gone.blob_before)
            )
    return tuple(change for change in joined if change.status != "D" or change.path in removed)


def _moves(
    place: Place, torn: Mapping[str, Sequence[FileChange]]
) -> dict[str, tuple[dict[str, str], bool]]:
    """Find by question (the old path by the new one; whether content was compared)."""
    found: dict[str, tuple[dict[str, str], bool]] = {}
    questions = list(torn)
    if questions:
        _refuse_what_waits(place, torn.values())
    compares_content = True
    while len(found) < len(questions):
        rest = questions[len(found) :]
        if compares_content:
            try:
                for question, entries in zip(rest, _told(place, _SIMILAR, rest), strict=False):
                    found[question] = (_pairs(entries), True)
            except PlaceError:  # it takes for ever: the others may as well
                compares_content = False
        if len(found) < len(questions):  # content that is not there, or too much of it
            question = questions[len(found)]
            found[question] = (_pairs(next(_told(place, _IDENTICAL, [question]), [])), False)
    return found


def _pairs(entries: Iterable[Entry]) -> dict[str, str]:
    return {os.fsdecode(new): os.fsdecode(old) for _, old, new in entries}


def _refuse_what_waits(place: Place, groups: Iterable[Sequence[FileChange]]) -> None:
    """Raise PlaceError where git, comparing content, would read attributes and wait for ever."""
    folders = {""}
    for changes in groups:
        for change in changes:
            folder = os.path.dirname(change.path)
            while folder not in folders:
                folders.add(folder)
                folder = os.path.dirname(folder)
    paths = [os.path.join(place.top, folder, ".gitattributes") for folder in sorted(folders)]
    for path in [f"{place.common_dir}/info/attributes", *paths]:
        if waits(path):
            message = f"{path} is no regular file, and git would wait for it for ever"
            raise PlaceError(message, "remove it")


def _told(place: Place, command: Sequence[str], questions: Sequence[str]) -> Iterator[list[Entry]]:
    """Yield for each question what git tells, and end before the first it cannot answer."""
    at, size = 0, len(questions)
    while portion := questions[at : at + size]:
        heard = _heard(place, command, portion)
        yield from heard
        at += len(heard)
        if len(heard) == len(portion):
            size *= 4
        elif size == 1:
            return
        else:
            size = 1


def _heard(place: Place, command: Sequence[str], questions: Sequence[str]) -> list[list[Entry]]:
    """Ask all at once; return what was answered completely, in order."""
    heard: list[list[Entry]] = []
    commits = [question.partition(" ")[0].encode() for question in questions]
    with talk(place, *command) as git_:
        git_.say("".join(f"{question}\n" for question in questions).encode())
        git_.finish()
        records = git_.records(b"\0")
        for record in records:
            if record.startswith(b":") and heard:
                names = [next(records, b"") for _ in range(2 if b" R" in record else 1)]
                if _is_document(names[-1]):
                    heard[-1].append((record, *names))
            elif record in commits[len(heard) : len(heard) + 1]:
                heard.append([])
            else:
                return heard  # it skipped one
        if not git_.is_complete():
            heard = heard[:-1]
    return heard


def _is_document(name: bytes) -> bool:
    """Tell whether a path in a tree is one of a Markdown file that can be in a work tree."""
    if name[-1:] not in _LAST_LETTERS or not name.lower().endswith(_SUFFIXES):
        return False
    return _NEVER_NAMES.isdisjoint(os.fsdecode(name).split("/"))
