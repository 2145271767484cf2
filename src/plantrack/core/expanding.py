"""A document, a milestone and the words of steps to the document with these steps below it."""

# Theory of operation
#
# 1. Steps are written the way their siblings are: bullet, indent, label with the next number, blank
#    lines, line ends. Where a milestone has none yet, those of the milestone before it, or after
#    it, are taken for an example; where there is none at all, the plainest form that is a list.
# 2. They come behind everything that is below the milestone, its notes included.
# 3. The result is read again. It must hold exactly these steps more, there, and everything else as
#    it was. A form that does not come out so is given up for the next plainer one.

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from plantrack.core import edit, labels, source
from plantrack.core.boxes import BOX_LIKE
from plantrack.core.clean import clean
from plantrack.core.edit import Refused
from plantrack.core.marking import parents
from plantrack.core.model import Kind, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.edit import Document
    from plantrack.core.model import Node

MAX_STEP_CHARS = 1000

_BOX = re.compile(
    r"^(?P<indent>[ \t]*)(?P<bullet>[-*+]|\d{1,9}[.)])(?P<gap>[ \t]+)\[[^\]\n]{1,12}\](?:\\?\*)?"
    r"(?P<after>[ \t]+)"
)
_LEADING_BOX = re.compile(r"^\[[ xX]\](?:\s|$)")
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)$")
_LABEL_NUMBER = re.compile(r"\d+(?:\.\d+)*$")
_UNIT = re.compile(r"T\d{3,4}$")  # numbered on through the whole plan
_BEHIND_LABEL = re.compile(r"\s*[:.)\]—–-]*(?P<close>\*\*|__)?\s+")
_BLANK = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Form:
    """How one step is written."""

    indent: str
    bullet: str  # "-", or of an ordered list the next one, as in "3."
    counts: bool  # the bullet counts on
    gap: str  # between bullet and box
    label: str  # the first new one, "" none: "Step 3", "2.1"
    before: str  # what stands before the label: emphasis
    behind: str  # what stands between label and words
    end: str  # what ends the words: emphasis
    is_loose: bool  # a blank line before each

    def line(self, step: str, place: int) -> str:
        """Write the step at a place among the new ones, from 0."""
        bullet = f"{int(self.bullet[:-1]) + place}{self.bullet[-1]}" if self.counts else self.bullet
        words = step
        if self.label and not labels.split(step, numbered=True)[0]:
            words = f"{self.before}{_counted(self.label, place)}{self.behind}{step}{self.end}"
        return f"{self.indent}{bullet}{self.gap}[ ] {words}"


@dataclass(frozen=True, slots=True)
class Expanded:
    """A document with steps that were not in it."""

    document: Document
    places: tuple[int, ...]  # of the new steps in Plan.walk()


def checked(steps: Sequence[str]) -> tuple[str, ...]:
    """Give the words of steps as they can be written; raises Refused for what is no step."""
    found = []
    for step in steps:
        words = step.strip()
        if not words:
            raise Refused("a step has no words")
        if any(not char.isprintable() for char in words):
            raise Refused(f"“{clean(words)[:60]}” is not one line of plain text")
        if len(words) > MAX_STEP_CHARS:
            raise Refused(f"a step has {len(words):,} characters, more than {MAX_STEP_CHARS:,}")
        if BOX_LIKE.match(words) or _LEADING_BOX.match(words):
            raise Refused(f"“{words[:60]}” brings a box along: give the words alone")
        found.append(words)
    return tuple(found)


def expanded(document: Document, place: int, steps: Sequence[str]) -> Expanded:
    """Write steps below the node at a place in Plan.walk().

    Raises Refused when it is over, has one of them already, or when there is no way to write them
    that reads as these steps and nothing else.
    """
    node = document.nodes[place]
    words = checked(steps)
    if node.state in (State.DONE, State.DROPPED) and node.mark is not None:
        raise Refused(f"line {node.line} is {node.state}: open it before it gets steps")
    there = {child.text: child.line for child in node.children}
    for one in words:
        if one in there:
            raise Refused(f"“{one[:60]}” is there already, in line {there[one]}")
    behind = _last_line(document, place)
    for form in _forms(document, place):
        written = [form.line(one, number) for number, one in enumerate(words)]
        data = _inserted(document.data, behind, written, is_loose=form.is_loose)
        after = edit.read(data, document.origin, document.rules)
        found = _placed(document, after, place, written)
        if found:
            return Expanded(after, found)
    raise Refused(f"no step can be written below line {node.line} that reads as one")


