"""Blob names to their bytes, out of git's object database."""

# Theory of operation
#
# 1. Two gits run side by side for as long as the reader is open: one tells sizes, the other one
#    hands out contents. A size is asked first because git holds a whole blob in memory to print it,
#    and a few bytes in a repository can stand for gigabytes.
# 2. Names go out a group ahead of the answers, so that git works while the caller does.
# 3. git ends when it meets an object it cannot read. It is started again and asked for the rest;
#    when it ends once more at the same name, that one is left out.
# 4. In a clone that left objects on the server, that would be once for each of them. There, git is
#    asked first for a list of what it has.

from __future__ import annotations

from collections import deque
from contextlib import ExitStack, suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, Self

from plantrack.errors import PlaceError
from plantrack.repo import git
from plantrack.repo.state import is_partial
from plantrack.repo.stream import talk

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from types import TracebackType

    from plantrack.repo.stream import Talk
    from plantrack.repo.values import Place

MAX_ENDS = 200  # of git without one answer: then it is not worth starting again

_GROUP = 256  # names asked for at a time
_HEADER_BYTES = 256
_HEX = frozenset("0123456789abcdef")
_NOT_THERE = "not in this clone of the repository, or damaged"


class Unread(NamedTuple):
    """A blob that was asked for and not read."""

    blob: str
    reason: str


class Blobs:
    """An open reader of blobs; to be used in a `with` statement."""

    def __init__(self, place: Place, *, max_bytes: int) -> None:
        """Read from the repository of `place`; a blob longer than `max_bytes` is left unread."""
        self._place = place
        self._max_bytes = max_bytes
        self._partial = is_partial(place)
        self._sizes = _Desk(place, "--batch-check")
        self._contents = _Desk(place, "--batch")
        self._reason_by_blob: dict[str, str] = {}
        self._is_reading = False

    def __enter__(self) -> Self:
        """Start nothing yet: the first read does."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End both gits."""
        self._sizes.close()
        self._contents.close()

    @property
    def unread(self) -> tuple[Unread, ...]:
        """What could not be read so far, each blob once."""
        return tuple(Unread(*pair) for pair in self._reason_by_blob.items())

    def read(self, blobs: Iterable[str]) -> Generator[tuple[str, bytes | None]]:
        """Yield (name, content) in the order asked for; None: `unread` says why.

        One reading at a time: finish it or close it before the next. Raises PlaceError when git
        cannot be started or does not answer in time.
        """
        assert not self._is_reading, "another reading is under way"
        self._is_reading = True
        names = iter(blobs)
        ahead: deque[list[tuple[str, bool]]] = deque()
        try:
            while group := list(islice(names, _GROUP)):
                ahead.append(self._asked(group))
                if len(ahead) > 1:
                    yield from self._answers(ahead.popleft())
            while ahead:
                yield from self._answers(ahead.popleft())
        finally:
            self._is_reading = False
            self._contents.drop_all()

    def _asked(self, blobs: Sequence[str]) -> list[tuple[str, bool]]:
        """Ask for the content of those that can be read; return for each whether it was."""
        assert all(map(_HEX.issuperset, blobs))
        if self._partial:
            self._leave_out_absent(blobs)
        self._sizes.ask(blob for blob in blobs if blob not in self._reason_by_blob)
        while self._sizes.awaited:
            blob = self._sizes.awaited[0]
            reason = self._objection(self._sizes.header())
            if reason:
                self._reason_by_blob[blob] = reason
        asked = [(blob, blob not in self._reason_by_blob) for blob in blobs]
        self._contents.ask(blob for blob, is_asked in asked if is_asked)
        return asked

    def _leave_out_absent(self, blobs: Sequence[str]) -> None:
        """Ask which of them are here, in the one way that never makes git fetch or end."""
        question = ("--objects", "--no-walk", "--missing=allow-any", "--ignore-missing", "--stdin")
        feed = "".join(f"{blob}\n" for blob in blobs).encode()
        with suppress(PlaceError):
            lines = git.run(self._place, "rev-list", *question, feed=feed).decode().split("\n")
            here = {line.rstrip(" ") for line in lines}
            self._reason_by_blob.update((blob, _NOT_THERE) for blob in blobs if blob not in here)

    def _objection(self, header: bytes) -> str:
        """Say why an object with this header is not to be read; "" when it is."""
        kind, size = _kind_and_size(header)
        if kind == b"":
            return _NOT_THERE
        if kind != b"blob":
            return f"a {kind.decode()}, not the content of a file"
        if size > self._max_bytes:
            return f"{size} bytes long, more than {self._max_bytes}"
        return ""

    def _answers(self, asked: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bytes | None]]:
        for blob, is_asked in asked:
            content = self._contents.content() if is_asked else None
            if content is None:
                self._reason_by_blob.setdefault(blob, _NOT_THERE)
            yield blob, content


