from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.clean import clean, width
from plantrack.render.screen import STYLES, Screen, lined_up, pad, wrap

PRINTABLE = st.text(st.characters(codec="utf-8")).map(clean)


def test_a_style_is_put_around_a_text_only_where_there_is_colour() -> None:
    assert Screen(colour=True).paint("done", "good") == "\x1b[32mdone\x1b[0m"
    assert Screen().paint("done", "good") == "done"
    assert Screen(colour=True).paint("done", "") == "done"
    assert Screen(colour=True).paint("", "good") == ""


def test_every_style_is_one_of_the_terminals_own() -> None:
    assert all(set(code) <= set("0123456789;") for code in STYLES.values())


def test_a_text_is_spelled_out_for_an_encoding_that_lacks_its_characters() -> None:
    assert Screen(encoding="ascii").say("“naïve” — café…") == '"na\\xefve" -- caf\\xe9...'
    assert Screen(encoding="iso8859-1").say("café → 漢") == "café -> \\u6f22"
    assert Screen().say("café → 漢") == "café → 漢"


def test_a_text_fits_a_pipe_whatever_its_length() -> None:
    assert Screen().fit("word " * 100, None) == "word " * 100


def test_a_text_is_cut_by_what_it_is_spelled_as() -> None:
    screen = Screen(encoding="ascii")
    assert screen.fit("café au lait", 10) == "caf\\xe9..."
    assert screen.fit_middle("café au lait", 10) == "caf...lait"
    assert screen.fit_middle("café au lait", None) == "caf\\xe9 au lait"


def test_signs_fall_back_to_ascii() -> None:
    plain, rich = Screen(encoding="ascii"), Screen()
    assert (rich.ellipsis, rich.dot, rich.arrow) == ("…", " · ", "→")
    assert (plain.ellipsis, plain.dot, plain.arrow) == ("...", " | ", ">")
    assert rich.bar(1, 4, 8) == ("██", "░░░░░░")
    assert plain.bar(1, 4, 8) == ("##", "......")
    assert Screen(encoding="no such encoding").arrow == ">"


@pytest.mark.parametrize(
    ("done", "total", "filled"), [(0, 9, 0), (1, 999, 1), (998, 999, 7), (9, 9, 8), (0, 0, 0)]
)
def test_a_bar_is_empty_at_none_and_full_at_all_and_at_nothing_else(
    done: int, total: int, filled: int
) -> None:
    full, empty = Screen().bar(done, total, 8)
    assert (len(full), len(empty)) == (filled, 8 - filled)


def test_texts_are_padded_by_their_cells() -> None:
    assert pad("漢", 4) == "漢  "


def test_columns_are_as_wide_as_their_widest_cell_but_the_last_is_not_padded() -> None:
    rows = lined_up([("漢", "bcd"), ("1", "22"), ("one", "")], right=frozenset({1}))
    assert rows == ["漢    1  one", "bcd  22  "]


@given(
    st.integers(1, 4).flatmap(
        lambda columns: st.lists(
            st.tuples(*[st.text("a%漢é\u0301 ", max_size=5).map(clean)] * columns), min_size=1
        )
    ),
    st.frozensets(st.integers(0, 3)),
)
def test_each_cell_begins_or_ends_where_those_above_it_do(
    rows: list[tuple[str, ...]], right: frozenset[int]
) -> None:
    columns = list(zip(*rows, strict=True))
    *widths, _ = (max(map(width, cells)) for cells in columns)
    shown = []
    for *cells, last in rows:
        gaps = [" " * (room - width(cell)) for cell, room in zip(cells, widths, strict=True)]
        filled = [
            gap + cell if place in right else cell + gap
            for place, (cell, gap) in enumerate(zip(cells, gaps, strict=True))
        ]
        shown.append("  ".join([*filled, last]))
    assert lined_up(columns, right=right) == shown


def test_lines_are_broken_between_words_and_keep_the_indentation() -> None:
    assert list(wrap("a bb ccc dddd", 6)) == ["a bb", "ccc", "dddd"]
    assert list(wrap("  a bb ccc", 6)) == ["  a bb", "  ccc"]
    assert list(wrap("a bb ccc dddd", None)) == ["a bb ccc dddd"]


def test_a_word_wider_than_a_line_is_broken_inside() -> None:
    assert list(wrap("ab abcdefgh i", 4)) == ["ab", "abcd", "efgh", "i"]


def test_a_character_is_never_broken() -> None:
    assert list(wrap("漢字", 1)) == ["漢", "字"]


@given(PRINTABLE, st.integers(2, 30))
def test_wrapping_loses_nothing_but_blanks_and_fits(text: str, cells: int) -> None:
    lines = list(wrap(text, cells))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= cells for line in lines)
