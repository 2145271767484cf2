"""What a command about the past was asked to what it prints."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack import console
from plantrack.commands import Memory, Options
from plantrack.core.moments import FORMS, parse
from plantrack.errors import NotFound, UsageError
from plantrack.render import past_json
from plantrack.zones import Machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from plantrack.core.moments import Span
    from plantrack.core.past_view import BurndownView, DiffView, LogView
    from plantrack.views.past import Question
    from plantrack.views.series import Asked

USUAL_LIMIT = 100  # changes a terminal is shown, unless told otherwise
DIFFERENT = 1  # the exit code that `diff --exit-code` asks for


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which changes a log shows; texts as they were written."""

    since: str | None = None
    until: str | None = None
    kinds: tuple[str, ...] = ()  # (): all
    author: str | None = None
    limit: int | None = None  # None: as many as suit what they are shown on


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Which numbers are asked for; texts as they were written."""

    unit: str = "leaves"
    zone: str | None = None  # IANA name; None: the configured one, or the machine's
    since: str | None = None


def log(
    options: Options,
    name: str | None = None,
    *,
    now: datetime,
    filters: Filters = Filters(),
    form: str = "text",
) -> int:
    """Show what changed in the plans, newest first; `form` is text or md."""
    screen = console.screen(verbose=options.verbose)
    for_people = form == "text" and not options.json and screen.width is not None
    with Memory(options, now) as memory:
        from plantrack.views import past, past_naming

        here = _zoned(now, memory.config.timezone)
        limit = filters.limit or (USUAL_LIMIT if for_people else None)
        named = past_naming.Named()

        def answer() -> LogView:
            nonlocal named
            if name is not None:
                named = past_naming.resolve(memory.store, memory.place, name)
            return past.log(memory.store, _question(filters, named, here, limit))

        view = memory.ask(answer)
        _admit(memory, named.paths or _paths(view, named.items))
    if options.json:
        console.write(past_json.log(view, screen))
    elif form == "md":
        from plantrack.render import markdown

        console.write(markdown.log(view, here))
    else:
        from plantrack.render.text import log as text

        console.write(text.log(view, screen, here))
    return 0


def blame(options: Options, name: str, *, now: datetime) -> int:
    """Show for each item of one document which revisions added and ticked it."""
    with Memory(options, now) as memory:
        from plantrack.views import past

        here = _zoned(now, memory.config.timezone)
        view = memory.ask(lambda: past.blame(memory.store, _only(memory, name)))
        _admit(memory, (view.path,))
    screen = console.screen(verbose=options.verbose)
    if options.json:
        console.write(past_json.blame(view, screen))
    else:
        from plantrack.render.text import blame as text

        console.write(text.blame(view, screen, here))
    return 0


def diff(  # noqa: PLR0913 -- one parameter an option
    options: Options,
    asked: str | None = None,
    *,
    now: datetime,
    every: bool = False,
    form: str = "text",
    tells: bool = False,
) -> int:
    """Show what differs between two revisions; with `tells`, return 1 when anything does."""
    with Memory(options, now) as memory:
        from plantrack.sync import sides
        from plantrack.views import absent
        from plantrack.views import diff as compared

        def answer() -> DiffView:
            found = sides.ends(memory.place, asked)
            read = sides.read(memory.place, memory.store, memory.config, found, every=every)
            return compared.diff(memory.store, read, every=every)

        view = memory.ask(answer)
        if not view.after.name:
            console.notice(absent.untold(memory.store))
    screen = console.screen(verbose=options.verbose)
    if options.json:
        console.write(past_json.diff(view, screen))
    elif form == "md":
        from plantrack.render import markdown

        console.write(markdown.diff(view))
    else:
        from plantrack.render.text import diff as text

        console.write(text.diff(view, screen))
    return DIFFERENT if tells and view.differs else 0


def burndown(
    options: Options,
    names: Sequence[str] = (),
    *,
    now: datetime,
    wanted: Series = Series(),
    form: str = "text",
) -> int:
    """Show burndown and burn-up; `form` is text, csv, or the path of an SVG file after "svg:"."""
    with Memory(options, now) as memory:
        from plantrack.views import series

        here = _zoned(now, wanted.zone or memory.config.timezone)
        since = _span(wanted.since, "--since", here)
        view = memory.ask(
            lambda: series.burndown(
                memory.store,
                _asked(memory, names, wanted, here),
                since=since.start.date() if since else None,
            )
        )
        _admit(memory, view.documents)
        title = os.path.basename(memory.place.top)
    screen = console.screen(verbose=options.verbose)
    if form.startswith("svg:"):
        return _drawn(view, form.removeprefix("svg:"), title)
    if options.json:
        console.write(past_json.burndown(view, screen))
    elif form == "csv":
        from plantrack.render import rows

        console.write(rows.days(view.days))
    else:
        from plantrack.render.text import burndown as text

        lines = console.lines() or text.USUAL_LINES
        console.write(text.burndown(view, screen, screen.width or console.cells(), lines))
    return 0


def forecast(
    options: Options,
    names: Sequence[str] = (),
    *,
    now: datetime,
    wanted: Series = Series(),
) -> int:
    """Show when the plans are likely done, or why that cannot be told."""
    with Memory(options, now) as memory:
        from plantrack.views import series

        here = _zoned(now, wanted.zone or memory.config.timezone)
        view = memory.ask(
            lambda: series.forecasts(memory.store, _asked(memory, names, wanted, here))
        )
        _admit(memory, view.documents)
    screen = console.screen(verbose=options.verbose)
    if options.json:
        console.write(past_json.forecast(view, screen))
    else:
        from plantrack.render.text import forecast as text

        console.write(text.forecast(view, screen))
    return 0


def _paths(view: LogView, items: Sequence[str]) -> tuple[str, ...]:
    """Give the documents of the items that were asked for; (): none was."""
    paths = (one.path for entry in view.entries for one in entry.changes)
    return tuple(dict.fromkeys(paths)) if items else ()


def _admit(memory: Memory, paths: Sequence[str]) -> None:
    """Say what is not known of the past, and which plans, at these paths, cannot be read."""
    from plantrack.views import absent, past

    console.notice((*past.gaps(memory.store), *absent.untold(memory.store, paths)))


# --- what was asked -------------------------------------------------------------------------------


def _question(filters: Filters, named: object, here: datetime, limit: int | None) -> Question:
    from plantrack.core.change import ChangeKind
    from plantrack.views.past import Question
    from plantrack.views.past_naming import Named

    assert isinstance(named, Named)
    since = _span(filters.since, "--since", here)
    until = _span(filters.until, "--until", here)
    return Question(
        documents=named.documents,
        items=named.items,
        kinds=tuple(map(ChangeKind, filters.kinds)),
        since=int(since.start.timestamp()) if since else None,
        until=int(until.end.timestamp()) if until else None,
        author=filters.author or "",
        limit=limit,
    )


def _asked(memory: Memory, names: Sequence[str], wanted: Series, here: datetime) -> Asked:
    from plantrack.core.effects import Unit
    from plantrack.views import past_naming
    from plantrack.views.series import Asked

    is_other = wanted.zone is not None and wanted.zone != memory.config.timezone
    return Asked(
        unit=Unit(wanted.unit),
        today=here.date(),
        paths=past_naming.plans(memory.store, memory.place, names),
        zone=here.tzinfo,
        is_other_zone=is_other,
    )


def _only(memory: Memory, name: str) -> str:
    """Find the one document of a name that holds a plan now."""
    from plantrack.views import naming, past_naming

    path = naming.one(name, past_naming.plans(memory.store, memory.place, (name,)))
    row = memory.store.document(path)
    if row is None or not row.planned:
        from plantrack.views import absent

        raise absent.unplanned(memory.store, path)
    return path


def _span(text: str | None, option: str, here: datetime) -> Span | None:
    if text is None:
        return None
    found = parse(text, here)
    if found is None:
        raise UsageError(f"{option}: “{text}” is no time", f"write {FORMS}")
    return found


def _zoned(now: datetime, name: str | None) -> datetime:
    """Give the time in a zone; None: that of the machine."""
    return now.astimezone(Machine() if name is None else _zone(name))


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # unknown, malformed, a folder of zones
        message = f"“{name}” is no time zone"
        raise UsageError(message, "name one as in Europe/Berlin or UTC") from error


# --- files ----------------------------------------------------------------------------------------


def _drawn(view: BurndownView, path: str, title: str) -> int:
    from plantrack import outfile
    from plantrack.render import svg
    from plantrack.render.text.burndown import NO_SERIES, UNITS

    if not view.days:
        raise NotFound(NO_SERIES, "nothing was written; tick a step, and ask again")
    shown = ", ".join(view.documents) if 0 < len(view.documents) <= _MAX_TITLED else title
    picture = svg.charts(
        view.days, title=f"Plans of {shown}", forecast=view.forecast, unit=UNITS[view.unit]
    )
    outfile.write(path, (picture,))
    return 0


_MAX_TITLED = 3  # documents named in the title of a picture
