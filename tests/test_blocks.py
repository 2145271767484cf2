"""Headings, list items, their lines, and what holds no list items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import blocks
from plantrack.core.outline import ListItem, Outline, Span
from strategies import any_text


def outline(text: str) -> Outline:
    return blocks.read_blocks(text, 1)


def headings(text: str) -> list[tuple[int, int, str]]:
    return [(h.line, h.level, h.text) for h in outline(text).headings]


def items(text: str) -> list[tuple[int, int, str]]:
    tops = outline(text).items
    return [(item.line, item.end, item.text) for top in tops for item in top.walk()]


def spans(text: str) -> list[tuple[int, int, str]]:
    return [(span.first, span.last, span.reason) for span in outline(text).spans]


# --- headings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "level", "text"),
    [
        ("# a", 1, "a"),
        ("###### a", 6, "a"),
        ("#\ta", 1, "a"),
        ("#  a  ", 1, "a"),
        ("   ## a", 2, "a"),
        ("## a ##", 2, "a"),
        ("## a ##########", 2, "a"),
        ("## a#", 2, "a#"),
        ("## a # b", 2, "a # b"),
        ("## a ##  ", 2, "a"),
        ("#", 1, ""),
        ("## ##", 2, ""),
        ("# " + "a" * 32_000, 1, "a" * 32_000),
    ],
)
def test_a_heading_is_one_to_six_hashes_and_a_blank(line: str, level: int, text: str) -> None:
    assert headings(f"b\n{line}\n") == [(2, level, text)]


@pytest.mark.parametrize(
    "line", ["#a", "####### a", "    # a", r"\# a", "\t# a", "> # a", "- # a", "#\xa0a"]
)
def test_what_only_looks_like_a_heading_is_none(line: str) -> None:
    assert headings(f"b\n\n{line}\n") == []


def test_an_underlined_heading_stands_on_its_first_line() -> None:
    text = "a\n=\n\nb\n  c\n   ---\n\nd\n"
    assert headings(text) == [(1, 1, "a"), (4, 2, "b c")]


@pytest.mark.parametrize(
    "text", ["a\n-=\n", "a\n= =\n", "a\n\n---\n", "a\n    ===\n", "- a\n===\n"]
)
def test_what_only_looks_like_an_underline_is_none(text: str) -> None:
    assert headings(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a]: b\n===\n", []),
        ("[a]: b\n---\n", []),
        ("[a]: b 'c'\n[d]: <e>\n---\n", []),
        ("[a]: b\nc\n===\n", [(2, 1, "c")]),
        ("[a]: b\n[c]\n===\n", [(2, 1, "[c]")]),
        ("[a]:\n===\n", [(1, 1, "[a]:")]),
        ("[a]: b 'c\n===\n", [(1, 1, "[a]: b 'c")]),
    ],
)
def test_link_definitions_are_no_heading(text: str, found: list[tuple[int, int, str]]) -> None:
    assert headings(text) == found


def test_a_list_goes_on_below_link_definitions_and_a_rule() -> None:
    assert items("[a]: b\n---\n- c\n") == [(3, 3, "c")]
    assert items("[a]: b\n-\n- c\n") == [(2, 2, ""), (3, 3, "c")]


# --- list items: lines and text -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("- a\n", [(1, 1, "a")]),
        ("\n\n- a\n- b\n", [(3, 3, "a"), (4, 4, "b")]),
        ("- a\n  b\nc\n", [(1, 3, "a\nb\nc")]),
        ("- a\n\n  b\n\n\n", [(1, 3, "a")]),
        ("- a\n  - b\n    - c\n- d\n", [(1, 3, "a"), (2, 3, "b"), (3, 3, "c"), (4, 4, "d")]),
        ("1. a\n   1) b\n2. c\n", [(1, 2, "a"), (2, 2, "b"), (3, 3, "c")]),
        ("- a\n+ b\n* c\n1. d\n1) e\n", [(n, n, c) for n, c in enumerate("abcde", 1)]),
        ("- - - a\n", [(1, 1, ""), (1, 1, ""), (1, 1, "a")]),
        ("-\n  a\n", [(1, 2, "a")]),
        ("-   \n  a\n", [(1, 2, "a")]),
        ("-\n\n  a\n", [(1, 1, "")]),
        ("-\n- a\n", [(1, 1, ""), (2, 2, "a")]),
        ("- # a\n  b\n", [(1, 2, "")]),
        ("-     a\n", [(1, 1, "")]),
        ("-    a\n     b\n", [(1, 2, "a\nb")]),
        ("   - a\n     b\n", [(1, 2, "a\nb")]),
        ("-\ta\n\tb\n", [(1, 2, "a\nb")]),
        ("1.\ta\n\n\t- b\n", [(1, 3, "a"), (3, 3, "b")]),
        (" \t- a\n", []),
        ("- a\n\n\t- b\n\n\t\t- c\n", [(1, 5, "a"), (3, 5, "b"), (5, 5, "c")]),
        ("text\n- a\n", [(2, 2, "a")]),
        ("text\n1. a\n", [(2, 2, "a")]),
        ("text\n2. a\n", []),
        ("text\n-\n", []),
        ("text\n\n2. a\n", [(3, 3, "a")]),
        ("999999999. a\n", [(1, 1, "a")]),
        ("1234567890. a\n", []),
        ("> - a\n- b\n", [(2, 2, "b")]),
        ("- a\n> b\n- c\n", [(1, 1, "a"), (3, 3, "c")]),
        ("- a\n# b\n- c\n", [(1, 1, "a"), (3, 3, "c")]),
        ("- a\n---\n- c\n", [(1, 1, "a"), (3, 3, "c")]),
        ("- a\n- - -\n- c\n", [(1, 1, "a"), (3, 3, "c")]),
        ("- a\r- b\n", [(1, 1, "a\r- b")]),
        ("- a\u2028- b\n- c\n", [(1, 1, "a\u2028- b"), (2, 2, "c")]),
        ("- a\n \x0b\n  b\n", [(1, 3, "a\n\x0b\nb")]),
        ("- a\n\xa0\n  b\n", [(1, 3, "a\n\xa0\nb")]),
    ],
)
def test_an_item_has_the_lines_and_the_text_it_has_in_the_source(
    text: str, found: list[tuple[int, int, str]]
) -> None:
    assert items(text) == found


def test_lines_are_counted_on_from_the_first() -> None:
    found = blocks.read_blocks("a\n===\n- b\n  - c\n\n      d\n> e\n", 41)
    assert [h.line for h in found.headings] == [41]
    assert found.items == (ListItem(43, 46, "b", (ListItem(44, 46, "c", ()),)),)
    assert found.spans == (Span(47, 47, "in a block quote"),)


def test_lines_add_up_through_any_nesting() -> None:
    quoted = "> - a\n>   1. b\n>      > - c\n\n"
    listed = "- d\n\n  text\n\n  1. e\n\n     > quoted\n     > - f\n\n     - g\n"
    assert items(quoted + listed) == [(5, 14, "d"), (9, 14, "e"), (14, 14, "g")]


# --- lines that go on with a paragraph ----------------------------------------------------------


@pytest.mark.parametrize(
    "between",
    [
        "# h",
        "---",
        "```",
        "~~~",
        "> quote",
        "<div>",
        "<!-- c -->",
        "<?p?>",
        "- other",
        "-",
        "2. other",
    ],
)
def test_the_beginning_of_another_block_ends_an_item(between: str) -> None:
    (first, *_) = items(f"- a\n{between}\n")
    assert first == (1, 1, "a")


@pytest.mark.parametrize(
    "between", ["text", "#h", "===", "--", "<b>", "``` a`b", "1234567890. x", "|a|"]
)
def test_anything_else_goes_on_with_its_paragraph(between: str) -> None:
    assert items(f"- a\n{between}\n") == [(1, 2, "a\n" + between.lstrip())]


@pytest.mark.parametrize(
    "last", ["# h", "---", "```", "    code", "<div>", "-", "> # h", "- ---", "<!-- c -->"]
)
def test_only_a_paragraph_goes_on_without_indent(last: str) -> None:
    (first, *_) = items(f"- a\n\n  {last}\ntext\n")
    assert first == (1, 3, "a")


@pytest.mark.parametrize("last", ["b", "> b", "- b", "1. > - b", "**b**", "> - b\n    c"])
def test_a_paragraph_goes_on_from_any_depth(last: str) -> None:
    (first, *_) = items(f"- a\n\n  {last}\ntext\n")
    assert first == (1, 4 + last.count("\n"), "a")


def test_a_fence_in_an_item_ends_with_the_item() -> None:
    text = "- [ ] a\n  ```\nb\n  ```\n- [ ] c\n"
    assert items(text) == [(1, 2, "[ ] a")]
    assert (4, 5, "in a code fence") in spans(text)


def test_a_paragraph_in_a_quote_goes_on_without_its_mark() -> None:
    assert items("> a\nb\n    - c\n- d\n") == [(4, 4, "d")]
    assert spans("> a\nb\n\nc\n") == [(1, 2, "in a block quote")]


@pytest.mark.parametrize("inside", ["# a", "```", "    a", "", "- ---"])
def test_what_is_no_paragraph_in_a_quote_does_not_go_on(inside: str) -> None:
    assert spans(f"> {inside}\nb\n")[-1] == (1, 1, "in a block quote")


# --- what holds no list items -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("```\n- [ ] a\n```\n- b\n", [(1, 3, "in a code fence")]),
        ("~~~ x\n- [ ] a\n", [(1, 2, "in a code fence")]),
        ("````\n```\n- a\n````\n- b\n", [(1, 4, "in a code fence")]),
        ("```\n~~~\n- a\n```\n- b\n", [(1, 4, "in a code fence")]),
        ("   ```\n- a\n    ```\n  ```\n", [(1, 4, "in a code fence")]),
        ("    - a\n\n    - b\ntext\n", [(1, 3, "in indented code")]),
        ("\t- a\n", [(1, 1, "in indented code")]),
        ("<!-- a\n- b\n\n--> c\n- d\n", [(1, 4, "in an HTML comment")]),
        ("<!-- a\n- b\n", [(1, 2, "in an HTML comment")]),
        ("<!-->\n- b\n", [(1, 1, "in an HTML comment")]),
        ("<pre>\n- a\n\n</PRE>\n- b\n", [(1, 4, "in an HTML block")]),
        ("<script>\n- a\n</style>\n- b\n", [(1, 3, "in an HTML block")]),
        ("<?a\n- b\n\n?>\n- c\n", [(1, 4, "in an HTML block")]),
        ("<!A\n\n- b>\n- c\n", [(1, 3, "in an HTML block")]),
        ("<![CDATA[\n\n- b]]>\n- c\n", [(1, 3, "in an HTML block")]),
        ("<details>\n- a\n\n- b\n", [(1, 2, "in an HTML block")]),
        ("</DIV\n- a\n\n- b\n", [(1, 2, "in an HTML block")]),
        ("<br/>\n- a\n\n- b\n", [(1, 2, "in an HTML block")]),
        ("<a b='c' d=e f>\n- a\n", [(1, 2, "in an HTML block")]),
        ("</a >\n- a\n", [(1, 2, "in an HTML block")]),
        ("text\n<a>\n- a\n", []),
        ("<a> text\n- a\n", []),
        ("<a\nb>\n- a\n", []),
        ("<1>\n- a\n", []),
        ("> a\n> - b\n", [(1, 2, "in a block quote")]),
        ("> ```\n> - b\n", [(1, 2, "in a code fence"), (1, 2, "in a block quote")]),
        ("- ```\n  - a\n  ```\n", [(1, 3, "in a code fence")]),
    ],
)
def test_the_extent_of_what_holds_no_list_items_is_known(
    text: str, found: list[tuple[int, int, str]]
) -> None:
    assert spans(text) == found


def test_a_fence_that_is_none_is_text() -> None:
    assert spans("``` a`b\n- c\n") == []
    assert items("``` a`b\n- c\n") == [(2, 2, "c")]


# --- limits -------------------------------------------------------------------------------------


def test_items_are_read_as_deep_as_lists_may_nest() -> None:
    depth = blocks.MAX_NESTING
    text = "".join("  " * n + f"- {n}\n" for n in range(depth + 3))
    assert [line for line, _, _ in items(text)] == list(range(1, depth + 1))
    reason = f"nested deeper than {depth} levels"
    assert spans(text) == [(depth + 1, depth + 3, reason)]


def test_quotes_nested_too_deeply_are_named() -> None:
    assert (1, 1, f"nested deeper than {blocks.MAX_NESTING} levels") in spans(">" * 40 + " a\n")


def test_a_part_that_is_too_intricate_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "_MIN_WORK", 50)
    monkeypatch.setattr(blocks, "_WORK_PER_CHAR", 1)
    found = blocks.read_blocks("a\n\n# b\n- c\n\n" * 20, 3)
    (finding,) = found.findings
    assert (finding.line, finding.code) == (3, "too-intricate")
    assert (found.items, found.headings) == ((), ())
    assert found.spans == (Span(3, 103, "in a part that is too intricate to be read"),)


def test_a_document_of_usual_make_is_never_too_intricate() -> None:
    step = "  - [ ] a step\n\n    with a note\n    ```sh\n    code\n    ```\n"
    text = "# A\n\n" + "- [ ] M1: a milestone\n\n" + step * 3000
    assert len(items(text)) == 3001


def test_paragraphs_are_taken_to_go_on_where_finding_out_is_too_much_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "- a\n\n  # b\nc\n  d\n\n  # e\nf\n"
    assert items(text) == [(1, 3, "a")]
    monkeypatch.setattr(blocks, "_GUESSES", blocks._MIN_WORK // 2)  # noqa: SLF001
    assert items(text) == [(1, 8, "a")]


def test_what_reads_alike_ends_alike() -> None:
    one = "- # c\nlazy\n"
    assert items(one) == [(1, 1, "")]
    assert items(one * 3) == [(1, 1, ""), (3, 3, ""), (5, 5, "")]


def test_the_same_question_is_asked_once() -> None:
    part = "  - b\n\n    # c\n\n    d\nlazy\n"
    text = "- a\n\n" + part * 30
    assert len(items(text)) == 31


# --- rules --------------------------------------------------------------------------------------

BEGINNINGS = [*" \t`~#=_*>+<-0.)", "٣", "\n", "a", "```", "    ", "<!--", "---", "1. ", "- [ ] "]


@given(st.lists(st.one_of(st.sampled_from(BEGINNINGS), any_text())).map("".join), st.integers(0, 9))
def test_rules_are_found_where_a_search_at_every_character_finds_them(text: str, at: int) -> None:
    """A rule that can begin with anything else must be named in `_MAY_BEGIN`."""
    parser = blocks._PARSER  # noqa: SLF001 - what it finds shows only in what it makes of it
    every = parser.compile_sc([*parser.rules])
    found, other = parser.compile_sc(parser.rules).search(text, at), every.search(text, at)
    assert (found and (found.span(), found.groupdict())) == (
        other and (other.span(), other.groupdict())
    )