class _Desk:
    """A git that answers for one object after the other, started again when it has ended."""

    def __init__(self, place: Place, way: str) -> None:
        self.awaited: deque[str] = deque()  # names asked for and not yet answered
        self._place = place
        self._way = way
        self._process = ExitStack()
        self._talk: Talk | None = None
        self._heard = bytearray()
        self._ends = 0  # since the last answer
        self._ended_at = ""
        self._lost: set[str] = set()

    def ask(self, names: Iterable[str]) -> None:
        new = list(names)
        self.awaited += new
        self._say(new)

    def header(self) -> bytes:
        """Return the header line of the first awaited object; b"" when it cannot be read."""
        return self._answer(with_content=False)[0]

    def content(self) -> bytes | None:
        """Return the content of the first awaited object; None when it cannot be read."""
        return self._answer(with_content=True)[1]

    def drop_all(self) -> None:
        """Want no more answers."""
        if self.awaited:
            self.close()
            self.awaited.clear()

    def close(self) -> None:
        """End git; it is started again when something is asked."""
        self._process.close()
        self._talk = None
        self._heard.clear()

    def _say(self, names: Iterable[str]) -> None:
        request = "".join(f"{name}\n" for name in names if name not in self._lost)
        if not request or self._ends > MAX_ENDS:
            return
        if self._talk is None:
            self._talk = self._process.enter_context(talk(self._place, "cat-file", self._way))
        self._talk.say(request.encode())

    def _answer(self, *, with_content: bool) -> tuple[bytes, bytes | None]:
        name = self.awaited[0]
        while self._ends <= MAX_ENDS and name not in self._lost:
            header = self._line()
            size = _kind_and_size(header)[1] if with_content else -1
            content = self._take(size + 1) if size >= 0 else b""
            if header and (content or size < 0):
                self._ends = 0
                self.awaited.popleft()
                return header, content[:-1] if content else None
            self._ends += 1
            self.close()
            if self._ended_at == name:
                self._lost.add(name)
            self._ended_at = name
            self._say(self.awaited)
        self.awaited.popleft()
        return b"", None

    def _line(self) -> bytes:
        """Take a line off what git printed; b"" when there is none."""
        while (end := self._heard.find(b"\n")) < 0:
            if len(self._heard) > _HEADER_BYTES or not self._hear():
                return b""
        return self._take(end + 1)[:-1]

    def _take(self, size: int) -> bytes:
        """Take so many bytes off what git printed; b"" when there are not as many."""
        while len(self._heard) < size:
            if not self._hear():
                return b""
        taken = bytes(self._heard[:size])
        del self._heard[:size]
        return taken

    def _hear(self) -> bool:
        chunk = self._talk.hear() if self._talk else b""
        self._heard += chunk
        return bool(chunk)


def _kind_and_size(header: bytes) -> tuple[bytes, int]:
    """Read "NAME KIND SIZE"; (b"", -1): git said that it has no such object, or nothing."""
    _, _, described = header.partition(b" ")
    kind, _, size = described.partition(b" ")
    return (kind, int(size)) if size.isdigit() else (b"", -1)
