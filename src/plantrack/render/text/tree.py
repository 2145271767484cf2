"""One document to text: its milestones and steps with their lines, ids and marks."""

from __future__ import annotations

from plantrack.core.clean import width
from plantrack.render import words
from plantrack.render.screen import wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from plantrack.core.view import DocView, NodeView, RefView, SectionView
    from plantrack.render.screen import Screen

_BAR_CELLS = 20
_INDENT = "  "
_MIN_TEXT_CELLS = 16
_MIN_DATED_CELLS = 64  # a narrower terminal shows no dates
_STYLES = {"done": "good", "doing": "warn", "dropped": "faint"}


def document(doc: DocView, screen: Screen, now: datetime, *, per_week: float | None = None) -> str:
    """Show one document's plan as it is written, and what stands beside it.

    Beside what is done stands since when. `per_week` is its pace; None: not known.
    """
    return "\n".join(lines(doc, screen, now, per_week=per_week)) + "\n"


def lines(
    doc: DocView,
    screen: Screen,
    now: datetime,
    *,
    per_week: float | None = None,
    flashes: Callable[[str], bool] | None = None,
) -> Iterator[str]:
    """Yield the lines of the same; those of items whose ids `flashes` takes are marked."""
    yield from _head(doc, screen, now, per_week)
    for section in doc.sections:
        yield ""
        yield from _section(doc, section, screen, now, flashes)
    for label, entries in _beside(doc):
        yield ""
        yield screen.paint(label, "strong")
        for entry in entries:
            opening, text = entry
            room = None if screen.width is None else max(screen.width - 8, _MIN_TEXT_CELLS)
            for line in wrap(screen.say(text), room):
                yield f"  {opening:>4}  {line}".rstrip()
                opening = ""


# --- the document ---------------------------------------------------------------------------------


def _head(doc: DocView, screen: Screen, now: datetime, per_week: float | None) -> Iterator[str]:
    title = words.title(doc.title) or doc.path
    yield screen.paint(screen.fit(title, screen.width), "strong")
    if title != doc.path:
        yield screen.paint(screen.say(doc.path), "ref")
    status = f"Status: {doc.status_text}" if doc.status_text else "no Status"
    changed = f"changed {words.since(doc.last_change, now)}" if doc.last_change else ""
    if screen.verbose and doc.last_change:
        changed = f"{changed} ({words.moment(doc.last_change, now)})"
    pace = f"{words.per_week(per_week)} lately" if per_week and per_week > 0 else ""
    facts = (doc.dialect, doc.shape, str(doc.family), changed, pace)
    yield screen.fit(status, screen.width)
    yield from wrap(screen.say(screen.dot.join(filter(None, facts))), screen.width)
    if not doc.has_checklist:
        yield words.NO_CHECKLIST
        return
    progress = ", ".join((words.progress(doc), *words.beside(doc)))
    if not doc.leaves.total:
        yield progress
        return
    full, empty = screen.bar(doc.leaves.done, doc.leaves.total, _BAR_CELLS)
    bar = f"{screen.paint(full, 'good')}{screen.paint(empty, 'faint')}"
    percent = words.percent(doc.leaves)
    room = None if screen.width is None else screen.width - _BAR_CELLS - len(percent) - 3
    if room is None or len(progress) <= room:
        yield f"{bar} {percent}  {progress}"
        return
    yield f"{bar} {percent}"
    yield from wrap(progress, screen.width)


def _beside(doc: DocView) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    pointer = doc.pointer
    if pointer is not None:
        verb = "nothing" if pointer.action == "none" else str(pointer.action)
        line = str(pointer.line) if pointer.line else ""
        yield "Next", [(line, f"{verb}: {pointer.reason}")]
    if doc.left_behind:
        yield (
            "Left behind",
            [(str(ref.line), words.plain(words.name(ref))) for ref in doc.left_behind],
        )
    remarks = [(str(flag.line or ""), flag.message) for flag in doc.flags]
    if doc.boxes_outside:
        boxes = words.number(doc.boxes_outside, "box")
        remarks.append(("", f"{boxes} outside the plan; plantrack explain names each"))
    if remarks:
        yield "Remarks", remarks


# --- the plan -------------------------------------------------------------------------------------


