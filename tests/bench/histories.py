"""A number of commits to a git repository of that many, in which plans are worked on; seeded."""

# Theory of operation
#
# 1. First a schedule says what each commit does to which documents. New documents appear all along;
#    most work is done on the youngest.
# 2. Then each document is written by itself, version by version: a version depends on its seed and
#    its number alone. Versions of a document go to git one after the other, because it packs each
#    as what differs from the one before.
# 3. Then come the commits, which name the versions. Half of those that change a plan change code
#    too.

from __future__ import annotations

import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from zlib import crc32

from bench import documents, edits, plans, prose, trees
from bench.edits import Draft, Edit
from bench.prose import Pen

FIRST_S = 1_704_186_000  # 2024-01-02, morning
STEP_S = 2400  # from one commit to the next

_KINDS: dict[Edit | None, int] = {  # of a hundred commits
    Edit.TICK: 80,
    Edit.TICK_AND_REWORD: 10,
    Edit.ADD: 2,
    Edit.CUT: 1,
    Edit.EXPAND: 2,
    Edit.PROSE: 3,
    None: 2,  # code alone
}
_YOUNG = 12  # documents that most work is done on
_OLD_SHARE = 0.2  # of the commits change any other one
_TWO_SHARE = 0.05  # change two documents
_CODE_SHARE = 0.5
_RENAMES = 0.003  # of the commits
_CODE_FILES, _CODE_BODIES = 400, 61
_PEOPLE = ("Ada Example <ada@example.org>", "Ben Example <ben@example.org>")


