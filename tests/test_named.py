from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.named import MOST_FILES, Heading, headings, named_files, named_headings

DOCUMENT = """\
# Design: Berth Board

## 1. Overview

## 4.2 Data model ##

```markdown
## In a fence
~~~
## Still in it
```

<!-- ## In a comment -->

<!--
## In a longer comment
-->

   ### Snapping to the grid
    ## code
#No heading

## Grid
"""
FOUND = headings(DOCUMENT)


def test_headings_are_those_a_reader_sees() -> None:
    assert (
        Heading(1, 1, "Design: Berth Board"),
        Heading(3, 2, "1. Overview"),
        Heading(5, 2, "4.2 Data model"),
        Heading(19, 3, "Snapping to the grid"),
        Heading(23, 2, "Grid"),
    ) == FOUND


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_end_as_markdown_has_it(end: str) -> None:
    assert headings(DOCUMENT.replace("\n", end)) == FOUND


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("Draw it as [there](#42-data-model)", [5]),
        ("Draw it as in §4.2", [5]),
        ("Draw it (section 4.2, §1)", [3, 5]),
        ("Follow the data-model, always", [5]),
        ("Do the **Snapping to the `grid`**", [19]),
        ('Do what "Grid" says', [23]),
        ("See the Overview first", [3]),
        ("Read the overview section", [3]),
    ],
)
def test_a_step_names_a_heading(words: str, lines: list[int]) -> None:
    assert [one.line for one in named_headings(words, FOUND)] == lines


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Draw the grid",  # one word names nothing by itself
        "An overview of it",
        "Version 4.2 of it",
        "The data and the model",
        "Design the berth board",
        "Design: Berth Board",  # the title
        "See [it](#nowhere)",
    ],
)
def test_a_step_that_names_none(words: str) -> None:
    assert named_headings(words, FOUND) == ()


def test_a_heading_of_nothing_but_signs_is_never_named() -> None:
    assert named_headings("anything: — ''", [Heading(1, 2, "—")]) == ()


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (
            "Change `src/board.py:37-40` and tests/test_board.py.",
            ("src/board.py", "tests/test_board.py"),
        ),
        ("Follow [the map](../maps/berths.svg#east)", ("../maps/berths.svg",)),
        ("Call `make test` in `src/`", ("make", "test", "src/")),
        ("Mend board.py, then README.md:12", ("board.py", "README.md")),
        ("Either/or, and/or", ("Either/or", "and/or")),  # whoever looks finds no such file
    ],
)
def test_what_may_be_a_file_is_found(words: str, paths: tuple[str, ...]) -> None:
    assert named_files(words) == paths


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Snap to the grid.",
        "See https://example.org/a/b.html",
        "See [it](https://example.org/a.html)",
        "See [it](#anchor)",
        "`/etc/passwd`, `~/.ssh/id`, `-rf`, `" + "x" * 400 + "`, `--`",
    ],
)
def test_what_can_be_no_file_of_the_repository_is_left_out(words: str) -> None:
    assert named_files(words) == ()


def test_only_so_many_names_are_looked_for() -> None:
    assert len(named_files(" ".join(f"`f{number}`" for number in range(200)))) == MOST_FILES


@given(st.text("ab1 .#`~<!->[]()/:§\"'\n\r\\", max_size=200))
def test_any_text_can_be_looked_through(text: str) -> None:
    found = headings(text)
    assert set(named_headings(text, found)) <= set(found)
    assert not any(name.startswith("/") for name in named_files(text))
