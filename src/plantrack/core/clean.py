"""Text from documents to text that is safe to show, with the width a terminal gives it."""

# Theory of operation
#
# 1. A reader must see what stands in a document and nothing else. What a terminal would obey, hide
#    or reorder (control, bidi, zero-width, tag characters, lone surrogates) is shown escaped, the
#    way Python writes it: \x1b, \u202e, \U000e0041. A backslash of the document's own stays as it
#    is: the escape informs, nobody decodes it.
# 2. Marks that combine need something to combine with, or they would settle on our own text: one
#    without a base is shown escaped. More than a few on one base are noise and are left off.
# 3. The signs that choose between text and emoji form are dropped where they may stand: terminals
#    disagree on the width they give, and the word is the same without them.
# 4. Nearly all text is plain ASCII and is returned as it came, before anything is imported.
# 5. Widths are those of current terminals: wide and emoji characters two cells, marks none.

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKS = 8  # combining marks a base; the densest living scripts need fewer

_TEXT_OR_EMOJI = "\ufe0e\ufe0f"
_INVISIBLE = (  # letters, marks and unassigned characters that draw nothing at all
    range(0x034F, 0x0350),
    range(0x115F, 0x1161),
    range(0x17B4, 0x17B6),
    range(0x180B, 0x1810),
    range(0x2065, 0x2066),
    range(0x3164, 0x3165),
    range(0xFE00, 0xFE10),
    range(0xFFA0, 0xFFA1),
    range(0xFFF0, 0xFFF9),
    range(0x1D173, 0x1D17B),
    range(0xE0000, 0xE1000),
)
_NO_CHARACTERS = (  # code points that never will be any
    range(0xFDD0, 0xFDF0),
    *(range(plane + 0xFFFE, plane + 0x10000) for plane in range(0, 0x110000, 0x10000)),
)
_INNER_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))  # drawn into the consonant before
_EMOJI = range(0x1F000, 0x1FB00)
_SKIN_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_ESCAPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_MARK_CATEGORIES = frozenset({"Mn", "Me", "Mc"})


def clean(text: str) -> str:
    """Make a text safe to show on one line, in composed form; cleaning twice changes nothing."""
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import normalize

    if text.isprintable() and all(map(_PLAIN.__getitem__, set(text))):
        return normalize("NFC", text)
    # Marks are thinned out first: composing a long run of them takes time quadratic in its length.
    return _thinned(normalize("NFC", _escaped(text)))


def cut(text: str, cells: int, *, mark: str = "…") -> str:
    """Clean a text and cut its end to a width in terminal cells; `mark` shows that it was cut."""
    shown, whole = _start(text, cells)
    if whole and width(shown) <= cells:
        return shown
    return _prefix(shown, cells - width(mark)) + mark if cells >= width(mark) else ""


