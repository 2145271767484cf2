"""Every command on repositories that try to run code, to lead elsewhere, or to act on a screen."""

# Each of the three has a short form among the tests; here it is done one by one, and for longer.

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path

import pytest

import acting
import canaries
import every_command
import zoo
from conftest import Repo
from soak.part import Asked, Part, Row, held, skipped
from view_samples import PAYLOADS

SHORT = 100  # characters of a payload that a whole repository says
LONG_S = 1.0  # for one command on a small repository, beyond what it takes without the zoo
LIVE_S = 1.5
PATIENCE_S = 20.0

_PLAN = zoo.PLAN
_OPENED = re.compile(r'"((?:[^"\\]|\\.)*)".*\) = \d+$')
_CALLED = re.compile(r"^\d+ +(\w+)\(")
_WRITING = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
_CHANGING = ("unlink", "rename", "mkdir", "mknod", "symlink", "link", "truncate", "chmod", "rmdir")


# --- canaries -------------------------------------------------------------------------------------


def sing(asked: Asked) -> Iterator[Row]:
    """Put each trick to every command."""
    tricks = list(canaries.TRICKS.items())
    asked.chance("tricks").shuffle(tricks)
    failures: list[str] = []
    done = 0
    tried = tricks[: asked.count(len(tricks))]
    with _world(asked.folder):
        for at, (name, trick) in enumerate(tried):
            folder = asked.folder / f"trick-{at}"
            folder.mkdir()
            repo = _repository(folder / "repo")
            canary = canaries.make(folder)
            canaries.hostile(repo, trick, canary)
            with _in(repo.path):
                for words in _asking():
                    shown = acting.run(words)
                    done += 1
                    if (folder / "sang").exists() or shown.code not in acting.CODES:
                        failures.append(f"{name}: {' '.join(words)}: {shown.code} {shown.err}")
                        (folder / "sang").unlink(missing_ok=True)
                failures += _live(["--plain"], repo.path, folder / "sang")
            shutil.rmtree(folder)
    what = f"{len(tried)} tricks, {done} commands and {len(tried)} watches"
    yield held("R12", what, f"{len(failures)} fired or failed", failures)


def _live(words: Sequence[str], top: Path, trace: Path) -> list[str]:
    """Watch for a while, change something meanwhile; say what went wrong."""
    command = [sys.executable, "-m", "plantrack", "watch", *words]
    with subprocess.Popen(
        command,
        cwd=top,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        begun = process.stderr.readline()
        (top / "docs/plain.md").write_text(_PLAN.replace("[ ]", "[x]"))
        time.sleep(0.3)
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE_S)
    said = begun + err + out
    if trace.exists() or acting.acted(acting.Shown(0, out, begun + err), "pipe", words):
        return [f"watch {' '.join(words)}: {said}"]
    return []


# --- the zoo --------------------------------------------------------------------------------------


def tame(asked: Asked) -> Iterator[Row]:
    """Put the zoo to every command, and swap files while they are read."""
    with _world(asked.folder):
        away = zoo.outside(asked.folder / "away")
        plain = _repository(asked.folder / "plain")
        wild = _repository(asked.folder / "wild")
        zoo.populate(wild.path, away)
        (wild.path / "docs/.gitattributes").unlink()
        lines = _lines()[: asked.count(len(_lines()), least=5)]
        usual = {tuple(words): _timed(plain.path, words)[0] for words in lines}
        failures, longest = [], 0.0
        for words in lines:
            took, shown = _timed(wild.path, words)
            longest = max(longest, took - usual[tuple(words)])
            if took - usual[tuple(words)] > LONG_S or zoo.SECRET in shown.out + shown.err:
                failures.append(f"{' '.join(words)}: {took:.1f} s, exit {shown.code}")
        failures += zoo.touched(away)
        yield held(
            "R13",
            f"{len(lines)} commands among files that are none",
            f"at most {max(longest, 0):.2f} s longer, {len(failures)} failures",
            failures,
        )
        swaps, torn = _swapped(asked, wild.path, away)
        yield held("R13", f"{swaps} swaps of a file while it was read", f"{len(torn)} leaks", torn)
        yield _traced(wild.path, away)
        zoo.release(wild.path)


