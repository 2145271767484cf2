"""Arguments to git's answer, on a repository that may be hostile: the only way to git."""

# Theory of operation
#
# 1. A repository's own configuration can name programs: hooks, monitors, filters, pagers, helpers.
#    Only commands that need none of them are run, and every setting that names one is overridden.
# 2. The environment may come from a hook of another repository, so nothing of git's is inherited.
# 3. git stands in the top folder and is told that this is the work tree: a document's folder may be
#    a bare repository in disguise, and core.worktree may point anywhere.
# 4. git itself is looked up in absolute PATH entries only; a relative one would be looked up in
#    the repository.
# 5. No call waits for ever: not for input, not for a terminal, not for a slow disk. Where an answer
#    takes long, a file that git would wait for is looked for, see waiting.py.

from __future__ import annotations

import os
import select
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from plantrack.errors import PlaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from typing import IO

    from plantrack.repo.values import Place

OLDEST = "2.31"  # the first with ls-files --deduplicate and log --diff-merges

_COMMANDS = frozenset(
    {
        "cat-file",
        "check-ignore",
        "diff-tree",
        "log",
        "ls-files",
        "ls-tree",
        "rev-list",
        "rev-parse",
    }
)
_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.sshCommand=false",
    "credential.helper=",
    "diff.external=",
    "log.showRoot=true",  # the first commit touched its files like any other
    "log.showSignature=false",
    "protocol.allow=never",
)
FLAGS = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    *(part for setting in _SETTINGS for part in ("-c", setting)),
)
_LITERAL = "--literal-pathspecs"
_NOT_LITERAL = frozenset(
    {
        "check-ignore",  # refuses the flag, and never expands patterns anyway
        "diff-tree",  # is given patterns of ours alone
    }
)
_UNHEARD = frozenset({"cat-file", "diff-tree", "log"})  # read as they come: nobody reads both ends
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_FLUSH": "0",  # many lines at a time
    "GIT_GRAFT_FILE": "/dev/null",  # no clone has the grafts of another
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PAGER": "cat",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
LIMIT_S = 60.0
_QUIET_S = 0.5  # an answer that takes longer is worth a look at why
_CHUNK_BYTES = 1 << 16
_USAGE_EXIT = 129


