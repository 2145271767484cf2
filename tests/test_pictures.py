from __future__ import annotations

import re

import pytest

import painted
import pictures
from plantrack.core.board_view import Size


@pytest.mark.parametrize(("name", "size"), pictures.PICTURES.items())
def test_the_pictures_show_what_the_dashboard_shows(name: str, size: Size) -> None:
    kept = (pictures.DOCS / name).read_text("utf-8")
    assert pictures.words(kept) == pictures.words(pictures.picture(size)), (
        "python tests/pictures.py draws them again"
    )


def test_a_run_of_text_begins_at_its_own_cell() -> None:
    svg = painted.svg(["港 \x1b[1;36mab\x1b[0m  <c>"], columns=12, title="t & u")
    assert re.findall(r'<text x="([^"]*)"[^>]*?textLength="([^"]*)"[^>]*>([^<]*)', svg) == [
        (f"{cell * painted.CELL:g}", f"{cells * painted.CELL:g}", text)
        for cell, cells, text in ((0, 2, "港"), (3, 2, "ab"), (7, 3, "&lt;c&gt;"))
    ]
    assert svg.count('font-weight="bold"') == 1
    assert "t &amp; u" in svg


def test_bars_rules_and_dots_are_drawn() -> None:
    svg = painted.svg(["██░", "▁█", "─┤", "\u2801\u28ff", "\x1b[2m─\x1b[0m"], columns=3, title="")
    assert "<text x" in svg
    assert not re.search(r"[█░▁─┤\u2801\u28ff]", svg)
    assert svg.count("<path") == 6
