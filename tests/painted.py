"""Painted lines to a picture of the terminal that shows them, as SVG."""

# Theory of operation
#
# 1. Every character has its cell, whatever font a reader has: a run of text begins where its first
#    cell does and is made to fit its cells. Blanks draw nothing.
# 2. Blocks, dots and rules are drawn, not written: fonts disagree about them, and leave gaps.
# 3. Nothing is loaded from elsewhere. The same lines give the same file.

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from plantrack.core.clean import width

CELL, LINE = 8.4, 18.0  # of one character, in pixels
PAD, BAR = 12.0, 30.0  # around the lines; above them, with the title
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

_GROUND, _TEXT, _FAINT = "#14171c", "#d7dce3", "#7b8696"
_COLOURS = {
    "31": "#ff7b72",
    "32": "#7ec96f",
    "33": "#e3b341",
    "34": "#79b8ff",
    "35": "#d2a8ff",
    "36": "#56c7d6",
}
_LIGHTS = ("#ff5f57", "#febc2e", "#28c840")
_STYLED = re.compile(r"\x1b\[([\d;]*)m|([^\x1b]+)")
_DRAWN = re.compile(r"(█+(?![▁-▇])|[▁-█]+|░+|[─│┬┴├┤┼└┘┌┐]+|[\u2801-\u28ff]+)")
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))  # of braille, by bit
_ARMS = {  # left, right, up, down
    "─": "lr",
    "│": "ud",
    "┬": "lrd",
    "┴": "lru",
    "├": "rud",
    "┤": "lud",
    "┼": "lrud",
    "└": "ru",
    "┘": "lu",
    "┌": "rd",
    "┐": "ld",
}


def svg(lines: Sequence[str], *, columns: int, title: str) -> str:
    """Draw painted lines in a window that is so many cells wide."""
    wide, high = columns * CELL + 2 * PAD, len(lines) * LINE + BAR + PAD
    lights = [
        f'<circle cx="{18 + 18 * place}" cy="15" r="5.5" fill="{light}"/>'
        for place, light in enumerate(_LIGHTS)
    ]
    head = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {high:g}" width="{wide:g}"
  height="{high:g}" role="img" aria-label="{escape(title)}">
<rect width="{wide:g}" height="{high:g}" rx="8" fill="{_GROUND}"/>
{"".join(lights)}
<text x="{wide / 2:g}" y="20" fill="{_FAINT}" font-family="sans-serif" font-size="13"
  text-anchor="middle">{escape(title)}</text>
<g transform="translate({PAD:g} {BAR:g})" font-family="{FONT}" font-size="14"
  fill="{_TEXT}" xml:space="preserve">"""
    parts = [head]
    for row, line in enumerate(lines):
        parts.extend(_line(line, row * LINE))
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _line(line: str, top: float) -> Iterator[str]:
    cell = 0
    style = ""
    for match in _STYLED.finditer(line):
        if match[1] is not None:
            style = _attributes(match[1])
            continue
        for piece in _DRAWN.split(match[2]):
            if _DRAWN.match(piece):
                yield f'<path d="{_shapes(piece, cell, top)}"{_inked(piece[0], style)}/>'
            else:
                yield from _written(piece, cell, top, style)
            cell += width(piece)


def _written(piece: str, cell: int, top: float, style: str) -> Iterator[str]:
    """Write the words of a text, each group with single blanks in it at its own place."""
    for match in re.finditer(r"\S+(?: \S+)*", piece):
        before, cells = width(piece[: match.start()]), width(match[0])
        yield (
            f'<text x="{(cell + before) * CELL:g}" y="{top + 13.5:g}" '
            f'textLength="{cells * CELL:g}" lengthAdjust="spacingAndGlyphs"{style}>'
            f"{escape(match[0], quote=False)}</text>"
        )


def _attributes(codes: str) -> str:
    found = codes.split(";")
    colour = next((_COLOURS[code] for code in found if code in _COLOURS), _TEXT)
    if "2" in found:
        colour = _FAINT
    bold = ' font-weight="bold"' if "1" in found else ""
    return f' fill="{colour}"{bold}'


def _inked(char: str, style: str) -> str:
    found = re.search(r'fill="([^"]*)"', style)
    colour = found[1] if found else _TEXT
    if char in _ARMS:
        return f' stroke="{colour}" fill="none"'
    return f' fill="{colour}"' + (' fill-opacity="0.3"' if char == "░" else "")


def _shapes(piece: str, cell: int, top: float) -> str:
    """Give the path of characters that are drawn, all of one kind."""
    if set(piece) <= set("█░"):  # a bar: lines are kept apart
        left, wide, high = cell * CELL, len(piece) * CELL, LINE - 4
        return f"M{left:g} {top + 2:g}h{wide:g}v{high:g}h-{wide:g}z"
    return "".join(_shape(char, (cell + n) * CELL, top) for n, char in enumerate(piece))


def _shape(char: str, left: float, top: float) -> str:
    """Give the path of a character that is drawn."""
    if char in _ARMS:
        x, y = left + CELL / 2, top + LINE / 2
        ends = {"l": (left, y), "r": (left + CELL, y), "u": (x, top), "d": (x, top + LINE)}
        return "".join(f"M{x:g} {y:g}L{a:g} {b:g}" for a, b in (ends[arm] for arm in _ARMS[char]))
    if char >= "\u2800":
        bits = ord(char) - 0x2800
        dots = [place for bit, place in enumerate(_DOTS) if bits >> bit & 1]
        return "".join(
            f"M{left + CELL * (x + 0.25) / 2:g} {top + LINE * (y + 0.3) / 4:g}h2v2h-2z"
            for x, y in dots
        )
    high = LINE * (ord(char) - 0x2580) / 8
    return f"M{left:g} {top + LINE - high:g}h{CELL:g}v{high:g}h-{CELL:g}z"
