"""Markdown text to headings, list items and the line each stands on: the only mistune."""

# Theory of operation
#
# 1. mistune's block pass decides what a heading and what a list item is; nothing inline is parsed.
# 2. Its tokens carry no positions. The parser below notes, for every container it opens, the source
#    line its own line 0 stands on, so that lines add up through any nesting.
# 3. Work is bounded by a budget in proportion to the text, not by a clock: the same text gives the
#    same answer on every machine.

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mistune.block_parser import BlockParser
from mistune.core import BlockState
from mistune.helpers import BLOCK_TAGS, HTML_ATTRIBUTES, HTML_TAGNAME

from plantrack.core.model import Finding
from plantrack.core.outline import Heading, ListItem, Outline, Span, atx_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_NESTING = 20  # containers; mistune's own limit, kept explicit because the ledger names it
_WORK_PER_CHAR = 60  # block rules and container text looked at per character before giving up
_MIN_WORK = 2_000_000

# an HTML block that ends at a blank line: by its tag, or by a tag that stands alone
HTML_BLOCK = re.compile(rf"(?i) {{0,3}}</?(?:{'|'.join(BLOCK_TAGS)})(?=[ \t\n>]|/>)")
HTML_TAG = re.compile(
    rf" {{0,3}}<(?:{HTML_TAGNAME}{HTML_ATTRIBUTES}[ \t]*/?|/{HTML_TAGNAME}[ \t]*)>[ \t]*\n",
)


def read_blocks(text: str, first: int) -> Outline:
    """Parse a text whose first line is line `first`; never raises.

    What is too deep or too laborious comes back as a finding and a span over the whole text.
    """
    budget = max(_MIN_WORK, _WORK_PER_CHAR * len(text))
    state = _State()
    state.notes = _Notes(budget=budget, places={}, spans=[])
    state.base = first
    state.process(text)
    try:
        _PARSER.parse(state)
    except (RecursionError, _TooMuchError):
        last = first + text.count("\n")
        message = "this part is nested too deeply or too intricately to be read"
        span = Span(first, last, "in a part that is too intricate to be read")
        return Outline((), (), (span,), (Finding("", first, "too-intricate", message),))
    headings = tuple(token["value"] for token in state.tokens if token["type"] == "heading")
    items = _items(state.tokens, state.notes)
    return Outline(headings, items, tuple(state.notes.spans))


class _TooMuchError(Exception):
    """The text makes the block rules work out of proportion to its size."""


@dataclass(slots=True)
class _Notes:
    """What one parse writes down beside its tokens."""

    budget: int
    places: dict[int, tuple[int, _State]]  # id of an item's token list -> marker line, its state
    spans: list[Span]


class _State(BlockState):
    """A block state that knows where it stands in the source."""

    notes: _Notes

    def __init__(self, parent: _State | None = None) -> None:
        super().__init__(parent)
        self.base = 1  # source line of this state's own first line
        self.open_at = 0  # offset in src where the container being parsed starts
        self.in_list = False
        self.breaks: list[int] | None = None  # offsets of the line breaks in src, once needed
        if parent is not None:
            self.notes = parent.notes

    def line_at(self, offset: int) -> int:
        """Return the source line of an offset in src."""
        if self.breaks is None:
            self.breaks = [match.start() for match in re.finditer("\n", self.src)]
        return self.base + bisect_right(self.breaks, offset - 1)

    def child_state(self, src: str, lazy_line_starts: set[int] | None = None) -> _State:
        """Open a container; its lines are counted on from where it starts here."""
        self.notes.budget -= len(src)
        if self.notes.budget < 0:
            raise _TooMuchError
        child: _State = super().child_state(src, lazy_line_starts)  # type: ignore[assignment]
        marker_line = child.base = self.line_at(self.open_at)
        if self.in_list:
            end = self.src.find("\n", self.open_at)
            first = self.src[self.open_at : end if end >= 0 else len(self.src)]
            child.base += _EMPTY_MARKER.match(first) is not None
            self.notes.places[id(child.tokens)] = (marker_line, child)
            # by now the cursor is behind the next item's first line
            self.open_at = self.src.rfind("\n", 0, max(self.cursor - 1, 0)) + 1
        return child


_EMPTY_MARKER = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]*$")
_RULES = (
    "fenced_code",
    "indent_code",
    "atx_heading",
    "setex_heading",
    "thematic_break",
    "block_quote",
    "list",
    "ref_link",
    "raw_html",
    "blank_line",
)


