"""One promise to as many inputs as there is time for: the process that libFuzzer runs in."""

# Theory of operation
#
# 1. atheris counts which branches an input takes, of the core and of mistune. An input that takes a
#    new one is kept and goes on to be changed.
# 2. What breaks a promise is written down under the place where it broke, the shortest input of
#    each, and the search goes on. Only what hangs or eats memory ends it; libFuzzer writes that
#    down itself.
# 3. Half of all changes are made to whole lines, as those decide what Markdown is.

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(
    include=["plantrack.core", "mistune.block_parser", "mistune.list_parser", "mistune.core"]
):
    from fuzz.promises import BETWEEN, PROMISES

from strategies import CONTAINERS, DISPUTED, INDENTS, LEAVES

_PARTS = [part.encode() for part in (*LEAVES, *DISPUTED)] + [
    b"## Implementation Plan",
    b"## Next Steps",
    b"## Phase 1: a",
    b"### Phase 2: b",
    b"### Future Work",
    b"**Status:** Implemented",
    b"Status: draft",
    b"- [ ] M1: a",
    b"- [x] M2: b",
    b"- [ ] 1.1 c",
    b"- [ ] **Milestone 3: d**",
    b"- [ ] ~~e~~ moved",
    b"- [ ]* f (deferred)",
    b"- [~] blocked on g",
    b"- [ ] T001 [P] h",
    b"# <instructions>",
    b"# </instructions>",
    b"---",
    b"status: done",
    b"> Superseded by x",
]
_BEFORE = [part.encode() for part in (*CONTAINERS, *INDENTS)]


class Search:
    """The promise under test, and what broke it so far."""

    def __init__(self, name: str, folder: Path) -> None:
        self._promise = PROMISES[name]
        self._name = name
        self._folder = folder

    def __call__(self, data: bytes) -> None:
        """Try one input; what breaks the promise is kept, not raised."""
        try:
            self._promise(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._keep(data, error)

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = list(traceback.extract_tb(error.__traceback__))
        inner = [frame for frame in frames if "/plantrack/" in frame.filename] or frames
        last, asked = inner[-1], frames[-1]
        place = f"{Path(last.filename).stem}-{last.lineno}-{asked.lineno}"
        path = self._folder / f"{self._name}-{type(error).__name__}-{place}.md"
        if path.exists() and path.stat().st_size <= len(data):
            return
        if not path.exists():
            sys.stderr.write(f"BROKEN {path.name}\n")
        path.write_bytes(data)
        path.with_suffix(".txt").write_text("".join(traceback.format_exception(error))[-4000:])


def change(data: bytes, max_size: int, seed: int) -> bytes:  # noqa: C901 - a table of changes
    """Change a line or two, or let libFuzzer change some bytes."""
    chance = Random(seed)  # noqa: S311 - it has to be the same again
    if chance.random() < 0.5:
        return bytes(atheris.Mutate(data, max_size))
    lines = data.split(b"\n")
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(9):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines.insert(to, lines[at])
            case 2:
                lines[at], lines[to] = lines[to], lines[at]
            case 3:
                lines.insert(at, chance.choice(_BEFORE) + chance.choice(_PARTS))
            case 4:
                lines[at] = chance.choice(_BEFORE) + lines[at]
            case 5:
                lines[at] = lines[at].lstrip(chance.choice((b" ", b" >", b" -+*")))
            case 6:
                lines[at] = re.sub(
                    rb"\[[ xX]\]", lambda m: b"[ ]" if m[0] != b"[ ]" else b"[x]", lines[at]
                )
            case 7:
                lines[at] += chance.choice((b" ", b"  ", b"\\", b"*", b"~~", b"`", b"\t", b"\r"))
            case _:
                first, last = min(at, to), max(at, to) + 1
                lines[to:to] = lines[first:last] if last - first < 20 else []
    return b"\n".join(lines)[:max_size]


def cross(data: bytes, other: bytes, max_size: int, seed: int) -> bytes:
    """Go on with another input from some line on."""
    chance = Random(seed)  # noqa: S311 - it has to be the same again
    one, two = data.split(b"\n"), other.split(b"\n")
    between = BETWEEN if chance.random() < 0.2 else b"\n"
    first = b"\n".join(one[: chance.randrange(len(one) + 1)])
    return (first + between + b"\n".join(two[chance.randrange(len(two) + 1) :]))[:max_size]


def main() -> None:
    """Search until libFuzzer says so: `target.py NAME FOLDER-OF-FAILURES [libFuzzer's own]`."""
    name, folder, *own = sys.argv[1:]
    search = Search(name, Path(folder))
    argv = [sys.argv[0], *own]
    atheris.Setup(argv, search, custom_mutator=change, custom_crossover=cross)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
