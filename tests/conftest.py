"""What every test stands on: a clean environment, real repositories, the corpus."""

from __future__ import annotations

import fcntl
import functools
import gc
import importlib
import itertools
import os
import pkgutil
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from hypothesis import settings

import plantrack
from plantrack.__main__ import main

if TYPE_CHECKING:
    from _typeshed import TraceFunction

PROJECT_ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = 50  # of a property, unless it asks for another number; 100 where CI is set
MEMORY, ROOMY_BYTES = "/dev/shm", 2 << 30  # noqa: S108 -- a disk in memory; tests need a tenth
KEPT_AT = 2  # how often a repository is made before it is copied
FIRST_COMMIT = datetime(2026, 1, 1, 12, tzinfo=UTC)  # the nth commit is n days later

# A shared machine has slow moments, so no deadline. Where a result decides something, the same
# examples every time; everywhere else new ones, and therefore fewer at a time.
settings.register_profile("local", deadline=None, print_blob=True, max_examples=EXAMPLES)
settings.register_profile("ci", deadline=None, print_blob=True, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# What measures coverage; None where nobody asked for it.
_TRACER = pytest.StashKey["TraceFunction | None"]()

_TALKATIVE = (  # each changes what some program prints
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "LINES",
    "NO_COLOR",
    "PY_COLORS",
)
# Neither keys nor a look after each commit at whether it is time to tidy up, a process more.
_ALONE = ("-c", "commit.gpgsign=false", "-c", "maintenance.auto=false")
_HOME = {
    "HOME": ".",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
}


def pytest_configure() -> None:
    """Put what tests write where nobody waits for a disk, if there is such a place."""
    if _is_fit(MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def _is_fit(folder: str) -> bool:
    """Tell whether there is room, programs may run and files may have attributes."""
    try:
        place = os.statvfs(folder)
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            os.setxattr(file.name, "user.plantrack", b"")
    except OSError:
        return False
    return not place.f_flag & os.ST_NOEXEC and place.f_bavail * place.f_frsize >= ROOMY_BYTES


def pytest_xdist_auto_num_workers() -> int:
    """Start half as many workers again as there are processors: many tests mostly wait."""
    return (os.cpu_count() or 2) * 3 // 2


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Measure what our modules do when they are imported, and nothing else of finding the tests.

    Other packages are imported meanwhile and thousands of tests made: watched, that takes twice as
    long, in every worker.
    """
    for module in pkgutil.walk_packages(plantrack.__path__, "plantrack."):
        importlib.import_module(module.name)
    with _untraced(session.config):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Iterator[None]:
    """Measure nothing of what pytest does between the tests."""
    with _untraced(session.config):
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave chance out of what counts as covered: it would be another part of it each time."""
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Measure what a test stands on, unless the test is marked so."""
    with _traced(item):
        yield


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Measure a test, unless it is marked so."""
    with _traced(item):
        yield


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Measure how what a test stood on is taken away, unless the test is marked so."""
    with _traced(item):
        yield


@contextmanager
def _traced(item: pytest.Item) -> Iterator[None]:
    """Measure coverage for a while, and nothing afterwards."""
    tracer = _tracer(item.config)
    if item.get_closest_marker("no_cover") is None:
        sys.settrace(tracer)
    try:
        yield
    finally:
        sys.settrace(None)


@contextmanager
def _untraced(config: pytest.Config) -> Iterator[None]:
    """Measure nothing for a while, except what is traced meanwhile."""
    _tracer(config)
    try:
        yield
    finally:
        sys.settrace(_tracer(config))


def _tracer(config: pytest.Config) -> TraceFunction | None:
    """Give what measures coverage, and stop it; None where nobody asked for it.

    In a worker of xdist coverage is started twice. For a test that is marked pytest-cov pauses but
    one of the two, and starts another in its place.
    """
    config.stash[_TRACER] = sys.gettrace() or config.stash.get(_TRACER, None)
    sys.settrace(None)
    return config.stash[_TRACER]


@pytest.fixture(scope="session", autouse=True)
def _one_making_of_commands() -> Iterator[None]:
    """Let typer make our commands once: a process runs one of them, the tests run thousands."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session", autouse=True)
def _little_garbage() -> Iterator[None]:
    """Spare every collection of garbage the thousands of tests and modules that stay anyway."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    _furnish(home)
    return home


def _furnish(home: Path) -> None:
    for place in _HOME.values():
        (home / place).mkdir(parents=True, exist_ok=True)


def _tidy(home: Path) -> None:
    """Make a home empty again, which it is after most tests."""
    places = {home / place for place in (*_HOME.values(), ".local")} - {home}
    if set(home.rglob("*")) != places:
        shutil.rmtree(home)
        _furnish(home)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, _home: Path) -> Iterator[None]:
    for name in [*filter(lambda name: name.startswith("GIT_"), os.environ), *_TALKATIVE]:
        monkeypatch.delenv(name, raising=False)
    for name, place in _HOME.items():
        monkeypatch.setenv(name, str(_home / place))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("_TYPER_FORCE_DISABLE_TERMINAL", "1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
    _tidy(_home)


@dataclass(slots=True)
class Repo:
    """A git repository of the test's own, on branch main; its commits are one day apart."""

    path: Path
    _days: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def git(self, *arguments: str, when: datetime = FIRST_COMMIT) -> str:
        """Run git in the repository with a fixed identity; return what it printed."""
        identity = {"NAME": "Ada Example", "EMAIL": "ada@example.org", "DATE": when.isoformat()}
        environment = os.environ | {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in identity.items()
        }
        command = ["git", *_ALONE, *arguments]
        done = subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files by path from the top folder, byte for byte; None removes one."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(
        self, files: Mapping[str, str | bytes | None], message: str = "Change the plan"
    ) -> str:
        """Write files and commit the whole work tree; return the commit's id."""
        when = FIRST_COMMIT + timedelta(days=next(self._days))
        self.write(files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, when=when)
        return self._head() or self.git("rev-parse", "HEAD").strip()

    def passed(self, count: int) -> None:
        """Let the next commit come so many days later."""
        for _ in range(count):
            next(self._days)

    def _head(self) -> str:
        """Read which commit is checked out, without a process; empty where it is kept elsewhere."""
        folder = self.path / ".git"
        try:
            head = (folder / "HEAD").read_text().strip()
            ref = head.removeprefix("ref: ")
            return head if ref == head else (folder / ref).read_text().strip()
        except OSError:
            return ""


