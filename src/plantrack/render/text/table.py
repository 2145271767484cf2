"""Where every document stands to a table for pipes: a row a document, nothing cut."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.screen import lined_up, wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from plantrack.core.view import Overview, Standing, Unplanned
    from plantrack.render.screen import Screen

_HEAD = ("DOCUMENT", "STATUS", "STEPS", "DONE", "MILESTONES", "CHANGED", "REMARKS", "NOW AT")
_RIGHT = frozenset({2, 3, 4, 5})
_PRINTABLE = bytes(range(0x20, 0x7F))  # of ASCII
_NAMED = 3  # documents named in a line that counts them


def status(view: Overview, screen: Screen, now: datetime, *, named: Sequence[str] = ()) -> str:
    """Show one row a document, best first, then what has no row, then the totals.

    `named` are the documents that were asked for; (): all there are.
    """
    lines: list[str] = []
    docs = [doc for _, members in words.grouped(view.documents) for doc in members]
    if docs:
        columns = zip(_HEAD, _columns(docs, screen, now), strict=True)
        cells = [[head, *_shown(column, screen)] for head, column in columns]
        lines += [*lined_up(cells, right=_RIGHT), ""]
    elif not view.unplanned:
        from plantrack.render.text import teaching

        unread = {one.path for one in view.skipped}
        taught = teaching.no_plans(screen, named, view.former, unread)
        return "\n".join([*taught, *_skipped(view, screen)]) + "\n"
    lines += summary(view, screen, now, every=True)
    return "\n".join(lines) + "\n"


def summary(
    view: Overview,
    screen: Screen,
    now: datetime,
    *,
    every: bool,
    notes: Sequence[tuple[str, str]] = (),
) -> list[str]:
    """Say what has no row of its own, and what everything adds up to.

    With `every` each document has a row, or a line here; else they are counted. `notes` on the
    rows, each with its label, come first.
    """
    entries = list(notes)
    if not every:
        entries += _folded(view)
    entries += _unplanned(view.unplanned, every=every)
    entries += [("identical", f"{path} is shown as {of}") for path, of in view.duplicates]
    entries += [("skipped", place) for place in _places(view)]
    if view.documents:
        entries.append(("total", totals(view)))
        entries += [("ever", told) for told in ever(view)]
        entries += [("lately", told) for told in lately(view, now)]
    widest = max(len(label) for label, _ in entries) + 2
    room = None if screen.width is None else max(screen.width - widest, 20)
    lines = []
    before = ""
    for label, text in entries:
        start = screen.paint(label, "faint") if label != before else " " * len(label)
        start += " " * (widest - len(label))
        for line in wrap(screen.say(text), room):
            lines.append(start + line)
            start = " " * widest
        before = label
    return lines


def totals(view: Overview) -> str:
    """Add everything up, finished documents too: the sums do not fall when one is finished."""
    if not view.leaves.total:
        return f"nothing to count in {words.number(len(view.documents), 'document')}"
    parts = [f"{words.ratio(view.leaves)} steps ({words.percent(view.leaves)})"]
    if view.milestones.total:
        parts.insert(0, f"{words.ratio(view.milestones)} milestones")
    sums = f"{', '.join(parts)} in {words.number(len(view.documents), 'document')}"
    return f"{sums}; {view.frozen} open ones frozen" if view.frozen else sums


def ever(view: Overview) -> Iterator[str]:
    """Add up what has left the documents, too: these sums never fall; nothing where none has."""
    if view.ever is None:
        return
    leaves, milestones = view.ever
    here = view.leaves.done, view.leaves.total - view.frozen
    if (leaves.done, leaves.total) == here and milestones.done == view.milestones.done:
        return
    parts = [f"{words.ratio(leaves)} steps ({words.percent(leaves)})"]
    if milestones.total:
        parts.insert(0, f"{words.ratio(milestones)} milestones")
    frozen = ", frozen ones left out" if view.frozen else ""
    yield f"{', '.join(parts)}, with those whose plan is gone{frozen}"


def lately(view: Overview, now: datetime) -> Iterator[str]:
    """Say how much was finished lately, and what changed last; nothing where neither is known."""
    parts = [] if view.per_week is None else [words.pace(view.per_week)]
    listed = (doc for doc in view.documents if doc.has_checklist)
    last = max(listed, key=words.changed, default=None)
    if last is not None and last.last_change is not None:
        name = words.document_name(last.path, [doc.path for doc in view.documents])
        told = words.age(now.timestamp() - last.last_change)
        parts.append(f"last change {told if told == 'now' else f'{told} ago'}: {name}")
    if parts:
        yield "; ".join(parts)


class Times(dict[int | None, str]):
    """When something was, by Unix seconds (None: not known), filled as it is asked for."""

    def __init__(self, say: Callable[[datetime | None, datetime], str], now: datetime) -> None:
        """Say it as of `now`: in full by one of the words for moments, or how long ago."""
        self._say = say
        self._now = now
        self._now_s = now.timestamp()
        self[None] = ""

    def __missing__(self, seconds: int) -> str:
        """Say it, and remember that."""
        if self._say is words.ago:
            said = words.age(self._now_s - seconds)
        else:
            from plantrack.dates import UTC, datetime

            said = self._say(datetime.fromtimestamp(seconds, UTC), self._now)
        self[seconds] = said
        return said


def _columns(docs: Sequence[Standing], screen: Screen, now: datetime) -> list[Sequence[str]]:
    """Give the cells of each document, column by column; nothing is cleaned yet."""
    times = Times(words.moment if screen.verbose else words.ago, now)
    columns = list(zip(*docs, strict=True))
    done, total, _, milestones_done, milestones_total = columns[5:10]
    return [
        columns[0],
        columns[1],
        words.ratios(done, total),
        words.shares(done, total),
        words.ratios(milestones_done, milestones_total),
        list(map(times.__getitem__, columns[-2])),
        words.said_of_all(docs),
        list(map(words.stands, docs)),
    ]


def _shown(cells: Sequence[str], screen: Screen) -> Sequence[str]:
    """Turn a column of any texts into what can be shown; all at once where all are plain."""
    together = "".join(cells)
    # Whether they can be printed is asked of bytes: of characters it takes five times as long.
    if not together.isascii() or together.encode().translate(None, _PRINTABLE):
        cells = [screen.say(cell) for cell in cells]
    return [cell or "-" for cell in cells] if "" in cells else cells


# --- what has no row ------------------------------------------------------------------------------


def _folded(view: Overview) -> Iterator[tuple[str, str]]:
    """Count the documents nothing is next in."""
    by_group = dict(words.grouped(view.documents))
    finished = by_group.get(words.FINISHED, [])
    if finished:
        done = sum(doc.leaves_done for doc in finished)
        total = sum(doc.leaves_total for doc in finished)
        frozen = sum(doc.frozen for doc in finished)
        parts = [words.number(len(finished), "document")]
        if total:
            parts.append(f"{done}/{total} steps")
        if frozen:
            parts.append(f"{frozen} open ones frozen by a Status that says the work is over")
        yield words.FINISHED, f"{', '.join(parts)} (--all shows them)"
    bare = by_group.get(words.NO_CHECKLIST, [])
    if bare:
        yield words.NO_CHECKLIST, f"{words.number(len(bare), 'document')}: {_names(bare)}"


def _unplanned(unplanned: Sequence[Unplanned], *, every: bool) -> Iterator[tuple[str, str]]:
    if every:
        for one in unplanned:
            yield "no plan", f"{one.path}: {words.number(one.boxes, 'box')}, no plan section"
    elif unplanned:
        most = sorted(unplanned, key=lambda one: (-one.boxes, one.path))
        boxes = words.number(sum(one.boxes for one in unplanned), "box")
        documents = words.number(len(unplanned), "document")
        verb = "holds" if len(unplanned) == 1 else "hold"
        yield "no plan", f"{documents} {verb} {boxes} but no plan section: {_names(most)}"


def _names(docs: Sequence[Standing] | Sequence[Unplanned]) -> str:
    names = words.document_names([doc.path for doc in docs], 0)[:_NAMED]
    more = len(docs) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _places(view: Overview) -> Iterator[str]:
    for finding in view.skipped:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        yield f"{place or 'this place'}: {finding.message}"


def _skipped(view: Overview, screen: Screen) -> list[str]:
    return ["", *map(screen.say, _places(view))] if view.skipped else []
