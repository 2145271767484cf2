"""Snapshots and paths to what SQLite can hold, and back."""

# Theory of operation
#
# 1. A freshness check wants every stamp of a worktree at once, so they are kept in one piece, which
#    is read in a twentieth of the time that a row for each would take: a line of counts, the paths
#    parted by NUL (the one character no path can hold), then the numbers column by column.
# 2. The numbers are 64 bits wide, in this machine's order: they mean nothing on another. A time too
#    far away for that is kept as one that no file has, so that the file always counts as changed.
# 3. A check that finds nothing changed, and most do, compares column by column and throws all of it
#    away: it is spared the rows, which take three times as long to make as the columns.
# 4. A path that is no UTF-8 holds surrogates, as the file system functions give them, and SQLite
#    text cannot. It is written with "//" before it, which no path of ours begins with, and such a
#    byte as "%xx", the percent sign too.

from __future__ import annotations

from plantrack.store.rows import Columns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from plantrack.store.rows import Basis, Snapshot, Stamp

PARTING = "\0"
ESCAPED = "//"
FIRST_BYTE, LAST_BYTE = 0xDC80, 0xDCFF  # what stands for a byte that is no UTF-8
MISSING = (0, -1, 0, 0)  # no file has a negative size
NEVER = -1 << 63


def pack(snapshot: Snapshot) -> bytes:
    """Write folders, controls and documents of a snapshot."""
    folders, documents, controls = snapshot.folders, snapshot.documents, snapshot.controls
    paths = PARTING.join(path for path, _ in (*folders, *documents, *controls))
    named = paths.encode("utf-8", "surrogateescape")
    stamps = [stamp or MISSING for _, stamp in (*documents, *controls)]
    mtimes, sizes, inodes, ctimes = zip(*stamps, strict=True) if stamps else ((), (), (), ())
    return b"".join(
        (
            f"{len(folders)} {len(documents)} {len(controls)} {len(named)}\n".encode(),
            named,
            _bytes(mtime_ns for _, mtime_ns in folders),
            _bytes(mtimes),
            _bytes(sizes),
            _bytes(ctimes),
            _bytes(inodes, signed=False),
        )
    )


def unpack(basis: Basis, packed: bytes, generation: int) -> Columns:
    """Read what `pack` wrote; ValueError for what it did not write."""
    start = packed.index(b"\n") + 1
    folders, documents, controls, length = map(int, packed[:start].split())
    named, stamped = folders + documents, documents + controls
    first = start + length  # byte of the numbers
    last = first + 8 * (folders + 3 * stamped)  # first byte of the inodes
    paths = packed[start:first].decode("utf-8", "surrogateescape").split(PARTING)
    is_whole = len(packed) == last + 8 * stamped
    if not is_whole or len(paths) != max(named + controls, 1):  # no path is one part, too
        message = "parts of it are missing"
        raise ValueError(message)
    # A cast copies whole columns into numbers without importing struct or array.
    numbers = memoryview(packed[first:last]).cast("q").tolist()
    inodes = memoryview(packed[last:]).cast("Q").tolist()
    mtimes, sizes, ctimes = (numbers[folders + turn * stamped :][:stamped] for turn in range(3))
    stamps = mtimes, sizes, inodes, ctimes
    of_controls = zip(*(column[documents:] for column in stamps), strict=True)
    return Columns(
        (
            basis,
            (paths[:folders], numbers[:folders]),
            tuple(_controls(paths[named : named + controls], of_controls)),
            (paths[folders:named], *(column[:documents] for column in stamps)),
            generation,
        )
    )


def to_text(path: str) -> str:
    """Write a path so that SQLite can hold it."""
    # Asking for ASCII first takes a fiftieth of looking at each character.
    is_utf8 = path.isascii() or not any(map(_is_byte, path))
    if is_utf8 and not path.startswith(ESCAPED):
        return path
    return ESCAPED + "".join(
        f"%{ord(one) & 0xFF:02x}" if one == "%" or _is_byte(one) else one for one in path
    )


def from_text(text: str) -> str:
    """Read a path as `to_text` wrote it."""
    if not text.startswith(ESCAPED):
        return text
    first, *rest = text[len(ESCAPED) :].split("%")
    codes = (int(one[:2], 16) for one in rest)
    characters = (chr(code if code == ord("%") else FIRST_BYTE - 0x80 + code) for code in codes)
    return first + "".join(
        character + one[2:] for character, one in zip(characters, rest, strict=True)
    )


def _bytes(numbers: Iterable[int], *, signed: bool = True) -> bytes:
    from array import array

    if not signed:
        return array("Q", numbers).tobytes()
    return array("q", (one if -NEVER > one > NEVER else NEVER for one in numbers)).tobytes()


def _controls(paths: list[str], stamps: Iterable[Any]) -> Iterable[tuple[str, Stamp | None]]:
    for path, stamp in zip(paths, stamps, strict=True):
        yield path, None if stamp[1] < 0 else stamp


def _is_byte(character: str) -> bool:
    return FIRST_BYTE <= ord(character) <= LAST_BYTE
