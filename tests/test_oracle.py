"""Task items and headings are what two other Markdown readers take for such."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings

import oracle
from plantrack.core import markdown
from plantrack.core.memo import Memo
from readers import cmark_gfm, markdown_it, ours
from strategies import markdown as markdown_texts
from strategies import undisputed_markdown

# What these run, other tests have covered: measuring it would take thrice the time.
pytestmark = pytest.mark.no_cover

# --- real documents -----------------------------------------------------------------------------

PART = 6  # of all versions, by their names: the soak reads every one


@pytest.mark.parametrize("bundle", ["donner", "openspec", "superpowers", "twotruths"])
def test_versions_of_real_documents_read_as_elsewhere(
    corpus: Path, tmp_path: Path, bundle: str
) -> None:
    source = corpus / f"{bundle}.bundle"
    if not source.is_file():
        pytest.skip(f"no {source}")
    found = oracle.versions(source, tmp_path / "clone", lambda blob: int(blob[:8], 16) % PART == 0)
    assert found
    memos: defaultdict[str, Memo] = defaultdict(Memo)
    for path, data in found:
        oracle.assert_reads_as_elsewhere(path, data, memos[path])


# --- random documents ---------------------------------------------------------------------------


@settings(max_examples=500)
@given(undisputed_markdown())
def test_random_documents_read_as_elsewhere(text: str) -> None:
    oracle.assert_follows_somebody(text)


@settings(max_examples=300)
@given(markdown_texts())
def test_random_documents_differ_only_where_the_others_do(text: str) -> None:
    oracle.assert_follows_somebody(text)


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("- t\n  # a\n- [ ] b\n", {3}),
        ("-  a\n  - [ ] b\n", {2}),
        ("- a\n2. [ ] b\n", {2}),
        ("\u0661. [ ] a\n\n\uff12. [ ] b\n- [ ] c\n", {4}),
        ("> a\n2. [ ] b\n", {2}),
        ("a\n2. [ ] b\n", set()),
        ("- [ ] a\n<div>\n- [ ] b\n", {1}),
        ("- [ ] a\n  ```\nb\n  ```\n- [ ] c\n", {1}),
        ("- [ ] a\n  ```\n  b\n  ```\n- [ ] c\n", {1, 5}),
        ("> ```\n- [ ] a\n", {2}),
        ("a\n      \n2. [ ] b\n", {3}),
        ("a\n    - [ ] b\n", set()),
        ("- a\n      - [ ] b\n", set()),
        ("-\n  [ ] a\n", set()),
        ("-\n\n  [ ] a\n", set()),
        ("-\n\n  - [ ] a\n", {3}),
        ("- - [ ] a\n", set()),
        ("> - [ ] a\n", set()),
        ("- > - [ ] a\n", set()),
        ("-\t[ ] a\n\t- [x] b\n", {1, 2}),
        ("1.\t[ ] a\n\n\t- [x] b\n", {1, 3}),
        ("- [ ]\ta\n", {1}),
        ("- [ ] \n", {1}),
        ("- [ ]\n", set()),
        ("- # [ ] a\n", set()),
        ("<details>\n- [ ] a\n\n- [ ] b\n", {4}),
        ("<!-- a\n- [ ] b\n-->\n- [ ] c\n", {4}),
        ("<!-->\n- [ ] a\n", {2}),
        ("<pre>\n- [ ] a\n\n</pre>\n- [ ] b\n", {5}),
        ("[a]: b\n---\n- [ ] c\n", {3}),
        ("[a]: b\n- [ ] c\n", {2}),
    ],
)
def test_all_three_readers_agree(text: str, tasks: set[int]) -> None:
    lines = markdown.split_lines(text)
    assert {line for line, _ in ours(lines).tasks} == tasks
    assert markdown_it(lines) == cmark_gfm(lines) == ours(lines)


# Where the others disagree with one another: each row is (text, ours, markdown-it-py, cmark-gfm).
DIFFERENCES = {
    "cmark-gfm lets a lone tag end a list item or quote, against the rule for such tags": (
        "- a\n<b>\n- [ ] c\n",
        {3},
        {3},
        set(),
    ),
    "markdown-it-py counts an indent from the item even for a line outside it": (
        "   - a\n\t# b\n     - [ ] c\n",
        {3},
        set(),
        {3},
    ),
    "cmark-gfm makes an item a task when a later line of its text looks like one": (
        "- > a\n      - [ ] b\n",
        set(),
        set(),
        {1},
    ),
    "cmark-gfm takes the box off before it looks for an underline": (
        "- [ ] \n  =\n",
        set(),
        set(),
        {1},
    ),
    "markdown-it-py ends a paragraph behind a link definition": (
        "[a]: b\n2. [ ] c\n",
        set(),
        {2},
        set(),
    ),
}


@pytest.mark.parametrize("why", DIFFERENCES)
def test_where_the_others_disagree_one_of_them_is_followed(why: str) -> None:
    text, mine, markdown_its, cmarks = DIFFERENCES[why]
    lines = markdown.split_lines(text)
    read = [ours(lines), markdown_it(lines), cmark_gfm(lines)]
    assert [{line for line, _ in one.tasks} for one in read] == [mine, markdown_its, cmarks]
    assert mine in (markdown_its, cmarks)


def test_a_mention_of_a_ticked_box_ticks_no_box() -> None:
    line = "- [ ] count `[x]` and `[ ]`"
    assert ours([line]).tasks == markdown_it([line]).tasks == {(1, False)}
    assert cmark_gfm([line]).tasks == {(1, True)}  # it looks for [x] anywhere in the line


def test_a_heading_behind_link_definitions_stands_on_its_own_line() -> None:
    lines = ["[a]: b", "c", "==="]
    assert ours(lines).headings == markdown_it(lines).headings == ((2, 1),)
    assert cmark_gfm(lines).headings == ((1, 1),)  # the line the paragraph began on
