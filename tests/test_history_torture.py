"""A repository in which anything may happen: what is remembered equals what a new reading gives."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from conftest import FIRST_COMMIT, Repo
from history_samples import Known, assert_books_balance, known
from sync_samples import Here

OPERATIONS = int(os.environ.get("PLANTRACK_TORTURE", "40"))
FIRST = int(os.environ.get("PLANTRACK_SEED", "0"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("PLANTRACK_SEEDS", "2")))
WORDS = ("tide", "berth", "quay", "pilot", "anchor", "harbour", "beacon", "gauge", "chart", "lock")
STATUSES = ("Draft", "In progress", "Implemented")


class Yard:
    """A repository and one random operation on it after the other."""

    def __init__(self, repo: Repo, seed: int) -> None:
        """Begin with two documents."""
        self.repo = repo
        self.chance = random.Random(seed)  # noqa: S311 -- the same every time
        self.names = count()
        self.days = count()
        for _ in range(2):
            self.write_new()
        self.save()

    def operate(self) -> str:
        """Do something; return what."""
        operations: list[Callable[[], object]] = [
            self.edit, self.edit, self.edit, self.edit_and_save, self.edit_and_save, self.save,
            self.write_new, self.rename, self.remove, self.branch, self.switch, self.switch,
            self.merge, self.squash, self.rebase, self.amend, self.stash, self.unstash,
            self.discard, self.copy_aside,
        ]  # fmt: skip
        operation = self.chance.choice(operations)
        operation()
        return operation.__name__

    # --- the work tree -------------------------------------------------------------------------

    def write_new(self) -> None:
        folder = self.chance.choice(("", "docs/"))
        steps = [self.step() for _ in range(self.chance.randrange(1, 8))]
        self.put(f"{folder}{next(self.names):04}-{self.word()}.md", self.word(), "Draft", steps)

    def edit(self) -> None:
        path = self.any_document()
        if path is None:
            return
        lines = path.read_text().split("\n")
        boxes = [at for at, line in enumerate(lines) if "- [" in line]
        if not boxes:
            return
        at = self.chance.choice(boxes)
        line = lines[at]
        match self.chance.randrange(8):
            case 0 | 1 | 2:
                ticked = "[ ]" in line
                lines[at] = line.replace("[ ]", "[x]") if ticked else line.replace("[x]", "[ ]")
            case 3:
                lines[at] = f"{line} and the {self.word()}"
            case 4:
                lines.insert(at + 1, f"- [ ] {self.step()}")
            case 5:
                lines.insert(at + 1, f"  - [ ] {self.step()}")
            case 6:
                del lines[at]
            case _:
                lines[2] = f"**Status:** {self.chance.choice(STATUSES)}"
        path.write_text("\n".join(lines))

    def edit_and_save(self) -> None:
        self.edit()
        self.save()

    def rename(self) -> None:
        path = self.any_document()
        if path is not None:
            path.rename(path.with_name(f"{next(self.names):04}-{self.word()}.md"))

    def copy_aside(self) -> None:
        path = self.any_document()
        if path is not None:
            shutil.copy(path, path.with_name(f"{next(self.names):04}-{self.word()}.md"))

    def remove(self) -> None:
        path = self.any_document()
        if path is not None:
            path.unlink()

    # --- git -----------------------------------------------------------------------------------

    def save(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", self.word())

    def branch(self) -> None:
        self.git("switch", "--quiet", "--create", f"branch-{next(self.names)}")

    def switch(self) -> None:
        self.save()
        self.git("switch", "--quiet", self.chance.choice(self.branches()))

    def merge(self) -> None:
        self.save()
        if not self.can("merge", "--quiet", "--no-edit", self.chance.choice(self.branches())):
            self.git("reset", "--quiet", "--hard")

    def squash(self) -> None:
        self.save()
        if self.can("merge", "--quiet", "--squash", self.chance.choice(self.branches())):
            self.save()
        else:
            self.git("reset", "--quiet", "--hard")

    def rebase(self) -> None:
        self.save()
        if not self.can("rebase", "--quiet", self.chance.choice(self.branches())):
            self.git("rebase", "--abort")

    def amend(self) -> None:
        self.edit()
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--amend", "--no-edit")

    def stash(self) -> None:
        self.git("stash", "--quiet", "--include-untracked")

    def unstash(self) -> None:
        self.save()
        if not self.can("stash", "pop", "--quiet"):
            self.git("reset", "--quiet", "--hard")

    def discard(self) -> None:
        self.git("reset", "--quiet", "--hard")
        self.git("clean", "--quiet", "--force", "-d", "--exclude", ".plan-history")

    # --- means ---------------------------------------------------------------------------------

    def git(self, *arguments: str) -> str:
        when = FIRST_COMMIT + timedelta(hours=9 * next(self.days))
        if self.chance.randrange(12) == 0:  # a clock that is wrong
            when = when.replace(year=self.chance.choice((1975, 2001, 2025, 2095)))
        return self.repo.git(*arguments, when=when)

    def can(self, *arguments: str) -> bool:
        try:
            self.git(*arguments)
        except AssertionError:
            return False
        return True

    def branches(self) -> list[str]:
        return self.repo.git("branch", "--format=%(refname:short)").split()

    def any_document(self) -> Path | None:
        found = [
            self.repo.path / name
            for name in self.repo.git("ls-files", "-co", "--exclude-standard", "*.md").split()
        ]
        there = sorted(path for path in found if path.exists())
        return self.chance.choice(there) if there else None

    def put(self, name: str, title: str, status: str, steps: list[str]) -> None:
        tasks = "\n".join(f"- [ ] {step}" for step in steps)
        text = f"# {title}\n\n**Status:** {status}\n\n## Implementation Plan\n\n{tasks}\n"
        self.repo.write({name: text})

    def step(self) -> str:
        return " ".join(self.word() for _ in range(self.chance.randrange(2, 6)))

    def word(self) -> str:
        return self.chance.choice(WORDS)


@contextmanager
def another_memory(repo: Repo) -> Iterator[Here]:
    """Put the memory aside, so that everything is read anew; then take it back."""
    folder, aside = repo.path / ".plan-history", repo.path.parent / "aside"
    folder.rename(aside)
    try:
        yield Here(repo.path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)


def read_anew(repo: Repo) -> Known:
    """Read everything into a new memory."""
    with another_memory(repo) as here:
        here.refresh()
        return known(here)


@pytest.mark.no_cover  # the same lines as in other tests, a thousand times
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.timeout(600)
def test_whatever_happened_the_memory_is_what_a_new_one_would_be(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "repo"
    path.mkdir()
    subprocess.run(["git", "init", "--quiet", "--initial-branch", "main", path], check=True)
    yard = Yard(Repo(path), seed)
    here = Here(path)
    done = []
    for _ in range(OPERATIONS):
        done.append(yard.operate())
        here.refresh()
        now, anew = known(here), read_anew(yard.repo)
        for part in Known.__dataclass_fields__:
            assert getattr(now, part) == getattr(anew, part), f"seed {seed}: {part} after {done}"
        assert_books_balance(here)
