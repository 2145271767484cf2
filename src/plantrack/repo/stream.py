"""Requests to git's answers while it runs, without either side ever waiting for the other."""

# Theory of operation
#
# 1. git stops reading when nobody reads what it prints, and the other way round. So what is to be
#    said is kept here and written only as far as git takes it, while its answers are being read.
# 2. git may be silent for as long as nothing is asked of it: only a wait for an answer has a limit.
# 3. git may end at any time, and what it printed last may then be cut off.

from __future__ import annotations

import os
import select
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plantrack.errors import PlaceError
from plantrack.repo import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from plantrack.repo.values import Place

_CHUNK_BYTES = 1 << 16
_RECORD_BYTES = 1 << 20


@contextmanager
def talk(place: Place, *arguments: str) -> Iterator[Talk]:
    """Talk to `git *arguments`; leaving ends it, whatever it is doing."""
    with git.pipes(place, *arguments) as pipes:
        yield Talk(*pipes, place=place, name=f"git {arguments[0]} in {place.top}")


class Talk:
    """One running git."""

    def __init__(
        self,
        requests: IO[bytes],
        answers: IO[bytes],
        ended_well: Callable[[], bool],
        *,
        place: Place,
        name: str,
    ) -> None:
        """Take git's pipes, where it works, and words to call it by."""
        self._requests = requests
        self._answers = answers.fileno()
        self._ended_well = ended_well
        self._place = place
        self._name = name
        self._has_ended = False
        self._unsaid = bytearray()
        self._no_more = False
        self._poll = select.poll()
        self._poll.register(self._answers, select.POLLIN)
        os.set_blocking(requests.fileno(), False)

    def say(self, data: bytes) -> None:
        """Send `data` as soon as git takes it; returns at once."""
        if not self._requests.closed:
            self._unsaid += data
            self._poll.register(self._requests, select.POLLOUT)
            self._write()  # what fits now, git can work on from now on

    def finish(self) -> None:
        """Say that nothing follows, once all is sent."""
        self._no_more = True
        if not self._unsaid:
            self._hang_up()

    def hear(self) -> bytes:
        """Return what git prints next; b"" when it has ended.

        Raises PlaceError when it stays silent for a minute, or would for ever.
        """
        while True:
            ready = git.patient(self._poll, self._place)
            if not ready:
                message = f"{self._name} did not answer within {git.LIMIT_S:.0f} s"
                raise PlaceError(message, "try again, or see where `git log --raw` hangs there")
            handles = [handle for handle, _ in ready]
            if self._unsaid and self._requests.fileno() in handles:
                self._write()
            if self._answers in handles:
                chunk = os.read(self._answers, _CHUNK_BYTES)
                self._has_ended = not chunk
                return chunk

    def records(self, end: bytes) -> Iterator[bytes]:
        """Yield what git prints, cut at each `end`; what follows the last one is dropped.

        A record of more than a megabyte is the last but that is dropped: nothing asked for is.
        """
        rest = b""
        while (chunk := self.hear()) and len(rest) < _RECORD_BYTES:
            *whole, rest = (rest + chunk).split(end)
            yield from whole

    def is_complete(self) -> bool:
        """Tell whether everything was heard, and git had no trouble."""
        return self._has_ended and self._ended_well()

    def _write(self) -> None:
        try:
            written = os.write(self._requests.fileno(), self._unsaid[:_CHUNK_BYTES])
        except BlockingIOError:
            return
        except BrokenPipeError:  # git has ended: hear() will tell
            written = len(self._unsaid)
        del self._unsaid[:written]
        if not self._unsaid:
            self._poll.unregister(self._requests)
            if self._no_more:
                self._hang_up()

    def _hang_up(self) -> None:
        self._requests.close()
