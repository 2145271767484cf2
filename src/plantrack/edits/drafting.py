"""A name to a new design doc in the place where they are kept."""

from __future__ import annotations

import os
from importlib import resources
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.core import dialect, drafting, edit
from plantrack.core.edit_view import DraftView
from plantrack.core.model import Finding
from plantrack.errors import UsageError, WriteRefused
from plantrack.repo.files import below
from plantrack.repo.replacing import create_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from plantrack.commands import Memory

_DESIGN = "design"  # what a template of design docs is mostly called


def draft(
    memory: Memory, name: str, *, today: date, folder: str | None = None, is_dry: bool = False
) -> DraftView:
    """Write a new design doc called `name`; `folder` None: where such documents are kept.

    Raises UsageError for what is no name or folder, and WriteRefused when it cannot be written.
    """
    name = _checked(name)
    memory.refresh()
    template, text = _template(memory, folder)
    snapshot = memory.store.snapshot()
    listed = [path for path, _ in snapshot.documents] if snapshot else []
    where = drafting.folder_of(listed, template) if folder is None else _inside(memory, folder)
    with memory.store.alone():
        path = drafting.path_of(name, where, _beside(f"{memory.place.top}/{where}"))
        if dialect.is_left_out(path):
            message = f"{path} would be left out, as templates and foreign documents are"
            raise UsageError(message, "choose another name, or another folder with --in")
        said = drafting.filled(text, name, today)
        if not is_dry:
            create_document(memory.place, path, said.encode())
    return DraftView(path, name, template, said, is_dry=is_dry)


def _checked(name: str) -> str:
    name = " ".join(name.split())
    for ending in (".md", ".markdown"):
        name = name.removesuffix(ending)
    if not any(map(str.isalnum, name)) or not name.isprintable():
        raise UsageError(
            "a document needs a name of letters or digits", "as in: plantrack new 'Drag to Move'"
        )
    if len(name) > drafting.MAX_NAME_CHARS or "/" in name:
        message = f"a name has no “/” and at most {drafting.MAX_NAME_CHARS} characters"
        raise UsageError(message, "choose a shorter name, and the folder with --in")
    if dialect.is_placeholder_title(name):
        raise UsageError(f"“{name}” is what templates are called", "choose another name")
    return name


def _inside(memory: Memory, folder: str) -> str:
    """Give a folder from the top; it need not be there yet."""
    top = memory.place.top
    path = os.path.realpath(os.path.join(memory.place.start, folder))
    inside = "" if path == top else below(top, path)
    if inside is None or (os.path.lexists(path) and not os.path.isdir(path)):
        raise UsageError(f"{folder} is no folder of the repository {top}", "name one with --in")
    return inside


def _beside(folder: str) -> tuple[str, ...]:
    try:
        return tuple(os.listdir(folder))
    except FileNotFoundError:
        return ()
    except OSError as error:
        message = f"{folder} cannot be read: {error.strerror}; nothing was written"
        raise WriteRefused(message, "make it readable, or name another folder with --in") from error


# --- templates ------------------------------------------------------------------------------------


def _template(memory: Memory, folder: str | None) -> tuple[str, str]:
    """Give the path and the text of the template to use; "": the built-in one."""
    found = list(_templates(memory, memory.config.rules().plan_headings))
    if not found:
        text = resources.files("plantrack").joinpath("templates", "design.md").read_text("utf-8")
        return "", text
    near = "" if folder is None else _inside(memory, folder)

    def rank(one: tuple[str, str]) -> tuple[bool, bool, int, str]:
        above, _, stem = one[0].rpartition("/")
        return above != near, _DESIGN not in stem.lower(), one[0].count("/"), one[0]

    return min(found, key=rank)


def _templates(memory: Memory, phrases: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Read the templates of the repository that a design doc can be made from."""
    most = memory.config.max_document_kib * 1024
    for path in repo.list_templates(memory.place, memory.config):
        source = repo.read_document(memory.place, path, max_bytes=most)
        if isinstance(source, Finding):
            continue
        try:
            text = edit.text_of(source.data)
        except edit.Refused:
            continue
        if drafting.is_template(text, phrases):
            yield path, text