@dataclass(frozen=True, slots=True)
class Length:
    """How long a history is."""

    commits: int
    documents: int  # in the end

    @property
    def name(self) -> str:
        """Name a folder for it."""
        return f"{self.commits}-over-{self.documents}"

    def part(self, times: int) -> Length:
        """Give one that is so many times shorter and goes on as fast."""
        return Length(self.commits // times, max(1, self.documents // times))


@dataclass(frozen=True, slots=True)
class Touch:
    """What a commit does to one document."""

    document: int
    edit: Edit | None  # None: it is new
    is_renamed: bool = False


def plant(folder: Path, length: Length, *, seed: int = 0) -> Path:
    """Make the repository in a folder below `folder`, or find the one made before; give its top."""
    top = folder / f"{length.name}-{seed}-{_generation()}" / "repository"
    if (top.parent / trees.PLANTED).exists():
        return top
    shutil.rmtree(top, ignore_errors=True)  # half of one
    top.mkdir(parents=True)
    trees.git(top, "init", "--quiet", "--initial-branch", "main")
    trees.git(top, "config", "gc.auto", "0")
    command = ["git", "-C", str(top), "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as importer:
        assert importer.stdin is not None
        with importer.stdin as out:
            out.writelines(_Stream(length, seed).parts())
    assert importer.returncode == 0
    trees.git(top, "reset", "--quiet", "--hard")
    (top.parent / trees.PLANTED).touch()
    return top


def schedule(length: Length, seed: int) -> Iterator[tuple[Touch, ...]]:
    """Say what each commit does to which documents, no document twice; (): it changes code alone.

    A history that goes on as fast as another one begins like it.
    """
    chance = Random(f"{seed}/schedule")  # noqa: S311 - the same history every time
    every = length.commits // length.documents
    begun = min(_YOUNG, length.documents // 3)  # at once
    kinds, weights = list(_KINDS), list(_KINDS.values())
    born = 0
    for number in range(length.commits):
        if born < length.documents and (number < begun or number % every == 0):
            yield (Touch(born, None),)
            born += 1
            continue
        kind = chance.choices(kinds, weights)[0]
        first, second = _chosen(chance, born), _chosen(chance, born)
        moved, two = chance.random() < _RENAMES, chance.random() < _TWO_SHARE
        if kind is None:
            yield ()
        elif two and first != second:
            yield Touch(first, kind), Touch(second, Edit.TICK)
        else:
            yield (Touch(first, kind, moved),)


def _chosen(chance: Random, born: int) -> int:
    """Choose a document: mostly one of the youngest."""
    if chance.random() < _OLD_SHARE:
        return chance.randrange(born)
    return born - 1 - chance.randrange(min(born, _YOUNG))


class _Stream:
    """What fast-import reads: code, then document by document, then the commits."""

    def __init__(self, length: Length, seed: int) -> None:
        self._seed = seed
        self._commits = list(schedule(length, seed))
        self._code = Pen(f"{seed}/code")
        self._marks = count(1)
        self._bodies: list[int] = []  # marks of what code files hold
        self._paths: list[str] = []  # of each document
        self._mark_by_touch: dict[tuple[int, int], int] = {}  # by commit and document

    def parts(self) -> Iterator[bytes]:
        """Yield it piece by piece."""
        for _ in range(_CODE_BODIES):
            self._bodies.append(next(self._marks))
            yield _blob(self._bodies[-1], f"{self._code.code()}\n{self._code.paragraph()}\n")
        own: defaultdict[int, list[tuple[int, Touch]]] = defaultdict(list)
        for number, touched in enumerate(self._commits):
            for touch in touched:
                own[touch.document].append((number, touch))
        for document in range(len(own)):
            yield from self._versions(document, own[document])
        for number, touched in enumerate(self._commits):
            yield from self._commit(number, touched)

    def _versions(self, document: int, touches: Iterable[tuple[int, Touch]]) -> Iterator[bytes]:
        written = documents.fresh(document + 1, Pen(f"{self._seed}/history/{document}"))
        self._paths.append(f"docs/{written.path.removeprefix('docs/').removeprefix('services/')}")
        draft = Draft(written.text, Pen(f"{self._seed}/edits/{document}"))
        for number, touch in touches:
            if touch.edit is not None:
                draft.edit(touch.edit)
            mark = self._mark_by_touch[number, document] = next(self._marks)
            yield _blob(mark, draft.text)

    def _commit(self, number: int, touched: Sequence[Touch]) -> Iterator[bytes]:
        yield _head(number)
        for touch in touched:
            path = self._paths[touch.document]
            if touch.is_renamed:
                before, path = path, _renamed(path)
                self._paths[touch.document] = path
                yield f"R {before} {path}\n".encode()
            yield f"M 100644 :{self._mark_by_touch[number, touch.document]} {path}\n".encode()
        chance = self._code.chance
        if not touched or chance.random() < _CODE_SHARE:
            file, body = chance.randrange(_CODE_FILES), chance.choice(self._bodies)
            yield f"M 100644 :{body} src/part-{file % 20}/m{file}.py\n".encode()
        yield b"\n"


def _blob(mark: int, text: str) -> bytes:
    data = text.encode()
    return b"blob\nmark :%d\ndata %d\n%s\n" % (mark, len(data), data)


def _head(number: int) -> bytes:
    person = f"{_PEOPLE[number % len(_PEOPLE)]} {FIRST_S + number * STEP_S} +0000"
    subject = f"Go on with the work, part {number}"
    head = f"commit refs/heads/main\nauthor {person}\ncommitter {person}\n"
    return f"{head}data {len(subject)}\n{subject}\n".encode()


def _renamed(path: str) -> str:
    """Give another name to a document, or to the folder of a plan file."""
    folder, _, name = path.rpartition("/")
    if name == "tasks.md":
        return f"{folder}-again/{name}"
    stem, _, suffix = name.rpartition(".")
    return f"{folder}/{stem}-again.{suffix}"


def _generation() -> str:
    """Condense what a history depends on besides length and seed: this code."""
    modules = (__file__, documents.__file__, edits.__file__, plans.__file__, prose.__file__)
    return f"{crc32(b''.join(Path(one).read_bytes() for one in modules)):08x}"
