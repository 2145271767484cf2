"""How plans are written, as data: paths, headings, marks, labels."""

# Theory of operation
#
# 1. A path alone may decide the dialect (a spec folder's tasks.md); otherwise the text does.
# 2. A dialect row says which heading or box is the milestone; a design doc leaves that to its
#    shape.
# 3. A mark is what stands in the brackets of a box. Only a space, x and X have a meaning everyone
#    agrees on; every other mark is open and in progress until the configuration says otherwise.

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from plantrack.core.inline import CODE_SPAN, plain
from plantrack.core.memo import remembered
from plantrack.core.model import Family, State

DESIGN_DOC = "design doc"
KIRO = "Kiro"
SPEC_KIT = "spec-kit"
OPENSPEC = "OpenSpec"
SUPERPOWERS = "superpowers"


class Layer(StrEnum):
    """Where a dialect keeps its milestones."""

    BY_SHAPE = "by shape"  # the plan's own shape decides
    BY_NUMBER = "by number"  # boxes 1., boxes 1.1 below them
    BY_HEADING = "by heading"  # headings that carry the dialect's label


@dataclass(frozen=True, slots=True)
class Dialect:
    """One row: how to recognise a plan convention and where its milestones are."""

    name: str
    layer: Layer
    paths: str = ""  # regular expression, searched in "/" + path; "" never decides by path
    milestone: str = ""  # regular expression for the label of a milestone heading
    needs: str = ""  # regular expression that must be found in the text for the path to decide
    yields_to_heading: bool = False  # a plan heading in the document makes it a design doc


DIALECTS = (
    Dialect(KIRO, Layer.BY_NUMBER, paths=r"/\.kiro/specs/[^/]+/tasks\.md$"),
    Dialect(
        OPENSPEC,
        Layer.BY_HEADING,
        paths=r"/openspec/(?:.*/)?tasks\.md$",
        milestone=r"\d+$",
    ),
    Dialect(
        SPEC_KIT,
        Layer.BY_HEADING,
        paths=r"/specs/(?:.*/)?tasks\.md$",
        milestone=r"(?i:phase)\s",
        needs=r"(?m)^\s*[-*+]\s+\[[^\]\n]{1,12}\](?:\\?\*)?\s+\**T\d{3}\b",
    ),
    Dialect(
        SUPERPOWERS,
        Layer.BY_HEADING,
        paths=r"/docs/superpowers/plans/[^/]+\.(?:md|markdown)$",
        milestone=r"(?i:task)\s",
    ),
    Dialect(
        SUPERPOWERS,
        Layer.BY_HEADING,
        paths=r"/docs/plans/[^/]+\.(?:md|markdown)$",
        milestone=r"(?i:task)\s",
        yields_to_heading=True,
    ),
)

DESIGN_DOC_ROW = Dialect(DESIGN_DOC, Layer.BY_SHAPE)
KIRO_ROW = DIALECTS[0]

PLAN_HEADINGS = (
    "implementation plan",
    "implementation phases",
    "migration plan",
    "work breakdown",
    "milestones",
)

MARK_WORDS = frozenset(
    {
        "in-flight",
        "in-progress",
        "wip",
        "doing",
        "blocked",
        "done",
        "todo",
        "skipped",
        "dropped",
        "cancelled",
        "deferred",
    },
)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a repository may decide about reading its plans."""

    plan_headings: tuple[str, ...] = PLAN_HEADINGS
    marks: tuple[tuple[str, State], ...] = ()  # (mark, state), on top of space, x and X
    status_families: tuple[tuple[str, Family], ...] = ()  # (leading word, family), tried first
    max_section_chars: int = 256 * 1024  # of one plan section
    max_line_chars: int = 4096
    max_lines: int = 20_000  # of a document


@dataclass(frozen=True, slots=True)
class Origin:
    """What a document's path says about it."""

    rows: tuple[Dialect, ...]  # the rows whose path pattern fits, best first
    archived: bool  # a folder above it says the work is over

    @property
    def dialect(self) -> str:
        """Name the dialect the path suggests, "" where it suggests none."""
        return self.rows[0].name if self.rows else ""


_ARCHIVE_SEGMENT = re.compile(r"(?i)^(?:archived?|completed.*|done)$")


@lru_cache(maxsize=4096)
def origin(path: str) -> Origin:
    """Read dialect and archive from a path relative to the repository's top, "/" separated."""
    rooted = "/" + path
    rows = tuple(row for row in DIALECTS if row.paths and re.search(row.paths, rooted))
    folders = path.split("/")[:-1]
    return Origin(rows=rows, archived=any(_ARCHIVE_SEGMENT.match(part) for part in folders))


_LEFT_OUT_FOLDERS = frozenset({"third_party", "vendor", "node_modules"})
_SPEC_FOLDERS = frozenset({".kiro"})
_TEMPLATE_STEM = re.compile(r"(?i)^(?:template(?:$|[^a-z0-9])|.*[^a-z0-9]template$)")


def is_left_out_folder(name: str) -> bool:
    """Tell whether nothing below a folder of this name is looked at by default."""
    if name.startswith("."):
        return name not in _SPEC_FOLDERS
    return name in _LEFT_OUT_FOLDERS


def is_left_out(path: str) -> bool:
    """Tell whether a document is left out by default: foreign code, hidden folders, templates."""
    if any(map(is_left_out_folder, path.split("/")[:-1])):
        return True
    return is_template_name(path)


def is_template_name(path: str) -> bool:
    """Tell a template of documents by its name, or by that of its folder."""
    *folders, name = path.split("/")
    if folders and folders[-1].lower() in {"template", "templates"}:
        return True
    return bool(_TEMPLATE_STEM.match(name.rsplit(".", 1)[0]))


