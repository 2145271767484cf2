"""Rules about what documents say of each other: links, and tables that list them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from plantrack.core import flags, inline, status
from plantrack.core.lint.around import Around, Standing
from plantrack.core.lint.rule import Example, Rule, Severity
from plantrack.core.model import Family, Finding, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plantrack.core.lint.page import Page


def link_missing(page: Page) -> Iterator[Finding]:
    """Find the links to documents that are not there."""
    if not page.around.missing:
        return
    for line, path in targets(page):
        if path in page.around.missing:
            yield Finding("", line, "link-missing", f"there is no {path}")


def targets(page: Page) -> Iterator[tuple[int, str]]:
    """Yield line and path, from the top folder, of every document that is linked to."""
    folder = page.path.rpartition("/")[0]
    for line, text in page.prose:
        if "](" not in text and "]:" not in text:
            continue
        for match in _TARGET.finditer(text):
            path = _resolved(folder, match.group("inline") or match.group("defined"))
            if path:
                yield line, path


_TARGET = re.compile(
    r"\]\([ \t]{0,8}<?(?P<inline>[^\s()<>]+)"
    r"|^ {0,3}\[[^\[\]]{1,200}\]:[ \t]{0,8}<?(?P<defined>[^\s<>]+)"
)
_ELSEWHERE = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:|/|\\|#|\?|@)|[{}$*]")
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_DOCUMENT = re.compile(r"(?i)[^/]\.(?:md|markdown)$")


def _resolved(folder: str, target: str) -> str:
    """Find the path a link leads to; "" when it is none of a document in the repository."""
    if _ELSEWHERE.search(target):
        return ""
    target = _ESCAPED.sub(_unescaped, target.partition("#")[0].partition("?")[0])
    if not _DOCUMENT.search(target):
        return ""
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return ""
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)


def _unescaped(match: re.Match[str]) -> str:
    return bytes.fromhex(match.group().replace("%", "")).decode("utf-8", "replace")


def is_index(path: str) -> bool:
    """Tell whether a document is one that lists others: a README or index."""
    stem = path.rpartition("/")[2].rpartition(".")[0].lower()
    return stem in {"readme", "index", "_index", "status"}


def index_status(page: Page) -> Iterator[Finding]:
    """Find the rows of a table that say another Status than the document they link to."""
    if not is_index(page.path) or not page.around.standings:
        return
    at = -1  # the column of the Status; -1: in no table that has one
    before: tuple[int, list[str]] = (0, [])
    for line, text in page.prose:
        cells = _cells(text)
        if not cells or line != before[0] + 1:
            at = -1
        if cells and all(map(_RULED.match, cells)) and line == before[0] + 1:
            at = _column(before[1])
        elif 0 <= at < len(cells):
            yield from _row(page, line, cells, at)
        before = (line, cells)


_RULED = re.compile(r"^:?-+:?$")
_PIPE = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"\]\([ \t]{0,8}<?([^\s()<>]+)")


def _cells(text: str) -> list[str]:
    if "|" not in text:
        return []
    return [cell.strip() for cell in _PIPE.split(text.strip().removeprefix("|").removesuffix("|"))]


def _column(header: Sequence[str]) -> int:
    words = [inline.plain(cell).lower() for cell in header]
    return words.index("status") if "status" in words else -1


def _row(page: Page, line: int, cells: list[str], at: int) -> Iterator[Finding]:
    folder = page.path.rpartition("/")[0]
    others = [cell for place, cell in enumerate(cells) if place != at]
    linked = (_resolved(folder, target) for cell in others for target in _LINK.findall(cell))
    paths = dict.fromkeys(path for path in linked if path in page.around.standings)
    if len(paths) != 1:
        return
    path = next(iter(paths))
    standing = page.around.standings[path]
    if _disagree(cells[at], standing):
        name = path.rpartition("/")[2]
        said = flags.brief(standing.status)
        message = f"the table says “{inline.plain(cells[at])}”, {name} says “{said}”"
        yield Finding("", line, "index-status", message)


_KNOWN = frozenset({Family.DRAFT, Family.ACTIVE, Family.DONE, Family.DEAD})


def _disagree(cell: str, standing: Standing) -> bool:
    """Tell whether a cell means something else than a document's Status, by every reading."""
    words = inline.plain(cell).lower()
    if words in inline.plain(standing.status.text).lower():
        return False  # "Historical: implemented, then removed"
    listed = status.family_of(cell)
    weighed = status.weigh(
        Status(cell, listed, 0), open_leaves=standing.has_open, archived=False
    ).family
    own = status.family_of(standing.status.text)
    families = {listed, weighed}
    known = families <= _KNOWN and {own, standing.status.family} <= _KNOWN
    return known and families.isdisjoint({own, standing.status.family})


_LINKING = """\
# Tide gauge

See [the old gauge](0003-old-gauge.md).

## Implementation Plan

- [ ] Open the port
"""
_INDEX = """\
# Design docs

| document | Status |
|---|---|
| [Tide gauge](0007-tide-gauge.md) | Draft |
"""
_SHIPPED = {"docs/0007-tide-gauge.md": Standing(Status("Shipped", Family.DONE, 3), has_open=False)}

RULES = (
    Rule(
        code="link-missing",
        severity=Severity.WARNING,
        finds="A link names a document that is not in the repository.",
        because="The document was renamed or removed, or the link never led anywhere.",
        remedy="Name the document that took its place, or take the link away.",
        find=link_missing,
        bad=Example(
            _LINKING,
            Around(missing=frozenset({"docs/0003-old-gauge.md"})),
            "Without a file docs/0003-old-gauge.md.",
        ),
        good=Example(
            _LINKING.replace("0003-old-gauge", "0004-gauge"),
            Around(missing=frozenset({"docs/0003-old-gauge.md"})),
        ),
    ),
    Rule(
        code="index-status",
        severity=Severity.WARNING,
        finds="A table in a README or index says another Status than the document it links to.",
        because="Whoever reads the table alone is misled.",
        remedy="Copy the document's Status into the table, or mend the document.",
        find=index_status,
        bad=Example(
            _INDEX,
            Around(standings=_SHIPPED),
            "With “**Status:** Shipped” in docs/0007-tide-gauge.md.",
            path="docs/README.md",
        ),
        good=Example(
            _INDEX.replace("Draft", "Shipped"), Around(standings=_SHIPPED), path="docs/README.md"
        ),
    ),
)
