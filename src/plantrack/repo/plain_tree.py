"""A folder tree and its .gitignore files to the files that are not hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.model import Finding
from plantrack.repo import globs
from plantrack.repo.files import read_small
from plantrack.repo.walk import Trail, ignore_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plantrack.repo.globs import Glob

    Rules = tuple[
        tuple[int, tuple[Glob, ...]], ...
    ]  # (depth of the folder, its patterns), top first

MAX_FOLDERS = 50_000  # a home folder or a whole disk is no project
MAX_DEPTH = 64
MAX_IGNORE_BYTES = 64 * 1024
MAX_PATTERNS = 1000  # of one file


def members(trail: Trail, findings: list[Finding]) -> frozenset[str]:
    """Walk the tree and name every file in it that is called like a document and not hidden."""
    rules_by_folder: dict[str, Rules] = {}
    pending = [""]
    while pending:
        folder = pending.pop()
        if len(rules_by_folder) >= MAX_FOLDERS:
            message = f"only {MAX_FOLDERS} folders were looked at: go to a project folder"
            findings.append(Finding("", 0, "too-many-folders", message))
            break
        if folder.count("/") >= MAX_DEPTH:
            message = f"folders nested deeper than {MAX_DEPTH} are not looked at"
            findings.append(Finding(folder, 0, "too-deep", message))
            continue
        children = trail.read(folder)
        rules = rules_by_folder.get(folder.rpartition("/")[0], ())
        if trail.ignore_files[-1:] == [folder]:
            rules = (*rules, (_depth(folder), _patterns(trail.top, folder, findings)))
        rules_by_folder[folder] = rules
        pending += [child for child in children if not _hides(rules, child, folder=True)]
    findings += [
        Finding(folder, 0, "nested-repository", "a git repository of its own: not looked into")
        for folder in trail.foreign
    ]
    return frozenset(_shown([*trail.files, *trail.links], rules_by_folder))


def _shown(paths: Iterable[str], rules_by_folder: dict[str, Rules]) -> Iterable[str]:
    for path in paths:
        if not _hides(rules_by_folder[path.rpartition("/")[0]], path, folder=False):
            yield path


def _hides(rules: Rules, path: str, *, folder: bool) -> bool:
    """Tell what the innermost .gitignore that speaks of this path says; folders above are not."""
    parts = path.split("/")
    for depth, patterns in reversed(rules):
        said = globs.decision(patterns, parts[depth:], folder=folder)
        if said is not None:
            return said
    return False


def _patterns(top: str, folder: str, findings: list[Finding]) -> tuple[Glob, ...]:
    path = ignore_file(folder)
    data = read_small(f"{top}/{path}", max_bytes=MAX_IGNORE_BYTES)
    patterns = () if data is None else globs.read_lines(data)
    if data is None or len(patterns) > MAX_PATTERNS:
        message = (
            f"no readable file, or longer than {MAX_PATTERNS} patterns: not honoured as a whole"
        )
        findings.append(Finding(path, 0, "gitignore-skipped", message))
    return patterns[:MAX_PATTERNS]


def _depth(folder: str) -> int:
    return folder.count("/") + 1 if folder else 0
