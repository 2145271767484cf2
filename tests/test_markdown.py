"""Bytes become text and lines, and reading in slices gives what reading in one piece gives."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from plantrack.core import boxes, dialect, markdown
from plantrack.core.outline import ListItem, Outline
from strategies import any_text, design_docs
from strategies import markdown as markdown_texts

RULES = dialect.Rules()


def items_in(outline: Outline) -> list[ListItem]:
    return [inner for item in outline.items for inner in item.walk()]


def boxes_in(outline: Outline, lines: list[str]) -> list[tuple[int, str, str]]:
    tops = boxes.read_boxes(outline.items, lines, RULES)
    return [(box.line, box.mark.raw, box.text) for top in tops for box in top.walk()]


# --- decode -------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_text() -> None:
    assert markdown.decode(b"\xef\xbb\xbf- [ ] a\n") == ("- [ ] a\n", ())


def test_bytes_that_are_no_utf_8_are_replaced_and_named_with_their_line() -> None:
    text, (finding,) = markdown.decode(b"a\r\nb\rc \xff d \xc3\n")
    assert text == "a\r\nb\rc \ufffd d \ufffd\n"
    assert (finding.code, finding.line, finding.path) == ("not-utf-8", 3, "")


def test_a_cut_character_is_replaced_and_named() -> None:
    text, (finding,) = markdown.decode("- [ ] ü".encode()[:-1])
    assert text == "- [ ] \ufffd"
    assert (finding.code, finding.line) == ("not-utf-8", 1)


def test_nul_characters_are_replaced_and_named_with_their_line() -> None:
    text, (finding,) = markdown.decode(b"a\n\nb\0\0\n")
    assert text == "a\n\nb\ufffd\ufffd\n"
    assert (finding.code, finding.line) == ("nul-bytes", 3)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    data = "# Design: Mooring\n".encode(encoding)
    marked = data if encoding == "utf-16" else "\ufeff".encode(encoding) + data
    text, findings = markdown.decode(marked)
    assert "not-utf-8" in {finding.code for finding in findings}
    assert "\0" not in text


@given(st.binary(max_size=200))
def test_any_bytes_become_text_without_nul(data: bytes) -> None:
    text, _ = markdown.decode(data)
    assert "\0" not in text


# --- lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n", ["a"]),
        ("a\n\n", ["a", ""]),
        ("a\nb", ["a", "b"]),
        ("a\r\nb\r\n", ["a", "b"]),
        ("a\rb\r", ["a", "b"]),
        ("a\r\n\rb\n\rc", ["a", "", "b", "", "c"]),
        ("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg", ["a\u2028b\u2029c\x85d\x0be\x0cf\x1cg"]),
    ],
)
def test_lines_end_at_line_feeds_and_carriage_returns_only(text: str, lines: list[str]) -> None:
    assert markdown.split_lines(text) == lines


# --- slices -------------------------------------------------------------------------------------


@settings(max_examples=400)
@given(st.one_of(markdown_texts(max_lines=24), any_text(), design_docs()))
@example("2. ```\n ~~~\n#\n")
@example("\t~~~\n <!--\n#\n- [ ] a\n")
@example("- ```\n ```\n#\n")
@example("- ```\n <div>\n#\n")
@example("para\n2. ```\n   ```\n# h\n")
@example("# a\n<b>\n<!--\n\n# b\n- [ ] c\n")
@example("x\n\n<a\nhref=x>\n# b\n- [ ] c\n")
@example("<!-->\n# a\n- [ ] b\n")
@example("[a]: b '\n# c\n'\n- [ ] d\n")
def test_slices_give_the_same_headings_and_boxes_as_one_piece(text: str) -> None:
    lines = markdown.split_lines(text)
    sliced, whole = markdown.read_outline(lines), markdown.read_whole_outline(lines)
    assert sliced.headings == whole.headings
    assert boxes_in(sliced, lines) == boxes_in(whole, lines)


@given(st.one_of(markdown_texts(max_lines=24), any_text()))
def test_a_slice_that_is_wanted_is_read_with_all_its_items(text: str) -> None:
    lines = markdown.split_lines(text)
    sliced = markdown.read_outline(lines, lambda _: True)
    whole = markdown.read_whole_outline(lines)
    first = whole.headings[0].line if whole.headings else len(lines) + 1
    wanted = [item for item in whole.items if item.line > first]
    assert [item for item in sliced.items if item.line > first] == wanted


def test_a_wanted_section_includes_the_headings_below_it() -> None:
    text = "# A\n\n## Next Steps\n\n### Soon\n\n- a\n\n### Later\n\n- b\n\n## Other\n\n- c\n"
    outline = markdown.read_outline(markdown.split_lines(text), lambda words: words == "Next Steps")
    assert [item.text for item in outline.items] == ["a", "b"]


def test_a_wanted_section_may_have_an_underlined_heading() -> None:
    text = "# A\n\nNext Steps\n----------\n\n### Soon\n\n- a\n\n## Other\n\n- b\n"
    outline = markdown.read_outline(markdown.split_lines(text), lambda words: words == "Next Steps")
    assert [item.text for item in outline.items] == ["a"]


def test_what_can_hold_no_box_is_not_parsed() -> None:
    text = "# A\n\n- a\n\n## B\n\n- [ ] b\n- c\n"
    outline = markdown.read_outline(markdown.split_lines(text))
    assert [item.text for item in outline.items] == ["[ ] b", "c"]


@pytest.mark.parametrize(
    "line",
    ["-\xa0[ ] a", "\x0b- [ ] a", "1234567890. [ ] a", "> > - [ ] a", "<!-- - [ ] a", "- - [ ] a"],
)
def test_whatever_looks_like_a_box_is_parsed(line: str) -> None:
    lines = ["# A", "", "- plain", "", line]
    assert items_in(markdown.read_outline(lines)) == items_in(markdown.read_whole_outline(lines))


def test_an_empty_document_has_an_empty_outline() -> None:
    assert markdown.read_outline([]) == markdown.read_whole_outline([]) == Outline((), (), ())