_QUOTE_ENDS = ["blank_line", "thematic_break", "fenced_code", "list", "block_html"]


class _Parser(BlockParser):
    """mistune's block parser that notes lines and the extent of what holds no list items."""

    state_cls = _State

    def __init__(self) -> None:
        rules = list(_RULES)
        super().__init__(rules, rules, MAX_NESTING)
        self.rules = rules
        # mistune's own heading rule backtracks over long runs of blanks
        self.specification["atx_heading"] = r"^ {0,3}(?P<atx_1>#{1,6})(?P<atx_2>$|[ \t][^\n]*$)"

    def compile_sc(self, rules: list[str] | None = None) -> re.Pattern[str]:
        """Let a heading end a block quote, as CommonMark has it; mistune takes it for lazy text."""
        if rules == _QUOTE_ENDS:
            rules = [*rules, "atx_heading"]
        return super().compile_sc(rules)

    def parse_method(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        state.notes.budget -= 16
        if state.notes.budget < 0:
            raise _TooMuchError
        return super().parse_method(m, state)

    def parse_list(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        if state.depth() >= MAX_NESTING - 2:
            self._note(state, m.start(), len(state.src), _TOO_DEEP)
        return self._contained(super().parse_list, m, state, in_list=True)

    def parse_block_quote(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        start = state.line_at(m.start())
        before = len(state.tokens)
        end = self._contained(super().parse_block_quote, m, state, in_list=False)
        quoted = len(state.tokens) - before
        last = state.line_at(state.cursor) if quoted > 1 else state.line_at(end)
        state.notes.spans.append(Span(start, max(start, last - 1), "in a block quote"))
        return end

    def _contained(
        self,
        parse: Callable[[re.Match[str], _State], int],
        m: re.Match[str],
        state: _State,
        *,
        in_list: bool,
    ) -> int:
        saved = state.open_at, state.in_list
        state.open_at, state.in_list = m.start(), in_list
        try:
            return parse(m, state)
        finally:
            state.open_at, state.in_list = saved

    def parse_atx_heading(self, m: re.Match[str], state: _State) -> int:  # type: ignore[override]
        heading = atx_heading(m.group().strip(" \t"), state.line_at(m.start()))
        state.append_token({"type": "heading", "value": heading})
        return m.end() + 1

    def parse_setex_heading(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        end = super().parse_setex_heading(m, state)
        token = state.last_token()
        if end is not None and token and token.get("style") == "setext" and "value" not in token:
            written = token["text"].rstrip("\n").split("\n")
            line = state.line_at(m.start()) - len(written)
            text = " ".join(part.strip() for part in written)
            token["value"] = Heading(token["attrs"]["level"], text, line)
        return end

    def parse_fenced_code(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        end = super().parse_fenced_code(m, state)
        if end is not None:
            self._note(state, m.start(), end, "in a code fence")
        return end

    def _parse_indent_code_fast(self, state: _State) -> int | None:  # type: ignore[override]
        start = state.cursor
        end = super()._parse_indent_code_fast(state)
        token = state.last_token()
        if end is not None and token and token["type"] == "block_code":
            self._note(state, start, end, "in indented code")
        return end

    def parse_raw_html(self, m: re.Match[str], state: _State) -> int | None:  # type: ignore[override]
        start = m.start()
        end = super().parse_raw_html(m, state)
        token = state.last_token()
        if end is not None and token and token["type"] == "block_html":
            comment = m.group().strip() == "<!--"
            self._note(state, start, end, "in an HTML comment" if comment else "in an HTML block")
        return end

    @staticmethod
    def _note(state: _State, start: int, end: int, reason: str) -> None:
        first = state.line_at(start)
        last = state.line_at(min(end, len(state.src)) - 1)
        state.notes.spans.append(Span(first, max(first, last), reason))


_TOO_DEEP = f"nested deeper than {MAX_NESTING - 1} levels"
_PARSER = _Parser()


def _items(tokens: Sequence[dict[str, Any]], notes: _Notes) -> tuple[ListItem, ...]:
    found = []
    for token in tokens:
        if token["type"] != "list":
            continue
        for entry in token["children"]:
            children = entry["children"]
            line, state = notes.places[id(children)]
            first = children[0] if children else {"type": ""}
            is_text = first["type"] in {"block_text", "paragraph"}
            text = first["text"].rstrip("\n") if is_text else ""
            end = state.base + state.src.rstrip("\n").count("\n")
            nested = _items(children, notes)
            found.append(ListItem(line, max(line, end), text, nested))
    return tuple(found)
