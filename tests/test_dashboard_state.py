from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plantrack.core.board_view import BoardView, Choice, Filter, Page, Sort, listed
from plantrack.core.effects import Unit
from plantrack.core.model import Count
from plantrack.core.view import DocView, PointerView, Repository
from plantrack.dashboard.keys import Key, Press
from plantrack.dashboard.state import MAX_SEARCH, Deed, Room, State, pressed, rearranged
from view_samples import doc, nothing, pointer

A, B, C, D = (f"docs/000{number}-{letter}.md" for number, letter in enumerate("abcd", 1))
ROOM = Room(page=10, deepest=25)


def planned(path: str, done: int = 1, *, in_work: bool = True) -> DocView:
    next_task = pointer(path=path) if in_work else nothing("all is done", path=path)
    return doc(path, title=f"Design: {path}", leaves=Count(done, 9, 0), pointer=next_task)


def board(*documents: DocView, best: PointerView | None = None) -> BoardView:
    return BoardView(
        repository=Repository("/work/harbour", "0" * 40, "main"),
        uncommitted=frozenset(),
        next=best,
        because="",
        documents=documents,
        burndown=None,
        changes=(),
        findings=(),
        milestones=Count(0, 0, 0),
        leaves=Count(0, 0, 0),
    )


VIEW = board(planned(A, 3), planned(B, 8), planned(C, 1), best=pointer(path=B))


def after(
    *presses: str | Key, state: State | None = None, view: BoardView = VIEW, room: Room = ROOM
) -> State:
    """Give the state after some keys: characters, or named ones."""
    state = state or State(Choice())
    for one in presses:
        press = Press(one) if isinstance(one, Key) else Press(Key.TEXT, one)
        state, _ = pressed(state, press, view, room)
    return state


def at(path: str, **changes: object) -> State:
    return State(replace(Choice(selected=path), **changes), wanted=path)  # type: ignore[arg-type]


# --- moving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("down", ["j", Key.DOWN, Key.RIGHT])
def test_down_goes_to_the_next_document_and_stays_at_the_last(down: str | Key) -> None:
    assert [after(*[down] * times).choice.selected for times in range(5)] == ["", A, B, C, C]


@pytest.mark.parametrize("up", ["k", Key.UP, Key.LEFT])
def test_up_goes_to_the_one_before_and_stays_at_the_first(up: str | Key) -> None:
    assert after(up).choice.selected == C
    assert [after(*[up] * times, state=at(C)).choice.selected for times in range(4)] == [C, B, A, A]


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("g", A),
        (Key.HOME, A),
        ("G", C),
        (Key.END, C),
        (Key.PAGE_UP, A),
        (Key.PAGE_DOWN, C),
    ],
)
def test_ends_and_pages_of_the_list(key: str | Key, path: str) -> None:
    assert after(key, state=at(B)).choice.selected == path


def test_a_page_of_the_list_is_as_long_as_the_screen_shows() -> None:
    assert after(Key.PAGE_DOWN, state=at(A), room=Room(page=1, deepest=0)).choice.selected == B


@pytest.mark.parametrize("page", [Page.TREE, Page.HELP])
@pytest.mark.parametrize(
    ("start", "key", "scroll"),
    [
        (0, "j", 1),
        (0, "k", 0),
        (24, Key.DOWN, 25),
        (25, Key.DOWN, 25),
        (5, Key.PAGE_UP, 0),
        (5, Key.PAGE_DOWN, 15),
        (20, Key.PAGE_DOWN, 25),
        (5, "G", 25),
        (5, "g", 0),
        (99, "k", 24),  # it was drawn on a lower screen
    ],
)
def test_a_page_scrolls_to_its_end_and_no_further(
    page: Page, start: int, key: str | Key, scroll: int
) -> None:
    state = after(key, state=at(B, page=page, scroll=start))
    assert (state.choice.scroll, state.choice.selected) == (scroll, B)


def test_an_open_document_gives_way_to_its_neighbours_from_their_tops() -> None:
    state = after(Key.RIGHT, state=at(B, page=Page.TREE, scroll=7))
    assert (state.choice.page, state.choice.selected, state.choice.scroll) == (Page.TREE, C, 0)
    assert after(Key.LEFT, Key.LEFT, state=state).choice.selected == A


def test_in_an_empty_list_nothing_moves() -> None:
    for key in ("j", "k", "g", "G", Key.PAGE_DOWN, Key.ENTER, Key.RIGHT):
        assert after(key, view=board()) == State(Choice())


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [Key.ENTER, " "])
def test_the_selected_document_is_opened_and_closed(key: str | Key) -> None:
    opened = after(key, state=at(C))
    assert (opened.choice.page, opened.choice.selected) == (Page.TREE, C)
    assert after(key, state=opened) == at(C)
    assert after(Key.ESCAPE, state=opened) == at(C)


