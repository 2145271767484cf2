"""Items to be ticked or opened to their marks in the documents, and to what was done."""

# Theory of operation
#
# 1. All that was asked for is looked at before anything is written: one item that cannot be marked
#    keeps the others from being marked.
# 2. One process at a time finds, writes and records, so that agents at work side by side wait for
#    one another and none of their ticks is lost.
# 3. A document that somebody else saved in between is read again, and the item looked for in it. It
#    is known by its id, and has to read as it did.
# 4. What was written is done, whatever goes wrong afterwards: if it cannot be recorded, the next
#    command finds it in the document.

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from plantrack import views
from plantrack.core import edit, marking
from plantrack.core.edit_view import MarkedView, OverView, TickView
from plantrack.core.marking import Intent, Objection
from plantrack.edits.finding import Opened, marked, opened, place_of, rewritten, said
from plantrack.errors import DatabaseError, PlantrackError, WriteRefused
from plantrack.render import words
from plantrack.repo.replacing import ChangedOnDisk
from plantrack.store.deeds import Deed
from plantrack.views import item_naming

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from plantrack.commands import Memory
    from plantrack.core.view import PointerView
    from plantrack.store import ItemRow, Store

TRIES = 5  # at a document that others save meanwhile
MAX_NOTE_CHARS = 2000

