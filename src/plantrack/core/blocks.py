"""Markdown text to headings, list items and the line each stands on: the only mistune."""

# Theory of operation
#
# 1. mistune's block pass decides what a heading and what a list item is; nothing inline is parsed.
# 2. Its tokens carry no positions, and it guesses which lines go on with a paragraph of a list item
#    or quote without being indented. Both containers are therefore collected here: a line that is
#    not indented belongs to one only while its innermost open block is a paragraph.
# 3. Work is bounded by a budget in proportion to the text, not by a clock: the same text gives the
#    same answer on every machine.

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from mistune.block_parser import BlockParser
from mistune.core import BlockState

from plantrack.core.model import Finding
from plantrack.core.outline import (
    HTML_BLOCK,
    HTML_TAG,
    LONG_HTML,
    Heading,
    ListItem,
    Outline,
    Span,
    atx_heading,
    end_of_long_html,
)

MAX_NESTING = 20  # containers in containers; mistune's own limit
TOO_DEEP = f"nested deeper than {MAX_NESTING} levels"
_WORK_PER_CHAR = 30  # block rules and container text looked at per character before giving up
_MIN_WORK = 2_000_000
_GUESSES = 8  # an eighth as much again may go into telling whether a paragraph is still open


def read_blocks(text: str, first: int) -> Outline:
    """Parse a text whose first line is line `first`; never raises.

    What is too laborious comes back as a finding and a span over the whole text.
    """
    state = _State()
    budget = max(_MIN_WORK, _WORK_PER_CHAR * len(text))
    state.notes = _Notes(budget, budget // _GUESSES)
    state.base = first
    state.process(_normal(text))
    try:
        _PARSER.parse(state)
    except _TooMuchError:
        last = first + text.count("\n")
        message = "this part is nested too deeply or too intricately to be read"
        span = Span(first, last, "in a part that is too intricate to be read")
        return Outline((), (), (span,), (Finding("", first, "too-intricate", message),))
    headings = tuple(token["value"] for token in state.tokens if token["type"] == "heading")
    return Outline(headings, _items(state), tuple(state.notes.spans))


_BLANKS = re.compile(r"^[ \t]+$", re.MULTILINE)
_PREFIX = re.compile(
    r"^(?=[^\n]*\t)(?:[ \t]*(?:>|[-*+](?=[ \t])|[0-9]{1,9}[.)](?=[ \t])))*[ \t]*", re.MULTILINE
)


def _normal(text: str) -> str:
    """Empty blank lines, and turn the tabs before and between markers into blanks."""
    if "\t" in text:
        text = _PREFIX.sub(lambda match: match.group().expandtabs(4), text)
    return _BLANKS.sub("", text)


class _TooMuchError(Exception):
    """The text makes the block rules work out of proportion to its size."""


@dataclass(slots=True)
class _Notes:
    """What one parse writes down beside its tokens."""

    budget: int
    guesses: int  # the part of it that is left for reading ahead
    spans: list[Span] = field(default_factory=list)
    is_open: dict[str, bool] = field(default_factory=dict)  # container text -> ends in a paragraph

    def spend(self, work: int) -> None:
        """Count work; raise when there was too much of it."""
        self.budget -= work
        if self.budget < 0:
            raise _TooMuchError


_BREAK = re.compile("\n")


class _State(BlockState):
    """A block state that knows where it stands in the source."""

    notes: _Notes

    def __init__(self, parent: _State | None = None) -> None:
        super().__init__(parent)
        self.base = 1  # source line of this state's own first line
        self.breaks: list[int] | None = None  # offsets of the line breaks in src, once needed
        self.level = 0
        if parent is not None:
            self.notes = parent.notes
            self.level = parent.level + 1

    def line_at(self, offset: int) -> int:
        """Return the source line of an offset in src."""
        if self.breaks is None:
            self.breaks = [match.start() for match in _BREAK.finditer(self.src)]
        return self.base + bisect_right(self.breaks, offset - 1)

    def ends_in_paragraph(self) -> bool:
        """Tell whether the block parsed last is a paragraph."""
        token = self.last_token()
        return bool(token) and token["type"] == "paragraph"


_RULES = (
    "fenced_code",
    "indent_code",
    "atx_heading",
    "setex_heading",
    "thematic_break",
    "block_quote",
    "list",
    "raw_html",
    "blank_line",
)
_QUOTED = re.compile(r" {0,3}> ?")
_MAX_GAP = 4  # blanks behind a marker; more of them begin indented code


_MAY_BEGIN = re.compile(r"\n(?=[ \t`~#=_*>+<0-9\n-])")  # a line that some rule may be about


class _Rules:
    """All rules together; each begins a line, and only lines it may begin are looked at."""

    def __init__(self, rules: re.Pattern[str]) -> None:
        self.match = rules.match

    def search(self, text: str, position: int) -> re.Match[str] | None:
        while not (found := self.match(text, position)):
            line = _MAY_BEGIN.search(text, position)
            if line is None:
                return None
            position = line.end()
        return found


class _Parser(BlockParser):
    """mistune's block parser that notes lines and the extent of what holds no list items."""

    state_cls = _State

    def __init__(self) -> None:
        super().__init__()
        self.rules = list(_RULES)
        self.specification |= {
            # mistune's own backtracks over long runs of blanks
            "atx_heading": r"^ {0,3}(?P<atx_1>#{1,6})(?P<atx_2>$|[ \t][^\n]*$)",
            "setex_heading": r"^ {0,3}(?P<setext_1>=+|-+)[ \t]*$",
            "block_quote": r"^ {0,3}>",
            "list": self.specification["list"].replace(r"\d", "[0-9]"),  # of no other script
            "blank_line": r"(?:^\n)+",
        }
        self._every = _Rules(super().compile_sc())

    def compile_sc(self, rules: list[str] | None = None) -> re.Pattern[str] | _Rules:  # type: ignore[override]
        return super().compile_sc(rules) if rules is not self.rules else self._every

    def parse_method(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        state.notes.spend(16)
        return super().parse_method(m, state)

    def parse_list(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        """Read one list item; which list it belongs to is of no interest."""
        indent, marker, rest = m.group("list_1"), m.group("list_2"), m.group("list_3")
        text = rest.lstrip(" ")
        may_interrupt = text and (len(marker) == 1 or int(marker[:-1]) == 1)
        if not may_interrupt and (end := state.append_paragraph()):
            return end
        gap = len(rest) - len(text)
        width = len(indent) + len(marker) + (gap if text and gap <= _MAX_GAP else 1)
        held = _Held(self, state)
        if text:
            held.add((indent + marker + rest)[width:] + "\n")
        position = m.end() + 1
        while position < state.cursor_max:
            line = state.get_line(position)
            if line == "\n":
                if not held.lines:
                    break  # an item begins with at most one blank line
                held.add(line)
            elif line.startswith(" " * width):
                held.add(line[width:])
            elif not held.takes(line):
                break
            position += len(line)
        at = state.line_at(m.start())
        self._open(state, "item", held.text(), (at, at if text else at + 1))
        return position

    def parse_block_quote(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        held = _Held(self, state)
        position = m.start()
        while position < state.cursor_max:
            line = state.get_line(position)
            if mark := _QUOTED.match(line):
                held.add(line[mark.end() :])
            elif line == "\n" or not held.takes(line):
                break
            position += len(line)
        at = state.line_at(m.start())
        self._open(state, "quote", held.text(), (at, at))
        self._note(state, m.start(), position, "in a block quote")
        return position

    def _open(self, state: _State, kind: str, text: str, lines: tuple[int, int]) -> None:
        """Parse what a container holds; `lines` are those of its mark and of its text."""
        state.notes.spend(len(text))
        child = _State(state)
        child.process(text)
        child.base = lines[1]
        if child.level > MAX_NESTING:
            self._note(child, 0, len(text), TOO_DEEP)
            state.append_token({"type": "skipped"})
            return
        self.parse(child)
        state.append_token({"type": kind, "line": lines[0], "state": child})

    def parse_atx_heading(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        heading = atx_heading(m.group().strip(" \t"), state.line_at(m.start()))
        state.append_token({"type": "heading", "value": heading})
        return m.end() + 1

    def parse_setex_heading(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        token = state.last_token()
        if token and token["type"] == "paragraph":
            written = self._without_definitions(token["text"])
            if written:
                level = 1 if m.group("setext_1")[0] == "=" else 2
                lines = written.rstrip("\n").split("\n")
                text = " ".join(line.strip() for line in lines)
                heading = Heading(level, text, state.line_at(m.start()) - len(lines))
                token |= {"type": "heading", "value": heading}
                return m.end() + 1
            token["type"] = "definitions"
        other = self.compile_sc(["thematic_break", "list"]).match(state.src, m.start())
        return self.parse_method(other, state) if other else None

    def _without_definitions(self, text: str) -> str:
        """Take the link definitions off the front of a paragraph."""
        state = _State()
        state.process(text)
        while match := self.compile_sc(["ref_link"]).match(text, state.cursor):
            end = self.parse_ref_link(match, state)
            if not end:
                break
            state.cursor = end
        return text[state.cursor :]

    def parse_fenced_code(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        end = super().parse_fenced_code(m, state)
        if end is not None:
            self._note(state, m.start(), end, "in a code fence")
        return end

    def _parse_indent_code_fast(self, state: _State) -> int | None:  # type: ignore[override]
        start = state.cursor
        end = super()._parse_indent_code_fast(state)
        if end is not None and not state.ends_in_paragraph():
            self._note(state, start, end, "in indented code")
        return end

    def parse_raw_html(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        start = m.start()
        long = LONG_HTML.match(state.src, start)
        if long:
            close = end_of_long_html(long).search(state.src, long.start("kind"))
            end = state.find_line_end_at(close.end() - 1) if close else state.cursor_max
        else:
            is_block = HTML_BLOCK.match(state.src, start)
            if not is_block and (end_of_line := state.append_paragraph()):
                return end_of_line
            if not is_block and not HTML_TAG.match(state.src, start):
                return None
            blank = state.src.find("\n\n", start)
            end = blank + 1 if blank >= 0 else state.cursor_max
        state.append_token({"type": "html"})
        comment = long is not None and long.group("kind") == "!--"
        self._note(state, start, end, "in an HTML comment" if comment else "in an HTML block")
        return end

    @staticmethod
    def _note(state: _State, start: int, end: int, reason: str) -> None:
        first = state.line_at(start)
        last = state.line_at(min(end, len(state.src)) - 1)
        state.notes.spans.append(Span(first, max(first, last), reason))


# what a line that is not indented may begin even while a paragraph is open
_BREAKS = re.compile(
    r" {0,3}(?:#{1,6}(?=[ \t\n])|>|`{3,}[^`\n]*\n|~{3}|(?:[-*+]|[0-9]{1,9}[.)])(?=[ \t\n])"
    r"|(?:(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|(?:\*[ \t]*){3,})\n)",
)
# lines that open nothing but paragraphs and list items
_PLAIN = re.compile(
    r" {0,3}(?:(?:[-*+]|[0-9]{1,9}[.)]) {1,4})*(?![0-9]{1,9}[.)]\s)"
    r"(?:[^\W_]|[\[(\"']|`(?!``)|\*\*?[^\W_]|~~[^\W_])",
)
_LAZY = "\0"  # stands before a line that goes on with a paragraph, whatever it looks like


class _Held:
    """The lines of one container, as far as they are collected."""

    def __init__(self, parser: _Parser, state: _State) -> None:
        self._parser = parser
        self._state = state
        self._plain = True
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        """Take a line that carries the container's indent or mark; these are off already."""
        self._plain = self._plain and (line == "\n" or _PLAIN.match(line) is not None)
        self.lines.append(line)

    def takes(self, line: str) -> bool:
        """Take a line without indent or mark if it goes on with the paragraph before it."""
        if not line.startswith(_LAZY):
            if not self.lines or self.lines[-1] == "\n" or _begins_block(line):
                return False
            if not (self._plain or self.lines[-1].startswith(_LAZY) or self._is_open()):
                return False
            line = _LAZY + line.lstrip(" ")
        self.lines.append(line)
        return True

    def text(self) -> str:
        """Join the lines, without blank ones at the end."""
        text = "".join(self.lines).rstrip("\n")
        return text and text + "\n"

    def _is_open(self) -> bool:
        """Tell whether a paragraph is open at the end, by reading what is there so far.

        Where that was already too much work, take it for one, as mistune does.
        """
        notes = self._state.notes
        if notes.guesses < 0:
            return True
        text = self.text()
        notes.guesses -= len(text)
        if text not in notes.is_open:
            probe = _State()
            probe.notes = _Notes(notes.guesses, notes.guesses, is_open=notes.is_open)
            probe.level = self._state.level + 1
            probe.process(text)
            try:
                self._parser.parse(probe)
            except _TooMuchError:
                notes.guesses = -1
                return True
            notes.guesses = min(probe.notes.budget, probe.notes.guesses)
            notes.is_open[text] = _ends_in_paragraph(probe)
        return notes.is_open[text]


def _begins_block(line: str) -> bool:
    html = HTML_BLOCK.match(line) or LONG_HTML.match(line)
    return html is not None or _BREAKS.match(line) is not None


def _ends_in_paragraph(state: _State) -> bool:
    while (token := state.last_token()) and "state" in token:
        state = token["state"]
    return state.ends_in_paragraph()


_PARSER = _Parser()


def _items(state: _State) -> tuple[ListItem, ...]:
    found = []
    for token in state.tokens:
        if token["type"] != "item":
            continue
        line, child = token["line"], token["state"]
        first = child.tokens[0] if child.tokens else {"type": ""}
        text = first["text"].rstrip("\n") if first["type"] == "paragraph" else ""
        end = child.base + child.src.count("\n") - 1 if child.src else line
        found.append(ListItem(line, end, text.replace(_LAZY, ""), _items(child)))
    return tuple(found)
