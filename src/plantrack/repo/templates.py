"""A folder to the templates that documents in it are copied from."""

from __future__ import annotations

import os

from plantrack.core.dialect import is_left_out
from plantrack.core.model import Finding
from plantrack.repo.document import read_document
from plantrack.repo.wanted import is_document_name

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.repo.values import Place, Source

_FOLDERS = ("", "template", "templates")


def templates(place: Place, folder: str, *, max_bytes: int) -> Iterator[Source]:
    """Yield the readable templates of a folder ("" the top), those in it before those below it."""
    for below in _FOLDERS:
        within = "/".join(filter(None, (folder, below)))
        try:
            names = sorted(os.listdir(f"{place.top}/{within}"))
        except OSError:
            continue
        for name in names:
            if is_document_name(name) and (below or is_left_out(name)):
                found = read_document(
                    place, "/".join(filter(None, (within, name))), max_bytes=max_bytes
                )
                if not isinstance(found, Finding):
                    yield found
