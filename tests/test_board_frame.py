from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from syrupy.assertion import SnapshotAssertion

from board_samples import (
    BERTHS,
    BURNDOWN,
    EMPTY,
    FINISHED,
    LIVE,
    LOGIN,
    MOORING,
    TIDES,
    UNREAD,
    UNVERSIONED,
    board,
    choices,
    hostile,
    lives,
    sizes,
    views,
)
from past_samples import change, revision
from plantrack.core.board_view import (
    BoardView,
    Choice,
    Filter,
    LiveState,
    Mode,
    Opened,
    Page,
    Size,
    Sort,
)
from plantrack.core.clean import width
from plantrack.core.effects import Unit
from plantrack.core.model import Finding
from plantrack.core.past_view import BurndownView, Logged
from plantrack.render.board import deepest, frame, pointed
from plantrack.render.board.layout import heading
from plantrack.render.screen import STYLES, Screen
from view_samples import NOW, PAYLOADS, doc, node, pointer, ref, section

_OURS = re.compile(rf"\x1b\[(?:{'|'.join(STYLES.values())}|[0-9;]+|0)m")
SIZES = {
    "80x24": Size(80, 24),
    "120x40": Size(120, 40),
    "200x60": Size(200, 60),
    "60x20": Size(60, 20),
}
NO_CHOICE, SMALL = Choice(), Size(80, 24)
PLAIN = Screen(width=80)
ASCII = Screen(width=80, encoding="ascii")
COLOURED = Screen(width=80, colour=True)


def shown(
    view: BoardView,
    choice: Choice = NO_CHOICE,
    size: Size = SMALL,
    *,
    screen: Screen = PLAIN,
    live: LiveState = LIVE,
) -> list[str]:
    return list(frame(view, choice, screen, size, NOW, live=live))


