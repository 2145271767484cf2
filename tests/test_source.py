"""A document's lines, front matter, headings and the exact line each thing stands on."""

from __future__ import annotations

import pytest

from plantrack.core import markdown
from plantrack.core.dialect import Rules
from plantrack.core.source import FrontField, Source, read_source

RULES = Rules()


def headings(source: Source) -> list[tuple[int, str]]:
    return [(heading.line, heading.text) for heading in source.headings]


def item_lines(source: Source) -> list[int]:
    return [inner.line for item in source.outline.items for inner in item.walk()]


# --- exact lines --------------------------------------------------------------------------------

DOCUMENT = ("# A", "", "## B", "- [ ] a", "  - [x] b", "", "  text", "", "C", "---", "- [ ] c")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_of_the_file_whatever_ends_them(end: str) -> None:
    source = read_source(end.join(DOCUMENT) + end, RULES)
    assert headings(source) == [(1, "A"), (3, "B"), (9, "C")]
    assert item_lines(source) == [4, 5, 11]
    assert source.raw == DOCUMENT


def test_mixed_line_ends_are_one_each() -> None:
    text = "# A\r\n\n- [ ] a\r- [ ] b\r\n\r- [ ] c\n\r- [ ] d"
    assert item_lines(read_source(text, RULES)) == [3, 4, 6, 8]


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e"])
def test_other_separators_end_no_line(char: str) -> None:
    source = read_source(f"# A{char}B\n- [ ] a{char}b\n\n{char}\n- [ ] c\n", RULES)
    assert item_lines(source) == [2, 5]
    assert headings(source) == [(1, f"A{char}B")]


def test_a_byte_order_mark_hides_no_list() -> None:
    text, _ = markdown.decode(b"\xef\xbb\xbf- [ ] a\n- [ ] b\n")
    assert item_lines(read_source(text, RULES)) == [1, 2]


def test_front_matter_moves_no_line() -> None:
    source = read_source("---\ntitle: A\n---\n- [ ] a\n\n# B\n", RULES)
    assert item_lines(source) == [4]
    assert headings(source) == [(6, "B")]
    assert source.body == 4
    assert source.raw[1] == "title: A"
    assert source.lines[:3] == ("", "", "")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("\t- [ ] a\n", []),
        ("-\t[ ] a\n\t- [ ] b\n\n\t\t- [ ] c\n", [1, 2, 4]),
        ("1.\t[ ] a\n\t1.\t[ ] b\n", [1, 2]),
        ("> - [ ] a\n>   - [ ] b\n\n- [ ] c\n", [4]),
        ("- a\n\n  > - [ ] b\n\n  - [ ] c\n", [1, 5]),
        ("".join("  " * n + "- [ ] a\n" for n in range(10)), list(range(1, 11))),
        ("- [ ]\n- [ ] a\n", [1, 2]),
        ("a\n\n\n\n1. b\n\n\n   - [ ] c\n", [5, 8]),
    ],
)
def test_items_stand_on_the_line_of_their_marker(text: str, lines: list[int]) -> None:
    assert item_lines(read_source(text + "\n# [ ] end\n- [ ] z\n", RULES))[:-1] == lines


# --- front matter -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("---\nStatus: Draft\n---\n", [("status", "Draft", 2)]),
        ("---\ntitle: 'A: b'\n...\n", [("title", "A: b", 2)]),
        ('---  \nkey-a : "b"  \n---\n', [("key-a", "b", 2)]),
        (
            "---\na: b\ntags:\n  - c\n- d\n# e\n\nf: g\n---\n",
            [("a", "b", 2), ("tags", "", 3), ("f", "g", 8)],
        ),
        ("---\n---\n", []),
    ],
)
def test_scalar_fields_of_front_matter_are_read(
    text: str, fields: list[tuple[str, str, int]]
) -> None:
    source = read_source(text + "# A\n", RULES)
    assert source.front == tuple(FrontField(*field) for field in fields)
    assert source.body == text.count("\n") + 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n---\na: b\n---\n",
        "----\na: b\n---\n",
        "---\na: b\n",
        "---\nsome prose\n---\n",
        "---\n" + "a: b\n" * 200 + "---\n",
    ],
)
def test_other_rules_begin_no_front_matter(text: str) -> None:
    source = read_source(text, RULES)
    assert source.front == ()
    assert source.body == 1