def test_where_nothing_is_selected_the_document_to_work_on_is_opened() -> None:
    assert after(Key.ENTER) == at(B, page=Page.TREE)
    assert after(Key.ENTER, view=board(planned(C), best=pointer(path=B))) == at(C, page=Page.TREE)


@pytest.mark.parametrize("key", ["?", "h"])
def test_help_comes_and_goes(key: str) -> None:
    opened = after(key, state=at(B))
    assert opened.choice.page is Page.HELP
    assert after(key, state=opened) == at(B)
    assert after(Key.ESCAPE, state=opened) == at(B)
    assert after(Key.ENTER, state=opened) == at(B)


def test_escape_takes_back_the_page_then_the_search_then_the_selection() -> None:
    state = after(Key.ESCAPE, state=at(B, page=Page.TREE, search="000"))
    assert state == at(B, search="000")
    state = after(Key.ESCAPE, state=state)
    assert state == at(B)
    assert after(Key.ESCAPE, state=state) == State(Choice())
    assert after(Key.ESCAPE) == State(Choice())


# --- choices --------------------------------------------------------------------------------------


def test_sort_filter_and_unit_go_round_and_keep_the_selection() -> None:
    view = board(*(planned(path) for path in (A, B, C)))
    for key, field, members in (("s", "sort", Sort), ("f", "filter", Filter), ("u", "unit", Unit)):
        seen = [getattr(after(*key * times).choice, field) for times in range(len(members) + 1)]
        assert seen == [*members, next(iter(members))]
    assert after(*"ssss", state=at(B), view=view) == at(B)


def test_pause_is_put_on_and_off() -> None:
    assert after("p").choice.is_paused
    assert not after("p", "p").choice.is_paused


@pytest.mark.parametrize(
    ("press", "deed"),
    [
        (Press(Key.TEXT, "q"), Deed.QUIT),
        (Press(Key.TEXT, "r"), Deed.LOOK),
        (Press(Key.REDRAW), Deed.REPAINT),
        (Press(Key.TEXT, "j"), Deed.NOTHING),
        (Press(Key.TEXT, "é"), Deed.NOTHING),
        (Press(Key.PASTED, "quit"), Deed.NOTHING),
    ],
)
def test_what_somebody_with_hands_has_to_do(press: Press, deed: Deed) -> None:
    for page in Page:
        assert pressed(at(B, page=page), press, VIEW, ROOM)[1] is deed


@pytest.mark.parametrize(
    "press", [Press(Key.TEXT, "é"), Press(Key.PASTED, "jjq"), Press(Key.CLEAR)]
)
def test_a_key_without_a_meaning_only_wipes_the_note_away(press: Press) -> None:
    assert pressed(at(B, note="no errand"), press, VIEW, ROOM)[0] == at(B)


# --- searching ------------------------------------------------------------------------------------


def test_a_search_narrows_the_list_while_it_is_written() -> None:
    state = after("/", *"0002-B")
    assert (state.choice.typed, state.choice.search) == ("0002-B", "")
    assert [found.path for found in listed(VIEW, state.choice)] == [B]
    done = after(Key.ENTER, state=state)
    assert (done.choice.typed, done.choice.search) == (None, "0002-B")


def test_letters_are_letters_while_a_search_is_written() -> None:
    state = after("/", *"qsjfp?/ ", state=at(B, sort=Sort.PATH))
    assert state.choice.typed == "qsjfp?/ "
    assert (state.choice.sort, state.choice.page, state.choice.is_paused) == (
        Sort.PATH,
        Page.BOARD,
        False,
    )
    assert pressed(state, Press(Key.TEXT, "q"), VIEW, ROOM)[1] is Deed.NOTHING


def test_a_search_is_mended_letter_by_letter_or_begun_again() -> None:
    state = after("/", *"000ä")
    assert after(Key.BACKSPACE, state=state).choice.typed == "000"
    assert after(Key.CLEAR, state=state).choice.typed == ""
    assert after("/", Key.BACKSPACE).choice.typed is None
    assert after("/", state=at(B, search="000")).choice.typed == "000"


def test_a_search_that_is_left_leaves_the_one_before() -> None:
    state = after("/", "x", Key.ESCAPE, state=at(B, search="000"))
    assert state == at(B, search="000")


def test_blanks_around_a_search_are_none_of_it() -> None:
    assert after("/", *" b ", Key.ENTER).choice.search == "b"


def test_what_is_pasted_into_a_search_is_text_and_has_an_end() -> None:
    state, _ = pressed(after("/"), Press(Key.PASTED, "q" * 500), VIEW, ROOM)
    assert state.choice.typed == "q" * MAX_SEARCH