# --- where ----------------------------------------------------------------------------------------


def _last_line(document: Document, place: int) -> int:
    """Find the last line of all that is below a node; 1-based."""
    text = edit.text_of(document.data)
    items = source.read_source(text, document.rules).outline.items
    ends = {item.line: item.end for top in items for item in top.walk()}
    return max(ends.get(node.line, node.line) for node in document.nodes[place].walk())


def _inserted(data: bytes, behind: int, written: Sequence[str], *, is_loose: bool) -> bytes:
    """Put lines behind a line, ended as that line is."""
    spans = edit.lines(data)
    end = spans[behind - 1][1]
    line_end = _line_end(data, spans, behind)
    joint = line_end * (2 if is_loose else 1)
    return data[:end] + b"".join(joint + one.encode() for one in written) + data[end:]


def _line_end(data: bytes, spans: Sequence[tuple[int, int]], line: int) -> bytes:
    """Give what ends a line; of a last one that nothing ends, what ends the first."""
    for start in (line, 1):
        after = data[spans[start - 1][1] :]
        for one in (b"\r\n", b"\n", b"\r"):
            if after.startswith(one):
                return one
    return b"\n"


# --- how ------------------------------------------------------------------------------------------


def _forms(document: Document, place: int) -> Iterator[Form]:
    """Give the ways to write steps, the likest to what is there first."""
    node = document.nodes[place]
    boxes = [child for child in node.children if child.mark is not None]
    example = _example(document, place)
    if boxes:
        yield _of_sibling(document, boxes)
    elif example is not None and node.mark is not None:
        yield _of_cousin(document, node, example)
    if node.mark is not None:
        plain = _plain(document, node)
        yield plain
        yield replace(plain, is_loose=True)


def _of_sibling(document: Document, boxes: Sequence[Node]) -> Form:
    form = _read_form(document, boxes[-1])
    lazy = any(_read_form(document, box).bullet == form.bullet for box in boxes[-2:-1])
    if form.counts and not lazy:
        form = replace(form, bullet=f"{int(form.bullet[:-1]) + 1}{form.bullet[-1]}")
    label = _next_label(document, boxes) if form.label else ""
    is_loose = len(boxes) > 1 and _is_blank(document, boxes[-1].line - 1)
    return replace(form, counts=form.counts and not lazy, label=label, is_loose=is_loose)


def _of_cousin(document: Document, node: Node, example: Node) -> Form:
    """Write the first step of a milestone as another one's first step is written."""
    child = next(one for one in example.children if one.mark is not None)
    form = _read_form(document, child)
    over, ours = _read_form(document, example), _read_form(document, node)
    return replace(
        form,
        indent=ours.indent + form.indent.removeprefix(over.indent),
        bullet=f"1{form.bullet[-1]}" if form.counts else form.bullet,
        label=_first_label(document, node, example, child) if form.label else "",
        is_loose=_is_blank(document, child.line - 1),
    )


def _example(document: Document, place: int) -> Node | None:
    """Find a milestone with steps: the nearest before, else the nearest after."""
    above = parents(document.plan)
    nodes = document.nodes
    alike = [
        at
        for at, node in enumerate(nodes)
        if above[at] == above[place]
        and node.mark is not None
        and any(child.mark is not None for child in node.children)
    ]
    before = [at for at in alike if at < place]
    found = before[-1:] or alike[:1]
    return nodes[found[0]] if found else None


def _plain(document: Document, node: Node) -> Form:
    """Write the plainest box that stands inside another one."""
    ours = _read_form(document, node)
    inner = ours.indent + " " * (len(ours.bullet) + len(ours.gap))
    return Form(inner, "-" if ours.counts else ours.bullet, False, " ", "", "", "", "", False)  # noqa: FBT003 -- in the order of the fields