def _timed(top: Path, words: Sequence[str]) -> tuple[float, acting.Shown]:
    with _in(top):
        began = time.perf_counter()
        shown = acting.run(words)
        return time.perf_counter() - began, shown


def _swapped(asked: Asked, top: Path, away: Path) -> tuple[int, list[str]]:
    """Let a file be a document, a FIFO and a link to a secret by turns, and read it meanwhile."""
    path, count = top / "docs/turns.md", 0
    over = threading.Event()

    def swap() -> None:
        nonlocal count
        beside = top / "docs/.beside"
        for make in cycle(_forms(beside, away)):
            beside.unlink(missing_ok=True)
            make()
            beside.replace(path)
            count += 1
            if over.is_set():
                return

    swapper = threading.Thread(target=swap)
    swapper.start()
    leaks = []
    until = time.monotonic() + asked.seconds(8)
    while time.monotonic() < until:
        for words in (["status", "--json"], ["explain", "docs/turns.md"], ["sync", "--rebuild"]):
            _, shown = _timed(top, words)
            if zoo.SECRET in shown.out + shown.err or shown.code not in acting.CODES:
                leaks.append(f"{' '.join(words)}: exit {shown.code}: {shown.err}")
    over.set()
    swapper.join()
    return count, leaks + zoo.touched(away)


def _forms(path: Path, away: Path) -> tuple[Callable[[], object], ...]:
    return (
        lambda: path.write_text(_PLAN),
        lambda: os.mkfifo(path),
        lambda: path.symlink_to(away / "secret.md"),
        lambda: path.symlink_to("/dev/zero"),
    )


def _traced(top: Path, away: Path) -> Row:
    """Look at every system call that names a file, of git's as well."""
    program = shutil.which("strace")
    if program is None:
        return skipped("R13", "no strace here to look at system calls")
    log = top.parent / "strace.log"
    failures: list[str] = []
    lines = 0
    for words in (["sync", "--rebuild"], ["diff", "HEAD~1..HEAD"], ["watch", "--once"]):
        command = [program, "-f", "-qq", "-e", "trace=%file", "-o", str(log)]
        command += [sys.executable, "-m", "plantrack", *words]
        done = subprocess.run(command, cwd=top, capture_output=True, timeout=120, check=False)
        if not log.exists() or done.returncode == 1:
            return skipped("R13", "strace may not look here")
        for line in log.read_text(errors="replace").splitlines():
            lines += 1
            failures += [f"{' '.join(words)}: {line}"] if _is_outside(line, top, away) else []
    what = f"{lines} system calls on files, git's too"
    return held("R13", what, f"{len(failures)} outside", failures[:20])


def _is_outside(line: str, top: Path, away: Path) -> bool:
    """Tell whether a call that succeeded opened what is away, or wrote where nothing is ours."""
    found, called = _OPENED.search(line), _CALLED.match(line)
    if found is None or called is None:
        return False
    path, call = found[1], called[1]
    if call.startswith("open") and path.startswith(str(away)):
        return True
    is_written = call.startswith(_CHANGING) or (call.startswith("open") and _WRITING.search(line))
    ours = (str(top), str(top.parent / "home"), "/dev/null", "/dev/shm")  # noqa: S108
    is_ours = not path.startswith("/") or path.startswith(ours) or "__pycache__" in path
    return bool(is_written) and not is_ours


# --- screens --------------------------------------------------------------------------------------


def show(asked: Asked) -> Iterator[Row]:
    """Show every payload by every command in every mode, and live on a terminal."""
    names = list(PAYLOADS)
    asked.chance("payloads").shuffle(names)
    tried = names[: asked.count(len(names))]
    failures: list[str] = []
    done = 0
    with _world(asked.folder):
        for name in tried:
            top = asked.folder / f"payload-{names.index(name)}"
            (path,) = acting.build(top, {name: PAYLOADS[name]}, most=SHORT).values()
            with _in(top):
                for mode, settings in acting.MODES.items():
                    with pytest.MonkeyPatch.context() as patched:
                        for variable, value in settings.items():
                            patched.setenv(variable, value)
                        for words in _shown_in(mode, name, path):
                            shown = acting.run(words, terminal=mode != "pipe")
                            done += 1
                            acts = acting.acted(shown, mode, words)
                            if acts or shown.code not in acting.CODES:
                                failures.append(f"{name}, {mode}, {words}: {acts} {shown.code}")
            failures += _on_terminal(top, name)
            shutil.rmtree(top)
    what = f"{len(tried)} payloads, {done} commands, {len(tried)} live screens"
    yield held("R14", what, f"{len(failures)} acted", failures)