def cut_middle(text: str, cells: int, *, mark: str = "…") -> str:
    """Clean a text and cut its middle out, keeping a little more of the end than of the start."""
    shown = clean(text)
    if width(shown) <= cells:
        return shown
    room = cells - width(mark)
    if room < 2:  # noqa: PLR2004 -- a character on either side, or it is no middle
        return cut(shown, cells, mark=mark)
    head = _prefix(shown, room // 2)
    tail = shown[::-1]
    return head + mark + _suffix(tail, room - width(head))


def width(text: str) -> int:
    """Count the terminal cells of a clean text."""
    if text.isascii() or all(map(_IS_ONE.__getitem__, set(text))):
        return len(text)
    return sum(_widths(text))


# --- what may be shown ----------------------------------------------------------------------------


def _escaped(text: str) -> str:
    shown: list[str] = []
    based = False  # something a mark can stand on came before
    marks = 0
    for char in text:
        if char.isascii():
            based = char.isprintable()
            shown.append(char if based else _escape(char))
            marks = 0
        elif char in _TEXT_OR_EMOJI and based and marks == 0:
            marks = 1
        elif _is_hidden(char):
            shown.append(_escape(char))
            based = False
        elif not _is_mark(char):
            shown.append(char)
            based = True
            marks = 0
        elif not based:
            shown.append(_escape(char))
        elif marks < MAX_MARKS:
            shown.append(char)
            marks += 1
    return "".join(shown)


def _thinned(text: str) -> str:
    """Leave off what composing has spun out of single marks."""
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if not char.isascii() and _is_mark(char) else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


class _Plain(dict[str, bool]):
    """Which printable characters need no look at their neighbours; filled as they are met."""

    def __missing__(self, char: str) -> bool:
        plain = char.isascii() or not (_is_mark(char) or _is_within(char, _INVISIBLE))
        self[char] = plain
        return plain


_PLAIN = _Plain()


def _is_hidden(char: str) -> bool:
    from unicodedata import category

    if _is_within(char, _INVISIBLE) or _is_within(char, _NO_CHARACTERS):
        return True
    kind = category(char)
    # What is unassigned may do anything, but a new emoji is an emoji.
    return kind in _ESCAPED_CATEGORIES or (kind == "Cn" and ord(char) not in _EMOJI)


def _is_mark(char: str) -> bool:
    from unicodedata import category

    return category(char) in _MARK_CATEGORIES or _is_within(char, _INNER_JAMO)


def _is_within(char: str, spans: tuple[range, ...]) -> bool:
    point = ord(char)
    return any(point in span for span in spans)


def _escape(char: str) -> str:
    if char.isascii():
        return f"\\x{ord(char):02x}"
    return char.encode("ascii", "backslashreplace").decode()


# --- widths ---------------------------------------------------------------------------------------


class _Cells(dict[str, int]):
    """How many cells a character fills by itself; filled as they are met."""

    def __missing__(self, char: str) -> int:
        from unicodedata import east_asian_width

        if char.isascii():
            cells = 1
        elif _is_mark(char):
            cells = 0
        else:
            newer = ord(char) in _EMOJI and not char.isprintable()
            cells = 2 if newer or east_asian_width(char) in "WF" else 1
        self[char] = cells
        return cells


class _IsOne(dict[str, bool]):
    """Which characters fill one cell, whatever stands before them; filled as they are met."""

    def __missing__(self, char: str) -> bool:
        is_one = _CELLS[char] == 1
        self[char] = is_one
        return is_one


_CELLS = _Cells({"…": 1})  # ours, known without a look
_IS_ONE = _IsOne()


def _widths(text: str) -> Iterator[int]:
    """Give each character its cells, in order."""
    before = 0
    for char in text:
        cells = _CELLS[char]
        if before and char in _SKIN_TONES:
            cells = 0  # it colours the emoji before it
        elif cells:
            before = cells - 1
        yield cells


def _start(text: str, cells: int) -> tuple[str, bool]:
    """Clean as much of a text as can fill the cells; tell whether that is all of it."""
    usual = 64 + max(cells, 0) * 2
    shown = clean(text[:usual])
    if len(text) <= usual or width(shown) > cells:
        return shown, len(text) <= usual
    most = 64 + max(cells, 0) * (2 + MAX_MARKS)
    return clean(text[:most]), len(text) <= most


def _prefix(text: str, cells: int) -> str:
    if text.isascii():
        return text[: max(cells, 0)]
    used = 0
    for place, one in enumerate(_widths(text)):
        used += one
        if used > cells:
            return text[:place]
    return text


def _suffix(reversed_text: str, cells: int) -> str:
    """Take the end of a text that is wider, given in reverse; it never starts with a mark."""
    place = 0
    used = _CELLS[reversed_text[0]]
    while used <= cells:
        place += 1
        used += _CELLS[reversed_text[place]]
    while place and _CELLS[reversed_text[place - 1]] == 0:
        place -= 1
    return reversed_text[:place][::-1]
