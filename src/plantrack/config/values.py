"""What a repository decided about being read, and what that comes to."""

from __future__ import annotations

TYPE_CHECKING = False  # typing's own flag costs its import on every start
if TYPE_CHECKING:
    from typing import Any, NamedTuple

    from plantrack.core.dialect import Rules
    from plantrack.core.model import Family, State
else:
    from plantrack.light import NamedTuple

OWN_FILE = "plantrack.toml"
PROJECT_FILE = "pyproject.toml"

_UNCONFIGURED = "00000000"  # the fingerprint of every default, known without an import
_ELSEWHERE: dict[str, Any] = {  # what the reading of a document does not depend on
    "timezone": None,
    "database": None,
    "check_select": (),
    "check_ignore": (),
    "stale_days": None,
    "source": "",
}


class Config(NamedTuple):
    """What a repository decided about being read; every default fits the plan template."""

    include: tuple[str, ...] = ()  # globs; (): every Markdown file
    exclude: tuple[str, ...] = ()  # globs, taken off after include
    plan_headings: tuple[str, ...] | None = None  # folded heading words; None: the usual ones
    marks: tuple[tuple[str, State], ...] = ()  # on top of space, x and X
    status_families: tuple[tuple[str, Family], ...] = ()  # lower-case words, before the usual ones
    timezone: str | None = None  # IANA name; None: the machine's own
    database: str | None = None  # path as written, from the top folder; None: the usual place
    max_document_kib: int = 1024
    max_document_lines: int = 20_000
    max_section_kib: int = 256
    max_line_chars: int = 4096
    check_select: tuple[str, ...] = ()  # codes; (): the default set
    check_ignore: tuple[str, ...] = ()  # codes, taken off last
    stale_days: int | None = None  # from so many on a plan at rest is stale; None: never
    source: str = ""  # name of the file that spoke; "": none did

    def rules(self) -> Rules:
        """Build what the reading of a document depends on."""
        from plantrack.core.dialect import PLAN_HEADINGS, Rules

        return Rules(
            plan_headings=PLAN_HEADINGS if self.plan_headings is None else self.plan_headings,
            marks=self.marks,
            status_families=self.status_families,
            max_section_chars=self.max_section_kib * 1024,
            max_line_chars=self.max_line_chars,
            max_lines=self.max_document_lines,
        )

    def fingerprint(self) -> str:
        """Condense every setting that changes which documents are listed or how they are read.

        Eight hexadecimal digits, the same in every process: what was remembered under another
        fingerprint has to be read again.
        """
        usual = Config()
        if self == usual or (settings := self._replace(**_ELSEWHERE)) == usual:
            return _UNCONFIGURED
        from zlib import crc32  # hashlib would be the dearest import of a quick command

        return f"{crc32(repr(tuple(settings)).encode()):08x}"