# not the type in Vec<T>
_PLACEHOLDER_TITLE = re.compile(r"(?<!\w)<[A-Z][^<>]*>|(?<!\w)&lt;[A-Z][^<>&]*&gt;|\{\{[^{}]+\}\}")


def is_placeholder_title(title: str) -> bool:
    """Tell whether a title is still a template's: `Design: <Feature Name>`."""
    match = _PLACEHOLDER_TITLE.search(CODE_SPAN.sub("", title))
    return match is not None and (" " in match.group() or match.group()[1:-1].istitle())


def with_title(title: str, name: str) -> str:
    """Put a name in the place that a template's title keeps for one; "" where it keeps none."""
    match = _PLACEHOLDER_TITLE.search(title)
    return title[: match.start()] + name + title[match.end() :] if match else ""


_NUMBERING = re.compile(r"^\s*(?:§\s*)?\d+(?:\.\d+)*(?:[.)]|(?=\s))\s*")
_REMARK = re.compile(r"(?i)\((?:required|optional)\b")
_LEFT_EDGE = re.compile(r"^[^\w<`&(]+")
_WITHOUT_RIGHT_EDGE = re.compile(r"^.*[\w>`)]", re.DOTALL)
_SPACES = re.compile(r"\s+")


@remembered(4096)  # the same few headings are asked about again and again
def heading_words(text: str) -> str:
    """Strip numbering, (Required), anchors, emoji, emphasis and edge punctuation; fold case."""
    words = without_anchor(plain(text)).rstrip()
    if words.endswith(")"):
        remark = _REMARK.search(words, words.rfind(")", 0, -1) + 1)
        words = words[: remark.start()] if remark else words
    words = _without_edges(_NUMBERING.sub("", _without_edges(words)))
    return _SPACES.sub(" ", words).lower()


def without_anchor(text: str) -> str:
    """Strip a heading's explicit anchor (`{#name}`)."""
    bare = text.rstrip()
    if not bare.endswith("}"):
        return text
    start = bare.find("{#", bare.rfind("}", 0, -1) + 1)
    return bare[:start].rstrip() if start >= 0 else text


def _without_edges(text: str) -> str:
    kept = _WITHOUT_RIGHT_EDGE.match(_LEFT_EDGE.sub("", text))
    return kept.group() if kept else ""


@remembered(4096)
def is_plan_heading(text: str, phrases: tuple[str, ...]) -> bool:
    """Tell whether a heading's words are, or start with, one of `phrases` (lower case)."""
    if not _may_say(text, phrases):
        return False
    words = heading_words(text)
    return any(
        words == phrase or (words.startswith(phrase) and not words[len(phrase)].isalnum())
        for phrase in phrases
    )


def _may_say(text: str, phrases: tuple[str, ...]) -> bool:
    """Tell whether one of some phrases may be in a heading's words, without working these out.

    Emphasis may stand within a word; nothing else that is left out does.
    """
    if not text.isascii() or "*" in text or "_" in text or "~" in text:
        return True
    said = text.lower()
    return any(phrase.split(" ")[0] in said for phrase in phrases)


_OUTSIDE = re.compile(
    r"^(?:future\b.*|(?:success|release|acceptance) criteria\b.*|verification|validation"
    r"|(?:verification|validation) and (?:validation|verification|testing)"
    r"|.+ checklist|notes|already done)$",
)


def is_outside_heading(text: str) -> bool:
    """Tell whether a heading inside a plan names what is no work of the plan."""
    return bool(_OUTSIDE.match(heading_words(text)))


@remembered(4096)
def is_next_steps_heading(text: str) -> bool:
    """Tell whether a heading opens the document's Next Steps."""
    if not _may_say(text, ("next",)):
        return False
    words = heading_words(text)
    return words in {"next steps", "next step"} or words.startswith(("next steps ", "next step "))


class Mark(NamedTuple):
    """What stands in the brackets of a box."""

    raw: str  # between the brackets, as written
    state: State
    optional: bool  # a star follows the brackets


_MARK = re.compile(r"^\[(?P<mark>[^\]\n]{1,12})\](?P<star>\\?\*)?(?=[ \t])[ \t]*")
_MAX_EMOJI_CHARS = 8
_COMMON_MARKS = {
    "[ ] ": Mark(" ", State.TODO, optional=False),
    "[x] ": Mark("x", State.DONE, optional=False),
    "[X] ": Mark("X", State.DONE, optional=False),
}


def read_mark(text: str, rules: Rules) -> tuple[Mark, str] | None:
    """Read the mark a list item's text begins with, and what follows it; None: no box."""
    if common := _COMMON_MARKS.get(text[:4]):
        return common, text[4:].lstrip(" \t")
    match = _MARK.match(text)
    if match is None:
        return None
    raw = match.group("mark")
    state = _state_of(raw, rules)
    if state is None:
        return None
    mark = Mark(raw=raw, state=state, optional=match.group("star") is not None)
    return mark, text[match.end() :]


def _state_of(raw: str, rules: Rules) -> State | None:
    if raw in {" ", "\u00a0"}:
        return State.TODO
    if raw in {"x", "X"}:
        return State.DONE
    for mark, state in rules.marks:
        if mark == raw:
            return state
    return State.DOING if _is_sign(raw) or raw.lower() in MARK_WORDS else None


def _is_sign(raw: str) -> bool:
    if len(raw) == 1:
        return not (raw.isalnum() or raw.isspace()) and raw not in "\\[_"
    return len(raw) <= _MAX_EMOJI_CHARS and not any(
        char.isascii() or char.isalnum() or char.isspace() for char in raw
    )
