"""Snapshots and paths to what SQLite can hold, and back."""

from __future__ import annotations

from zlib import crc32

from plantrack.store.rows import Basis, Snapshot

# Theory of operation
#
# 1. A freshness check wants every stamp of a worktree at once, so they are kept as one piece of
#    plain text, which is read in a tenth of the time that a row for each would take.
# 2. Its fields are parted by NUL, the one character no path can hold: three counts, all paths, all
#    numbers; each in the order folders, documents, controls.
# 3. A path that is no UTF-8 (it holds surrogates, as the file system functions give them) cannot be
#    SQLite text: such a byte 0xXX is written "//XX". No path of ours has two slashes in a row.

TYPE_CHECKING = False
if TYPE_CHECKING:
    from plantrack.store.rows import Stamp

PARTING = "\0"
ESCAPE = "//"
FIRST_SURROGATE = 0xDC00
MISSING = (-1, -1, -1, -1)  # no file has a negative size


def pack(snapshot: Snapshot) -> bytes:
    """Write folders, controls and documents of a snapshot."""
    folders, documents, controls = snapshot.folders, snapshot.documents, snapshot.controls
    fields: list[object] = [len(folders), len(documents), len(controls)]
    fields += [path for path, _ in (*folders, *documents, *controls)]
    fields += [mtime_ns for _, mtime_ns in folders]
    for _, stamp in (*documents, *controls):
        fields += stamp or MISSING
    return PARTING.join(map(str, fields)).encode("utf-8", "surrogateescape")


def unpack(basis: Basis, packed: bytes, generation: int) -> Snapshot:
    """Read what `pack` wrote; ValueError for what it did not write."""
    fields = packed.decode("utf-8", "surrogateescape").split(PARTING)
    folders, documents, controls = map(int, fields[:3])
    end_of_folders, end_of_documents = 3 + folders, 3 + folders + documents
    end_of_paths = end_of_documents + controls
    numbers = list(map(int, fields[end_of_paths:]))
    rest = iter(numbers[folders:])
    stamps: list[Stamp] = list(zip(rest, rest, rest, rest, strict=True))
    return Snapshot(
        basis,
        zip(fields[3:end_of_folders], numbers[:folders], strict=True),
        (
            (path, None if stamp == MISSING else stamp)
            for path, stamp in zip(
                fields[end_of_documents:end_of_paths], stamps[documents:], strict=True
            )
        ),
        zip(fields[end_of_folders:end_of_documents], stamps[:documents], strict=True),
        generation,
    )


def seal_of(basis: Basis, packed: bytes) -> int:
    """Give the check sum that is stored with a snapshot."""
    return crc32(packed, crc32(repr(tuple(basis)).encode()))


def to_text(path: str) -> str:
    """Write a path so that SQLite can hold it."""
    if path.isascii() or not any(FIRST_SURROGATE <= ord(one) <= 0xDFFF for one in path):
        return path
    return "".join(
        f"{ESCAPE}{ord(one) - FIRST_SURROGATE:02x}" if FIRST_SURROGATE <= ord(one) <= 0xDFFF else one
        for one in path
    )


def from_text(text: str) -> str:
    """Read a path as `to_text` wrote it."""
    first, *rest = text.split(ESCAPE)
    return first + "".join(chr(FIRST_SURROGATE + int(one[:2], 16)) + one[2:] for one in rest)
