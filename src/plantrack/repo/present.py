"""What a document names to the files and folders that are there."""

# Theory of operation
#
# 1. A name is tried from the document's folder, as links are meant, then from the top folder.
# 2. Nothing outside of the work tree is told of, nor what stands in `.git`: not even whether it
#    is there.

from __future__ import annotations

import os

from plantrack.repo.files import below

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from collections.abc import Iterable

    from plantrack.repo.values import Place


def present(place: Place, document: str, names: Iterable[str]) -> tuple[str, ...]:
    """Give the paths, from the top folder, of what is there; a folder's ends with "/".

    They come in the order of their names, each once, without the document itself and the top.
    """
    folder = os.path.dirname(document)
    found: dict[str, None] = {}
    for name in names:
        for path in (os.path.join(folder, name), name):
            there = _there(place.top, os.path.normpath(path))
            if there:
                found[there] = None
                break
    found.pop(document, None)
    return tuple(found)


def _there(top: str, path: str) -> str:
    if path.partition("/")[0] in ("", ".", "..", ".git"):
        return ""
    whole = f"{top}/{path}"
    if not os.path.exists(whole) or below(top, os.path.realpath(whole)) is None:
        return ""
    return f"{path}/" if os.path.isdir(whole) else path