def program() -> str | None:
    """Find git; None: not installed."""
    for folder in os.get_exec_path():
        path = os.path.join(folder, "git")
        if not os.path.isabs(folder):
            continue
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def version() -> str:
    """Ask git for its version; "" when it is not there or does not say."""
    git = program()
    if git is None:
        return ""
    asked = [git, "--version"]
    try:
        done = subprocess.run(
            asked, cwd="/", env=_outside(), capture_output=True, timeout=LIMIT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    words = done.stdout.decode("utf-8", "replace").split()
    return words[2] if words[:2] == ["git", "version"] and len(words) > 2 else ""  # noqa: PLR2004


def run(
    place: Place,
    *arguments: str,
    feed: bytes | None = None,
    accepted: Sequence[int] = (0,),
) -> bytes:
    """Return what `git *arguments` prints, `feed` being all it can read.

    Raises PlaceError with git's own words for an exit code outside `accepted`, and when git is
    not there, does not answer in time, or waits for what is no file.
    """
    with _start(place, arguments, feeds=feed is not None) as process:
        try:
            output, complaint = _answer(process, feed, place)
        except subprocess.TimeoutExpired as error:
            raise _too_slow(place, arguments) from error
        finally:
            process.kill()  # nothing to a process that has ended
    if process.returncode not in accepted:
        raise _refusal(place, process.returncode, complaint)
    return output


def lines(
    place: Place, *arguments: str, longest: int, accepted: Sequence[int] = (0,)
) -> list[bytes]:
    """Return the lines that `git *arguments` prints, each cut after `longest` bytes.

    Whatever follows the last line break is dropped. Raises PlaceError like `run`.
    """
    whole: list[bytes] = []
    rest, complaint = bytearray(), bytearray()
    with _start(place, arguments, feeds=False) as process:
        try:
            for chunk in _spoken(process, complaint, place):
                first, *others = chunk.split(b"\n")
                rest += first[: longest - len(rest)] if len(rest) < longest else b""
                for part in others:
                    whole.append(bytes(rest))
                    rest = bytearray(part[:longest])
            process.wait(LIMIT_S)
        except subprocess.TimeoutExpired as error:
            raise _too_slow(place, arguments) from error
        finally:
            process.kill()
    if process.returncode not in accepted:
        raise _refusal(place, process.returncode, bytes(complaint))
    return whole


def stream(place: Place, *arguments: str) -> Generator[bytes]:
    """Yield what `git *arguments` prints as it comes; closing the generator ends git.

    How git ended is not told: this is for answers of which a part is worth having.
    """
    with _start(place, arguments, feeds=False) as process:
        limit = threading.Timer(LIMIT_S, process.kill)
        limit.start()
        try:
            assert process.stdout is not None
            while chunk := process.stdout.read(_CHUNK_BYTES):
                yield chunk
        finally:
            limit.cancel()
            process.kill()


@contextmanager
def pipes(
    place: Place, *arguments: str
) -> Iterator[tuple[IO[bytes], IO[bytes], Callable[[], bool]]]:
    """Run `git *arguments` meanwhile, and end it on leaving.

    Yields where it reads and what it prints, both unbuffered, and what tells whether it ended
    well: to be asked when there is nothing more to be read.
    """
    with _start(place, arguments, feeds=True) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            yield process.stdin, process.stdout, lambda: _ended_well(process)
        finally:
            process.kill()


def patient(poll: select.poll, place: Place) -> list[tuple[int, int]]:
    """Wait for what git says; [] when it is silent for too long.

    Raises PlaceError where it would be silent for ever.
    """
    ready = poll.poll(_QUIET_S * 1000)
    if not ready:
        _find_out(place)
        ready = poll.poll(LIMIT_S * 1000)
    return ready


def _start(place: Place, arguments: Sequence[str], *, feeds: bool) -> subprocess.Popen[bytes]:
    assert arguments[0] in _COMMANDS, arguments
    git = program()
    if git is None:
        raise PlaceError("git is not installed", f"install git {OLDEST} or newer")
    flags = FLAGS if arguments[0] in _NOT_LITERAL else (*FLAGS, _LITERAL)
    return subprocess.Popen(
        [git, *flags, "-C", place.top, f"--work-tree={place.top}", *arguments],
        cwd=place.top,
        env=_outside(),
        stdin=subprocess.PIPE if feeds else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if arguments[0] in _UNHEARD else subprocess.PIPE,
        bufsize=0,
    )


def _find_out(place: Place) -> None:
    """Find out why git is slow; raises PlaceError where it would wait for ever."""
    from plantrack.repo import waiting  # most never need it

    waiting.refuse(place)


def _outside() -> dict[str, str]:
    """Give the environment, with nothing of git's in it but what is ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | ENVIRONMENT


def _spoken(
    process: subprocess.Popen[bytes], complaint: bytearray, place: Place
) -> Iterator[bytes]:
    """Yield what git prints as it comes; what it complains of is added to `complaint`.

    Raises TimeoutExpired when it is silent for too long.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    output = process.stdout.fileno()
    handles = {output, process.stderr.fileno()}
    poll = select.poll()
    for handle in handles:
        poll.register(handle, select.POLLIN)
    while handles:
        ready = patient(poll, place)
        if not ready:
            raise subprocess.TimeoutExpired(process.args, LIMIT_S)
        for handle, _ in ready:
            chunk = os.read(handle, _CHUNK_BYTES)
            if not chunk:
                poll.unregister(handle)
                handles.remove(handle)
            elif handle == output:
                yield chunk
            elif len(complaint) < _CHUNK_BYTES:
                complaint += chunk


def _ended_well(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(LIMIT_S) == 0
    except subprocess.TimeoutExpired:
        return False


def _answer(
    process: subprocess.Popen[bytes], feed: bytes | None, place: Place
) -> tuple[bytes, bytes]:
    try:
        return process.communicate(feed, timeout=_QUIET_S)
    except subprocess.TimeoutExpired:
        _find_out(place)
    return process.communicate(timeout=LIMIT_S)  # which remembers what is left to be fed


def _too_slow(place: Place, arguments: Sequence[str]) -> PlaceError:
    message = f"git {arguments[0]} did not answer within {LIMIT_S:.0f} s in {place.top}"
    return PlaceError(message, "try again, or see where `git status` hangs there")


def _refusal(place: Place, code: int, complaint: bytes) -> PlaceError:
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    lines.sort(key=lambda line: not line.startswith("fatal: "))  # the last word comes first
    words = lines[0].removeprefix("fatal: ") if lines else f"it ended with exit code {code}"
    message = f"git cannot read {place.top}: {words}"
    if code == _USAGE_EXIT:
        return PlaceError(message, f"install git {OLDEST} or newer")
    if "dubious ownership" in words:
        advice = f"git config --global --add safe.directory {place.top}"
        return PlaceError(message, f"if you trust this repository: {advice}")
    return PlaceError(message, f"see what `git -C {place.top} ls-files` says")
