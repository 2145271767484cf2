"""Task items and headings are what two other Markdown readers take for such."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given, settings
from markdown_it import MarkdownIt

from plantrack.core import boxes, dialect, markdown, parse
from plantrack.core.memo import Memo
from plantrack.core.model import Plan
from plantrack.core.outline import Outline
from strategies import DISPUTED, undisputed_markdown
from strategies import markdown as markdown_texts

# What these run, other tests have covered: measuring it would take thrice the time.
pytestmark = pytest.mark.no_cover

Tasks = frozenset[tuple[int, bool]]  # (1-based line of the marker, whether it is ticked)
Headings = tuple[tuple[int, int], ...]  # (1-based line, level), those in no list or quote


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader makes of a document."""

    tasks: Tasks
    headings: Headings


# the box stands on the line of its marker, which begins the line: so GitHub has it
_TASK_LINE = re.compile(r"^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+\[([ xX])\][ \t]")


# --- ours ---------------------------------------------------------------------------------------


def ours(lines: list[str]) -> Reading:
    return _our_reading(markdown.read_whole_outline(lines), lines)


def _our_reading(outline: Outline, lines: list[str]) -> Reading:
    tops = boxes.read_boxes(outline.items, lines, dialect.Rules())
    tasks = frozenset(
        (box.line, box.mark.raw != " ")
        for top in tops
        for box in top.walk()
        # marks and stars that GitHub does not know are ours
        if box.mark.raw in {" ", "x", "X"} and not box.mark.optional
    )
    return Reading(tasks, tuple((heading.line, heading.level) for heading in outline.headings))


# --- markdown-it-py -----------------------------------------------------------------------------

_MARKDOWN_IT = MarkdownIt("commonmark", {"maxNesting": 100})
_MARKDOWN_IT.core.ruler.enableOnly(["normalize", "block"])  # nothing inline is asked for


def markdown_it(lines: list[str]) -> Reading:
    tokens = _MARKDOWN_IT.parse("\n".join(lines) + "\n")
    tasks = set()
    headings = []
    quotes = 0
    for index, token in enumerate(tokens):
        quotes += (token.type == "blockquote_open") - (token.type == "blockquote_close")
        if token.map is None:
            continue
        line = token.map[0]
        if token.type == "heading_open" and token.level == 0:
            headings.append((line + 1, int(token.tag[1])))
        begins_item = [before.type for before in tokens[max(index - 2, 0) : index]] == [
            "list_item_open",
            "paragraph_open",
        ]
        if token.type == "inline" and begins_item and not quotes:
            item = tokens[index - 2].map
            box = _TASK_LINE.match(lines[line])
            if box and item and item[0] == line and token.content.startswith(f"[{box[1]}]"):
                tasks.add((line + 1, box[1] != " "))
    return Reading(frozenset(tasks), tuple(headings))


# --- cmark-gfm ----------------------------------------------------------------------------------

_TAG = re.compile(
    r'<(?P<end>/)?(?P<tag>li|blockquote|h[1-6]|input)\b(?: data-sourcepos="(?P<line>\d+):)?'
    r"(?P<rest>[^>]*)>"
)


def cmark_gfm(lines: list[str]) -> Reading:
    """Read task items off the HTML that GitHub's own parser makes; raw HTML is left out of it."""
    html = cmarkgfm.github_flavored_markdown_to_html(
        "\n".join(lines) + "\n", options=Options.CMARK_OPT_SOURCEPOS
    )
    tasks = set()
    headings = []
    around: list[int] = []  # lines of the list items and quotes that are open
    for tag in _TAG.finditer(html):
        line = int(tag["line"] or 0)
        if tag["tag"] in {"li", "blockquote"}:
            if tag["end"]:
                around.pop()
            else:
                around.append(line)
        elif tag["tag"] == "input":
            tasks.add((around[-1], "checked" in tag["rest"]))
        elif not tag["end"] and not around:
            headings.append((line, int(tag["tag"][1])))
    return Reading(frozenset(tasks), tuple(headings))


def _mentions_ticked_box(line: str) -> bool:
    """Tell whether cmark-gfm shows a box of this line as ticked: any [x] in it will do."""
    return "[x]" in line.lower()


# --- real documents -----------------------------------------------------------------------------

BUNDLES = {"donner": 2, "openspec": 4, "superpowers": 3, "twotruths": 2}  # name -> parts


