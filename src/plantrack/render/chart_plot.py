"""Layers on a grid of dots to rows of characters."""

# Theory of operation
#
# 1. A cell of braille holds 2 x 4 dots, an ASCII cell one. Each dot belongs to the layer that was
#    laid there last; row 0 is the lowest.
# 2. Layers are told apart by their patterns. Colour only repeats what the pattern says.

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Layer(IntEnum):
    """What is drawn; the higher colours a cell that two of them share."""

    NOTHING = 0
    BAND = 1  # where the forecast runs
    DROPPED = 2
    WORK = 3  # what is open, or what is done
    SCOPE = 4
    RISE = 5  # where the scope changes


_EMPTY = " "
_DASH_CELLS = 4  # of the scope line in braille; the last of them is left out
_BRAILLE = 0x2800
_BITS = (0x40, 0x04, 0x02, 0x01, 0x80, 0x20, 0x10, 0x08)  # left column upwards, then the right one
_MASKS = (0x00, 0x95, 0x82, 0xFF, 0xFF, 0xFF)  # the dots that are set, by layer
_SIGNS = " :.#=|"  # in ASCII, by layer


class Plot:
    """A grid of dots to lay layers on."""

    __slots__ = ("_across", "_dots", "_down", "cells", "rows")

    def __init__(self, cells: int, rows: int, *, braille: bool) -> None:
        """Make an empty plot of so many cells across and rows down."""
        self.cells = cells
        self.rows = rows
        self._across, self._down = (2, 4) if braille else (1, 1)
        self._dots = [bytearray(rows * self._down) for _ in range(cells * self._across)]

    @property
    def width(self) -> int:
        """Count the dots across."""
        return len(self._dots)

    @property
    def height(self) -> int:
        """Count the dots down."""
        return self.rows * self._down

    @property
    def is_fine(self) -> bool:
        """Tell whether a dot is less than a cell."""
        return self._down > 1

    def lay(self, column: int, low: int, high: int, layer: Layer) -> None:
        """Lay a layer on the dots of a column from `low` to below `high`, where there are any."""
        dots = self._dots[column][low:high]
        self._dots[column][low:high] = bytes((layer,)) * len(dots)

    def lines(self) -> Iterator[list[tuple[str, Layer]]]:
        """Give the rows from the top, each as characters and the layers that colour them."""
        known: dict[tuple[bytes, bool], tuple[str, Layer]] = {}
        for low in range(self.height - self._down, -1, -self._down):
            row = []
            for cell in range(self.cells):
                start = cell * self._across
                dots = b"".join(
                    column[low : low + self._down]
                    for column in self._dots[start : start + self._across]
                )
                key = dots, self.is_fine and cell % _DASH_CELLS == _DASH_CELLS - 1
                if key not in known:
                    known[key] = self._pressed(*key)
                row.append(known[key])
            yield row

    def _pressed(self, dots: bytes, gap: bool) -> tuple[str, Layer]:  # noqa: FBT001 -- one of a key
        shown = bytes(0 if gap and dot == Layer.SCOPE else dot for dot in dots)
        layer = Layer(max(shown))
        if not self.is_fine:
            return _SIGNS[layer], layer
        bits = sum(bit for bit, dot in zip(_BITS, shown, strict=True) if bit & _MASKS[dot])
        return (chr(_BRAILLE + bits) if bits else _EMPTY), layer


def sample(layer: Layer, *, braille: bool) -> str:
    """Show how a layer looks, in three cells."""
    plot = Plot(3, 1, braille=braille)
    half = plot.height // 2
    low, high = (half, half + 1) if layer is Layer.SCOPE else (0, plot.height)
    for column in range(plot.width):
        plot.lay(column, low, high, layer)
    return "".join(sign for line in plot.lines() for sign, _ in line)