def _shown_in(mode: str, name: str, path: str) -> list[list[str]]:
    """Give every line for a terminal; elsewhere, each command once."""
    values = acting.values_for(path)
    if mode != "tty":
        return [one.plain(values) for one in every_command.commands()]
    argument = acting.from_outside(PAYLOADS[name])[:SHORT]
    return [*_lines(values), *every_command.lines_with(argument)]


def _on_terminal(top: Path, name: str) -> list[str]:
    """Watch on a terminal; what is no control sequence of ours must be text."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    command = [sys.executable, "-m", "plantrack", "watch"]
    with subprocess.Popen(
        command, cwd=top, stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        shown, until, is_asked = b"", time.monotonic() + PATIENCE_S, False
        while time.monotonic() < until and process.poll() is None:
            if not select.select([ours], [], [], LIVE_S)[0]:
                os.write(ours, b"q" if is_asked else b"\r")
                is_asked = True
                continue
            try:
                shown += os.read(ours, 1 << 16)
            except OSError:  # how Linux says that the other end is closed
                break
        process.kill()
    os.close(ours)
    text = _CONTROLS.sub("", shown.decode("utf-8", "replace"))
    acts = {char for char in text if not char.isprintable()} - set("\n\r\u00a0")
    is_dressed = any(f"{ESC}{part}" in shown.decode("utf-8", "replace") for part in _THEIRS)
    return [f"{name}, live: {sorted(acts)}"] if acts or is_dressed or not text.strip() else []


ESC = "\x1b"
_CONTROLS = re.compile(r"\x1b\[[?>=]?[\d;]*[A-Za-z]|\x1b[=>78]")
_THEIRS = ("]0;owned", "]52;", "]8;;https", "P1$r0m")


# --- what all stand on ----------------------------------------------------------------------------


def _lines(values: every_command.Values | None = None) -> list[list[str]]:
    return [["export", "-o", "changes.ndjson"], *every_command.lines(values)]


def _asking() -> list[list[str]]:
    """Give each command once, and besides what asks git for more."""
    more = (["diff", "HEAD~1..HEAD"], ["diff", "--all"], ["sync", "--rebuild"], ["doctor", "-v"])
    first = ["export", "-o", "changes.ndjson"]
    return [first, *(one.plain(every_command.USUAL) for one in every_command.commands()), *more]


def _repository(top: Path) -> Repo:
    repo = Repo(top)
    (top / "docs").mkdir(parents=True)
    repo.git("init", "--quiet", "--initial-branch", "main")
    (top / ".git/hooks").mkdir(exist_ok=True)
    repo.commit({"docs/plain.md": _PLAN, "docs/a.md": f"{_PLAN}- [ ] b\n"})
    after = {"docs/a.md": None, "docs/c.md": f"{_PLAN}- [ ] b\n"}
    repo.commit({"docs/plain.md": _PLAN.replace("[ ]", "[x]"), **after})
    return repo


@contextmanager
def _in(folder: Path) -> Iterator[None]:
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


@contextmanager
def _world(folder: Path) -> Iterator[None]:
    """Run without the settings of whoever runs this."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patched.delenv(name)
        home = folder / "home"
        home.mkdir(exist_ok=True)
        for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            patched.setenv(name, str(home))
        for name, value in (("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C.UTF-8"), ("TZ", "UTC")):
            patched.setenv(name, value)
        patched.setenv("_TYPER_FORCE_DISABLE_TERMINAL", "1")
        yield


PARTS = (
    Part("canaries", "R12", "repositories name programs, and every command is run there", 25, sing),
    Part("zoo", "R13", "files that are none stand where documents are looked for", 15, tame),
    Part("screens", "R14", "every payload is shown by every command in every mode", 60, show),
)
