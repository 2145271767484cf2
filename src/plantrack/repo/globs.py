"""Patterns as in .gitignore to a decision about a path."""

# Theory of operation
#
# 1. A pattern is a list of segments, split at "/"; `**` as a whole segment stands for any number of
#    folders. A pattern without a slash before its last character fits at any depth, any other one
#    is anchored at its base folder. A trailing slash fits folders only.
# 2. The last pattern that fits decides; "!" in front makes it take back what earlier ones said.
# 3. Patterns come from repositories that may be hostile, and are put to every path. Each segment is
#    matched without backtracking over its stars, and `**` by walking all its ways at once, so that
#    no pattern costs more than its length times the path's.
# 4. Some oddities of git are left out: it compares bytes, lets brackets hold a slash and lets a
#    backslash escape one, and reads `a**/b` as `a` followed by a real `**`. Here characters are
#    compared, and case counts.

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ANY_DEPTH = None  # the segment `**`
_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"!-~",
    "lower": "a-z",
    "print": r" -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NEVER = "(?!)"
_MANY_STARS = re.compile(r"\*{2,}")


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, ready to be put to paths."""

    text: str  # as written, without "!"
    takes_back: bool
    folders_only: bool
    segments: tuple[re.Pattern[str] | None, ...]  # None: `**`

    def fits(self, parts: Sequence[str], *, folder: bool) -> bool:
        """Tell whether the pattern fits exactly the path of these parts."""
        if self.folders_only and not folder:
            return False
        return len(self.segments) in self._ways(parts)[-1]

    def covers(self, parts: Sequence[str]) -> bool:
        """Tell whether the pattern fits the file of these parts, or a folder above it."""
        *above, last = (len(self.segments) in ways for ways in self._ways(parts)[1:])
        return any(above) or (last and not self.folders_only)

    def may_cover_below(self, parts: Sequence[str]) -> bool:
        """Tell whether the pattern can cover a file below the folder of these parts."""
        ways = self._ways(parts)
        return bool(ways[-1]) or any(len(self.segments) in way for way in ways[1:])

    def _ways(self, parts: Sequence[str]) -> list[set[int]]:
        """List, after each part and before the first, the segments that may come next."""
        ways = [self._skipping({0})]
        for part in parts:
            reached: set[int] = set()
            for at in ways[-1]:
                if at == len(self.segments):
                    continue
                segment = self.segments[at]
                if segment is _ANY_DEPTH:
                    reached.update((at, at + 1) if at + 1 == len(self.segments) else (at,))
                elif segment.fullmatch(part):
                    reached.add(at + 1)
            ways.append(self._skipping(reached))
        return ways

    def _skipping(self, reached: set[int]) -> set[int]:
        """Add the segments behind a `**` that stands for no folder; a last one stands for some."""
        for at in sorted(reached):
            end = at
            while end < len(self.segments) - 1 and self.segments[end] is _ANY_DEPTH:
                end += 1
                reached.add(end)
        return reached


def read_lines(data: bytes) -> tuple[Glob, ...]:
    """Read the patterns of a .gitignore file, comments and empty lines left out."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    globs = (parse(line.removesuffix("\r")) for line in text.split("\n") if line[:1] != "#")
    return tuple(glob for glob in globs if glob is not None)


def parse(line: str) -> Glob | None:
    """Read one pattern; None: an empty one, which fits nothing."""
    text = _without_trailing_spaces(line)
    takes_back = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    body = text.removesuffix("/")
    if not body:
        return None
    anchored = "/" in body
    names = body.removeprefix("/").split("/")
    segments = [
        _ANY_DEPTH if anchored and _MANY_STARS.fullmatch(name) else _segment(name) for name in names
    ]
    if not anchored:
        segments.insert(0, _ANY_DEPTH)
    return Glob(text, takes_back, folders_only, tuple(segments))


def decision(globs: Iterable[Glob], parts: Sequence[str], *, folder: bool) -> bool | None:
    """Return what the last fitting pattern says of exactly this path; None: none fits."""
    said = None
    for glob in globs:
        if said is not (not glob.takes_back) and glob.fits(parts, folder=folder):
            said = not glob.takes_back
    return said


def covered(globs: Iterable[Glob], parts: Sequence[str]) -> bool:
    """Tell whether the last pattern that fits this file, or a folder above it, takes it."""
    said = False
    for glob in globs:
        if said is glob.takes_back and glob.covers(parts):
            said = not said
    return said


def _without_trailing_spaces(line: str) -> str:
    kept = line.rstrip(" ")
    escaped = (len(kept) - len(kept.rstrip("\\"))) % 2 == 1
    return kept + " " if escaped and kept != line else kept


def _segment(name: str) -> re.Pattern[str]:
    """Compile what stands between two slashes."""
    fixed = [""]  # between stars
    at = 0
    while at < len(name):
        sign = name[at]
        at += 1
        if sign == "*":
            fixed.append("")
        elif sign == "?":
            fixed[-1] += "."
        elif sign == "[":
            charset, at = _charset(name, at)
            fixed[-1] += charset
        elif sign == "\\":
            fixed[-1] += re.escape(name[at]) if at < len(name) else _NEVER
            at += 1
        else:
            fixed[-1] += re.escape(sign)
    first, *rest = fixed
    if not rest:
        return re.compile(first, re.DOTALL)
    # What follows a star is best taken where it first occurs: going back never helps.
    middle = "".join(f"(?>.*?{part})" for part in rest[:-1] if part)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _charset(name: str, at: int) -> tuple[str, int]:
    """Compile a bracket expression that opens before `at`; return where it ends, too."""
    negated = name[at : at + 1] in ("!", "^") and at < len(name)
    at += negated
    start, inside = at, ""
    while True:
        if at >= len(name):
            return _NEVER, at  # never closed
        if name[at] == "]" and at > start:
            break
        end = name.find("]", at)
        if name.startswith("[:", at) and name[end - 1 : end] == ":" and end > at + 2:
            known = _CLASSES.get(name[at + 2 : end - 1])
            if known is None:
                return _NEVER, len(name)
            inside, at = inside + known, end + 1
            continue
        low, at = _charset_sign(name, at)
        high = low
        if name[at : at + 1] == "-" and name[at + 1 : at + 2] not in ("", "]"):
            high, at = _charset_sign(name, at + 1)
        # git compares with the low end before it sees that there is a range, empty or not
        inside += f"{re.escape(low)}-{re.escape(max(low, high))}"
    return f"[{'^' * negated}{inside}]", at + 1


def _charset_sign(name: str, at: int) -> tuple[str, int]:
    if name[at] == "\\" and at + 1 < len(name):
        at += 1
    return name[at], at + 1