def text_of(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


# --- golden frames --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_a_busy_board(size: str, snapshot: SnapshotAssertion) -> None:
    choice = Choice(selected=TIDES, flashing=frozenset({BERTHS, "n020"}))
    assert text_of(shown(board(), choice, SIZES[size])) == snapshot


@pytest.mark.parametrize("size", SIZES)
def test_one_document_whole(size: str, snapshot: SnapshotAssertion) -> None:
    choice = Choice(page=Page.TREE, selected=BERTHS, flashing=frozenset({"n020"}))
    assert text_of(shown(board(), choice, SIZES[size])) == snapshot


@pytest.mark.parametrize("size", SIZES)
def test_help(size: str, snapshot: SnapshotAssertion) -> None:
    assert text_of(shown(board(), Choice(page=Page.HELP), SIZES[size])) == snapshot


@pytest.mark.parametrize("size", ["80x24", "200x60"])
@pytest.mark.parametrize(
    "view", [EMPTY, FINISHED, UNVERSIONED], ids=["no plan", "all done", "outside git"]
)
def test_a_board_with_little_to_show(
    view: BoardView, size: str, snapshot: SnapshotAssertion
) -> None:
    assert text_of(shown(view, size=SIZES[size])) == snapshot


@pytest.mark.parametrize("size", ["80x24", "120x40"])
def test_a_board_in_ascii(size: str, snapshot: SnapshotAssertion) -> None:
    choice = Choice(selected=TIDES, flashing=frozenset({BERTHS, "n020"}))
    lines = shown(board(), choice, SIZES[size], screen=ASCII)
    assert "\n".join(lines).isascii()
    assert text_of(lines) == snapshot


def test_a_board_in_colour(snapshot: SnapshotAssertion) -> None:
    choice = Choice(selected=TIDES, flashing=frozenset({BERTHS, "n020"}), is_paused=True)
    live = LiveState(Mode.POLLING, "no more folders can be watched")
    lines = shown(board(), choice, Size(120, 30), screen=COLOURED, live=live)
    assert text_of([line.replace("\x1b", "<") for line in lines]) == snapshot


# --- what always holds ----------------------------------------------------------------------------


@given(view=views(), choice=choices(), size=sizes(), live=lives())
@example(view=hostile("x" * 300), choice=Choice(), size=Size(200, 60), live=LIVE)
@example(view=board(), choice=Choice(), size=Size(1, 1), live=LIVE)
def test_a_frame_fills_its_screen_and_no_more(
    view: BoardView, choice: Choice, size: Size, live: LiveState
) -> None:
    for screen in (COLOURED, ASCII):
        lines = frame(view, choice, screen, size, NOW, live=live)
        assert len(lines) == size.lines
        for line in lines:
            bare = _OURS.sub("", line)
            assert "\x1b" not in bare
            assert "\n" not in bare
            assert width(bare) <= size.columns
            assert line.count("\x1b[") == 2 * line.count("\x1b[0m")
        least = deepest(view, choice, screen, size, NOW)
        assert least >= 0


@pytest.mark.no_cover  # each payload, through the lines that other tests run once
@pytest.mark.parametrize("name", PAYLOADS)
def test_no_control_of_theirs_reaches_the_screen(name: str) -> None:
    view = hostile(PAYLOADS[name])
    for page in (Page.BOARD, Page.TREE):
        for screen in (COLOURED, ASCII, Screen(width=80, encoding="iso8859-1")):
            choice = Choice(page=page, note=PAYLOADS[name])
            lines = shown(view, choice, Size(200, 50), screen=screen)
            bare = _OURS.sub("", "".join(lines))
            assert {char for char in bare if not char.isprintable()} <= {"\u00a0"}
            assert bare.encode(screen.encoding)


def test_without_colour_the_words_are_the_same() -> None:
    choice = Choice(selected=TIDES, flashing=frozenset({BERTHS, "n020"}))
    for size in SIZES.values():
        coloured = shown(board(), choice, size, screen=COLOURED)
        assert [_OURS.sub("", line) for line in coloured] == shown(board(), choice, size)


# --- what is shown where --------------------------------------------------------------------------


@pytest.mark.parametrize("lines", range(1, 9))
def test_the_lowest_screen_shows_the_task_before_all(lines: int) -> None:
    whole = text_of(shown(board(), size=Size(80, lines)))
    assert "Snap every stay to the half hour" in whole
    assert ("harbour" in whole) == (lines >= 5)
    assert ("q quit" in whole) == (lines >= 7)


def test_what_just_changed_and_what_is_not_committed_have_signs() -> None:
    lines = shown(board(), Choice(selected=TIDES, flashing=frozenset({BERTHS, "t9t9"})))
    assert any(line.startswith(" ● 0002-berths") for line in lines)
    assert any(line.startswith("→± 0003-tides") for line in lines)
    assert any(line.startswith("±    now  cut") for line in lines)
    assert any(line.startswith("●    1 h  ticked") for line in lines)


def test_a_just_changed_item_is_marked_in_its_tree() -> None:
    choice = Choice(page=Page.TREE, selected=BERTHS, flashing=frozenset({"n020"}))
    (line,) = (line for line in shown(board(), choice) if "Pick up a stay" in line)
    assert line.startswith("● 20  n020")
    both = Choice(page=Page.TREE, selected=BERTHS, flashing=frozenset({"k3f9"}))
    (line,) = (line for line in shown(board(), both) if line.startswith("→"))
    assert line.startswith("→●21  k3f9")  # it is next as well


def test_the_selected_document_is_in_sight_of_a_long_list() -> None:
    docs = [doc(f"docs/{number:04}-pier.md") for number in range(200)]
    for number in (0, 57, 199):
        view, choice = board(docs), Choice(selected=f"docs/{number:04}-pier.md")
        lines = shown(view, choice)
        assert sum("→" in line and f"{number:04}-pier" in line for line in lines) == 1
        assert any(line.strip().endswith(" more") for line in lines)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(search="nowhere"), "Nothing here says “nowhere”."),
        (Choice(typed="no\x1bwhere"), "Nothing here says “no\\x1bwhere”."),
        (Choice(filter=Filter.CHANGED), "Every change in a plan is committed."),
        (Choice(filter=Filter.FINDINGS), "No plan needs a look."),
        (Choice(filter=Filter.WORK), "Nothing is in work."),
    ],
)
def test_an_empty_list_says_why(choice: Choice, words: str) -> None:
    assert words in text_of(shown(FINISHED, choice))