def _read_form(document: Document, node: Node) -> Form:
    """Read how a box is written."""
    line = edit.line_text(document, node.line)
    match = _BOX.match(line)
    assert match is not None, "every box is one"
    text = line[match.end() :]
    bullet = match["bullet"]
    before = behind = end = ""
    at = text.find(node.label) if node.label else -1
    tail = _BEHIND_LABEL.match(text, at + len(node.label)) if at >= 0 else None
    label = node.label if tail is not None else ""
    if tail is not None:
        before, behind = text[:at], tail.group()
        opened = before.strip()
        if opened not in ("", "**", "__"):
            label = before = behind = ""
        elif opened and not tail["close"]:
            end = opened
    counts = bullet[0].isdigit()
    return Form(match["indent"], bullet, counts, match["gap"], label, before, behind, end, False)  # noqa: FBT003 -- in the order of the fields


def _is_blank(document: Document, line: int) -> bool:
    return line > 0 and bool(_BLANK.fullmatch(edit.line_text(document, line)))


# --- labels ---------------------------------------------------------------------------------------


def _next_label(document: Document, boxes: Sequence[Node]) -> str:
    """Give the label that follows those of some boxes; "" where they do not count on."""
    last = _NUMBERED.fullmatch(boxes[-1].label)
    if last is None:
        return ""
    stems = [_NUMBERED.fullmatch(box.label) for box in boxes]
    for one, other in pairwise(stems):
        if one is None or other is None or one["stem"] != other["stem"]:
            return ""
    if _UNIT.fullmatch(boxes[-1].label):
        return _next_unit(document)
    return _counted(boxes[-1].label, 1)


def _first_label(document: Document, node: Node, example: Node, child: Node) -> str:
    """Give the first step of a milestone its label, as the first of another one has it."""
    if _UNIT.fullmatch(child.label):
        return _next_unit(document)
    if not _NUMBERED.fullmatch(child.label):
        return ""
    for theirs, ours in ((example.label, node.label), (_number(example), _number(node))):
        if theirs and child.label.startswith(f"{theirs}."):
            return ours + child.label[len(theirs) :] if ours else ""
    return child.label


def _number(node: Node) -> str:
    """Give the number in a label, "" where there is none."""
    found = _LABEL_NUMBER.search(node.label)
    return found.group() if found else ""


def _next_unit(document: Document) -> str:
    taken = [node.label for node in document.nodes if _UNIT.fullmatch(node.label)]
    return _counted(max(taken, key=lambda label: int(label[1:])), 1)


def _counted(label: str, by: int) -> str:
    """Count the number at the end of a label on, as wide as it is."""
    match = _NUMBERED.fullmatch(label)
    assert match is not None, "only what counts is counted on"
    number = match["number"]
    return f"{match['stem']}{int(number) + by:0{len(number) if number[0] == '0' else 1}d}"


# --- what came of it ------------------------------------------------------------------------------


def _placed(
    before: Document, after: Document, place: int, written: Sequence[str]
) -> tuple[int, ...]:
    """Find the new steps; () unless they are below their milestone and all else is as it was."""
    first = place + sum(1 for _ in before.nodes[place].walk())
    count = len(written)
    new = tuple(range(first, first + count))
    if len(after.nodes) != len(before.nodes) + count or _frame(before) != _frame(after):
        return ()
    above = parents(after.plan)
    for at, line in zip(new, written, strict=True):
        node = after.nodes[at]
        box = _BOX.match(line)
        is_step = node.mark == edit.OPEN and not node.children and node.kind is Kind.STEP
        if not is_step or above[at] != place or box is None or node.text != line[box.end() :]:
            return ()
    rest = [at for at in range(len(after.nodes)) if at not in new]
    moved = [at if at < first else at + count for at in range(len(before.nodes))]
    old_above = [None if at is None else moved[at] for at in parents(before.plan)]
    same = all(
        _words(one) == _words(after.nodes[at]) and above[at] == over
        for one, at, over in zip(before.nodes, rest, old_above, strict=True)
    )
    return new if same else ()


def _frame(document: Document) -> tuple[object, ...]:
    plan = document.plan
    return (
        plan.title,
        plan.dialect,
        plan.status,
        plan.boxes_outside,
        [section.heading for section in plan.sections],
        sorted(finding.code for finding in plan.findings),
        [bullet.text for bullet in plan.next_steps],
    )


def _words(node: Node) -> tuple[object, ...]:
    return node.text, node.mark, node.label, node.notes, node.optional
