from __future__ import annotations

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from past_samples import ITEMS, LOG, NOW, diff_view, hostile_diff, hostile_log, log_view
from plantrack.render import markdown
from view_samples import PAYLOADS


def test_a_report_has_a_list_for_each_revision() -> None:
    assert markdown.log(LOG, NOW) == (
        "**Plan changes**\n"
        "\n"
        "**not committed**, 2026-03-10 12:00\n"
        "\n"
        "- ticked: Snap every stay (docs/0002-berths.md:21)\n"
        "- cut: Snap every stay (docs/0002-berths.md:30)\n"
        "\n"
        "**c0ffeec0f**, 2026-03-07 12:00, Ada Example, Move stays\n"
        "\n"
        "- reworded: Snap every stay now (docs/0002-berths.md:21)\n"
        "- added: Step 22 (docs/0002-berths.md:22)\n"
        "- arrived done: Step 23 (docs/0002-berths.md:23)\n"
    )


def test_a_difference_is_ready_for_a_pull_request() -> None:
    assert markdown.diff(diff_view(*ITEMS)) == (
        "**Plan changes**, main \\(c0ffeec0f\\) to work tree\n"
        "\n"
        "**docs/0002-berths.md**: 1/4 to 3/4 steps\n"
        "\n"
        "- finalised: <del>Snap every stay</del>\n"
        "- ticked + reworded: Snap all (was: Snap every stay)\n"
        "- arrived done: Show it\n"
        "- same: Snap every stay\n"
    )


def test_nothing_is_said_to_be_nothing() -> None:
    assert markdown.diff(diff_view(documents=())).endswith("\n\nNo plan differs.\n")
    assert markdown.log(log_view(), NOW).endswith("\n\nNo plan changed.\n")
    assert markdown.log(log_view(has_more=True), NOW).endswith("\n\nThere are older changes.\n")


MARKUP = (
    "[x](javascript:alert(1))",
    "![i](https://example.org/i.png)",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "`code` ``more``",
    "**bold** _it_ ~~gone~~",
    "https://example.org/a www.example.org ada@example.org",
    "| a | b |",
    "# not a heading",
    "- [ ] not a box",
    "&lt;b&gt;",
    "a\\*b",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_of_a_document_is_shown_and_never_obeyed(text: str) -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(f"x {markdown.escaped(text)}")
    for tag in ("<a", "<img", "<script", "<code", "<strong", "<em", "<table", "<h1", "<input"):
        assert tag not in html


@given(st.text(max_size=60))
def test_any_text_becomes_one_paragraph_of_words(text: str) -> None:
    shown = markdown.escaped(text)
    assert "\n" not in shown
    html = cmarkgfm.github_flavored_markdown_to_html(f"x {shown}")
    assert "<a " not in html
    assert html.count("<p>") == 1


@pytest.mark.parametrize("sign", ["@", "#"])
def test_nobody_is_mentioned_and_nothing_referred_to(sign: str) -> None:
    html = cmarkgfm.github_flavored_markdown_to_html(markdown.escaped(f"see {sign}12"))
    assert f"{sign}12" not in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_reaches_the_reader(payload: str) -> None:
    text = PAYLOADS[payload]
    for shown in (markdown.log(hostile_log(text), NOW), markdown.diff(hostile_diff(text))):
        for line in shown.splitlines():
            assert all(sign.isprintable() or sign in "\u0301\u0316\u20dd" for sign in line)
