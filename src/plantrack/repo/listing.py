"""A place to the list of its candidate documents, and what must rest for the list to stay true."""

# Theory of operation
#
# 1. In git, git says what belongs to the repository: tracked files, and untracked ones it does not
#    ignore. Outside git, or without a git program, every file does that no .gitignore hides.
# 2. git does not mention FIFOs, empty folders or what a link leads to, so the tree is walked as
#    well. A document is listed when both agree: git names it and the walk meets a regular file.
# 3. Neither look is instantaneous. Every folder and control file that changed since shortly before
#    the first one is entered with a time that equals none: whatever came in between, the next check
#    lists again.
# 4. A link is never a document of its own. One that leads to a listed document is how several tools
#    share a file, and passed over; any other one is a finding.

from __future__ import annotations

import os
import stat as modes
import time
from typing import TYPE_CHECKING

from plantrack.core.dialect import is_template_name
from plantrack.core.model import Finding
from plantrack.repo import git, git_tree, plain_tree
from plantrack.repo.files import below, control_stamp, kind, settled, settled_mtime
from plantrack.repo.values import Listing
from plantrack.repo.walk import Trail, ignore_file
from plantrack.repo.wanted import Wanted, is_document_name, wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.repo.values import Place, Stamp
    from plantrack.repo.wanted import Choice

_CONFIG_FILES = ("plantrack.toml", "pyproject.toml")


def list_documents(place: Place, config: Choice) -> Listing:
    """List every candidate document of the place, after exclusions by default and by `config`.

    Raises PlaceError when git refuses to read the repository.
    """
    began_ns = time.time_ns()  # noqa: TID251 -- compared with file times, never shown or kept
    trail = Trail(place.top, wanted(config))
    findings: list[Finding] = []
    members = members_of(place, trail, findings)
    findings += _oddities(trail)
    findings += _unfit_links(trail, members)
    documents = (path for path in members & trail.files if trail.wanted.document(path))
    return Listing(
        documents=tuple(sorted(documents)),
        folders=tuple(
            (folder, settled_mtime(mtime_ns, began_ns))
            for folder, mtime_ns in sorted(trail.mtime_by_folder.items())
        ),
        controls=tuple(_controls(place, trail, began_ns)),
        findings=tuple(sorted(findings, key=lambda finding: (finding.path, finding.code))),
    )


def list_templates(place: Place, config: Choice) -> tuple[str, ...]:
    """List the files of the place that are called like templates of documents, by path.

    Raises PlaceError when git refuses to read the repository.
    """
    trail = Trail(place.top, wanted(config))
    members = members_of(place, trail, [])
    return tuple(sorted(filter(is_template_name, members & trail.files)))


def members_of(place: Place, trail: Trail, findings: list[Finding]) -> frozenset[str]:
    """Name everything that is called like a document and belongs to the place; walk its folders."""
    if place.git_dir is None:
        return plain_tree.members(trail, findings)
    if git.program() is None:
        message = "git is not installed: only .gitignore files say what to leave out"
        findings.append(Finding("", 0, "no-git", message))
        return plain_tree.members(trail, findings)
    return git_tree.members(place, trail)


def _oddities(trail: Trail) -> Iterator[Finding]:
    for path, words in trail.oddities:
        if trail.wanted.document(path):
            message = f"named like a document, but it is {words}: not read"
            yield Finding(path, 0, "not-a-file", message)
    for folder, reason in trail.unreadable:
        yield Finding(folder, 0, "unreadable", f"this folder cannot be read: {reason}")


def _unfit_links(trail: Trail, members: frozenset[str]) -> Iterator[Finding]:
    for path in trail.links:
        if path not in members or not trail.wanted.document(path):
            continue
        # Asks for no more than the names on the way: what stands outside is not looked at.
        target = os.path.realpath(f"{trail.top}/{path}")
        inside = below(trail.top, target)
        if inside is None:
            yield Finding(path, 0, "link-outside", "a link that leaves the repository: not read")
            continue
        try:
            mode = os.stat(target).st_mode
        except OSError:
            yield Finding(path, 0, "link-dangling", "a link that leads nowhere: not read")
            continue
        if not modes.S_ISREG(mode):
            message = f"a link to {inside}, which is {kind(mode)}: not read"
            yield Finding(path, 0, "not-a-file", message)
        elif inside not in members and not _left_out(trail.wanted, inside):
            message = f"a link to {inside}, which is not among the documents: not read"
            yield Finding(path, 0, "link-unlisted", message)


def _left_out(wanted: Wanted, path: str) -> bool:
    return is_document_name(path) and not wanted.document(path)


def _controls(place: Place, trail: Trail, began_ns: int) -> Iterator[tuple[str, Stamp | None]]:
    for path in _control_paths(place, trail):
        stamp = control_stamp(path)
        yield path, None if stamp is None else settled(stamp, began_ns)


def _control_paths(place: Place, trail: Trail) -> Iterator[str]:
    for name in _CONFIG_FILES:
        yield f"{place.top}/{name}"
    for folder in sorted(trail.ignore_files):
        yield f"{place.top}/{ignore_file(folder)}"
    # Permission alone leaves a folder's mtime as it was; a stamp sees it.
    for folder, _ in trail.unreadable:
        yield f"{place.top}/{folder}"
    if place.git_dir is not None:
        yield f"{place.git_dir}/index"
        yield f"{place.common_dir}/info/exclude"
        yield f"{place.common_dir}/config"
        home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
        yield f"{home}/git/ignore"
