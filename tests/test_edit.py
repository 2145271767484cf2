"""One mark of a document becomes another one, and not a byte besides."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import PROJECT_ROOT
from plantrack.core import dialect, edit
from plantrack.core.edit import Document, Refused
from plantrack.core.model import Plan, State
from strategies import KIRO, any_text, design_docs, plans
from strategies import paths as any_paths

RULES = dialect.Rules()
PLAN = "# Berths\n\n## Implementation Plan\n\n{}"


def read(text: str | bytes, path: str = "plan.md") -> Document:
    data = text.encode() if isinstance(text, str) else text
    return edit.read(data, dialect.origin(path), RULES)


def ticked(text: str | bytes, line: int, mark: str = "x", path: str = "plan.md") -> bytes:
    return edit.with_marks(read(text, path), {line: mark}).data


def boxes(document: Document) -> list[tuple[int, str]]:
    return [(node.line, node.mark) for node in document.nodes if node.mark is not None]


# --- one mark -------------------------------------------------------------------------------------

LINES = {
    "a box": ("- [ ] Dig\n", "- [x] Dig\n"),
    "another bullet": ("* [ ] Dig\n", "* [x] Dig\n"),
    "a number": ("1. [ ] Dig\n", "1. [x] Dig\n"),
    "a number with a parenthesis": ("12) [ ] Dig\n", "12) [x] Dig\n"),
    "brackets in the words": ("- [ ] Dig [ ] and [x]\n", "- [x] Dig [ ] and [x]\n"),
    "wide gaps": ("-   [ ]   Dig\n", "-   [x]   Dig\n"),
    "tabs": ("-\t[ ]\tDig\n", "-\t[x]\tDig\n"),
    "blanks at the end": ("- [ ] Dig  \n", "- [x] Dig  \n"),
    "no last line end": ("- [ ] Dig", "- [x] Dig"),
    "a hard space": ("- [\u00a0] Dig\n", "- [x] Dig\n"),
    "a sign": ("- [~] Dig\n", "- [x] Dig\n"),
    "an emoji": ("- [🚧] Dig\n", "- [x] Dig\n"),
    "a word": ("- [in-progress] Dig\n", "- [x] Dig\n"),
    "letters beyond ASCII": ("- [ ] Größe prüfen 🚢\n", "- [x] Größe prüfen 🚢\n"),
    "a struck one": ("- [ ] ~~Dig~~\n", "- [x] ~~Dig~~\n"),
    "words on two lines": ("- [ ] Dig\n  deep\n", "- [x] Dig\n  deep\n"),
}


@pytest.mark.parametrize(("before", "after"), LINES.values(), ids=LINES)
def test_a_mark_is_replaced_and_nothing_else(before: str, after: str) -> None:
    assert ticked(PLAN.format(before), 5) == PLAN.format(after).encode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_stay(line_end: str, mark: bytes) -> None:
    text = PLAN.format("- [ ] Dig\n  - [ ] Deep\n\nWhy.").replace("\n", line_end)
    data = mark + text.encode()
    assert ticked(data, 6) == data.replace(b"[ ] Deep", b"[x] Deep")


def test_line_ends_of_several_kinds_stay() -> None:
    text = "# Berths\r\n\n## Implementation Plan\r\r\n- [ ] Dig\r- [ ] Fill\n- [ ] Pave\r\n"
    assert ticked(text, 6) == text.replace("[ ] Fill", "[x] Fill").encode()


def test_what_is_no_box_begins_with_a_byte_order_mark_as_well() -> None:
    text = b"\xef\xbb\xbf- [ ] 1. Dig\n- [ ] 2. Fill\n"
    assert ticked(text, 1, path=KIRO) == b"\xef\xbb\xbf- [x] 1. Dig\n- [ ] 2. Fill\n"


def test_the_star_of_an_optional_task_stays() -> None:
    text = "# Implementation Plan\n\n- [ ] 1. Dig\n  - [ ]* 1.1 Deep\n  - [ ]\\* 1.2 Deeper\n"
    assert ticked(text, 4, path=KIRO) == text.replace("[ ]* 1.1", "[x]* 1.1").encode()
    assert ticked(text, 5, path=KIRO) == text.replace("[ ]\\*", "[x]\\*").encode()


def test_several_marks_change_at_once() -> None:
    text = PLAN.format("- [ ] Dig\n  - [🚧] Deep\n  - [x] Wide\n")
    after = edit.with_marks(read(text), {5: "x", 6: "x", 7: " "})
    assert after.data == PLAN.format("- [x] Dig\n  - [x] Deep\n  - [ ] Wide\n").encode()
    assert [node.state for node in after.nodes] == [State.DONE, State.DONE, State.TODO]


def test_a_box_of_the_front_matter_is_none() -> None:
    text = "---\nstatus: draft\n---\n" + PLAN.format("- [ ] Dig\n")
    assert ticked(text, 8) == text.replace("[ ]", "[x]").encode()


# --- what is refused ------------------------------------------------------------------------------

REFUSED = {
    "prose": ("Dig.\n", 5, "line 5 holds no box of the plan"),
    "code": ("```\n- [ ] Dig\n```\n\n- [ ] Fill\n", 6, "line 6 holds no box of the plan"),
    "beyond the end": ("- [ ] Dig\n", 99, "line 99 holds no box of the plan"),
}


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_box_is_refused(text: str, line: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        ticked(PLAN.format(text), line)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# A\n\n- [ ] \xff\n", "line 3 is not UTF-8"),
        (b"# A\r\rB\n\xc3(\n", "line 4 is not UTF-8"),
        (b"# A\n\n- [ ] a\0b\n", "NUL"),
        ("# A\n\n- [ ] a\n".encode("utf-16"), "line 1 is not UTF-8|NUL"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        read(data)


def test_a_mark_that_would_change_what_is_read_is_refused() -> None:
    with pytest.raises(Refused, match="otherwise"):
        ticked(PLAN.format("- [ ] Dig\n"), 5, "] [")
    with pytest.raises(Refused, match="otherwise"):
        ticked(PLAN.format("- [ ] Dig\n"), 5, "word")


def test_a_document_that_is_not_the_one_its_plan_was_read_from_is_refused() -> None:
    one, other = (read(PLAN.format(f"- [{mark}] Dig\n")) for mark in " ~")
    mixed = Document(other.data, one.origin, one.rules, one.plan, one.nodes)
    with pytest.raises(Refused, match="cannot be told from its text"):
        edit.with_marks(mixed, {5: "x"})
    short = Document(b"# A\n", one.origin, one.rules, one.plan, one.nodes)
    with pytest.raises(Refused, match="holds no box"):
        edit.with_marks(short, {5: "x"})
    prose = Document(b"\n" * 4 + b"Dig\n", one.origin, one.rules, one.plan, one.nodes)
    with pytest.raises(Refused, match="does not begin its line"):
        edit.with_marks(prose, {5: "x"})
    link = Document(b"\n" * 4 + b"- [ ](dig)\n", one.origin, one.rules, one.plan, one.nodes)
    with pytest.raises(Refused, match="does not begin its line"):
        edit.with_marks(link, {5: "x"})


# --- any document ---------------------------------------------------------------------------------


def marks_of(document: Document) -> Iterator[tuple[int, str, str]]:
    for line, mark in boxes(document):
        yield line, mark, " " if mark in edit.TICKS else "x"


def check_there_and_back(data: bytes, path: str, lines: int | None = None) -> int:
    """Change each box of a document and back, or some of them; give how many there are."""
    document = read(data, path)
    found = list(marks_of(document))
    chosen = found if lines is None else Random(len(data)).sample(found, min(lines, len(found)))  # noqa: S311 - the same every time
    for line, mark, other in chosen:
        after = edit.with_marks(document, {line: other})
        start = next(
            at for at, pair in enumerate(zip(data, after.data, strict=False)) if len({*pair}) > 1
        )
        end = start + len(mark.encode())
        assert after.data == data[:start] + other.encode() + data[end:]
        assert data[start:end] == mark.encode()
        assert edit.with_marks(after, {line: mark}).data == data
    return len(chosen)


@settings(max_examples=60)
@given(
    design_docs(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    any_paths(),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
@example("# Implementation Plan\n- [ ] 1. a\n- [ ]* 1.1 b", "\r\n", KIRO, b"\xef\xbb\xbf")
def test_any_box_can_be_ticked_and_opened_again(
    text: str, line_end: str, path: str, start: bytes
) -> None:
    data = text.replace("\n", line_end).encode("utf-8", "replace").replace(b"\0", b"")
    check_there_and_back(start + data, path, 5)


@settings(max_examples=60)
@given(any_text(), any_paths())
def test_lines_of_bytes_are_those_of_the_text(text: str, path: str) -> None:
    try:
        document = read(text.encode("utf-8", "surrogatepass"), path)
    except Refused:
        return
    for number in range(1, len(edit.lines(document.data)) + 1):
        assert not {"\n", "\r"}.intersection(edit.line_text(document, number))


def test_boxes_of_the_sample_documents_can_be_ticked_and_opened_again() -> None:
    """A few of each; the soak takes every box, of whole histories of others too."""
    top = PROJECT_ROOT / "sample_docs"
    found = sorted(top.rglob("*.md"))
    counts = [check_there_and_back(one.read_bytes(), str(one.relative_to(top)), 6) for one in found]
    assert sum(counts) > 100


# --- how an item reads ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Dig the *deep* hole", "Dig the *deep*"),
        ("Dig the *deep* hole", "Dig the deep hole"),
        ("**Milestone 1: Dig** the hole", "Milestone 1: Dig the"),
        ("**Milestone 1: Dig** the hole", "**Milestone 1: Dig**"),
        ("**Milestone 1: Dig** the hole", "Dig the hole"),
        ("Dig   the hole", "  Dig the\thole "),
    ],
)
def test_an_item_reads_as_expected_when_it_begins_so(line: str, expected: str) -> None:
    assert edit.reads_as(read(PLAN.format(f"- [ ] {line}\n")).nodes[0], expected)


@pytest.mark.parametrize("expected", ["dig", "the hole", "Dig the hole deeper", " ", ""])
def test_an_item_that_begins_otherwise_does_not(expected: str) -> None:
    assert not edit.reads_as(read(PLAN.format("- [ ] Dig the hole\n")).nodes[0], expected)


@settings(max_examples=40)
@given(plans())
def test_any_item_reads_as_it_is_written(plan: Plan) -> None:
    for node in plan.walk():
        if node.text.split():
            assert edit.reads_as(node, node.text)
