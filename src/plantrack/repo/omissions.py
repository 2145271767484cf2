"""A place to the files that look like documents and are not wanted, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.dialect import is_left_out_folder
from plantrack.core.model import Finding
from plantrack.repo import globs
from plantrack.repo.listing import members_of
from plantrack.repo.walk import Trail
from plantrack.repo.wanted import Wanted, wanted

if TYPE_CHECKING:
    from plantrack.repo.values import Place
    from plantrack.repo.wanted import Choice


def left_out(place: Place, config: Choice) -> tuple[Finding, ...]:
    """Name them by path: `excluded`, `not-included`, `left-out-folder` or `template`.

    In git those in folders that are not looked into are known as well. Raises PlaceError when git
    refuses to read the repository.
    """
    choice = wanted(config)
    members = members_of(place, Trail(place.top, choice), [])
    return tuple(_why(choice, path) for path in sorted(members) if not choice.document(path))


def _why(choice: Wanted, path: str) -> Finding:
    parts = path.split("/")
    if globs.covered(choice.exclude, parts):
        return Finding(path, 0, "excluded", "`exclude` in the configuration takes it off")
    if choice.include and not globs.covered(choice.include, parts):
        return Finding(path, 0, "not-included", "`include` in the configuration does not cover it")
    folder = next(filter(is_left_out_folder, parts[:-1]), "")
    if folder:
        message = f"{folder}/ is left out unless `include` spells it out"
        return Finding(path, 0, "left-out-folder", message)
    return Finding(path, 0, "template", "a template, not a plan")
