"""The first-parent line of a commit to its revisions, oldest first."""

# Theory of operation
#
# 1. A line is a commit, its first parent, that one's first parent, and so on. Its order is that of
#    the parents; dates decide nothing. Nothing that differs from clone to clone is heeded: no
#    replaced objects, no grafts, no configuration.
# 2. The line is walked back to the first known commit, which takes no trees, and then compared
#    forward, which does.
# 3. A merge is one revision: what differs from its first parent came with it.
# 4. What cannot be read is passed over, and the next commit that can be read is compared with the
#    last one before it. Replaying all files of all revisions gives the tree of the last one.
# 5. Where much is missing git is not asked about every commit: each failure in a row doubles how
#    many are passed over unasked.

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from plantrack.repo import git
from plantrack.repo.changes import FileChange, answers, whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from plantrack.repo.values import Place

LATEST_S = 253_402_300_799  # the last second of the year 9999
MAX_CHARS = 1000  # of an author or a subject; the rest is cut

_NEAR = 64  # commits that are looked through for a known one before the whole line is
_FREE_FAILURES = 2  # in a row, before commits are passed over unasked
_FORMAT = "--format=%P%x00%ct%x00%at%x00%an <%ae>%x00%s"
_HEX = frozenset("0123456789abcdef")

_UNREADABLE = "its files cannot be read"
_NO_PARENT = "the commit before it cannot be read: every file counts as added"
_NO_CONTENT = "some content cannot be read: renamed files that also changed are not recognised"


class Revision(NamedTuple):
    """One commit of a line, and what it did to Markdown files."""

    commit: str
    parent: str | None  # what `files` is a comparison with; None: with nothing, so it is all files
    time: int  # of the committer, Unix seconds, 0 where none is recorded
    author_time: int  # as above
    author: str  # "name <mail>" as recorded, bytes that are no UTF-8 as surrogates; "" without one
    subject: str  # first paragraph of the message, on one line, decoded like author
    files: tuple[FileChange, ...]  # by path
    gap: str  # why `files` is not all there is to say; "": it is


class _Record(NamedTuple):
    commit: str
    details: bytes  # in the order of _FORMAT


def read_line(
    place: Place, *, head: str | None, since: Collection[str] = frozenset()
) -> Iterator[Revision]:
    """Yield the revisions of the line of `head` that follow the newest one in `since` (a set).

    Oldest first; commits that touch no Markdown are left out, but never `head` itself, so that it
    is known next time. Nothing outside git, before the first commit, and when `head` is known.
    Raises PlaceError when git refuses to read the repository or does not answer in time.
    """
    if head is None or head in since or not _can_ask(place):
        return
    records = _new_records(place, head, since)
    for revision in _revisions(place, records):
        if revision.files or revision.gap or revision.commit == head:
            yield revision


def newest_known(place: Place, *, head: str | None, known: Collection[str]) -> str | None:
    """Return the newest commit on the line of `head` that is in `known` (a set); None: none is.

    Raises PlaceError when git refuses to read the repository.
    """
    if head is None or not known or not _can_ask(place):
        return None
    if head in known:
        return head
    for options in ((f"--max-count={_NEAR}",), ()):
        for commit in _walked(place, head, *options).decode().split():
            if commit in known:
                return commit
    return None


def line_of(place: Place, head: str | None) -> tuple[str, ...]:
    """Return the commits of the line of `head`, oldest first; () where there is none.

    Raises PlaceError when git refuses to read the repository.
    """
    if head is None or not _can_ask(place):
        return ()
    return tuple(reversed(_walked(place, head).decode().split()))


def _can_ask(place: Place) -> bool:
    return place.git_dir is not None and git.program() is not None


def _new_records(place: Place, head: str, since: Collection[str]) -> list[_Record]:
    """Return the commits that are not known yet, oldest first."""
    if since:
        near = _records(_walked(place, head, _FORMAT, f"--max-count={_NEAR}"))
        new = list(takewhile(lambda record: record.commit not in since, near))
        if len(new) < _NEAR:
            return new[::-1]
    records = _records(_walked(place, head, _FORMAT))
    return list(takewhile(lambda record: record.commit not in since, records))[::-1]


def _walked(place: Place, head: str, *options: str) -> bytes:
    """Walk the line, newest first, as far as it can be read."""
    assert _HEX.issuperset(head), head
    command = ("rev-list", "--first-parent", "--encoding=UTF-8", *options)
    # 128: an older commit is missing or damaged.
    return git.run(place, *command, head, "--", accepted=(0, 128)) or git.run(
        place, *command, head, "--"
    )


def _records(walked: bytes) -> list[_Record]:
    """Read the lines "commit NAME" and details by turns."""
    lines = walked.split(b"\n")
    return [
        _Record(name.removeprefix(b"commit ").decode(), details)
        for name, details in zip(lines[0::2], lines[1::2], strict=False)
    ]


def _revisions(place: Place, records: Sequence[_Record]) -> Iterator[Revision]:
    at = failures = 0
    good: str | None = None  # the newest commit that could be read
    while at < len(records):
        was_at = at
        for revision in _readable(place, records[at:], good, is_torn=failures > 0):
            yield revision
            good, failures, at = revision.commit, 0, at + 1
        if at > was_at:
            continue
        failures += 1
        passed = 1 if failures <= _FREE_FAILURES else 1 << (failures - _FREE_FAILURES)
        end = max(at + 1, min(at + passed, len(records) - 1))  # the last one is always tried
        yield from (_revision(record, (), _UNREADABLE) for record in records[at:end])
        at = end


def _readable(
    place: Place, records: Sequence[_Record], good: str | None, *, is_torn: bool
) -> Iterator[Revision]:
    """Yield revisions, but maybe not all that can be read; none: the first one cannot.

    `is_torn`: commits between `good` and the first one were passed over.
    """
    first = records[0]
    questions = [record.commit for record in records]
    if is_torn and good is not None:
        questions[0] += f" {good}"
    is_alone = is_torn and good is None
    told = iter(()) if is_alone else answers(place, questions)
    is_first = True
    for record, answer in zip(records, told, strict=False):
        gap = "" if answer.renames_known else _NO_CONTENT
        revision = _revision(record, answer.files, gap)
        yield revision._replace(parent=good) if is_first and is_torn else revision
        is_first = False
    if is_first and good is None:
        files = whole(place, first.commit)
        if files is not None:
            yield _revision(first, files, _NO_PARENT)._replace(parent=None)


def _revision(record: _Record, files: tuple[FileChange, ...], gap: str) -> Revision:
    parents, time, author_time, author, subject = record.details.split(b"\0", 4)
    return Revision(
        commit=record.commit,
        parent=parents.decode().partition(" ")[0] or None,
        time=_seconds(time),
        author_time=_seconds(author_time),
        author=_words(author).removeprefix(" <>").strip(),
        subject=_words(subject),
        files=files,
        gap=gap,
    )


def _seconds(digits: bytes) -> int:
    return min(int(digits), LATEST_S) if digits.isdigit() else 0


def _words(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")[:MAX_CHARS]
