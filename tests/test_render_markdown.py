from __future__ import annotations

import re
from dataclasses import replace

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import assume, given
from hypothesis import strategies as st

from past_samples import (
    ITEMS,
    LOG,
    NOW,
    added,
    diff_view,
    hostile_diff,
    hostile_log,
    log_view,
    revision,
)
from plantrack.core.past_view import Logged
from plantrack.render import markdown
from view_samples import PAYLOADS


def rendered(text: str) -> str:
    """Render as a host does before it throws out what it does not allow."""
    html: str = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    return html


def test_a_report_has_the_sums_and_a_list_for_each_document_of_a_revision() -> None:
    assert markdown.log(LOG, NOW) == (
        "### Plan changes, 2026-03-07 to 2026-03-10\n"
        "\n"
        "1 ticked, 1 arrived done, 1 added, 1 reworded, 1 cut in 2 revisions\n"
        "\n"
        "**not committed** 2026-03-10\n"
        "\n"
        "`docs/0002-berths.md`\n"
        "\n"
        "- **ticked** Snap every stay\n"
        "- **cut** <del>Snap every stay</del>\n"
        "\n"
        "**c0ffeec0** Move stays, Ada Example, 2026-03-07\n"
        "\n"
        "`docs/0002-berths.md`\n"
        "\n"
        "- **reworded** Snap every stay now<br>was: Snap every stay\n"
        "- **added** Step 22\n"
        "- **arrived done** Step 23\n"
    )


def test_a_report_of_one_day_names_it_once_and_of_unknown_days_none() -> None:
    one = log_view(LOG.entries[0])
    assert markdown.log(one, NOW).startswith("### Plan changes, 2026-03-10\n")
    timeless = log_view(Logged(revision(time=None), LOG.entries[0].changes))
    assert markdown.log(timeless, NOW).startswith("### Plan changes\n")


def test_a_difference_is_ready_for_a_pull_request() -> None:
    assert markdown.diff(diff_view(*ITEMS)) == (
        "### Plan changes\n"
        "\n"
        "`main` (c0ffeec0) to work tree: 1 ticked, 1 arrived done, 1 finalised in 1 document\n"
        "\n"
        "`docs/0002-berths.md` 1/4 to 3/4 steps\n"
        "\n"
        "- **finalised** Snap every stay\n"
        "- **ticked** Snap all<br>was: Snap every stay\n"
        "- **arrived done** Show it\n"
        "- **same** Snap every stay\n"
    )


def test_many_changes_of_a_document_are_folded() -> None:
    many = tuple(added(number) for number in range(1, 10))
    shown = markdown.log(log_view(Logged(revision(), many)), NOW)
    html = rendered(shown)
    assert "<details><summary><code>docs/0002-berths.md</code> 9 changes</summary>" in html
    assert html.count("<li>") == 9
    fewer = log_view(Logged(revision(), many[:8]))
    assert "<details>" not in markdown.log(fewer, NOW)


def test_a_folded_difference_still_tells_how_far_the_document_is() -> None:
    shown = markdown.diff(diff_view(*(ITEMS[1],) * 9))
    assert "<code>docs/0002-berths.md</code> 1/4 to 3/4 steps, 9 changes</summary>" in shown


def test_a_document_that_was_only_renamed_has_no_list() -> None:
    (document,) = diff_view().documents
    renamed = replace(document, path_before="docs/0002-board.md")
    shown = markdown.diff(diff_view(documents=(renamed,)))
    assert shown.endswith(
        "nothing but names in 1 document\n\n"
        "`docs/0002-board.md to docs/0002-berths.md` 1/4 to 3/4 steps\n"
    )


def test_nothing_is_said_to_be_nothing() -> None:
    assert markdown.diff(diff_view(documents=())).endswith(" to work tree: no plan differs\n")
    assert markdown.log(log_view(), NOW).endswith(
        "\n\nNo history yet: nothing was ever written into a plan here.\n"
    )
    narrowed = replace(log_view(), is_narrowed=True)
    assert markdown.log(narrowed, NOW).endswith("\n\nNo change fits what was asked for.\n")


def test_a_report_that_was_cut_says_so() -> None:
    shown = markdown.log(log_view(*LOG.entries, has_more=True), NOW)
    assert shown.endswith("\n\nThere are older changes.\n")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Run `a_b --now` first", "Run <code>a_b --now</code> first"),
        ("Run ``a`b`` first", "Run <code>a`b</code> first"),
        ("a ` alone", "a ` alone"),
        ("`a ``b` c", "<code>a ``b</code> c"),
        ("` `", "` `"),
        ("a_b and **c**", "a_b and **c**"),
        ("`<b>` <b>", "<code>&lt;b&gt;</code> &lt;b&gt;"),
    ],
)
def test_code_in_a_document_stays_code_and_all_else_is_words(text: str, html: str) -> None:
    shown = rendered(markdown.prose(text))
    assert shown == f"<p>{html}</p>\n"


@given(st.text(alphabet="` ab", max_size=20))
def test_what_is_code_for_the_host_is_code_here(text: str) -> None:
    def codes(source: str) -> list[str]:
        html = rendered(f"x {source} x")
        return [" ".join(one.split()) for one in re.findall("<code>(.*?)</code>", html)]

    assume(not re.search("(?<!`)`+ *`", text))  # nothing, or blanks alone, between backticks
    assert codes(markdown.prose(text)) == codes(text)


@given(st.text(max_size=40))
def test_any_text_can_be_written_as_code(text: str) -> None:
    html = rendered(f"x {markdown.code(text)} x")
    assert html.count("<code>") == 1
    assert html.count("<p>") == 1


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
    html = rendered(f"x {markdown.escaped(text)}")
    for tag in ("<a", "<img", "<script", "<code", "<strong", "<em", "<table", "<h1", "<input"):
        assert tag not in html


@given(st.one_of(st.text(max_size=60), st.text(alphabet="`_*[]()<>!~#@: a1", max_size=30)))
def test_any_text_becomes_one_paragraph_of_words(text: str) -> None:
    shown = markdown.escaped(text)
    assert "\n" not in shown
    html = rendered(f"x {shown}")
    for tag in ("<a ", "<em", "<strong", "<del", "<img", "<code"):
        assert tag not in html
    assert html.count("<p>") == 1


@pytest.mark.parametrize("sign", ["@", "#"])
def test_nobody_is_mentioned_and_nothing_referred_to(sign: str) -> None:
    html = rendered(markdown.escaped(f"see {sign}12"))
    assert f"{sign}12" not in html


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_reaches_the_reader(payload: str) -> None:
    text = PAYLOADS[payload]
    for shown in (markdown.log(hostile_log(text), NOW), markdown.diff(hostile_diff(text))):
        for line in shown.splitlines():
            assert all(sign.isprintable() or sign in "\u0301\u0316\u20dd" for sign in line)
