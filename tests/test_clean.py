from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from plantrack.core.clean import MAX_MARKS, clean, cut, cut_middle, width
from view_samples import PAYLOADS

ANYTHING = st.text(st.characters() | st.characters(categories=["Cs"]))
TROUBLE = st.text(
    st.sampled_from(
        "ab \\[]"
        "\x00\x1b\x7f\x85\x9b\n\t"  # control
        "\u200b\u200d\u202e\u2066\ufeff\u00ad\U000e0041"  # format
        "\u0301\u0316\u20dd\u0344\ufe0f\ufe0e\u093f"  # marks
        "\u1100\u1161\u11a8\uac00"  # jamo
        "\udc80\ud83d\uffff\ufdd0\u2028"  # no characters at all
        "é漢ｱ👍🏽\U0001f1e9\u2126"
    )
)
FORMS = ["plain words", "é", "漢字", "ok — “quoted”", "👍🏽!", "e\u0301tude", "\u1100\u1161"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        "C:\\temp",
        "[x] done [/red]",
        "naïve – “quoted” … → ✅",
        "漢字 かな",
        "नि",
    ],
)
def test_an_honest_text_is_shown_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("a\nb\tc", "a\\x0ab\\x09c"),
        ("\x7f\x9b", "\\x7f\\x9b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("pass\u200bword\ufeff", "pass\\u200bword\\ufeff"),
        ("ok\U000e0041\U000e007f", "ok\\U000e0041\\U000e007f"),
        ("caf\udce9", "caf\\udce9"),
        ("\ufdd0\uffff\U0010ffff", "\\ufdd0\\uffff\\U0010ffff"),
        ("line\u2028break", "line\\u2028break"),
        ("\u3164\u115f\uffa0", "\\u3164\\u115f\\uffa0"),
        ("\u0301alone", "\\u0301alone"),
        ("\x1b\u0301", "\\x1b\\u0301"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_shown_escaped(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_a_text_is_composed() -> None:
    assert clean("e\u0301") == "é"


def test_the_choice_between_text_and_emoji_form_is_left_to_the_terminal() -> None:
    assert clean("⚠\ufe0f x") == "⚠ x"
    assert clean("\ufe0f") == "\\ufe0f"
    assert clean("⚠\ufe0f\ufe0f") == "⚠\\ufe0f"


def test_marks_beyond_a_few_are_left_off() -> None:
    shown = clean("Z" + "\u0316" * 300 + "\u0301a")
    assert shown == "Z" + "\u0316" * MAX_MARKS + "a"


def test_marks_that_fall_apart_into_several_count_each() -> None:
    assert len(clean("Z" + "\u0344" * MAX_MARKS)) == 1 + MAX_MARKS


def test_an_emoji_newer_than_the_tables_is_shown_and_wide() -> None:
    unassigned = next(
        chr(point) for point in range(0x1FAFF, 0x1F000, -1) if not chr(point).isprintable()
    )
    assert clean(unassigned) == unassigned
    assert width(unassigned) == 2
    assert clean("\u0378") == "\\u0378"  # unassigned elsewhere


@given(ANYTHING | TROUBLE)
def test_a_clean_text_holds_nothing_that_acts(text: str) -> None:
    for char in clean(text):
        kind = unicodedata.category(char)
        assert kind not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
        assert not 0xFDD0 <= ord(char) <= 0xFDEF
        assert ord(char) & 0xFFFE != 0xFFFE


@given(ANYTHING | TROUBLE)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.normalize("NFC", once) == once


@given(TROUBLE)
def test_marks_have_a_base_and_are_few(text: str) -> None:
    run = MAX_MARKS + 1  # as if too many came before the start
    for char in clean(text):
        run = run + 1 if unicodedata.category(char).startswith("M") else 0
        assert run <= MAX_MARKS


@given(ANYTHING | TROUBLE, st.integers(-2, 40))
def test_a_cut_text_fits_and_a_fitting_one_is_whole(text: str, cells: int) -> None:
    whole = clean(text)
    for shown in (cut(text, cells), cut_middle(text, cells)):
        assert width(shown) <= max(cells, 0)
        assert clean(shown) == shown
        if width(whole) <= cells:
            assert shown == whole
        elif cells > 0:
            assert "…" in shown


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_cut_in_the_middle_keeps_both_ends(start: str, end: str) -> None:
    shown = cut_middle(start + "-" * 60 + end, 30)
    head, _, tail = shown.partition("…")
    whole = clean(start + "-" * 60 + end)
    assert whole.startswith(head)
    assert whole.endswith(tail)


@given(ANYTHING)
def test_widths_are_those_the_tables_are_laid_out_with(text: str) -> None:
    """The tables of a newer Unicode may differ on what ours calls unassigned or ambiguous."""
    shown = "".join(char for char in clean(text) if char.isascii() or _agreed(char))
    assert width(shown) == cell_len(shown)


def test_a_cut_may_be_marked_otherwise() -> None:
    assert cut("a long story", 8, mark="...") == "a lon..."
    assert cut_middle("a long story", 8, mark="...") == "a ...ory"
    assert cut("a long story", 2, mark="...") == ""


def test_a_middle_too_small_to_keep_is_an_end() -> None:
    assert cut_middle("a long story", 2) == "a…"


def test_wide_characters_are_never_halved() -> None:
    assert cut("漢字漢字", 4) == "漢…"
    assert cut_middle("漢字漢字", 6) == "漢…字"


def test_a_tail_never_starts_with_a_mark() -> None:
    shown = cut_middle("a" * 20 + "x\u0316\u0316" + "b" * 3, 6)
    assert shown == "aa…bbb"
    assert not unicodedata.category(shown.partition("…")[2][0]).startswith("M")


@pytest.mark.parametrize("text", FORMS)
def test_cutting_to_its_own_width_keeps_a_text(text: str) -> None:
    assert cut(text, width(clean(text))) == clean(text)


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_huge_text_is_cut_without_reading_all_of_it(name: str) -> None:
    shown = cut(PAYLOADS[name] * 1000, 20)
    assert width(shown) <= 20
    assert clean(shown) == shown


def test_plain_text_is_cleaned_without_importing_anything() -> None:
    code = (
        "import sys; before = {'__future__', *sys.modules}\n"
        "from plantrack.core.clean import clean, cut, width\n"
        "clean('plain'); cut('plain words', 5); width('plain')\n"
        "print(*(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set(loaded.stdout.split()) == {"plantrack", "plantrack.core", "plantrack.core.clean"}


def _agreed(char: str) -> bool:
    return unicodedata.category(char) != "Cn" and width(char) == cell_len(char)


@given(
    st.text(alphabet="ae\u0301\u0316潮\x1b\u200b\ufe0f🏽👋", max_size=300),
    st.integers(min_value=0, max_value=12),
)
def test_a_cut_text_is_the_beginning_of_the_whole(text: str, cells: int) -> None:
    whole, shown = clean(text), cut(text, cells)
    if width(whole) <= cells:
        assert shown == whole
    else:
        assert whole.startswith(shown.removesuffix("…"))


def test_a_text_of_few_cells_and_many_marks_is_cut_as_one_of_few() -> None:
    marked = ("e" + "\u0316" * MAX_MARKS) * 40
    assert width(marked) == 40
    assert cut(marked, 39) == marked[: 38 * (MAX_MARKS + 1)] + "…"
    assert cut(marked, 40) == marked
