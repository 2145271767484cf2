"""A design doc to its versions while it is worked on: boxes ticked, reworded, added, cut."""

# Theory of operation
#
# 1. A draft is a list of lines. Its boxes are looked for anew by every edit: that costs less than
#    keeping their places right.
# 2. Steps are ticked from the top, now and then further down. With the last of its steps a parent
#    is ticked. A plan of which all is done grows.
# 3. Boxes of what lies in the future, and entries of an index, stay as they are.

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bench.prose import REASONS, Pen

_BOX = re.compile(r"^( *)- \[(.)\]\*? ")
_INDEX = re.compile(r"^- \[.\] \*\*Phase \d+\*\* —")
_PLAIN = re.compile(r"^[A-Z][^|]*[.,a-z]$")  # a line of a paragraph
_MAX_CHARS = 160  # of a line that words are added to
_OUT_OF_ORDER = 0.15
_MANY = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)  # steps that one commit ticks


class Edit(StrEnum):
    """What a commit does to one document."""

    TICK = "tick"
    TICK_AND_REWORD = "tick and reword"
    ADD = "add"
    CUT = "cut"
    EXPAND = "expand"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class _Box:
    at: int  # in the lines
    indent: int
    is_open: bool
    is_leaf: bool


class Draft:
    """One document being worked on; the same seed and edits give the same texts."""

    def __init__(self, text: str, pen: Pen) -> None:
        self._lines = text.split("\n")
        self._pen = pen

    @property
    def text(self) -> str:
        """Give the document as it stands."""
        return "\n".join(self._lines)

    def edit(self, what: Edit) -> None:
        """Change it."""
        match what:
            case Edit.TICK:
                self._tick()
            case Edit.TICK_AND_REWORD:
                self._reword(self._tick())
            case Edit.ADD:
                self._add(self._pen.chance.choice(self._boxes()))
            case Edit.CUT:
                self._cut()
            case Edit.EXPAND:
                self._expand()
            case Edit.PROSE:
                self._write()

    # --- edits -------------------------------------------------------------------------------

    def _tick(self) -> int:
        """Tick some steps; give the line of the last one."""
        chance, at = self._pen.chance, -1
        for _ in range(chance.choice(_MANY)):
            todo = [box for box in self._boxes() if box.is_open and box.is_leaf]
            if not todo:
                self._expand()
                todo = [box for box in self._boxes() if box.is_open and box.is_leaf]
            out_of_order = chance.random() < _OUT_OF_ORDER
            at = chance.choice(todo[:12] if out_of_order else todo[:1]).at
            self._mark_done(at)
            self._close_parents(at)
        return at

    def _close_parents(self, at: int) -> None:
        """Tick every box above the one at a line of which nothing is left to do."""
        boxes = list(self._boxes())
        place = next(place for place, box in enumerate(boxes) if box.at == at)
        for above in range(place - 1, -1, -1):
            parent = boxes[above]
            if parent.indent >= boxes[place].indent:
                continue
            below = _below(boxes, above)
            if any(box.is_open and box.is_leaf and box.at != at for box in below):
                return
            self._mark_done(parent.at)
            place = above

    def _mark_done(self, at: int) -> None:
        self._lines[at] = re.sub(r"- \[.\]", "- [x]", self._lines[at], count=1)

    def _reword(self, at: int) -> None:
        line = self._lines[at].rstrip(".")
        if len(line) > _MAX_CHARS:
            line = " ".join(line.split(" ")[:-6])
        self._lines[at] = f"{line} {self._pen.chance.choice(REASONS)}"

    def _add(self, beside: _Box, count: int = 1, *, deeper: int = 0) -> None:
        """Put open boxes below one and what belongs to it, or into it."""
        indent = " " * (beside.indent + deeper)
        new = [f"{indent}- [ ] {self._pen.deed()}" for _ in range(count)]
        end = self._end_of(beside)
        self._lines[end:end] = new

    def _cut(self) -> None:
        leaves = [box for box in self._boxes() if box.is_leaf]
        if len(leaves) > 1:
            box = self._pen.chance.choice(leaves)
            del self._lines[box.at : self._end_of(box)]

    def _expand(self) -> None:
        """Give steps to a box that has none, or let the plan grow where there is none."""
        boxes = self._boxes()
        bare = [box for box in boxes if box.is_open and box.is_leaf and box.indent < 2]
        count = self._pen.chance.randint(3, 9)
        if bare:
            self._add(bare[-1], count, deeper=2)
        else:
            self._add(boxes[-1], count)

    def _write(self) -> None:
        """Change a line of prose; a document without any gets one."""
        lines = [at for at, line in enumerate(self._lines) if _PLAIN.match(line)]
        words = self._pen.sentence().split(" ")[:12]
        if lines:
            self._lines[self._pen.chance.choice(lines)] = " ".join(words).rstrip(",.") + ","
        else:
            self._lines[1:1] = ["", " ".join(words)]

    # --- where things are --------------------------------------------------------------------

    def _boxes(self) -> list[_Box]:
        found: list[_Box] = []
        for at, line in enumerate(self._lines):
            if line == "# Future Work":
                break
            match = _BOX.match(line)
            if match is None or _INDEX.match(line):
                continue
            indent = len(match[1])
            if found and found[-1].indent < indent:
                found[-1] = _Box(found[-1].at, found[-1].indent, found[-1].is_open, is_leaf=False)
            found.append(_Box(at, indent, match[2] not in "xX", is_leaf=True))
        return found

    def _end_of(self, box: _Box) -> int:
        """Give the line after a box and the lines that go on with it."""
        at = box.at + 1
        while at < len(self._lines):
            line = self._lines[at]
            depth = len(line) - len(line.lstrip())
            if not line or depth <= box.indent or _BOX.match(line):
                break
            at += 1
        return at


def _below(boxes: list[_Box], above: int) -> Iterator[_Box]:
    for box in boxes[above + 1 :]:
        if box.indent <= boxes[above].indent:
            return
        yield box
