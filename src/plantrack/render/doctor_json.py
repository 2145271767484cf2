"""A checkup to versioned JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plantrack.render import as_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plantrack.core.checkup import Checkup, Trouble
    from plantrack.core.model import Finding
    from plantrack.render.screen import Screen

    Json = as_json.Json
    Object = as_json.Object

_MOST_SKIPPED = 1000


def doctor(found: Checkup, screen: Screen) -> str:
    """Give all of it; what could not be found out is null."""
    return as_json.dump(
        {
            "schema": "plantrack.doctor/1",
            "well": not found.problems,
            "problems": _troubles(found.problems),
            "remarks": _troubles(found.remarks),
            "programs": [
                {"name": one.name, "version": one.version or None, "path": one.path or None}
                for one in found.programs
            ],
            "guards": list(found.guards),
            "place": _place(found),
            "database": _database(found),
            "watching": _watching(found),
            "configuration": [
                {"key": one.key, "value": one.value, "from": one.source or None}
                for one in found.configuration
            ],
            "documents": found.documents,
            "skipped": [_finding(one) for one in found.skipped[:_MOST_SKIPPED]],
            "skipped_in_all": len(found.skipped),
            "terminal": {
                "is_terminal": found.terminal.is_terminal,
                "width": found.terminal.width,
                "colour": found.terminal.colour,
                "encoding": found.terminal.encoding,
                "kind": found.terminal.kind,
            },
        },
        screen,
    )


def _troubles(found: Iterable[Trouble]) -> list[Json]:
    return [{"code": one.code, "message": one.message, "remedy": one.remedy} for one in found]


def _finding(one: Finding) -> Object:
    return {
        "path": one.path,
        "line": one.line or None,
        "code": one.code,
        "message": one.message,
    }


def _place(found: Checkup) -> Object | None:
    ground = found.ground
    if ground is None:
        return None
    return {
        "root": ground.top,
        "start": ground.start,
        "git_dir": ground.git_dir,
        "branch": ground.branch,
        "head": ground.head,
        "is_shallow": ground.is_shallow,
        "is_partial": ground.is_partial,
        "busy": ground.busy or None,
        "worktrees": list(ground.worktrees),
    }


def _database(found: Checkup) -> Object | None:
    memory = found.memory
    if memory is None:
        return None
    return {
        "path": memory.path,
        "kind": memory.kind,
        "why": memory.why,
        "state": memory.state,
        "bytes": memory.bytes,
        "log_bytes": memory.log_bytes,
        "journal": memory.journal or None,
        "format": memory.format,
    }


def _watching(found: Checkup) -> Object | None:
    listening = found.listening
    if listening is None:
        return None
    return {
        "way": listening.way,
        "folders": listening.folders,
        "left": listening.left,
        "max_user_watches": listening.most_watches,
        "max_user_instances": listening.most_instances,
        "far": listening.far or None,
    }