def _section(
    doc: DocView,
    section: SectionView,
    screen: Screen,
    now: datetime,
    flashes: Callable[[str], bool] | None,
) -> Iterator[str]:
    """Show a section: line, id, since when it is done, then its nodes as deep as they stand."""
    entries = list(_entries(section.nodes, 0))
    margin = _Margin(section, screen, now, flashes)
    heading = section.heading or "the whole file"
    start = f"  {margin.of(section.line)}  "
    yield start + screen.paint(_fit(words.plain(heading), start, screen), "strong")
    unboxed = sorted(section.unboxed, key=lambda ref: ref.line)
    here = doc.pointer.line if doc.pointer is not None else 0
    for node, depth in entries:
        while depth == 0 and unboxed and unboxed[0].line < node.line:
            yield _unboxed(unboxed.pop(0), margin, screen)
        yield from _node(node, depth, margin, here, screen)
    for ref in unboxed:
        yield _unboxed(ref, margin, screen)


class _Margin:
    """What stands before each line of a section, in columns."""

    def __init__(
        self,
        section: SectionView,
        screen: Screen,
        now: datetime,
        flashes: Callable[[str], bool] | None,
    ) -> None:
        nodes = [node for node, _ in _entries(section.nodes, 0)]
        lines = [section.line, *(node.line for node in nodes)]
        lines += [ref.line for ref in section.unboxed]
        self._digits = len(str(max(lines)))
        self._ids = max((len(node.id) for node in nodes), default=4)
        self._say = words.day if screen.verbose else words.ago
        self._now = now
        self._flashes = flashes
        fits = screen.width is None or screen.width >= _MIN_DATED_CELLS
        self._days = max((len(self._say(node.done, now)) for node in nodes if fits), default=0)

    def flashes(self, node: NodeView) -> bool:
        """Tell whether a node has just changed."""
        return self._flashes is not None and self._flashes(node.id)

    def of(self, line: int, key: str = "", done: datetime | None = None) -> str:
        """Give the line, the id, and since when it is done, where there is room for that."""
        place = f"{line:>{self._digits}}  {key:<{self._ids}}"
        return f"{place}  {self._say(done, self._now):>{self._days}}" if self._days else place


def _entries(nodes: Iterable[NodeView], depth: int) -> Iterator[tuple[NodeView, int]]:
    for node in nodes:
        yield node, depth
        yield from _entries(node.children, depth + 1)


def _node(node: NodeView, depth: int, margin: _Margin, here: int, screen: Screen) -> Iterator[str]:
    """Show a node on one line, or with everything asked for, on as many as it takes."""
    pointed = node.line == here
    box = _box(node, screen)
    place = margin.of(node.line, node.id, node.done)
    flashes = margin.flashes(node)
    signs = f"{screen.arrow if pointed else ''}{screen.flash if flashes else ''}"
    opening = f"{signs:<2}{place}  {_INDENT * depth}"
    tail = f"  {words.ratio(node.leaves)}" if node.children and node.leaves.total else ""
    tail += "".join(f"  {word}" for word in _asides(node))
    text = words.plain(words.name_of(node.label, node.title) or node.text)
    cells = width(opening) + width(box) + width(tail)
    room = None if screen.width is None else max(screen.width - cells, _MIN_TEXT_CELLS)
    lines = list(wrap(screen.say(text), room)) if screen.verbose else [screen.fit(text, room)]
    style = "here" if pointed else "strong" if node.children else ""
    if node.state == "dropped" or (node.state == "done" and not node.children):
        style = "faint"
    if flashes:
        style = "flash"
    start = screen.paint(opening[:2], "here") + screen.paint(opening[2:], "faint")
    start += screen.paint(box, _STYLES.get(node.state, ""))
    for line in lines or [""]:
        yield f"{start}{screen.paint(line, style)}{screen.paint(tail, 'faint')}".rstrip()
        start = " " * (width(opening) + width(box))
        tail = ""


def _box(node: NodeView, screen: Screen) -> str:
    if node.mark is None:
        return ""
    return f"[{screen.say(node.mark)}]{'*' if node.optional else ''} "


def _asides(node: NodeView) -> Iterator[str]:
    """Say in words what a mark alone does not."""
    if node.mark is None or node.mark in " xX":
        if node.state == "dropped":
            yield "dropped"
    elif node.state != "todo":
        yield str(node.state)
    if node.optional:
        yield "optional"


def _unboxed(ref: RefView, margin: _Margin, screen: Screen) -> str:
    start = f"  {margin.of(ref.line)}  "
    text = f"{words.plain(words.name(ref))} (no boxes)"
    return screen.paint(start + _fit(text, start, screen), "faint")


def _fit(text: str, start: str, screen: Screen) -> str:
    room = None if screen.width is None else max(screen.width - len(start), _MIN_TEXT_CELLS)
    return screen.fit(text, room)