def test_a_list_says_how_it_is_sorted_and_searched() -> None:
    lines = shown(board(), Choice(sort=Sort.PATH, search="tides", filter=Filter.ALL))
    (heading,) = (line for line in lines if line.startswith("Documents"))
    assert heading.endswith("1 of 5, by path, /tides")


def test_many_changes_of_a_kind_are_one_row() -> None:
    lines = [line for line in shown(board(), size=Size(82, 60)) if "added" in line]
    assert [line.split("  ")[-1].strip() for line in lines] == ["Step 20", "Step 21", "7 more"]


def test_a_wide_screen_names_who_made_a_change() -> None:
    whole = text_of(shown(board(opened=None), size=Size(200, 50)))
    assert "not committed" in whole
    assert "Björn Ω" in whole


def test_nothing_of_a_document_may_be_among_the_latest_changes() -> None:
    seen = Opened(doc(MOORING, title=""), None, None)
    choice = Choice(page=Page.TREE, selected=MOORING)
    lines = shown(board(opened=seen), choice, Size(160, 40))
    assert "nothing of it is among the latest changes" in text_of(lines)
    assert any(line.startswith(f"{MOORING} ──") for line in lines)


def test_a_document_that_is_gone_leads_back() -> None:
    whole = text_of(shown(board(), Choice(page=Page.TREE, selected="gone.md"), Size(160, 40)))
    assert "its plan is gone: esc leads back" in whole


def test_a_narrow_screen_counts_steps_alone() -> None:
    assert shown(board(), size=Size(60, 24))[1].endswith(" 1/3 milestones, 4/9 steps")
    assert shown(board(), size=Size(48, 24))[1].endswith("─ 4/9")


def test_a_path_too_long_for_its_column_keeps_its_line_number() -> None:
    path = "docs/" + "very_" * 40 + "long.md"
    view = board(next=pointer(path=path, milestone=None))
    (line,) = (line for line in shown(view) if "docs/very_" in line and ":21" in line)
    assert line.strip().endswith("ng.md:21")


def test_a_burndown_without_room_for_a_chart_is_a_line_of_blocks() -> None:
    lines = shown(board(), size=Size(80, 24))
    at = next(place for place, line in enumerate(lines) if line.startswith("Burndown"))
    assert lines[at].endswith("19 of 36 steps open")
    assert lines[at + 1].startswith("█")
    assert "forecast: 50% by 2026-05-01" in lines[at + 1]


def test_a_narrow_burndown_keeps_some_room_for_its_blocks() -> None:
    lines = shown(board(), size=Size(36, 24))
    assert any(line.startswith("████████████  forecast:") for line in lines)


def test_milestones_are_counted_in_their_own_words() -> None:
    view = board(burndown=BurndownView("milestones", (), BURNDOWN.days, None))
    lines = shown(view, Choice(unit=Unit.MILESTONES), Size(120, 40))
    assert any("19 of 36 milestones open" in line for line in lines)
    assert "u milestones" in lines[-1]


def test_no_burndown_yet_is_said() -> None:
    view = board(burndown=BurndownView("leaves", (), (), None))
    assert "no history yet" in text_of(shown(view, size=Size(80, 40)))


def test_findings_are_counted_by_how_much_they_matter() -> None:
    hint = Finding(LOGIN, 3, "stale-next-steps", "Next Steps names only what is finished")
    for found, words in (((hint,), "─ 1 finding"), ((hint, hint), "─ 2 findings")):
        whole = text_of(shown(board(findings=found), size=Size(80, 40)))
        assert words in whole


