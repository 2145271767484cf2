from __future__ import annotations

from plantrack.dashboard.doing import PATIENCE_S, RESTS_S, Doing


def test_what_is_soon_done_is_not_worth_a_word() -> None:
    doing = Doing()
    assert doing.words(5.0) == ""
    doing.begin(5.0)
    assert doing.words(5.0 + PATIENCE_S / 2) == ""
    assert doing.words(5.1 + PATIENCE_S) == "reading…"
    doing.end()
    assert doing.words(9.0) == ""


def test_how_far_it_is_is_told_as_soon_as_it_is_known() -> None:
    doing = Doing()
    doing.begin(5.0)
    doing.tell(1_204, 5_000)
    assert doing.words(6.0) == "reading 1,204 of 5,000"
    doing.tell(5_000, 5_000)
    assert doing.words(7.0) == "adding up…"
    doing.begin(8.0)
    assert doing.words(9.0) == "reading…"


def test_words_stay_for_as_long_as_they_take_to_be_read() -> None:
    doing = Doing()
    doing.begin(5.0)
    doing.tell(1, 3)
    assert doing.words(6.0) == "reading 1 of 3"
    doing.tell(2, 3)
    assert doing.words(6.0 + RESTS_S / 2) == "reading 1 of 3"
    assert doing.words(6.1 + RESTS_S) == "reading 2 of 3"
