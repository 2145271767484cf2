"""Bytes to nothing, or to an AssertionError: what is promised of any document, and of any two."""

# Theory of operation
#
# 1. An input is a document as it may stand on a disk. A first line "@1" to "@6" stands for another
#    path, which may decide how it is read. Two versions of a document are parted by a line "%%%".
# 2. Nothing here knows how a document is read: each promise is held against another way to the
#    same answer, against another reader, or against itself.
# 3. Other readers are asked only where they agree with one another, and where no rule of this
#    program's own says otherwise.

from __future__ import annotations

import re
from collections.abc import Callable

import readers
from plantrack.core import (
    beside,
    boxes,
    dialect,
    edit,
    flags,
    ids,
    likeness,
    markdown,
    parse,
    pointer,
    progress,
)
from plantrack.core import changes as change_core
from plantrack.core import reconcile as identity
from plantrack.core.change import Facet, Gone, Tracked, Weight, facet_of
from plantrack.core.effects import Effect, Unit, effects
from plantrack.core.memo import Memo
from plantrack.core.model import Kind, Ledger, Plan, Shape, State
from plantrack.core.outline import Outline
from plantrack.core.places import placed
from plantrack.core.series import Amounts
from strategies import PATHS

RULES = dialect.Rules()
BETWEEN = b"\n%%%\n"  # two versions


def parse_promises(data: bytes) -> None:
    """Read a document, and hold what came of it against all that must be true of it."""
    path, data = _path(data)
    text, findings = markdown.decode(data)
    assert "\0" not in text
    assert not text.startswith("\ufeff") or data.startswith(b"\xef\xbb\xbf" * 2)
    assert bool(findings) is (_odd(data))
    plan, ledger, why = parse.explain(text, dialect.origin(path), RULES)
    assert why
    assert parse.read_plan(text, dialect.origin(path), RULES) == plan
    assert parse.read_plan(text, dialect.origin(path), RULES, Memo()) == plan
    lines = markdown.split_lines(text)
    _assert_books_balance(plan, ledger, lines)
    _assert_in_place(plan, lines, path)
    _assert_told(plan)
    _assert_ticks(data, path, plan)
    _assert_reads_as_elsewhere(lines)
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    for end in ("\r\n", "\r"):
        assert parse.read_plan(unix.replace("\n", end), dialect.origin(path), RULES) == plan


def reconcile_promises(data: bytes) -> None:
    """Read two versions of a document, and lead from one to the other and back."""
    path, data = _path(data)
    first, _, second = data.partition(BETWEEN)
    memo = Memo()
    old, new = (_plan(version, path) for version in (first, second))
    for version, plan in ((first, old), (second, new), (first, old)):
        assert _plan(version, path, memo) == plan
    _assert_pairs(old, new)
    tracked: Tracked | None = None
    gone: dict[str, Gone] = {}
    for one in (old, new, None, old, new, new, old):
        tracked, gone = _assert_leads(tracked, one, path, gone)


PROMISES: dict[str, Callable[[bytes], None]] = {
    "parse": parse_promises,
    "reconcile": reconcile_promises,
}


def _path(data: bytes) -> tuple[str, bytes]:
    if data[:1] == b"@" and data[1:2].isdigit() and data[2:3] == b"\n":
        return PATHS[int(data[1:2]) % len(PATHS)], data[3:]
    return PATHS[0], data


def _odd(data: bytes) -> bool:
    """Tell whether bytes are no text that a file should hold."""
    try:
        return b"\0" in data or not isinstance(data.decode("utf-8"), str)
    except UnicodeDecodeError:
        return True


# --- one document -------------------------------------------------------------------------------


def _assert_books_balance(plan: Plan, ledger: Ledger, lines: list[str]) -> None:
    """Find every box-like line in the ledger once, and every sum of the plan in its sums."""
    box_like = [number for number, line in enumerate(lines, 1) if boxes.BOX_LIKE.match(line)]
    assert [row.line for row in ledger.lines] == box_like
    assert all((row.counted is None) is (row.index is None) for row in ledger.lines)
    assert all(bool(row.counted) is not bool(row.excluded) for row in ledger.lines)
    assert all(row.raw == lines[row.line - 1] for row in ledger.lines)
    nodes = list(plan.walk())
    marked = [node for node in nodes if node.mark is not None]
    assert {row.line for row in ledger.lines if row.counted} == {node.line for node in marked}
    sums = progress.tally([node for section in plan.sections for node in section.nodes])
    assert ledger.count("leaf") == sums.leaves.total + sums.leaves.dropped
    assert ledger.count("optional") == sums.optional_open
    assert all(row.line == nodes[row.index].line for row in ledger.lines if row.index is not None)
    assert plan.boxes_outside >= 0
    swallowed = [one.line for one in plan.findings if one.code == "swallowed-box"]
    excluded = {row.line for row in ledger.lines if row.excluded}
    assert excluded.issuperset(swallowed)


def _assert_in_place(plan: Plan, lines: list[str], path: str) -> None:
    """Find everything in lines that exist, in order, and every item under an id of its own."""
    for section in plan.sections:
        numbers = [node.line for node in section.walk()]
        assert all(section.line <= number <= section.end for number in numbers)
        assert section.end <= max(len(lines), 1)
        if section.shape is not Shape.INDEXED and plan.dialect != dialect.KIRO:
            assert numbers == sorted(numbers)  # elsewhere steps are taken along, by label or number
    assert all(0 <= finding.line <= len(lines) for finding in plan.findings)
    assert 0 <= plan.status.line <= len(lines)
    assert all(1 <= bullet.line <= len(lines) for bullet in plan.next_steps)
    found = ids.assign(plan, path)
    assert len(set(found)) == len(found) == sum(1 for _ in plan.walk())
    for node in plan.walk():
        if node.mark is not None and node.state is State.DROPPED:
            assert all(below.state in {State.DROPPED, State.DONE} for below in node.walk())


