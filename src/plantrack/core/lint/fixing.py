"""A document's text to the same text with what is safely mechanical mended."""

# Theory of operation
#
# 1. A fix takes lines away, or blanks at the beginning of lines, or the end of a heading. Line ends
#    and everything else stay as they are, byte for byte.
# 2. Each kind of fix is tried by itself and read again. It is kept only when it mended something,
#    and no box is lost: whatever was a box before is one after, with the same mark and words.
# 3. Where tabs indent a line, nothing is guessed.

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core.lint import catalogue, losing, template
from plantrack.core.lint.page import Page
from plantrack.core.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from plantrack.core.dialect import Rules
    from plantrack.core.outline import ListItem

    Edits = dict[int, str | None]  # line, from 1, to what it becomes, without its end; None: gone


@dataclass(frozen=True, slots=True)
class Fixed:
    """A text that was mended, and how many findings of each code that took away."""

    text: str
    counts: tuple[tuple[str, int], ...]  # by code, in the order of the fixes


def fixed(path: str, text: str, rules: Rules, codes: Iterable[str]) -> Fixed:
    """Mend what rules of these codes find; the text comes back as it is where nothing can be."""
    wanted = frozenset(codes)
    counts: Counter[str] = Counter()
    for code, edits in _FIXES:
        if code not in wanted:
            continue
        for _ in range(_ROUNDS):
            text, mended = _tried(path, text, rules, code, edits)
            counts[code] += mended
    return Fixed(text, tuple((code, count) for code, count in counts.items() if count))


def _tried(
    path: str, text: str, rules: Rules, code: str, edits: Callable[[Page], Edits]
) -> tuple[str, int]:
    """Apply one kind of fix; second, how many findings it took away, 0 when it is not safe."""
    before = Page(path, text.removeprefix(_MARK), rules)
    changed = _applied(text, edits(before))
    if changed == text:
        return text, 0
    after = Page(path, changed.removeprefix(_MARK), rules)
    mended = _found(before, code) - _found(after, code)
    kept = _counted(before) <= _counted(after)
    return (changed, mended) if mended > 0 and kept else (text, 0)


_ROUNDS = 2  # what is mended may bring the next one to light
_MARK = "\ufeff"  # of the byte order


def _found(page: Page, code: str) -> int:
    return len(catalogue.findings(page, (catalogue.BY_CODE[code],)))


def _counted(page: Page) -> Counter[str]:
    """Count the boxes by their lines, whatever their indent."""
    return Counter(page.raw[box.line - 1].strip() for top in page.boxes for box in top.walk())


def _applied(text: str, edits: Edits) -> str:
    parts = []
    for line, match in enumerate(_LINE.finditer(text), start=1):
        if line not in edits:
            parts.append(match.group())
        elif (now := edits[line]) is not None:
            mark = _MARK if line == 1 and text.startswith(_MARK) else ""
            parts.append(mark + now + match.group("end"))
    return "".join(parts)


_LINE = re.compile(r"[^\r\n]*(?P<end>\r\n|\r|\n)|[^\r\n]+(?P<none>)")


# --- what a template left -------------------------------------------------------------------------


def _instructions(page: Page) -> Edits:
    edits: Edits = {}
    for first, last in template.instruction_blocks(page):
        # of the blank lines around it one stays
        before = first == 1 or not page.raw[first - 2].strip()
        if before and last < len(page.raw) and not page.raw[last].strip():
            last += 1  # noqa: PLW2901
        edits.update(dict.fromkeys(range(first, last + 1)))
    return edits


def _suffixes(page: Page) -> Edits:
    edits: Edits = {}
    for line, _, text, _ in page.headings():
        if template.suffix(page, line, text):
            raw = page.raw[line - 1]
            edits[line] = _SUFFIX.sub(r"\g<rest>", raw, count=1)
    return edits


_SUFFIX = re.compile(
    r"[ \t]*\((?:Required|Optional)\b[^()\n]*\)"
    r"(?P<rest>[ \t]*(?:\{#[^{}\n]*\})?[ \t]*(?:#+[ \t]*)?)$"
)


# --- indents --------------------------------------------------------------------------------------


def _swallowed(page: Page) -> Edits:
    edits: Edits = {}
    host_by_line = _hosts(page)
    for line in _lines_of(page, "swallowed-box"):
        host = host_by_line.get(line)
        if line in edits or host is None:
            continue
        target = _column_of_children(page, host)
        edits.update(_shifted(page, line, host.end, target - _indent(page.raw[line - 1])))
    return edits


def _misplaced(page: Page) -> Edits:
    edits: Edits = {}
    items = {item.line: item for item in _items(page)}
    for host, box in losing.misplaced(page):
        target = _column_of_children(page, items[host.line])
        by = target - losing.column(page, box.line)
        edits.update(_shifted(page, box.line, items[box.line].end, by))
    return edits


def _lost(page: Page) -> Edits:
    edits: Edits = {}
    items = _items(page)
    by_line = {item.line: item for item in items}
    nodes = [n for n in page.nodes if n.kind is Kind.MILESTONE and n.mark is not None]
    milestones = [node.line for node in nodes]
    for line in _lines_of(page, "lost-indent"):
        above = milestones[bisect_left(milestones, line) - 1]
        target = _column_of_children(page, by_line[above])
        by = target - losing.column(page, line)
        edits.update(_shifted(page, line, by_line[line].end, by))
    return edits


def _lines_of(page: Page, code: str) -> Iterator[int]:
    return (one.line for one in catalogue.findings(page, (catalogue.BY_CODE[code],)))


def _items(page: Page) -> list[ListItem]:
    return [inner for item in page.outline.items for inner in item.walk()]


def _hosts(page: Page) -> dict[int, ListItem]:
    """Find for each swallowed line the innermost item it stands in; both are in order."""
    found: dict[int, ListItem] = {}
    around: list[ListItem] = []
    items = _items(page)
    at = 0
    for line in _lines_of(page, "swallowed-box"):
        while at < len(items) and items[at].line < line:
            around.append(items[at])
            at += 1
        while around and around[-1].end < line:
            around.pop()
        if around:
            found[line] = around[-1]
    return found


def _column_of_children(page: Page, host: ListItem) -> int:
    """Return the column at which items in an item stand, or would."""
    if host.children:
        return losing.column(page, host.children[0].line)
    return losing.inside(page, host.line)


def _shifted(page: Page, first: int, last: int, by: int) -> Edits:
    """Move a line, and those after it that are indented as far, by so many columns."""
    least = _indent(page.raw[first - 1])
    edits: Edits = {}
    for line in range(first, last + 1):
        raw = page.raw[line - 1]
        if not raw.strip():
            continue
        if _indent(raw) < least:
            break
        if "\t" in raw[: len(raw) - len(raw.lstrip())]:
            return {}
        edits[line] = " " * by + raw if by > 0 else raw[-by:]
    return edits


def _indent(raw: str) -> int:
    return len(raw) - len(raw.lstrip(" \t"))


_FIXES: tuple[tuple[str, Callable[[Page], Edits]], ...] = (
    ("template-instructions", _instructions),
    ("template-suffix", _suffixes),
    ("swallowed-box", _swallowed),
    ("under-indented", _misplaced),
    ("lost-indent", _lost),
)
