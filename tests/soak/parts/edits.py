"""Ticks by many at once, beside an editor, killed and failing, and every box of real documents."""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from conftest import PROJECT_ROOT
from plantrack.core import dialect, edit
from plantrack.repo import leftovers
from plantrack.repo.exchange import exchange
from soak import plans
from soak.part import Asked, Part, Row, held, skipped
from soak.plans import Box
from soak.ticker import ticked

AGENTS, AT_ONCE = 6, 8
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
CALLS = (
    "open",
    "read",
    "write",
    "fsync",
    "rename",
    "replace",
    "unlink",
    "fchmod",
    "mkdir",
    "pread",
)
RULES = dialect.Rules()
SHORT_ID = 8
MOST = 400  # calls that one tick makes at most


# --- every box ------------------------------------------------------------------------------------


def every_box(asked: Asked) -> Iterator[Row]:
    """Tick each box of real documents, and open it again."""
    bundles = sorted((PROJECT_ROOT.parent / "shared" / "corpus").glob("*.bundle"))
    if not bundles:
        yield skipped("R2", "no corpus of real plan histories")
        return
    documents = boxes = 0
    wrong = []
    chance = asked.chance("boxes")
    for bundle in bundles:
        top = asked.folder / bundle.stem
        subprocess.run(["git", "clone", "--quiet", bundle, top], check=True)
        for path in sorted(top.rglob("*.md")):
            name = str(path.relative_to(top))
            try:
                document = edit.read(path.read_bytes(), dialect.origin(name), RULES)
            except edit.Refused:
                continue
            chosen = [
                n for n in document.nodes if n.mark is not None and chance.random() < asked.share
            ]
            documents += bool(chosen)
            boxes += len(chosen)
            wrong += [f"{name}:{one.line}" for one in chosen if not _comes_back(document, one.line)]
    yield held(
        "R2",
        f"{boxes} boxes of {documents} real documents, there and back",
        f"{len(wrong)} wrong",
        wrong,
    )


def _comes_back(document: edit.Document, line: int) -> bool:
    """Tell whether one character changes, and the same bytes come back."""
    (mark,) = (node.mark for node in document.nodes if node.line == line)
    assert mark is not None
    other = " " if mark in edit.TICKS else "x"
    after = edit.with_marks(document, {line: other})
    before, data = document.data, after.data
    start = next(
        at for at, pair in enumerate(zip(before, data, strict=False)) if pair[0] != pair[1]
    )
    made = before[:start] + other.encode() + before[start + len(mark.encode()) :]
    return data == made and edit.with_marks(after, {line: mark}).data == before


# --- many at once ---------------------------------------------------------------------------------