def _assert_told(plan: Plan) -> None:
    """Ask for all that is shown of a plan."""
    count = sum(1 for _ in plan.walk())
    flags.flags(plan)
    beside.stale_next_steps(plan)
    found = pointer.next_task(plan)
    refs = (found.target, found.milestone, *found.alternatives, *found.left_behind, *found.then)
    assert all(-1 <= ref.index < count for ref in refs if ref is not None)


def _assert_ticks(data: bytes, path: str, plan: Plan) -> None:
    """Tick a box and untick it again: one mark differs in between, and no byte at the end."""
    marks = [(node.line, node.mark) for node in plan.walk() if node.mark is not None]
    for line, mark in marks[:1] + marks[-1:]:
        try:
            before = edit.read(data, dialect.origin(path), RULES)
            ticked = edit.with_marks(before, {line: "-" if mark == "x" else "x"})
        except edit.Refused:
            continue
        assert len(ticked.data) == len(data) - len(mark.encode()) + 1
        assert edit.with_marks(ticked, {line: mark}).data == data


def _assert_reads_as_elsewhere(lines: list[str]) -> None:
    """Hold the outline against one that is read in one piece, and against other readers."""
    whole, cut = markdown.read_whole_outline(lines), markdown.read_outline(lines)
    if whole.findings or cut.findings:
        return  # it was too much work
    mine = readers.our_reading(whole, lines)
    assert readers.our_reading(cut, lines) == mine
    assert cut.headings == whole.headings
    if not is_disputed(lines, whole):
        theirs = readers.cmark_gfm(lines)
        assert mine == theirs or mine == readers.markdown_it(lines)


# A tag alone on its line, a link definition, and what only this program takes for blank: where the
# other readers do not agree with one another, or look at something else than blocks.
_DISPUTED = re.compile(
    r"^[^<]*</?[A-Za-z]|\]:|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u2000-\u206f\ufeff]"
)


def is_disputed(lines: list[str], outline: Outline) -> bool:
    """Tell whether the other readers may read this as nobody else does."""
    too_deep = any(span.reason.startswith("nested deeper") for span in outline.spans)
    return too_deep or any(map(_DISPUTED.search, lines))


# --- two versions -------------------------------------------------------------------------------


def _plan(data: bytes, path: str, memo: Memo | None = None) -> Plan:
    text, _ = markdown.decode(data)
    return parse.read_plan(text, dialect.origin(path), RULES, memo)


def _assert_pairs(old: Plan, new: Plan) -> None:
    """Pair every item with one other at most, each with itself where nothing changed."""
    before, after = (sum(1 for _ in plan.walk()) for plan in (old, new))
    pairs = identity.match(old, new)
    assert [pair[1] for pair in pairs] == sorted({pair[1] for pair in pairs})
    assert len({pair[0] for pair in pairs}) == len(pairs)
    assert all(0 <= one < before and 0 <= other < after for one, other in pairs)
    assert identity.match(old, old) == tuple((at, at) for at in range(before))


def _assert_leads(
    old: Tracked | None, new: Plan | None, path: str, gone: dict[str, Gone]
) -> tuple[Tracked | None, dict[str, Gone]]:
    """Take one step, and let its changes lead from one version to the other."""
    step = change_core.step(old, new, path, gone=gone)
    now = _facets(step.tracked)
    if new is not None:
        assert step.tracked is not None
        assert len(set(step.tracked.ids)) == len(step.tracked.ids) == sum(1 for _ in new.walk())
        assert change_core.step(step.tracked, new, path).changes == ()
    state = dict(_facets(old))
    for change in step.changes:
        if change.before is not None:
            assert state[change.item] in {change.before, change.after}
        if change.after is None:
            del state[change.item]
        else:
            assert (change.before is None) is (change.item not in state)
            state[change.item] = change.after
    assert {item: _said(one) for item, one in state.items()} == {
        item: _said(one) for item, one in now.items()
    }
    _assert_weights(step)
    changed = {change.item for change in step.changes}
    left = {item: one for item, one in gone.items() if item not in changed}
    return step.tracked, left | {one.item: one for one in step.gone}


def _assert_weights(step: change_core.Step) -> None:
    """Count nothing less than never, and the same by amounts as by weights."""
    for unit in Unit:
        sums = Weight()
        for change in step.changes:
            sums += change.leaves if unit is Unit.LEAVES else change.milestones
        found = effects(step.changes, unit)
        found.pop(Effect.UNEXPANDED, None)
        assert min(found.values(), default=0) >= 0
        amounts = Amounts(**{effect.value: count for effect, count in found.items()})
        assert amounts.rise == (sums.scope, sums.done, sums.dropped)


def _facets(tracked: Tracked | None) -> dict[str, Facet]:
    if tracked is None:
        return {}
    at = placed(tracked.plan, tracked.ids)
    return {item: facet_of(*place) for item, place in at.items()}


def _said(facet: Facet) -> Facet:
    """Leave off what may change without a change: its line, its label, how it is written."""
    words = likeness.folded(facet.wording)
    return facet._replace(line=0, label="", text=words, box=True, kind=Kind.TASK)
