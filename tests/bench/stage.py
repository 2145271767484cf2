"""Where the benchmarks run: repositories, a clean environment, how commands are started."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench import histories, trees
from bench.histories import Length
from bench.spawn import Command
from bench.trees import Size

PROJECT = Path(__file__).resolve().parents[2]
CORPUS = PROJECT.parent / "shared" / "corpus"


@dataclass(frozen=True, slots=True)
class Scale:
    """How large the repositories are, and how often things are measured."""

    many: Size
    few: Size
    vast: Size
    long: Length
    changes: int  # in the largest database; 0: that is left out
    grown: int  # changes in the largest database of those by which growth is told
    pairs: int  # of what takes milliseconds; what takes longer is measured less often
    fewest: int  # of what takes longest


FULL = Scale(
    many=Size(1_000, 5_000),
    few=Size(80, 400),
    vast=Size(5_000, 100_000),
    long=Length(20_000, 300),
    changes=1_000_000,
    grown=1_000_000,
    pairs=31,
    fewest=3,
)
QUICK = Scale(
    many=Size(100, 500),
    few=Size(20, 100),
    vast=Size(300, 3_000),
    long=Length(1_000, 15),
    changes=0,
    grown=10_000,
    pairs=5,
    fewest=1,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """One run's surroundings."""

    folder: Path  # repositories are planted here, or found as an earlier run left them
    scale: Scale
    entry: tuple[str, ...]  # how plantrack is started
    tell: Callable[[str], None]  # says what takes its time

    def tree(self, size: Size) -> Path:
        """Give the top of a repository of this size."""
        self.tell(f"planting {size.documents:,} documents among {size.files:,} files")
        return trees.plant(self.folder, size)

    def history(self, length: Length) -> Path:
        """Give the top of a repository with a history of this length."""
        self.tell(f"planting {length.commits:,} commits over {length.documents:,} documents")
        return histories.plant(self.folder, length)

    def plantrack(self, top: Path, *arguments: str, terminal: bool = False) -> Command:
        """Give the command that asks plantrack."""
        return Command((*self.entry, *arguments), top, self.environment(), terminal)

    def python(self, top: Path, *, terminal: bool = False) -> Command:
        """Give the command that starts the same Python in the same way, and does nothing."""
        return Command((sys.executable, "-c", "pass"), top, self.environment(), terminal)

    def git(self, top: Path, *arguments: str, silent: bool = False) -> Command:
        """Give a git command."""
        found = shutil.which("git")
        assert found is not None
        return Command((found, *arguments), top, self.environment(), silent=silent)

    def environment(self) -> dict[str, str]:
        """Give what every command is run in: nothing of the caller's that changes what it does.

        Above all not PYTHONDONTWRITEBYTECODE, under which every start compiles.
        """
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "TERM": "xterm-256color",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        return environment if is_installed() else environment | {"PYTHONPATH": str(PROJECT / "src")}


def entry(how: str) -> tuple[str, ...]:
    """Give the words that start plantrack: its script (as people do), or the module."""
    script = _script()
    if how == "script" or (how == "auto" and script.exists()):
        return (str(script),)
    return (sys.executable, "-m", "plantrack")


@cache
def is_installed() -> bool:
    """Tell whether this Python has the plantrack of this project without being told where it is."""
    if not _script().exists():
        return False
    code = "import plantrack; print(plantrack.__file__)"
    argv = [sys.executable, "-E", "-c", code]
    said = subprocess.run(argv, cwd="/", capture_output=True, text=True, check=True).stdout
    return Path(said.strip()).is_relative_to(PROJECT)


def compile_everything() -> None:
    """Compile our own modules, so that no start has to."""
    compileall.compile_dir(PROJECT / "src" / "plantrack", quiet=2)


def _script() -> Path:
    return Path(sys.executable).with_name("plantrack")
