"""A checkup to text: what is wrong comes last, where it is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.render import words
from plantrack.render.screen import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from plantrack.core.checkup import Checkup, Ground, Listening, Memory, Trouble
    from plantrack.render.screen import Screen

    Fact = tuple[str, str]  # what, and what of it

SHOWN = 20  # documents that are not read, unless all are asked for

_LABEL = 18
_KIB = 1024


def doctor(found: Checkup, screen: Screen) -> str:
    """Say everything, a line each."""
    lines: list[str] = []
    for title, facts in _parts(found, screen):
        lines += [screen.paint(title, "strong"), *_told(facts, screen), ""]
    for trouble in found.remarks:
        lines += _trouble("remark", trouble, screen, "warn")
    for trouble in found.problems:
        lines += _trouble("problem", trouble, screen, "bad")
    if not found.problems:
        lines.append(screen.paint("all is well", "good"))
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _parts(found: Checkup, screen: Screen) -> Iterator[tuple[str, Iterable[Fact]]]:
    installed = [(one.name, f"{one.version or 'not there'}  {one.path}") for one in found.programs]
    yield "Programs", installed
    if found.ground is not None:
        yield "Place", _place(found.ground)
    if found.memory is not None:
        yield "Database", _database(found.memory)
    if found.listening is not None:
        yield "Watching", _watching(found.listening)
    settings = [
        (one.key, f"{one.value}  ({one.source or 'default'})") for one in found.configuration
    ]
    yield "Configuration", settings
    if found.documents is not None:
        yield "Documents", _documents(found, screen)
    yield "Terminal", _terminal(found)
    if screen.verbose:
        yield "What git is told", [("", one) for one in found.guards]


def _told(facts: Iterable[Fact], screen: Screen) -> Iterator[str]:
    for name, value in facts:
        label = f"{screen.say(name)}  ".ljust(_LABEL) if name else ""
        first, *more = wrap(screen.say(value.strip()), _room(screen, len(label) + 2))
        yield f"  {label}{first}"
        yield from (f"  {' ' * len(label)}{line}" for line in more)


def _room(screen: Screen, taken: int) -> int | None:
    return None if screen.width is None else max(screen.width - taken, 1)


def _trouble(kind: str, trouble: Trouble, screen: Screen, style: str) -> Iterator[str]:
    for line in wrap(screen.say(f"{kind}: {trouble.message}"), screen.width):
        yield screen.paint(line, style)
    yield from wrap(screen.say(f"  {trouble.remedy}"), screen.width)


def _place(ground: Ground) -> Iterator[Fact]:
    yield "top", ground.top
    if ground.git_dir is None:
        yield "git", "none"
        return
    yield "git", ground.git_dir
    yield "branch", ground.branch or "none"
    yield "commit", ground.head or "none yet"
    clone = [
        name for name, is_so in (("shallow", ground.is_shallow), ("partial", ground.is_partial))
        if is_so
    ]  # fmt: skip
    yield "clone", " and ".join(clone) or "whole"
    for top in ground.worktrees:
        yield "worktree", top
    if ground.busy:
        yield "now", ground.busy


def _database(memory: Memory) -> Iterator[Fact]:
    yield "path", memory.path or "in memory only"
    yield "why there", memory.why
    if memory.bytes:
        log = f", log {memory.log_bytes // _KIB} KiB" if memory.log_bytes else ""
        yield "size", f"{memory.bytes // _KIB} KiB{log}"
    if memory.journal:
        yield "journal", memory.journal
    if memory.format is not None:
        yield "format", str(memory.format)
    yield "state", memory.state


def _watching(listening: Listening) -> Iterator[Fact]:
    yield "by", listening.way
    most = listening.most_watches
    yield "folders", f"{listening.folders}{'' if most is None else f' of {most} that may be'}"
    if listening.left:
        yield "too many", words.number(listening.left, "folder")
    if listening.most_instances is not None:
        yield "listeners", f"{listening.most_instances} at most"
    if listening.far:
        yield "far", listening.far


def _documents(found: Checkup, screen: Screen) -> Iterator[Fact]:
    yield "read", words.number(found.documents or 0, "document")
    yield "not read", words.number(len(found.skipped), "file")
    most = len(found.skipped) if screen.verbose or screen.width is None else SHOWN
    for one in found.skipped[:most]:
        yield "", f"{one.path or 'everything'}: {one.message} ({one.code})"
    if len(found.skipped) > most:
        yield "", f"and {len(found.skipped) - most} more: see plantrack doctor -v"


def _terminal(found: Checkup) -> Iterator[Fact]:
    terminal = found.terminal
    yield "stdout", "a terminal" if terminal.is_terminal else "no terminal"
    yield "width", "never cut" if terminal.width is None else f"{terminal.width} cells"
    yield "colour", "yes" if terminal.colour else "no"
    yield "encoding", terminal.encoding
    yield "TERM", terminal.kind or "not set"
