from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plantrack.core.block import (
    CLOSING,
    OPENING,
    Damaged,
    Standing,
    installed,
    removed,
    standing,
)

TEXT = "## Plans\n\nTick them.\n"
BLOCK = f"{OPENING}\n{TEXT}{CLOSING}\n".encode()
LINES = st.lists(
    st.sampled_from([b"", b"# Agents", b"- a rule", b" ", b"\xff\xfe", "é".encode()]), max_size=6
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
FILES = st.builds(bytes.join, ENDS, LINES) | st.builds(
    b"".join,
    st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", b" ", b"\xef\xbb\xbf"]), max_size=12),
)


def test_a_new_file_is_the_block() -> None:
    assert installed(None, TEXT) == BLOCK


def test_a_block_goes_to_the_end_after_an_empty_line() -> None:
    assert installed(b"# Agents\n", TEXT) == b"# Agents\n\n" + BLOCK


def test_a_block_is_replaced_where_it_stands() -> None:
    before = b"# Agents\n\n" + BLOCK + b"\nmore\n"
    new = installed(before, "Other.\n")
    assert new == f"# Agents\n\n{OPENING}\nOther.\n{CLOSING}\n\nmore\n".encode()
    assert installed(new, TEXT) == before


def test_a_block_ends_its_lines_as_the_file_does() -> None:
    found = installed(b"# Agents\r\n", TEXT)
    assert found == b"# Agents\r\n\r\n" + BLOCK.replace(b"\n", b"\r\n")


@given(FILES)
@example(b"")
@example(b"\n")
@example(b"a")
@example(b"a\nb\r")
@example(b"a\rb\n")
@example(b"a\r\nb\n")
@example(b"\r")
def test_what_is_put_in_and_taken_out_leaves_the_file_as_it_was(data: bytes) -> None:
    within = installed(data, TEXT)
    assert within.startswith(data)
    assert installed(within, TEXT) == within
    assert standing(within, TEXT) is Standing.CURRENT
    assert removed(within) == data


@given(FILES, FILES)
def test_nothing_outside_of_the_markers_is_changed(before: bytes, after: bytes) -> None:
    """A last line that would run into the marker is ended first, as whoever writes there does."""
    head = before + b"\n" if before and not before.endswith((b"\n", b"\r")) else before
    start, end = OPENING.encode(), CLOSING.encode()
    data = head + start + b"\nold\n" + end + b"\n" + after
    new = installed(data, TEXT)
    assert new.startswith(head + start)
    assert new.endswith(end + b"\n" + after)
    assert standing(data, TEXT) is Standing.OUTDATED


def test_a_file_made_for_the_block_goes_with_it() -> None:
    assert removed(BLOCK) is None
    assert removed(BLOCK + b"more\n") == b"more\n"


@pytest.mark.parametrize(
    ("data", "left"),
    [
        (b"a\n" + BLOCK + b"b\n", b"a\nb\n"),  # somebody closed the gap
        (b"a\n\n" + BLOCK + b"\nb\n", b"a\n\nb\n"),
        (b"a\r\n" + BLOCK, b"a\r\n"),  # lines that end in two ways
        (b"a\n", b"a\n"),
    ],
)
def test_a_block_that_was_moved_takes_no_line_of_others_along(data: bytes, left: bytes) -> None:
    assert removed(data) == left


@pytest.mark.parametrize("data", [b"", b"# Agents\n", b"<!-- plantrack -->\n"])
def test_a_file_may_hold_no_block(data: bytes) -> None:
    assert standing(data, TEXT) is Standing.MISSING


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (f"{OPENING}\nx\n", "1 “begin” at line 1"),
        (f"a\n{CLOSING}\n", "1 “end” at line 2"),
        (f"{CLOSING}\n{OPENING}\n", "in that order: 1 “begin” and 1 “end” at lines 1, 2"),
        (BLOCK.decode() * 2, "2 “begin” and 2 “end” at lines 1, 5, 6, 10"),
        (f"- {OPENING}\n{CLOSING}\n", "own: lines 1, 2"),
        (f"{OPENING} x\n{CLOSING}\n", "own"),
        (f"{OPENING}\n  {CLOSING}\n", "own"),
        ("<!-- plantrack:begin v2 -->\n", "1 “begin”"),
    ],
)
def test_markers_that_are_no_pair_are_left_alone(data: str, said: str) -> None:
    for work in (
        lambda: installed(data.encode(), TEXT),
        lambda: removed(data.encode()),
        lambda: standing(data.encode(), TEXT),
    ):
        with pytest.raises(Damaged, match=said):
            work()
