"""One document, read once for all rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from plantrack.core import dialect, flags, markdown, parse
from plantrack.core.inline import CODE_SPAN
from plantrack.core.lint.around import NOTHING, Around

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plantrack.core.dialect import Rules
    from plantrack.core.model import Finding, Ledger, Node, Plan
    from plantrack.core.outline import Outline, Span

IN_FENCE = "in a code fence"


@dataclass(frozen=True, slots=True)
class Fence:
    """One code fence."""

    first: int  # 1-based line of its opening
    last: int  # 1-based, of its end or of the last line it holds
    info: str  # what follows its opening marks
    is_closed: bool
    inner: int  # line of what looks like an opening inside it; 0: none does


class Page:
    """One document with everything rules ask about; each part is worked out once, when asked."""

    def __init__(self, path: str, text: str, rules: Rules, around: Around = NOTHING) -> None:
        """Read the document at `path`, relative to the top folder."""
        self.path = path
        self.text = text
        self.rules = rules
        self.around = around
        examined = parse.examine(text, dialect.origin(path), rules)
        self.plan: Plan = examined.plan
        self.ledger: Ledger = examined.ledger
        self.source = examined.source
        self.boxes = examined.tops
        self.raw = examined.source.raw

    @cached_property
    def told(self) -> tuple[Finding, ...]:
        """What the reading of the document found by itself."""
        return (*self.around.told, *flags.flags(self.plan))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node of the plan, in document order."""
        return tuple(self.plan.walk())

    @cached_property
    def outline(self) -> Outline:
        """All of the block structure; the plan's reading skips what holds no boxes."""
        return markdown.read_whole_outline(self.source.lines)

    @cached_property
    def fences(self) -> tuple[Fence, ...]:
        """Every code fence, in order."""
        return tuple(self._fence(span) for span in self.outline.spans if span.reason == IN_FENCE)

    @cached_property
    def prose(self) -> tuple[tuple[int, str], ...]:
        """Every line that is no code, comment or front matter, by number; code spans are blank."""
        taken = bytearray(len(self.raw) + 2)
        for span in self.outline.spans:
            if span.reason in _NO_PROSE:
                taken[span.first : span.last + 1] = b"\1" * (span.last + 1 - span.first)
        return tuple(
            (line, CODE_SPAN.sub(" ", text) if "`" in text else text)
            for line, text in enumerate(self.source.lines, start=1)
            if text and not taken[line]
        )

    @property
    def title_line(self) -> int:
        """The line to speak of when the whole document is meant."""
        return self.source.headings[0].line if self.source.headings else 1

    @cached_property
    def _starts(self) -> list[int]:
        return [section.line for section in self.plan.sections]

    def in_plan(self, line: int) -> bool:
        """Tell whether a line stands in a plan section."""
        at = bisect_right(self._starts, line) - 1
        return at >= 0 and line <= self.plan.sections[at].end

    def headings(self) -> Iterator[tuple[int, int, str, str]]:
        """Yield line, last line of the section, text and folded words of each heading."""
        for index, heading in enumerate(self.source.headings):
            words = dialect.heading_words(heading.text)
            yield heading.line, self.source.end_of(index), heading.text, words

    def _fence(self, span: Span) -> Fence:
        opening = _OPENING.search(self.source.lines[span.first - 1])
        marks, info = opening.group("marks", "info") if opening else ("```", "")
        last = self.source.lines[span.last - 1].strip(_EDGE)
        closes = span.last > span.first and last.startswith(marks) and not last.strip(marks[0])
        inside = range(span.first + 1, span.last)
        inner = next((line for line in inside if self._opens(line, marks)), 0)
        return Fence(span.first, span.last, info.strip(), closes, inner)

    def _opens(self, line: int, marks: str) -> bool:
        """Tell whether a line inside a fence looks like the opening of one."""
        text = self.source.lines[line - 1].strip(_EDGE)
        named = text.lstrip(marks[0])
        return text.startswith(marks) and bool(named) and marks[0] not in named


_EDGE = " \t>"
_OPENING = re.compile(r"(?P<marks>`{3,}|~{3,})(?P<info>.*)$")
_NO_PROSE = frozenset({IN_FENCE, "in indented code", "in an HTML comment", "in an HTML block"})
