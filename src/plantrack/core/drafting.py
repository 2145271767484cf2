"""A template and a name to a new design doc: where it goes, what it is called, what it says."""

# Theory of operation
#
# 1. A new document goes where the numbered ones are, under the next number, written as wide and
#    joined as theirs are.
# 2. Of a template, what speaks to its reader goes: instruction blocks, and remarks such as
#    "(Required)" in headings. The title, an empty Status and dates are filled in. All else is the
#    author's to fill in, and stays.

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize

from plantrack.core import dialect, markdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

T = TypeVar("T")

MAX_NAME_CHARS = 120
USUAL_FOLDER = "docs/design"

_NUMBERED = re.compile(r"^(?P<number>\d{2,6})(?P<joint>[-_ .])(?P<rest>.+)$")
_WIDTH = 4  # of a number where there is none yet
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MANY = 2  # numbered documents that make a folder one of numbered documents


# --- where ----------------------------------------------------------------------------------------


def folder_of(documents: Iterable[str], template: str) -> str:
    """Choose the folder that holds the most numbered documents; else that of the template."""
    found = Counter(
        path.rpartition("/")[0]
        for path in documents
        if _NUMBERED.match(path.rpartition("/")[2]) and not dialect.origin(path).archived
    )
    best = min(found, key=lambda folder: (-found[folder], folder), default=None)
    if best is not None and (found[best] >= _MANY or not template):
        return best
    folder = template.rpartition("/")[0]
    if folder.rpartition("/")[2].lower() in {"template", "templates"}:
        folder = folder.rpartition("/")[0]
    return best if best is not None and best == folder else folder or USUAL_FOLDER


def path_of(name: str, folder: str, beside: Sequence[str]) -> str:
    """Make the path of a new document; `beside` are the names of the files in its folder.

    A folder whose documents have no numbers gets none.
    """
    documents = [one for one in beside if one.lower().endswith((".md", ".markdown"))]
    numbered = [match for one in documents if (match := _NUMBERED.match(one))]
    others = [
        one
        for one in documents
        if not _NUMBERED.match(one) and not dialect.is_template_name(one) and not _is_index(one)
    ]
    stem = _stem(name, _joint([*(one["rest"] for one in numbered), *others]))
    start = ""
    if numbered or not others:
        number = max((int(one["number"]) for one in numbered), default=0) + 1
        width = _usual((len(one["number"]) for one in numbered), _WIDTH)
        start = f"{number:0{width}d}{_usual((one['joint'] for one in numbered), '-')}"
    return f"{folder}/{start}{stem}.md" if folder else f"{start}{stem}.md"


def _is_index(name: str) -> bool:
    return name.rpartition(".")[0].lower() in {"readme", "index", "contributing"}


def _joint(names: Iterable[str]) -> str:
    """Give the sign that joins words in most of some names."""
    signs = Counter(sign for one in names for sign in "-_" if sign in one)
    return signs.most_common(1)[0][0] if signs else "-"


def _stem(name: str, joint: str) -> str:
    words = _WORDS.findall(normalize("NFC", name).lower())
    return joint.join(re.sub(r"['’]", "", word) for word in words)


def _usual(values: Iterable[T], otherwise: T) -> T:
    found = Counter(values).most_common(1)
    return found[0][0] if found else otherwise


# --- what it says ---------------------------------------------------------------------------------

_OPEN = re.compile(r"^ {0,3}#{1,6}[ \t]*(?:<|&lt;)instructions(?:>|&gt;)", re.IGNORECASE)
_CLOSE = re.compile(r"(?:<|&lt;)/instructions(?:>|&gt;)", re.IGNORECASE)
_REMARK = re.compile(r"(?i)[ \t]+\((?:required|optional)\b[^()]*\)(?=[ \t]*(?:\{#[^}]*\})?[ \t]*$)")
_DATE = re.compile(r"\b(?:YYYY-MM-DD|yyyy-mm-dd)\b|<(?:date|today)>", re.IGNORECASE)
_STATUS = re.compile(
    r"(?i)^(?P<field>(?:>\s*)?\*{0,2}status(?::\*{0,2}|\*{0,2}:))[ \t]*(?P<said>.*)$"
)
_CHOICE = re.compile(r"^$|^[<\[{].*[>\]}]$|\S[ \t]*[|/][ \t]*\S")  # of one of several, or of none
_HEADING = re.compile(r"^(?P<start> {0,3}#{1,6}[ \t]+)(?P<text>\S.*?)[ \t]*(?:[ \t]#+[ \t]*)?$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")


def filled(template: str, name: str, today: date) -> str:
    """Turn the text of a template into that of a new document."""
    lines = _without_instructions(markdown.split_lines(template.removeprefix("\ufeff")))
    made: list[str] = []
    has_title = has_status = False
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark is not None and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
        heading = None if fence else _HEADING.match(_REMARK.sub("", line))
        text = line
        if heading is not None:
            text = heading.group()
            if not has_title:
                has_title, text = True, heading["start"] + _titled(heading["text"], name)
        elif not has_status and not fence and (said := _STATUS.match(line)):
            has_status = True
            if _CHOICE.search(said["said"].strip()):
                text = f"{said['field']} Draft"
        made.append(_DATE.sub(today.isoformat(), text))
    if not has_title:
        made = [f"# Design: {name}", "", *made]
    return "\n".join(made).strip("\n") + "\n"


def _titled(title: str, name: str) -> str:
    """Put the name into a title; what stands before a colon says what kind of document it is."""
    kind, colon, _ = title.partition(":")
    return dialect.with_title(title, name) or (f"{kind}: {name}" if colon else name)


def _without_instructions(lines: Sequence[str]) -> list[str]:
    """Leave out what a template says to its reader, and the gap that would leave."""
    kept: list[str] = []
    closing = [number for number, line in enumerate(lines) if _CLOSE.search(line)]
    inside = False
    gap = False
    for number, line in enumerate(lines):
        if inside or (_OPEN.match(line) and closing and closing[-1] >= number):
            inside = not _CLOSE.search(line)
            gap = True
            continue
        if gap and not line.strip() and (not kept or not kept[-1].strip()):
            continue
        gap = gap and not line.strip()
        kept.append(line)
    return kept


# --- which template -------------------------------------------------------------------------------


def is_template(text: str, phrases: tuple[str, ...]) -> bool:
    """Tell whether a text can become a design doc: it has a title, and a heading of a plan."""
    found = [
        match["text"] for line in markdown.split_lines(text) if (match := _HEADING.match(line))
    ]
    return any(dialect.is_plan_heading(one, phrases) for one in found[1:])
