"""Include and exclude patterns to which documents are wanted, and which folders may hold them."""

# Theory of operation
#
# 1. Without `include`, every Markdown file is wanted except what is left out by default: foreign
#    code, hidden folders, templates.
# 2. With `include`, only what its patterns cover is wanted. That alone brings nothing back that is
#    left out by default: "docs/**" does not ask for docs/vendor/. A pattern that spells out a
#    left-out folder or name does (".github/**", "vendor/ours/*.md", "docs/design_template.md").
# 3. `exclude` is taken off last.
# 4. Both are read like the lines of a .gitignore at the top folder; in either the last pattern that
#    covers a document, or a folder above it, decides.

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from plantrack.core.dialect import is_left_out, is_left_out_folder
from plantrack.repo import globs

if TYPE_CHECKING:
    from plantrack.repo.globs import Glob

_SUFFIXES = (".md", ".markdown")
_LAST_LETTERS = frozenset("dDnN")
_EMACS_MARK = ".#"
_WILD = frozenset("*?[\\")


class Choice(Protocol):
    """The part of a configuration that chooses documents."""

    @property
    def include(self) -> tuple[str, ...]:
        """Patterns; () includes every Markdown file."""
        ...

    @property
    def exclude(self) -> tuple[str, ...]:
        """Patterns, taken off after include."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which documents a repository wants read."""

    include: tuple[Glob, ...]
    exclude: tuple[Glob, ...]
    recalled: tuple[Glob, ...]  # of include: those that spell out what is left out by default

    def document(self, path: str) -> bool:
        """Tell whether the Markdown file at `path` is wanted."""
        parts = path.split("/")
        if self.include and not globs.covered(self.include, parts):
            return False
        if is_left_out(path) and not globs.covered(self.recalled, parts):
            return False
        return not globs.covered(self.exclude, parts)

    def folder(self, path: str) -> bool:
        """Tell whether wanted documents may stand in or below the folder at `path`.

        Asked from the top downward: a folder below an unwanted one need not be asked.
        """
        parts = path.split("/")
        if not any(map(is_left_out_folder, parts)):
            return True
        return any(glob.may_cover_below(parts) for glob in self.recalled)


def wanted(choice: Choice) -> Wanted:
    """Read the patterns of a configuration."""
    include, exclude = (
        tuple(glob for glob in map(globs.parse, patterns) if glob is not None)
        for patterns in (choice.include, choice.exclude)
    )
    recalled = tuple(glob for glob in include if glob.takes_back or _spells_out(glob.text))
    return Wanted(include, exclude, recalled)


def is_document_name(name: str) -> bool:
    """Tell a Markdown file by the ending of its name or path, in any case.

    The mark that Emacs sets beside a file while it is edited there is none.
    """
    if name[-1:] not in _LAST_LETTERS or not name.lower().endswith(_SUFFIXES):
        return False
    return not name.rpartition("/")[2].startswith(_EMACS_MARK)


def _spells_out(pattern: str) -> bool:
    """Tell whether a segment without wildcards names something that is left out by default."""
    names = [name if _WILD.isdisjoint(name) else "x" for name in pattern.strip("/").split("/")]
    return is_left_out("/".join(names)) or is_left_out("/".join([*names, "x.md"]))