def test_arrows_select_while_a_search_is_written_and_other_keys_do_nothing() -> None:
    state = after("/", "0", Key.DOWN, Key.DOWN)
    assert (state.choice.typed, state.choice.selected) == ("0", B)
    assert after(Key.UP, state=state).choice.selected == A
    assert after(Key.PAGE_DOWN, state=state) == state


def test_a_search_can_be_begun_on_every_page() -> None:
    for page in Page:
        state = after("/", state=at(B, page=page, scroll=4))
        assert (state.choice.page, state.choice.typed, state.choice.scroll) == (Page.BOARD, "", 0)


# --- what comes and goes --------------------------------------------------------------------------


def test_a_selection_stays_when_the_order_is_another() -> None:
    turned = board(planned(C), planned(B), planned(A))
    assert rearranged(at(B), VIEW, turned) == at(B)


def test_the_next_document_takes_the_place_of_one_that_went() -> None:
    state = rearranged(at(B), VIEW, board(planned(A), planned(C)))
    assert state.choice.selected == C
    assert rearranged(at(C), VIEW, board(planned(A), planned(B))).choice.selected == B
    assert rearranged(at(C), VIEW, board()).choice.selected == ""
    assert rearranged(at(D), VIEW, VIEW).choice.selected == A


def test_a_document_that_comes_back_is_selected_again() -> None:
    elsewhere = board(planned(A), planned(D))
    state = rearranged(at(B), VIEW, elsewhere)
    assert state.choice.selected in {A, D}
    assert rearranged(state, elsewhere, VIEW) == at(B)


def test_who_moved_on_is_not_called_back() -> None:
    elsewhere = board(planned(A), planned(D))
    state = rearranged(at(B), VIEW, elsewhere)
    state = after("k", "k", state=state, view=elsewhere)
    assert rearranged(state, elsewhere, VIEW).choice.selected == A


def test_a_selection_that_a_filter_hides_comes_back_with_the_filter() -> None:
    view = board(planned(A), planned(B, in_work=False), planned(C))
    state = after("f", state=at(C), view=view)
    assert after("j", "k", "k", state=state, view=view).choice.selected == A
    hidden = after("f", "f", "f", state=after("k", state=state, view=view), view=view)
    assert (hidden.choice.filter, hidden.choice.selected) == (Filter.WORK, C)
    assert after("f", state=hidden, view=view).choice.selected == B


def test_an_open_document_stays_open_when_its_last_step_is_ticked() -> None:
    state = at(B, page=Page.TREE, scroll=3)
    finished = board(planned(A), planned(B, 9, in_work=False), planned(C))
    assert rearranged(state, VIEW, finished) == state
    assert after(Key.ESCAPE, state=state, view=finished).choice.selected == C


def test_an_open_document_that_went_is_closed() -> None:
    state = rearranged(at(B, page=Page.TREE, scroll=3), VIEW, board(planned(A)))
    assert (state.choice.page, state.choice.selected, state.choice.scroll) == (Page.BOARD, A, 0)


def test_help_stays_whatever_comes_and_goes() -> None:
    assert rearranged(at(B, page=Page.HELP), VIEW, board()).choice.page is Page.HELP


DOCUMENTS = [
    planned(path, done, in_work=in_work)
    for path in (A, B, C, D)
    for done in (0, 5, 9)
    for in_work in (True, False)
]
VIEWS = st.lists(st.sampled_from(DOCUMENTS), max_size=4, unique_by=lambda found: found.path).map(
    lambda documents: board(*documents)
)
PRESSES = st.one_of(
    st.builds(Press, st.just(Key.TEXT), st.sampled_from("jkgGsfupr?h/q bx0")),
    st.builds(Press, st.sampled_from([key for key in Key if key not in {Key.TEXT, Key.PASTED}])),
    st.builds(Press, st.just(Key.PASTED), st.text("abc 0", max_size=5)),
)
ROOMS = st.builds(Room, page=st.integers(1, 50), deepest=st.integers(0, 50))


@given(st.lists(st.tuples(PRESSES, VIEWS, ROOMS), max_size=12))
def test_whatever_is_pressed_what_is_selected_is_there_to_be_seen(
    steps: list[tuple[Press, BoardView, Room]],
) -> None:
    state, view = State(Choice()), board()
    for press, later, room in steps:
        state = rearranged(state, view, later)
        view = later
        state, _ = pressed(state, press, view, room)
        choice = state.choice
        seen = view.documents if choice.page is Page.TREE else listed(view, choice)
        assert choice.selected in {"", *(found.path for found in seen)}
        assert choice.page is not Page.TREE or choice.selected
        assert choice.typed is None or choice.page is Page.BOARD
        assert choice.scroll >= 0
