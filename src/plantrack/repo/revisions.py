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
from plantrack.repo.changes import answers, whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from plantrack.repo.changes import Answer, FileChange
    from plantrack.repo.values import Place

LATEST_S = 253_402_300_799  # the last second of the year 9999
MAX_CHARS = 1000  # of an author or a subject; the rest is cut

_NEAR = 64  # commits that are looked through for a known one before the whole line is
_FREE_FAILURES = 2  # in a row, before commits are passed over unasked
_FAR = (1 << 31) - 1
_LONGEST = 4 * MAX_CHARS + 4  # bytes of a line: as many characters, whatever they are
_PARENTS = ("%P", "%ct")  # git leaves the line out where there is nothing at all
_DETAILS = ("%P", "%ct", "%at", "%an <%ae>", "%s")  # none of them breaks a line
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
    details: tuple[bytes, ...]  # what _DETAILS or _PARENTS gives

    @property
    def parent(self) -> str | None:
        return self.details[0].partition(b" ")[0].decode() or None


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
    for revision in _revisions(place, _records(place, head, since)):
        if revision.files or revision.gap or revision.commit == head:
            yield revision


def newest_known(place: Place, *, head: str | None, known: Collection[str]) -> str | None:
    """Return the newest commit on the line of `head` that is in `known` (a set); None: none is.

    Raises PlaceError when git refuses to read the repository.
    """
    if head is None or not known or not _can_ask(place):
        return None
    new = _records(place, head, known, _PARENTS)
    before = new[0].parent if new else head
    return before if before in known else None


def line_of(place: Place, head: str | None) -> tuple[str, ...]:
    """Return the commits of the line of `head`, oldest first; () where there is none.

    Raises PlaceError when git refuses to read the repository.
    """
    if head is None or not _can_ask(place):
        return ()
    return tuple(record.commit for record in _records(place, head, (), _PARENTS))


def _can_ask(place: Place) -> bool:
    return place.git_dir is not None and git.program() is not None


def _records(
    place: Place, head: str, since: Collection[str], details: Sequence[str] = _DETAILS
) -> list[_Record]:
    """Return the commits that follow a known one, oldest first."""
    for limit in (_NEAR, _FAR) if since else (_FAR,):
        walked = _walked(place, head, details, "--first-parent", f"--max-count={limit}")
        new = list(takewhile(lambda record: record.commit not in since, walked))
        if len(new) < len(walked):
            return new[::-1]
        if len(walked) < limit:
            break
    # Where the next commit cannot be read, git ends before it shows the last one that can.
    last = new[-1].parent if new else head
    if last and last not in since:
        new += _walked(place, last, details, "--no-walk", accepted=(0, 128) if new else (0,))
    return new[::-1]


def _walked(
    place: Place,
    start: str,
    details: Sequence[str],
    *options: str,
    accepted: tuple[int, ...] = (0, 128),
) -> list[_Record]:
    """Walk from a commit, newest first, as far as commits can be read."""
    assert _HEX.issuperset(start), start
    shape = f"--format={'%n'.join(details)}"
    command = ("rev-list", "--encoding=UTF-8", shape, *options, start, "--")
    lines = git.lines(place, *command, longest=_LONGEST, accepted=accepted)
    size = 1 + len(details)  # by turns: "commit NAME", and a line for each detail
    return [
        _Record(lines[at].removeprefix(b"commit ").decode(), tuple(lines[at + 1 : at + size]))
        for at in range(0, len(lines) - size + 1, size)
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
    commits = [record.commit for record in records]
    told: Iterable[Answer] = ()
    if not is_torn:
        told = answers(place, commits)
    elif good is not None:
        told = answers(place, [f"{commits[0]} {good}", *commits[1:]])
    is_first = True
    for record, answer in zip(records, told, strict=False):
        gap = "" if answer.renames_known else _NO_CONTENT
        revision = _revision(record, answer.files, gap)
        yield revision._replace(parent=good) if is_first and is_torn else revision
        is_first = False
    if is_first and good is None:
        files = whole(place, commits[0])
        if files is not None:
            yield _revision(records[0], files, _NO_PARENT)._replace(parent=None)


def _revision(record: _Record, files: tuple[FileChange, ...], gap: str) -> Revision:
    _, time, author_time, author, subject = record.details
    return Revision(
        commit=record.commit,
        parent=record.parent,
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