def test_a_front_value_is_found_by_its_key() -> None:
    source = read_source("---\na: b\na: c\n---\n", RULES)
    assert source.front_value("a") == "b"
    assert source.front_value("d") == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a\n\n## B\n# C\n", "B"),
        ("---\ntitle: A\n---\n\nb\n", "A"),
        ("---\ntitle: A\n---\n# B\n", "B"),
        ("a\n", ""),
        ("", ""),
    ],
)
def test_the_title_is_the_first_heading_else_that_of_the_front_matter(
    text: str, title: str
) -> None:
    assert read_source(text, RULES).title() == title


# --- long lines, and too many of them -----------------------------------------------------------


def test_a_long_line_is_cut_and_named() -> None:
    rules = Rules(max_line_chars=10)
    source = read_source("---\n" + "a: " + "b" * 20 + "\n---\n# Abcdefgh\n# Abcdefghi\n", rules)
    assert headings(source) == [(4, "Abcdefgh"), (5, "Abcdefgh")]
    assert source.raw[4] == "# Abcdefghi"
    (finding,) = source.findings
    assert (finding.line, finding.code) == (5, "long-line")
    assert "11" in finding.message
    assert "10" in finding.message


def test_a_long_document_is_read_up_to_its_limit_and_named() -> None:
    rules = Rules(max_lines=3)
    source = read_source("# A\n\ntext\n# B\n- [ ] c\n", rules)
    assert headings(source) == [(1, "A")]
    assert source.lines == ("# A", "", "text", "", "")
    assert source.raw[4] == "- [ ] c"
    assert [(one.line, one.code) for one in source.findings] == [(4, "long-document")]
    assert "5 lines; only the first 3" in source.findings[0].message


def test_a_long_document_without_a_box_behind_its_limit_has_lost_nothing() -> None:
    assert read_source("# A\n" + "text\n" * 9, Rules(max_lines=3)).findings == ()


def test_a_front_matter_may_be_longer_than_what_is_read() -> None:
    source = read_source("---\na: b\nc: d\n---\n# A\n", Rules(max_lines=2))
    assert (source.body, source.lines) == (5, ("",) * 5)


# --- sections -----------------------------------------------------------------------------------


def test_a_section_ends_at_the_next_heading_of_its_level_or_above() -> None:
    source = read_source("# A\n## B\n### C\nc\n## D\n# E\ne\n", RULES)
    assert [source.end_of(index) for index in range(5)] == [5, 4, 4, 5, 7]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb\n", ["a", "b"]),
        ("# A\nb\nc\n## D\ne\n", ["", "b", "c"]),
        ("a\n# B\nc\n", ["a", "", "c"]),
    ],
)
def test_the_preamble_is_what_stands_before_the_second_heading(text: str, lines: list[str]) -> None:
    assert list(read_source(text, RULES).preamble()) == lines


# --- instructions -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["# A", "# <instructions>do", "# b", "# </instructions>", "# C"], ["A", "C"]),
        (["# A", "# &lt;instructions&gt;", "# b", "# &lt;/instructions&gt;", "# C"], ["A", "C"]),
        (["# A", "# <instructions>b</instructions>", "# C"], ["A", "C"]),
        (["# A", "# <instructions>", "# C"], ["A", "C"]),
        (["# A", "# </instructions>", "# C"], ["A", "C"]),
        (["# A", "# the <instructions>", "# C"], ["A", "the <instructions>", "C"]),
        (
            ["# <instructions>", "# a </instructions>", "# B", "# <instructions>", "# C"],
            ["B", "C"],
        ),
    ],
)
def test_instructions_of_a_template_are_no_headings(texts: list[str], kept: list[str]) -> None:
    assert [text for _, text in headings(read_source("\n".join(texts) + "\n", RULES))] == kept
