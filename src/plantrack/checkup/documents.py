"""Which documents are read, and which are not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core.checkup import Trouble
from plantrack.core.model import Finding
from plantrack.repo import omissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.config import Config
    from plantrack.repo import Place


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing came to."""

    count: int  # of documents that are read
    folders: tuple[str, ...]  # that are looked into
    skipped: tuple[Finding, ...]  # by path


def listed(place: Place, config: Config) -> Listed:
    """List and read every document. Raises PlaceError when git refuses to list the place."""
    listing = repo.list_documents(place, config)
    most = config.max_document_kib * 1024
    answers = (repo.read_document(place, path, max_bytes=most) for path in listing.documents)
    unread = [one for one in answers if isinstance(one, Finding)]
    skipped = (*listing.findings, *unread, *omissions.left_out(place, config))
    return Listed(
        count=len(listing.documents) - len(unread),
        folders=tuple(folder for folder, _ in listing.folders),
        skipped=tuple(sorted(skipped, key=lambda finding: (finding.path, finding.code))),
    )


def problems(found: Listed) -> Iterator[Trouble]:
    """Say what should be read and cannot be."""
    for one in found.skipped:
        if one.code == "unreadable":
            yield Trouble(one.code, f"{one.path}: {one.message}", "make it readable, or exclude it")
