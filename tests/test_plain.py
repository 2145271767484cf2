"""Plain Markdown is read as the judge of all Markdown reads it; what is not plain is left to it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plantrack.core import blocks, markdown
from plantrack.core.chunks import cut
from plantrack.core.outline import ListItem, Outline, Span
from plantrack.core.plain import read_plain
from strategies import any_text, plain_markdown
from strategies import markdown as markdown_texts


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "words\nand more\n\nwords\n",
        "- [ ] a\n- [x] b\n",
        "- a\n  - b\n    - c\n  - d\n- e\n",
        "* a\n+ b\n- c\n",
        "1. a\n2. b\n   - c\n10. d\n",
        "1) a\n   1. b\n",
        " - a\n   - b\n",
        "-    a\n     - b\n",
        "- a\n b\nc\n   d\n",
        "- a\n  - b\nc\n  d\n",
        "- a\n\n  b\n\n- c\n\n\nd\n",
        "- a\n  - b\n\n  c\n  - d\n",
        "words\n- a\n",
        "words\n1. a\n",
        "words\n    deep words\n",
        "a\n \t \n- b\n",
        "```\n- [ ] a\n```\n- [ ] b\n",
        "~~~~ py\n~~~\n# a\n~~~~~ \n",
        "- a\n  ```\n  b\n\n  ```\n- c\n",
        "- a\n  ```\n  ```\n  b\n",
        "1.  a\n    ```\n      b\n     ```\n",
        "a\n\n---\n- b\n---\n- c\n",
        "---\n",
        "**a** *b*\n*c* _d_ `e` ``f`` ~g~ ~~h~~\n",
        "-a --b\n+c\n1.5 d\n1234567890. e\n",
        "| a | b |\n|---|---|\n",
        "[a]: b\n",
        "✅ a\n- 🚧 b\n- é\n",
        "- a\tb\n",
        "٣. a\n",
    ],
)
def test_plain_text_is_read_as_the_judge_reads_it(text: str) -> None:
    assert read_plain(text, 7) == blocks.read_blocks(text, 7)


@pytest.mark.parametrize(
    "text",
    [
        "no end",
        "# heading\n",
        " ## heading\n",
        "words\n===\n",
        "words\n---\n",
        "> quote\n",
        "- > quote\n",
        "<b>\n",
        "<!-- - [ ] a -->\n",
        "    code\n",
        "- a\n\n      code\n",
        "-     code\n",
        "-\n",
        "-\n  a\n",
        "- - a\n",
        "- # a\n",
        "- ```\n  a\n  ```\n",
        "-\ta\n",
        "\t- a\n",
        "words\n2. words\n",
        "- words\n  2. words\n",
        "- words\n      - words\n",
        "```\nopen\n",
        "``` a`b\n```\n",
        "    ```\n    ```\n",
        "```\n    ```\n",
        "- a\n  ```\nb\n  ```\n",
        "- a\n  ```\n\tb\n  ```\n",
        "- a\n  ```\n  b\n```\n",
        "- a\n  ```\n  ```\nb\n",
        "***\n",
        "* * *\n",
        "_ _ _\n",
        "\xa0a\n",
        "a\0b\n",
        "".join(f"{'  ' * depth}- a\n" for depth in range(13)),
    ],
)
def test_what_may_be_read_otherwise_is_left_to_the_judge(text: str) -> None:
    assert read_plain(text, 1) is None


def test_lines_are_those_of_the_document() -> None:
    found = read_plain("- a\n  b\n  - c\n\n```\n```\n", 41)
    assert found == Outline(
        (),
        (ListItem(41, 43, "a\nb", (ListItem(43, 43, "c", ()),)),),
        (Span(45, 46, "in a code fence"),),
    )


@settings(max_examples=200)
@given(plain_markdown())
def test_what_is_taken_for_plain_is_read_as_the_judge_reads_it(text: str) -> None:
    found = read_plain(text, 3)
    assert found is None or found == blocks.read_blocks(text, 3)


@given(st.one_of(markdown_texts(), any_text()))
def test_no_other_text_is_taken_for_plain_and_read_otherwise(text: str) -> None:
    found = read_plain(text, 3)
    assert found is None or found == blocks.read_blocks(text, 3)


@pytest.mark.parametrize("bundle", ["donner", "openspec", "superpowers", "twotruths"])
def test_four_of_five_parts_of_real_documents_are_plain(
    corpus: Path, tmp_path: Path, bundle: str
) -> None:
    source = corpus / f"{bundle}.bundle"
    if not source.is_file():
        pytest.skip(f"no {source}")
    subprocess.run(["git", "clone", "--quiet", source, tmp_path / "clone"], check=True)
    plain = 0
    parts = []
    for path in (tmp_path / "clone").rglob("*.md"):
        text, _ = markdown.decode(path.read_bytes())
        parts += [part for part in cut(markdown.split_lines(text)) if "[ ]" in part.text]
    for part in parts:
        found = read_plain(part.text, part.line)
        plain += found is not None
        assert found is None or found == blocks.read_blocks(part.text, part.line)
    assert plain >= 0.8 * len(parts) > 0
