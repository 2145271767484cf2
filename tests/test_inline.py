"""What inline Markdown says: emphasis off, strikes and leads recognised."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core import inline


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("  a b  ", "a b"),
        ("**a** b", "a b"),
        ("__a__ b", "a b"),
        ("*a* _b_", "a b"),
        ("***a***", "a"),
        ("**a *b* c**", "a b c"),
        ("~~a~~ b", "a b"),
        ("**~~a~~**", "a"),
        ("**a", "a"),
        ("`**a**` b", "`**a**` b"),
        ("``a ` **b**`` **c**", "``a ` **b**`` c"),
        ("`a **b**", "`a b"),
        ("```a``` *b*", "```a``` b"),
        ("snake_case_name", "snake_case_name"),
        ("a__b__c", "a__b__c"),
        ("__init__", "init"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", "a*b*c"),
        (r"\*a*", r"\*a*"),
        ("*a b*, c", "a b, c"),
        ("_a_b_", "_a_b_"),
    ],
)
def test_emphasis_is_taken_off_outside_code(text: str, plain: str) -> None:
    assert inline.plain(text) == plain


@given(st.text(alphabet="ab `*_~\\", max_size=60))
def test_words_are_never_lost(text: str) -> None:
    kept = [char for char in text if char in "ab"]
    assert [char for char in inline.plain(text) if char in "ab"] == kept


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("a `b` c", ["`b`"]),
        ("``b ` c``", ["``b ` c``"]),
        ("`a``b`", ["`a``b`"]),
        ("`a", []),
        ("``a`", []),
        ("`a` `b`", ["`a`", "`b`"]),
        ("`" * 9 + "a" + "`" * 9, []),
    ],
)
def test_code_is_between_equal_runs_of_backticks(text: str, spans: list[str]) -> None:
    assert [match.group() for match in inline.CODE_SPAN.finditer(text)] == spans


@pytest.mark.parametrize(
    "text",
    [
        "~~a~~",
        "~~a b c~~ ",
        "**~~a~~**",
        "~~`a~~b`~~",
        "~~a ~ b~~",
        "~~a~~ (moved to M3)",
        "~~a~~ — superseded by M3",
        "~~a~~: b",
        "~~a~~. b",
        "~~a.~~ b",
        "~~a~~ moved to M3",
        "~~a~~ no longer needed",
        "~~a~~ see M3",
        "~~a~~ was dropped",
        "~~a~~ won't do",
        "~~a~~ ✅ b",
    ],
)
def test_a_text_is_struck_when_its_whole_lead_is(text: str) -> None:
    assert inline.is_struck(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a ~~b~~",
        "~~a",
        "~~a~~ b",
        "~~a~~b",
        "~a~",
        "~~~~",
        "~~a~~ `b`",
        "`~~a~~`",
        "~~a~~ seen",
    ],
)
def test_a_text_with_a_replaced_or_later_part_is_not_struck(text: str) -> None:
    assert not inline.is_struck(text)


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("**Dig** the trench. Then fill.", "Dig"),
        ("__Dig__ on", "Dig"),
        ("Dig the trench. Then fill it.", "Dig the trench"),
        ("Dig v1.2 now. Then", "Dig v1.2 now"),
        ("Dig `a. b` now. Then", "Dig `a. b` now"),
        ("Dig.", "Dig"),
        ("Dig `a. b", "Dig "),
        ("", ""),
        (". Dig", ""),
    ],
)
def test_a_lead_is_the_bold_beginning_or_the_first_sentence(text: str, lead: str) -> None:
    assert inline.lead(text) == lead