_NAMED = 4  # open steps that a refusal names


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be done to which items."""

    items: tuple[str, ...]  # names, as they were written
    ticks: bool = True  # False: the boxes are opened
    expected: tuple[str, ...] = ()  # how each item begins, in their order; (): whatever it says
    closes: bool = False  # tick what has nothing open below it any more
    forces: bool = False  # tick what has something open below it
    note: str = ""
    is_dry: bool = False  # say what would be done


@dataclass(slots=True)
class _Done:
    """What was done so far."""

    marked: dict[str, MarkedView] = field(default_factory=dict)  # by full id
    over: dict[str, OverView] = field(default_factory=dict)  # by full id, inner first
    deeds: list[Deed] = field(default_factory=list)


def mark(memory: Memory, asked: Asked, *, now: datetime) -> TickView:
    """Tick or open items, all of them or none of those whose documents refuse.

    Raises NotFound for a name that fits no item or several, and WriteRefused when one cannot or
    must not be marked; its message says what was written before.
    """
    catch_up(memory)
    done = _Done()
    with memory.store.alone():
        try:
            _attempted(memory, asked, done, int(now.timestamp()))
        except WriteRefused as error:
            if not done.deeds:
                raise
            record(memory, done.deeds)
            before = ", ".join(one.item[:8] for one in done.deeds)
            message = f"{error.message} (before that, it was written for {before})"
            raise WriteRefused(message, error.remedy) from error
        warnings = record(memory, done.deeds)
        upcoming, because = what_is_next(memory.store, [one.path for one in done.marked.values()])
    marked = _shortened(memory.store, done.marked)
    return TickView(
        verb="tick" if asked.ticks else "untick",
        items=tuple(marked),
        over=tuple(_shortened_over(memory.store, done.over)),
        next=upcoming,
        because=because,
        note=noted(asked.note),
        is_dry=asked.is_dry,
        warnings=warnings,
    )


def catch_up(memory: Memory) -> None:
    """Bring the memory up to date without keeping others waiting, as far as that goes."""
    try:
        memory.refresh()
    except DatabaseError:  # overtaken: once more when nobody else can be
        return


def record(memory: Memory, deeds: Sequence[Deed]) -> tuple[str, ...]:
    """Record what was written; what went wrong with that, a sentence each."""
    if not deeds:
        return ()
    try:
        memory.refresh()
        memory.store.deeds.add(deeds)
    except PlantrackError as error:
        return (f"it was written, but not recorded: {error.message}",)
    return ()


def what_is_next(store: Store, paths: Sequence[str]) -> tuple[PointerView | None, str]:
    """Point on in the document that was written, or where nothing is left there, in any."""
    for documents in (paths[:1], None):
        if documents == []:
            continue
        found = views.next_tasks(store, documents, limit=1)
        if found.next is not None and found.next.action != "none":
            return found.next, found.because
    return None, found.because


def noted(text: str) -> str:
    """Put a note on one line of bearable length."""
    return " ".join(text.split())[:MAX_NOTE_CHARS]


# --- one attempt ----------------------------------------------------------------------------------


def _attempted(memory: Memory, asked: Asked, done: _Done, now_s: int) -> None:
    for attempt in range(TRIES):
        memory.refresh()
        try:
            for one, intent in _intended(memory, asked):
                _written(memory, asked, (one, intent), done, now_s)
        except ChangedOnDisk:
            if attempt == TRIES - 1:
                raise
        else:
            return


def _intended(memory: Memory, asked: Asked) -> list[tuple[Opened, Intent]]:
    """Look at everything that is asked for; one document after the other, nothing is written."""
    rows = [item_naming.resolve(memory.store, memory.place, name) for name in asked.items]
    expected = asked.expected or (None,) * len(rows)
    by_path: dict[str, list[tuple[ItemRow, str | None]]] = {}
    for row, text in zip(rows, expected, strict=True):
        by_path.setdefault(row.path, []).append((row, text))
    found = []
    for path, wanted in by_path.items():
        one = opened(memory, path)
        places = [place_of(one, row, text) for row, text in wanted]
        intent = marking.intend(
            one.document.plan,
            places,
            ticks=asked.ticks,
            closes=asked.closes,
            forces=asked.forces,
        )
        if isinstance(intent, Objection):
            raise _objected(memory.store, one, intent)
        found.append((one, intent))
    return found


def _written(
    memory: Memory, asked: Asked, what: tuple[Opened, Intent], done: _Done, now_s: int
) -> None:
    """Write one document, and note what was done to it."""
    one, intent = what
    marks = {one.node(place).line: intent.mark for place in intent.changed}
    after = rewritten(memory, one, marks, is_dry=asked.is_dry)
    for place in sorted((*intent.changed, *intent.unchanged)):
        key = one.ids[place]
        is_changed = place in intent.changed
        if is_changed or key not in done.marked:  # not when it was written by an earlier attempt
            done.marked[key] = marked(one, after, place, is_changed=is_changed)
    for place in intent.over:
        done.over[one.ids[place]] = _over(one, place)
    if not asked.is_dry:
        done.deeds += [
            _deed(one, after, place, now_s, noted(asked.note)) for place in intent.changed
        ]


def _over(one: Opened, place: int) -> OverView:
    node = one.node(place)
    return OverView(one.ids[place], one.path, node.line, node.label, node.title, node.text)


def _deed(one: Opened, after: edit.Document, place: int, now_s: int, note: str) -> Deed:
    before, node = one.node(place), after.nodes[place]
    return Deed(
        path=one.path,
        item=one.ids[place],
        time=now_s,
        state_before=before.state,
        state_after=node.state,
        mark_before=before.mark or "",
        mark_after=node.mark or "",
        line=edit.line_text(after, node.line),
        note=note,
    )


# --- what stands against it -----------------------------------------------------------------------


def _objected(store: Store, one: Opened, why: Objection) -> WriteRefused:
    node = one.node(why.place)
    (key, *short) = store.prefixes((one.ids[why.place], *(one.ids[place] for place in why.open)))
    name = said(words.plain(words.name_of(node.label, node.title)))
    listed = ", ".join(
        f"{step} ({said(words.plain(one.node(place).title))})"
        for step, place in zip(short[:_NAMED], why.open, strict=False)
    )
    more = f" and {len(short) - _NAMED} more" if len(short) > _NAMED else ""
    if why.is_heading:
        message = f"“{name}” in {one.path}:{node.line} is a heading: it has no box of its own"
        if not why.open:
            return WriteRefused(f"{message}; nothing is open below it", "nothing is to be done")
        remedy = f"it is done when its steps are: tick {listed}{more}"
        return WriteRefused(f"{message}; nothing was written", remedy)
    count = words.number(len(why.open), "open step")
    return WriteRefused(
        f"“{name}” in {one.path}:{node.line} still has {count} below it; nothing was written",
        f"tick {listed}{more} first, or all at once; --force ticks {key} even so",
    )


# --- ids ------------------------------------------------------------------------------------------


def _shortened(store: Store, marked: dict[str, MarkedView]) -> Iterable[MarkedView]:
    short = store.prefixes(marked)
    return [replace(one, id=key) for one, key in zip(marked.values(), short, strict=True)]


def _shortened_over(store: Store, over: dict[str, OverView]) -> Iterable[OverView]:
    short = store.prefixes(over)
    return [replace(one, id=key) for one, key in zip(over.values(), short, strict=True)]
