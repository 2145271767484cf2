"""The ledger of one document to text: every box-like line, how it counts, and the sums."""

from __future__ import annotations

from plantrack.render import words
from plantrack.render.screen import pad, wrap

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.view import ExplainLine, ExplainView
    from plantrack.render.screen import Screen

_TAB_CELLS = 4
_COUNTED = ("leaf", "parent", "optional")
_WORD_CELLS = max(map(len, _COUNTED))
_MIN_RAW_CELLS = 20


def explain(view: ExplainView, screen: Screen) -> str:
    """Show how a document was read, line by line, and that the sums reconcile."""
    lines = [screen.paint(screen.say(view.path), "strong")]
    facts = screen.dot.join(fact for fact in (view.dialect, view.shape) if fact)
    if facts:
        lines.append(screen.say(facts))
    for sentence in view.because:
        lines += [f"  {line}" for line in wrap(screen.say(sentence), _room(2, screen))]
    if view.lines:
        lines += ["", *_table(view, screen)]
    lines += ["", *_sums(view, screen)]
    return "\n".join(lines) + "\n"


def _table(view: ExplainView, screen: Screen) -> Iterator[str]:
    digits = max(len("line"), *(len(str(line.line)) for line in view.lines))
    ids = max(len("id"), *(len(line.item or "") for line in view.lines))
    head = f"{'line':>{digits}}  {pad('counts as', _WORD_CELLS + 1)}  {pad('id', ids)}  as written"
    yield screen.paint(head, "faint")
    reason = ""
    for line in view.lines:
        if line.excluded and line.excluded != reason:
            why = f"not counted: {line.excluded}"
            for part in wrap(screen.say(why), _room(digits + 2, screen)):
                yield f"{' ' * digits}  {screen.paint(part, 'warn')}"
        reason = line.excluded or ""
        yield _line(line, digits, ids, screen)


def _line(line: ExplainLine, digits: int, ids: int, screen: Screen) -> str:
    counted = line.counted or "-"
    start = f"{line.line:>{digits}}  {pad(counted, _WORD_CELLS + 1)}  {pad(line.item or '', ids)}  "
    raw = screen.fit(line.raw.expandtabs(_TAB_CELLS), _room(len(start), screen))
    style = "" if line.counted == "leaf" else "faint"
    return f"{start}{screen.paint(raw, style)}".rstrip()


def _sums(view: ExplainView, screen: Screen) -> Iterator[str]:
    excluded = sum(view.excluded.values())
    leaves = "1 leaf" if view.leaves == 1 else f"{view.leaves} leaves"
    sums = (
        f"{words.number(view.box_like, 'box-like line')} = {leaves}"
        f" + {words.number(view.parents, 'parent')} + {view.optional} optional"
        f" + {excluded} not counted"
    )
    yield from wrap(sums, screen.width)
    widest = max((len(str(count)) for count in view.excluded.values()), default=0)
    for reason, count in view.excluded.items():
        for place, part in enumerate(wrap(screen.say(reason), _room(widest + 4, screen))):
            yield f"  {count if place == 0 else '':>{widest}}  {part}"
    if view.progress.total:
        dropped = f" without {view.progress.dropped} dropped" if view.progress.dropped else ""
        done = f"{words.ratio(view.progress)} steps done ({words.percent(view.progress)})"
        yield f"so {done}{dropped}"


def _room(indent: int, screen: Screen) -> int | None:
    return None if screen.width is None else max(screen.width - indent, _MIN_RAW_CELLS)