def test_a_detached_head_is_named_by_its_commit() -> None:
    view = board(repository=board().repository._replace(branch=None), uncommitted=frozenset())
    assert shown(view)[0].startswith("harbour  at c0ffeec0 ")


def test_the_top_of_the_file_system_has_a_name() -> None:
    view = board(repository=board().repository._replace(root="/"))
    assert shown(view)[0].startswith("/  main")


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (120, "5.2 steps a week  6/14 milestones  38/58 steps  65%  ● live"),
        (80, "6/14 milestones  38/58 steps  65%  ● live"),
        (66, "38/58 steps  65%  ● live"),
        (52, "65%  ● live"),
        (44, "● live"),
    ],
)
def test_the_sums_take_the_room_there_is(columns: int, expected: str) -> None:
    head = shown(board(), size=Size(columns, 24))[0]
    assert head.endswith(expected)
    assert head.removesuffix(expected).rstrip() == "harbour  main  2 plans not committed"


def test_how_live_it_is_is_said_in_words() -> None:
    for choice, live, word in (
        (Choice(is_paused=True), LIVE, "‖ paused"),
        (Choice(), LiveState(Mode.POLLING), "○ polling"),
        (Choice(), LiveState(Mode.ONCE), "65%"),
    ):
        assert shown(board(), choice, live=live)[0].endswith(word)
    assert shown(board(), Choice(is_paused=True), screen=ASCII)[0].endswith("= paused")
    polling = shown(board(), screen=ASCII, live=LiveState(Mode.POLLING))
    assert polling[0].endswith("o polling")


def test_what_goes_on_is_said_in_place_of_how_live_it_is() -> None:
    live = LiveState(Mode.EVENTS, doing="reading 1,204 of 5,000…")
    assert shown(board(), live=live)[0].endswith("65%  reading 1,204 of 5,000…")
    assert shown(board(), screen=ASCII, live=live)[0].endswith("  reading 1,204 of 5,000...")
    assert shown(board(), Choice(is_paused=True), live=live)[0].endswith("‖ paused")


def test_before_anything_is_read_that_is_said() -> None:
    for size in (Size(120, 40), Size(80, 24), Size(40, 10)):
        whole = text_of(shown(UNREAD, size=size))
        assert "harbour  main" in whole
        assert "read for the first time" in " ".join(whole.split())
        assert "No document" not in whole
        assert whole.splitlines()[-1] == "q quit"
    assert "Help" in text_of(shown(UNREAD, Choice(page=Page.HELP)))


def test_a_document_that_was_not_looked_at_from_close_by_yet_is_named() -> None:
    lines = shown(board(), Choice(page=Page.TREE, selected=TIDES))
    assert any(line.startswith("Tides ──") for line in lines)
    assert "it is shown when all is read" in text_of(lines)


# --- the bottom -----------------------------------------------------------------------------------


def test_the_bottom_line_is_what_is_typed_or_said_or_the_keys() -> None:
    assert shown(board())[-1].startswith("q quit")
    assert shown(board(), Choice(note="look again at 3"))[-1] == "look again at 3"
    assert shown(board(), Choice(typed="tid", note="x"))[-1] == "/tid▏"
    assert shown(board(), Choice(typed="tid"), screen=ASCII)[-1] == "/tid_"
    assert shown(board(), live=LiveState(Mode.ONCE))[-1] == ""


def test_a_long_search_shows_both_its_ends() -> None:
    line = shown(board(), Choice(typed="a" * 50 + "b" * 50), Size(40, 24))[-1]
    assert line.startswith("/aaa")
    assert line.endswith("bbb▏")
    assert width(line) == 40


def test_what_is_wrong_stands_above_the_keys_where_there_is_room() -> None:
    live = LiveState(Mode.POLLING, "too many folders")
    for lines, at in ((24, -2), (60, -2), (12, -1)):
        drawn = shown(board(), size=Size(80, lines), live=live)
        assert drawn[at].startswith("! too many folders")
    assert shown(board(), Choice(note="saved"), Size(80, 12), live=live)[-1] == "saved"


