from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plantrack.dashboard.keys import PASTED_CHARS, Key, Keys, Press

SEQUENCES = [
    (b"\x1b[A", Key.UP),
    (b"\x1bOA", Key.UP),
    (b"\x10", Key.UP),
    (b"\x1b[B", Key.DOWN),
    (b"\x1bOB", Key.DOWN),
    (b"\x0e", Key.DOWN),
    (b"\x1b[C", Key.RIGHT),
    (b"\x1bOC", Key.RIGHT),
    (b"\x1b[D", Key.LEFT),
    (b"\x1bOD", Key.LEFT),
    (b"\x1b[5~", Key.PAGE_UP),
    (b"\x02", Key.PAGE_UP),
    (b"\x1b[6~", Key.PAGE_DOWN),
    (b"\x06", Key.PAGE_DOWN),
    (b"\x1b[H", Key.HOME),
    (b"\x1bOH", Key.HOME),
    (b"\x1b[1~", Key.HOME),
    (b"\x1b[7~", Key.HOME),
    (b"\x1b[F", Key.END),
    (b"\x1bOF", Key.END),
    (b"\x1b[4~", Key.END),
    (b"\x1b[8~", Key.END),
    (b"\r", Key.ENTER),
    (b"\n", Key.ENTER),
    (b"\x1bOM", Key.ENTER),
    (b"\x7f", Key.BACKSPACE),
    (b"\x08", Key.BACKSPACE),
    (b"\x15", Key.CLEAR),
    (b"\x0c", Key.REDRAW),
]
MODIFIED = [
    (b"\x1b[1;2A", Key.UP),
    (b"\x1b[1;5B", Key.DOWN),
    (b"\x1bO5A", Key.UP),
    (b"\x1b[5;3~", Key.PAGE_UP),
]
MEANINGLESS = [
    b"\x1b[2~",  # Insert
    b"\x1b[3~",  # Delete
    b"\x1b[15~",  # F5
    b"\x1bOP",  # F1
    b"\x1b[[A",  # F1 of the Linux console: no text comes after it
    b"\x1b[Z",  # Shift+Tab
    b"\x1b[M q!",  # a mouse that another program left on: no quit
    b"\x1b[<0;33;12M",
    b"\x1b[<0;33;12m",
    b"\x1b[I",  # the window has the focus
    b"\x1b[200~",
    b"\x1b[?62;22c",  # what the terminal says it is
    b"\x1b[>1;10;0c",
    b"\x1b[24;80R",
    b"\x1b[?2026;2$y",
    b"\x1b]11;rgb:0000/0000/0000\x07",
    b"\x1b]11;rgb:0000/0000/0000\x1b\\",
    b"\x1bP1+r544e\x1b\\",
    b"\x00",
    b"\x01",
    b"\t",
    b"\x16",
    "\u0085".encode(),
    "\u200b".encode(),
    b"\xff",
    b"\xc3",
    b"\xe2\x82",
    b"\xf0\x9f\x98",
    b"\xed\xa0\x80",
    b"\xe0\x80\x80",
    b"\xc0\xaf",
]


def pressed(*reads: bytes) -> tuple[Press, ...]:
    """Give the keys of what some reads gave, and of what was left when nothing more came."""
    keys = Keys()
    found = [press for data in reads for press in keys.feed(data)]
    return (*found, *keys.end())


@pytest.mark.parametrize(("data", "key"), [*SEQUENCES, *MODIFIED])
def test_every_way_to_say_a_key_is_that_key(data: bytes, key: Key) -> None:
    assert pressed(data) == (Press(key),)


@pytest.mark.parametrize(("data", "key"), [*SEQUENCES, *MODIFIED])
def test_a_sequence_may_come_byte_by_byte(data: bytes, key: Key) -> None:
    assert pressed(*(data[place : place + 1] for place in range(len(data)))) == (Press(key),)


@pytest.mark.parametrize("data", MEANINGLESS)
def test_what_means_nothing_is_left_out_and_what_comes_after_it_is_not(data: bytes) -> None:
    assert pressed(data) == ()
    assert pressed(data + b"j") == (Press(Key.TEXT, "j"),)


