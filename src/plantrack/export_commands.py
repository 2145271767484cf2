"""What export and merge were asked to what they write."""

from __future__ import annotations

import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from plantrack import console
from plantrack.commands import Memory, Options
from plantrack.core.clean import clean
from plantrack.core.export_rows import CHANGES, DAYS, names
from plantrack.errors import NotFound, PlaceError, UsageError, WriteRefused
from plantrack.render import rows, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime, tzinfo

    from plantrack.views.exporting import Row

_MAX_LINE_BYTES = 1 << 20
_WRITTEN_AT_ONCE = 512  # lines


def export(  # noqa: PLR0913 -- one parameter an option
    options: Options,
    *,
    now: datetime,
    what: str = "changes",
    form: str = "ndjson",
    output: str | None = None,
    repository: str | None = None,
) -> int:
    """Write what is committed as rows, to stdout or into the file `output`."""
    from plantrack import repo
    from plantrack.repo import remote
    from plantrack.views import exporting, past

    with Memory(options, now) as memory:
        memory.refresh()
        console.notice(past.gaps(memory.store))
        if not memory.store.past.documents():
            console.notice(("no history yet: there is nothing to export",))
        head = repo.read_head(memory.place)
        name = repository or remote.origin_url(memory.place) or os.path.basename(memory.place.top)
        origin = exporting.Origin(name, head.branch, head.commit)
        if what == "changes":
            schema, found = CHANGES, exporting.changes(memory.store, origin)
        else:
            zone = _zone(memory.config.timezone)
            schema, found = DAYS, exporting.days(memory.store, origin, zone)
        lines = _lines(schema, found, form)
        if output is not None:
            from plantrack import outfile

            outfile.write(output, lines)
        else:
            for part in _together(lines):
                console.write(part)
    return 0


def merge(options: Options, files: Sequence[str], target: str) -> int:
    """Put exports of many repositories into one SQLite file."""
    from plantrack import outfile
    from plantrack.store import rollup

    start = os.path.realpath(options.start)
    target = outfile.aim(os.path.join(start, target))
    if os.path.isdir(target):
        raise WriteRefused(f"{target} is a folder: nothing was merged", "name a file in it")
    with ExitStack() as opened:
        sources = [(name, _opened(opened, os.path.join(start, name), name)) for name in files]
        done = rollup.merge(sources, target)
    parts = [
        words.number(done.changes, "change"),
        words.number(done.days, "day"),
    ]
    held = f"{done.repositories} {'repository' if done.repositories == 1 else 'repositories'}"
    console.notice([f"{' and '.join(parts)} merged into {target}, which holds {held}"])
    return 0


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


def _lines(schema: str, found: Iterable[Row], form: str) -> Iterator[str]:
    if form == "ndjson":
        return rows.as_ndjson(names(schema), found)
    return rows.as_csv(names(schema), (tuple(map(_cell, row)) for row in found))


def _cell(cell: str | int | bool | None) -> str | int | bool | None:  # noqa: FBT001 -- one value
    return clean(cell) if isinstance(cell, str) else cell


def _together(lines: Iterator[str]) -> Iterator[str]:
    """Join some lines, so that each is not a write of its own."""
    from itertools import islice

    while part := "".join(islice(lines, _WRITTEN_AT_ONCE)):
        yield part


def _opened(stack: ExitStack, path: str, name: str) -> Iterator[bytes]:
    """Open a file and give its lines, none longer than an export's."""
    if not os.path.lexists(path):
        raise NotFound(f"{name} is not there: nothing was merged", "name files of exports")
    if not os.path.isfile(path):
        raise UsageError(f"{name} is no file: nothing was merged", "name files of exports")
    try:
        file = stack.enter_context(open(path, "rb"))  # noqa: SIM115 -- the stack closes it
    except OSError as error:
        message = f"{name} cannot be read: {error.strerror}: nothing was merged"
        raise PlaceError(message, "make it readable") from error
    return iter(lambda: file.readline(_MAX_LINE_BYTES + 1), b"")