def at_once(asked: Asked) -> Iterator[Row]:
    """Let eight processes tick in one document, then in several."""
    wanted = asked.count(200, least=16)
    for name, documents in (("one document", 1), ("five documents", 5)):
        top = asked.folder / str(documents)
        boxes = list(plans.planted(top, documents, -(-wanted // documents)))
        asked.chance(name).shuffle(boxes)
        boxes = boxes[:wanted]
        answers = plans.agents(top, [_ids(boxes[at::AT_ONCE]) for at in range(AT_ONCE)])
        done, refused, wrong = _sorted_out(boxes, answers)
        wrong += _damaged(top, documents, -(-wanted // documents), done)
        wrong += plans.balance(top, done)
        told = f"{len(boxes)} ticks by {AT_ONCE} processes in {name}"
        yield held("R8", told, f"{len(done)} done, {refused} refused, {len(wrong)} wrong", wrong)


def _ids(boxes: Sequence[Box]) -> list[str]:
    return [box.id[:SHORT_ID] for box in boxes]


def _sorted_out(boxes: Sequence[Box], answers: list[list[str]]) -> tuple[list[Box], int, list[str]]:
    """Give what was ticked, how many were refused, and what nobody answered for."""
    words = {line.split()[1]: line.split()[0] for lines in answers for line in lines}
    done = [box for box in boxes if words.get(box.id[:SHORT_ID]) in ("ticked", "again")]
    silent = [f"{box.id} was not answered for" for box in boxes if box.id[:SHORT_ID] not in words]
    return done, sum(word == "refused" for word in words.values()), silent


def _damaged(top: Path, documents: int, boxes: int, done: Sequence[Box]) -> list[str]:
    """Name the documents that are not, byte for byte, what these ticks make of them."""
    wrong = []
    for number in range(documents):
        path = f"docs/{number:04d}-plan.md"
        places = [box.number for box in done if box.path == path]
        if (top / path).read_bytes() != plans.text(number, boxes, places):
            wrong.append(f"{path} is damaged, or has lost a tick")
    return wrong


# --- beside an editor -----------------------------------------------------------------------------


def beside_an_editor(asked: Asked) -> Iterator[Row]:
    """Let six agents tick in a document that an editor saves again and again."""
    count = asked.count(400, least=24)
    top = asked.folder / "editor"
    boxes = list(plans.planted(top, 1, count))
    asked.chance("editor").shuffle(boxes)
    stop = threading.Event()
    editor = _Editor(top / boxes[0].path, asked.chance("saves"), stop)
    editor.start()
    left, done, refused = boxes, list[Box](), 0
    for _ in range(5):  # an agent that was refused looks again
        answers = plans.agents(top, [_ids(left[at::AGENTS]) for at in range(AGENTS)])
        now, more, _ = _sorted_out(left, answers)
        done, refused = done + now, refused + more
        left = [box for box in left if box not in now]
        if not left:
            break
    stop.set()
    editor.join()
    data = (top / boxes[0].path).read_bytes()
    lost = [mark.decode().strip() for mark in editor.saved if data.count(mark) != 1]
    for mark in editor.saved:
        data = data.replace(mark, b"")
    wrong = [f"save {one} is lost" for one in lost] + [f"{box.id} was never ticked" for box in left]
    if data != plans.text(0, count, [box.number for box in done]):
        wrong.append("a tick is lost, or the document is damaged")
    wrong += plans.balance(top, done)
    told = f"{count} ticks by {AGENTS} agents, {len(editor.saved)} saves by an editor"
    figure = f"{len(done)} ticks, {refused} refused and tried again, {len(lost)} saves lost"
    yield held("R8", told, figure, wrong)


class _Editor(threading.Thread):
    """Somebody who appends a line and saves; who notices when a document is not what it was."""

    def __init__(self, path: Path, chance: Random, stop: threading.Event) -> None:
        super().__init__()
        self.saved: list[bytes] = []
        self._path = path
        self._chance = chance
        self._stop_it = stop

    def run(self) -> None:
        folder = os.open(self._path.parent, os.O_RDONLY)
        while not self._stop_it.wait(self._chance.uniform(0.002, 0.05)):
            mark = b"\n<!-- saved %d -->\n" % len(self.saved)
            if self._save(folder, mark):
                self.saved.append(mark)
        os.close(folder)

    def _save(self, folder: int, mark: bytes) -> bool:
        before = self._path.read_bytes()
        scratch = self._path.with_name("editor~")
        scratch.write_bytes(before + mark)
        exchange(folder, scratch.name, self._path.name)
        if scratch.read_bytes() == before:
            return True
        exchange(folder, scratch.name, self._path.name)
        latest = scratch.read_bytes()
        if latest == before + mark:
            return False
        exchange(folder, scratch.name, self._path.name)
        return mark in latest


# --- killed ---------------------------------------------------------------------------------------


def killed(asked: Asked) -> Iterator[Row]:
    """Kill whoever ticks at any moment; the document is the old one or the new one."""
    kills = asked.count(200, least=10)
    top = asked.folder / "killed"
    boxes = plans.planted(top, 1, 40)
    chance = asked.chance("kills")
    path = top / boxes[0].path
    ticked(str(top), boxes[0].id, "")
    done = {0}
    wrong, finished, longest = [], 0, 0.05
    for number in range(kills):
        place = chance.choice([at for at in range(40) if at not in done] or [0])
        if place == 0:  # all of them are ticked
            done = {0}
            path.write_bytes(plans.text(0, 40, done))
            place = 1
        before, after = (plans.text(0, 40, some) for some in (done, {*done, place}))
        work = partial(ticked, str(top), boxes[place].id, "")
        alive, seconds = _struck(work, chance.uniform(0, longest))
        finished += not alive
        longest = max(0.02, seconds * 1.1) if not alive else longest * 1.1
        found = path.read_bytes()
        if found not in (before, after):
            wrong.append(f"kill {number}: the document is neither the old one nor the new one")
        done = {*done, place} if found == after else done
    last = next(box for box in boxes if box.number not in done)
    if not ticked(str(top), last.id, "").startswith("ticked"):
        wrong.append("nothing can be ticked any more")
    left = [one.name for one in top.rglob(f"{leftovers.PREFIX}*")]
    wrong += [f"{name} was left behind" for name in left]
    with plans.opened(top) as store:
        wrong += [str(one) for one in store.check()]
    told = f"{kills} kills of whoever ticks, {finished} of them too late"
    yield held("R5", told, f"{len(wrong)} documents neither old nor new", wrong)


def _struck(work: Callable[[], object], after_s: float) -> tuple[bool, float]:
    """Do something in a fork, and kill it; tell whether it was still alive, and how long it was."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    pidfd = os.pidfd_open(child)
    alive = not select.select([pidfd], [], [], after_s)[0]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(pidfd)
    return alive, time.monotonic() - began


# --- failing --------------------------------------------------------------------------------------


def failing(asked: Asked) -> Iterator[Row]:
    """Let one system call of a tick fail, each in turn."""
    top = asked.folder / "failing"
    boxes = plans.planted(top, 1, 40)
    path = top / boxes[0].path
    ticked(str(top), boxes[0].id, "")
    old, new = (plans.text(0, 40, some) for some in ({0}, {0, 1}))
    chance = asked.chance("failing")
    wrong: list[str] = []
    tried = refused = 0
    for code in ERRORS:
        for at in range(1, MOST):
            if chance.random() >= asked.share:
                continue
            answer, is_over = _with_a_failure(lambda: ticked(str(top), boxes[1].id, ""), at, code)
            if is_over:
                path.write_bytes(old)
                break
            tried += 1
            refused += not answer.startswith("ticked")
            wrong += _judged(
                f"{errno.errorcode[code]} at call {at}", answer, path.read_bytes(), (old, new, code)
            )
            path.write_bytes(old)
    if not ticked(str(top), boxes[2].id, "").startswith("ticked"):
        wrong.append("nothing can be ticked any more")
    with plans.opened(top) as store:
        wrong += [str(one) for one in store.check()]
    wrong += [f"{one.name} was left behind" for one in top.rglob(f"{leftovers.PREFIX}*")]
    told = f"{tried} failures of one call in a tick"
    yield held("R9", told, f"{refused} refused, {len(wrong)} wrong", wrong)


def _judged(what: str, answer: str, found: bytes, how: tuple[bytes, bytes, int]) -> list[str]:
    old, new, code = how
    if answer.startswith("ticked"):
        return [] if found == new else [f"{what}: it was said to be ticked, and is not"]
    if found not in (old, new):
        return [f"{what}: the document is damaged"]
    if not answer.startswith("refused"):
        return [f"{what}: {answer}"]
    if "no item is called" in answer:  # git was not found to be here, and ids are others then
        return []
    return [] if os.strerror(code) in answer else [f"{what}: the cause is not named: {answer}"]


def _with_a_failure(work: Callable[[], str], at: int, code: int) -> tuple[str, bool]:
    """Do something in a fork in which one call fails; tell what it says, and if none did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        write, done = os.write, os._exit
        calls = [0]
        for name in CALLS:
            setattr(os, name, _failing(getattr(os, name), calls, at, code))
        try:
            answer = work()
        except OSError as error:  # told of at the door, in the same words
            answer = f"refused ? {error.strerror}"
        except BaseException as error:  # noqa: BLE001 - a mistake of ours
            answer = f"{type(error).__name__}: {error}"
        write(writing, f"{int(calls[0] < at)}{answer}".encode()[:4000])
        done(0)
    os.close(writing)
    said = os.read(reading, 4096).decode()
    os.close(reading)
    os.waitpid(child, 0)
    return said[1:], said[:1] == "1"


def _failing(real: Callable[..., Any], calls: list[int], at: int, code: int) -> Callable[..., Any]:
    def call(*arguments: object, **named: object) -> object:
        calls[0] += 1
        if calls[0] == at:
            raise OSError(code, os.strerror(code))
        return real(*arguments, **named)

    return call


PARTS = (
    Part("boxes", "R2", "every box of real documents is ticked and opened again", 50.0, every_box),
    Part("crowd", "R8", "many tick at once, in one document and in several", 40.0, at_once),
    Part("editor", "R8", "agents tick while an editor saves", 50.0, beside_an_editor),
    Part("killed", "R5", "whoever ticks is killed", 30.0, killed),
    Part("failing", "R9", "a system call of a tick fails", 40.0, failing),
)
