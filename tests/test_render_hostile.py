from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.clean import width
from plantrack.render import terminal
from plantrack.render.screen import STYLES, Screen
from plantrack.render.text import ledger, pointing, table, tree
from view_samples import NOW, PAYLOADS, hostile_views, overview

# What these run, other tests have covered: measuring it would take five times the time.
pytestmark = pytest.mark.no_cover

SCREENS = {
    "pipe": Screen(),
    "pipe with colour": Screen(colour=True),
    "terminal": Screen(width=80, colour=True),
    "terminal, all of it": Screen(width=100, colour=True, verbose=True),
    "narrow terminal": Screen(width=30, colour=True),
    "NO_COLOR": Screen(width=120),
    "ASCII": Screen(width=80, encoding="ascii"),
    "ASCII pipe": Screen(encoding="ascii"),
    "Latin-1": Screen(width=80, encoding="iso8859-1"),
}
_OURS = re.compile(rf"\x1b\[(?:{'|'.join(STYLES.values())}|0)m")


def screens(text: str, screen: Screen) -> Iterator[str]:
    """Show a text on every screen there is, wherever a document or a path can bring it."""
    rows, plan, following, lines = hostile_views(text)
    yield table.status(overview(rows), screen, NOW)
    yield tree.document(plan.documents[0], screen, NOW)
    yield pointing.next_task(following, screen)
    yield ledger.explain(lines, screen)
    if screen.width is not None:
        yield terminal.status(overview(rows), screen, NOW)
        yield terminal.status(overview(rows), screen, NOW, every=True)


@pytest.mark.parametrize("kind", SCREENS)
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_control_of_theirs_reaches_a_screen(name: str, kind: str) -> None:
    screen = SCREENS[kind]
    for shown in screens(PAYLOADS[name], screen):
        bare = _OURS.sub("", shown) if screen.colour else shown
        acting = {char for char in bare if not char.isprintable() and char != "\n"}
        assert acting <= {"\u00a0"}
        assert bare.encode(screen.encoding)


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_adds_a_row(name: str) -> None:
    honest = table.status(overview(hostile_views("docs/plan.md")[0]), Screen(), NOW)
    shown = table.status(overview(hostile_views(PAYLOADS[name])[0]), Screen(), NOW)
    assert shown.count("\n") == honest.count("\n")


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_row_of_a_table_is_broken(name: str) -> None:
    screen = Screen(width=80)
    shown = terminal.status(overview(hostile_views(PAYLOADS[name])[0]), screen, NOW, every=True)
    head, group, *rows = shown.split("\n\n")[0].splitlines()
    assert head.startswith("document")
    assert group == "active (2)"
    assert len(rows) == 2
    assert all(width(row) <= 80 for row in rows)


def test_markup_is_text() -> None:
    for shown in screens(PAYLOADS["rich markup"], Screen(width=200)):
        assert "[x] [/] [/red] [bold]b[/bold]" in shown


@given(st.text(st.characters() | st.characters(categories=["Cs"]), max_size=30))
def test_any_text_can_be_shown_anywhere(text: str) -> None:
    for screen in (SCREENS["terminal"], SCREENS["ASCII"], SCREENS["pipe"]):
        for shown in screens(text, screen):
            bare = _OURS.sub("", shown) if screen.colour else shown
            assert all(char == "\n" or char not in "\x1b\r\t\b\a" for char in bare)
            assert shown.encode(screen.encoding)