@pytest.mark.parametrize(
    ("bundle", "part"), [(name, part) for name, parts in BUNDLES.items() for part in range(parts)]
)
def test_every_version_of_every_real_document_reads_as_elsewhere(
    corpus: Path, tmp_path: Path, bundle: str, part: int
) -> None:
    source = corpus / f"{bundle}.bundle"
    if not source.is_file():
        pytest.skip(f"no {source}")
    versions = _versions(source, tmp_path / "clone", part=part, parts=BUNDLES[bundle])
    assert versions
    memos: defaultdict[str, Memo] = defaultdict(Memo)
    for path, data in versions:
        text, _ = markdown.decode(data)
        lines = markdown.split_lines(text)
        whole, sliced = markdown.read_whole_outline(lines), markdown.read_outline(lines)
        mine = _our_reading(whole, lines)
        assert _our_reading(sliced, lines) == mine, path
        assert markdown_it(lines) == mine, path
        _assert_equals_cmark_gfm(mine, lines, path)
        plan = _accounted_for(text, lines, path)
        one_upon_the_other = parse.read_plan(
            text, dialect.origin(path), dialect.Rules(), memos[path]
        )
        assert one_upon_the_other == plan, path


def _assert_equals_cmark_gfm(mine: Reading, lines: list[str], path: str) -> None:
    theirs = cmark_gfm(lines)
    assert {line for line, _ in theirs.tasks} == {line for line, _ in mine.tasks}, path
    for line, _ in theirs.tasks ^ mine.tasks:
        assert _mentions_ticked_box(lines[line - 1]), path
    assert theirs.headings == mine.headings, path


def _accounted_for(text: str, lines: list[str], path: str) -> Plan:
    """Give the plan, once every box-like line was found in the ledger."""
    plan, ledger, why = parse.explain(text, dialect.origin(path), dialect.Rules())
    assert why
    box_like = [n for n, line in enumerate(lines, 1) if boxes.BOX_LIKE.match(line)]
    assert [row.line for row in ledger.lines] == box_like, path
    marked = [node for node in plan.walk() if node.mark is not None]
    assert sorted(row.line for row in ledger.lines if row.counted) == sorted(
        node.line for node in marked
    ), path
    assert ledger.count("leaf") + ledger.count("optional") == sum(n.is_leaf for n in marked), path
    assert not {"too-intricate"} & {finding.code for finding in plan.findings}, path
    return plan


def _versions(bundle: Path, clone: Path, *, part: int, parts: int) -> list[tuple[str, bytes]]:
    """Collect (path, content) of a part of all Markdown files of all commits, each content once."""
    _git("clone", "--bare", "--quiet", str(bundle), str(clone))
    log = _git(
        *("-C", str(clone), "log", "--all", "--raw", "-z", "--no-abbrev", "--format="),
        *("-m", "--root", "--no-renames"),
    ).split(b"\0")
    paths: dict[bytes, str] = {}
    for entry, name in itertools.pairwise(log):
        if not entry.strip().startswith(b":"):
            continue
        blob = entry.split()[3]
        wanted = name.lower().endswith((b".md", b".markdown")) and set(blob) != {ord("0")}
        if wanted and int(blob[:8], 16) % parts == part:
            paths.setdefault(blob, name.decode("utf-8", "replace"))
    stream = _git(
        "-C", str(clone), "cat-file", "--batch", "--buffer", given=b"\n".join(paths) + b"\n"
    )
    found = []
    position = 0
    while position < len(stream):
        end = stream.index(b"\n", position)
        blob, _, size = stream[position:end].split()
        position = end + 1 + int(size) + 1
        found.append((paths[blob], stream[end + 1 : position - 1]))
    return found


def _git(*arguments: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- random documents ---------------------------------------------------------------------------


@settings(max_examples=500)
@given(undisputed_markdown())
def test_random_documents_read_as_elsewhere(text: str) -> None:
    lines = markdown.split_lines(text)
    mine = ours(lines)
    assert mine == markdown_it(lines) or mine == cmark_gfm(lines)


@settings(max_examples=300)
@given(markdown_texts())
def test_random_documents_differ_only_where_the_others_do(text: str) -> None:
    lines = markdown.split_lines(text)
    mine = ours(lines)
    if mine not in {markdown_it(lines), cmark_gfm(lines)}:
        assert any(disputed in text for disputed in DISPUTED)


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("- t\n  # a\n- [ ] b\n", {3}),
        ("-  a\n  - [ ] b\n", {2}),
        ("- a\n2. [ ] b\n", {2}),
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