def test_a_narrow_screen_names_the_keys_that_are_needed_most() -> None:
    assert shown(board(), size=Size(30, 24))[-1] == "q quit  enter tree  ? help"
    assert shown(board(), size=Size(6, 24))[-1] == "q quit"
    assert shown(board(), size=Size(5, 24))[-1] == ""


def test_a_paused_screen_can_go_on() -> None:
    assert "p go on" in shown(board(), Choice(is_paused=True), Size(160, 40))[-1]


# --- scrolling ------------------------------------------------------------------------------------


def long_tree(size: int) -> BoardView:
    plan = section(*(node(line, f"Step {line}") for line in range(11, 11 + size)))
    at = pointer(line=11 + size // 2, milestone=ref(10, "", "All"))
    return board(opened=Opened(doc(BERTHS, sections=(plan,), pointer=at), BURNDOWN, None))


def test_scrolling_stops_where_the_last_line_is_at_the_bottom() -> None:
    view, size = long_tree(60), Size(80, 20)
    choice = Choice(page=Page.TREE, selected=BERTHS)
    most = deepest(view, choice, PLAIN, size, NOW)
    ends = [
        shown(view, Choice(page=Page.TREE, selected=BERTHS, scroll=most + more), size)
        for more in (-1, 0, 1, 99)
    ]
    assert ends[0] != ends[1] == ends[2] == ends[3]
    assert shown(view, choice, size) == shown(
        view, Choice(page=Page.TREE, selected=BERTHS, scroll=-3), size
    )


def test_a_page_says_which_lines_it_shows() -> None:
    lines = shown(long_tree(60), Choice(page=Page.TREE, selected=BERTHS, scroll=5), Size(80, 20))
    total = lines[1].split(" of ")[-1]
    assert lines[1].endswith(f"6 to 22 of {total}")


def test_what_is_next_can_be_brought_into_sight() -> None:
    view, size = long_tree(60), Size(80, 20)
    choice = Choice(page=Page.TREE, selected=BERTHS)
    assert not any("→" in line for line in shown(view, choice, size))
    scroll = pointed(view, choice, PLAIN, size, NOW)
    moved = shown(view, Choice(page=Page.TREE, selected=BERTHS, scroll=scroll), size)
    assert any(line.startswith("→ 41") for line in moved)


def test_a_board_is_not_scrolled_and_help_is() -> None:
    assert deepest(board(), Choice(), PLAIN, Size(80, 24), NOW) == 0
    assert deepest(board(), Choice(page=Page.HELP), PLAIN, Size(80, 12), NOW) > 0
    assert deepest(board(), Choice(page=Page.HELP), PLAIN, Size(80, 80), NOW) == 0


def test_a_preview_has_what_is_next_in_sight() -> None:
    assert any("→  71" in line for line in shown(long_tree(120), size=Size(200, 40)))


def test_the_same_burndown_is_drawn_alike_again() -> None:
    first = shown(board(), size=Size(120, 40))
    other = board(burndown=BurndownView("leaves", (), BURNDOWN.days[:30], None))
    assert shown(other, size=Size(120, 40)) != first
    assert shown(board(), size=Size(120, 40)) == first


def test_a_revision_without_changes_of_a_plan_leaves_the_list_empty() -> None:
    view = board(changes=(Logged(revision(), ()),))
    assert "nothing was ever written into a plan here" in text_of(shown(view))


def test_one_change_fills_one_row() -> None:
    view = board(changes=(Logged(revision(author=""), (change(path="a.md"),)),))
    assert any(
        line.split() == ["3", "d", "ticked", "a.md", "Snap", "every", "stay"]
        for line in shown(view)
    )


@pytest.mark.parametrize("columns", range(1, 5))
def test_on_the_narrowest_screens_a_title_stands_without_a_rule(columns: int) -> None:
    drawn = heading("Berths", Screen(width=columns), fact="3 left")
    assert width(drawn) <= columns
    assert "Berths".startswith(drawn.rstrip("…"))
    assert "─" not in drawn
