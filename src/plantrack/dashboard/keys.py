"""Bytes from a terminal to the keys that were pressed."""

# Theory of operation
#
# 1. A terminal sends characters, and for most other keys a sequence that begins with the escape
#    character. A sequence may come in pieces: what is not yet whole waits for the rest.
# 2. The escape key sends the first byte of a sequence and no more. Whether more follows can only be
#    told by waiting: while something waits, the caller asks `end` after WAIT_S.
# 3. Modes differ: arrows come as ESC [ A or ESC O A, Home as ESC [ H, ESC O H, ESC [ 1 ~ or
#    ESC [ 7 ~. Modifiers are taken off: Shift+Down is Down.
# 4. A whole sequence that means nothing here is left out, and so are bytes that are no UTF-8,
#    control characters, and what a mouse or an answer of the terminal would send.
# 5. Escape and a character at once are two keys: over a slow line they come together.
# 6. Nobody types many different characters between two reads. What comes so was pasted, and is
#    given as one press, which a filter may take as its text and nothing takes as commands.

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

WAIT_S = 0.05  # after an escape that may be a key or the beginning of a sequence
PASTED_CHARS = 10  # that came at once, not all the same

_MAX_WAITING = 4096  # bytes; no terminal sends a sequence so long


class Key(StrEnum):
    """What was pressed, whichever way a terminal says it."""

    TEXT = "text"
    PASTED = "pasted"
    UP = "up"
    DOWN = "down"
    LEFT = "left"
    RIGHT = "right"
    PAGE_UP = "page up"
    PAGE_DOWN = "page down"
    HOME = "home"
    END = "end"
    ENTER = "enter"
    ESCAPE = "escape"
    BACKSPACE = "backspace"
    CLEAR = "clear"
    REDRAW = "redraw"


class Press(NamedTuple):
    """One key that was pressed."""

    key: Key
    text: str = ""  # TEXT: one printable character; PASTED: any number, on one line


class Keys:
    """What a terminal sent so far, with what is not yet whole."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._waiting = b""

    @property
    def is_waiting(self) -> bool:
        """Tell whether something came that is not yet whole."""
        return bool(self._waiting)

    def feed(self, data: bytes) -> tuple[Press, ...]:
        """Take what one read gave; give the keys that are whole now, in order."""
        data = self._waiting + data
        presses = []
        start = 0
        while match := _WHOLE.match(data, start):
            start = match.end()
            press = _press(match)
            if press is not None:
                presses.append(press)
        self._waiting = data[start:] if len(data) - start <= _MAX_WAITING else b""
        return _gathered(presses)

    def end(self) -> tuple[Press, ...]:
        """Give up on the rest of what waits: a lone escape was the key."""
        waiting, self._waiting = self._waiting, b""
        return (Press(Key.ESCAPE),) if waiting == b"\x1b" else ()


# --- what is whole --------------------------------------------------------------------------------

# Every byte string begins with one of these, or with what may yet become one.
_WHOLE = re.compile(
    rb"""
      (?P<mouse>  \x1b \[ M .{3} )                          # where it is, in bytes of any kind
    | (?P<linux>  \x1b \[ \[ . )                            # function keys of the Linux console
    | \x1b \[ (?P<numbers> [\x30-\x3f]* ) [\x20-\x2f]* (?P<final> (?![M\[]) [\x40-\x7e]
              | (?<=[\x20-\x3f]) [M\[] )
    | \x1b O [\x30-\x39;]* (?P<shifted> [\x40-\x7e] )
    | (?P<string> \x1b [\]P_^X] [^\x07\x1b]* (?: \x07 | \x1b \\ ) )  # an answer of the terminal
    | (?P<broken> \x1b [\[O] [\x20-\x3f]* (?= [\x00-\x1f\x7f-\xff] )
              | \x1b [\]P_^X] [^\x07\x1b]* (?= \x1b [^\\] ) )
    | (?P<escape> \x1b (?= [^\[O\]P_^X] ) )
    | (?P<char>   [\x00-\x1a\x1c-\x7f]
              | [\xc2-\xdf] [\x80-\xbf]
              | [\xe0-\xef] [\x80-\xbf]{2}
              | [\xf0-\xf4] [\x80-\xbf]{3} )
    | (?P<junk>   [\x80-\xc1\xf5-\xff]
              | [\xc2-\xf4] (?= [^\x80-\xbf] )
              | [\xe0-\xf4] [\x80-\xbf] (?= [^\x80-\xbf] )
              | [\xf0-\xf4] [\x80-\xbf]{2} (?= [^\x80-\xbf] ) )
    """,
    re.VERBOSE | re.DOTALL,
)

_FINALS = {
    b"A": Key.UP,
    b"B": Key.DOWN,
    b"C": Key.RIGHT,
    b"D": Key.LEFT,
    b"F": Key.END,
    b"H": Key.HOME,
}
_SHIFTED = {**_FINALS, b"M": Key.ENTER}  # of the keypad
_NUMBERED = {
    b"1": Key.HOME,
    b"4": Key.END,
    b"5": Key.PAGE_UP,
    b"6": Key.PAGE_DOWN,
    b"7": Key.HOME,
    b"8": Key.END,
}
_CONTROLS = {
    "\x02": Key.PAGE_UP,  # as in less and vim
    "\x06": Key.PAGE_DOWN,
    "\x08": Key.BACKSPACE,
    "\x0a": Key.ENTER,
    "\x0c": Key.REDRAW,
    "\x0d": Key.ENTER,
    "\x0e": Key.DOWN,
    "\x10": Key.UP,
    "\x15": Key.CLEAR,
    "\x7f": Key.BACKSPACE,
}


def _press(match: re.Match[bytes]) -> Press | None:
    """Find the key of one whole sequence or character; None: it is none of ours."""
    key: Key | None = None
    if match["char"] is not None:
        return _typed(match["char"])
    if match["escape"] is not None:
        key = Key.ESCAPE
    elif match["shifted"] is not None:
        key = _SHIFTED.get(match["shifted"])
    elif match["final"] == b"~":
        key = _NUMBERED.get(match["numbers"].partition(b";")[0])
    elif match["final"] is not None and not match["numbers"].startswith((b"<", b"=", b">", b"?")):
        key = _FINALS.get(match["final"])
    return None if key is None else Press(key)


def _typed(char: bytes) -> Press | None:
    try:
        text = char.decode()
    except UnicodeDecodeError:  # a surrogate, or a longer spelling than is allowed
        return None
    if text in _CONTROLS:
        return Press(_CONTROLS[text])
    return Press(Key.TEXT, text) if text.isprintable() else None


def _gathered(presses: list[Press]) -> tuple[Press, ...]:
    """Put what was pasted together; a line end in it is a blank, and other keys in it are gone.

    A key that is held down comes many times at once too, and stays what it is.
    """
    texts = [press.text for press in presses if press.key is Key.TEXT]
    if len(texts) < PASTED_CHARS or len(set(texts)) == 1:
        return tuple(presses)
    return (Press(Key.PASTED, "".join(_BLANK.get(one.key, one.text) for one in presses).strip()),)


_BLANK = {Key.ENTER: " "}
