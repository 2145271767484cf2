"""A repository and a seed to whatever people, editors, agents and git do in it, without end."""

# A process of its own: what it does is not slowed by whoever looks on, and takes no memory of it.
# It waits for a line, does things for a while and prints what it did so far, again and again.
# Every second time it leaves folders and git alone: where everything is looked at for their sake, a
# single event could go missing unnoticed.

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

BRANCHES = ("main", "other")


class Mischief:
    """Does one thing after another in a repository."""

    def __init__(self, top: Path, seed: int) -> None:
        """Look at what there is."""
        self.top = top
        self.done: Counter[str] = Counter()
        self._random = Random(seed)  # noqa: S311 - it has to be the same again
        self._number = 0
        self._small: dict[Callable[[], None], int] = {
            self.write: 20,
            self.replace: 30,
            self.save_like_vim: 10,
            self.append_in_bits: 5,
            self.storm: 2,
            self.make: 8,
            self.remove: 4,
            self.rename: 6,
            self.build: 3,
            self.read: 3,
        }
        self._large: dict[Callable[[], None], int] = {
            self.make_folder: 4,
            self.move_folder: 3,
            self.swap_folders: 1,
            self.remove_folder: 2,
            self.unpack: 1,
            self.commit: 1,
            self.stash: 1,
            self.switch: 1,
        }

    def run(self, seconds: float, *, also_large: bool) -> None:
        """Do things for so long."""
        until = time.monotonic() + seconds
        weight_by_deed = self._small | self._large if also_large else self._small
        deeds, weights = list(weight_by_deed), list(weight_by_deed.values())
        if also_large:
            self.switch()  # which brings back what was removed
        while time.monotonic() < until:
            (deed,) = self._random.choices(deeds, weights)
            with contextlib.suppress(FileNotFoundError):  # of a folder that was moved before
                deed()
                self.done[deed.__name__] += 1
            if self._random.random() < 0.5:
                time.sleep(self._random.random() * 0.05)

    # --- files ---

    def write(self) -> None:
        self._document().write_text(self._text())

    def replace(self) -> None:
        path = self._document()
        other = path.with_name(f".tmp-{self._next()}")
        other.write_text(self._text())
        other.replace(path)

    def save_like_vim(self) -> None:
        path = self._document()
        backup = path.with_name(path.name + "~")
        path.rename(backup)
        path.write_text(self._text())
        backup.unlink()

    def append_in_bits(self) -> None:
        with self._document().open("a") as file:
            for _ in range(5):
                file.write(self._text())
                file.flush()
                time.sleep(0.002)

    def storm(self) -> None:
        for _ in range(20):
            self.replace()
            time.sleep(0.015)

    def make(self) -> None:
        (self._folder() / f"new-{self._next()}.md").write_text(self._text())

    def remove(self) -> None:
        self._document().unlink()

    def rename(self) -> None:
        self._document().rename(self._folder() / f"renamed-{self._next()}.md")

    # --- folders ---

    def make_folder(self) -> None:
        folder = self._folder() / f"made-{self._next()}" / "deep"
        folder.mkdir(parents=True)
        (folder / "plan.md").write_text(self._text())

    def move_folder(self) -> None:
        folder = self._below()
        folder.rename(self.top / f"moved-{self._next()}")

    def swap_folders(self) -> None:
        """Put a folder in the place of another one, at once."""
        folder, aside = self._below(), self.top / f"aside-{self._next()}"
        folder.rename(aside)
        folder.mkdir()
        (folder / "plan.md").write_text(self._text())
        (aside / "plan.md").write_text(self._text())

    def remove_folder(self) -> None:
        shutil.rmtree(self._below())

    def unpack(self) -> None:
        """Let many folders come at once, documents among other files."""
        top = self.top / f"unpacked-{self._next()}"
        for number in range(30):
            folder = top / f"{number % 5}" / f"{number}"
            folder.mkdir(parents=True)
            for name in ("plan.md", "code.py", "data.json"):
                (folder / name).write_text(self._text())

    # --- what is nobody's business ---

    def build(self) -> None:
        folder = self._folder()
        names = [folder / f"built-{number}.o" for number in range(100)]
        for name in names:
            name.write_bytes(b"\x7fELF" * 100)
        for name in names:
            name.unlink()

    def read(self) -> None:
        for _ in range(20):
            path = self._document()
            path.read_bytes()
            path.chmod(0o644)

    # --- git ---

    def commit(self) -> None:
        self._git("add", "--all", "--", "*.md")
        self._git("commit", "--quiet", "--allow-empty", "--message", "More")

    def stash(self) -> None:
        self._git("stash", "--quiet", "--include-untracked", "--", "*.md")
        self._git("stash", "pop", "--quiet")

    def switch(self) -> None:
        """Go to another branch, and drop what stands in the way."""
        self._git("switch", "--quiet", "--force", self._random.choice(BRANCHES))
        for folder in self._ours():
            shutil.rmtree(folder, ignore_errors=True)

    # --- where ---

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _text(self) -> str:
        return f"# Plan {self._next()}\n" + "- [ ] a step\n" * self._random.randrange(100)

    def _ours(self) -> list[Path]:
        return [path for path in self.top.iterdir() if "-" in path.name and path.is_dir()]

    def _folder(self) -> Path:
        """Choose a folder by going down, which finds those with documents often enough."""
        folder = self.top / "docs" if self._random.random() < 0.7 else self.top
        folder.mkdir(exist_ok=True)
        while True:
            below = [path for path in folder.iterdir() if path.is_dir() and path.name[0] != "."]
            if not below or self._random.random() < 0.4:
                return folder
            folder = self._random.choice(sorted(below))

    def _below(self) -> Path:
        """Choose a folder, but none of those in the top folder that hold nearly everything."""
        ours = self._ours()
        if not ours or self._random.random() < 0.5:
            for _ in range(10):
                folder = self._folder()
                if self.top not in (folder, folder.parent):
                    return folder
        if ours:
            return self._random.choice(sorted(ours))
        folder = self.top / f"own-{self._next()}"
        folder.mkdir()
        return folder

    def _document(self) -> Path:
        """Choose a document, or make one where there is none."""
        for _ in range(10):
            folder = self._folder()
            found = sorted(path for path in folder.iterdir() if path.suffix == ".md")
            if found:
                return self._random.choice(found)
        return self._folder() / "plan.md"

    def _git(self, *arguments: str) -> None:
        """Let git do something; it may find that it cannot, as it does among people."""
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.top.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
        } | {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"))
        }
        argv = ["git", "-c", "gc.auto=0", *arguments]
        subprocess.run(argv, cwd=self.top, env=environment, capture_output=True, check=False)


def main() -> None:
    """Do things until nobody wants more: `mischief.py TOP SEED SECONDS-IN-A-ROUND`."""
    mischief = Mischief(Path(sys.argv[1]), int(sys.argv[2]))
    for number, _ in enumerate(sys.stdin):
        mischief.run(float(sys.argv[3]), also_large=number % 2 == 1)
        print(json.dumps(mischief.done), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
