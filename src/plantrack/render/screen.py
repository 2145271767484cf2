"""Where text goes: how wide it is, what it can show, and lines made to fit it."""

from __future__ import annotations

from plantrack.core.clean import clean, cut, cut_middle, width

TYPE_CHECKING = False  # importing typing would cost more than all that stands here
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# What a style means, as the parameters of a terminal's "select graphic rendition". Colours are the
# eight that every theme sets for its own background.
STYLES = {
    "strong": "1",
    "faint": "2",
    "good": "32",
    "warn": "33",
    "bad": "31",
    "here": "1;36",
    "ref": "36",
    "flash": "1;33",
}

_PLAIN_WORDS = str.maketrans(
    {
        "…": "...",
        "·": "|",
        "–": "-",
        "—": "--",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "→": "->",
        "\u00a0": " ",
    }
)
_SIGNS = "█░→…·─│‖●○±▁▂▃▄▅▆▇▏"


class Screen:
    """What stdout is at the other end."""

    __slots__ = ("colour", "encoding", "signs", "verbose", "width")

    def __init__(
        self,
        *,
        width: int | None = None,
        colour: bool = False,
        encoding: str = "utf-8",
        verbose: bool = False,
    ) -> None:
        """Describe a terminal of `width` cells, or with None a pipe, which is never cut for."""
        self.width = width
        self.colour = colour
        self.encoding = encoding
        self.verbose = verbose
        self.signs = _fits(_SIGNS, encoding)

    def narrowed(self, cells: int) -> Screen:
        """Give a part of this screen that is so many cells wide."""
        return Screen(width=cells, colour=self.colour, encoding=self.encoding, verbose=self.verbose)

    def paint(self, text: str, style: str) -> str:
        """Put a style around a text that is already clean; without colour, the text alone."""
        if not self.colour or not style or not text:
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"

    def say(self, text: str) -> str:
        """Turn any text into one that can be shown here, on one line."""
        text = clean(text)
        return text if text.isascii() or self.encoding == "utf-8" else self._spelled(text)

    def fit(self, text: str, cells: int | None) -> str:
        """Turn any text into one that can be shown here in so many cells; None: however many."""
        if cells is None:
            return self.say(text)
        if self.encoding != "utf-8":
            text = self._spelled(cut(text, cells * 2))
        return cut(text, cells, mark=self.ellipsis)

    def fit_middle(self, text: str, cells: int | None) -> str:
        """Do the same, cutting the middle out."""
        if cells is None:
            return self.say(text)
        return cut_middle(self.say(text), cells, mark=self.ellipsis)

    @property
    def ellipsis(self) -> str:
        """Show that something was cut."""
        return "…" if self.signs else "..."

    @property
    def dot(self) -> str:
        """Stand between two things on a line."""
        return " · " if self.signs else " | "

    @property
    def arrow(self) -> str:
        """Point at the one thing that matters."""
        return "→" if self.signs else ">"

    @property
    def flash(self) -> str:
        """Mark what has just changed."""
        return "●" if self.signs else "*"

    @property
    def changed(self) -> str:
        """Mark what differs from the last commit."""
        return "±" if self.signs else "+"

    def bar(self, done: int, total: int, cells: int) -> tuple[str, str]:
        """Draw progress as what is done and what is left; full and empty mean exactly that."""
        filled = cells * done // total if total else 0
        if done and total and not filled:
            filled = 1
        full, empty = ("█", "░") if self.signs else ("#", ".")
        return full * filled, empty * (cells - filled)

    def _spelled(self, text: str) -> str:
        """Spell out what the encoding has no character for."""
        text = text.translate(_PLAIN_WORDS)
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


def pad(text: str, cells: int) -> str:
    """Fill a clean text up with blanks on the right."""
    return text + " " * (cells - width(text))


def wrap(text: str, cells: int | None) -> Iterator[str]:
    """Break a clean text between words into lines of so many cells; None: one line.

    Every line keeps the indentation of the text.
    """
    if cells is None or width(text) <= cells:
        yield text
        return
    indent = text[: len(text) - len(text.lstrip(" "))][: cells // 2]
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else indent + word
        if width(joined) <= cells:
            line = joined
            continue
        if line:
            yield line
        *pieces, rest = _pieces(word, cells - len(indent))
        yield from (indent + piece for piece in pieces)
        line = indent + rest
    yield line


def _pieces(word: str, cells: int) -> Iterator[str]:
    """Break a word into pieces that fit, of one character at least."""
    if width(word) <= cells:
        yield word
        return
    piece = ""
    used = 0
    for char in word:
        one = width(char)
        if piece and used + one > cells:
            yield piece
            piece = ""
            used = 0
        piece += char
        used += one
    yield piece


def lined_up(columns: Sequence[Sequence[str]], *, right: frozenset[int]) -> list[str]:
    """Line columns of clean cells up, each as wide as its widest cell; give the rows.

    The columns in `right` are aligned at their ends; the last one is left as it is.
    """
    forms: list[str] = []
    texts: list[Sequence[str]] = []
    for place, cells in enumerate(columns[:-1]):
        at_end = place in right
        if "".join(cells).isascii():  # as most are, and then a cell of the screen is a character
            # Filled up while its row is put together: a call for each cell would cost more.
            forms.append(f"%{'' if at_end else '-'}{max(map(len, cells))}s")
            texts.append(cells)
        else:
            forms.append("%s")
            texts.append(_filled(cells, at_end=at_end))
    form = "  ".join([*forms, "%s"])
    return list(map(form.__mod__, zip(*texts, columns[-1], strict=True)))


def _filled(cells: Sequence[str], *, at_end: bool) -> list[str]:
    widths = list(map(width, cells))
    widest = max(widths)
    gaps = [" " * (widest - one) for one in widths]
    first, second = (gaps, cells) if at_end else (cells, gaps)
    return list(map("".join, zip(first, second, strict=True)))


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