@pytest.mark.parametrize("text", ["q", "/", " ", "é", "港", "🚢", "\u0301"])
def test_characters_are_text_even_when_they_come_in_pieces(text: str) -> None:
    data = text.encode()
    assert pressed(data) == (Press(Key.TEXT, text),)
    assert pressed(*(data[place : place + 1] for place in range(len(data)))) == (
        Press(Key.TEXT, text),
    )


def test_an_escape_is_a_key_when_nothing_follows() -> None:
    keys = Keys()
    assert keys.feed(b"\x1b") == ()
    assert keys.is_waiting
    assert (keys.end(), keys.end()) == ((Press(Key.ESCAPE),), ())


def test_an_escape_before_a_sequence_is_a_key_too() -> None:
    assert pressed(b"\x1b\x1b[B") == (Press(Key.ESCAPE), Press(Key.DOWN))
    assert pressed(b"\x1b\x1b") == (Press(Key.ESCAPE), Press(Key.ESCAPE))


def test_an_escape_and_a_letter_at_once_are_two_keys() -> None:
    assert pressed(b"\x1bq") == (Press(Key.ESCAPE), Press(Key.TEXT, "q"))


@pytest.mark.parametrize("start", [b"\x1b[", b"\x1b[1;", b"\x1bO", b"\x1b]52;c;", b"\xe6\xb8"])
def test_what_never_becomes_whole_is_given_up(start: bytes) -> None:
    keys = Keys()
    assert keys.feed(start) == ()
    assert keys.is_waiting
    assert keys.end() == ()
    assert keys.feed(b"j") == (Press(Key.TEXT, "j"),)


@pytest.mark.parametrize("start", [b"\x1b[1;", b"\x1bO", b"\x1b]52;c;"])
def test_a_sequence_that_breaks_off_hides_no_key_after_it(start: bytes) -> None:
    assert pressed(start + b"\x1b[B") == (Press(Key.DOWN),)


def test_a_sequence_without_an_end_is_not_kept_for_ever() -> None:
    keys = Keys()
    for _ in range(100):
        keys.feed(b"\x1b]" + b"x" * 1000)
    assert pressed(b"\x1b]" + b"x" * 5000, b"j") == (Press(Key.TEXT, "j"),)


def test_several_keys_may_come_at_once() -> None:
    assert pressed(b"jj\x1b[Bk\r") == (
        Press(Key.TEXT, "j"),
        Press(Key.TEXT, "j"),
        Press(Key.DOWN),
        Press(Key.TEXT, "k"),
        Press(Key.ENTER),
    )


def test_what_was_pasted_is_one_press() -> None:
    assert pressed(b"quit the quay\nand go\r\n") == (Press(Key.PASTED, "quit the quay and go"),)


def test_a_key_that_is_held_down_was_not_pasted() -> None:
    assert pressed(b"j" * 3 * PASTED_CHARS) == (Press(Key.TEXT, "j"),) * 3 * PASTED_CHARS
    assert pressed(b"\x1b[B" * 3 * PASTED_CHARS) == (Press(Key.DOWN),) * 3 * PASTED_CHARS


PIECES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([data for data, _ in (*SEQUENCES, *MODIFIED)] + MEANINGLESS + [b"\x1b", b"q"]),
)


@given(st.lists(PIECES, max_size=12))
def test_any_bytes_are_taken_and_text_is_printable(pieces: list[bytes]) -> None:
    keys = Keys()
    presses = [press for piece in pieces for press in keys.feed(piece)]
    presses.extend(keys.end())
    assert not keys.is_waiting
    for key, text in presses:
        assert text.isprintable()
        assert bool(text) is (key is Key.TEXT) or key is Key.PASTED


@given(st.lists(PIECES, max_size=12))
def test_nothing_waits_for_what_can_no_longer_come(pieces: list[bytes]) -> None:
    keys = Keys()
    keys.feed(b"".join(pieces) + b"\x07" * 4)
    assert not keys.is_waiting


@given(st.lists(PIECES, max_size=8), st.data())
def test_it_does_not_matter_where_reads_break(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(pieces)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=5).map(sorted))
    reads = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    presses = pressed(whole)
    assume(all(press.key is not Key.PASTED for press in presses))  # that is a matter of reads
    assert pressed(*reads) == presses
