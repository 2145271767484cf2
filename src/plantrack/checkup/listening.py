"""What watching takes here, and what the system gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.core.checkup import Listening, Trouble
from plantrack.watch import limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.repo import Place

_POLLS = "watch looks at everything every few seconds instead"


def listening(place: Place, folders: Sequence[str]) -> Listening:
    """Count what `watch` would listen to."""
    needed = limits.needed(place.top, place.git_dir, place.common_dir, folders)
    return Listening(
        way=limits.way(),
        folders=needed.watches,
        left=needed.left,
        most_watches=limits.most("max_user_watches"),
        most_instances=limits.most("max_user_instances"),
        far=limits.far_from(place.top, folders),
    )


def problems(found: Listening) -> Iterator[Trouble]:
    """Say what the system does not give."""
    if found.most_watches is not None and found.folders > found.most_watches:
        what = f"{found.folders} folders are to be watched, and {found.most_watches} may be"
        remedy = f"sudo sysctl fs.inotify.max_user_watches={max(2 * found.folders, 65_536)}"
        yield Trouble("watches", f"{what}: {_POLLS}", remedy)
    if found.most_instances == 0:
        what = "no program may listen for changes (fs.inotify.max_user_instances is 0)"
        yield Trouble(
            "watches", f"{what}: {_POLLS}", "sudo sysctl fs.inotify.max_user_instances=128"
        )


def remarks(found: Listening) -> Iterator[Trouble]:
    """Say what is listened to only in part."""
    if found.far:
        what = f"{found.far} does not tell of changes that are made elsewhere: {_POLLS}"
        yield Trouble("far", what, "nothing is to be done; changes are seen later")
    if found.left:
        what = f"{found.left} folders are too many to be watched: {_POLLS} at them"
        yield Trouble("folders", what, "leave folders out with `exclude` in the configuration")
