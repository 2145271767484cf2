"""The project's own functions, called in this process."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time, sleep

from bench.spawn import Failed

MEMORY = ".plan-history"
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of what mallopt(3) sets
_MUCH_BYTES = 1 << 29
_SETTLING_S = 0.1  # what changed a moment ago is read once more


def forget(top: Path) -> None:
    """Drop what plantrack remembers of a repository."""
    shutil.rmtree(top / MEMORY, ignore_errors=True)


def refresh(top: Path) -> int:
    """Bring the memory up to date, from finding the place on; give how many files were read."""
    from plantrack import config, repo, sync
    from plantrack.store import open_store

    now = datetime.now(UTC)
    place = repo.find_place(str(top))
    settings = config.load(place.top)
    where = (place.top, place.main_top, settings.database)
    with closing(open_store(*where, is_tracked=lambda _: False)) as store:
        return sync.refresh(place, store, settings, now=now).read


def settle(top: Path) -> None:
    """Refresh until nothing is left to do. Raises Failed when there always is something."""
    for _ in range(5):
        if refresh(top) == 0:
            return
        sleep(_SETTLING_S)
    message = f"{top}: a refresh after which nothing changed reads documents again"
    raise Failed(message)


def document_paths(top: Path) -> tuple[str, ...]:
    """List the documents of a repository."""
    from plantrack import config, repo

    place = repo.find_place(str(top))
    return repo.list_documents(place, config.load(place.top)).documents


def reader(top: Path, paths: Sequence[str]) -> Callable[[], object]:
    """Give a function that reads and parses documents the way a first scan does."""
    from plantrack import config, repo
    from plantrack.core import dialect, markdown, parse

    place = repo.find_place(str(top))
    settings = config.load(place.top)
    rules, max_bytes = settings.rules(), settings.max_document_kib * 1024

    def read() -> None:
        for path in paths:
            source = repo.read_document(place, path, max_bytes=max_bytes)
            assert isinstance(source, repo.Source), source
            text, _ = markdown.decode(source.data)
            parse.read_plan(text, dialect.origin(path), rules)

    return read


def renderer(top: Path, paths: Sequence[str]) -> Callable[[], object]:
    """Give a function that reads documents and renders them as GitHub does, in C."""
    import cmarkgfm

    _hold_memory()

    def render() -> None:
        for path in paths:
            text = (top / path).read_bytes().decode("utf-8-sig", errors="replace")
            cmarkgfm.github_flavored_markdown_to_html(text)

    return render


def _hold_memory() -> None:
    """Let this process keep the memory that it frees.

    Else the C library may give it back after each document, depending on what happens to lie
    behind it, and rendering takes once to twice as long.
    """
    import ctypes

    with suppress(AttributeError, OSError):  # another C library
        library = ctypes.CDLL(None)
        library.mallopt(_TRIM_THRESHOLD, _MUCH_BYTES)
        library.mallopt(_MMAP_THRESHOLD, _MUCH_BYTES // 16)


def timed(work: Callable[[], object]) -> float:
    """Do it; give the seconds it took."""
    start = perf_counter()
    work()
    return perf_counter() - start


def worked(work: Callable[[], object]) -> float:
    """Do it; give the seconds of processor time it took, with those of what it started."""
    start = process_time() + _of_children()
    work()
    return process_time() + _of_children() - start


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
