"""A document's text to its lines, front matter, headings and list items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from plantrack.core import boxes, dialect, markdown
from plantrack.core.model import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plantrack.core.dialect import Rules
    from plantrack.core.memo import Memo
    from plantrack.core.outline import Heading, Outline


@dataclass(frozen=True, slots=True)
class FrontField:
    """One scalar of a YAML front matter."""

    key: str  # lower case
    value: str
    line: int  # 1-based


@dataclass(frozen=True, slots=True)
class Source:
    """One document, ready to be asked where its plan is."""

    raw: tuple[str, ...]  # every line as it is on disk, without line ends
    lines: tuple[str, ...]  # the same, front matter and those too many blanked, long ones cut
    front: tuple[FrontField, ...]
    body: int  # 1-based line behind the front matter
    headings: tuple[Heading, ...]  # without a template's instruction blocks
    outline: Outline
    findings: tuple[Finding, ...]

    def front_value(self, key: str) -> str:
        """Return a front matter scalar, "" where there is none."""
        return next((field.value for field in self.front if field.key == key), "")

    def title(self) -> str:
        """Return the first heading, else the front matter's title, else ""."""
        return self.headings[0].text if self.headings else self.front_value("title")

    def end_of(self, index: int) -> int:
        """Return the last line of the section that heading number `index` opens."""
        level = self.headings[index].level
        for later in range(index + 1, len(self.headings)):
            if self.headings[later].level <= level:
                return self.headings[later].line - 1
        return len(self.lines)

    def preamble(self) -> tuple[str, ...]:
        """Return the lines before the first heading after the title, the title's own blanked."""
        if not self.headings:
            return self.lines
        end = self.headings[1].line - 1 if len(self.headings) > 1 else len(self.lines)
        title = self.headings[0].line
        return (*self.lines[: title - 1], "", *self.lines[title:end])


def read_source(text: str, rules: Rules, memo: Memo | None = None) -> Source:
    """Read a document's text; never raises."""
    raw = markdown.split_lines(text)
    front, taken = _front_matter(raw)
    lines, findings = _bounded(raw, taken, rules)
    outline = markdown.read_outline(lines, dialect.is_next_steps_heading, memo)
    return Source(
        raw=tuple(raw),
        lines=tuple(lines),
        front=front,
        body=taken + 1,
        headings=_without_instructions(outline.headings),
        outline=outline,
        findings=(*findings, *outline.findings),
    )


_FRONT_FIELD = re.compile(r"^([A-Za-z_-]+)\s*:(.*)$")
_MAX_FRONT_LINES = 200


def _front_matter(lines: Sequence[str]) -> tuple[tuple[FrontField, ...], int]:
    """Read the scalar fields of a YAML front matter; second, how many lines it takes."""
    if not lines or lines[0].rstrip() != "---":
        return (), 0
    fields: list[FrontField] = []
    for index, line in enumerate(lines[1:_MAX_FRONT_LINES], start=1):
        if line.rstrip() in {"---", "..."}:
            return tuple(fields), index + 1
        match = _FRONT_FIELD.match(line)
        if match:
            key, value = match.group(1).lower(), match.group(2).strip().strip("\"'")
            fields.append(FrontField(key, value, index + 1))
        elif line.strip() and not line.startswith((" ", "\t", "-", "#")):
            break
    return (), 0


def _bounded(raw: Sequence[str], taken: int, rules: Rules) -> tuple[list[str], list[Finding]]:
    """Blank the first `taken` lines and those that are too many; cut those that are too long."""
    limit, most = rules.max_line_chars, rules.max_lines
    lines = [*[""] * taken, *raw[taken:most], *[""] * (len(raw) - max(taken, most))]
    findings: list[Finding] = []
    if any(map(boxes.BOX_LIKE.match, raw[most:])):  # else nothing of a plan is lost
        message = f"the document has {len(raw):,} lines; only the first {most:,} are read"
        findings.append(Finding("", most + 1, "long-document", message))
    if max(map(len, lines), default=0) <= limit:
        return lines, findings
    for index, line in enumerate(lines):
        if len(line) > limit:
            message = f"the line has {len(line):,} characters; only the first {limit:,} are read"
            findings.append(Finding("", index + 1, "long-line", message))
            lines[index] = line[:limit]
    return lines, findings


_INSTRUCTIONS = "instructions"
_OPEN_BLOCK = "<instructions>"
_CLOSE_BLOCK = "</instructions>"


def _without_instructions(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Leave out a template's instruction blocks, which are written as headings."""
    if not any(_INSTRUCTIONS in heading.text for heading in headings):
        return tuple(headings)
    texts = [heading.text.replace("&lt;", "<").replace("&gt;", ">") for heading in headings]
    closing = [index for index, text in enumerate(texts) if _CLOSE_BLOCK in text]
    kept = []
    inside = False
    for index, text in enumerate(texts):
        if inside:
            inside = _CLOSE_BLOCK not in text
        elif text.startswith((_OPEN_BLOCK, _CLOSE_BLOCK)):
            inside = _CLOSE_BLOCK not in text and bool(closing) and closing[-1] > index
        else:
            kept.append(headings[index])
    return tuple(kept)
