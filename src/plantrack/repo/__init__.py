"""Documents from work tree and git: where they are, which there are, their bytes and dates."""

# Theory of operation
#
# 1. Every command asks where it stands and whether anything changed; few of them list or read. So
#    what the quick way needs is imported here, and what takes git, patterns or hashes waits inside
#    the functions that need it.
# 2. All paths are text, as the operating system gave them: undecodable bytes survive as surrogates
#    and lead back to the same file.

from __future__ import annotations

from plantrack.repo.files import (
    any_changed,
    controls_changed,
    folders_changed,
    horizon,
    out_of_sight,
    settled,
    stamp,
    stamps_changed,
)
from plantrack.repo.place import find_place, read_head
from plantrack.repo.values import Head, Listing, Place, Source, Stamp

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Collection

    from plantrack.core.model import Finding
    from plantrack.repo.wanted import Choice

__all__ = [
    "Head",
    "Listing",
    "Place",
    "Source",
    "Stamp",
    "any_changed",
    "carried_on",
    "controls_changed",
    "find_place",
    "folders_changed",
    "horizon",
    "is_tracked",
    "list_documents",
    "list_templates",
    "not_gone",
    "out_of_sight",
    "read_document",
    "read_head",
    "settled",
    "stamp",
    "stamps_changed",
]


def list_documents(place: Place, config: Choice) -> Listing:
    """List every candidate document; see listing.py."""
    from plantrack.repo import listing

    return listing.list_documents(place, config)


def list_templates(place: Place, config: Choice) -> tuple[str, ...]:
    """List the files that are called like templates of documents; see listing.py."""
    from plantrack.repo import listing

    return listing.list_templates(place, config)


def carried_on(place: Place, config: Choice, listing: Listing) -> Listing | None:
    """Take a listing over if its folders hold what they held; see relisting.py."""
    from plantrack.repo import relisting

    return relisting.carried_on(place, config, listing)


def read_document(place: Place, path: str, *, max_bytes: int) -> Source | Finding:
    """Read one document, or say why not; see document.py."""
    from plantrack.repo import document

    return document.read_document(place, path, max_bytes=max_bytes)


def is_tracked(place: Place, path: str) -> bool:
    """Tell whether git tracks a path or anything below it; see git_tree.py."""
    from plantrack.repo import git_tree

    return git_tree.is_tracked(place, path)


def not_gone(place: Place, missing: Collection[str]) -> frozenset[str]:
    """Choose the missing files that nobody removed; see git_tree.py."""
    from plantrack.repo import git_tree

    return git_tree.not_gone(place, missing)
