"""Files that are none, in places where documents are looked for, and what lies outside."""

# Theory of operation
#
# 1. Each animal stands where a document could, under a document's name.
# 2. What is outside is never to be read or written: it says SECRET, and its time of reading lies so
#    far back that any reading moves it, where the file system notes it at all.

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SECRET = "SECRET-of-somebody"  # noqa: S105 -- nobody's word to get in
PLAN = "# A\n\n## Implementation Plan\n\n- [x] Milestone 1\n- [ ] Milestone 2\n"
_LONG_AGO_S = 86_400 * 365
_TERABYTE = 1 << 40


def outside(folder: Path) -> Path:
    """Make a folder with a document and a repository of somebody's; give it."""
    (folder / "docs").mkdir(parents=True)
    for name in ("secret.md", "docs/secret.md", "plans.db"):
        (folder / name).write_text(f"{PLAN}- [ ] {SECRET}\n")
    return rested(folder)


def rested(folder: Path) -> Path:
    """Let what is outside look as if nobody had read it for a long time; give its folder."""
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (_LONG_AGO_S, path.stat().st_mtime))
    return folder


def touched(folder: Path) -> list[str]:
    """Name what was read or written outside, as far as the file system notes it."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            state = path.stat()
            is_ours = state.st_atime == _LONG_AGO_S and SECRET in path.read_text()
            found += [] if is_ours else [str(path)]
    rested(folder)
    return found


def populate(top: Path, away: Path) -> None:
    """Put every animal into a repository that is there."""
    docs = top / "docs"
    docs.mkdir(parents=True, exist_ok=True)
    (docs / "plain.md").write_text(PLAN)
    for make in _ANIMALS:
        make(docs, away)


def _fifos(docs: Path, _: Path) -> None:
    for name in ("fifo.md", ".gitattributes", "deep/fifo.md"):
        (docs / name).parent.mkdir(exist_ok=True)
        os.mkfifo(docs / name)


def _devices(docs: Path, _: Path) -> None:
    (docs / "zero.md").symlink_to("/dev/zero")
    (docs / "full.md").symlink_to("/dev/full")
    (docs / "tty.md").symlink_to("/dev/tty")
    with suppress(OSError):
        os.mknod(docs / "device.md", 0o020666, os.makedev(1, 5))


def _sockets(docs: Path, _: Path) -> None:
    here = Path.cwd()
    os.chdir(docs)  # the name of a socket may not be long
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket.md")
    finally:
        os.chdir(here)


def _loops(docs: Path, _: Path) -> None:
    (docs / "loop.md").symlink_to("loop.md")
    (docs / "ping.md").symlink_to("pong.md")
    (docs / "pong.md").symlink_to("ping.md")
    (docs / "round").symlink_to("..")


def _escapes(docs: Path, away: Path) -> None:
    (docs / "up.md").symlink_to(os.path.relpath(away / "secret.md", docs))
    (docs / "absolute.md").symlink_to(away / "secret.md")
    (docs / "linked").symlink_to(away / "docs")
    (docs / "proc.md").symlink_to("/proc/self/environ")
    (docs / "mem.md").symlink_to("/proc/self/mem")
    (docs / "dangling.md").symlink_to("nowhere.md")
    (docs / "config.md").symlink_to("../.git/config")
    for name in ("out.file", "org.db"):  # what commands are asked to write
        (docs.parent / name).symlink_to(away / "plans.db")


def _giants(docs: Path, _: Path) -> None:
    with (docs / "sparse.md").open("wb") as file:
        try:
            file.truncate(_TERABYTE)
        except OSError:
            file.truncate(1 << 33)  # as large as some file systems let a file be
    (docs / ".gitignore").write_text("sparse.md\n")  # or git would add it up


def _denied(docs: Path, _: Path) -> None:
    (docs / "denied.md").write_text(PLAN)
    (docs / "denied.md").chmod(0)
    (docs / "shut").mkdir()
    (docs / "shut/inside.md").write_text(PLAN)
    (docs / "shut").chmod(0)


def _names(docs: Path, _: Path) -> None:
    for name in (
        "-rf.md", "--help.md", "a\nb.md", " .md", "\x1b[2J.md", ":(glob)x.md", "$(touch sang).md",
        "%s%n.md", "back\\slash.md", "x" * 250 + ".md", "\u202egnp.md", "q'u\"ote.md", "..md",
    ):  # fmt: skip
        (docs / name).write_text(PLAN)
    with suppress(OSError):  # where names have to be text
        Path(os.fsdecode(os.fsencode(docs) + b"/by\xff\xfete.md")).write_text(PLAN)


def _folders(docs: Path, _: Path) -> None:
    for name in ("folder.md", "folder.markdown", "plans.md/inner.md"):
        (docs / name).mkdir(parents=True)
    (docs / "plans.md/inner.md/real.md").write_text(PLAN)


def release(top: Path) -> None:
    """Let everybody remove the zoo."""
    (top / "docs/shut").chmod(0o755)


_ANIMALS: tuple[Callable[[Path, Path], None], ...] = (
    _fifos,
    _devices,
    _sockets,
    _loops,
    _escapes,
    _giants,
    _denied,
    _names,
    _folders,
)
