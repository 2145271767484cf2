"""The place and the settings in force there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from plantrack import repo
from plantrack.config import Config
from plantrack.core.checkup import Choice, Ground, Trouble
from plantrack.repo import state

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from plantrack.repo import Place


def ground(place: Place) -> Ground:
    """Describe a place."""
    head = repo.read_head(place)
    return Ground(
        top=place.top,
        start=place.start,
        git_dir=place.git_dir,
        branch=head.branch,
        head=head.commit,
        is_shallow=state.is_shallow(place),
        is_partial=state.is_partial(place),
        busy=state.busy(place),
        worktrees=state.worktrees(place),
    )


def remarks(found: Ground) -> Iterator[Trouble]:
    """Say what limits a place."""
    if found.git_dir is None:
        what = f"{found.top} is not in a git repository: there is no past to tell of"
        yield Trouble("no-git", what, "git init, if there should be one")
    if found.is_shallow:
        what = "this clone is shallow: what came before its first commit is not known"
        yield Trouble("shallow", what, "git fetch --unshallow")
    if found.is_partial:
        what = "this clone left objects on the server: what is not here is told as a gap"
        yield Trouble("partial", what, "git fetch --refetch --no-filter")
    if found.busy:
        what = f"{found.busy}: nothing is recorded until that is over"
        yield Trouble("git-busy", what, "finish it, or wait")


def settings(config: Config, stated: Collection[str]) -> tuple[Choice, ...]:
    """Give every setting, in the order of the documentation."""
    rules = config.rules()
    values: tuple[tuple[str, object], ...] = (
        ("include", list(config.include)),
        ("exclude", list(config.exclude)),
        ("plan_headings", list(rules.plan_headings)),
        ("marks", {mark: str(means) for mark, means in config.marks}),
        ("status_families", {word: str(family) for word, family in config.status_families}),
        ("timezone", config.timezone),
        ("database", config.database),
        ("max_document_kib", config.max_document_kib),
        ("max_section_kib", config.max_section_kib),
        ("max_line_chars", config.max_line_chars),
    )
    return tuple(
        Choice(key, json.dumps(value, ensure_ascii=False), config.source if key in stated else "")
        for key, value in values
    )