Commits = tuple[Mapping[str, str | bytes | None], ...]


class Repositories:
    """Repositories of nothing but given commits; what is asked for often is copied.

    The dates and names are always the same, and so are the commits: git need not make them again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: Counter[object] = Counter()

    def put(self, repo: Repo, commits: Commits) -> None:
        """Make a repository where there is nothing yet."""
        key = tuple(tuple(files.items()) for files in commits)
        kept = self._folder / str(hash(key))
        self._asked[key] += 1
        if commits and self._asked[key] > KEPT_AT:
            shutil.copytree(kept, repo.path, copy_function=shutil.copyfile)
            repo.git("update-index", "-q", "--refresh")  # the files are others
            repo.passed(len(commits))
            return
        self._make(repo, commits)
        if commits and self._asked[key] == KEPT_AT:
            shutil.copytree(repo.path, kept)

    def _make(self, repo: Repo, commits: Commits) -> None:
        repo.path.mkdir(parents=True)
        repo.git("init", "--quiet", "--initial-branch", "main", "--template=")
        for folder in ("hooks", "info"):
            (repo.path / ".git" / folder).mkdir()
        (repo.path / ".git" / "info" / "exclude").write_text("# as git puts it there\n")
        for files in commits:
            repo.commit(files)


@pytest.fixture(scope="session")
def _repositories(tmp_path_factory: pytest.TempPathFactory) -> Repositories:
    return Repositories(tmp_path_factory.mktemp("repositories"))


@pytest.fixture
def make_repo(tmp_path: Path, _repositories: Repositories) -> Callable[..., Repo]:
    """Return `make_repo(*commits, name="repo")`: a repository with a commit for each mapping.

    A commit maps paths to contents, None for a removed file: `make_repo({"plan.md": "# Plan"})`.
    """

    def make(*commits: Mapping[str, str | bytes | None], name: str = "repo") -> Repo:
        repo = Repo(tmp_path / name)
        _repositories.put(repo, commits)
        return repo

    return make


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Return the folder of real plan histories, as git bundles; skip where it is missing."""
    folder = PROJECT_ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip(f"no corpus of real plan histories at {folder}")
    return folder


@pytest.fixture(scope="session")
def remembered(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return `remembered(name)`: a clone of a real history that was read; for looking at alone.

    It is made once, by whichever worker asks for it first.
    """
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent

    def read(name: str) -> Path:
        (bundle,) = corpus.glob(f"{name}*.bundle")
        path = folder / f"remembered-{name}"
        with (folder / f"{name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not os.fstat(lock.fileno()).st_size:  # by now; another may have been at it
                subprocess.run(["git", "clone", "--quiet", bundle, path], check=True)
                assert main(["-C", str(path), "sync"]) == 0
                lock.write("read")
        return path

    return read
